//! Runs a target under libFuzzer: `TARGET` names it, `CORPUS` the folder that its seeds go to.

#![no_main]

mod corpus;
mod targets;
mod workbook;

use std::fmt::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use targets::{TARGETS, Target};

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("TARGET").unwrap_or_default();
    TARGETS.iter().find(|target| target.name == name).unwrap_or_else(|| {
        let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
        panic!("TARGET is one of {}", names.join(", "))
    })
});

libfuzzer_sys::fuzz_target!(init: prepare(), |bytes: &[u8]| {
    for error in (CHOSEN.read)(bytes) {
        assert!(!error.to_string().is_empty());
    }
});

/// Writes seeds and dictionary. Only a panic that leaves the target is a crash: those of a reader of
/// workbooks are caught and told.
fn prepare() {
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
    let folder = PathBuf::from(std::env::var_os("CORPUS").expect("CORPUS names a folder"));
    let write = |name: String, content: &[u8]| {
        std::fs::write(folder.join(name), content).expect("CORPUS can be written");
    };
    for (number, seed) in corpus::seeds(CHOSEN.name).iter().enumerate() {
        write(format!("seed-{number}"), seed);
    }
    let mut words = String::new();
    for word in corpus::WORDS {
        let escaped: String = word.bytes().map(|byte| format!("\\x{byte:02x}")).collect();
        writeln!(words, "\"{escaped}\"").expect("text can be written");
    }
    std::fs::write(folder.with_extension("dict"), words).expect("the dictionary can be written");
}

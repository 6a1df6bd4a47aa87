//! The order of modules that `DESIGN.md` states, held against the code.

use std::path::{Path, PathBuf};

use zhibiao_tests::project;

/// Modules in the order of section 7 of `DESIGN.md`.
fn order() -> Vec<String> {
    let design = std::fs::read_to_string(project("DESIGN.md")).unwrap();
    let line = design.lines().find(|line| line.starts_with("`error → label →"));
    let line = line.expect("DESIGN.md states the order of modules");
    let plain = line.split(['`', '→', ',']).map(str::trim).filter(|part| !part.is_empty());
    // Remarks in brackets are not names.
    let names = plain.map(|part| part.split([' ', '(']).next().unwrap_or_default().to_owned());
    names.filter(|name| name.chars().all(|c| c.is_ascii_lowercase())).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            files.push(entry);
        }
    }
    files
}

#[test]
fn modules_use_only_what_stands_before_them() {
    let order = order();
    let position = |module: &str| order.iter().position(|other| other == module);
    let source = project("crates/zhibiao/src");
    let mut held = 0;
    for path in rust_files(&source) {
        let within = path.strip_prefix(&source).unwrap();
        let module = within.components().next().unwrap().as_os_str().to_string_lossy();
        let module = module.trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = position(module).unwrap_or_else(|| panic!("DESIGN.md does not name `{module}`"));
        let text = std::fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            // Examples in documentation are written from outside.
            if line.trim_start().starts_with("//") {
                continue;
            }
            for rest in line.split("crate::").skip(1) {
                let used: String =
                    rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                let Some(used_at) = position(&used) else { continue };
                held += 1;
                let place = format!("{}:{}", within.display(), number + 1);
                assert!(used_at <= own, "{place}: `{module}` uses `{used}`, which stands after it");
            }
        }
    }
    assert!(held > 100, "only {held} uses were found");
}

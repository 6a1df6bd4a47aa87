//! Files, folders and patterns are read as one table; packed CSV as what it holds.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use zhibiao::{Catalog, Error, Query, Table};
use zhibiao_tests::texts;

const FIRST: &str = "area,projects,projects_done\n140728,60,52\n140729,40,38\n";
const SECOND: &str = "area,projects,projects_done\n140727,30,x\n";

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("inputs").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 3).unwrap()
}

fn names(folder: &Path, files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|file| file.strip_prefix(folder).unwrap().display().to_string()).collect()
}

fn refused(path: &Path) -> Error {
    let error = Table::read([path]).expect_err("it is refused");
    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    error
}

/// More rows than a decoder holds at once.
fn long() -> String {
    let rows = (0..100_000).map(|row: u32| format!("140728,{},{row}\n", row.wrapping_mul(7919)));
    format!("area,projects,projects_done\n{}", rows.collect::<String>())
}

#[test]
fn packed_csv_is_what_it_holds() {
    let here = folder("packed");
    let plain = Table::read([put(&here, "plain.csv", long())]).unwrap();
    for (name, bytes) in [("a.csv.gz", gzip(&long())), ("b.csv.zst", zstd(&long()))] {
        for name in [name.to_owned(), name.to_uppercase()] {
            let read = Table::read([put(&here, &name, &bytes)]).unwrap();
            assert!(read.frame().equals_missing(plain.frame()), "{name}");
        }
    }
}

/// `cat a.csv.gz b.csv.gz` is a file, too.
#[test]
fn members_and_frames_follow_each_other() {
    let here = folder("members");
    let (begin, end) = FIRST.split_at(35);
    for (name, bytes) in [
        ("two.csv.gz", [gzip(begin), gzip(end)].concat()),
        ("two.csv.zst", [zstd(begin), zstd(end)].concat()),
    ] {
        let read = Table::read([put(&here, name, bytes)]).unwrap();
        assert_eq!(texts(read.frame(), "projects"), ["60", "40"], "{name}");
    }
}

#[test]
fn a_packed_file_that_is_damaged_is_refused_by_name() {
    let here = folder("damaged");
    for (name, bytes) in [("a.csv.gz", gzip(&long())), ("b.csv.zst", zstd(&long()))] {
        for left in [1, 5, bytes.len() / 2, bytes.len() - 1] {
            let error = refused(&put(&here, name, &bytes[..left]));
            assert_eq!(error.code(), "damaged-file", "{left} bytes of {name}");
        }
        let mut changed = bytes.clone();
        changed[bytes.len() / 2] ^= 0x55;
        // A byte that changed may change a cell only: then gzip sees it by its checksum. What zstd
        // wrote here has none.
        if name.ends_with("gz") {
            assert_eq!(refused(&put(&here, name, changed)).code(), "damaged-file");
        }
        assert_eq!(refused(&put(&here, name, "area,projects\n")).code(), "damaged-file");
    }
    assert_eq!(refused(&put(&here, "none.csv.gz", gzip(" \n"))).code(), "empty-table");
    assert_eq!(refused(&put(&here, "table.gz", gzip(FIRST))).code(), "unknown-format");
    assert_eq!(refused(&here.join("nowhere.csv.gz")).code(), "unreadable-file");
}

#[test]
fn flaws_of_a_packed_file_have_its_name_and_row() {
    let here = folder("flaws");
    let files = [put(&here, "1.csv.zst", zstd(FIRST)), put(&here, "2.csv.gz", gzip(SECOND))];
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]);
    let (answer, log) = query.run_logged(Table::read([&here]).unwrap()).unwrap();
    let told = answer.findings()[0].to_string();
    let place = format!("{}, row 2, column projects_done", files[1].display());
    assert!(told.starts_with(&place), "{told}");
    let logged: Vec<_> = log.input.iter().map(|input| input.file.clone().unwrap()).collect();
    assert_eq!(logged, files.each_ref().map(|file| file.display().to_string()));
    assert_eq!(log.input.iter().map(|input| input.rows).collect::<Vec<_>>(), [2, 1]);
}

/// A file that stands twice repeats its keys, which is told.
#[test]
fn a_file_named_twice_is_read_twice() {
    let here = folder("twice");
    let file = put(&here, "a.csv", FIRST);
    assert_eq!(Table::paths([&file, &here]).unwrap(), [file.clone(), file.clone()]);
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]);
    let answer = query.run(Table::read([&file, &here]).unwrap()).unwrap();
    assert!(answer.findings().iter().all(|finding| finding.code() == "duplicate-key"));
    assert_eq!(answer.findings().len(), 2);
}

#[test]
fn a_folder_is_its_tables_by_name() {
    let here = folder("表 格");
    for name in [
        "b.csv.gz",
        "c.PARQUET",
        "a.csv",
        "县.csv.zst",
        ".hidden.csv",
        "readme.txt",
        "b.gz",
        "~$d.xlsx",
        "d.xlsx",
    ] {
        put(&here, name, "");
    }
    fs::create_dir(here.join("folder.csv")).unwrap();
    put(&here.join("folder.csv"), "inner.csv", "");
    let files = Table::paths([&here]).unwrap();
    assert_eq!(names(&here, &files), ["a.csv", "b.csv.gz", "c.PARQUET", "d.xlsx", "县.csv.zst"]);
    assert_eq!(Table::paths(&files).unwrap(), files);
    assert_eq!(refused(&folder("empty")).code(), "empty-folder");
    let foreign = folder("foreign");
    put(&foreign, "~$table.xlsx", "");
    put(&foreign, "table.docx", "");
    assert_eq!(refused(&foreign).code(), "empty-folder");
}

#[test]
fn a_pattern_is_what_it_matches_by_name() {
    let here = folder("模式 一");
    for name in ["晋中 2022.csv", "晋中 2021.csv", "吕梁 2022.csv.gz", ".晋中 2020.csv", "说明.txt"]
    {
        put(&here, name, "");
    }
    let of = |pattern: &str| {
        let files = Table::paths([here.join(pattern)])?;
        Ok::<_, Error>(names(&here, &files))
    };
    assert_eq!(of("*.csv").unwrap(), ["晋中 2021.csv", "晋中 2022.csv"]);
    assert_eq!(of("?? 2022.csv*").unwrap(), ["吕梁 2022.csv.gz", "晋中 2022.csv"]);
    assert_eq!(of("晋中 202[13].csv").unwrap(), ["晋中 2021.csv"]);
    // As a shell gives it: a file that is no table is refused where it is read.
    assert_eq!(refused(&Table::paths([here.join("*.txt")]).unwrap()[0]).code(), "unknown-format");
    assert_eq!(refused(&here.join("*.parquet")).code(), "no-match");
    // What matches may be a folder.
    assert_eq!(Table::paths([here.with_file_name("模式*")]).unwrap().len(), 3);
}

#[test]
fn a_file_whose_name_looks_like_a_pattern_is_a_file() {
    let here = folder("brackets");
    for name in ["a[1].csv", "a1.csv", "b[.csv"] {
        put(&here, name, FIRST);
    }
    for name in ["a[1].csv", "b[.csv"] {
        assert_eq!(Table::paths([here.join(name)]).unwrap(), [here.join(name)]);
    }
    // Not a pattern, and not there.
    assert_eq!(refused(&here.join("c[.csv")).code(), "unreadable-file");
}

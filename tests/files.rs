//! Files that are read batch by batch: the answer is that of the whole table.

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::{DataFrame, ParquetWriter};
use proptest::prelude::*;
use zhibiao::{Catalog, Query, Result, Table, Tuning};

/// Texts that a cell of counts may hold, sound ones more often.
const COUNTS: [&str; 14] =
    ["5", "17", "0", "230", "12", "8", "", "+5", "007", " 52 ", "-3", "740余", "2.5", "\"19\""];
const AREAS: [&str; 7] = ["140728", "140729", "140702", "140728", "14072", "", "999999"];
const YEARS: [&str; 4] = ["2021", "2022", "2022年", "?"];

type Line = (usize, usize, usize, usize, usize);

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("zhibiao-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    folder
}

fn text(lines: &[Line], line_end: &str, tail: &str) -> String {
    let mut text = format!("\u{feff}区划代码,年份,学校,备注,启建项目数,已完成项目数{line_end}");
    for (area, year, school, projects, done) in lines {
        let remark = if school % 5 == 0 { "\"一，\n二\"" } else { "" };
        text.push_str(&format!(
            "{},{},s{school},{remark},{},{}{line_end}",
            AREAS[*area], YEARS[*year], COUNTS[*projects], COUNTS[*done]
        ));
    }
    text + tail
}

/// Everything that an answer tells.
fn told(answer: Result<zhibiao::IndicatorTable>) -> String {
    match answer {
        Ok(table) => format!("{}\n{:?}", table.frame().expect("a frame"), table.findings()),
        Err(error) => format!("{error} {:?}", error.others()),
    }
}

fn cut(bytes: usize, rows: usize) -> Tuning {
    Tuning { stream_bytes: 0, batch_bytes: bytes, batch_rows: rows, ..Tuning::default() }
}

fn same(paths: &[PathBuf], tuning: Tuning, records: bool) {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).records(records);
    let whole = Table::read(paths).and_then(|table| query.run(table));
    let cut = query.tuning(tuning).run_files(paths);
    assert_eq!(told(cut), told(whole));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn csv_in_batches_is_the_whole(
        first in proptest::collection::vec((0..7_usize, 0..4_usize, 0..20_usize, 0..14_usize, 0..14_usize), 1..40),
        second in proptest::collection::vec((0..3_usize, 0..2_usize, 0..20_usize, 0..6_usize, 0..6_usize), 1..40),
        bytes in 1..400_usize,
        crlf in any::<bool>(),
        tail in prop_oneof![Just(""), Just("\n \n\n"), Just("  "), Just(",,,,,\n,,,,,\n")],
        records in any::<bool>(),
        packed in any::<bool>(),
    ) {
        let folder = folder("csv");
        let paths = [folder.join("a.csv"), folder.join(if packed { "b.csv.zst" } else { "b.csv" })];
        let line_end = if crlf { "\r\n" } else { "\n" };
        std::fs::write(&paths[0], text(&first, line_end, tail)).expect("written");
        let second = text(&second, "\n", "").into_bytes();
        let second = if packed { zstd::encode_all(&*second, 1).expect("packed") } else { second };
        std::fs::write(&paths[1], second).expect("written");
        same(&paths, cut(bytes, 1), records);
    }

    #[test]
    fn parquet_in_batches_is_the_whole(
        lines in proptest::collection::vec((0..7_usize, 0..4_usize, 0..20_usize, 0..14_usize, 0..14_usize), 1..60),
        group in 1..20_usize,
        rows in 1..40_usize,
        records in any::<bool>(),
    ) {
        let folder = folder("parquet");
        let csv = folder.join("a.csv");
        std::fs::write(&csv, text(&lines, "\n", "")).expect("written");
        let table = Table::read([&csv]).expect("a table");
        let paths = [folder.join("a.parquet"), folder.join("b.parquet")];
        for path in &paths {
            write(path, table.frame(), group);
        }
        same(&paths, cut(1, rows), records);
    }
}

fn write(path: &Path, frame: &DataFrame, group: usize) {
    let file = File::create(path).expect("a file");
    let writer = ParquetWriter::new(file).with_row_group_size(Some(group));
    writer.finish(&mut frame.clone()).expect("written");
}

#[test]
fn what_a_file_is_refused_for_is_the_same_in_batches() {
    let folder = folder("refused");
    let path = folder.join("a.csv");
    let header = "area,projects,projects_done\n";
    let long = "140728,60,52\n".repeat(50);
    let mut not_utf8 = format!("{header}{long}").into_bytes();
    not_utf8.extend(b"140729,\xff,1\n");
    for bytes in [
        not_utf8,
        format!("{header}{long}140729,1,2,3,4\n").into_bytes(),
        format!("{header}{long}140729,1\n").into_bytes(),
        header.as_bytes().to_vec(),
        b"".to_vec(),
        b"area,projects\n140728,60\n".to_vec(),
        b"area,projects,projects_done,projects\n140728,60,52,1\n".to_vec(),
        b"area,projects,projects_done,,\n140728,60,52,,\n".to_vec(),
        b"area,measure,value\n140728,projects,60\n".to_vec(),
    ] {
        std::fs::write(&path, bytes).expect("written");
        same(std::slice::from_ref(&path), cut(64, 1), true);
    }
}

#[test]
fn a_packed_file_that_is_cut_short_is_refused_by_name() {
    let folder = folder("cut-packed");
    let path = folder.join("cut.csv.zst");
    let text = format!("area,projects,projects_done\n{}", "140728,60,52\n".repeat(100_000));
    let bytes = zstd::encode_all(text.as_bytes(), 1).expect("packed");
    for length in [0, 3, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).expect("written");
        same(std::slice::from_ref(&path), cut(1 << 12, 1), true);
    }
}

#[test]
fn a_file_that_is_cut_short_is_refused_by_name() {
    let folder = folder("cut");
    let path = folder.join("cut.parquet");
    let frame = polars::prelude::df!["area" => ["140728"; 64], "projects" => [60; 64],
        "projects_done" => [52; 64]]
    .expect("a frame");
    write(&path, &frame, 8);
    let bytes = std::fs::read(&path).expect("bytes");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).tuning(cut(1, 8));
    let error = query.run_files([&path]).expect_err("half a file is none");
    assert_eq!(error.code(), "unreadable-table");
    assert!(error.to_string().contains("cut.parquet"), "{error}");
}

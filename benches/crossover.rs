//! Sets the constants of [`Tuning`]: for each, times left and right of it, by either way of working.
//!
//! A constant stands well where the faster way changes, or where times no longer fall.

use std::fs::File;
use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::time::Instant;

use polars::prelude::{DataFrame, IdxCa, IdxSize, NewChunkedArray};
use zhibiao::report::Format;
use zhibiao::{Catalog, Query, Tuning};
use zhibiao_benches::{ALL_SCHOOLS, SOME_SCHOOLS, Size, shuffled};
use zhibiao_examples::INDICATORS;

fn main() -> std::io::Result<()> {
    long_run()?;
    table_per_row()?;
    task_rows()?;
    stream_bytes()?;
    batch_rows()?;
    batch_bytes()
}

/// Least seconds of each way of working.
type Times = [f64; 2];

/// Prints one constant: what it is set to, and times for values left and right of it.
fn told(
    name: &str,
    set_to: usize,
    ways: [&str; 2],
    lines: &[(usize, Times)],
) -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{name}: {set_to}\n{:>12}{:>14}{:>14}", "", ways[0], ways[1])?;
    for (at, [one, other]) in lines {
        writeln!(out, "{at:>12}{:>11.1} ms{:>11.1} ms", one * 1e3, other * 1e3)?;
    }
    writeln!(out)
}

/// Runs of some mean length: summed as runs, or row by row.
fn long_run() -> std::io::Result<()> {
    let usual = Tuning::default();
    let panel = without_schools(ALL_SCHOOLS);
    let line = |length: usize| {
        let frame = in_runs(&panel, length);
        let by = |long_run| in_memory(&frame, Tuning { long_run, ..usual });
        (length, [by(0), by(usize::MAX)])
    };
    let lines: Vec<_> = [2, 4, 6, 8, 12, 16, 32].into_iter().map(line).collect();
    told("long_run, rows of a run", usual.long_run, ["by runs", "by rows"], &lines)
}

/// Few rows for their possible keys: found in a table, or by hashing.
fn table_per_row() -> std::io::Result<()> {
    let usual = Tuning::default();
    let panel = shuffled(&without_schools(Size::of_millions(1)));
    // 2,850 areas in 20 years.
    let possible = 57_000;
    let line = |per_row: usize| {
        let frame = panel.head(Some(possible / per_row));
        let by = |table_per_row| in_memory(&frame, Tuning { table_per_row, ..usual });
        (per_row, [by(usize::MAX), by(0)])
    };
    let lines: Vec<_> = [1, 2, 4, 8, 16].into_iter().map(line).collect();
    told("table_per_row, possible keys a row", usual.table_per_row, ["table", "hash"], &lines)
}

/// Rows of a task.
fn task_rows() -> std::io::Result<()> {
    let usual = Tuning::default();
    let sorted = without_schools(ALL_SCHOOLS);
    let shuffled = shuffled(&sorted);
    let line = |power: u32| {
        let tuning = Tuning { task_rows: 1 << power, ..usual };
        (1 << power, [in_memory(&sorted, tuning), in_memory(&shuffled, tuning)])
    };
    let lines: Vec<_> = (14..=20).map(line).collect();
    told("task_rows, rows of a task", usual.task_rows, ["sorted", "shuffled"], &lines)
}

/// Bytes of a CSV file: read ahead, or whole.
fn stream_bytes() -> std::io::Result<()> {
    let usual = Tuning::default();
    let panel = SOME_SCHOOLS.panel();
    let line = |part: usize| {
        let file = written(&panel.head(Some(panel.height() / part)), Format::Csv);
        let bytes = file.metadata().map_or(0, |file| usize::try_from(file.len()).unwrap_or(0));
        let by = |stream_bytes| from_file(&file, Tuning { stream_bytes, ..usual });
        (bytes, [by(0), by(u64::MAX)])
    };
    let lines: Vec<_> = [64, 16, 8, 4, 2, 1].into_iter().map(line).collect();
    let set_to = usize::try_from(usual.stream_bytes).unwrap_or(usize::MAX);
    told("stream_bytes, bytes of a file", set_to, ["read ahead", "whole"], &lines)
}

/// Rows of Parquet that are decoded at once.
fn batch_rows() -> std::io::Result<()> {
    let usual = Tuning::default();
    let some = written(&Size::of_millions(1).panel(), Format::Parquet);
    let all = written(&ALL_SCHOOLS.panel(), Format::Parquet);
    let line = |power: u32| {
        let tuning = Tuning { batch_rows: 1 << power, ..usual };
        (1 << power, [from_file(&some, tuning), from_file(&all, tuning)])
    };
    let lines: Vec<_> = (15..=20).map(line).collect();
    told("batch_rows, rows at once", usual.batch_rows, ["1 M rows", "6 M rows"], &lines)
}

/// Bytes of CSV that are decoded at once.
fn batch_bytes() -> std::io::Result<()> {
    let usual = Tuning::default();
    let some = written(&Size::of_millions(1).panel(), Format::Csv);
    let all = written(&ALL_SCHOOLS.panel(), Format::Csv);
    let line = |power: u32| {
        let tuning = Tuning { batch_bytes: 1 << power, ..usual };
        (1 << power, [from_file(&some, tuning), from_file(&all, tuning)])
    };
    let lines: Vec<_> = (20..=26).step_by(2).map(line).collect();
    told("batch_bytes, bytes at once", usual.batch_bytes, ["1 M rows", "6 M rows"], &lines)
}

fn in_memory(frame: &DataFrame, tuning: Tuning) -> f64 {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS).records(true).tuning(tuning);
    seconds(|| query.states(frame).expect("the panel is sound"))
}

fn from_file(file: &Path, tuning: Tuning) -> f64 {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS).records(true).tuning(tuning);
    seconds(|| query.run_files([file]).expect("the panel is sound"))
}

/// Least seconds of some runs: that is what a way of working costs undisturbed.
fn seconds<T>(run: impl Fn() -> T) -> f64 {
    let run = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    };
    (0..5).map(run).fold(f64::INFINITY, f64::min)
}

fn without_schools(size: Size) -> DataFrame {
    size.panel().drop("school").expect("the panel has schools")
}

/// Rows of a sorted frame in runs of one length, and those in an order that a prime step makes.
fn in_runs(frame: &DataFrame, length: usize) -> DataFrame {
    let runs = frame.height() / length;
    let row = |row: usize| row / length * 1_000_003 % runs * length + row % length;
    let order = (0..runs * length).map(|at| IdxSize::try_from(row(at)).expect("an index"));
    frame.take(&IdxCa::from_iter_values("order".into(), order)).expect("indices are in range")
}

/// A file with a frame, named by its rows.
fn written(frame: &DataFrame, format: Format) -> PathBuf {
    let ending = if format == Format::Csv { "csv" } else { "parquet" };
    let name = format!("crossover-{}.{ending}", frame.height());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
    let mut file = File::create(&path).expect("the directory is there");
    format.write(frame, &mut file, &name).expect("the panel can be written");
    path
}

//! Sets the constants of [`Tuning`]: for each, times left and right of it, by either way of working.
//!
//! A constant stands well where the faster way changes.

use std::hint::black_box;
use std::io::{Write, stdout};
use std::time::Instant;

use polars::prelude::{DataFrame, IdxCa, IdxSize, NewChunkedArray};
use zhibiao::{Catalog, Query, Tuning};
use zhibiao_benches::{ALL_SCHOOLS, Size, shuffled};
use zhibiao_examples::INDICATORS;

fn main() -> std::io::Result<()> {
    long_run()?;
    table_per_row()?;
    task_rows()
}

/// Prints one constant: what it is set to, and a line for each value of what it divides.
fn told(
    name: &str,
    set_to: usize,
    ways: [&str; 2],
    lines: &[(usize, f64, f64)],
) -> std::io::Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{name}: {set_to}\n{:>12}{:>14}{:>14}", "", ways[0], ways[1])?;
    for (at, one, other) in lines {
        let faster = if one < other { ways[0] } else { ways[1] };
        writeln!(out, "{at:>12}{:>11.1} ms{:>11.1} ms  {faster}", one * 1e3, other * 1e3)?;
    }
    writeln!(out)
}

/// Runs of some mean length: summed as runs, or row by row.
fn long_run() -> std::io::Result<()> {
    let usual = Tuning::default();
    let panel = ALL_SCHOOLS.panel().drop("school").expect("the panel has schools");
    let line = |length: usize| {
        let frame = in_runs(&panel, length);
        let runs = seconds(&frame, Tuning { long_run: 0, ..usual });
        let rows = seconds(&frame, Tuning { long_run: usize::MAX, ..usual });
        (length, runs, rows)
    };
    let lines: Vec<_> = [2, 4, 6, 8, 12, 16, 32].into_iter().map(line).collect();
    told("long_run, rows a run", usual.long_run, ["by runs", "by rows"], &lines)
}

/// Few rows for their possible keys: found in a table, or by hashing.
fn table_per_row() -> std::io::Result<()> {
    let usual = Tuning::default();
    let panel = Size::of_millions(1).panel().drop("school").expect("the panel has schools");
    let panel = shuffled(&panel);
    // 2,850 areas in 20 years.
    let possible = 57_000;
    let line = |per_row: usize| {
        let frame = panel.head(Some(possible / per_row));
        let table = seconds(&frame, Tuning { table_per_row: usize::MAX, ..usual });
        let hash = seconds(&frame, Tuning { table_per_row: 0, ..usual });
        (per_row, table, hash)
    };
    let lines: Vec<_> = [1, 2, 4, 8, 16].into_iter().map(line).collect();
    told("table_per_row, possible keys a row", usual.table_per_row, ["table", "hash"], &lines)
}

/// Rows of a task, in sorted and in shuffled tables.
fn task_rows() -> std::io::Result<()> {
    let usual = Tuning::default();
    let sorted = ALL_SCHOOLS.panel().drop("school").expect("the panel has schools");
    let shuffled = shuffled(&sorted);
    let line = |power: u32| {
        let tuning = Tuning { task_rows: 1 << power, ..usual };
        (1 << power, seconds(&sorted, tuning), seconds(&shuffled, tuning))
    };
    let lines: Vec<_> = (14..=20).map(line).collect();
    told("task_rows, rows a task", usual.task_rows, ["sorted", "shuffled"], &lines)
}

/// Least seconds of some runs: that is what a way of working costs undisturbed.
fn seconds(frame: &DataFrame, tuning: Tuning) -> f64 {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(INDICATORS).records(true).tuning(tuning);
    let run = |_| {
        let start = Instant::now();
        black_box(query.states(frame).expect("the panel is sound"));
        start.elapsed().as_secs_f64()
    };
    (0..5).map(run).fold(f64::INFINITY, f64::min)
}

/// Rows of a sorted frame in runs of one length, and those in an order that a prime step makes.
fn in_runs(frame: &DataFrame, length: usize) -> DataFrame {
    let runs = frame.height() / length;
    let row = |row: usize| row / length * 1_000_003 % runs * length + row % length;
    let order = (0..runs * length).map(|at| IdxSize::try_from(row(at)).expect("an index"));
    frame.take(&IdxCa::from_iter_values("order".into(), order)).expect("indices are in range")
}

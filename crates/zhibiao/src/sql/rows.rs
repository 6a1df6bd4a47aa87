//! Rows of sums (聚合行): states that come as a frame, from a warehouse or a file, by keys that are
//! still to be read.

use std::sync::Arc;

use hashbrown::HashSet;
use polars::prelude::{Column, DataFrame};

use crate::area::Areas;
use crate::bind::{Matched, NONE, RowRules, Table};
use crate::catalog::Catalog;
use crate::engine::{GroupBy, key_of};
use crate::error::{Error, Place, Problem, Result};
use crate::plan::Plan;
use crate::state::{Key, States, Sum, SumColumn};
use crate::watch::Watch;

/// Sums by raw keys.
pub(crate) struct Rows {
    /// The columns of area, its name, period and school, as far as there are any: each with the
    /// header that it goes by where it stands.
    pub(crate) keys: Vec<(String, Column)>,
    /// Of each slice, the position of the value of each row.
    pub(crate) slices: Vec<Vec<Option<u32>>>,
    pub(crate) rows: Vec<u64>,
    /// Whether a key stands once where rows were held against each other by it.
    pub(crate) once: bool,
    /// Rows that contradict others.
    pub(crate) void: Vec<u64>,
    /// Of each sum, total and missing rows of each row.
    pub(crate) sums: Vec<Vec<(i128, u64)>>,
    /// Whether a row counts.
    pub(crate) used: Vec<bool>,
}

impl Rows {
    /// Reads the keys, and puts rows of equal keys together; `place` tells of a column and a number
    /// of rows where they stand.
    pub(crate) fn states(
        &self,
        plan: Arc<Plan>,
        (catalog, areas): (&Catalog, &Areas),
        place: &dyn Fn(&str, u64) -> Place,
        watch: &Watch,
    ) -> Result<(States, Vec<Error>)> {
        let columns: Vec<Column> = self.keys.iter().map(|(_, column)| column.clone()).collect();
        let frame = DataFrame::new(self.rows.len(), columns)
            .map_err(|error| Error::from(Problem::BadAnswer { reason: error.to_string() }))?;
        let table = Table::from(frame);
        let matched = Matched::of(&table, catalog, watch)?;
        let rules = RowRules { areas, records: true, totals: false, trusted: &[], watch };
        let bound = matched.bind(&[], &[], rules, None)?;
        let mut findings: Vec<(Problem, String, u64)> = Vec::new();
        let mut told: HashSet<usize> = HashSet::new();
        for finding in bound.findings.iter() {
            let Place::Cell { row: Some(row), column: Some(column), .. } = finding.place() else {
                continue;
            };
            // The header is row 1.
            let at = row.checked_sub(2).and_then(|row| usize::try_from(row).ok());
            let rows = at.and_then(|at| self.rows.get(at)).copied().unwrap_or(0);
            let same = |(problem, of, _): &&mut (Problem, String, u64)| {
                problem == finding.problem() && of == column
            };
            told.extend(at);
            match findings.iter_mut().find(same) {
                Some((.., sum)) => *sum = sum.saturating_add(rows),
                None => findings.push((finding.problem().clone(), column.clone(), rows)),
            }
        }
        // A key without any cell is passed over where tables are read, as an empty row.
        let empty = (0..self.rows.len()).filter(|row| !told.contains(row));
        let empty = empty.filter(|row| bound.keys.areas.ids.get(*row) == Some(&NONE));
        let empty: u64 = empty.filter_map(|row| self.rows.get(row)).sum();
        if empty > 0 {
            findings.push((Problem::MissingKey {}, "area".to_owned(), empty));
        }
        let header = |own: &str| {
            let own = self.keys.iter().find(|(_, column)| column.name().as_str() == own);
            own.map_or("", |(header, _)| header.as_str())
        };
        let mut findings: Vec<Error> = findings
            .into_iter()
            .map(|(problem, column, rows)| Error::new(problem, place(header(&column), rows)))
            .collect();
        let placed = |row: &usize| {
            let area = bound.keys.areas.ids.get(*row);
            self.used.get(*row) == Some(&true) && area.is_some_and(|area| *area != NONE)
        };
        let kept: Vec<usize> = (0..self.rows.len()).filter(placed).collect();
        let by = GroupBy { schools: true, slices: Vec::new() };
        let keys: Vec<Key> = kept
            .iter()
            .map(|row| {
                let slices = self.slices.iter().map(|codes| codes.get(*row).copied().flatten());
                Key { slices: slices.collect(), ..key_of(&bound, &by, *row) }
            })
            .collect();
        if self.once {
            refuse_spellings(&keys, place(header("area"), 0))?;
        }
        for (row, key) in kept.iter().zip(&keys) {
            let void = self.void.get(*row).copied().unwrap_or(0);
            if void > 0 {
                let period = key.period.map(|period| format!(" {period}")).unwrap_or_default();
                let problem =
                    Problem::RepeatedKeys { key: format!("{}{period}", key.area), rows: void };
                findings.push(Error::new(problem, place(header("area"), void)));
            }
        }
        let pick = |column: &Vec<u64>| -> Vec<u64> {
            kept.iter().filter_map(|row| column.get(*row).copied()).collect()
        };
        let sums: Vec<SumColumn> = self
            .sums
            .iter()
            .map(|sums| {
                let sums = kept.iter().filter_map(|row| sums.get(*row));
                sums.map(|(total, missing)| Sum::new((*total).into(), *missing, u64::MAX)).collect()
            })
            .collect();
        let states = States::new(plan, &keys, &pick(&self.rows), &sums);
        Ok((States { names: bound.names, ..states }, findings))
    }
}

/// A key that comes twice was written in two ways, and rows under the one were not held against
/// those under the other.
fn refuse_spellings(keys: &[Key], place: Place) -> Result<()> {
    let mut sorted: Vec<&Key> = keys.iter().collect();
    sorted.sort_unstable();
    let twice = sorted.windows(2).find_map(|pair| match pair {
        [a, b] if a == b => Some(a.to_string()),
        _ => None,
    });
    twice.map_or(Ok(()), |key| Err(Error::new(Problem::MixedSpelling { key }, place)))
}

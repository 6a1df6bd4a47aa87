//! Rows of sums (聚合行): states that come as a frame, from a warehouse or a file, by keys that are
//! still to be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use ethnum::I256;
use hashbrown::{HashMap, HashSet};
use indexmap::IndexMap;
use polars::prelude::{Column, DataFrame};

use crate::area::{AreaCode, Areas};
use crate::bind::{Bound, Matched, NONE, RowRules, Table, Which};
use crate::catalog::Catalog;
use crate::engine::{GroupBy, key_of};
use crate::error::{Error, Place, Problem, Result};
use crate::period::Period;
use crate::plan::Plan;
use crate::state::{Key, States, Sum, SumColumn};
use crate::symbol::Dialect;
use crate::watch::Watch;

/// The column of names of areas.
const NAME: &str = "area_name";

/// Sums by raw keys.
pub(crate) struct Rows {
    /// The columns of area, its name, period and school, as far as there are any: each with the
    /// header that it goes by where it stands.
    pub(crate) keys: Vec<(String, Column)>,
    /// Of each slice, the position of the value of each row.
    pub(crate) slices: Vec<Vec<Option<u32>>>,
    /// How many rows each sums.
    pub(crate) counts: Vec<u64>,
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
    /// Why they cannot be what they say: a sum lacks more rows than there are.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let exceeds = |sum: &Vec<(i128, u64)>| {
            sum.iter().zip(&self.counts).any(|((_, missing), rows)| missing > rows)
        };
        let at = self.sums.iter().position(exceeds)?;
        Some(format!("sum {at} lacks more rows than there are"))
    }

    /// Reads the keys, and puts rows of equal keys together; `place` tells of a column and a number
    /// of rows where they stand.
    pub(crate) fn states(
        &self,
        plan: &Arc<Plan>,
        (catalog, areas): (&Catalog, &Areas),
        place: &dyn Fn(&str, u64) -> Place,
        watch: &Watch,
    ) -> Result<(States, Vec<Error>)> {
        let columns: Vec<Column> = self.keys.iter().map(|(_, column)| column.clone()).collect();
        let frame = DataFrame::new(self.counts.len(), columns)
            .map_err(|error| Error::from(Problem::BadAnswer { reason: error.to_string() }))?;
        let table = Table::from(frame);
        let matched = Matched::of(&table, catalog, watch)?;
        let rules = RowRules {
            areas,
            records: true,
            which: Which::Parts,
            symbols: Dialect::Plain,
            trusted: &[],
            watch,
        };
        let bound = matched.bind(&[], &[], rules, None)?;
        let place = |own: &str, rows: u64| {
            let column = self.keys.iter().find(|(_, column)| column.name().as_str() == own);
            place(column.map_or("", |(header, _)| header), rows)
        };
        let mut findings = self.findings(&bound, &place);
        let placed = |row: &usize| {
            let area = bound.keys.areas.ids.get(*row);
            self.used.get(*row) == Some(&true) && area.is_some_and(|area| *area != NONE)
        };
        let kept: Vec<usize> = (0..self.counts.len()).filter(placed).collect();
        let by = GroupBy { schools: true, slices: Vec::new() };
        let key = |row: &usize| {
            let slices = self.slices.iter().map(|codes| codes.get(*row).copied().flatten());
            Key { slices: slices.collect(), ..key_of(&bound, &by, *row) }
        };
        let keys: Vec<Key> = kept.iter().map(key).collect();
        let rows: Vec<u64> = kept.iter().filter_map(|row| self.counts.get(*row).copied()).collect();
        let cells = if self.once { self.cells(&kept) } else { Vec::new() };
        let spelled = several_spellings(&keys, &cells, &rows);
        findings.extend(self.contradictions(&kept, &keys, &spelled, &place));
        let sums = self.sums.iter().zip(&plan.sums).map(|(sums, planned)| {
            let sum = |((row, key), rows): ((&usize, &Key), &u64)| {
                let (total, missing) = sums.get(*row).copied().unwrap_or_default();
                match planned.of {
                    // Which of the rows may be used cannot be told.
                    Some(_) if spelled.contains_key(key) => Sum::new(I256::ZERO, *rows, u64::MAX),
                    _ => Sum::new(total.into(), missing, u64::MAX),
                }
            };
            kept.iter().zip(&keys).zip(&rows).map(sum).collect()
        });
        let sums: Vec<SumColumn> = sums.collect();
        let states = States::new(Arc::clone(plan), &keys, &rows, &sums);
        Ok((States { names: self.names(&bound), ..states }, findings))
    }

    /// The cells that the keys of some rows are read from, but for names.
    fn cells(&self, rows: &[usize]) -> Vec<Vec<String>> {
        let columns: Vec<&Column> =
            self.keys.iter().map(|(_, column)| column).filter(|it| it.name() != NAME).collect();
        let cell = |column: &&Column, row: usize| column.get(row).map(|cell| cell.to_string());
        let cells = |row: &usize| {
            columns.iter().map(|column| cell(column, *row).unwrap_or_default()).collect()
        };
        rows.iter().map(cells).collect()
    }

    /// Of several names of an area the least, for rows come in any order.
    fn names(&self, bound: &Bound) -> HashMap<AreaCode, String> {
        let mut names = bound.names.clone();
        let given = self.keys.iter().find(|(_, column)| column.name() == NAME);
        let Some(given) = given.and_then(|(_, column)| column.str().ok()) else { return names };
        let areas = &bound.keys.areas;
        for (area, name) in areas.ids.iter().zip(given.iter()) {
            let area = usize::try_from(*area).ok().and_then(|area| areas.values.get(area));
            let name = name.map(str::trim).filter(|name| !name.is_empty());
            let (Some(area), Some(name)) = (area, name) else { continue };
            if let Some(own) = names.get_mut(area).filter(|own| name < own.as_str()) {
                name.clone_into(own);
            }
        }
        names
    }

    /// What was found when the keys were read, with the rows that have it.
    fn findings(&self, bound: &Bound, place: &dyn Fn(&str, u64) -> Place) -> Vec<Error> {
        let mut findings: IndexMap<(&str, String), (Problem, u64)> = IndexMap::new();
        let mut told: HashSet<usize> = HashSet::new();
        for finding in bound.findings.iter() {
            let Place::Cell { row: Some(row), column: Some(column), .. } = finding.place() else {
                continue;
            };
            // The header is row 1.
            let at = row.checked_sub(2).and_then(|row| usize::try_from(row).ok());
            told.extend(at);
            let rows = at.and_then(|at| self.counts.get(at)).copied().unwrap_or(0);
            let problem = finding.problem();
            let own = findings.entry((column.as_str(), problem.to_string()));
            let (_, sum) = own.or_insert_with(|| (problem.clone(), 0));
            *sum = sum.saturating_add(rows);
        }
        let mut findings: Vec<Error> = findings
            .into_iter()
            .map(|((column, _), (problem, rows))| Error::new(problem, place(column, rows)))
            .collect();
        // A key without any cell is passed over where tables are read, as an empty row.
        let empty = (0..self.counts.len()).filter(|row| !told.contains(row));
        let empty = empty.filter(|row| bound.keys.areas.ids.get(*row) == Some(&NONE));
        let empty: u64 = empty.filter_map(|row| self.counts.get(row)).sum();
        if empty > 0 {
            findings.push(Error::new(Problem::MissingKey {}, place("area", empty)));
        }
        findings
    }

    /// Rows whose figures are not used, for they contradict others or may do so.
    fn contradictions(
        &self,
        kept: &[usize],
        keys: &[Key],
        spelled: &HashMap<&Key, u64>,
        place: &dyn Fn(&str, u64) -> Place,
    ) -> Vec<Error> {
        let mut void: BTreeMap<(Option<Period>, AreaCode), u64> = BTreeMap::new();
        for (row, key) in kept.iter().zip(keys) {
            let rows = self.void.get(*row).copied().filter(|rows| *rows > 0);
            if let Some(rows) = rows {
                let own = void.entry((key.period, key.area)).or_default();
                *own = own.saturating_add(rows);
            }
        }
        let repeated = void.into_iter().map(|((period, area), rows)| {
            let period = period.map(|period| format!(" {period}")).unwrap_or_default();
            let key = format!("{area}{period}");
            Error::new(Problem::RepeatedKeys { key, rows }, place("area", rows))
        });
        let mut several: Vec<_> = spelled.iter().collect();
        several.sort_unstable();
        let several = several.into_iter().map(|(key, rows)| {
            let key = key.to_string();
            Error::new(Problem::MixedSpelling { key }, place("area", *rows))
        });
        repeated.chain(several).collect()
    }
}

/// Keys that come in several spellings: rows under the one were not held against those under the
/// other. With the rows of each.
fn several_spellings<'a>(
    keys: &'a [Key],
    cells: &[Vec<String>],
    rows: &[u64],
) -> HashMap<&'a Key, u64> {
    let mut met: HashMap<&Key, (HashSet<&[String]>, u64)> = HashMap::new();
    for ((key, cells), rows) in keys.iter().zip(cells).zip(rows) {
        let (spellings, sum) = met.entry(key).or_default();
        spellings.insert(cells);
        *sum = sum.saturating_add(*rows);
    }
    met.retain(|_, (spellings, _)| spellings.len() > 1);
    met.into_iter().map(|(key, (_, rows))| (key, rows)).collect()
}

//! Keys of rows: area, school, period and dimensions as small integers.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use polars::prelude::Column;
use polars_arrow::bitmap::MutableBitmap;
use rayon::prelude::*;

use super::Table;
use super::earlier::Told;
use super::encode::{Encoded, encode};
use super::findings::Findings;
use crate::area::{AreaCode, Areas};
use crate::catalog::{Dimension, folded};
use crate::error::{Error, Problem, Result, near};
use crate::label::Lang;
use crate::period::Period;
use crate::watch::Watch;

/// The id of a row that is set aside, and of a dimension cell without a value.
pub(crate) const NONE: u32 = u32::MAX;

/// Rows whose keys are made at a time.
const KEY_BLOCK: usize = 4096;

/// Words that mark a total among its parts.
const TOTALS: [&str; 11] =
    ["合计", "总计", "小计", "全县", "全市", "全省", "全国", "全部", "不分", "total", "all"];

fn is_total(cell: &str) -> bool {
    TOTALS.contains(&folded(cell).to_lowercase().as_str())
}

/// Distinct values in the order they came, with an id for each row.
#[derive(Clone, Debug)]
pub(crate) struct Coded<T> {
    /// Position in `values`, or [`NONE`].
    pub(crate) ids: Vec<u32>,
    pub(crate) values: Vec<T>,
}

/// Keys of all rows of a table.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) areas: Coded<AreaCode>,
    /// None where the table has no schools.
    pub(crate) schools: Option<Coded<Arc<str>>>,
    /// None where the table has no periods.
    pub(crate) periods: Option<Coded<Period>>,
    pub(crate) dimensions: Vec<Grouping>,
}

/// A dimension of a table.
#[derive(Clone, Debug)]
pub(crate) struct Grouping {
    pub(crate) dimension: Dimension,
    /// Position of the declared value for each row, or [`NONE`].
    pub(crate) ids: Vec<u32>,
    /// Rows whose cell is empty.
    pub(crate) blank: Vec<usize>,
}

/// Rows that contradict others: their figures cannot be used.
#[derive(Debug, Default)]
pub(super) struct Contradicted {
    /// Of each dimension, rows whose empty cell stands beside filled ones.
    pub(super) ambiguous: Vec<Vec<usize>>,
    /// Rows whose key stands in an earlier row of the whole table, each with that row.
    pub(super) repeated: Vec<(usize, usize)>,
    /// All rows of such keys.
    pub(super) void: Vec<usize>,
}

impl Keys {
    pub(crate) fn rows(&self) -> usize {
        self.areas.ids.len()
    }

    pub(crate) fn grouping(&self, dimension: &str) -> Option<&Grouping> {
        self.dimensions.iter().find(|grouping| grouping.dimension.id == dimension)
    }

    /// Rows that contradict others; of records, two rows of one key do not.
    pub(super) fn contradicted(&self, records: bool, watch: &Watch) -> Contradicted {
        let ambiguous = self.dimensions.iter().map(|grouping| self.ambiguous(grouping)).collect();
        let repeated = if records { Vec::new() } else { self.duplicates(watch) };
        let void = repeated.iter().flat_map(|(row, first)| [*first, *row]).collect();
        watch.pass(self.rows());
        Contradicted { ambiguous, repeated, void }
    }

    /// Rows with an empty cell of a dimension, beside rows of the same area, school and period that
    /// have one filled: whether such a row is the whole or a part cannot be told.
    fn ambiguous(&self, grouping: &Grouping) -> Vec<usize> {
        let at = |ids: Option<&Vec<u32>>, row: usize| ids.and_then(|ids| ids.get(row)).copied();
        if grouping.blank.is_empty() {
            return Vec::new();
        }
        let key = |row: usize| {
            let school = at(self.schools.as_ref().map(|part| &part.ids), row);
            let period = at(self.periods.as_ref().map(|part| &part.ids), row);
            (at(Some(&self.areas.ids), row), school, period)
        };
        let blank: HashSet<usize> = grouping.blank.iter().copied().collect();
        let keys: HashSet<_> = grouping.blank.iter().map(|row| key(*row)).collect();
        let filled = (0..self.rows()).filter(|row| !blank.contains(row)).map(key);
        let both: HashSet<_> = filled.filter(|key| keys.contains(key)).collect();
        let placed = |row: &usize| self.areas.ids.get(*row) != Some(&NONE);
        grouping
            .blank
            .iter()
            .copied()
            .filter(placed)
            .filter(|row| both.contains(&key(*row)))
            .collect()
    }

    /// Ids and number of values of each part of the key, the first varying slowest.
    fn parts(&self) -> Vec<(&[u32], usize)> {
        let mut parts = vec![(self.areas.ids.as_slice(), self.areas.values.len())];
        parts.extend(self.schools.as_ref().map(|part| (part.ids.as_slice(), part.values.len())));
        parts.extend(self.periods.as_ref().map(|part| (part.ids.as_slice(), part.values.len())));
        let groupings = self.dimensions.iter();
        parts.extend(groupings.map(|part| (part.ids.as_slice(), part.dimension.values.len())));
        parts
    }

    /// Rows whose key stands in an earlier row, each with that row.
    fn duplicates(&self, watch: &Watch) -> Vec<(usize, usize)> {
        let parts = self.parts();
        let possible = parts.iter().try_fold(1_u64, |product, (_, cardinality)| {
            product.checked_mul(u64::try_from(cardinality.checked_add(1)?).ok()?)
        });
        let Some(possible) = possible else {
            let spelled_out = |start, keys: &mut [Vec<u32>]| {
                for (row, key) in (start..).zip(keys) {
                    *key = parts.iter().filter_map(|(ids, _)| ids.get(row).copied()).collect();
                }
            };
            let mut seen = HashSet::new();
            return self.repeated(watch, spelled_out, |key| seen.insert(key.clone()));
        };
        let numbered = |start, keys: &mut [u64]| {
            for (ids, cardinality) in &parts {
                let radix = u64::try_from(cardinality.saturating_add(1)).unwrap_or(u64::MAX);
                for (key, id) in keys.iter_mut().zip(ids.get(start..).unwrap_or(&[])) {
                    // Below `possible`, the product of the radices; no id is number 0.
                    *key = key.wrapping_mul(radix).wrapping_add(u64::from(id.wrapping_add(1)));
                }
            }
        };
        // A bit for each possible key, where that is not much.
        let few = self.rows().saturating_mul(64).saturating_add(KEY_BLOCK);
        let Some(possible) = usize::try_from(possible).ok().filter(|possible| *possible <= few)
        else {
            let mut seen = HashSet::new();
            return self.repeated(watch, numbered, |key| seen.insert(*key));
        };
        let mut seen = MutableBitmap::from_len_zeroed(possible);
        self.repeated(watch, numbered, |key| {
            usize::try_from(*key).is_ok_and(|key| {
                let new = !seen.get(key);
                seen.set(key, true);
                new
            })
        })
    }

    /// Rows that repeat a key: `fill` makes the keys of a block of rows, `is_new` tells the first of
    /// each from the others.
    fn repeated<K: Clone + Default + Eq + Hash>(
        &self,
        watch: &Watch,
        fill: impl Fn(usize, &mut [K]),
        mut is_new: impl FnMut(&K) -> bool,
    ) -> Vec<(usize, usize)> {
        let mut keys = vec![K::default(); KEY_BLOCK];
        let mut each = |visit: &mut dyn FnMut(usize, &K)| {
            for start in (0..self.rows()).step_by(KEY_BLOCK) {
                if watch.is_cancelled() {
                    return;
                }
                let rows = self.rows().saturating_sub(start).min(KEY_BLOCK);
                let keys = keys.get_mut(..rows).unwrap_or(&mut []);
                keys.fill(K::default());
                fill(start, keys);
                let areas = self.areas.ids.get(start..).unwrap_or(&[]);
                for (row, (key, area)) in (start..).zip(keys.iter().zip(areas)) {
                    if *area != NONE {
                        visit(row, key);
                    }
                }
            }
        };
        let mut repeated: Vec<(usize, K)> = Vec::new();
        each(&mut |row, key| {
            if !is_new(key) {
                repeated.push((row, key.clone()));
            }
        });
        if repeated.is_empty() {
            return Vec::new();
        }
        let wanted: HashSet<K> = repeated.iter().map(|(_, key)| key.clone()).collect();
        let mut first: HashMap<K, usize> = HashMap::new();
        each(&mut |row, key| {
            if wanted.contains(key) {
                first.entry(key.clone()).or_insert(row);
            }
        });
        repeated.into_iter().filter_map(|(row, key)| Some((row, *first.get(&key)?))).collect()
    }
}

/// Reads the key columns of one table.
pub(super) struct KeyReader<'a> {
    pub(super) table: &'a Table,
    pub(super) area_table: &'a Areas,
    pub(super) findings: &'a mut Findings,
    /// What was told of earlier batches.
    pub(super) told: &'a mut Told,
    pub(super) watch: &'a Watch,
    /// Where only the rows that say 合计 are read: which have been met.
    pub(super) totals: Option<Vec<bool>>,
}

/// What a distinct cell of a key column is.
enum Read<T> {
    Value(T),
    /// No value, and nothing to tell.
    Blank,
    /// A flaw, told for every row that has it.
    Flaw(Problem),
}

impl KeyReader<'_> {
    fn find(&mut self, row: usize, column: &Column, problem: Problem) {
        let place = self.table.place(Some(row), Some(column.name()));
        self.findings.push(Error::new(problem, place));
    }

    /// The cells of a column, which begins a section of the findings.
    fn encoded(&mut self, column: &Column) -> Result<Encoded> {
        self.findings.begin();
        let place = || self.table.place(None, Some(column.name()));
        let encoded = encode(column, self.watch).map_err(|error| error.at(place()))?;
        self.watch.check()?;
        Ok(encoded)
    }

    /// Values of distinct cells, equal ones once; rows of a flaw have no id and are told.
    fn coded<T: Clone + Eq + Hash>(
        &mut self,
        column: &Column,
        mut encoded: Encoded,
        read: impl Fn(&str) -> Read<T>,
    ) -> Coded<T> {
        let mut known: HashMap<T, u32> = HashMap::new();
        let mut values = Vec::new();
        let mut flaws: HashMap<u32, Problem> = HashMap::new();
        let mut ids_of_cells = Vec::with_capacity(encoded.cells.len());
        for (cell, text) in (0_u32..).zip(&encoded.cells) {
            ids_of_cells.push(match read(text) {
                Read::Value(value) => *known.entry(value.clone()).or_insert_with(|| {
                    values.push(value);
                    u32::try_from(values.len().saturating_sub(1)).unwrap_or(NONE)
                }),
                Read::Blank => NONE,
                Read::Flaw(problem) => {
                    flaws.insert(cell, problem);
                    NONE
                }
            });
        }
        if !flaws.is_empty() {
            for (row, cell) in encoded.ids.iter().enumerate() {
                if let Some(problem) = flaws.get(cell).filter(|_| !self.table.is_blank(row)) {
                    self.find(row, column, problem.clone());
                }
            }
        }
        translate(&mut encoded.ids, &ids_of_cells);
        Coded { ids: encoded.ids, values }
    }

    /// Area codes; a row without a usable one is set aside and told.
    pub(super) fn areas(&mut self, column: &Column) -> Result<Coded<AreaCode>> {
        let encoded = self.encoded(column)?;
        self.mark(&encoded, is_total);
        let area_table = self.area_table;
        for (cell, row) in encoded.cells.iter().zip(&encoded.first_rows) {
            let Ok(code) = area_of(area_table, cell) else { continue };
            let known = area_table.knows(code) || area_table.is_zone(code);
            if !known && self.told.codes.insert(cell.clone()) {
                let hint = match area_table.near(code) {
                    near if near.is_empty() => String::new(),
                    near => format!(" (near: {near})"),
                };
                self.find(*row, column, Problem::UnknownArea { code: code.to_string(), hint });
            }
        }
        self.findings.begin();
        let totals = self.totals.is_some();
        Ok(self.coded(column, encoded, |cell| match area_of(area_table, cell) {
            // A total without a code is that of the whole table.
            _ if totals && is_total(cell) => Read::Value(AreaCode::NATION),
            Ok(code) => Read::Value(code),
            Err(error) => Read::Flaw(error.problem().clone()),
        }))
    }

    /// Names given beside the codes: kept for codes without one, compared for the others.
    pub(super) fn names(
        &mut self,
        column: &Column,
        areas: &Coded<AreaCode>,
    ) -> Result<HashMap<AreaCode, String>> {
        let encoded = self.encoded(column)?;
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        let mut names = HashMap::new();
        for (row, (area, name)) in areas.ids.iter().zip(&encoded.ids).enumerate() {
            if !seen.insert((*area, *name)) {
                continue;
            }
            let code = usize::try_from(*area).ok().and_then(|area| areas.values.get(area));
            let cell = usize::try_from(*name).ok().and_then(|name| encoded.cells.get(name));
            let cell = cell.map_or("", String::as_str);
            let given = cell.trim();
            let Some(code) = code.filter(|_| !given.is_empty()) else { continue };
            names.entry(*code).or_insert_with(|| given.to_owned());
            let known = self.area_table.name(*code, Lang::Zh);
            let differs = |name: &String| !name.contains(given) && !given.contains(name.as_str());
            if let Some(name) = known.filter(differs)
                && self.told.names.insert((*code, cell.to_owned()))
            {
                let given = given.to_owned();
                self.find(
                    row,
                    column,
                    Problem::AreaNameMismatch { code: code.to_string(), given, name },
                );
            }
        }
        Ok(names)
    }

    /// Periods; a row without a readable one is set aside and told.
    pub(super) fn periods(
        &mut self,
        column: &Column,
        areas: &mut Coded<AreaCode>,
    ) -> Result<Coded<Period>> {
        let encoded = self.encoded(column)?;
        let periods = self.coded(column, encoded, |cell| match (cell.trim(), cell.parse()) {
            ("", _) => Read::Flaw(Problem::MissingKey {}),
            (_, Ok(period)) => Read::Value(period),
            (_, Err(error)) => Read::Flaw(Error::problem(&error).clone()),
        });
        set_aside(areas, &periods.ids, |id| id == NONE);
        Ok(periods)
    }

    /// Schools by the text that names them; a row without one is set aside and told.
    pub(super) fn schools(
        &mut self,
        column: &Column,
        areas: &mut Coded<AreaCode>,
    ) -> Result<Coded<Arc<str>>> {
        let encoded = self.encoded(column)?;
        self.mark(&encoded, is_total);
        let schools = self.coded(column, encoded, |cell| match cell.trim() {
            "" => Read::Flaw(Problem::MissingKey {}),
            name if is_total(name) => Read::Flaw(Problem::TotalRow { value: name.to_owned() }),
            name => Read::Value(Arc::from(name)),
        });
        if self.totals.is_none() {
            set_aside(areas, &schools.ids, |id| id == NONE);
        }
        Ok(schools)
    }

    /// Declared values; a total is set aside, an unknown value has no id, both are told.
    pub(super) fn grouping(
        &mut self,
        column: &Column,
        dimension: &Dimension,
        areas: &mut Coded<AreaCode>,
        blank_is_flaw: bool,
    ) -> Result<Grouping> {
        let encoded = self.encoded(column)?;
        let is_total = |cell: &str| dimension.position(cell.trim()).is_none() && is_total(cell);
        self.mark(&encoded, is_total);
        if self.totals.is_none() && encoded.cells.iter().any(|cell| is_total(cell)) {
            let totals: Vec<bool> = encoded.cells.iter().map(|cell| is_total(cell)).collect();
            set_aside(areas, &encoded.ids, |cell| {
                usize::try_from(cell)
                    .ok()
                    .and_then(|cell| totals.get(cell).copied())
                    .unwrap_or(false)
            });
        }
        let empty: Vec<bool> = encoded.cells.iter().map(|cell| cell.trim().is_empty()).collect();
        let mut blank = Vec::new();
        if empty.contains(&true) {
            let cells = encoded.ids.iter().map(|id| usize::try_from(*id).unwrap_or(usize::MAX));
            let rows = cells.enumerate().filter(|(_, cell)| empty.get(*cell) == Some(&true));
            blank.extend(rows.map(|(row, _)| row));
        }
        let mut coded = self.coded(column, encoded, |cell| match cell.trim() {
            "" if blank_is_flaw => Read::Flaw(Problem::MissingKey {}),
            "" => Read::Blank,
            name if is_total(name) => Read::Flaw(Problem::TotalRow { value: name.to_owned() }),
            name => dimension.position(name).map_or_else(
                || {
                    let known = dimension.values.iter().map(|value| value.name.zh.as_str());
                    let near = near(name, known);
                    let dimension = dimension.id.clone();
                    Read::Flaw(Problem::UnknownValue { value: name.to_owned(), dimension, near })
                },
                Read::Value,
            ),
        });
        // From the order of occurrence to the position in the declaration.
        let positions: Vec<u32> =
            coded.values.iter().map(|position| u32::try_from(*position).unwrap_or(NONE)).collect();
        translate(&mut coded.ids, &positions);
        Ok(Grouping { dimension: dimension.clone(), ids: coded.ids, blank })
    }

    /// Remembers the rows that say 合计, where those are what is read.
    fn mark(&mut self, encoded: &Encoded, is_total: impl Fn(&str) -> bool) {
        let Some(marked) = &mut self.totals else { return };
        let totals: Vec<bool> = encoded.cells.iter().map(|cell| is_total(cell)).collect();
        for (mark, cell) in marked.iter_mut().zip(&encoded.ids) {
            let cell = usize::try_from(*cell).ok().and_then(|cell| totals.get(cell));
            *mark |= cell.copied().unwrap_or(false);
        }
    }

    /// Sets the other rows aside, where those that say 合计 are what is read.
    pub(super) fn only_totals(&self, areas: &mut Coded<AreaCode>) {
        for (area, mark) in areas.ids.iter_mut().zip(self.totals.iter().flatten()) {
            if !mark {
                *area = NONE;
            }
        }
    }
}

/// Replaces ids by what they stand for; those beyond the list by [`NONE`].
fn translate(ids: &mut [u32], into: &[u32]) {
    ids.par_iter_mut().for_each(|id| {
        let new = usize::try_from(*id).ok().and_then(|id| into.get(id));
        *id = new.copied().unwrap_or(NONE);
    });
}

/// Takes the area from rows that another key column disqualifies.
fn set_aside(areas: &mut Coded<AreaCode>, ids: &[u32], disqualified: impl Fn(u32) -> bool) {
    for (area, id) in areas.ids.iter_mut().zip(ids) {
        if disqualified(*id) {
            *area = NONE;
        }
    }
}

/// The code of a cell. A word for totals is none, unless an area of the table goes by it.
fn area_of(areas: &Areas, cell: &str) -> Result<AreaCode> {
    if cell.trim().is_empty() {
        return Err(Problem::MissingKey {}.into());
    }
    let total = || Problem::TotalRow { value: cell.trim().to_owned() }.into();
    areas.code(cell).map_err(|error| if is_total(cell) { total() } else { error })
}

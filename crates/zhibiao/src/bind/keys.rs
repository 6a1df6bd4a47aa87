//! Keys of rows: area, school, period and dimensions as small integers.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use polars::prelude::Column;

use super::earlier::Told;
use super::encode::{Encoded, encode};
use super::findings::Findings;
use super::ids::Ids;
use super::{Table, Which};
use crate::area::{AreaCode, Areas};
use crate::catalog::{Dimension, DimensionValue, is_total, is_total_row, is_whole};
use crate::error::{Error, Problem, Result, near};
use crate::label::Lang;
use crate::period::Period;
use crate::watch::Watch;

/// The id of a row that is set aside, and of a dimension cell without a value.
pub(crate) const NONE: u32 = u32::MAX;

/// Distinct values in the order they came, with an id for each row.
#[derive(Clone, Debug)]
pub(crate) struct Coded<T> {
    /// Position in `values`, or [`NONE`].
    pub(crate) ids: Ids,
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
    pub(crate) ids: Ids,
    /// Rows whose cell is empty.
    pub(crate) blank: Vec<usize>,
    /// Whether a cell says 合计.
    pub(crate) says_total: bool,
}

impl Keys {
    pub(crate) fn rows(&self) -> usize {
        self.areas.ids.rows()
    }

    pub(crate) fn grouping(&self, dimension: &str) -> Option<&Grouping> {
        self.dimensions.iter().find(|grouping| grouping.dimension.id == dimension)
    }
}

/// What a cell of a dimension is.
#[derive(Debug)]
pub(crate) enum Value {
    /// The declared value of a position.
    Known(usize),
    Blank,
    /// A word for a total, and no declared value.
    Total,
    Unknown(Problem),
}

impl Value {
    pub(crate) fn of(dimension: &Dimension, cell: &str) -> Self {
        let name = cell.trim();
        if name.is_empty() {
            return Self::Blank;
        }
        if let Some(position) = dimension.position(name) {
            return Self::Known(position);
        }
        if is_total_row(name) {
            return Self::Total;
        }
        let near = near(name, dimension.values.iter().map(|value| value.name.zh.as_str()));
        let dimension = dimension.id.clone();
        Self::Unknown(Problem::UnknownValue { value: name.to_owned(), dimension, near })
    }
}

/// Reads the key columns of one table.
pub(super) struct KeyReader<'a> {
    pub(super) table: &'a Table,
    /// The columns that are read.
    pub(super) columns: &'a [usize],
    pub(super) area_table: &'a Areas,
    pub(super) findings: &'a mut Findings,
    /// What was told of earlier batches.
    pub(super) told: &'a mut Told,
    pub(super) watch: &'a Watch,
    pub(super) which: Which,
    /// Where only the rows that say 合计 are read: which have been met.
    pub(super) totals: Vec<bool>,
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
                if let Some(problem) =
                    flaws.get(cell).filter(|_| !self.table.is_blank(row, self.columns))
                {
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
        let totals = self.which == Which::Totals;
        if totals {
            self.mark(&encoded, is_total);
        }
        let area_table = self.area_table;
        let codes = encoded.cells.iter().map(|cell| area_of(area_table, cell).ok());
        let is_unknown = |code: AreaCode| !area_table.knows(code) && !area_table.is_zone(code);
        let unknown: Vec<Option<AreaCode>> =
            codes.map(|code| code.filter(|code| is_unknown(*code))).collect();
        if unknown.iter().any(Option::is_some) {
            let code = |id: u32| usize::try_from(id).ok().and_then(|id| *unknown.get(id)?);
            for (row, id) in encoded.first_rows(|id| code(id).is_some()) {
                let Some(code) = code(id) else { continue };
                let cell = usize::try_from(id).ok().and_then(|id| encoded.cells.get(id));
                if !cell.is_some_and(|cell| self.told.codes.insert(cell.clone())) {
                    continue;
                }
                let hint = match area_table.told(code) {
                    none if none.is_empty() => none,
                    told => format!(" ({told})"),
                };
                self.find(row, column, Problem::UnknownArea { code: code.to_string(), hint });
            }
        }
        self.findings.begin();
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
        let totals = self.which == Which::Totals;
        if totals {
            self.mark(&encoded, is_total);
        }
        let schools = self.coded(column, encoded, |cell| match cell.trim() {
            "" => Read::Flaw(Problem::MissingKey {}),
            name if is_total_row(name) => Read::Flaw(Problem::TotalRow { value: name.to_owned() }),
            name => Read::Value(Arc::from(name)),
        });
        if !totals {
            set_aside(areas, &schools.ids, |id| id == NONE);
        }
        Ok(schools)
    }

    /// Declared values; a total is set aside, an unknown value has no id, both are told. Where totals
    /// are read, theirs is one more value, the last.
    pub(super) fn grouping(
        &mut self,
        column: &Column,
        dimension: &Dimension,
        areas: &mut Coded<AreaCode>,
        blank_is_flaw: bool,
    ) -> Result<Grouping> {
        let encoded = self.encoded(column)?;
        let mut dimension = dimension.clone();
        // Of what is no part beside the others, only a total is that of all of them.
        let says_all =
            |cell: &str| matches!(Value::of(&dimension, cell), Value::Total) && is_whole(cell);
        let says_total = encoded.cells.iter().any(|cell| says_all(cell));
        let wholes = self.which != Which::Parts;
        if wholes {
            self.mark(&encoded, says_all);
        }
        let is_no_part = |cell: &str| matches!(Value::of(&dimension, cell), Value::Total);
        if !wholes && encoded.cells.iter().any(|cell| is_no_part(cell)) {
            let totals: Vec<bool> = encoded.cells.iter().map(|cell| is_no_part(cell)).collect();
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
        let mut coded = self.coded(column, encoded, |cell| match Value::of(&dimension, cell) {
            Value::Blank if blank_is_flaw => Read::Flaw(Problem::MissingKey {}),
            Value::Blank => Read::Blank,
            Value::Total if wholes && is_whole(cell) => Read::Value(dimension.values.len()),
            Value::Total => Read::Flaw(Problem::TotalRow { value: cell.trim().to_owned() }),
            Value::Unknown(problem) => Read::Flaw(problem),
            Value::Known(position) => Read::Value(position),
        });
        // From the order of occurrence to the position in the declaration.
        let positions: Vec<u32> =
            coded.values.iter().map(|position| u32::try_from(*position).unwrap_or(NONE)).collect();
        translate(&mut coded.ids, &positions);
        if wholes {
            dimension.values.push(DimensionValue::total());
        }
        Ok(Grouping { dimension, ids: coded.ids, blank, says_total })
    }

    /// Remembers the rows that say 合计, where those are what is read.
    fn mark(&mut self, encoded: &Encoded, is_total: impl Fn(&str) -> bool) {
        let totals: Vec<bool> = encoded.cells.iter().map(|cell| is_total(cell)).collect();
        for (mark, cell) in self.totals.iter_mut().zip(&encoded.ids) {
            let cell = usize::try_from(*cell).ok().and_then(|cell| totals.get(cell));
            *mark |= cell.copied().unwrap_or(false);
        }
    }

    /// Sets the other rows aside, where those that say 合计 are what is read.
    pub(super) fn only_totals(&self, areas: &mut Coded<AreaCode>) {
        if self.which == Which::Parts {
            return;
        }
        for (area, mark) in areas.ids.rows_mut().iter_mut().zip(&self.totals) {
            if !mark {
                *area = NONE;
            }
        }
    }
}

/// Replaces ids by what they stand for; those beyond the list by [`NONE`].
fn translate(ids: &mut Ids, into: &[u32]) {
    if (0_u32..).zip(into).any(|(id, new)| id != *new) {
        ids.translate(|id| {
            usize::try_from(id).ok().and_then(|id| into.get(id)).copied().unwrap_or(NONE)
        });
    }
}

/// Takes the area from rows that another key column disqualifies.
fn set_aside(areas: &mut Coded<AreaCode>, ids: &Ids, disqualified: impl Fn(u32) -> bool + Sync) {
    if !ids.has(&disqualified) {
        return;
    }
    for (area, id) in areas.ids.rows_mut().iter_mut().zip(ids) {
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
    areas.code(cell).map_err(|error| if is_total_row(cell) { total() } else { error })
}

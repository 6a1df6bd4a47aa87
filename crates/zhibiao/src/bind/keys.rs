//! Keys of rows: area, school, period and dimensions as small integers.

use std::hash::Hash;
use std::sync::Arc;

use hashbrown::{HashMap, HashSet};
use polars::prelude::{Column, DataType};

use super::Table;
use super::read::{shared, text_column};
use crate::area::{AreaCode, Areas};
use crate::catalog::Dimension;
use crate::error::{Error, Problem, Result, near};
use crate::label::Lang;
use crate::period::Period;

/// The id of a row that is set aside, and of a dimension cell without a value.
pub(crate) const NONE: u32 = u32::MAX;

/// Words that mark a total among its parts.
const TOTALS: [&str; 8] = ["合计", "总计", "小计", "全县", "全市", "全省", "全国", "total"];

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
}

impl Keys {
    pub(crate) fn rows(&self) -> usize {
        self.areas.ids.len()
    }

    pub(crate) fn grouping(&self, dimension: &str) -> Option<&Grouping> {
        self.dimensions.iter().find(|grouping| grouping.dimension.id == dimension)
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
    pub(crate) fn duplicates(&self) -> Vec<(usize, usize)> {
        let parts = self.parts();
        let key = |row: usize| {
            let mut key = 0_u128;
            for (ids, cardinality) in &parts {
                let id = ids.get(row).copied().unwrap_or(NONE);
                let radix = u128::try_from(cardinality.saturating_add(1)).unwrap_or(u128::MAX);
                key = key.saturating_mul(radix).saturating_add(u128::from(id.wrapping_add(1)));
            }
            key
        };
        let placed = (0..self.rows()).filter(|row| self.areas.ids.get(*row) != Some(&NONE));
        let mut seen = Seen::of(&parts, self.rows());
        let repeated: Vec<(usize, u128)> =
            placed.clone().map(|row| (row, key(row))).filter(|(_, key)| !seen.insert(*key)).collect();
        if repeated.is_empty() {
            return Vec::new();
        }
        let wanted: HashSet<u128> = repeated.iter().map(|(_, key)| *key).collect();
        let mut first: HashMap<u128, usize> = HashMap::new();
        for row in placed {
            let key = key(row);
            if wanted.contains(&key) {
                first.entry(key).or_insert(row);
            }
        }
        repeated.into_iter().filter_map(|(row, key)| Some((row, *first.get(&key)?))).collect()
    }
}

/// A set of keys: one bit a possible key where that is not much, else a hash set.
enum Seen {
    Bits(Vec<u64>),
    Hashed(HashSet<u128>),
}

impl Seen {
    fn of(parts: &[(&[u32], usize)], rows: usize) -> Self {
        let possible = parts.iter().try_fold(1_usize, |product, (_, cardinality)| {
            product.checked_mul(cardinality.checked_add(1)?)
        });
        match possible {
            Some(possible) if possible <= rows.saturating_mul(64).saturating_add(4096) => {
                Self::Bits(vec![0; possible.div_ceil(64).saturating_add(1)])
            }
            _ => Self::Hashed(HashSet::new()),
        }
    }

    /// Whether the key is new.
    fn insert(&mut self, key: u128) -> bool {
        match self {
            Self::Hashed(seen) => seen.insert(key),
            Self::Bits(words) => {
                let word = usize::try_from(key >> 6_u32).ok().and_then(|word| words.get_mut(word));
                let bit = 1_u64 << (key & 63);
                word.is_none_or(|word| {
                    let new = *word & bit == 0;
                    *word |= bit;
                    new
                })
            }
        }
    }
}

/// Gives equal values equal ids.
pub(super) struct Interner<T> {
    ids: HashMap<T, u32>,
    values: Vec<T>,
}

impl<T: Clone + Eq + Hash> Interner<T> {
    pub(super) fn new() -> Self {
        Self { ids: HashMap::new(), values: Vec::new() }
    }

    pub(super) fn id(&mut self, value: T) -> u32 {
        if let Some(id) = self.ids.get(&value) {
            return *id;
        }
        let id = u32::try_from(self.values.len()).unwrap_or(NONE);
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }

    pub(super) fn coded(self, ids: Vec<u32>) -> Coded<T> {
        Coded { ids, values: self.values }
    }
}

/// Reads the key columns of one table.
pub(super) struct KeyReader<'a> {
    pub(super) table: &'a Table,
    pub(super) area_table: &'a Areas,
    pub(super) findings: &'a mut Vec<Error>,
}

impl KeyReader<'_> {
    fn find(&mut self, row: usize, column: &Column, problem: Problem) {
        let place = self.table.place(Some(row), Some(column.name()));
        self.findings.push(Error::new(problem, place));
    }

    /// Area codes; a row without a usable one is set aside and told.
    pub(super) fn areas(&mut self, column: &Column) -> Result<Coded<AreaCode>> {
        let mut interner = Interner::new();
        let mut ids = Vec::with_capacity(column.len());
        let mut code_of = |reader: &mut Self, row: usize, code: Result<AreaCode>| {
            let id = match code {
                Ok(code) => {
                    let before = interner.values.len();
                    let id = interner.id(code);
                    let new = interner.values.len() > before;
                    if new && !reader.area_table.knows(code) && !code.is_zone() {
                        let hint = match reader.area_table.near(code) {
                            near if near.is_empty() => String::new(),
                            near => format!(" (near: {near})"),
                        };
                        let problem = Problem::UnknownArea { code: code.to_string(), hint };
                        reader.find(row, column, problem);
                    }
                    id
                }
                Err(error) => {
                    reader.find(row, column, error.problem().clone());
                    NONE
                }
            };
            ids.push(id);
        };
        match column.dtype() {
            dtype if dtype.is_integer() => {
                let cells = column.cast(&DataType::Int64).map_err(|error| self.refused(&error))?;
                let cells = cells.rechunk();
                let cells = cells.i64().map_err(|error| self.refused(&error))?;
                for row in 0..cells.len() {
                    let code = cells.get(row).ok_or_else(|| Problem::MissingKey {}.into()).and_then(|cell| {
                        let code = u32::try_from(cell).ok().and_then(AreaCode::new);
                        let hint = String::new();
                        code.ok_or_else(|| Problem::BadAreaCode { value: cell.to_string(), hint }.into())
                    });
                    code_of(self, row, code);
                }
            }
            dtype if dtype.is_float() => {
                let cells = column.cast(&DataType::Float64).map_err(|error| self.refused(&error))?;
                let cells = cells.f64().map_err(|error| self.refused(&error))?;
                for row in 0..cells.len() {
                    let value = cells.get(row).map_or_else(String::new, |cell| format!("{cell:.1}"));
                    let hint = ": a spreadsheet has made a float of it".to_owned();
                    code_of(self, row, Err(Problem::BadAreaCode { value, hint }.into()));
                }
            }
            _ => {
                let column = text_column(column).map_err(|error| error.at(self.table.place(None, Some(column.name()))))?;
                let cells = column.str().map_err(|error| self.refused(&error))?;
                let mut last: Option<(&str, AreaCode)> = None;
                for row in 0..cells.len() {
                    let cell = cells.get(row).unwrap_or("");
                    let code = match last {
                        Some((text, code)) if text == cell => Ok(code),
                        _ => self.area_of(cell),
                    };
                    if let Ok(code) = code {
                        last = Some((cell, code));
                    }
                    code_of(self, row, code);
                }
            }
        }
        Ok(interner.coded(ids))
    }

    fn area_of(&self, cell: &str) -> Result<AreaCode> {
        if cell.trim().is_empty() {
            return Err(Problem::MissingKey {}.into());
        }
        if TOTALS.contains(&cell.trim()) {
            return Err(Problem::TotalRow { value: cell.trim().to_owned() }.into());
        }
        cell.parse().map_err(|error: Error| {
            let named: Vec<String> =
                self.area_table.codes_named(cell.trim()).iter().map(ToString::to_string).collect();
            match named.as_slice() {
                [] => error,
                codes => {
                    let hint = format!(": {} is {}", cell.trim(), codes.join(" or "));
                    Problem::BadAreaCode { value: cell.to_owned(), hint }.into()
                }
            }
        })
    }

    /// Names given beside the codes: kept for codes without one, compared for the others.
    pub(super) fn names(&mut self, column: &Column, areas: &Coded<AreaCode>) -> Result<HashMap<AreaCode, String>> {
        let column = text_column(column)?;
        let cells = column.str().map_err(|error| self.refused(&error))?;
        let mut names = HashMap::new();
        for (row, id) in areas.ids.iter().enumerate() {
            let code = usize::try_from(*id).ok().and_then(|id| areas.values.get(id).copied());
            let (Some(code), Some(given)) = (code, cells.get(row)) else { continue };
            let given = given.trim();
            if given.is_empty() || names.contains_key(&code) {
                continue;
            }
            names.insert(code, given.to_owned());
            let known = self.area_table.name(code, Lang::Zh);
            if let Some(name) = known.filter(|name| !name.contains(given) && !given.contains(name.as_str())) {
                let problem = Problem::AreaNameMismatch { code: code.to_string(), given: given.to_owned(), name };
                self.find(row, &column, problem);
            }
        }
        Ok(names)
    }

    /// Periods; a row without a readable one is set aside and told.
    pub(super) fn periods(&mut self, column: &Column, areas: &mut Coded<AreaCode>) -> Result<Coded<Period>> {
        let text = if column.dtype().is_integer() {
            column.cast(&DataType::String).map_err(|error| self.refused(&error))?
        } else {
            text_column(column).map_err(|error| error.at(self.table.place(None, Some(column.name()))))?
        };
        let text = text.rechunk();
        let cells = text.str().map_err(|error| self.refused(&error))?;
        let mut interner = Interner::new();
        let mut ids = Vec::with_capacity(cells.len());
        let mut last: Option<(&str, u32)> = None;
        for row in 0..cells.len() {
            let cell = cells.get(row).unwrap_or("");
            let id = match last {
                Some((text, id)) if text == cell => id,
                _ => {
                    let period: Result<Period> = if cell.trim().is_empty() {
                        Err(Problem::MissingKey {}.into())
                    } else {
                        cell.parse()
                    };
                    match period {
                        Ok(period) => interner.id(period),
                        Err(error) => {
                            self.find(row, column, error.problem().clone());
                            if let Some(id) = areas.ids.get_mut(row) {
                                *id = NONE;
                            }
                            NONE
                        }
                    }
                }
            };
            if id != NONE {
                last = Some((cell, id));
            }
            ids.push(id);
        }
        Ok(interner.coded(ids))
    }

    /// Schools by the text that names them.
    pub(super) fn schools(&mut self, column: &Column) -> Result<Coded<Arc<str>>> {
        let text = column.cast(&DataType::String).map_err(|error| self.refused(&error))?.rechunk();
        let cells = text.str().map_err(|error| self.refused(&error))?;
        let mut interner = Interner::new();
        let mut ids = Vec::with_capacity(cells.len());
        for row in 0..cells.len() {
            match cells.get(row).map(str::trim).filter(|cell| !cell.is_empty()) {
                Some(cell) => ids.push(interner.id(shared(cell))),
                None => {
                    self.find(row, column, Problem::MissingKey {});
                    ids.push(NONE);
                }
            }
        }
        Ok(interner.coded(ids))
    }

    /// Declared values; a total is set aside, an unknown value has no id, both are told.
    pub(super) fn grouping(
        &mut self,
        column: &Column,
        dimension: &Dimension,
        areas: &mut Coded<AreaCode>,
        blank_is_flaw: bool,
    ) -> Result<Grouping> {
        let text = column.cast(&DataType::String).map_err(|error| self.refused(&error))?.rechunk();
        let cells = text.str().map_err(|error| self.refused(&error))?;
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut ids = Vec::with_capacity(cells.len());
        for row in 0..cells.len() {
            let cell = cells.get(row).unwrap_or("").trim();
            if let Some(id) = known.get(cell) {
                ids.push(*id);
                continue;
            }
            let position = dimension.position(cell).and_then(|position| u32::try_from(position).ok());
            if let Some(id) = position {
                known.insert(cell, id);
                ids.push(id);
                continue;
            }
            ids.push(NONE);
            if cell.is_empty() && !blank_is_flaw {
                continue;
            }
            let problem = if cell.is_empty() {
                Problem::MissingKey {}
            } else if TOTALS.contains(&cell) {
                if let Some(id) = areas.ids.get_mut(row) {
                    *id = NONE;
                }
                Problem::TotalRow { value: cell.to_owned() }
            } else {
                Problem::UnknownValue {
                    value: cell.to_owned(),
                    dimension: dimension.id.clone(),
                    near: near(cell, dimension.values.iter().map(|value| value.name.zh.as_str())),
                }
            };
            self.find(row, column, problem);
        }
        Ok(Grouping { dimension: dimension.clone(), ids })
    }

    fn refused(&self, error: &polars::prelude::PolarsError) -> Error {
        Problem::UnreadableTable { reason: error.to_string() }.into()
    }
}

//! What readers are shown, cell by cell, before it is laid out.
//!
//! A sheet holds only the rows that are shown, so that the first and last rows of a long table
//! cost no more than those of a short one.

mod areas;
mod attainment;
mod compared;
mod extent;
mod findings;
mod indicators;
mod listing;
mod reading;
mod rules;
mod scores;
mod verdicts;
mod years;

use std::fmt;

use crate::error::Result;
use crate::judge::VerdictTable;
use crate::label::Lang;
use crate::unit::Unit;

pub(super) use self::areas::areas;
pub(super) use self::attainment::attainment;
pub(super) use self::compared::compared;
pub(super) use self::extent::Extent;
pub(super) use self::findings::findings;
pub(super) use self::indicators::indicators;
pub(super) use self::listing::listing;
pub(super) use self::reading::reading;
pub(super) use self::scores::{removals, scores, sensitivity};

/// Verdicts: on criteria, on rules where there are any, schools that fail, criteria to come, and
/// several periods side by side.
pub(super) fn verdicts(table: &VerdictTable, most: Option<usize>) -> Result<Vec<Sheet>> {
    let mut sheets = vec![verdicts::criteria(table, most)?];
    if !table.standard.rules.is_empty() {
        sheets.push(rules::rules(table, most));
    }
    if rules::failing_schools(table).next().is_some() {
        sheets.push(rules::schools(table, most));
    }
    let to_come = verdicts::to_come(table, most)?;
    if !to_come.rows.is_empty() {
        sheets.push(to_come);
    }
    let years = years::years(table, most);
    if !years.rows.is_empty() {
        sheets.push(years);
    }
    Ok(sheets)
}

/// A table of text with what stands above and below it.
pub(super) struct Sheet {
    pub(super) title: Option<String>,
    pub(super) columns: Vec<Column>,
    /// The rows of the extent.
    pub(super) rows: Vec<Line>,
    pub(super) extent: Extent,
    /// Lines below the table.
    pub(super) notes: Vec<String>,
}

/// A column of a sheet.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) role: Role,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    /// What the row is about.
    Key,
    Words,
    Number,
    /// A number with its unit.
    Measured,
    /// Words on the row; where there are footnotes, they say it.
    Remark,
}

/// A row of a sheet.
pub(super) struct Line {
    pub(super) cells: Vec<Cell>,
    /// What qualifies the first measured cell, or says why it is empty.
    pub(super) footnote: String,
}

/// A cell of a sheet. `Display` gives text and unit.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) unit: String,
    pub(super) tone: Tone,
}

/// What a cell says of the matter.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Tone {
    #[default]
    Plain,
    Good,
    Bad,
    Open,
    Quiet,
}

impl Column {
    fn new(name: &str, role: Role) -> Self {
        Self { name: name.to_owned(), role }
    }

    /// Whether its cells stand on the right.
    pub(super) const fn is_number(&self) -> bool {
        matches!(self.role, Role::Number | Role::Measured)
    }
}

impl Cell {
    /// A printed number in a unit.
    fn measured(number: &str, unit: &Unit, lang: Lang) -> Self {
        let (text, unit) = unit.beside(number, lang);
        Self { text, unit: unit.to_owned(), tone: Tone::Plain }
    }

    fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self { tone, ..Self::from(text.into()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// Nothing is an empty cell.
impl<T: ToString> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(String::new, |value| value.to_string()).into()
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, " {}", self.unit) }
    }
}

impl From<Vec<Cell>> for Line {
    fn from(cells: Vec<Cell>) -> Self {
        Self { cells, footnote: String::new() }
    }
}

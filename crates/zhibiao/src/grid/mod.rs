//! Grids (单元格网): what a file holds before anything knows what it means.
//!
//! A file of text or a workbook is [`read`] to a [`Book`] of [`Grid`]s; the tables on a grid are
//! found as [`Block`]s; a block is read to [`Lines`], text with the place of every cell, which is
//! all that binding sees. Nothing here knows a catalogue, and nothing uses polars.
//!
//! What a file is, its bytes tell, and its name must not say otherwise. Text is UTF-8, UTF-16 or
//! GB18030, separated by commas, tabs, semicolons, Chinese commas or vertical bars. Workbooks are
//! .xlsx, .xlsm, .xlsb, .xls and .ods. Hidden rows and columns are known of .xlsx, .xlsm and .ods,
//! merged regions also of .xls; in an .xlsb file nothing is known to be merged. All tell whether a
//! sheet is hidden.
//!
//! Limits: a packed workbook has at most 2,000 parts, which unpack to at most 512 MiB together and,
//! above 1 MiB, to 200 times their size each; an .xls file has at most 64 MiB. A workbook has at
//! most 20,000,000 cells, with the empty ones before them, 20,000 merged regions, and 512 MiB of
//! text in its cells; a sheet 1,048,576 rows and 16,384 columns. What is more is refused as `too-large` before it is unpacked.
//!
//! May use `error`, `label` and `number`.

mod block;
mod cell;
mod choose;
mod decode;
mod find;
mod guard;
mod header;
mod kind;
mod layout;
mod legacy;
mod lines;
mod ods;
mod shown;
mod tags;
mod text;
mod workbook;

pub use self::block::{Block, Column};
pub use self::cell::Cell;
pub use self::decode::{Encoding, decoded};
pub use self::lines::{Lines, Origins};
pub use self::text::read_text;
pub(crate) use self::text::{is_plain, separator_of};

use std::collections::BTreeSet;

use crate::error::{Error, Place, Problem, Result};

/// A file as grids (文件): the sheets of a workbook, or the one grid of a text file.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// File as it was named.
    pub file: String,
    /// Sheets in their order.
    pub grids: Vec<Grid>,
    /// Of a text file, how it is written and what separates its cells.
    pub written: Option<(Encoding, char)>,
}

/// One sheet (工作表), or a file of text: cells as they stand, merged ones not filled.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Name of the sheet; none for a file of text.
    pub sheet: Option<String>,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Cells by row and column, from A1; rows may be of different length.
    pub rows: Vec<Vec<Cell>>,
    /// Merged regions.
    pub merged: Vec<Region>,
    /// Rows that are hidden, from 0.
    pub hidden_rows: BTreeSet<usize>,
    /// Columns that are hidden, from 0.
    pub hidden_columns: BTreeSet<usize>,
}

/// A rectangle of cells; all numbers are from 0, and the last ones belong to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Region {
    /// First row.
    pub top: usize,
    /// First column.
    pub left: usize,
    /// Last row.
    pub bottom: usize,
    /// Last column.
    pub right: usize,
}

impl Region {
    /// Its first and last cell, as a spreadsheet names them: `B2:B3`.
    fn name(&self) -> String {
        let cell =
            |row: usize, column: usize| format!("{}{}", letters(column), row.saturating_add(1));
        format!("{}:{}", cell(self.top, self.left), cell(self.bottom, self.right))
    }
}

/// The bytes of a file as grids; its name is used in messages, and its ending held against them.
///
/// ```
/// let book = zhibiao::grid::read("区县,在园幼儿数\n平遥县,60\n".as_bytes(), "幼儿.csv")?;
/// assert_eq!(book.said().as_deref(), Some("UTF-8, comma"));
/// let blocks = book.grids[0].blocks();
/// assert_eq!(blocks[0].columns[1].name(), "在园幼儿数");
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # Errors
/// `wrong-file-type`, `encrypted-file`, `damaged-workbook` and `too-large` for workbooks, those of
/// [`decoded`] and [`read_text`] for text, `empty-table` for a file without a cell.
pub fn read(bytes: &[u8], file: &str) -> Result<Book> {
    let book = read_as(bytes, file).map_err(|error| error.at(Place::file(file)))?;
    if book.grids.iter().all(|grid| grid.rows.iter().flatten().all(Cell::is_blank)) {
        return Err(Error::new(Problem::EmptyTable {}, Place::file(file)));
    }
    Ok(book)
}

fn read_as(bytes: &[u8], file: &str) -> Result<Book> {
    let kind = kind::kind(bytes, file)?;
    let file = file.to_owned();
    if kind != kind::Kind::Text {
        return Ok(Book { file, grids: workbook::sheets(bytes, kind)?, written: None });
    }
    let (text, encoding) = decoded(bytes)?;
    let (grid, separator) = read_text(&text, None)?;
    Ok(Book { file, grids: vec![grid], written: Some((encoding, separator)) })
}

impl Book {
    /// How a text file is written, such as `GB18030, tab`; none for a workbook.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let (encoding, separator) = self.written?;
        Some(format!("{}, {}", encoding.name(), text::separator_name(separator)))
    }

    /// What users should know: hidden sheets passed over, hidden rows and columns left out,
    /// formulas that failed or have no value, columns without a header.
    #[must_use]
    pub fn findings(&self) -> Vec<Error> {
        let found = self.grids.iter().flat_map(Grid::findings);
        found.map(|error| error.at(Place::file(&self.file))).collect()
    }

    /// What users should know of a table on one of the sheets: how its text was read, if not as was to
    /// be expected; hidden sheets beside it; and the findings of the sheet, hidden or not.
    #[must_use]
    pub fn findings_on(&self, grid: &Grid) -> Vec<Error> {
        let of_sheet = |other: &Grid| match other.sheet == grid.sheet {
            true => other.flaws(),
            false if other.hidden => other.findings(),
            false => Vec::new(),
        };
        let found = self.read_as().into_iter().chain(self.grids.iter().flat_map(of_sheet));
        found.map(|error| error.at(Place::file(&self.file))).collect()
    }

    /// Tells what was found out about a file of text, if it is not what was to be expected.
    pub(crate) fn read_as(&self) -> Option<Error> {
        let usual = matches!(self.written, None | Some((Encoding::Utf8, ',')));
        let said = self.said().filter(|_| !usual)?;
        Some(Error::new(Problem::ReadAs { said }, Place::file(&self.file)))
    }
}

impl Grid {
    /// The cell at a row and column, from 0; what was never written is empty.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&Cell::Empty)
    }

    fn findings(&self) -> Vec<Error> {
        if self.hidden {
            let filled = !self.rows.iter().flatten().all(Cell::is_blank);
            return filled
                .then(|| self.finding(Problem::HiddenSheet {}, None, None))
                .into_iter()
                .collect();
        }
        self.flaws()
    }

    /// What users should know of a sheet that is read.
    fn flaws(&self) -> Vec<Error> {
        let blocks = self.blocks();
        let mut findings: Vec<Error> =
            blocks.iter().flat_map(|block| block.findings(self)).collect();
        for (row, cells) in self.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                if let Cell::Error(value) = cell
                    && self.shows(row, column)
                {
                    let problem = if value == cell::UNCOMPUTED {
                        Problem::UncomputedFormula {}
                    } else {
                        Problem::ErrorCell { value: value.clone() }
                    };
                    findings.push(self.finding(problem, Some(row), Some(column)));
                }
            }
        }
        findings
    }

    fn finding(&self, problem: Problem, row: Option<usize>, column: Option<usize>) -> Error {
        Error::new(problem, place(self.sheet.as_deref(), row, column))
    }

    fn shows(&self, row: usize, column: usize) -> bool {
        !self.hidden_rows.contains(&row) && !self.hidden_columns.contains(&column)
    }
}

/// The place of a cell by its row and column, from 0; columns are named by their letter.
fn place(sheet: Option<&str>, row: Option<usize>, column: Option<usize>) -> Place {
    Place::Cell {
        file: None,
        sheet: sheet.map(str::to_owned),
        row: row.map(|row| u64::try_from(row.saturating_add(1)).unwrap_or(u64::MAX)),
        column: column.map(letters),
    }
}

/// The letters of a column, from 0: A, B, … Z, AA.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(column);
    while let Some(at) = rest {
        let digit = at.checked_rem(26).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
        letters.push(char::from(b'A'.saturating_add(digit)));
        rest = at.checked_div(26).and_then(|left| left.checked_sub(1));
    }
    letters.into_iter().rev().collect()
}

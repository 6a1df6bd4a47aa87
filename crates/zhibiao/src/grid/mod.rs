//! Grids (单元格网): what a file holds before anything knows what it means.
//!
//! A file of text or a workbook becomes a [`Book`] of [`Grid`]s; the tables on a grid are found as
//! [`Block`]s; a block is read to [`Lines`], text with the place of every cell, which is all that
//! binding sees. Nothing here knows a catalogue, and nothing uses polars.
//!
//! May use `error`, `label` and `number`.

mod block;
mod cell;
mod choose;
mod lines;

pub use self::block::{Block, Column};
pub use self::cell::Cell;
pub use self::lines::{Lines, Origins};

use std::collections::BTreeSet;

/// A file as grids (文件): the sheets of a workbook, or the one grid of a text file.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// File as it was named.
    pub file: String,
    /// Sheets in their order.
    pub grids: Vec<Grid>,
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

impl Grid {
    /// The cell at a row and column, from 0; what was never written is empty.
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(&Cell::Empty)
    }
}

//! Blocks (数据区): the tables that stand on a grid.

use super::Lines;
use super::lines::Origins;
use crate::grid::Grid;

/// A table on a grid: its header, perhaps of several rows, and the rows below it.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Columns from the left.
    pub columns: Vec<Column>,
    /// Rows of the grid that hold the header, from 0.
    pub header: std::ops::Range<usize>,
    /// Rows of the grid that hold data, from 0, in order: without blank and hidden ones.
    pub rows: Vec<usize>,
    /// Lines that stand above the header: titles, units.
    pub above: Vec<String>,
    /// Lines that stand below the rows: notes.
    pub below: Vec<String>,
}

/// A column of a block.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Column {
    /// Column of the grid, from 0.
    pub at: usize,
    /// The texts of its header from the top, merged cells spread over all they cover, each once.
    pub parts: Vec<String>,
}

impl Column {
    /// The parts joined by `_`, such as `在园幼儿数_公办`.
    #[must_use]
    pub fn name(&self) -> String {
        self.parts.join("_")
    }
}

impl Block {
    /// The table as text.
    #[must_use]
    pub fn lines(&self, grid: &Grid) -> Lines {
        let columns = self.columns.iter().map(Column::name).collect();
        let cells = self
            .columns
            .iter()
            .map(|column| self.rows.iter().map(|row| grid.cell(*row, column.at).text()).collect());
        let rows =
            self.rows.iter().map(|row| u64::try_from(row.saturating_add(1)).unwrap_or(u64::MAX));
        Lines {
            sheet: grid.sheet.clone(),
            columns,
            cells: cells.collect(),
            origins: Origins { rows: rows.collect(), columns: Vec::new() },
        }
    }
}

impl Grid {
    /// The tables on the grid.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        Vec::new()
    }
}

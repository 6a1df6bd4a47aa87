//! Blocks (数据区): the tables that stand on a grid.

use super::Lines;
use super::cell::Cell;
use super::lines::Origins;
use super::{Grid, letters};
use crate::error::{Error, Problem};

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
    /// Rows and columns of it that are hidden and not blank, which were left out.
    pub hidden: (usize, usize),
}

/// A column of a block.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Column {
    /// Column of the grid, from 0.
    pub at: usize,
    /// The texts of its header from the top, merged cells spread over all they cover, each once; of
    /// a column without a header `列` and its letter.
    pub parts: Vec<String>,
}

impl Column {
    /// The parts joined by `_`, such as `在园幼儿数_公办`.
    #[must_use]
    pub fn name(&self) -> String {
        self.parts.join("_")
    }

    /// The name of a column without a header.
    pub(super) fn unnamed(at: usize) -> String {
        format!("列{}", letters(at))
    }
}

impl Block {
    /// The table as text.
    ///
    /// A text that is merged over several rows of one column, such as the prefecture beside its
    /// counties, stands in each of them; a figure only in the first.
    #[must_use]
    pub fn lines(&self, grid: &Grid) -> Lines {
        let columns = self.columns.iter().map(Column::name).collect();
        let cells = self.columns.iter().map(|column| self.cells(grid, column.at));
        let rows =
            self.rows.iter().map(|row| u64::try_from(row.saturating_add(1)).unwrap_or(u64::MAX));
        Lines {
            sheet: grid.sheet.clone(),
            columns,
            cells: cells.collect(),
            origins: Origins { rows: rows.collect(), columns: Vec::new() },
        }
    }

    fn cells(&self, grid: &Grid, column: usize) -> Vec<Option<String>> {
        let spreads = |first: &Cell| matches!(first, Cell::Text(_)) && !first.is_figure();
        self.filled(grid, column, spreads)
    }

    /// The cells of a column of keys; one that is merged over several rows stands in each of them,
    /// also a number.
    pub(crate) fn keys(&self, grid: &Grid, column: usize) -> Vec<Option<String>> {
        self.filled(grid, column, |_| true)
    }

    /// The cells of a column, with those that are merged over several rows in each of them, if they
    /// are such that spread.
    fn filled(
        &self,
        grid: &Grid,
        column: usize,
        spreads: impl Fn(&Cell) -> bool,
    ) -> Vec<Option<String>> {
        let tall = grid.merged.iter().filter(|region| {
            (region.left, region.right) == (column, column) && region.top >= self.header.end
        });
        let mut tall: Vec<(usize, usize)> =
            tall.map(|region| (region.top, region.bottom)).collect();
        tall.sort_unstable();
        let cells = self.rows.iter().map(|row| {
            let cell = grid.cell(*row, column);
            let over = tall.get(..tall.partition_point(|(top, _)| top <= row));
            let over = over.and_then(<[_]>::last).filter(|(_, bottom)| row <= bottom);
            match over.map(|(top, _)| grid.cell(*top, column)) {
                Some(first) if cell.is_blank() && spreads(first) => first.text(),
                _ => cell.text(),
            }
        });
        cells.collect()
    }

    pub(super) fn findings(&self, grid: &Grid) -> Vec<Error> {
        let mut findings = Vec::new();
        let (rows, columns) = self.hidden;
        if (rows, columns) != (0, 0) {
            findings.push(grid.finding(Problem::HiddenCells { rows, columns }, None, None));
        }
        for column in &self.columns {
            let name = Column::unnamed(column.at);
            if column.parts == [name.as_str()] {
                let problem = Problem::UnnamedColumn { name };
                findings.push(grid.finding(problem, None, Some(column.at)));
            }
        }
        findings
    }
}

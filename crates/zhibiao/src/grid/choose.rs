//! Which table of a file is meant, where nothing but the file says it.

use std::ops::Range;

use super::{Block, Book, Column, Grid, Region};
use crate::error::{Error, Place, Problem, Result, near};

/// How many headers are told of each table.
const HEADERS: usize = 4;

impl Book {
    /// The only table of a file, or of one of its sheets; hidden sheets have to be named.
    ///
    /// # Errors
    /// `unknown-sheet`; `no-table` where there is none; `several-tables`, with their headers.
    pub fn table(&self, sheet: Option<&str>) -> Result<(&Grid, Block)> {
        let grids = match sheet {
            Some(_) => vec![self.sheet(sheet)?],
            None => self.grids.iter().filter(|grid| !grid.hidden).collect(),
        };
        let on = |grid: &'_ Grid| grid.blocks();
        let mut tables: Vec<(&Grid, Block)> = Vec::new();
        for grid in grids {
            tables.extend(on(grid).into_iter().map(|block| (grid, block)));
        }
        match tables.len() {
            0 => Err(self.error(Problem::NoTable {})),
            1 => tables.pop().ok_or_else(|| self.error(Problem::NoTable {})),
            _ => {
                let told: Vec<String> =
                    tables.iter().map(|(grid, block)| told(grid, block)).collect();
                Err(self.error(Problem::SeveralTables { tables: told.join("; ") }))
            }
        }
    }

    /// A sheet by its name; without one, the only one that is not hidden.
    ///
    /// # Errors
    /// `unknown-sheet`, `no-table`, `several-tables`.
    pub fn sheet(&self, name: Option<&str>) -> Result<&Grid> {
        let names = || self.grids.iter().filter_map(|grid| grid.sheet.as_deref());
        if let Some(name) = name {
            let found = self.grids.iter().find(|grid| grid.sheet.as_deref() == Some(name));
            return found.ok_or_else(|| {
                let near = near(name, names());
                self.error(Problem::UnknownSheet { sheet: name.to_owned(), near })
            });
        }
        let mut shown = self.grids.iter().filter(|grid| !grid.hidden);
        let first = shown.next().ok_or_else(|| self.error(Problem::NoTable {}))?;
        match shown.next() {
            None => Ok(first),
            Some(_) => {
                let tables = names().collect::<Vec<_>>().join("; ");
                Err(self.error(Problem::SeveralTables { tables }))
            }
        }
    }

    fn error(&self, problem: Problem) -> Error {
        Error::new(problem, Place::file(&self.file))
    }
}

/// A table in a message: `表1, row 3 (区划代码, 在园幼儿数, …)`.
fn told(grid: &Grid, block: &Block) -> String {
    let sheet = grid.sheet.as_ref().map_or_else(String::new, |sheet| format!("{sheet}, "));
    let mut names: Vec<String> = block.columns.iter().take(HEADERS).map(Column::name).collect();
    if block.columns.len() > HEADERS {
        names.push("…".to_owned());
    }
    format!("{sheet}row {} ({})", block.header.start.saturating_add(1), names.join(", "))
}

impl Grid {
    /// The table below given rows of header: all columns with a text there, all rows that are not
    /// blank or hidden.
    #[must_use]
    pub fn block_below(&self, header: Range<usize>) -> Block {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let shown = (0..width).filter(|column| !self.hidden_columns.contains(column));
        let columns = shown.map(|at| Column { at, parts: self.header_parts(&header, at) });
        let columns: Vec<Column> = columns.filter(|column| !column.parts.is_empty()).collect();
        let is_filled = |row: &usize| {
            !self.hidden_rows.contains(row)
                && columns.iter().any(|column| !self.cell(*row, column.at).is_blank())
        };
        let rows = (header.end..self.rows.len()).filter(is_filled).collect();
        Block { columns, header, rows, ..Block::default() }
    }

    /// The cell at a place, or the one whose merged region covers it.
    pub(crate) fn covering(&self, row: usize, column: usize) -> (usize, usize) {
        let covers = |region: &&Region| {
            (region.top..=region.bottom).contains(&row)
                && (region.left..=region.right).contains(&column)
        };
        self.merged.iter().find(covers).map_or((row, column), |region| (region.top, region.left))
    }

    fn header_parts(&self, header: &Range<usize>, column: usize) -> Vec<String> {
        let mut cells: Vec<(usize, usize)> =
            header.clone().map(|row| self.covering(row, column)).collect();
        cells.dedup();
        let texts = cells.into_iter().filter_map(|(row, column)| self.cell(row, column).text());
        let folded = texts.map(|text| text.split_whitespace().collect::<String>());
        folded.filter(|text| !text.is_empty()).collect()
    }
}

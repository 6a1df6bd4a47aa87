//! Which table of a file is meant, where nothing but the file says it.

use std::ops::Range;

use super::find::{Row, View};
use super::{Block, Book, Column, Grid};
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
        let mut tables: Vec<(&Grid, Block)> = Vec::new();
        for grid in grids {
            tables.extend(grid.blocks().into_iter().map(|block| (grid, block)));
        }
        if tables.len() > 1 {
            let told: Vec<String> = tables.iter().map(|(grid, block)| told(grid, block)).collect();
            return Err(self.error(Problem::SeveralTables { tables: told.join("; ") }));
        }
        tables.pop().ok_or_else(|| self.error(Problem::NoTable {}))
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
        if shown.next().is_none() {
            return Ok(first);
        }
        let tables = names().collect::<Vec<_>>().join("; ");
        Err(self.error(Problem::SeveralTables { tables }))
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
    /// The table below given rows of header, counted from 0, where [`blocks`](Self::blocks) takes
    /// others for it: all rows below them that are not blank or hidden.
    #[must_use]
    pub fn block_below(&self, header: Range<usize>) -> Block {
        let columns = 0..self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let view = View { grid: self, columns };
        let shown = |rows: Range<usize>| -> Vec<usize> {
            rows.filter(|row| !self.hidden_rows.contains(row)).collect()
        };
        let mut rows = shown(header.end..self.rows.len());
        rows.retain(|row| view.row(*row) != Row::Blank);
        let above = shown(0..header.start).into_iter().flat_map(|row| view.filled(row));
        let above = above.filter_map(|(_, cell)| Some(cell.text()?.trim().to_owned())).collect();
        let columns = view.named(&shown(header.clone()), &rows);
        Block { columns, header, rows, above, ..Block::default() }
    }
}

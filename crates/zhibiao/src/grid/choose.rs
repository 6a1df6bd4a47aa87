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
        let mut tables = tables_on(&grids);
        if tables.len() > 1 {
            return Err(self.several(&tables));
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
        let shown: Vec<&Grid> = self.grids.iter().filter(|grid| !grid.hidden).collect();
        match shown.as_slice() {
            [] => Err(self.error(Problem::NoTable {})),
            [only] => Ok(only),
            several => Err(self.several(&tables_on(several))),
        }
    }

    fn several(&self, tables: &[(&Grid, Block)]) -> Error {
        let told: Vec<String> = tables.iter().map(|(grid, block)| told(grid, block)).collect();
        self.error(Problem::SeveralTables { tables: told.join("; ") })
    }

    fn error(&self, problem: Problem) -> Error {
        Error::new(problem, Place::file(&self.file))
    }
}

fn tables_on<'b>(grids: &[&'b Grid]) -> Vec<(&'b Grid, Block)> {
    let tables = |grid: &&'b Grid| {
        let grid: &'b Grid = grid;
        grid.blocks().into_iter().map(move |block| (grid, block))
    };
    grids.iter().flat_map(tables).collect()
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
    /// The table below given rows of header, counted from 0: the one of [`blocks`](Self::blocks) that
    /// has them; where these take other rows for the header, all rows below that are not blank or
    /// hidden.
    #[must_use]
    pub fn block_below(&self, header: Range<usize>) -> Block {
        let mut known = self.blocks().into_iter().filter(|block| block.header == header);
        if let (Some(block), None) = (known.next(), known.next()) {
            return block;
        }
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

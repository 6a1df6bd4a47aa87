//! Workbooks, and files of text that need a second look, as columns of text.

use std::path::Path;

use polars::prelude::{Column, DataFrame};

use super::open::unreadable_file;
use super::{Files, ReadOptions, Table, unreadable};
use crate::catalog::{Role, folded, role_of};
use crate::error::{Error, Place, Problem, Result};
use crate::grid::{self, Block, Book, Grid, Lines};
use crate::mapping::UnitsAbove;

/// Most bytes that a workbook may have, packed.
const MOST: u64 = 512 << 20;

/// A workbook as a table.
pub(super) fn read_workbook(path: &Path, how: &ReadOptions) -> Result<Table> {
    table_of(&grid::read(&bytes_of(path)?, &path.display().to_string())?, how)
}

/// The bytes of a workbook.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(|error| unreadable_file(path, &error))?.len();
    if size > MOST {
        let what = "bytes of the workbook".to_owned();
        return Err(Problem::TooLarge { what, size, limit: MOST }.into());
    }
    std::fs::read(path).map_err(|error| unreadable_file(path, &error))
}

/// The table of a book that is meant.
pub(super) fn table_of(book: &Book, how: &ReadOptions) -> Result<Table> {
    let mut notes = Vec::new();
    let (grid, lines, units) = match &how.mapping {
        None => {
            let (grid, block) = book.table(how.sheet.as_deref())?;
            (grid, lines_of(grid, &block), UnitsAbove::of(&block))
        }
        Some((mapping, catalog)) => {
            let (grid, block) = mapping.block(book, how.sheet.as_deref())?;
            let read = mapping.lines(grid, &block, catalog);
            let (lines, told) = read.map_err(|error| error.beside(book.read_as()))?;
            notes.extend(told);
            (grid, lines, mapping.units_around(&block))
        }
    };
    let place = || Place::Cell {
        file: Some(book.file.clone()),
        sheet: grid.sheet.clone(),
        row: None,
        column: None,
    };
    notes.extend(book.findings_on(grid));
    let notes = notes.into_iter().map(|note: Error| note.at(place())).collect();
    let table = table(book, (lines, units), notes).map_err(|error| error.at(place()));
    table.map_err(|error| error.beside(book.read_as()))
}

/// The lines of a table, with keys that are merged over rows in each of them, also codes.
fn lines_of(grid: &Grid, block: &Block) -> Lines {
    let mut lines = block.lines(grid);
    for (cells, column) in lines.cells.iter_mut().zip(&block.columns) {
        let role = role_of(&folded(&column.name()), false);
        if matches!(role, Some(Role::Area | Role::AreaName | Role::Period | Role::School)) {
            *cells = block.keys(grid, column.at);
        }
    }
    lines
}

fn table(book: &Book, (lines, units): (Lines, UnitsAbove), notes: Vec<Error>) -> Result<Table> {
    let Lines { sheet, columns: headers, cells, origins } = lines;
    if origins.rows.is_empty() {
        return Err(Problem::EmptyTable {}.into());
    }
    let mut columns: Vec<Column> = Vec::with_capacity(headers.len());
    for (header, cells) in headers.into_iter().zip(cells) {
        if columns.iter().any(|column| column.name().as_str() == header) {
            return Err(Problem::DuplicateColumn { first: header.clone(), column: header }.into());
        }
        columns.push(Column::new(header.as_str().into(), cells));
    }
    let frame = DataFrame::new_infer_height(columns).map_err(|error| unreadable(&error))?;
    let mut files = Files::default();
    files.add(book.file.clone(), sheet, origins, units);
    Ok(Table { files, notes, ..Table::from(frame) })
}

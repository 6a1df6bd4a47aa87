//! Workbooks, and files of text that need a second look, as columns of text.

use std::path::Path;

use polars::prelude::{Column, DataFrame};

use super::open::unreadable_file;
use super::{Files, ReadOptions, Table, unreadable};
use crate::error::{Error, Place, Problem, Result};
use crate::grid::{self, Book, Encoding, Lines};

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
    let (grid, lines) = match &how.mapping {
        None => {
            let (grid, block) = book.table(how.sheet.as_deref())?;
            (grid, block.lines(grid))
        }
        Some((mapping, catalog)) => {
            let (grid, block) = mapping.block(book, how.sheet.as_deref())?;
            let (lines, told) = mapping.lines(grid, &block, catalog)?;
            notes.extend(told);
            (grid, lines)
        }
    };
    let place = || Place::Cell {
        file: Some(book.file.clone()),
        sheet: grid.sheet.clone(),
        row: None,
        column: None,
    };
    notes.extend(read_as(book));
    notes.extend(book.findings_on(grid));
    let notes = notes.into_iter().map(|note: Error| note.at(place())).collect();
    table(book, lines, notes).map_err(|error| error.at(place()))
}

/// Tells what was found out about a file of text, if it is not what was to be expected.
fn read_as(book: &Book) -> Option<Error> {
    let usual = matches!(book.written, None | Some((Encoding::Utf8, ',')));
    let said = book.said().filter(|_| !usual)?;
    Some(Problem::ReadAs { said }.into())
}

fn table(book: &Book, lines: Lines, notes: Vec<Error>) -> Result<Table> {
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
    files.add(book.file.clone(), sheet, origins);
    Ok(Table { files, notes, ..Table::from(frame) })
}

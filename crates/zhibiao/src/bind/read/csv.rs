//! CSV files as columns of text.

use std::io::{Cursor, Read};
use std::path::Path;

use polars::prelude::{CsvReadOptions, DataFrame, DataType, SerReader};

use super::open::{opened, unreadable_file};
use super::unreadable;
use crate::error::{Problem, Result};

/// Every column as text. The header is read as a row, because the reader would rename a header
/// that stands twice.
pub(super) fn read_csv(path: &Path) -> Result<DataFrame> {
    let mut bytes = Vec::new();
    opened(path)?.read_to_end(&mut bytes).map_err(|error| unreadable_file(path, &error))?;
    if let Err(error) = std::str::from_utf8(&bytes) {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(&bytes);
        let newlines = before.iter().filter(|byte| **byte == b'\n').count();
        let line = u64::try_from(newlines.saturating_add(1)).unwrap_or(u64::MAX);
        return Err(Problem::NotUtf8 { line }.into());
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::EmptyTable {}.into());
    }
    // Blank lines at the end are no rows.
    let text = bytes.trim_ascii_end().len();
    bytes.truncate(text);
    let options =
        CsvReadOptions::default().with_has_header(false).with_infer_schema_length(Some(0));
    let reader = options.into_reader_with_file_handle(Cursor::new(bytes));
    let with_header = reader.finish().map_err(|error| unreadable(&error))?;
    let mut columns = Vec::with_capacity(with_header.width());
    let mut headers: Vec<String> = Vec::with_capacity(with_header.width());
    for column in with_header.columns() {
        let text = column.cast(&DataType::String).map_err(|error| unreadable(&error))?;
        let header = text
            .str()
            .map_err(|error| unreadable(&error))?
            .get(0)
            .unwrap_or("")
            .trim_start_matches('\u{feff}');
        let below = text.slice(1, text.len().saturating_sub(1));
        // Columns that a spreadsheet leaves to the right of a table.
        if header.trim().is_empty() && below.null_count() == below.len() {
            continue;
        }
        if headers.iter().any(|other| other == header) {
            let header = header.to_owned();
            return Err(Problem::DuplicateColumn { first: header.clone(), column: header }.into());
        }
        headers.push(header.to_owned());
        columns.push(below.with_name(header.into()));
    }
    DataFrame::new_infer_height(columns).map_err(|error| unreadable(&error))
}

//! Files of text as columns of text.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::path::Path;

use polars::prelude::{CsvReadOptions, DataFrame, DataType, SerReader};

use super::grids::table_of;
use super::open::{opened, unreadable_file};
use super::{ReadOptions, Table, unreadable};
use crate::error::{Problem, Result};
use crate::grid::{self, Encoding};

/// Most bytes that a packed file of text may unpack to.
const MOST: u64 = 16 << 30;

/// A file of text as a table. What is UTF-8, separated by commas, and of one width from its first
/// line on is read at once; all else is looked at cell by cell.
pub(super) fn read_text(path: &Path, how: &ReadOptions) -> Result<Table> {
    let bytes = bytes_of(path)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::EmptyTable {}.into());
    }
    let (text, encoding) = grid::decoded(&bytes)?;
    if how.mapping.is_none()
        && encoding == Encoding::Utf8
        && let Cow::Borrowed(text) = text
        && let Some(frame) = plain(text.trim_ascii_end())?
    {
        let mut table = Table::from(frame);
        table.files.note(path.display().to_string(), table.rows());
        return Ok(table);
    }
    drop(text);
    table_of(&grid::read(&bytes, &path.display().to_string())?, how)
}

/// The bytes of a text file, unpacked.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = opened(path)?.take(MOST).read_to_end(&mut bytes);
    let size = u64::try_from(read.map_err(|error| unreadable_file(path, &error))?);
    let size = size.unwrap_or(u64::MAX);
    if size >= MOST {
        let what = "bytes of the unpacked file".to_owned();
        return Err(Problem::TooLarge { what, size, limit: MOST }.into());
    }
    Ok(bytes)
}

/// The columns of a text that needs no second look. The header is read as a row, because the reader
/// would rename a header that stands twice.
fn plain(text: &str) -> Result<Option<DataFrame>> {
    if grid::separator_of(text).ok() != Some(',') || !grid::is_plain(text.as_bytes(), &mut None) {
        return Ok(None);
    }
    let options =
        CsvReadOptions::default().with_has_header(false).with_infer_schema_length(Some(0));
    let reader = options.into_reader_with_file_handle(Cursor::new(text.as_bytes()));
    let Ok(with_header) = reader.finish() else { return Ok(None) };
    let mut columns = Vec::with_capacity(with_header.width());
    let mut headers: Vec<String> = Vec::with_capacity(with_header.width());
    for column in with_header.columns() {
        let text = column.cast(&DataType::String).map_err(|error| unreadable(&error))?;
        let header = text.str().map_err(|error| unreadable(&error))?.get(0).unwrap_or("");
        let below = text.slice(1, text.len().saturating_sub(1));
        if header.trim().is_empty() {
            // Columns that a spreadsheet leaves to the right of a table.
            if below.null_count() == below.len() {
                continue;
            }
            return Ok(None);
        }
        if headers.iter().any(|other| other == header) {
            let header = header.to_owned();
            return Err(Problem::DuplicateColumn { first: header.clone(), column: header }.into());
        }
        headers.push(header.to_owned());
        columns.push(below.with_name(header.into()));
    }
    DataFrame::new_infer_height(columns).map(Some).map_err(|error| unreadable(&error))
}

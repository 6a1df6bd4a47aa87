//! CSV files, some megabytes at a time, cut where a record ends.
//!
//! Cells of whole-number measures are read as such; where one of a batch is none, the batch is
//! text, and binding tells what is wrong with it.

use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use memchr::{memchr, memchr2_iter, memrchr_iter};
use polars::prelude::{
    CsvReadOptions, DataFrame, DataType, Field, PlSmallStr, PolarsResult, Schema, SerReader,
};

use super::super::read::{opened, unreadable, unreadable_file};
use super::Wanted;
use crate::error::{Problem, Result};
use crate::grid::{is_plain, separator_of};

/// Bytes in which the first record must end.
const HEADER: usize = 1 << 20;

/// The columns of a file, without rows; none where two have one name, or one has none, and where
/// reading all of it tells more.
pub(super) fn header(path: &Path) -> Option<DataFrame> {
    let mut bytes = Vec::new();
    let most = u64::try_from(HEADER).ok()?;
    opened(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
    if !is_usual(&bytes) {
        return None;
    }
    let (names, _) = names(&bytes)?;
    if names.iter().any(|name| name.trim().is_empty()) {
        return None;
    }
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair.first() == pair.last()) {
        return None;
    }
    let schema: Schema =
        names.iter().map(|name| Field::new(name.as_str().into(), DataType::String)).collect();
    Some(DataFrame::empty_with_schema(&schema))
}

/// Gives the rows of a file batch by batch, until `put` has enough.
pub(super) fn read(
    path: &Path,
    wanted: &Wanted,
    put: &mut dyn FnMut(DataFrame) -> bool,
) -> Result<()> {
    let unreadable_file = |error| unreadable_file(path, &error);
    let mut file = opened(path)?;
    let mut bytes = Vec::new();
    let mut columns: Option<Columns> = None;
    let (mut lines, mut width) = (0_usize, None);
    let mut step = wanted.cut.bytes;
    loop {
        let missing = step.max(if columns.is_none() { HEADER } else { 0 });
        let missing = missing.saturating_sub(bytes.len());
        let missing = u64::try_from(missing).unwrap_or(u64::MAX);
        file.by_ref().take(missing).read_to_end(&mut bytes).map_err(unreadable_file)?;
        let mut more = [0_u8; 1];
        let at_end = file.read(&mut more).map_err(unreadable_file)? == 0;
        if !at_end {
            bytes.extend(more);
        }
        let end = if at_end { bytes.trim_ascii_end().len() } else { last_end(&bytes) };
        // A record that is longer than a batch.
        if end == 0 && !at_end {
            step = step.saturating_mul(2);
            continue;
        }
        let rest = bytes.split_off(end);
        let mut text = std::mem::replace(&mut bytes, rest);
        check_utf8(&text, lines)?;
        if !is_plain(&text, &mut width) {
            return Err(Problem::RaggedRow { cells: 0, headers: 0 }.into());
        }
        lines = lines.saturating_add(memchr::memchr_iter(b'\n', &text).count());
        if columns.is_none() {
            let (names, length) = names(&text).unwrap_or_default();
            columns = Some(Columns::of(&names, wanted));
            text.drain(..length);
        }
        if let Some(columns) = columns.as_ref().filter(|_| !text.trim_ascii().is_empty()) {
            let frame = columns.parsed(&text).map_err(|error| unreadable(&error))?;
            if frame.height() > 0 && !put(frame) {
                return Ok(());
            }
        }
        if at_end {
            return Ok(());
        }
    }
}

/// Whether the beginning of a file is UTF-8 in records of one width, separated by commas.
fn is_usual(bytes: &[u8]) -> bool {
    let end = if bytes.len() < HEADER { bytes.trim_ascii_end().len() } else { last_end(bytes) };
    let whole = bytes.get(..end).unwrap_or(bytes);
    let text = std::str::from_utf8(whole).ok().filter(|text| !text.contains('\0'));
    text.is_some_and(|text| separator_of(text).ok() == Some(',') && is_plain(whole, &mut None))
}

/// The columns of a file, as they are parsed.
struct Columns {
    whole: Arc<Schema>,
    text: Arc<Schema>,
    wanted: Arc<[PlSmallStr]>,
}

impl Columns {
    fn of(names: &[String], wanted: &Wanted) -> Self {
        let schema = |whole: &[String]| -> Arc<Schema> {
            let field = |name: &String| {
                let whole = whole.contains(name);
                let dtype = if whole { DataType::Int64 } else { DataType::String };
                Field::new(name.as_str().into(), dtype)
            };
            Arc::new(names.iter().map(field).collect())
        };
        let columns = wanted.columns.iter().map(|name| name.as_str().into());
        Self { whole: schema(&wanted.whole), text: schema(&[]), wanted: columns.collect() }
    }

    fn parsed(&self, text: &[u8]) -> PolarsResult<DataFrame> {
        let parse = |schema: &Arc<Schema>, text: &[u8]| {
            let options = CsvReadOptions::default()
                .with_has_header(false)
                .with_schema(Some(Arc::clone(schema)))
                .with_columns(Some(Arc::clone(&self.wanted)))
                .with_rechunk(false);
            options.into_reader_with_file_handle(Cursor::new(text)).finish()
        };
        parse(&self.whole, text).or_else(|_| parse(&self.text, text))
    }
}

/// Names of columns, and the length of the record that has them.
fn names(bytes: &[u8]) -> Option<(Vec<String>, usize)> {
    let mut quoted = false;
    let end = memchr2_iter(b'"', b'\n', bytes).find(|at| {
        let is_quote = bytes.get(*at) == Some(&b'"');
        quoted ^= is_quote;
        !is_quote && !quoted
    });
    let end = end.map_or(bytes.len(), |end| end.saturating_add(1));
    let record = bytes.get(..end)?;
    let options =
        CsvReadOptions::default().with_has_header(false).with_infer_schema_length(Some(0));
    let record = options.into_reader_with_file_handle(Cursor::new(record)).finish().ok()?;
    let mut names = Vec::with_capacity(record.width());
    for column in record.columns() {
        let cell = column.cast(&DataType::String).ok()?;
        let name = cell.str().ok()?.get(0).unwrap_or("").trim_start_matches('\u{feff}');
        names.push(name.to_owned());
    }
    Some((names, end))
}

/// Where the last record ends that is followed by one which is not blank; 0 without one.
fn last_end(bytes: &[u8]) -> usize {
    let begins = |at: &usize| {
        let next = bytes.get(at.saturating_add(1));
        next.is_some_and(|next| !next.is_ascii_whitespace())
    };
    let last = if memchr(b'"', bytes).is_none() {
        memrchr_iter(b'\n', bytes).find(begins)
    } else {
        let mut quoted = false;
        let ends = memchr2_iter(b'"', b'\n', bytes).filter(|at| {
            let is_quote = bytes.get(*at) == Some(&b'"');
            quoted ^= is_quote;
            !is_quote && !quoted
        });
        ends.filter(begins).last()
    };
    last.map_or(0, |at| at.saturating_add(1))
}

fn check_utf8(text: &[u8], lines: usize) -> Result<()> {
    let Err(error) = std::str::from_utf8(text) else { return Ok(()) };
    let before = text.get(..error.valid_up_to()).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before).count().saturating_add(lines);
    Err(Problem::NotUtf8 { line: u64::try_from(line.saturating_add(1)).unwrap_or(u64::MAX) }.into())
}

//! Parquet files, some row groups at a time, only the columns that are needed.

use std::path::Path;
use std::sync::Arc;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::super::read::{open, unreadable};
use super::Wanted;
use crate::error::Result;

/// Bytes of a cell once it is decoded: the file may hold far fewer.
const CELL: usize = 8;

/// The columns of a file, without rows, and the bytes that it takes once decoded.
pub(super) fn header(path: &Path) -> Option<(DataFrame, u64)> {
    let mut reader = ParquetReader::new(open(path).ok()?);
    let rows = reader.num_rows().ok()?;
    let frame = reader.with_slice(Some((0, 0))).finish().ok()?.clear();
    let bytes = rows.saturating_mul(frame.width()).saturating_mul(CELL);
    Some((frame, u64::try_from(bytes).unwrap_or(u64::MAX)))
}

/// Gives the rows of a file batch by batch, until `put` has enough.
pub(super) fn read(
    path: &Path,
    wanted: &Wanted,
    put: &mut dyn FnMut(DataFrame) -> bool,
) -> Result<()> {
    let metadata = {
        let mut reader = ParquetReader::new(open(path)?);
        Arc::clone(reader.get_metadata().map_err(|error| unreadable(&error))?)
    };
    let (mut start, mut rows) = (0_usize, 0_usize);
    let mut groups = metadata.row_groups.iter().peekable();
    while let Some(group) = groups.next() {
        rows = rows.saturating_add(group.num_rows());
        if rows < wanted.cut.rows && groups.peek().is_some() {
            continue;
        }
        let mut reader = ParquetReader::new(open(path)?)
            .with_columns(Some(wanted.columns.clone()))
            .with_slice(Some((start, rows)));
        reader.set_metadata(Arc::clone(&metadata));
        let frame = reader.finish().map_err(|error| unreadable(&error))?;
        if frame.height() > 0 && !put(frame) {
            return Ok(());
        }
        start = start.saturating_add(rows);
        rows = 0;
    }
    Ok(())
}

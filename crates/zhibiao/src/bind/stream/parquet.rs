//! Parquet files, some row groups at a time, only the columns that are needed.

use std::path::Path;
use std::sync::Arc;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::super::read::{open, unreadable};
use super::Wanted;
use crate::error::Result;

/// The columns of a file, without rows.
pub(super) fn header(path: &Path) -> Option<DataFrame> {
    let frame = ParquetReader::new(open(path).ok()?).with_slice(Some((0, 0))).finish().ok()?;
    Some(frame.clear())
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

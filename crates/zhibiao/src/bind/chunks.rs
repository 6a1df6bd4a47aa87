//! Cells of a column as they lie in memory (数据块), in one piece or several: files are decoded page
//! by page, and copying the pages together costs as much as adding them up.

use std::ops::Range;

use polars::prelude::{ChunkedArray, PolarsNumericType};
use polars_arrow::array::PrimitiveArray;
use polars_arrow::types::NativeType;

use super::blocks::BLOCK;

/// Numbers of a column; those of missing rows may be anything.
#[derive(Clone, Debug)]
pub(super) struct Chunks<T: NativeType> {
    arrays: Vec<PrimitiveArray<T>>,
    /// Row after the last one of each.
    ends: Vec<usize>,
}

impl<T: NativeType> Chunks<T> {
    pub(super) fn of<P: PolarsNumericType<Native = T>>(column: &ChunkedArray<P>) -> Self {
        let arrays = column.downcast_iter().map(|array| array.clone().with_validity(None));
        let arrays: Vec<_> = arrays.collect();
        let mut end = 0_usize;
        let ends = arrays.iter().map(|array| {
            end = end.saturating_add(array.values().len());
            end
        });
        Self { ends: ends.collect(), arrays }
    }

    /// All numbers, where they are in one piece.
    pub(super) fn whole(&self) -> Option<&[T]> {
        match self.arrays.as_slice() {
            [only] => Some(only.values()),
            _ => None,
        }
    }

    pub(super) fn get(&self, row: usize) -> Option<T> {
        self.from(row)?.first().copied()
    }

    /// Some rows, where they are in one piece.
    pub(super) fn slice(&self, rows: &Range<usize>) -> Option<&[T]> {
        self.from(rows.start)?.get(..rows.len())
    }

    /// Uses the rows of a block, which are copied together where they are not in one piece.
    pub(super) fn with<R>(&self, rows: &Range<usize>, of: impl FnOnce(&[T]) -> R) -> Option<R> {
        if let Some(slice) = self.slice(rows) {
            return Some(of(slice));
        }
        let mut room = [T::default(); BLOCK];
        let room = room.get_mut(..rows.len())?;
        let mut row = rows.start;
        let mut rest = &mut *room;
        while !rest.is_empty() {
            let here = self.from(row)?;
            let (to, others) = rest.split_at_mut(here.len().min(rest.len()));
            to.copy_from_slice(here.get(..to.len())?);
            row = row.saturating_add(to.len());
            rest = others;
        }
        Some(of(room))
    }

    /// The numbers of a row and those after it in the same piece; none beyond the last row.
    fn from(&self, row: usize) -> Option<&[T]> {
        let at = self.ends.partition_point(|end| *end <= row);
        let values = self.arrays.get(at)?.values();
        let left = self.ends.get(at)?.saturating_sub(row);
        values.get(values.len().checked_sub(left)?..)
    }
}

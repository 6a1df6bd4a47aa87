//! Figures a block at a time (分块读取): checked and converted as they are read.

use std::ops::Range;

use polars_arrow::bitmap::Bitmap;

use super::values::{Cells, Figures, Raw, Values};

/// Rows that are read at a time, so that what they are read into stays in the first cache.
pub(crate) const BLOCK: usize = 1024;

/// Rows of a word of bits.
pub(crate) const WORD: usize = 64;

/// A bit for each row of a block.
pub(crate) type Words = [u64; BLOCK.div_ceil(WORD)];

impl Figures {
    /// Figures of some rows, 0 where they are missing or not kept, and a number that no absolute
    /// figure exceeds. `keep` has a bit for each row, and only for rows that have the figure.
    ///
    /// None where 64 bits do not hold them, or where a figure that was not checked yet fails: then
    /// the column is to be bound with all checks.
    pub(crate) fn block<'a>(
        &'a self,
        rows: &Range<usize>,
        keep: Option<&[u64]>,
        room: &'a mut [i64],
    ) -> Option<(&'a [i64], u128)> {
        let raw = match &self.values {
            Values::Narrow(values) => {
                return Some((
                    kept(values.values().get(rows.clone())?, keep, room),
                    self.magnitude,
                ));
            }
            Values::Wide(_) => return None,
            Values::Raw(raw) => raw,
        };
        let given = self.present.as_ref().map(|present| words(present, rows));
        let given = given.as_ref().map(Words::as_slice);
        let largest = match &raw.cells {
            Cells::Int64(cells) => {
                let cells = cells.values().get(rows.clone())?;
                if given.is_none() {
                    let largest = raw.largest(cells)?;
                    return Some((kept(cells, keep, room), largest));
                }
                room.copy_from_slice(cells);
                clear_others(room, given);
                raw.largest(room)?
            }
            Cells::Int32(cells) => {
                let cells = cells.values().get(rows.clone())?;
                room.iter_mut().zip(cells).for_each(|(room, cell)| *room = i64::from(*cell));
                clear_others(room, given);
                raw.largest(room)?
            }
            Cells::Float(cells, float) => {
                float.convert(cells.values().get(rows.clone())?, given, room)?
            }
        };
        if keep != given {
            clear_others(room, keep);
        }
        Some((room, largest))
    }
}

impl Figures {
    /// Whole counts as the table has them, one in every row, that are not checked yet.
    pub(crate) fn cells(&self) -> Option<&[i64]> {
        match &self.values {
            Values::Raw(Raw { cells: Cells::Int64(cells), count: true })
                if self.present.is_none() =>
            {
                Some(cells.values())
            }
            _ => None,
        }
    }
}

impl Raw {
    /// A number that no absolute value exceeds; none where a count is negative.
    fn largest(&self, cells: &[i64]) -> Option<u128> {
        let (largest, negative) = reach_of(cells);
        (!(negative && self.count)).then_some(largest)
    }
}

/// A number that no absolute value exceeds, and whether a value is negative.
///
/// Bits are gathered by `or`, which the compiler makes wide.
pub(super) fn reach_of(cells: &[i64]) -> (u128, bool) {
    let mut bits = cells.iter().fold(0, |bits, value| bits | value);
    let negative = bits < 0;
    if negative {
        bits = cells.iter().fold(0, |bits, value| bits | (value ^ (value >> 63_u32)));
    }
    (reach(bits), negative)
}

/// The number of the form 2^k that no value exceeds which has no other bits; −2^k has those of
/// 2^k − 1.
pub(crate) fn reach(bits: i64) -> u128 {
    u128::from(bits.unsigned_abs()).saturating_add(1).next_power_of_two()
}

/// The values, or a copy with 0 in the rows that are not kept.
fn kept<'a>(values: &'a [i64], keep: Option<&[u64]>, room: &'a mut [i64]) -> &'a [i64] {
    let Some(keep) = keep else { return values };
    room.copy_from_slice(values);
    clear_others(room, Some(keep));
    room
}

/// Makes the values of unmarked rows 0.
pub(crate) fn clear_others(values: &mut [i64], marked: Option<&[u64]>) {
    for (values, word) in values.chunks_mut(WORD).zip(marked.unwrap_or(&[])) {
        for (value, bit) in values.iter_mut().zip(0_u32..) {
            *value &= i64::from((word >> bit) & 1 == 1).wrapping_neg();
        }
    }
}

/// The bits of the rows of a block; of rows beyond, any.
pub(crate) fn words(bits: &Bitmap, rows: &Range<usize>) -> Words {
    let mut words = Words::default();
    let (bytes, offset, _) = bits.as_slice();
    for (to, row) in words.iter_mut().zip(rows.clone().step_by(WORD)) {
        let first = offset.saturating_add(row);
        let mut word = [0_u8; 16];
        let bytes = bytes.get(first >> 3..).unwrap_or(&[]).iter();
        word.iter_mut().zip(bytes).take(9).for_each(|(to, from)| *to = *from);
        let word = u128::from_le_bytes(word) >> (first & 7);
        *to = u64::try_from(word & u128::from(u64::MAX)).unwrap_or(0);
    }
    words
}

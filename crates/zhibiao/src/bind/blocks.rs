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
                if let Some(cells) = cells.slice(rows).filter(|_| given.is_none()) {
                    let largest = raw.largest(cells)?;
                    return Some((kept(cells, keep, room), largest));
                }
                let bits = cells.with(rows, |cells| {
                    if let Some(given) = given {
                        return copy_marked(cells, given, room);
                    }
                    room.copy_from_slice(cells);
                    cells.iter().fold(0, |bits, cell| bits | cell)
                })?;
                if bits < 0 { raw.largest(room)? } else { reach(bits) }
            }
            Cells::Int32(cells) => {
                cells.with(rows, |cells| {
                    room.iter_mut().zip(cells).for_each(|(room, cell)| *room = i64::from(*cell));
                })?;
                clear_others(room, given);
                raw.largest(room)?
            }
            Cells::Float(cells, float) => {
                cells.with(rows, |cells| float.convert(cells, given, room))??
            }
        };
        if keep.is_some() && keep != given {
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
                cells.whole()
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
        let (fours, rest) = values.as_chunks_mut::<4>();
        let mut masks = masks(*word);
        for (four, masks) in fours.iter_mut().zip(&mut masks) {
            four.iter_mut().zip(masks).for_each(|(value, mask)| *value &= mask);
        }
        for (value, mask) in rest.iter_mut().zip(masks.next().into_iter().flatten()) {
            *value &= mask;
        }
    }
}

/// Copies the values of marked rows, with 0 in all others, and gives all bits that they have.
fn copy_marked(cells: &[i64], marked: &[u64], to: &mut [i64]) -> i64 {
    let mut bits = [0_i64; 4];
    for ((cells, to), word) in cells.chunks(WORD).zip(to.chunks_mut(WORD)).zip(marked) {
        let (fours, rest) = cells.as_chunks::<4>();
        let (to_fours, to_rest) = to.as_chunks_mut::<4>();
        let mut masks = masks(*word);
        for ((four, to), masks) in fours.iter().zip(to_fours).zip(&mut masks) {
            for (((cell, to), mask), bits) in four.iter().zip(to).zip(masks).zip(&mut bits) {
                *to = cell & mask;
                *bits |= *to;
            }
        }
        let last = masks.next().into_iter().flatten();
        for (((cell, to), mask), bits) in rest.iter().zip(to_rest).zip(last).zip(&mut bits) {
            *to = cell & mask;
            *bits |= *to;
        }
    }
    bits.iter().fold(0, |all, bits| all | bits)
}

/// What is kept of 64 values, four at a time: all bits of the marked ones.
///
/// Found in a table, since not every processor shifts lanes by different numbers.
pub(super) fn masks(word: u64) -> impl Iterator<Item = &'static [i64; 4]> {
    (0_u32..64).step_by(4).map(move |shift| {
        let four = usize::try_from((word >> shift) & 15).unwrap_or(0);
        MASKS.get(four).unwrap_or(&[0; 4])
    })
}

static MASKS: [[i64; 4]; 16] = {
    let mut masks = [[0; 4]; 16];
    let mut four = 0;
    while four < 64 {
        if (four >> 2 >> (four & 3)) & 1 == 1 {
            masks[four >> 2][four & 3] = -1;
        }
        four += 1;
    }
    masks
};

/// The bits of the rows of a block; of rows beyond, any.
pub(crate) fn words(bits: &Bitmap, rows: &Range<usize>) -> Words {
    let mut words = Words::default();
    let (bytes, offset, _) = bits.as_slice();
    for (to, row) in words.iter_mut().zip(rows.clone().step_by(WORD)) {
        let first = offset.saturating_add(row);
        let bytes = bytes.get(first >> 3..).unwrap_or(&[]);
        let mut low = [0_u8; 8];
        if let Some(all) = bytes.first_chunk() {
            low = *all;
        } else {
            low.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        }
        let shift = first & 7;
        *to = u64::from_le_bytes(low) >> shift;
        if shift > 0 {
            let high = bytes.get(8).copied().unwrap_or(0);
            *to |= u64::from(high) << WORD.saturating_sub(shift);
        }
    }
    words
}

//! Rows of a block as bits: what is missing or passes is told for 64 rows at a time.

use std::ops::Range;

use polars_arrow::bitmap::Bitmap;

use crate::bind::{BLOCK, WORD, Words, words};

/// A bit for each row of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bits(Words);

impl Bits {
    pub(super) const fn none() -> Self {
        Self([0; BLOCK.div_ceil(WORD)])
    }

    pub(super) const fn words(&self) -> &[u64] {
        &self.0
    }

    /// The rows that are not marked.
    pub(super) fn others(&self) -> Self {
        Self(self.0.map(|word| !word))
    }

    pub(super) fn or(&mut self, words: impl IntoIterator<Item = u64>) {
        self.0.iter_mut().zip(words).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn and(&mut self, words: impl IntoIterator<Item = u64>) {
        self.0.iter_mut().zip(words).for_each(|(word, other)| *word &= other);
    }

    /// Whether the first rows are all marked.
    pub(super) fn are_all(&self, rows: usize) -> bool {
        let mut others = self.others();
        others.cut(rows);
        others.0.iter().all(|word| *word == 0)
    }

    /// Takes the marks of rows beyond a number.
    pub(super) fn cut(&mut self, rows: usize) {
        for (word, before) in self.0.iter_mut().zip((0..).step_by(WORD)) {
            *word &= match rows.saturating_sub(before) {
                left if left >= WORD => u64::MAX,
                left => (1_u64 << left).wrapping_sub(1),
            };
        }
    }

    /// How many of some rows are marked, and the first of them.
    pub(super) fn among(&self, rows: Range<usize>) -> Option<(u64, usize)> {
        let (mut count, mut first) = (0_u64, None);
        let words = (0..).step_by(WORD).zip(&self.0);
        let from = rows.start.div_euclid(WORD);
        for (before, word) in words.skip(from).take_while(|(before, _)| *before < rows.end) {
            let skipped = rows.start.saturating_sub(before);
            let left = rows.end.saturating_sub(before);
            let mut word = word & (u64::MAX << skipped);
            if left < WORD {
                word &= !(u64::MAX << left);
            }
            if word != 0 {
                count = count.saturating_add(u64::from(word.count_ones()));
                let bit = usize::try_from(word.trailing_zeros()).unwrap_or(0);
                first = first.or(Some(before.saturating_add(bit)));
            }
        }
        first.map(|first| (count, first))
    }

    /// Visits the marked rows.
    pub(super) fn each(&self, mut visit: impl FnMut(usize)) {
        for (word, before) in self.0.iter().zip((0..).step_by(WORD)) {
            let mut word = *word;
            while word != 0 {
                let at = usize::try_from(word.trailing_zeros()).unwrap_or(0);
                visit(at.saturating_add(before));
                word &= word.wrapping_sub(1);
            }
        }
    }
}

/// The rows of a block that a bitmap does not have; of rows beyond, any.
pub(super) fn absent(present: &Bitmap, rows: &Range<usize>) -> Words {
    words(present, rows).map(|word| !word)
}

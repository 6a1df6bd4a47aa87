//! Conditions over all rows, in three-valued logic: what a row lacks, its condition cannot tell.

use std::ops::Range;

use rayon::prelude::*;

use super::bits::Bits;
use crate::bind::{BLOCK, Bound, Figures, Ids, NONE, WORD};
use crate::catalog::{Condition, Linear, Sign};
use crate::error::{Problem, Result};
use crate::number::pow10;
use crate::watch::Watch;

/// The row does not pass.
const NO: u8 = 0;
/// The row passes.
const YES: u8 = 1;
/// A part of the condition is missing.
const UNKNOWN: u8 = 2;

/// Truth of a condition for every row, a bit each.
pub(super) struct Mask {
    yes: Vec<u64>,
    /// Rows of which it cannot be told; empty where it can of all.
    unknown: Vec<u64>,
}

/// Truth of a condition for every row.
pub(super) fn mask(condition: &Condition, bound: &Bound, watch: &Watch) -> Result<Mask> {
    let prepared = Prepared::of(condition, bound)?;
    let rows = bound.keys.rows();
    let words = rows.div_ceil(WORD);
    let (mut yes, mut unknown) = (vec![0_u64; words], vec![0_u64; words]);
    let per_block = BLOCK.div_ceil(WORD);
    let blocks = yes.par_chunks_mut(per_block).zip(unknown.par_chunks_mut(per_block));
    blocks.enumerate().for_each(|(block, (yes, unknown))| {
        if watch.is_cancelled() {
            return;
        }
        let start = block.wrapping_mul(BLOCK);
        let mut truths = [NO; BLOCK];
        let truths = truths.get_mut(..rows.saturating_sub(start).min(BLOCK)).unwrap_or(&mut []);
        prepared.fill(start, truths);
        let words = yes.iter_mut().zip(unknown).zip(truths.chunks(WORD));
        for ((yes, unknown), truths) in words {
            (*yes, *unknown) = (bits_of(truths, YES), bits_of(truths, UNKNOWN));
        }
    });
    watch.check()?;
    if unknown.iter().all(|word| *word == 0) {
        unknown.clear();
    }
    Ok(Mask { yes, unknown })
}

/// Truth of a condition for one row; none where it cannot be told.
pub(super) fn truth(condition: &Condition, bound: &Bound, row: usize) -> Result<Option<bool>> {
    let mut truths = [NO];
    Prepared::of(condition, bound)?.fill(row, &mut truths);
    Ok(match truths {
        [NO] => Some(false),
        [YES] => Some(true),
        _ => None,
    })
}

fn bits_of(truths: &[u8], wanted: u8) -> u64 {
    let bits = truths.iter().zip(0_u32..);
    bits.fold(0, |word, (truth, bit)| word | (u64::from(*truth == wanted) << bit))
}

impl Mask {
    /// Whether of some row it cannot be told.
    pub(super) fn may_be_unknown(&self) -> bool {
        !self.unknown.is_empty()
    }

    /// The rows of a block that pass, 64 a word.
    pub(super) fn yes(&self, rows: &Range<usize>) -> impl Iterator<Item = u64> {
        let first = rows.start.div_euclid(WORD);
        self.yes.get(first..).unwrap_or(&[]).iter().copied()
    }

    /// A row that does not pass lacks nothing; one of which it cannot be told lacks that.
    pub(super) fn correct(&self, rows: &Range<usize>, lacking: &mut Bits) {
        let first = rows.start.div_euclid(WORD);
        let unknown = self.unknown.get(first..).unwrap_or(&[]).iter().copied();
        if self.may_be_unknown() {
            lacking.and(self.yes(rows).zip(unknown.clone()).map(|(yes, unknown)| yes | unknown));
            lacking.or(unknown);
        } else {
            lacking.and(self.yes(rows));
        }
    }
}

/// A condition with its columns at hand.
enum Prepared<'a> {
    Is { ids: Option<&'a Ids>, wanted: Vec<u8> },
    Compare { left: Row<'a>, sign: Sign, right: Row<'a> },
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
}

/// A row of measures at one scale.
struct Row<'a> {
    parts: Vec<(i128, &'a Figures)>,
    constant: i128,
}

impl<'a> Prepared<'a> {
    fn of(condition: &Condition, bound: &'a Bound) -> Result<Self> {
        let both = |a: &Condition, b: &Condition| -> Result<(Box<Self>, Box<Self>)> {
            Ok((Box::new(Self::of(a, bound)?), Box::new(Self::of(b, bound)?)))
        };
        Ok(match condition {
            Condition::Is { dimension, values } => {
                let grouping = bound.keys.grouping(dimension);
                let wanted = grouping.map_or_else(Vec::new, |grouping| {
                    grouping
                        .dimension
                        .values
                        .iter()
                        .map(|value| u8::from(values.contains(&value.id)))
                        .collect()
                });
                Self::Is { ids: grouping.map(|grouping| &grouping.ids), wanted }
            }
            Condition::Compare { left, sign, right } => {
                let scale = scale_of(left, bound).max(scale_of(right, bound));
                Self::Compare {
                    left: Row::of(left, scale, bound)?,
                    sign: *sign,
                    right: Row::of(right, scale, bound)?,
                }
            }
            Condition::And(a, b) => both(a, b).map(|(a, b)| Self::And(a, b))?,
            Condition::Or(a, b) => both(a, b).map(|(a, b)| Self::Or(a, b))?,
            Condition::Not(inner) => Self::Not(Box::new(Self::of(inner, bound)?)),
        })
    }

    fn fill(&self, start: usize, truths: &mut [u8]) {
        match self {
            Self::Is { ids, wanted } => {
                let mut room = [NONE; BLOCK];
                let room = room.get_mut(..truths.len()).unwrap_or(&mut []);
                let ids = ids.map_or(&[][..], |ids| ids.block(start, room));
                for (truth, id) in truths.iter_mut().zip(ids) {
                    let value = usize::try_from(*id).ok().and_then(|id| wanted.get(id));
                    *truth = value.copied().unwrap_or(UNKNOWN);
                }
            }
            Self::Compare { left, sign, right } => {
                for (row, truth) in (start..).zip(truths.iter_mut()) {
                    *truth = match (left.value(row), right.value(row)) {
                        (Some(left), Some(right)) => u8::from(holds(left, *sign, right)),
                        _ => UNKNOWN,
                    };
                }
            }
            Self::And(a, b) => combine(a, b, start, truths, |a, b| match (a, b) {
                (NO, _) | (_, NO) => NO,
                (YES, YES) => YES,
                _ => UNKNOWN,
            }),
            Self::Or(a, b) => combine(a, b, start, truths, |a, b| match (a, b) {
                (YES, _) | (_, YES) => YES,
                (NO, NO) => NO,
                _ => UNKNOWN,
            }),
            Self::Not(inner) => {
                inner.fill(start, truths);
                for truth in truths {
                    *truth = match *truth {
                        NO => YES,
                        YES => NO,
                        other => other,
                    };
                }
            }
        }
    }
}

fn combine(
    a: &Prepared<'_>,
    b: &Prepared<'_>,
    start: usize,
    truths: &mut [u8],
    rule: impl Fn(u8, u8) -> u8,
) {
    a.fill(start, truths);
    let mut other = vec![NO; truths.len()];
    b.fill(start, &mut other);
    for (truth, other) in truths.iter_mut().zip(other) {
        *truth = rule(*truth, other);
    }
}

fn holds(left: i128, sign: Sign, right: i128) -> bool {
    match sign {
        Sign::Equal => left == right,
        Sign::NotEqual => left != right,
        Sign::Less => left < right,
        Sign::LessOrEqual => left <= right,
        Sign::Greater => left > right,
        Sign::GreaterOrEqual => left >= right,
    }
}

fn scale_of(row: &Linear, bound: &Bound) -> u8 {
    let scales = row.parts.iter().filter_map(|(_, id)| bound.figures.get(id));
    scales.map(|figures| figures.scale).max().unwrap_or(0)
}

impl<'a> Row<'a> {
    fn of(row: &Linear, scale: u8, bound: &'a Bound) -> Result<Self> {
        let overflow = || Problem::Overflow { what: "a condition".to_owned() };
        let factor = |own: u8| pow10(u32::from(scale.saturating_sub(own))).ok_or_else(overflow);
        let constant = i128::from(row.constant).checked_mul(factor(0)?).ok_or_else(overflow)?;
        let mut largest = constant.unsigned_abs();
        let mut parts = Vec::with_capacity(row.parts.len());
        for (coefficient, id) in &row.parts {
            let Some(figures) = bound.figures.get(id) else { continue };
            let coefficient = i128::from(*coefficient)
                .checked_mul(factor(figures.scale)?)
                .ok_or_else(overflow)?;
            let part =
                coefficient.unsigned_abs().checked_mul(figures.magnitude).ok_or_else(overflow)?;
            largest = largest.checked_add(part).ok_or_else(overflow)?;
            parts.push((coefficient, figures));
        }
        if i128::try_from(largest).is_err() {
            return Err(overflow().into());
        }
        Ok(Self { parts, constant })
    }

    /// The value of a row; `None` if a part of it is missing. Cannot overflow: the sum of the
    /// largest parts was checked.
    fn value(&self, row: usize) -> Option<i128> {
        self.parts.iter().try_fold(self.constant, |sum, (coefficient, figures)| {
            Some(sum.wrapping_add(coefficient.wrapping_mul(figures.get(row)?)))
        })
    }
}

//! Sums of columns by group.
//!
//! The invariant: 64-bit lanes are used only where the largest figure times the rows of the task
//! cannot leave them; all else is added in 256 bits, which nothing can leave.

use std::ops::Range;

use ethnum::I256;
use rayon::prelude::*;

use super::filter::{NO, UNKNOWN, YES, mask};
use super::groups::Groups;
use crate::bind::{Bound, Figures, Values};
use crate::error::Result;
use crate::plan::{Plan, PlannedSum};
use crate::state::Sum;
use crate::watch::{STRIDE, Watch};

/// Rows that are prepared at a time, so that they stay in cache.
const BLOCK: usize = 4096;

/// A task has at least this many rows.
const TASK: usize = 1 << 17;

/// The sums of every group, one column a sum of the plan.
pub(super) fn run(
    bound: &Bound,
    plan: &Plan,
    groups: &Groups,
    watch: &Watch,
) -> Result<Vec<Vec<Sum>>> {
    let masks =
        plan.filters.iter().map(|filter| mask(filter, bound, watch)).collect::<Result<Vec<_>>>()?;
    let plain: Vec<Source<'_>> =
        plan.sums.iter().map(|sum| Source::of(sum, (bound, watch), &masks)).collect();
    let mut sets: Vec<&[usize]> = Vec::new();
    for sum in plan.sums.iter().filter(|sum| !sum.among.is_empty()) {
        if !sets.contains(&sum.among.as_slice()) {
            sets.push(&sum.among);
        }
    }
    let complete: Vec<Option<Vec<bool>>> =
        sets.iter().map(|set| complete_rows(set, &plain, bound.keys.rows())).collect();
    let sources: Vec<Source<'_>> = plain
        .iter()
        .zip(&plan.sums)
        .map(|(source, sum)| {
            let set = sets.iter().position(|set| *set == sum.among);
            let complete = set.and_then(|set| complete.get(set)?.as_deref());
            Source { complete, ..source.clone() }
        })
        .collect();
    let rows = bound.keys.rows();
    let wanted = rayon::current_num_threads().saturating_mul(2).div_ceil(sources.len().max(1));
    // As many rows as groups, too: each task holds a total for every group.
    let size = rows.div_ceil(wanted.max(1)).max(TASK).max(groups.sizes.len());
    let tasks: Vec<(usize, Range<usize>)> = (0..sources.len())
        .flat_map(|sum| {
            (0..rows)
                .step_by(size)
                .map(move |start| (sum, start..rows.min(start.saturating_add(size))))
        })
        .collect();
    let done: Vec<(usize, Vec<Sum>)> = tasks
        .into_par_iter()
        .filter_map(|(sum, range)| Some((sum, sources.get(sum)?.sum(range, groups))))
        .collect();
    watch.check()?;
    let mut columns: Vec<Vec<Sum>> = vec![Vec::new(); sources.len()];
    for (index, partial) in done {
        let Some(column) = columns.get_mut(index) else { continue };
        if column.is_empty() {
            *column = partial;
            continue;
        }
        for (sum, part) in column.iter_mut().zip(partial) {
            *sum = sum.merge(part);
        }
    }
    Ok(columns)
}

/// Rows that lack none of several sums; none where no row can lack one.
fn complete_rows(set: &[usize], sources: &[Source<'_>], rows: usize) -> Option<Vec<bool>> {
    if !set.iter().filter_map(|sum| sources.get(*sum)).any(Source::may_lack) {
        return None;
    }
    let mut complete = vec![true; rows];
    complete.par_chunks_mut(BLOCK).enumerate().for_each(|(block, complete)| {
        let start = block.wrapping_mul(BLOCK);
        let mut missing = vec![false; complete.len()];
        let set = set.iter().filter_map(|sum| sources.get(*sum));
        for source in set.take_while(|source| !source.watch.is_cancelled()) {
            missing.fill(false);
            source.mark_missing(start, &mut missing);
            for (complete, missing) in complete.iter_mut().zip(&missing) {
                *complete &= !missing;
            }
        }
    });
    Some(complete)
}

/// The columns of one sum.
#[derive(Clone)]
struct Source<'a> {
    bound: &'a Bound,
    watch: &'a Watch,
    /// Coefficients and columns; none where rows are counted.
    parts: Option<Vec<(i64, &'a Figures)>>,
    filter: Option<&'a [u8]>,
    complete: Option<&'a [bool]>,
    /// No row adds more than this.
    magnitude: u128,
}

impl<'a> Source<'a> {
    fn of(sum: &PlannedSum, (bound, watch): (&'a Bound, &'a Watch), masks: &'a [Vec<u8>]) -> Self {
        let filter = sum.filter.and_then(|filter| masks.get(filter)).map(Vec::as_slice);
        let counted = Self { bound, watch, parts: None, filter, complete: None, magnitude: 1 };
        let Some(of) = &sum.of else { return counted };
        let mut magnitude = 0_u128;
        let mut parts = Vec::with_capacity(of.parts.len());
        for (coefficient, id) in &of.parts {
            let Some(figures) = bound.figures.get(id) else {
                // A measure that a long table names but never gives a figure.
                return Self { filter: None, magnitude: 0, ..counted };
            };
            let part = u128::from(coefficient.unsigned_abs()).saturating_mul(figures.magnitude);
            magnitude = magnitude.saturating_add(part);
            parts.push((*coefficient, figures));
        }
        Self { parts: Some(parts), magnitude, ..counted }
    }

    /// The sums of a range of rows; none where nothing is added and nothing can be lacking, and
    /// anything once the run is cancelled.
    fn sum(&self, range: Range<usize>, groups: &Groups) -> Vec<Sum> {
        let rows = u128::try_from(range.len()).unwrap_or(u128::MAX);
        let narrow =
            self.magnitude.checked_mul(rows).is_some_and(|most| i64::try_from(most).is_ok());
        if narrow { self.sum_in::<i64>(range, groups) } else { self.sum_in::<I256>(range, groups) }
    }

    /// Whether a row may be left out as missing.
    fn may_lack(&self) -> bool {
        let never_given = self.parts.is_none() && self.magnitude == 0;
        let parts = self.parts.iter().flatten();
        never_given
            || self.complete.is_some()
            || parts.into_iter().any(|(_, figures)| figures.present.is_some())
            || self.filter.is_some_and(|truths| truths.contains(&UNKNOWN))
    }

    fn sum_in<L: Lane>(&self, range: Range<usize>, groups: &Groups) -> Vec<Sum> {
        if self.magnitude == 0 && !self.may_lack() {
            self.watch.pass(range.len());
            return Vec::new();
        }
        // One more for the rows that were set aside.
        let slots = groups.sizes.len().saturating_add(1);
        let mut totals = vec![L::default(); slots];
        let mut lacks = Lacks::default();
        let mut scratch = [L::default(); BLOCK];
        let mut missing = vec![false; BLOCK];
        let strides = range.clone().step_by(STRIDE).take_while(|start| {
            let rows = range.end.saturating_sub(*start).min(STRIDE);
            self.watch.pass(rows)
        });
        let blocks = strides
            .flat_map(|start| (start..range.end.min(start.saturating_add(STRIDE))).step_by(BLOCK));
        for start in blocks {
            let rows = start..range.end.min(start.saturating_add(BLOCK));
            let ids = groups.ids.get(rows.clone()).unwrap_or(&[]);
            if let Some(values) =
                self.plain().and_then(|figures| L::slice(&figures.values, rows.clone()))
            {
                add(&mut totals, values, ids, rows.start, groups.runs.as_deref());
                continue;
            }
            let values = scratch.get_mut(..rows.len()).unwrap_or(&mut []);
            let missing = missing.get_mut(..rows.len()).unwrap_or(&mut []);
            self.fill(rows.start, values);
            missing.fill(false);
            if self.mark_missing(rows.start, missing) {
                for (value, missing) in values.iter_mut().zip(missing.iter()) {
                    if *missing {
                        *value = L::default();
                    }
                }
                lacks.note(self.bound, rows.start, missing, ids, slots);
            }
            add(&mut totals, values, ids, rows.start, groups.runs.as_deref());
        }
        totals.pop();
        let sums = totals.into_iter().enumerate().map(|(group, total)| {
            let (missing, first_missing) = lacks.of(group);
            Sum::new(total.widen(), missing, first_missing)
        });
        sums.collect()
    }

    /// The column itself, where its values are the summands as they stand.
    fn plain(&self) -> Option<&'a Figures> {
        let unconditional = self.filter.is_none() && self.complete.is_none();
        match self.parts.as_deref() {
            Some([(1, figures)]) if unconditional && figures.present.is_none() => Some(figures),
            _ => None,
        }
    }

    /// Summands of a block; 0 where the filter does not let the row pass.
    fn fill<L: Lane>(&self, start: usize, values: &mut [L]) {
        match &self.parts {
            None if self.magnitude == 0 => values.fill(L::default()),
            None => values.fill(L::of(1)),
            Some(parts) => {
                values.fill(L::default());
                for (coefficient, figures) in parts {
                    L::accumulate(values, *coefficient, &figures.values, start);
                }
            }
        }
        let truths = self.filter.and_then(|filter| filter.get(start..)).unwrap_or(&[]);
        for (value, truth) in values.iter_mut().zip(truths) {
            if *truth != YES {
                *value = L::default();
            }
        }
    }

    /// Marks rows of a block that lack a part, and tells whether there is one.
    fn mark_missing(&self, start: usize, missing: &mut [bool]) -> bool {
        match &self.parts {
            None if self.magnitude == 0 => missing.fill(true),
            None => {}
            Some(parts) => {
                for present in parts.iter().filter_map(|(_, figures)| figures.present.as_ref()) {
                    for (row, missing) in (start..).zip(missing.iter_mut()) {
                        *missing |= !present.get(row).unwrap_or(false);
                    }
                }
            }
        }
        let truths = self.filter.and_then(|filter| filter.get(start..)).unwrap_or(&[]);
        for (missing, truth) in missing.iter_mut().zip(truths) {
            match *truth {
                NO => *missing = false,
                UNKNOWN => *missing = true,
                _ => {}
            }
        }
        let complete = self.complete.and_then(|complete| complete.get(start..)).unwrap_or(&[]);
        for (missing, complete) in missing.iter_mut().zip(complete) {
            *missing |= !complete;
        }
        missing.contains(&true)
    }
}

/// Adds a block to its groups, by runs where there are any.
fn add<L: Lane>(totals: &mut [L], values: &[L], ids: &[u32], start: usize, runs: Option<&[usize]>) {
    let mut put = |group: u32, value: L| {
        let group = usize::try_from(group).unwrap_or(usize::MAX);
        if let Some(total) = totals.get_mut(group) {
            *total = total.add(value);
        }
    };
    let Some(runs) = runs else {
        for (group, value) in ids.iter().zip(values) {
            put(*group, *value);
        }
        return;
    };
    let end = start.saturating_add(values.len());
    let mut next = runs.partition_point(|run| *run <= start);
    let mut from = start;
    while from < end {
        let to = runs.get(next).map_or(end, |run| end.min(*run));
        let run = values.get(from.wrapping_sub(start)..to.wrapping_sub(start)).unwrap_or(&[]);
        let group = ids.get(from.wrapping_sub(start)).copied().unwrap_or(u32::MAX);
        put(group, run.iter().fold(L::default(), |sum, value| sum.add(*value)));
        from = to;
        next = next.saturating_add(1);
    }
}

/// Missing rows by group; empty until the first.
#[derive(Default)]
struct Lacks {
    counts: Vec<u64>,
    first: Vec<u64>,
}

impl Lacks {
    /// Rows are told as the table has them.
    fn note(&mut self, bound: &Bound, start: usize, missing: &[bool], ids: &[u32], slots: usize) {
        if self.counts.is_empty() {
            self.counts = vec![0; slots];
            self.first = vec![u64::MAX; slots];
        }
        for (row, (_, id)) in
            (start..).zip(missing.iter().zip(ids)).filter(|(_, (missing, _))| **missing)
        {
            let group = usize::try_from(*id).unwrap_or(usize::MAX);
            if let (Some(count), Some(first)) =
                (self.counts.get_mut(group), self.first.get_mut(group))
            {
                *count = count.saturating_add(1);
                let row = u64::try_from(bound.source_row(row)).unwrap_or(u64::MAX);
                *first = row.min(*first);
            }
        }
    }

    fn of(&self, group: usize) -> (u64, u64) {
        let count = self.counts.get(group).copied().unwrap_or(0);
        (count, self.first.get(group).copied().unwrap_or(u64::MAX))
    }
}

/// An integer that sums are made in. Wrapping is never reached: 64 bits are used only under the
/// bound of [`Source::sum`], and 256 hold 2^64 rows of coefficients and figures of any size.
trait Lane: Copy + Default + Send + Sync {
    fn of(value: i64) -> Self;
    fn widen(self) -> I256;
    fn add(self, other: Self) -> Self;
    /// The rows of a column that is kept in this lane.
    fn slice(values: &Values, rows: Range<usize>) -> Option<&[Self]>;
    /// Adds `coefficient` times a column.
    fn accumulate(into: &mut [Self], coefficient: i64, values: &Values, start: usize);
}

impl Lane for i64 {
    fn of(value: i64) -> Self {
        value
    }

    fn widen(self) -> I256 {
        I256::from(self)
    }

    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn slice(values: &Values, rows: Range<usize>) -> Option<&[Self]> {
        match values {
            Values::Narrow(values) => values.values().get(rows),
            Values::Wide(_) => None,
        }
    }

    fn accumulate(into: &mut [Self], coefficient: i64, values: &Values, start: usize) {
        match values {
            Values::Narrow(values) => {
                let values = values.values().get(start..).unwrap_or(&[]);
                for (sum, value) in into.iter_mut().zip(values) {
                    *sum = sum.wrapping_add(coefficient.wrapping_mul(*value));
                }
            }
            Values::Wide(values) => {
                let values = values.get(start..).unwrap_or(&[]);
                for (sum, value) in into.iter_mut().zip(values) {
                    let value = i64::try_from(*value).unwrap_or(0);
                    *sum = sum.wrapping_add(coefficient.wrapping_mul(value));
                }
            }
        }
    }
}

impl Lane for I256 {
    fn of(value: i64) -> Self {
        Self::from(value)
    }

    fn widen(self) -> I256 {
        self
    }

    fn add(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    fn slice(_: &Values, _: Range<usize>) -> Option<&[Self]> {
        None
    }

    fn accumulate(into: &mut [Self], coefficient: i64, values: &Values, start: usize) {
        let coefficient = Self::from(coefficient);
        let add = |(sum, value): (&mut Self, Self)| {
            *sum = sum.wrapping_add(coefficient.wrapping_mul(value));
        };
        match values {
            Values::Narrow(values) => {
                let values = values.values().get(start..).unwrap_or(&[]);
                into.iter_mut().zip(values.iter().copied().map(Self::from)).for_each(add);
            }
            Values::Wide(values) => {
                let values = values.get(start..).unwrap_or(&[]);
                into.iter_mut().zip(values.iter().copied().map(Self::from)).for_each(add);
            }
        }
    }
}

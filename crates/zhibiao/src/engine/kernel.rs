//! Sums of columns by group.
//!
//! The invariant: 64-bit lanes are used only as far as the largest figure of each block times its
//! rows, added up over the blocks, cannot leave them; all else is added in 256 bits, which nothing
//! can leave. Columns that the table was [trusted](crate::bind::RowRules) for are checked here, block by block, as they
//! are read.

use std::ops::Range;

use ethnum::I256;
use rayon::prelude::*;

use super::bits::{Bits, absent};
use super::filter::{Mask, mask};
use super::groups::{Groups, Rows};
use super::split::{Family, Slots, families};
use super::tuning::Tuning;
use crate::bind::{BLOCK, Bound, Figures, WORD, clear_others, reach};
use crate::error::Result;
use crate::plan::{Plan, PlannedSum};
use crate::state::{Lacks, Sum, SumColumn};
use crate::watch::{STRIDE, Watch};

/// The sums of every group, one column a sum of the plan; none where a column that was trusted does
/// not hold what it should.
pub(super) fn run(
    bound: &Bound,
    plan: &Plan,
    groups: &Groups,
    tuning: &Tuning,
    watch: &Watch,
) -> Result<Option<Vec<SumColumn>>> {
    let families = families(plan, bound, groups);
    let alone = |sum: usize| !families.iter().any(|family| family.has(sum));
    let masks = masks(bound, plan, &alone, watch)?;
    let plain: Vec<Source<'_>> =
        plan.sums.iter().map(|sum| Source::of(sum, (bound, watch), &masks)).collect();
    let mut sets: Vec<&[usize]> = Vec::new();
    for sum in plan.sums.iter().filter(|sum| !sum.among.is_empty()) {
        if !sets.contains(&sum.among.as_slice()) {
            sets.push(&sum.among);
        }
    }
    let incomplete: Vec<Option<Vec<u64>>> =
        sets.iter().map(|set| incomplete_rows(set, &plain, bound.keys.rows())).collect();
    let sources: Vec<Source<'_>> = plain
        .iter()
        .zip(&plan.sums)
        .map(|(source, sum)| {
            let set = sets.iter().position(|set| *set == sum.among);
            let incomplete = set.and_then(|set| incomplete.get(set)?.as_deref());
            Source { incomplete, ..source.clone() }
        })
        .collect();
    let singles = (0..sources.len()).filter(|sum| alone(*sum)).map(Job::Single);
    let jobs: Vec<Job<'_>> = singles.chain(families.iter().map(Job::Family)).collect();
    let rows = bound.keys.rows();
    let wanted = rayon::current_num_threads().saturating_mul(4).div_ceil(jobs.len().max(1));
    let least = rows.div_ceil(wanted.max(1)).max(tuning.task_rows);
    let tasks: Vec<(usize, Range<usize>)> = (0..)
        .zip(&jobs)
        .flat_map(|(at, job)| {
            // As many rows as slots, too: each task holds a total for every slot.
            let size = least.max(job.slots(groups).len()).next_multiple_of(BLOCK);
            let starts = (0..rows).step_by(size);
            starts.map(move |start| (at, start..rows.min(start.saturating_add(size))))
        })
        .collect();
    let done: Option<Vec<(usize, Partial)>> = tasks
        .into_par_iter()
        .map(|(at, range)| {
            let job = jobs.get(at)?;
            let slots = job.slots(groups);
            Some((at, job.source(&sources)?.sum(range, &slots)?))
        })
        .collect();
    watch.check()?;
    let Some(done) = done else { return Ok(None) };
    let mut joined: Vec<Partial> = jobs.iter().map(|_| Partial::default()).collect();
    for (at, partial) in done {
        if let Some(job) = joined.get_mut(at) {
            *job = std::mem::take(job).and(partial);
        }
    }
    let mut columns: Vec<SumColumn> = sources.iter().map(|_| SumColumn::default()).collect();
    let made = jobs.into_par_iter().zip(joined).flat_map_iter(|(job, partial)| match job {
        Job::Single(sum) => vec![(sum, partial.column())],
        Job::Family(family) => {
            let of = |(sum, values): &(usize, Vec<bool>)| (*sum, partial.taken(values).column());
            family.members.iter().map(of).collect()
        }
    });
    for (sum, made) in made.collect::<Vec<_>>() {
        if let Some(column) = columns.get_mut(sum) {
            *column = made;
        }
    }
    Ok(Some(columns))
}

/// What is added in one pass over the rows.
enum Job<'a> {
    /// The position of a sum.
    Single(usize),
    Family(&'a Family<'a>),
}

impl<'a> Job<'a> {
    fn slots(&self, groups: &'a Groups) -> Slots<'a> {
        match self {
            Self::Single(_) => Slots::of(groups, None),
            Self::Family(family) => Slots::of(groups, Some(family.by)),
        }
    }

    fn source<'s>(&self, sources: &[Source<'s>]) -> Option<Source<'s>> {
        match self {
            Self::Single(sum) => sources.get(*sum).cloned(),
            Self::Family(family) => {
                let one = sources.get(family.members.first()?.0)?;
                Some(Source { filter: None, ..one.clone() })
            }
        }
    }
}

/// The filters of sums that are added alone, each at its position.
fn masks(
    bound: &Bound,
    plan: &Plan,
    alone: &dyn Fn(usize) -> bool,
    watch: &Watch,
) -> Result<Vec<Option<Mask>>> {
    let filters = (0..).zip(&plan.filters);
    let masks = filters.map(|(at, filter)| {
        let mut sums = (0..).zip(&plan.sums);
        let is_used = sums.any(|(sum, planned)| planned.filter == Some(at) && alone(sum));
        is_used.then(|| mask(filter, bound, watch)).transpose()
    });
    masks.collect()
}

/// Bits of the rows that lack one of several sums; none where no row can lack one.
fn incomplete_rows(set: &[usize], sources: &[Source<'_>], rows: usize) -> Option<Vec<u64>> {
    if !set.iter().filter_map(|sum| sources.get(*sum)).any(Source::may_lack) {
        return None;
    }
    let mut words = vec![0_u64; rows.div_ceil(WORD)];
    words.par_chunks_mut(BLOCK.div_ceil(WORD)).enumerate().for_each(|(block, words)| {
        let start = block.saturating_mul(BLOCK);
        let range = start..rows.min(start.saturating_add(BLOCK));
        let set = set.iter().filter_map(|sum| sources.get(*sum));
        for source in set.take_while(|source| !source.watch.is_cancelled()) {
            let mut lacking = Bits::none();
            source.mark_lacking(&range, &mut lacking);
            for (word, lacking) in words.iter_mut().zip(lacking.words()) {
                *word |= lacking;
            }
        }
    });
    Some(words)
}

/// The columns of one sum.
#[derive(Clone)]
struct Source<'a> {
    bound: &'a Bound,
    watch: &'a Watch,
    /// Coefficients and columns; none where rows are counted.
    parts: Option<Vec<(i64, &'a Figures)>>,
    filter: Option<&'a Mask>,
    incomplete: Option<&'a [u64]>,
    /// A measure that a long table names but never gives a figure.
    never_given: bool,
}

/// What the rows of a task add to each group.
#[derive(Default)]
struct Partial {
    totals: Totals,
    lacks: Option<Lacks>,
}

enum Totals {
    /// No total is larger than the bound.
    Narrow(Vec<i64>, u128),
    Wide(Vec<I256>),
}

/// What a block is read into.
struct Room {
    values: Vec<i64>,
    part: Vec<i64>,
}

impl<'a> Source<'a> {
    fn of(
        sum: &PlannedSum,
        (bound, watch): (&'a Bound, &'a Watch),
        masks: &'a [Option<Mask>],
    ) -> Self {
        let filter = sum.filter.and_then(|filter| masks.get(filter)?.as_ref());
        let (parts, incomplete, never_given) = (None, None, false);
        let counted = Self { bound, watch, parts, filter, incomplete, never_given };
        let Some(of) = &sum.of else { return counted };
        let mut parts = Vec::with_capacity(of.parts.len());
        for (coefficient, id) in &of.parts {
            let Some(figures) = bound.figures.get(id) else {
                return Self { filter: None, never_given: true, ..counted };
            };
            parts.push((*coefficient, figures));
        }
        Self { parts: Some(parts), ..counted }
    }

    /// Whether a row may be left out as missing.
    fn may_lack(&self) -> bool {
        let parts = self.parts.iter().flatten();
        self.never_given
            || self.incomplete.is_some()
            || parts.into_iter().any(|(_, figures)| figures.present.is_some())
            || self.filter.is_some_and(Mask::may_be_unknown)
    }

    /// Whether every row adds nothing.
    fn is_nothing(&self) -> bool {
        self.never_given || self.parts.as_ref().is_some_and(Vec::is_empty)
    }

    /// The sums of a range of rows, and anything once the run is cancelled; none where a trusted
    /// column does not hold what it should.
    fn sum(&self, range: Range<usize>, slots: &Slots<'_>) -> Option<Partial> {
        if self.is_nothing() && !self.may_lack() {
            self.watch.pass(range.len());
            return Some(Partial::default());
        }
        let lacks = self.may_lack().then(|| self.lacks(range.clone(), slots));
        let totals = if self.is_nothing() {
            self.watch.pass(range.len());
            Totals::Narrow(vec![0; slots.len()], 0)
        } else if let Some(totals) = self.narrow(range.clone(), slots) {
            totals
        } else if self.is_trusted() {
            return None;
        } else {
            Totals::Wide(self.wide(range, slots))
        };
        Some(Partial { totals, lacks })
    }

    /// Whether some of its columns were not checked when they were bound.
    fn is_trusted(&self) -> bool {
        self.parts.iter().flatten().any(|(_, figures)| figures.is_raw())
    }

    /// Sums in 64 bits; none where they may not suffice.
    fn narrow(&self, range: Range<usize>, slots: &Slots<'_>) -> Option<Totals> {
        let mut totals = vec![0_i64; slots.with_aside()];
        if let Some(cells) = self.cells() {
            let most = self.narrow_cells(cells, range, slots, &mut totals)?;
            totals.truncate(slots.len());
            return Some(Totals::Narrow(totals, most));
        }
        let room = range.len().min(BLOCK);
        let mut room = Room { values: vec![0; room], part: vec![0; room] };
        let mut runs = slots.from(range.start);
        let mut most = 0_u128;
        for rows in blocks(range, self.watch) {
            let keep = self.kept(&rows);
            let (values, largest) = self.values(&rows, keep.as_ref(), &mut room)?;
            let here = largest.checked_mul(u128::try_from(rows.len()).ok()?)?;
            most = most.checked_add(here).filter(|most| i64::try_from(*most).is_ok())?;
            runs.add(rows.start, values, &mut totals);
        }
        totals.truncate(slots.len());
        Some(Totals::Narrow(totals, most))
    }

    /// The cells of a column that are added as they stand, and must not be negative.
    fn cells(&self) -> Option<&[i64]> {
        match self.parts.as_deref() {
            Some([(1, figures)]) if self.filter.is_none() && self.incomplete.is_none() => {
                figures.cells()
            }
            _ => None,
        }
    }

    /// Adds and checks cells in one pass; gives a number that no total exceeds, if 64 bits suffice.
    fn narrow_cells(
        &self,
        cells: &[i64],
        range: Range<usize>,
        slots: &Slots<'_>,
        totals: &mut [i64],
    ) -> Option<u128> {
        let mut cursor = slots.from(range.start);
        let mut most = 0_u128;
        for rows in strides(range, self.watch) {
            let bits = cursor.add(rows.start, cells.get(rows.clone())?, totals);
            let largest = Some(reach(bits)).filter(|_| bits >= 0)?;
            let here = largest.checked_mul(u128::try_from(rows.len()).ok()?)?;
            most = most.checked_add(here).filter(|most| i64::try_from(*most).is_ok())?;
        }
        Some(most)
    }

    /// Summands of a block, and a number that none exceeds: 0 in rows that are not kept.
    fn values<'r>(
        &'r self,
        rows: &Range<usize>,
        keep: Option<&Bits>,
        room: &'r mut Room,
    ) -> Option<(&'r [i64], u128)> {
        let Room { values, part } = room;
        let values = values.get_mut(..rows.len())?;
        let part = part.get_mut(..rows.len())?;
        let Some(parts) = &self.parts else {
            values.fill(1);
            if let Some(keep) = keep {
                clear_others(values, Some(keep.words()));
            }
            return Some((values, 1));
        };
        if let [(1, figures)] = parts.as_slice() {
            return figures.block(rows, keep.map(Bits::words), values);
        }
        values.fill(0);
        let mut most = 0_u128;
        for (coefficient, figures) in parts {
            let (figures, largest) = figures.block(rows, keep.map(Bits::words), part)?;
            let here = u128::from(coefficient.unsigned_abs()).checked_mul(largest)?;
            most = most.checked_add(here).filter(|most| i64::try_from(*most).is_ok())?;
            for (value, figure) in values.iter_mut().zip(figures) {
                *value = value.wrapping_add(coefficient.wrapping_mul(*figure));
            }
        }
        Some((values, most))
    }

    /// The rows of a block that are added; none where all are.
    fn kept(&self, rows: &Range<usize>) -> Option<Bits> {
        if !self.may_lack() && self.filter.is_none() {
            return None;
        }
        let mut lacking = Bits::none();
        self.mark_lacking(rows, &mut lacking);
        let mut keep = lacking.others();
        if let Some(filter) = self.filter {
            keep.and(filter.yes(rows));
        }
        (!keep.are_all(rows.len())).then_some(keep)
    }

    /// Marks the rows of a block that lack a part.
    fn mark_lacking(&self, rows: &Range<usize>, lacking: &mut Bits) {
        if self.never_given {
            *lacking = Bits::none().others();
        }
        for (_, figures) in self.parts.iter().flatten() {
            if let Some(present) = &figures.present {
                lacking.or(absent(present, rows));
            }
        }
        if let Some(filter) = self.filter {
            filter.correct(rows, lacking);
        }
        if let Some(incomplete) = self.incomplete {
            let first = rows.start.div_euclid(WORD);
            lacking.or(incomplete.get(first..).unwrap_or(&[]).iter().copied());
        }
        lacking.cut(rows.len());
    }

    /// Rows of each slot that lack a part; they are told as the table has them.
    fn lacks(&self, range: Range<usize>, slots: &Slots<'_>) -> Lacks {
        let room = slots.with_aside();
        let mut lacks = Lacks { counts: vec![0; room], first: vec![u64::MAX; room] };
        let mut cursor = slots.from(range.start);
        let ends = range.end;
        for start in range.step_by(BLOCK).take_while(|_| !self.watch.is_cancelled()) {
            let rows = start..ends.min(start.saturating_add(BLOCK));
            let mut lacking = Bits::none();
            self.mark_lacking(&rows, &mut lacking);
            cursor.lack(&rows, &lacking, |slot, count, row| {
                let row = u64::try_from(self.bound.source_row(row)).unwrap_or(u64::MAX);
                lacks.note(slot, count, row);
            });
        }
        lacks.counts.truncate(slots.len());
        lacks.first.truncate(slots.len());
        lacks
    }

    /// Sums in 256 bits.
    fn wide(&self, range: Range<usize>, slots: &Slots<'_>) -> Vec<I256> {
        let mut totals = vec![I256::ZERO; slots.len()];
        let mut cursor = slots.from(range.start);
        for rows in blocks(range, self.watch) {
            let keep = self.kept(&rows).unwrap_or_else(|| Bits::none().others());
            let mut kept = keep;
            kept.cut(rows.len());
            cursor.each(&rows, &kept, |slot, row| {
                let parts = self.parts.iter().flatten().map(|(coefficient, figures)| {
                    let figure = I256::from(figures.get(row).unwrap_or(0));
                    I256::from(*coefficient).wrapping_mul(figure)
                });
                let value = match &self.parts {
                    None => I256::ONE,
                    Some(_) => parts.fold(I256::ZERO, I256::wrapping_add),
                };
                if let Some(total) = totals.get_mut(slot) {
                    *total = total.wrapping_add(value);
                }
            });
        }
        totals
    }
}

/// The strides of a range, until the run is cancelled.
fn strides(range: Range<usize>, watch: &Watch) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    let strides = range.step_by(STRIDE);
    let strides = strides.map(move |start| start..end.min(start.saturating_add(STRIDE)));
    strides.take_while(move |rows| watch.pass(rows.len()))
}

/// The blocks of a range, until the run is cancelled.
fn blocks(range: Range<usize>, watch: &Watch) -> impl Iterator<Item = Range<usize>> {
    strides(range, watch).flat_map(|Range { start, end }| {
        (start..end).step_by(BLOCK).map(move |start| start..end.min(start.saturating_add(BLOCK)))
    })
}

impl Slots<'_> {
    /// A cursor that goes on from a row.
    fn from(&self, row: usize) -> Cursor<'_> {
        let run = match self.rows {
            Rows::Runs { starts, .. } => {
                starts.partition_point(|start| *start <= row).saturating_sub(1)
            }
            Rows::Each(_) => 0,
        };
        Cursor { slots: *self, run }
    }
}

/// Tells the slots of rows that are visited in order.
struct Cursor<'a> {
    slots: Slots<'a>,
    run: usize,
}

impl Cursor<'_> {
    /// The group of a row that is not before the last one.
    fn group(&mut self, row: usize) -> usize {
        let group = match self.slots.rows {
            Rows::Each(groups) => groups.get(row),
            Rows::Runs { starts, groups } => {
                while starts.get(self.run.saturating_add(1)).is_some_and(|next| *next <= row) {
                    self.run = self.run.saturating_add(1);
                }
                groups.get(self.run)
            }
        };
        group.and_then(|group| usize::try_from(*group).ok()).unwrap_or(usize::MAX)
    }

    /// Visits the marked rows of a block, each with its slot.
    fn each(&mut self, rows: &Range<usize>, marked: &Bits, mut visit: impl FnMut(usize, usize)) {
        let mut room = [0; BLOCK];
        let room = room.get_mut(..rows.len()).unwrap_or(&mut []);
        let ids = self.slots.split.map(|by| by.ids.block(rows.start, room));
        let width = self.slots.width();
        marked.each(|at| {
            let row = rows.start.saturating_add(at);
            let first = self.group(row).checked_mul(width);
            let value = ids.map_or(Some(0), |ids| usize::try_from(*ids.get(at)?).ok());
            let slot = first.zip(value).and_then(|(first, value)| first.checked_add(value));
            visit(slot.unwrap_or(usize::MAX), row);
        });
    }

    /// Tells the slots of rows that lack a part: how many of each, and the first.
    fn lack(
        &mut self,
        rows: &Range<usize>,
        lacking: &Bits,
        mut note: impl FnMut(usize, u64, usize),
    ) {
        let (Rows::Runs { starts, .. }, None) = (self.slots.rows, self.slots.split) else {
            return self.each(rows, lacking, |slot, row| note(slot, 1, row));
        };
        let mut row = rows.start;
        while row < rows.end {
            let group = self.group(row);
            let next = starts.get(self.run.saturating_add(1)).copied().unwrap_or(usize::MAX);
            let end = next.min(rows.end);
            let same = row.saturating_sub(rows.start)..end.saturating_sub(rows.start);
            if let Some((count, first)) = lacking.among(same) {
                note(group, count, first.saturating_add(rows.start));
            }
            row = end;
        }
    }

    /// Adds rows, which begin where the last ones ended, to the totals of their slots, and gives
    /// all bits that a value has. Wrapping is never reached where those prove it.
    fn add(&mut self, start: usize, values: &[i64], totals: &mut [i64]) -> i64 {
        if let Some(by) = self.slots.split {
            let blocks = (start..).step_by(BLOCK).zip(values.chunks(BLOCK));
            return blocks.fold(0, |bits, (start, values)| {
                let mut room = [0; BLOCK];
                let room = room.get_mut(..values.len()).unwrap_or(&mut []);
                bits | self.add_split((start, by.ids.block(start, room)), values, totals)
            });
        }
        let mut put = |group: u32, value: i64| {
            if let Some(total) = usize::try_from(group).ok().and_then(|at| totals.get_mut(at)) {
                *total = total.wrapping_add(value);
            }
        };
        let mut bits = 0;
        match self.slots.rows {
            Rows::Each(groups) => {
                for (group, value) in groups.get(start..).unwrap_or(&[]).iter().zip(values) {
                    bits |= value;
                    put(*group, *value);
                }
            }
            Rows::Runs { starts, groups } => {
                let (mut rest, mut row) = (values, start);
                while !rest.is_empty() {
                    let next = starts.get(self.run.saturating_add(1)).copied();
                    let room = next.map_or(usize::MAX, |next| next.saturating_sub(row));
                    let (same, others) = rest.split_at(room.min(rest.len()));
                    let mut sum = 0_i64;
                    for value in same {
                        sum = sum.wrapping_add(*value);
                        bits |= value;
                    }
                    put(groups.get(self.run).copied().unwrap_or(u32::MAX), sum);
                    if same.len() == room {
                        self.run = self.run.saturating_add(1);
                    }
                    row = row.saturating_add(same.len());
                    rest = others;
                }
            }
        }
        bits
    }

    /// The same where each group has a slot for every value.
    fn add_split(
        &mut self,
        (start, ids): (usize, &[u32]),
        values: &[i64],
        totals: &mut [i64],
    ) -> i64 {
        let width = self.slots.width();
        let mut bits = 0;
        let mut put = |totals: &mut [i64], first: usize, id: u32, value: i64| {
            let slot = usize::try_from(id).unwrap_or(usize::MAX).wrapping_add(first);
            if let Some(total) = totals.get_mut(slot) {
                *total = total.wrapping_add(value);
            }
            bits |= value;
        };
        let first = |group: u32| usize::try_from(group).unwrap_or(usize::MAX).wrapping_mul(width);
        match self.slots.rows {
            Rows::Each(groups) => {
                let rows = groups.get(start..).unwrap_or(&[]).iter().zip(ids).zip(values);
                for ((group, id), value) in rows {
                    put(totals, first(*group), *id, *value);
                }
            }
            Rows::Runs { starts, groups } => {
                let mut rest = ids.iter().zip(values);
                let mut row = start;
                while rest.len() > 0 {
                    let next = starts.get(self.run.saturating_add(1)).copied();
                    let room = next.map_or(usize::MAX, |next| next.saturating_sub(row));
                    let same = room.min(rest.len());
                    let first = first(groups.get(self.run).copied().unwrap_or(u32::MAX));
                    let of_group = totals.get_mut(first..first.saturating_add(width));
                    let of_group = of_group.unwrap_or(&mut []);
                    for (id, value) in rest.by_ref().take(same) {
                        put(of_group, 0, *id, *value);
                    }
                    if same == room {
                        self.run = self.run.saturating_add(1);
                    }
                    row = row.saturating_add(same);
                }
            }
        }
        bits
    }
}

impl Default for Totals {
    fn default() -> Self {
        Self::Narrow(Vec::new(), 0)
    }
}

impl Totals {
    fn widened(self) -> Vec<I256> {
        match self {
            Self::Narrow(totals, _) => totals.into_iter().map(I256::from).collect(),
            Self::Wide(totals) => totals,
        }
    }

    /// The totals of each group over some values of a dimension.
    fn taken(&self, values: &[bool]) -> Self {
        match self {
            Self::Narrow(totals, most) => {
                Self::Narrow(taken(totals, values, 0, i64::wrapping_add), *most)
            }
            Self::Wide(totals) => Self::Wide(taken(totals, values, I256::ZERO, I256::wrapping_add)),
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Narrow(none, 0), other) | (other, Self::Narrow(none, 0)) if none.is_empty() => {
                other
            }
            (Self::Narrow(mut totals, most), Self::Narrow(others, most_of_others))
                if most
                    .checked_add(most_of_others)
                    .is_some_and(|most| i64::try_from(most).is_ok()) =>
            {
                for (total, other) in totals.iter_mut().zip(others) {
                    *total = total.wrapping_add(other);
                }
                Self::Narrow(totals, most.saturating_add(most_of_others))
            }
            (this, other) => {
                let mut totals = this.widened();
                for (total, other) in totals.iter_mut().zip(other.widened()) {
                    *total = total.wrapping_add(other);
                }
                Self::Wide(totals)
            }
        }
    }
}

/// What some slots of each group add up to.
fn taken<T: Copy>(slots: &[T], values: &[bool], none: T, add: impl Fn(T, T) -> T) -> Vec<T> {
    let sum = |slots: &[T]| {
        let taken = slots.iter().zip(values).filter(|(_, taken)| **taken);
        taken.fold(none, |sum, (slot, _)| add(sum, *slot))
    };
    slots.chunks(values.len().max(1)).map(sum).collect()
}

impl Partial {
    /// The sums of each group over some values of a dimension.
    fn taken(&self, values: &[bool]) -> Self {
        let lacks = self.lacks.as_ref().map(|lacks| Lacks {
            counts: taken(&lacks.counts, values, 0, u64::saturating_add),
            first: taken(&lacks.first, values, u64::MAX, u64::min),
        });
        Self { totals: self.totals.taken(values), lacks }
    }

    /// The sums of two ranges of rows.
    fn and(self, other: Self) -> Self {
        let lacks = match (self.lacks, other.lacks) {
            (Some(a), Some(b)) => Some(a.and(&b)),
            (a, b) => a.or(b),
        };
        Self { totals: self.totals.and(other.totals), lacks }
    }

    fn column(self) -> SumColumn {
        let lacks = self.lacks.filter(|lacks| lacks.counts.iter().any(|count| *count > 0));
        match (self.totals, lacks) {
            (Totals::Narrow(_, 0), None) => SumColumn::default(),
            (Totals::Narrow(totals, _), lacks) => SumColumn::narrow(totals, lacks),
            (Totals::Wide(totals), lacks) => {
                let lacks = lacks.unwrap_or_default();
                let sums = totals.into_iter().enumerate().map(|(group, total)| {
                    let missing = lacks.counts.get(group).copied().unwrap_or(0);
                    let first = lacks.first.get(group).copied().unwrap_or(u64::MAX);
                    Sum::new(total, missing, first)
                });
                sums.collect()
            }
        }
    }
}

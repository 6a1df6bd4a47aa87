//! Rows that contradict others (相互矛盾的行): two of one key, or an empty group beside filled ones.

use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::blocks::BLOCK;
use super::compound::{Compound, Number};
use super::ids::Ids;
use super::keys::{Grouping, Keys, NONE};
use crate::watch::{STRIDE, Watch};

/// Rows that contradict others: their figures cannot be used.
#[derive(Debug, Default)]
pub(super) struct Contradicted {
    /// Of each dimension, rows whose empty cell stands beside filled ones.
    pub(super) ambiguous: Vec<Vec<usize>>,
    /// Rows whose key stands in an earlier row of the whole table, each with that row.
    pub(super) repeated: Vec<(usize, usize)>,
    /// All rows of such keys.
    pub(super) void: Vec<usize>,
}

impl Keys {
    /// Rows that contradict others; in a long table, where figures of one key stand in many rows, two
    /// of one key do not.
    pub(super) fn contradicted(&self, is_long: bool, watch: &Watch) -> Contradicted {
        let ambiguous = self.dimensions.iter().map(|grouping| self.ambiguous(grouping)).collect();
        let repeated = if is_long { Vec::new() } else { self.duplicates(watch) };
        let void = repeated.iter().flat_map(|(row, first)| [*first, *row]).collect();
        watch.pass(self.rows());
        Contradicted { ambiguous, repeated, void }
    }

    /// Rows with an empty cell of a dimension, beside rows of the same area, school and period that
    /// have one filled: whether such a row is the whole or a part cannot be told.
    fn ambiguous(&self, grouping: &Grouping) -> Vec<usize> {
        let at = |ids: Option<&Ids>, row: usize| ids.and_then(|ids| ids.get(row)).copied();
        if grouping.blank.is_empty() {
            return Vec::new();
        }
        let key = |row: usize| {
            let school = at(self.schools.as_ref().map(|part| &part.ids), row);
            let period = at(self.periods.as_ref().map(|part| &part.ids), row);
            (at(Some(&self.areas.ids), row), school, period)
        };
        let blank: HashSet<usize> = grouping.blank.iter().copied().collect();
        let keys: HashSet<_> = grouping.blank.iter().map(|row| key(*row)).collect();
        let filled = (0..self.rows()).filter(|row| !blank.contains(row)).map(key);
        let both: HashSet<_> = filled.filter(|key| keys.contains(key)).collect();
        let placed = |row: &usize| self.areas.ids.get(*row) != Some(&NONE);
        grouping
            .blank
            .iter()
            .copied()
            .filter(placed)
            .filter(|row| both.contains(&key(*row)))
            .collect()
    }

    /// Rows whose key stands in an earlier row, each with that row.
    fn duplicates(&self, watch: &Watch) -> Vec<(usize, usize)> {
        let by_school = self.compound([Part::Area, Part::School, Part::Period]);
        let by_period = self.compound([Part::Area, Part::Period, Part::School]);
        let by_time = self.compound([Part::Period, Part::Area, Part::School]);
        if [&by_period, &by_school, &by_time].into_iter().any(|keys| self.ascend(keys, watch)) {
            return Vec::new();
        }
        let few = self.rows().saturating_mul(64).saturating_add(BLOCK);
        let possible = by_school.possible();
        match possible.and_then(|possible| usize::try_from(possible).ok()) {
            Some(possible) if possible <= few => {
                let repeating = self.repeating_bits(&by_school, possible, watch);
                self.repeated::<u64>(&by_school, &repeating, watch)
            }
            _ if possible.is_some() => {
                let repeating = self.repeating(&by_school, watch);
                self.repeated::<u128>(&by_school, &repeating, watch)
            }
            _ => {
                let spelled = by_school.spelled_out();
                let mut keys = Compound::new();
                keys.push(&spelled, self.rows());
                let repeating = self.repeating(&keys, watch);
                self.repeated::<u128>(&keys, &repeating, watch)
            }
        }
    }

    /// The whole key, its parts in some order, dimensions last.
    fn compound(&self, parts: [Part; 3]) -> Compound<'_> {
        let mut keys = Compound::new();
        for part in parts {
            match part {
                Part::Area => keys.push(&self.areas.ids, self.areas.values.len()),
                Part::School => {
                    if let Some(schools) = &self.schools {
                        keys.push(&schools.ids, schools.values.len());
                    }
                }
                Part::Period => {
                    if let Some(periods) = &self.periods {
                        keys.push(&periods.ids, periods.values.len());
                    }
                }
            }
        }
        for grouping in &self.dimensions {
            keys.push(&grouping.ids, grouping.dimension.values.len());
        }
        keys
    }

    /// Whether each row has a larger key than the one before: the order that most tables come in.
    fn ascend(&self, keys: &Compound<'_>, watch: &Watch) -> bool {
        let starts: Vec<usize> = (0..self.rows()).step_by(BLOCK.saturating_sub(1)).collect();
        starts.into_par_iter().all(|start| {
            let mut numbers = [0_u64; BLOCK];
            let rows = self.rows().saturating_sub(start).min(BLOCK);
            let numbers = numbers.get_mut(..rows).unwrap_or(&mut []);
            keys.fill(start, numbers);
            // Blocks share a row, so that no neighbours are passed over.
            numbers.is_sorted_by(|a, b| a < b) && !watch.is_cancelled()
        })
    }

    /// Keys that stand in several rows, found with a bit for each possible one.
    fn repeating_bits(&self, keys: &Compound<'_>, possible: usize, watch: &Watch) -> HashSet<u64> {
        let bits: Vec<AtomicU64> = (0..=possible >> 6).map(|_| AtomicU64::new(0)).collect();
        let is_new = |number: u64| {
            let word = usize::try_from(number >> 6).ok().and_then(|word| bits.get(word));
            let bit = 1_u64 << (number & 63);
            word.is_some_and(|word| word.fetch_or(bit, Ordering::Relaxed) & bit == 0)
        };
        let starts: Vec<usize> = (0..self.rows()).step_by(STRIDE).collect();
        let repeating = starts.into_par_iter().filter(|_| !watch.is_cancelled()).map(|start| {
            let mut repeating = HashSet::new();
            self.each_of_stride(start, keys, &mut |_, number: &u64| {
                if !is_new(*number) {
                    repeating.insert(*number);
                }
            });
            repeating
        });
        repeating.reduce(HashSet::new, |a, b| if a.is_empty() { b } else { &a | &b })
    }

    /// Keys that stand in several rows.
    fn repeating(&self, keys: &Compound<'_>, watch: &Watch) -> HashSet<u128> {
        let (mut seen, mut repeating) = (HashSet::new(), HashSet::new());
        for start in (0..self.rows()).step_by(STRIDE).take_while(|_| !watch.is_cancelled()) {
            self.each_of_stride(start, keys, &mut |_, number: &u128| {
                if !seen.insert(*number) {
                    repeating.insert(*number);
                }
            });
        }
        repeating
    }

    /// Rows that repeat a key, each with the first row of it.
    fn repeated<N: Number + Eq + Hash>(
        &self,
        keys: &Compound<'_>,
        repeating: &HashSet<N>,
        watch: &Watch,
    ) -> Vec<(usize, usize)> {
        if repeating.is_empty() {
            return Vec::new();
        }
        let (mut first, mut repeated) = (HashMap::new(), Vec::new());
        for start in (0..self.rows()).step_by(STRIDE).take_while(|_| !watch.is_cancelled()) {
            self.each_of_stride(start, keys, &mut |row, number: &N| {
                if repeating.contains(number) {
                    let first = *first.entry(*number).or_insert(row);
                    if first != row {
                        repeated.push((row, first));
                    }
                }
            });
        }
        repeated
    }

    /// Visits the keys of rows from `start` on that have an area.
    fn each_of_stride<N: Number>(
        &self,
        start: usize,
        keys: &Compound<'_>,
        visit: &mut dyn FnMut(usize, &N),
    ) {
        let mut numbers = [N::default(); BLOCK];
        let mut room = [0_u32; BLOCK];
        let end = self.rows().min(start.saturating_add(STRIDE));
        for start in (start..end).step_by(BLOCK) {
            let size = end.saturating_sub(start).min(BLOCK);
            let numbers = numbers.get_mut(..size).unwrap_or(&mut []);
            keys.fill(start, numbers);
            let areas = self.areas.ids.block(start, room.get_mut(..size).unwrap_or(&mut []));
            for (row, (number, area)) in (start..).zip(numbers.iter().zip(areas)) {
                if *area != NONE {
                    visit(row, number);
                }
            }
        }
    }
}

/// A part of the key of every table.
#[derive(Clone, Copy)]
enum Part {
    Area,
    School,
    Period,
}

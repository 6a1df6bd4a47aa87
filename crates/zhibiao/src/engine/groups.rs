//! Groups of rows (分组): dense ids in the order of keys, by runs where rows of one stand together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::HashMap;
use rayon::prelude::*;

use super::GroupBy;
use super::tuning::Tuning;
use crate::area::AreaCode;
use crate::bind::{BLOCK, Compound, Keys, NONE};
use crate::error::{Problem, Result};
use crate::state::Key;
use crate::watch::{STRIDE, Watch};

/// The groups of a table, in the order of their keys.
#[derive(Debug)]
pub(super) struct Groups {
    pub(super) keys: Vec<Key>,
    /// Rows of each group.
    pub(super) sizes: Vec<u64>,
    pub(super) rows: Rows,
}

/// The group of every row; of a row that is set aside, the number of groups.
#[derive(Debug)]
pub(super) enum Rows {
    /// First row and group of each run.
    Runs {
        starts: Vec<usize>,
        groups: Vec<u32>,
    },
    Each(Vec<u32>),
}

impl Groups {
    /// The groups of all rows; what it gives of a cancelled run means nothing.
    pub(super) fn of(keys: &Keys, by: &GroupBy, tuning: &Tuning, watch: &Watch) -> Result<Self> {
        let compound = compound(keys, by);
        let Some(possible) = compound.possible() else {
            return Err(
                Problem::Overflow { what: "the number of possible groups".to_owned() }.into()
            );
        };
        if let Some((starts, numbers)) = runs(keys, &compound, tuning) {
            let (distinct, groups) = ranked(&numbers, possible);
            let mut sizes = vec![0_u64; distinct.len()];
            let ends = starts.iter().skip(1).copied().chain([keys.rows()]);
            for ((start, end), group) in starts.iter().zip(ends).zip(&groups) {
                let rows = u64::try_from(end.saturating_sub(*start)).unwrap_or(u64::MAX);
                if let Some(size) = usize::try_from(*group).ok().and_then(|at| sizes.get_mut(at)) {
                    *size = size.saturating_add(rows);
                }
            }
            let keys = named(keys, by, &compound, &distinct);
            return Ok(Self { keys, sizes, rows: Rows::Runs { starts, groups } });
        }
        let few = keys.rows().saturating_mul(tuning.table_per_row).saturating_add(BLOCK);
        Ok(match usize::try_from(possible) {
            Ok(possible) if possible <= few => by_table(keys, by, &compound, possible, watch),
            _ => by_hash(keys, by, &compound, watch),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.sizes.len()
    }
}

/// Keys in the order of [`Key`].
fn compound<'a>(keys: &'a Keys, by: &GroupBy) -> Compound<'a> {
    let mut compound = Compound::new();
    if let Some(periods) = &keys.periods {
        compound.push_in_order(&periods.ids, &periods.values);
    }
    compound.push_in_order(&keys.areas.ids, &keys.areas.values);
    if let Some(schools) = keys.schools.as_ref().filter(|_| by.schools) {
        compound.push_in_order(&schools.ids, &schools.values);
    }
    for grouping in by.slices.iter().filter_map(|id| keys.grouping(id)) {
        compound.push(&grouping.ids, grouping.dimension.values.len());
    }
    compound
}

/// First rows of runs and the number of their key, if they are long; none is that of a row that
/// was set aside.
fn runs(
    keys: &Keys,
    compound: &Compound<'_>,
    tuning: &Tuning,
) -> Option<(Vec<usize>, Vec<Option<u128>>)> {
    let columns = compound.columns().map(|ids| ids.runs()).collect::<Option<Vec<_>>>()?;
    let mut starts: Vec<usize> = columns.iter().flat_map(|runs| &runs.starts).copied().collect();
    #[expect(clippy::stable_sort_primitive, reason = "a stable sort only merges ascending runs")]
    starts.sort();
    starts.dedup();
    if starts.len().saturating_mul(tuning.long_run) > keys.rows() {
        return None;
    }
    let mut at = vec![0_usize; columns.len()];
    let area = usize::from(keys.periods.is_some());
    let mut ids = Vec::with_capacity(columns.len());
    let numbers = starts.iter().map(|start| {
        ids.clear();
        for (at, runs) in at.iter_mut().zip(&columns) {
            while runs.starts.get(at.saturating_add(1)).is_some_and(|next| next <= start) {
                *at = at.saturating_add(1);
            }
            ids.push(runs.ids.get(*at).copied().unwrap_or(NONE));
        }
        (ids.get(area) != Some(&NONE)).then(|| compound.number(ids.iter().copied()))
    });
    let numbers = numbers.collect();
    Some((starts, numbers))
}

/// Distinct numbers in order, and the place of each; of none, the number of them.
fn ranked(numbers: &[Option<u128>], possible: u128) -> (Vec<u128>, Vec<u32>) {
    let few = numbers.len().saturating_mul(4).saturating_add(BLOCK);
    let Some(possible) = usize::try_from(possible).ok().filter(|possible| *possible <= few) else {
        let mut distinct: Vec<u128> = numbers.iter().copied().flatten().collect();
        distinct.par_sort_unstable();
        distinct.dedup();
        let place = |number: &Option<u128>| {
            let place = number.and_then(|number| distinct.binary_search(&number).ok());
            u32::try_from(place.unwrap_or(distinct.len())).unwrap_or(NONE)
        };
        let places = numbers.iter().map(place).collect();
        return (distinct, places);
    };
    let at = |number: &Option<u128>| number.and_then(|number| usize::try_from(number).ok());
    let mut places = vec![NONE; possible];
    for number in numbers.iter().filter_map(at) {
        if let Some(place) = places.get_mut(number) {
            *place = 0;
        }
    }
    let mut distinct = Vec::new();
    for (number, place) in (0_u128..).zip(&mut places).filter(|(_, place)| **place == 0) {
        *place = u32::try_from(distinct.len()).unwrap_or(NONE);
        distinct.push(number);
    }
    let aside = u32::try_from(distinct.len()).unwrap_or(NONE);
    let place = |number| at(number).and_then(|number| places.get(number)).copied().unwrap_or(aside);
    let ranks = numbers.iter().map(place).collect();
    (distinct, ranks)
}

/// The keys of numbers.
fn named(keys: &Keys, by: &GroupBy, compound: &Compound<'_>, numbers: &[u128]) -> Vec<Key> {
    let schools = keys.schools.as_ref().filter(|_| by.schools);
    let part = |id: Option<u32>| id.filter(|id| *id != NONE);
    let at = |id: Option<u32>| part(id).and_then(|id| usize::try_from(id).ok());
    let name = |ids: &mut Vec<u32>, number: &u128| {
        compound.ids_of(*number, ids);
        let mut ids = ids.iter().copied();
        let period = keys.periods.as_ref().and_then(|periods| {
            let id = at(ids.next())?;
            periods.values.get(id).copied()
        });
        let area = at(ids.next()).and_then(|id| keys.areas.values.get(id).copied());
        let school = schools.and_then(|schools| {
            let id = at(ids.next())?;
            schools.values.get(id).map(Arc::clone)
        });
        let area = area.unwrap_or(AreaCode::NATION);
        Key { period, area, school, slices: ids.map(|id| part(Some(id))).collect() }
    };
    let numbers = numbers.par_iter().with_min_len(BLOCK);
    numbers.map_init(Vec::new, name).collect()
}

/// Where there may be few keys, the number of a key is its place in a table.
fn by_table(
    keys: &Keys,
    by: &GroupBy,
    compound: &Compound<'_>,
    possible: usize,
    watch: &Watch,
) -> Groups {
    let rows = keys.rows();
    let mut ids = vec![0_u32; rows];
    let share = rows.div_ceil(rayon::current_num_threads()).next_multiple_of(BLOCK).max(STRIDE);
    let counts: Vec<Vec<u32>> = ids
        .par_chunks_mut(share)
        .enumerate()
        .map(|(part, ids)| {
            let mut counts = vec![0_u32; possible];
            let (mut numbers, mut room) = ([0_u64; BLOCK], [0_u32; BLOCK]);
            let start = part.saturating_mul(share);
            for (start, ids) in (start..).step_by(BLOCK).zip(ids.chunks_mut(BLOCK)) {
                if watch.is_cancelled() {
                    break;
                }
                let numbers = numbers.get_mut(..ids.len()).unwrap_or(&mut []);
                compound.fill(start, numbers);
                let areas =
                    keys.areas.ids.block(start, room.get_mut(..ids.len()).unwrap_or(&mut []));
                for ((id, number), area) in ids.iter_mut().zip(numbers).zip(areas) {
                    // Numbers are below `possible`, which is far below 2^32.
                    *id = if *area == NONE { NONE } else { u32::try_from(*number).unwrap_or(NONE) };
                    if let Some(count) = usize::try_from(*id).ok().and_then(|id| counts.get_mut(id))
                    {
                        *count = count.wrapping_add(1);
                    }
                }
            }
            counts
        })
        .collect();
    let (mut places, mut sizes, mut numbers) = (vec![NONE; possible], Vec::new(), Vec::new());
    for (number, place) in places.iter_mut().enumerate() {
        let count: u64 = counts
            .iter()
            .filter_map(|counts| counts.get(number))
            .map(|count| u64::from(*count))
            .sum();
        if count > 0 {
            *place = u32::try_from(sizes.len()).unwrap_or(NONE);
            sizes.push(count);
            numbers.push(u128::try_from(number).unwrap_or(0));
        }
    }
    let aside = u32::try_from(sizes.len()).unwrap_or(NONE);
    ids.par_chunks_mut(STRIDE).filter(|_| !watch.is_cancelled()).for_each(|ids| {
        for id in ids {
            let place = usize::try_from(*id).ok().and_then(|id| places.get(id));
            *id = place.copied().unwrap_or(aside);
        }
    });
    let keys = named(keys, by, compound, &numbers);
    Groups { keys, sizes, rows: Rows::Each(ids) }
}

/// Each thread finds the keys of its share of all possible ones.
fn by_hash(keys: &Keys, by: &GroupBy, compound: &Compound<'_>, watch: &Watch) -> Groups {
    let shares = u32::try_from(rayon::current_num_threads()).unwrap_or(1).max(1);
    let ids: Vec<AtomicU32> = (0..keys.rows()).map(|_| AtomicU32::new(NONE)).collect();
    let found: Vec<Vec<u128>> = (0..shares)
        .into_par_iter()
        .map(|share| {
            let mut known: HashMap<u128, u32> = HashMap::new();
            let (mut numbers, mut room) = ([0_u128; BLOCK], [0_u32; BLOCK]);
            let mut found = Vec::new();
            for (start, ids) in (0..).step_by(BLOCK).zip(ids.chunks(BLOCK)) {
                if watch.is_cancelled() {
                    break;
                }
                let numbers = numbers.get_mut(..ids.len()).unwrap_or(&mut []);
                compound.fill(start, numbers);
                let room = room.get_mut(..ids.len()).unwrap_or(&mut []);
                let areas = keys.areas.ids.block(start, room);
                for ((id, number), area) in ids.iter().zip(numbers).zip(areas) {
                    if *area == NONE || share_of(*number, shares) != share {
                        continue;
                    }
                    let place = *known.entry(*number).or_insert_with(|| {
                        found.push(*number);
                        u32::try_from(found.len().saturating_sub(1)).unwrap_or(NONE)
                    });
                    // Ids of the shares take turns.
                    id.store(place.wrapping_mul(shares).wrapping_add(share), Ordering::Relaxed);
                }
            }
            found
        })
        .collect();
    let mut numbers: Vec<(u128, u32)> = Vec::new();
    for (share, found) in (0_u32..).zip(&found) {
        let ids = (share..).step_by(usize::try_from(shares).unwrap_or(1));
        numbers.extend(found.iter().copied().zip(ids));
    }
    numbers.par_sort_unstable();
    let longest = found.iter().map(Vec::len).max().unwrap_or(0);
    let mut places = vec![NONE; longest.saturating_mul(found.len())];
    for (place, (_, id)) in (0_u32..).zip(&numbers) {
        if let Some(slot) = usize::try_from(*id).ok().and_then(|id| places.get_mut(id)) {
            *slot = place;
        }
    }
    let aside = u32::try_from(numbers.len()).unwrap_or(NONE);
    let groups: Vec<u32> = ids
        .into_par_iter()
        .with_min_len(BLOCK)
        .map(|id| {
            let place = usize::try_from(id.into_inner()).ok().and_then(|id| places.get(id));
            place.copied().unwrap_or(aside)
        })
        .collect();
    let mut sizes = vec![0_u64; numbers.len()];
    for group in groups.iter().filter_map(|group| usize::try_from(*group).ok()) {
        if let Some(size) = sizes.get_mut(group) {
            *size = size.saturating_add(1);
        }
    }
    let numbers: Vec<u128> = numbers.into_iter().map(|(number, _)| number).collect();
    let keys = named(keys, by, compound, &numbers);
    Groups { keys, sizes, rows: Rows::Each(groups) }
}

/// The share of a key, by the upper half of a product that mixes its digits (Knuth).
fn share_of(number: u128, shares: u32) -> u32 {
    let low = u64::try_from(number & u128::from(u64::MAX)).unwrap_or(0);
    let high = u64::try_from(number >> 64_u32).unwrap_or(0);
    let mixed = (low ^ high).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32_u32;
    u32::try_from(mixed).unwrap_or(0).checked_rem(shares).unwrap_or(0)
}

//! Dense group ids of all rows, and the runs of equal ones.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::GroupBy;
use crate::bind::{Keys, NONE};
use crate::watch::Watch;

/// Rows of one task of key work.
const BLOCK: usize = 1 << 16;

/// Runs are used when they are at least this long on average.
const LONG_RUN: usize = 8;

/// The group of every row.
#[derive(Debug)]
pub(super) struct Groups {
    /// Group of each row; rows set aside have the id `sizes.len()`.
    pub(super) ids: Vec<u32>,
    /// Rows of each group.
    pub(super) sizes: Vec<u64>,
    /// First row of each group.
    pub(super) first_rows: Vec<usize>,
    /// First row of each run, where runs are long.
    pub(super) runs: Option<Vec<usize>>,
}

/// One part of the key: ids of rows, and how many there are, with one more for [`NONE`].
struct Part<'a> {
    ids: &'a [u32],
    radix: usize,
}

impl Groups {
    /// The groups of all rows; what it gives of a cancelled run means nothing.
    pub(super) fn of(keys: &Keys, by: &GroupBy, watch: &Watch) -> Self {
        let mut parts = vec![Part::of(&keys.areas.ids, keys.areas.values.len())];
        if let Some(schools) = keys.schools.as_ref().filter(|_| by.schools) {
            parts.push(Part::of(&schools.ids, schools.values.len()));
        }
        parts.extend(
            keys.periods.as_ref().map(|periods| Part::of(&periods.ids, periods.values.len())),
        );
        for grouping in by.slices.iter().filter_map(|id| keys.grouping(id)) {
            parts.push(Part::of(&grouping.ids, grouping.dimension.values.len()));
        }
        let rows = keys.rows();
        let possible =
            parts.iter().try_fold(1_usize, |product, part| product.checked_mul(part.radix));
        let few = rows.saturating_mul(4).saturating_add(BLOCK);
        let (mut ids, count) = match possible {
            Some(possible) if possible <= few => by_arithmetic(&parts, rows, possible),
            _ => by_hash(&parts, rows, watch),
        };
        let aside = u32::try_from(count).unwrap_or(NONE);
        let mut sizes = vec![0_u64; count];
        let mut first_rows = vec![usize::MAX; count];
        for (row, id) in ids.iter_mut().enumerate() {
            let group = usize::try_from(*id).unwrap_or(usize::MAX);
            match (sizes.get_mut(group), first_rows.get_mut(group)) {
                (Some(size), Some(first)) => {
                    *size = size.saturating_add(1);
                    *first = row.min(*first);
                }
                _ => *id = aside,
            }
        }
        let runs = runs(&ids);
        Self { ids, sizes, first_rows, runs }
    }
}

impl<'a> Part<'a> {
    fn of(ids: &'a [u32], values: usize) -> Self {
        Self { ids, radix: values.saturating_add(1) }
    }
}

/// Positions in the table of all possible keys, then only those that occur.
fn by_arithmetic(parts: &[Part<'_>], rows: usize, possible: usize) -> (Vec<u32>, usize) {
    let mut ids = vec![0_u32; rows];
    ids.par_chunks_mut(BLOCK).enumerate().for_each(|(block, ids)| {
        let start = block.wrapping_mul(BLOCK);
        for part in parts {
            let radix = u32::try_from(part.radix).unwrap_or(NONE);
            let last = radix.wrapping_sub(1);
            let keys = part.ids.get(start..).unwrap_or(&[]);
            for (id, key) in ids.iter_mut().zip(keys) {
                // Below `possible`, which fits: the product of the radices.
                *id = id.wrapping_mul(radix).wrapping_add((*key).min(last));
            }
        }
        // A row without an area is set aside.
        let areas = parts.first().map_or(&[][..], |part| part.ids.get(start..).unwrap_or(&[]));
        for (id, area) in ids.iter_mut().zip(areas) {
            if *area == NONE {
                *id = NONE;
            }
        }
    });
    let mut places = vec![NONE; possible];
    for id in &ids {
        if let Some(place) = usize::try_from(*id).ok().and_then(|id| places.get_mut(id)) {
            *place = 0;
        }
    }
    let mut count = 0_u32;
    for place in places.iter_mut().filter(|place| **place == 0) {
        *place = count;
        count = count.wrapping_add(1);
    }
    ids.par_iter_mut().for_each(|id| {
        let place = usize::try_from(*id).ok().and_then(|id| places.get(id));
        *id = place.copied().unwrap_or(NONE);
    });
    (ids, usize::try_from(count).unwrap_or(0))
}

fn by_hash(parts: &[Part<'_>], rows: usize, watch: &Watch) -> (Vec<u32>, usize) {
    let mut known: HashMap<Vec<u32>, u32> = HashMap::new();
    let mut key = Vec::with_capacity(parts.len());
    let mut ids = Vec::with_capacity(rows);
    for row in 0..rows {
        if row.is_multiple_of(BLOCK) && watch.is_cancelled() {
            break;
        }
        key.clear();
        key.extend(parts.iter().map(|part| part.ids.get(row).copied().unwrap_or(NONE)));
        if key.first() == Some(&NONE) {
            ids.push(NONE);
            continue;
        }
        let next = u32::try_from(known.len()).unwrap_or(NONE);
        let id = match known.get(&key) {
            Some(id) => *id,
            None => *known.entry(key.clone()).or_insert(next),
        };
        ids.push(id);
    }
    let count = known.len();
    (ids, count)
}

/// First rows of runs, if they are long enough to be worth it.
fn runs(ids: &[u32]) -> Option<Vec<usize>> {
    let changes = |(a, b): &(&u32, &u32)| a != b;
    let pairs = || ids.iter().zip(ids.iter().skip(1));
    let count = pairs().filter(changes).count();
    if count.saturating_add(1).saturating_mul(LONG_RUN) > ids.len() {
        return None;
    }
    let mut starts = Vec::with_capacity(count.saturating_add(1));
    starts.push(0);
    starts.extend(
        pairs().enumerate().filter(|(_, pair)| changes(pair)).map(|(row, _)| row.wrapping_add(1)),
    );
    Some(starts)
}

//! Slices (分组) of an area, and their totals (合计): for several dimensions every margin.
//!
//! A total is made of the states of its parts, as any sum is.

use std::collections::{BTreeMap, BTreeSet};

use crate::state::Key;

/// Positions of the values of the slicing dimensions.
type Slices = Vec<Option<u32>>;

/// The position of a total over the values of a dimension: after all that are declared.
pub(super) const TOTAL: u32 = u32::MAX;

/// The id of a total in the column of its dimension.
pub(crate) const TOTAL_ID: &str = "total";

/// States by slice, and if wanted by total.
pub(super) fn by_slices(
    keys: &[Key],
    states: impl Iterator<Item = usize>,
    totals: bool,
) -> BTreeMap<Slices, Vec<usize>> {
    let mut found: BTreeMap<Slices, Vec<usize>> = BTreeMap::new();
    for index in states {
        let Some(key) = keys.get(index) else { continue };
        found.entry(key.slices.clone()).or_default().push(index);
        if totals {
            for total in totals_of(&key.slices) {
                found.entry(total).or_default().push(index);
            }
        }
    }
    found
}

/// The totals that a slice counts towards.
pub(super) fn totals_of(slices: &[Option<u32>]) -> Vec<Slices> {
    let mut all = vec![slices.to_vec()];
    for dimension in 0..slices.len() {
        let mut totals = all.clone();
        for slice in totals.iter_mut().filter_map(|slices| slices.get_mut(dimension)) {
            *slice = Some(TOTAL);
        }
        all.append(&mut totals);
    }
    all.split_off(1)
}

/// Whether two sets of states are of the same slices, so that their totals are of the same.
pub(super) fn same_slices(keys: &[Key], some: &[usize], others: &[usize]) -> bool {
    let slices = |of: &[usize]| -> BTreeSet<&Slices> {
        of.iter().filter_map(|index| Some(&keys.get(*index)?.slices)).collect()
    };
    slices(some) == slices(others)
}

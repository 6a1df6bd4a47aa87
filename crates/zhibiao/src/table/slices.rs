//! Slices (分组) of an area, and their totals (合计): for several dimensions every margin.
//!
//! A total is made of the states of its parts, as any sum is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finish::Finish;
use crate::catalog::Dimension;
use crate::state::{Key, States};

/// Positions of the values of the slicing dimensions.
type Slices = Vec<Option<u32>>;

/// Value ids and names of slices.
pub(crate) type Named = Arc<[Option<(String, String)>]>;

/// The position of a total over the values of a dimension: after all that are declared.
const TOTAL: u32 = u32::MAX;

/// The id of a total in the column of its dimension.
pub(crate) const TOTAL_ID: &str = "total";

/// The slices that occur, in order, and the states of each.
pub(super) struct Slicing {
    all: Vec<Slices>,
    /// Value ids and names of each.
    named: Vec<Named>,
    /// Place of the slice of each state; empty where nothing is split.
    of_states: Vec<usize>,
    /// Places that each counts towards: its own and those of its totals.
    towards: Vec<Vec<usize>>,
}

impl Slicing {
    pub(super) fn of(states: &States, how: &Finish<'_>) -> Self {
        if how.slices.is_empty() {
            let (of_states, towards) = (Vec::new(), Vec::new());
            let (all, named) = (vec![Slices::new()], vec![Named::default()]);
            return Self { all, named, of_states, towards };
        }
        let slices = || {
            let keys = states.keys.iter().take_while(|_| !how.watch.is_cancelled());
            keys.map(|key| &key.slices)
        };
        let given: BTreeSet<&Slices> = slices().collect();
        let totals = |slices: &Slices| if how.totals { totals_of(slices) } else { Vec::new() };
        let mut all: BTreeSet<Slices> = given.iter().flat_map(|slices| totals(slices)).collect();
        all.extend(given.into_iter().cloned());
        let places: BTreeMap<&Slices, usize> = all.iter().zip(0..).collect();
        let place = |slices: &Slices| places.get(slices).copied();
        let towards = |slices: &Slices| {
            let counted = place(slices).into_iter();
            counted.chain(totals(slices).iter().filter_map(place)).collect()
        };
        Self {
            of_states: slices().filter_map(place).collect(),
            towards: all.iter().map(towards).collect(),
            named: all.iter().map(|slices| named(slices, how)).collect(),
            all: all.into_iter().collect(),
        }
    }

    /// Whether nothing is split, so that all states are of one slice.
    pub(super) fn is_one(&self) -> bool {
        self.of_states.is_empty()
    }

    /// Where slices stand among all; none for slices that no state has.
    pub(super) fn place(&self, key: &Key) -> Option<usize> {
        self.all.binary_search(&key.slices).ok()
    }

    /// Value ids and names of the slices at a place.
    pub(super) fn named(&self, place: usize) -> Named {
        self.named.get(place).cloned().unwrap_or_default()
    }

    /// States by slice, and if wanted by total, in order.
    pub(super) fn split(&self, states: impl Iterator<Item = usize>) -> Vec<(usize, Vec<usize>)> {
        let towards = |state: usize| {
            let place = self.of_states.get(state).and_then(|place| self.towards.get(*place));
            place.into_iter().flatten().map(move |place| (*place, state))
        };
        let mut counted: Vec<(usize, usize)> = states.flat_map(towards).collect();
        counted.sort_unstable();
        let slices = counted.chunk_by(|a, b| a.0 == b.0);
        let states = |slice: &[(usize, usize)]| slice.iter().map(|(_, state)| *state).collect();
        slices.filter_map(|slice| Some((slice.first()?.0, states(slice)))).collect()
    }

    /// Whether two sets of states are of the same slices, so that their totals are of the same.
    pub(super) fn same(&self, some: &[usize], others: &[usize]) -> bool {
        let places = |of: &[usize]| -> BTreeSet<usize> {
            of.iter().filter_map(|state| self.of_states.get(*state)).copied().collect()
        };
        places(some) == places(others)
    }
}

fn named(slices: &Slices, how: &Finish<'_>) -> Named {
    let value = |(position, dimension): (&Option<u32>, &&Dimension)| {
        if *position == Some(TOTAL) {
            return Some((TOTAL_ID.to_owned(), how.lang.of("合计", "Total").to_owned()));
        }
        let value = dimension.values.get(usize::try_from((*position)?).ok()?)?;
        Some((value.id.clone(), value.name.text(how.lang).to_owned()))
    };
    slices.iter().zip(how.slices).map(value).collect()
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

//! What wholes add to the sums of parts (补入).

use std::collections::BTreeMap;
use std::sync::Arc;

use ethnum::I256;

use crate::plan::{PlannedSum, Policy};
use crate::state::{Key, States, Sum};

/// What is added to the sums of a group.
#[derive(Default)]
pub(super) struct Added {
    /// By the position of the sum: how much, none where that is not known.
    more: BTreeMap<usize, Option<i128>>,
    /// The first row of the table that says 合计.
    row: Option<u64>,
}

impl Added {
    pub(super) fn add(&mut self, sum: usize, more: Option<i128>, row: Option<u64>) {
        let own = self.more.entry(sum).or_insert(Some(0));
        *own = own.zip(more).and_then(|(own, more)| own.checked_add(more));
        self.row = self.row.into_iter().chain(row).min();
    }

    /// What becomes of a sum; a sum of which nothing is said is lacking in a new group, if it may be
    /// more than nothing there.
    fn change(
        &self,
        at: usize,
        planned: &PlannedSum,
        may_be_more: &dyn Fn(usize) -> bool,
    ) -> Change {
        let lacks = |sum: usize| match self.more.get(&sum) {
            Some(more) => more.is_none(),
            None => may_be_more(sum),
        };
        if lacks(at) || planned.among.iter().any(|sum| lacks(*sum)) {
            return Change::Lack;
        }
        self.more.get(&at).copied().flatten().map_or(Change::Nothing, Change::Add)
    }
}

/// What becomes of a sum of a group.
enum Change {
    Nothing,
    Add(i128),
    Lack,
}

/// States of what is to be added to others; `is_known` tells of which sums all is said of a new group.
pub(super) fn added_to(
    states: &States,
    added: BTreeMap<Key, Added>,
    is_known: &dyn Fn(&PlannedSum) -> bool,
) -> States {
    let groups: Vec<Option<usize>> =
        added.keys().map(|key| states.keys.binary_search(key).ok()).collect();
    let open: Vec<bool> = states.plan.sums.iter().map(|sum| !is_known(sum)).collect();
    let column = |(at, planned): (usize, &PlannedSum)| {
        let sum = |(added, group): (&Added, &Option<usize>)| {
            let may_be_more = |sum: usize| group.is_none() && open.get(sum) == Some(&true);
            match added.change(at, planned, &may_be_more) {
                Change::Nothing => Sum::default(),
                Change::Add(more) => Sum::new(more.into(), 0, u64::MAX),
                Change::Lack => lacking(states, at, *group, added.row.unwrap_or(u64::MAX)),
            }
        };
        added.values().zip(&groups).map(sum).collect()
    };
    let sums = states.plan.sums.iter().enumerate().map(column).collect();
    // The row that says 合计.
    let rows = vec![1; groups.len()];
    States::in_order(Arc::clone(&states.plan), added.into_keys().collect(), rows, sums)
}

/// What makes a sum lack its group. Where only complete rows count, what is there of it does not,
/// either: else they would pass for all.
fn lacking(states: &States, sum: usize, group: Option<usize>, row: u64) -> Sum {
    let own = group.and_then(|group| states.sums.get(sum)?.get(group)).unwrap_or_default();
    if states.plan.policy == Policy::Any {
        return Sum::new(I256::ZERO, 1, row);
    }
    let rows = group.and_then(|group| states.rows.get(group)).copied().unwrap_or(0);
    let complete = rows.saturating_sub(own.missing());
    Sum::new(I256::ZERO.wrapping_sub(own.total), complete.saturating_add(1), row)
}

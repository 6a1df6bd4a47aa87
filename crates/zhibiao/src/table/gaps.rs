//! Months that a group lacks, of all areas or schools that it is made of.

use std::collections::BTreeSet;

use crate::state::{ByOwner, Owner};

/// What a group lacks of the months that it was put together from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Gaps {
    /// Positions of the sums that lack a month they need.
    short: BTreeSet<usize>,
    /// Positions of the sums that cannot be put together from months.
    mixed: BTreeSet<usize>,
    /// Months of the year that are absent, 1 to 12.
    absent: BTreeSet<u8>,
    /// Whether there were months.
    pub(super) of_months: bool,
}

impl Gaps {
    pub(super) fn of(months: &ByOwner, owners: impl IntoIterator<Item = Owner>) -> Self {
        let mut gaps = Self::default();
        if months.is_empty() {
            return gaps;
        }
        for months in owners.into_iter().filter_map(|owner| months.get(&owner)) {
            gaps.of_months = true;
            gaps.short.extend(&months.short);
            gaps.mixed.extend(&months.mixed);
            gaps.absent.extend(months.absent.iter().map(|month| month.of_year()));
        }
        gaps
    }

    /// How many months of the year are absent that some sum needs.
    pub(super) fn absent(&self) -> usize {
        if self.short.is_empty() { 0 } else { self.absent.len() }
    }

    /// Whether a sum lacks a month that it needs.
    pub(super) fn lacks(&self, sum: usize) -> bool {
        self.short.contains(&sum)
    }

    /// Whether a sum is of months that cannot be put together.
    pub(super) fn mixes(&self, sum: usize) -> bool {
        self.mixed.contains(&sum)
    }

    /// Whether figures made of some sums can be compared with those of another group: both lack
    /// nothing, or the same months.
    pub(super) fn comparable(&self, other: &Self, sums: &[usize]) -> bool {
        let short = |gaps: &Self| sums.iter().any(|sum| gaps.lacks(*sum));
        match (short(self), short(other)) {
            (false, false) => true,
            (true, true) => self.absent == other.absent,
            _ => false,
        }
    }
}

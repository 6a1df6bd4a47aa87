//! Sums of one row of figures that differ only in which values of a dimension they take: they are
//! added once, by group and value, and each is put together of its values.

use super::groups::{Groups, Rows};
use crate::bind::{Bound, Grouping, NONE};
use crate::catalog::Condition;
use crate::plan::{Plan, PlannedSum};

/// Sums that one pass over the rows gives.
pub(super) struct Family<'a> {
    /// Positions of the sums, each with the values that it takes.
    pub(super) members: Vec<(usize, Vec<bool>)>,
    pub(super) by: &'a Grouping,
}

/// Where rows are added: at their group, or at their group and value of a dimension.
#[derive(Clone, Copy)]
pub(super) struct Slots<'a> {
    pub(super) rows: &'a Rows,
    groups: usize,
    pub(super) split: Option<&'a Grouping>,
}

/// The families of a plan, for a table that gives the value of every row.
pub(super) fn families<'a>(plan: &Plan, bound: &'a Bound, groups: &Groups) -> Vec<Family<'a>> {
    let mut families: Vec<Family<'a>> = Vec::new();
    let mut left: Vec<usize> = (0..plan.sums.len()).collect();
    while let Some(first) = left.first().copied() {
        let alike = |sum: &usize| plan.sums.get(*sum).is_some_and(|sum| is_alike(sum, plan, first));
        let (same, others): (Vec<usize>, Vec<usize>) = left.into_iter().partition(alike);
        left = others.into_iter().filter(|sum| *sum != first).collect();
        for by in &bound.keys.dimensions {
            let taken = |sum: &usize| Some((*sum, taken(plan.sums.get(*sum)?, plan, by)?));
            let members: Vec<(usize, Vec<bool>)> = same.iter().filter_map(taken).collect();
            let slots = groups.len().saturating_mul(by.dimension.values.len());
            if members.len() > 1
                && members.iter().any(|(_, values)| values.contains(&false))
                && slots <= bound.keys.rows()
                && !by.ids.has(|id| id == NONE)
            {
                left.extend(same.iter().filter(|sum| members.iter().all(|(own, _)| own != *sum)));
                families.push(Family { members, by });
                break;
            }
        }
    }
    families
}

/// Whether a sum is of the same figures, over all rows that have them.
fn is_alike(sum: &PlannedSum, plan: &Plan, first: usize) -> bool {
    let first = plan.sums.get(first);
    sum.among.is_empty() && first.is_some_and(|first| first.among.is_empty() && first.of == sum.of)
}

/// The values of a dimension that a sum takes; none where that is not all that it asks.
fn taken(sum: &PlannedSum, plan: &Plan, by: &Grouping) -> Option<Vec<bool>> {
    let declared = &by.dimension.values;
    let Some(filter) = sum.filter else { return Some(vec![true; declared.len()]) };
    match plan.filters.get(filter)? {
        Condition::Is { dimension, values } if *dimension == by.dimension.id => {
            Some(declared.iter().map(|value| values.contains(&value.id)).collect())
        }
        _ => None,
    }
}

impl Family<'_> {
    pub(super) fn has(&self, sum: usize) -> bool {
        self.members.iter().any(|(own, _)| *own == sum)
    }
}

impl<'a> Slots<'a> {
    pub(super) fn of(groups: &'a Groups, split: Option<&'a Grouping>) -> Self {
        Self { rows: &groups.rows, groups: groups.len(), split }
    }

    /// Slots of a group.
    pub(super) fn width(&self) -> usize {
        self.split.map_or(1, |by| by.dimension.values.len())
    }

    pub(super) fn len(&self) -> usize {
        self.groups.saturating_mul(self.width())
    }

    /// Slots with those of rows that were set aside.
    pub(super) fn with_aside(&self) -> usize {
        self.len().saturating_add(self.width())
    }
}

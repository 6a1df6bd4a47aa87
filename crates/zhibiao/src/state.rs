//! States (聚合状态): mergeable exact sums from which indicators are evaluated, never a rate.
//!
//! Merging the states of two disjoint tables gives the states of both together, so the result is
//! the same for any order, split or engine. Merging is associative and commutative, and the state
//! of no rows is its identity; `tests/laws.rs` checks all of it.
//!
//! May use everything up to `plan`.

use std::sync::Arc;

use crate::area::AreaCode;
use crate::error::{Error, Problem, Result};
use crate::period::Period;
use crate::plan::Plan;

/// What a group of rows has in common. Groups order by period, area, school and slices.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Key {
    /// Period; none where the table has none.
    pub period: Option<Period>,
    /// Area.
    pub area: AreaCode,
    /// School; none where schools are not told apart.
    pub school: Option<Arc<str>>,
    /// Position of the value of each slicing dimension; none where it is not known.
    pub slices: Vec<Option<u32>>,
}

/// One exact sum over a group of rows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sum {
    /// Sum of the figures, as an integer of the plan's scale.
    pub total: i128,
    /// Rows left out because a part of them is missing.
    pub missing: u64,
    /// The first such row of the table, from 0.
    pub first_missing: Option<u64>,
}

impl Sum {
    /// Combines the sums of two disjoint groups.
    ///
    /// # Errors
    /// `overflow` when the sum leaves 128 bits.
    pub fn merge(self, other: Self) -> Result<Self> {
        let total = self.total.checked_add(other.total);
        Ok(Self {
            total: total.ok_or_else(|| Problem::Overflow { what: "a sum".to_owned() })?,
            missing: self.missing.saturating_add(other.missing),
            first_missing: match (self.first_missing, other.first_missing) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        })
    }
}

/// The state of one group.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct State {
    /// Rows of the group.
    pub rows: u64,
    /// One for each sum of the plan.
    pub sums: Vec<Sum>,
}

impl State {
    /// Adds the state of a disjoint group; an overflow names the measure and the area.
    pub(crate) fn absorb(&mut self, other: &Self, plan: &Plan, area: AreaCode) -> Result<()> {
        self.rows = self.rows.saturating_add(other.rows);
        if self.sums.len() < other.sums.len() {
            self.sums.resize(other.sums.len(), Sum::default());
        }
        for (index, (sum, other)) in self.sums.iter_mut().zip(&other.sums).enumerate() {
            *sum = sum.merge(*other).map_err(|_| overflow(plan, index, area))?;
        }
        Ok(())
    }
}

/// States by key, in the order of keys.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    pub(crate) plan: Arc<Plan>,
    pub(crate) groups: Vec<(Key, State)>,
}

impl States {
    /// Sorts groups and combines those of one key.
    pub(crate) fn new(plan: Arc<Plan>, mut groups: Vec<(Key, State)>) -> Result<Self> {
        groups.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut merged: Vec<(Key, State)> = Vec::with_capacity(groups.len());
        for (key, state) in groups {
            match merged.last_mut() {
                Some((last, sum)) if *last == key => {
                    sum.absorb(&state, &plan, key.area)?;
                }
                _ => merged.push((key, state)),
            }
        }
        Ok(Self { plan, groups: merged })
    }

    /// The plan that the sums follow.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Keys and states, in the order of keys.
    pub fn groups(&self) -> impl Iterator<Item = (&Key, &State)> {
        self.groups.iter().map(|(key, state)| (key, state))
    }

    /// Combines the states of two disjoint tables.
    ///
    /// # Errors
    /// `bad-option` when they follow different plans; `overflow`, with the area.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.plan != other.plan {
            return Err(Problem::BadOption {
                option: "pair of states".to_owned(),
                value: "two plans".to_owned(),
                wanted: "states of the same indicators over tables of the same columns".to_owned(),
            }
            .into());
        }
        Self::new(Arc::clone(&self.plan), [self.groups.clone(), other.groups.clone()].concat())
    }
}

/// The error of a sum that leaves 128 bits.
pub(crate) fn overflow(plan: &Plan, sum: usize, area: AreaCode) -> Error {
    Problem::Overflow { what: format!("the sum of {} of area {area}", plan.label(sum)) }.into()
}

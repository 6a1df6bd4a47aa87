//! States (聚合状态): mergeable exact sums from which indicators are evaluated, never a rate.
//!
//! Merging the states of two disjoint tables gives the states of both together, so the result is
//! the same for any order, split or engine. Merging is associative and commutative, and the state
//! of no rows is its identity; `tests/laws.rs` checks all of it.
//!
//! May use everything up to `plan`.

mod growing;
mod over_time;
mod spread;

use std::sync::Arc;

use ethnum::I256;
use rayon::prelude::*;

use crate::area::AreaCode;
use crate::error::{Error, Problem, Result};
use crate::period::Period;
use crate::plan::Plan;

pub(crate) use self::growing::Growing;
pub(crate) use self::over_time::{ByOwner, Months, Owner};
pub use self::spread::Spread;

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
///
/// The total is kept in 256 bits, so that no order of adding can overflow: whether it fits 128 is
/// asked only of the whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sum {
    total: I256,
    missing: u64,
    /// `u64::MAX` where none is missing.
    first_missing: u64,
}

impl Default for Sum {
    fn default() -> Self {
        Self::new(I256::ZERO, 0, u64::MAX)
    }
}

impl Sum {
    pub(crate) const fn new(total: I256, missing: u64, first_missing: u64) -> Self {
        Self { total, missing, first_missing }
    }

    /// Sum of the figures, as an integer of the plan's scale; none where it leaves 128 bits.
    #[must_use]
    pub fn total(self) -> Option<i128> {
        i128::try_from(self.total).ok()
    }

    /// Rows left out because a part of them is missing.
    #[must_use]
    pub const fn missing(self) -> u64 {
        self.missing
    }

    /// The first such row, from 0, of the table it stands in; of merged states the smallest.
    #[must_use]
    pub fn first_missing(self) -> Option<u64> {
        Some(self.first_missing).filter(|_| self.missing > 0)
    }

    /// Combines the sums of two disjoint groups.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            // Cannot overflow: fewer than 2^64 figures of 127 bits.
            total: self.total.wrapping_add(other.total),
            missing: self.missing.saturating_add(other.missing),
            first_missing: self.first_missing.min(other.first_missing),
        }
    }
}

/// States by key, in the order of keys: one column a sum of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct States {
    pub(crate) plan: Arc<Plan>,
    pub(crate) keys: Vec<Key>,
    /// Rows of each group.
    pub(crate) rows: Vec<u64>,
    /// Rows of the last month, where months were put together; else empty.
    pub(crate) last_rows: Vec<u64>,
    /// Where months were put together: schools whose last month is not that of their area.
    pub(crate) stale: Vec<bool>,
    /// A column without entries is 0 throughout, and lacks nothing.
    pub(crate) sums: Vec<Vec<Sum>>,
    pub(crate) findings: Vec<Error>,
}

impl States {
    /// Sorts groups and combines those of one key; columns have a value for each key.
    pub(crate) fn new(plan: Arc<Plan>, keys: &[Key], rows: &[u64], sums: &[Vec<Sum>]) -> Self {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.par_sort_by(|a, b| keys.get(*a).cmp(&keys.get(*b)));
        let same = |a: &usize, b: &usize| keys.get(*a) == keys.get(*b);
        let groups: Vec<&[usize]> = order.chunk_by(same).collect();
        let column = |column: &Vec<Sum>| -> Vec<Sum> {
            if column.is_empty() {
                return Vec::new();
            }
            let merged = |group: &&[usize]| {
                let sums = group.iter().filter_map(|at| column.get(*at));
                sums.copied().fold(Sum::default(), Sum::merge)
            };
            groups.iter().map(merged).collect()
        };
        let merged_sums = sums.par_iter().map(column).collect();
        let rows_of = |group: &&[usize]| group.iter().filter_map(|at| rows.get(*at)).sum();
        let merged_rows = groups.iter().map(rows_of).collect();
        let key_of = |group: &&[usize]| keys.get(*group.first()?).cloned();
        let merged_keys = groups.iter().filter_map(key_of).collect();
        let findings = Vec::new();
        Self {
            plan,
            keys: merged_keys,
            rows: merged_rows,
            last_rows: Vec::new(),
            stale: Vec::new(),
            sums: merged_sums,
            findings,
        }
    }

    /// The plan that the sums follow.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Number of groups.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no groups.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Flaws of the tables that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// Key, rows and sums of each group, in the order of keys.
    pub fn groups(&self) -> impl Iterator<Item = (&Key, u64, Vec<Sum>)> {
        self.keys.iter().zip(&self.rows).enumerate().map(|(group, (key, rows))| {
            let sums =
                self.sums.iter().map(|column| column.get(group).copied().unwrap_or_default());
            (key, *rows, sums.collect())
        })
    }

    /// Keeps the groups of some keys.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&Key) -> bool) {
        let keep: Vec<bool> = self.keys.iter().map(wanted).collect();
        kept(&mut self.keys, &keep);
        kept(&mut self.rows, &keep);
        self.sums.iter_mut().for_each(|column| kept(column, &keep));
    }

    /// Combines the states of two disjoint tables.
    ///
    /// # Errors
    /// `bad-option` when they follow different plans.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.plan != other.plan {
            return Err(Problem::BadOption {
                option: "pair of states".to_owned(),
                value: "two plans".to_owned(),
                wanted: "states of the same indicators over tables of the same columns".to_owned(),
            }
            .into());
        }
        Ok(Self::joined(Arc::clone(&self.plan), &[self, other]))
    }

    /// The states of disjoint tables together; all follow the plan.
    fn joined(plan: Arc<Plan>, parts: &[&Self]) -> Self {
        let column = |sum: usize| -> Vec<Sum> {
            let columns =
                || parts.iter().filter_map(|part| Some((part.sums.get(sum)?, part.len())));
            if columns().all(|(column, _)| column.is_empty()) {
                return Vec::new();
            }
            columns().flat_map(|(column, keys)| filled(column, keys)).collect()
        };
        let sums: Vec<Vec<Sum>> = (0..plan.sums.len()).map(column).collect();
        let keys: Vec<Key> = parts.iter().flat_map(|part| part.keys.iter().cloned()).collect();
        let rows: Vec<u64> = parts.iter().flat_map(|part| part.rows.iter().copied()).collect();
        let findings = parts.iter().flat_map(|part| part.findings.iter().cloned()).collect();
        Self { findings, ..Self::new(plan, &keys, &rows, &sums) }
    }
}

/// A column with an entry for each key.
fn filled(column: &[Sum], keys: usize) -> Vec<Sum> {
    let mut column = column.to_vec();
    column.resize(keys, Sum::default());
    column
}

/// Keeps the marked items of a column.
fn kept<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    column.retain(|_| keep.next() == Some(&true));
}

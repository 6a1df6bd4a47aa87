//! States (聚合状态): mergeable exact sums from which indicators are evaluated, never a rate.
//!
//! Merging the states of two disjoint tables gives the states of both together, so the result is
//! the same for any order, split or engine. Merging is associative and commutative, and the state
//! of no rows is its identity; `tests/laws.rs` checks all of it.
//!
//! May use everything up to `plan`.

mod bounded;
mod column;
mod frame;
mod growing;
mod harmonised;
mod moves;
mod over_time;
mod spread;
mod wholes;

use std::fmt;
use std::sync::Arc;

use ethnum::I256;
use hashbrown::HashMap;
use rayon::prelude::*;

use crate::area::AreaCode;
use crate::error::{Error, Problem, Result};
use crate::period::Period;
use crate::plan::Plan;

pub(crate) use self::bounded::{BoundedRow, RowPart};
pub(crate) use self::column::{Lacks, SumColumn};
pub(crate) use self::frame::{ROWS, definition_of, sum_columns};
pub(crate) use self::growing::Growing;
pub(crate) use self::moves::Moves;
pub(crate) use self::over_time::{ByOwner, Months, Owner};
pub use self::spread::Spread;
pub(crate) use self::wholes::{Beyond, Source, Wholes};

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

impl fmt::Display for Key {
    /// Area, period and school, as far as there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.area)?;
        if let Some(period) = self.period {
            write!(f, " {period}")?;
        }
        self.school.as_ref().map_or(Ok(()), |school| write!(f, " {school}"))
    }
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

    /// The first such row, from 0, of the table it stands in; of merged states the smallest. None
    /// where none is missing, and of a table that does not number its rows.
    #[must_use]
    pub fn first_missing(self) -> Option<u64> {
        Some(self.first_missing).filter(|row| *row != u64::MAX)
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
    pub(crate) sums: Vec<SumColumn>,
    /// Rows that sums lack, of which bounds are known.
    pub(crate) bounded: Vec<BoundedRow>,
    pub(crate) findings: Vec<Error>,
    /// Names given for areas.
    pub(crate) names: HashMap<AreaCode, String>,
}

impl States {
    /// States of keys that are in order, each once.
    pub(crate) fn in_order(
        plan: Arc<Plan>,
        keys: Vec<Key>,
        rows: Vec<u64>,
        sums: Vec<SumColumn>,
    ) -> Self {
        Self {
            plan,
            keys,
            rows,
            last_rows: Vec::new(),
            stale: Vec::new(),
            sums,
            bounded: Vec::new(),
            findings: Vec::new(),
            names: HashMap::new(),
        }
    }

    /// Sorts groups and combines those of one key; columns have a value for each key.
    pub(crate) fn new(plan: Arc<Plan>, keys: &[Key], rows: &[u64], sums: &[SumColumn]) -> Self {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.par_sort_by(|a, b| keys.get(*a).cmp(&keys.get(*b)));
        let same = |a: &usize, b: &usize| keys.get(*a) == keys.get(*b);
        let groups: Vec<&[usize]> = order.chunk_by(same).collect();
        let column = |column: &SumColumn| -> SumColumn {
            if column.is_empty() {
                return SumColumn::default();
            }
            groups.iter().map(|group| column.merged(*group)).collect()
        };
        let rows_of = |group: &&[usize]| group.iter().filter_map(|at| rows.get(*at)).sum();
        let key_of = |group: &&[usize]| keys.get(*group.first()?).cloned();
        let merged_keys = groups.iter().filter_map(key_of).collect();
        let merged_rows = groups.iter().map(rows_of).collect();
        Self::in_order(plan, merged_keys, merged_rows, sums.par_iter().map(column).collect())
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
            let sums = self.sums.iter().map(|column| column.get(group).unwrap_or_default());
            (key, *rows, sums.collect())
        })
    }

    /// Keeps the groups of some keys.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&Key) -> bool) {
        let keep: Vec<bool> = self.keys.iter().map(wanted).collect();
        self.keep(&keep);
    }

    /// Keeps the groups that have a row which counts, or of which that is not known.
    pub(crate) fn retain_counted(&mut self) {
        let Some(counted) = self.plan.counted.and_then(|sum| self.sums.get(sum)) else { return };
        let counts = |group| counted.total(group) != Some(0) || counted.missing(group) > 0;
        let keep: Vec<bool> = (0..self.keys.len()).map(counts).collect();
        self.keep(&keep);
    }

    fn keep(&mut self, keep: &[bool]) {
        kept(&mut self.keys, keep);
        kept(&mut self.rows, keep);
        for column in self.sums.iter_mut().filter(|column| !column.is_empty()) {
            let sums = keep.iter().enumerate().filter(|(_, keep)| **keep);
            *column = sums.filter_map(|(group, _)| column.get(group)).collect();
        }
    }

    /// Combines the states of two disjoint tables, such as those of two months, of two provinces, or
    /// of two engines.
    ///
    /// # Errors
    /// `states-differ` when they follow different plans.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.plan != other.plan {
            let (here, there) = (self.plan.to_string(), other.plan.to_string());
            let differs = here.lines().zip(there.lines()).find(|(a, b)| a != b);
            let (here, there) = differs.map_or_else(
                || (rules(&self.plan), rules(&other.plan)),
                |(here, there)| (here.to_owned(), there.to_owned()),
            );
            let what = "what they are the sums of".to_owned();
            return Err(Problem::StatesDiffer { what, here, there }.into());
        }
        Ok(Self::joined(Arc::clone(&self.plan), &[self, other]))
    }

    /// Refuses states that have keys in common: their tables may not be disjoint, and what stands in
    /// both would count twice.
    ///
    /// # Errors
    /// `overlapping-states`.
    pub fn refuse_overlap(&self, other: &Self) -> Result<()> {
        // Keys are in order.
        let mut shared = self.keys.iter().filter(|key| other.keys.binary_search(key).is_ok());
        let Some(key) = shared.next().map(ToString::to_string) else { return Ok(()) };
        let keys = u64::try_from(shared.count()).unwrap_or(u64::MAX).saturating_add(1);
        Err(Problem::OverlappingStates { keys, key }.into())
    }

    /// The states of disjoint tables together; all follow the plan.
    fn joined(plan: Arc<Plan>, parts: &[&Self]) -> Self {
        let column = |sum: usize| {
            let columns = parts.iter();
            SumColumn::joined(columns.filter_map(|part| Some((part.sums.get(sum)?, part.len()))))
        };
        let sums: Vec<SumColumn> = (0..plan.sums.len()).into_par_iter().map(column).collect();
        let keys: Vec<Key> = parts.iter().flat_map(|part| part.keys.iter().cloned()).collect();
        let rows: Vec<u64> = parts.iter().flat_map(|part| part.rows.iter().copied()).collect();
        let bounded = parts.iter().flat_map(|part| part.bounded.iter().cloned()).collect();
        let findings = parts.iter().flat_map(|part| part.findings.iter().cloned()).collect();
        let mut names = HashMap::new();
        for (area, name) in parts.iter().flat_map(|part| &part.names) {
            names.entry(*area).or_insert_with(|| name.clone());
        }
        Self { bounded, findings, names, ..Self::new(plan, &keys, &rows, &sums) }
    }
}

/// Keeps the marked items of a column.
fn kept<T>(column: &mut Vec<T>, keep: &[bool]) {
    let mut keep = keep.iter();
    column.retain(|_| keep.next() == Some(&true));
}

/// What a plan hangs on beside its sums.
fn rules(plan: &Plan) -> String {
    let number = plan.indicators.len();
    let slices = plan.slices.join(", ");
    let units = plan.units.as_ref().map_or("as given", |(units, _)| units);
    format!("{number} indicators, policy {}, slices [{slices}], areas {units}", plan.policy)
}

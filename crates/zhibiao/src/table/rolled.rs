//! Sums of groups (组的和): those of the states that each is made of, added column by column.

use super::lists::Lists;
use super::tasks::each;
use crate::catalog::OverTime;
use crate::state::{Lacks, States, Sum, SumColumn};
use crate::watch::{STRIDE, Watch};

/// Sums by group: one column a sum of the plan.
#[derive(Debug, Default)]
pub(super) struct Rolled {
    rows: Vec<u64>,
    /// Rows of the last month, where months were put together; else empty.
    last_rows: Vec<u64>,
    sums: Vec<SumColumn>,
}

/// The sums of one group.
#[derive(Clone, Copy, Debug)]
pub(super) struct State<'a> {
    of: &'a Rolled,
    group: usize,
}

impl Rolled {
    /// Adds up the states of each group; the stock of a larger whole leaves out what is gone before
    /// its last month.
    pub(super) fn of(
        states: &States,
        lists: &Lists,
        is_school: impl Fn(usize) -> bool,
        watch: &Watch,
    ) -> Self {
        let stays = |at: &usize| states.stale.get(*at) != Some(&true);
        let current: Option<Lists> = states.stale.contains(&true).then(|| {
            let groups = lists.iter().enumerate();
            let counts = |group: usize, at: &usize| is_school(group) || stays(at);
            let current = groups.map(|(group, list)| -> Vec<usize> {
                list.iter().copied().filter(|at| counts(group, at)).collect()
            });
            current.collect()
        });
        let current = current.as_ref().unwrap_or(lists);
        let column = |(column, over_time): &(&SumColumn, OverTime)| {
            let lists = if *over_time == OverTime::Last { current } else { lists };
            added(column, lists, watch)
        };
        let behaviour = states.plan().sums.iter().map(|sum| sum.over_time);
        let columns: Vec<(&SumColumn, OverTime)> = states.sums.iter().zip(behaviour).collect();
        Self {
            rows: counted(&states.rows, lists),
            last_rows: match states.last_rows.as_slice() {
                [] => Vec::new(),
                last_rows => counted(last_rows, current),
            },
            sums: each(&columns, lists.len().saturating_mul(columns.len()), column),
        }
    }

    /// The sums of a group.
    pub(super) fn state(&self, group: usize) -> State<'_> {
        State { of: self, group }
    }

    /// A sum of all groups.
    pub(super) fn column(&self, sum: usize) -> Option<&SumColumn> {
        self.sums.get(sum)
    }
}

impl State<'_> {
    pub(super) fn rows(self) -> u64 {
        self.of.rows.get(self.group).copied().unwrap_or(0)
    }

    /// Rows of the last month; all rows where no months were put together.
    pub(super) fn last_rows(self) -> u64 {
        if self.of.last_rows.is_empty() {
            return self.rows();
        }
        self.of.last_rows.get(self.group).copied().unwrap_or(0)
    }

    /// The total of a sum; none where it leaves 128 bits.
    pub(super) fn total(self, sum: usize) -> Option<i128> {
        self.of.sums.get(sum).map_or(Some(0), |column| column.total(self.group))
    }

    /// Rows that lack a part of a sum.
    pub(super) fn missing(self, sum: usize) -> u64 {
        self.of.sums.get(sum).map_or(0, |column| column.missing(self.group))
    }

    pub(super) fn sum(self, sum: usize) -> Sum {
        let column = self.of.sums.get(sum);
        column.and_then(|column| column.get(self.group)).unwrap_or_default()
    }
}

fn counted(rows: &[u64], lists: &Lists) -> Vec<u64> {
    let count = |list: &[usize]| list.iter().filter_map(|at| rows.get(*at)).sum();
    lists.iter().map(count).collect()
}

/// One sum of each group; what it gives of a cancelled run means nothing.
fn added(column: &SumColumn, lists: &Lists, watch: &Watch) -> SumColumn {
    if column.is_empty() {
        return SumColumn::default();
    }
    narrow(column, lists, watch).unwrap_or_else(|| {
        let goes_on =
            |(at, _): &(usize, &[usize])| !at.is_multiple_of(STRIDE) || !watch.is_cancelled();
        let lists = lists.iter().enumerate().take_while(goes_on);
        lists.map(|(_, list)| column.merged(list)).collect()
    })
}

/// The sums where all of them fit 64 bits.
fn narrow(column: &SumColumn, lists: &Lists, watch: &Watch) -> Option<SumColumn> {
    let totals = column.totals()?;
    let mut sums = Vec::with_capacity(lists.len());
    for (at, list) in lists.iter().enumerate() {
        if at.is_multiple_of(STRIDE) && watch.is_cancelled() {
            break;
        }
        // Cannot overflow: fewer than 2^64 figures of 64 bits.
        let total: i128 =
            list.iter().filter_map(|at| totals.get(*at)).copied().map(i128::from).sum();
        sums.push(i64::try_from(total).ok()?);
    }
    let lacks = column.lacks().map(|lacks| Lacks {
        counts: counted(&lacks.counts, lists),
        first: lists
            .iter()
            .map(|list| {
                let first = list.iter().filter_map(|at| lacks.first.get(*at)).min();
                first.copied().unwrap_or(u64::MAX)
            })
            .collect(),
    });
    Some(SumColumn::narrow(sums, lacks))
}

//! From months to years (时期汇总): flows add up, stocks take the last month.
//!
//! **A sum of a year is made of its months if all are there, else of the row of the year if that
//! has it, else of the months that are there.** A flow then lacks the others and is partial; a stock
//! needs only the last. Which of both a sum is, is told by `over_time` of its measure; what is
//! neither can only be had from the row of the year.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::{Key, States, Sum, SumColumn};
use crate::area::AreaCode;
use crate::catalog::OverTime;
use crate::period::{Month, Period, Span};
use crate::watch::Watch;

/// Whose months are counted: an area, or one of its schools.
pub(crate) type Owner = (AreaCode, Option<Arc<str>>, Option<Period>);

/// What became of the months of an owner.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Months {
    /// Months that are not there.
    pub(crate) absent: Vec<Month>,
    /// Positions of the sums that lack a month they need.
    pub(crate) short: Vec<usize>,
    /// Positions of the sums that cannot be put together from months.
    pub(crate) mixed: Vec<usize>,
    /// Whether it is to be told: not where the row of the period gives nothing but what was
    /// published.
    pub(crate) told: bool,
    /// The last month that is there.
    last: Option<Month>,
    /// Positions of the sums that the row of the whole period gives.
    own: Vec<usize>,
}

/// Months of each owner that has any.
pub(crate) type ByOwner = HashMap<Owner, Months>;

/// A state that counts towards a period.
struct Part {
    key: Key,
    state: usize,
    /// The month it is of; none for a row of the period itself.
    month: Option<Month>,
}

impl States {
    /// The states of longer periods, and what became of the months of each area and school; what it
    /// gives of a cancelled run means nothing.
    pub(crate) fn over(&self, span: Span, watch: &Watch) -> (Self, ByOwner) {
        let parts = self.parts(span);
        let mut there: BTreeMap<Owner, BTreeSet<Month>> = BTreeMap::new();
        let mut own: HashMap<Owner, Vec<usize>> = HashMap::new();
        for part in parts.iter().take_while(|_| !watch.is_cancelled()) {
            if let Some(month) = part.month {
                there.entry(owner(&part.key)).or_default().insert(month);
            } else {
                own.entry(owner(&part.key)).or_default().push(part.state);
            }
        }
        let mut by_owner = ByOwner::new();
        let mut schools: BTreeMap<Owner, Vec<&Owner>> = BTreeMap::new();
        for (owner, months) in there.iter().take_while(|_| !watch.is_cancelled()) {
            let own = own.get(owner).map_or(&[][..], Vec::as_slice);
            by_owner.insert(owner.clone(), self.months(owner.2, months, own));
            if let (area, Some(_), period) = owner {
                schools.entry((*area, None, *period)).or_default().push(owner);
            }
        }
        for (area, schools) in schools {
            let schools = schools.into_iter();
            let known: Vec<(&BTreeSet<Month>, &Months)> = schools
                .filter_map(|school| Some((there.get(school)?, by_owner.get(school)?)))
                .collect();
            let told = self.months_of_schools(area.2, &known);
            by_owner.insert(area, told);
        }
        let mut groups: BTreeMap<&Key, Vec<&Part>> = BTreeMap::new();
        for part in parts.iter().take_while(|_| !watch.is_cancelled()) {
            groups.entry(&part.key).or_default().push(part);
        }
        let groups: Vec<(&Key, Vec<&Part>)> = groups.into_iter().collect();
        (self.regrouped(&groups, &by_owner, watch), by_owner)
    }

    /// What is there of a period, and what its own rows give in place of what is not.
    fn months(&self, period: Option<Period>, there: &BTreeSet<Month>, own: &[usize]) -> Months {
        let wanted: Vec<Month> = period.into_iter().flat_map(Period::months).collect();
        let absent: Vec<Month> =
            wanted.iter().filter(|month| !there.contains(month)).copied().collect();
        let has_last = wanted.last().is_some_and(|month| there.contains(month));
        let given = |sum: usize| {
            let column = self.sums.get(sum);
            let lacks = |state: &usize| {
                column.and_then(|column| column.get(*state)).is_some_and(|sum| sum.missing() > 0)
            };
            !own.is_empty() && !own.iter().any(lacks)
        };
        let gives = |sum: usize| own.is_empty() || given(sum);
        let told = (0..self.plan.sums.len()).any(gives);
        let (mut from_own, mut short, mut mixed) = (Vec::new(), Vec::new(), Vec::new());
        for (at, sum) in self.plan.sums.iter().enumerate() {
            let lacks = match sum.over_time {
                OverTime::Sum => !absent.is_empty(),
                OverTime::Last => !has_last,
                OverTime::None => wanted.len() > 1,
            };
            let needs_own = !absent.is_empty() || sum.over_time == OverTime::None;
            if needs_own && given(at) {
                from_own.push(at);
            } else if lacks && sum.over_time == OverTime::None {
                mixed.push(at);
            } else if lacks {
                short.push(at);
            }
        }
        let (own, last) = (from_own, there.last().copied());
        Months { absent, short, mixed, told, last, own }
    }

    /// What an area lacks whose schools are told apart: months that none of them has, and months
    /// between the first and the last of a school. One that opens or closes in between lacks none.
    fn months_of_schools(
        &self,
        period: Option<Period>,
        schools: &[(&BTreeSet<Month>, &Months)],
    ) -> Months {
        let there = schools.iter().flat_map(|(there, _)| there.iter().copied()).collect();
        let mut whole = self.months(period, &there, &[]);
        let (mut absent, mut short) = (BTreeSet::new(), BTreeSet::new());
        for (own, months) in schools {
            let between = |month: &&Month| own.first() < Some(*month) && Some(*month) < own.last();
            let needed = |month: &&Month| between(month) || whole.absent.contains(month);
            let lacking: Vec<Month> = months.absent.iter().filter(needed).copied().collect();
            let is_stock = |sum: &usize| {
                self.plan.sums.get(*sum).is_some_and(|sum| sum.over_time == OverTime::Last)
            };
            let of_area = |sum: &&usize| {
                if is_stock(sum) { whole.short.contains(sum) } else { !lacking.is_empty() }
            };
            short.extend(months.short.iter().filter(of_area).copied());
            absent.extend(lacking);
        }
        whole.absent = absent.into_iter().collect();
        whole.short = short.into_iter().collect();
        let mixed: BTreeSet<usize> =
            schools.iter().flat_map(|(_, months)| months.mixed.iter().copied()).collect();
        whole.mixed = mixed.into_iter().collect();
        whole
    }

    /// Every state with the periods that it counts towards.
    fn parts(&self, span: Span) -> Vec<Part> {
        let month_of = |key: &Key| match key.period {
            Some(Period::Month(month)) => Some(month),
            _ => None,
        };
        let occurring: BTreeSet<Month> = self.keys.iter().filter_map(month_of).collect();
        let mut parts = Vec::new();
        for (state, key) in self.keys.iter().enumerate() {
            let Some(month) = month_of(key) else {
                parts.push(Part { key: key.clone(), state, month: None });
                continue;
            };
            let ends: Vec<Month> = match span {
                Span::Year | Span::SchoolYear => vec![month],
                Span::YearToDate => {
                    let same_year = |end: &&Month| Span::Year.of(**end) == Span::Year.of(month);
                    occurring.range(month..).take_while(same_year).copied().collect()
                }
            };
            for end in ends {
                let key = Key { period: Some(span.of(end)), ..key.clone() };
                parts.push(Part { key, state, month: Some(month) });
            }
        }
        parts
    }

    /// The states of new keys.
    fn regrouped(&self, groups: &[(&Key, Vec<&Part>)], by_owner: &ByOwner, watch: &Watch) -> Self {
        let none = Months::default();
        let months_of = |key: &Key| by_owner.get(&owner(key)).unwrap_or(&none);
        let counts = |part: &Part, months: &Months, sum: usize, over_time: OverTime| {
            if part.month.is_none() {
                return months.last.is_none() || months.own.contains(&sum);
            }
            !months.own.contains(&sum) && (over_time != OverTime::Last || part.month == months.last)
        };
        let column = |(at, (column, over_time)): (usize, (&SumColumn, OverTime))| -> SumColumn {
            if column.is_empty() {
                return SumColumn::default();
            }
            let merged = |(key, parts): &(&Key, Vec<&Part>)| {
                let months = months_of(key);
                let used = parts.iter().filter(|part| counts(part, months, at, over_time));
                let sums = used.filter_map(|part| column.get(part.state));
                sums.fold(Sum::default(), Sum::merge)
            };
            groups.iter().take_while(|_| !watch.is_cancelled()).map(merged).collect()
        };
        let rows = |only_last: bool| -> Vec<u64> {
            let merged = |(key, parts): &(&Key, Vec<&Part>)| {
                let last = months_of(key).last;
                let used = parts.iter().filter(|part| {
                    last.is_none() || (part.month.is_some() && (!only_last || part.month == last))
                });
                used.filter_map(|part| self.rows.get(part.state)).sum()
            };
            groups.iter().map(merged).collect()
        };
        // A school that is gone before the last month of its area is no part of the area's stock.
        let stale = |(key, _): &(&Key, Vec<&Part>)| {
            let area = by_owner.get(&(key.area, None, key.period));
            let last = months_of(key).last;
            last.is_some() && area.is_some_and(|area| last < area.last)
        };
        let behaviour = self.plan.sums.iter().map(|sum| sum.over_time);
        let columns: Vec<_> = self.sums.iter().zip(behaviour).enumerate().collect();
        Self {
            plan: Arc::clone(&self.plan),
            keys: groups.iter().map(|(key, _)| (*key).clone()).collect(),
            rows: rows(false),
            last_rows: rows(true),
            stale: groups.iter().map(stale).collect(),
            sums: columns.into_par_iter().map(column).collect(),
            // Months are put together by what each gives exactly.
            bounded: Vec::new(),
            findings: self.findings.clone(),
            names: self.names.clone(),
        }
    }
}

/// The area of a key, or its school if it has one.
fn owner(key: &Key) -> Owner {
    (key.area, key.school.clone(), key.period)
}

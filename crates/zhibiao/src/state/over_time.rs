//! From months to years (时期汇总): flows add up, stocks take the last month.
//!
//! **A year is made of its months if all are there, else of its own row if the area has one, else
//! of the months that are there, and is then partial.** What is summed over months and what takes
//! the last is told by `over_time` of the measure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;

use super::{Key, States, Sum};
use crate::area::AreaCode;
use crate::catalog::OverTime;
use crate::period::{Month, Period, Span};

/// Whose months are counted: an area, or one of its schools.
pub(crate) type Owner = (AreaCode, Option<Arc<str>>, Option<Period>);

/// How complete the months of a period are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Months {
    /// Months that are not there.
    pub(crate) absent: Vec<Month>,
    /// Whether the last month is there.
    pub(crate) last: bool,
    /// Whether more than one month was put together.
    pub(crate) several: bool,
}

/// Months of each owner whose period was put together from months.
pub(crate) type ByOwner = HashMap<Owner, Months>;

/// A state that counts towards a period.
struct Part {
    key: Key,
    state: usize,
    /// The month it is of; none for a row of the period itself.
    month: Option<Month>,
}

impl States {
    /// The states of longer periods, and how complete the months of each area and school are.
    pub(crate) fn over(&self, span: Span) -> (Self, ByOwner) {
        let parts = self.parts(span);
        let mut months: BTreeMap<Owner, BTreeSet<Month>> = BTreeMap::new();
        let mut own: BTreeSet<Owner> = BTreeSet::new();
        for part in &parts {
            for owner in owners(&part.key) {
                match part.month {
                    Some(month) => {
                        months.entry(owner).or_default().insert(month);
                    }
                    None => {
                        own.insert(owner);
                    }
                }
            }
        }
        let mut by_owner = ByOwner::new();
        for (owner, there) in &months {
            let wanted: Vec<Month> = owner.2.into_iter().flat_map(Period::months).collect();
            let absent = wanted.iter().filter(|month| !there.contains(month)).copied().collect();
            let last = wanted.last().is_some_and(|month| there.contains(month));
            let told = Months { absent, last, several: wanted.len() > 1 };
            // The area's own row stands in for months that are not all there.
            if told.absent.is_empty() || !own.contains(owner) {
                by_owner.insert(owner.clone(), told);
            }
        }
        let from_months = |key: &Key| by_owner.contains_key(&(key.area, None, key.period));
        let used = parts.iter().filter(|part| part.month.is_some() == from_months(&part.key));
        let is_last = |part: &Part| {
            let there = months.get(&(part.key.area, None, part.key.period));
            part.month.is_none() || there.is_some_and(|there| there.last().copied() == part.month)
        };
        let mut groups: BTreeMap<&Key, Vec<(usize, bool)>> = BTreeMap::new();
        for part in used {
            groups.entry(&part.key).or_default().push((part.state, is_last(part)));
        }
        (self.regrouped(&groups), by_owner)
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

    /// States of new keys, each from states of which some are of the last month.
    fn regrouped(&self, groups: &BTreeMap<&Key, Vec<(usize, bool)>>) -> Self {
        let column = |(column, over_time): (&Vec<Sum>, OverTime)| -> Vec<Sum> {
            if column.is_empty() {
                return Vec::new();
            }
            let merged = |members: &Vec<(usize, bool)>| {
                let counts = |(_, last): &&(usize, bool)| over_time != OverTime::Last || *last;
                let sums = members.iter().filter(counts).filter_map(|(at, _)| column.get(*at));
                sums.copied().fold(Sum::default(), Sum::merge)
            };
            groups.values().map(merged).collect()
        };
        let rows = |only_last: bool| -> Vec<u64> {
            let merged = |members: &Vec<(usize, bool)>| {
                let counts = |(_, last): &&(usize, bool)| !only_last || *last;
                members.iter().filter(counts).filter_map(|(at, _)| self.rows.get(*at)).sum()
            };
            groups.values().map(merged).collect()
        };
        let behaviour = self.plan.sums.iter().map(|sum| sum.over_time);
        Self {
            plan: Arc::clone(&self.plan),
            keys: groups.keys().map(|key| (*key).clone()).collect(),
            rows: rows(false),
            last_rows: rows(true),
            sums: self.sums.iter().zip(behaviour).map(column).collect(),
            findings: self.findings.clone(),
        }
    }
}

/// The area of a key, and its school if it has one.
fn owners(key: &Key) -> impl Iterator<Item = Owner> {
    let area = (key.area, None, key.period);
    let school = key.school.clone().map(|school| (key.area, Some(school), key.period));
    std::iter::once(area).chain(school)
}

//! Parents and children: what an area has is what the areas within it have together.
//!
//! Rows of areas are held against each other as they are given, tier by tier. Zones and codes not in
//! force may be counted in their parent or not: nobody expects them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::sheet::{Flaw, Known, Sheet, Sums, shown};
use crate::area::{AreaCode, Areas};
use crate::catalog::{Measure, OverAreas};
use crate::engine::GroupBy;
use crate::error::Problem;
use crate::state::Key;

/// The areas of one period: their groups, and which lie in which.
struct Level<'a> {
    areas: &'a Areas,
    groups: BTreeMap<AreaCode, Range<usize>>,
    within: BTreeMap<AreaCode, BTreeSet<AreaCode>>,
}

/// The areas that an area is made of.
#[derive(Default)]
struct Below {
    expected: Vec<AreaCode>,
    /// Zones, and codes that are not in force.
    others: Vec<AreaCode>,
    /// Whether all expected areas are there.
    complete: bool,
}

/// Sums of a measure by slice; none where one leaves 128 bits.
type BySlice<'k> = BTreeMap<&'k [Option<u32>], Option<Known>>;

/// Areas whose figures are not those of their parts.
pub(super) fn parents(sheet: &Sheet<'_>, sums: &Sums, by: &GroupBy) -> Vec<Flaw> {
    let mut found = Vec::new();
    let mut start = 0_usize;
    for keys in sums.keys().chunk_by(|a, b| a.period == b.period) {
        let end = start.saturating_add(keys.len());
        let level = Level::of(sheet.areas, keys, start);
        for (area, own) in &level.groups {
            let below = level.below(*area);
            if below.expected.is_empty() && below.others.is_empty() {
                continue;
            }
            for (index, measure) in sheet.measures.iter().enumerate() {
                if measure.over_areas == OverAreas::Sum {
                    let sum = |areas: &[AreaCode]| level.sum(sums, index, areas);
                    let held = Held {
                        own: by_slice(sums, index, own.clone()),
                        expected: sum(&below.expected),
                        others: sum(&below.others),
                        complete: below.complete,
                        areas: below.expected.len().saturating_add(below.others.len()),
                    };
                    let problems = held.problems(sheet, measure);
                    found.extend(problems.into_iter().map(|(slices, problem)| {
                        (own.clone(), slices.to_vec(), &measure.id, problem)
                    }));
                }
            }
        }
        start = end;
    }
    let keys = sums.keys();
    let key_of = |own: &Range<usize>, slices: &[Option<u32>]| {
        let of_area = || own.clone().filter_map(|group| keys.get(group));
        of_area().find(|key| key.slices == slices).or_else(|| of_area().next())
    };
    let wanted: Vec<&Key> =
        found.iter().filter_map(|(own, slices, ..)| key_of(own, slices)).collect();
    let rows = sheet.first_rows(by, &wanted);
    let flaw = |(own, slices, measure, problem): (Range<usize>, Vec<_>, &String, Problem)| {
        Some(sheet.flaw(*rows.get(key_of(&own, &slices)?)?, measure, problem))
    };
    found.into_iter().filter_map(flaw).collect()
}

impl<'a> Level<'a> {
    fn of(areas: &'a Areas, keys: &[Key], start: usize) -> Self {
        let mut groups: BTreeMap<AreaCode, Range<usize>> = BTreeMap::new();
        for (group, key) in (start..).zip(keys) {
            groups.entry(key.area).or_insert(group..group).end = group.saturating_add(1);
        }
        let mut within: BTreeMap<AreaCode, BTreeSet<AreaCode>> = BTreeMap::new();
        for area in groups.keys() {
            let mut area = *area;
            while let Some(parent) = areas.parent(area) {
                if !within.entry(parent).or_default().insert(area) {
                    break;
                }
                area = parent;
            }
        }
        Self { areas, groups, within }
    }

    /// The areas nearest below an area that have rows.
    fn below(&self, area: AreaCode) -> Below {
        let expected = self.areas.children(area);
        let mut below = Below { complete: !expected.is_empty(), ..Below::default() };
        for child in expected {
            if self.groups.contains_key(child) {
                below.expected.push(*child);
            } else {
                let within = self.below(*child);
                below.complete &= within.complete;
                below.expected.extend(within.expected);
                below.others.extend(within.others);
            }
        }
        for child in self.within.get(&area).into_iter().flatten() {
            // Taiwan, Hong Kong and Macao are known, and no part of national totals.
            let outside = area == AreaCode::NATION && self.areas.knows(*child);
            if expected.contains(child) || outside {
                continue;
            }
            if self.groups.contains_key(child) {
                below.others.push(*child);
            } else {
                let within = self.below(*child);
                below.others.extend(within.expected);
                below.others.extend(within.others);
            }
        }
        below
    }

    fn sum<'k>(&self, sums: &'k Sums, measure: usize, areas: &[AreaCode]) -> BySlice<'k> {
        let mut all: BySlice<'k> = BTreeMap::new();
        for groups in areas.iter().filter_map(|area| self.groups.get(area)) {
            for (slices, known) in by_slice(sums, measure, groups.clone()) {
                let sum = all.entry(slices).or_insert(Some(Known::default()));
                *sum = sum.zip(known).and_then(|(a, b)| a.and(b));
            }
        }
        all
    }
}

fn by_slice(sums: &Sums, measure: usize, groups: Range<usize>) -> BySlice<'_> {
    let of = |group: usize| Some((sums.keys().get(group)?.slices.as_slice(), group));
    groups.filter_map(of).map(|(slices, group)| (slices, sums.numerator(measure, group))).collect()
}

/// An area and what is below it.
struct Held<'k> {
    own: BySlice<'k>,
    expected: BySlice<'k>,
    others: BySlice<'k>,
    complete: bool,
    areas: usize,
}

impl<'k> Held<'k> {
    /// What differs: slice by slice where all is split alike, else as a whole.
    fn problems(&self, sheet: &Sheet<'_>, measure: &Measure) -> Vec<(&'k [Option<u32>], Problem)> {
        let all = [&self.own, &self.expected, &self.others];
        let split = |slices: &&[Option<u32>]| slices.iter().all(Option::is_some);
        let mut problems = Vec::new();
        if all.iter().all(|sums| sums.keys().all(split)) {
            for slices in self.own.keys() {
                let of = |sums: &BySlice<'k>| match sums.get(slices) {
                    Some(known) => *known,
                    None => Some(Known::default()),
                };
                if let Some((given, sum)) = self.differs(measure, of) {
                    problems.push((*slices, self.problem(sheet, measure, slices, given, sum)));
                }
            }
        }
        if problems.is_empty() {
            let whole = |sums: &BySlice<'k>| {
                sums.values().try_fold(Known::default(), |sum, known| sum.and((*known)?))
            };
            if let Some((given, sum)) = self.differs(measure, whole) {
                let slices: &[Option<u32>] = &[];
                problems.push((slices, self.problem(sheet, measure, slices, given, sum)));
            }
        }
        problems
    }

    /// The figure of the area and the sum below it, where they contradict each other.
    fn differs(
        &self,
        measure: &Measure,
        of: impl Fn(&BySlice<'k>) -> Option<Known>,
    ) -> Option<(i128, i128)> {
        let given = of(&self.own)?.whole()?;
        let expected = of(&self.expected)?;
        let all = expected.and(of(&self.others)?)?;
        if self.complete && !all.lacking {
            let agrees = given == expected.total || given == all.total;
            return (!agrees).then_some((given, all.total));
        }
        // What is not there can only add to it.
        let exceeds = expected.is_lower_bound(measure) && expected.total > given;
        exceeds.then_some((given, expected.total))
    }

    fn problem(
        &self,
        sheet: &Sheet<'_>,
        measure: &Measure,
        slices: &[Option<u32>],
        given: i128,
        sum: i128,
    ) -> Problem {
        let areas = self.areas;
        let parts = if self.complete {
            format!("the areas within it ({areas})")
        } else {
            format!("the areas within it that have rows ({areas})")
        };
        Problem::ParentDiffers {
            what: sheet.describe(&measure.id, slices),
            given: shown(given, measure),
            parts,
            sum: shown(sum, measure),
        }
    }
}

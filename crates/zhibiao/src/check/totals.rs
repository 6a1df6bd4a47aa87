//! Totals: rows that say 合计 are what the rows they total add up to.
//!
//! Binding sets such rows aside; here they are read by themselves and held against the others.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::sheet::{Flaw, Known, Sheet, Sums, shown};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::{Grouping, NONE};
use crate::catalog::OverAreas;
use crate::engine::{GroupBy, key_of};
use crate::error::{Problem, Result};
use crate::state::Key;

/// What a total row is a total of.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Kind {
    /// Of all areas.
    areas: bool,
    /// Of all schools of its area.
    schools: bool,
    /// Of all values of these dimensions.
    dimensions: Vec<String>,
}

/// Total rows that their parts do not make.
pub(super) fn totals(parts: &Sheet<'_>, totals: &Sheet<'_>) -> Result<Vec<Flaw>> {
    let mut by_kind: BTreeMap<Kind, Vec<usize>> = BTreeMap::new();
    for (row, area) in totals.keys().areas.ids.iter().enumerate() {
        if *area != NONE {
            by_kind.entry(Kind::of(totals, row)).or_default().push(row);
        }
    }
    let mut flaws = Vec::new();
    for (kind, rows) in by_kind {
        let kept = parts.dimensions.iter().filter(|id| !kind.dimensions.contains(id));
        let schools = !kind.areas && !kind.schools;
        let by = GroupBy { schools, slices: kept.cloned().collect() };
        let sums = parts.sums_of_measures(&by)?;
        let held = Held { parts, totals, kind: &kind, sums: &sums, by: &by };
        flaws.extend(held.flaws(&rows));
    }
    Ok(flaws)
}

impl Kind {
    fn of(totals: &Sheet<'_>, row: usize) -> Self {
        let keys = totals.keys();
        let unnamed = |ids: &[u32]| ids.get(row) == Some(&NONE);
        // The last value is that of all of them.
        let total = |part: &Grouping| part.dimension.values.len().checked_sub(1);
        let marked = keys.dimensions.iter().filter(|part| {
            let id = part.ids.get(row).and_then(|id| usize::try_from(*id).ok());
            id.is_some() && id == total(part)
        });
        Self {
            areas: totals.matched.area(totals.bound.source_row(row), totals.areas).is_none(),
            schools: keys.schools.as_ref().is_some_and(|schools| unnamed(&schools.ids)),
            dimensions: marked.map(|part| part.dimension.id.clone()).collect(),
        }
    }
}

/// Total rows of one kind, and the sums they are held against.
struct Held<'h, 'a> {
    parts: &'h Sheet<'a>,
    totals: &'h Sheet<'a>,
    kind: &'h Kind,
    sums: &'h Sums,
    by: &'h GroupBy,
}

impl Held<'_, '_> {
    fn flaws(&self, rows: &[usize]) -> Vec<Flaw> {
        let groups: HashMap<&Key, usize> =
            self.sums.keys().iter().enumerate().map(|(group, key)| (key, group)).collect();
        let all_values = self.has_all_values();
        let mut flaws = Vec::new();
        for row in rows {
            let key = key_of(&self.totals.bound, self.by, *row);
            let (of, complete) = if self.kind.areas {
                let of = self.finest(&key);
                let complete = self.covers(*row, &of);
                (of, complete)
            } else {
                (groups.get(&key).copied().into_iter().collect(), true)
            };
            if !of.is_empty() {
                flaws.extend(self.of_row(*row, &key, &of, complete && all_values));
            }
        }
        flaws
    }

    /// Whether each value of the dimensions that are totalled stands somewhere: else the rows may be
    /// "of which" rows, that do not make the total.
    fn has_all_values(&self) -> bool {
        let keys = self.parts.keys();
        self.kind.dimensions.iter().filter_map(|id| keys.grouping(id)).all(|grouping| {
            let placed =
                grouping.ids.iter().zip(&keys.areas.ids).filter(|(_, area)| **area != NONE);
            let there: BTreeSet<u32> = placed.map(|(id, _)| *id).filter(|id| *id != NONE).collect();
            there.len() == grouping.dimension.values.len()
        })
    }

    /// Groups of the areas of the finest tier in the period of a key, with its slices.
    fn finest(&self, key: &Key) -> Vec<usize> {
        let of_period = |other: &&Key| other.period == key.period;
        let tiers = self
            .sums
            .keys()
            .iter()
            .filter(of_period)
            .map(|other| self.parts.areas.tier(other.area));
        let Some(finest) = tiers.min() else { return Vec::new() };
        let keys = self.sums.keys().iter().enumerate();
        let within = keys.filter(|(_, other)| {
            other.period == key.period
                && self.parts.areas.tier(other.area) == finest
                && other.slices == key.slices
        });
        within.map(|(group, _)| group).collect()
    }

    /// Whether the areas of a total are all that it names: 全省 is more than the counties of a table
    /// if some are missing, 合计 is the sum of what is there.
    fn covers(&self, row: usize, of: &[usize]) -> bool {
        let tier = match self.totals.matched.area_text(self.totals.bound.source_row(row)).as_str() {
            "全国" => Tier::Nation,
            "全省" => Tier::Province,
            "全市" => Tier::Prefecture,
            "全县" => Tier::County,
            _ => return true,
        };
        let keys = self.sums.keys();
        let areas: BTreeSet<AreaCode> =
            of.iter().filter_map(|group| keys.get(*group)).map(|key| key.area).collect();
        let outer: BTreeSet<Option<AreaCode>> =
            areas.iter().map(|area| self.parts.areas.within(*area, tier)).collect();
        let mut outer = outer.into_iter();
        match (outer.next().flatten(), outer.next()) {
            (Some(outer), None) => has_all(self.parts.areas, outer, &areas),
            _ => false,
        }
    }

    fn of_row(&self, row: usize, key: &Key, of: &[usize], complete: bool) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        for (index, measure) in self.parts.measures.iter().enumerate() {
            let given = self.totals.figures(measure).and_then(|figures| figures.get(row));
            let Some(given) = given.filter(|_| measure.over_areas == OverAreas::Sum) else {
                continue;
            };
            let add = |sum: Known, group: &usize| sum.and(self.sums.numerator(index, *group)?);
            let Some(sum) = of.iter().try_fold(Known::default(), add) else { continue };
            let differs = if complete && !sum.lacking {
                given != sum.total
            } else {
                sum.is_lower_bound(measure) && sum.total > given
            };
            if differs {
                let parts = if complete && !sum.lacking { "its parts" } else { "parts of it" };
                let problem = Problem::TotalDiffers {
                    what: self.describe(&measure.id, key),
                    given: shown(given, measure),
                    parts: parts.to_owned(),
                    sum: shown(sum.total, measure),
                };
                flaws.push(self.totals.flaw(row, &measure.id, problem));
            }
        }
        flaws
    }

    fn describe(&self, measure: &str, key: &Key) -> String {
        let slice = |id: &String| {
            let index = self.by.slices.iter().position(|other| other == id)?;
            key.slices.get(index).copied().flatten()
        };
        let slices: Vec<Option<u32>> = self.parts.dimensions.iter().map(slice).collect();
        self.parts.describe(measure, &slices)
    }
}

/// Whether an area, or all that it consists of, is among some.
fn has_all(areas: &Areas, area: AreaCode, among: &BTreeSet<AreaCode>) -> bool {
    let children = areas.children(area);
    among.contains(&area)
        || (!children.is_empty() && children.iter().all(|child| has_all(areas, *child, among)))
}

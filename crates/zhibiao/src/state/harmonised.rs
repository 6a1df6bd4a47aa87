//! Panels (面板) in the areas of one year: where the states of each area go.
//!
//! What merged is added up, and what was divided falls to its successors in shares. A unit of which
//! a part has no rows has no state: half of it would pass for the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ethnum::I256;
use hashbrown::HashMap;

use super::{Key, States, Sum, SumColumn};
use crate::area::history::Crosswalk;
use crate::area::{AreaCode, Areas, History};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode, apportion};
use crate::period::Period;

/// Where each area of each period goes.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    /// Units, and the share that falls to each; none for what has no place.
    to: HashMap<(Period, AreaCode), Vec<(AreaCode, Ratio)>>,
    /// How many areas go to a unit.
    parts: HashMap<(Period, AreaCode), usize>,
    /// Units of which a part has no rows.
    lacking: BTreeSet<(Period, AreaCode)>,
    /// Areas that have no place, units that lack a part, and unions.
    pub(crate) findings: Vec<Error>,
}

/// Areas of one period.
struct Moving<'a> {
    walk: &'a Crosswalk,
    /// The units of the crosswalk.
    areas: &'a Areas,
    period: Period,
    year: u16,
    /// What goes to each unit, and the year in which it is an area.
    reached: BTreeMap<AreaCode, (u16, BTreeSet<AreaCode>)>,
}

impl Moves {
    /// Where areas go; `areas` are the units of the crosswalk.
    ///
    /// # Errors
    /// `bad-option` for a period that is none of the crosswalk's.
    pub(crate) fn of(
        walk: &Crosswalk,
        areas: &Areas,
        given: &BTreeMap<Period, BTreeSet<AreaCode>>,
    ) -> Result<Self> {
        let mut moves = Self::default();
        for (period, here) in given {
            let (period, year) = (*period, year_of_list(*period));
            refuse_other_years(walk, period)?;
            let moving = Moving { walk, areas, period, year, reached: BTreeMap::new() };
            moving.place(here, &mut moves);
        }
        let united: Vec<Error> = united(walk, &moves).collect();
        moves.findings.extend(united);
        moves.findings.extend(new_areas(walk, areas, given));
        Ok(moves)
    }

    /// The unit that an area goes to as a whole, where no other does.
    pub(crate) fn alone(&self, period: Period, area: AreaCode) -> Option<AreaCode> {
        let [(unit, _)] = self.to.get(&(period, area))?.as_slice() else { return None };
        (self.parts.get(&(period, *unit)) == Some(&1)).then_some(*unit)
    }

    /// Units that have all their parts.
    fn whole(&self, period: Period, unit: AreaCode) -> bool {
        !self.lacking.contains(&(period, unit))
    }
}

impl Moving<'_> {
    fn place(mut self, here: &BTreeSet<AreaCode>, moves: &mut Moves) {
        let mut left = Vec::new();
        for area in here {
            let units = self.walk.units(*area, self.year);
            if units.is_empty() {
                left.push(*area);
            } else {
                self.reach(*area, self.year, units, moves);
            }
        }
        for area in left {
            let before = self.units_before(area);
            if !before.is_empty() {
                self.reach(area, self.year.saturating_sub(1), before, moves);
            } else if let Some(finding) = self.without_place(area) {
                moves.findings.push(finding);
                moves.to.insert((self.period, area), Vec::new());
            } else {
                self.reach(area, self.year, vec![(area, Ratio::integer(1))], moves);
            }
        }
        for (unit, (year, from)) in &self.reached {
            moves.parts.insert((self.period, *unit), from.len());
            let sources = self.walk.sources(*unit, *year);
            let absent: Vec<AreaCode> =
                sources.iter().copied().filter(|source| !from.contains(source)).collect();
            if !absent.is_empty() {
                moves.lacking.insert((self.period, *unit));
                moves.findings.push(self.part_absent(*unit, *year, &absent));
            }
        }
    }

    fn reach(
        &mut self,
        area: AreaCode,
        year: u16,
        units: Vec<(AreaCode, Ratio)>,
        moves: &mut Moves,
    ) {
        for (unit, _) in &units {
            let (_, from) = self.reached.entry(*unit).or_insert((year, BTreeSet::new()));
            from.insert(area);
        }
        moves.to.insert((self.period, area), units);
    }

    /// The units of an area that ended in the year of a part of that year: it still stood then, unless
    /// its successor is there, too.
    fn units_before(&self, area: AreaCode) -> Vec<(AreaCode, Ratio)> {
        let (Some(before), true) = (self.year.checked_sub(1), is_early(self.period)) else {
            return Vec::new();
        };
        let units = self.walk.units(area, before);
        let in_year = |(unit, _): &(AreaCode, Ratio)| {
            self.reached.get(unit).is_some_and(|(year, _)| *year == self.year)
        };
        if units.iter().any(in_year) { Vec::new() } else { units }
    }

    /// Why an area has no place; none where it is no area of any list and stays as it is.
    fn without_place(&self, area: AreaCode) -> Option<Error> {
        let code = area.to_string();
        let told = self.walk.findings().iter().find(|finding| match finding.problem() {
            Problem::NoSuccessor { code: of, year, .. }
            | Problem::DividedArea { code: of, year, .. } => {
                *of == code && *year == u64::from(self.year)
            }
            _ => false,
        });
        if told.is_some() {
            return told.cloned();
        }
        let known = History::builtin().hint(area, self.year);
        let year = u64::from(self.year);
        (!known.is_empty()).then(|| Problem::CodeNotInYear { code, year, known }.into())
    }

    fn part_absent(&self, unit: AreaCode, year: u16, absent: &[AreaCode]) -> Error {
        let history = History::builtin();
        let parts = absent.iter().map(|area| {
            let name = history.name(*area, year).unwrap_or_default();
            format!("{area} {name}")
        });
        Problem::PartAbsent {
            code: unit.to_string(),
            name: self.areas.name(unit, Lang::Zh).unwrap_or_default(),
            period: self.period.to_string(),
            parts: parts.collect::<Vec<_>>().join(", "),
        }
        .into()
    }
}

impl States {
    /// The states of the units that areas go to. Rows of a divided area count for each of its parts.
    ///
    /// `adds_up` says of each sum whether it can be summed over areas; what cannot is missing where
    /// several areas are one, or one is divided.
    ///
    /// # Errors
    /// `bad-option` for shares of an area whose schools are told apart; `overflow`.
    pub(crate) fn harmonised(self, moves: &Moves, adds_up: &[bool]) -> Result<Self> {
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for (group, key) in self.keys.iter().enumerate() {
            let to = key.period.and_then(|period| moves.to.get(&(period, key.area)));
            let shares = to.map_or(&[][..], Vec::as_slice);
            if shares.len() > 1 && key.school.is_some() {
                return Err(schools_divided(key.area));
            }
            for (part, (unit, _)) in shares.iter().enumerate() {
                if key.period.is_some_and(|period| moves.whole(period, *unit)) {
                    let key = Key { area: *unit, ..key.clone() };
                    entries.push(Entry { key, group, part, shares });
                }
            }
        }
        let mut met: HashMap<Key, usize> = HashMap::new();
        for entry in &entries {
            let count = met.entry(entry.key.clone()).or_default();
            *count = count.saturating_add(1);
        }
        let meets = |key: &Key| met.get(key).is_some_and(|count| *count > 1);
        // Schools of one id in areas that are one now are two schools.
        for entry in &mut entries {
            let area = self.keys.get(entry.group).map(|key| key.area);
            if let (Some(school), Some(area), true) = (&entry.key.school, area, meets(&entry.key)) {
                entry.key.school = Some(Arc::from(format!("{area} {school}")));
            }
        }
        let rows = |group: usize| self.rows.get(group).copied().unwrap_or(0);
        let column = |(column, adds_up): (&SumColumn, &bool)| -> Result<SumColumn> {
            let sum = |entry: &Entry<'_>| {
                let sum = column.get(entry.group).unwrap_or_default();
                if *adds_up || (entry.shares.len() == 1 && !meets(&entry.key)) {
                    return entry.part_of(sum);
                }
                let first = sum.first_missing().unwrap_or(u64::MAX);
                Ok(Sum::new(I256::ZERO, rows(entry.group), first))
            };
            entries.iter().map(sum).collect()
        };
        let sums = self.sums.iter().zip(adds_up).map(column).collect::<Result<Vec<_>>>()?;
        let of_entries: Vec<u64> = entries.iter().map(|entry| rows(entry.group)).collect();
        let keys: Vec<Key> = entries.into_iter().map(|entry| entry.key).collect();
        let mut bounded = self.bounded;
        bounded.retain_mut(|row| {
            let to = row.key.period.and_then(|period| moves.to.get(&(period, row.key.area)));
            let Some([(unit, _)]) = to.map(Vec::as_slice) else { return false };
            let whole = row.key.period.is_some_and(|period| moves.whole(period, *unit));
            row.key.area = *unit;
            row.parts.retain(|part| adds_up.get(part.sum) == Some(&true));
            whole
        });
        let States { plan, findings, names, .. } = self;
        Ok(Self { bounded, findings, names, ..Self::new(plan, &keys, &of_entries, &sums) })
    }
}

/// A state, or a part of it, under its new key.
struct Entry<'a> {
    key: Key,
    group: usize,
    /// Position among the shares.
    part: usize,
    shares: &'a [(AreaCode, Ratio)],
}

impl Entry<'_> {
    /// What falls to the unit: parts add up to the sum (最大余数法).
    fn part_of(&self, sum: Sum) -> Result<Sum> {
        if self.shares.len() == 1 {
            return Ok(sum);
        }
        let overflow = || Problem::Overflow { what: "a sum that is divided".to_owned() };
        let total = Ratio::integer(sum.total().ok_or_else(overflow)?);
        let parts =
            self.shares.iter().map(|(_, share)| total.mul(*share)).collect::<Result<Vec<_>>>()?;
        let parts = apportion(&parts, total, 0, RoundMode::HalfAway)?;
        let part = parts.get(self.part).map_or(Ratio::ZERO, |part| part.ratio());
        let first = sum.first_missing().unwrap_or(u64::MAX);
        Ok(Sum::new(I256::from(part.num()), sum.missing(), first))
    }
}

/// Whether a period ends before its year does, so that areas which end in it may still stand.
fn is_early(period: Period) -> bool {
    !matches!(period, Period::SchoolYear(_)) && period.end() < Period::Year(period.year()).end()
}

fn year_of_list(period: Period) -> u16 {
    History::year_of_list(period.year())
}

fn refuse_other_years(walk: &Crosswalk, period: Period) -> Result<()> {
    if walk.years().any(|year| year == year_of_list(period)) {
        return Ok(());
    }
    let years: Vec<String> = walk.years().map(|year| year.to_string()).collect();
    Err(Problem::BadOption {
        option: "period for this crosswalk".to_owned(),
        value: period.to_string(),
        wanted: format!("its years only, {}, or a crosswalk of more", years.join(", ")),
    }
    .into())
}

fn schools_divided(area: AreaCode) -> Error {
    Problem::BadOption {
        option: "weight".to_owned(),
        value: area.to_string(),
        wanted: "no weights where schools are told apart: a school is not divided".to_owned(),
    }
    .into()
}

/// The unions that figures go to.
fn united<'a>(walk: &'a Crosswalk, moves: &'a Moves) -> impl Iterator<Item = Error> {
    let reached: BTreeSet<AreaCode> = moves.parts.keys().map(|(_, unit)| *unit).collect();
    walk.unions().iter().filter(move |union| reached.contains(&union.code)).map(|union| {
        let members = union.members.iter().map(|area| format!("{} {}", area.code, area.name));
        Problem::UnitedAreas {
            code: union.code.to_string(),
            name: union.name(Lang::Zh),
            to: walk.year().into(),
            members: members.collect::<Vec<_>>().join(", "),
        }
        .into()
    })
}

/// Areas of the target year of which nothing tells what they were, beside areas that there are figures
/// of: a part of these must have been theirs.
fn new_areas(
    walk: &Crosswalk,
    areas: &Areas,
    given: &BTreeMap<Period, BTreeSet<AreaCode>>,
) -> Vec<Error> {
    let mut beside: BTreeSet<(u64, AreaCode)> = BTreeSet::new();
    for (period, here) in given {
        let year = year_of_list(*period);
        let units = here.iter().flat_map(|area| walk.units(*area, year));
        let parents = units.filter_map(|(unit, _)| areas.parent(unit));
        beside.extend(parents.map(|parent| (u64::from(year), parent)));
    }
    let is_beside = |finding: &&Error| match finding.problem() {
        Problem::NoPredecessor { code, year, .. } => {
            let parent = code.parse().ok().and_then(|code: AreaCode| areas.parent(code));
            parent.is_some_and(|parent| beside.contains(&(*year, parent)))
        }
        _ => false,
    };
    walk.findings().iter().filter(is_beside).cloned().collect()
}

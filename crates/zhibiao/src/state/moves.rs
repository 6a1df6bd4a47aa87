//! Where the areas of a panel (面板) go, period by period.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::Key;
use crate::area::history::Crosswalk;
use crate::area::{AreaCode, Areas, History};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::Ratio;
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
    placeless: &'a Placeless<'a>,
}

/// Why areas of a year have no place.
type Placeless<'a> = HashMap<(AreaCode, u16), &'a Error>;

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
        let placeless = &placeless(walk);
        for (period, here) in given {
            let (period, year) = (*period, year_of_list(*period));
            refuse_other_years(walk, period)?;
            let moving = Moving { walk, areas, period, year, reached: BTreeMap::new(), placeless };
            moving.place(here, &mut moves)?;
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

    /// The units that the area of a key goes to.
    pub(super) fn units_of(&self, key: &Key) -> &[(AreaCode, Ratio)] {
        let to = key.period.and_then(|period| self.to.get(&(period, key.area)));
        to.map_or(&[], Vec::as_slice)
    }

    /// Whether nothing but the area of a key goes to a unit, and all of it does; schools stay apart.
    pub(super) fn is_whole(&self, key: &Key, unit: AreaCode, shares: &[(AreaCode, Ratio)]) -> bool {
        let alone = |period: Period| self.parts.get(&(period, unit)) == Some(&1);
        shares.len() == 1 && (key.school.is_some() || key.period.is_some_and(alone))
    }

    /// Units that have all their parts.
    pub(super) fn whole(&self, period: Period, unit: AreaCode) -> bool {
        !self.lacking.contains(&(period, unit))
    }
}

impl Moving<'_> {
    /// Places the areas of a period, in the list of its year; what is one unit in any list goes by the
    /// list of the year before, if some of it stood only then, as in a month before it ended.
    fn place(mut self, here: &BTreeSet<AreaCode>, moves: &mut Moves) -> Result<()> {
        let before = self.year.checked_sub(1).filter(|_| is_early(self.period));
        let mut groups = Groups::default();
        for area in here {
            let now = self.walk.units(*area, self.year);
            let then = before.map_or_else(Vec::new, |year| self.walk.units(*area, year));
            groups.unite(&now, &then);
        }
        for area in here {
            let now = self.walk.units(*area, self.year);
            let then = before.map_or_else(Vec::new, |year| self.walk.units(*area, year));
            // In a part of the year nothing tells which of the two extents an own row has.
            let years = before.into_iter().chain([self.year]);
            let mut told = years.filter_map(|year| self.placeless.get(&(*area, year)).copied());
            if let Some(other) = told.find(|error| error.code() == "other-extent") {
                moves.findings.push(other.clone());
                moves.to.insert((self.period, *area), Vec::new());
                continue;
            }
            if now.is_empty() && then.is_empty() {
                self.without_unit(*area, before, moves)?;
                continue;
            }
            let (units, year) = match before {
                Some(before) if groups.are_of_before(&now, &then) => (then, before),
                _ => (now, self.year),
            };
            if units.is_empty() {
                moves.findings.extend(self.without_place(*area));
                moves.to.insert((self.period, *area), Vec::new());
            } else {
                self.reach(*area, year, units, moves);
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
        Ok(())
    }

    /// What has no unit stays as it is if it never was in a list, or if it holds no others and nothing
    /// tells what became of it: what it lies in has it, and no county, if that goes on.
    fn without_unit(
        &mut self,
        area: AreaCode,
        before: Option<u16>,
        moves: &mut Moves,
    ) -> Result<()> {
        let stood = |year: u16| History::builtin().name(area, year).is_some();
        if let Some(before) = before.filter(|before| stood(*before) && !stood(self.year))
            && !self.walk.years().any(|year| year == before)
        {
            return Err(other_years(self.walk, self.period, before));
        }
        let finding = self.without_place(area);
        let lost = finding.as_ref().map(Error::code) == Some("no-successor");
        let stays = finding.is_none() || (lost && self.is_left_within(area));
        moves.findings.extend(finding);
        if stays {
            self.reach(area, self.year, vec![(area, Ratio::integer(1))], moves);
        } else {
            moves.to.insert((self.period, area), Vec::new());
        }
        Ok(())
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

    /// Why an area has no place; none where it is no area of any list and stays as it is.
    fn without_place(&self, area: AreaCode) -> Option<Error> {
        if let Some(told) = self.placeless.get(&(area, self.year)) {
            return Some((*told).clone());
        }
        let (code, year) = (area.to_string(), u64::from(self.year));
        let known = History::builtin().hint(area, self.year);
        if !known.is_empty() {
            return Some(Problem::CodeNotInYear { code, year, known }.into());
        }
        // A zone of a prefecture that has another code, or is no more, lies where nothing tells.
        let moved = |of: &AreaCode| {
            let units = self.walk.units(*of, self.year);
            !self.areas.knows(*of) || units.iter().any(|(unit, _)| unit != of)
        };
        let within = self.areas.parent(area).filter(|_| self.areas.is_zone(area));
        let within = within.filter(|of| History::builtin().name(*of, self.year).is_some());
        within.filter(moved).map(|_| {
            let to = self.walk.year().into();
            Problem::NoSuccessor { code, name: "开发区".to_owned(), year, to }.into()
        })
    }

    /// Whether an area that ended holds no others, and what it lies in goes on.
    fn is_left_within(&self, area: AreaCode) -> bool {
        let within = self.areas.parent(area).filter(|of| *of != AreaCode::NATION);
        let holds = |areas: Areas| !areas.children(area).is_empty();
        within.is_some_and(|of| self.areas.knows(of)) && !Areas::at(self.year).is_ok_and(holds)
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

/// Units that are linked by what goes to them in one list or another.
#[derive(Default)]
struct Groups {
    /// Another unit of the group for each but the first.
    linked: BTreeMap<AreaCode, AreaCode>,
    /// First units of groups that have areas of the year before only, and of the year only.
    before: BTreeSet<AreaCode>,
    now: BTreeSet<AreaCode>,
}

impl Groups {
    fn unite(&mut self, now: &[(AreaCode, Ratio)], then: &[(AreaCode, Ratio)]) {
        let mut units = now.iter().chain(then).map(|(unit, _)| *unit);
        let Some(first) = units.next() else { return };
        if now.is_empty() {
            self.before.insert(first);
        }
        if then.is_empty() {
            self.now.insert(first);
        }
        for unit in units {
            let (one, other) = (self.root(first), self.root(unit));
            if one != other {
                self.linked.insert(one.max(other), one.min(other));
            }
        }
    }

    /// Whether the group of an area stands in the list of the year before only.
    fn are_of_before(&self, now: &[(AreaCode, Ratio)], then: &[(AreaCode, Ratio)]) -> bool {
        let Some((unit, _)) = now.iter().chain(then).next() else { return false };
        let root = self.root(*unit);
        let has = |of: &BTreeSet<AreaCode>| of.iter().any(|unit| self.root(*unit) == root);
        has(&self.before) && !has(&self.now)
    }

    fn root(&self, mut unit: AreaCode) -> AreaCode {
        while let Some(next) = self.linked.get(&unit) {
            unit = *next;
        }
        unit
    }
}

fn placeless(walk: &Crosswalk) -> Placeless<'_> {
    let told = walk.findings().iter().filter_map(|finding| match finding.problem() {
        Problem::NoSuccessor { code, year, .. }
        | Problem::DividedArea { code, year, .. }
        | Problem::OtherExtent { code, year, .. } => {
            Some(((code.parse().ok()?, u16::try_from(*year).ok()?), finding))
        }
        _ => None,
    });
    told.collect()
}

/// Whether a period ends before its year does, so that areas which end in it may still stand.
fn is_early(period: Period) -> bool {
    !matches!(period, Period::SchoolYear(_)) && period.end() < Period::Year(period.year()).end()
}

fn year_of_list(period: Period) -> u16 {
    History::year_of_list(period.year())
}

fn refuse_other_years(walk: &Crosswalk, period: Period) -> Result<()> {
    let wanted = year_of_list(period);
    if walk.years().any(|year| year == wanted) {
        return Ok(());
    }
    Err(other_years(walk, period, wanted))
}

fn other_years(walk: &Crosswalk, period: Period, wanted: u16) -> Error {
    let years: Vec<String> = walk.years().map(|year| year.to_string()).collect();
    Problem::BadOption {
        option: "period for this crosswalk".to_owned(),
        value: period.to_string(),
        wanted: format!("its years only, {}, or a crosswalk with {wanted}", years.join(", ")),
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

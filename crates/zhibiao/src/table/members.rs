//! Members (组): the groups of a table, and the states that each is made of.

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Group;
use super::evaluate::Made;
use super::finish::Finish;
use super::gaps::Gaps;
use super::lists::Lists;
use super::rolled::Rolled;
use super::rollup::Composition;
use super::slices::Slicing;
use super::targets::{Target, Targets};
use crate::area::{AreaCode, Tier};
use crate::period::Period;
use crate::state::{ByOwner, Key, Owner, States};
use crate::watch::Watch;

/// A group of the table, and how it came about.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) group: Group,
    /// Place of its slices among all that occur.
    slices: usize,
    pub(super) made: Made,
    pub(super) gaps: Arc<Gaps>,
    /// Those of its own rows.
    pub(super) own_gaps: Arc<Gaps>,
}

/// All members, in the order of the table.
pub(super) struct Members {
    pub(super) all: Vec<Member>,
    /// The states that each is made of.
    pub(super) states: Lists,
    /// The states of its own rows, where its children were taken instead.
    pub(super) own: Lists,
    slicing: Slicing,
    /// Tiers in the order of the table.
    tiers: Vec<Tier>,
}

/// The states of one period.
struct InPeriod {
    period: Option<Period>,
    range: Range<usize>,
    /// Where the states of each area that is present stand.
    areas: Vec<Range<usize>>,
    targets: Arc<Targets>,
}

/// An area or school of a period.
enum Place<'a> {
    Area(&'a Target),
    /// Some key of a school, and its states.
    School(&'a Key, Range<usize>),
}

impl<'a> Place<'a> {
    /// Places of a tier order by area, then school.
    fn order(&self) -> (AreaCode, Option<&'a Arc<str>>) {
        match self {
            Self::Area(target) => (target.area, None),
            Self::School(key, _) => (key.area, key.school.as_ref()),
        }
    }
}

impl InPeriod {
    /// The places of a tier, in order.
    fn places<'a>(&'a self, tier: Tier, keys: &'a [Key]) -> Vec<Place<'a>> {
        let areas = self.targets.at(tier).iter().map(Place::Area);
        if tier != Tier::School || self.targets.tiers().all(|other| other != tier) {
            return areas.collect();
        }
        let mut start = self.range.start;
        let own = keys.get(self.range.clone()).unwrap_or_default();
        let schools = own.chunk_by(|a, b| (a.area, &a.school) == (b.area, &b.school));
        let schools = schools.filter_map(|of_school| {
            let states = start..start.saturating_add(of_school.len());
            start = states.end;
            let key = of_school.first().filter(|key| key.school.is_some())?;
            Some(Place::School(key, states))
        });
        let mut places: Vec<Place<'_>> = areas.chain(schools).collect();
        places.sort_by_key(Place::order);
        places
    }
}

impl Members {
    pub(super) fn of(states: &States, months: &ByOwner, how: &Finish<'_>) -> Self {
        let periods = periods(&states.keys, how);
        let occurs = |tier: &Tier| {
            periods.iter().any(|period| period.targets.tiers().any(|other| other == *tier))
        };
        let tiers = match how.tiers {
            [] => Tier::ALL.into_iter().rev().filter(occurs).collect(),
            asked => asked.to_vec(),
        };
        let mut members = Self {
            all: Vec::new(),
            states: Lists::default(),
            own: Lists::default(),
            slicing: Slicing::of(states, how),
            tiers: tiers.clone(),
        };
        let complete = Arc::new(Gaps::default());
        let gaps = |owners: &mut dyn Iterator<Item = Owner>| {
            if months.is_empty() {
                Arc::clone(&complete)
            } else {
                Arc::new(Gaps::of(months, owners))
            }
        };
        for tier in tiers {
            let places = periods.iter().map(|period| period.places(tier, &states.keys));
            let mut places: Vec<_> = places.map(|places| places.into_iter().peekable()).collect();
            // What comes next in any period comes next of all.
            while let Some(next) = places.iter_mut().filter_map(|p| Some(p.peek()?.order())).min()
                && !how.watch.is_cancelled()
            {
                for (period, places) in periods.iter().zip(&mut places) {
                    match places.next_if(|place| place.order() == next) {
                        Some(Place::Area(target)) => members.add_area(tier, period, target, &gaps),
                        Some(Place::School(key, own)) => members.add_school(key, own, &gaps),
                        None => {}
                    }
                }
            }
        }
        members
    }

    /// The sums of all members.
    pub(super) fn sums(&self, states: &States, watch: &Watch) -> Rolled {
        Rolled::of(states, &self.states, |group| self.is_school(group), watch)
    }

    /// Those of their own rows; nothing where no member has any.
    pub(super) fn own_sums(&self, states: &States, watch: &Watch) -> Rolled {
        if self.own.is_empty() {
            return Rolled::default();
        }
        Rolled::of(states, &self.own, |group| self.is_school(group), watch)
    }

    fn is_school(&self, group: usize) -> bool {
        self.all.get(group).is_some_and(|member| member.group.school.is_some())
    }

    fn add_area(
        &mut self,
        tier: Tier,
        of: &InPeriod,
        target: &Target,
        gaps: &dyn Fn(&mut dyn Iterator<Item = Owner>) -> Arc<Gaps>,
    ) {
        if target.used.is_empty() {
            return;
        }
        let Target { area, whole, .. } = target;
        let states = |place: &usize| of.areas.get(*place).cloned().unwrap_or_default();
        let gaps_of_used = gaps(&mut whole.used.iter().map(|used| (*used, None, of.period)));
        let member = Member {
            group: Group {
                area: *area,
                area_name: Arc::clone(&target.name),
                tier,
                school: None,
                period: of.period,
                slices: Arc::default(),
                areas: whole.areas,
                areas_expected: whole.expected,
                incomplete: target.incomplete.clone(),
                months_absent: gaps_of_used.absent(),
            },
            slices: 0,
            made: Made { complete: whole.complete, summed_areas: whole.sums_areas(*area) },
            gaps: gaps_of_used,
            own_gaps: gaps(&mut std::iter::once((*area, None, of.period))),
        };
        let own = target.own.iter().flat_map(states);
        self.add(member, target.used.iter().flat_map(states), own);
    }

    fn add_school(
        &mut self,
        key: &Key,
        states: Range<usize>,
        gaps: &dyn Fn(&mut dyn Iterator<Item = Owner>) -> Arc<Gaps>,
    ) {
        let whole = Composition::own(key.area);
        let gaps = gaps(&mut std::iter::once((key.area, key.school.clone(), key.period)));
        let member = Member {
            group: Group {
                area: key.area,
                area_name: key.school.clone().unwrap_or_default(),
                tier: Tier::School,
                school: key.school.clone(),
                period: key.period,
                slices: Arc::default(),
                areas: whole.areas,
                areas_expected: whole.expected,
                incomplete: None,
                months_absent: gaps.absent(),
            },
            slices: 0,
            made: Made::GIVEN,
            gaps,
            own_gaps: Arc::default(),
        };
        self.add(member, states, std::iter::empty());
    }

    /// Adds a member for each slice.
    fn add(
        &mut self,
        member: Member,
        states: impl Iterator<Item = usize>,
        own: impl Iterator<Item = usize>,
    ) {
        if self.slicing.is_one() {
            self.states.push(states);
            self.own.push(own);
            self.all.push(member);
            return;
        }
        let own = self.slicing.split(own);
        for (slices, states) in self.slicing.split(states) {
            let own = own.iter().find(|(other, _)| *other == slices).map(|(_, own)| own);
            let own = own.filter(|own| self.slicing.same(own, &states));
            self.own.push(own.into_iter().flatten().copied());
            self.states.push(states);
            let group = Group { slices: self.slicing.named(slices), ..member.group.clone() };
            self.all.push(Member { group, slices, ..member.clone() });
        }
    }

    /// The position of the group of a key at a tier.
    pub(super) fn find(&self, key: &Key, tier: Tier) -> Option<usize> {
        self.position(tier, (key.area, &key.school), key.period, self.slicing.place(key)?)
    }

    /// The same group at another period, and its position.
    pub(super) fn at_period(&self, member: &Member, period: Period) -> Option<(usize, &Member)> {
        let group = &member.group;
        let area = (group.area, &group.school);
        let at = self.position(group.tier, area, Some(period), member.slices)?;
        Some((at, self.all.get(at)?))
    }

    fn position(
        &self,
        tier: Tier,
        area: (AreaCode, &Option<Arc<str>>),
        period: Option<Period>,
        slices: usize,
    ) -> Option<usize> {
        let order = |tier: Tier| self.tiers.iter().position(|other| *other == tier);
        let wanted = order(tier)?;
        let found = self.all.binary_search_by(|member| {
            let group = &member.group;
            let tiers = order(group.tier).cmp(&Some(wanted));
            let areas = || (group.area, &group.school).cmp(&area);
            let rest = || (group.period, member.slices).cmp(&(period, slices));
            tiers.then_with(areas).then_with(rest)
        });
        found.ok()
    }
}

/// States by period and area, in order.
fn periods(keys: &[Key], how: &Finish<'_>) -> Vec<InPeriod> {
    let mut known: HashMap<Vec<AreaCode>, Arc<Targets>> = HashMap::new();
    let mut periods = Vec::new();
    let mut start = 0_usize;
    for of_period in keys.chunk_by(|a, b| a.period == b.period) {
        let first = start;
        let (mut present, mut areas) = (Vec::new(), Vec::new());
        for of_area in of_period.chunk_by(|a, b| a.area == b.area) {
            let end = start.saturating_add(of_area.len());
            present.extend(of_area.first().map(|key| key.area));
            areas.push(start..end);
            start = end;
        }
        let targets =
            known.entry(present).or_insert_with_key(|present| Arc::new(Targets::of(present, how)));
        periods.push(InPeriod {
            period: of_period.first().and_then(|key| key.period),
            range: first..start,
            areas,
            targets: Arc::clone(targets),
        });
    }
    periods
}

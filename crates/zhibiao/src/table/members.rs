//! Members (组): the groups of a table, and the states that each is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::Group;
use super::evaluate::{Made, MadeOfMonths};
use super::finish::Finish;
use super::rollup::{Composition, Present, Tree};
use crate::area::{AreaCode, Tier};
use crate::period::Period;
use crate::state::{ByOwner, Key, Owner, States};

/// A group of the table and what it is made of.
pub(super) struct Member {
    pub(super) group: Group,
    pub(super) key: Key,
    pub(super) states: Vec<usize>,
    /// The state of its own row, where its children were taken instead.
    pub(super) own: Option<usize>,
    pub(super) made: Made,
    /// The areas that are there, where some that should be are not.
    pub(super) incomplete: Option<Vec<AreaCode>>,
}

/// All members, in the order of the table.
pub(super) fn members(states: &States, months: &ByOwner, how: &Finish<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    let keys = &states.keys;
    let mut start = 0;
    while let Some(first) = keys.get(start) {
        let rest = keys.get(start..).unwrap_or(&[]);
        let end = start.saturating_add(rest.partition_point(|key| key.period == first.period));
        members_of_period(keys, start..end, (first.period, months), how, &mut members);
        start = end;
    }
    let order = |tier: Tier| how.tiers.iter().position(|asked| *asked == tier);
    members.par_sort_by(|a, b| {
        let tiers = (order(a.group.tier), b.group.tier).cmp(&(order(b.group.tier), a.group.tier));
        let places = || (a.key.area, &a.key.school).cmp(&(b.key.area, &b.key.school));
        let times = || (a.key.period, &a.key.slices).cmp(&(b.key.period, &b.key.slices));
        tiers.then_with(places).then_with(times)
    });
    members
}

fn members_of_period(
    keys: &[Key],
    range: Range<usize>,
    (period, months): (Option<Period>, &ByOwner),
    how: &Finish<'_>,
    members: &mut Vec<Member>,
) {
    let mut present = Present::new();
    for index in range.clone() {
        let Some(key) = keys.get(index) else { continue };
        present.entry(key.area).or_insert(index..index).end = index.saturating_add(1);
    }
    let occurring: BTreeSet<Tier> = present.keys().map(|area| area.tier()).collect();
    let Some(finest) = occurring.first().copied() else { return };
    let tree = Tree { areas: how.areas, present: &present, finest };
    let tiers: Vec<Tier> = if how.tiers.is_empty() {
        occurring.iter().rev().copied().collect()
    } else {
        how.tiers.to_vec()
    };
    for tier in tiers {
        if tier == Tier::School {
            let schools = range.clone().filter_map(|index| Some((index, keys.get(index)?)));
            for (index, key) in schools.filter(|(_, key)| key.school.is_some()) {
                let whole = Composition::own(key.area);
                let owner = (key.area, key.school.clone(), period);
                let made = Made { months: made_of_months(months, [owner]), ..Made::GIVEN };
                members.push(member(key.clone(), tier, vec![index], made, &whole, how));
            }
            continue;
        }
        let targets: BTreeSet<AreaCode> =
            present.keys().filter_map(|area| target(*area, tier, how)).collect();
        for area in targets {
            let whole =
                if how.tiers.is_empty() { Composition::own(area) } else { tree.compose(area) };
            let made = Made {
                complete: whole.complete,
                summed_areas: whole.used.iter().any(|used| *used != area),
                months: made_of_months(months, whole.used.iter().map(|used| (*used, None, period))),
            };
            let mut by_slices: BTreeMap<Vec<Option<u32>>, Vec<usize>> = BTreeMap::new();
            for index in
                whole.used.iter().filter_map(|used| present.get(used)).flat_map(Clone::clone)
            {
                if let Some(key) = keys.get(index) {
                    by_slices.entry(key.slices.clone()).or_default().push(index);
                }
            }
            let own = present.get(&area).filter(|_| made.summed_areas);
            for (slices, states) in by_slices {
                let own = own.and_then(|own| {
                    own.clone()
                        .find(|index| keys.get(*index).is_some_and(|key| key.slices == slices))
                });
                let key = Key { period, area, school: None, slices };
                members.push(Member { own, ..member(key, tier, states, made, &whole, how) });
            }
        }
    }
}

/// The area of a tier that an area counts towards. A prefecture without counties (东莞市) stands
/// among the counties.
fn target(area: AreaCode, tier: Tier, how: &Finish<'_>) -> Option<AreaCode> {
    if how.tiers.is_empty() {
        return Some(area).filter(|area| area.tier() == tier);
    }
    let childless = || how.areas.knows(area) && how.areas.children(area).is_empty();
    area.within(tier).or_else(|| (tier == Tier::County && childless()).then_some(area))
}

fn member(
    key: Key,
    tier: Tier,
    states: Vec<usize>,
    made: Made,
    whole: &Composition,
    how: &Finish<'_>,
) -> Member {
    let slices = key.slices.iter().zip(how.slices).map(|(position, dimension)| {
        let value =
            position.and_then(|position| dimension.values.get(usize::try_from(position).ok()?));
        value.map(|value| (value.id.clone(), value.name.text(how.lang).to_owned()))
    });
    let group = Group {
        area: key.area,
        area_name: area_name(&key, how),
        tier,
        school: key.school.clone(),
        period: key.period,
        slices: slices.collect(),
        areas: whole.areas,
        areas_expected: whole.expected,
    };
    let incomplete = (!whole.complete).then(|| whole.used.clone());
    Member { group, key, states, own: None, made, incomplete }
}

/// How complete the months of all owners together are.
fn made_of_months(months: &ByOwner, owners: impl IntoIterator<Item = Owner>) -> MadeOfMonths {
    if months.is_empty() {
        return MadeOfMonths::GIVEN;
    }
    let known = owners.into_iter().filter_map(|owner| months.get(&owner));
    known.fold(MadeOfMonths::GIVEN, |made, months| MadeOfMonths {
        all: made.all && months.absent.is_empty(),
        last: made.last && months.last,
        several: made.several || months.several,
    })
}

fn area_name(key: &Key, how: &Finish<'_>) -> String {
    if let Some(school) = &key.school {
        return school.to_string();
    }
    let known = how.areas.name(key.area, how.lang);
    let given = known.or_else(|| how.names.get(&key.area).cloned());
    match (given, key.area.is_zone()) {
        (Some(name), true) => format!("{name}{}", how.lang.of("（功能区）", " (zone)")),
        (None, true) => how.lang.of("功能区", "zone").to_owned(),
        (Some(name), false) => name,
        (None, false) => String::new(),
    }
}

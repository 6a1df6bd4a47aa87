//! Members (组): the groups of a table, and the states that each is made of.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use super::Group;
use super::evaluate::Made;
use super::finish::Finish;
use super::gaps::Gaps;
use super::rollup::{Composition, Present, Tree};
use super::slices::{TOTAL, TOTAL_ID, by_slices, same_slices};
use crate::area::{AreaCode, Areas, Tier};
use crate::period::Period;
use crate::state::{ByOwner, Key, States};

/// A group of the table and what it is made of.
pub(super) struct Member {
    pub(super) group: Group,
    pub(super) key: Key,
    pub(super) states: Vec<usize>,
    /// The states of its own rows, where its children were taken instead.
    pub(super) own: Vec<usize>,
    pub(super) made: Made,
    /// The areas that are there, where some that should be are not.
    pub(super) incomplete: Option<Vec<AreaCode>>,
    pub(super) gaps: Gaps,
    /// Those of its own rows.
    pub(super) own_gaps: Gaps,
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
    let present = Present::of(keys, range.clone());
    let occurring: BTreeSet<Tier> =
        present.areas.iter().filter_map(|area| how.areas.tier(*area)).collect();
    let Some(finest) = occurring.first().copied() else { return };
    let tree = Tree::new(how.areas, &present, finest);
    let tiers: Vec<Tier> = if how.tiers.is_empty() {
        occurring.iter().rev().copied().collect()
    } else {
        how.tiers.to_vec()
    };
    for tier in tiers {
        if tier == Tier::School {
            members_of_schools(keys, range.clone(), months, how, members);
        }
        let targets: BTreeSet<AreaCode> =
            present.areas.iter().filter_map(|area| target(*area, tier, how)).collect();
        for area in targets.into_iter().take_while(|_| !how.watch.is_cancelled()) {
            let whole =
                if how.tiers.is_empty() { Composition::own(area) } else { tree.compose(area) };
            let gaps = Gaps::of(months, whole.used.iter().map(|used| (*used, None, period)));
            let own_gaps = Gaps::of(months, [(area, None, period)]);
            let made = Made {
                complete: whole.complete,
                summed_areas: whole.used.iter().any(|used| *used != area),
            };
            let used = whole.used.iter().filter_map(|used| present.states(*used)).flatten();
            let own = present.states(area).filter(|_| made.summed_areas);
            let own = by_slices(keys, own.into_iter().flatten(), how.totals);
            for (slices, states) in by_slices(keys, used, how.totals) {
                let of_own = own.get(&slices).filter(|own| same_slices(keys, own, &states));
                let own = of_own.cloned().unwrap_or_default();
                let key = Key { period, area, school: None, slices };
                let own_gaps = own_gaps.clone();
                let member = member(key, tier, states, (made, &whole, &gaps), how);
                members.push(Member { own, own_gaps, ..member });
            }
        }
    }
}

/// Schools that a column of the table tells apart.
fn members_of_schools(
    keys: &[Key],
    range: Range<usize>,
    months: &ByOwner,
    how: &Finish<'_>,
    members: &mut Vec<Member>,
) {
    let named =
        |index: usize| Some((index, keys.get(index)?)).filter(|(_, key)| key.school.is_some());
    let schools: Vec<(usize, &Key)> = range.filter_map(named).collect();
    let one =
        |a: &(usize, &Key), b: &(usize, &Key)| (a.1.area, &a.1.school) == (b.1.area, &b.1.school);
    for school in schools.chunk_by(one).take_while(|_| !how.watch.is_cancelled()) {
        let states = school.iter().map(|(index, _)| *index);
        for (slices, states) in by_slices(keys, states, how.totals) {
            let Some((_, key)) = school.first() else { continue };
            let key = Key { slices, ..(*key).clone() };
            let whole = Composition::own(key.area);
            let gaps = Gaps::of(months, [(key.area, key.school.clone(), key.period)]);
            members.push(member(key, Tier::School, states, (Made::GIVEN, &whole, &gaps), how));
        }
    }
}

/// The area of a tier that an area counts towards.
fn target(area: AreaCode, tier: Tier, how: &Finish<'_>) -> Option<AreaCode> {
    if how.tiers.is_empty() {
        return Some(area).filter(|area| how.areas.tier(*area) == Some(tier));
    }
    stands_at(how.areas, area, tier)
}

/// The area of a tier that an area is, lies in, or stands for: a prefecture without counties
/// (东莞市) stands among the counties.
pub(super) fn stands_at(areas: &Areas, area: AreaCode, tier: Tier) -> Option<AreaCode> {
    let childless = || areas.knows(area) && areas.children(area).is_empty();
    let is_larger = || areas.tier(area) > Some(Tier::County);
    let stands = || (tier == Tier::County && is_larger() && childless()).then_some(area);
    areas.within(area, tier).or_else(stands)
}

fn member(
    key: Key,
    tier: Tier,
    states: Vec<usize>,
    (made, whole, gaps): (Made, &Composition, &Gaps),
    how: &Finish<'_>,
) -> Member {
    let slices = key.slices.iter().zip(how.slices).map(|(position, dimension)| {
        if *position == Some(TOTAL) {
            return Some((TOTAL_ID.to_owned(), how.lang.of("合计", "Total").to_owned()));
        }
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
        months_absent: gaps.absent(),
    };
    let incomplete = (!whole.complete).then(|| whole.used.clone());
    Member {
        group,
        key,
        states,
        own: Vec::new(),
        made,
        incomplete,
        gaps: gaps.clone(),
        own_gaps: Gaps::default(),
    }
}

fn area_name(key: &Key, how: &Finish<'_>) -> String {
    if let Some(school) = &key.school {
        return school.to_string();
    }
    let known = how.areas.name(key.area, how.lang);
    let given = known.or_else(|| how.names.get(&key.area).cloned());
    match (given, how.areas.is_zone(key.area)) {
        (Some(name), true) => format!("{name}{}", how.lang.of("（功能区）", " (zone)")),
        (None, true) => how.lang.of("功能区", "zone").to_owned(),
        (Some(name), false) => name,
        (None, false) => String::new(),
    }
}

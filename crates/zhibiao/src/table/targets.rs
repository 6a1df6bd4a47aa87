//! Targets (汇总对象): the areas that rows count towards, and what each is made of.
//!
//! This is the same in all periods in which the same areas are present, and found once for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finish::Finish;
use super::rollup::{Composition, Tree};
use crate::area::{AreaCode, Areas, Tier};

/// An area of a tier, and what it is made of.
pub(super) struct Target {
    pub(super) area: AreaCode,
    pub(super) name: Arc<str>,
    pub(super) whole: Composition,
    /// Places of the areas used among those that are present.
    pub(super) used: Vec<usize>,
    /// Its own place there, where its children were taken instead.
    pub(super) own: Option<usize>,
    /// The areas that are there, where some that should be are not.
    pub(super) incomplete: Option<Arc<[AreaCode]>>,
}

/// The targets of a set of areas that have rows of their own.
pub(super) struct Targets {
    /// By tier, in the order of the table; those of a tier in ascending order.
    tiers: Vec<(Tier, Vec<Target>)>,
}

impl Targets {
    /// `present` in ascending order.
    pub(super) fn of(present: &[AreaCode], how: &Finish<'_>) -> Self {
        let tiers: BTreeSet<Tier> =
            present.iter().filter_map(|area| how.areas.tier(*area)).collect();
        let Some(finest) = tiers.first().copied() else {
            return Self { tiers: Vec::new() };
        };
        let tree = Tree::new(how.areas, present, finest);
        let asked: Vec<Tier> = match how.tiers {
            [] => tiers.into_iter().rev().collect(),
            asked => asked.to_vec(),
        };
        let of_tier = |tier: Tier| {
            let areas: BTreeSet<AreaCode> =
                present.iter().filter_map(|area| target(*area, tier, how)).collect();
            let areas = areas.into_iter().take_while(|_| !how.watch.is_cancelled());
            areas.map(|area| Target::of(area, &tree, present, how)).collect()
        };
        let tiers = asked.into_iter().map(|tier| (tier, of_tier(tier))).collect();
        Self { tiers }
    }

    /// The tiers that there are, in the order of the table.
    pub(super) fn tiers(&self) -> impl Iterator<Item = Tier> {
        self.tiers.iter().map(|(tier, _)| *tier)
    }

    /// The targets of a tier.
    pub(super) fn at(&self, tier: Tier) -> &[Target] {
        let at = self.tiers.iter().find(|(other, _)| *other == tier);
        at.map_or(&[], |(_, targets)| targets.as_slice())
    }
}

impl Target {
    fn of(area: AreaCode, tree: &Tree<'_>, present: &[AreaCode], how: &Finish<'_>) -> Self {
        let whole = if how.tiers.is_empty() { Composition::own(area) } else { tree.compose(area) };
        let place = |area: &AreaCode| present.binary_search(area).ok();
        Self {
            area,
            name: area_name(area, how).into(),
            used: whole.used.iter().filter_map(place).collect(),
            own: place(&area).filter(|_| whole.sums_areas(area)),
            incomplete: (!whole.complete).then(|| whole.used.as_slice().into()),
            whole,
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

fn area_name(area: AreaCode, how: &Finish<'_>) -> String {
    let known = how.areas.name(area, how.lang);
    let given = known.or_else(|| how.names.get(&area).cloned());
    match (given, how.areas.is_zone(area)) {
        (Some(name), true) => format!("{name}{}", how.lang.of("（功能区）", " (zone)")),
        (None, true) => how.lang.of("功能区", "zone").to_owned(),
        (Some(name), false) => name,
        (None, false) => String::new(),
    }
}

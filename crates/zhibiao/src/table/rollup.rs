//! Rolling up (汇总): which areas a larger area is made of, and how complete it is.
//!
//! An area is made of its children if they are all there, else of its own row if it has one, else
//! of the children that are there, and is then partial. No row is counted twice.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::area::{AreaCode, Areas, Tier};

/// Positions of the states of each area, for one period.
pub(super) type Present = BTreeMap<AreaCode, Range<usize>>;

/// What an area is made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Composition {
    /// Areas whose own rows are used.
    pub(super) used: Vec<AreaCode>,
    /// How many of the areas that should be there are there.
    pub(super) areas: u32,
    /// How many should be; none where the table of areas does not tell.
    pub(super) expected: Option<u32>,
    /// Whether all are there.
    pub(super) complete: bool,
}

impl Composition {
    /// An area that stands by its own row.
    pub(super) fn own(area: AreaCode) -> Self {
        Self { used: vec![area], areas: 1, expected: Some(1), complete: true }
    }
}

/// Finds what areas are made of.
pub(super) struct Tree<'a> {
    pub(super) areas: &'a Areas,
    pub(super) present: &'a Present,
    /// The smallest tier that occurs: absent areas are counted in units of it.
    pub(super) finest: Tier,
}

impl Tree<'_> {
    pub(super) fn compose(&self, area: AreaCode) -> Composition {
        let own = self.present.contains_key(&area);
        let below: Vec<AreaCode> = self.below(area);
        if below.is_empty() {
            return if own {
                Composition::own(area)
            } else {
                Composition { expected: self.units(area), ..Composition::default() }
            };
        }
        let expected = self.areas.children(area);
        let mut whole = Composition {
            expected: Some(0),
            complete: !expected.is_empty(),
            ..Composition::default()
        };
        for child in expected {
            let part = self.compose(*child);
            whole.used.extend(part.used);
            whole.areas = whole.areas.saturating_add(part.areas);
            whole.expected = whole.expected.zip(part.expected).map(|(a, b)| a.saturating_add(b));
            whole.complete &= part.complete;
        }
        if own && !whole.complete {
            return Composition::own(area);
        }
        // Zones and codes that are not in force: their rows belong here, nobody expects them.
        for child in self.unexpected(area, expected, &below) {
            whole.used.extend(self.compose(child).used);
        }
        if expected.is_empty() {
            whole.areas = u32::try_from(whole.used.len()).unwrap_or(u32::MAX);
            whole.expected = None;
        }
        whole
    }

    /// Areas that are present strictly within an area.
    fn below(&self, area: AreaCode) -> Vec<AreaCode> {
        let span = match area.tier() {
            Tier::Nation => 1_000_000,
            Tier::Province => 10_000,
            Tier::Prefecture => 100,
            Tier::County | Tier::School => return Vec::new(),
        };
        let first = area.number();
        let from = self.present.range(area..);
        let within = from.take_while(|(code, _)| code.number() < first.saturating_add(span));
        within.map(|(code, _)| *code).filter(|code| *code != area).collect()
    }

    /// Children by arithmetic that the table of areas does not have, among those present.
    fn unexpected(
        &self,
        area: AreaCode,
        expected: &[AreaCode],
        below: &[AreaCode],
    ) -> Vec<AreaCode> {
        let tier = match area.tier() {
            Tier::Nation => Tier::Province,
            Tier::Province => Tier::Prefecture,
            _ => Tier::County,
        };
        let mut found: Vec<AreaCode> = Vec::new();
        for code in below {
            let child = code.within(tier).unwrap_or(*code);
            let outside = area == AreaCode::NATION && self.areas.knows(child);
            if !expected.contains(&child) && !found.contains(&child) && !outside {
                found.push(child);
            }
        }
        found
    }

    /// How many areas of the finest tier an absent area stands for.
    fn units(&self, area: AreaCode) -> Option<u32> {
        let children = self.areas.children(area);
        if area.tier() <= self.finest || children.is_empty() {
            return Some(1);
        }
        children.iter().try_fold(0_u32, |sum, child| Some(sum.saturating_add(self.units(*child)?)))
    }
}

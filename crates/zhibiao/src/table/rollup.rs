//! Rolling up (汇总): which areas a larger area is made of, and how complete it is.
//!
//! An area is made of its children if they are all there, else of its own row if it has one, else
//! of the children that are there, and is then partial. No row is counted twice.

use hashbrown::{HashMap, HashSet};

use crate::area::{AreaCode, Areas, Tier};

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

    /// Whether an area is made of the rows of others.
    pub(super) fn sums_areas(&self, area: AreaCode) -> bool {
        self.used.iter().any(|used| *used != area)
    }
}

/// Finds what areas are made of.
pub(super) struct Tree<'a> {
    areas: &'a Areas,
    /// The areas that have rows of their own, in ascending order.
    present: &'a [AreaCode],
    /// The areas directly below each that are present, or hold some that are.
    below: HashMap<AreaCode, Vec<AreaCode>>,
    /// The smallest tier that occurs: absent areas are counted in units of it.
    finest: Tier,
}

impl<'a> Tree<'a> {
    pub(super) fn new(areas: &'a Areas, present: &'a [AreaCode], finest: Tier) -> Self {
        let mut placed: HashSet<AreaCode> = HashSet::with_capacity(present.len());
        let mut below: HashMap<AreaCode, Vec<AreaCode>> = HashMap::new();
        for area in present {
            let mut child = *area;
            // What lies above an area that was met has its place.
            while placed.insert(child)
                && let Some(parent) = areas.parent(child)
            {
                below.entry(parent).or_default().push(child);
                child = parent;
            }
        }
        Self { areas, present, below, finest }
    }

    pub(super) fn compose(&self, area: AreaCode) -> Composition {
        if self.areas.takers(area).next().is_none() {
            return self.part(area);
        }
        if self.is_present(area) {
            return Composition::own(area);
        }
        Composition { complete: false, ..self.part(area) }
    }

    fn is_present(&self, area: AreaCode) -> bool {
        self.present.binary_search(&area).is_ok()
    }

    /// What an area adds to a larger one. Of one whose members were united with others, that is what
    /// is left in it where the union has a row: its own row has members that are counted with that.
    fn part(&self, area: AreaCode) -> Composition {
        let mut takers = self.areas.takers(area);
        let own = self.is_present(area) && !takers.clone().any(|union| self.is_present(union));
        if own && takers.next().is_some() {
            return Composition::own(area);
        }
        let Some(below) = self.below.get(&area) else {
            return if own {
                Composition::own(area)
            } else {
                Composition { expected: Some(self.units(area)), ..Composition::default() }
            };
        };
        let expected = self.areas.children(area);
        let mut whole = Composition {
            expected: Some(0),
            complete: !expected.is_empty(),
            ..Composition::default()
        };
        for child in expected.iter().filter(|child| !self.is_told_otherwise(**child)) {
            let part = self.part(*child);
            whole.used.extend(part.used);
            whole.areas = whole.areas.saturating_add(part.areas);
            whole.expected = whole.expected.zip(part.expected).map(|(a, b)| a.saturating_add(b));
            whole.complete &= part.complete;
        }
        if own && !whole.complete {
            return Composition::own(area);
        }
        // Zones and codes that are not in force: their rows belong here, nobody expects them.
        let unexpected = below.iter().filter(|child| expected.binary_search(child).is_err());
        for child in unexpected.filter(|child| !self.is_outside(**child, area)) {
            whole.used.extend(self.part(*child).used);
        }
        if expected.is_empty() {
            whole.areas = u32::try_from(whole.used.len()).unwrap_or(u32::MAX);
            whole.expected = None;
        }
        whole
    }

    /// Whether all of a union without a row is told by the own rows of what it takes from.
    fn is_told_otherwise(&self, union: AreaCode) -> bool {
        let from: Vec<AreaCode> = self.areas.taken_from(union).collect();
        let lies_in = |area: &AreaCode, outer: &AreaCode| self.areas.is_within(*area, *outer);
        let innermost =
            |area: &&AreaCode| !from.iter().any(|other| other != *area && lies_in(other, area));
        let told = |area: &AreaCode| {
            from.iter().any(|outer| lies_in(area, outer) && self.is_present(*outer))
        };
        !from.is_empty() && !self.is_present(union) && from.iter().filter(innermost).all(told)
    }

    /// Whether an area is known, and known to be no part of the nation's totals.
    fn is_outside(&self, child: AreaCode, area: AreaCode) -> bool {
        area == AreaCode::NATION && self.areas.knows(child)
    }

    /// How many areas of the finest tier an absent area stands for.
    fn units(&self, area: AreaCode) -> u32 {
        let children = self.areas.children(area);
        let is_finest = self.areas.tier(area).is_none_or(|tier| tier <= self.finest);
        if is_finest || children.is_empty() {
            return 1;
        }
        children.iter().fold(0_u32, |sum, child| sum.saturating_add(self.units(*child)))
    }
}

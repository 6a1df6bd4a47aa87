//! What larger areas hold: whether an area of one year has the counties of an area of another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display, Formatter};

use super::{History, Named};
use crate::area::{AreaCode, Areas};
use crate::error::Result;

/// The smallest areas of one year, and what they lie in, then and in another year.
pub(super) struct Extents {
    smallest: Vec<Smallest>,
    new: Areas,
}

/// What two larger areas of two years do not have in common.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// Areas of the first year that lie in the one and, as a whole or in part, not in the other.
    pub(super) left: Vec<Named>,
    /// Areas of the first year that lie in the other and not in the one.
    pub(super) joined: Vec<Named>,
}

struct Smallest {
    area: Named,
    within: BTreeSet<AreaCode>,
    /// What all of it lies in, in the other year; then what at least a part of it lies in.
    all_in: BTreeSet<AreaCode>,
    part_in: BTreeSet<AreaCode>,
}

impl Extents {
    /// The areas of one year that hold no others; `ends` tells which records of the other year a record
    /// becomes. Of what becomes nothing that is known, nothing follows.
    ///
    /// # Errors
    /// `no-area-table`.
    pub(super) fn between(
        history: &History,
        from: u16,
        to: u16,
        ends: impl Fn(usize) -> BTreeSet<usize>,
    ) -> Result<Self> {
        let (old, new) = (history.areas(from)?, history.areas(to)?);
        let above = |areas: &Areas, code| areas.upwards(code).collect::<BTreeSet<AreaCode>>();
        let mut smallest = Vec::new();
        for (position, record) in history.records.iter().enumerate() {
            if !record.stands(from) || !old.children(record.code).is_empty() {
                continue;
            }
            let ends = ends(position).into_iter().filter_map(|end| history.record(end));
            let above_ends = ends.map(|end| above(&new, end.code)).collect::<Vec<_>>();
            let Some(first) = above_ends.first() else { continue };
            let all = |area: &&AreaCode| above_ends.iter().all(|above| above.contains(*area));
            smallest.push(Smallest {
                area: Named { code: record.code, name: record.name.to_owned() },
                within: above(&old, record.code),
                all_in: first.iter().filter(all).copied().collect(),
                part_in: above_ends.iter().flatten().copied().collect(),
            });
        }
        Ok(Self { smallest, new })
    }

    /// Whether both an area and what it goes to hold no others: what joins the latter is added up.
    pub(super) fn are_smallest(&self, code: AreaCode, to: AreaCode) -> bool {
        self.smallest.iter().any(|smallest| smallest.area.code == code)
            && self.new.children(to).is_empty()
    }

    /// By areas of the other year, where they are not what the areas of this year that go to them are
    /// together. What goes to several areas is not held against any of them, nor is what lies in it.
    pub(super) fn differences(
        &self,
        to: &BTreeMap<AreaCode, BTreeSet<AreaCode>>,
    ) -> BTreeMap<AreaCode, Difference> {
        let targets: BTreeSet<AreaCode> = to.values().flatten().copied().collect();
        let mut differences: BTreeMap<AreaCode, Difference> = BTreeMap::new();
        for Smallest { area, within, all_in, part_in } in &self.smallest {
            let above: Vec<&BTreeSet<AreaCode>> =
                within.iter().filter_map(|area| to.get(area)).collect();
            let alone = above.iter().filter(|to| to.len() == 1).copied().flatten();
            let any: BTreeSet<AreaCode> = above.iter().copied().flatten().copied().collect();
            for target in alone.filter(|target| !all_in.contains(target)) {
                differences.entry(*target).or_default().left.push(area.clone());
            }
            for target in part_in.iter().filter(|of| targets.contains(of) && !any.contains(of)) {
                differences.entry(*target).or_default().joined.push(area.clone());
            }
        }
        differences
    }
}

/// `341521 寿县 joined`, and how many more, if these are many.
impl Display for Difference {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let joined = self.joined.iter().map(|area| (area, "joined"));
        let all = self.left.iter().map(|area| (area, "left")).chain(joined);
        for (at, (Named { code, name }, what)) in all.clone().take(MOST_TOLD).enumerate() {
            write!(f, "{}{code} {name} {what}", if at == 0 { "" } else { ", " })?;
        }
        match all.count().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Areas that a message tells.
const MOST_TOLD: usize = 5;

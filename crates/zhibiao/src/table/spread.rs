//! Dispersion (差异系数) of a group: the sums of its schools or areas, spread around their mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::evaluate::{Made, enough, enough_months, part};
use super::gaps::Gaps;
use super::lists::Lists;
use super::rolled::Rolled;
use super::targets::stands_at;
use super::{Cell, Coverage, Status};
use crate::area::{AreaCode, Areas, Tier};
use crate::catalog::Among;
use crate::error::Result;
use crate::number::Root;
use crate::plan::{Plan, PlannedDispersion};
use crate::state::{Key, Spread};

/// A school, or an area.
type Unit = (AreaCode, Option<Arc<str>>);

/// A dispersion of a group.
pub(super) struct Dispersed {
    pub(super) cell: Cell,
    pub(super) root: Option<Root>,
    /// Units that were left out because they have no weight.
    pub(super) weightless: u64,
}

impl Dispersed {
    pub(super) const fn without(status: Status) -> Self {
        Self { cell: Cell::without(status), root: None, weightless: 0 }
    }
}

/// The dispersion over the states of a group; `roll` gives the sums of units.
pub(super) fn dispersion<'k>(
    (plan, of): (&Plan, &PlannedDispersion),
    areas: &Areas,
    keys: impl Iterator<Item = (usize, &'k Key)>,
    (made, gaps, coverage): (Made, &Gaps, Coverage),
    roll: &dyn Fn(&Lists) -> Rolled,
) -> Result<Dispersed> {
    let mut units: BTreeMap<Unit, Vec<usize>> = BTreeMap::new();
    for (state, key) in keys {
        // A row of a larger area is no unit among smaller ones.
        let Some(unit) = unit_of(key, of.among, areas) else {
            return Ok(Dispersed::without(Status::NotApplicable));
        };
        units.entry(unit).or_default().push(state);
    }
    let Some(complete) = enough_months([&of.resource, &of.weight], made, gaps) else {
        return Ok(Dispersed::without(Status::NotApplicable));
    };
    let mut spread = Spread::default();
    let (mut lacking, mut first_missing) = (0_u64, None::<u64>);
    let count = units.len();
    let rolled = roll(&units.into_values().collect());
    for unit in 0..count {
        let state = rolled.state(unit);
        let (resource, weight) = (part(plan, &of.resource, state)?, part(plan, &of.weight, state)?);
        if resource.missing.max(weight.missing) > 0 {
            lacking = lacking.saturating_add(1);
            let first = state.sum(of.lacking).first_missing();
            first_missing = first_missing.into_iter().chain(first).min();
        } else {
            spread.add(resource.total, weight.total);
        }
    }
    let all = u64::try_from(count).unwrap_or(u64::MAX);
    let mut cell = Cell { missing: lacking, first_missing, ..Cell::without(Status::Missing) };
    let weightless = spread.weightless();
    if !enough(plan.policy, lacking, all) {
        return Ok(Dispersed { cell, root: None, weightless });
    }
    let root = spread.variation();
    cell.status = match (&root, complete, coverage) {
        (_, false, Coverage::Full) | (Some(_), false, Coverage::Given) => Status::Partial,
        (Some(_), true, _) => Status::Ok,
        (None, ..) if spread.is_negative() => Status::NotApplicable,
        (None, ..) => Status::ZeroDenominator,
    };
    let has_value = cell.status == Status::Ok || coverage == Coverage::Given;
    Ok(Dispersed { cell, root: root.filter(|_| has_value), weightless })
}

fn unit_of(key: &Key, among: Among, areas: &Areas) -> Option<Unit> {
    if let (Among::School, Some(school)) = (among, &key.school) {
        return Some((key.area, Some(Arc::clone(school))));
    }
    let tier = match among {
        Among::School => Tier::School,
        Among::County => Tier::County,
        Among::Prefecture => Tier::Prefecture,
        Among::Province => Tier::Province,
    };
    stands_at(areas, key.area, tier).map(|area| (area, None))
}

//! The embedded engine (内嵌引擎): from rows to states, exactly, in any order of rows and threads.
//!
//! Group keys become dense ids once for all measures; then the work goes column by column, in tasks
//! of (sum, range of rows). If consecutive rows share their group, runs of them are summed; else
//! each row is added where its group stands. [`Tuning`] tells where it turns from one to the other.
//!
//! May use everything up to `state`.

mod bits;
mod bounded;
mod filter;
mod groups;
mod kernel;
mod split;
mod tuning;

use std::sync::Arc;

use self::groups::Groups;
pub use self::tuning::Tuning;
use crate::bind::{Bound, Matched, NONE};
use crate::error::{Problem, Result};
use crate::plan::Plan;
use crate::state::{Key, States, SumColumn};
use crate::watch::Watch;

/// What rows are grouped by, beside area and period.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupBy {
    /// Whether schools are told apart.
    pub(crate) schools: bool,
    /// Dimension ids, in order.
    pub(crate) slices: Vec<String>,
}

/// The states of a bound table.
pub(crate) fn aggregate(
    bound: &Bound,
    plan: &Arc<Plan>,
    by: &GroupBy,
    (tuning, watch): (&Tuning, &Watch),
) -> Result<States> {
    let groups = Groups::of(&bound.keys, by, tuning, watch)?;
    watch.check()?;
    let sums = kernel::run(bound, plan, &groups, tuning, watch)?;
    states((bound, plan, by), groups, sums)
}

/// The states of a table that was trusted; what proves wrong is checked.
pub(crate) fn aggregate_trusted(
    (matched, bound): (&Matched<'_>, &mut Bound),
    plan: &Arc<Plan>,
    by: &GroupBy,
    (tuning, watch): (&Tuning, &Watch),
) -> Result<States> {
    let groups = Groups::of(&bound.keys, by, tuning, watch)?;
    watch.check()?;
    let mut sums = kernel::run(bound, plan, &groups, tuning, watch)?;
    if sums.is_none() {
        matched.check(bound, watch)?;
        sums = kernel::run(bound, plan, &groups, tuning, watch)?;
    }
    states((bound, plan, by), groups, sums)
}

fn states(
    (bound, plan, by): (&Bound, &Arc<Plan>, &GroupBy),
    groups: Groups,
    sums: Option<Vec<SumColumn>>,
) -> Result<States> {
    // Never: what is checked has sums.
    let sums =
        sums.ok_or_else(|| Problem::Overflow { what: "the sums of the table".to_owned() })?;
    let bounded = bounded::bounded_rows(bound, plan, by)?;
    Ok(States { bounded, ..States::in_order(Arc::clone(plan), groups.keys, groups.sizes, sums) })
}

pub(crate) fn key_of(bound: &Bound, by: &GroupBy, row: usize) -> Key {
    let keys = &bound.keys;
    let at = |ids: &[u32]| ids.get(row).copied().filter(|id| *id != NONE);
    let index = |ids: &[u32]| at(ids).and_then(|id| usize::try_from(id).ok());
    let area = index(&keys.areas.ids).and_then(|id| keys.areas.values.get(id).copied());
    let period = keys.periods.as_ref();
    let school = keys.schools.as_ref().filter(|_| by.schools);
    let slices =
        by.slices.iter().map(|id| keys.grouping(id).and_then(|grouping| at(&grouping.ids)));
    Key {
        period: period.and_then(|periods| periods.values.get(index(&periods.ids)?).copied()),
        area: area.unwrap_or(crate::area::AreaCode::NATION),
        school: school.and_then(|schools| schools.values.get(index(&schools.ids)?).cloned()),
        slices: slices.collect(),
    }
}

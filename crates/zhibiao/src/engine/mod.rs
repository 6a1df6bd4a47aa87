//! The embedded engine (内嵌引擎): from rows to states, exactly, in any order of rows and threads.
//!
//! Group keys become dense ids once for all measures; then the work goes column by column, in tasks
//! of (sum, range of rows). If consecutive rows share their group, runs of them are summed; else
//! each row is added where its group stands.
//!
//! May use everything up to `state`.

mod filter;
mod groups;
mod kernel;

use std::sync::Arc;

use self::groups::Groups;
use crate::bind::{Bound, NONE};
use crate::error::Result;
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
    watch: &Watch,
) -> Result<States> {
    let groups = Groups::of(&bound.keys, by, watch);
    watch.check()?;
    let keys: Vec<Key> = groups.first_rows.iter().map(|row| key_of(bound, by, *row)).collect();
    let sums = kernel::run(bound, plan, &groups, watch)?;
    let sums: Vec<SumColumn> =
        sums.into_iter().map(|column| column.into_iter().collect()).collect();
    Ok(States::new(Arc::clone(plan), &keys, &groups.sizes, &sums))
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

//! The sums of a plan as a frame: the roll-up alone, without indicators.

use polars::prelude::{
    Column, DataFrame, Int64Chunked, IntoColumn, NewChunkedArray, UInt64Chunked,
};

use super::columns::{Maker, decimals, made, of_groups};
use super::evaluate::{Made, enough};
use super::finish::{Finish, spanned};
use super::gaps::Gaps;
use super::members::{Member, Members};
use super::rolled::{Rolled, State};
use super::{Coverage, Group};
use crate::catalog::OverTime;
use crate::error::{Problem, Result};
use crate::number::Decimal;
use crate::plan::{Plan, PlannedSum};
use crate::state::{States, SumColumn};

/// The sums of groups, and what they are made from.
struct Summing<'a> {
    plan: &'a Plan,
    members: &'a Members,
    rolled: Rolled,
    /// The sums of own rows, where children were taken instead.
    own: Rolled,
    coverage: Coverage,
    /// Positions of the groups that are kept.
    kept: Vec<usize>,
    /// Whether all groups are kept, and no area or month keeps a sum from being known.
    whole: bool,
}

/// The exact sums of states at the tiers asked for; `adds_up` tells of each sum whether it can be
/// summed over areas.
pub(crate) fn sums(states: &States, how: &Finish<'_>, adds_up: &[bool]) -> Result<DataFrame> {
    let (spanned, months) = spanned(states, how)?;
    let states = spanned.as_ref().unwrap_or(states);
    let members = Members::of(states, &months, how);
    how.watch.check()?;
    let (rolled, own) = (members.sums(states, how.watch), members.own_sums(states, how.watch));
    how.watch.check()?;
    let wanted = |group: &Group| {
        how.periods.is_empty() || group.period.is_some_and(|period| how.periods.contains(&period))
    };
    let kept = members.all.iter().enumerate().filter(|(_, member)| wanted(&member.group));
    let kept: Vec<usize> = kept.map(|(at, _)| at).collect();
    let groups = kept.iter().filter_map(|at| Some(&members.all.get(*at)?.group));
    let groups: Vec<&Group> = groups.collect();
    let slices = how.slices.iter().map(|dimension| (dimension.id.clone(), String::new()));
    let slices: Vec<(String, String)> = slices.collect();
    let plan = states.plan();
    let coverage = how.coverage;
    let complete = |member: &Member| member.made.complete || coverage == Coverage::Given;
    let whole = kept.len() == members.all.len()
        && members.all.iter().all(|member| complete(member) && !member.gaps.of_months);
    let summing = Summing { plan, members: &members, rolled, own, coverage, kept, whole };
    let (mut makers, coverage) = of_groups(&groups, 1, &slices);
    makers.push(Box::new(|| Ok(summing.rows())));
    makers.extend(coverage);
    let names = plan.sum_names();
    // What only counts the rows that lack a part adds up nothing.
    let adds = |planned: &PlannedSum| planned.of.as_ref().is_none_or(|of| !of.parts.is_empty());
    let sums = plan.sums.iter().zip(names).enumerate().filter(|(_, (planned, _))| adds(planned));
    for (sum, (planned, name)) in sums {
        let adds_up = adds_up.get(sum) != Some(&false);
        let make: Maker<'_> = Box::new({
            let summing = &summing;
            move || summing.column(&name, (sum, planned), adds_up)
        });
        makers.push(make);
    }
    made(&makers, groups.len())
}

impl Summing<'_> {
    fn rows(&self) -> Column {
        let rows = self.kept.iter().map(|group| self.rolled.state(*group).rows());
        UInt64Chunked::from_iter_values("rows".into(), rows).into_column()
    }

    fn column(&self, name: &str, of: (usize, &PlannedSum), adds_up: bool) -> Result<Column> {
        let scale = of.1.scale;
        let column = self.rolled.column(of.0).filter(|column| column.lacks().is_none());
        let column = column.filter(|_| self.whole && adds_up && scale == 0);
        if let Some(totals) = column.and_then(SumColumn::totals).filter(|all| !all.is_empty()) {
            return Ok(Int64Chunked::from_slice(name.into(), totals).into_column());
        }
        let mut totals = Vec::with_capacity(self.kept.len());
        for group in &self.kept {
            let Some(member) = self.members.all.get(*group) else { continue };
            totals.push(self.total(of, (*group, member), adds_up)?);
        }
        let narrow = |total: &Option<i128>| total.is_none_or(|total| i64::try_from(total).is_ok());
        if scale == 0 && totals.iter().all(narrow) {
            let totals = totals.into_iter().map(|total| i64::try_from(total?).ok());
            return Ok(Int64Chunked::from_iter_options(name.into(), totals).into_column());
        }
        let exact = |total: Option<i128>| total.map(|total| Decimal::new(total, scale)).transpose();
        decimals(name, totals.into_iter().map(exact).collect::<Result<_>>()?)
    }

    /// One sum of a group, of its children or, where they lack it, of its own row.
    fn total(
        &self,
        (sum, planned): (usize, &PlannedSum),
        (group, member): (usize, &Member),
        adds_up: bool,
    ) -> Result<Option<i128>> {
        let known = |state: State<'_>, made: Made, gaps: &Gaps| {
            self.is_known((sum, planned), state, (made, gaps), adds_up)
        };
        let state = self.rolled.state(group);
        let state = if known(state, member.made, &member.gaps) {
            state
        } else if self.members.own.get(group).is_empty()
            || !known(self.own.state(group), Made::GIVEN, &member.own_gaps)
        {
            return Ok(None);
        } else {
            self.own.state(group)
        };
        let too_large = || Problem::Overflow {
            what: format!("the sum of {} of area {}", self.plan.label(sum), member.group.place()),
        };
        Ok(Some(state.total(sum).ok_or_else(too_large)?))
    }

    fn is_known(
        &self,
        (sum, planned): (usize, &PlannedSum),
        state: State<'_>,
        (made, gaps): (Made, &Gaps),
        adds_up: bool,
    ) -> bool {
        let stock = planned.over_time == OverTime::Last;
        let rows = if stock { state.last_rows() } else { state.rows() };
        let one_row = if gaps.of_months { state.last_rows() } else { state.rows() } <= 1;
        let complete = made.complete && !gaps.lacks(sum);
        (adds_up || (one_row && !made.summed_areas))
            && !gaps.mixes(sum)
            && (complete || self.coverage == Coverage::Given)
            && enough(self.plan.policy, state.missing(sum), rows)
    }
}

//! From states to a table: what members are made of is evaluated, reports find their places, and
//! what stands on other values comes last.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::making::Making;
use super::members::Members;
use super::reports::{Report, place};
use super::{Cells, Column, ColumnParts, Coverage, IndicatorTable};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Files;
use crate::catalog::Dimension;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::Rounding;
use crate::period::{Period, Span};
use crate::plan::{How, PlannedIndicator, PlannedParts};
use crate::state::{ByOwner, Months, States};
use crate::watch::Watch;

/// How states become a table.
pub(crate) struct Finish<'a> {
    pub(crate) areas: &'a Areas,
    /// Names given for areas that the table of areas does not have.
    pub(crate) names: &'a HashMap<AreaCode, String>,
    pub(crate) files: &'a Files,
    /// Empty: areas as they are given.
    pub(crate) tiers: &'a [Tier],
    pub(crate) slices: &'a [&'a Dimension],
    /// Whether slices have a row of their total.
    pub(crate) totals: bool,
    /// What months are put together to.
    pub(crate) over: Option<Span>,
    /// Periods to keep; empty: all.
    pub(crate) periods: &'a [Period],
    pub(crate) coverage: Coverage,
    pub(crate) rounding: Rounding,
    pub(crate) lang: Lang,
    pub(crate) watch: &'a Watch,
}

pub(crate) fn finish(
    states: &States,
    reports: &[Report],
    how: &Finish<'_>,
    mut findings: Vec<Error>,
) -> Result<IndicatorTable> {
    let (spanned, months) = spanned(states, how)?;
    let states = spanned.as_ref().unwrap_or(states);
    let members = Members::of(states, &months, how);
    how.watch.check()?;
    let making = Making::new(states, &members, how);
    findings.extend(absent_months(&months, &making.periods()));
    let names = how
        .slices
        .iter()
        .map(|dimension| (dimension.id.clone(), dimension.name.text(how.lang).to_owned()));
    let plan = states.plan();
    let (columns, errors) = making.columns();
    how.watch.check()?;
    findings.extend(errors);
    let mut table = IndicatorTable {
        slices: names.collect(),
        groups: Vec::new(),
        columns,
        shown: plan.shown,
        areas: how.areas.clone(),
        files: how.files.clone(),
        findings: Vec::new(),
        policy: plan.policy,
        coverage: how.coverage,
        rounding: how.rounding,
        lang: how.lang,
    };
    let (later, first): (Vec<usize>, Vec<usize>) = plan.in_order().into_iter().partition(|at| {
        plan.indicators.get(*at).is_some_and(|planned| !planned.how.inputs().is_empty())
    });
    place(&mut table, reports, &members, (&first, how.over), &mut findings)?;
    for column in later {
        findings.extend(making.derive(&mut table, column));
        how.watch.check()?;
        place(&mut table, reports, &members, (&[column], how.over), &mut findings)?;
    }
    findings.extend(making.breaks());
    drop(making);
    table.groups = members.all.into_iter().map(|member| member.group).collect();
    if !how.periods.is_empty() {
        table.keep(|group| group.period.is_some_and(|period| how.periods.contains(&period)));
    }
    table.findings = findings;
    Ok(table)
}

/// States put together to longer periods where that is asked for, and what became of the months.
pub(super) fn spanned(states: &States, how: &Finish<'_>) -> Result<(Option<States>, ByOwner)> {
    let Some(span) = how.over else { return Ok((None, ByOwner::new())) };
    let (spanned, months) = states.over(span, how.watch);
    how.watch.check()?;
    Ok((Some(spanned), months))
}

impl Column {
    /// A column without cells.
    pub(super) fn of(planned: &PlannedIndicator) -> Self {
        let versions = match &planned.how {
            How::Quotient(versions) => versions.as_slice(),
            _ => &[],
        };
        let parts = versions.iter().map(|version| {
            let (numerator_scale, denominator_scale) =
                version.parts.as_ref().map(scales).unwrap_or_default();
            ColumnParts {
                until: version.until,
                numerator_name: version.numerator_name.clone(),
                denominator_name: version.denominator_name.clone(),
                numerator_scale,
                denominator_scale,
                counted: version.counted,
            }
        });
        Self {
            indicator: planned.indicator.clone(),
            parts: parts.collect(),
            cells: Cells::default(),
            reported: HashMap::new(),
            withheld: HashMap::new(),
            roots: HashMap::new(),
            adjusted: HashMap::new(),
        }
    }
}

/// Scales of numerator and denominator.
fn scales(parts: &PlannedParts) -> (u8, u8) {
    let lagged = parts.lagged.as_ref().map(|lagged| &lagged.denominator);
    let below = lagged.or(parts.denominator.as_ref());
    (parts.numerator.scale, below.map_or(0, |below| below.scale))
}

/// Tells the areas that lack months which some sum needs, in the order of areas and periods; of the
/// parts of a year only the longest.
fn absent_months(months: &ByOwner, periods: &BTreeSet<Period>) -> Vec<Error> {
    let mut lacking: BTreeMap<(AreaCode, Period), &Months> = BTreeMap::new();
    for ((area, school, period), months) in months {
        let Some(period) = period.filter(|period| periods.contains(period)) else { continue };
        if school.is_none() && !months.short.is_empty() && months.told {
            lacking.insert((*area, period), months);
        }
    }
    let longer = |(area, period): &(AreaCode, Period)| {
        let later =
            lacking.range((*area, *period)..).skip(1).take_while(|((other, _), _)| other == area);
        let mut same_year = later.map(|((_, later), _)| later.extends(*period));
        same_year.any(|extends| extends)
    };
    let told = lacking.iter().filter(|(key, _)| !longer(key));
    told.map(|((area, period), months)| {
        let absent: Vec<String> = months.absent.iter().map(ToString::to_string).collect();
        let (area, period, absent) = (area.to_string(), period.to_string(), absent.join(", "));
        Problem::MissingMonths { area, period, absent }.into()
    })
    .collect()
}

//! From states to a table: what members are made of is evaluated, and reports find their places.

use std::sync::Mutex;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::evaluate::{Made, State, evaluate};
use super::members::{Member, members};
use super::reports::{Report, place};
use super::{Cell, Column, Coverage, IndicatorTable, Status};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Files;
use crate::catalog::Dimension;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::Rounding;
use crate::state::{States, Sum};

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
    pub(crate) coverage: Coverage,
    pub(crate) rounding: Rounding,
    pub(crate) lang: Lang,
}

pub(crate) fn finish(
    states: &States,
    reports: &[Report],
    how: &Finish<'_>,
    mut findings: Vec<Error>,
) -> Result<IndicatorTable> {
    let members = members(states, how);
    let plan = states.plan();
    let (cells, errors) = evaluated(states, &members, how.coverage);
    findings.extend(errors);
    let indicators = plan.indicators.iter().map(|planned| {
        let parts = planned.parts.as_ref();
        Column {
            indicator: planned.indicator.clone(),
            numerator_name: planned.numerator_name.clone(),
            denominator_name: planned.denominator_name.clone(),
            numerator_scale: parts.map_or(0, |parts| parts.numerator.scale),
            denominator_scale: parts
                .and_then(|parts| parts.denominator.as_ref())
                .map_or(0, |d| d.scale),
        }
    });
    let names = how
        .slices
        .iter()
        .map(|dimension| (dimension.id.clone(), dimension.name.text(how.lang).to_owned()));
    let mut table = IndicatorTable {
        slices: names.collect(),
        groups: Vec::new(),
        columns: indicators.collect(),
        cells,
        reported: HashMap::new(),
        areas: how.areas.clone(),
        files: how.files.clone(),
        findings: Vec::new(),
        rounding: how.rounding,
        lang: how.lang,
    };
    place(&mut table, reports, &members, &mut findings)?;
    table.groups = members.into_iter().map(|member| member.group).collect();
    table.findings = findings;
    Ok(table)
}

/// The cells of all members, indicator by indicator, and the values that cannot be held.
fn evaluated(states: &States, members: &[Member], coverage: Coverage) -> (Vec<Cell>, Vec<Error>) {
    let plan = states.plan();
    let width = plan.indicators.len();
    let errors = Mutex::new(Vec::new());
    let mut cells = vec![Cell::without(Status::Missing); members.len().saturating_mul(width)];
    let rows = cells.par_chunks_mut(width.max(1)).zip(members);
    rows.for_each_init(State::default, |state, (cells, member)| {
        merge_into(state, &member.states, states);
        for (cell, planned) in cells.iter_mut().zip(&plan.indicators) {
            *cell = evaluate(plan, planned, state, member.made, coverage)
                .unwrap_or_else(|error| refused(&errors, member, &error));
        }
        // What the children lack, or cannot add up to, may stand in the row of the area itself.
        let lacks = |cell: &Cell| matches!(cell.status, Status::Missing | Status::NotApplicable);
        if member.own.is_empty() || !cells.iter().any(lacks) {
            return;
        }
        merge_into(state, &member.own, states);
        for (cell, planned) in cells.iter_mut().zip(&plan.indicators) {
            let given = evaluate(plan, planned, state, Made::GIVEN, coverage);
            if let Some(given) = given.ok().filter(|given| given.exists && lacks(cell)) {
                *cell = given;
            }
        }
    });
    (cells, in_order(errors))
}

/// A value that leaves the integers is missing for its area, and told; the others stand.
fn refused(errors: &Mutex<Vec<Error>>, member: &Member, error: &Error) -> Cell {
    let told = match error.problem() {
        Problem::Overflow { what } => {
            Problem::Overflow { what: format!("{what} of area {}", member.group.place()) }.into()
        }
        _ => error.clone(),
    };
    if let Ok(mut errors) = errors.lock() {
        errors.push(told);
    }
    Cell::without(Status::Missing)
}

/// Errors of threads, in an order that does not depend on them.
fn in_order(errors: Mutex<Vec<Error>>) -> Vec<Error> {
    let mut errors = errors.into_inner().unwrap_or_default();
    errors.sort_by_key(ToString::to_string);
    errors
}

/// The sums of some states.
fn merge_into(state: &mut State, of: &[usize], states: &States) {
    state.rows = of.iter().filter_map(|group| states.rows.get(*group)).sum();
    state.sums.clear();
    for column in &states.sums {
        let sums = of.iter().filter_map(|group| column.get(*group));
        state.sums.push(sums.copied().fold(Sum::default(), Sum::merge));
    }
}

//! From states to a table: what members are made of is evaluated, reports find their places, and
//! what stands on other values comes last.

use std::sync::Mutex;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::derive::{Input, Outcome, change, derived};
use super::evaluate::{Base, Definition, Made, State, quotient};
use super::members::{Member, members};
use super::reports::{Report, place};
use super::spread::dispersion;
use super::{Cell, Column, ColumnParts, Coverage, IndicatorTable, Status};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Files;
use crate::catalog::Dimension;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Root, Rounding};
use crate::period::{Before, Period, Span};
use crate::plan::{How, PlannedIndicator, PlannedParts};
use crate::state::{ByOwner, Key, States, Sum};

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
}

pub(crate) fn finish(
    states: &States,
    reports: &[Report],
    how: &Finish<'_>,
    mut findings: Vec<Error>,
) -> Result<IndicatorTable> {
    let (spanned, months) = match how.over {
        Some(span) => {
            let (spanned, months) = states.over(span);
            (Some(spanned), months)
        }
        None => (None, ByOwner::new()),
    };
    let states = spanned.as_ref().unwrap_or(states);
    findings.extend(absent_months(&months));
    let members = members(states, &months, how);
    let making = Making { states, members: &members, how, earlier: Earlier::of(states, &members) };
    let names = how
        .slices
        .iter()
        .map(|dimension| (dimension.id.clone(), dimension.name.text(how.lang).to_owned()));
    let plan = states.plan();
    let (cells, roots, errors) = making.evaluated();
    findings.extend(errors);
    let mut table = IndicatorTable {
        slices: names.collect(),
        groups: Vec::new(),
        columns: plan.indicators.iter().map(column).collect(),
        shown: plan.shown,
        cells,
        reported: HashMap::new(),
        roots,
        adjusted: HashMap::new(),
        areas: how.areas.clone(),
        files: how.files.clone(),
        findings: Vec::new(),
        rounding: how.rounding,
        lang: how.lang,
    };
    let (later, first): (Vec<usize>, Vec<usize>) = plan.in_order().into_iter().partition(|at| {
        plan.indicators.get(*at).is_some_and(|planned| !planned.how.inputs().is_empty())
    });
    place(&mut table, reports, &members, &first, &mut findings)?;
    for column in later {
        findings.extend(making.derive(&mut table, column));
        place(&mut table, reports, &members, &[column], &mut findings)?;
    }
    findings.extend(making.breaks());
    drop(making);
    table.groups = members.into_iter().map(|member| member.group).collect();
    if !how.periods.is_empty() {
        table.keep(|group| group.period.is_some_and(|period| how.periods.contains(&period)));
    }
    table.findings = findings;
    Ok(table)
}

fn column(planned: &PlannedIndicator) -> Column {
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
        }
    });
    Column { indicator: planned.indicator.clone(), parts: parts.collect() }
}

/// Scales of numerator and denominator.
fn scales(parts: &PlannedParts) -> (u8, u8) {
    let lagged = parts.lagged.as_ref().map(|lagged| &lagged.denominator);
    let below = lagged.or(parts.denominator.as_ref());
    (parts.numerator.scale, below.map_or(0, |below| below.scale))
}

/// What the cells of a table are made from.
struct Making<'a> {
    states: &'a States,
    members: &'a [Member],
    how: &'a Finish<'a>,
    earlier: Earlier<'a>,
}

/// Members by what they have in common over periods.
struct Earlier<'a>(HashMap<(&'a Key, Tier), usize>);

impl<'a> Earlier<'a> {
    /// Empty where no value stands on figures of earlier periods.
    fn of(states: &States, members: &'a [Member]) -> Self {
        if !states.plan().looks_back() {
            return Self(HashMap::new());
        }
        let keys = members.iter().enumerate();
        Self(keys.map(|(at, member)| ((&member.key, member.group.tier), at)).collect())
    }

    /// The same member at an earlier period.
    fn find(&self, member: &Member, before: Before) -> Option<usize> {
        let period = Some(member.key.period?.back(before)?);
        let key = Key { period, ..member.key.clone() };
        self.0.get(&(&key, member.group.tier)).copied()
    }
}

impl Making<'_> {
    /// The cells of all members, indicator by indicator, values that are roots, and values that
    /// cannot be held.
    fn evaluated(&self) -> (Vec<Cell>, HashMap<usize, Root>, Vec<Error>) {
        let plan = self.states.plan();
        let width = plan.indicators.len();
        let errors = Mutex::new(Vec::new());
        let roots = Mutex::new(HashMap::new());
        let all = self.members.len().saturating_mul(width);
        let mut cells = vec![Cell::without(Status::Missing); all];
        let rows = cells.par_chunks_mut(width.max(1)).zip(self.members).enumerate();
        rows.for_each_init(State::default, |state, (row, (cells, member))| {
            merge_into(state, &member.states, self.states);
            for (column, (cell, planned)) in cells.iter_mut().zip(&plan.indicators).enumerate() {
                let made = match &planned.how {
                    How::Quotient(_) => self.quotient(planned, member, (state, member.made)),
                    How::Dispersion(Some(_)) => {
                        self.dispersion(planned, member).map(|(cell, root)| {
                            let index = row.saturating_mul(width).saturating_add(column);
                            if let (Some(root), Ok(mut roots)) = (root, roots.lock()) {
                                roots.insert(index, root);
                            }
                            cell
                        })
                    }
                    _ => Ok(Cell::without(Status::Missing)),
                };
                *cell = made.unwrap_or_else(|error| refused(&errors, member, &error));
            }
            // What the children lack, or cannot add up to, may stand in the row of the area itself.
            let lacks =
                |cell: &Cell| matches!(cell.status, Status::Missing | Status::NotApplicable);
            if member.own.is_empty() || !cells.iter().any(lacks) {
                return;
            }
            merge_into(state, &member.own, self.states);
            for (cell, planned) in cells.iter_mut().zip(&plan.indicators) {
                let given = self.quotient(planned, member, (state, Made::GIVEN));
                if let Some(given) = given.ok().filter(|given| given.exists && lacks(cell)) {
                    *cell = given;
                }
            }
        });
        (cells, roots.into_inner().unwrap_or_default(), in_order(errors))
    }

    fn quotient(
        &self,
        planned: &PlannedIndicator,
        member: &Member,
        (state, made): (&State, Made),
    ) -> Result<Cell> {
        let plan = self.states.plan();
        let end = member.key.period.map(Period::end);
        let Some(version) = planned.how.version(end) else {
            return Ok(Cell::without(Status::Missing));
        };
        let of = Definition { plan, indicator: &planned.indicator, version };
        let lagged = version.parts.as_ref().and_then(|parts| parts.lagged.as_ref());
        let then = lagged.and_then(|lagged| self.earlier.find(member, lagged.before));
        let Some(base) = then.and_then(|then| self.members.get(then)) else {
            return quotient(of, (state, made), None, self.how.coverage);
        };
        let mut earlier = State::default();
        merge_into(&mut earlier, &base.states, self.states);
        let base = Base { state: &earlier, made: base.made };
        quotient(of, (state, made), Some(base), self.how.coverage)
    }

    fn dispersion(
        &self,
        planned: &PlannedIndicator,
        member: &Member,
    ) -> Result<(Cell, Option<Root>)> {
        let How::Dispersion(Some(of)) = &planned.how else {
            return Ok((Cell::without(Status::Missing), None));
        };
        let keys: Vec<(usize, &Key)> = member
            .states
            .iter()
            .filter_map(|state| Some((*state, self.states.keys.get(*state)?)))
            .collect();
        let merged = |of: &[usize]| {
            let mut state = State::default();
            merge_into(&mut state, of, self.states);
            state
        };
        dispersion(
            (self.states.plan(), of),
            self.how.areas,
            &keys,
            (member.made, self.how.coverage),
            &merged,
        )
    }

    /// Fills a column that stands on others; gives the values that cannot be held.
    fn derive(&self, table: &mut IndicatorTable, column: usize) -> Vec<Error> {
        let plan = self.states.plan();
        let Some(planned) = plan.indicators.get(column) else { return Vec::new() };
        let errors = Mutex::new(Vec::new());
        let outcomes: Vec<Outcome> = self
            .members
            .par_iter()
            .enumerate()
            .map(|(row, member)| {
                let outcome = self.outcome(table, planned, (row, member));
                outcome.unwrap_or_else(|error| (refused(&errors, member, &error), None))
            })
            .collect();
        let width = table.columns.len();
        for (row, (cell, reported)) in outcomes.into_iter().enumerate() {
            let index = row.saturating_mul(width).saturating_add(column);
            if let Some(place) = table.cells.get_mut(index) {
                *place = cell;
            }
            if let Some(reported) = reported {
                table.reported.insert(index, reported);
            }
        }
        in_order(errors)
    }

    fn outcome(
        &self,
        table: &IndicatorTable,
        planned: &PlannedIndicator,
        (row, member): (usize, &Member),
    ) -> Result<Outcome> {
        let input = |row: usize, column: usize, member: &Member| {
            let index = row.saturating_mul(table.columns.len()).saturating_add(column);
            Input::of(table, index, member.key.period)
        };
        let (indicator, lang) = (&planned.indicator, self.how.lang);
        match &planned.how {
            How::Change { of, before, form } => {
                let now = input(row, *of, member)?;
                let then = self.earlier.find(member, *before);
                let then = then.and_then(|then| Some((then, self.members.get(then)?)));
                let then = match then {
                    Some((_, base)) if self.redefined(*of, member, base) => None,
                    Some((_, base)) if base.incomplete != member.incomplete => {
                        Some(Input::INCOMPARABLE)
                    }
                    Some((then, base)) => Some(input(then, *of, base)?),
                    None => None,
                };
                change(indicator, *form, now, then, lang)
            }
            How::Derived { inputs, formula } => {
                let inputs: Result<Vec<Input>> =
                    inputs.iter().map(|column| input(row, *column, member)).collect();
                derived(indicator, formula, &inputs?, lang)
            }
            _ => Ok((Cell::without(Status::Missing), None)),
        }
    }

    /// Whether an indicator, or one that it stands on, is defined otherwise in two periods.
    fn redefined(&self, of: usize, now: &Member, then: &Member) -> bool {
        let Some(planned) = self.states.plan().indicators.get(of) else { return false };
        let until = |member: &Member| {
            let version = planned.how.version(member.key.period.map(Period::end));
            version.and_then(|version| version.until)
        };
        until(now) != until(then)
            || planned.how.inputs().iter().any(|input| self.redefined(*input, now, then))
    }

    /// Tells the series that run across a change of definition.
    fn breaks(&self) -> Vec<Error> {
        let mut told = Vec::new();
        for planned in &self.states.plan().indicators {
            let How::Quotient(versions) = &planned.how else { continue };
            for until in versions.iter().filter_map(|version| version.until) {
                let ends = || self.members.iter().filter_map(|member| member.key.period);
                let before = ends().any(|period| period.end() <= until);
                if before && ends().any(|period| period.end() > until) {
                    let indicator = planned.indicator.id.clone();
                    let until = until.to_string();
                    told.push(Problem::DefinitionBreak { indicator, until }.into());
                }
            }
        }
        told
    }
}

/// Tells the areas that lack months, in the order of areas and periods.
fn absent_months(months: &ByOwner) -> Vec<Error> {
    let lacking = months
        .iter()
        .filter(|((_, school, _), months)| school.is_none() && !months.absent.is_empty());
    let mut lacking: Vec<_> = lacking.collect();
    lacking.sort_by_key(|((area, _, period), _)| (*area, *period));
    let tell =
        |((area, _, period), months): &(&(AreaCode, _, Option<Period>), &crate::state::Months)| {
            let absent: Vec<String> = months.absent.iter().map(ToString::to_string).collect();
            let period = period.map_or_else(String::new, |period| period.to_string());
            let (area, absent) = (area.to_string(), absent.join(", "));
            Error::from(Problem::MissingMonths { area, period, absent })
        };
    lacking.iter().map(tell).collect()
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
    let rows = |rows: &[u64]| of.iter().filter_map(|group| rows.get(*group)).sum();
    state.rows = rows(&states.rows);
    state.last_rows =
        if states.last_rows.is_empty() { state.rows } else { rows(&states.last_rows) };
    state.sums.clear();
    for column in &states.sums {
        let sums = of.iter().filter_map(|group| column.get(*group));
        state.sums.push(sums.copied().fold(Sum::default(), Sum::merge));
    }
}

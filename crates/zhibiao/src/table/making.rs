//! Making the cells of a table: from sums first, then from other values.

use std::collections::BTreeSet;
use std::sync::Mutex;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::derive::{Input, Outcome, change, derived};
use super::evaluate::{Base, Definition, Made, State, Sums, overflow, quotient};
use super::finish::Finish;
use super::members::Member;
use super::spread::{Dispersed, dispersion};
use super::{Cell, IndicatorTable, Status};
use crate::area::Tier;
use crate::catalog::OverTime;
use crate::error::{Error, Problem, Result};
use crate::number::Root;
use crate::period::{Before, Period};
use crate::plan::{Combination, How, PlannedIndicator};
use crate::state::{Key, States};

/// What the cells of a table are made from.
pub(super) struct Making<'a> {
    states: &'a States,
    members: &'a [Member],
    how: &'a Finish<'a>,
    /// Members by key and tier; empty where no value stands on figures of earlier periods.
    by_key: HashMap<(&'a Key, Tier), usize>,
    smallest: Tier,
    /// Periods that there are.
    occurring: BTreeSet<Period>,
}

impl<'a> Making<'a> {
    pub(super) fn new(states: &'a States, members: &'a [Member], how: &'a Finish<'a>) -> Self {
        let keys = members.iter().enumerate().filter(|_| states.plan().looks_back());
        let by_key = keys.map(|(at, member)| ((&member.key, member.group.tier), at)).collect();
        let tiers = members.iter().map(|member| member.group.tier);
        let smallest = tiers.min().unwrap_or(Tier::School);
        let occurring = members.iter().filter_map(|member| member.key.period).collect();
        Self { states, members, how, by_key, smallest, occurring }
    }

    /// The same group at an earlier period, and its position.
    fn earlier(&self, member: &Member, before: Before) -> Option<(usize, &Member)> {
        let period = Some(member.key.period?.back(before)?);
        let key = Key { period, ..member.key.clone() };
        let at = *self.by_key.get(&(&key, member.group.tier))?;
        Some((at, self.members.get(at)?))
    }

    /// The cells of all members, indicator by indicator, values that are roots, and values that
    /// cannot be held.
    pub(super) fn cells(&self) -> (Vec<Cell>, HashMap<usize, Root>, Vec<Error>) {
        let plan = self.states.plan();
        let width = plan.indicators.len();
        let errors = Mutex::new(Vec::new());
        let roots = Mutex::new(HashMap::new());
        let all = self.members.len().saturating_mul(width);
        let mut cells = vec![Cell::without(Status::Missing); all];
        let rows = cells.par_chunks_mut(width.max(1)).zip(self.members).enumerate();
        rows.for_each_init(State::default, |state, (row, (cells, member))| {
            if self.how.watch.is_cancelled() {
                return;
            }
            self.merge_into(state, &member.states, member);
            let made_of = Sums { state, made: member.made, gaps: &member.gaps };
            for (column, (cell, planned)) in cells.iter_mut().zip(&plan.indicators).enumerate() {
                let made = match &planned.how {
                    How::Quotient(_) => self.quotient(planned, member, made_of),
                    How::Dispersion(_) => self.dispersion(planned, member).map(|dispersed| {
                        let index = row.saturating_mul(width).saturating_add(column);
                        if let (Some(root), Ok(mut roots)) = (dispersed.root, roots.lock()) {
                            roots.insert(index, root);
                        }
                        let told = self.without_weight(planned, member, dispersed.weightless);
                        if let (Some(told), Ok(mut errors)) = (told, errors.lock()) {
                            errors.push(told);
                        }
                        dispersed.cell
                    }),
                    How::Change { .. } | How::Derived { .. } => Ok(Cell::without(Status::Missing)),
                };
                *cell = made.unwrap_or_else(|error| refused(&errors, member, &error));
            }
            // What the children lack, or cannot add up to, may stand in the row of the area itself.
            let lacks = |cell: &Cell| match cell.status {
                Status::Missing | Status::NotApplicable => true,
                Status::Partial => member.made.complete,
                _ => false,
            };
            if member.own.is_empty() || !cells.iter().any(lacks) {
                return;
            }
            self.merge_into(state, &member.own, member);
            let given = Sums { state, made: Made::GIVEN, gaps: &member.own_gaps };
            for (cell, planned) in cells.iter_mut().zip(&plan.indicators) {
                let given = self.quotient(planned, member, given);
                let whole = cell.status != Status::Partial;
                let better = |given: &Cell| {
                    lacks(cell) && given.exists && (whole || given.status == Status::Ok)
                };
                if let Some(given) = given.ok().filter(better) {
                    *cell = given;
                }
            }
        });
        (cells, roots.into_inner().unwrap_or_default(), in_order(errors))
    }

    fn quotient(&self, planned: &PlannedIndicator, member: &Member, now: Sums<'_>) -> Result<Cell> {
        let plan = self.states.plan();
        let end = member.key.period.map(Period::end);
        let Some(version) = planned.how.version(end) else {
            return Ok(Cell::without(Status::Missing));
        };
        let of = Definition { plan, indicator: &planned.indicator, version };
        let parts = version.parts.as_ref();
        let Some((parts, lagged)) = parts.and_then(|parts| Some((parts, parts.lagged.as_ref()?)))
        else {
            return quotient(of, now, Base::None, self.how.coverage);
        };
        let Some((_, then)) = self.earlier(member, lagged.before) else {
            return quotient(of, now, Base::None, self.how.coverage);
        };
        let sums = positions([&parts.numerator, &lagged.denominator]);
        // Own row against own row, where both periods have one.
        let own = !now.made.summed_areas && then.made.summed_areas && !then.own.is_empty();
        let (states, made, gaps) = if own {
            (&then.own, Made::GIVEN, &then.own_gaps)
        } else {
            (&then.states, then.made, &then.gaps)
        };
        let same_areas = own || !now.made.summed_areas || member.incomplete == then.incomplete;
        if !(same_areas && now.gaps.comparable(gaps, &sums)) {
            return quotient(of, now, Base::Incomparable, self.how.coverage);
        }
        let mut state = State::default();
        self.merge_into(&mut state, states, then);
        let base = Sums { state: &state, made, gaps };
        quotient(of, now, Base::Sums(base), self.how.coverage)
    }

    fn dispersion(&self, planned: &PlannedIndicator, member: &Member) -> Result<Dispersed> {
        let How::Dispersion(Some(of)) = &planned.how else {
            return Ok(Dispersed::without(Status::Missing));
        };
        let states = member.states.iter();
        let keys: Vec<(usize, &Key)> =
            states.filter_map(|state| Some((*state, self.states.keys.get(*state)?))).collect();
        let merged = |of: &[usize]| {
            let mut state = State::default();
            self.merge_into(&mut state, of, member);
            state
        };
        let how = (member.made, &member.gaps, self.how.coverage);
        dispersion((self.states.plan(), of), self.how.areas, &keys, how, &merged)
    }

    /// Tells the units that were left out of a dispersion, in the smallest areas of the table.
    fn without_weight(
        &self,
        planned: &PlannedIndicator,
        member: &Member,
        units: u64,
    ) -> Option<Error> {
        let told = units > 0 && member.group.tier == self.smallest;
        let (indicator, area) = (planned.indicator.id.clone(), member.group.place());
        told.then(|| Problem::WithoutWeight { indicator, area, units }.into())
    }

    /// Fills a column that stands on others; gives the values that cannot be held.
    pub(super) fn derive(&self, table: &mut IndicatorTable, column: usize) -> Vec<Error> {
        let plan = self.states.plan();
        let Some(planned) = plan.indicators.get(column) else { return Vec::new() };
        let errors = Mutex::new(Vec::new());
        let beneath = self.beneath(column);
        let members = self.members.par_iter().enumerate();
        let outcomes: Vec<Outcome> = members
            .map(|(row, member)| {
                if self.how.watch.is_cancelled() {
                    return (Cell::without(Status::Missing), None);
                }
                let outcome = self.outcome(table, (planned, &beneath), (row, member));
                outcome.unwrap_or_else(|error| {
                    let error = match error.problem() {
                        Problem::Overflow { .. } => overflow(&planned.indicator.id).into(),
                        _ => error,
                    };
                    (refused(&errors, member, &error), None)
                })
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
        (planned, beneath): (&PlannedIndicator, &Beneath<'_>),
        (row, member): (usize, &Member),
    ) -> Result<Outcome> {
        let input = |row: usize, column: usize, member: &Member| {
            let index = row.saturating_mul(table.columns.len()).saturating_add(column);
            Input::of(table, index, member.key.period)
        };
        let (indicator, lang) = (&planned.indicator, self.how.lang);
        match &planned.how {
            How::Change { of, before, form } => {
                let mut now = input(row, *of, member)?;
                let then = match self.earlier(member, *before) {
                    Some((_, base)) if beneath.redefined(member, base) => None,
                    Some((_, base)) if !comparable(member, base, &beneath.sums) => {
                        Some(Input::INCOMPARABLE)
                    }
                    Some((at, base)) => {
                        let then = input(at, *of, base)?;
                        // Own row against own row, where both periods have one.
                        match (now.summed_areas, then.summed_areas) {
                            (false, true) => Some(self.of_own(table, *of, base)?.unwrap_or(then)),
                            (true, false) => {
                                now = self.of_own(table, *of, member)?.unwrap_or(now);
                                Some(then)
                            }
                            _ => Some(then),
                        }
                    }
                    None => None,
                };
                change(indicator, *form, now, then, lang)
            }
            How::Derived { inputs, formula } => {
                let inputs: Result<Vec<Input>> =
                    inputs.iter().map(|column| input(row, *column, member)).collect();
                derived(indicator, formula, &inputs?, lang)
            }
            How::Quotient(_) | How::Dispersion(_) => Ok((Cell::without(Status::Missing), None)),
        }
    }

    /// The value of an indicator by the own row of a group that is made of smaller areas.
    fn of_own(&self, table: &IndicatorTable, of: usize, member: &Member) -> Result<Option<Input>> {
        let planned = self.states.plan().indicators.get(of);
        let (Some(planned), Some(column)) = (planned, table.columns.get(of)) else {
            return Ok(None);
        };
        if member.own.is_empty() {
            return Ok(None);
        }
        let mut state = State::default();
        self.merge_into(&mut state, &member.own, member);
        let own = Sums { state: &state, made: Made::GIVEN, gaps: &member.own_gaps };
        let cell = self.quotient(planned, member, own)?;
        let value = column.ratio(&cell, member.key.period);
        Ok(value.map(|value| Input::exact(cell.status, value)))
    }

    /// All that an indicator stands on.
    fn beneath(&self, indicator: usize) -> Beneath<'_> {
        let plan = self.states.plan();
        let beneath = plan.beneath(indicator).into_iter();
        let hows: Vec<&How> =
            beneath.filter_map(|at| Some(&plan.indicators.get(at)?.how)).collect();
        let mut sums = Vec::new();
        for how in &hows {
            let How::Quotient(versions) = how else { continue };
            for parts in versions.iter().filter_map(|version| version.parts.as_ref()) {
                let lagged = parts.lagged.as_ref().map(|lagged| &lagged.denominator);
                let below = parts.denominator.iter().chain(lagged);
                sums.extend(positions(below.chain([&parts.numerator])));
            }
        }
        Beneath { hows, sums }
    }

    /// Tells the series that run across a change of definition, in the periods that are kept and
    /// those that they are compared with.
    pub(super) fn breaks(&self) -> Vec<Error> {
        let ends: Vec<_> = self.periods().into_iter().map(Period::end).collect();
        let mut told = Vec::new();
        for planned in &self.states.plan().indicators {
            let How::Quotient(versions) = &planned.how else { continue };
            for until in versions.iter().filter_map(|version| version.until) {
                if ends.iter().any(|end| *end <= until) && ends.iter().any(|end| *end > until) {
                    let indicator = planned.indicator.id.clone();
                    let until = until.to_string();
                    told.push(Problem::DefinitionBreak { indicator, until }.into());
                }
            }
        }
        told
    }

    /// The periods that are kept, and those that they are compared with.
    pub(super) fn periods(&self) -> BTreeSet<Period> {
        let kept =
            |period: &Period| self.how.periods.is_empty() || self.how.periods.contains(period);
        let members = self.members.iter().filter_map(|member| member.key.period);
        let mut periods: BTreeSet<Period> = members.filter(kept).collect();
        // A base may have a base of its own.
        let mut open: Vec<Period> = periods.iter().copied().collect();
        while let Some(period) = open.pop() {
            let bases = self.states.plan().look_back().filter_map(|before| period.back(before));
            let there = |base: &Period| self.occurring.contains(base);
            for base in bases.filter(there) {
                if periods.insert(base) {
                    open.push(base);
                }
            }
        }
        periods
    }

    /// The sums of some states, for a group. The stock of a larger whole leaves out what is gone
    /// before its last month.
    fn merge_into(&self, state: &mut State, of: &[usize], group: &Member) {
        let states = self.states;
        let of_school = group.key.school.is_some();
        let stale = |at: &usize| !of_school && states.stale.get(*at) == Some(&true);
        state.rows = of.iter().filter_map(|at| states.rows.get(*at)).sum();
        state.last_rows = if states.last_rows.is_empty() {
            state.rows
        } else {
            let last = of.iter().filter(|at| !stale(at));
            last.filter_map(|at| states.last_rows.get(*at)).sum()
        };
        state.sums.clear();
        for (column, planned) in states.sums.iter().zip(&states.plan().sums) {
            let is_stock = planned.over_time == OverTime::Last;
            let counted = of.iter().filter(|at| !(is_stock && stale(at)));
            state.sums.push(column.merged(counted));
        }
    }
}

/// All that an indicator stands on.
struct Beneath<'a> {
    hows: Vec<&'a How>,
    /// Positions of sums.
    sums: Vec<usize>,
}

impl Beneath<'_> {
    /// Whether any of it is defined otherwise in two periods.
    fn redefined(&self, now: &Member, then: &Member) -> bool {
        let until = |how: &How, member: &Member| {
            how.version(member.key.period.map(Period::end)).and_then(|version| version.until)
        };
        self.hows.iter().any(|how| until(how, now) != until(how, then))
    }
}

/// Whether figures made of some sums are of the same areas and months in two groups.
fn comparable(now: &Member, then: &Member, sums: &[usize]) -> bool {
    now.incomplete == then.incomplete && now.gaps.comparable(&then.gaps, sums)
}

/// Positions of the sums of some combinations.
fn positions<'c>(combinations: impl IntoIterator<Item = &'c Combination>) -> Vec<usize> {
    let terms = combinations.into_iter().flat_map(|combination| &combination.terms);
    terms.map(|(_, sum)| *sum).collect()
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

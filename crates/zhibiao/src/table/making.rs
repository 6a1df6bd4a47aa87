//! Making the cells of a table: from sums first, then from other values.

use std::collections::BTreeSet;
use std::ops::Range;

use super::bounded::{BoundedRows, Known, Withheld};
use super::composite::composite;
use super::derive::{Input, Outcome, change, derived, without};
use super::evaluate::{Base, Definition, Made, Sums, overflow, quotient, settled};
use super::finish::Finish;
use super::lists::Lists;
use super::members::{Member, Members};
use super::rolled::Rolled;
use super::spread::{Dispersed, dispersion};
use super::tasks::{blocks, each};
use super::{Cell, Cells, Column, Coverage, IndicatorTable, ReportedValue, Status};
use crate::area::Tier;
use crate::error::{Error, Problem, Result};
use crate::number::Root;
use crate::period::{Before, Period};
use crate::plan::{Combination, How, PlannedIndicator};
use crate::state::States;

/// What the cells of a table are made from.
pub(super) struct Making<'a> {
    states: &'a States,
    members: &'a Members,
    rolled: Rolled,
    /// The sums of own rows, where children were taken instead.
    own: Rolled,
    bounded: Option<BoundedRows<'a>>,
    how: &'a Finish<'a>,
    smallest: Tier,
    /// Periods that there are.
    occurring: BTreeSet<Period>,
}

/// What a task finds beside cells.
#[derive(Default)]
struct Found {
    roots: Vec<(usize, Root)>,
    reported: Vec<(usize, ReportedValue)>,
    withheld: Vec<(usize, Withheld)>,
    errors: Vec<Error>,
}

impl Found {
    /// The cell of a group of whose value something is known.
    fn take(
        &mut self,
        planned: &PlannedIndicator,
        group: usize,
        known: Known,
        cell: Cell,
        coverage: Coverage,
    ) -> Cell {
        match known {
            Known::Reported(value) => {
                self.reported.push((group, value));
                Cell { status: Status::Reported, ..cell }
            }
            Known::Withheld(value) => {
                self.withheld.push((group, value));
                Cell { status: Status::Suppressed, ..cell }
            }
            Known::NotApplicable => Cell { status: Status::NotApplicable, ..cell },
            Known::ZeroDenominator => {
                Cell { status: Status::ZeroDenominator, denominator: Some(0), ..cell }
            }
            Known::Exact { numerator, denominator, scales } => {
                let exact = Cell {
                    numerator: Some(numerator),
                    denominator,
                    missing: 0,
                    first_missing: None,
                    ..cell
                };
                settled(&planned.indicator, exact, scales, true, coverage).unwrap_or(cell)
            }
        }
    }
}

impl<'a> Making<'a> {
    pub(super) fn new(states: &'a States, members: &'a Members, how: &'a Finish<'a>) -> Self {
        let tiers = members.all.iter().map(|member| member.group.tier);
        let smallest = tiers.min().unwrap_or(Tier::School);
        let occurring = members.all.iter().filter_map(|member| member.group.period).collect();
        let (rolled, own) = (members.sums(states, how.watch), members.own_sums(states, how.watch));
        let bounded = BoundedRows::of(states);
        Self { states, members, rolled, own, bounded, how, smallest, occurring }
    }

    /// The columns of all indicators, those that stand on others still without cells, and values
    /// that cannot be held.
    pub(super) fn columns(&self) -> (Vec<Column>, Vec<Error>) {
        let planned = &self.states.plan().indicators;
        let groups = self.members.all.len();
        let made = planned.iter().enumerate().filter(|(_, made)| made.how.inputs().is_empty());
        let tasks: Vec<(usize, &PlannedIndicator, Range<usize>)> = made
            .flat_map(|(at, made)| blocks(groups).map(move |block| (at, made, block)))
            .collect();
        let found = each(&tasks, groups.saturating_mul(planned.len()), |(_, planned, block)| {
            let mut found = Found::default();
            let cells: Cells =
                block.clone().map(|group| self.cell(planned, group, &mut found)).collect();
            (cells, found)
        });
        let mut columns: Vec<Column> = planned.iter().map(Column::of).collect();
        let mut errors = Vec::new();
        for ((at, ..), (cells, found)) in tasks.into_iter().zip(found) {
            if let Some(column) = columns.get_mut(at) {
                column.cells.append(cells);
                column.roots.extend(found.roots);
                column.reported.extend(found.reported);
                column.withheld.extend(found.withheld);
            }
            errors.extend(found.errors);
        }
        (columns, in_order(errors))
    }

    fn cell(&self, planned: &PlannedIndicator, group: usize, found: &mut Found) -> Cell {
        let Some(member) = self.members.all.get(group).filter(|_| !self.how.watch.is_cancelled())
        else {
            return Cell::without(Status::Missing);
        };
        let state = self.rolled.state(group);
        let made = match &planned.how {
            How::Dispersion(_) => self.dispersion(planned, group, member).map(|dispersed| {
                let power = planned.indicator.unit.power_of_base();
                found.roots.extend(dispersed.root.map(|root| (group, root.shifted(power))));
                found.errors.extend(self.without_weight(planned, member, dispersed.weightless));
                dispersed.cell
            }),
            _ => self.quotient(
                planned,
                member,
                Sums { state, made: member.made, gaps: &member.gaps },
            ),
        };
        let cell = made.unwrap_or_else(|error| refused(&mut found.errors, member, &error));
        // What the children lack, or cannot add up to, may stand in the row of the area itself.
        let lacks = match cell.status {
            Status::Missing | Status::NotApplicable => true,
            Status::Partial => member.made.complete,
            _ => false,
        };
        if lacks && !self.members.own.get(group).is_empty() {
            let whole = cell.status != Status::Partial;
            let better = |given: &Cell| given.exists && (whole || given.status == Status::Ok);
            let given = self.quotient(planned, member, self.own_sums(group, member));
            if let Some(given) = given.ok().filter(better) {
                return given;
            }
        }
        if cell.status != Status::Missing {
            return cell;
        }
        // What does not fit 128 bits is not known.
        let known = self.known(planned, group, member).ok().flatten();
        known.map_or(cell, |known| found.take(planned, group, known, cell, self.how.coverage))
    }

    /// What is known of the value of a group within bounds: by its children if they are all there, else
    /// by its own row.
    fn known(
        &self,
        planned: &PlannedIndicator,
        group: usize,
        member: &Member,
    ) -> Result<Option<Known>> {
        let end = member.group.period.map(Period::end);
        let (Some(rows), Some(version)) = (&self.bounded, planned.how.version(end)) else {
            return Ok(None);
        };
        let of = Definition { plan: self.states.plan(), indicator: &planned.indicator, version };
        let lang = self.how.lang;
        if member.made.complete || self.how.coverage == Coverage::Given {
            let states = self.members.states.get(group);
            let known = rows.known(of, self.rolled.state(group), states, lang)?;
            if known.is_some() {
                return Ok(known);
            }
        }
        rows.known(of, self.own.state(group), self.members.own.get(group), lang)
    }

    /// The sums of the own rows of a group.
    fn own_sums<'m>(&'m self, group: usize, member: &'m Member) -> Sums<'m> {
        Sums { state: self.own.state(group), made: Made::GIVEN, gaps: &member.own_gaps }
    }

    fn quotient(&self, planned: &PlannedIndicator, member: &Member, now: Sums<'_>) -> Result<Cell> {
        let plan = self.states.plan();
        let end = member.group.period.map(Period::end);
        let Some(version) = planned.how.version(end) else {
            return Ok(Cell::without(Status::Missing));
        };
        let of = Definition { plan, indicator: &planned.indicator, version };
        let parts = version.parts.as_ref();
        let Some((parts, lagged)) = parts.and_then(|parts| Some((parts, parts.lagged.as_ref()?)))
        else {
            return quotient(of, now, Base::None, self.how.coverage);
        };
        let Some((at, then)) = self.earlier(member, lagged.before) else {
            return quotient(of, now, Base::None, self.how.coverage);
        };
        let sums = positions([&parts.numerator, &lagged.denominator]);
        // Own row against own row, where both periods have one.
        let has_own = !self.members.own.get(at).is_empty();
        let own = !now.made.summed_areas && then.made.summed_areas && has_own;
        let base = if own {
            self.own_sums(at, then)
        } else {
            Sums { state: self.rolled.state(at), made: then.made, gaps: &then.gaps }
        };
        let same_areas =
            own || !now.made.summed_areas || member.group.incomplete == then.group.incomplete;
        let comparable = same_areas && now.gaps.comparable(base.gaps, &sums);
        let base = if comparable { Base::Sums(base) } else { Base::Incomparable };
        quotient(of, now, base, self.how.coverage)
    }

    fn dispersion(
        &self,
        planned: &PlannedIndicator,
        group: usize,
        member: &Member,
    ) -> Result<Dispersed> {
        let How::Dispersion(Some(of)) = &planned.how else {
            return Ok(Dispersed::without(Status::Missing));
        };
        let states = self.members.states.get(group).iter();
        let keys = states.filter_map(|state| Some((*state, self.states.keys.get(*state)?)));
        let is_school = member.group.school.is_some();
        let roll = |units: &Lists| Rolled::of(self.states, units, |_| is_school, self.how.watch);
        let how = (member.made, &*member.gaps, self.how.coverage);
        dispersion((self.states.plan(), of), self.how.areas, keys, how, &roll)
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
        let beneath = self.beneath(column);
        let groups = self.members.all.len();
        let tasks: Vec<Range<usize>> = blocks(groups).collect();
        let of_block = |block: &Range<usize>| {
            let mut errors = Vec::new();
            let mut outcome = |group| -> Outcome {
                let Some(member) = self.members.all.get(group) else {
                    return without(Status::Missing);
                };
                if self.how.watch.is_cancelled() {
                    return without(Status::Missing);
                }
                let outcome = self.outcome(&table.columns, (planned, &beneath), (group, member));
                outcome.unwrap_or_else(|error| {
                    let error = match error.problem() {
                        Problem::Overflow { .. } => overflow(&planned.indicator.id).into(),
                        _ => error,
                    };
                    Outcome::of(refused(&mut errors, member, &error))
                })
            };
            let outcomes: Vec<(usize, Outcome)> =
                block.clone().map(|group| (group, outcome(group))).collect();
            (outcomes, errors)
        };
        let found = each(&tasks, groups, of_block);
        let mut errors = Vec::new();
        let Some(column) = table.columns.get_mut(column) else { return errors };
        for (outcomes, told) in found {
            errors.extend(told);
            for (group, Outcome { cell, reported, root }) in outcomes {
                column.cells.push(&cell);
                column.reported.extend(reported.map(|reported| (group, reported)));
                column.roots.extend(root.map(|root| (group, root)));
            }
        }
        in_order(errors)
    }

    fn outcome(
        &self,
        columns: &[Column],
        (planned, beneath): (&PlannedIndicator, &Beneath<'_>),
        (group, member): (usize, &Member),
    ) -> Result<Outcome> {
        let input = |group: usize, column: usize, member: &Member| match columns.get(column) {
            Some(column) => Input::of(column, group, member.group.period),
            None => Ok(Input::NONE),
        };
        let (indicator, lang) = (&planned.indicator, self.how.lang);
        match &planned.how {
            How::Change { of, before, form } => {
                let mut now = input(group, *of, member)?;
                let then = match self.earlier(member, *before) {
                    Some((_, base)) if beneath.redefined(member, base) => None,
                    Some((_, base)) if !comparable(member, base, &beneath.sums) => {
                        Some(Input::INCOMPARABLE)
                    }
                    Some((at, base)) => {
                        let then = input(at, *of, base)?;
                        let own = |at, member| self.of_own(columns, *of, (at, member));
                        // Own row against own row, where both periods have one.
                        match (now.summed_areas, then.summed_areas) {
                            (false, true) => Some(own(at, base)?.unwrap_or(then)),
                            (true, false) => {
                                now = own(group, member)?.unwrap_or(now);
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
                    inputs.iter().map(|column| input(group, *column, member)).collect();
                derived(indicator, formula, &inputs?, lang)
            }
            How::Composite { inputs } => {
                let inputs: Vec<&Column> =
                    inputs.iter().filter_map(|column| columns.get(*column)).collect();
                composite(indicator, &inputs, group, lang)
            }
            How::Quotient(_) | How::Dispersion(_) => Ok(without(Status::Missing)),
        }
    }

    /// The same group at an earlier period, and its position.
    fn earlier(&self, member: &Member, before: Before) -> Option<(usize, &'a Member)> {
        self.members.at_period(member, member.group.period?.back(before)?)
    }

    /// The value of an indicator by the own row of a group that is made of smaller areas.
    fn of_own(
        &self,
        columns: &[Column],
        of: usize,
        (group, member): (usize, &Member),
    ) -> Result<Option<Input>> {
        let planned = self.states.plan().indicators.get(of);
        let (Some(planned), Some(column)) = (planned, columns.get(of)) else {
            return Ok(None);
        };
        if self.members.own.get(group).is_empty() {
            return Ok(None);
        }
        let cell = self.quotient(planned, member, self.own_sums(group, member))?;
        let parts = cell.numerator.filter(|_| cell.exists).map(|above| (above, cell.denominator));
        let value = parts.and_then(|parts| column.quotient(parts, member.group.period, 0));
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
        let members = self.members.all.iter().filter_map(|member| member.group.period);
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
            how.version(member.group.period.map(Period::end)).and_then(|version| version.until)
        };
        self.hows.iter().any(|how| until(how, now) != until(how, then))
    }
}

/// Whether figures made of some sums are of the same areas and months in two groups.
fn comparable(now: &Member, then: &Member, sums: &[usize]) -> bool {
    now.group.incomplete == then.group.incomplete && now.gaps.comparable(&then.gaps, sums)
}

/// Positions of the sums of some combinations.
fn positions<'c>(combinations: impl IntoIterator<Item = &'c Combination>) -> Vec<usize> {
    let terms = combinations.into_iter().flat_map(|combination| &combination.terms);
    terms.map(|(_, sum)| *sum).collect()
}

/// A value that leaves the integers is missing for its area, and told; the others stand.
fn refused(errors: &mut Vec<Error>, member: &Member, error: &Error) -> Cell {
    errors.push(match error.problem() {
        Problem::Overflow { what } => {
            Problem::Overflow { what: format!("{what} of area {}", member.group.place()) }.into()
        }
        _ => error.clone(),
    });
    Cell::without(Status::Missing)
}

/// Errors of all tasks, in an order that does not depend on them.
fn in_order(mut errors: Vec<Error>) -> Vec<Error> {
    errors.sort_by_cached_key(ToString::to_string);
    errors
}

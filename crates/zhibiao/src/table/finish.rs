//! From states to a table: rolling up, evaluating, and reported figures in their places.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Mutex;

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::evaluate::{Made, State, evaluate};
use super::rollup::{Composition, Present, Tree};
use super::{Cell, Column, Coverage, Group, IndicatorTable, ReportedValue, Status};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::{Files, Reported};
use crate::catalog::{Dimension, Indicator};
use crate::error::{Error, Place, Problem, Result};
use crate::label::Lang;
use crate::number::{Bounds, End, Rounding};
use crate::period::Period;
use crate::state::{Key, States, Sum};

/// How states become a table.
pub(crate) struct Finish<'a> {
    pub(crate) areas: &'a Areas,
    /// Names given for areas that the table of areas does not have.
    pub(crate) names: &'a HashMap<AreaCode, String>,
    pub(crate) files: &'a Files,
    /// Empty: areas as they are given.
    pub(crate) tiers: &'a [Tier],
    pub(crate) slices: &'a [&'a Dimension],
    pub(crate) coverage: Coverage,
    pub(crate) rounding: Rounding,
    pub(crate) lang: Lang,
}

/// Reported figures by what they are about.
#[derive(Default)]
pub(crate) struct Reports {
    pub(crate) all: Vec<Report>,
}

/// A reported figure with its key and place.
pub(crate) struct Report {
    pub(crate) key: Key,
    pub(crate) reported: Reported,
    pub(crate) place: Place,
}

/// A group of the table and what it is made of.
struct Member {
    group: Group,
    key: Key,
    states: Vec<usize>,
    /// The state of its own row, where its children were taken instead.
    own: Option<usize>,
    made: Made,
}

pub(crate) fn finish(
    states: &States,
    reports: &Reports,
    how: &Finish<'_>,
    mut findings: Vec<Error>,
) -> Result<IndicatorTable> {
    let mut members = members(states, how);
    let order = |tier: Tier| how.tiers.iter().position(|asked| *asked == tier);
    members.par_sort_by(|a, b| {
        let tiers = (order(a.group.tier), b.group.tier).cmp(&(order(b.group.tier), a.group.tier));
        let places = || (a.key.area, &a.key.school).cmp(&(b.key.area, &b.key.school));
        let times = || (a.key.period, &a.key.slices).cmp(&(b.key.period, &b.key.slices));
        tiers.then_with(places).then_with(times)
    });
    let plan = states.plan();
    let width = plan.indicators.len();
    let errors = Mutex::new(Vec::new());
    let mut cells = vec![Cell::without(Status::Missing); members.len().saturating_mul(width)];
    cells.par_chunks_mut(width.max(1)).zip(&members).for_each_init(
        State::default,
        |state, (cells, member)| {
            merge_into(state, &member.states, states);
            for (cell, planned) in cells.iter_mut().zip(&plan.indicators) {
                *cell = evaluate(plan, planned, state, member.made, how.coverage)
                    .unwrap_or_else(|error| refused(&errors, member, &error));
            }
            // What the children lack, or cannot add up to, may stand in the row of the area itself.
            let lacks =
                |cell: &Cell| matches!(cell.status, Status::Missing | Status::NotApplicable);
            if let Some(own) = member.own.filter(|_| cells.iter().any(lacks)) {
                merge_into(state, &[own], states);
                let made = Made { complete: true, summed_areas: false };
                for (cell, planned) in
                    cells.iter_mut().zip(&plan.indicators).filter(|(cell, _)| lacks(cell))
                {
                    if let Ok(own) = evaluate(plan, planned, state, made, how.coverage)
                        && own.exists
                    {
                        *cell = own;
                    }
                }
            }
        },
    );
    findings.extend(in_order(errors));
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

fn members(states: &States, how: &Finish<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    let keys = &states.keys;
    let mut start = 0;
    while let Some(first) = keys.get(start) {
        let rest = keys.get(start..).unwrap_or(&[]);
        let end = start.saturating_add(rest.partition_point(|key| key.period == first.period));
        members_of_period(keys, start..end, first.period, how, &mut members);
        start = end;
    }
    members
}

fn members_of_period(
    keys: &[Key],
    range: Range<usize>,
    period: Option<Period>,
    how: &Finish<'_>,
    members: &mut Vec<Member>,
) {
    let mut present = Present::new();
    for index in range.clone() {
        let Some(key) = keys.get(index) else { continue };
        present.entry(key.area).or_insert(index..index).end = index.saturating_add(1);
    }
    let occurring: BTreeSet<Tier> = present.keys().map(|area| area.tier()).collect();
    let Some(finest) = occurring.first().copied() else { return };
    let tree = Tree { areas: how.areas, present: &present, finest };
    let tiers: Vec<Tier> = if how.tiers.is_empty() {
        occurring.iter().rev().copied().collect()
    } else {
        how.tiers.to_vec()
    };
    for tier in tiers {
        if tier == Tier::School {
            let schools = range.clone().filter_map(|index| Some((index, keys.get(index)?)));
            for (index, key) in schools.filter(|(_, key)| key.school.is_some()) {
                let made = Made { complete: true, summed_areas: false };
                let whole = Composition { areas: 1, expected: Some(1), ..Composition::default() };
                members.push(member(key.clone(), tier, vec![index], made, &whole, how));
            }
            continue;
        }
        let targets: BTreeSet<AreaCode> =
            present.keys().filter_map(|area| target(*area, tier, how)).collect();
        for area in targets {
            let whole =
                if how.tiers.is_empty() { Composition::own(area) } else { tree.compose(area) };
            let made = Made {
                complete: whole.complete,
                summed_areas: whole.used.iter().any(|used| *used != area),
            };
            let mut by_slices: BTreeMap<Vec<Option<u32>>, Vec<usize>> = BTreeMap::new();
            for index in
                whole.used.iter().filter_map(|used| present.get(used)).flat_map(Clone::clone)
            {
                if let Some(key) = keys.get(index) {
                    by_slices.entry(key.slices.clone()).or_default().push(index);
                }
            }
            let own = present.get(&area).filter(|_| made.summed_areas);
            for (slices, states) in by_slices {
                let own = own.and_then(|own| {
                    own.clone()
                        .find(|index| keys.get(*index).is_some_and(|key| key.slices == slices))
                });
                let key = Key { period, area, school: None, slices };
                members.push(Member { own, ..member(key, tier, states, made, &whole, how) });
            }
        }
    }
}

/// The area of a tier that an area counts towards. A prefecture without counties (东莞市) stands
/// among the counties.
fn target(area: AreaCode, tier: Tier, how: &Finish<'_>) -> Option<AreaCode> {
    if how.tiers.is_empty() {
        return Some(area).filter(|area| area.tier() == tier);
    }
    let childless = || how.areas.knows(area) && how.areas.children(area).is_empty();
    area.within(tier).or_else(|| (tier == Tier::County && childless()).then_some(area))
}

fn member(
    key: Key,
    tier: Tier,
    states: Vec<usize>,
    made: Made,
    whole: &Composition,
    how: &Finish<'_>,
) -> Member {
    let slices = key.slices.iter().zip(how.slices).map(|(position, dimension)| {
        let value =
            position.and_then(|position| dimension.values.get(usize::try_from(position).ok()?));
        value.map(|value| (value.id.clone(), value.name.text(how.lang).to_owned()))
    });
    let group = Group {
        area: key.area,
        area_name: area_name(&key, how),
        tier,
        school: key.school.clone(),
        period: key.period,
        slices: slices.collect(),
        areas: whole.areas,
        areas_expected: whole.expected,
    };
    Member { group, key, states, own: None, made }
}

fn area_name(key: &Key, how: &Finish<'_>) -> String {
    if let Some(school) = &key.school {
        return school.to_string();
    }
    let known = how.areas.name(key.area, how.lang);
    let given = known.or_else(|| how.names.get(&key.area).cloned());
    match (given, key.area.is_zone()) {
        (Some(name), true) => format!("{name}{}", how.lang.of("（功能区）", " (zone)")),
        (None, true) => how.lang.of("功能区", "zone").to_owned(),
        (Some(name), false) => name,
        (None, false) => String::new(),
    }
}

/// Puts reported figures where nothing could be computed; tells those that stand against computed
/// values, and those that would have to be summed.
fn place(
    table: &mut IndicatorTable,
    reports: &Reports,
    members: &[Member],
    findings: &mut Vec<Error>,
) -> Result<()> {
    let by_key: HashMap<(&Key, Tier), usize> = members
        .iter()
        .enumerate()
        .map(|(row, member)| ((&member.key, member.group.tier), row))
        .collect();
    let width = table.columns.len();
    let position = |key: &Key, tier: Tier, column: usize| {
        by_key.get(&(key, tier)).map(|row| row.saturating_mul(width).saturating_add(column))
    };
    let mut told: HashSet<(usize, Tier)> = HashSet::new();
    for report in &reports.all {
        for column in 0..width {
            let indicator = table.columns.get(column).map(|column| column.indicator.clone());
            let Some(indicator) =
                indicator.filter(|i| i.names().any(|name| name == report.reported.of))
            else {
                continue;
            };
            let value = match value_of(&report.reported, &indicator) {
                Ok(value) => value,
                Err(error) => {
                    findings.push(error.at(report.place.clone()));
                    continue;
                }
            };
            let own =
                if report.key.school.is_some() { Tier::School } else { report.key.area.tier() };
            if let Some(index) = position(&report.key, own, column) {
                findings.extend(settle(table, index, &value, &indicator, &report.place)?);
            }
            for tier in Tier::ALL.into_iter().filter(|tier| *tier > own) {
                let Some(area) = report.key.area.within(tier) else { continue };
                let outer = Key { area, school: None, ..report.key.clone() };
                let Some(index) = position(&outer, tier, column) else { continue };
                if table.cells.get(index).is_some_and(|cell| !cell.exists) {
                    let indicator = indicator.id.clone();
                    let problem = Problem::ReportedRollUp { indicator, tier: tier.id().to_owned() };
                    if told.insert((column, tier)) {
                        findings.push(Error::new(problem, report.place.clone()));
                    }
                }
            }
        }
    }
    Ok(())
}

/// A computed value stands; a reported one that it contradicts is told.
fn settle(
    table: &mut IndicatorTable,
    index: usize,
    value: &ReportedValue,
    indicator: &Indicator,
    place: &Place,
) -> Result<Option<Error>> {
    let computed = match (table.status(index), table.exact(index)) {
        (Status::Ok, Some(computed)) if value.bounds.contains(computed) => return Ok(None),
        (Status::Ok, Some(computed)) => {
            Some(table.rounding.text(computed, indicator.decimals, None)?)
        }
        // The parts are there and contradict each other: that stands.
        (status @ (Status::ZeroDenominator | Status::AboveDenominator), _) => {
            Some(status.id().to_owned())
        }
        _ => None,
    };
    if let Some(computed) = computed {
        let (indicator, reported) = (indicator.id.clone(), value.written.clone());
        let problem = Problem::ReportedDiffers { indicator, reported, computed };
        return Ok(Some(Error::new(problem, place.clone())));
    }
    if let Some(earlier) =
        table.reported.get(&index).filter(|earlier| earlier.bounds != value.bounds)
    {
        let (indicator, computed) = (indicator.id.clone(), earlier.written.clone());
        let problem =
            Problem::ReportedDiffers { indicator, reported: value.written.clone(), computed };
        return Ok(Some(Error::new(problem, place.clone())));
    }
    if let Some(cell) = table.cells.get_mut(index) {
        cell.status = Status::Reported;
        cell.exists = false;
        table.reported.insert(index, value.clone());
    }
    Ok(None)
}

/// A reported figure in the unit of its indicator.
fn value_of(reported: &Reported, indicator: &Indicator) -> Result<ReportedValue> {
    let bounds: Bounds = reported.unit.convert(&reported.bounds, &indicator.unit)?;
    let number = reported.number.shifted(reported.unit.power_between(&indicator.unit))?;
    let figure = match bounds.lo {
        End::Closed(lo) if !reported.word.is_empty() => lo,
        _ => number.ratio(),
    };
    Ok(ReportedValue {
        figure,
        bounds,
        written: format!("{number}{}", reported.word),
        reading: reported.reading.clone(),
    })
}

//! From states to a table: rolling up, evaluating, and reported figures in their places.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::evaluate::{Evaluated, Made, evaluate};
use super::rollup::{Composition, Present, Tree};
use super::{Cell, Coverage, Group, IndicatorTable, ReportedValue, Status, Value};
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Reported;
use crate::catalog::{Dimension, Indicator, Kind};
use crate::error::{Error, Place, Problem, Result};
use crate::label::Lang;
use crate::number::{Bounds, Decimal, End, Rounding};
use crate::period::Period;
use crate::plan::Plan;
use crate::state::{Key, State, States};

/// How states become a table.
pub(crate) struct Finish<'a> {
    pub(crate) areas: &'a Areas,
    /// Names given for areas that the table of areas does not have.
    pub(crate) names: &'a HashMap<AreaCode, String>,
    /// Empty: the tiers that occur.
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
    let evaluated: Vec<Vec<Evaluated>> = members
        .par_iter()
        .map(|member| {
            let state = merged(member, states)?;
            let evaluate = |planned| evaluate(plan, planned, &state, member.made, how.coverage);
            plan.indicators.iter().map(evaluate).collect::<Result<_>>()
        })
        .collect::<Result<_>>()?;
    let mut cells: Vec<Cell> = evaluated.into_iter().flatten().map(Cell::from).collect();
    let mut placing = Placing { plan, members: &members, findings: &mut findings, rounding: how.rounding };
    placing.place(reports, &mut cells)?;
    let names = how.slices.iter().map(|dimension| {
        (dimension.id.clone(), dimension.name.text(how.lang).to_owned())
    });
    Ok(IndicatorTable {
        slices: names.collect(),
        groups: members.into_iter().map(|member| member.group).collect(),
        indicators: plan.indicators.iter().map(|planned| planned.indicator.clone()).collect(),
        cells,
        findings,
        rounding: how.rounding,
        lang: how.lang,
    })
}

fn merged(member: &Member, states: &States) -> Result<State> {
    let mut sum = State::default();
    for (_, state) in member.states.iter().filter_map(|index| states.groups.get(*index)) {
        sum.absorb(state, states.plan(), member.group.area)?;
    }
    Ok(sum)
}

fn members(states: &States, how: &Finish<'_>) -> Vec<Member> {
    let mut members = Vec::new();
    let groups = &states.groups;
    let mut start = 0;
    while let Some((first, _)) = groups.get(start) {
        let rest = groups.get(start..).unwrap_or(&[]);
        let end = start.saturating_add(rest.partition_point(|(key, _)| key.period == first.period));
        members_of_period(groups, start..end, first.period, how, &mut members);
        start = end;
    }
    members
}

fn members_of_period(
    groups: &[(Key, State)],
    range: Range<usize>,
    period: Option<Period>,
    how: &Finish<'_>,
    members: &mut Vec<Member>,
) {
    let mut present = Present::new();
    for index in range.clone() {
        let Some((key, _)) = groups.get(index) else { continue };
        present.entry(key.area).or_insert(index..index).end = index.saturating_add(1);
    }
    let occurring: BTreeSet<Tier> = present.keys().map(|area| area.tier()).collect();
    let Some(finest) = occurring.first().copied() else { return };
    let tree = Tree { areas: how.areas, present: &present, finest };
    let tiers: Vec<Tier> =
        if how.tiers.is_empty() { occurring.iter().rev().copied().collect() } else { how.tiers.to_vec() };
    for tier in tiers {
        if tier == Tier::School {
            let schools = range.clone().filter_map(|index| Some((index, &groups.get(index)?.0)));
            for (index, key) in schools.filter(|(_, key)| key.school.is_some()) {
                let made = Made { complete: true, summed_areas: false };
                let whole = Composition { areas: 1, expected: Some(1), ..Composition::default() };
                members.push(member(key.clone(), tier, vec![index], made, &whole, how));
            }
            continue;
        }
        let targets: BTreeSet<AreaCode> =
            present.keys().filter_map(|area| area.within(tier)).collect();
        for area in targets {
            let whole = tree.compose(area);
            let made = Made {
                complete: whole.complete,
                summed_areas: whole.used.iter().any(|used| *used != area),
            };
            let mut by_slices: BTreeMap<Vec<Option<u32>>, Vec<usize>> = BTreeMap::new();
            for index in whole.used.iter().filter_map(|used| present.get(used)).flat_map(Clone::clone) {
                if let Some((key, _)) = groups.get(index) {
                    by_slices.entry(key.slices.clone()).or_default().push(index);
                }
            }
            for (slices, states) in by_slices {
                let key = Key { period, area, school: None, slices };
                members.push(member(key, tier, states, made, &whole, how));
            }
        }
    }
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
        let value = position.and_then(|position| dimension.values.get(usize::try_from(position).ok()?));
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
    Member { group, key, states, made }
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

impl From<Evaluated> for Cell {
    fn from(evaluated: Evaluated) -> Self {
        Self {
            numerator: evaluated.numerator,
            denominator: evaluated.denominator,
            value: evaluated.value.map(Value::Exact),
            status: evaluated.status,
            missing: evaluated.missing,
            first_missing: evaluated.first_missing,
        }
    }
}

/// Puts reported figures where nothing could be computed.
struct Placing<'a> {
    plan: &'a Plan,
    members: &'a [Member],
    findings: &'a mut Vec<Error>,
    rounding: Rounding,
}

impl Placing<'_> {
    fn place(&mut self, reports: &Reports, cells: &mut [Cell]) -> Result<()> {
        let width = self.plan.indicators.len();
        for report in &reports.all {
            let columns = self.plan.indicators.iter().enumerate().filter(|(_, planned)| {
                let total = matches!(&planned.indicator.kind, Kind::Total { measure } if *measure == report.reported.of);
                planned.indicator.id == report.reported.of || total
            });
            for (column, planned) in columns {
                let value = match value_of(&report.reported, &planned.indicator) {
                    Ok(value) => value,
                    Err(error) => {
                        self.findings.push(error.at(report.place.clone()));
                        continue;
                    }
                };
                for (index, member) in self.members.iter().enumerate() {
                    let Some(cell) = cells.get_mut(index.saturating_mul(width).saturating_add(column)) else {
                        continue;
                    };
                    if member.key == report.key {
                        self.settle(cell, &value, &planned.indicator, &report.place)?;
                    } else if self.holds(member, &report.key) && cell.value.is_none() {
                        let problem = Problem::ReportedRollUp {
                            indicator: planned.indicator.id.clone(),
                            tier: member.group.tier.id().to_owned(),
                        };
                        let finding = Error::new(problem, report.place.clone());
                        if !self.findings.iter().any(|other| other.problem() == finding.problem()) {
                            self.findings.push(finding);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// A computed value stands; a reported one that it contradicts is told.
    fn settle(
        &mut self,
        cell: &mut Cell,
        value: &ReportedValue,
        indicator: &Indicator,
        place: &Place,
    ) -> Result<()> {
        match &cell.value {
            Some(Value::Exact(computed)) if cell.status == Status::Ok => {
                if !value.bounds.contains(*computed) {
                    let problem = Problem::ReportedDiffers {
                        indicator: indicator.id.clone(),
                        reported: value.written.clone(),
                        computed: self.rounding.text(*computed, indicator.decimals, None)?,
                    };
                    self.findings.push(Error::new(problem, place.clone()));
                }
            }
            _ => {
                cell.value = Some(Value::Reported(Box::new(value.clone())));
                cell.status = Status::Reported;
            }
        }
        Ok(())
    }

    fn holds(&self, member: &Member, key: &Key) -> bool {
        let larger = member.group.tier > key.area.tier() && key.area.is_within(member.group.area);
        larger && member.key.period == key.period
    }
}

/// A reported figure in the unit of its indicator.
fn value_of(reported: &Reported, indicator: &Indicator) -> Result<ReportedValue> {
    let bounds: Bounds = reported.unit.convert(&reported.bounds, &indicator.unit)?;
    let digits = reported.written.trim_end_matches(|c: char| !c.is_ascii_digit());
    let word = reported.written.get(digits.len()..).unwrap_or("");
    let number: Decimal = digits.parse()?;
    let shifted = number.shifted(reported.unit.power_between(&indicator.unit))?;
    let figure = match bounds.lo {
        End::Closed(lo) if !word.is_empty() => lo,
        _ => shifted.ratio(),
    };
    Ok(ReportedValue {
        figure,
        bounds,
        written: format!("{shifted}{word}"),
        reading: reported.reading.clone(),
    })
}

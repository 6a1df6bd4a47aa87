//! Reported figures (上报值) in their places in a table.

use hashbrown::HashSet;

use super::members::Members;
use super::slices::totals_of;
use super::{Column, IndicatorTable, ReportedValue, Status};
use crate::area::{Areas, Tier};
use crate::bind::Reported;
use crate::catalog::Indicator;
use crate::error::{Error, Place, Problem, Result};
use crate::number::{Bounds, Rounding};
use crate::period::{Period, Span};
use crate::state::Key;

/// A reported figure with its key and place.
pub(crate) struct Report {
    pub(crate) key: Key,
    pub(crate) reported: Reported,
    pub(crate) place: Place,
}

/// Puts reported figures of some columns where nothing could be computed; tells those that stand
/// against computed values, and those that would have to be summed.
pub(super) fn place(
    table: &mut IndicatorTable,
    reports: &[Report],
    members: &Members,
    (columns, over): (&[usize], Option<Span>),
    findings: &mut Vec<Error>,
) -> Result<()> {
    if reports.is_empty() {
        return Ok(());
    }
    let mut placed: Vec<(&Report, Tier, usize, Indicator)> = Vec::new();
    for report in reports {
        let of_school = report.key.school.as_ref().map(|_| Tier::School);
        let Some(own) = of_school.or_else(|| table.areas.tier(report.key.area)) else { continue };
        for column in columns.iter().copied() {
            let indicator = table.columns.get(column).map(|column| column.indicator.clone());
            let Some(indicator) =
                indicator.filter(|i| i.reported_as().any(|name| name == report.reported.of))
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
            let group = members.find(&report.key, own);
            if let (Some(group), Some(column)) = (group, table.columns.get_mut(column)) {
                findings.extend(settle(column, group, value, report, table.rounding)?);
            }
            placed.push((report, own, column, indicator));
        }
    }
    // Only now is it known where there is no value.
    let mut told: HashSet<(usize, String)> = HashSet::new();
    for (report, own, column, indicator) in placed {
        for (outer, tier, problem) in sums_over(report, own, &indicator, (&table.areas, over)) {
            let group = members.find(&outer, tier);
            let Some((group, of)) = group.zip(table.columns.get(column)) else { continue };
            let computed = of.cells.exists(group);
            let known = of.reported.contains_key(&group)
                || of.withheld.contains_key(&group)
                || of.roots.contains_key(&group);
            if !(computed || known) && told.insert((column, problem.to_string())) {
                findings.push(Error::new(problem, report.place.clone()));
            }
        }
    }
    Ok(())
}

/// Keys and tiers of the sums that a figure would count towards, each with why it does not: of larger
/// areas, totals, and longer periods.
fn sums_over(
    report: &Report,
    own: Tier,
    indicator: &Indicator,
    (areas, over): (&Areas, Option<Span>),
) -> Vec<(Key, Tier, Problem)> {
    let key = &report.key;
    let larger = Tier::ALL.into_iter().filter(|tier| *tier > own).filter_map(|tier| {
        let area = areas.within(key.area, tier)?;
        Some((Key { area, school: None, ..key.clone() }, tier))
    });
    let larger: Vec<(Key, Tier)> = larger.collect();
    let totals = std::iter::once((key.clone(), own)).chain(larger.clone());
    let totals = totals.flat_map(|(key, tier)| {
        let totals = totals_of(&key.slices).into_iter();
        totals.map(move |slices| (Key { slices, ..key.clone() }, tier, true))
    });
    let larger = larger.into_iter().map(|(key, tier)| (key, tier, false));
    let rolled = larger.chain(totals).map(|(key, tier, total)| {
        let to = if total { format!("{} (total)", tier.id()) } else { tier.id().to_owned() };
        let problem = Problem::ReportedRollUp { indicator: indicator.id.clone(), tier: to };
        (key, tier, problem)
    });
    let longer = match (over, key.period) {
        (Some(span), Some(Period::Month(month))) => Some(span.of(month)),
        _ => None,
    };
    let longer = longer.map(|period| {
        let (indicator, to) = (indicator.id.clone(), period.to_string());
        let problem = Problem::ReportedOverTime { indicator, period: to };
        (Key { period: Some(period), ..key.clone() }, own, problem)
    });
    rolled.chain(longer).collect()
}

/// A computed value stands; a reported one that it contradicts is told.
fn settle(
    column: &mut Column,
    group: usize,
    value: ReportedValue,
    report: &Report,
    rounding: Rounding,
) -> Result<Option<Error>> {
    let indicator = &column.indicator;
    let exact = column.exact(group, report.key.period);
    let computed = match (column.cells.status(group), column.roots.get(&group), exact) {
        (Status::Ok, Some(root), _) if root.lies_in(&value.bounds) => return Ok(None),
        (Status::Ok, Some(root), _) => Some(root.text(indicator.decimals, rounding)?),
        (Status::Ok, _, Some(computed)) if value.bounds.contains(computed) => return Ok(None),
        (Status::Ok, _, Some(computed)) => {
            Some(rounding.text(computed, indicator.decimals, None)?)
        }
        // The parts are there and contradict each other: that stands.
        (status @ (Status::ZeroDenominator | Status::AboveDenominator), ..) => {
            Some(status.id().to_owned())
        }
        _ => None,
    };
    let contradicts = |earlier: &&ReportedValue| {
        // What was told is nearer to the truth than what follows from rounded figures.
        let fits = earlier.inferred && earlier.bounds.overlaps(&value.bounds);
        !fits && earlier.bounds != value.bounds
    };
    let earlier = || column.reported.get(&group).filter(contradicts);
    if let Some(computed) = computed.or_else(|| earlier().map(|earlier| earlier.written.clone())) {
        let (indicator, reported) = (indicator.id.clone(), value.written);
        let problem = Problem::ReportedDiffers { indicator, reported, computed };
        return Ok(Some(Error::new(problem, report.place.clone())));
    }
    if column.cells.set_reported(group) {
        column.withheld.remove(&group);
        column.reported.insert(group, value);
    }
    Ok(None)
}

/// A reported figure in the unit of its indicator.
fn value_of(reported: &Reported, indicator: &Indicator) -> Result<ReportedValue> {
    let bounds: Bounds = reported.unit.convert(&reported.bounds, &indicator.unit)?;
    let number = reported.number.shifted(reported.unit.power_between(&indicator.unit))?;
    let same_unit = reported.unit.power_between(&indicator.unit) == 0;
    let written = match &reported.told {
        None => number.to_string(),
        Some(told) if same_unit => told.clone(),
        Some(_) => bounds.written(indicator.decimals)?,
    };
    Ok(ReportedValue {
        figure: number.ratio(),
        bounds,
        written,
        reading: reported.reading.clone(),
        inferred: false,
    })
}

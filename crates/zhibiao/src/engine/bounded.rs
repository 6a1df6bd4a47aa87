//! Bounded rows: the few rows that sums lack though bounds of their figures are known.

use std::collections::BTreeMap;

use super::filter::truth;
use super::{GroupBy, key_of};
use crate::bind::{Bound, Bounded, NONE};
use crate::error::Result;
use crate::number::{Decimal, Ratio};
use crate::plan::{Plan, PlannedSum};
use crate::state::{BoundedRow, RowPart};

/// The rows that have bounded figures, with what each adds to the sums of a plan.
pub(super) fn bounded_rows(bound: &Bound, plan: &Plan, by: &GroupBy) -> Result<Vec<BoundedRow>> {
    let mut rows: BTreeMap<usize, Vec<(&str, Bounded)>> = BTreeMap::new();
    for (measure, figures) in &bound.figures {
        for (row, bounded) in &figures.bounded {
            rows.entry(*row).or_default().push((measure, *bounded));
        }
    }
    let placed = |row: &usize| bound.keys.areas.ids.get(*row).is_some_and(|id| *id != NONE);
    let mut found = Vec::new();
    for (row, mut given) in rows.into_iter().filter(|(row, _)| placed(row)) {
        given.sort_unstable_by_key(|(measure, _)| *measure);
        let mut parts = Vec::new();
        for (at, sum) in plan.sums.iter().enumerate() {
            parts.extend(part(bound, plan, (at, sum), (row, &given))?);
        }
        let figures = given.into_iter().map(|(_, bounded)| bounded).collect();
        found.push(BoundedRow { key: key_of(bound, by, row), figures, parts });
    }
    Ok(found)
}

/// What a row adds to a sum; none where it is no part of it, or more is not known than its bounded
/// figures.
fn part(
    bound: &Bound,
    plan: &Plan,
    (at, sum): (usize, &PlannedSum),
    (row, given): (usize, &[(&str, Bounded)]),
) -> Result<Option<RowPart>> {
    let Some(linear) = &sum.of else { return Ok(None) };
    let position = |id: &str| given.iter().position(|(measure, _)| *measure == id);
    if !linear.parts.iter().any(|(_, id)| position(id).is_some()) {
        return Ok(None);
    }
    if let Some(filter) = sum.filter.and_then(|filter| plan.filters.get(filter))
        && truth(filter, bound, row)? != Some(true)
    {
        return Ok(None);
    }
    let mut part = RowPart { sum: at, exact: Ratio::ZERO, terms: Vec::new() };
    for (factor, id) in &linear.parts {
        if let Some(position) = position(id) {
            part.terms.push((*factor, position));
            continue;
        }
        let Some(figures) = bound.figures.get(id) else { return Ok(None) };
        let Some(figure) = figures.get(row) else { return Ok(None) };
        let figure = Decimal::new(figure, figures.scale)?.ratio();
        part.exact = part.exact.add(figure.scaled((*factor).into())?)?;
    }
    Ok(Some(part))
}

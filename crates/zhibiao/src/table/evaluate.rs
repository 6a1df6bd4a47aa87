//! Evaluating (求值): from the sums of a group to the exact value of an indicator, or why there is
//! none.

use super::{Cell, Coverage, Status};
use crate::catalog::Kind;
use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio};
use crate::plan::{Combination, Plan, PlannedIndicator, Policy};
use crate::state::Sum;

/// How a group came about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) complete: bool,
    /// Whether rows of several areas were added.
    pub(super) summed_areas: bool,
}

impl Made {
    /// A row that stands by itself.
    pub(super) const GIVEN: Self = Self { complete: true, summed_areas: false };
}

/// A part of an indicator: its sum, and the rows that lack it.
struct Part {
    total: i128,
    scale: u8,
    missing: u64,
}

/// The state of one group.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) rows: u64,
    pub(super) sums: Vec<Sum>,
}

pub(super) fn evaluate(
    plan: &Plan,
    planned: &PlannedIndicator,
    state: &State,
    made: Made,
    coverage: Coverage,
) -> Result<Cell> {
    let Some(parts) = &planned.parts else { return Ok(Cell::without(Status::Missing)) };
    if !planned.over_areas && (made.summed_areas || state.rows > 1) {
        return Ok(Cell::without(Status::NotApplicable));
    }
    let numerator = part(plan, &parts.numerator, state)?;
    let denominator =
        parts.denominator.as_ref().map(|parts| part(plan, parts, state)).transpose()?;
    let lacking = state.sums.get(parts.lacking).copied().unwrap_or_default();
    let known = |part: &Part| enough(plan.policy, part.missing, state.rows).then_some(part.total);
    let mut cell = Cell {
        numerator: known(&numerator),
        denominator: denominator.as_ref().and_then(known),
        missing: lacking.missing(),
        first_missing: lacking.first_missing(),
        ..Cell::without(Status::Missing)
    };
    // A total is over one.
    let below = if denominator.is_some() { cell.denominator } else { Some(1) };
    let (Some(above), Some(below)) = (cell.numerator, below) else { return Ok(cell) };
    let above = Decimal::new(above, numerator.scale)?;
    let below = Decimal::new(below, denominator.as_ref().map_or(0, |part| part.scale))?;
    cell.status = if !made.complete && coverage == Coverage::Full {
        Status::Partial
    } else if below.mantissa() == 0 {
        Status::ZeroDenominator
    } else if matches!(planned.indicator.kind, Kind::Share { .. })
        && (above > below || above < Decimal::integer(0))
    {
        Status::AboveDenominator
    } else if made.complete {
        Status::Ok
    } else {
        Status::Partial
    };
    let given = cell.status == Status::Partial && coverage == Coverage::Given;
    cell.exists = cell.status == Status::Ok || given;
    if cell.exists {
        // A value that does not fit is an error here, and not when it is shown.
        let value = Ratio::of_decimals(above, below);
        value.and_then(|value| planned.indicator.unit.of_base(value)).map_err(|_| {
            Problem::Overflow { what: format!("the value of `{}`", planned.indicator.id) }
        })?;
    }
    Ok(cell)
}

/// Whether the rows that are there suffice.
fn enough(policy: Policy, missing: u64, rows: u64) -> bool {
    let complete = rows.saturating_sub(missing);
    match policy {
        Policy::Any => missing == 0,
        Policy::Complete => complete > 0 || rows == 0,
        Policy::AtLeast(share) => {
            let there = Ratio::new(i128::from(complete), i128::from(rows.max(1)));
            complete > 0 && there.is_ok_and(|there| there >= share.ratio())
        }
    }
}

fn part(plan: &Plan, combination: &Combination, state: &State) -> Result<Part> {
    let mut total = 0_i128;
    let mut missing = 0;
    for (coefficient, index) in &combination.terms {
        let sum = state.sums.get(*index).copied().unwrap_or_default();
        let term = sum.total().and_then(|total| total.checked_mul(i128::from(*coefficient)));
        total = term.and_then(|term| total.checked_add(term)).ok_or_else(|| Problem::Overflow {
            what: format!("the sum of {}", plan.label(*index)),
        })?;
        missing = sum.missing().max(missing);
    }
    Ok(Part { total, scale: combination.scale, missing })
}

//! Evaluating (求值): from the sums of a group to the exact value of an indicator, or why there is
//! none.

use super::{Coverage, Status};
use crate::catalog::Kind;
use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio};
use crate::plan::{Combination, Plan, PlannedIndicator, Policy};
use crate::state::State;

/// Value of an indicator for one group, before it is rounded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evaluated {
    pub(super) numerator: Option<Decimal>,
    pub(super) denominator: Option<Decimal>,
    /// In the unit of the indicator.
    pub(super) value: Option<Ratio>,
    pub(super) status: Status,
    pub(super) missing: u64,
    pub(super) first_missing: Option<u64>,
}

/// How a group came about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) complete: bool,
    /// Whether rows of several areas were added.
    pub(super) summed_areas: bool,
}

/// A part of an indicator: its sum, and the rows that lack it.
struct Part {
    sum: Decimal,
    missing: u64,
    first_missing: Option<u64>,
}

pub(super) fn evaluate(
    plan: &Plan,
    planned: &PlannedIndicator,
    state: &State,
    made: Made,
    coverage: Coverage,
) -> Result<Evaluated> {
    let none = |status| Evaluated {
        numerator: None,
        denominator: None,
        value: None,
        status,
        missing: 0,
        first_missing: None,
    };
    let Some(parts) = &planned.parts else { return Ok(none(Status::Missing)) };
    if made.summed_areas && !planned.over_areas {
        return Ok(none(Status::NotApplicable));
    }
    let numerator = part(&parts.numerator, state)?;
    let denominator = parts.denominator.as_ref().map(|combination| part(combination, state)).transpose()?;
    let missing = denominator.as_ref().map_or(numerator.missing, |d| d.missing.max(numerator.missing));
    let first_missing = [Some(&numerator), denominator.as_ref()];
    let first_missing = first_missing.into_iter().flatten().filter_map(|part| part.first_missing).min();
    let known = |part: &Part| enough(plan.policy, part.missing, state.rows).then_some(part.sum);
    let mut evaluated = Evaluated {
        numerator: known(&numerator),
        denominator: denominator.as_ref().and_then(known),
        missing,
        first_missing,
        ..none(Status::Ok)
    };
    let wanted = if denominator.is_some() { evaluated.denominator } else { Some(Decimal::integer(1)) };
    let (Some(above), Some(below)) = (evaluated.numerator, wanted) else {
        evaluated.status = Status::Missing;
        return Ok(evaluated);
    };
    evaluated.status = if !made.complete {
        Status::Partial
    } else if below.mantissa() == 0 {
        Status::ZeroDenominator
    } else if matches!(planned.indicator.kind, Kind::Share { .. }) && above > below {
        Status::AboveDenominator
    } else {
        Status::Ok
    };
    let there = evaluated.status == Status::Ok
        || (evaluated.status == Status::Partial && coverage == Coverage::Given && below.mantissa() != 0);
    if there {
        let ratio = Ratio::of_decimals(above, below)?;
        evaluated.value = Some(planned.indicator.unit.of_base(ratio)?);
    }
    Ok(evaluated)
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

fn part(combination: &Combination, state: &State) -> Result<Part> {
    let overflow = || Problem::Overflow { what: "a part".to_owned() };
    let mut total = 0_i128;
    let mut missing = 0;
    let mut first_missing: Option<u64> = None;
    for (coefficient, index) in &combination.terms {
        let sum = state.sums.get(*index).copied().unwrap_or_default();
        let term = sum.total.checked_mul(i128::from(*coefficient));
        total = term.and_then(|term| total.checked_add(term)).ok_or_else(overflow)?;
        missing = sum.missing.max(missing);
        first_missing = match (first_missing, sum.first_missing) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    Ok(Part { sum: Decimal::new(total, combination.scale)?, missing, first_missing })
}

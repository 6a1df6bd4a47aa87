//! One value held against one target.

use super::{AttainmentRow, Standing};
use crate::catalog::{Better, Indicator};
use crate::error::{Error, Problem, Result};
use crate::judge::Verdict;
use crate::number::{Comparison, Ratio, RoundMode, Rounding};
use crate::table::{Group, Row, Status, Value};

/// Decimals of a printed attainment.
const DECIMALS: i8 = 1;

/// Decimals with which a target is printed at most.
const MOST_DECIMALS: i8 = 18;

/// The row of a value and its target; none where there is neither. What leaves the integers is not
/// there, and is told.
pub(super) fn hold(
    (group, indicator): (&Group, &Indicator),
    row: Option<Row<'_>>,
    target: Option<Row<'_>>,
    rounding: Rounding,
    told: &mut Vec<Error>,
) -> Result<Option<AttainmentRow>> {
    let value = row.and_then(|row| row.value());
    if value.is_none() && target.is_none() {
        return Ok(None);
    }
    let goal = target.and_then(|target| target.value()).map(Value::figure);
    let figure = value.map(Value::figure);
    let status = row.map_or(Status::Missing, |row| row.status());
    // Sums over other areas are not compared.
    let like =
        row.zip(target).is_none_or(|(row, target)| row.group.incomplete == target.group.incomplete);
    let held = value.zip(goal).filter(|_| like);
    let mut left_out = false;
    let mut fits = |result: Result<Ratio>| {
        let told_of = || format!("the attainment of `{}` of area {}", indicator.id, group.place());
        result.map_err(|_| {
            left_out = true;
            told.push(Problem::Overflow { what: told_of() }.into());
        })
    };
    let over = held.and_then(|(value, goal)| fits(value.figure().sub(goal)).ok());
    let quotient = held.filter(|(_, goal)| divides(indicator, *goal));
    let percent = |(value, goal): (Value<'_>, Ratio)| value.figure().div(goal)?.scaled(100);
    let attainment = quotient.filter(|_| over.is_some()).and_then(|held| fits(percent(held)).ok());
    let printed = attainment.map(|percent| rounding.text(percent, DECIMALS, Some(100)));
    Ok(Some(AttainmentRow {
        group: group.clone(),
        indicator: indicator.clone(),
        value: figure,
        display: row.map(|row| row.display()).transpose()?.flatten(),
        target: goal,
        target_display: target.map(written).transpose()?.flatten(),
        attainment,
        attainment_display: printed.transpose()?,
        over,
        rank: None,
        ranked: 0,
        status: match (value, target, goal) {
            (None, ..) => Standing::Of(status),
            (_, None, _) => Standing::NoTarget,
            (_, _, None) => Standing::Of(Status::Partial),
            _ if !like => Standing::Of(Status::Partial),
            _ if left_out => Standing::Of(Status::Missing),
            (_, _, Some(goal)) if is_quotient(indicator) && goal == Ratio::ZERO => {
                Standing::ZeroTarget
            }
            (_, _, Some(goal)) if is_quotient(indicator) && goal < Ratio::ZERO => {
                Standing::Of(Status::NotApplicable)
            }
            _ => Standing::Of(status),
        },
        verdict: verdict((indicator, status), held, target.is_some()),
    }))
}

/// Whether more of the target is better than less.
const fn is_quotient(indicator: &Indicator) -> bool {
    matches!(indicator.better, Better::Higher | Better::None)
}

fn divides(indicator: &Indicator, goal: Ratio) -> bool {
    is_quotient(indicator) && goal > Ratio::ZERO
}

fn verdict(
    (indicator, status): (&Indicator, Status),
    held: Option<(Value<'_>, Ratio)>,
    has_target: bool,
) -> Verdict {
    let comparison = match indicator.better {
        Better::Higher | Better::None => Comparison::AtLeast,
        Better::Lower => Comparison::AtMost,
        Better::Nearer => return Verdict::NotApplicable,
    };
    if !has_target || matches!(status, Status::NotApplicable | Status::ZeroDenominator) {
        return Verdict::NotApplicable;
    }
    match held.and_then(|(value, goal)| value.compare(comparison, goal)) {
        Some(true) => Verdict::Meets,
        Some(false) => Verdict::Fails,
        None => Verdict::Unknown,
    }
}

/// A target with all its digits.
fn written(target: Row<'_>) -> Result<Option<String>> {
    let figure = match target.value() {
        Some(Value::Exact(figure)) => figure,
        Some(_) => return target.display(),
        None => return Ok(None),
    };
    let mut decimals = target.indicator().decimals;
    let mut rounded = figure.rounded(decimals, RoundMode::HalfAway)?;
    while rounded.ratio() != figure && decimals < MOST_DECIMALS {
        decimals = decimals.saturating_add(1);
        rounded = figure.rounded(decimals, RoundMode::HalfAway)?;
    }
    Ok(Some(rounded.to_string()))
}

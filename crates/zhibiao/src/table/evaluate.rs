//! Evaluating (求值): from the sums of a group to the exact value of an indicator, or why there is
//! none.

use super::gaps::Gaps;
use super::rolled::State;
use super::{Cell, Coverage, Status};
use crate::catalog::{Indicator, Kind, OverTime};
use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio, RoundMode, product};
use crate::plan::{Combination, Plan, PlannedParts, Policy, Version};

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

/// What is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Definition<'a> {
    pub(super) plan: &'a Plan,
    pub(super) indicator: &'a Indicator,
    pub(super) version: &'a Version,
}

/// Sums of a group, how it came about, and the months that it lacks.
#[derive(Clone, Copy)]
pub(super) struct Sums<'a> {
    pub(super) state: State<'a>,
    pub(super) made: Made,
    pub(super) gaps: &'a Gaps,
}

/// The group of an earlier period.
#[derive(Clone, Copy)]
pub(super) enum Base<'a> {
    /// There is none.
    None,
    /// It is made of other areas, as far as they are there, or of other months.
    Incomparable,
    Sums(Sums<'a>),
}

/// A part of an indicator: its sum, the rows that lack it, and all rows.
pub(super) struct Part {
    pub(super) total: i128,
    pub(super) scale: u8,
    pub(super) missing: u64,
    pub(super) rows: u64,
}

/// A numerator over its denominator; `earlier` is for denominators of an earlier period.
pub(super) fn quotient(
    of: Definition<'_>,
    now: Sums<'_>,
    earlier: Base<'_>,
    coverage: Coverage,
) -> Result<Cell> {
    let Sums { state, made, gaps } = now;
    let Definition { plan, indicator, version } = of;
    let Some(parts) = &version.parts else { return Ok(Cell::without(Status::Missing)) };
    let one_row = if gaps.of_months { state.last_rows() } else { state.rows() } <= 1;
    if !version.over_areas && (made.summed_areas || !one_row) {
        return Ok(Cell::without(Status::NotApplicable));
    }
    let Some(mut complete) = enough_months(combinations(parts), made, gaps) else {
        return Ok(Cell::without(Status::NotApplicable));
    };
    let numerator = part(plan, &parts.numerator, state)?;
    let mut denominator =
        parts.denominator.as_ref().map(|parts| part(plan, parts, state)).transpose()?;
    let known = |part: &Part| enough(plan.policy, part.missing, part.rows).then_some(part.total);
    // A month without a stock lacks nothing that its flows need.
    let missing = if gaps.of_months {
        denominator.iter().chain([&numerator]).map(|part| part.missing).max().unwrap_or(0)
    } else {
        state.missing(parts.lacking)
    };
    let mut cell = Cell {
        numerator: known(&numerator),
        summed_areas: made.summed_areas,
        missing,
        first_missing: if missing > 0 { state.sum(parts.lacking).first_missing() } else { None },
        ..Cell::without(Status::Missing)
    };
    let mut there = true;
    if let Some(lagged) = &parts.lagged {
        let base = match earlier {
            Base::None => return Ok(Cell { status: Status::NoBase, ..cell }),
            Base::Incomparable => return Ok(Cell { status: Status::Partial, ..cell }),
            Base::Sums(base) => base,
        };
        let of = [&lagged.denominator];
        complete &= enough_months(of, base.made, base.gaps).unwrap_or(false);
        let mut then = part(plan, &lagged.denominator, base.state)?;
        if known(&then).is_none() {
            return Ok(Cell { status: Status::NoBase, ..cell });
        }
        there = denominator.as_ref().is_none_or(|now| known(now).is_some());
        if let Some(now) = &denominator {
            let sum = then.total.checked_add(now.total);
            then.total = sum.ok_or_else(|| overflow(&indicator.id))?;
        }
        denominator = Some(then);
    }
    cell.denominator = denominator.as_ref().filter(|_| there).and_then(known);
    let scales = (numerator.scale, denominator.as_ref().map(|part| part.scale));
    settled(indicator, cell, scales, complete, coverage)
}

/// A cell with the status that its numerator and denominator give it, if they are there; the scale of
/// a total has no second part.
pub(super) fn settled(
    indicator: &Indicator,
    mut cell: Cell,
    (scale_above, scale_below): (u8, Option<u8>),
    complete: bool,
    coverage: Coverage,
) -> Result<Cell> {
    // A total is over one.
    let below = if scale_below.is_some() { cell.denominator } else { Some(1) };
    let (Some(above), Some(below)) = (cell.numerator, below) else { return Ok(cell) };
    let above = Decimal::new(above, scale_above)?;
    let below = Decimal::new(below, scale_below.unwrap_or(0))?;
    let is_share = matches!(indicator.kind, Kind::Share { .. });
    cell.status = if !complete && coverage == Coverage::Full {
        Status::Partial
    } else if below.mantissa() == 0 {
        Status::ZeroDenominator
    } else if below.mantissa() < 0 && !is_share {
        // A rate over less than nothing says nothing.
        Status::NotApplicable
    } else if is_share && (above > below || above < Decimal::integer(0)) {
        Status::AboveDenominator
    } else if complete {
        Status::Ok
    } else {
        Status::Partial
    };
    let given = cell.status == Status::Partial && coverage == Coverage::Given;
    cell.exists = cell.status == Status::Ok || given;
    if cell.exists {
        // A value that does not fit is an error here, and not when it is shown.
        let scales = i16::from(below.scale()).saturating_sub(above.scale().into());
        let power = scales.saturating_add(indicator.unit.power_of_base().into());
        let value = Ratio::of_scaled(above.mantissa(), below.mantissa(), power)
            .map_err(|_| overflow(&indicator.id))?;
        if i64::try_from(value.num()).is_err() {
            value
                .rounded(indicator.decimals, RoundMode::HalfAway)
                .map_err(|_| overflow(&indicator.id))?;
        }
    }
    Ok(cell)
}

/// A value that leaves the integers.
pub(super) fn overflow(id: &str) -> Problem {
    Problem::Overflow { what: format!("the value of `{id}`") }
}

/// The combinations of the period itself.
fn combinations(parts: &PlannedParts) -> impl Iterator<Item = &Combination> + Clone {
    std::iter::once(&parts.numerator).chain(&parts.denominator)
}

/// Whether areas and months suffice. None where months were put together that cannot be.
pub(super) fn enough_months<'c>(
    of: impl IntoIterator<Item = &'c Combination, IntoIter: Clone>,
    made: Made,
    gaps: &Gaps,
) -> Option<bool> {
    if !gaps.of_months {
        return Some(made.complete);
    }
    let terms = of.into_iter().flat_map(|combination| &combination.terms);
    let mut sums = terms.map(|(_, sum)| *sum);
    if sums.clone().any(|sum| gaps.mixes(sum)) {
        return None;
    }
    Some(made.complete && !sums.any(|sum| gaps.lacks(sum)))
}

/// Whether the rows that are there suffice.
pub(super) fn enough(policy: Policy, missing: u64, rows: u64) -> bool {
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

pub(super) fn part(plan: &Plan, combination: &Combination, state: State<'_>) -> Result<Part> {
    let mut total = 0_i128;
    let (mut missing, mut rows) = (0, state.rows());
    for (coefficient, index) in &combination.terms {
        let term = state.total(*index).and_then(|total| product(total, (*coefficient).into()));
        total = term.and_then(|term| total.checked_add(term)).ok_or_else(|| Problem::Overflow {
            what: format!("the sum of {}", plan.label(*index)),
        })?;
        missing = state.missing(*index).max(missing);
        if plan.sums.get(*index).is_some_and(|sum| sum.over_time == OverTime::Last) {
            rows = state.last_rows();
        }
    }
    Ok(Part { total, scale: combination.scale, missing, rows })
}

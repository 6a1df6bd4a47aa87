//! Values that stand on other values: changes and derived indicators, from exact or reported ones.

use super::{Cell, Column, ReportedValue, Status};
use crate::catalog::{Arithmetic, ChangeForm, Indicator};
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::{Bounds, End, Ratio, Root, RoundMode};
use crate::period::Period;

/// A value in base units, with its bounds where it is only reported.
#[derive(Clone, Copy)]
pub(super) struct Input {
    status: Status,
    /// Whether it is made of the rows of smaller areas.
    pub(super) summed_areas: bool,
    value: Option<(Ratio, Option<Bounds>)>,
}

/// What comes out: a cell, and the value where that is no quotient.
pub(super) struct Outcome {
    pub(super) cell: Cell,
    /// Set where an input was reported.
    pub(super) reported: Option<ReportedValue>,
    pub(super) root: Option<Root>,
}

impl Input {
    /// What cannot be compared with: other areas are there, as far as any are.
    pub(super) const INCOMPARABLE: Self =
        Self { status: Status::Partial, summed_areas: false, value: None };

    /// What is not there.
    pub(super) const NONE: Self =
        Self { status: Status::Missing, summed_areas: false, value: None };

    /// A quotient in base units.
    pub(super) fn exact(status: Status, value: Ratio) -> Self {
        Self { status, summed_areas: false, value: Some((value, None)) }
    }

    /// The value of a group in a column of the table.
    pub(super) fn of(column: &Column, group: usize, period: Option<Period>) -> Result<Self> {
        let value = match column.reported.get(&group) {
            Some(reported) => {
                let one = column.indicator.unit.of_base(Ratio::integer(1))?;
                let bounds = reported.bounds.div(&Bounds::exact(one))?;
                Some((reported.figure.div(one)?, Some(bounds)))
            }
            None => column.base_ratio(group, period).map(|value| (value, None)),
        };
        let summed_areas = column.cells.sums_areas(group);
        Ok(Self { status: column.cells.status(group), summed_areas, value })
    }
}

/// The change from `then` to `now`.
pub(super) fn change(
    indicator: &Indicator,
    form: ChangeForm,
    now: Input,
    then: Option<Input>,
    lang: Lang,
) -> Result<Outcome> {
    let Some((now_value, _)) = now.value else { return Ok(without(now.status)) };
    let Some(then) = then else { return Ok(without(Status::NoBase)) };
    let Some((then_value, _)) = then.value else {
        let partial = then.status == Status::Partial;
        return Ok(without(if partial { Status::Partial } else { Status::NoBase }));
    };
    if form == ChangeForm::Percent && then_value <= Ratio::ZERO {
        // Growth from a negative figure says nothing.
        let zero = then_value == Ratio::ZERO;
        return Ok(without(if zero { Status::ZeroDenominator } else { Status::NotApplicable }));
    }
    let value = match form {
        ChangeForm::Points | ChangeForm::Difference => now_value.sub(then_value)?,
        ChangeForm::Places => then_value.sub(now_value)?,
        ChangeForm::Percent => now_value.sub(then_value)?.div(then_value)?,
    };
    let bounds = |now: Bounds, then: Bounds| match form {
        ChangeForm::Points | ChangeForm::Difference => now.sub(&then),
        ChangeForm::Places => then.sub(&now),
        ChangeForm::Percent => now.div(&then)?.sub(&Bounds::exact(Ratio::integer(1))),
    };
    let inputs = [now, then];
    outcome(indicator, &inputs, value, lang, |all| match all {
        [now, then] => bounds(*now, *then),
        _ => Ok(Bounds::exact(value)),
    })
}

/// The value of a formula over inputs of one group.
pub(super) fn derived(
    indicator: &Indicator,
    formula: &Arithmetic,
    inputs: &[Input],
    lang: Lang,
) -> Result<Outcome> {
    let values: Vec<Ratio> =
        inputs.iter().filter_map(|input| input.value.map(|(value, _)| value)).collect();
    if let Some(without_value) = inputs.iter().find(|input| input.value.is_none()) {
        return Ok(without(without_value.status));
    }
    match formula.value(&values) {
        Ok(value) => outcome(indicator, inputs, value, lang, |all| formula.bounds(all)),
        Err(error) if matches!(error.problem(), Problem::ZeroDenominator { .. }) => {
            Ok(without(Status::ZeroDenominator))
        }
        Err(error) => Err(error),
    }
}

/// An exact value where all inputs are, else a reported one with its bounds.
fn outcome(
    indicator: &Indicator,
    inputs: &[Input],
    value: Ratio,
    lang: Lang,
    bounds: impl Fn(&[Bounds]) -> Result<Bounds>,
) -> Result<Outcome> {
    let shown = indicator.unit.of_base(value)?;
    if inputs.iter().any(|input| input.status == Status::Reported) {
        let of = |input: &Input| {
            let (value, bounds) = input.value.unwrap_or((Ratio::ZERO, None));
            bounds.unwrap_or_else(|| Bounds::exact(value))
        };
        let all: Vec<Bounds> = inputs.iter().map(of).collect();
        let one = indicator.unit.of_base(Ratio::integer(1))?;
        let bounds = match bounds(&all) {
            // A divisor that may be 0 leaves everything open.
            Err(error) if matches!(error.problem(), Problem::ZeroDenominator { .. }) => {
                Bounds { lo: End::Infinite, hi: End::Infinite }
            }
            bounds => bounds?.mul(&Bounds::exact(one))?,
        };
        let reported = Some(inferred(indicator, shown, bounds, lang)?);
        return Ok(Outcome { reported, ..without(Status::Reported) });
    }
    let partial = inputs.iter().any(|input| input.status == Status::Partial);
    let cell = Cell {
        summed_areas: inputs.iter().any(|input| input.summed_areas),
        numerator: Some(value.num()),
        denominator: Some(value.den()),
        exists: true,
        ..Cell::without(if partial { Status::Partial } else { Status::Ok })
    };
    Ok(Outcome::of(cell))
}

/// A value that follows from reported ones, in the unit of its indicator.
pub(super) fn inferred(
    indicator: &Indicator,
    figure: Ratio,
    bounds: Bounds,
    lang: Lang,
) -> Result<ReportedValue> {
    Ok(ReportedValue {
        figure,
        bounds,
        written: figure.rounded(indicator.decimals, RoundMode::HalfAway)?.to_string(),
        reading: lang.of("由上报值推算", "from reported figures").to_owned(),
        inferred: true,
    })
}

pub(super) const fn without(status: Status) -> Outcome {
    Outcome::of(Cell::without(status))
}

impl Outcome {
    pub(super) const fn of(cell: Cell) -> Self {
        Self { cell, reported: None, root: None }
    }
}

//! Composites (综合指标) of a group: the mean of dispersions, exact or as far as they are reported.

use super::derive::{Outcome, inferred, without};
use super::{Column, Status};
use crate::catalog::Indicator;
use crate::error::Result;
use crate::label::Lang;
use crate::number::{Bounds, Ratio, Root};

/// The mean of the values that a group has in some columns; where one has none, its status.
pub(super) fn composite(
    indicator: &Indicator,
    inputs: &[&Column],
    group: usize,
    lang: Lang,
) -> Result<Outcome> {
    let without_value = |column: &&&Column| {
        !column.roots.contains_key(&group) && !column.reported.contains_key(&group)
    };
    if let Some(column) = inputs.iter().find(without_value) {
        return Ok(without(column.cells.status(group)));
    }
    let has = |status| inputs.iter().any(|column| column.cells.status(group) == status);
    if has(Status::Reported) {
        return of_reported(indicator, inputs, group, lang);
    }
    let power = |column: &Column| column.indicator.unit.power_between(&indicator.unit);
    let roots = inputs.iter().filter_map(|column| Some((column.roots.get(&group)?, column)));
    let roots: Vec<Root> = roots.map(|(root, column)| root.shifted(power(column))).collect();
    let status = if has(Status::Partial) { Status::Partial } else { Status::Ok };
    Ok(Outcome { root: Root::mean(&roots), ..without(status) })
}

/// The mean of the bounds of all inputs.
fn of_reported(
    indicator: &Indicator,
    inputs: &[&Column],
    group: usize,
    lang: Lang,
) -> Result<Outcome> {
    let (mut figure, mut bounds) = (Ratio::ZERO, Bounds::exact(Ratio::ZERO));
    for column in inputs {
        let known = match (column.reported.get(&group), column.roots.get(&group)) {
            (Some(reported), _) => Some((reported.figure, reported.bounds)),
            (None, Some(root)) => Some((root.figure()?, root.bounds()?)),
            (None, None) => None,
        };
        let Some((value, ends)) = known else { continue };
        let unit = &column.indicator.unit;
        let power = unit.power_between(&indicator.unit);
        figure = figure.add(Ratio::of_scaled(value.num(), value.den(), power.into())?)?;
        bounds = bounds.add(&unit.convert(&ends, &indicator.unit)?)?;
    }
    let count = Ratio::integer(i128::try_from(inputs.len()).unwrap_or(i128::MAX));
    let (figure, bounds) = (figure.div(count)?, bounds.div(&Bounds::exact(count))?);
    let reported = inferred(indicator, figure, bounds, lang)?;
    Ok(Outcome { reported: Some(reported), ..without(Status::Reported) })
}

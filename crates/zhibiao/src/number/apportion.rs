//! Apportioning (最大余数法): parts that print as their whole prints.

use std::cmp::Reverse;

use super::rounding::unit_of_last_place;
use super::{Decimal, Ratio, RoundMode};
use crate::error::{Problem, Result};

/// The parts of a whole as decimals that add up to the rounded whole (最大余数法).
///
/// Each part is rounded down, and the units of the last place that are then lacking go to the parts
/// that lost most; of two that lost the same, to the larger one, then to the earlier one. So every
/// part is less than a unit of the last place from its exact value. `mode` concerns the whole only.
///
/// # Units
/// `decimals` as for [`Ratio::rounded`]: negative ones are tens, hundreds, ….
///
/// # Errors
/// `parts-not-whole` when the exact parts do not add up to the exact whole; `overflow`.
///
/// # Example
/// ```
/// use zhibiao::number::{Ratio, RoundMode, apportion};
/// let third = Ratio::new(100, 3)?;
/// let parts = apportion(&[third; 3], Ratio::integer(100), 1, RoundMode::HalfAway)?;
/// let printed: Vec<String> = parts.iter().map(ToString::to_string).collect();
/// assert_eq!(printed, ["33.4", "33.3", "33.3"]);
/// # Ok::<(), zhibiao::Error>(())
/// ```
pub fn apportion(
    parts: &[Ratio],
    whole: Ratio,
    decimals: i8,
    mode: RoundMode,
) -> Result<Vec<Decimal>> {
    let sum = sum(parts)?;
    if sum != whole {
        let text = |value: Ratio| match value.den() {
            1 => value.num().to_string(),
            den => format!("{}/{den}", value.num()),
        };
        return Err(Problem::PartsNotWhole { sum: text(sum), whole: text(whole) }.into());
    }
    let unit = unit_of_last_place(decimals)?;
    let overflow = || Problem::Overflow { what: "a part in units of the last place".to_owned() };
    let mut units = Vec::with_capacity(parts.len());
    let mut lost = Vec::with_capacity(parts.len());
    let mut lacking = whole.rounded(decimals, mode)?.ratio().div(unit)?.floor();
    for (index, part) in parts.iter().enumerate() {
        let exact = part.div(unit)?;
        let down = exact.floor();
        lacking = lacking.checked_sub(down).ok_or_else(overflow)?;
        lost.push((exact.sub(Ratio::integer(down))?, *part, Reverse(index)));
        units.push(down);
    }
    lost.sort_unstable_by(|a, b| b.cmp(a));
    // What is lost adds up to less than a unit for each part that lost anything, so there are as
    // many of these as units that are lacking.
    for (_, _, Reverse(index)) in lost.into_iter().take(usize::try_from(lacking).unwrap_or(0)) {
        if let Some(units) = units.get_mut(index) {
            *units = units.checked_add(1).ok_or_else(overflow)?;
        }
    }
    let decimal = |units| Decimal::integer(units).shifted(decimals.saturating_neg());
    units.into_iter().map(decimal).collect()
}

/// The exact sum of ratios.
pub(crate) fn sum(parts: &[Ratio]) -> Result<Ratio> {
    parts.iter().try_fold(Ratio::ZERO, |sum, part| sum.add(*part))
}

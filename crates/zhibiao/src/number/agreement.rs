//! Holding a published figure against the parts it was made from.

use super::{Bounds, Decimal, Ratio, RoundMode};
use crate::error::Result;

/// How a published figure agrees with its parts.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Agreement {
    /// The parts as printed give the figure as printed.
    Exact,
    /// They do not, but parts that print the same do.
    WithinRounding,
    /// No parts that print like these give a value that prints like the figure.
    Inconsistent,
}

/// Compares a published figure with the value of its printed parts, and with all the values that
/// parts printed like these may have.
///
/// # Errors
/// `overflow` beyond 128 bits.
///
/// # Example
/// ```
/// use zhibiao::number::{Agreement, Bounds, Decimal, Ratio, RoundMode, agreement};
/// // Bulletin of 2023: 23.64万 of 27.44万 kindergartens are inclusive, published as 86.16 %.
/// let (part, whole): (Decimal, Decimal) = ("23.64".parse()?, "27.44".parse()?);
/// let value = Ratio::of_decimals(part, whole)?.scaled(100)?; // 86.1516…
/// let possible = Bounds::around(part)?.div(&Bounds::around(whole)?)?.scaled(100)?;
/// let published = "86.16".parse()?;
/// assert_eq!(agreement(published, value, &possible, RoundMode::HalfAway)?, Agreement::WithinRounding);
/// # Ok::<(), zhibiao::Error>(())
/// ```
pub fn agreement(
    published: Decimal,
    value: Ratio,
    possible: &Bounds,
    mode: RoundMode,
) -> Result<Agreement> {
    let decimals = i8::try_from(published.scale()).unwrap_or(i8::MAX);
    if value.rounded(decimals, mode)? == published {
        return Ok(Agreement::Exact);
    }
    let printed_alike = Bounds::around(published)?;
    Ok(if printed_alike.overlaps(possible) {
        Agreement::WithinRounding
    } else {
        Agreement::Inconsistent
    })
}

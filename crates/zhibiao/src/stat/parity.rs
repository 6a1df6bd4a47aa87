//! Parity (均等) of two groups, such as girls and boys, or the countryside and towns.

use super::adding::finite;

/// The parity index (均等指数): the figure of one group over that of the other, by custom of girls
/// over boys, rural over urban, the poorest over the richest fifth.
///
/// # Missing values
/// None where the second figure is not above 0, or the first is below 0.
///
/// # Example
/// ```
/// use zhibiao::stat::parity;
/// assert_eq!(parity(40.0, 50.0), Some(0.8));
/// assert_eq!(parity(40.0, 0.0), None);
/// ```
///
/// # References
/// UNESCO Institute for Statistics, Glossary, “Gender parity index (GPI)”.
#[must_use]
pub fn parity(first: f64, second: f64) -> Option<f64> {
    if first >= 0.0 && second > 0.0 && second.is_finite() { finite(first / second) } else { None }
}

/// The adjusted parity index (调整均等指数), as far from 1 whichever group is behind, from 0 to 2.
///
/// # Formula
/// x up to 1, above it `2 − 1/x`, of a parity index x.
///
/// # Missing values
/// None where the index is below 0 or not finite.
///
/// # Example
/// ```
/// use zhibiao::stat::{adjusted_parity, parity};
/// assert_eq!(parity(40.0, 50.0).and_then(adjusted_parity), Some(0.8));
/// // 50 over 40 is 1.25, which looks further from 1 than 0.8 does.
/// assert_eq!(parity(50.0, 40.0).and_then(adjusted_parity), Some(1.2));
/// ```
///
/// # References
/// UNESCO Institute for Statistics, Glossary, “Adjusted parity index”.
#[must_use]
pub fn adjusted_parity(index: f64) -> Option<f64> {
    if !(index >= 0.0 && index.is_finite()) {
        return None;
    }
    Some(if index <= 1.0 { index } else { 2.0 - index.recip() })
}

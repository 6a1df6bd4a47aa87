//! Square roots of exact ratios, which are compared and rounded without a float between.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::{Comparison, Decimal, Ratio, RoundMode, Rounding};
use crate::error::{Problem, Result};

/// Decimals of the ratio that stands for a root.
const FIGURE_DECIMALS: i8 = 20;

/// The square root (平方根) of an exact ratio that is not negative, such as a coefficient of
/// variation.
///
/// # Example
/// ```
/// use zhibiao::number::{Comparison, Ratio, Root, RoundMode};
/// let root = Root::of(Ratio::new(1, 4)?)?;
/// assert_eq!(root.rounded(3, RoundMode::HalfAway)?.to_string(), "0.500");
/// // The threshold itself passes: squares are compared, exactly.
/// assert!(root.compare(Comparison::AtMost, Ratio::new(1, 2)?));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Root {
    num: BigUint,
    /// Positive.
    den: BigUint,
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; the divisor is positive")]
impl Root {
    /// The root of a ratio.
    ///
    /// # Errors
    /// `out-of-range` for a negative one.
    pub fn of(square: Ratio) -> Result<Self> {
        let num = u128::try_from(square.num()).map_err(|_| Problem::OutOfRange {
            value: format!("{}/{}", square.num(), square.den()),
            wanted: "what has a square root".to_owned(),
        })?;
        Ok(Self { num: num.into(), den: square.den().unsigned_abs().into() })
    }

    /// The root of `num / den` for a positive `den`.
    pub(crate) const fn of_parts(num: BigUint, den: BigUint) -> Self {
        Self { num, den }
    }

    /// Whether the root meets a threshold.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> bool {
        let order = match u128::try_from(threshold.num()) {
            // A root is never below 0.
            Err(_) => Ordering::Greater,
            Ok(num) => {
                let (num, den) =
                    (BigUint::from(num), BigUint::from(threshold.den().unsigned_abs()));
                (&self.num * den.pow(2)).cmp(&(&self.den * num.pow(2)))
            }
        };
        match comparison {
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Above => order == Ordering::Greater,
            Comparison::Below => order == Ordering::Less,
        }
    }

    /// Rounds, once, from the exact root.
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    pub fn rounded(&self, decimals: i8, mode: RoundMode) -> Result<Decimal> {
        let power = BigUint::from(100_u8).pow(u32::from(decimals.unsigned_abs()));
        let (num, den) = if decimals < 0 {
            (self.num.clone(), &self.den * &power)
        } else {
            (&self.num * &power, self.den.clone())
        };
        let floor = (&num / &den).sqrt();
        // 4 × square against (2 × floor + 1)²: above, at or below the middle.
        let middle = (&floor * 2_u8 + 1_u8).pow(2) * &den;
        let up = match ((num * 4_u8).cmp(&middle), mode) {
            (_, RoundMode::Down) | (Ordering::Less, _) => false,
            (Ordering::Greater, _) | (Ordering::Equal, RoundMode::HalfAway) => true,
            (Ordering::Equal, RoundMode::HalfEven) => floor.bit(0),
        };
        let rounded = if up { floor + 1_u8 } else { floor };
        let too_large = || Problem::Overflow { what: "a rounded root".to_owned() };
        let digits = i128::try_from(rounded).map_err(|_| too_large())?;
        match u8::try_from(decimals) {
            Ok(scale) => Decimal::new(digits, scale),
            Err(_) => Decimal::integer(digits).shifted(decimals.saturating_neg()),
        }
    }

    /// The printed text with `decimals` digits.
    ///
    /// # Errors
    /// As for [`rounded`](Self::rounded).
    pub fn text(&self, decimals: i8, rounding: Rounding) -> Result<String> {
        self.rounded(decimals, rounding.mode).map(|rounded| rounded.to_string())
    }

    /// A ratio that stands for the root, to twenty decimals.
    ///
    /// # Errors
    /// `overflow` when it leaves 128 bits.
    pub fn figure(&self) -> Result<Ratio> {
        self.rounded(FIGURE_DECIMALS, RoundMode::HalfEven).map(Decimal::ratio)
    }
}

impl PartialEq for Root {
    #[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
    fn eq(&self, other: &Self) -> bool {
        &self.num * &other.den == &other.num * &self.den
    }
}

impl Eq for Root {}

//! Ratios of two integers, kept undivided until a report is written.

use std::cmp::Ordering;

use ethnum::I256;

use super::{Decimal, RoundMode, pow10, product, wide};
use crate::error::{Problem, Result};

/// An exact ratio (精确比值) of two 128-bit integers.
///
/// Two ratios are equal when their values are, whatever their terms: `1/2 == 2/4`. Comparing and
/// rounding use 256-bit products and cannot overflow; arithmetic reduces its result to lowest
/// terms when it has to.
///
/// # Example
/// ```
/// use zhibiao::number::{Ratio, RoundMode};
/// let completed = Ratio::new(52, 60)?.scaled(100)?;
/// assert_eq!(completed.rounded(1, RoundMode::HalfAway)?.to_string(), "86.7");
/// // An empty county has no rate; it is not 0.
/// assert_eq!(Ratio::new(0, 0).unwrap_err().code(), "zero-denominator");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    num: i128,
    /// Positive.
    den: i128,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self { num: 0, den: 1 };

    /// Creates `num / den`.
    ///
    /// # Errors
    /// `zero-denominator` when `den` is zero: an area without pupils has no enrolment rate, and
    /// the caller must say so rather than print 0. `overflow` when a sign cannot be turned.
    pub fn new(num: i128, den: i128) -> Result<Self> {
        match den.cmp(&0) {
            Ordering::Greater => Ok(Self { num, den }),
            Ordering::Equal => Err(Problem::ZeroDenominator { what: format!("{num}/0") }.into()),
            Ordering::Less => match (num.checked_neg(), den.checked_neg()) {
                (Some(num), Some(den)) => Ok(Self { num, den }),
                _ => Err(overflow("a ratio").into()),
            },
        }
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(value: i128) -> Self {
        Self { num: value, den: 1 }
    }

    /// For callers whose denominator is positive by construction.
    pub(super) const fn of_parts(num: i128, den: i128) -> Self {
        Self { num, den }
    }

    /// `num / den` of two decimals: 9650000.00 元 over 7838 人.
    ///
    /// # Errors
    /// `zero-denominator`; `overflow` when the ratio does not fit even in lowest terms.
    pub fn of_decimals(num: Decimal, den: Decimal) -> Result<Self> {
        if den.mantissa() == 0 {
            return Err(Problem::ZeroDenominator { what: format!("{num}/{den}") }.into());
        }
        num.ratio().div(den.ratio())
    }

    /// `num / den` times ten to the power of `power`: 52 of 60 in percent is `52, 60, 2`.
    ///
    /// # Errors
    /// As for [`of_decimals`](Self::of_decimals).
    pub(crate) fn of_scaled(num: i128, den: i128, power: i16) -> Result<Self> {
        let factor = pow10(u32::from(power.unsigned_abs())).ok_or_else(|| overflow("a ratio"))?;
        let (up, down) = if power < 0 { (1, factor) } else { (factor, 1) };
        match (product(num, up), product(den, down)) {
            (Some(num), Some(den)) => Self::new(num, den),
            _ => Self::new(num, den)?.mul(Self::of_parts(up, down)),
        }
    }

    /// Numerator, with the sign of the ratio.
    #[must_use]
    pub const fn num(self) -> i128 {
        self.num
    }

    /// Denominator, positive.
    #[must_use]
    pub const fn den(self) -> i128 {
        self.den
    }

    /// Sum.
    ///
    /// # Errors
    /// `overflow` when the sum does not fit in lowest terms; likewise for the other operations.
    #[expect(clippy::should_implement_trait, reason = "it can fail, which the operator cannot say")]
    pub fn add(self, other: Self) -> Result<Self> {
        let narrow = || {
            let left = product(self.num, other.den)?;
            let num = left.checked_add(product(other.num, self.den)?)?;
            Some(Self { num, den: product(self.den, other.den)? })
        };
        if let Some(sum) = narrow() {
            return Ok(sum);
        }
        let left = wide::product(self.num, other.den);
        let right = wide::product(other.num, self.den);
        let num = left.checked_add(right).ok_or_else(|| overflow("a sum of ratios"))?;
        lowest(num, wide::product(self.den, other.den))
    }

    /// Difference.
    ///
    /// # Errors
    /// As for [`Ratio::add`].
    #[expect(clippy::should_implement_trait, reason = "it can fail, which the operator cannot say")]
    pub fn sub(self, other: Self) -> Result<Self> {
        self.add(other.negated()?)
    }

    /// Product.
    ///
    /// # Errors
    /// As for [`Ratio::add`].
    #[expect(clippy::should_implement_trait, reason = "it can fail, which the operator cannot say")]
    pub fn mul(self, other: Self) -> Result<Self> {
        match (product(self.num, other.num), product(self.den, other.den)) {
            (Some(num), Some(den)) => Ok(Self { num, den }),
            _ => lowest(wide::product(self.num, other.num), wide::product(self.den, other.den)),
        }
    }

    /// Quotient.
    ///
    /// # Errors
    /// `zero-denominator` when `other` is zero, else as for [`Ratio::add`].
    #[expect(clippy::should_implement_trait, reason = "it can fail, which the operator cannot say")]
    pub fn div(self, other: Self) -> Result<Self> {
        self.mul(Self::new(other.den, other.num)?)
    }

    /// Product with a whole number, such as the 100 of percent.
    ///
    /// # Errors
    /// As for [`Ratio::add`].
    pub fn scaled(self, factor: i128) -> Result<Self> {
        match self.num.checked_mul(factor) {
            Some(num) => Ok(Self { num, den: self.den }),
            None => self.mul(Self::integer(factor)),
        }
    }

    /// The same size with the other sign.
    ///
    /// # Errors
    /// `overflow` for the one integer that has no opposite.
    pub fn negated(self) -> Result<Self> {
        let num = self.num.checked_neg().ok_or_else(|| overflow("a negated ratio"))?;
        Ok(Self { num, den: self.den })
    }

    /// Divides and rounds, once.
    ///
    /// # Units
    /// `decimals` counts digits after the point; negative ones round to tens, hundreds, ….
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use zhibiao::number::{Ratio, RoundMode};
    /// // A tie shows the mode: 1 of 8 is exactly 12.5 percent.
    /// let eighth = Ratio::new(100, 8)?;
    /// assert_eq!(eighth.rounded(0, RoundMode::HalfAway)?.to_string(), "13");
    /// assert_eq!(eighth.rounded(0, RoundMode::HalfEven)?.to_string(), "12");
    /// assert_eq!(Ratio::integer(1268).rounded(-2, RoundMode::HalfAway)?.to_string(), "1300");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn rounded(self, decimals: i8, mode: RoundMode) -> Result<Decimal> {
        let too_large = || overflow("a rounded ratio");
        let power = pow10(u32::from(decimals.unsigned_abs())).ok_or_else(too_large)?;
        let (up, down) = if decimals < 0 { (1, power) } else { (power, 1) };
        let quotient = match (product(self.num, up), product(self.den, down)) {
            (Some(num), Some(den)) => mode.divide(num, den),
            _ => mode.divide_wide(wide::product(self.num, up), wide::product(self.den, down)),
        }
        .ok_or_else(too_large)?;
        match u8::try_from(decimals) {
            Ok(scale) => Decimal::new(quotient, scale),
            Err(_) => {
                quotient.checked_mul(power).map(Decimal::integer).ok_or_else(|| too_large().into())
            }
        }
    }

    /// The smallest whole number that is not below the ratio.
    ///
    /// # Errors
    /// `overflow` at the very end of the range.
    pub fn ceil(self) -> Result<i128> {
        let floor = self.num.div_euclid(self.den);
        let whole = self.num.rem_euclid(self.den) == 0;
        floor.checked_add(i128::from(!whole)).ok_or_else(|| overflow("a rounded ratio").into())
    }

    /// The largest whole number that is not above the ratio.
    #[must_use]
    pub const fn floor(self) -> i128 {
        self.num.div_euclid(self.den)
    }

    /// The nearest binary float, correctly rounded.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match (wide::whole_f64(self.num), wide::whole_f64(self.den)) {
            // Dividing two floats rounds their exact quotient, once.
            (Some(num), Some(den)) => num / den,
            _ => wide::nearest_f64(I256::from(self.num), I256::from(self.den)),
        }
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        wide::compare(self.num, self.den, other.num, other.den)
    }
}

fn overflow(what: &str) -> Problem {
    Problem::Overflow { what: what.to_owned() }
}

/// `num / den` for a positive `den`, in lowest terms if it does not fit otherwise.
fn lowest(num: I256, den: I256) -> Result<Ratio> {
    if let (Ok(num), Ok(den)) = (i128::try_from(num), i128::try_from(den)) {
        return Ok(Ratio { num, den });
    }
    let divisor = gcd(num, den);
    let (num, _) = wide::divide(num, divisor);
    let (den, _) = wide::divide(den, divisor);
    match (i128::try_from(num), i128::try_from(den)) {
        (Ok(num), Ok(den)) => Ok(Ratio { num, den }),
        _ => Err(overflow("a ratio").into()),
    }
}

/// Greatest common divisor of `a` and a positive `b`; positive.
fn gcd(a: I256, b: I256) -> I256 {
    let (mut large, mut small) = (b, wide::divide(a, b).1.checked_abs().unwrap_or(b));
    while small != I256::ZERO {
        (large, small) = (small, wide::divide(large, small).1);
    }
    large
}

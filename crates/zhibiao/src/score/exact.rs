//! Exact rationals of any size, so that no sum of scores leaves its integers.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};

use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio, RoundMode};

/// An exact rational of any size (精确有理数): a score, or the share of it that is reached.
///
/// # Example
/// ```
/// use zhibiao::number::{Ratio, RoundMode};
/// use zhibiao::score::Exact;
/// let third = Exact::from(Ratio::new(1, 3)?);
/// assert_eq!(third.rounded(2, RoundMode::HalfAway)?.to_string(), "0.33");
/// assert!(third > Exact::from(Ratio::new(333, 1_000)?));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Exact {
    num: BigInt,
    /// Positive.
    den: BigInt,
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; divisors are positive")]
impl Exact {
    pub(super) fn zero() -> Self {
        Self::whole(0)
    }

    pub(super) fn one() -> Self {
        Self::whole(1)
    }

    pub(super) fn whole(value: i128) -> Self {
        Self { num: value.into(), den: 1.into() }
    }

    /// The exact value of a float; none of what is not finite.
    pub(super) fn of_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let fraction = bits & ((1 << 52) - 1);
        let exponent = i64::try_from((bits >> 52) & 0x7ff).ok()?;
        // Numbers below the normal ones have no hidden bit.
        let mantissa = if exponent == 0 { fraction } else { fraction | (1 << 52) };
        let power = exponent.max(1) - 1075;
        let magnitude = BigInt::from(mantissa);
        let num = if value.is_sign_negative() { -magnitude } else { magnitude };
        Some(match u64::try_from(power) {
            Ok(power) => Self { num: num << power, den: 1.into() },
            Err(_) => Self { num, den: BigInt::from(1) << power.unsigned_abs() },
        })
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        if self.den == other.den {
            return Self { num: &self.num + &other.num, den: self.den.clone() };
        }
        let num = &self.num * &other.den + &other.num * &self.den;
        Self { num, den: &self.den * &other.den }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    pub(super) fn negated(&self) -> Self {
        Self { num: -&self.num, den: self.den.clone() }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        Self { num: &self.num * &other.num, den: &self.den * &other.den }
    }

    /// The quotient; none over 0.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        let den = &self.den * &other.num;
        let num = &self.num * &other.den;
        match other.num.sign() {
            Sign::Plus => Some(Self { num, den }),
            Sign::Minus => Some(Self { num: -num, den: -den }),
            Sign::NoSign => None,
        }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.num.sign() == Sign::NoSign
    }

    /// The nearest binary float, correctly rounded.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let (num, den) = (self.num.magnitude(), self.den.magnitude());
        if self.is_zero() {
            return 0.0;
        }
        let bits = |of: u64| i64::try_from(of).unwrap_or(i64::MAX);
        // A quotient of 66 or 67 bits, and one for what is left.
        let up = bits(den.bits()).saturating_sub(bits(num.bits())).saturating_add(66);
        let by = up.unsigned_abs();
        let (num, den) = if up < 0 { (num.clone(), den << by) } else { (num << by, den.clone()) };
        let quotient = &num / &den;
        let rest = u128::from(&quotient * &den != num);
        let significand = u128::try_from(quotient).unwrap_or(u128::MAX) | rest;
        let power = i32::try_from(up.saturating_neg()).unwrap_or(0);
        let value = nearest(significand) * 2.0_f64.powi(power);
        if self.num.sign() == Sign::Minus { -value } else { value }
    }

    /// Divides and rounds, once.
    ///
    /// # Units
    /// `decimals` counts digits after the point; negative ones round to tens, hundreds, ….
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    pub fn rounded(&self, decimals: i8, mode: RoundMode) -> Result<Decimal> {
        let power = BigInt::from(10_u8).pow(decimals.unsigned_abs().into());
        let (num, den) = if decimals < 0 {
            (self.num.clone(), &self.den * power)
        } else {
            (&self.num * power, self.den.clone())
        };
        let (magnitude, divisor) = (num.magnitude(), den.magnitude());
        let quotient = magnitude / divisor;
        let to_middle = ((magnitude - &quotient * divisor) * 2_u8).cmp(divisor);
        let away = mode.goes_away(to_middle, !quotient.bit(0));
        let quotient = if away { quotient + 1_u8 } else { quotient };
        let too_large = || Problem::Overflow { what: "a rounded score".to_owned() };
        let digits =
            i128::try_from(BigInt::from_biguint(num.sign(), quotient)).map_err(|_| too_large())?;
        match u8::try_from(decimals) {
            Ok(scale) => Decimal::new(digits, scale),
            Err(_) => Decimal::integer(digits).shifted(decimals.saturating_neg()),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rounding to 53 bits is what is asked for")]
fn nearest(significand: u128) -> f64 {
    significand as f64
}

impl From<Ratio> for Exact {
    fn from(ratio: Ratio) -> Self {
        Self { num: ratio.num().into(), den: ratio.den().into() }
    }
}

impl From<Decimal> for Exact {
    fn from(decimal: Decimal) -> Self {
        decimal.ratio().into()
    }
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    #[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.num * &other.den).cmp(&(&other.num * &self.den))
    }
}

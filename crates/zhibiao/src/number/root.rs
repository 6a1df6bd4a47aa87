//! Square roots of exact ratios and their means, compared and rounded without a float between.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::rounding::unit_of_last_place;
use super::{Bounds, Comparison, Decimal, End, Ratio, RoundMode, Rounding, wide};
use crate::error::{Problem, Result};

/// Decimals of the ratio that stands for a root.
const FIGURE_DECIMALS: i8 = 20;

/// Bits after the point to which several roots are first added.
const FIRST_BITS: u64 = 64;

/// Bits of a root that its float is rounded from: far more than it has.
const FLOAT_BITS: i64 = 100;

/// Primes too large to divide many weights of schools.
const PRIMES: [u32; 8] = [65_537, 65_539, 65_543, 65_551, 65_557, 65_563, 65_579, 65_581];

/// The square root (平方根) of an exact ratio that is not negative, such as a coefficient of
/// variation, or the mean of several.
///
/// # Example
/// ```
/// use zhibiao::number::{Comparison, Ratio, Root, RoundMode};
/// let half = Root::of(Ratio::new(1, 4)?)?;
/// assert_eq!(half.rounded(3, RoundMode::HalfAway)?.to_string(), "0.500");
/// // The threshold itself passes: squares are compared, exactly.
/// assert!(half.compare(Comparison::AtMost, Ratio::new(1, 2)?));
/// // (1/2 + √2) ÷ 2
/// let mean = Root::mean(&[half, Root::of(Ratio::integer(2))?]).unwrap();
/// assert_eq!(mean.rounded(6, RoundMode::HalfAway)?.to_string(), "0.957107");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Root {
    /// The squares of what it is the sum of, at least one; of several, none is 0 and no two have
    /// roots with a rational quotient.
    squares: Vec<Square>,
}

/// A ratio that is not negative.
#[derive(Clone, Debug)]
struct Square {
    num: BigUint,
    /// Positive.
    den: BigUint,
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; divisors are positive")]
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
        Ok(Self::of_parts(num.into(), square.den().unsigned_abs().into()))
    }

    /// The root of `num / den` for a positive `den`.
    pub(crate) fn of_parts(num: BigUint, den: BigUint) -> Self {
        Self { squares: vec![Square { num, den }] }
    }

    /// The mean (平均数) of roots, exactly; none of no roots.
    #[must_use]
    pub fn mean(roots: &[Self]) -> Option<Self> {
        let by = BigUint::from(roots.len()).pow(2);
        let mut sum: Vec<Square> = Vec::new();
        for square in roots.iter().flat_map(|root| &root.squares).filter(|square| !square.is_0()) {
            let part = Square { num: square.num.clone(), den: &square.den * &by };
            match sum.iter_mut().find_map(|other| Some((other.joined(&part)?, other))) {
                Some((both, other)) => *other = both,
                None => sum.push(part),
            }
        }
        if sum.is_empty() { roots.first().cloned() } else { Some(Self { squares: sum }) }
    }

    /// The root times 10 to the power of `power`: 2 for per cent.
    pub(crate) fn shifted(&self, power: i8) -> Self {
        let factor = BigUint::from(100_u8).pow(u32::from(power.unsigned_abs()));
        let shifted = |Square { num, den }: &Square| match power {
            0.. => Square { num: num * &factor, den: den.clone() },
            _ => Square { num: num.clone(), den: den * &factor },
        };
        Self { squares: self.squares.iter().map(shifted).collect() }
    }

    /// Whether the root meets a threshold.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> bool {
        comparison.allows(match u128::try_from(threshold.num()) {
            // A root is never below 0.
            Err(_) => Ordering::Greater,
            Ok(num) => self.against(&num.into(), &threshold.den().unsigned_abs().into()),
        })
    }

    /// The root against `num / den`.
    ///
    /// Ends: roots of ratios, no two of which have a rational quotient, are linearly independent
    /// over the rationals (Besicovitch 1940), so that a sum of several is no ratio.
    fn against(&self, num: &BigUint, den: &BigUint) -> Ordering {
        if let [only] = self.squares.as_slice() {
            return (&only.num * den.pow(2)).cmp(&(&only.den * num.pow(2)));
        }
        let mut bits = FIRST_BITS;
        loop {
            let (floors, wanted) = (self.floors(bits), num << bits);
            if &floors * den >= wanted {
                return Ordering::Greater;
            }
            if (floors + self.squares.len()) * den <= wanted {
                return Ordering::Less;
            }
            bits *= 2;
        }
    }

    /// The floors of all roots times 2 to the power of `bits`, added; each lacks less than 1.
    fn floors(&self, bits: u64) -> BigUint {
        self.squares.iter().map(|square| ((&square.num << (2 * bits)) / &square.den).sqrt()).sum()
    }

    /// The greatest integer that is not above the root.
    fn floor(&self) -> BigUint {
        let one = BigUint::from(1_u8);
        // What floors lack comes to 1 at most so many times.
        self.squares.iter().skip(1).fold(self.floors(0), |floor, _| {
            let next = &floor + &one;
            if self.against(&next, &one) == Ordering::Less { floor } else { next }
        })
    }

    /// Rounds, once, from the exact root.
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    pub fn rounded(&self, decimals: i8, mode: RoundMode) -> Result<Decimal> {
        let shifted = self.shifted(decimals);
        let floor = shifted.floor();
        let to_middle = shifted.against(&(&floor * 2_u8 + 1_u8), &2_u8.into());
        let away = mode.goes_away(to_middle, !floor.bit(0));
        let rounded = if away { floor + 1_u8 } else { floor };
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

    /// The nearest binary float.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        let length = |of: &BigUint| i64::try_from(of.bits()).unwrap_or(i64::MAX);
        let exponents = self
            .squares
            .iter()
            .map(|square| (length(&square.num) - length(&square.den)).div_euclid(2));
        let above = FLOAT_BITS.saturating_sub(exponents.max().unwrap_or(0));
        let bits = u64::try_from(above).unwrap_or(0);
        let floors = self.floors(bits);
        // A last bit that is lost decides ties only.
        let exact = match self.squares.as_slice() {
            [only] => floors.pow(2) * &only.den == &only.num << (2 * bits),
            _ => self.squares.is_empty(),
        };
        let significand = u128::try_from(floors).unwrap_or(u128::MAX) | u128::from(!exact);
        wide::float(significand, -i32::try_from(bits).unwrap_or(i32::MAX))
    }

    /// A ratio that stands for the root, to twenty decimals.
    ///
    /// # Errors
    /// `overflow` when it leaves 128 bits.
    pub fn figure(&self) -> Result<Ratio> {
        self.rounded(FIGURE_DECIMALS, RoundMode::HalfEven).map(Decimal::ratio)
    }

    /// The root itself where twenty decimals hold it, else those next to it.
    ///
    /// # Errors
    /// As for [`figure`](Self::figure).
    pub(crate) fn bounds(&self) -> Result<Bounds> {
        let lo = self.rounded(FIGURE_DECIMALS, RoundMode::Down)?.ratio();
        if self.compare(Comparison::AtMost, lo) {
            return Ok(Bounds::exact(lo));
        }
        let hi = lo.add(unit_of_last_place(FIGURE_DECIMALS)?)?;
        Ok(Bounds { lo: End::Open(lo), hi: End::Open(hi) })
    }

    /// Whether bounds hold the root.
    pub(crate) fn lies_in(&self, bounds: &Bounds) -> bool {
        let meets = |end: End, closed: Comparison, open: Comparison| match end {
            End::Closed(end) => self.compare(closed, end),
            End::Open(end) => self.compare(open, end),
            End::Infinite => true,
        };
        meets(bounds.lo, Comparison::AtLeast, Comparison::Above)
            && meets(bounds.hi, Comparison::AtMost, Comparison::Below)
    }
}

impl PartialEq for Root {
    /// Exact: linearly independent roots add up to the same only if they are the same.
    fn eq(&self, other: &Self) -> bool {
        self.squares.len() == other.squares.len()
            && self.squares.iter().all(|square| other.squares.contains(square))
    }
}

impl Eq for Root {}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; divisors are positive")]
impl Square {
    fn is_0(&self) -> bool {
        self.num == BigUint::ZERO
    }

    /// The square of the sum of both roots, where their quotient r is rational: a(1 + r)².
    /// Neither is 0.
    fn joined(&self, other: &Self) -> Option<Self> {
        let factors = [&self.num, &self.den, &other.num, &other.den];
        if !may_be_square(factors) {
            return None;
        }
        let product: BigUint = factors.into_iter().product();
        let root = product.sqrt();
        if root.pow(2) != product {
            return None;
        }
        let below = &self.num * &other.den;
        let (num, den) = (&self.num * (root + &below).pow(2), &self.den * below.pow(2));
        let common = common_divisor(num.clone(), den.clone());
        Some(Self { num: num / &common, den: den / common })
    }
}

impl PartialEq for Square {
    #[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
    fn eq(&self, other: &Self) -> bool {
        &self.num * &other.den == &other.num * &self.den
    }
}

/// Whether a product is a square modulo some primes: one that is not is no square at all, which is
/// much quicker to find than its root.
#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; primes are positive")]
fn may_be_square(factors: [&BigUint; 4]) -> bool {
    PRIMES.into_iter().all(|prime| {
        let rest = factors.into_iter().map(|factor| factor % prime).product::<BigUint>();
        // Euler's criterion.
        let power = rest.modpow(&(prime >> 1_u32).into(), &prime.into());
        power != (prime - 1).into()
    })
}

/// The greatest common divisor of positive integers.
#[expect(clippy::arithmetic_side_effects, reason = "not divided by 0")]
fn common_divisor(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

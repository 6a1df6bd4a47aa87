//! Means of square roots of exact ratios, which are compared and rounded without a float between.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::{Bounds, Comparison, Decimal, End, Ratio, RoundMode, Rounding};
use crate::error::{Problem, Result};

/// Decimals of the ratio that stands for a root.
const FIGURE_DECIMALS: i8 = 20;

/// The square root (平方根) of an exact ratio that is not negative, such as a coefficient of
/// variation; or the mean of several such roots.
///
/// # Example
/// ```
/// use zhibiao::number::{Comparison, Ratio, Root, RoundMode};
/// let root = Root::of(Ratio::new(1, 4)?)?;
/// assert_eq!(root.rounded(3, RoundMode::HalfAway)?.to_string(), "0.500");
/// // The threshold itself passes: squares are compared, exactly.
/// assert!(root.compare(Comparison::AtMost, Ratio::new(1, 2)?));
/// let mean = Root::mean([&root, &Root::of(Ratio::new(1, 2)?)?]);
/// assert_eq!(mean.rounded(3, RoundMode::HalfAway)?.to_string(), "0.604");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Root {
    /// The squares, at least one, in order; denominators are positive.
    squares: Vec<(BigUint, BigUint)>,
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; the divisors are positive")]
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
        Self { squares: vec![(num, den)] }
    }

    /// The mean (平均) of some roots, each of one ratio; 0 of none.
    #[must_use]
    pub fn mean<'a>(roots: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut squares: Vec<(BigUint, BigUint)> =
            roots.into_iter().flat_map(|root| root.squares.iter().cloned()).collect();
        squares.sort_by(|(a, b), (c, d)| (a * d).cmp(&(c * b)));
        if squares.is_empty() {
            squares.push((BigUint::default(), BigUint::from(1_u8)));
        }
        Self { squares }
    }

    /// Whether the root meets a threshold.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> bool {
        let order = match u128::try_from(threshold.num()) {
            // A root is never below 0.
            Err(_) => Ordering::Greater,
            Ok(num) => self.order(&num.into(), &threshold.den().unsigned_abs().into()),
        };
        match comparison {
            Comparison::AtLeast => order != Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Above => order == Ordering::Greater,
            Comparison::Below => order == Ordering::Less,
        }
    }

    /// How the root, or mean, stands to `num / den`.
    fn order(&self, num: &BigUint, den: &BigUint) -> Ordering {
        if let [(square, over)] = self.squares.as_slice() {
            return (square * den.pow(2)).cmp(&(over * num.pow(2)));
        }
        // Σ√x against what the mean is compared with, as often as there are roots.
        let wanted = num * self.squares.len();
        if self.squares.iter().all(is_rational) {
            let (sum, over) = self.floors(0, &common(&self.squares));
            return (sum * den).cmp(&(wanted * over));
        }
        // Positive roots of which one is irrational have an irrational sum: roots of different
        // square-free numbers are linearly independent over the rationals. So no ratio equals it,
        // and bounds that are narrow enough decide.
        let mut bits = 64_u32;
        loop {
            let (low, over) = self.floors(bits, &BigUint::from(1_u8));
            let wanted = &wanted * &over;
            if low.clone() * den >= wanted {
                return Ordering::Greater;
            }
            if (low + self.squares.len()) * den <= wanted {
                return Ordering::Less;
            }
            bits = bits.saturating_mul(2);
        }
    }

    /// `Σ⌊√x·f⌋` and `f`, which is `factor` times 2 to the power of `bits`.
    fn floors(&self, bits: u32, factor: &BigUint) -> (BigUint, BigUint) {
        let factor = factor * BigUint::from(2_u8).pow(bits);
        let floor = |(num, den): &(BigUint, BigUint)| ((num * factor.pow(2)) / den).sqrt();
        (self.squares.iter().map(floor).sum(), factor)
    }

    /// Rounds, once, from the exact root.
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    pub fn rounded(&self, decimals: i8, mode: RoundMode) -> Result<Decimal> {
        let power = BigUint::from(10_u8).pow(u32::from(decimals.unsigned_abs()));
        let (up_by, down_by) =
            if decimals < 0 { (BigUint::from(1_u8), power) } else { (power, BigUint::from(1_u8)) };
        // As many units of the last place as lie below, or one fewer for each root.
        let (low, over) = self.floors(0, &(&up_by * 2_u8));
        let mut floor = low / (over / &up_by * &down_by * self.squares.len());
        while self.order(&((&floor + 1_u8) * &down_by), &up_by) != Ordering::Less {
            floor += 1_u8;
        }
        // Against the middle of two neighbours.
        let middle = (&floor * 2_u8 + 1_u8) * &down_by;
        let up = match (self.order(&middle, &(up_by * 2_u8)), mode) {
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

    /// Two ratios that it lies between, twenty decimals apart.
    ///
    /// # Errors
    /// `overflow` when they leave 128 bits.
    pub(crate) fn bounds(&self) -> Result<Bounds> {
        let low = self.rounded(FIGURE_DECIMALS, RoundMode::Down)?;
        let high = Decimal::new(low.mantissa().saturating_add(1), low.scale())?;
        Ok(Bounds { lo: End::Closed(low.ratio()), hi: End::Closed(high.ratio()) })
    }

    /// A ratio that stands for the root, to twenty decimals.
    ///
    /// # Errors
    /// `overflow` when it leaves 128 bits.
    pub fn figure(&self) -> Result<Ratio> {
        self.rounded(FIGURE_DECIMALS, RoundMode::HalfEven).map(Decimal::ratio)
    }
}

/// Whether the root of a ratio is one.
#[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
fn is_rational((num, den): &(BigUint, BigUint)) -> bool {
    // √(n/d) = √(n·d)/d
    let product = num * den;
    product.sqrt().pow(2) == product
}

/// A number by which all roots are whole, where they are rational.
fn common(squares: &[(BigUint, BigUint)]) -> BigUint {
    squares.iter().map(|(_, den)| den).product()
}

impl PartialEq for Root {
    #[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
    fn eq(&self, other: &Self) -> bool {
        let same = |((a, b), (c, d)): (&(BigUint, BigUint), &(BigUint, BigUint))| a * d == c * b;
        self.squares.len() == other.squares.len()
            && self.squares.iter().zip(&other.squares).all(same)
    }
}

impl Eq for Root {}

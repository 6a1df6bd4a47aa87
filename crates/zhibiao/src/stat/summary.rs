//! Summaries (概要) of decimals, exact to the last digit.

use num_bigint::{BigInt, BigUint};

use crate::error::{Error, Problem, Result};
use crate::number::{Decimal, Ratio, Root};

/// What is said first of a list of figures: mean, spread, and how much each is like the one before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Summary {
    /// Figures (个数).
    pub n: usize,
    /// Mean (平均数), in the unit of the figures.
    pub mean: Ratio,
    /// Sample variance (样本方差), over n − 1; none of one figure.
    pub variance: Option<Ratio>,
    /// Sample standard deviation (样本标准差), the root of it; none of one figure.
    pub deviation: Option<Root>,
    /// Autocorrelation at lag 1 (一阶自相关系数); none where all figures are equal.
    pub autocorrelation: Option<Ratio>,
}

/// The summary of figures in the order in which they were made.
///
/// Nothing is rounded, so that figures which differ only far behind the point are as accurate as
/// any: floats of 10000000.1 and 10000000.3 have lost half the digits of their deviation.
///
/// # Formula
/// With the mean `m = Σx / n`: variance `Σ(x − m)² / (n − 1)`, autocorrelation
/// `Σ (xᵢ − m)(xᵢ₋₁ − m) / Σ(x − m)²`, where the upper sum begins at the second figure.
///
/// # Errors
/// `zero-denominator` of no figures; `overflow` where a ratio in lowest terms leaves 128 bits.
///
/// # Example
/// ```
/// use zhibiao::number::{Decimal, Ratio, Root};
/// use zhibiao::stat::summary;
/// // NumAcc4 of NIST: 1001 figures, 10000000.1 and 10000000.3 by turns after the first.
/// let pair: [Decimal; 2] = ["10000000.1".parse()?, "10000000.3".parse()?];
/// let figures: Vec<_> = ["10000000.2".parse()?].into_iter().chain(pair.repeat(500)).collect();
/// let found = summary(&figures)?;
/// assert_eq!(found.mean, Ratio::new(100_000_002, 10)?);
/// assert_eq!(found.deviation, Some(Root::of(Ratio::new(1, 100)?)?));
/// assert_eq!(found.autocorrelation, Some(Ratio::new(-999, 1_000)?));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// NIST, Statistical Reference Datasets, “Univariate Summary Statistics”.
#[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
pub fn summary(values: &[Decimal]) -> Result<Summary> {
    if values.is_empty() {
        return Err(Problem::ZeroDenominator { what: "the mean of no figures".to_owned() }.into());
    }
    let scale = values.iter().map(|value| value.scale()).max().unwrap_or(0);
    let unit = BigInt::from(10_u8).pow(scale.into());
    let n = BigInt::from(values.len());
    let digits: Vec<BigInt> = values.iter().map(|value| whole(*value, scale)).collect();
    let total: BigInt = digits.iter().sum();
    // n times what each lies from the mean.
    let apart: Vec<BigInt> = digits.iter().map(|digits| digits * &n - &total).collect();
    let squares: BigInt = apart.iter().map(|apart| apart * apart).sum();
    let lagged: BigInt = apart.iter().zip(apart.iter().skip(1)).map(|(a, b)| a * b).sum();
    let below = n.pow(2) * (&n - 1_u8) * unit.pow(2);
    let several = below != BigInt::ZERO;
    Ok(Summary {
        n: values.len(),
        mean: ratio(total, n * unit)?,
        variance: several.then(|| ratio(squares.clone(), below.clone())).transpose()?,
        deviation: several
            .then(|| Root::of_parts(squares.magnitude().clone(), below.magnitude().clone())),
        autocorrelation: (squares != BigInt::ZERO).then(|| ratio(lagged, squares)).transpose()?,
    })
}

/// A decimal without its point, of a scale that is not below its own.
#[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
fn whole(value: Decimal, scale: u8) -> BigInt {
    BigInt::from(value.mantissa()) * BigInt::from(10_u8).pow(scale.abs_diff(value.scale()).into())
}

/// `num / den` in lowest terms, for a positive `den`.
#[expect(clippy::arithmetic_side_effects, reason = "not divided by 0")]
fn ratio(num: BigInt, den: BigInt) -> Result<Ratio> {
    let common = BigInt::from(common_divisor(num.magnitude().clone(), den.magnitude().clone()));
    let part = |part: BigInt| {
        i128::try_from(part / &common)
            .map_err(|_| Error::from(Problem::Overflow { what: "a ratio".to_owned() }))
    };
    Ratio::new(part(num)?, part(den)?)
}

/// The greatest common divisor of two integers, the second of which is positive.
#[expect(clippy::arithmetic_side_effects, reason = "not divided by 0")]
fn common_divisor(mut a: BigUint, mut b: BigUint) -> BigUint {
    while b != BigUint::ZERO {
        (a, b) = (b.clone(), a % b);
    }
    a
}

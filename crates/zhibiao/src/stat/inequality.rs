//! Inequality (不均等) among units such as counties, each counted by its weight.
//!
//! Values have any unit, weights too; a weight says how many persons, say, stand behind a value.
//! Units are sorted first, so the same units in any order give the same bits. Sums are
//! compensated: each has the accuracy of its own terms.
//!
//! Everywhere here there is no figure where the two slices differ in length, a weight is below 0 or
//! not finite, no weight is above 0, or a sum leaves the range of floats. A unit of weight 0 does
//! not count, whatever its value; all other values must be finite.

use super::adding::{finite, running, sum};
use super::units::{Unit, average, mean, units, weight};

/// The weighted mean (加权平均数), in the unit of the values.
///
/// # Formula
/// `μ = Σwx / W` with `W = Σw`.
///
/// # Example
/// ```
/// use zhibiao::stat::weighted_mean;
/// assert_eq!(weighted_mean(&[0.25, 0.75], &[3.0, 1.0]), Some(0.375));
/// // A county without pupils has no share, and does not count.
/// assert_eq!(weighted_mean(&[0.25, f64::NAN], &[3.0, 0.0]), Some(0.25));
/// assert_eq!(weighted_mean(&[0.25], &[0.0]), None);
/// ```
#[must_use]
pub fn weighted_mean(values: &[f64], weights: &[f64]) -> Option<f64> {
    finite(mean(&units(values, weights)?))
}

/// The weighted standard deviation (加权标准差) of a whole population, in the unit of the values.
///
/// # Formula
/// `√(Σw(x − μ)² / W)`: without Bessel's correction, as the units are all there are.
///
/// # Example
/// ```
/// use zhibiao::stat::weighted_deviation;
/// assert_eq!(weighted_deviation(&[2.0, 6.0], &[1.0, 1.0]), Some(2.0));
/// ```
#[must_use]
pub fn weighted_deviation(values: &[f64], weights: &[f64]) -> Option<f64> {
    let units = units(values, weights)?;
    let mean = mean(&units);
    finite(average(&units, |value| (value - mean).powi(2)).sqrt())
}

/// The coefficient of variation (变异系数, 差异系数): the weighted standard deviation over the mean.
///
/// # Missing values
/// None too where the mean is not above 0.
///
/// # Example
/// ```
/// use zhibiao::stat::coefficient_of_variation;
/// assert_eq!(coefficient_of_variation(&[2.0, 6.0], &[1.0, 1.0]), Some(0.5));
/// assert_eq!(coefficient_of_variation(&[-1.0, 1.0], &[1.0, 1.0]), None);
/// ```
#[must_use]
pub fn coefficient_of_variation(values: &[f64], weights: &[f64]) -> Option<f64> {
    let mean = weighted_mean(values, weights).filter(|mean| *mean > 0.0)?;
    finite(weighted_deviation(values, weights)? / mean)
}

/// The mean gap (平均差) between a unit and the mean of all, in the unit of the values.
///
/// # Formula
/// `Σw|x − μ| / W`.
///
/// # Example
/// ```
/// use zhibiao::stat::mean_gap;
/// assert_eq!(mean_gap(&[2.0, 6.0], &[3.0, 1.0]), Some(1.5));
/// ```
///
/// # References
/// Schlotheuber & Hosseinpoor (2022), Int J Environ Res Public Health 19:3697: the weighted mean
/// difference from mean.
#[must_use]
pub fn mean_gap(values: &[f64], weights: &[f64]) -> Option<f64> {
    let units = units(values, weights)?;
    let mean = mean(&units);
    finite(average(&units, |value| (value - mean).abs()))
}

/// The Gini coefficient (基尼系数): 0 where all are equal, near 1 where one has all.
///
/// # Formula
/// `Σᵢ Σⱼ wᵢwⱼ|xᵢ − xⱼ| / (2μW²)`, added over the gaps between neighbors of the sorted values:
/// `Σ (x₊ − x)·F·(W − F) / (μW²)` with F the weight up to and including x, of which no term is
/// negative. Of n units of equal weight it is at most `(n − 1)/n`; values below 0 can bring it
/// above 1.
///
/// # Missing values
/// None too where the mean is not above 0.
///
/// # Example
/// ```
/// use zhibiao::stat::gini;
/// assert_eq!(gini(&[0.0, 0.0, 0.0, 8.0], &[1.0; 4]), Some(0.75));
/// assert_eq!(gini(&[0.1; 3], &[1.0, 2.0, 3.0]), Some(0.0));
/// ```
///
/// # References
/// Gini (1914), Atti del R. Istituto Veneto di Scienze, Lettere ed Arti 73:1203–1248; for the sum
/// over gaps, Yitzhaki & Schechtman (2013), *The Gini Methodology*, chapter 2.
#[must_use]
pub fn gini(values: &[f64], weights: &[f64]) -> Option<f64> {
    let units = units(values, weights)?;
    let mean = Some(mean(&units)).filter(|mean| *mean > 0.0)?;
    let below = running(units.iter().map(|unit| unit.weight));
    let mut above = running(units.iter().rev().map(|unit| unit.weight));
    above.reverse();
    let whole = weight(&units);
    let sides = below.iter().zip(above.iter().skip(1));
    let gaps = units.iter().zip(units.iter().skip(1)).zip(sides);
    let terms = gaps.map(|((unit, next), (below, above))| {
        (next.value - unit.value) * (below / whole) * (above / whole)
    });
    finite(sum(terms) / mean)
}

/// How many times the mean of the top is that of the bottom (高低组之比), each with `share` of the
/// weight: 0.2 for the ratio of the highest to the lowest fifth.
///
/// A unit at the border counts with the part of its weight that lies inside.
///
/// # Missing values
/// None too for a `share` that is not above 0 and at most 0.5, and where the mean of the bottom is
/// not above 0.
///
/// # Example
/// ```
/// use zhibiao::stat::top_to_bottom;
/// assert_eq!(top_to_bottom(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0; 5], 0.2), Some(5.0));
/// // (5 + ½·4) ÷ (1 + ½·2)
/// assert_eq!(top_to_bottom(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0; 5], 0.3), Some(3.5));
/// ```
#[must_use]
pub fn top_to_bottom(values: &[f64], weights: &[f64], share: f64) -> Option<f64> {
    if !(share > 0.0 && share <= 0.5) {
        return None;
    }
    let units = units(values, weights)?;
    let part = share * weight(&units);
    let bottom = Some(first(part, units.iter())).filter(|bottom| *bottom > 0.0)?;
    finite(first(part, units.iter().rev()) / bottom)
}

/// The values of the first units that together have a weight, added with the weight inside.
fn first<'a>(weight: f64, units: impl Iterator<Item = &'a Unit>) -> f64 {
    let mut left = weight;
    sum(units.map_while(|unit| {
        let inside = Some(unit.weight.min(left)).filter(|_| left > weight * ROUNDING)?;
        left -= inside;
        Some(inside * unit.value)
    }))
}

/// The share of a weight that may be left by rounding.
const ROUNDING: f64 = 1e-12;

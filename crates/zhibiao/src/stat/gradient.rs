//! Gradients (梯度): how a figure rises from the least to the most favored part of the population.

use std::cmp::Ordering;

use super::adding::{finite, mean_of, running, sum};
use super::special::student_quantile;
use super::{Level, Limits};

/// The slope index of inequality (不平等斜率指数, SII) and the relative one (不平等相对指数, RII).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gradient {
    /// From the very least to the very most favored, in the unit of the values.
    pub slope: f64,
    /// The value of the very most over that of the very least favored; none where the line does not
    /// stay above 0.
    pub relative: Option<f64>,
    /// Limits of the slope.
    pub slope_limits: Option<Limits>,
    /// Limits of the relative index.
    pub relative_limits: Option<Limits>,
}

/// The gradient of values along an order of the units, such as spending along income.
///
/// The unit with the least of `order` comes first; units with the same share their place. As the
/// values are those of groups, limits are as wide as the groups scatter around the line, whatever
/// the weights add up to.
///
/// # Formula
/// The place X of a unit is the share of all weight before the middle of its own (ridit, from 0 to
/// 1). Weighted least squares of value on X give a line f of which `SII = f(1) − f(0)` and
/// `RII = f(1) / f(0)`; Pamuk's relative index is `SII / μ` instead. With weights as relative
/// precisions, `σ² = Σw(x − f)² / (n − 2)`, limits take t of n − 2 degrees of freedom: those of SII
/// are `SII ± t·σ/√Σw(X − ½)²`, those of RII are on ln RII, by the delta method.
///
/// # Missing values
/// A unit of weight 0 does not count. None where slices differ in length, a weight is below 0, a
/// number is not finite, or all units share one place. No limits below three units, nor where all
/// lie on the line.
///
/// # Example
/// ```
/// use zhibiao::stat::{Level, gradient};
/// let (spending, pupils, income) = ([3.0, 2.0, 6.0], [1.0; 3], [25.0, 10.0, 40.0]);
/// let found = gradient(&spending, &pupils, &income, Level::new(0.95)?).unwrap();
/// assert_eq!(format!("{:.9}", found.slope), "6.000000000");
/// // From 2/3 to 20/3.
/// assert_eq!(format!("{:.9}", found.relative.unwrap()), "10.000000000");
/// // ±12.706 × √3: three counties tell next to nothing.
/// assert_eq!(format!("{:.3}", found.slope_limits.unwrap().lower), "-16.008");
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Pamuk (1985), Population Studies 39:17–31, and (1988), European Journal of Population 4:1–21;
/// Wagstaff, Paci & van Doorslaer (1991), Social Science & Medicine 33:545–557; Mackenbach & Kunst
/// (1997), Social Science & Medicine 44:757–771.
#[must_use]
pub fn gradient(values: &[f64], weights: &[f64], order: &[f64], level: Level) -> Option<Gradient> {
    let points = ridits(values, weights, order)?;
    let line = Line::through(&points)?;
    let half = line.half_widths(&points, level);
    let (first, last) = (line.at(0.0), line.at(1.0));
    let relative = finite(last / first).filter(|_| line.is_above_0(first) && line.is_above_0(last));
    let relative_limits = relative.zip(half.as_ref()).and_then(|(relative, half)| {
        // Of ln f(1) − ln f(0), by the height of the line in its middle and by its slope.
        let by_height = last.recip() - first.recip();
        let by_slope = f64::midpoint(last.recip(), first.recip());
        let half = (half.height * by_height).hypot(half.slope * by_slope);
        limits(relative * (-half).exp(), relative * half.exp())
    });
    let slope_limits =
        half.and_then(|half| limits(line.slope - half.slope, line.slope + half.slope));
    Some(Gradient { slope: finite(line.slope)?, relative, slope_limits, relative_limits })
}

fn limits(lower: f64, upper: f64) -> Option<Limits> {
    (lower < upper && (upper - lower).is_finite()).then_some(Limits { lower, upper })
}

/// The share of a figure below which another is but rounding of it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A value at a place.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Above 0.
    pub(super) weight: f64,
}

/// The line of weighted least squares.
pub(super) struct Line {
    /// Σw.
    weight: f64,
    center: f64,
    height: f64,
    pub(super) slope: f64,
    /// Σw(x − center)².
    pub(super) spread: f64,
}

/// Half the widths of the limits of a line.
struct HalfWidths {
    height: f64,
    slope: f64,
}

impl Line {
    /// None where all points have the same place.
    pub(super) fn through(points: &[Point]) -> Option<Self> {
        let weight = finite(sum(points.iter().map(|point| point.weight)))?;
        let center = mean_of(&points.iter().map(|point| (point.x, point.weight)));
        let height = mean_of(&points.iter().map(|point| (point.y, point.weight)));
        let lever = |point: &Point| point.weight * (point.x - center);
        let spread = sum(points.iter().map(|point| lever(point) * (point.x - center)));
        let rise = sum(points.iter().map(|point| lever(point) * (point.y - height)));
        (spread > 0.0).then(|| Self { weight, center, height, slope: rise / spread, spread })
    }

    fn at(&self, x: f64) -> f64 {
        self.height + self.slope * (x - self.center)
    }

    fn is_above_0(&self, y: f64) -> bool {
        y > self.height.abs() * ROUNDING
    }

    /// None where two points leave no freedom, or all lie on the line.
    fn half_widths(&self, points: &[Point], level: Level) -> Option<HalfWidths> {
        let freedom = sum(points.iter().map(|_| 1.0)) - 2.0;
        let off = sum(points.iter().map(|at| at.weight * (at.y - self.at(at.x)).powi(2)));
        let size = sum(points.iter().map(|at| at.weight * at.y.powi(2)));
        if freedom < 1.0 || off <= size * ROUNDING.powi(2) {
            return None;
        }
        let half = student_quantile(level.tail(), freedom) * (off / freedom).sqrt();
        Some(HalfWidths { height: half / self.weight.sqrt(), slope: half / self.spread.sqrt() })
    }
}

/// Values at their places from 0 to 1.
fn ridits(values: &[f64], weights: &[f64], order: &[f64]) -> Option<Vec<Point>> {
    if values.len() != weights.len() || values.len() != order.len() {
        return None;
    }
    let units =
        values.iter().zip(weights).zip(order).map(|((&y, &weight), &x)| Point { x, y, weight });
    let mut points: Vec<_> = units.filter(|unit| unit.weight != 0.0).collect();
    let good = |point: &Point| point.weight > 0.0 && point.x.is_finite() && point.y.is_finite();
    if !points.iter().all(good) {
        return None;
    }
    // The rest only so that the same units in any order give the same bits.
    points.sort_by(|a, b| {
        let rest = || a.y.total_cmp(&b.y).then(a.weight.total_cmp(&b.weight));
        a.x.total_cmp(&b.x).then_with(rest)
    });
    let tied = |a: &Point, b: &Point| a.x.partial_cmp(&b.x) == Some(Ordering::Equal);
    let shares: Vec<f64> =
        points.chunk_by(tied).map(|ties| sum(ties.iter().map(|point| point.weight))).collect();
    let ends = running(shares.iter().copied());
    let whole = *ends.last()?;
    for ((ties, share), end) in points.chunk_by_mut(tied).zip(shares).zip(ends) {
        for point in ties {
            point.x = (end - share / 2.0) / whole;
        }
    }
    Some(points)
}

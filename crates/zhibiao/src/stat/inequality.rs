//! Inequality (不均等) among units such as counties, each counted by its weight.
//!
//! Values have any unit, weights too; a weight says how many persons, say, stand behind a value.
//! Units are sorted first, so the same units in any order give the same bits. Sums are
//! compensated: each has the accuracy of its own terms.
//!
//! Everywhere here there is no figure where the two slices differ in length, a weight is below 0 or
//! not finite, no weight is above 0, or a sum leaves the range of floats. A unit of weight 0 does
//! not count, whatever its value; all other values must be finite.

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

/// The Theil index T (泰尔指数, GE(1)): 0 where all are equal, ln n where one of n has all.
///
/// # Formula
/// `Σ (w/W)(x/μ) ln(x/μ)`, where a value of 0 adds nothing. Added as `Σ (w/W)(r ln r − (r − 1))`
/// with `r = x/μ`, which is the same, and of which no term is negative.
///
/// # Missing values
/// None too where a value is below 0, or the mean is 0.
///
/// # Example
/// ```
/// use zhibiao::stat::theil_t;
/// let one_has_all = theil_t(&[0.0, 5.0, 0.0], &[1.0; 3]).unwrap();
/// assert!((one_has_all - 3.0_f64.ln()).abs() < 1e-15);
/// ```
///
/// # References
/// Theil (1967), *Economics and Information Theory*, chapter 4.
#[must_use]
pub fn theil_t(values: &[f64], weights: &[f64]) -> Option<f64> {
    index_of(Theil::T, values, weights)
}

/// The Theil index L (平均对数离差, GE(0)), or mean logarithmic deviation: 0 where all are equal,
/// without an upper end.
///
/// # Formula
/// `Σ (w/W) ln(μ/x)`, added as `Σ (w/W)((r − 1) − ln r)` with `r = x/μ`, which is the same, and of
/// which no term is negative.
///
/// # Missing values
/// None too where a value is not above 0.
///
/// # Example
/// ```
/// use zhibiao::stat::theil_l;
/// // ln(5 ÷ √(2 × 8))
/// assert!((theil_l(&[2.0, 8.0], &[1.0, 1.0]).unwrap() - 1.25_f64.ln()).abs() < 1e-15);
/// assert_eq!(theil_l(&[0.0, 8.0], &[1.0, 1.0]), None);
/// ```
///
/// # References
/// As for [`theil_t`].
#[must_use]
pub fn theil_l(values: &[f64], weights: &[f64]) -> Option<f64> {
    index_of(Theil::L, values, weights)
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

/// Which of Theil's indices.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Theil {
    /// [`theil_t`]: groups count by what they have.
    T,
    /// [`theil_l`]: groups count by their weight.
    L,
}

/// A Theil index in its parts: how much of it lies between groups, level by level, and how much
/// within those of the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// The index itself.
    pub total: f64,
    /// One a level, outermost first: between its groups, inside those of the level before.
    pub between: Vec<f64>,
    /// Between the units, inside the groups of the last level.
    pub within: f64,
}

/// Splits a Theil index by nested groups (泰尔指数的分解): provinces, prefectures in them, counties.
///
/// `levels[k][i]` is the group of unit i at level k, outermost first. A group is known by its own
/// label and those of the levels before it: 市辖区 of two prefectures are two groups. Without levels
/// all is within.
///
/// # Formula
/// With g a group of the level before (at first all units) and h its parts (at last single units),
/// a level has `Σ (w_h/W)(μ_g/μ)(r ln r − (r − 1))` of T and `Σ (w_h/W)((r − 1) − ln r)` of L, with
/// `r = μ_h/μ_g`. Parts are added each by itself; they come to the total but for rounding, to some
/// 1e-16 of it over the coefficient of variation.
///
/// # Missing values
/// As for [`theil_t`] and [`theil_l`]; none too where a level differs in length.
///
/// # Example
/// ```
/// use zhibiao::stat::{Theil, decompose};
/// let spending = [2.0, 4.0, 6.0, 12.0];
/// let (province, city) = (vec![14, 14, 61, 61], vec![1, 2, 1, 2]);
/// let parts = decompose(Theil::L, &spending, &[1.0; 4], &[province, city]).unwrap();
/// // ½ ln(4/3) between provinces and ½ ln(9/8) between the cities of each.
/// assert!((parts.total - 0.5 * 1.5_f64.ln()).abs() < 1e-15);
/// assert!((parts.between[1] - 0.5 * 1.125_f64.ln()).abs() < 1e-15);
/// assert_eq!(parts.within, 0.0);
/// ```
///
/// # References
/// Shorrocks (1980), Econometrica 48:613–625; nested levels as Akita (2003), Annals of Regional
/// Science 37:55–77.
#[must_use]
pub fn decompose(
    index: Theil,
    values: &[f64],
    weights: &[f64],
    levels: &[Vec<usize>],
) -> Option<Decomposition> {
    let total = index_of(index, values, weights)?;
    let units = nested(values, weights, levels)?;
    let whole = index.size(&units);
    let inside = |depth: usize| {
        finite(sum(groups(&units, depth).map(|group| {
            let parts = groups(group, depth.saturating_add(1));
            index.size(group) / whole * index.of(group, parts)
        })))
    };
    Some(Decomposition {
        total,
        between: (0..levels.len()).map(inside).collect::<Option<_>>()?,
        within: inside(levels.len())?,
    })
}

impl Theil {
    /// The index of the parts of a group.
    fn of<'a>(self, group: &[Unit], parts: impl Iterator<Item = &'a [Unit]>) -> f64 {
        let (whole, around) = (weight(group), mean(group));
        sum(parts.map(|part| weight(part) / whole * self.term(mean(part), around)))
    }

    /// By what a group counts.
    fn size(self, group: &[Unit]) -> f64 {
        match self {
            Self::T => weight(group) * mean(group),
            Self::L => weight(group),
        }
    }

    /// What a value adds to the index around a mean; 0 in a group that has nothing.
    fn term(self, value: f64, mean: f64) -> f64 {
        let (ratio, excess) = (value / mean, (value - mean) / mean);
        let term = match self {
            Self::T if ratio > 0.0 => ratio * log_ratio(value, mean) - excess,
            Self::T if mean > 0.0 => 1.0,
            Self::T => 0.0,
            Self::L => excess - log_ratio(value, mean),
        };
        // Below 0 only by rounding.
        term.clamp(0.0, f64::INFINITY)
    }
}

/// The index of single units, where it exists.
fn index_of(index: Theil, values: &[f64], weights: &[f64]) -> Option<f64> {
    let units = units(values, weights)?;
    let (least, mean) = (units.first()?.value, finite(mean(&units))?);
    let exists = match index {
        Theil::T => least >= 0.0 && mean > 0.0,
        Theil::L => least > 0.0,
    };
    if exists { finite(index.of(&units, units.chunks(1))) } else { None }
}

/// A unit that counts.
struct Unit {
    value: f64,
    /// Above 0.
    weight: f64,
    /// Its group at each level.
    path: Vec<usize>,
}

/// The units that count, by value.
fn units(values: &[f64], weights: &[f64]) -> Option<Vec<Unit>> {
    nested(values, weights, &[])
}

/// The units that count, at least one: those of a group together, and by value in it.
fn nested(values: &[f64], weights: &[f64], levels: &[Vec<usize>]) -> Option<Vec<Unit>> {
    let same_length = levels.iter().map(Vec::len).chain([weights.len()]).all(|n| n == values.len());
    if !same_length || !weights.iter().all(|weight| *weight >= 0.0) {
        return None;
    }
    let path = |at| levels.iter().filter_map(|level| level.get(at).copied()).collect();
    let pairs = values.iter().zip(weights).enumerate().filter(|(_, (_, weight))| **weight > 0.0);
    let mut units: Vec<Unit> =
        pairs.map(|(at, (&value, &weight))| Unit { value, weight, path: path(at) }).collect();
    units.sort_by(|a, b| {
        let by_value = || a.value.total_cmp(&b.value).then(a.weight.total_cmp(&b.weight));
        a.path.cmp(&b.path).then_with(by_value)
    });
    let counts = weight(&units) > 0.0 && weight(&units).is_finite();
    (counts && units.iter().all(|unit| unit.value.is_finite())).then_some(units)
}

/// The groups of a level: what shares so much of its path; beyond the last level single units.
fn groups(units: &[Unit], depth: usize) -> impl Iterator<Item = &[Unit]> {
    units.chunk_by(move |a, b| a.path.get(..depth).is_some_and(|path| b.path.starts_with(path)))
}

fn weight(units: &[Unit]) -> f64 {
    sum(units.iter().map(|unit| unit.weight))
}

/// The mean of some figure of the value.
fn average(units: &[Unit], figure: impl Fn(f64) -> f64) -> f64 {
    mean_of(&units.iter().map(|unit| (figure(unit.value), unit.weight)))
}

fn mean(units: &[Unit]) -> f64 {
    mean_of(&units.iter().map(|unit| (unit.value, unit.weight)))
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

/// ln(value / base) of positive numbers, accurate also where they are nearly the same.
pub(super) fn log_ratio(value: f64, base: f64) -> f64 {
    let excess = (value - base) / base;
    if excess.abs() < 0.5 { excess.ln_1p() } else { (value / base).ln() }
}

/// The weighted mean, of equal values their very value.
pub(super) fn mean_of(pairs: &(impl Iterator<Item = (f64, f64)> + Clone)) -> f64 {
    let whole = sum(pairs.clone().map(|(_, weight)| weight));
    let from =
        |base: f64| sum(pairs.clone().map(|(value, weight)| weight * (value - base))) / whole;
    let rough = from(0.0);
    rough + from(rough)
}

/// A figure that exists.
pub(super) fn finite(figure: f64) -> Option<f64> {
    Some(figure).filter(|figure| figure.is_finite())
}

/// The sum, with what rounding lost on the way added at the end (Neumaier 1974, Zeitschrift für
/// Angewandte Mathematik und Mechanik 54:39–51).
pub(super) fn sum(terms: impl IntoIterator<Item = f64>) -> f64 {
    terms.into_iter().fold(Sum::default(), Sum::plus).value()
}

#[derive(Clone, Copy, Default)]
struct Sum {
    rounded: f64,
    lost: f64,
}

impl Sum {
    fn plus(self, term: f64) -> Self {
        let rounded = self.rounded + term;
        let lost = if self.rounded.abs() >= term.abs() {
            (self.rounded - rounded) + term
        } else {
            (term - rounded) + self.rounded
        };
        Self { rounded, lost: self.lost + lost }
    }

    fn value(self) -> f64 {
        self.rounded + self.lost
    }
}

/// The sum of so many terms after each.
pub(super) fn running(terms: impl Iterator<Item = f64>) -> Vec<f64> {
    terms
        .scan(Sum::default(), |sum, term| {
            *sum = sum.plus(term);
            Some(sum.value())
        })
        .collect()
}

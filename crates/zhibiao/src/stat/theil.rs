//! Theil indices, and their parts between and within groups.

use super::adding::{finite, log_ratio, sum};
use super::units::{Unit, groups, mean, nested, units, weight};

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

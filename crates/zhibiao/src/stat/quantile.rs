//! Quantiles, and the bands that they cut.

use std::cmp::Ordering;
use std::str::FromStr;

use super::rank::{Ties, count, places};
use crate::error::{Error, Result, one_of};

/// How quantiles lie between figures (分位数算法).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum QuantileMethod {
    /// At position `p(n − 1) + 1`: R type 7, the default of R, numpy and Excel's `QUARTILE.INC`.
    #[default]
    R7,
    /// At position `p(n + 1)`: R type 6, Excel's `QUARTILE.EXC`.
    R6,
}

/// How bands are cut (分档方法).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum BandMethod {
    /// By ranks, as evenly as may be, equal ones together in the best of their bands. The default.
    #[default]
    Phe,
    /// By quantiles: a figure up to and including one lies in the band below it, whichever is the
    /// better. Where many share the highest figure, that is the quantile, and they lie below it.
    Quantiles(QuantileMethod),
}

impl FromStr for QuantileMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("method for quantiles", text, &[("r7", Self::R7), ("r6", Self::R6)])
    }
}

impl FromStr for BandMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = [
            ("r7", Self::Quantiles(QuantileMethod::R7)),
            ("r6", Self::Quantiles(QuantileMethod::R6)),
            ("phe", Self::Phe),
        ];
        one_of("method for bands", text, &known)
    }
}

/// A quantile (分位数) of sorted figures, in their unit.
///
/// # Formula
/// With h the position that the method gives to the share p of n figures, cut to 1 and n:
/// `x[⌊h⌋] + (h − ⌊h⌋)(x[⌊h⌋ + 1] − x[⌊h⌋])`.
///
/// # Missing values
/// None of no figures, and of a share outside 0 to 1.
///
/// # Example
/// ```
/// use zhibiao::stat::{QuantileMethod, quantile};
/// let sorted = [1.0, 2.0, 4.0, 8.0];
/// assert_eq!(quantile(&sorted, 0.25, QuantileMethod::R7), Some(1.75));
/// assert_eq!(quantile(&sorted, 0.25, QuantileMethod::R6), Some(1.25));
/// ```
///
/// # References
/// Hyndman & Fan (1996), American Statistician 50:361–365, definitions 6 and 7.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64, method: QuantileMethod) -> Option<f64> {
    let (at, towards) = position(sorted.len(), share, method)?;
    let here = *sorted.get(at)?;
    match sorted.get(at.saturating_add(1)) {
        Some(next) if towards > 0.0 => Some(here + towards * (next - here)),
        _ => Some(here),
    }
}

fn position(n: usize, share: f64, method: QuantileMethod) -> Option<(usize, f64)> {
    if n == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let all = count(n);
    let at = match method {
        QuantileMethod::R7 => share * (all - 1.0),
        QuantileMethod::R6 => (share * (all + 1.0) - 1.0).clamp(0.0, all - 1.0),
    };
    // A position that is whole but for the last digits of the product is whole.
    let near = at.round();
    let at = if (at - near).abs() < 4.0 * f64::EPSILON * all { near } else { at };
    let whole = (1..n).take_while(|index| count(*index) <= at).count();
    Some((whole, at - count(whole)))
}

/// The bands of items (分档), 1 the best; in the order of the items.
///
/// `ascending` compares two figures; `high` tells whether the highest are the best. Only the order
/// of figures decides, so that exact figures have exact bands.
///
/// # Formula
/// Quantiles: one less than the number of cuts `j/bands` that a figure exceeds, counted from the
/// lowest. By ranks, with r the rank of the best first (ties min) of n:
/// `bands + 1 − ⌈(n + 1 − r) · bands / n⌉`.
///
/// # Missing values
/// None below 2 bands, and where there are fewer figures than bands.
///
/// # Example
/// ```
/// use zhibiao::stat::{BandMethod, bands};
/// let values = [1, 2, 3, 4, 5, 6, 7, 8];
/// assert_eq!(bands(&values, Ord::cmp, true, 4, BandMethod::default()).unwrap(), [4, 4, 3, 3, 2, 2, 1, 1]);
/// assert_eq!(bands(&values, Ord::cmp, true, 9, BandMethod::default()), None);
/// ```
///
/// # References
/// Quantiles as in Hyndman & Fan (1996), American Statistician 50:361–365; by ranks as
/// `phe_quantile` of `PHEindicatormethods` 2.1.0.
pub fn bands<T>(
    items: &[T],
    ascending: impl Fn(&T, &T) -> Ordering,
    high: bool,
    bands: usize,
    method: BandMethod,
) -> Option<Vec<usize>> {
    let n = items.len();
    if bands < 2 || n < bands {
        return None;
    }
    let method = match method {
        BandMethod::Quantiles(method) => method,
        BandMethod::Phe => {
            let best_first = |a: &T, b: &T| if high { ascending(b, a) } else { ascending(a, b) };
            let band = |before: usize| {
                let of_rank = n.saturating_sub(before).saturating_mul(bands).div_ceil(n);
                bands.saturating_add(1).saturating_sub(of_rank)
            };
            let places = places(items, best_first, Ties::Min);
            return Some(places.into_iter().map(|place| band(place.before)).collect());
        }
    };
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_by(|a, b| ascending(a, b));
    // No figure lies between a quantile and the figure below it.
    let below = |cut: usize| match method {
        QuantileMethod::R7 => cut.saturating_mul(n.saturating_sub(1)).checked_div(bands),
        QuantileMethod::R6 => {
            let at = cut.saturating_mul(n.saturating_add(1)).checked_div(bands)?;
            Some(at.saturating_sub(1).min(n.saturating_sub(1)))
        }
    };
    let cuts: Vec<&T> = (1..bands).filter_map(|cut| sorted.get(below(cut)?).copied()).collect();
    let band = |item: &T| {
        let from_lowest = cuts.iter().filter(|cut| ascending(item, cut).is_gt()).count();
        if high { bands.saturating_sub(from_lowest) } else { from_lowest.saturating_add(1) }
    };
    Some(items.iter().map(band).collect())
}

//! Ranks among equals and others.

use std::cmp::Ordering;
use std::str::FromStr;

use crate::error::{Error, Result, one_of};

/// What rank equal ones have (并列规则).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Ties {
    /// The best of the places that they take together: 1, 2, 2, 4. The default.
    #[default]
    Min,
    /// The worst of them: 1, 3, 3, 4.
    Max,
    /// Their mean: 1, 2.5, 2.5, 4.
    Average,
    /// Places are not left free: 1, 2, 2, 3.
    Dense,
}

impl FromStr for Ties {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = [
            ("min", Self::Min),
            ("max", Self::Max),
            ("average", Self::Average),
            ("dense", Self::Dense),
        ];
        one_of("rule for ties", text, &known)
    }
}

/// The place of one among others (位次).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The rank, from 1.
    pub rank: f64,
    /// How many stand before.
    pub before: usize,
    /// How many are equal, itself among them.
    pub equal: usize,
}

impl Place {
    /// The share of `all` that stand behind, equal ones counted by half (百分位), in %.
    ///
    /// # References
    /// The mid-rank percentile of Parzen (1979), JASA 74:105–121.
    #[must_use]
    pub fn percentile(self, all: usize) -> f64 {
        let behind = count(all) - count(self.before) - count(self.equal);
        100.0 * (behind + count(self.equal) / 2.0) / count(all)
    }
}

/// The places of items (位次), the best first.
///
/// `order` compares two items; `Less` stands before. Items that it finds equal share a rank.
///
/// # Example
/// ```
/// use zhibiao::stat::{Ties, places};
/// let values = [30, 10, 20, 20];
/// let ranks = |ties| places(&values, Ord::cmp, ties).iter().map(|place| place.rank).collect::<Vec<_>>();
/// assert_eq!(ranks(Ties::Min), [4.0, 1.0, 2.0, 2.0]);
/// assert_eq!(ranks(Ties::Average), [4.0, 1.0, 2.5, 2.5]);
/// assert_eq!(ranks(Ties::Dense), [3.0, 1.0, 2.0, 2.0]);
/// ```
pub fn places<T>(items: &[T], order: impl Fn(&T, &T) -> Ordering, ties: Ties) -> Vec<Place> {
    let mut sorted: Vec<(usize, &T)> = items.iter().enumerate().collect();
    sorted.sort_by(|(_, a), (_, b)| order(a, b));
    let mut found = vec![Place { rank: 0.0, before: 0, equal: 0 }; items.len()];
    let mut before = 0_usize;
    let mut groups = 0.0;
    for group in sorted.chunk_by(|(_, a), (_, b)| order(a, b) == Ordering::Equal) {
        groups += 1.0;
        let equal = group.len();
        let rank = match ties {
            Ties::Min => count(before) + 1.0,
            Ties::Max => count(before) + count(equal),
            Ties::Average => count(before) + f64::midpoint(count(equal), 1.0),
            Ties::Dense => groups,
        };
        for (at, _) in group {
            if let Some(place) = found.get_mut(*at) {
                *place = Place { rank, before, equal };
            }
        }
        before = before.saturating_add(equal);
    }
    found
}

/// A number of items as a float, exact below 2^32.
pub(crate) fn count(items: usize) -> f64 {
    u32::try_from(items).map_or(f64::from(u32::MAX), f64::from)
}

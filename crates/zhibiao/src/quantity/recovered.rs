//! Counts that a published rate leaves possible (反推).

use crate::error::Result;
use crate::number::{Bounds, Decimal, End, Ratio};

/// What a count may be that a published rate was made of (反推分子): the rate as rounded, times the
/// denominator.
///
/// # Units
/// `rate` with its decimals as printed, in a unit whose whole is `whole`: 100 for %, 1000 for ‰.
///
/// # Errors
/// `zero-denominator` for a whole of 0, `overflow` beyond 128 bits.
///
/// # Example
/// ```
/// use zhibiao::quantity::{numerator_of, whole_numbers};
/// // 55.5 % of 9000 children are in public kindergartens.
/// let children = numerator_of("55.5".parse()?, 100, 9000)?;
/// assert_eq!(whole_numbers(&children), Some((4991, 4999)));
/// # Ok::<(), zhibiao::Error>(())
/// ```
pub fn numerator_of(rate: Decimal, whole: i128, denominator: i128) -> Result<Bounds> {
    let factor = Ratio::new(denominator, whole)?;
    let around = Bounds::around(rate)?;
    // A count is not below 0.
    let counts = Bounds { lo: End::Closed(Ratio::ZERO), hi: End::Infinite };
    around.both(&counts).unwrap_or(around).mul(&Bounds::exact(factor))
}

/// The smallest and the largest whole number within bounds (界内整数); none if there is no whole
/// number, or no end to them.
#[must_use]
pub fn whole_numbers(bounds: &Bounds) -> Option<(i128, i128)> {
    let least = match bounds.lo {
        End::Closed(lo) => lo.ceil().ok()?,
        End::Open(lo) => lo.floor().checked_add(1)?,
        End::Infinite => return None,
    };
    let most = match bounds.hi {
        End::Closed(hi) => hi.floor(),
        End::Open(hi) => hi.ceil().ok()?.checked_sub(1)?,
        End::Infinite => return None,
    };
    (least <= most).then_some((least, most))
}

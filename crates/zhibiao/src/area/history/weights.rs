//! Shares in which an area was divided, as its user knows them.

use std::collections::{BTreeMap, BTreeSet};

use crate::area::AreaCode;
use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio, RoundMode};

/// Shares by area and year: how figures of a divided area fall to its successors (权重).
pub(super) type Shares = BTreeMap<(AreaCode, u16), Vec<(AreaCode, Ratio)>>;

/// Shares in which areas were divided (权重), such as those of their inhabitants.
///
/// # Example
/// ```
/// use zhibiao::area::history::Weights;
/// let datong = "140202".parse()?;
/// let shares = [("140213".parse()?, "0.9".parse()?), ("140214".parse()?, "0.1".parse()?)];
/// let weights = Weights::new().divide(datong, 2017, &shares)?;
/// let error = weights.divide(datong, 2017, &shares[..1]).unwrap_err();
/// assert_eq!(error.code(), "bad-shares");
/// assert!(error.to_string().contains("add up to 0.9"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Weights(pub(super) Shares);

impl Weights {
    /// No shares.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the shares of an area of one year, by the areas of the year that the crosswalk leads to.
    ///
    /// They hold for all years in which the area stands under that code and name, and for what
    /// became it.
    ///
    /// # Errors
    /// `bad-shares` where a share is below 0, an area has two, or they do not add up to exactly 1;
    /// `overflow`.
    pub fn divide(
        mut self,
        code: AreaCode,
        year: u16,
        shares: &[(AreaCode, Decimal)],
    ) -> Result<Self> {
        let bad = |reason: String| {
            Problem::BadShares { code: code.to_string(), year: year.into(), reason }.into()
        };
        let mut seen = BTreeSet::new();
        let mut sum = Ratio::ZERO;
        for (to, share) in shares {
            if *share < Decimal::integer(0) {
                return Err(bad(format!("have {share} for {to}")));
            }
            if !seen.insert(*to) {
                return Err(bad(format!("have two shares for {to}")));
            }
            sum = sum.add(share.ratio())?;
        }
        if sum != Ratio::integer(1) {
            let decimals = shares.iter().map(|(_, share)| share.scale()).max().unwrap_or(0);
            let decimals = i8::try_from(decimals).unwrap_or(i8::MAX);
            let sum = sum.rounded(decimals, RoundMode::HalfAway)?;
            return Err(bad(format!("add up to {sum}")));
        }
        self.0
            .insert((code, year), shares.iter().map(|(to, share)| (*to, share.ratio())).collect());
        Ok(self)
    }
}

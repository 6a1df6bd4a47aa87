//! The state of a dispersion (差异系数的聚合状态): exact, mergeable, free of order.

use std::collections::BTreeMap;

use num_bigint::{BigInt, BigUint, Sign};

use crate::number::Root;

/// Sums of the resource s and the weight p over units such as schools, and for each distinct p the
/// sum of s².
///
/// A unit is added once, with its own sums: its classes or stages are summed before squaring.
/// Merging the states of two disjoint sets of units gives the state of both.
///
/// # Formula
/// With X = Σs/Σp the mean, `CV² = Σp·Σ(s²/p)/(Σs)² − 1`: the variance of s/p weighted by p, over
/// X². No unit counts less for being measured together with others (no Bessel correction).
///
/// # Example
/// ```
/// use zhibiao::number::RoundMode;
/// use zhibiao::state::Spread;
/// // The example that circulates with 教督〔2012〕3号: books and pupils of five schools.
/// let mut books = Spread::default();
/// for (s, p) in [(279, 45), (137, 37), (935, 89), (160, 76), (402, 55)] {
///     books.add(s, p);
/// }
/// // Published as 0.52; standard deviation over mean would be 0.489 and pass 0.50.
/// assert_eq!(books.variation().unwrap().rounded(4, RoundMode::HalfAway)?.to_string(), "0.5153");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Spread {
    resource: BigInt,
    weight: BigUint,
    /// Σs² by p.
    squares: BTreeMap<u128, BigUint>,
    weightless: u64,
}

#[expect(clippy::arithmetic_side_effects, reason = "big integers grow; the divisors are positive")]
impl Spread {
    /// Adds a unit with its resource and weight; one whose weight is not positive has no ratio: it
    /// is left out, and counted if it has any of the resource.
    pub fn add(&mut self, resource: i128, weight: i128) {
        let Some(weight) = u128::try_from(weight).ok().filter(|weight| *weight > 0) else {
            self.weightless = self.weightless.saturating_add(u64::from(resource != 0));
            return;
        };
        self.resource += resource;
        self.weight += weight;
        *self.squares.entry(weight).or_default() += BigUint::from(resource.unsigned_abs()).pow(2);
    }

    /// Combines the states of two disjoint sets of units.
    #[must_use]
    pub fn merge(mut self, other: &Self) -> Self {
        self.resource += &other.resource;
        self.weight += &other.weight;
        for (weight, squares) in &other.squares {
            *self.squares.entry(*weight).or_default() += squares;
        }
        self.weightless = self.weightless.saturating_add(other.weightless);
        self
    }

    /// Units that were left out because they have some of the resource, but no weight.
    #[must_use]
    pub const fn weightless(&self) -> u64 {
        self.weightless
    }

    /// Whether the resource is below nothing, so that it has no mean to be spread around.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.resource.sign() == Sign::Minus
    }

    /// The coefficient of variation; none where there is nothing to be spread.
    #[must_use]
    pub fn variation(&self) -> Option<Root> {
        let total = self.resource.to_biguint().filter(|total| *total != BigUint::default())?;
        // Σ(s²/p) over the least common multiple of the weights met so far.
        let (mut num, mut den) = (BigUint::default(), BigUint::from(1_u8));
        for (weight, squares) in &self.squares {
            let shared = gcd(*weight, u128::try_from(&den % *weight).unwrap_or(0));
            let (own, rest) = (weight.checked_div(shared)?, &den / shared);
            num = num * own + squares * rest;
            den *= own;
        }
        let mean_square = &den * total.pow(2);
        // Not negative, by the inequality of Cauchy and Schwarz.
        let excess = BigInt::from(&self.weight * num) - BigInt::from(mean_square.clone());
        Some(Root::of_parts(excess.to_biguint()?, mean_square))
    }
}

/// Greatest common divisor of a positive `a` and `b`.
fn gcd(a: u128, b: u128) -> u128 {
    let (mut large, mut small) = (a, b);
    while small != 0 {
        (large, small) = (small, large.checked_rem(small).unwrap_or(0));
    }
    large
}

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
        let fractions =
            self.squares.iter().map(|(p, squares)| (squares.clone(), BigUint::from(*p)));
        let (num, den) = sum_of(fractions.collect());
        let mean_square = &den * total.pow(2);
        // Not negative, by the inequality of Cauchy and Schwarz.
        let excess = BigInt::from(&self.weight * num) - BigInt::from(mean_square.clone());
        Some(Root::of_parts(excess.to_biguint()?, mean_square))
    }
}

/// The sum of fractions: pairwise, so that numbers of like size meet.
#[expect(clippy::arithmetic_side_effects, reason = "big integers grow")]
fn sum_of(mut fractions: Vec<(BigUint, BigUint)>) -> (BigUint, BigUint) {
    while fractions.len() > 1 {
        let pairs = fractions.chunks(2).map(|pair| match pair {
            [(a, b), (c, d)] => (a * d + c * b, b * d),
            rest => rest.first().cloned().unwrap_or_default(),
        });
        fractions = pairs.collect();
    }
    fractions.pop().unwrap_or_else(|| (BigUint::default(), BigUint::from(1_u8)))
}

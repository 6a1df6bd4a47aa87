//! Quotients of sums whose figures are known within bounds (有界比率).

use super::bounds::{Bounds, End};
use super::ratio::Ratio;
use crate::error::Result;

/// Rounds in which an extreme is found. Each takes at least one more figure to the end where it
/// stays, and in practice there are fewer than ten.
const ROUNDS: usize = 1000;

/// A figure as it goes into a quotient: so many times into the numerator, and so many into the
/// denominator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotientPart {
    /// How often it is in the numerator.
    pub above: Ratio,
    /// How often it is in the denominator.
    pub below: Ratio,
    /// Where it lies; the lower end is finite.
    pub bounds: Bounds,
}

/// The quotient `(above + Σ aᵢxᵢ) / (below + Σ bᵢxᵢ)` of figures that each lie within bounds of their
/// own (区间比率).
///
/// It rises or falls with each figure alone, so its extremes are taken at ends of bounds: the upper
/// end of `xᵢ` if `aᵢ − t·bᵢ` has the right sign, else the lower one, with `t` the extreme itself, which
/// is found by starting anywhere and repeating (Dinkelbach 1967). A figure that is in numerator and
/// denominator counts once, so the bounds are tight for figures that know nothing of each other.
///
/// # Example
/// ```
/// use zhibiao::number::{Bounds, BoundedQuotient, End, QuotientPart, Ratio};
/// // 60 of 100 children are in public kindergartens, and of one more county nothing but that it has
/// // 0 to 10, all of them public: 60/100 to 70/110, not to 70/100.
/// let ten = Bounds { lo: End::Closed(Ratio::ZERO), hi: End::Closed(Ratio::integer(10)) };
/// let one = Ratio::integer(1);
/// let quotient = BoundedQuotient {
///     above: Ratio::integer(60),
///     below: Ratio::integer(100),
///     parts: vec![QuotientPart { above: one, below: one, bounds: ten }],
/// };
/// let bounds = quotient.bounds()?.expect("the denominator is positive");
/// assert_eq!(bounds.lo, End::Closed(Ratio::new(3, 5)?));
/// assert_eq!(bounds.hi, End::Closed(Ratio::new(7, 11)?));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BoundedQuotient {
    /// What is exactly in the numerator.
    pub above: Ratio,
    /// What is exactly in the denominator; 1 for a sum.
    pub below: Ratio,
    /// Figures that are known within bounds.
    pub parts: Vec<QuotientPart>,
}

/// Which way an extreme lies.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Way {
    Down,
    Up,
}

impl BoundedQuotient {
    /// Where the quotient lies; none where its denominator may be 0 or below, or a lower end is not
    /// finite.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn bounds(&self) -> Result<Option<Bounds>> {
        let mut least = self.below;
        for part in &self.parts {
            let falls = part.below < Ratio::ZERO;
            let end = if falls { part.bounds.hi } else { part.bounds.lo };
            let (Some(end), Some(_)) = (end.value(), part.bounds.lo.value()) else {
                return Ok(None);
            };
            least = least.add(part.below.mul(end)?)?;
        }
        if least <= Ratio::ZERO {
            return Ok(None);
        }
        Ok(Some(Bounds { lo: self.extreme(Way::Down)?, hi: self.extreme(Way::Up)? }))
    }

    /// Where the quotient lies as far as its denominator, which may be 0, is above 0: numerator and
    /// denominator are taken apart, so these bounds need not be tight. Numerator and figures are not
    /// below 0.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn bounds_above_zero(&self) -> Result<Bounds> {
        let side = |exact: Ratio, times: fn(&QuotientPart) -> Ratio| {
            self.parts.iter().try_fold(Bounds::exact(exact), |sum, part| {
                sum.add(&part.bounds.mul(&Bounds::exact(times(part)))?)
            })
        };
        let least = match side(self.above, |part| part.above)?.lo {
            End::Infinite => End::Closed(Ratio::ZERO),
            end => end,
        };
        let lo = match (least.value(), side(self.below, |part| part.below)?.hi) {
            (Some(least), _) if least <= Ratio::ZERO => End::Closed(Ratio::ZERO),
            (Some(least), End::Closed(most)) if most > Ratio::ZERO => End::Closed(least.div(most)?),
            (Some(least), End::Open(most)) if most > Ratio::ZERO => End::Open(least.div(most)?),
            _ => End::Open(Ratio::ZERO),
        };
        Ok(Bounds { lo, hi: End::Infinite })
    }

    /// The quotient where each figure is a given number.
    ///
    /// # Errors
    /// `zero-denominator`, `overflow`.
    pub fn at(&self, figures: impl IntoIterator<Item = Ratio>) -> Result<Ratio> {
        let (mut above, mut below) = (self.above, self.below);
        for (part, figure) in self.parts.iter().zip(figures) {
            above = above.add(part.above.mul(figure)?)?;
            below = below.add(part.below.mul(figure)?)?;
        }
        above.div(below)
    }

    /// The outermost value on one side. What has no upper end stays at its lower one, or goes so far
    /// that nothing else counts.
    fn extreme(&self, way: Way) -> Result<End> {
        let start = self.parts.iter().filter_map(|part| part.bounds.lo.value());
        let mut value = self.at(start)?;
        for _ in 0..ROUNDS {
            let mut figures = Vec::with_capacity(self.parts.len());
            for part in &self.parts {
                figures.extend(part.end(value, way)?.value());
            }
            let next = self.at(figures)?;
            if next == value {
                break;
            }
            value = next;
        }
        let mut extreme = End::Closed(value);
        for part in &self.parts {
            if part.pull(value)? != Ratio::ZERO && matches!(part.end(value, way)?, End::Open(_)) {
                extreme = End::Open(value);
            }
        }
        for part in self.parts.iter().filter(|part| part.bounds.hi == End::Infinite) {
            if !way.is_towards(part.pull(value)?) {
                continue;
            }
            if part.below == Ratio::ZERO {
                return Ok(End::Infinite);
            }
            let limit = part.above.div(part.below)?;
            let Some(so_far) = extreme.value() else { return Ok(extreme) };
            if way.is_towards(limit.sub(so_far)?) {
                extreme = End::Open(limit);
            }
        }
        Ok(extreme)
    }
}

impl QuotientPart {
    /// How strongly the figure pulls a quotient up that is now `value`.
    fn pull(&self, value: Ratio) -> Result<Ratio> {
        self.above.sub(value.mul(self.below)?)
    }

    /// The end of its bounds that takes a quotient farthest; of what has no upper end, the lower one.
    fn end(&self, value: Ratio, way: Way) -> Result<End> {
        let upward = way.is_towards(self.pull(value)?);
        Ok(if upward && self.bounds.hi != End::Infinite { self.bounds.hi } else { self.bounds.lo })
    }
}

impl Way {
    /// Whether a difference leads this way.
    fn is_towards(self, difference: Ratio) -> bool {
        match self {
            Self::Down => difference < Ratio::ZERO,
            Self::Up => difference > Ratio::ZERO,
        }
    }
}

//! Bounded figures (有界数): figures of which only bounds are known, and why.

use crate::error::Result;
use crate::number::{Bounds, Decimal, End, Ratio};
use crate::symbol::Mark;

/// What is known of a figure that is no exact number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bounded {
    /// Where it lies, in base units.
    pub(crate) bounds: Bounds,
    /// The number that stands for it; none where it is withheld.
    pub(crate) figure: Option<Ratio>,
    pub(crate) why: Why,
}

/// Why a figure is not known exactly.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Why {
    /// It is told by words, such as 余, or rounded.
    Told,
    /// It is less than the unit of its column.
    BelowUnit,
    /// It is withheld.
    Suppressed,
    /// There is no such figure: it adds nothing to a sum.
    NotApplicable,
}

impl Bounded {
    /// What a symbol leaves of a figure whose unit is so many base units; none where it says
    /// exactly nothing, or that nothing is known.
    pub(super) fn of_mark(mark: Mark, unit: Decimal) -> Option<Self> {
        let zero = Ratio::ZERO;
        let (lo, hi, why) = match mark {
            Mark::Zero | Mark::Missing => return None,
            Mark::Suppressed => (End::Closed(zero), End::Infinite, Why::Suppressed),
            Mark::BelowUnit => (End::Open(zero), End::Open(unit.ratio()), Why::BelowUnit),
            Mark::NotApplicable => (End::Closed(zero), End::Closed(zero), Why::NotApplicable),
        };
        let figure = (why != Why::Suppressed).then_some(zero);
        Some(Self { bounds: Bounds { lo, hi }, figure, why })
    }

    /// A figure that is withheld, but known to be below a limit above 0, in base units; a count is a
    /// whole number.
    pub(super) fn below(limit: Decimal, count: bool) -> Result<Self> {
        let hi = if count {
            End::Closed(Ratio::integer(limit.ratio().ceil()?.saturating_sub(1)))
        } else {
            End::Open(limit.ratio())
        };
        let bounds = Bounds { lo: End::Closed(Ratio::ZERO), hi };
        Ok(Self { bounds, figure: None, why: Why::Suppressed })
    }

    /// A figure told by words: a number and its bounds, in a unit that is so many powers of ten above
    /// the base.
    pub(super) fn told(bounds: &Bounds, number: Decimal, shift: i8) -> Result<Self> {
        let unit = Decimal::integer(1).shifted(shift)?.ratio();
        Ok(Self {
            bounds: bounds.mul(&Bounds::exact(unit))?,
            figure: Some(number.shifted(shift)?.ratio()),
            why: Why::Told,
        })
    }

    /// The same figure, which is a part of a whole and so no larger.
    pub(super) fn at_most(self, whole: Ratio) -> Self {
        let part = Bounds { lo: End::Infinite, hi: End::Closed(whole) };
        Self { bounds: self.bounds.both(&part).unwrap_or(self.bounds), ..self }
    }
}

//! Units of formulas (量纲): what products, quotients, sums and differences of units come to.

use std::collections::BTreeMap;

use super::{Counted, Quantity, Unit};

/// A pure number or a part of a whole.
const FRACTION: u8 = 1;
/// A difference of percentages.
const POINTS: u8 = 2;

/// Powers of counted units, and what a figure without any may be: 元/人 is one 元 and minus one 人.
///
/// A difference of two percentages may be read as points and as a part of a whole: `2 - a` is a
/// number, `a - b` may be either.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Powers {
    of: BTreeMap<Counted, i8>,
    readings: u8,
}

impl Powers {
    /// A number without unit.
    pub(crate) const fn number() -> Self {
        Self { of: BTreeMap::new(), readings: FRACTION }
    }

    /// Those of a unit.
    pub(crate) fn of(unit: &Unit) -> Self {
        let counted = |counted: Counted, power: i8| Self {
            of: BTreeMap::from([(counted, power)]),
            ..Self::number()
        };
        match unit.quantity {
            Quantity::Counted(one) => counted(one, 1),
            Quantity::Quotient(num, den) => counted(num, 1).times(&counted(den, -1)),
            Quantity::Fraction => Self::number(),
            Quantity::Points => Self { readings: POINTS, ..Self::number() },
        }
    }

    /// Of a product.
    pub(crate) fn times(&self, other: &Self) -> Self {
        let mut of = self.of.clone();
        for (counted, power) in &other.of {
            let sum = of.entry(*counted).or_default();
            *sum = sum.saturating_add(*power);
        }
        of.retain(|_, power| *power != 0);
        Self { of, readings: combined(self.readings, other.readings, u8::max) }
    }

    /// Of a quotient.
    pub(crate) fn over(&self, other: &Self) -> Self {
        let inverse = other.of.iter().map(|(counted, power)| (*counted, power.saturating_neg()));
        let inverse = Self { of: inverse.collect(), readings: other.readings };
        let readings = combined(self.readings, other.readings, |a, b| match (a, b) {
            (POINTS, FRACTION) => POINTS,
            _ => FRACTION,
        });
        Self { readings, ..self.times(&inverse) }
    }

    /// Of a sum; none where apples are added to pears.
    pub(crate) fn plus(&self, other: &Self) -> Option<Self> {
        let readings = combined(self.readings, other.readings, u8::min);
        (self.of == other.of).then(|| Self { of: self.of.clone(), readings })
    }

    /// Of a difference; none as for a sum.
    pub(crate) fn minus(&self, other: &Self) -> Option<Self> {
        let readings = combined(self.readings, other.readings, |a, b| match (a, b) {
            (FRACTION, FRACTION) => FRACTION | POINTS,
            (POINTS, POINTS) => POINTS,
            _ => FRACTION,
        });
        (self.of == other.of).then(|| Self { of: self.of.clone(), readings })
    }

    /// Whether a figure of this kind can be written in a unit.
    pub(crate) fn fits(&self, unit: &Unit) -> bool {
        let wanted = Self::of(unit);
        self.of == wanted.of && (!self.of.is_empty() || self.readings & wanted.readings != 0)
    }

    /// Whether it has no unit, so that it can be held against a plain number.
    pub(crate) fn is_number(&self) -> bool {
        self.of.is_empty() && self.readings & FRACTION != 0
    }
}

/// The readings of a combination, over all pairs of readings of its parts.
fn combined(left: u8, right: u8, both: impl Fn(u8, u8) -> u8) -> u8 {
    let pairs = [FRACTION, POINTS].into_iter().flat_map(|a| [(a, FRACTION), (a, POINTS)]);
    let possible = pairs.filter(|(a, b)| left & a != 0 && right & b != 0);
    possible.fold(0, |readings, (a, b)| readings | both(a, b))
}

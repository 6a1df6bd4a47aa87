//! Quantities (数量): numbers as reports write them, with what their words leave open.
//!
//! 740余万元 is 740 万元 or more, less than 750; 超过 excludes the number itself and 以上 includes
//! it. Every [`Convention`] is named with its source, and the words are kept, so that a figure is
//! never shown without them.
//!
//! May use `error`, `label`, `number` and `unit`.

mod convention;
mod numeral;
mod read;
mod recovered;
mod words;

use std::str::FromStr;

use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Bounds, Decimal, RoundMode};
use crate::unit::Unit;

pub use self::convention::Convention;
pub use self::recovered::{numerator_of, whole_numbers};

/// A number with its unit and its words (数量).
///
/// # Example
/// ```
/// use zhibiao::number::Ratio;
/// use zhibiao::quantity::Quantity;
/// let spent: Quantity = "740余万元".parse()?;
/// assert_eq!((spent.number.to_string(), spent.word.as_str()), ("740".to_owned(), "余"));
/// assert!(spent.bounds.contains(Ratio::new(7499, 10)?) && !spent.bounds.contains(Ratio::integer(750)));
/// assert_eq!("很多人".parse::<Quantity>().unwrap_err().code(), "not-a-quantity");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number as written, in `unit`; of a range the lower one. Of a fraction that no decimal
    /// holds (三分之二), the percentage to four decimals; its `bounds` are exact.
    pub number: Decimal,
    /// The unit, if it is one that converts.
    pub unit: Option<Unit>,
    /// The unit as written: 万元, 公顷; empty where there is none. 万 and 亿 before what does not
    /// convert are part of the number.
    pub counted: String,
    /// What the quantity may be, in `unit`.
    pub bounds: Bounds,
    /// The words that made the bounds, joined by `…`; empty for a plain number.
    pub word: String,
    /// How the bounds come about.
    pub convention: Convention,
    /// As it was written.
    pub written: String,
    /// Power of ten of the last written digit, in `unit`.
    place: i8,
}

impl Quantity {
    /// Reads a text that is one quantity and nothing else.
    ///
    /// # Errors
    /// `not-a-quantity`, with what was not understood; `overflow` and `too-many-digits` for numbers
    /// beyond 128 bits.
    pub fn parse(text: &str) -> Result<Self> {
        let refused =
            |reason: String| Error::from(Problem::NotAQuantity { value: text.to_owned(), reason });
        let trimmed = text.trim();
        match read::quantity(trimmed)? {
            None if trimmed.is_empty() => Err(refused("it is empty".to_owned())),
            None => Err(refused("it does not begin with a number".to_owned())),
            Some((quantity, "")) => Ok(quantity),
            Some((_, rest)) => Err(refused(format!("`{rest}` is not understood"))),
        }
    }

    /// The quantity at the beginning of a text, and what follows it.
    pub(crate) fn at_start(text: &str) -> Option<(Self, &str)> {
        read::quantity(text).ok().flatten()
    }

    /// Whether the quantity is a place, or a number of places.
    pub(crate) fn unit_is_rank(&self) -> bool {
        self.unit.as_ref().is_some_and(Unit::is_rank)
    }

    /// The same quantity as a rounded one (四舍五入), where it was: 47.5万人 is [47.45, 47.55) 万人,
    /// and 76.6 % is [76.55, 76.65).
    ///
    /// A count without decimals and without 万 or 亿 stays exact, and what has a word keeps its
    /// bounds.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn as_rounded(mut self) -> Result<Self> {
        let power = self.unit.as_ref().map_or(0, |unit| unit.without_multiple().1);
        let share =
            self.unit.as_ref().is_some_and(|unit| unit.whole().is_some() || unit.is_points());
        let counted = self.place == 0 && power == 0 && !share;
        if self.convention == Convention::Exact && !counted {
            let unit = Decimal::integer(1).shifted(self.place)?.ratio();
            let digits = self.number.ratio().div(unit)?.rounded(0, RoundMode::HalfAway)?;
            // No digit of a fraction such as 三分之一 was rounded away.
            let apart = self.number.ratio().sub(digits.ratio().mul(unit)?)?;
            let around = Bounds::around(digits)?.mul(&Bounds::exact(unit))?;
            self.bounds = around.add(&Bounds::exact(apart))?;
            self.convention = Convention::Rounded;
        }
        Ok(self)
    }

    /// The quantity in another unit, as bounds.
    ///
    /// # Errors
    /// `unit-mismatch` where it counts something else, or has no unit that converts.
    pub fn bounds_in(&self, wanted: &Unit) -> Result<Bounds> {
        let other = || {
            let wanted = wanted.label(Lang::Zh).to_owned();
            Problem::UnitMismatch { given: self.counted.clone(), wanted }
        };
        self.unit.as_ref().ok_or_else(other)?.convert(&self.bounds, wanted)
    }
}

impl FromStr for Quantity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

//! Bounds (界): what is known of a number that was rounded, or told by words such as 余.

use std::cmp::Ordering;

use super::rounding::unit_of_last_place;
use super::{Decimal, Ratio, RoundMode};
use crate::error::{Problem, Result};

/// Decimals of an end that no shorter decimal holds, in intervals.
const INTERVAL_DECIMALS: i8 = 4;

/// One end of [`Bounds`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum End {
    /// The end itself belongs to the range (以上, 以下: 民法典 1259).
    Closed(Ratio),
    /// The end itself does not belong to it (超过, 不足).
    Open(Ratio),
    /// There is no end.
    Infinite,
}

/// How a value is held against a threshold (民法典 1259).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Comparison {
    /// 以上, 不低于: the threshold itself passes.
    AtLeast,
    /// 以下, 不超过: the threshold itself passes.
    AtMost,
    /// 超过, 高于: the threshold itself fails.
    Above,
    /// 不足, 低于: the threshold itself fails.
    Below,
}

impl End {
    /// The number that it is; none where there is no end.
    #[must_use]
    pub const fn value(self) -> Option<Ratio> {
        match self {
            Self::Closed(value) | Self::Open(value) => Some(value),
            Self::Infinite => None,
        }
    }

    /// The word used in tables: `closed`, `open`; none where there is no end.
    #[must_use]
    pub const fn id(self) -> Option<&'static str> {
        match self {
            Self::Closed(_) => Some("closed"),
            Self::Open(_) => Some("open"),
            Self::Infinite => None,
        }
    }
}

impl Comparison {
    /// Whether an exact value meets the threshold.
    #[must_use]
    pub fn holds(self, value: Ratio, threshold: Ratio) -> bool {
        self.allows(value.cmp(&threshold))
    }

    /// Whether a value that stands so to the threshold meets it.
    pub(super) fn allows(self, order: Ordering) -> bool {
        match self {
            Self::AtLeast => order != Ordering::Less,
            Self::AtMost => order != Ordering::Greater,
            Self::Above => order == Ordering::Greater,
            Self::Below => order == Ordering::Less,
        }
    }

    /// The sign that stands between value and threshold.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::Above => ">",
            Self::Below => "<",
        }
    }
}

/// A range that is known to hold a number.
///
/// # Example
/// ```
/// use zhibiao::number::{Bounds, Comparison, Ratio};
/// // "76.6 %" as published is any value that rounds to it: [76.55, 76.65).
/// let published = Bounds::around("76.6".parse()?)?;
/// assert_eq!(published.compare(Comparison::AtLeast, Ratio::integer(80)), Some(false));
/// // A published "80.0" may be 79.96: it does not tell whether 80 is reached.
/// let straddling = Bounds::around("80.0".parse()?)?;
/// assert_eq!(straddling.compare(Comparison::AtLeast, Ratio::integer(80)), None);
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Bounds {
    /// Lower end.
    pub lo: End,
    /// Upper end.
    pub hi: End,
}

impl Bounds {
    /// The bounds of an exact number.
    #[must_use]
    pub const fn exact(value: Ratio) -> Self {
        Self { lo: End::Closed(value), hi: End::Closed(value) }
    }

    /// Half a unit of the last written digit to either side: what rounding half away from zero
    /// leaves open. The tie belongs to the number that is farther from zero.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn around(written: Decimal) -> Result<Self> {
        half_to_either_side(written, unit_of_last_place(decimals(written))?)
    }

    /// A number said to be a little more (余, 多): up to one unit of its last digit that is not 0,
    /// so that 740余 is [740, 750).
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn and_more(written: Decimal) -> Result<Self> {
        let value = written.ratio();
        let (unit, _) = unit_of_last_digit(written)?;
        Ok(Self { lo: End::Closed(value), hi: End::Open(value.add(unit)?) })
    }

    /// The range in digits (区间写法): one number where all of it rounds to that, else both ends
    /// rounded outward (`12.3–12.5`), and what it is known to exceed or not to reach (`≥8`, `<1`).
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    ///
    /// # Example
    /// ```
    /// use zhibiao::number::Bounds;
    /// assert_eq!(Bounds::around("76.6".parse()?)?.written(1)?, "76.6");
    /// assert_eq!(Bounds::and_more("740".parse()?)?.written(0)?, "740–750");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn written(&self, decimals: i8) -> Result<String> {
        let unit = unit_of_last_place(decimals)?;
        let nearest = |end: Ratio| end.rounded(decimals, RoundMode::HalfAway);
        let floor = |end: Ratio| -> Result<Decimal> {
            let down = end.rounded(decimals, RoundMode::Down)?;
            if down.ratio() > end {
                down.ratio().sub(unit)?.rounded(decimals, RoundMode::Down)
            } else {
                Ok(down)
            }
        };
        let ceiling = |end: Ratio| -> Result<Decimal> {
            let down = end.rounded(decimals, RoundMode::Down)?;
            if down.ratio() < end {
                down.ratio().add(unit)?.rounded(decimals, RoundMode::Down)
            } else {
                Ok(down)
            }
        };
        Ok(match (self.lo, self.hi) {
            (End::Infinite, End::Infinite) => "?".to_owned(),
            (End::Infinite, End::Closed(hi)) => format!("≤{}", ceiling(hi)?),
            (End::Infinite, End::Open(hi)) => format!("<{}", ceiling(hi)?),
            (End::Closed(lo), End::Infinite) => format!("≥{}", floor(lo)?),
            (End::Open(lo), End::Infinite) => format!(">{}", floor(lo)?),
            (End::Open(lo), End::Open(hi)) if lo == Ratio::ZERO => format!("<{}", ceiling(hi)?),
            (End::Closed(lo) | End::Open(lo), End::Closed(hi) | End::Open(hi)) => {
                let first = nearest(lo)?;
                let mut last = nearest(hi)?;
                // What lies below a tie rounds down.
                let half = unit.div(Ratio::integer(2))?;
                if matches!(self.hi, End::Open(_)) && last.ratio().sub(hi)? == half {
                    last = last.ratio().sub(unit)?.rounded(decimals, RoundMode::Down)?;
                }
                if first == last {
                    first.to_string()
                } else {
                    format!("{}–{}", floor(lo)?, ceiling(hi)?)
                }
            }
        })
    }

    /// The range as intervals are written (区间): `[740, 750)`, `(80, ∞)`; an exact number stands
    /// alone. An end that no short decimal holds is shown to four decimals.
    #[must_use]
    pub fn interval(&self) -> String {
        let number = |value: Ratio| {
            let rounded = value.rounded(INTERVAL_DECIMALS, RoundMode::HalfAway);
            rounded.map_or_else(|_| "…".to_owned(), |number| number.trimmed().to_string())
        };
        let lo = match self.lo {
            End::Closed(lo) => format!("[{}", number(lo)),
            End::Open(lo) => format!("({}", number(lo)),
            End::Infinite => "(-∞".to_owned(),
        };
        match self.hi {
            End::Closed(hi) if self.lo == End::Closed(hi) => number(hi),
            End::Closed(hi) => format!("{lo}, {}]", number(hi)),
            End::Open(hi) => format!("{lo}, {})", number(hi)),
            End::Infinite => format!("{lo}, ∞)"),
        }
    }

    /// A number said to be nearly reached (近, 将近): down to one unit of its last digit that is not
    /// 0, so that 近7840 is (7830, 7840). Where that is its only digit, and a 1, the digits of what
    /// lies below are a place smaller: 近1000 is (900, 1000).
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn nearly(written: Decimal) -> Result<Self> {
        let value = written.ratio();
        let (unit, digits) = unit_of_last_digit(written)?;
        let unit = if digits == 1 { unit.div(Ratio::integer(10))? } else { unit };
        Ok(Self { lo: End::Open(value.sub(unit)?), hi: End::Open(value) })
    }

    /// A number said to be approximate (约, 左右): half a unit of its last digit that is not 0 to
    /// either side, as [`around`](Self::around) takes it, so that 约300 is [250, 350).
    ///
    /// # Errors
    /// `overflow` beyond 128 bits.
    pub fn about(written: Decimal) -> Result<Self> {
        let (unit, _) = unit_of_last_digit(written)?;
        half_to_either_side(written, unit)
    }

    /// Whether a number may be this one.
    #[must_use]
    pub fn contains(&self, value: Ratio) -> bool {
        let above = match self.lo {
            End::Closed(lo) => value >= lo,
            End::Open(lo) => value > lo,
            End::Infinite => true,
        };
        let below = match self.hi {
            End::Closed(hi) => value <= hi,
            End::Open(hi) => value < hi,
            End::Infinite => true,
        };
        above && below
    }

    /// What lies in both; none if nothing does.
    #[must_use]
    pub fn both(&self, other: &Self) -> Option<Self> {
        if !self.overlaps(other) {
            return None;
        }
        Some(Self { lo: inner(self.lo, other.lo, true), hi: inner(self.hi, other.hi, false) })
    }

    /// Whether one number may lie in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        reaches(self.lo, other.hi) && reaches(other.lo, self.hi)
    }

    /// Whether every number of the range meets the threshold, or none does; `None` if some do.
    #[must_use]
    pub fn compare(&self, comparison: Comparison, threshold: Ratio) -> Option<bool> {
        let (passing, failing) = match comparison {
            Comparison::AtLeast => (upward(End::Closed(threshold)), downward(End::Open(threshold))),
            Comparison::Above => (upward(End::Open(threshold)), downward(End::Closed(threshold))),
            Comparison::AtMost => (downward(End::Closed(threshold)), upward(End::Open(threshold))),
            Comparison::Below => (downward(End::Open(threshold)), upward(End::Closed(threshold))),
        };
        match (self.overlaps(&passing), self.overlaps(&failing)) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        }
    }

    /// Sum of two ranges.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits; likewise for the other operations.
    pub fn add(&self, other: &Self) -> Result<Self> {
        Ok(Self { lo: add_ends(self.lo, other.lo)?, hi: add_ends(self.hi, other.hi)? })
    }

    /// Difference of two ranges that do not depend on each other.
    ///
    /// # Errors
    /// As for [`Bounds::add`].
    pub fn sub(&self, other: &Self) -> Result<Self> {
        self.add(&other.mul(&Self::exact(Ratio::integer(-1)))?)
    }

    /// Product of two ranges that do not depend on each other.
    ///
    /// # Errors
    /// As for [`Bounds::add`].
    pub fn mul(&self, other: &Self) -> Result<Self> {
        let mut corners = Vec::with_capacity(4);
        for (a, a_sign) in [(self.lo, -1), (self.hi, 1)] {
            for (b, b_sign) in [(other.lo, -1), (other.hi, 1)] {
                corners.push(Corner::product(a, a_sign, b, b_sign)?);
            }
        }
        let lo = corners.iter().copied().reduce(Corner::least);
        let hi = corners.iter().copied().reduce(Corner::most);
        Ok(Self {
            lo: lo.map_or(End::Infinite, Corner::end),
            hi: hi.map_or(End::Infinite, Corner::end),
        })
    }

    /// Quotient of two ranges that do not depend on each other.
    ///
    /// # Errors
    /// `zero-denominator` when the divisor may be 0 or below: counts, enrolments and amounts that
    /// are divided by are positive. Else as for [`Bounds::add`].
    pub fn div(&self, other: &Self) -> Result<Self> {
        let positive = other.compare(Comparison::Above, Ratio::ZERO) == Some(true);
        if !positive {
            return Err(Problem::ZeroDenominator { what: "a quotient of bounds".to_owned() }.into());
        }
        let inverse = |end: End| -> Result<End> {
            Ok(match end {
                End::Closed(value) => End::Closed(Ratio::integer(1).div(value)?),
                End::Open(value) if value == Ratio::ZERO => End::Infinite,
                End::Open(value) => End::Open(Ratio::integer(1).div(value)?),
                End::Infinite => End::Open(Ratio::ZERO),
            })
        };
        self.mul(&Self { lo: inverse(other.hi)?, hi: inverse(other.lo)? })
    }

    /// Product with a whole number, such as the 100 of percent.
    ///
    /// # Errors
    /// As for [`Bounds::add`].
    pub fn scaled(&self, factor: i128) -> Result<Self> {
        self.mul(&Self::exact(Ratio::integer(factor)))
    }
}

/// The unit of the last digit that is not 0, and the digits up to there.
fn unit_of_last_digit(written: Decimal) -> Result<(Ratio, i128)> {
    let mut unit = unit_of_last_place(decimals(written))?;
    let mut digits = written.mantissa();
    while digits != 0 && digits.checked_rem(10) == Some(0) {
        digits = digits.checked_div(10).unwrap_or(0);
        unit = unit.scaled(10)?;
    }
    Ok((unit, digits))
}

fn decimals(written: Decimal) -> i8 {
    i8::try_from(written.scale()).unwrap_or(i8::MAX)
}

fn half_to_either_side(written: Decimal, unit: Ratio) -> Result<Bounds> {
    let half = unit.mul(Ratio::of_parts(1, 2))?;
    let value = written.ratio();
    let (lo, hi) = (value.sub(half)?, value.add(half)?);
    Ok(match written.mantissa().cmp(&0) {
        Ordering::Greater => Bounds { lo: End::Closed(lo), hi: End::Open(hi) },
        Ordering::Less => Bounds { lo: End::Open(lo), hi: End::Closed(hi) },
        Ordering::Equal => Bounds { lo: End::Open(lo), hi: End::Open(hi) },
    })
}

fn upward(lo: End) -> Bounds {
    Bounds { lo, hi: End::Infinite }
}

fn downward(hi: End) -> Bounds {
    Bounds { lo: End::Infinite, hi }
}

/// Whether a lower end does not lie beyond an upper end.
fn reaches(lo: End, hi: End) -> bool {
    match (lo, hi) {
        (End::Infinite, _) | (_, End::Infinite) => true,
        (End::Closed(lo), End::Closed(hi)) => lo <= hi,
        (End::Closed(lo) | End::Open(lo), End::Closed(hi) | End::Open(hi)) => lo < hi,
    }
}

/// Of two lower ends the higher, of two upper ends the lower; of equal ones the open one.
fn inner(a: End, b: End, lower: bool) -> End {
    match (a, b) {
        (End::Infinite, end) | (end, End::Infinite) => end,
        (End::Closed(x) | End::Open(x), End::Closed(y) | End::Open(y)) => match x.cmp(&y) {
            Ordering::Equal if matches!(a, End::Open(_)) => a,
            Ordering::Equal => b,
            order if (order == Ordering::Greater) == lower => a,
            _ => b,
        },
    }
}

fn add_ends(a: End, b: End) -> Result<End> {
    Ok(match (a, b) {
        (End::Infinite, _) | (_, End::Infinite) => End::Infinite,
        (End::Closed(a), End::Closed(b)) => End::Closed(a.add(b)?),
        (End::Closed(a) | End::Open(a), End::Closed(b) | End::Open(b)) => End::Open(a.add(b)?),
    })
}

/// A product of two ends: a number, or minus or plus infinity.
#[derive(Clone, Copy)]
enum Corner {
    Finite { value: Ratio, closed: bool },
    Infinite { sign: i8 },
}

impl Corner {
    /// `a_sign` and `b_sign` tell which infinity an infinite end is.
    fn product(a: End, a_sign: i8, b: End, b_sign: i8) -> Result<Self> {
        let finite = |end: End| match end {
            End::Closed(value) => Some((value, true)),
            End::Open(value) => Some((value, false)),
            End::Infinite => None,
        };
        let sign_of = |value: Ratio| match value.cmp(&Ratio::ZERO) {
            Ordering::Less => -1,
            Ordering::Equal => 0,
            Ordering::Greater => 1_i8,
        };
        Ok(match (finite(a), finite(b)) {
            (Some((a, a_closed)), Some((b, b_closed))) => {
                // A closed zero makes the product a closed zero, however open the other end is.
                let zero = (a == Ratio::ZERO && a_closed) || (b == Ratio::ZERO && b_closed);
                Self::Finite { value: a.mul(b)?, closed: (a_closed && b_closed) || zero }
            }
            (a, b) => {
                let a = a.map_or((a_sign, true), |(value, closed)| (sign_of(value), closed));
                let b = b.map_or((b_sign, true), |(value, closed)| (sign_of(value), closed));
                match a.0.wrapping_mul(b.0) {
                    0 => Self::Finite { value: Ratio::ZERO, closed: a.1 && b.1 },
                    sign => Self::Infinite { sign },
                }
            }
        })
    }

    fn least(self, other: Self) -> Self {
        if self.rank(other, -1) { self } else { other }
    }

    fn most(self, other: Self) -> Self {
        if self.rank(other, 1) { self } else { other }
    }

    /// Whether this corner lies farther in the direction; on equal values the closed one wins.
    fn rank(self, other: Self, direction: i8) -> bool {
        match (self, other) {
            (Self::Infinite { sign }, _) => sign == direction,
            (_, Self::Infinite { sign }) => sign != direction,
            (Self::Finite { value: a, closed }, Self::Finite { value: b, .. }) => match a.cmp(&b) {
                Ordering::Equal => closed,
                Ordering::Less => direction < 0,
                Ordering::Greater => direction > 0,
            },
        }
    }

    fn end(self) -> End {
        match self {
            Self::Finite { value, closed: true } => End::Closed(value),
            Self::Finite { value, closed: false } => End::Open(value),
            Self::Infinite { .. } => End::Infinite,
        }
    }
}

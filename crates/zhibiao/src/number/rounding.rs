//! Rounding (修约): the one place where an exact value becomes printed digits.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use ethnum::I256;
use serde::{Deserialize, Serialize};

use super::{Decimal, Ratio, wide};
use crate::error::{Error, Result, one_of};

/// What happens to the digits that are not printed.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoundMode {
    /// To the nearest, ties away from zero (四舍五入): 12.5 → 13, -12.5 → -13. What Chinese
    /// yearbooks and bulletins print.
    #[default]
    HalfAway,
    /// To the nearest, ties to the even digit (GB/T 8170 四舍六入五成双): 12.5 → 12, 13.5 → 14.
    HalfEven,
    /// Towards zero (截尾): 12.9 → 12, -12.9 → -12.
    Down,
}

impl RoundMode {
    /// The rounded quotient for a positive `den`; none where it leaves 128 bits.
    pub(super) fn divide(self, num: i128, den: i128) -> Option<i128> {
        let (magnitude, divisor) = (num.unsigned_abs(), den.unsigned_abs());
        let (quotient, remainder) = match (u64::try_from(magnitude), u64::try_from(divisor)) {
            (Ok(magnitude), Ok(divisor)) => {
                (magnitude.checked_div(divisor)?.into(), magnitude.checked_rem(divisor)?.into())
            }
            _ => (magnitude.checked_div(divisor)?, magnitude.checked_rem(divisor)?),
        };
        // The remainder against what is left to the divisor: doubling it might leave 128 bits.
        let to_middle = remainder.cmp(&divisor.checked_sub(remainder)?);
        let away = self.goes_away(to_middle, quotient.is_multiple_of(2));
        let quotient = i128::try_from(quotient).ok()?.checked_add(away.into())?;
        if num < 0 { quotient.checked_neg() } else { Some(quotient) }
    }

    /// As [`divide`](Self::divide), for products of two integers of 128 bits.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "|2 × remainder| < 2 × den, and den is a product of at most 254 bits; the quotient grows by one only when den ≥ 2, so it is far from the end"
    )]
    pub(super) fn divide_wide(self, num: I256, den: I256) -> Option<i128> {
        let (quotient, remainder) = wide::divide(num, den);
        let to_middle = (remainder.abs() << 1_u32).cmp(&den);
        let away = self.goes_away(to_middle, (quotient & I256::ONE) == I256::ZERO);
        let rounded = match (away, num.is_negative()) {
            (false, _) => quotient,
            (true, false) => quotient + I256::ONE,
            (true, true) => quotient - I256::ONE,
        };
        i128::try_from(rounded).ok()
    }

    /// Whether a quotient is rounded away from zero, by where its rest lies to the middle.
    pub(crate) fn goes_away(self, to_middle: Ordering, even: bool) -> bool {
        match self {
            Self::Down => false,
            Self::HalfAway => to_middle != Ordering::Less,
            Self::HalfEven => {
                to_middle == Ordering::Greater || (to_middle == Ordering::Equal && !even)
            }
        }
    }
}

impl FromStr for RoundMode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let modes =
            [("half-away", Self::HalfAway), ("half-even", Self::HalfEven), ("down", Self::Down)];
        one_of("rounding", text, &modes)
    }
}

/// How values are printed: a mode, and whether rounding may reach an end that the value does not.
///
/// # Example
/// ```
/// use zhibiao::number::{Ratio, Rounding, RoundMode};
/// let nearly_all = Ratio::new(99_960, 1_000)?; // 99.96 %
/// let guarded = Rounding { mode: RoundMode::HalfAway, guard: true };
/// assert_eq!(Rounding::default().text(nearly_all, 1, Some(100))?, "100.0");
/// assert_eq!(guarded.text(nearly_all, 1, Some(100))?, ">99.9");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// What happens to the digits that are not printed.
    pub mode: RoundMode,
    /// Prints `>99.9` for a value below the whole that would print as `100.0`, `<0.1` for a value
    /// above zero that would print as `0.0`.
    pub guard: bool,
}

impl Rounding {
    /// The printed text of a value with `decimals` digits; `whole` is 100 for percent, 1000 for
    /// per mille, none where a unit has no whole.
    ///
    /// # Errors
    /// `overflow` when the rounded number leaves 128 bits.
    pub fn text(self, value: Ratio, decimals: i8, whole: Option<i128>) -> Result<String> {
        let rounded = value.rounded(decimals, self.mode)?;
        self.printed(rounded, value, decimals, whole).map(|printed| printed.to_string())
    }

    /// How a value is printed that has been rounded.
    pub(crate) fn printed(
        self,
        rounded: Decimal,
        value: Ratio,
        decimals: i8,
        whole: Option<i128>,
    ) -> Result<Printed> {
        if self.guard {
            for end in [Some(0), whole].into_iter().flatten().map(Decimal::integer) {
                if rounded == end && value != end.ratio() {
                    return next_to(end, value > end.ratio(), decimals);
                }
            }
        }
        Ok(Printed { sign: "", number: rounded })
    }
}

/// A rounded number, or the end that it does not reach: `>99.9`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printed {
    sign: &'static str,
    number: Decimal,
}

impl From<Decimal> for Printed {
    fn from(number: Decimal) -> Self {
        Self { sign: "", number }
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign)?;
        self.number.fmt(f)
    }
}

/// `<0.1` above zero, `>99.9` below one hundred.
fn next_to(end: Decimal, above: bool, decimals: i8) -> Result<Printed> {
    let unit = unit_of_last_place(decimals)?;
    let (sign, neighbour) =
        if above { ("<", end.ratio().add(unit)?) } else { (">", end.ratio().sub(unit)?) };
    Ok(Printed { sign, number: neighbour.rounded(decimals, RoundMode::HalfAway)? })
}

/// 0.1 for one decimal, 100 for minus two.
pub(super) fn unit_of_last_place(decimals: i8) -> Result<Ratio> {
    Ok(Decimal::integer(1).shifted(decimals.saturating_neg())?.ratio())
}

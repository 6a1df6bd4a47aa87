//! Decimal text and scaled integers, in both directions without a float between.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::{Ratio, pow10};
use crate::error::{Error, Problem, Result};

/// Digits that an `i128` holds without exception.
const MAX_DIGITS: usize = 38;

/// Letters of the longest number without its sign: 39 digits and a point.
const LONGEST: usize = 40;

/// A decimal number (十进制小数), kept as written: `7.10` and `7.1` are equal but print differently.
///
/// # Example
/// ```
/// use zhibiao::number::Decimal;
/// let published: Decimal = "76.6".parse()?;
/// assert_eq!((published.mantissa(), published.scale()), (766, 1));
/// assert_eq!(published.to_string(), "76.6");
/// assert_eq!("1,000".parse::<Decimal>().unwrap_err().code(), "not-a-number");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    /// Creates `mantissa / 10^scale`.
    ///
    /// # Errors
    /// `too-many-digits` when `scale` is above 38.
    pub fn new(mantissa: i128, scale: u8) -> Result<Self> {
        if usize::from(scale) > MAX_DIGITS {
            return Err(Problem::TooManyDigits { value: format!("{mantissa}e-{scale}") }.into());
        }
        Ok(Self { mantissa, scale })
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(value: i128) -> Self {
        Self { mantissa: value, scale: 0 }
    }

    /// The number without its point.
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Digits after the point.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same number with the fewest decimals: 52.00 is 52.
    ///
    /// # Example
    /// ```
    /// use zhibiao::number::Decimal;
    /// let paid: Decimal = "9650000.50".parse()?;
    /// assert_eq!(paid.trimmed().to_string(), "9650000.5");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    #[must_use]
    pub const fn trimmed(mut self) -> Self {
        while self.scale > 0 && self.mantissa.wrapping_rem(10) == 0 {
            self.mantissa = self.mantissa.wrapping_div(10);
            self.scale = self.scale.wrapping_sub(1);
        }
        self
    }

    /// The same value with `scale` decimals.
    ///
    /// # Errors
    /// `too-many-decimals` when a digit other than 0 would be lost, `overflow` beyond 128 bits.
    pub fn rescaled(self, scale: u8) -> Result<Self> {
        if scale == self.scale {
            return Ok(self);
        }
        let lost = || Problem::TooManyDecimals { value: self.to_string(), scale };
        let mantissa = if scale >= self.scale {
            let factor = pow10(u32::from(scale.abs_diff(self.scale)));
            factor.and_then(|factor| self.mantissa.checked_mul(factor)).ok_or_else(|| {
                Problem::Overflow { what: format!("`{self}` with {scale} decimals") }
            })?
        } else {
            let divisor = pow10(u32::from(self.scale.abs_diff(scale))).ok_or_else(lost)?;
            if self.mantissa.checked_rem(divisor) != Some(0) {
                return Err(lost().into());
            }
            self.mantissa.checked_div(divisor).ok_or_else(lost)?
        };
        Self::new(mantissa, scale)
    }

    /// The value times 10 to the power of `power`: 965 万 is `965` shifted by 4.
    ///
    /// # Errors
    /// `overflow` beyond 128 bits, `too-many-digits` beyond 38 decimals.
    pub fn shifted(self, power: i8) -> Result<Self> {
        let scale = i16::from(self.scale).saturating_sub(i16::from(power));
        match u8::try_from(scale) {
            Ok(scale) => Self::new(self.mantissa, scale),
            Err(_) => pow10(u32::from(scale.unsigned_abs()))
                .and_then(|factor| self.mantissa.checked_mul(factor))
                .map(Self::integer)
                .ok_or_else(|| {
                    Problem::Overflow { what: format!("`{self}` times 10^{power}") }.into()
                }),
        }
    }

    /// The digits without a sign, at least one of them before the point.
    fn written(self, letters: &mut [u8; LONGEST]) -> &str {
        let point = Some(usize::from(self.scale)).filter(|scale| *scale > 0);
        let least = point.map_or(1, |point| point.saturating_add(2));
        let mut rest = self.mantissa.unsigned_abs();
        let mut length = 0_usize;
        for (at, letter) in letters.iter_mut().rev().enumerate() {
            if rest == 0 && at >= least {
                break;
            }
            *letter = if Some(at) == point { b'.' } else { last_digit(&mut rest) };
            length = at.saturating_add(1);
        }
        let written = letters.get(LONGEST.saturating_sub(length)..);
        written.and_then(|letters| std::str::from_utf8(letters).ok()).unwrap_or_default()
    }

    /// The exact value as a ratio.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        Ratio::of_parts(self.mantissa, pow10(u32::from(self.scale)).unwrap_or(1))
    }
}

impl Decimal {
    /// A number of at most 19 characters beside its sign, which 64 bits hold; none of what is
    /// longer or wrong.
    fn short(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] | digits => (false, digits),
        };
        if digits.len() > 19 {
            return None;
        }
        let (mut mantissa, mut read, mut whole) = (0_u64, 0_u8, None);
        for byte in digits {
            match byte.wrapping_sub(b'0') {
                digit @ 0..=9 => {
                    mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
                    read = read.wrapping_add(1);
                }
                _ if *byte == b'.' && whole.is_none() => whole = Some(read),
                _ => return None,
            }
        }
        if read == 0 {
            return None;
        }
        let magnitude = i128::from(mantissa);
        let mantissa = if negative { magnitude.wrapping_neg() } else { magnitude };
        Some(Self { mantissa, scale: read.wrapping_sub(whole.unwrap_or(read)) })
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads an optional sign, digits and at most one point; spaces around are ignored.
    fn from_str(text: &str) -> Result<Self> {
        let trimmed = text.trim();
        if let Some(short) = Self::short(trimmed) {
            return Ok(short);
        }
        let not_a_number = || Error::from(Problem::NotANumber { value: text.to_owned() });
        let (negative, digits) = match trimmed.as_bytes() {
            [b'-', ..] => (true, &trimmed[1..]),
            [b'+', ..] => (false, &trimmed[1..]),
            _ => (false, trimmed),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let empty = whole.is_empty() && fraction.is_empty();
        if empty || !only_digits(whole) || !only_digits(fraction) {
            return Err(not_a_number());
        }
        let significant = whole.trim_start_matches('0').len().saturating_add(fraction.len());
        let scale = u8::try_from(fraction.len()).ok().filter(|_| significant <= MAX_DIGITS);
        let Some(scale) = scale else {
            return Err(Problem::TooManyDigits { value: text.to_owned() }.into());
        };
        let mut mantissa = 0_i128;
        for digit in whole.bytes().chain(fraction.bytes()) {
            let digit = i128::from(digit.wrapping_sub(b'0'));
            mantissa = mantissa
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(digit))
                .ok_or_else(not_a_number)?;
        }
        // Cannot overflow: at most 38 digits.
        Self::new(if negative { mantissa.wrapping_neg() } else { mantissa }, scale)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits = [0; LONGEST];
        f.pad_integral(self.mantissa >= 0, "", self.written(&mut digits))
    }
}

/// Takes the last digit from a number.
fn last_digit(number: &mut u128) -> u8 {
    // Dividing 64 bits is several times quicker than dividing 128.
    let digit = if let Ok(narrow) = u64::try_from(*number) {
        *number = narrow.wrapping_div(10).into();
        narrow.wrapping_rem(10)
    } else {
        let digit = number.wrapping_rem(10);
        *number = number.wrapping_div(10);
        u64::try_from(digit).unwrap_or(0)
    };
    b'0'.wrapping_add(u8::try_from(digit).unwrap_or(0))
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.ratio() == other.ratio()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ratio().cmp(&other.ratio())
    }
}

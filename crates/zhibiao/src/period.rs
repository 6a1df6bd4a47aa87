//! Periods (时期): calendar years, school years and months.
//!
//! May use `error`.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Problem, Result};

/// A month (月份) of a year, the grain in which validity is told.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Month {
    year: u16,
    month: u8,
}

/// A period (时期).
///
/// Periods order by their end, then by kind.
///
/// # Example
/// ```
/// use zhibiao::period::Period;
/// let school_year: Period = "2022-2023学年".parse()?;
/// assert_eq!(school_year.to_string(), "2022-2023");
/// assert_eq!(school_year.end().to_string(), "2023-08");
/// assert_eq!("2022-2025".parse::<Period>().unwrap_err().code(), "bad-period");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Period {
    /// Calendar year (年).
    Year(u16),
    /// School year (学年) that begins in September of the year given.
    SchoolYear(u16),
    /// Month (月).
    Month(Month),
}

impl Month {
    /// Creates a month.
    ///
    /// # Errors
    /// `bad-period` unless the month is 1 to 12 and the year 1900 to 2199.
    pub fn new(year: u16, month: u8) -> Result<Self> {
        if (1900..=2199).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(Problem::BadPeriod { value: format!("{year}-{month:02}") }.into())
        }
    }
}

impl Period {
    /// The last month of the period: December, August of a school year, or the month itself.
    ///
    /// What is in force at the end of a period is what judges it.
    #[must_use]
    pub const fn end(self) -> Month {
        match self {
            Self::Year(year) => Month { year, month: 12 },
            Self::SchoolYear(year) => Month { year: year.saturating_add(1), month: 8 },
            Self::Month(month) => month,
        }
    }

    const fn kind(self) -> u8 {
        match self {
            Self::Month(_) => 0,
            Self::SchoolYear(_) => 1,
            Self::Year(_) => 2,
        }
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.end(), self.kind()).cmp(&(other.end(), other.kind()))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Month {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.parse()? {
            Period::Month(month) => Ok(month),
            _ => Err(Problem::BadPeriod { value: text.to_owned() }.into()),
        }
    }
}

impl FromStr for Period {
    type Err = Error;

    /// Reads `2022`, `2022年`, `2022-2023`, `2022/2023学年`, `2022学年`, `2022-09`, `2022年9月`.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::from(Problem::BadPeriod { value: text.to_owned() });
        let year = |digits: &str| {
            let year =
                (digits.len() == 4).then(|| digits.parse().ok()).flatten().ok_or_else(bad)?;
            Month::new(year, 1).map(|month| month.year).map_err(|_| bad())
        };
        let trimmed = text.trim();
        let (body, school) =
            trimmed.strip_suffix("学年").map_or((trimmed, false), |body| (body, true));
        let body = body.strip_suffix('年').unwrap_or(body);
        let parts = body.strip_suffix('月').map_or_else(
            || body.split_once(['-', '/', '—', '–']),
            |dated| dated.split_once(['年', '-']),
        );
        match parts {
            None if school => Ok(Self::SchoolYear(year(body)?)),
            None => Ok(Self::Year(year(body)?)),
            Some((first, second)) if second.len() == 4 => {
                let (first, second) = (year(first)?, year(second)?);
                let follows = first.checked_add(1) == Some(second);
                if follows { Ok(Self::SchoolYear(first)) } else { Err(bad()) }
            }
            Some((first, month)) if !school && (1..=2).contains(&month.len()) => {
                let month = month.parse().map_err(|_| bad())?;
                Month::new(year(first)?, month).map(Self::Month).map_err(|_| bad())
            }
            Some(_) => Err(bad()),
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year}"),
            Self::SchoolYear(year) => write!(f, "{year}-{}", year.saturating_add(1)),
            Self::Month(month) => month.fmt(f),
        }
    }
}

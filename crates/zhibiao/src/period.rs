//! Periods (时期): calendar years, school years, months, and the part of a year up to a month.
//!
//! May use `error`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, one_of};

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
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// Calendar year (年).
    Year(u16),
    /// School year (学年) that begins in September of the year given.
    SchoolYear(u16),
    /// Month (月).
    Month(Month),
    /// The months from January to the month given (1—9月, 年初累计).
    YearToDate(Month),
}

/// How far back something lies (基期).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Before {
    /// So many periods of the same kind: the month before (环比), the year before.
    Periods(u16),
    /// So many years: the same month of last year (同比).
    Years(u16),
}

/// What months are put together to (时期汇总).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Calendar years, January to December.
    Year,
    /// School years, September to August.
    SchoolYear,
    /// From January to each month (年初累计).
    YearToDate,
}

impl Span {
    /// All spans.
    pub const ALL: [Self; 3] = [Self::Year, Self::SchoolYear, Self::YearToDate];

    /// The id used in options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::SchoolYear => "school-year",
            Self::YearToDate => "year-to-date",
        }
    }

    /// The period that a month is the last month there is of, or counts towards.
    #[must_use]
    pub const fn of(self, month: Month) -> Period {
        match self {
            Self::Year => Period::Year(month.year),
            Self::SchoolYear if month.month >= 9 => Period::SchoolYear(month.year),
            Self::SchoolYear => Period::SchoolYear(month.year.saturating_sub(1)),
            Self::YearToDate => Period::YearToDate(month),
        }
    }
}

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("span", text, &Self::ALL.map(|span| (span.id(), span)))
    }
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
            Err(bad(&format!("{year}-{month:02}")))
        }
    }

    /// The month of its year, 1 to 12.
    pub(crate) const fn of_year(self) -> u8 {
        self.month
    }

    /// Months since the year 0.
    const fn number(self) -> u32 {
        // Cannot overflow: a year has 16 bits.
        (self.year as u32).wrapping_mul(12).wrapping_add(self.month as u32).wrapping_sub(1)
    }

    /// The month so many months earlier; none before 1900.
    fn back(self, months: u32) -> Option<Self> {
        let number = self.number().checked_sub(months)?;
        let year = u16::try_from(number.checked_div(12)?).ok()?;
        let month = u8::try_from(number.checked_rem(12)?.checked_add(1)?).ok()?;
        Self::new(year, month).ok()
    }

    /// Years from the beginning of year 0 to the end of the month.
    pub(crate) fn years(self) -> f64 {
        f64::from(self.year) + f64::from(self.month) / 12.0
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
            Self::Month(month) | Self::YearToDate(month) => month,
        }
    }

    /// The year that a period is counted to: of a school year the one in which it begins.
    #[must_use]
    pub const fn year(self) -> u16 {
        match self {
            Self::Year(year) | Self::SchoolYear(year) => year,
            Self::Month(month) | Self::YearToDate(month) => month.year,
        }
    }

    /// The months of the period, the first first.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let count = match self {
            Self::Year(_) | Self::SchoolYear(_) => 12,
            Self::Month(_) => 1,
            Self::YearToDate(month) => u32::from(month.month),
        };
        let end = self.end();
        (0..count).rev().filter_map(move |months| end.back(months))
    }

    /// The period of the same kind that lies so far back; none before 1900.
    ///
    /// # Example
    /// ```
    /// use zhibiao::period::{Before, Period};
    /// let march: Period = "2022-03".parse()?;
    /// assert_eq!(march.back(Before::Periods(1)), Some("2022-02".parse()?));
    /// assert_eq!(march.back(Before::Years(1)), Some("2021-03".parse()?));
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    #[must_use]
    pub fn back(self, before: Before) -> Option<Self> {
        let years = |year: u16, years: u16| {
            year.checked_sub(years)
                .and_then(|year| Month::new(year, 1).ok())
                .map(|first| first.year)
        };
        let months = match before {
            Before::Periods(count) => u32::from(count),
            Before::Years(count) => u32::from(count).saturating_mul(12),
        };
        let (Before::Periods(count) | Before::Years(count)) = before;
        match self {
            Self::Year(year) => years(year, count).map(Self::Year),
            Self::SchoolYear(year) => years(year, count).map(Self::SchoolYear),
            Self::Month(month) => month.back(months).map(Self::Month),
            Self::YearToDate(month) => {
                let earlier = month.back(months).map(Self::YearToDate);
                // January to January of the month before is no part of the same year.
                earlier.filter(|earlier| {
                    matches!(before, Before::Years(_)) || earlier.end().year == month.year
                })
            }
        }
    }

    /// Whether both begin with the same January, and this one ends later.
    pub(crate) fn extends(self, other: Self) -> bool {
        match (self, other) {
            (Self::YearToDate(end), Self::YearToDate(earlier)) => {
                end.year == earlier.year && earlier < end
            }
            _ => false,
        }
    }

    /// Whether another period is of the same kind; of parts of a year, to the same month.
    pub(crate) fn is_like(self, other: Self) -> bool {
        let same_part = match (self, other) {
            (Self::YearToDate(own), Self::YearToDate(other)) => own.month == other.month,
            _ => true,
        };
        self.kind() == other.kind() && same_part
    }

    /// A number for each kind, the shortest first.
    pub(crate) const fn kind(self) -> u8 {
        match self {
            Self::Month(_) => 0,
            Self::YearToDate(_) => 1,
            Self::SchoolYear(_) => 2,
            Self::Year(_) => 3,
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
            _ => Err(bad(text)),
        }
    }
}

impl FromStr for Period {
    type Err = Error;

    /// Reads `2022`, `2022年`, `2022-2023`, `2022/2023学年`, `2022学年`, `2022-09`, `2022年9月`,
    /// and `2022-01/2022-09` for January to September.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || bad(text);
        let year = |digits: &str| {
            let year =
                (digits.len() == 4).then(|| digits.parse().ok()).flatten().ok_or_else(bad)?;
            Month::new(year, 1).map(|month| month.year).map_err(|_| bad())
        };
        let trimmed = text.trim();
        if let Some((first, last)) =
            trimmed.split_once("-01/").filter(|(first, _)| first.len() == 4)
        {
            let month: Month = last.parse().map_err(|_| bad())?;
            let same_year = year(first)? == month.year;
            return if same_year { Ok(Self::YearToDate(month)) } else { Err(bad()) };
        }
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

fn bad(text: &str) -> Error {
    let day = (text.len() == 5).then(|| text.parse().ok()).flatten().and_then(month_of_serial);
    let hint = day.map_or_else(String::new, |(year, month)| {
        format!("; {text} is a day of {year}-{month:02} as a spreadsheet counts days")
    });
    Problem::BadPeriod { value: text.to_owned(), hint }.into()
}

/// Year and month of a day as spreadsheets count them, from 1900 on; none beyond 2199.
fn month_of_serial(day: u32) -> Option<(u16, u8)> {
    // 1900-01-01 is 2 from March 1900 on: they count a 29th of February that there was not.
    let mut left = day.checked_sub(2)?;
    for year in 1900..=2199_u16 {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year == 2000);
        let february = if leap { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (days, month) in months.into_iter().zip(1_u8..) {
            match left.checked_sub(days) {
                None => return Some((year, month)),
                Some(rest) => left = rest,
            }
        }
    }
    None
}

impl TryFrom<String> for Period {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
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
            Self::YearToDate(month) => write!(f, "{}-01/{month}", month.year),
        }
    }
}

//! Six-digit codes; tier and parent follow from the digits alone.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Problem, Result};
use crate::label::Lang;

/// A tier (层级) of areas, from the smallest to the largest.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Tier {
    /// School or kindergarten (校).
    School,
    /// County (县级).
    County,
    /// Prefecture (地级).
    Prefecture,
    /// Province (省级).
    Province,
    /// The nation (全国).
    Nation,
}

impl Tier {
    /// All tiers, the smallest first.
    pub const ALL: [Self; 5] =
        [Self::School, Self::County, Self::Prefecture, Self::Province, Self::Nation];

    /// The id used in tables and options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::County => "county",
            Self::Prefecture => "prefecture",
            Self::Province => "province",
            Self::Nation => "nation",
        }
    }

    /// The name in a language.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::School => lang.of("校", "school"),
            Self::County => lang.of("县级", "county"),
            Self::Prefecture => lang.of("地级", "prefecture"),
            Self::Province => lang.of("省级", "province"),
            Self::Nation => lang.of("全国", "nation"),
        }
    }
}

impl FromStr for Tier {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|tier| tier.id() == text);
        found.ok_or_else(|| {
            let wanted = Self::ALL.map(Self::id).join(", ");
            Problem::BadOption { option: "tier".to_owned(), value: text.to_owned(), wanted }.into()
        })
    }
}

/// A GB/T 2260 code (行政区划代码): two digits each for province, prefecture and county.
///
/// # Example
/// ```
/// use zhibiao::area::{AreaCode, Tier};
/// let pingyao: AreaCode = "140728".parse()?;
/// assert_eq!(pingyao.tier(), Tier::County);
/// assert_eq!(pingyao.within(Tier::Prefecture).unwrap().to_string(), "140700");
/// assert_eq!("1407280".parse::<AreaCode>().unwrap_err().code(), "bad-area-code");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AreaCode(u32);

#[expect(
    clippy::arithmetic_side_effects,
    clippy::integer_division,
    reason = "digits of a number below a million are taken apart by constants"
)]
impl AreaCode {
    /// The nation, written `CN`.
    pub const NATION: Self = Self(0);

    /// The code of a six-digit number; `None` for other numbers, and for a county without a
    /// prefecture part.
    #[must_use]
    pub const fn new(code: u32) -> Option<Self> {
        let in_range = 100_000 <= code && code <= 999_999;
        let orphan = (code / 100).is_multiple_of(100) && !code.is_multiple_of(100);
        if in_range && !orphan { Some(Self(code)) } else { None }
    }

    /// The six digits as a number; 0 for the nation.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The tier that the digits tell.
    #[must_use]
    pub const fn tier(self) -> Tier {
        if self.0 == 0 {
            Tier::Nation
        } else if self.0.is_multiple_of(10_000) {
            Tier::Province
        } else if self.0.is_multiple_of(100) {
            Tier::Prefecture
        } else {
            Tier::County
        }
    }

    /// The area of a tier that holds this one, itself included; `None` below its own tier.
    #[must_use]
    pub fn within(self, tier: Tier) -> Option<Self> {
        if tier < self.tier() {
            return None;
        }
        Some(match tier {
            Tier::School | Tier::County => self,
            Tier::Prefecture => Self(self.0 / 100 * 100),
            Tier::Province => Self(self.0 / 10_000 * 10_000),
            Tier::Nation => Self::NATION,
        })
    }

    /// The area one tier up; `None` for the nation.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        match self.tier() {
            Tier::School | Tier::County => self.within(Tier::Prefecture),
            Tier::Prefecture => self.within(Tier::Province),
            Tier::Province => Some(Self::NATION),
            Tier::Nation => None,
        }
    }

    /// Whether `self` is `outer` or lies in it.
    #[must_use]
    pub fn is_within(self, outer: Self) -> bool {
        self.within(outer.tier()) == Some(outer)
    }

    /// Whether the code is of a development or functional zone (开发区, 功能区): a statistical code
    /// with a county part in the seventies, which the standard itself does not list.
    #[must_use]
    pub const fn is_zone(self) -> bool {
        self.0 / 10 % 10 == 7
    }

    /// Whether the area answers to its province directly (省直辖县级): prefecture part 90.
    #[must_use]
    pub const fn is_province_direct(self) -> bool {
        self.0 / 100 % 100 == 90
    }
}

impl FromStr for AreaCode {
    type Err = Error;

    /// Reads six digits, or `CN` or `000000` for the nation.
    fn from_str(text: &str) -> Result<Self> {
        if matches!(text, "CN" | "000000") {
            return Ok(Self::NATION);
        }
        let six_digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        let code = six_digits.then(|| text.parse().ok()).flatten().and_then(Self::new);
        code.ok_or_else(|| {
            let hint = if text.trim() != text {
                ", without spaces"
            } else if text.contains(['.', 'E', 'e']) {
                ": a spreadsheet has made a float of it"
            } else if text.chars().any(|c| ('０'..='９').contains(&c)) {
                ", not full-width ones"
            } else {
                ""
            };
            Problem::BadAreaCode { value: text.to_owned(), hint: hint.to_owned() }.into()
        })
    }
}

impl fmt::Display for AreaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::NATION { f.write_str("CN") } else { write!(f, "{:06}", self.0) }
    }
}

//! Conventions (约定): what a form of words is taken to mean, and by whose rule.

use crate::label::Lang;

const CIVIL_CODE: &str = "民法典第1259条";
const NUMERALS: &str = "GB/T 15835-2011 概数";
const USAGE: &str = "行文惯例（M）";
const ROUNDING: &str = "GB/T 8170-2008 修约";

/// How the bounds of a quantity come about (约定).
///
/// # Example
/// ```
/// use zhibiao::quantity::{Convention, Quantity};
/// let reached: Quantity = "80%以上".parse()?;
/// assert_eq!(reached.convention, Convention::AtLeast);
/// assert_eq!(reached.convention.source(), "民法典第1259条");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Convention {
    /// As written (确数): 965万元.
    Exact,
    /// Half a unit of the last written digit to either side (四舍五入): 47.5万, once it is asked for.
    Rounded,
    /// Up to one unit of the last digit that is not 0 (余, 多): 740余 is [740, 750).
    AndMore,
    /// Down to one unit of that digit (近, 将近, 接近): 近300 is (200, 300).
    Nearly,
    /// Half a unit of that digit to either side (约, 左右, 上下, 来): 约300 is [250, 350).
    About,
    /// More, without an end (超过, 高于; 超, 逾, 突破 are taken alike).
    Above,
    /// Less (不足, 低于; 不到, 不满 are taken alike).
    Below,
    /// The number itself or more (以上, 不低于, 至少).
    AtLeast,
    /// The number itself or less (以下, 以内, 不超过).
    AtMost,
    /// A digit that is not told (几, 数): 十几 is 11 to 19, 几十 is 20 to 99.
    SomeDigit,
    /// Two digits side by side (相邻数字连用): 三四百 is 300 to 400.
    Neighbors,
    /// From one number to another (区间), both included: 20%—30%.
    Range,
    /// Doubling (翻番): 翻两番 is four times.
    Doubled,
}

impl Convention {
    /// Every convention.
    pub const ALL: [Self; 13] = [
        Self::Exact,
        Self::Rounded,
        Self::AndMore,
        Self::Nearly,
        Self::About,
        Self::Above,
        Self::Below,
        Self::AtLeast,
        Self::AtMost,
        Self::SomeDigit,
        Self::Neighbors,
        Self::Range,
        Self::Doubled,
    ];

    /// Stable name.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Rounded => "rounded",
            Self::AndMore => "and-more",
            Self::Nearly => "nearly",
            Self::About => "about",
            Self::Above => "above",
            Self::Below => "below",
            Self::AtLeast => "at-least",
            Self::AtMost => "at-most",
            Self::SomeDigit => "some-digit",
            Self::Neighbors => "neighbors",
            Self::Range => "range",
            Self::Doubled => "doubled",
        }
    }

    /// What it says, for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Exact => lang.of("确数", "as written"),
            Self::Rounded => {
                lang.of("末位数的半个单位", "half a unit of the last digit to either side")
            }
            Self::AndMore => lang.of(
                "略多于此数，不到末位有效数的一个单位",
                "more, by less than a unit of the last digit that is not 0",
            ),
            Self::Nearly => lang.of(
                "略少于此数，不到末位有效数的一个单位",
                "less, by less than a unit of the last digit that is not 0",
            ),
            Self::About => lang.of(
                "上下各末位有效数的半个单位",
                "half a unit of the last digit that is not 0 to either side",
            ),
            Self::Above => lang.of("超过，不包括本数", "above, without the number itself"),
            Self::Below => lang.of("不足，不包括本数", "below, without the number itself"),
            Self::AtLeast => lang.of("以上，包括本数", "at least, the number itself included"),
            Self::AtMost => lang.of("以下，包括本数", "at most, the number itself included"),
            Self::SomeDigit => lang.of("几，一至九", "some digit from 1 to 9"),
            Self::Neighbors => lang.of("相邻数字连用", "two digits side by side"),
            Self::Range => lang.of("区间，包括两端", "a range, both ends included"),
            Self::Doubled => lang.of("翻番，每番二倍", "doubled as often as is said"),
        }
    }

    /// Whose rule it is; `M` is usage as it is recalled.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Above | Self::Below | Self::AtLeast | Self::AtMost => CIVIL_CODE,
            Self::SomeDigit | Self::Neighbors => NUMERALS,
            Self::Rounded => ROUNDING,
            Self::Exact
            | Self::AndMore
            | Self::Nearly
            | Self::About
            | Self::Range
            | Self::Doubled => USAGE,
        }
    }
}

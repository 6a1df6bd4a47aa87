//! Why a value is there or is not.

use crate::label::Lang;

/// Status (状态) of a value. Only `Ok`, `Reported` and, where it was asked for, `Partial` have one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Status {
    /// Computed from its parts.
    Ok,
    /// Known only as published.
    Reported,
    /// Areas or months that should be there are not, or two groups are not made of the same ones.
    Partial,
    /// A part is missing.
    Missing,
    /// A part was withheld.
    Suppressed,
    /// The value does not exist here, such as a rank of a larger area.
    NotApplicable,
    /// The denominator is 0.
    ZeroDenominator,
    /// The part of a share exceeds its whole, or is below 0.
    AboveDenominator,
    /// There is no earlier value to compare with.
    NoBase,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Ok,
        Self::Reported,
        Self::Partial,
        Self::Missing,
        Self::Suppressed,
        Self::NotApplicable,
        Self::ZeroDenominator,
        Self::AboveDenominator,
        Self::NoBase,
    ];

    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Reported => "reported",
            Self::Partial => "partial",
            Self::Missing => "missing",
            Self::Suppressed => "suppressed",
            Self::NotApplicable => "not_applicable",
            Self::ZeroDenominator => "zero_denominator",
            Self::AboveDenominator => "above_denominator",
            Self::NoBase => "no_base",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Ok => lang.of("正常", "ok"),
            Self::Reported => lang.of("上报", "reported"),
            Self::Partial => lang.of("不完整", "partial"),
            Self::Missing => lang.of("缺失", "missing"),
            Self::Suppressed => lang.of("不予公布", "suppressed"),
            Self::NotApplicable => lang.of("不适用", "not applicable"),
            Self::ZeroDenominator => lang.of("分母为零", "zero denominator"),
            Self::AboveDenominator => lang.of("分子大于分母", "above denominator"),
            Self::NoBase => lang.of("无基期", "no base"),
        }
    }
}

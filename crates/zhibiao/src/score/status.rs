//! Why a score is there or is not.

use crate::label::Lang;
use crate::table::Status;

/// Status (状态) of a score. `of` a value, `renormalized` and `zeroed` have one.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ScoreStatus {
    /// That of the value of an item; of a group or total, `ok`: all its items are scored.
    Of(Status),
    /// What is known of a reported value lies in two bands.
    Straddles,
    /// There is nothing to compare with: no other area, or only areas alike.
    NoSpread,
    /// Weights of what is missing went to what is there.
    Renormalized,
    /// Something missing counts as 0.
    Zeroed,
    /// Something that is needed is missing.
    Lacking,
}

impl ScoreStatus {
    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Of(status) => status.id(),
            Self::Straddles => "straddles",
            Self::NoSpread => "no_spread",
            Self::Renormalized => "renormalized",
            Self::Zeroed => "zeroed",
            Self::Lacking => "lacking",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Of(status) => status.label(lang),
            Self::Straddles => lang.of("档次不明", "straddles bands"),
            Self::NoSpread => lang.of("无差异", "nothing to compare"),
            Self::Renormalized => lang.of("权重已折算", "renormalized"),
            Self::Zeroed => lang.of("缺项计零", "missing counts 0"),
            Self::Lacking => lang.of("缺项", "lacking"),
        }
    }

    /// Whether the value does not exist, rather than being missing.
    pub(super) const fn is_not_applicable(self) -> bool {
        matches!(self, Self::Of(Status::NotApplicable | Status::ZeroDenominator))
    }
}

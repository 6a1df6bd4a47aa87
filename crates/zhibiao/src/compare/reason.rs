//! Why a comparison tells something or does not.

use crate::label::Lang;
use crate::table::Status;

/// Why a comparison has its figures or has not (比较状态).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// That of the value.
    Of(Status),
    /// Nothing tells how chance acts on the value: an amount of money, a dispersion.
    NoModel,
    /// There are fewer areas than bands, or than a figure needs.
    FewAreas,
    /// An area is not compared with itself.
    Itself,
    /// What it is compared with is not in the table, or has no value.
    NoReference,
    /// There are fewer periods than were asked for.
    FewPoints,
    /// A stratum of the standard population is not in the table, or has no figures.
    NoStratum,
}

impl Reason {
    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Of(status) => status.id(),
            Self::NoModel => "no_model",
            Self::FewAreas => "few_areas",
            Self::Itself => "itself",
            Self::NoReference => "no_reference",
            Self::FewPoints => "few_points",
            Self::NoStratum => "no_stratum",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Of(status) => status.label(lang),
            Self::NoModel => lang.of("无随机模型", "no model of chance"),
            Self::FewAreas => lang.of("地区过少", "too few areas"),
            Self::Itself => lang.of("自身", "itself"),
            Self::NoReference => lang.of("无参照值", "no reference"),
            Self::FewPoints => lang.of("时期过少", "too few periods"),
            Self::NoStratum => lang.of("缺层", "stratum absent"),
        }
    }
}

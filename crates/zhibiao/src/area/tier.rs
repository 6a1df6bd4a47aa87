//! Tiers, from the school to the nation.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::label::Lang;

/// A tier (层级) of areas, from the smallest to the largest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
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

    /// Reads an id or the Chinese name.
    fn from_str(text: &str) -> Result<Self> {
        let named = |tier: &Self| tier.id() == text || tier.label(Lang::Zh) == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| {
            let wanted = Self::ALL.map(Self::id).join(", ");
            Problem::BadOption { option: "tier".to_owned(), value: text.to_owned(), wanted }.into()
        })
    }
}

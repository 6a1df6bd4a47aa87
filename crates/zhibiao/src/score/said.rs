//! Schemes as written in TOML: their keys, and where each value stands.

use serde::Deserialize;

use super::scheme::{Aggregate, Missing, Relative, Scale, Weights};
use crate::catalog::Spanned;
use crate::label::Label;

/// A file of one scheme.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeSaid {
    pub(super) id: Spanned<String>,
    pub(super) name: Label,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) note: Label,
    pub(super) total: Spanned<String>,
    pub(super) missing: Missing,
    pub(super) not_applicable: Option<Missing>,
    pub(super) among: Option<Spanned<String>>,
    pub(super) decimals: Option<Spanned<i8>>,
    #[serde(default)]
    pub(super) weights: Weights,
    #[serde(default)]
    pub(super) aggregate: Aggregate,
    #[serde(default)]
    pub(super) grades: Vec<Spanned<GradeSaid>>,
    #[serde(default)]
    pub(super) groups: Vec<Spanned<GroupSaid>>,
    #[serde(default)]
    pub(super) items: Vec<Spanned<ItemSaid>>,
}

/// `grades = [ … ]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GradeSaid {
    pub(super) id: String,
    pub(super) name: Label,
    pub(super) at_least: Option<Spanned<String>>,
}

/// `[[groups]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSaid {
    pub(super) id: Spanned<String>,
    pub(super) name: Label,
    pub(super) weight: Option<Spanned<String>>,
    pub(super) aggregate: Option<Aggregate>,
    #[serde(default)]
    pub(super) groups: Vec<Spanned<GroupSaid>>,
    #[serde(default)]
    pub(super) items: Vec<Spanned<ItemSaid>>,
}

/// `[[items]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemSaid {
    pub(super) indicator: Spanned<String>,
    pub(super) weight: Option<Spanned<String>>,
    pub(super) bands: Option<Vec<Spanned<BandSaid>>>,
    pub(super) linear: Option<Spanned<LinearSaid>>,
    pub(super) target: Option<Spanned<String>>,
    pub(super) relative: Option<Relative>,
}

/// `bands = [ … ]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BandSaid {
    pub(super) at_least: Option<Spanned<String>>,
    pub(super) above: Option<Spanned<String>>,
    pub(super) at_most: Option<Spanned<String>>,
    pub(super) below: Option<Spanned<String>>,
    pub(super) score: Spanned<String>,
}

/// `linear = { … }`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinearSaid {
    pub(super) from: Spanned<String>,
    pub(super) to: Spanned<String>,
    #[serde(default)]
    pub(super) scale: Scale,
}

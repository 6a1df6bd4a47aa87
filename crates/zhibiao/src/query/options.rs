//! All that a question asks beside catalogue and areas, in the form in which a log keeps it.

use serde::{Deserialize, Serialize};

use super::harmonised::Harmonised;
use crate::area::Tier;
use crate::label::Lang;
use crate::number::Rounding;
use crate::period::{Period, Span};
use crate::plan::Policy;
use crate::symbol::Dialect;
use crate::table::Coverage;

/// The options of a [`Query`](super::Query), by the names of its methods.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Options {
    pub(crate) indicators: Vec<String>,
    pub(crate) tiers: Vec<Tier>,
    pub(crate) slices: Vec<String>,
    pub(crate) totals: bool,
    pub(crate) periods: Vec<Period>,
    pub(crate) period: Option<Period>,
    pub(crate) over: Option<Span>,
    pub(crate) policy: Policy,
    pub(crate) coverage: Coverage,
    pub(crate) records: bool,
    #[serde(default)]
    pub(crate) symbols: Dialect,
    pub(crate) strict: bool,
    pub(crate) skip_unavailable: bool,
    pub(crate) rounding: Rounding,
    pub(crate) adding_up: bool,
    pub(crate) lang: Lang,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) harmonised: Option<Harmonised>,
}

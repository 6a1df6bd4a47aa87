//! Indicators (派生指标): what is derived from measures.

use super::source::{Better, Confidence};
use crate::label::{Label, Lang};
use crate::unit::Unit;

/// An indicator (派生指标).
#[derive(Clone, Debug, PartialEq)]
pub struct Indicator {
    /// Id in the catalogue.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Other names.
    pub aliases: Vec<String>,
    /// How it is derived.
    pub kind: Kind,
    /// Unit; it fixes the factor.
    pub unit: Unit,
    /// Printed decimals; negative rounds to tens, hundreds, ….
    pub decimals: i8,
    /// Which direction is better.
    pub better: Better,
    /// Where the definition comes from.
    pub source: String,
    /// How well it is documented.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Label,
}

/// How an indicator is derived; names are measure ids.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Part of a whole (占比): the numerator lies inside the denominator, which is checked on
    /// values.
    Share {
        /// Part.
        numerator: String,
        /// Whole.
        denominator: String,
    },
    /// Quotient of one quantity that may exceed the whole (毛入园率).
    Rate {
        /// What is divided.
        numerator: String,
        /// What is divided by.
        denominator: String,
    },
    /// Quotient with a unit of its own (人均, 生均, 生师比).
    Ratio {
        /// What is divided.
        numerator: String,
        /// What is divided by.
        denominator: String,
    },
    /// Done against planned (完成率); may exceed 100 %.
    Completion {
        /// What was done.
        done: String,
        /// What was planned.
        planned: String,
    },
    /// A measure itself (总量).
    Total {
        /// The measure.
        measure: String,
    },
}

impl Indicator {
    /// Everything it goes by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        super::all_names(&self.id, &self.name, &self.aliases)
    }

    /// Ids under which a table may report it: its own, and that of the measure it is the total of.
    pub(crate) fn reported_as(&self) -> impl Iterator<Item = &str> {
        let total = match &self.kind {
            Kind::Total { measure } => Some(measure.as_str()),
            _ => None,
        };
        std::iter::once(self.id.as_str()).chain(total)
    }
}

impl Kind {
    /// Id of what is divided, or of the total.
    #[must_use]
    pub fn numerator(&self) -> &str {
        match self {
            Self::Share { numerator, .. }
            | Self::Rate { numerator, .. }
            | Self::Ratio { numerator, .. } => numerator,
            Self::Completion { done, .. } => done,
            Self::Total { measure } => measure,
        }
    }

    /// Id of what is divided by; none for a total.
    #[must_use]
    pub fn denominator(&self) -> Option<&str> {
        match self {
            Self::Share { denominator, .. }
            | Self::Rate { denominator, .. }
            | Self::Ratio { denominator, .. } => Some(denominator),
            Self::Completion { planned, .. } => Some(planned),
            Self::Total { .. } => None,
        }
    }

    /// Ids of all parts.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.numerator()).chain(self.denominator())
    }

    /// The name of the kind.
    #[must_use]
    pub const fn label(&self, lang: Lang) -> &'static str {
        match self {
            Self::Share { .. } => lang.of("占比", "share"),
            Self::Rate { .. } => lang.of("率", "rate"),
            Self::Ratio { .. } => lang.of("比值", "ratio"),
            Self::Completion { .. } => lang.of("完成率", "completion"),
            Self::Total { .. } => lang.of("总量", "total"),
        }
    }
}

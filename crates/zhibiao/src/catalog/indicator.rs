//! Indicators (派生指标): what is derived from measures.

use super::arithmetic::Arithmetic;
use super::dimension::DimensionValue;
use super::formula::Condition;
use super::measure::Measure;
use super::source::{Among, Better, ChangeForm, Confidence};
use crate::label::{Label, Lang};
use crate::number::Decimal;
use crate::period::{Before, Month};
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
    /// How it was derived until some month, the earliest first.
    pub earlier: Vec<Earlier>,
    /// Unit; it fixes the factor.
    pub unit: Unit,
    /// What its values may be, from the lowest, where they are no numbers: a value is the position
    /// of its grade.
    pub grades: Vec<DimensionValue>,
    /// Printed decimals; negative rounds to tens, hundreds, ….
    pub decimals: i8,
    /// Which direction is better.
    pub better: Better,
    /// The value to be near to, where that is the better; in its unit.
    pub goal: Option<Decimal>,
    /// Where the definition comes from.
    pub source: String,
    /// How well it is documented.
    pub confidence: Option<Confidence>,
    /// Remark.
    pub note: Label,
}

/// A definition that held until a month (旧口径): figures before and after are not comparable.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// The last month in which it held.
    pub until: Month,
    /// How the indicator was derived then.
    pub kind: Kind,
    /// Where the definition comes from.
    pub source: String,
    /// Remark.
    pub note: Label,
}

/// How an indicator is derived; names are measure ids where nothing else is said.
#[derive(Clone, Debug, PartialEq)]
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
        /// Set where the denominator is of an earlier period.
        lag: Option<Lag>,
    },
    /// Quotient with a unit of its own (人均, 生均, 生师比).
    Ratio {
        /// What is divided.
        numerator: String,
        /// What is divided by.
        denominator: String,
        /// Set where the denominator is of an earlier period.
        lag: Option<Lag>,
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
    /// Change against an earlier period (变动), from exact values.
    Change {
        /// The indicator that changes, or the measure whose total does.
        of: String,
        /// How far back the earlier value lies.
        before: Before,
        /// How the change is told.
        form: ChangeForm,
    },
    /// Arithmetic of other indicators (派生), on exact values.
    Derived {
        /// Name in the formula, and id of the indicator.
        inputs: Vec<(String, String)>,
        /// The formula over the inputs.
        formula: Arithmetic,
        /// The formula as written.
        written: String,
    },
    /// Weighted coefficient of variation (差异系数) of a resource per unit of weight: of books per
    /// pupil, among schools, weighted by pupils.
    Dispersion {
        /// What is spread: books.
        resource: String,
        /// What it is spread over, and the weight: pupils.
        weight: String,
        /// Among what.
        among: Among,
        /// Which rows; none takes all.
        filter: Option<Condition>,
    },
    /// Mean of several dispersions (综合差异系数), exactly.
    Composite {
        /// Ids of the dispersions, each once.
        of: Vec<String>,
    },
}

/// A denominator of an earlier period (滞后分母), with what came and went since: the pupils who
/// entered three years ago, plus those who moved in, minus those who moved out.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Lag {
    /// How far back the denominator lies.
    pub before: Before,
    /// Measure of the present period that is added to it.
    pub plus: Option<String>,
    /// Measure of the present period that is taken from it.
    pub minus: Option<String>,
}

impl Indicator {
    /// The total of a measure, as an indicator.
    pub(crate) fn total_of(measure: &Measure) -> Self {
        Self {
            id: measure.id.clone(),
            name: measure.name.clone(),
            aliases: Vec::new(),
            kind: Kind::Total { measure: measure.id.clone() },
            earlier: Vec::new(),
            unit: measure.unit.clone(),
            grades: measure.grades.clone(),
            decimals: i8::try_from(measure.scale).unwrap_or(0),
            better: Better::None,
            goal: None,
            source: measure.source.clone(),
            confidence: measure.confidence,
            note: measure.note.clone(),
        }
    }

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
    /// Id of what is divided, or of the total; none where nothing is summed.
    #[must_use]
    pub fn numerator(&self) -> Option<&str> {
        match self {
            Self::Share { numerator, .. }
            | Self::Rate { numerator, .. }
            | Self::Ratio { numerator, .. } => Some(numerator),
            Self::Completion { done, .. } => Some(done),
            Self::Total { measure } => Some(measure),
            Self::Change { .. }
            | Self::Derived { .. }
            | Self::Dispersion { .. }
            | Self::Composite { .. } => None,
        }
    }

    /// Id of what is divided by; none for a total, and where nothing is divided.
    #[must_use]
    pub fn denominator(&self) -> Option<&str> {
        match self {
            Self::Share { denominator, .. }
            | Self::Rate { denominator, .. }
            | Self::Ratio { denominator, .. } => Some(denominator),
            Self::Completion { planned, .. } => Some(planned),
            _ => None,
        }
    }

    /// Set where the denominator is of an earlier period.
    #[must_use]
    pub const fn lag(&self) -> Option<&Lag> {
        match self {
            Self::Rate { lag, .. } | Self::Ratio { lag, .. } => lag.as_ref(),
            _ => None,
        }
    }

    /// Ids of all measures that it is made of.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        let lag = self.lag();
        let moved = lag.into_iter().flat_map(|lag| lag.plus.iter().chain(&lag.minus));
        let spread = match self {
            Self::Dispersion { resource, weight, .. } => [Some(resource), Some(weight)],
            _ => [None, None],
        };
        let of_lag = moved.chain(spread.into_iter().flatten()).map(String::as_str);
        self.numerator().into_iter().chain(self.denominator()).chain(of_lag)
    }

    /// Ids of the indicators that it is made of; of a change the measure, where it is one.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        let (of, inputs) = match self {
            Self::Change { of, .. } => (std::slice::from_ref(of), &[][..]),
            Self::Composite { of } => (of.as_slice(), &[][..]),
            Self::Derived { inputs, .. } => (&[][..], inputs.as_slice()),
            _ => (&[][..], &[][..]),
        };
        of.iter().chain(inputs.iter().map(|(_, id)| id)).map(String::as_str)
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
            Self::Change { .. } => lang.of("变动", "change"),
            Self::Derived { .. } => lang.of("推算", "derived"),
            Self::Dispersion { .. } => lang.of("差异系数", "dispersion"),
            Self::Composite { .. } => lang.of("综合差异系数", "composite"),
        }
    }
}

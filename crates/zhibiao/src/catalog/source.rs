//! TOML as written: the keys of every section, and where each value stands.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use toml::Spanned;

use crate::error::{Error, Place, Problem, Result};
use crate::label::{Label, Lang};

/// A catalogue file: its name, its text, and what it says.
#[derive(Clone, Debug)]
pub(super) struct Source {
    file: String,
    text: String,
    pub(super) said: Said,
}

impl Source {
    pub(super) fn load(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::new(Problem::UnreadableFile { reason: error.to_string() }, Place::file(path))
        })?;
        Self::parse(file, text)
    }

    pub(super) fn parse(file: String, text: String) -> Result<Self> {
        match toml::from_str(&text) {
            Ok(said) => Ok(Self { file, text, said }),
            Err(error) => {
                let problem =
                    Problem::BadToml { reason: error.message().trim().replace('\n', ", ") };
                Err(Error::new(problem, place(&file, &text, error.span().unwrap_or(0..0))))
            }
        }
    }

    /// Line and column of a value.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        place(&self.file, &self.text, span)
    }
}

fn place(file: &str, text: &str, span: Range<usize>) -> Place {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.get(line_start..).unwrap_or("").chars().count().saturating_add(1);
    Place::Text { file: file.to_owned(), line, column }
}

/// All sections of a file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Said {
    pub(super) dimensions: IndexMap<String, Spanned<DimensionSaid>>,
    pub(super) measures: IndexMap<String, Spanned<MeasureSaid>>,
    pub(super) indicators: IndexMap<String, Spanned<IndicatorSaid>>,
    pub(super) standards: IndexMap<String, Spanned<StandardSaid>>,
}

/// `[dimensions.ID]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DimensionSaid {
    pub(super) name: Label,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    pub(super) values: IndexMap<String, ValueSaid>,
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `values.VALUE`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ValueSaid {
    pub(super) zh: String,
    #[serde(default)]
    pub(super) en: String,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
}

/// `[measures.ID]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureSaid {
    pub(super) name: Option<Label>,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) kind: Option<CountOrAmount>,
    pub(super) scale: Option<Spanned<u8>>,
    #[serde(default)]
    pub(super) over_areas: OverAreas,
    pub(super) over_time: Option<OverTime>,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    pub(super) define: Option<Spanned<String>>,
    pub(super) part_of: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) confidence: Option<Confidence>,
    #[serde(default)]
    pub(super) note: Label,
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `kind` of a measure.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum CountOrAmount {
    Count,
    Amount,
}

/// How a measure behaves over areas (对区划的可加性).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum OverAreas {
    /// The figure of a larger area is the sum.
    #[default]
    Sum,
    /// There is no figure of a larger area: ranks, standards.
    None,
}

/// How a measure behaves over time (对时期的可加性).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum OverTime {
    /// A flow: months add up to a year.
    #[default]
    Sum,
    /// A stock: the year takes the last month.
    Last,
    /// Neither.
    None,
}

/// How well a definition or threshold is documented (依据的可靠程度).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
pub enum Confidence {
    /// The official text or table was seen quoted.
    A,
    /// Seen in a secondary or local source.
    B,
    /// Recalled, not seen: check before use.
    M,
}

/// `[indicators."ID"]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorSaid {
    pub(super) name: Label,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    pub(super) kind: Spanned<String>,
    pub(super) numerator: Option<Spanned<String>>,
    pub(super) denominator: Option<Spanned<DenominatorSaid>>,
    pub(super) done: Option<Spanned<String>>,
    pub(super) planned: Option<Spanned<String>>,
    pub(super) measure: Option<Spanned<String>>,
    pub(super) of: Option<Spanned<String>>,
    #[serde(rename = "as")]
    pub(super) form: Option<Spanned<ChangeForm>>,
    pub(super) periods_before: Option<Spanned<u16>>,
    pub(super) years_before: Option<Spanned<u16>>,
    pub(super) inputs: Option<Spanned<IndexMap<String, Spanned<String>>>>,
    pub(super) formula: Option<Spanned<String>>,
    pub(super) resource: Option<Spanned<String>>,
    pub(super) weight: Option<Spanned<String>>,
    pub(super) among: Option<Spanned<Among>>,
    #[serde(rename = "where")]
    pub(super) filter: Option<Spanned<String>>,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) decimals: Option<Spanned<i8>>,
    #[serde(default)]
    pub(super) better: Better,
    pub(super) goal: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) earlier: Vec<Spanned<EarlierSaid>>,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) confidence: Option<Confidence>,
    #[serde(default)]
    pub(super) note: Label,
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `[[indicators."ID".earlier]]`: what differed until a month.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EarlierSaid {
    pub(super) until: Spanned<String>,
    pub(super) numerator: Option<Spanned<String>>,
    pub(super) denominator: Option<Spanned<DenominatorSaid>>,
    pub(super) done: Option<Spanned<String>>,
    pub(super) planned: Option<Spanned<String>>,
    pub(super) measure: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) note: Label,
}

/// `denominator`: a measure, or one of an earlier period with what came and went since.
#[derive(Clone, Debug)]
pub(super) enum DenominatorSaid {
    Measure(String),
    Lagged(LaggedSaid),
}

/// `denominator = { measure = "ID", years_before = 3, … }`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LaggedSaid {
    pub(super) measure: String,
    pub(super) periods_before: Option<u16>,
    pub(super) years_before: Option<u16>,
    pub(super) plus: Option<String>,
    pub(super) minus: Option<String>,
}

impl<'de> Deserialize<'de> for DenominatorSaid {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = DenominatorSaid;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a measure, or a table with `measure` and `years_before` or `periods_before`",
                )
            }

            fn visit_str<E>(self, id: &str) -> Result<DenominatorSaid, E> {
                Ok(DenominatorSaid::Measure(id.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DenominatorSaid, A::Error> {
                LaggedSaid::deserialize(MapAccessDeserializer::new(map))
                    .map(DenominatorSaid::Lagged)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// How a change (变动) is told.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ChangeForm {
    /// Difference of two percentages, in points (百分点), from unrounded values.
    Points,
    /// Growth in per cent of the earlier value (增长率).
    Percent,
    /// Now minus then (增减量).
    Difference,
    /// Places gained in a ranking (名次前进): then minus now, since the first place is the best.
    Places,
}

/// Among what a dispersion is measured (差异范围).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Among {
    /// Schools (校际).
    #[default]
    School,
    /// Counties (县际).
    County,
    /// Prefectures (地际).
    Prefecture,
    /// Provinces (省际).
    Province,
}

impl Among {
    /// The name in a language.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::School => lang.of("校际", "among schools"),
            Self::County => lang.of("县际", "among counties"),
            Self::Prefecture => lang.of("地际", "among prefectures"),
            Self::Province => lang.of("省际", "among provinces"),
        }
    }
}

/// Which direction of an indicator is the better one (优劣方向).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher the better.
    Higher,
    /// The lower the better.
    Lower,
    /// The nearer to its goal the better.
    Nearer,
    /// Neither.
    #[default]
    None,
}

/// `[standards."ID"]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StandardSaid {
    pub(super) name: Label,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) note: Label,
    #[serde(default)]
    pub(super) criteria: Vec<Spanned<CriterionSaid>>,
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `[[standards."ID".criteria]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionSaid {
    pub(super) indicator: Spanned<String>,
    pub(super) at_least: Option<Spanned<String>>,
    pub(super) at_most: Option<Spanned<String>>,
    pub(super) above: Option<Spanned<String>>,
    pub(super) below: Option<Spanned<String>>,
    pub(super) between: Option<[Spanned<String>; 2]>,
    pub(super) scope: Option<Spanned<String>>,
    pub(super) stage: Option<Spanned<String>>,
    pub(super) valid_from: Option<Spanned<String>>,
    pub(super) valid_to: Option<Spanned<String>>,
    pub(super) needed_by: Option<Part>,
    pub(super) source: Option<String>,
    pub(super) confidence: Option<Confidence>,
    #[serde(default)]
    pub(super) note: Label,
}

/// A part of an indicator (组成部分).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What is divided (分子).
    Numerator,
    /// What is divided by (分母).
    Denominator,
}

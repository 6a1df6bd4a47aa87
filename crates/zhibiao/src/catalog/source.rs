//! TOML as written: the keys of every section, and where each value stands.

use std::ops::Range;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Place, Problem, Result};
use crate::label::Label;

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
    #[serde(default)]
    pub(super) over_time: OverTime,
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
    pub(super) denominator: Option<Spanned<String>>,
    pub(super) done: Option<Spanned<String>>,
    pub(super) planned: Option<Spanned<String>>,
    pub(super) measure: Option<Spanned<String>>,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) decimals: Option<Spanned<i8>>,
    #[serde(default)]
    pub(super) better: Better,
    #[serde(default)]
    pub(super) source: String,
    #[serde(default)]
    pub(super) confidence: Option<Confidence>,
    #[serde(default)]
    pub(super) note: Label,
    #[serde(default)]
    pub(super) replaces: bool,
}

/// Which direction of an indicator is the better one (优劣方向).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The higher the better.
    Higher,
    /// The lower the better.
    Lower,
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

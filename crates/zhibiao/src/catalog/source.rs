//! TOML as written: the keys of every section, and where each value stands.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};

use super::spanned::Spanned;
use crate::error::{Error, Place, Problem, Result};
use crate::label::{Label, Lang};

/// A file of definitions: its name, its text, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Source<T = Said> {
    file: String,
    text: String,
    pub(crate) said: T,
}

impl<T: DeserializeOwned> Source<T> {
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            Error::new(Problem::UnreadableFile { reason: error.to_string() }, Place::file(path))
        })?;
        Self::parse(file, text)
    }

    pub(crate) fn parse(file: String, text: String) -> Result<Self> {
        match toml::from_str(&text) {
            Ok(said) => Ok(Self { file, text, said }),
            Err(error) => {
                let problem =
                    Problem::BadToml { reason: error.message().trim().replace('\n', ", ") };
                Err(Error::new(problem, place(&file, &text, error.span().unwrap_or(0..0))))
            }
        }
    }
}

impl<T> Source<T> {
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Line and column of a value.
    pub(crate) fn place(&self, span: Range<usize>) -> Place {
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Said {
    /// Dimensions (分组): columns that split measures.
    pub(super) dimensions: IndexMap<String, Spanned<DimensionSaid>>,
    /// Measures (基础指标): what is counted or paid.
    pub(super) measures: IndexMap<String, Spanned<MeasureSaid>>,
    /// Indicators (派生指标): what is derived from measures.
    pub(super) indicators: IndexMap<String, Spanned<IndicatorSaid>>,
    /// Standards (标准): thresholds that values are held against.
    pub(super) standards: IndexMap<String, Spanned<StandardSaid>>,
}

/// `[dimensions.ID]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Dimension"))]
#[serde(deny_unknown_fields)]
pub(super) struct DimensionSaid {
    /// Name.
    pub(super) name: Label,
    /// Headers it goes by, beside id and names.
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    /// Declared values; no other is accepted.
    pub(super) values: IndexMap<String, ValueSaid>,
    /// Whether it overrides the earlier definition of this id.
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `values.VALUE`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Value"))]
#[serde(deny_unknown_fields)]
pub(super) struct ValueSaid {
    /// Chinese name.
    pub(super) zh: String,
    /// English name.
    #[serde(default)]
    pub(super) en: String,
    /// Cell texts it goes by, beside id and names.
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
}

/// `[measures.ID]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Measure"))]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureSaid {
    /// Name; may be left out where `define` is given.
    pub(super) name: Option<Label>,
    /// Unit, such as `person`, `万元`; that of the formula where `define` is given.
    pub(super) unit: Option<Spanned<String>>,
    /// What its figures are.
    pub(super) kind: Option<MeasureKind>,
    /// Decimals of an amount.
    pub(super) scale: Option<Spanned<u8>>,
    /// What a grade may be, from the lowest to the highest.
    #[serde(default)]
    pub(super) grades: IndexMap<String, ValueSaid>,
    /// How figures of larger areas come about.
    #[serde(default)]
    pub(super) over_areas: OverAreas,
    /// How figures of longer periods come about.
    pub(super) over_time: Option<OverTime>,
    /// Headers it goes by, beside id and names.
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    /// Formula: sum(row) or count(*), each with an optional filter (where …), joined by + and -.
    pub(super) define: Option<Spanned<String>>,
    /// The measure that it is a part of.
    pub(super) part_of: Option<Spanned<String>>,
    /// Document that it comes from.
    #[serde(default)]
    pub(super) source: String,
    /// How well it is documented.
    #[serde(default)]
    pub(super) confidence: Option<Confidence>,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
    /// Whether it overrides the earlier definition of this id.
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `kind` of a measure.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum MeasureKind {
    /// Whole numbers.
    Count,
    /// Decimals with a declared `scale`.
    Amount,
    /// One of the declared `grades`, which cannot be added up.
    Grade,
    /// Yes or no: whether something is so, which cannot be added up.
    Flag,
}

/// How a measure behaves over areas (对区划的可加性).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Indicator"))]
#[serde(deny_unknown_fields)]
pub(super) struct IndicatorSaid {
    /// Name.
    pub(super) name: Label,
    /// Other names.
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    /// share, rate, ratio, completion, total, change, derived, dispersion or composite.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = super::check::kinds::names())))]
    pub(super) kind: Spanned<String>,
    /// Of a share, rate or ratio: the measure that is divided.
    pub(super) numerator: Option<Spanned<String>>,
    /// Of a share, rate or ratio: the measure that is divided by.
    pub(super) denominator: Option<Spanned<DenominatorSaid>>,
    /// Of a completion: the measure of what was done.
    pub(super) done: Option<Spanned<String>>,
    /// Of a completion: the measure of what was planned.
    pub(super) planned: Option<Spanned<String>>,
    /// Of a total: the measure.
    pub(super) measure: Option<Spanned<String>>,
    /// Of a change: the indicator or measure that changes.
    pub(super) of: Option<Spanned<String>>,
    /// Of a change: how it is told.
    #[serde(rename = "as")]
    pub(super) form: Option<Spanned<ChangeForm>>,
    /// Of a change: so many periods of the same kind back.
    pub(super) periods_before: Option<Spanned<u16>>,
    /// Of a change: so many years back.
    pub(super) years_before: Option<Spanned<u16>>,
    /// Of a derived indicator: names in the formula, and the indicators they stand for.
    pub(super) inputs: Option<Spanned<IndexMap<String, Spanned<String>>>>,
    /// Of a derived indicator: + - * / and parentheses over inputs and whole numbers, adjusted(…).
    pub(super) formula: Option<Spanned<String>>,
    /// Of a dispersion: the measure that is spread.
    pub(super) resource: Option<Spanned<String>>,
    /// Of a dispersion: the measure that it is spread over, and that weighs.
    pub(super) weight: Option<Spanned<String>>,
    /// Of a dispersion: among what.
    pub(super) among: Option<Spanned<Among>>,
    /// Of a dispersion: which rows.
    #[serde(rename = "where")]
    pub(super) filter: Option<Spanned<String>>,
    /// Of a composite: the dispersions that it is the mean of.
    pub(super) mean_of: Option<Spanned<Vec<Spanned<String>>>>,
    /// Unit; it fixes the factor: % is 100, 元/人 is 1.
    pub(super) unit: Option<Spanned<String>>,
    /// Printed decimals; negative rounds to tens, hundreds, ….
    pub(super) decimals: Option<Spanned<i8>>,
    /// Which direction is the better one.
    #[serde(default)]
    pub(super) better: Better,
    /// The value to be near to, where `better = "nearer"`.
    pub(super) goal: Option<Spanned<String>>,
    /// Definitions that held until some month, the earliest first.
    #[serde(default)]
    pub(super) earlier: Vec<Spanned<EarlierSaid>>,
    /// Document that it comes from.
    #[serde(default)]
    pub(super) source: String,
    /// How well it is documented.
    #[serde(default)]
    pub(super) confidence: Option<Confidence>,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
    /// Whether it overrides the earlier definition of this id.
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `[[indicators."ID".earlier]]`: what differed until a month.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Earlier"))]
#[serde(deny_unknown_fields)]
pub(super) struct EarlierSaid {
    /// The last month in which it held, YYYY-MM.
    pub(super) until: Spanned<String>,
    /// As it was then; without it, as it is now.
    pub(super) numerator: Option<Spanned<String>>,
    /// As it was then; without it, as it is now.
    pub(super) denominator: Option<Spanned<DenominatorSaid>>,
    /// As it was then; without it, as it is now.
    pub(super) done: Option<Spanned<String>>,
    /// As it was then; without it, as it is now.
    pub(super) planned: Option<Spanned<String>>,
    /// As it was then; without it, as it is now.
    pub(super) measure: Option<Spanned<String>>,
    /// Document that it comes from.
    #[serde(default)]
    pub(super) source: String,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
}

/// `denominator`: a measure, or one of an earlier period with what came and went since.
#[derive(Clone, Debug)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Denominator", untagged)
)]
pub(super) enum DenominatorSaid {
    Measure(String),
    Lagged(LaggedSaid),
}

/// `denominator = { measure = "ID", years_before = 3, … }`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Lagged"))]
#[serde(deny_unknown_fields)]
pub(super) struct LaggedSaid {
    /// The measure of the earlier period.
    pub(super) measure: String,
    /// So many periods of the same kind back.
    pub(super) periods_before: Option<u16>,
    /// So many years back.
    pub(super) years_before: Option<u16>,
    /// Measure of the present period that is added.
    pub(super) plus: Option<String>,
    /// Measure of the present period that is taken away.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Standard"))]
#[serde(deny_unknown_fields)]
pub(super) struct StandardSaid {
    /// Name.
    pub(super) name: Label,
    /// Document that it comes from.
    #[serde(default)]
    pub(super) source: String,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
    /// First month in which criteria hold that say nothing else, YYYY-MM.
    pub(super) valid_from: Option<Spanned<String>>,
    /// Last month in which criteria hold that say nothing else, YYYY-MM.
    pub(super) valid_to: Option<Spanned<String>>,
    /// Which rows of schools count, where criteria stand on schools: a condition as in formulas.
    pub(super) schools: Option<Spanned<String>>,
    /// Whether missing it only makes a figure implausible, so that `check` warns of it.
    #[serde(default)]
    pub(super) plausibility: bool,
    /// What puts criteria together, where it is not simply all of them.
    #[serde(default)]
    pub(super) rules: IndexMap<String, Spanned<RuleSaid>>,
    /// What has to hold.
    #[serde(default)]
    pub(super) criteria: Vec<Spanned<CriterionSaid>>,
    /// Whether it overrides the earlier definition of this id.
    #[serde(default)]
    pub(super) replaces: bool,
}

/// `[standards."ID".rules.RULE]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Rule"))]
#[serde(deny_unknown_fields)]
pub(super) struct RuleSaid {
    /// Name.
    pub(super) name: Label,
    /// The rule that it is an item of; without it, of the standard.
    pub(super) part_of: Option<Spanned<String>>,
    /// How many of its items must be met; without it, all.
    pub(super) needs: Option<u16>,
    /// What the other items must reach, in per cent of their threshold.
    pub(super) floor: Option<Spanned<String>>,
    /// What it is asked of one by one; an area meets it if all of them do.
    pub(super) per: Option<Per>,
    /// Document, where it is not that of the standard.
    pub(super) source: Option<String>,
    /// How well it is documented.
    pub(super) confidence: Option<Confidence>,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
}

/// What a rule is asked of one by one (逐一评估的对象).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each school (校), of several stages each stage by itself.
    School,
}

/// `[[standards."ID".criteria]]`
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Criterion"))]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionSaid {
    /// Indicator that is held against the threshold.
    pub(super) indicator: Spanned<String>,
    /// Decimal text in the unit of the indicator; the threshold itself passes.
    pub(super) at_least: Option<Spanned<String>>,
    /// Decimal text in the unit of the indicator; the threshold itself passes.
    pub(super) at_most: Option<Spanned<String>>,
    /// Decimal text in the unit of the indicator; the threshold itself fails.
    pub(super) above: Option<Spanned<String>>,
    /// Decimal text in the unit of the indicator; the threshold itself fails.
    pub(super) below: Option<Spanned<String>>,
    /// Two decimal texts; both pass.
    pub(super) between: Option<[Spanned<String>; 2]>,
    /// The rule that it is an item of; without it, of the standard.
    pub(super) rule: Option<Spanned<String>>,
    /// Tier of the areas that it is for; without it, any.
    pub(super) tier: Option<Spanned<String>>,
    /// Area code in which it holds; the narrowest scope replaces the wider.
    pub(super) scope: Option<Spanned<String>>,
    /// Stage for which it holds.
    pub(super) stage: Option<Spanned<String>>,
    /// First month in which it holds, YYYY-MM.
    pub(super) valid_from: Option<Spanned<String>>,
    /// Last month in which it holds, YYYY-MM.
    pub(super) valid_to: Option<Spanned<String>>,
    /// The part that `needed` moves.
    pub(super) needed_by: Option<Part>,
    /// Document, where it is not that of the standard.
    pub(super) source: Option<String>,
    /// How well it is documented.
    pub(super) confidence: Option<Confidence>,
    /// Remark.
    #[serde(default)]
    pub(super) note: Label,
}

/// A part of an indicator (组成部分).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What is divided (分子).
    Numerator,
    /// What is divided by (分母).
    Denominator,
}

//! Schemes (评价指标体系): what is scored, by which rule, and with which weight.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use serde::Deserialize;

use super::read::read;
use crate::area::Tier;
use crate::catalog::{Catalog, Indicator, Source};
use crate::error::{Error, Result, one_of};
use crate::label::Label;
use crate::number::{Comparison, Decimal, Ratio};

/// A local evaluation system (评价指标体系), or the making of a composite index, as data.
///
/// A tree: a total, groups of up to four levels (一级指标, 二级指标, …), and items, each of them one
/// indicator with the rule that scores it. Weights are points: those of a level add up to that of the
/// level above, and the highest to `total`, so that a full score is the weight.
///
/// # Example
/// ```
/// use zhibiao::{Catalog, score::Scheme};
/// let scheme = Scheme::parse(
///     r#"
///     id = "pingyao"
///     name = { zh = "县域学前教育评价" }
///     total = "100"
///     missing = "unknown"
///     items = [
///         { indicator = "preschool.public_share", weight = "60", linear = { from = "30", to = "50" } },
///         { indicator = "projects.completion", weight = "50", linear = { from = "0", to = "100" } },
///     ]
///     "#,
///     "pingyao.toml",
///     &Catalog::builtin(),
/// );
/// assert_eq!(
///     scheme.unwrap_err().to_string(),
///     "pingyao.toml:4:13: the weights of `pingyao` add up to 110, not to 100; let the weights of each \
///      level add up to that of the level above, those of the highest to `total`; where `weights = \
///      \"equal\"`, write none"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Document that it comes from.
    pub source: String,
    /// Remark.
    pub note: Label,
    /// What a full score is.
    pub total: Decimal,
    /// What becomes of an item whose value is missing.
    pub missing: Missing,
    /// What becomes of an item that does not exist in an area, such as a rate of an area without
    /// children. Unless the file says so, what becomes of one whose value is missing.
    pub not_applicable: Missing,
    /// The tier of the larger areas within which areas are compared by `target` and `relative`;
    /// without it, all areas of one tier, period and slice are.
    pub among: Option<Tier>,
    /// Printed decimals of scores.
    pub decimals: i8,
    /// Grades of the total, the best first.
    pub grades: Vec<Arc<Grade>>,
    /// The total, then what it is made of; each before its own parts.
    pub(super) nodes: Vec<Arc<Node>>,
}

/// The total, a group or an item of a [`Scheme`].
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Ids from the highest group down, joined by `/`; an item has the id of its indicator. Of the
    /// total, the id of the scheme.
    pub path: String,
    /// Name.
    pub name: Label,
    /// 0 for the total, 1 for the highest groups or items (一级指标).
    pub level: usize,
    /// Points of a full score.
    pub weight: Ratio,
    /// What it is.
    pub part: Part,
    /// Position of what it is a part of.
    pub(super) parent: Option<usize>,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// The total or a group: the mean of its parts.
    Group(Aggregate),
    /// An item: a scored indicator.
    Item(Arc<Indicator>, Scoring),
}

/// How an item is scored (计分方法), as a share of its weight, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub enum Scoring {
    /// By the first band that holds the value (分档计分).
    Bands(Vec<Band>),
    /// On a line between goalposts (线性计分, 功效系数): 0 at `from` and before it, 1 at `to` and beyond.
    /// `(x − from) / (to − from)`, on logarithms of all three where the scale is.
    Linear {
        /// The value of score 0.
        from: Decimal,
        /// The value of full score; below `from` where lower is better.
        to: Decimal,
        /// What is linear.
        scale: Scale,
    },
    /// By the distance to a target (目标距离): 1 from the target on, else
    /// `(x − worst) / (target − worst)`, with the worst value among the areas that are compared.
    Target(Decimal),
    /// By the place among the areas that are compared (相对计分).
    Relative(Relative),
}

/// A band (档) of values.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// What a value must meet; without it, any value.
    pub threshold: Option<(Comparison, Decimal)>,
    /// Score in per cent of the weight.
    pub score: Decimal,
}

/// What a line is straight on (刻度).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// The value itself.
    #[default]
    Plain,
    /// Its natural logarithm.
    Log,
}

/// How a value is normalised among those of other areas (标准化), so that better is more.
///
/// # References
/// OECD, European Union and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Relative {
    /// `(x − worst) / (best − worst)` (极差标准化).
    MinMax,
    /// The share of the other areas that are worse, those alike counting half (位次标准化):
    /// `(worse + alike / 2) / (n − 1)`.
    Rank,
    /// `(50 + 10 z) / 100` with `z = (x − mean) / deviation` (T 分数), clipped to 0 and 1, five deviations
    /// off the mean. The deviation divides by `n − 1`. Computed in floats.
    Z,
}

/// How parts make a whole (合成方法): the weighted mean of the shares that they reach.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// `Σ w s / Σ w` (算术平均).
    #[default]
    Arithmetic,
    /// `exp(Σ w ln s / Σ w)` (几何平均), computed in floats unless all are alike; 0 where one is 0.
    Geometric,
    /// `Σ w / Σ (w / s)` (调和平均); 0 where one is 0.
    Harmonic,
}

/// What becomes of an item without a score (缺项规则).
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// What it is a part of has no score, either.
    Unknown,
    /// Its weight goes to the other parts of its group, as theirs are; that of an empty group to
    /// the other groups.
    Renormalize,
    /// It scores 0.
    Zero,
}

/// Where weights come from (权重).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Weights {
    #[default]
    Given,
    Equal,
}

/// A grade (等次) of the total.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Grade {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Label,
    /// Points from which it is given; none for the last.
    pub at_least: Option<Decimal>,
}

impl Scheme {
    /// Reads a file.
    ///
    /// # Errors
    /// `unreadable-file`, `bad-toml` for text that does not parse and for unknown keys; `bad-group`,
    /// `bad-weights`, `bad-scoring`, `bad-bands`, `bad-grades` and those of numbers and names, with file,
    /// line and column; [`Error::others`](crate::Error::others) has those after the first.
    pub fn load(path: impl AsRef<Path>, catalog: &Catalog) -> Result<Self> {
        read(&Source::load(path.as_ref())?, catalog)
    }

    /// Reads a scheme from text; `file` is named in errors.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn parse(text: &str, file: &str, catalog: &Catalog) -> Result<Self> {
        read(&Source::parse(file.to_owned(), text.to_owned())?, catalog)
    }

    /// The total, then what it is made of; each before its own parts.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().map(AsRef::as_ref)
    }

    /// Ids of the indicators that are scored: what to ask a table for.
    pub fn indicators(&self) -> impl Iterator<Item = &str> {
        self.nodes().filter_map(|node| node.indicator().map(|indicator| indicator.id.as_str()))
    }
}

impl Node {
    /// The indicator of an item.
    #[must_use]
    pub fn indicator(&self) -> Option<&Indicator> {
        match &self.part {
            Part::Item(indicator, _) => Some(indicator),
            Part::Group(_) => None,
        }
    }
}

impl FromStr for Aggregate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all = [
            ("arithmetic", Self::Arithmetic),
            ("geometric", Self::Geometric),
            ("harmonic", Self::Harmonic),
        ];
        one_of("aggregate", text, &all)
    }
}

impl FromStr for Relative {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all = [("min_max", Self::MinMax), ("rank", Self::Rank), ("z", Self::Z)];
        one_of("relative", text, &all)
    }
}

impl FromStr for Missing {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let all =
            [("unknown", Self::Unknown), ("renormalize", Self::Renormalize), ("zero", Self::Zero)];
        one_of("missing", text, &all)
    }
}

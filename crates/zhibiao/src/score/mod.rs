//! Scoring (评价计分): composite indices and local evaluation systems, from values to a total and a grade.
//!
//! A [`Scheme`] is data: which indicators are scored, by bands, between goalposts, to a target or
//! among other areas, with which weights, and how parts make a whole. Scores are exact rationals until
//! they are printed, so that a grade whose threshold is met exactly is given. Only what is irrational (a
//! standard deviation, a logarithm, a geometric mean of different shares) is computed in floats, and then
//! stands for the exact value of that float.
//!
//! May use everything up to `attainment`.

mod evaluate;
mod exact;
mod frame;
mod items;
mod mean;
mod random;
mod ranks;
mod read;
mod removal;
mod replay;
mod rows;
mod said;
mod scheme;
mod status;

use std::sync::Arc;

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode};
use crate::period::Period;
use crate::table::{Group, IndicatorTable};

use self::evaluate::{children, reached};
use self::items::{columns, peers};
use self::ranks::{Place, ranks};

pub use self::exact::Exact;
pub use self::removal::{RemovalRow, RemovalTable};
pub use self::replay::{Choices, SensitivityRow, SensitivityTable};
pub use self::scheme::{
    Aggregate, Band, Grade, Missing, Node, Part, Relative, Scale, Scheme, Scoring,
};
pub use self::status::ScoreStatus;

/// Scores of areas (评价得分表): one row per area, period and slice, and node of the scheme.
///
/// Rows are sorted as those of an [`IndicatorTable`], nodes as in the scheme: the total first, each
/// group before its parts.
#[derive(Clone, Debug)]
pub struct ScoreTable {
    rows: Vec<ScoreRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    findings: Vec<Error>,
    decimals: i8,
    mode: RoundMode,
    lang: Lang,
}

/// One row of a [`ScoreTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreRow {
    pub(crate) group: Arc<Group>,
    /// Total, group or item.
    pub node: Arc<Node>,
    /// Value of an item in the unit of its indicator, exact or the figure of a reported one.
    pub value: Option<Ratio>,
    /// Printed value, without unit.
    pub display: Option<String>,
    /// Share of a full score that is reached, from 0 to 1.
    pub share: Option<Exact>,
    /// Points: the share of the weight.
    pub score: Option<Exact>,
    /// The weight that it carries in the total of this area: its own, and its part of what is left
    /// out beside it.
    pub carried: Option<Exact>,
    /// Points of the total that it brings (贡献): its share of the weight it carries. Those of the items
    /// add up to the total. None below a geometric or harmonic mean, which is no sum.
    pub contribution: Option<Exact>,
    /// Grade of a total.
    pub grade: Option<Arc<Grade>>,
    /// Place by score among the areas of the tier, period and slice; equal ones share it.
    pub rank: Option<usize>,
    /// How many of them have a place.
    pub ranked: usize,
    /// Why there is a score or not.
    pub status: ScoreStatus,
    /// Ids of the indicators in it that are not scored by a value.
    pub missing: Vec<String>,
}

impl IndicatorTable {
    /// Scores every area by a scheme (评价计分).
    ///
    /// # Formula
    /// An item reaches the share of its weight that its [`Scoring`] gives; a group and the total the
    /// [mean](Aggregate) of the shares of their parts; `score = weight × share`.
    ///
    /// # Missing values
    /// As the scheme names it: [`Missing`]. What a rule leaves out, or counts as 0, is told by status and
    /// by name. A reported value is scored by the figure that stands for it, in bands by its bounds: one
    /// that may lie in two of them is missing.
    ///
    /// # Errors
    /// `lacks-indicators` when the table was not asked for what the scheme scores; `overflow` when a
    /// printed value leaves 128 bits.
    ///
    /// # References
    /// OECD, European Union and JRC (2008), Handbook on Constructing Composite Indicators, steps 5 and 6.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, score::Scheme};
    /// let catalog = Catalog::builtin();
    /// let scheme = Scheme::parse(
    ///     r#"
    ///     id = "projects"
    ///     name = { zh = "项目评价" }
    ///     total = "100"
    ///     missing = "unknown"
    ///     grades = [
    ///         { id = "good", name = { zh = "良好" }, at_least = "65" },
    ///         { id = "poor", name = { zh = "一般" } },
    ///     ]
    ///     [[items]]
    ///     indicator = "projects.completion"
    ///     weight = "100"
    ///     linear = { from = "60", to = "100" }
    ///     "#,
    ///     "projects.toml",
    ///     &catalog,
    /// )?;
    /// let pingyao = df!["area" => ["140728"], "projects" => [50], "projects_done" => [43]]?;
    /// let table = Query::new(&catalog).indicators(scheme.indicators()).run(&pingyao)?;
    /// let scores = table.score(&scheme)?;
    /// let total = scores.rows().next().unwrap();
    /// // 86 % is 26 of the 40 points from 60 to 100: exactly the threshold.
    /// assert_eq!(scores.display(total)?.as_deref(), Some("65.00"));
    /// assert_eq!(total.grade.as_ref().unwrap().id, "good");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn score(&self, scheme: &Scheme) -> Result<ScoreTable> {
        let columns = columns(self, scheme)?;
        let shares = scheme.shares(self, &columns, None);
        let children = children(scheme);
        let areas = (0..self.groups.len()).into_par_iter().map(|group| {
            let reached = reached(scheme, &children, &shares, group, None);
            scheme.rows(self, (group, &columns), &shares, reached)
        });
        let mut areas: Vec<Vec<ScoreRow>> = areas.collect::<Result<_>>()?;
        let among = peers(self, None);
        for node in 0..scheme.nodes.len() {
            let scores = areas.iter().map(|rows| rows.get(node).and_then(|row| row.share.as_ref()));
            let places = ranks(&scores.collect::<Vec<_>>(), &among);
            for (rows, place) in areas.iter_mut().zip(places) {
                if let Some(row) = rows.get_mut(node) {
                    Place { rank: row.rank, ranked: row.ranked } = place;
                }
            }
        }
        Ok(ScoreTable {
            rows: areas.into_iter().flatten().collect(),
            slices: self.slices.clone(),
            findings: self.findings.clone(),
            decimals: scheme.decimals,
            mode: self.rounding.mode,
            lang: self.lang,
        })
    }
}

impl ScoreTable {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &ScoreRow> {
        self.rows.iter()
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Flaws of the table that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The printed score of a row: rounded once, from the exact one, with the decimals of the scheme.
    ///
    /// # Errors
    /// `overflow` when the number leaves 128 bits.
    pub fn display(&self, row: &ScoreRow) -> Result<Option<String>> {
        let rounded = row.score.as_ref().map(|score| score.rounded(self.decimals, self.mode));
        Ok(rounded.transpose()?.map(|rounded| rounded.to_string()))
    }
}

/// What rows are about.
macro_rules! about_areas {
    ($($row:ident),*) => { $(
        impl $row {
            /// Name of the area, or of the school.
            #[must_use]
            pub fn area_name(&self) -> &str {
                &self.group.area_name
            }

            /// Code of the area; of a school, `area/school`.
            #[must_use]
            pub fn place(&self) -> String {
                self.group.place()
            }

            /// Period.
            #[must_use]
            pub fn period(&self) -> Option<Period> {
                self.group.period
            }
        }
    )* };
}

about_areas!(ScoreRow, SensitivityRow, RemovalRow);

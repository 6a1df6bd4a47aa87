//! Judging (评估): holding exact values against the criteria of a standard, and putting criteria
//! together by its rules.
//!
//! May use everything up to `query`.

mod asking;
mod blocks;
mod changes;
mod criterion;
mod frames;
mod judging;
mod rule;
mod table;

use self::blocks::Source;
use self::judging::judged;
use crate::catalog::Standard;
use crate::label::Lang;
use crate::table::IndicatorTable;

pub use self::changes::{Course, Station, Turn};
pub use self::criterion::VerdictRow;
pub use self::rule::RuleRow;
pub use self::table::{Summary, VerdictTable};

/// Verdict (结论) on a criterion.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// The value meets it.
    Meets,
    /// The value does not.
    Fails,
    /// There is no value, or what is known of it lies on both sides of the threshold.
    Unknown,
    /// The indicator does not exist here, such as a rate of an area without children.
    NotApplicable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Meets, Self::Fails, Self::Unknown, Self::NotApplicable];

    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Meets => lang.of("达标", "meets"),
            Self::Fails => lang.of("未达标", "fails"),
            Self::Unknown => lang.of("无法判定", "unknown"),
            Self::NotApplicable => lang.of("不适用", "not applicable"),
        }
    }
}

impl IndicatorTable {
    /// Holds every area against the criteria in force for it at the end of its period, and puts
    /// them together by the rules of the standard.
    ///
    /// Values are compared exactly, never rounded. Criteria whose indicator is not in the table
    /// are `unknown`, and so is a rule that is asked of each school where the table has none.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Verdict};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "period" => [2022],
    ///     "children_public" => [4_999], "children" => [10_000]]?;
    /// let table = Query::new(&catalog).indicators(["preschool.public_share"]).run(&county)?;
    /// let verdicts = table.judge(catalog.standard("preschool-2020")?);
    /// let row = verdicts.rows().find(|row| row.criterion.indicator == "preschool.public_share").unwrap();
    /// // 49.99 % prints as 50.0 and still fails.
    /// assert_eq!((row.display.as_deref(), row.verdict), (Some("50.0"), Verdict::Fails));
    /// assert_eq!(row.needed, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn judge(&self, standard: &Standard) -> VerdictTable {
        let all = standard.indicators();
        let source = Source::new(self, false);
        judged((standard, &all), &[source], self.slices.len(), self.findings.clone())
    }
}

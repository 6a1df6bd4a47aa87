//! Findings: what was found, how grave it is, and where it stands.

use polars::prelude::{Column, DataFrame};

use crate::area::AreaCode;
use crate::error::{Error, Place, Problem, Result};
use crate::label::Lang;
use crate::period::Period;
use crate::table::refused;

/// How grave a finding is (级别).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// A figure cannot be used, or two figures contradict each other (错误).
    Error,
    /// A figure is unlikely, or its area is not in force (警告).
    Warning,
    /// What should be known and may be as it is (提示).
    Note,
}

impl Severity {
    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Error => lang.of("错误", "error"),
            Self::Warning => lang.of("警告", "warning"),
            Self::Note => lang.of("提示", "note"),
        }
    }

    pub(super) const fn of(problem: &Problem) -> Self {
        match problem {
            Problem::UnknownArea { .. }
            | Problem::AreaNameMismatch { .. }
            | Problem::UnknownMeasure { .. }
            | Problem::UnitSlip { .. }
            | Problem::Implausible { .. }
            | Problem::PermutedValues { .. }
            | Problem::RepeatedValues { .. }
            | Problem::DuplicateName { .. } => Self::Warning,
            Problem::TotalRow { .. } | Problem::Zone { .. } => Self::Note,
            _ => Self::Error,
        }
    }
}

/// One finding (问题) of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// Area of the row; none where its cell is no code.
    pub area: Option<AreaCode>,
    /// School of the row.
    pub school: Option<String>,
    /// Name of the area.
    pub area_name: String,
    /// Period of the row.
    pub period: Option<Period>,
    /// Id of the measure or indicator.
    pub measure: Option<String>,
    /// The figure or text that is in question.
    pub value: Option<String>,
    /// What it was held against.
    pub other: Option<String>,
    /// Problem and place.
    pub error: Error,
}

/// Findings (检查结果), the gravest first, then in the order of the table.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Table};
/// let table = Table::from(df!["area" => ["140728"], "teachers" => [40], "teachers_pe" => [41]]?);
/// let findings = table.check(&Catalog::builtin())?;
/// let first = findings.rows().next().unwrap();
/// assert_eq!(first.error.code(), "part-exceeds-whole");
/// assert_eq!((first.value.as_deref(), first.other.as_deref()), (Some("41"), Some("40")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FindingTable {
    pub(super) rows: Vec<Finding>,
    pub(super) lang: Lang,
}

impl FindingTable {
    /// Number of findings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All findings.
    pub fn rows(&self) -> impl Iterator<Item = &Finding> {
        self.rows.iter()
    }

    /// How many findings are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.rows.iter().filter(|finding| finding.severity == severity).count()
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The findings as a frame.
    ///
    /// Columns: `severity, code, area, area_name, period, measure, value, other, file, sheet, row, column,
    /// message, remedy`. `row` is counted as a spreadsheet counts it: the header is row 1. `value`
    /// and `other` are text, in base units (元); null where there is none.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(&Finding) -> Option<String>| {
            let values: Vec<Option<String>> = self.rows.iter().map(of).collect();
            Column::new(name.into(), values)
        };
        let row = |finding: &Finding| match finding.error.place() {
            Place::Cell { row, .. } => *row,
            _ => None,
        };
        let rows: Vec<Option<u64>> = self.rows.iter().map(row).collect();
        let columns = vec![
            text("severity", &|finding| Some(finding.severity.id().to_owned())),
            text("code", &|finding| Some(finding.error.code().to_owned())),
            text("area", &Finding::place),
            text("area_name", &|finding| Some(finding.area_name.clone())),
            text("period", &|finding| finding.period.map(|period| period.to_string())),
            text("measure", &|finding| finding.measure.clone()),
            text("value", &|finding| finding.value.clone()),
            text("other", &|finding| finding.other.clone()),
            text("file", &|finding| match finding.error.place() {
                Place::Cell { file, .. } => file.clone(),
                _ => None,
            }),
            text("sheet", &|finding| match finding.error.place() {
                Place::Cell { sheet, .. } => sheet.clone(),
                _ => None,
            }),
            Column::new("row".into(), rows),
            text("column", &|finding| match finding.error.place() {
                Place::Cell { column, .. } => column.clone(),
                _ => None,
            }),
            text("message", &|finding| Some(finding.error.problem().to_string())),
            text("remedy", &|finding| Some(finding.error.problem().remedy())),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

impl Finding {
    /// The code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        let area = self.area?;
        Some(match &self.school {
            Some(school) => format!("{area}/{school}"),
            None => area.to_string(),
        })
    }
}

/// What is in question, and what it was held against.
pub(super) fn held(problem: &Problem) -> (Option<String>, Option<String>) {
    let (value, other) = match problem {
        Problem::ParentDiffers { given, sum, .. } | Problem::TotalDiffers { given, sum, .. } => {
            (given, Some(sum))
        }
        Problem::PartExceedsWhole { given, other, .. } => (given, Some(other)),
        Problem::DefineDiffers { given, computed, .. } => (given, Some(computed)),
        Problem::UnitSlip { given, usual, .. } => (given, Some(usual)),
        Problem::Implausible { given, threshold, .. } => (given, Some(threshold)),
        Problem::PermutedValues { column, other, .. }
        | Problem::RepeatedValues { column, other, .. } => (column, Some(other)),
        Problem::DuplicateName { name, other } => (name, Some(other)),
        Problem::ReportedDiffers { reported, computed, .. } => (reported, Some(computed)),
        Problem::AreaNameMismatch { given, name, .. } => (given, Some(name)),
        Problem::DuplicateKey { key, first } => (key, Some(first)),
        Problem::UnknownArea { code, .. } | Problem::Zone { code } => (code, None),
        Problem::UnknownUnit { unit, .. } => (unit, None),
        Problem::UnitMismatch { given, wanted } => (given, Some(wanted)),
        Problem::NotANumber { value }
        | Problem::TooManyDigits { value }
        | Problem::TooManyDecimals { value, .. }
        | Problem::BadAreaCode { value, .. }
        | Problem::TotalRow { value }
        | Problem::BadPeriod { value, .. }
        | Problem::UnknownSymbol { value, .. }
        | Problem::UnknownValue { value, .. }
        | Problem::UnknownMeasure { value, .. }
        | Problem::NegativeCount { value }
        | Problem::FractionalCount { value }
        | Problem::OutOfRange { value, .. }
        | Problem::NotFinite { value } => (value, None),
        _ => return (None, None),
    };
    (Some(value.clone()), other.cloned())
}

//! Findings of an answer as a frame.

use polars::prelude::{Column, DataFrame};

use super::{IndicatorTable, refused};
use crate::error::{Error, Field, Place, Result};

/// Findings as a frame: `code, file, sheet, row, column, value, message, remedy`.
pub(crate) fn findings_frame(findings: &[Error]) -> Result<DataFrame> {
    let text = |name: &str, of: &dyn Fn(&Error) -> Option<String>| {
        Column::new(name.into(), findings.iter().map(of).collect::<Vec<_>>())
    };
    let row = |finding: &Error| match finding.place() {
        Place::Cell { row, .. } => *row,
        Place::Text { line, .. } => u64::try_from(*line).ok(),
        _ => None,
    };
    let value = |finding: &Error| {
        let fields = finding.problem().fields().into_iter();
        let mut values = fields.filter(|(name, _)| matches!(*name, "value" | "given" | "code"));
        values.next().map(|(_, field)| match field {
            Field::Text(text) => text,
            Field::Number(number) => number.to_string(),
        })
    };
    let columns = vec![
        text("code", &|finding| Some(finding.code().to_owned())),
        text("file", &|finding| match finding.place() {
            Place::Cell { file, .. } => file.clone(),
            Place::Text { file, .. } | Place::Rows { table: file, .. } => Some(file.clone()),
            Place::Nowhere => None,
        }),
        text("sheet", &|finding| match finding.place() {
            Place::Cell { sheet, .. } => sheet.clone(),
            _ => None,
        }),
        Column::new("row".into(), findings.iter().map(row).collect::<Vec<_>>()),
        text("column", &|finding| match finding.place() {
            Place::Cell { column, .. } => column.clone(),
            Place::Rows { column, .. } => Some(column.clone()),
            _ => None,
        }),
        text("value", &value),
        text("message", &|finding| Some(finding.problem().to_string())),
        text("remedy", &|finding| Some(finding.problem().remedy())),
    ];
    DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
}

impl IndicatorTable {
    /// All [findings](Self::findings) as a frame (问题): `code, file, sheet, row, column, value, message,
    /// remedy`. `row` is counted as a spreadsheet counts it.
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn findings_frame(&self) -> Result<DataFrame> {
        findings_frame(&self.findings)
    }
}

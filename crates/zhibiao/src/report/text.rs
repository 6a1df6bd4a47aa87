//! Tables for readers: aligned also where Chinese and Latin letters mix.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use super::sheet::{self, Sheet};
use crate::attainment::AttainmentTable;
use crate::compare::{Compared, Figures};
use crate::error::{Error, Result};
use crate::judge::VerdictTable;
use crate::label::Lang;
use crate::score::{RemovalTable, ScoreTable, SensitivityTable};
use crate::table::IndicatorTable;

/// Indicators as an aligned table (对齐文本).
///
/// A note below tells where printed shares do not add up to their whole, or were made to.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn indicators(table: &IndicatorTable) -> Result<String> {
    sheet::indicators(table, None).map(|sheet| aligned(&sheet))
}

/// Verdicts as an aligned table (对齐文本).
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn verdicts(table: &VerdictTable) -> Result<String> {
    let sheets = sheet::verdicts(table, None)?;
    Ok(sheets.iter().map(aligned).collect::<Vec<_>>().join("\n"))
}

/// Attainment of targets as an aligned table (对齐文本), with how many are met below.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn attainment(table: &AttainmentTable) -> Result<String> {
    sheet::attainment(table, None).map(|sheet| aligned(&sheet))
}

/// A comparison as an aligned table (对齐文本).
#[must_use]
pub fn compared<F: Figures>(table: &Compared<F>) -> String {
    aligned(&sheet::compared(table, None))
}

/// Scores by an evaluation system as an aligned table (对齐文本).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn scores(table: &ScoreTable) -> Result<String> {
    sheet::scores(table, None).map(|sheet| aligned(&sheet))
}

/// Totals without each indicator as an aligned table (对齐文本).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn removals(table: &RemovalTable) -> Result<String> {
    sheet::removals(table, None).map(|sheet| aligned(&sheet))
}

/// How far places hang on choices as an aligned table (对齐文本).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn sensitivity(table: &SensitivityTable) -> Result<String> {
    sheet::sensitivity(table, None).map(|sheet| aligned(&sheet))
}

/// Findings as lines, at most `most`, and how many more there are.
#[must_use]
pub fn notes(findings: &[Error], lang: Lang, most: usize) -> String {
    let mut lines: Vec<String> = findings
        .iter()
        .take(most)
        .map(|finding| format!("[{}] {finding}", finding.code()))
        .collect();
    let more = findings.len().saturating_sub(most);
    if more > 0 {
        lines.push(lang.of("另有 {n} 条", "and {n} more").replace("{n}", &more.to_string()));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A table without borders, columns two spaces apart.
pub(super) fn aligned(sheet: &Sheet) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(sheet.columns.iter().map(|column| column.name.as_str()));
    for (drawn, column) in table.column_iter_mut().zip(&sheet.columns) {
        drawn.set_padding((0, 2));
        if column.is_number() {
            drawn.set_cell_alignment(CellAlignment::Right);
        }
    }
    for row in &sheet.rows {
        table.add_row(&row.cells);
    }
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    let lines = sheet.title.iter().cloned().chain(lines).chain(sheet.notes.iter().cloned());
    lines.map(|line| format!("{line}\n")).collect()
}

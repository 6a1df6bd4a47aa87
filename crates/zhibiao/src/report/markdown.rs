//! Tables for readers in Markdown, as GitHub shows them.

use super::sheet::{self, Sheet};
use crate::attainment::AttainmentTable;
use crate::check::FindingTable;
use crate::compare::{Compared, Figures};
use crate::error::Result;
use crate::judge::VerdictTable;
use crate::label::Lang;
use crate::prose::{Finding, Reading};
use crate::score::{RemovalTable, ScoreTable, SensitivityTable};
use crate::table::IndicatorTable;

/// Indicators as a Markdown table (Markdown 表格), numbers on the right.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Lang, Query, report::markdown};
/// let catalog = Catalog::builtin();
/// let query = Query::new(&catalog).indicators(["projects.completion"]).lang(Lang::En);
/// let table = query.run(&df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?)?;
/// assert_eq!(
///     markdown::indicators(&table)?,
///     "| area | name | indicator | value | numerator | denominator | status |\n\
///      | --- | --- | --- | ---: | ---: | ---: | --- |\n\
///      | 140728 | 平遥县 | Project completion | 86.7 % | 52 | 60 |  |\n"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn indicators(table: &IndicatorTable) -> Result<String> {
    sheet::indicators(table, None).map(|sheet| written(&sheet))
}

/// Verdicts as a Markdown table (Markdown 表格), with the standard above and a summary below.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn verdicts(table: &VerdictTable) -> Result<String> {
    let sheets = sheet::verdicts(table, None)?;
    Ok(sheets.iter().map(written).collect::<Vec<_>>().join("\n"))
}

/// Attainment of targets as a Markdown table (Markdown 表格), with how many are met below.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn attainment(table: &AttainmentTable) -> Result<String> {
    sheet::attainment(table, None).map(|sheet| written(&sheet))
}

/// A comparison as a Markdown table (Markdown 表格).
#[must_use]
pub fn compared<F: Figures>(table: &Compared<F>) -> String {
    written(&sheet::compared(table, None))
}

/// Scores by an evaluation system as a Markdown table (Markdown 表格).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn scores(table: &ScoreTable) -> Result<String> {
    sheet::scores(table, None).map(|sheet| written(&sheet))
}

/// Totals without each indicator as a Markdown table (Markdown 表格).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn removals(table: &RemovalTable) -> Result<String> {
    sheet::removals(table, None).map(|sheet| written(&sheet))
}

/// How far places hang on choices as a Markdown table (Markdown 表格).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn sensitivity(table: &SensitivityTable) -> Result<String> {
    sheet::sensitivity(table, None).map(|sheet| written(&sheet))
}

/// Findings of a check as a Markdown table (Markdown 表格), with what to do about them below.
#[must_use]
pub fn findings(table: &FindingTable) -> String {
    written(&sheet::findings(table, None))
}

/// What was read in a report as Markdown tables (Markdown 表格).
#[must_use]
pub fn reading(reading: &Reading, findings: &[Finding], lang: Lang) -> String {
    let sheets = sheet::reading(reading, findings, lang, None);
    sheets.iter().map(written).collect::<Vec<_>>().join("\n")
}

fn written(sheet: &Sheet) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let names = sheet.columns.iter().map(|column| escaped(&column.name)).collect();
    let rules = sheet.columns.iter().map(|column| if column.is_number() { "---:" } else { "---" });
    let mut text = sheet.title.as_ref().map_or_else(String::new, |t| format!("{}\n\n", escaped(t)));
    if !sheet.columns.is_empty() {
        text.push_str(&line(names));
        text.push_str(&line(rules.map(str::to_owned).collect()));
    }
    for row in &sheet.rows {
        text.push_str(&line(row.cells.iter().map(|cell| escaped(&cell.to_string())).collect()));
    }
    for note in sheet.notes.iter().filter(|note| !note.is_empty()) {
        text.push_str(&format!("\n{}\n", escaped(note)));
    }
    text
}

/// Text that Markdown shows as it is: on one line, nothing in it is a mark.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => shown.push(' '),
            '|' | '\\' | '<' | '`' | '*' | '_' | '[' => shown.extend(['\\', letter]),
            other => shown.push(other),
        }
    }
    shown
}

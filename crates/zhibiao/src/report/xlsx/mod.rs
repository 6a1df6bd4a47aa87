//! Workbooks (工作簿) in xlsx, for spreadsheets.
//!
//! Each begins with what readers are shown elsewhere, on one sheet or several, with heads and keys
//! that stay in view. Cells that print a number of at most 15 digits hold that number, as it was
//! rounded, with a number format that prints it so again; all else is text, area codes too, and
//! nothing is ever a formula. The sheet 说明 says what the figures stand on, the sheet 问题 holds
//! all findings where there are any. The same table gives the same bytes.

mod book;
mod layout;
mod names;
mod number;

use indexmap::IndexSet;

use self::book::Book;
use super::sheet::{self, Sheet};
use crate::attainment::AttainmentTable;
use crate::catalog::{Catalog, Indicator};
use crate::check::FindingTable;
use crate::compare::{Compared, Figures};
use crate::error::{Error, Result};
use crate::judge::VerdictTable;
use crate::label::Lang;
use crate::prose::{Finding, Reading};
use crate::score::{RemovalTable, ScoreTable, SensitivityTable};
use crate::table::IndicatorTable;

/// Indicators as a workbook (工作簿): one row per area, period, slice and indicator, and where there
/// are several indicators also one row per area, with the indicators side by side.
///
/// # Errors
/// `overflow` when a number leaves 128 bits, `unknown-id` when the catalogue is not that of the
/// table, `sheet-too-long` beyond 1,048,576 rows.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Query, report::xlsx};
/// let catalog = Catalog::builtin();
/// let county = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?;
/// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&county)?;
/// let bytes = xlsx::indicators(&table, &catalog)?;
/// assert!(bytes.starts_with(b"PK"));
/// assert_eq!(bytes, xlsx::indicators(&table, &catalog)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn indicators(table: &IndicatorTable, catalog: &Catalog) -> Result<Vec<u8>> {
    let lang = table.lang();
    let sheet = sheet::indicators(table, None)?;
    let mut book = book(lang.of("派生指标", "Indicators"), &sheet)?;
    let each = table.indicators().count();
    if each > 1 {
        book.wide(lang.of("指标对照", "Side by side"), &sheet, each)?;
    }
    let mut notes = notes(table.indicators(), catalog, lang)?;
    notes.add(lang.of("规则", "Rules"), "", &table.rules(lang));
    finished(book, notes, table.findings(), lang)
}

/// Verdicts as a workbook (工作簿): on criteria, on rules where there are any, schools that fail,
/// criteria to come, and several periods side by side, each on a sheet.
///
/// # Errors
/// As for [`indicators`].
pub fn verdicts(table: &VerdictTable, catalog: &Catalog) -> Result<Vec<u8>> {
    let lang = table.lang();
    let standard = table.standard();
    let mut book = Book::default();
    for (at, sheet) in sheet::verdicts(table, None)?.iter().enumerate() {
        let title = if at == 0 { None } else { sheet.title.as_deref() };
        book.long(title.unwrap_or(standard.name.text(lang)), sheet)?;
    }
    let known = |id: &&str| catalog.indicator(id).is_ok();
    let indicators = standard.indicators().into_iter().filter(known);
    let about = std::iter::once(standard.id.as_str()).chain(indicators);
    finished(book, sheet::notes(about, catalog, lang)?, table.findings(), lang)
}

/// Attainment of targets as a workbook (工作簿).
///
/// # Errors
/// As for [`indicators`].
pub fn attainment(table: &AttainmentTable, catalog: &Catalog) -> Result<Vec<u8>> {
    let lang = table.lang();
    let title = lang.of("任务完成情况", "Attainment of targets");
    let about = table.rows().map(|row| &row.indicator);
    let notes = notes(about, catalog, lang)?;
    finished(book(title, &sheet::attainment(table, None)?)?, notes, table.findings(), lang)
}

/// A comparison as a workbook (工作簿).
///
/// # Errors
/// As for [`indicators`].
pub fn compared<F: Figures>(table: &Compared<F>, catalog: &Catalog) -> Result<Vec<u8>> {
    let notes = notes(table.indicators.iter(), catalog, table.lang())?;
    finished(book(table.title(), &sheet::compared(table, None))?, notes, &[], table.lang())
}

/// Scores by an evaluation system as a workbook (工作簿).
///
/// # Errors
/// As for [`indicators`].
pub fn scores(table: &ScoreTable, catalog: &Catalog) -> Result<Vec<u8>> {
    let lang = table.lang();
    let title = lang.of("评价得分", "Scores by an evaluation system");
    let about = table.rows().filter_map(|row| row.node.indicator());
    let notes = notes(about, catalog, lang)?;
    finished(book(title, &sheet::scores(table, None)?)?, notes, table.findings(), lang)
}

/// Totals without each indicator as a workbook (工作簿).
///
/// # Errors
/// As for [`indicators`].
pub fn removals(table: &RemovalTable, catalog: &Catalog) -> Result<Vec<u8>> {
    let lang = table.lang();
    let title = lang.of("去指标分析", "Totals without each indicator");
    let about = table.rows().filter_map(|row| row.node.indicator());
    let notes = notes(about, catalog, lang)?;
    finished(book(title, &sheet::removals(table, None)?)?, notes, &[], lang)
}

/// How far places hang on choices as a workbook (工作簿).
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits; `sheet-too-long`.
pub fn sensitivity(table: &SensitivityTable) -> Result<Vec<u8>> {
    let title = table.lang().of("敏感性分析", "How far places hang on choices");
    book(title, &sheet::sensitivity(table, None)?)?.bytes()
}

/// What was read in a report as a workbook (工作簿): quantities, claims, audit, a sheet each.
///
/// # Errors
/// `sheet-too-long`, `unwritable-file`.
pub fn reading(reading: &Reading, findings: &[Finding], lang: Lang) -> Result<Vec<u8>> {
    let mut book = Book::default();
    for sheet in sheet::reading(reading, findings, lang, None) {
        book.long(sheet.title.as_deref().unwrap_or_default(), &sheet)?;
    }
    book.bytes()
}

/// Findings of a check as a workbook (工作簿), with what to do about them below.
///
/// # Errors
/// `sheet-too-long` beyond 1,048,576 rows.
pub fn findings(table: &FindingTable) -> Result<Vec<u8>> {
    book(table.lang().of("检查结果", "Findings"), &sheet::findings(table, None))?.bytes()
}

/// A workbook that begins with a sheet.
fn book(name: &str, sheet: &Sheet) -> Result<Book> {
    let mut book = Book::default();
    book.long(name, sheet)?;
    Ok(book)
}

/// What indicators stand on, each once.
fn notes<'a>(
    about: impl Iterator<Item = &'a Indicator>,
    catalog: &Catalog,
    lang: Lang,
) -> Result<Sheet> {
    let ids: IndexSet<&str> = about.map(|indicator| indicator.id.as_str()).collect();
    sheet::notes(ids, catalog, lang)
}

/// Adds what the figures stand on, and all findings.
fn finished(mut book: Book, mut notes: Sheet, findings: &[Error], lang: Lang) -> Result<Vec<u8>> {
    let name = lang.of("问题", "Findings");
    notes.first_findings(name, findings, lang);
    book.long(lang.of("说明", "Notes"), &notes)?;
    if !findings.is_empty() {
        book.long(name, &sheet::flaws(findings, lang))?;
    }
    book.bytes()
}

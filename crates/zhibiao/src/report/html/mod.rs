//! Tables for readers in HTML, for notebooks and pages.
//!
//! A table is one `<div>` that brings its style: no scripts, no fonts, nothing to load. It takes the
//! colours of where it stands, light or dark. All text is escaped.

mod layout;

use self::layout::{escaped, framed, laid_out};
use super::sheet;
use crate::area::{AreaCode, Areas};
use crate::attainment::AttainmentTable;
use crate::catalog::{Explanation, Indicator};
use crate::check::FindingTable;
use crate::compare::{Compared, Figures};
use crate::error::Result;
use crate::judge::VerdictTable;
use crate::label::Lang;
use crate::prose::{Finding, Reading};
use crate::score::{RemovalTable, ScoreTable, SensitivityTable};
use crate::table::IndicatorTable;

/// Indicators as an HTML table (HTML 表格).
///
/// Values that are not plain have a mark, and lines below say why. Where there are more than `most`
/// rows, the first and the last are shown; what is not shown costs nothing.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Lang, Query, report::html};
/// let catalog = Catalog::builtin();
/// let query = Query::new(&catalog).indicators(["projects.completion"]).lang(Lang::En);
/// let counties = df!["area" => ["140728", "140729"], "projects" => [60, 0], "projects_done" => [52, 0]]?;
/// let text = html::indicators(&query.run(&counties)?, None)?;
/// assert!(text.contains("<td class=\"figure\">86.7</td><td class=\"unit\">%</td>"));
/// assert!(text.contains("<p>1) zero denominator</p>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn indicators(table: &IndicatorTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let title = lang.of("派生指标", "Indicators");
    sheet::indicators(table, most).map(|sheet| laid_out(&sheet, title, lang))
}

/// Verdicts as an HTML table (HTML 表格), with the standard above and a summary below.
///
/// They differ by sign, word and colour. `most` is as for [`indicators`].
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn verdicts(table: &VerdictTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let sheets = sheet::verdicts(table, most)?;
    let title = lang.of("结论", "Verdicts");
    Ok(sheets.iter().map(|sheet| laid_out(sheet, title, lang)).collect())
}

/// Attainment of targets as an HTML table (HTML 表格), with how many are met below.
///
/// What is met and what is not differ by sign, word and colour. `most` is as for [`indicators`].
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn attainment(table: &AttainmentTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let title = lang.of("任务完成情况", "Attainment of targets");
    sheet::attainment(table, most).map(|sheet| laid_out(&sheet, title, lang))
}

/// A comparison as an HTML table (HTML 表格). `most` is as for [`indicators`].
#[must_use]
pub fn compared<F: Figures>(table: &Compared<F>, most: Option<usize>) -> String {
    laid_out(&sheet::compared(table, most), table.title(), table.lang())
}

/// Scores by an evaluation system as an HTML table (HTML 表格). `most` is as for [`indicators`].
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn scores(table: &ScoreTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let title = lang.of("评价得分", "Scores by an evaluation system");
    sheet::scores(table, most).map(|sheet| laid_out(&sheet, title, lang))
}

/// Totals without each indicator as an HTML table (HTML 表格). `most` is as for [`indicators`].
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn removals(table: &RemovalTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let title = lang.of("去指标分析", "Totals without each indicator");
    sheet::removals(table, most).map(|sheet| laid_out(&sheet, title, lang))
}

/// How far places hang on choices as an HTML table (HTML 表格). `most` is as for [`indicators`].
///
/// # Errors
/// `overflow` when a printed number leaves 128 bits.
pub fn sensitivity(table: &SensitivityTable, most: Option<usize>) -> Result<String> {
    let lang = table.lang();
    let title = lang.of("敏感性分析", "How far places hang on choices");
    sheet::sensitivity(table, most).map(|sheet| laid_out(&sheet, title, lang))
}

/// Findings of a check as an HTML table (HTML 表格), with what to do about them below.
#[must_use]
pub fn findings(table: &FindingTable, most: Option<usize>) -> String {
    let lang = table.lang();
    laid_out(&sheet::findings(table, most), lang.of("检查结果", "Findings"), lang)
}

/// What was read in a report as HTML tables (HTML 表格): quantities, claims, audit.
#[must_use]
pub fn reading(reading: &Reading, findings: &[Finding], lang: Lang, most: Option<usize>) -> String {
    let title = lang.of("报告中的数量", "Quantities of a report");
    let sheets = sheet::reading(reading, findings, lang, most);
    sheets.iter().map(|sheet| laid_out(sheet, title, lang)).collect()
}

/// Indicators of a catalogue as an HTML table (HTML 表格): id, name, unit, kind, source and
/// confidence.
#[must_use]
pub fn listing(indicators: &[&Indicator], lang: Lang, most: Option<usize>) -> String {
    laid_out(&sheet::listing(indicators, lang, most), lang.of("指标目录", "Catalogue"), lang)
}

/// Areas of a tree as an HTML table (HTML 表格): code, tier, parent, number of children and name.
#[must_use]
pub fn areas(areas: &Areas, codes: &[AreaCode], lang: Lang, most: Option<usize>) -> String {
    laid_out(&sheet::areas(areas, codes, lang, most), lang.of("区划", "Areas"), lang)
}

/// What a definition says, as an HTML list of terms (说明).
///
/// # Example
/// ```
/// use zhibiao::{Catalog, Lang, report::html};
/// let told = Catalog::builtin().explain("projects.completion")?;
/// let text = html::explanation(&told, Lang::En);
/// assert!(text.contains("<dt>Name</dt><dd>Project completion</dd>"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[must_use]
pub fn explanation(told: &Explanation, lang: Lang) -> String {
    let mut list = String::from("<dl>\n");
    let mut above = "";
    for (heading, text) in told.lines(lang) {
        if heading != above {
            list.push_str(&format!("<dt>{}</dt>", escaped(heading)));
            above = heading;
        }
        list.push_str(&format!("<dd>{}</dd>\n", escaped(text)));
    }
    list.push_str("</dl>\n");
    framed(&list, lang)
}

/// A page (网页) of its own around a table: `body` is HTML, `title` is text.
///
/// # Example
/// ```
/// use zhibiao::{Lang, report::html};
/// let page = html::page("Girls & boys", "<p>…</p>", Lang::En);
/// assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
/// assert!(page.contains("<title>Girls &amp; boys</title>"));
/// ```
#[must_use]
pub fn page(title: &str, body: &str, lang: Lang) -> String {
    let (title, lang) = (escaped(title), tag(lang));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <style>body {{ margin: 2em; }}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// The language as HTML tells it.
const fn tag(lang: Lang) -> &'static str {
    lang.of("zh-CN", "en")
}

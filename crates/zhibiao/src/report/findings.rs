//! Findings of a check for readers.

use std::collections::BTreeMap;

use super::text::{finished, plain};
use crate::check::{FindingTable, Severity};

/// Findings as an aligned table, with what to do about each kind, and how many there are.
#[must_use]
pub fn findings(table: &FindingTable) -> String {
    let lang = table.lang();
    let periods = table.rows().any(|finding| finding.period.is_some());
    let mut header = vec![
        lang.of("级别", "severity"),
        lang.of("问题", "code"),
        lang.of("区划", "area"),
        lang.of("名称", "name"),
    ];
    if periods {
        header.push(lang.of("时期", "period"));
    }
    header.extend([lang.of("位置", "place"), lang.of("说明", "message")]);
    let mut text = plain(&header, &[]);
    let mut remedies: BTreeMap<(Severity, &str), String> = BTreeMap::new();
    for finding in table.rows() {
        let (problem, code) = (finding.error.problem(), finding.error.code());
        let mut cells = vec![
            finding.severity.label(lang).to_owned(),
            code.to_owned(),
            finding.place().unwrap_or_default(),
            finding.area_name.clone(),
        ];
        if periods {
            cells.push(finding.period.map_or_else(String::new, |period| period.to_string()));
        }
        cells.extend([finding.error.place().to_string(), problem.to_string()]);
        text.add_row(cells);
        remedies.entry((finding.severity, code)).or_insert_with(|| problem.remedy());
    }
    let remedies = remedies.into_iter().map(|((_, code), remedy)| format!("{code}: {remedy}\n"));
    let told = lang.of("错误 {e}，警告 {w}，提示 {n}", "errors: {e}, warnings: {w}, notes: {n}");
    let count = |severity| table.count(severity).to_string();
    let summary = told
        .replace("{e}", &count(Severity::Error))
        .replace("{w}", &count(Severity::Warning))
        .replace("{n}", &count(Severity::Note));
    if table.is_empty() {
        return format!("{summary}\n");
    }
    format!("{}\n{}\n{summary}\n", finished(&text), remedies.collect::<String>())
}

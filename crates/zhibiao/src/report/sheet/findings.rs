//! Findings of a check, as cells.

use std::collections::BTreeMap;

use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::check::{Finding, FindingTable, Severity};

/// Findings of a check; below them what to do about each kind, and how many there are.
pub(in crate::report) fn findings(table: &FindingTable, most: Option<usize>) -> Sheet {
    let lang = table.lang();
    let extent = Extent::new(table.len(), most);
    let told = lang.of("错误 {e}，警告 {w}，提示 {n}", "errors: {e}, warnings: {w}, notes: {n}");
    let count = |severity| table.count(severity).to_string();
    let summary = told
        .replace("{e}", &count(Severity::Error))
        .replace("{w}", &count(Severity::Warning))
        .replace("{n}", &count(Severity::Note));
    if table.is_empty() {
        let (columns, rows) = (Vec::new(), Vec::new());
        return Sheet { title: None, columns, rows, extent, notes: vec![summary] };
    }
    let shown: Vec<&Finding> =
        extent.positions().filter_map(|position| table.rows().nth(position)).collect();
    let periods = shown.iter().any(|finding| finding.period.is_some());
    let mut columns = vec![
        Column::new(lang.of("级别", "severity"), Role::Words),
        Column::new(lang.of("问题", "code"), Role::Words),
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Key),
    ];
    if periods {
        columns.push(Column::new(lang.of("时期", "period"), Role::Words));
    }
    columns.push(Column::new(lang.of("位置", "place"), Role::Words));
    columns.push(Column::new(lang.of("说明", "message"), Role::Words));
    let row = |finding: &Finding| {
        let tone = match finding.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Open,
            Severity::Note => Tone::Quiet,
        };
        let mut cells: Vec<Cell> = vec![
            Cell::toned(finding.severity.label(lang), tone),
            finding.error.code().into(),
            finding.place().into(),
            finding.area_name.as_str().into(),
        ];
        if periods {
            cells.push(finding.period.into());
        }
        cells.push(finding.error.place().to_string().into());
        cells.push(finding.error.problem().to_string().into());
        Line::from(cells)
    };
    let rows = shown.into_iter().map(row).collect();
    let mut remedies: BTreeMap<(Severity, &str), String> = BTreeMap::new();
    for finding in table.rows() {
        let key = (finding.severity, finding.error.code());
        remedies.entry(key).or_insert_with(|| finding.error.problem().remedy());
    }
    let remedies = remedies.into_iter().map(|((_, code), remedy)| format!("{code}: {remedy}"));
    let apart = || std::iter::once(String::new());
    let notes = apart().chain(remedies).chain(apart()).chain([summary]).collect();
    Sheet { title: None, columns, rows, extent, notes }
}

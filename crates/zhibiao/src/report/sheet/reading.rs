//! What was read in a report, as cells.

use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::error::Error;
use crate::label::Lang;
use crate::prose::{Finding, Found, Reading, Verdict};

/// Quantities, claims, and how figures stand to each other and to tables; below them how many
/// numbers were passed over, and why.
pub(in crate::report) fn reading(
    reading: &Reading,
    findings: &[Finding],
    lang: Lang,
    most: Option<usize>,
) -> Vec<Sheet> {
    let mut sheets = vec![quantities(reading, lang, most)];
    if !reading.claims.is_empty() {
        sheets.push(claims(reading, lang, most));
    }
    if !findings.is_empty() {
        sheets.push(audit(reading, findings, lang, most));
    }
    sheets
}

fn quantities(reading: &Reading, lang: Lang, most: Option<usize>) -> Sheet {
    let extent = Extent::new(reading.quantities.len(), most);
    let columns = vec![
        Column::new(lang.of("序号", "no"), Role::Key),
        Column::new(lang.of("原文", "figure"), Role::Key),
        Column::new(lang.of("界", "bounds"), Role::Words),
        Column::new(lang.of("单位", "unit"), Role::Words),
        Column::new(lang.of("对象", "subject"), Role::Words),
        Column::new(lang.of("时期", "period"), Role::Words),
        Column::new(lang.of("可能的指标", "proposal"), Role::Words),
        Column::new(lang.of("位置", "place"), Role::Words),
    ];
    let row = |at: usize| {
        let found = reading.quantities.get(at)?;
        let place = format!("{}:{}", found.position.line, found.position.column);
        Some(Line::from(vec![
            at.saturating_add(1).to_string().into(),
            found.quantity.written.as_str().into(),
            found.quantity.bounds.interval().into(),
            found.unit_label(lang).into(),
            found.subject.as_str().into(),
            found.period.into(),
            proposal(found),
            place.into(),
        ]))
    };
    let rows = extent.positions().filter_map(row).collect();
    let unplaced = reading.unplaced().count();
    let summary = lang
        .of("数量 {n}，其中没有对应指标的 {u}", "figures: {n}, without a proposal: {u}")
        .replace("{n}", &reading.quantities.len().to_string())
        .replace("{u}", &unplaced.to_string());
    let passed: Vec<String> = reading
        .reasons()
        .map(|(reason, count)| format!("{} {count}", reason.label(lang)))
        .collect();
    let mut notes = vec![summary];
    if !passed.is_empty() {
        let head = lang.of("未作为数量：", "passed over: ");
        notes.push(format!("{head}{}", passed.join(lang.of("，", ", "))));
    }
    let title = Some(lang.of("数量", "Quantities").to_owned());
    Sheet { title, columns, rows, extent, notes }
}

/// The best proposal; with a question mark where another is as good.
fn proposal(found: &Found) -> Cell {
    match found.proposals.first() {
        None => Cell::toned("-", Tone::Quiet),
        Some(best) if found.ambiguous => Cell::toned(format!("{}?", best.id), Tone::Open),
        Some(best) => best.id.as_str().into(),
    }
}

fn claims(reading: &Reading, lang: Lang, most: Option<usize>) -> Sheet {
    let extent = Extent::new(reading.claims.len(), most);
    let columns = vec![
        Column::new(lang.of("论断", "claim"), Role::Key),
        Column::new(lang.of("类别", "kind"), Role::Words),
        Column::new(lang.of("对象", "subject"), Role::Words),
        Column::new(lang.of("位置", "place"), Role::Words),
    ];
    let row = |at: usize| {
        let claim = reading.claims.get(at)?;
        let place = format!("{}:{}", claim.position.line, claim.position.column);
        Some(Line::from(vec![
            claim.words.as_str().into(),
            claim.kind.label(lang).into(),
            claim.subject.as_str().into(),
            place.into(),
        ]))
    };
    let rows = extent.positions().filter_map(row).collect();
    let title = Some(lang.of("没有数字的论断", "Claims without digits").to_owned());
    Sheet { title, columns, rows, extent, notes: Vec::new() }
}

/// What is wrong, what to do, and the code to look it up by.
fn told(error: &Error) -> String {
    let problem = error.problem();
    format!("{problem}; {} [{}]", problem.remedy(), error.code())
}

fn audit(reading: &Reading, findings: &[Finding], lang: Lang, most: Option<usize>) -> Sheet {
    let extent = Extent::new(findings.len(), most);
    let columns = vec![
        Column::new(lang.of("结论", "verdict"), Role::Words),
        Column::new(lang.of("核对", "rule"), Role::Words),
        Column::new(lang.of("原文", "figure"), Role::Key),
        Column::new(lang.of("应为", "computed"), Role::Words),
        Column::new(lang.of("位置", "place"), Role::Words),
        Column::new(lang.of("说明", "message"), Role::Remark),
    ];
    let row = |at: usize| {
        let finding = findings.get(at)?;
        let figure = reading.quantities.get(finding.figure)?;
        let tone = match finding.verdict {
            Verdict::Follows => Tone::Good,
            Verdict::Contradicts => Tone::Bad,
            Verdict::CannotTell => Tone::Open,
        };
        let place = format!("{}:{}", finding.position.line, finding.position.column);
        Some(Line::from(vec![
            Cell::toned(finding.verdict.label(lang), tone),
            finding.rule.label(lang).into(),
            figure.quantity.written.as_str().into(),
            finding.computed.interval().into(),
            place.into(),
            finding.error.as_ref().map(told).into(),
        ]))
    };
    let rows = extent.positions().filter_map(row).collect();
    let title = Some(lang.of("核对", "Audit").to_owned());
    Sheet { title, columns, rows, extent, notes: Vec::new() }
}

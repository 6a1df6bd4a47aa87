//! What readers are shown, cell by cell, before it is laid out.

use std::collections::BTreeMap;

use crate::area::{AreaCode, Areas};
use crate::catalog::Criterion;
use crate::check::{FindingTable, Severity};
use crate::error::Result;
use crate::judge::{Verdict, VerdictRow, VerdictTable};
use crate::label::Lang;
use crate::number::{Decimal, Ratio, RoundMode};
use crate::period::Month;
use crate::table::{IndicatorTable, Row, Status, Value};

/// A table of text with what stands above and below it.
pub(super) struct Sheet {
    pub(super) title: Option<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
    /// Lines below the table.
    pub(super) notes: Vec<String>,
}

/// A column of a sheet.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) number: bool,
}

fn words(name: &str) -> Column {
    Column { name: name.to_owned(), number: false }
}

fn number(name: &str) -> Column {
    Column { name: name.to_owned(), number: true }
}

/// Indicators; periods only where there are any.
pub(super) fn indicators(table: &IndicatorTable) -> Result<Sheet> {
    let lang = table.lang();
    let periods = table.rows().any(|row| row.period().is_some());
    let mut columns = vec![words(lang.of("区划", "area")), words(lang.of("名称", "name"))];
    if periods {
        columns.push(words(lang.of("时期", "period")));
    }
    columns.extend(table.slices.iter().map(|(_, name)| words(name)));
    columns.extend([
        words(lang.of("指标", "indicator")),
        number(lang.of("数值", "value")),
        number(lang.of("分子", "numerator")),
        number(lang.of("分母", "denominator")),
        words(lang.of("说明", "status")),
    ]);
    let mut rows = Vec::with_capacity(table.len());
    for row in table.rows() {
        let mut cells = vec![row.place(), row.area_name().to_owned()];
        if periods {
            cells.push(row.period().map_or_else(String::new, |period| period.to_string()));
        }
        for slice in &row.group.slices {
            cells.push(slice.as_ref().map_or_else(String::new, |(_, name)| name.clone()));
        }
        let decimal = |value: Option<Decimal>| value.map_or_else(String::new, tidy);
        cells.extend([
            row.indicator().name.text(lang).to_owned(),
            row.display_with_unit()?.unwrap_or_else(|| "—".to_owned()),
            decimal(row.numerator()),
            decimal(row.denominator()),
            remark(&row, lang),
        ]);
        rows.push(cells);
    }
    Ok(Sheet { title: None, columns, rows, notes: note(table)?.into_iter().collect() })
}

/// Areas of a tree.
pub(super) fn areas(areas: &Areas, codes: &[AreaCode], lang: Lang) -> Sheet {
    let columns = vec![
        words(lang.of("区划", "area")),
        words(lang.of("层级", "tier")),
        words(lang.of("上级", "parent")),
        number(lang.of("下级数", "children")),
        words(lang.of("名称", "name")),
    ];
    let row = |code: &AreaCode| {
        vec![
            code.to_string(),
            areas.tier(*code).map_or("", |tier| tier.label(lang)).to_owned(),
            areas.parent(*code).map_or_else(String::new, |parent| parent.to_string()),
            areas.children(*code).len().to_string(),
            areas.name(*code, lang).unwrap_or_default(),
        ]
    };
    Sheet { title: None, columns, rows: codes.iter().map(row).collect(), notes: Vec::new() }
}

/// Findings of a check; below them what to do about each kind, and how many there are.
pub(super) fn findings(table: &FindingTable) -> Sheet {
    let lang = table.lang();
    let periods = table.rows().any(|finding| finding.period.is_some());
    let mut columns = vec![
        words(lang.of("级别", "severity")),
        words(lang.of("问题", "code")),
        words(lang.of("区划", "area")),
        words(lang.of("名称", "name")),
    ];
    if periods {
        columns.push(words(lang.of("时期", "period")));
    }
    columns.extend([words(lang.of("位置", "place")), words(lang.of("说明", "message"))]);
    let mut rows = Vec::with_capacity(table.len());
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
        rows.push(cells);
        remedies.entry((finding.severity, code)).or_insert_with(|| problem.remedy());
    }
    let told = lang.of("错误 {e}，警告 {w}，提示 {n}", "errors: {e}, warnings: {w}, notes: {n}");
    let count = |severity| table.count(severity).to_string();
    let summary = told
        .replace("{e}", &count(Severity::Error))
        .replace("{w}", &count(Severity::Warning))
        .replace("{n}", &count(Severity::Note));
    if table.is_empty() {
        let (columns, rows) = (Vec::new(), Vec::new());
        return Sheet { title: None, columns, rows, notes: vec![summary] };
    }
    let remedies = remedies.into_iter().map(|((_, code), remedy)| format!("{code}: {remedy}"));
    let apart = || std::iter::once(String::new());
    let notes = apart().chain(remedies).chain(apart()).chain([summary]).collect();
    Sheet { title: None, columns, rows, notes }
}

/// Why printed shares do not add up, as yearbooks say it, or how it came that they do.
fn note(table: &IndicatorTable) -> Result<Option<String>> {
    let (zh, en) = if table.rows().any(|row| row.is_adjusted()) {
        (
            "注：部分占比按最大余数法调整末位，使分项合计等于总计。",
            "Note: the last digits of some shares were adjusted by largest remainder, so that they add up to the whole.",
        )
    } else if table.prints_uneven()? {
        (
            "注：部分数据因{修约}的原因，分项合计与总计略有出入，未作机械调整。",
            "Note: some figures do not add up to their totals because of rounding; they were not adjusted.",
        )
    } else {
        return Ok(None);
    };
    let rounding =
        if table.rounding.mode == RoundMode::HalfAway { "四舍五入" } else { "修约" };
    Ok(Some(table.lang().of(zh, en).replace("{修约}", rounding)))
}

/// A decimal without zeros at its end.
fn tidy(value: Decimal) -> String {
    let text = value.to_string();
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Why a value is as it is.
fn remark(row: &Row<'_>, lang: Lang) -> String {
    let mut remarks = Vec::new();
    if row.status() != Status::Ok {
        remarks.push(row.status().label(lang).to_owned());
    }
    if row.is_adjusted() {
        remarks.push(lang.of("末位已调整", "last digit adjusted").to_owned());
    }
    let (missing, first) = row.missing();
    if missing > 0 && row.status() != Status::Reported {
        let first = first.map_or_else(String::new, |first| first.to_string());
        let told =
            lang.of("缺 {n} 行（首见 {first}）", "rows without a part: {n}, the first is {first}");
        remarks.push(told.replace("{n}", &missing.to_string()).replace("{first}", &first));
    }
    if row.status() == Status::Partial && row.group.months_absent > 0 {
        let told = lang.of("缺 {n} 个月", "months absent: {n}");
        remarks.push(told.replace("{n}", &row.group.months_absent.to_string()));
    }
    let (areas, expected) = row.coverage();
    if let Some(expected) = expected.filter(|expected| *expected > 1 || areas != 1) {
        remarks.push(format!("{areas}/{expected} {}", lang.of("个区划", "areas")));
    }
    if let Some(Value::Reported(reported)) = row.value()
        && !reported.reading.is_empty()
    {
        remarks.push(reported.reading.clone());
    }
    remarks.join(lang.of("；", "; "))
}

/// Verdicts, with the standard above and how many criteria are met below.
pub(super) fn verdicts(table: &VerdictTable) -> Result<Sheet> {
    let lang = table.lang();
    let standard = table.standard();
    let mut columns = vec![
        words(lang.of("区划", "area")),
        words(lang.of("名称", "name")),
        words(lang.of("时期", "period")),
    ];
    columns.extend(table.slices.iter().map(|(_, name)| words(name)));
    columns.extend([
        words(lang.of("指标", "indicator")),
        number(lang.of("数值", "value")),
        words(lang.of("要求", "threshold")),
        words(lang.of("结论", "verdict")),
        words(lang.of("差距", "gap")),
        words(lang.of("还需", "needed")),
        words(lang.of("施行", "in force")),
        words(lang.of("可靠", "confidence")),
        words(lang.of("口径", "reading")),
    ]);
    let rows = table.rows().map(|row| verdict_cells(row, table.slices.len(), lang));
    let rows = rows.collect::<Result<_>>()?;
    let mut title = standard.name.text(lang).to_owned();
    if !standard.source.is_empty() {
        title.push_str(&format!(" ({})", standard.source));
    }
    let summary = table.summary();
    let told = lang.of(
        "{m} 项达标，{f} 项未达标，{u} 项无法判定",
        "{m} criteria met, {f} failed, {u} unknown",
    );
    let told = told
        .replace("{m}", &summary.meets.to_string())
        .replace("{f}", &summary.fails.to_string())
        .replace("{u}", &summary.unknown.to_string());
    Ok(Sheet { title: Some(title), columns, rows, notes: vec![told] })
}

fn verdict_cells(row: &VerdictRow, slices: usize, lang: Lang) -> Result<Vec<String>> {
    let unit = row.indicator.as_ref().map(|indicator| &indicator.unit);
    let attach =
        |number: &str| unit.map_or_else(|| number.to_owned(), |unit| unit.attach(number, lang));
    let mode = RoundMode::HalfAway;
    let gap = match (&row.indicator, row.gap) {
        (Some(indicator), Some(gap)) => {
            let mut decimals = gap_decimals(row, indicator.decimals);
            // 49.99 is not short of 50 by 0.0.
            while gap != Ratio::ZERO && gap.rounded(decimals, mode)?.mantissa() == 0 && decimals < 9
            {
                decimals = decimals.saturating_add(1);
            }
            let number = gap.rounded(decimals, mode)?;
            indicator.unit.of_difference().attach(&number.to_string(), lang)
        }
        _ => String::new(),
    };
    let mark = match row.verdict {
        Verdict::Meets => "✓ ",
        Verdict::Fails => "✗ ",
        Verdict::Unknown => "? ",
        Verdict::NotApplicable => "– ",
    };
    let name = row.indicator.as_ref().map(|indicator| indicator.name.text(lang));
    let needed =
        row.needed.map_or_else(String::new, |needed| format!("{} {needed:+}", row.needed_name));
    let period = row.group.period.map_or_else(String::new, |period| period.to_string());
    let mut cells = vec![row.place(), row.area_name().to_owned(), period];
    cells.extend((0..slices).map(|index| {
        let slice = row.group.slices.get(index).and_then(Option::as_ref);
        slice.map_or_else(String::new, |(_, name)| name.clone())
    }));
    cells.extend([
        name.unwrap_or(&row.criterion.indicator).to_owned(),
        row.display.as_deref().map_or_else(|| row.status.label(lang).to_owned(), attach),
        attach_threshold(row, lang),
        format!("{mark}{}", row.verdict.label(lang)),
        gap,
        needed,
        in_force(&row.criterion),
        row.criterion.confidence.map_or_else(String::new, |confidence| format!("{confidence:?}")),
        row.reading.clone(),
    ]);
    Ok(cells)
}

/// The months between which a criterion holds.
fn in_force(criterion: &Criterion) -> String {
    let month = |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
    let (from, to) = (month(criterion.valid_from), month(criterion.valid_to));
    if from.is_empty() && to.is_empty() { String::new() } else { format!("{from}–{to}") }
}

/// As many decimals as the value shows: 76.6 − 80 is −3.4.
fn gap_decimals(row: &VerdictRow, decimals: i8) -> i8 {
    let shown = row.display.as_ref().and_then(|display| display.split_once('.'));
    let shown = shown.and_then(|(_, fraction)| i8::try_from(fraction.len()).ok());
    shown.unwrap_or(0).max(decimals)
}

fn attach_threshold(row: &VerdictRow, lang: Lang) -> String {
    let unit = row.indicator.as_ref().map_or("", |indicator| indicator.unit.label(lang));
    match unit {
        "1:" => row.criterion.threshold().replacen(' ', " 1:", 1),
        ":1" => format!("{}:1", row.criterion.threshold()),
        unit => format!("{} {unit}", row.criterion.threshold()),
    }
}

//! Tables for readers: aligned also where Chinese and Latin letters mix.

use comfy_table::{CellAlignment, ContentArrangement, Table};

use crate::catalog::Criterion;
use crate::error::Result;
use crate::judge::{Verdict, VerdictRow, VerdictTable};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode};
use crate::period::Month;
use crate::table::{IndicatorTable, Row, Status, Value};

/// Indicators as an aligned table.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn indicators(table: &IndicatorTable) -> Result<String> {
    let lang = table.lang();
    let periods = table.rows().any(|row| row.period().is_some());
    let mut header = vec![lang.of("区划", "area"), lang.of("名称", "name")];
    if periods {
        header.push(lang.of("时期", "period"));
    }
    header.extend(table.slices.iter().map(|(_, name)| name.as_str()));
    header.extend([
        lang.of("指标", "indicator"),
        lang.of("数值", "value"),
        lang.of("分子", "numerator"),
        lang.of("分母", "denominator"),
        lang.of("说明", "status"),
    ]);
    let numbers = [
        header.len().saturating_sub(4),
        header.len().saturating_sub(3),
        header.len().saturating_sub(2),
    ];
    let mut text = plain(&header, &numbers);
    for row in table.rows() {
        let mut cells = vec![row.place(), row.area_name().to_owned()];
        if periods {
            cells.push(row.period().map_or_else(String::new, |period| period.to_string()));
        }
        for slice in &row.group.slices {
            cells.push(slice.as_ref().map_or_else(String::new, |(_, name)| name.clone()));
        }
        let decimal = |value: Option<crate::number::Decimal>| value.map_or_else(String::new, tidy);
        cells.extend([
            row.indicator().name.text(lang).to_owned(),
            row.display_with_unit()?.unwrap_or_else(|| "—".to_owned()),
            decimal(row.numerator()),
            decimal(row.denominator()),
            remark(&row, lang),
        ]);
        text.add_row(cells);
    }
    Ok(finished(&text))
}

/// A decimal without zeros at its end.
fn tidy(value: crate::number::Decimal) -> String {
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
    let (missing, first) = row.missing();
    if missing > 0 && row.status() != Status::Reported {
        let first = first.map_or_else(String::new, |first| first.to_string());
        let told =
            lang.of("缺 {n} 行（首见 {first}）", "rows without a part: {n}, the first is {first}");
        remarks.push(told.replace("{n}", &missing.to_string()).replace("{first}", &first));
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

/// Verdicts as an aligned table.
///
/// # Errors
/// `overflow` when a number leaves 128 bits.
pub fn verdicts(table: &VerdictTable) -> Result<String> {
    let lang = table.lang();
    let standard = table.standard();
    let mut header =
        vec![lang.of("区划", "area"), lang.of("名称", "name"), lang.of("时期", "period")];
    header.extend(table.slices.iter().map(|(_, name)| name.as_str()));
    header.extend([lang.of("指标", "indicator"), lang.of("数值", "value")]);
    let value = header.len().saturating_sub(1);
    header.extend([
        lang.of("要求", "threshold"),
        lang.of("结论", "verdict"),
        lang.of("差距", "gap"),
        lang.of("还需", "needed"),
        lang.of("施行", "in force"),
        lang.of("可靠", "confidence"),
        lang.of("口径", "reading"),
    ]);
    let mut text = plain(&header, &[value]);
    for row in table.rows() {
        text.add_row(verdict_cells(row, table.slices.len(), lang)?);
    }
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
    Ok(format!("{title}\n{}{told}\n", finished(&text)))
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

/// Findings as lines, at most `most`, and how many more there are.
#[must_use]
pub fn notes(table: &IndicatorTable, most: usize) -> String {
    let findings = table.findings();
    let mut lines: Vec<String> = findings
        .iter()
        .take(most)
        .map(|finding| format!("[{}] {finding}", finding.code()))
        .collect();
    let more = findings.len().saturating_sub(most);
    if more > 0 {
        lines
            .push(table.lang().of("另有 {n} 条", "and {n} more").replace("{n}", &more.to_string()));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A table without borders, columns two spaces apart.
pub(super) fn plain(header: &[&str], numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header.to_vec());
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for index in numbers {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

pub(super) fn finished(table: &Table) -> String {
    table.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

//! Verdicts, as cells.

use super::years::mark;
use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::area::Tier;
use crate::catalog::{Criterion, Indicator};
use crate::error::Result;
use crate::judge::{Verdict, VerdictRow, VerdictTable};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode};
use crate::period::{Month, Period};
use crate::table::{Group, Status};

/// Verdicts on the criteria of areas, with the standard above and how many are met below.
pub(super) fn criteria(table: &VerdictTable, most: Option<usize>) -> Result<Sheet> {
    let lang = table.lang();
    let standard = table.standard();
    let all = table.is_of_schools();
    let rows: Vec<&VerdictRow> =
        table.rows().filter(|row| all || row.group.tier != Tier::School).collect();
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
    sheet(table, title, &rows, most, vec![told])
}

/// Criteria that are not yet in force, against the values of the last period.
pub(super) fn to_come(table: &VerdictTable, most: Option<usize>) -> Result<Sheet> {
    let title = table.lang().of("将施行的要求", "Criteria to come").to_owned();
    let end = |row: &VerdictRow| row.group.period.map(Period::end);
    let last = table.rows().map(end).max().flatten();
    let rows: Vec<&VerdictRow> = table.to_come().filter(|row| end(row) == last).collect();
    sheet(table, title, &rows, most, Vec::new())
}

fn sheet(
    table: &VerdictTable,
    title: String,
    rows: &[&VerdictRow],
    most: Option<usize>,
    notes: Vec<String>,
) -> Result<Sheet> {
    let lang = table.lang();
    let mut columns = keys(table);
    columns.extend([
        Column::new(lang.of("指标", "indicator"), Role::Words),
        Column::new(lang.of("数值", "value"), Role::Measured),
        Column::new(lang.of("要求", "threshold"), Role::Words),
        Column::new(lang.of("结论", "verdict"), Role::Words),
        Column::new(lang.of("差距", "gap"), Role::Measured),
        Column::new(lang.of("还需", "needed"), Role::Words),
        Column::new(lang.of("施行", "in force"), Role::Words),
        Column::new(lang.of("可靠", "confidence"), Role::Words),
        Column::new(lang.of("口径", "reading"), Role::Remark),
    ]);
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let rows = shown.map(|row| line(row, table.slices.len(), lang)).collect::<Result<_>>()?;
    Ok(Sheet { title: Some(title), columns, rows, extent, notes })
}

/// The columns that tell what a row is about.
pub(super) fn keys(table: &VerdictTable) -> Vec<Column> {
    let lang = table.lang();
    let mut columns = vec![
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Key),
        Column::new(lang.of("时期", "period"), Role::Key),
    ];
    columns.extend(table.slices.iter().map(|(_, name)| Column::new(name, Role::Key)));
    columns
}

/// What a row is about.
pub(super) fn key_cells(group: &Group, slices: usize) -> Vec<Cell> {
    let mut cells: Vec<Cell> =
        vec![group.place().into(), (&*group.area_name).into(), group.period.into()];
    cells.extend((0..slices).map(|index| {
        let slice = group.slices.get(index).and_then(Option::as_ref);
        slice.map(|(_, name)| name).into()
    }));
    cells
}

/// A verdict with its mark.
pub(super) fn verdict_cell(verdict: Verdict, lang: Lang) -> Cell {
    let (mark, tone) = mark(verdict);
    Cell::toned(format!("{mark} {}", verdict.label(lang)), tone)
}

fn line(row: &VerdictRow, slices: usize, lang: Lang) -> Result<Line> {
    let indicator = row.indicator.as_deref();
    let value = match (&row.display, indicator) {
        (Some(grade), Some(indicator)) if !indicator.grades.is_empty() => grade.as_str().into(),
        (Some(number), Some(indicator)) => Cell::measured(number, &indicator.unit, lang),
        (Some(number), None) => number.as_str().into(),
        (None, _) => Cell::toned(row.status.label(lang), Tone::Quiet),
    };
    let name = indicator.map_or(row.criterion.indicator.as_str(), |known| known.name.text(lang));
    let mut cells = key_cells(&row.group, slices);
    cells.extend([
        name.into(),
        value,
        threshold(row, lang).into(),
        verdict_cell(row.verdict, lang),
        gap(row, lang)?,
        row.needed.map(|needed| format!("{} {needed:+}", row.needed_name)).into(),
        in_force(&row.criterion).into(),
        row.criterion.confidence.map(|confidence| format!("{confidence:?}")).into(),
        row.reading.as_str().into(),
    ]);
    Ok(Line { cells, footnote: footnote(row, lang) })
}

/// The status of a value that is there and not plain, and how its wording was read.
fn footnote(row: &VerdictRow, lang: Lang) -> String {
    let status =
        (row.display.is_some() && row.status != Status::Ok).then(|| row.status.label(lang));
    let parts = status.into_iter().chain([row.reading.as_str()]);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(lang.of("；", "; "))
}

fn gap(row: &VerdictRow, lang: Lang) -> Result<Cell> {
    let indicator = row.indicator.as_deref().filter(|indicator| indicator.grades.is_empty());
    let (Some(Indicator { unit, decimals, .. }), Some(gap)) = (indicator, row.gap) else {
        return Ok(Cell::default());
    };
    let mode = RoundMode::HalfAway;
    let mut decimals = gap_decimals(row, *decimals);
    // 49.99 is not short of 50 by 0.0.
    while gap != Ratio::ZERO && gap.rounded(decimals, mode)?.mantissa() == 0 && decimals < 9 {
        decimals = decimals.saturating_add(1);
    }
    let number = gap.rounded(decimals, mode)?;
    Ok(Cell::measured(&number.to_string(), &unit.of_difference(), lang))
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

fn threshold(row: &VerdictRow, lang: Lang) -> String {
    let unit = row.indicator.as_ref().map_or("", |indicator| indicator.unit.label(lang));
    match unit {
        "1:" => row.criterion.threshold(lang).replacen(' ', " 1:", 1),
        ":1" => format!("{}:1", row.criterion.threshold(lang)),
        unit => format!("{} {unit}", row.criterion.threshold(lang)),
    }
}

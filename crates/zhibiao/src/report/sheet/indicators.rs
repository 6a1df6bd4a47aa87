//! Indicators, as cells.

use super::{Cell, Column, Extent, Line, Role, Sheet};
use crate::error::Result;
use crate::label::Lang;
use crate::number::RoundMode;
use crate::table::{IndicatorTable, Row, Status, Value};

/// Indicators; periods only where there are any.
pub(in crate::report) fn indicators(table: &IndicatorTable, most: Option<usize>) -> Result<Sheet> {
    let lang = table.lang();
    let extent = Extent::new(table.len(), most);
    let shown = || extent.positions().filter_map(|position| table.row_at(position));
    let periods = shown().any(|row| row.period().is_some());
    let mut columns = vec![
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Key),
    ];
    if periods {
        columns.push(Column::new(lang.of("时期", "period"), Role::Key));
    }
    columns.extend(table.slices.iter().map(|(_, name)| Column::new(name, Role::Key)));
    columns.extend([
        Column::new(lang.of("指标", "indicator"), Role::Words),
        Column::new(lang.of("数值", "value"), Role::Measured),
        Column::new(lang.of("分子", "numerator"), Role::Number),
        Column::new(lang.of("分母", "denominator"), Role::Number),
        Column::new(lang.of("说明", "status"), Role::Remark),
    ]);
    let rows = shown().map(|row| line(&row, periods, lang)).collect::<Result<_>>()?;
    let notes = note(table, extent)?.into_iter().collect();
    Ok(Sheet { title: None, columns, rows, extent, notes })
}

fn line(row: &Row<'_>, periods: bool, lang: Lang) -> Result<Line> {
    let mut cells: Vec<Cell> = vec![row.place().into(), row.area_name().into()];
    if periods {
        cells.push(row.period().into());
    }
    cells.extend(row.group.slices.iter().map(|slice| slice.as_ref().map(|(_, name)| name).into()));
    let indicator = row.indicator();
    let value = row.display()?;
    let remark = remark(row, lang);
    let footnote = if is_qualified(row) { remark.clone() } else { String::new() };
    cells.extend([
        indicator.name.text(lang).into(),
        value.map_or_else(|| "—".into(), |value| Cell::measured(&value, &indicator.unit, lang)),
        row.numerator().map(|value| value.trimmed().to_string()).into(),
        row.denominator().map(|value| value.trimmed().to_string()).into(),
        remark.into(),
    ]);
    Ok(Line { cells, footnote })
}

/// Why printed shares do not add up, as yearbooks say it, or how it came that they do.
fn note(table: &IndicatorTable, extent: Extent) -> Result<Option<String>> {
    let shown = extent.positions();
    let mut rows = shown.clone().filter_map(|position| table.row_at(position));
    let (zh, en) = if rows.any(|row| row.is_adjusted()) {
        (
            "注：部分占比按最大余数法调整末位，使分项合计等于总计。",
            "Note: the last digits of some shares were adjusted by largest remainder, so that they add up to the whole.",
        )
    } else if table.prints_uneven(shown.filter_map(|position| table.group_of(position)))? {
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

/// Whether there is more to say of a value than that all its areas are there.
fn is_qualified(row: &Row<'_>) -> bool {
    row.status() != Status::Ok || row.is_adjusted() || row.missing().0 > 0
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
        let (told, first) = match first {
            Some(first) => (
                lang.of(
                    "缺 {n} 行（首见 {first}）",
                    "rows without a part: {n}, the first is {first}",
                ),
                first.to_string(),
            ),
            None => (lang.of("缺 {n} 行", "rows without a part: {n}"), String::new()),
        };
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

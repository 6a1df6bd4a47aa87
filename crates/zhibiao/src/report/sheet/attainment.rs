//! Attainment, as cells.

use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::attainment::{AttainmentRow, AttainmentTable, Standing};
use crate::error::Result;
use crate::judge::{Summary, Verdict};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode};
use crate::table::Status;

/// Attainment, with how many targets are met below.
pub(in crate::report) fn attainment(table: &AttainmentTable, most: Option<usize>) -> Result<Sheet> {
    let lang = table.lang();
    let mut columns = vec![
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Key),
    ];
    let has_periods = table.rows().any(|row| row.period().is_some());
    if has_periods {
        columns.push(Column::new(lang.of("时期", "period"), Role::Key));
    }
    columns.extend(table.slices.iter().map(|(_, name)| Column::new(name, Role::Key)));
    columns.extend([
        Column::new(lang.of("指标", "indicator"), Role::Words),
        Column::new(lang.of("完成", "value"), Role::Measured),
        Column::new(lang.of("任务", "target"), Role::Measured),
        Column::new(lang.of("完成率", "attainment"), Role::Measured),
        Column::new(lang.of("超额", "over"), Role::Measured),
        Column::new(lang.of("位次", "rank"), Role::Number),
        Column::new(lang.of("结论", "verdict"), Role::Words),
        Column::new(lang.of("状态", "status"), Role::Remark),
    ]);
    let extent = Extent::new(table.len(), most);
    let shown = extent.positions().filter_map(|position| table.row_at(position));
    let rows = shown.map(|row| line(row, (has_periods, table.slices.len()), lang));
    let rows = rows.collect::<Result<_>>()?;
    let Summary { meets, fails, unknown, .. } = table.summary();
    let told = lang.of(
        "{m} 项完成，{f} 项未完成，{u} 项无法判定",
        "{m} targets met, {f} not met, {u} unknown",
    );
    let told = told
        .replace("{m}", &meets.to_string())
        .replace("{f}", &fails.to_string())
        .replace("{u}", &unknown.to_string());
    Ok(Sheet { title: None, columns, rows, extent, notes: vec![told] })
}

fn line(row: &AttainmentRow, (has_periods, slices): (bool, usize), lang: Lang) -> Result<Line> {
    let unit = &row.indicator.unit;
    let measured = |number: &Option<String>| {
        number.as_ref().map_or_else(Cell::default, |number| Cell::measured(number, unit, lang))
    };
    let percent = row.attainment_display.clone();
    let percent = percent.map(|text| Cell { unit: "%".to_owned(), ..Cell::from(text) });
    let mut cells: Vec<Cell> = vec![row.place().into(), row.area_name().into()];
    cells.extend(has_periods.then(|| row.period().into()));
    cells.extend((0..slices).map(|index| {
        let slice = row.group.slices.get(index).and_then(Option::as_ref);
        slice.map(|(_, name)| name).into()
    }));
    let status = if row.status == Standing::Of(Status::Ok) { "" } else { row.status.label(lang) };
    cells.extend([
        row.indicator.name.text(lang).into(),
        if row.display.is_some() { measured(&row.display) } else { "—".into() },
        measured(&row.target_display),
        percent.unwrap_or_default(),
        over(row, lang)?,
        row.rank.map(|rank| format!("{rank}/{}", row.ranked)).into(),
        verdict(row.verdict, lang),
        status.into(),
    ]);
    Ok(Line { cells, footnote: status.to_owned() })
}

/// The words for tasks, which are done or not.
fn verdict(verdict: Verdict, lang: Lang) -> Cell {
    let (text, tone) = match verdict {
        Verdict::Meets => (lang.of("✓ 完成", "✓ met"), Tone::Good),
        Verdict::Fails => (lang.of("✗ 未完成", "✗ not met"), Tone::Bad),
        Verdict::Unknown => (lang.of("? 无法判定", "? unknown"), Tone::Open),
        Verdict::NotApplicable => (lang.of("– 不适用", "– not applicable"), Tone::Quiet),
    };
    Cell::toned(text, tone)
}

/// As many decimals as value and target show, and more where it would print as nothing.
fn over(row: &AttainmentRow, lang: Lang) -> Result<Cell> {
    let Some(over) = row.over else { return Ok(Cell::default()) };
    let decimals = |text: &Option<String>| {
        let (_, fraction) = text.as_ref()?.split_once('.')?;
        i8::try_from(fraction.chars().take_while(char::is_ascii_digit).count()).ok()
    };
    let shown = [decimals(&row.display), decimals(&row.target_display)];
    let mut decimals = shown.into_iter().flatten().max().unwrap_or(0);
    let mode = RoundMode::HalfAway;
    while over != Ratio::ZERO && over.rounded(decimals, mode)?.mantissa() == 0 && decimals < 9 {
        decimals = decimals.saturating_add(1);
    }
    let number = over.rounded(decimals, mode)?;
    Ok(Cell::measured(&number.to_string(), &row.indicator.unit.of_difference(), lang))
}

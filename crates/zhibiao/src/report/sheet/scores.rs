//! Scores by an evaluation system, as cells.

use super::{Cell, Column, Extent, Line, Role, Sheet};
use crate::error::Result;
use crate::number::RoundMode;
use crate::score::{Exact, RemovalTable, ScoreRow, ScoreStatus, ScoreTable, SensitivityTable};
use crate::table::{Group, Status};

/// Decimals of totals and changes.
const DECIMALS: i8 = 2;

/// Scores, each node below the one that it is a part of.
pub(in crate::report) fn scores(table: &ScoreTable, most: Option<usize>) -> Result<Sheet> {
    let lang = table.lang();
    let rows: Vec<&ScoreRow> = table.rows().collect();
    let keys = Keys::of(rows.iter().map(|row| &*row.group), &table.slices, lang);
    let mut columns = keys.columns();
    columns.extend([
        Column::new(lang.of("评价项", "item"), Role::Words),
        Column::new(lang.of("值", "value"), Role::Measured),
        Column::new(lang.of("得分", "score"), Role::Number),
        Column::new(lang.of("满分", "full"), Role::Number),
        Column::new(lang.of("贡献", "contribution"), Role::Number),
        Column::new(lang.of("等级", "grade"), Role::Words),
        Column::new(lang.of("位次", "rank"), Role::Number),
        Column::new(lang.of("状态", "status"), Role::Remark),
    ]);
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let line = |row: &&ScoreRow| {
        let mut cells = keys.cells(&row.group);
        let indent = "\u{3000}".repeat(row.node.level);
        let value = match (&row.display, row.node.indicator()) {
            (Some(display), Some(of)) => Cell::measured(display, &of.unit, lang),
            _ => Cell::default(),
        };
        let status = match row.status {
            ScoreStatus::Of(Status::Ok) => "",
            status => status.label(lang),
        };
        cells.extend([
            format!("{indent}{}", row.node.name.text(lang)).into(),
            value,
            table.display(row)?.map_or_else(|| "—".into(), Cell::from),
            points(Some(&row.node.weight.into()))?,
            points(row.contribution.as_ref())?,
            row.grade.as_ref().map(|grade| grade.name.text(lang)).into(),
            row.rank.map(|rank| format!("{rank}/{}", row.ranked)).into(),
            status.into(),
        ]);
        Ok(Line { cells, footnote: status.to_owned() })
    };
    let rows = shown.map(line).collect::<Result<_>>()?;
    Ok(Sheet { title: None, columns, rows, extent, notes: Vec::new() })
}

/// What becomes of totals without each indicator.
pub(in crate::report) fn removals(table: &RemovalTable, most: Option<usize>) -> Result<Sheet> {
    let lang = table.lang();
    let rows: Vec<_> = table.rows().collect();
    let keys = Keys::of(rows.iter().map(|row| &*row.group), &table.slices, lang);
    let mut columns = keys.columns();
    columns.extend([
        Column::new(lang.of("去掉的指标", "without"), Role::Words),
        Column::new(lang.of("总分", "total"), Role::Number),
        Column::new(lang.of("变动", "change"), Role::Number),
        Column::new(lang.of("位次", "rank"), Role::Number),
        Column::new(lang.of("升降", "places"), Role::Number),
        Column::new(lang.of("等级", "grade"), Role::Words),
    ]);
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let lines = shown.map(|row| {
        let mut cells = keys.cells(&row.group);
        cells.extend([
            row.node.name.text(lang).into(),
            points(row.total.as_ref())?,
            points(row.change.as_ref())?,
            row.rank.into(),
            row.places.map(|places| format!("{places:+}")).into(),
            row.grade.as_ref().map(|grade| grade.name.text(lang)).into(),
        ]);
        Ok(Line::from(cells))
    });
    let rows = lines.collect::<Result<_>>()?;
    Ok(Sheet { title: None, columns, rows, extent, notes: Vec::new() })
}

/// How far places hang on choices.
pub(in crate::report) fn sensitivity(
    table: &SensitivityTable,
    most: Option<usize>,
) -> Result<Sheet> {
    let lang = table.lang();
    let rows: Vec<_> = table.rows().collect();
    let keys = Keys::of(rows.iter().map(|row| &*row.group), &table.slices, lang);
    let mut columns = keys.columns();
    columns.extend([
        Column::new(lang.of("总分", "total"), Role::Number),
        Column::new(lang.of("等级", "grade"), Role::Words),
        Column::new(lang.of("位次", "rank"), Role::Number),
        Column::new(lang.of("最好", "best"), Role::Number),
        Column::new("5 %", Role::Number),
        Column::new(lang.of("中位", "median"), Role::Number),
        Column::new("95 %", Role::Number),
        Column::new(lang.of("最差", "worst"), Role::Number),
        Column::new(lang.of("等级不变(%)", "same grade (%)"), Role::Number),
    ]);
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let lines = shown.map(|row| {
        let mut cells = keys.cells(&row.group);
        cells.extend([
            points(row.total.as_ref())?,
            row.grade.as_ref().map(|grade| grade.name.text(lang)).into(),
            row.rank.into(),
            row.best.into(),
            row.rank_5.into(),
            row.median.into(),
            row.rank_95.into(),
            row.worst.into(),
            row.same_grade.map(|share| crate::compare::printed(100.0 * share, 1)).into(),
        ]);
        Ok(Line::from(cells))
    });
    let rows = lines.collect::<Result<_>>()?;
    Ok(Sheet { title: None, columns, rows, extent, notes: Vec::new() })
}

/// Area, name, period and slices, as far as there are any.
struct Keys<'a> {
    has_periods: bool,
    slices: &'a [(String, String)],
    lang: crate::label::Lang,
}

impl<'a> Keys<'a> {
    fn of<'g>(
        mut groups: impl Iterator<Item = &'g Group>,
        slices: &'a [(String, String)],
        lang: crate::label::Lang,
    ) -> Self {
        Self { has_periods: groups.any(|group| group.period.is_some()), slices, lang }
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![
            Column::new(self.lang.of("区划", "area"), Role::Key),
            Column::new(self.lang.of("名称", "name"), Role::Key),
        ];
        if self.has_periods {
            columns.push(Column::new(self.lang.of("时期", "period"), Role::Key));
        }
        columns.extend(self.slices.iter().map(|(_, name)| Column::new(name, Role::Key)));
        columns
    }

    fn cells(&self, group: &Group) -> Vec<Cell> {
        let mut cells: Vec<Cell> = vec![group.place().into(), group.area_name.to_string().into()];
        cells.extend(self.has_periods.then(|| group.period.into()));
        cells.extend(
            (0..self.slices.len()).map(|at| {
                group.slices.get(at).and_then(Option::as_ref).map(|(_, name)| name).into()
            }),
        );
        cells
    }
}

fn points(points: Option<&Exact>) -> Result<Cell> {
    let rounded = points.map(|points| points.rounded(DECIMALS, RoundMode::HalfAway)).transpose()?;
    Ok(rounded.into())
}

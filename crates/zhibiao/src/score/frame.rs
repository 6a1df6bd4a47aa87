//! The tables as frames: views of their exact figures.

use std::sync::Arc;

use polars::prelude::{Column, DataFrame};

use super::{
    Exact, RemovalRow, RemovalTable, ScoreRow, ScoreTable, SensitivityRow, SensitivityTable,
};
use crate::error::Result;
use crate::number::Ratio;
use crate::table::{Group, refused};

impl ScoreTable {
    /// The table as a frame: `area, area_name, tier, period`, one a slice, `node, name, level, indicator,
    /// weight, value, display, unit, share, score, score_display, carried, contribution, grade, grade_name,
    /// rank, ranked, status, missing`.
    ///
    /// `weight`, `score`, `carried` and `contribution` are points, `share` lies within 0 and 1: the nearest
    /// floats of exact figures. `missing` has the ids of what is not scored, joined by `;`. Null where there
    /// is none.
    ///
    /// # Errors
    /// `unreadable-table` where a dimension has the name of another column; `overflow` when a printed score
    /// leaves 128 bits.
    pub fn frame(&self) -> Result<DataFrame> {
        let rows = self.rows.as_slice();
        let indicator = |row: &ScoreRow| row.node.indicator().cloned();
        let displays = rows.iter().map(|row| self.display(row)).collect::<Result<Vec<_>>>()?;
        let mut columns = keys(rows, &self.slices, |row| &row.group);
        columns.extend([
            text("node", rows, |row| Some(row.node.path.clone())),
            text("name", rows, |row| Some(row.node.name.text(self.lang).to_owned())),
            count("level", rows, |row| Some(row.node.level)),
            text("indicator", rows, |row| Some(row.node.indicator()?.id.clone())),
            float("weight", rows, |row| Some(row.node.weight.to_f64())),
            float("value", rows, |row| row.value.map(Ratio::to_f64)),
            text("display", rows, |row| row.display.clone()),
            text("unit", rows, |row| Some(indicator(row)?.unit.label(self.lang).to_owned())),
            float("share", rows, |row| row.share.as_ref().map(Exact::to_f64)),
            float("score", rows, |row| row.score.as_ref().map(Exact::to_f64)),
            Column::new("score_display".into(), displays),
            float("carried", rows, |row| row.carried.as_ref().map(Exact::to_f64)),
            float("contribution", rows, |row| row.contribution.as_ref().map(Exact::to_f64)),
            text("grade", rows, |row| Some(row.grade.as_ref()?.id.clone())),
            text("grade_name", rows, |row| {
                Some(row.grade.as_ref()?.name.text(self.lang).to_owned())
            }),
            count("rank", rows, |row| row.rank),
            count("ranked", rows, |row| Some(row.ranked)),
            text("status", rows, |row| Some(row.status.id().to_owned())),
            text("missing", rows, |row| {
                Some(row.missing.join(";")).filter(|missing| !missing.is_empty())
            }),
        ]);
        frame(columns)
    }
}

impl SensitivityTable {
    /// The table as a frame: `area, area_name, tier, period`, one a slice, `total, grade, rank, replays,
    /// best, rank_5, median, rank_95, worst, same_grade`.
    ///
    /// `total` is in points, `same_grade` a share from 0 to 1. Null where there is none.
    ///
    /// # Errors
    /// `unreadable-table` where a dimension has the name of another column.
    pub fn frame(&self) -> Result<DataFrame> {
        let rows = self.rows.as_slice();
        let place = |name: &str, of: fn(&SensitivityRow) -> Option<u32>| {
            Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
        };
        let mut columns = keys(rows, &self.slices, |row| &row.group);
        columns.extend([
            float("total", rows, |row| row.total.as_ref().map(Exact::to_f64)),
            text("grade", rows, |row| Some(row.grade.as_ref()?.id.clone())),
            count("rank", rows, |row| row.rank),
            place("replays", |row| Some(row.replays)),
            place("best", |row| row.best),
            place("rank_5", |row| row.rank_5),
            place("median", |row| row.median),
            place("rank_95", |row| row.rank_95),
            place("worst", |row| row.worst),
            float("same_grade", rows, |row| row.same_grade),
        ]);
        frame(columns)
    }
}

impl RemovalTable {
    /// The table as a frame: `area, area_name, tier, period`, one a slice, `node, indicator, total, change,
    /// grade, rank, places`.
    ///
    /// `total` and `change` are in points; `places` counts those gained by taking the indicator out. Null
    /// where there is none.
    ///
    /// # Errors
    /// `unreadable-table` where a dimension has the name of another column.
    pub fn frame(&self) -> Result<DataFrame> {
        let rows = self.rows.as_slice();
        let mut columns = keys(rows, &self.slices, |row| &row.group);
        columns.extend([
            text("node", rows, |row: &RemovalRow| Some(row.node.path.clone())),
            text("indicator", rows, |row| Some(row.node.indicator()?.id.clone())),
            float("total", rows, |row| row.total.as_ref().map(Exact::to_f64)),
            float("change", rows, |row| row.change.as_ref().map(Exact::to_f64)),
            text("grade", rows, |row| Some(row.grade.as_ref()?.id.clone())),
            count("rank", rows, |row| row.rank),
            Column::new("places".into(), rows.iter().map(|row| row.places).collect::<Vec<_>>()),
        ]);
        frame(columns)
    }
}

/// Columns that tell what rows are about.
fn keys<R>(
    rows: &[R],
    slices: &[(String, String)],
    group: impl Fn(&R) -> &Arc<Group>,
) -> Vec<Column> {
    let mut columns = vec![
        text("area", rows, |row| Some(group(row).place())),
        text("area_name", rows, |row| Some(group(row).area_name.to_string())),
        text("tier", rows, |row| Some(group(row).tier.id().to_owned())),
        text("period", rows, |row| group(row).period.map(|period| period.to_string())),
    ];
    for (index, (id, _)) in slices.iter().enumerate() {
        columns.push(text(id, rows, |row| {
            let slice = group(row).slices.get(index).and_then(Option::as_ref);
            slice.map(|(id, _)| id.clone())
        }));
    }
    columns
}

fn text<R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<String>) -> Column {
    Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
}

fn float<R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<f64>) -> Column {
    Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
}

fn count<R>(name: &str, rows: &[R], of: impl Fn(&R) -> Option<usize>) -> Column {
    let counts = rows.iter().map(|row| u64::try_from(of(row)?).ok());
    Column::new(name.into(), counts.collect::<Vec<_>>())
}

fn frame(columns: Vec<Column>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
}

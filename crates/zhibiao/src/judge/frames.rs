//! Verdicts as frames (结论数据表).

use polars::prelude::{Column, DataFrame};

use super::{RuleRow, VerdictRow, VerdictTable};
use crate::error::Result;
use crate::number::{Decimal, Ratio};
use crate::table::{Group, decimals, refused};

impl VerdictTable {
    /// The verdicts on criteria as a frame: `area, area_name, tier, period`, one a slice, `standard,
    /// criterion, indicator, value, display, threshold, verdict, gap, needed, needed_of`. `gap` is in
    /// the unit of the indicator, percentage points for %.
    ///
    /// # Errors
    /// `overflow` when a change has more than 38 digits.
    pub fn frame(&self) -> Result<DataFrame> {
        self.frame_of(&self.rows, Vec::new())
    }

    /// The criteria that are [to come](Self::to_come), as [`frame`](Self::frame), with `valid_from`.
    ///
    /// # Errors
    /// As for [`frame`](Self::frame).
    pub fn to_come_frame(&self) -> Result<DataFrame> {
        let from = |row: &VerdictRow| row.criterion.valid_from.map(|from| from.to_string());
        self.frame_of(&self.to_come, vec![text("valid_from", &self.to_come, from)])
    }

    /// The verdicts on rules as a frame: `area, area_name, tier, period`, one a slice, `standard,
    /// rule, name, items, needs, meets, fails, unknown, not_applicable, verdict, lacking`. `rule` is
    /// null for the standard as a whole; `lacking` is how many more items must be met.
    ///
    /// # Errors
    /// As for [`frame`](Self::frame).
    pub fn rules_frame(&self) -> Result<DataFrame> {
        let rows = self.rules.as_slice();
        let count = |name: &str, of: fn(&RuleRow) -> usize| {
            let counts = rows.iter().map(|row| u32::try_from(of(row)).unwrap_or(u32::MAX));
            Column::new(name.into(), counts.collect::<Vec<_>>())
        };
        let mut columns = self.keys(rows, |row: &RuleRow| &row.group);
        columns.extend([
            text("rule", rows, |row| row.rule.as_ref().map(|rule| rule.id.clone())),
            text("name", rows, |row| Some(row.name.clone())),
            count("items", |row| row.items.judged()),
            count("needs", |row| row.needs),
            count("meets", |row| row.items.meets),
            count("fails", |row| row.items.fails),
            count("unknown", |row| row.items.unknown),
            count("not_applicable", |row| row.items.not_applicable),
            text("verdict", rows, |row| Some(row.verdict.id().to_owned())),
            count("lacking", RuleRow::lacking),
        ]);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }

    fn frame_of(&self, rows: &[VerdictRow], more: Vec<Column>) -> Result<DataFrame> {
        let float = |name: &str, of: fn(&VerdictRow) -> Option<Ratio>| {
            let values = rows.iter().map(|row| of(row).map(Ratio::to_f64));
            Column::new(name.into(), values.collect::<Vec<_>>())
        };
        let needed = rows.iter().map(|row| row.needed.map(Decimal::integer)).collect();
        let mut columns = self.keys(rows, |row: &VerdictRow| &row.group);
        columns.extend([
            text("criterion", rows, |row| Some(row.criterion.name())),
            text("indicator", rows, |row| Some(row.criterion.indicator.clone())),
            float("value", |row| row.value),
            text("display", rows, |row| row.display.clone()),
            text("threshold", rows, |row| Some(row.criterion.threshold(self.lang))),
            text("verdict", rows, |row| Some(row.verdict.id().to_owned())),
            float("gap", |row| row.gap),
            decimals("needed", needed)?,
            text("needed_of", rows, |row| row.needed_of.clone()),
        ]);
        columns.extend(more);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }

    /// What rows are about, and the standard.
    pub(super) fn keys<T>(&self, rows: &[T], group: impl Fn(&T) -> &Group) -> Vec<Column> {
        let mut columns = vec![
            text("area", rows, |row| Some(group(row).place())),
            text("area_name", rows, |row| Some(group(row).area_name.to_string())),
            text("tier", rows, |row| Some(group(row).tier.id().to_owned())),
            text("period", rows, |row| group(row).period.map(|period| period.to_string())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(id, rows, |row| {
                let slice = group(row).slices.get(index).and_then(Option::as_ref);
                slice.map(|(id, _)| id.clone())
            }));
        }
        columns.push(text("standard", rows, |_| Some(self.standard.id.clone())));
        columns
    }
}

pub(super) fn text<T>(name: &str, rows: &[T], of: impl Fn(&T) -> Option<String>) -> Column {
    Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<String>>>())
}

//! The table as a frame: a view of its exact values.

use polars::prelude::{Column, DataFrame};

use super::{AttainmentRow, AttainmentTable};
use crate::error::Result;
use crate::number::Ratio;
use crate::table::refused;

impl AttainmentTable {
    /// The table as a frame: `area, area_name, tier, period`, one a slice, `indicator, value,
    /// display, unit, target, target_display, attainment, attainment_display, over, rank, ranked,
    /// status, verdict`.
    ///
    /// `value`, `target` and `over` are in the unit of the indicator (percentage points for %),
    /// `attainment` in %, the nearest floats of exact figures. Null where there is none.
    ///
    /// # Errors
    /// `unreadable-table` where a dimension has the name of another column.
    pub fn frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(&AttainmentRow) -> Option<String>| {
            let values: Vec<Option<String>> = self.rows.iter().map(of).collect();
            Column::new(name.into(), values)
        };
        let float = |name: &str, of: fn(&AttainmentRow) -> Option<Ratio>| {
            let values = self.rows.iter().map(|row| of(row).map(Ratio::to_f64));
            Column::new(name.into(), values.collect::<Vec<_>>())
        };
        let count = |name: &str, of: fn(&AttainmentRow) -> Option<usize>| {
            let values = self.rows.iter().map(|row| u64::try_from(of(row)?).ok());
            Column::new(name.into(), values.collect::<Vec<_>>())
        };
        let mut columns = vec![
            text("area", &|row| Some(row.place())),
            text("area_name", &|row| Some(row.area_name().to_owned())),
            text("tier", &|row| Some(row.group.tier.id().to_owned())),
            text("period", &|row| row.period().map(|period| period.to_string())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(id, &|row| {
                let slice = row.group.slices.get(index).and_then(Option::as_ref);
                slice.map(|(id, _)| id.clone())
            }));
        }
        columns.extend([
            text("indicator", &|row| Some(row.indicator.id.clone())),
            float("value", |row| row.value),
            text("display", &|row| row.display.clone()),
            text("unit", &|row| Some(row.indicator.unit.label(self.lang).to_owned())),
            float("target", |row| row.target),
            text("target_display", &|row| row.target_display.clone()),
            float("attainment", |row| row.attainment),
            text("attainment_display", &|row| row.attainment_display.clone()),
            float("over", |row| row.over),
            count("rank", |row| row.rank),
            count("ranked", |row| Some(row.ranked)),
            text("status", &|row| Some(row.status.id().to_owned())),
            text("verdict", &|row| Some(row.verdict.id().to_owned())),
        ]);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

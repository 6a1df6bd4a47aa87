//! The table as a frame: a view of its exact values.

use polars::prelude::{Column, DataFrame, Int128Chunked, IntoSeries, NewChunkedArray, PolarsError};

use super::{IndicatorTable, Row};
use crate::error::{Problem, Result};
use crate::number::Decimal;

impl IndicatorTable {
    /// The table as a frame, one row per area, period, slices and indicator.
    ///
    /// Columns: `area, area_name, tier, period`, one a slice, `indicator, numerator, denominator,
    /// value, display, unit, status, missing, areas, areas_expected`. `numerator` and
    /// `denominator` are exact decimals in base units, `value` the nearest float in the unit of
    /// the indicator (76.6, not 0.766), `display` its rounded text; null where there is none.
    ///
    /// # Errors
    /// `overflow` when a figure has more than 38 digits.
    pub fn frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(&Row<'_>) -> Option<String>| {
            let values: Vec<Option<String>> = self.rows().map(|row| of(&row)).collect();
            Column::new(name.into(), values)
        };
        let mut columns = vec![
            text("area", &|row| Some(row.place())),
            text("area_name", &|row| Some(row.area_name().to_owned())),
            text("tier", &|row| Some(row.tier().id().to_owned())),
            text("period", &|row| row.period().map(|period| period.to_string())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(id, &|row| {
                let slice = row.group.slices.get(index).and_then(Option::as_ref);
                slice.map(|(id, _)| id.clone())
            }));
        }
        columns.push(text("indicator", &|row| Some(row.indicator().id.clone())));
        columns.push(decimals("numerator", self.rows().map(|row| row.numerator()).collect())?);
        columns.push(decimals("denominator", self.rows().map(|row| row.denominator()).collect())?);
        let values: Vec<Option<f64>> =
            self.rows().map(|row| row.value().map(|value| value.figure().to_f64())).collect();
        columns.push(Column::new("value".into(), values));
        let display = self.rows().map(|row| row.display()).collect::<Result<Vec<_>>>()?;
        columns.push(Column::new("display".into(), display));
        columns.push(text("unit", &|row| Some(row.indicator().unit.label(self.lang).to_owned())));
        columns.push(text("status", &|row| Some(row.status().id().to_owned())));
        let count = |name: &str, values: Vec<Option<u64>>| Column::new(name.into(), values);
        columns.push(count("missing", self.rows().map(|row| Some(row.missing().0)).collect()));
        let areas = self.rows().map(|row| Some(u64::from(row.group.areas)));
        columns.push(count("areas", areas.collect()));
        let expected = self.rows().map(|row| row.group.areas_expected.map(u64::from));
        columns.push(count("areas_expected", expected.collect()));
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

/// A column of exact decimals at the scale of the finest of them.
pub(crate) fn decimals(name: &str, values: Vec<Option<Decimal>>) -> Result<Column> {
    let scale = values.iter().flatten().map(|value| value.scale()).max().unwrap_or(0);
    let scaled: Vec<Option<i128>> = values
        .into_iter()
        .map(|value| value.map(|value| value.rescaled(scale).map(Decimal::mantissa)).transpose())
        .collect::<Result<_>>()?;
    let integers = Int128Chunked::from_slice_options(name.into(), &scaled);
    let exact = integers.into_decimal(38, usize::from(scale)).map_err(|error| refused(&error))?;
    Ok(exact.into_series().into())
}

pub(crate) fn refused(error: &PolarsError) -> crate::Error {
    Problem::UnreadableTable { reason: error.to_string() }.into()
}

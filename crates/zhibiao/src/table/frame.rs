//! The table as a frame: a view of its exact values.

use std::fmt::Write;

use polars::prelude::{
    ChunkedArray, ChunkedBuilder, Column, DataFrame, Float64Type, Int128Type, IntoColumn,
    PolarsNumericType, StringChunked, UInt64Type,
};
use polars_arrow::array::MutableBinaryViewArray;

use super::columns::{Maker, decimal, made, numbers, of_groups, of_rows};
use super::{Cells, ColumnParts, Group, IndicatorTable, Row, Status};
use crate::error::Result;
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
        let groups: Vec<&Group> = self.groups.iter().collect();
        let (keys, coverage) = of_groups(&groups, self.shown, &self.slices);
        let unit = |column: &super::Column| column.indicator.unit.label(self.lang).to_owned();
        let values: [Maker<'_>; 8] = [
            Box::new(|| self.of_columns("indicator", |column| column.indicator.id.clone())),
            Box::new(|| self.parts("numerator", |parts| parts.numerator_scale, Cells::numerator)),
            Box::new(|| {
                self.parts("denominator", |parts| parts.denominator_scale, Cells::denominator)
            }),
            Box::new(|| {
                let value = |row: Row<'_>| Ok(row.value().map(|value| value.figure().to_f64()));
                Ok(self.numbers::<Float64Type>("value", value)?.into_column())
            }),
            Box::new(|| self.display()),
            Box::new(move || self.of_columns("unit", unit)),
            Box::new(|| self.statuses()),
            Box::new(|| {
                let missing = |row: Row<'_>| Ok(Some(row.column.cells.lacks(row.at).0));
                Ok(self.numbers::<UInt64Type>("missing", missing)?.into_column())
            }),
        ];
        made(&keys.into_iter().chain(values).chain(coverage).collect::<Vec<_>>(), self.len())
    }

    /// Numbers by row.
    fn numbers<T: PolarsNumericType>(
        &self,
        name: &str,
        mut of: impl FnMut(Row<'_>) -> Result<Option<T::Native>>,
    ) -> Result<ChunkedArray<T>> {
        let mut numbers = numbers::<T>(name, self.len());
        self.try_each_row(|row| {
            numbers.append_option(of(row)?);
            Ok(())
        })?;
        Ok(numbers.finish())
    }

    /// Exact decimals at the scale of the finest of them.
    fn parts(
        &self,
        name: &str,
        scale: fn(&ColumnParts) -> u8,
        integer: fn(&Cells, usize) -> Option<i128>,
    ) -> Result<Column> {
        let part = |row: &Row<'_>| {
            let integer = integer(&row.column.cells, row.at)?;
            Decimal::new(integer, scale(row.parts()?)).ok()
        };
        let finest = self.finest(scale, part);
        let scaled = |row: Row<'_>| {
            let scaled = part(&row).map(|part| part.rescaled(finest));
            Ok(scaled.transpose()?.map(Decimal::mantissa))
        };
        decimal(self.numbers::<Int128Type>(name, scaled)?, finest)
    }

    /// The most decimals that a part has where it is known.
    fn finest(
        &self,
        scale: fn(&ColumnParts) -> u8,
        part: impl Fn(&Row<'_>) -> Option<Decimal>,
    ) -> u8 {
        let mut finest = 0;
        for column in self.columns.iter().take(self.shown) {
            let most = column.parts.iter().map(scale).max().unwrap_or(0);
            let mut groups = self.groups.iter().enumerate();
            while most > finest
                && let Some((at, group)) = groups.next()
            {
                let known = part(&Row { table: self, group, column, at });
                finest = known.map_or(finest, |known| known.scale().max(finest));
            }
        }
        finest
    }

    /// Text that goes with the indicator.
    fn of_columns(&self, name: &str, text: impl Fn(&super::Column) -> String) -> Result<Column> {
        let distinct = self.columns.iter().take(self.shown).map(text);
        of_rows(name, distinct, self.groups.iter().flat_map(|_| 0..self.shown), self.len())
    }

    fn statuses(&self) -> Result<Column> {
        let distinct = Status::ALL.map(|status| status.id().to_owned());
        let place = |row: Row<'_>| Status::ALL.iter().position(|status| *status == row.status());
        of_rows("status", distinct, self.rows().filter_map(place), self.len())
    }

    /// The printed numbers.
    fn display(&self) -> Result<Column> {
        let mut texts = MutableBinaryViewArray::<str>::with_capacity(self.len());
        let mut text = String::new();
        self.try_each_row(|row| {
            text.clear();
            match row.shown()? {
                Some(shown) if write!(text, "{shown}").is_ok() => texts.push_value(&text),
                _ => texts.push_null(),
            }
            Ok(())
        })?;
        Ok(StringChunked::with_chunk("display".into(), texts.freeze()).into_column())
    }
}

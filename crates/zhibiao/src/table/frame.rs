//! The table as a frame: a view of its exact values.

use std::fmt::Write;

use polars::prelude::{
    Column, DataFrame, Float64Chunked, Int128Chunked, IntoColumn, IntoSeries, NewChunkedArray,
    PolarsError, StringChunked, UInt64Chunked,
};
use polars_arrow::array::MutableBinaryViewArray;

use super::tasks::each;
use super::texts::Texts;
use super::{Group, IndicatorTable, Row, Status};
use crate::error::{Problem, Result};
use crate::number::Decimal;

/// What makes a column.
pub(super) type Maker<'a> = Box<dyn Fn() -> Result<Column> + Sync + 'a>;

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
        let (rows, shown) = (self.len(), self.shown);
        let of_column = move |name: &'static str, text: fn(&Self, &super::Column) -> String| {
            let make = move || {
                let texts = self.columns.iter().take(shown).map(|column| Some(text(self, column)));
                let repeated = (0..self.groups.len()).flat_map(|_| 0..shown);
                Texts::by_row(texts, repeated)
                    .and_then(|texts| texts.column(name))
                    .map_err(|error| refused(&error))
            };
            Box::new(make) as Maker<'_>
        };
        let part = move |name: &'static str, part: fn(&Row<'_>) -> Option<Decimal>| {
            Box::new(move || decimals(name, || self.rows().map(|row| part(&row)))) as Maker<'_>
        };
        let mut makers = of_groups(&self.groups, shown, &self.slices);
        let rest = makers.split_off(makers.len().saturating_sub(2));
        makers.extend([
            of_column("indicator", |_, column| column.indicator.id.clone()),
            part("numerator", |row| row.numerator()),
            part("denominator", |row| row.denominator()),
            Box::new(|| {
                let values = self.rows().map(|row| row.value().map(|v| v.figure().to_f64()));
                Ok(Float64Chunked::from_iter_options("value".into(), values).into_column())
            }),
            Box::new(|| self.display()),
            of_column("unit", |table, column| column.indicator.unit.label(table.lang).to_owned()),
            Box::new(|| {
                let ids = Status::ALL.map(|status| Some(status.id().to_owned()));
                let rows = self.rows().filter_map(|row| {
                    Status::ALL.iter().position(|status| *status == row.status())
                });
                Texts::by_row(ids, rows)
                    .and_then(|t| t.column("status"))
                    .map_err(|error| refused(&error))
            }),
            Box::new(move || {
                let mut missing = Vec::with_capacity(rows);
                missing.extend(self.rows().map(|row| row.cell.missing));
                Ok(Column::new("missing".into(), missing))
            }),
        ]);
        makers.extend(rest);
        made(&makers, rows)
    }

    /// The printed numbers.
    fn display(&self) -> Result<Column> {
        let mut texts = MutableBinaryViewArray::<str>::with_capacity(self.len());
        let mut text = String::new();
        for row in self.rows() {
            text.clear();
            match row.shown()? {
                Some(shown) if write!(text, "{shown}").is_ok() => texts.push_value(&text),
                _ => texts.push_null(),
            }
        }
        Ok(StringChunked::with_chunk("display".into(), texts.freeze()).into_column())
    }
}

/// Columns that tell what groups are, each group so many times: `area, area_name, tier, period`,
/// one a slice, `areas, areas_expected`.
pub(super) fn of_groups<'a>(
    groups: &'a [Group],
    times: usize,
    slices: &'a [(String, String)],
) -> Vec<Maker<'a>> {
    fn text<'a, K: PartialEq + 'a>(
        groups: &'a [Group],
        times: usize,
        name: &'a str,
        key: impl Fn(&'a Group) -> K + Sync + 'a,
        text: impl Fn(&'a Group) -> Option<String> + Sync + 'a,
    ) -> Maker<'a> {
        Box::new(move || {
            let texts = Texts::of(groups, times, &key, &text);
            texts.and_then(|texts| texts.column(name)).map_err(|error| refused(&error))
        })
    }
    let area = |group: &'a Group| (group.area, group.school.as_ref());
    let count = |name: &'a str, of: fn(&Group) -> Option<u32>| -> Maker<'a> {
        Box::new(move || {
            let counts = groups.iter().flat_map(|group| std::iter::repeat_n(of(group), times));
            let counts = counts.map(|count| count.map(u64::from));
            Ok(UInt64Chunked::from_iter_options(name.into(), counts).into_column())
        })
    };
    let mut makers = vec![
        text(groups, times, "area", area, |group| Some(group.place())),
        text(groups, times, "area_name", area, |group| Some(group.area_name.to_string())),
        text(groups, times, "tier", |group| group.tier, |group| Some(group.tier.id().to_owned())),
        text(
            groups,
            times,
            "period",
            |group| group.period,
            |group| group.period.map(|period| period.to_string()),
        ),
    ];
    for (index, (id, _)) in slices.iter().enumerate() {
        let slice = move |group: &'a Group| group.slices.get(index)?.as_ref().map(|(id, _)| id);
        makers.push(text(groups, times, id, slice, move |group| slice(group).cloned()));
    }
    makers.push(count("areas", |group| Some(group.areas)));
    makers.push(count("areas_expected", |group| group.areas_expected));
    makers
}

/// The frame of some columns.
pub(super) fn made(makers: &[Maker<'_>], rows: usize) -> Result<DataFrame> {
    let cells = rows.saturating_mul(makers.len());
    let columns =
        each(makers, cells, |make| make()).into_iter().collect::<Result<Vec<Column>>>()?;
    DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
}

/// A column of exact decimals at the scale of the finest of them.
pub(crate) fn decimals<I: Iterator<Item = Option<Decimal>>>(
    name: &str,
    values: impl Fn() -> I,
) -> Result<Column> {
    let scale = values().flatten().map(Decimal::scale).max().unwrap_or(0);
    let scaled = |value: Decimal| value.rescaled(scale).map(Decimal::mantissa);
    let mut failed = None;
    let scaled = values().map(|value| match value.map(scaled).transpose() {
        Ok(scaled) => scaled,
        Err(error) => {
            failed.get_or_insert(error);
            None
        }
    });
    let integers = Int128Chunked::from_iter_options(name.into(), scaled);
    if let Some(error) = failed {
        return Err(error);
    }
    let exact = integers.into_decimal(38, usize::from(scale)).map_err(|error| refused(&error))?;
    Ok(exact.into_series().into())
}

pub(crate) fn refused(error: &PolarsError) -> crate::Error {
    Problem::UnreadableTable { reason: error.to_string() }.into()
}

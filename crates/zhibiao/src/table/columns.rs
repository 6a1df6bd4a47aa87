//! Columns of frames, each made as a whole.

use polars::prelude::{
    ChunkedBuilder, Column, DataFrame, IdxCa, IdxSize, Int128Chunked, IntoColumn, IntoSeries,
    NamedFrom, NewChunkedArray, PolarsError, PolarsNumericType, PrimitiveChunkedBuilder, Series,
    StringChunked, UInt64Type,
};
use polars_arrow::array::MutableBinaryViewArray;

use super::Group;
use super::tasks::each;
use crate::error::{Problem, Result};
use crate::number::Decimal;

/// What makes a column.
pub(super) type Maker<'a> = Box<dyn Fn() -> Result<Column> + Sync + 'a>;

/// The frame of some columns.
pub(super) fn made(makers: &[Maker<'_>], rows: usize) -> Result<DataFrame> {
    let columns = each(makers, rows.saturating_mul(makers.len()), |make| make());
    let columns = columns.into_iter().collect::<Result<Vec<Column>>>()?;
    DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
}

/// Columns that tell what groups are, each group so many times: `area, area_name, tier, period` and
/// one a slice; then `areas, areas_expected`.
pub(super) fn of_groups<'a>(
    groups: &'a [&'a Group],
    times: usize,
    slices: &'a [(String, String)],
) -> (Vec<Maker<'a>>, [Maker<'a>; 2]) {
    let items = (groups, times);
    let area = |group: &&'a Group| (group.area, group.school.as_ref());
    let mut keys: Vec<Maker<'a>> = vec![
        Box::new(move || Ok(of_runs("area", items, area, |group| Some(group.place())))),
        Box::new(move || {
            Ok(of_runs("area_name", items, area, |group| Some(group.area_name.to_string())))
        }),
        Box::new(move || {
            Ok(of_runs("tier", items, |group| group.tier, |group| Some(group.tier.id().to_owned())))
        }),
        Box::new(move || {
            let text = |group: &&Group| group.period.map(|period| period.to_string());
            Ok(of_runs("period", items, |group| group.period, text))
        }),
    ];
    for (index, (id, _)) in slices.iter().enumerate() {
        keys.push(Box::new(move || {
            let slice = |group: &&'a Group| Some(&group.slices.get(index)?.as_ref()?.0);
            Ok(of_runs(id, items, slice, |group| slice(group).cloned()))
        }));
    }
    let count = |name: &'static str, of: fn(&Group) -> Option<u32>| -> Maker<'a> {
        Box::new(move || {
            let mut counts = numbers::<UInt64Type>(name, groups.len().saturating_mul(times));
            for group in groups {
                let count = of(group).map(u64::from);
                (0..times).for_each(|_| counts.append_option(count));
            }
            Ok(counts.finish().into_column())
        })
    };
    let areas = count("areas", |group| Some(group.areas));
    (keys, [areas, count("areas_expected", |group| group.areas_expected)])
}

/// A column of numbers to be filled.
pub(super) fn numbers<T: PolarsNumericType>(name: &str, rows: usize) -> PrimitiveChunkedBuilder<T> {
    PrimitiveChunkedBuilder::new(name.into(), rows)
}

/// The texts of items in order, each as often as is told; what has the same key as the item before
/// it has the same text, which is kept once.
fn of_runs<T, K: PartialEq>(
    name: &str,
    (items, times): (&[T], usize),
    key: impl Fn(&T) -> K,
    text: impl Fn(&T) -> Option<String>,
) -> Column {
    let mut texts = MutableBinaryViewArray::<str>::with_capacity(items.len().saturating_mul(times));
    let mut items = items.iter().peekable();
    while let Some(first) = items.next() {
        let own = key(first);
        let mut rows = times;
        while items.next_if(|item| key(item) == own).is_some() {
            rows = rows.saturating_add(times);
        }
        match text(first) {
            Some(text) => texts.extend_constant(rows, Some(text)),
            None => texts.extend_null(rows),
        }
    }
    StringChunked::with_chunk(name.into(), texts.freeze()).into_column()
}

/// The text of each row by its place among distinct ones.
pub(super) fn of_rows(
    name: &str,
    distinct: impl IntoIterator<Item = String>,
    places: impl Iterator<Item = usize>,
    rows: usize,
) -> Result<Column> {
    let distinct = Series::new(name.into(), distinct.into_iter().collect::<Vec<_>>());
    let mut positions: Vec<IdxSize> = Vec::with_capacity(rows);
    positions.extend(places.map(|place| IdxSize::try_from(place).unwrap_or(IdxSize::MAX)));
    let texts = distinct.take(&IdxCa::from_vec(name.into(), positions));
    texts.map(Column::from).map_err(|error| refused(&error))
}

/// A column of exact decimals at the scale of the finest of them.
pub(crate) fn decimals(name: &str, values: Vec<Option<Decimal>>) -> Result<Column> {
    let scale = values.iter().flatten().map(|value| value.scale()).max().unwrap_or(0);
    let scaled: Vec<Option<i128>> = values
        .into_iter()
        .map(|value| value.map(|value| value.rescaled(scale).map(Decimal::mantissa)).transpose())
        .collect::<Result<_>>()?;
    decimal(Int128Chunked::from_slice_options(name.into(), &scaled), scale)
}

/// Integers at a scale as decimals.
pub(super) fn decimal(integers: Int128Chunked, scale: u8) -> Result<Column> {
    let exact = integers.into_decimal(38, usize::from(scale)).map_err(|error| refused(&error))?;
    Ok(exact.into_series().into())
}

pub(crate) fn refused(error: &PolarsError) -> crate::Error {
    Problem::UnreadableTable { reason: error.to_string() }.into()
}

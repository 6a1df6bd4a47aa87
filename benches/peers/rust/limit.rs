//! How fast memory is: the used columns, read once by all threads and added up without a thought.

use std::error::Error;

use polars::prelude::{DataFrame, DataType, PolarsResult, Series};
use rayon::prelude::*;

/// Values that one thread reads at a time.
const PIECE: usize = 1 << 16;

/// Values of one column, next to each other.
pub(crate) enum Values<'a> {
    Counts(&'a [i64]),
    Amounts(&'a [f64]),
    Codes(&'a [i32]),
    Categories(&'a [u32]),
    Dense(&'a [u8]),
}

/// The columns of a frame as they lie in memory.
pub(crate) fn columns(frame: &DataFrame) -> Vec<Series> {
    frame
        .columns()
        .iter()
        .map(|column| column.to_physical_repr().take_materialized_series())
        .collect()
}

/// Pieces of all columns.
pub(crate) fn pieces(columns: &[Series]) -> Result<Vec<Values<'_>>, Box<dyn Error>> {
    let mut pieces = Vec::new();
    for column in columns {
        match column.dtype() {
            DataType::Int64 => pieces.extend(cut(column.i64()?.cont_slice(), Values::Counts)?),
            DataType::Float64 => pieces.extend(cut(column.f64()?.cont_slice(), Values::Amounts)?),
            DataType::Int32 => pieces.extend(cut(column.i32()?.cont_slice(), Values::Codes)?),
            DataType::UInt32 => pieces.extend(cut(column.u32()?.cont_slice(), Values::Categories)?),
            DataType::UInt8 => pieces.extend(cut(column.u8()?.cont_slice(), Values::Dense)?),
            other => return Err(format!("the panel has no column of {other}").into()),
        }
    }
    Ok(pieces)
}

fn cut<'a, T>(
    values: PolarsResult<&'a [T]>,
    piece: fn(&'a [T]) -> Values<'a>,
) -> PolarsResult<impl Iterator<Item = Values<'a>>> {
    Ok(values?.chunks(PIECE).map(piece))
}

/// Reads each value once.
pub(crate) fn read_once(pieces: &[Values<'_>]) -> u64 {
    pieces.par_iter().map(Values::added).reduce(|| 0, u64::wrapping_add)
}

impl Values<'_> {
    fn added(&self) -> u64 {
        match self {
            Self::Counts(values) => added(values, |value| value.cast_unsigned()),
            Self::Amounts(values) => added(values, |value| value.to_bits()),
            Self::Codes(values) => added(values, |value| u64::from(value.cast_unsigned())),
            Self::Categories(values) => added(values, u64::from),
            Self::Dense(values) => added(values, u64::from),
        }
    }
}

fn added<T: Copy>(values: &[T], bits: impl Fn(T) -> u64) -> u64 {
    values.iter().fold(0, |sum: u64, value| sum.wrapping_add(bits(*value)))
}

//! Answers as texts and integers, to be compared with those of other engines: the sums of each area
//! and period, amounts in fen. The nation is area 0, and a group without a figure has a sum of zero.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{DataFrame, DataType, ParquetWriter};

/// Columns of [`Query::sums`](zhibiao::Query::sums) before the first sum.
const KEYS: usize = 7;

/// Sums by name, as a frame has them.
pub(crate) fn of_frame(
    frame: &DataFrame,
    sums: &[(String, u8)],
) -> Result<DataFrame, Box<dyn Error>> {
    let mut found = frame.columns().get(KEYS..).unwrap_or(&[]).to_vec();
    // Where figures are missing, those of complete rows stand beside those of all.
    if found.len() > sums.len() {
        found.retain(|column| column.name().contains(" over rows with "));
    }
    let mut columns = vec![frame.column("area")?.clone(), frame.column("period")?.clone()];
    for (column, (name, _)) in found.iter().zip(sums) {
        let integers = column.to_physical_repr().cast(&DataType::Int64)?;
        columns.push(integers.with_name(name.as_str().into()));
    }
    Ok(DataFrame::new_infer_height(columns)?)
}

/// Writes an answer.
pub(crate) fn write(mut answer: DataFrame, file: &Path) -> Result<(), Box<dyn Error>> {
    ParquetWriter::new(File::create(file)?).finish(&mut answer)?;
    Ok(())
}

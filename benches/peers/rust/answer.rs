//! Answers as texts and integers, to be compared with those of other engines: the sums of each area
//! and period, amounts in fen. The nation is area 0, and a group without a figure has a sum of zero.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{Column, DataFrame, DataType, ParquetWriter};
use zhibiao::IndicatorTable;

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

/// Sums that are indicators of a table.
pub(crate) fn of_table(
    table: &IndicatorTable,
    sums: &[(String, u8)],
) -> Result<DataFrame, Box<dyn Error>> {
    let mut groups: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for row in table.rows() {
        let key = (row.place(), row.period().ok_or("a row without a period")?.to_string());
        let id = row.indicator().id.trim_start_matches("total.");
        let at = sums.iter().position(|(sum, _)| sum == id).ok_or("an unknown sum")?;
        let group = groups.entry(key).or_insert_with(|| vec![0; sums.len()]);
        if let Some(sum) = row.numerator() {
            group[at] = i64::try_from(sum.rescaled(sums[at].1)?.mantissa())?;
        }
    }
    let (areas, periods): (Vec<&str>, Vec<&str>) =
        groups.keys().map(|(area, period)| (area.as_str(), period.as_str())).unzip();
    let mut columns =
        vec![Column::new("area".into(), areas), Column::new("period".into(), periods)];
    for (at, (name, _)) in sums.iter().enumerate() {
        let values: Vec<i64> = groups.values().map(|sums| sums[at]).collect();
        columns.push(Column::new(name.as_str().into(), values));
    }
    Ok(DataFrame::new_infer_height(columns)?)
}

/// Writes an answer.
pub(crate) fn write(mut answer: DataFrame, file: &Path) -> Result<(), Box<dyn Error>> {
    ParquetWriter::new(File::create(file)?).finish(&mut answer)?;
    Ok(())
}

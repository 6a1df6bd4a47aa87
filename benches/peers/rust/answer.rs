//! Answers as texts and integers, to be compared with those of other engines.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{Column, DataFrame, ParquetWriter};
use zhibiao::IndicatorTable;
use zhibiao::area::AreaCode;

/// Writes the sums of each area and period, amounts in fen; the nation is area 0, and a group
/// without a figure has a sum of zero.
pub(crate) fn write(
    table: &IndicatorTable,
    sums: &[(String, u8)],
    file: &Path,
) -> Result<(), Box<dyn Error>> {
    let mut groups: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for row in table.rows() {
        let area =
            if row.area() == AreaCode::NATION { "0".to_owned() } else { row.area().to_string() };
        let period = row.period().ok_or("a row without a period")?.to_string();
        let id = row.indicator().id.trim_start_matches("total.");
        let at = sums.iter().position(|(sum, _)| sum == id).ok_or("an unknown sum")?;
        if let Some(sum) = row.numerator() {
            let groups = groups.entry((area, period)).or_insert_with(|| vec![0; sums.len()]);
            groups[at] = i64::try_from(sum.rescaled(sums[at].1)?.mantissa())?;
        }
    }
    let mut columns = vec![
        Column::new(
            "area".into(),
            groups.keys().map(|(area, _)| area.as_str()).collect::<Vec<_>>(),
        ),
        Column::new(
            "period".into(),
            groups.keys().map(|(_, period)| period.as_str()).collect::<Vec<_>>(),
        ),
    ];
    for (at, (name, _)) in sums.iter().enumerate() {
        let values: Vec<i64> = groups.values().map(|sums| sums[at]).collect();
        columns.push(Column::new(name.as_str().into(), values));
    }
    let mut frame = DataFrame::new_infer_height(columns)?;
    ParquetWriter::new(File::create(file)?).finish(&mut frame)?;
    Ok(())
}

//! Answers as integers, to be compared with those of other engines.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{Column, DataFrame, ParquetWriter};
use zhibiao::IndicatorTable;

/// Sums that every engine makes, and the decimals that their figures have.
pub(crate) const TOTALS: [(&str, u8); 17] = [
    ("population_3_5", 0),
    ("children", 0),
    ("kindergarten_teachers", 0),
    ("kindergarten_classes", 0),
    ("kindergarten_classes_in_norm", 0),
    ("inclusive_recognised", 0),
    ("inclusive_recognition_task", 0),
    ("projects", 0),
    ("projects_done", 0),
    ("enrolled_students", 0),
    ("aid_recipients", 0),
    ("loan_borrowers", 0),
    ("travel_recipients", 0),
    ("children_public", 0),
    ("children_inclusive", 0),
    ("aid_amount", 2),
    ("loan_amount", 2),
];

/// A catalogue in which each sum is an indicator.
pub(crate) fn totals() -> String {
    let total = |(id, decimals): (&str, u8)| {
        format!(
            "[indicators.\"total.{id}\"]\nname = {{ zh = \"合计 {id}\" }}\nkind = \"total\"\n\
             measure = \"{id}\"\ndecimals = {decimals}\n"
        )
    };
    TOTALS.map(total).concat()
}

/// Writes the sums of each area and period, amounts in fen; the nation is area 0.
pub(crate) fn write(table: &IndicatorTable, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut groups: BTreeMap<(i64, i64), [i64; TOTALS.len()]> = BTreeMap::new();
    for row in table.rows() {
        let id = row.indicator().id.trim_start_matches("total.");
        let at = TOTALS.iter().position(|(total, _)| *total == id).ok_or("an unknown total")?;
        let area = row.area().number().map_or(0, i64::from);
        let period = row.period().ok_or("a row without a period")?.to_string().parse()?;
        let sum = row.numerator().ok_or_else(|| format!("{area} {period} has no {id}"))?;
        let sum = i64::try_from(sum.rescaled(TOTALS[at].1)?.mantissa())?;
        groups.entry((area, period)).or_default()[at] = sum;
    }
    let column = |name: &str, values: Vec<i64>| Column::new(name.into(), values);
    let mut columns = vec![
        column("area", groups.keys().map(|(area, _)| *area).collect()),
        column("period", groups.keys().map(|(_, period)| *period).collect()),
    ];
    for (at, (name, _)) in TOTALS.iter().enumerate() {
        columns.push(column(name, groups.values().map(|sums| sums[at]).collect()));
    }
    let mut frame = DataFrame::new_infer_height(columns)?;
    ParquetWriter::new(File::create(file)?).finish(&mut frame)?;
    Ok(())
}

//! The rows of a panel in memory, before time begins.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

/// Columns of the panel that sums are made of.
pub(crate) const USED: &[&str] = &[
    "area",
    "period",
    "ownership",
    "population_3_5",
    "children",
    "kindergarten_teachers",
    "kindergarten_classes",
    "kindergarten_classes_in_norm",
    "inclusive_recognised",
    "inclusive_recognition_task",
    "projects",
    "projects_done",
    "enrolled_students",
    "aid_recipients",
    "loan_borrowers",
    "travel_recipients",
    "aid_amount",
    "loan_amount",
];

/// The same, with the school of each row, so that keys are checked.
pub(crate) const WITH_SCHOOLS: &[&str] = &{
    let mut columns = [""; USED.len() + 1];
    let mut at = 0;
    while at < USED.len() {
        columns[at] = USED[at];
        at += 1;
    }
    columns[at] = "school";
    columns
};

/// Some columns of a file, each in one piece.
pub(crate) fn read(file: &Path, columns: &[&str]) -> Result<DataFrame, Box<dyn Error>> {
    let names = columns.iter().map(|&name| name.to_owned()).collect();
    let mut frame = ParquetReader::new(File::open(file)?).with_columns(Some(names)).finish()?;
    frame.rechunk_mut_par();
    Ok(frame)
}

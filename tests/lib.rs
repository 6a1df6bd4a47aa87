//! What the tests share: where data lie, and tables from text.

use std::path::PathBuf;

use polars::prelude::{CsvReadOptions, DataFrame, IntoColumn, SerReader};
use zhibiao::number::{Decimal, RoundMode};

/// A file of the shared data, or `None` with a message where the data are not there.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path);
    if root.exists() {
        return Some(root);
    }
    eprintln!("skipped: {} is not here", root.display());
    None
}

/// A file of the project.
#[must_use]
pub fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A frame of text columns from CSV with a header line.
///
/// # Panics
/// When the text is not CSV.
#[must_use]
pub fn table(csv: &str) -> DataFrame {
    let cursor = std::io::Cursor::new(csv.trim_start().as_bytes().to_vec());
    let options = CsvReadOptions::default().with_infer_schema_length(Some(0));
    options.into_reader_with_file_handle(cursor).finish().expect("the table of a test reads")
}

/// A column of a frame as text; empty where it is null.
///
/// # Panics
/// When there is no such column.
#[must_use]
pub fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let column = frame.column(column).expect("the column is there").clone().into_column();
    let text = column.cast(&polars::prelude::DataType::String).expect("every column casts to text");
    text.str().expect("it is text now").iter().map(|cell| cell.unwrap_or("").to_owned()).collect()
}

/// Whether a figure, as text, is what is written: rounded (half away) to as many digits.
///
/// # Panics
/// When the figure leaves the range of exact numbers.
#[must_use]
pub fn rounds_to(figure: &str, want: &str) -> bool {
    let decimals = want.split_once('.').map_or(0, |(_, digits)| digits.len());
    let decimals = i8::try_from(decimals).expect("few digits");
    let Ok(exact) = figure.parse::<Decimal>() else { return false };
    let rounded = exact.ratio().rounded(decimals, RoundMode::HalfAway).expect("it fits");
    want.parse::<Decimal>().is_ok_and(|want| rounded == want)
}

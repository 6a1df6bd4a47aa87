//! Frames as CSV, JSON and Parquet.

use std::io::Write;
use std::str::FromStr;

use polars::prelude::{AnyValue, CsvWriter, DataFrame, ParquetWriter, PolarsError, SerWriter};

use crate::error::{Error, Place, Problem, Result};

/// A file format for frames.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// Comma-separated values, UTF-8.
    Csv,
    /// An array of objects; decimals keep all their digits.
    Json,
    /// Apache Parquet.
    Parquet,
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "parquet" => Ok(Self::Parquet),
            other => Err(Problem::BadOption {
                option: "format".to_owned(),
                value: other.to_owned(),
                wanted: "csv, json, parquet".to_owned(),
            }
            .into()),
        }
    }
}

impl Format {
    /// Writes a frame.
    ///
    /// # Errors
    /// `unwritable-file` when the writer refuses; `file` is named in it.
    pub fn write(self, frame: &DataFrame, into: &mut dyn Write, file: &str) -> Result<()> {
        let refused =
            |reason: String| Error::new(Problem::UnwritableFile { reason }, Place::file(file));
        let polars = |error: PolarsError| refused(error.to_string());
        let io = |error: std::io::Error| refused(error.to_string());
        let mut frame = frame.clone();
        match self {
            Self::Csv => CsvWriter::new(&mut *into).finish(&mut frame).map_err(polars)?,
            Self::Parquet => {
                ParquetWriter::new(&mut *into).finish(&mut frame).map_err(polars)?;
            }
            Self::Json => into.write_all(json(&frame).as_bytes()).map_err(io)?,
        }
        // A full disk is often met only here.
        into.flush().map_err(io)
    }
}

fn json(frame: &DataFrame) -> String {
    let rows = (0..frame.height()).map(|row| {
        let fields = frame.columns().iter().map(|column| {
            let value = column.get(row).unwrap_or(AnyValue::Null);
            format!("{}:{}", quoted(column.name()), json_value(&value))
        });
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    });
    format!("[{}]\n", rows.collect::<Vec<_>>().join(",\n"))
}

/// Decimals and floats as they print: every digit is kept.
fn json_value(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "null".to_owned(),
        AnyValue::String(text) => quoted(text),
        AnyValue::StringOwned(text) => quoted(text),
        AnyValue::Float64(float) if float.is_finite() => float.to_string(),
        AnyValue::Decimal(integer, _, scale) => {
            let scale = u8::try_from(*scale).unwrap_or(0);
            crate::number::Decimal::new(*integer, scale)
                .map_or_else(|_| "null".to_owned(), |d| d.to_string())
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

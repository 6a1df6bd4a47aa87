//! Frames as files for programs: CSV, JSON and Parquet.

use std::io::{BufWriter, Write};
use std::str::FromStr;

use polars::prelude::{CsvWriter, DataFrame, ParquetWriter, PolarsError, SerWriter};

use super::{formulas, json};
use crate::error::{Error, Place, Problem, Result};

/// A file format for frames (文件格式).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Format {
    /// Comma-separated values, UTF-8. Before text that begins as a formula does (`=`, `+`, `-`, `@`,
    /// also full-width, tab and line ends) stands an apostrophe; numbers stay as they are.
    Csv,
    /// The same with a byte order mark, without which Excel in China takes UTF-8 for GB18030.
    CsvWithBom,
    /// An array of objects; decimals keep all their digits.
    Json,
    /// One object a line; decimals keep all their digits.
    JsonLines,
    /// Apache Parquet.
    Parquet,
}

impl FromStr for Format {
    type Err = Error;

    /// Reads the ending of a file.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            "parquet" => Ok(Self::Parquet),
            other => Err(Problem::BadOption {
                option: "format".to_owned(),
                value: other.to_owned(),
                wanted: "csv, json, jsonl, ndjson, parquet".to_owned(),
            }
            .into()),
        }
    }
}

impl Format {
    /// Writes a frame. Gives the finding `formula-text` where text of CSV was changed.
    ///
    /// # Errors
    /// `unwritable-file` when the writer refuses; `file` is named in it.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::report::Format;
    /// let frame = df!["area" => ["140728", "140729"], "projects" => [60, 40]]?;
    /// let mut lines = Vec::new();
    /// Format::JsonLines.write(&frame, &mut lines, "memory")?;
    /// assert_eq!(
    ///     String::from_utf8(lines)?,
    ///     "{\"area\":\"140728\",\"projects\":60}\n{\"area\":\"140729\",\"projects\":40}\n"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn write(
        self,
        frame: &DataFrame,
        into: &mut dyn Write,
        file: &str,
    ) -> Result<Option<Error>> {
        let refused =
            |reason: String| Error::new(Problem::UnwritableFile { reason }, Place::file(file));
        let polars = |error: PolarsError| refused(error.to_string());
        let io = |error: std::io::Error| refused(error.to_string());
        let mut into = BufWriter::new(into);
        let mut finding = None;
        match self {
            Self::Csv | Self::CsvWithBom => {
                let (mut frame, problem) = formulas::disarmed(frame).map_err(polars)?;
                finding = problem.map(|problem| Error::new(problem, Place::file(file)));
                let has_mark = self == Self::CsvWithBom;
                let mut writer = CsvWriter::new(&mut into).include_bom(has_mark);
                writer.finish(&mut frame).map_err(polars)?;
            }
            Self::Parquet => {
                ParquetWriter::new(&mut into).finish(&mut frame.clone()).map_err(polars)?;
            }
            Self::Json => json::array(frame, &mut into).map_err(io)?,
            Self::JsonLines => json::lines(frame, &mut into).map_err(io)?,
        }
        // A full disk is often met only here.
        into.flush().map_err(io)?;
        Ok(finding)
    }
}

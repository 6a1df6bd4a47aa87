//! How the bytes of a file are opened.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::error::{Error, Place, Problem, Result};

/// What a file holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Text,
    Workbook,
    Parquet,
}

/// Endings of text files.
const TEXT: [&str; 6] = [".csv", ".csv.gz", ".csv.zst", ".tsv", ".tsv.gz", ".tsv.zst"];

impl Kind {
    /// The kind that the ending of a name tells, in capitals or not.
    pub(crate) fn of(path: &Path) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if TEXT.iter().any(|ending| name.ends_with(ending)) {
            return Ok(Self::Text);
        }
        match extension(path).as_deref() {
            Some("parquet") => Ok(Self::Parquet),
            Some("xlsx" | "xlsm" | "xlsb" | "xls" | "ods") => Ok(Self::Workbook),
            other => {
                let extension = other.unwrap_or("none").to_owned();
                Err(Problem::UnknownFormat { extension }.into())
            }
        }
    }

    /// Whether a file holds more bytes than it has.
    pub(crate) fn is_packed(path: &Path) -> bool {
        matches!(extension(path).as_deref(), Some("gz" | "zst" | "parquet"))
    }
}

/// The text of a CSV file, unpacked as it is read. What goes wrong in reading is told by
/// [`unreadable_file`].
pub(crate) fn opened(path: &Path) -> Result<Box<dyn Read + Send>> {
    let file = BufReader::new(open(path)?);
    Ok(match extension(path).as_deref() {
        Some("gz") => Box::new(MultiGzDecoder::new(file)),
        // Frames that would need more than 128 MiB are refused.
        Some("zst") => Box::new(
            zstd::Decoder::with_buffer(file).map_err(|error| unreadable_file(path, &error))?,
        ),
        _ => Box::new(file),
    })
}

pub(crate) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| unreadable_file(path, &error))
}

/// What went wrong while a file was opened or read.
pub(crate) fn unreadable_file(path: &Path, error: &io::Error) -> Error {
    let reason = error.to_string();
    // What the system did not refuse, the decoder did.
    let problem = match error.raw_os_error() {
        Some(_) => Problem::UnreadableFile { reason },
        None => Problem::DamagedFile { reason },
    };
    Error::new(problem, Place::file(path))
}

fn extension(path: &Path) -> Option<String> {
    path.extension().map(|extension| extension.to_string_lossy().to_lowercase())
}

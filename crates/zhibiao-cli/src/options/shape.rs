//! How an answer is written.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use zhibiao::Error;
use zhibiao::report::Format;

use super::bad_option;

/// How the answer is written.
#[derive(Args, Debug)]
pub(crate) struct Shape {
    /// File to write to, whose ending tells the format; the folder of a data package
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Format
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatOption>,
    /// Begin CSV with a byte order mark, for Excel in China
    #[arg(long)]
    bom: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatOption {
    Table,
    Markdown,
    Html,
    Xlsx,
    Csv,
    Json,
    Jsonl,
    Parquet,
    Datapackage,
}

/// The columns of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Columns {
    Zhibiao,
    Sdmx,
}

/// The form of the answer.
#[derive(Debug)]
pub(crate) enum Form {
    Text,
    Markdown,
    /// A page of its own.
    Html,
    /// A workbook.
    Xlsx,
    File(Format),
    /// A data package in a folder.
    Package(PathBuf),
}

impl Shape {
    /// The format asked for, else that of the file's ending, else text to read.
    pub(crate) fn form(&self) -> Result<Form, Error> {
        match (self.bom, self.format.map_or_else(|| self.form_of_ending(), |f| self.form_of(f))?) {
            (true, Form::File(Format::Csv)) => Ok(Form::File(Format::CsvWithBom)),
            (true, _) => Err(bad_option("option for this format", "--bom", "it with csv")),
            (false, form) => Ok(form),
        }
    }

    fn form_of(&self, format: FormatOption) -> Result<Form, Error> {
        Ok(match format {
            FormatOption::Table => Form::Text,
            FormatOption::Markdown => Form::Markdown,
            FormatOption::Html => Form::Html,
            FormatOption::Xlsx => Form::Xlsx,
            FormatOption::Csv => Form::File(Format::Csv),
            FormatOption::Json => Form::File(Format::Json),
            FormatOption::Jsonl => Form::File(Format::JsonLines),
            FormatOption::Parquet => Form::File(Format::Parquet),
            FormatOption::Datapackage => Form::Package(self.output.clone().ok_or_else(|| {
                bad_option("format without `-o`", "datapackage", "`-o FOLDER` with it")
            })?),
        })
    }

    fn form_of_ending(&self) -> Result<Form, Error> {
        let ending = self.output.as_deref().and_then(Path::extension);
        match ending.map(|ending| ending.to_string_lossy()).as_deref() {
            None | Some("txt") => Ok(Form::Text),
            Some("md") => Ok(Form::Markdown),
            Some("html") => Ok(Form::Html),
            Some("xlsx") => Ok(Form::Xlsx),
            Some(ending) => ending.parse().map(Form::File).map_err(|_| {
                let wanted =
                    "txt, md, html, xlsx, csv, json, jsonl, ndjson or parquet, or give `--format`";
                bad_option("ending of an output file", ending, wanted)
            }),
        }
    }
}

impl Form {
    /// The same form, if it can have such columns.
    pub(crate) fn with(self, columns: Columns) -> Result<Self, Error> {
        if columns == Columns::Sdmx && !matches!(self, Self::File(_)) {
            let wanted = "it with a file of format csv, json, jsonl or parquet";
            return Err(bad_option("choice of `--columns` for this format", "sdmx", wanted));
        }
        Ok(self)
    }
}

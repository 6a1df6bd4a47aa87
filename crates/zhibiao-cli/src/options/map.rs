//! What is asked of a file whose columns are to be mapped.

use std::path::PathBuf;

use clap::Args;
use zhibiao::{Error, Table, mapping};

use super::{LangOption, load, refuse_overwriting};

/// A file whose columns are to be mapped.
#[derive(Args, Debug)]
pub(crate) struct Map {
    /// A text file or workbook
    file: PathBuf,
    /// The sheet of a workbook, where several have tables
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// File to write the mapping to
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Language of the comments
    #[arg(long, default_value = "zh")]
    lang: LangOption,
}

impl Map {
    pub(crate) fn text(&self) -> Result<String, Error> {
        refuse_overwriting(std::slice::from_ref(&self.file), &[self.output.as_deref()])?;
        let catalog = load(self.catalog.as_deref())?;
        let book = Table::book(&self.file)?;
        mapping::propose_file(&book, self.sheet.as_deref(), &catalog, self.lang.into())
    }
}

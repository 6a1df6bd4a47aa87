//! What is asked of a file whose columns are to be mapped.

use std::ops::Range;
use std::path::PathBuf;

use clap::Args;
use zhibiao::{Error, Lang, Table, mapping};

use super::{LangOption, load, refuse_overwriting};

/// A file whose columns are to be mapped.
#[derive(Args, Debug)]
pub(crate) struct Map {
    /// A text file or workbook
    file: PathBuf,
    /// The sheet of a workbook, where several have tables
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The first and last row of the header, as in 3-4, where several tables stand on a sheet
    #[arg(long, value_name = "ROWS", value_parser = rows)]
    header: Option<Range<usize>>,
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
    /// The mapping as TOML, and what is to be known of the file.
    pub(crate) fn text(&self) -> Result<(String, Vec<Error>), Error> {
        refuse_overwriting(std::slice::from_ref(&self.file), &[self.output.as_deref()])?;
        let catalog = load(self.catalog.as_deref())?;
        let book = Table::book(&self.file)?;
        let header = self.header.clone();
        let (proposal, findings) =
            mapping::propose_table(&book, self.sheet.as_deref(), header, &catalog)?;
        Ok((proposal.toml(self.lang()), findings))
    }

    pub(crate) fn lang(&self) -> Lang {
        self.lang.into()
    }
}

/// Rows from 1, as `3` or `3-4`, as a range from 0.
fn rows(text: &str) -> Result<Range<usize>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let row = |text: &str| text.trim().parse::<usize>().ok().filter(|row| *row > 0);
    let rows = row(first).zip(row(last)).filter(|(first, last)| first <= last);
    let rows = rows.map(|(first, last)| first.saturating_sub(1)..last);
    rows.ok_or_else(|| "give the first and the last row, from 1, as in 3-4".to_owned())
}

//! A run that is repeated as a log tells it.

use std::path::PathBuf;

use clap::Args;
use zhibiao::{Catalog, Error, IndicatorTable, Log, Place, Problem, Table};

use super::{AreaTable, Columns, Shape, load};

/// A run that is repeated.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Log that `compute --log` wrote
    log: PathBuf,
    /// Files, folders or patterns in place of the files that the log names
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A catalogue file or folder in place of those that the log names
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    #[command(flatten)]
    table: AreaTable,
    /// Columns of a file: ours, or those of SDMX
    #[arg(long, default_value = "zhibiao")]
    pub(crate) columns: Columns,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

impl Replay {
    /// The answer that the log tells of, and the catalogue it was computed with.
    pub(crate) fn run(&self) -> Result<(IndicatorTable, Catalog), Error> {
        let text = std::fs::read_to_string(&self.log).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(&self.log))
        })?;
        let log: Log = text.parse().map_err(|error: Error| error.at(Place::file(&self.log)))?;
        let mut catalog = load(self.catalog.as_deref())?;
        if self.catalog.is_none() {
            for file in &log.catalogs {
                catalog = catalog.extend(Catalog::load(file)?)?;
            }
        }
        let areas = if self.table.is_given() { self.table.load()? } else { log.area_table()? };
        let logged = log.input.iter().filter_map(|input| input.file.as_ref()).map(PathBuf::from);
        let files = if self.files.is_empty() { logged.collect() } else { self.files.clone() };
        let table = Table::read_with(files, &log.read_options(&catalog)?)?;
        Ok((log.replay(&catalog, areas, table)?, catalog))
    }
}

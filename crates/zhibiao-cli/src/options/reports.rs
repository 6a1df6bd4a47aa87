//! What is asked of a report.

use std::path::PathBuf;

use clap::Args;
use zhibiao::grid::decoded;
use zhibiao::prose::{self, Finding, Reading};
use zhibiao::{Error, Place, Problem, Query};

use super::{LangOption, Shape, load};

/// Reports that are read.
#[derive(Args, Debug)]
pub(crate) struct Reports {
    /// A report as text (UTF-8, UTF-16 or GB18030)
    pub(crate) file: PathBuf,
    /// The year that the report is of, from which 今年 and 去年 are told; else that of its title
    #[arg(long, value_name = "YEAR")]
    year: Option<u16>,
    /// Tables of one area that figures are held against
    #[arg(long, value_name = "FILE")]
    against: Vec<PathBuf>,
    /// A catalogue file or folder that extends the built-in one
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,
    /// Language of labels
    #[arg(long, default_value = "zh")]
    pub(crate) lang: LangOption,
    #[command(flatten)]
    pub(crate) shape: Shape,
}

impl Reports {
    /// What was read, and how its figures stand to each other and to the tables.
    pub(crate) fn read(&self) -> Result<(Reading, Vec<Finding>), Error> {
        let catalog = load(self.catalog.as_deref())?;
        let bytes = std::fs::read(&self.file).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(&self.file))
        })?;
        let name = self.file.display().to_string();
        prose::refuse_binary(&bytes, &name)?;
        let (text, _) = decoded(&bytes).map_err(|error| error.at(Place::file(&self.file)))?;
        let reading = prose::read(&text, &name, &catalog, prose::Options { year: self.year })?;
        if self.against.is_empty() {
            let findings = reading.audit(None);
            return Ok((reading, findings));
        }
        let label = self.against.iter().map(|file| file.display().to_string());
        let label = label.collect::<Vec<_>>().join(", ");
        // Where nothing is proposed, nothing can be held against a table.
        let proposed = reading.indicators(&catalog);
        if proposed.is_empty() {
            let findings = reading.audit(None);
            return Ok((reading, findings));
        }
        let known = Query::new(&catalog)
            .indicators(proposed)
            .skip_unavailable(true)
            .run_files(&self.against)?
            .known(&label)?;
        let findings = reading.audit(Some(&known));
        Ok((reading, findings))
    }
}

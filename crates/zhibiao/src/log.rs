//! Logs (运行记录): what a table was computed from and by, so that the run can be repeated and the
//! answer recognised.
//!
//! The invariant: a run that is replayed from its log gives the same bits, or an error that says
//! what differs.
//!
//! May use everything up to `query`.

use std::fmt;
use std::fs::File;
use std::io::{self, Write};

use indexmap::IndexMap;
use polars::prelude::{CsvWriter, DataFrame, SerWriter};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::area::Areas;
use crate::bind::{ReadOptions, Table};
use crate::catalog::{Catalog, hexadecimal};
use crate::error::{Error, Place, Problem, Result};
use crate::mapping::Mapping;
use crate::query::{Options, Query};
use crate::symbol::Dialect;
use crate::table::{IndicatorTable, refused};

/// The log of a run (运行记录): written and read as JSON.
///
/// Hashes are SHA-256 in hexadecimal digits; that of a file is what `sha256sum` prints.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Log, Query, Table, area::Areas};
/// let catalog = Catalog::builtin();
/// let pingyao = Table::from(df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?);
/// let (table, log) = Query::new(&catalog).indicators(["projects.completion"]).run_logged(&pingyao)?;
/// // Years later, from the text of the log:
/// let log: Log = log.to_string().parse()?;
/// let again = log.replay(&catalog, Areas::builtin(), &pingyao)?;
/// assert_eq!(again.frame()?, table.frame()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Version of this library.
    pub version: String,
    /// What was asked.
    options: Options,
    /// Catalogue files beside the built-in ones.
    pub catalogs: Vec<String>,
    /// Hash of the definition of each indicator, see
    /// [`Catalog::definition_hash`](crate::Catalog::definition_hash).
    pub definitions: IndexMap<String, String>,
    /// The table of areas.
    pub areas: LoggedAreas,
    /// The sheet that was read, if it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The mapping of columns, as TOML, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<String>,
    /// Whose symbols the files have, where that was said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symbols: Option<Dialect>,
    /// The files that were read, or the frame.
    pub input: Vec<LoggedInput>,
    /// Rows of the answer.
    pub rows: usize,
    /// Hash of the answer as CSV.
    pub sha256: String,
}

/// The table of areas of a run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedAreas {
    /// File that it was read from; none for the built-in one.
    pub file: Option<String>,
    /// Date at which it was in force, as it tells.
    pub in_force: String,
    /// Hash of codes, names, parents and tiers.
    pub sha256: String,
}

/// What a run read.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoggedInput {
    /// File; none for a frame.
    pub file: Option<String>,
    /// Its rows.
    pub rows: usize,
    /// Hash of the file, or of the cells of the frame.
    pub sha256: String,
}

impl Query<'_> {
    /// Answers the question, and logs how.
    ///
    /// # Errors
    /// As for [`run`](Self::run); `unreadable-file` where a file is gone before it is hashed.
    pub fn run_logged(&self, table: impl Into<Table>) -> Result<(IndicatorTable, Log)> {
        let table = table.into();
        let answer = self.run(&table)?;
        let (catalog, areas, options) = self.parts();
        let mut definitions = IndexMap::new();
        for indicator in answer.indicators() {
            definitions.insert(indicator.id.clone(), catalog.definition_hash(&indicator.id)?);
        }
        let log = Log {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            options: options.clone(),
            catalogs: catalog.files(),
            definitions,
            areas: logged_areas(areas),
            sheet: table.how().sheet.clone(),
            mapping: table.how().mapping.as_ref().map(|(mapping, _)| mapping.toml()),
            symbols: table.how().dialect(),
            input: logged_input(&table)?,
            rows: answer.len(),
            sha256: hash_of_frame(&answer.frame()?)?,
        };
        Ok((answer, log))
    }
}

impl Log {
    /// How the files were read.
    ///
    /// # Errors
    /// Those of [`Mapping::parse`] where the catalogue has not what the mapping names.
    pub fn read_options(&self, catalog: &Catalog) -> Result<ReadOptions> {
        let mapping = self.mapping.as_deref();
        let mapping = mapping.map(|text| Mapping::parse(text, "mapping of the log", catalog));
        Ok(ReadOptions {
            sheet: self.sheet.clone(),
            mapping: mapping.transpose()?.map(|mapping| (mapping, catalog.clone())),
            symbols: self.symbols,
        })
    }

    /// The table of areas that the log tells of: a file, the built-in one, or that of another year.
    ///
    /// # Errors
    /// As for [`Areas::load`] and [`Areas::at`].
    pub fn area_table(&self) -> Result<Areas> {
        let builtin = Areas::builtin();
        let year = || self.areas.in_force.get(..4).and_then(|year| year.parse().ok());
        match &self.areas.file {
            Some(file) => Areas::load(file),
            None if self.areas.in_force == builtin.in_force() => Ok(builtin),
            None => year().map_or(Ok(builtin), Areas::at),
        }
    }

    /// Answers the question of the log again. A panel takes the areas of its crosswalk, which must be
    /// of the same year as those that are given.
    ///
    /// # Errors
    /// `log-differs` where a definition, the table of areas, the input or the answer is not that of
    /// the log; else as for [`Query::run`].
    pub fn replay(
        &self,
        catalog: &Catalog,
        areas: Areas,
        table: impl Into<Table>,
    ) -> Result<IndicatorTable> {
        let table = table.into();
        for (id, logged) in &self.definitions {
            same(&format!("the definition of `{id}`"), logged, &catalog.definition_hash(id)?)?;
        }
        let year = areas.in_force().to_owned();
        let mut query = Query::of(catalog, areas, self.options.clone());
        if let Some(harmonised) = &self.options.harmonised {
            same("the date of the table of areas", &self.areas.in_force, &year)?;
            query = query.harmonised(harmonised.crosswalk()?)?;
        }
        same("the table of areas", &self.areas.sha256, &logged_areas(query.parts().1).sha256)?;
        let input = logged_input(&table)?;
        same("the number of inputs", &self.input.len(), &input.len())?;
        for (logged, here) in self.input.iter().zip(&input) {
            let name = here.file.as_deref().unwrap_or("the frame");
            same(&format!("the content of {name}"), &logged.sha256, &here.sha256)?;
        }
        let answer = query.run(table)?;
        let what = format!(
            "the answer, by version {} and now {}",
            self.version,
            env!("CARGO_PKG_VERSION")
        );
        same(&what, &self.sha256, &hash_of_frame(&answer.frame()?)?)?;
        Ok(answer)
    }
}

impl std::str::FromStr for Log {
    type Err = Error;

    /// Reads the JSON of a log.
    ///
    /// # Errors
    /// `bad-log`, with line and column.
    fn from_str(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Problem::BadLog { reason: error.to_string() }.into())
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?)
    }
}

fn same<T: PartialEq + ToString>(what: &str, logged: &T, here: &T) -> Result<()> {
    if logged == here {
        return Ok(());
    }
    let (logged, here) = (logged.to_string(), here.to_string());
    Err(Problem::LogDiffers { what: what.to_owned(), logged, here }.into())
}

fn logged_areas(areas: &Areas) -> LoggedAreas {
    let mut hash = Sha256::new();
    for code in areas.codes() {
        let name = areas.name(code, crate::label::Lang::Zh).unwrap_or_default();
        let parent = areas.parent(code).map_or_else(String::new, |parent| parent.to_string());
        let tier = areas.tier(code).map_or("", crate::area::Tier::id);
        hash.update(format!("{code}\t{name}\t{parent}\t{tier}\n"));
    }
    LoggedAreas {
        file: areas.file().map(ToOwned::to_owned),
        in_force: areas.in_force().to_owned(),
        sha256: hexadecimal(&hash.finalize()),
    }
}

fn logged_input(table: &Table) -> Result<Vec<LoggedInput>> {
    let files = table.files().names();
    if files.len() == 0 {
        let sha256 = hash_of_frame(table.frame())?;
        return Ok(vec![LoggedInput { file: None, rows: table.rows(), sha256 }]);
    }
    files
        .map(|(name, rows)| {
            let unreadable = |error: io::Error| {
                Error::new(Problem::UnreadableFile { reason: error.to_string() }, Place::file(name))
            };
            let mut hash = Hash(Sha256::new());
            io::copy(&mut File::open(name).map_err(unreadable)?, &mut hash).map_err(unreadable)?;
            Ok(LoggedInput { file: Some(name.to_owned()), rows, sha256: hash.digits() })
        })
        .collect()
}

/// The hash of a frame: of its types, and of its cells as CSV.
fn hash_of_frame(frame: &DataFrame) -> Result<String> {
    let mut hash = Hash(Sha256::new());
    for column in frame.columns() {
        hash.0.update(format!("{} {}\n", column.name(), column.dtype()));
    }
    CsvWriter::new(&mut hash).finish(&mut frame.clone()).map_err(|error| refused(&error))?;
    Ok(hash.digits())
}

/// A hash that is written to.
struct Hash(Sha256);

impl Hash {
    fn digits(self) -> String {
        hexadecimal(&self.0.finalize())
    }
}

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Tables in files that are read batch by batch, where they are large.

use std::path::{Path, PathBuf};

use polars::prelude::DataFrame;

use super::Query;
use super::batches::Gathered;
use crate::bind::{Cut, Earlier, Matched, Streamed, Table, expanded};
use crate::error::Result;
use crate::state::States;
use crate::symbol::Dialect;
use crate::table::IndicatorTable;

impl Query<'_> {
    /// Answers the question for CSV (UTF-8, packed by gzip or zstd or not) and Parquet files of the
    /// same columns, as one table.
    ///
    /// The answer is that of [`run`](Self::run) for [`Table::read`]: the same values, findings and
    /// places. Large files are read batch by batch, only the columns that are needed, while the
    /// batch before is summed; so memory grows with groups and keys, not with rows. A long table
    /// (`measure`, `value`), and CSV beside Parquet, is read whole.
    ///
    /// # Errors
    /// As for [`Table::read`] and [`run`](Self::run). `stream-not-repeatable` where rows contradict
    /// each other and the files change while they are read.
    ///
    /// # Example
    /// ```no_run
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let query = Query::new(&catalog).indicators(["projects.completion"]);
    /// let table = query.run_files(["2021.parquet", "2022.parquet"])?;
    /// println!("{}", table.len());
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn run_files<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<IndicatorTable> {
        self.run_gathered(self.gather_files(&expanded(paths)?)?)
    }

    /// The exact [sums](Self::sums) of files, read as by [`run_files`](Self::run_files).
    ///
    /// # Errors
    /// As for [`run_files`](Self::run_files) and [`sums`](Self::sums).
    ///
    /// # Example
    /// ```no_run
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let query = Query::new(&catalog).indicators(["projects.completion"]);
    /// println!("{}", query.sums_files(["2021.parquet", "2022.parquet"])?);
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn sums_files<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<DataFrame> {
        match self.gather_files(&expanded(paths)?)? {
            Gathered::Whole(table) => self.sums(table),
            Gathered::Summed { collected, rows, .. } => self.sums_of(*collected, rows),
        }
    }

    /// The [states](Self::states) of files, read as by [`run_files`](Self::run_files).
    ///
    /// # Errors
    /// As for [`run_files`](Self::run_files).
    pub fn states_of_files<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<States> {
        self.states_gathered(self.gather_files(&expanded(paths)?)?)
    }

    fn gather_files(&self, paths: &[PathBuf]) -> Result<Gathered> {
        let cut = Cut {
            least_bytes: self.tuning.stream_bytes,
            rows: self.tuning.batch_rows,
            bytes: self.tuning.batch_bytes,
        };
        let asked = self.asked()?;
        let whole = || Table::read(paths).map(Gathered::Whole);
        // To Destatis a 0 is no zero, so digits must be read as they are written.
        if self.options.symbols == Dialect::Destatis {
            return whole();
        }
        let Some(streamed) = Streamed::of(paths, cut) else { return whole() };
        let header = Table::from(streamed.header());
        if Matched::is_long(&header, self.catalog)? {
            return whole();
        }
        let matched = Matched::of_batch(&header, self.catalog, &mut Earlier::default())?;
        let Ok(reading) = self.reading(&matched, &asked) else { return whole() };
        match self.gather(&mut streamed.batches(&matched, &reading.needed), &asked) {
            Ok(Gathered::Summed { collected, .. }) if collected.says_total => whole(),
            // What is not as usual is looked at as a whole, and told or read there.
            Err(error) if matches!(error.code(), "ragged-row" | "not-utf8") => whole(),
            gathered => gathered,
        }
    }
}

//! What a table is read from.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use polars::prelude::DataFrame;
use pyo3::prelude::*;
use zhibiao::state::States;
use zhibiao::{Batches, Error, IndicatorTable, Problem, Query, Table, Watch};

use crate::arrow::{Stream, stream};
use crate::error::Failure;
use crate::files::SourceTable;

/// Files, a table that was read from some, or a function that opens a stream of batches.
#[derive(FromPyObject)]
pub(crate) enum Source {
    Files(Vec<PathBuf>),
    Table(Py<SourceTable>),
    Stream(Py<PyAny>),
}

impl Source {
    /// Opens the stream from its beginning.
    fn open(
        opener: &Py<PyAny>,
        watch: &Watch,
    ) -> Result<impl Iterator<Item = Result<DataFrame, Failure>> + use<>, Failure> {
        let stream = Python::attach(|py| {
            let source = opener.bind(py).call0()?;
            stream(&source)
        })?;
        Ok(Stream::open(stream, watch.clone())?.map(|batch| batch.map_err(Failure::from)))
    }

    /// The answer of a query; a stream is read batch by batch.
    pub(crate) fn answer(
        &self,
        query: &Query<'_>,
        watch: &Watch,
    ) -> Result<IndicatorTable, Failure> {
        match self {
            Self::Files(files) => Ok(query.run_files(files)?),
            Self::Table(table) => Ok(query.run(&table.get().0)?),
            Self::Stream(opener) => streamed(opener, watch, |batches| query.run_batches(batches)),
        }
    }

    /// The states of a query's sums; a stream is read batch by batch.
    pub(crate) fn states(&self, query: &Query<'_>, watch: &Watch) -> Result<States, Failure> {
        match self {
            Self::Files(files) => Ok(query.states_of_files(files)?),
            Self::Table(table) => Ok(query.states(&table.get().0)?),
            Self::Stream(opener) => {
                streamed(opener, watch, |batches| query.states_of_batches(batches))
            }
        }
    }

    /// The table as a whole.
    pub(crate) fn table(&self, watch: &Watch) -> Result<Table, Failure> {
        let opener = match self {
            Self::Files(files) => return Ok(Table::read(files)?),
            Self::Table(table) => return Ok(table.get().0.clone()),
            Self::Stream(opener) => opener,
        };
        let mut whole: Option<DataFrame> = None;
        for batch in Self::open(opener, watch)? {
            let batch = batch?;
            match &mut whole {
                None => whole = Some(batch),
                Some(whole) => {
                    whole.vstack_mut(&batch).map_err(|error| {
                        Failure::Arrow(crate::arrow::Refusal::Malformed(error.to_string()))
                    })?;
                }
            }
        }
        Ok(Table::from(whole.unwrap_or_default()))
    }
}

/// What is made of the batches of a stream.
fn streamed<T>(
    opener: &Py<PyAny>,
    watch: &Watch,
    made: impl FnOnce(Batches<'_>) -> zhibiao::Result<T>,
) -> Result<T, Failure> {
    // The core has no word for what goes wrong here: it is kept, and the run ended.
    let failed = Rc::new(RefCell::new(None));
    let ended = |failed: &RefCell<Option<Failure>>, failure: Failure| -> Error {
        failed.replace(Some(failure));
        Problem::Cancelled {}.into()
    };
    let open = || {
        let batches = Source::open(opener, watch).map_err(|failure| ended(&failed, failure))?;
        let failed = Rc::clone(&failed);
        Ok(batches.map(move |batch| batch.map_err(|failure| ended(&failed, failure))))
    };
    let answer = made(Batches::new(open));
    match failed.take() {
        Some(failure) => Err(failure),
        None => Ok(answer?),
    }
}

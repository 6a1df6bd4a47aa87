//! Tables that stand in a warehouse: statements are run by a function of Python.

use polars::prelude::DataFrame;
use pyo3::prelude::*;
use zhibiao::sql::{ColumnType, Dialect, Pushdown, Relation};
use zhibiao::{Error, Problem, Query, Watch};

use crate::arrow::{Refusal, Stream, stream};
use crate::error::{Failure, raised};

/// A table by dialect, name and columns, and a function that runs a statement.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Warehouse {
    dialect: String,
    name: Vec<String>,
    columns: Vec<(String, String)>,
    run: Py<PyAny>,
}

/// A run of statements, and what went wrong on the Python side: the core has no word for it.
struct Running<'a> {
    dialect: Dialect,
    run: &'a Py<PyAny>,
    watch: &'a Watch,
    failed: Option<Failure>,
}

impl Warehouse {
    /// What a question makes of the table.
    pub(crate) fn ask<T>(
        &self,
        query: &Query<'_>,
        watch: &Watch,
        ask: impl FnOnce(&Query<'_>, &mut dyn zhibiao::sql::Warehouse, &Relation) -> zhibiao::Result<T>,
    ) -> Result<T, Failure> {
        let dialect = self.dialect.parse()?;
        let mut running = Running { dialect, run: &self.run, watch, failed: None };
        let relation = relation(self.name.clone(), self.columns.clone());
        let answer = ask(query, &mut running, &relation);
        match running.failed {
            Some(failure) => Err(failure),
            None => Ok(answer?),
        }
    }
}

impl zhibiao::sql::Warehouse for Running<'_> {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn run(&mut self, statement: &str) -> zhibiao::Result<DataFrame> {
        rows(self.run, statement, self.watch).map_err(|failure| {
            self.failed = Some(failure);
            Error::from(Problem::Cancelled {})
        })
    }
}

fn rows(run: &Py<PyAny>, statement: &str, watch: &Watch) -> Result<DataFrame, Failure> {
    let stream = Python::attach(|py| {
        let answer = run.bind(py).call1((statement,))?;
        stream(&answer)
    })?;
    let mut whole: Option<DataFrame> = None;
    for batch in Stream::open(stream, watch.clone())? {
        let batch = batch?;
        match &mut whole {
            None => whole = Some(batch),
            Some(whole) => {
                whole
                    .vstack_mut(&batch)
                    .map_err(|error| Failure::Arrow(Refusal::Malformed(error.to_string())))?;
            }
        }
    }
    Ok(whole.unwrap_or_default())
}

fn relation(name: Vec<String>, columns: Vec<(String, String)>) -> Relation {
    let columns = columns.into_iter().map(|(name, of)| {
        let of = of.parse::<ColumnType>();
        (name, of.unwrap_or_else(|never| match never {}))
    });
    Relation::new(name, columns)
}

/// A plan over a table that stands elsewhere.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Plan(Pushdown);

#[pymethods]
impl Plan {
    fn text(&self) -> String {
        self.0.plan().to_string()
    }

    fn sql(&self, dialect: &str) -> PyResult<String> {
        raised(dialect.parse().and_then(|dialect| self.0.sql(dialect)))
    }
}

/// The plan of a question over a table of some columns; without any, over one that has all that is
/// needed.
#[pyfunction]
pub(crate) fn plan(
    name: Vec<String>,
    columns: Option<Vec<(String, String)>>,
    catalog: &crate::Catalog,
    areas: &crate::Areas,
    options: crate::Options,
) -> PyResult<Plan> {
    let made = move || {
        let query = options.query(&catalog.0, areas)?;
        let relation = match columns {
            Some(columns) => relation(name, columns),
            None => query.model(name)?,
        };
        query.pushdown(&relation)
    };
    Ok(Plan(raised(made())?))
}

/// The statement that gives the columns of a table.
#[pyfunction]
pub(crate) fn header_sql(dialect: &str, name: Vec<String>) -> PyResult<String> {
    let relation = relation(name, Vec::new());
    raised(dialect.parse().and_then(|dialect| relation.header_sql(dialect)))
}

/// A name and a text as a dialect writes them, so that a test can have engines read them back.
#[pyfunction]
pub(crate) fn written(dialect: &str, name: &str, text: &str) -> PyResult<(String, String)> {
    let written = |dialect: Dialect| Ok((dialect.name(name)?, dialect.text(text)?));
    raised(dialect.parse().and_then(written))
}

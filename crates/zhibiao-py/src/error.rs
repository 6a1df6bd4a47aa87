//! From what can go wrong to exceptions. The classes stand in `zhibiao.errors`.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use zhibiao::{Error, Field, Place, Problem};

use crate::arrow::Refusal;

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    Core(Error),
    Arrow(Refusal),
    Python(PyErr),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Twice(column) => {
                Self::Core(Problem::DuplicateColumn { first: column.clone(), column }.into())
            }
            other => Self::Arrow(other),
        }
    }
}

impl From<PyErr> for Failure {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

impl From<Failure> for PyErr {
    fn from(failure: Failure) -> Self {
        Python::attach(|py| {
            let made = match failure {
                Failure::Python(error) => return error,
                Failure::Core(error) => exception(py, &error),
                Failure::Arrow(refusal) => told(py, refusal),
            };
            made.map_or_else(|error| error, Self::from_value)
        })
    }
}

/// Raises what the core says.
pub(crate) fn raised<T>(result: zhibiao::Result<T>) -> PyResult<T> {
    result.map_err(|error| Failure::Core(error).into())
}

/// The exception of an error, with what it names as data and with the errors beside it.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    let details = PyDict::new(py);
    for (name, field) in error.problem().fields() {
        match field {
            Field::Text(text) => details.set_item(name, text)?,
            Field::Number(number) => details.set_item(name, number)?,
        }
    }
    match error.place() {
        Place::Nowhere => {}
        Place::Text { file, line, column } => {
            details.set_item("file", file)?;
            details.set_item("line", line)?;
            // The header that a problem names stays its `column`.
            let named = details.contains("column")?;
            details.set_item(if named { "position" } else { "column" }, column)?;
        }
        Place::Rows { table, column, rows } => {
            details.set_item("file", table)?;
            details.set_item("column", column)?;
            details.set_item("rows", rows)?;
        }
        Place::Cell { file, sheet, row, column } => {
            if let Some(file) = file {
                details.set_item("file", file)?;
            }
            if let Some(sheet) = sheet {
                details.set_item("sheet", sheet)?;
            }
            if let Some(row) = row {
                details.set_item("row", row)?;
                if file.is_none() {
                    // The header is row 1.
                    details.set_item("index", row.saturating_sub(2))?;
                }
            }
            if let Some(column) = column {
                details.set_item("column", column)?;
            }
        }
    }
    let others = error.others().iter().map(|other| exception(py, other));
    let others = PyList::new(py, others.collect::<PyResult<Vec<_>>>()?)?;
    let class = format!("{:?}Error", error.problem().topic());
    made(
        py,
        &class,
        error.code(),
        &error.to_string(),
        &error.problem().remedy(),
        &details,
        Some(others),
    )
}

fn told(py: Python<'_>, refusal: Refusal) -> PyResult<Bound<'_, PyAny>> {
    let (code, message, remedy) = match refusal {
        Refusal::Malformed(reason) | Refusal::Twice(reason) => (
            "bad-arrow",
            format!("the Arrow data does not follow the specification: {reason}"),
            "write it again with pyarrow or polars; `validate(full=True)` of pyarrow tells more",
        ),
        Refusal::Unexportable(reason) => (
            "unreadable-table",
            format!("the frame cannot be read: {}", reason.lines().next().unwrap_or_default()),
            "give each column values of one type",
        ),
        Refusal::Broken(reason) => (
            "stream-broken",
            format!("the stream of rows broke off: {reason}"),
            "correct what produces it, or collect the table first",
        ),
    };
    made(py, "TableError", code, &format!("{message}; {remedy}"), remedy, &PyDict::new(py), None)
}

/// A defect of this library.
pub(crate) fn internal(py: Python<'_>, reason: &str) -> PyErr {
    let remedy = "report it with what you called; the table is as it was";
    let message = format!("an internal error: {reason}; {remedy}");
    let details = PyDict::new(py);
    let made = made(py, "InternalError", "internal", &message, remedy, &details, None);
    made.map_or_else(|error| error, PyErr::from_value)
}

/// A process that was forked from one that had computed.
pub(crate) fn forked(py: Python<'_>) -> PyErr {
    let remedy =
        "start processes by `spawn` or `forkserver`: the threads of this one stayed behind";
    let message = format!("this process was forked after its parent had computed; {remedy}");
    let details = PyDict::new(py);
    let made = made(py, "ForkedProcessError", "forked", &message, remedy, &details, None);
    made.map_or_else(|error| error, PyErr::from_value)
}

fn made<'py>(
    py: Python<'py>,
    class: &str,
    code: &str,
    message: &str,
    remedy: &str,
    details: &Bound<'py, PyDict>,
    others: Option<Bound<'py, PyList>>,
) -> PyResult<Bound<'py, PyAny>> {
    let classes = py.import("zhibiao.errors")?;
    let options = PyDict::new(py);
    options.set_item("code", code)?;
    options.set_item("remedy", remedy)?;
    options.set_item("details", details)?;
    options.set_item("others", others.unwrap_or_else(|| PyList::empty(py)))?;
    let class = classes.getattr(class).map_err(|_| PyRuntimeError::new_err(message.to_owned()))?;
    class.call((message,), Some(&options))
}

//! Reports that are read.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBytes, PyCapsule};
use zhibiao::grid::decoded;
use zhibiao::prose::{self, Finding, Verdict};
use zhibiao::report::{self, html, markdown, xlsx};
use zhibiao::{Error, Lang, Place, Problem, Result};

use crate::catalog::Catalog;
use crate::error::{exception, raised};
use crate::run::{Progress, run};
use crate::tables::{IndicatorTable, bytes, stream};

/// What was read in a report, and how its figures stand to each other and to a table.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Reading {
    read: prose::Reading,
    findings: Vec<Finding>,
    lang: Lang,
}

/// A report as a file, or as text and the name of it.
#[derive(FromPyObject)]
pub(crate) enum Report {
    Text(String, String),
    File(PathBuf),
}

impl Report {
    /// Its text, and its name for messages.
    fn text(self) -> Result<(String, String)> {
        let path = match self {
            Self::Text(text, name) => return Ok((text, name)),
            Self::File(path) => path,
        };
        let bytes = std::fs::read(&path).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(&path))
        })?;
        let name = path.display().to_string();
        prose::refuse_binary(&bytes, &name)?;
        let (text, _) = decoded(&bytes).map_err(|error| error.at(Place::file(&path)))?;
        Ok((text.into_owned(), name))
    }
}

#[pyfunction]
pub(crate) fn read_report(
    py: Python<'_>,
    report: Report,
    year: Option<u16>,
    catalog: &Catalog,
    lang: &str,
) -> PyResult<Reading> {
    let (catalog, lang) = (catalog.0.clone(), raised(lang.parse())?);
    run(py, &Progress::new(None), move || {
        let (text, name) = report.text()?;
        let read = prose::read(&text, &name, &catalog, prose::Options { year })?;
        let findings = read.audit(None);
        Ok(Reading { read, findings, lang })
    })
}

#[pymethods]
impl Reading {
    fn __len__(&self) -> usize {
        self.read.quantities.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.read.frame())
    }

    /// Claims without digits, as a stream.
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.read.claims_frame())
    }

    /// Numbers that are no quantities, as a stream.
    fn passed_over<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.read.passed_frame())
    }

    /// How figures stand to each other and to a table, as a stream.
    fn audit<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.read.audit_frame(&self.findings))
    }

    /// What is contradicted.
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let errors = self.findings.iter().filter_map(|finding| finding.error.as_ref());
        errors.map(|error| exception(py, error)).collect()
    }

    /// How many figures follow, are contradicted, and cannot be told.
    fn summary(&self) -> (usize, usize, usize) {
        let count =
            |verdict| self.findings.iter().filter(|finding| finding.verdict == verdict).count();
        (count(Verdict::Follows), count(Verdict::Contradicts), count(Verdict::CannotTell))
    }

    /// Ids of the indicators that a table is asked for, to hold the report against it.
    fn indicators(&self, catalog: &Catalog) -> Vec<String> {
        self.read.indicators(&catalog.0)
    }

    /// The same reading, held against a table.
    fn against(&self, py: Python<'_>, table: &IndicatorTable, label: &str) -> PyResult<Self> {
        let read = self.read.clone();
        let known = raised(table.table.known(label))?;
        let findings = py.detach(|| read.audit(Some(&known)));
        Ok(Self { read, findings, lang: self.lang })
    }

    fn lang(&self) -> &'static str {
        self.lang.id()
    }

    fn text(&self, py: Python<'_>) -> String {
        py.detach(|| report::reading(&self.read, &self.findings, self.lang))
    }

    fn markdown(&self, py: Python<'_>) -> String {
        py.detach(|| markdown::reading(&self.read, &self.findings, self.lang))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || xlsx::reading(&self.read, &self.findings, self.lang))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> String {
        py.detach(|| html::reading(&self.read, &self.findings, self.lang, rows))
    }
}

//! Tables that are read from files in more ways than one, and mappings that are proposed for them.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyCapsule};
use zhibiao::mapping::{Mapping, propose_table};
use zhibiao::{Lang, ReadOptions, Table, report};

use crate::catalog::Catalog;
use crate::error::{exception, raised};
use crate::run::{Progress, run};
use crate::tables::stream;

/// A table as its files have it.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct SourceTable(pub(crate) Table);

#[pymethods]
impl SourceTable {
    fn __len__(&self) -> usize {
        self.0.rows()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || Ok(self.0.frame().clone()))
    }

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.0.notes().iter().map(|note| exception(py, note)).collect()
    }

    /// The first findings as lines, and how many more there are.
    fn notes(&self, lang: &str, most: usize) -> PyResult<String> {
        let lang: Lang = raised(lang.parse())?;
        Ok(report::notes(self.0.notes(), lang, most))
    }
}

/// What is said of files beside their names.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct How {
    sheet: Option<String>,
    mapping: Option<Mapped>,
    symbols: Option<String>,
}

/// A mapping as a file, or as text.
#[derive(FromPyObject)]
enum Mapped {
    Text(String, String),
    File(PathBuf),
}

impl How {
    fn options(self, catalog: &zhibiao::Catalog) -> zhibiao::Result<ReadOptions> {
        let mapping = self.mapping.map(|mapping| match mapping {
            Mapped::Text(text, name) => Mapping::parse(&text, &name, catalog),
            Mapped::File(path) => Mapping::load(path, catalog),
        });
        Ok(ReadOptions {
            sheet: self.sheet,
            mapping: mapping.transpose()?.map(|mapping| (mapping, catalog.clone())),
            symbols: self.symbols.map(|symbols| symbols.parse()).transpose()?,
        })
    }
}

#[pyfunction]
pub(crate) fn read_table(
    py: Python<'_>,
    paths: Vec<PathBuf>,
    how: How,
    catalog: &Catalog,
) -> PyResult<SourceTable> {
    let catalog = catalog.0.clone();
    run(py, &Progress::new(None), move || {
        Ok(SourceTable(Table::read_with(paths, &how.options(&catalog)?)?))
    })
}

/// The mapping that the headers of a file suggest, as TOML to edit; the rows of a header are from 1.
#[pyfunction]
pub(crate) fn propose_mapping(
    py: Python<'_>,
    path: PathBuf,
    sheet: Option<String>,
    header: Option<(usize, usize)>,
    catalog: &Catalog,
    lang: &str,
) -> PyResult<String> {
    let (catalog, lang) = (catalog.0.clone(), raised(lang.parse())?);
    let header = header.map(|(first, last)| first.saturating_sub(1)..last);
    run(py, &Progress::new(None), move || {
        let book = Table::book(path)?;
        let (proposal, _) = propose_table(&book, sheet.as_deref(), header, &catalog)?;
        Ok(proposal.toml(lang))
    })
}

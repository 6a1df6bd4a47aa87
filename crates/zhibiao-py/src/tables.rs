//! Answers: exact tables that show themselves as frames, text and HTML.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBytes, PyCapsule, PyDict};
use zhibiao::area::{AreaCode, Areas};
use zhibiao::catalog::Standard;
use zhibiao::judge::Summary;
use zhibiao::report::{self, Format, html, markdown, xlsx};
use zhibiao::table::Selection;
use zhibiao::{Frame, Lang, Result, Watch};

use crate::areas::code;
use crate::arrow::capsule;
use crate::catalog::{Told, standard, told};
use crate::error::{exception, raised};
use crate::run::{Progress, run};
use crate::source::Source;

/// A table of indicators.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct IndicatorTable {
    pub(crate) table: Arc<zhibiao::IndicatorTable>,
    pub(crate) catalog: zhibiao::Catalog,
    pub(crate) areas: Areas,
}

/// Which rows are wanted.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Wanted {
    areas: Vec<String>,
    within: Vec<String>,
    tiers: Vec<String>,
    periods: Vec<String>,
    indicators: Vec<String>,
}

impl Wanted {
    fn selection(self, areas: &Areas) -> Result<Selection> {
        let codes = |texts: &[String]| -> Result<Vec<AreaCode>> {
            texts.iter().map(|text| code(areas, text)).collect()
        };
        Ok(Selection {
            areas: codes(&self.areas)?,
            within: codes(&self.within)?,
            tiers: self.tiers.iter().map(|tier| tier.parse()).collect::<Result<_>>()?,
            periods: self.periods.iter().map(|text| text.parse()).collect::<Result<_>>()?,
            indicators: self.indicators,
        })
    }
}

#[pymethods]
impl IndicatorTable {
    fn __len__(&self) -> usize {
        self.table.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.table.frame())
    }

    fn lang(&self) -> &'static str {
        self.table.lang().id()
    }

    fn indicators(&self) -> Vec<&str> {
        self.table.indicators().map(|indicator| indicator.id.as_str()).collect()
    }

    /// All findings, as a stream.
    fn findings_frame<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.findings_frame())
    }

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.table.findings().iter().map(|finding| exception(py, finding)).collect()
    }

    /// The first findings as lines, and how many more there are.
    fn notes(&self, most: usize) -> String {
        report::notes(self.table.findings(), self.table.lang(), most)
    }

    fn select(&self, py: Python<'_>, wanted: Wanted) -> PyResult<Self> {
        let (catalog, areas) = (self.catalog.clone(), self.areas.clone());
        let selected = py.detach(move || self.table.select(&wanted.selection(&self.areas)?));
        Ok(Self { table: Arc::new(raised(selected)?), catalog, areas })
    }

    fn judge(&self, py: Python<'_>, standard: &str) -> PyResult<VerdictTable> {
        let standard = raised(self.catalog.standard(standard))?;
        let table = py.detach(|| self.table.judge(standard));
        Ok(VerdictTable { table, catalog: self.catalog.clone() })
    }

    /// Of one row everything it stands on, of several the definition of each indicator.
    fn explain(&self) -> PyResult<Vec<Told>> {
        let lang = self.table.lang();
        if let (Some(row), 1) = (self.table.rows().next(), self.table.len()) {
            return Ok(vec![told(&raised(row.explain(&self.catalog))?, lang)]);
        }
        let each = self
            .table
            .indicators()
            .map(|indicator| Ok(told(&raised(self.catalog.explain(&indicator.id))?, lang)));
        each.collect()
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| report::indicators(&self.table)))
    }

    fn markdown(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| markdown::indicators(&self.table)))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<String> {
        raised(py.detach(|| html::indicators(&self.table, rows)))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || xlsx::indicators(&self.table, &self.catalog))
    }
}

/// Verdicts on a standard.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct VerdictTable {
    pub(crate) table: zhibiao::judge::VerdictTable,
    pub(crate) catalog: zhibiao::Catalog,
}

#[pymethods]
impl VerdictTable {
    fn __len__(&self) -> usize {
        self.table.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.table.frame())
    }

    fn lang(&self) -> &'static str {
        self.table.lang().id()
    }

    fn indicators(&self) -> Vec<&str> {
        let standard = self.table.standard();
        let known = |id: &&str| self.catalog.indicator(id).is_ok();
        standard.indicators().into_iter().filter(known).collect()
    }

    /// All findings, as a stream.
    fn findings_frame<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.findings_frame())
    }

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.table.findings().iter().map(|finding| exception(py, finding)).collect()
    }

    fn notes(&self, most: usize) -> String {
        report::notes(self.table.findings(), self.table.lang(), most)
    }

    fn standard<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let asked: &Standard = self.table.standard();
        standard(py, asked, self.table.lang())
    }

    /// Verdicts on rules, as a stream.
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.rules_frame())
    }

    /// What became of criteria and rules from period to period, as a stream.
    fn changes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.changes_frame())
    }

    /// Criteria that are not yet in force, as a stream.
    fn to_come<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.to_come_frame())
    }

    /// How many criteria are met, failed, unknown and do not apply.
    fn summary(&self) -> (usize, usize, usize, usize) {
        let Summary { meets, fails, unknown, not_applicable } = self.table.summary();
        (meets, fails, unknown, not_applicable)
    }

    fn verdict(&self) -> &'static str {
        self.table.verdict().id()
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| report::verdicts(&self.table)))
    }

    fn markdown(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| markdown::verdicts(&self.table)))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<String> {
        raised(py.detach(|| html::verdicts(&self.table, rows)))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || xlsx::verdicts(&self.table, &self.catalog))
    }
}

/// Attainment of targets.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct AttainmentTable {
    pub(crate) table: zhibiao::attainment::AttainmentTable,
    pub(crate) catalog: zhibiao::Catalog,
}

#[pymethods]
impl AttainmentTable {
    fn __len__(&self) -> usize {
        self.table.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.table.frame())
    }

    fn lang(&self) -> &'static str {
        self.table.lang().id()
    }

    /// All findings, as a stream.
    fn findings_frame<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, None, || self.table.findings_frame())
    }

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.table.findings().iter().map(|finding| exception(py, finding)).collect()
    }

    fn notes(&self, most: usize) -> String {
        report::notes(self.table.findings(), self.table.lang(), most)
    }

    /// How many targets are met, are not, cannot be told, and do not apply.
    fn summary(&self) -> (usize, usize, usize, usize) {
        let Summary { meets, fails, unknown, not_applicable } = self.table.summary();
        (meets, fails, unknown, not_applicable)
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| report::attainment(&self.table)))
    }

    fn markdown(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| markdown::attainment(&self.table)))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<String> {
        raised(py.detach(|| html::attainment(&self.table, rows)))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || xlsx::attainment(&self.table, &self.catalog))
    }
}

/// Findings of a check.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct FindingTable(pub(crate) zhibiao::check::FindingTable);

#[pymethods]
impl FindingTable {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.0.frame())
    }

    fn lang(&self) -> &'static str {
        self.0.lang().id()
    }

    fn text(&self, py: Python<'_>) -> String {
        py.detach(|| report::findings(&self.0))
    }

    fn markdown(&self, py: Python<'_>) -> String {
        py.detach(|| markdown::findings(&self.0))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> String {
        py.detach(|| html::findings(&self.0, rows))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || xlsx::findings(&self.0))
    }
}

/// A page that stands alone.
#[pyfunction]
pub(crate) fn page(title: &str, body: &str, lang: &str) -> PyResult<String> {
    Ok(html::page(title, body, raised(lang.parse())?))
}

/// A list of indicators as HTML.
#[pyfunction]
pub(crate) fn listing_html(
    catalog: &crate::catalog::Catalog,
    ids: Vec<String>,
    lang: &str,
    rows: Option<usize>,
) -> PyResult<String> {
    let lang: Lang = raised(lang.parse())?;
    let listed = ids.into_iter().map(|id| catalog.0.indicator(&id));
    let listed = raised(listed.collect::<Result<Vec<_>>>())?;
    Ok(html::listing(&listed, lang, rows))
}

/// The frame as a stream. What schema the consumer would like is not asked: it can cast.
pub(crate) fn stream<'py>(
    py: Python<'py>,
    _requested_schema: Option<&Bound<'py, PyAny>>,
    frame: impl Fn() -> Result<Frame> + Sync,
) -> PyResult<Bound<'py, PyCapsule>> {
    capsule(py, raised(py.detach(&frame))?)
}

/// What a file is to hold.
pub(crate) fn bytes(
    py: Python<'_>,
    made: impl FnOnce() -> Result<Vec<u8>> + Send,
) -> PyResult<Bound<'_, PyBytes>> {
    Ok(PyBytes::new(py, &raised(py.detach(made))?))
}

/// CSV of a frame, and the finding that tells what was changed in it.
#[pyfunction]
pub(crate) fn csv<'py>(
    py: Python<'py>,
    source: Source,
    bom: bool,
    file: &str,
) -> PyResult<(Bound<'py, PyBytes>, Option<Bound<'py, PyAny>>)> {
    let table = run(py, &Progress::new(None), move || source.table(&Watch::default()))?;
    let format = if bom { Format::CsvWithBom } else { Format::Csv };
    let mut text = Vec::new();
    let finding = raised(py.detach(|| format.write(table.frame(), &mut text, file)))?;
    let finding = finding.map(|finding| exception(py, &finding)).transpose()?;
    Ok((PyBytes::new(py, &text), finding))
}

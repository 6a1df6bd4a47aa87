//! Comparisons: what is asked of a table of indicators, and one class for all answers.

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBytes, PyCapsule};
use zhibiao::area::Tier;
use zhibiao::compare::{
    Against, AgainstOptions, Compared, DisparityOptions, Figures, LimitOptions, NeighborOptions,
    RankOptions, StandardPopulation, TrendOptions, Weighting,
};
use zhibiao::period::Before;
use zhibiao::report::{self, html, markdown, xlsx};
use zhibiao::stat::Level;
use zhibiao::{Frame, Lang, Result, Watch};

use crate::areas::{Areas, code};
use crate::error::{exception, raised};
use crate::run::{Progress, run};
use crate::source::Source;
use crate::tables::{IndicatorTable, bytes, stream};

/// A comparison of any kind.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Comparison {
    answer: Box<dyn Answer>,
    catalog: zhibiao::Catalog,
}

/// What all comparisons can do.
pub(crate) trait Answer: Send + Sync {
    fn rows(&self) -> usize;
    fn frame(&self) -> Result<Frame>;
    fn lang(&self) -> Lang;
    fn title(&self) -> &'static str;
    fn text(&self) -> Result<String>;
    fn markdown(&self) -> Result<String>;
    fn html(&self, rows: Option<usize>) -> Result<String>;
    fn xlsx(&self, catalog: &zhibiao::Catalog) -> Result<Vec<u8>>;
}

impl<F: Figures> Answer for Compared<F> {
    fn rows(&self) -> usize {
        self.len()
    }

    fn frame(&self) -> Result<Frame> {
        self.frame()
    }

    fn lang(&self) -> Lang {
        self.lang()
    }

    fn title(&self) -> &'static str {
        self.title()
    }

    fn text(&self) -> Result<String> {
        Ok(report::compared(self))
    }

    fn markdown(&self) -> Result<String> {
        Ok(markdown::compared(self))
    }

    fn html(&self, rows: Option<usize>) -> Result<String> {
        Ok(html::compared(self, rows))
    }

    fn xlsx(&self, catalog: &zhibiao::Catalog) -> Result<Vec<u8>> {
        xlsx::compared(self, catalog)
    }
}

#[pymethods]
impl Comparison {
    fn __len__(&self) -> usize {
        self.answer.rows()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.answer.frame())
    }

    fn lang(&self) -> &'static str {
        self.answer.lang().id()
    }

    fn title(&self) -> &'static str {
        self.answer.title()
    }

    fn text(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| self.answer.text()))
    }

    fn markdown(&self, py: Python<'_>) -> PyResult<String> {
        raised(py.detach(|| self.answer.markdown()))
    }

    fn html(&self, py: Python<'_>, rows: Option<usize>) -> PyResult<String> {
        raised(py.detach(|| self.answer.html(rows)))
    }

    fn xlsx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        bytes(py, || self.answer.xlsx(&self.catalog))
    }
}

impl Comparison {
    /// An answer about a table.
    pub(crate) fn of(table: &IndicatorTable, answer: impl Answer + 'static) -> Self {
        Self { answer: Box::new(answer), catalog: table.catalog.clone() }
    }
}

#[pyfunction]
pub(crate) fn bounds(py: Python<'_>, table: &IndicatorTable) -> PyResult<Comparison> {
    answered(py, table, || table.table.bounds())
}

/// Levels and methods of limits.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Limits {
    levels: Vec<f64>,
    proportion: String,
    count: String,
}

impl Limits {
    fn options(self) -> Result<LimitOptions> {
        Ok(LimitOptions {
            levels: levels(&self.levels)?,
            proportion: self.proportion.parse()?,
            count: self.count.parse()?,
        })
    }
}

/// What a table is compared with.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Reference {
    what: String,
    area: Option<String>,
    target: Option<String>,
    periods_before: Option<u16>,
    years_before: Option<u16>,
}

impl Reference {
    fn against(self, areas: &zhibiao::area::Areas) -> Result<Against> {
        Ok(match (self.what.as_str(), &self.area, &self.target) {
            ("parent", ..) => Against::Parent,
            ("area", Some(area), _) => Against::Area(code(areas, area)?),
            ("target", _, Some(target)) => Against::Target(target.parse()?),
            ("past", ..) => Against::Past(before(self.periods_before, self.years_before)),
            _ => Against::Nation,
        })
    }
}

/// So many years, else so many periods, else one.
fn before(periods: Option<u16>, years: Option<u16>) -> Before {
    years.map_or(Before::Periods(periods.unwrap_or(1)), Before::Years)
}

pub(crate) fn levels(given: &[f64]) -> Result<Vec<Level>> {
    given.iter().map(|level| Level::new(*level)).collect()
}

fn tier(within: Option<&str>) -> Result<Option<Tier>> {
    within.map(str::parse).transpose()
}

/// The answer of some work on a table.
fn answered<F: Figures>(
    py: Python<'_>,
    table: &IndicatorTable,
    work: impl FnOnce() -> Result<Compared<F>> + Send,
) -> PyResult<Comparison> {
    raised(py.detach(work)).map(|answer| Comparison::of(table, answer))
}

#[pyfunction]
pub(crate) fn limits(py: Python<'_>, table: &IndicatorTable, how: Limits) -> PyResult<Comparison> {
    answered(py, table, || table.table.limits(&how.options()?))
}

#[pyfunction]
pub(crate) fn ranks(
    py: Python<'_>,
    table: &IndicatorTable,
    ties: &str,
    bands: usize,
    method: &str,
    within: Option<&str>,
) -> PyResult<Comparison> {
    answered(py, table, || {
        let (ties, method, within) = (ties.parse()?, method.parse()?, tier(within)?);
        table.table.ranks(&RankOptions { ties, bands, method, within })
    })
}

#[pyfunction]
pub(crate) fn against(
    py: Python<'_>,
    table: &IndicatorTable,
    reference: Reference,
    how: Limits,
    by: &str,
) -> PyResult<Comparison> {
    answered(py, table, || {
        let how = AgainstOptions { limits: how.options()?, by: by.parse()? };
        table.table.against(reference.against(&table.areas)?, &how)
    })
}

#[pyfunction]
pub(crate) fn disparity(
    py: Python<'_>,
    table: &IndicatorTable,
    within: &str,
    weighted: bool,
    share: f64,
    order: Option<String>,
    level: Option<f64>,
) -> PyResult<Comparison> {
    answered(py, table, || {
        table.table.disparity(&DisparityOptions {
            within: within.parse()?,
            weighting: if weighted { Weighting::Denominator } else { Weighting::Equal },
            share,
            order,
            level: level.map(Level::new).transpose()?,
        })
    })
}

#[pyfunction]
pub(crate) fn gaps(
    py: Python<'_>,
    table: &IndicatorTable,
    dimension: &str,
    first: &str,
    second: &str,
) -> PyResult<Comparison> {
    answered(py, table, || table.table.gaps(dimension, first, second))
}

#[pyfunction]
pub(crate) fn trends(
    py: Python<'_>,
    table: &IndicatorTable,
    points: usize,
    level: f64,
    periods_before: Option<u16>,
    years_before: Option<u16>,
) -> PyResult<Comparison> {
    answered(py, table, || {
        let before = before(periods_before, years_before);
        table.table.trends(&TrendOptions { points, before, level: Level::new(level)? })
    })
}

#[pyfunction]
pub(crate) fn standardized(
    py: Python<'_>,
    table: &IndicatorTable,
    standard: Vec<(Vec<String>, f64)>,
    how: Limits,
) -> PyResult<Comparison> {
    answered(py, table, || {
        let standard = StandardPopulation::new(standard)?;
        table.table.standardized(&standard, &how.options()?)
    })
}

#[pyfunction]
pub(crate) fn indirect(
    py: Python<'_>,
    table: &IndicatorTable,
    reference: &str,
    how: Limits,
) -> PyResult<Comparison> {
    answered(py, table, || table.table.indirect(code(&table.areas, reference)?, &how.options()?))
}

#[pyfunction]
pub(crate) fn peers(
    py: Python<'_>,
    table: &IndicatorTable,
    neighbors: &Neighbors,
) -> PyResult<Comparison> {
    answered(py, table, || table.table.peers(&neighbors.0))
}

/// Which areas are alike.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Neighbors(pub(crate) zhibiao::compare::Neighbors);

#[pymethods]
impl Neighbors {
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

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.0.findings().iter().map(|finding| exception(py, finding)).collect()
    }
}

#[pyfunction]
pub(crate) fn neighbors(
    py: Python<'_>,
    table: &IndicatorTable,
    indicators: Vec<(String, f64)>,
    count: usize,
    period: Option<&str>,
) -> PyResult<Neighbors> {
    let found = py.detach(|| {
        let period = period.map(str::parse).transpose()?;
        table.table.neighbors(&NeighborOptions { indicators, count, period })
    });
    raised(found).map(Neighbors)
}

#[pyfunction]
pub(crate) fn given_neighbors(py: Python<'_>, pairs: Source, areas: &Areas) -> PyResult<Neighbors> {
    let areas = areas.table.clone();
    run(py, &Progress::new(None), move || {
        let table = pairs.table(&Watch::default())?;
        Ok(Neighbors(zhibiao::compare::Neighbors::read(table, &areas)?))
    })
}

//! States: exact sums that are kept, merged and finished later.

use pyo3::prelude::*;
use pyo3::types::{PyAny, PyCapsule};
use zhibiao::area::Areas;
use zhibiao::{Query, Watch};

use crate::error::{exception, raised};
use crate::options::Options;
use crate::run::{Progress, run};
use crate::source::Source;
use crate::tables::{IndicatorTable, stream};
use crate::warehouse::Warehouse;

/// Exact sums by key.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct States {
    made: zhibiao::state::States,
    catalog: zhibiao::Catalog,
    areas: Areas,
}

/// Where rows come from.
#[derive(FromPyObject)]
pub(crate) enum Rows {
    // First: any object could be what opens a stream.
    Elsewhere(Warehouse),
    Here(Source),
}

#[pymethods]
impl States {
    fn __len__(&self) -> usize {
        self.made.len()
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        stream(py, requested_schema, || self.made.frame(&self.catalog))
    }

    fn plan(&self) -> String {
        self.made.plan().to_string()
    }

    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.made.findings().iter().map(|finding| exception(py, finding)).collect()
    }

    /// The table of the states.
    fn finish(
        &self,
        py: Python<'_>,
        options: Options,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<IndicatorTable> {
        let progress = Progress::new(progress);
        let (states, catalog) = (self.made.clone(), self.catalog.clone());
        let (areas, watch) = (self.areas.clone(), progress.watch.clone());
        run(py, &progress, move || {
            let query = options.query(&catalog, &areas.clone().into())?.watch(&watch);
            let table = std::sync::Arc::new(query.finish(&states)?);
            Ok(IndicatorTable { table, catalog, areas })
        })
    }

    /// The states of several disjoint tables; keys that stand in more than one are refused unless
    /// they may overlap.
    fn merged(&self, others: Vec<PyRef<'_, Self>>, overlap: bool) -> PyResult<Self> {
        let mut made = self.made.clone();
        for other in others {
            let both = raised(made.merge(&other.made))?;
            if !overlap {
                raised(made.refuse_overlap(&other.made))?;
            }
            made = both;
        }
        Ok(Self { made, catalog: self.catalog.clone(), areas: self.areas.clone() })
    }
}

/// The states of rows.
#[pyfunction]
pub(crate) fn states(
    py: Python<'_>,
    rows: Rows,
    catalog: &crate::Catalog,
    areas: &crate::Areas,
    options: Options,
    progress: Option<Py<PyAny>>,
) -> PyResult<States> {
    let progress = Progress::new(progress);
    let (catalog, areas) = (catalog.0.clone(), areas.clone());
    let watch = progress.watch.clone();
    run(py, &progress, move || {
        let query = options.query(&catalog, &areas)?.watch(&watch);
        let made = match &rows {
            Rows::Here(source) => source.states(&query, &watch)?,
            Rows::Elsewhere(warehouse) => {
                warehouse.ask(&query, &watch, |query, warehouse, relation| {
                    query.states_in(warehouse, relation)
                })?
            }
        };
        Ok(States { made, catalog, areas: areas.table })
    })
}

/// States that were kept as a frame.
#[pyfunction]
pub(crate) fn kept_states(
    py: Python<'_>,
    source: Source,
    catalog: &crate::Catalog,
    areas: &crate::Areas,
) -> PyResult<States> {
    let (catalog, areas) = (catalog.0.clone(), areas.table.clone());
    run(py, &Progress::new(None), move || {
        let table = source.table(&Watch::default())?;
        let made = Query::new(&catalog).areas(areas.clone()).kept_states(table.frame())?;
        Ok(States { made, catalog, areas })
    })
}

//! The extension module `zhibiao._native`: extract, release the interpreter, one core call, map the
//! error. What users see, with its documentation, stands in `python/zhibiao`.

mod areas;
mod arrow;
mod catalog;
mod comparison;
mod error;
mod files;
mod options;
mod prose;
mod quantity;
mod run;
mod score;
mod source;
mod stat;
mod states;
mod tables;
mod warehouse;

use std::sync::Arc;

use pyo3::prelude::*;
use zhibiao::Watch;
use zhibiao::check::Check;

use crate::areas::Areas;
use crate::catalog::Catalog;
use crate::error::{Failure, raised};
use crate::options::Options;
use crate::run::{Progress, run};
use crate::source::Source;
use crate::states::Rows;
use crate::tables::{AttainmentTable, FindingTable, IndicatorTable, VerdictTable};

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{
        Areas, AttainmentTable, Catalog, FindingTable, IndicatorTable, VerdictTable, attain, check,
        compute, judge, panic, round_trip,
    };
    #[pymodule_export]
    use crate::areas::translate;
    #[pymodule_export]
    use crate::comparison::{
        Comparison, Neighbors, against, bounds, disparity, gaps, given_neighbors, indirect, limits,
        neighbors, peers, ranks, standardized, trends,
    };
    #[pymodule_export]
    use crate::files::{SourceTable, propose_mapping, read_table};
    #[pymodule_export]
    use crate::prose::{Reading, read_report};
    #[pymodule_export]
    use crate::quantity::{numerator_of, quantity};
    #[pymodule_export]
    use crate::run::wait;
    #[pymodule_export]
    use crate::score::{Scheme, score, sensitivity, without_each};
    #[pymodule_export]
    use crate::stat::{
        annual_growth, bands, count_limits, decompose, direct_rate, funnel_limits, gradient,
        indirect_ratio, inequality, mean_limits, parity, places, proportion_limits, quantile,
        summary, trend,
    };
    #[pymodule_export]
    use crate::states::{States, kept_states, states};
    #[pymodule_export]
    use crate::tables::{csv, listing_html, page};
    #[pymodule_export]
    use crate::warehouse::{Plan, header_sql, plan, written};
}

#[pyfunction]
fn compute(
    py: Python<'_>,
    rows: Rows,
    catalog: &Catalog,
    areas: &Areas,
    options: Options,
    progress: Option<Py<PyAny>>,
) -> PyResult<IndicatorTable> {
    let progress = Progress::new(progress);
    let (catalog, areas) = (catalog.0.clone(), areas.clone());
    let watch = progress.watch.clone();
    run(py, &progress, move || {
        let query = options.query(&catalog, &areas)?.watch(&watch);
        let table = match &rows {
            Rows::Here(source) => source.answer(&query, &watch)?,
            Rows::Elsewhere(warehouse) => {
                warehouse.ask(&query, &watch, |query, warehouse, relation| {
                    query.run_in(warehouse, relation)
                })?
            }
        };
        Ok(IndicatorTable { table: Arc::new(table), catalog, areas: areas.table })
    })
}

#[pyfunction]
fn judge(
    py: Python<'_>,
    sources: Vec<Source>,
    standard: String,
    catalog: &Catalog,
    areas: &Areas,
    options: Options,
    progress: Option<Py<PyAny>>,
) -> PyResult<VerdictTable> {
    let progress = Progress::new(progress);
    let (catalog, areas) = (catalog.0.clone(), areas.clone());
    let watch = progress.watch.clone();
    run(py, &progress, move || {
        let query = options.query(&catalog, &areas)?.watch(&watch);
        let tables = sources.iter().map(|source| source.table(&watch));
        let tables = tables.collect::<Result<Vec<_>, Failure>>()?;
        let table = query.judge_all(tables, catalog.standard(&standard)?)?;
        Ok(VerdictTable { table, catalog })
    })
}

#[pyfunction]
fn attain(
    py: Python<'_>,
    source: Source,
    targets: Source,
    catalog: &Catalog,
    areas: &Areas,
    options: Options,
    progress: Option<Py<PyAny>>,
) -> PyResult<AttainmentTable> {
    let progress = Progress::new(progress);
    let (catalog, areas) = (catalog.0.clone(), areas.clone());
    let watch = progress.watch.clone();
    run(py, &progress, move || {
        let query = options.query(&catalog, &areas)?.watch(&watch);
        let (table, targets) = (source.table(&watch)?, targets.table(&watch)?);
        let table = query.attain(table, targets)?;
        Ok(AttainmentTable { table, catalog })
    })
}

#[pyfunction]
fn check(
    py: Python<'_>,
    source: Source,
    catalog: &Catalog,
    areas: &Areas,
    rows: (bool, String),
    lang: &str,
    progress: Option<Py<PyAny>>,
) -> PyResult<FindingTable> {
    let (records, symbols) = rows;
    let symbols = raised(symbols.parse())?;
    let lang = raised(lang.parse())?;
    let progress = Progress::new(progress);
    let (catalog, areas) = (catalog.0.clone(), areas.table.clone());
    let watch = progress.watch.clone();
    run(py, &progress, move || {
        let check = Check::new(&catalog).areas(areas).records(records);
        let check = check.symbols(symbols).lang(lang).watch(&watch);
        Ok(FindingTable(check.run(source.table(&watch)?)?))
    })
}

/// Takes a frame in and gives it out again, so that a test can see that nothing is copied.
#[pyfunction]
fn round_trip(py: Python<'_>, source: Source) -> PyResult<Bound<'_, PyAny>> {
    let table = run(py, &Progress::new(None), move || source.table(&Watch::default()))?;
    Ok(arrow::capsule(py, table.frame().clone())?.into_any())
}

/// Panics, so that a test can see what becomes of it.
#[pyfunction]
fn panic(py: Python<'_>) -> PyResult<()> {
    run(py, &Progress::new(None), || -> Result<(), error::Failure> { panic!("on purpose") })
}

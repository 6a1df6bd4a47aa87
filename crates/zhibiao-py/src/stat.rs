//! Statistics of plain numbers.

#![expect(clippy::needless_pass_by_value, reason = "arguments are made of Python objects")]

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use rayon::prelude::*;
use zhibiao::number::Decimal;
use zhibiao::stat::{self, BandMethod, Level, Limits, QuantileMethod, Theil, Ties};
use zhibiao::{Error, Frame, Problem, Result};

use crate::arrow::capsule;
use crate::comparison::levels;
use crate::error::raised;
use crate::run::{Progress, run};
use crate::source::Source;

/// Rows that a thread takes at a time.
const CHUNK: usize = 65_536;

type Figure = HashMap<&'static str, Option<f64>>;

/// A rate and its limits.
type Direct = (f64, Option<f64>, Option<f64>);

/// Observed, expected, their quotient and its limits.
type Indirect = (f64, f64, f64, Option<f64>, Option<f64>);

/// Limits of each row of a frame of numbers, at each level.
fn each(
    py: Python<'_>,
    frame: Source,
    levels_given: Vec<f64>,
    of: impl Fn(&[f64], Level) -> Option<Limits> + Send + Sync + 'static,
) -> PyResult<Bound<'_, PyCapsule>> {
    let limited = run(py, &Progress::new(None), move || {
        let levels = levels(&levels_given)?;
        let table = frame.table(&zhibiao::Watch::default())?;
        Ok(limits(table.frame(), &levels, &of)?)
    })?;
    capsule(py, limited)
}

fn limits(
    frame: &Frame,
    levels: &[Level],
    of: &(impl Fn(&[f64], Level) -> Option<Limits> + Sync),
) -> Result<DataFrame> {
    let refused = |error: polars::prelude::PolarsError| -> Error {
        Problem::UnreadableTable { reason: error.to_string() }.into()
    };
    let columns: Vec<Vec<f64>> = frame
        .columns()
        .iter()
        .map(|column| {
            let floats = column.cast(&polars::prelude::DataType::Float64).map_err(refused)?;
            let floats = floats.f64().map_err(refused)?;
            Ok(floats.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
        })
        .collect::<Result<_>>()?;
    let rows = columns.first().map_or(0, Vec::len);
    let mut told: Vec<f64> = Vec::new();
    let (mut lower, mut upper) = (Vec::new(), Vec::new());
    for level in levels {
        let mut found: Vec<Option<Limits>> = vec![None; rows];
        found.par_chunks_mut(CHUNK).zip((0..rows).into_par_iter().step_by(CHUNK)).for_each(
            |(chunk, start)| {
                let mut row = vec![0.0; columns.len()];
                for (at, place) in (start..).zip(chunk) {
                    for (cell, column) in row.iter_mut().zip(&columns) {
                        *cell = column.get(at).copied().unwrap_or(f64::NAN);
                    }
                    *place = of(&row, *level);
                }
            },
        );
        told.extend(found.iter().map(|_| level.level()));
        lower.extend(found.iter().map(|limits| limits.map(|limits| limits.lower)));
        upper.extend(found.iter().map(|limits| limits.map(|limits| limits.upper)));
    }
    DataFrame::new_infer_height(vec![
        Column::new("level".into(), told),
        Column::new("lower".into(), lower),
        Column::new("upper".into(), upper),
    ])
    .map_err(refused)
}

#[pyfunction]
pub(crate) fn proportion_limits<'py>(
    py: Python<'py>,
    frame: Source,
    levels: Vec<f64>,
    method: &str,
) -> PyResult<Bound<'py, PyCapsule>> {
    let method = raised(method.parse())?;
    each(py, frame, levels, move |row, level| match row {
        [x, n] => stat::proportion_limits(*x, *n, level, method),
        _ => None,
    })
}

#[pyfunction]
pub(crate) fn count_limits<'py>(
    py: Python<'py>,
    frame: Source,
    levels: Vec<f64>,
    method: &str,
) -> PyResult<Bound<'py, PyCapsule>> {
    let method = raised(method.parse())?;
    each(py, frame, levels, move |row, level| match row {
        [x] => stat::count_limits(*x, level, method),
        _ => None,
    })
}

#[pyfunction]
pub(crate) fn mean_limits(
    py: Python<'_>,
    frame: Source,
    levels: Vec<f64>,
) -> PyResult<Bound<'_, PyCapsule>> {
    each(py, frame, levels, |row, level| match row {
        [mean, sd, n] => stat::mean_limits(*mean, *sd, *n, level),
        _ => None,
    })
}

#[pyfunction]
pub(crate) fn funnel_limits<'py>(
    py: Python<'py>,
    frame: Source,
    levels: Vec<f64>,
    of: &str,
) -> PyResult<Bound<'py, PyCapsule>> {
    let share = of == "share";
    each(py, frame, levels, move |row, level| match row {
        [target, n] if share => stat::funnel_of_share(*target, *n, level),
        [target, n] => stat::funnel_of_rate(*target, *n, level),
        _ => None,
    })
}

/// Count, population and weight of each stratum.
#[pyfunction]
pub(crate) fn direct_rate(
    strata: Vec<(f64, f64, f64)>,
    level: f64,
    method: &str,
) -> PyResult<Option<Direct>> {
    let strata = strata.into_iter();
    let strata = strata
        .map(|(count, population, weight)| stat::Stratum { count, population, weight })
        .collect::<Vec<_>>();
    let found = stat::direct_rate(&strata, raised(Level::new(level))?, raised(method.parse())?);
    Ok(found.map(|found| {
        let limits = found.limits;
        (found.value, limits.map(|limits| limits.lower), limits.map(|limits| limits.upper))
    }))
}

/// Count and population of each stratum, and of the reference.
#[pyfunction]
pub(crate) fn indirect_ratio(
    strata: Vec<(f64, f64, f64, f64)>,
    level: f64,
    method: &str,
) -> PyResult<Option<Indirect>> {
    let strata = strata.into_iter();
    let strata = strata
        .map(|(count, population, reference_count, reference_population)| stat::Reference {
            count,
            population,
            reference_count,
            reference_population,
        })
        .collect::<Vec<_>>();
    let found = stat::indirect_ratio(&strata, raised(Level::new(level))?, raised(method.parse())?);
    Ok(found.map(|found| {
        let limits = found.ratio.limits;
        let (lower, upper) = (limits.map(|limits| limits.lower), limits.map(|limits| limits.upper));
        (found.observed, found.expected, found.ratio.value, lower, upper)
    }))
}

#[pyfunction]
pub(crate) fn places(values: Vec<f64>, high: bool, ties: &str) -> PyResult<Vec<f64>> {
    let ties: Ties = raised(ties.parse())?;
    let values = unsigned(values);
    let order = |a: &f64, b: &f64| if high { b.total_cmp(a) } else { a.total_cmp(b) };
    Ok(stat::places(&values, order, ties).into_iter().map(|place| place.rank).collect())
}

#[pyfunction]
pub(crate) fn quantile(values: Vec<f64>, at: f64, method: &str) -> PyResult<Option<f64>> {
    let method: QuantileMethod = raised(method.parse())?;
    let mut values = unsigned(values);
    values.sort_by(f64::total_cmp);
    Ok(stat::quantile(&values, at, method))
}

#[pyfunction]
pub(crate) fn bands(
    values: Vec<f64>,
    bands: usize,
    high: bool,
    method: &str,
) -> PyResult<Option<Vec<usize>>> {
    let method: BandMethod = raised(method.parse())?;
    Ok(stat::bands(&unsigned(values), f64::total_cmp, high, bands, method))
}

/// Zeros without their sign, which order would see.
fn unsigned(values: Vec<f64>) -> Vec<f64> {
    values.into_iter().map(|value| value + 0.0).collect()
}

#[pyfunction]
pub(crate) fn inequality(values: Vec<f64>, weights: Vec<f64>, share: f64) -> Figure {
    let (x, w) = (values.as_slice(), weights.as_slice());
    HashMap::from([
        ("mean", stat::weighted_mean(x, w)),
        ("deviation", stat::weighted_deviation(x, w)),
        ("cv", stat::coefficient_of_variation(x, w)),
        ("gini", stat::gini(x, w)),
        ("theil_t", stat::theil_t(x, w)),
        ("theil_l", stat::theil_l(x, w)),
        ("mean_gap", stat::mean_gap(x, w)),
        ("top_to_bottom", stat::top_to_bottom(x, w, share)),
    ])
}

/// Total, parts between and part within.
#[pyfunction]
pub(crate) fn decompose(
    values: Vec<f64>,
    weights: Vec<f64>,
    levels: Vec<Vec<usize>>,
    is_t: bool,
) -> Option<(f64, Vec<f64>, f64)> {
    let index = if is_t { Theil::T } else { Theil::L };
    let found = stat::decompose(index, &values, &weights, &levels)?;
    Some((found.total, found.between, found.within))
}

#[pyfunction]
pub(crate) fn gradient(
    values: Vec<f64>,
    weights: Vec<f64>,
    order: Vec<f64>,
    level: f64,
) -> PyResult<Figure> {
    let found = stat::gradient(&values, &weights, &order, raised(Level::new(level))?);
    let slope = found.and_then(|found| found.slope_limits);
    let relative = found.and_then(|found| found.relative_limits);
    Ok(HashMap::from([
        ("slope", found.map(|found| found.slope)),
        ("slope_lower", slope.map(|limits| limits.lower)),
        ("slope_upper", slope.map(|limits| limits.upper)),
        ("relative", found.and_then(|found| found.relative)),
        ("relative_lower", relative.map(|limits| limits.lower)),
        ("relative_upper", relative.map(|limits| limits.upper)),
    ]))
}

#[pyfunction]
pub(crate) fn parity(first: f64, second: f64) -> Figure {
    let index = stat::parity(first, second);
    HashMap::from([("index", index), ("adjusted", index.and_then(stat::adjusted_parity))])
}

#[pyfunction]
pub(crate) fn trend(times: Vec<f64>, first: Vec<f64>, second: Vec<f64>, of_counts: bool) -> Figure {
    let found = if of_counts {
        stat::chi_square_trend(&times, &first, &second)
    } else {
        stat::weighted_trend(&times, &first, &second)
    };
    HashMap::from([
        ("slope", found.map(|found| found.slope)),
        ("statistic", found.map(|found| found.statistic)),
        ("p", found.map(|found| found.p)),
    ])
}

#[pyfunction]
pub(crate) fn annual_growth(first: f64, last: f64, years: f64) -> Option<f64> {
    stat::annual_growth(first, last, years)
}

/// Number, mean, standard deviation and autocorrelation of decimals.
#[pyfunction]
pub(crate) fn summary(
    py: Python<'_>,
    values: Vec<String>,
) -> PyResult<(usize, f64, Option<f64>, Option<f64>)> {
    let found = py.detach(|| -> Result<_> {
        let values = values.iter().map(|value| value.parse::<Decimal>());
        let found = stat::summary(&values.collect::<Result<Vec<_>>>()?)?;
        let deviation = found.deviation.as_ref().map(zhibiao::number::Root::to_f64);
        let autocorrelation = found.autocorrelation.map(zhibiao::number::Ratio::to_f64);
        Ok((found.n, found.mean.to_f64(), deviation, autocorrelation))
    });
    raised(found)
}

//! Evaluation systems, and the scores that they give.

use std::path::PathBuf;

use pyo3::prelude::*;
use zhibiao::report::{self, html, markdown, xlsx};
use zhibiao::score::{Choices, RemovalTable, ScoreTable, SensitivityTable};
use zhibiao::{Frame, Lang, Result};

use crate::catalog::Catalog;
use crate::comparison::{Answer, Comparison};
use crate::error::raised;
use crate::tables::IndicatorTable;

/// What is scored, how, and with which weights.
#[pyclass(frozen, module = "zhibiao._native")]
pub(crate) struct Scheme(zhibiao::score::Scheme);

/// Path, name, level, weight and indicator of a node.
type Node = (String, String, usize, f64, Option<String>);

#[pymethods]
impl Scheme {
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf, catalog: &Catalog) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::score::Scheme::load(path, &catalog.0))).map(Self)
    }

    #[staticmethod]
    fn parse(py: Python<'_>, text: &str, file: &str, catalog: &Catalog) -> PyResult<Self> {
        raised(py.detach(|| zhibiao::score::Scheme::parse(text, file, &catalog.0))).map(Self)
    }

    fn id(&self) -> &str {
        &self.0.id
    }

    fn name(&self, lang: &str) -> PyResult<&str> {
        Ok(self.0.name.text(raised(lang.parse())?))
    }

    fn indicators(&self) -> Vec<&str> {
        self.0.indicators().collect()
    }

    fn nodes(&self, lang: &str) -> PyResult<Vec<Node>> {
        let lang: Lang = raised(lang.parse())?;
        let nodes = self.0.nodes().map(|node| {
            let indicator = node.indicator().map(|indicator| indicator.id.clone());
            let name = node.name.text(lang).to_owned();
            (node.path.clone(), name, node.level, node.weight.to_f64(), indicator)
        });
        Ok(nodes.collect())
    }
}

macro_rules! answers {
    ($($table:ident $show:ident $xlsx:expr, $zh:literal $en:literal;)*) => {$(
        impl Answer for $table {
            fn rows(&self) -> usize {
                self.rows().count()
            }

            fn frame(&self) -> Result<Frame> {
                self.frame()
            }

            fn lang(&self) -> Lang {
                self.lang()
            }

            fn title(&self) -> &'static str {
                self.lang().of($zh, $en)
            }

            fn text(&self) -> Result<String> {
                report::$show(self)
            }

            fn markdown(&self) -> Result<String> {
                markdown::$show(self)
            }

            fn html(&self, rows: Option<usize>) -> Result<String> {
                html::$show(self, rows)
            }

            fn xlsx(&self, catalog: &zhibiao::Catalog) -> Result<Vec<u8>> {
                ($xlsx)(self, catalog)
            }
        }
    )*};
}

answers! {
    ScoreTable scores xlsx::scores, "评价得分" "Scores";
    RemovalTable removals xlsx::removals, "去指标分析" "Without each indicator";
    SensitivityTable sensitivity |table, _| xlsx::sensitivity(table), "敏感性分析" "Sensitivity";
}

#[pyfunction]
pub(crate) fn score(
    py: Python<'_>,
    table: &IndicatorTable,
    scheme: &Scheme,
) -> PyResult<Comparison> {
    raised(py.detach(|| table.table.score(&scheme.0))).map(|found| Comparison::of(table, found))
}

#[pyfunction]
pub(crate) fn without_each(
    py: Python<'_>,
    table: &IndicatorTable,
    scheme: &Scheme,
) -> PyResult<Comparison> {
    let found = py.detach(|| table.table.without_each(&scheme.0));
    raised(found).map(|found| Comparison::of(table, found))
}

/// What is drawn in replays.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Drawn {
    draws: u32,
    seed: u64,
    weights: f64,
    aggregates: Vec<String>,
    relatives: Vec<String>,
    missing: Vec<String>,
}

#[pyfunction]
pub(crate) fn sensitivity(
    py: Python<'_>,
    table: &IndicatorTable,
    scheme: &Scheme,
    drawn: Drawn,
) -> PyResult<Comparison> {
    let found = py.detach(move || {
        let choices = Choices {
            draws: drawn.draws,
            seed: drawn.seed,
            weights: drawn.weights,
            aggregates: words(drawn.aggregates)?,
            relatives: words(drawn.relatives)?,
            missing: words(drawn.missing)?,
        };
        table.table.sensitivity(&scheme.0, &choices)
    });
    raised(found).map(|found| Comparison::of(table, found))
}

fn words<T: std::str::FromStr<Err = zhibiao::Error>>(given: Vec<String>) -> Result<Vec<T>> {
    given.into_iter().map(|word| word.parse()).collect()
}

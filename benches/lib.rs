//! Tables that benches are run on: the made-up national panel in several sizes and orders.

use polars::prelude::{
    BooleanChunked, Categories, Column, DataFrame, DataType, IdxCa, IdxSize, NewChunkedArray,
};
use zhibiao::catalog::{Catalog, Kind};
use zhibiao::{Query, area::Tier};
use zhibiao_examples::Panel;

/// The tiers that are rolled up to.
pub const FOUR_TIERS: [Tier; 4] = [Tier::Nation, Tier::Province, Tier::Prefecture, Tier::County];

/// How many rows a panel has: 2,850 areas in some years with some schools each.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// What it is called.
    pub name: &'static str,
    years: u16,
    schools: u32,
}

/// Three thousand rows.
pub const COUNTIES: Size = Size { name: "3 k", years: 1, schools: 1 };
/// Three hundred thousand rows.
pub const SOME_SCHOOLS: Size = Size { name: "300 k", years: 5, schools: 21 };
/// Six million rows.
pub const ALL_SCHOOLS: Size = Size { name: "6 M", years: 20, schools: 100 };
/// Fifty million rows, which need ten gigabytes.
pub const LARGE: Size = Size { name: "50 M", years: 20, schools: 877 };

/// All sizes; the largest only where `ZHIBIAO_BENCH_LARGE` is set.
#[must_use]
pub fn sizes() -> Vec<Size> {
    let large = std::env::var_os("ZHIBIAO_BENCH_LARGE").map(|_| LARGE);
    [COUNTIES, SOME_SCHOOLS, ALL_SCHOOLS].into_iter().chain(large).collect()
}

impl Size {
    /// About as many million rows, of all areas in 20 years.
    #[must_use]
    pub const fn of_millions(millions: u32) -> Self {
        // 57,000 rows a school.
        Self { name: "some millions", years: 20, schools: millions.saturating_mul(1000) / 57 }
    }

    /// The panel, sorted by area and period, its ownership as a category.
    #[must_use]
    pub fn panel(self) -> DataFrame {
        let panel = Panel { years: self.years, schools: self.schools, seed: 2023 };
        let mut frame = panel.frame().expect("the panel");
        let categories = DataType::from_categories(Categories::global());
        let ownership = frame.column("ownership").and_then(|texts| texts.cast(&categories));
        frame.with_column(ownership.expect("texts are categories")).expect("as many rows");
        frame
    }
}

/// Rows in an order that a prime step makes.
#[must_use]
pub fn shuffled(frame: &DataFrame) -> DataFrame {
    let rows = frame.height();
    let order = (0..rows).map(|row| IdxSize::try_from(row * 1_000_003 % rows).expect("an index"));
    frame.take(&IdxCa::from_iter_values("order".into(), order)).expect("indices are in range")
}

/// A tenth of the figures of each measure missing, in other rows for each.
#[must_use]
pub fn with_nulls(frame: &DataFrame) -> DataFrame {
    let rows = frame.height();
    let keys = ["area", "period", "school", "ownership"];
    let column = |(at, column): (usize, &Column)| {
        if keys.contains(&column.name().as_str()) {
            return column.clone();
        }
        let missing = (0..rows).map(|row| (row * 7_919 + at * 104_729) % 1_000 < 100);
        let missing = BooleanChunked::from_iter_values("missing".into(), missing);
        let nulls = Column::full_null(column.name().clone(), 1, column.dtype());
        nulls.zip_with(&missing, column).expect("of one type")
    };
    let columns = frame.columns().iter().enumerate().map(column).collect();
    DataFrame::new(rows, columns).expect("as many rows")
}

/// A frame of county-years with figures for indicators of the built-in catalogue, and their ids.
///
/// # Panics
/// Where the catalogue has fewer indicators that can be computed from plain figures.
#[must_use]
pub fn many_indicators(catalog: &Catalog, count: usize) -> (DataFrame, Vec<String>) {
    let keys = Size { name: "57 k", years: 20, schools: 1 }.panel();
    let rows = keys.height();
    let mut columns: Vec<Column> =
        ["area", "period"].iter().map(|key| keys.column(key).expect("a key").clone()).collect();
    for (at, measure) in catalog.measures().enumerate().filter(|(_, found)| found.define.is_none())
    {
        // A part is at most a quarter of its whole.
        let depth = std::iter::successors(Some(measure), |inner| {
            inner.part_of.as_ref().and_then(|whole| catalog.measure(whole).ok())
        });
        let most = 1_000_000_i64 >> (2 * depth.count()).min(16);
        let values = (0..rows).map(|row| {
            most + i64::try_from((row * 7_919 + at * 104_729) % 97).expect("below 97") * most / 97
        });
        columns.push(Column::new(measure.id.as_str().into(), values.collect::<Vec<i64>>()));
    }
    let frame = DataFrame::new(rows, columns).expect("as many rows");
    let plain = |kind: &Kind| {
        !matches!(kind, Kind::Change { .. } | Kind::Derived { .. } | Kind::Dispersion { .. })
    };
    let head = frame.head(Some(1));
    let can = |id: &&str| Query::new(catalog).indicators([*id]).plan(&head).is_ok();
    let ids = catalog.indicators().filter(|indicator| plain(&indicator.kind));
    let ids: Vec<String> = ids
        .map(|indicator| indicator.id.as_str())
        .filter(can)
        .take(count)
        .map(str::to_owned)
        .collect();
    assert_eq!(ids.len(), count, "the catalogue has too few indicators");
    (frame, ids)
}

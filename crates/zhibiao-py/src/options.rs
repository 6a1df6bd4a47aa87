//! The options of a query, by the names that they have in the core.

use pyo3::prelude::*;
use zhibiao::area::Tier;
use zhibiao::number::Rounding;
use zhibiao::period::Period;
use zhibiao::{Catalog, Query, Result};

use crate::areas::Areas;

/// What is asked, as the Python side gives it: every option, words as text.
#[derive(Debug, FromPyObject)]
#[pyo3(from_item_all)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Options {
    indicators: Vec<String>,
    tiers: Vec<String>,
    slices: Vec<String>,
    totals: bool,
    periods: Vec<String>,
    period: Option<String>,
    over: Option<String>,
    policy: String,
    coverage: String,
    records: bool,
    strict: bool,
    skip_unavailable: bool,
    rounding: String,
    guard: bool,
    adding_up: bool,
    symbols: String,
    lang: String,
}

impl Options {
    /// The query that asks this.
    pub(crate) fn query<'a>(&self, catalog: &'a Catalog, areas: &Areas) -> Result<Query<'a>> {
        let tiers = self.tiers.iter().map(|tier| tier.parse());
        let tiers = tiers.collect::<Result<Vec<Tier>>>()?;
        let periods = self.periods.iter().map(|text| text.parse());
        let periods = periods.collect::<Result<Vec<Period>>>()?;
        let mut query = Query::new(catalog)
            .areas(areas.table.clone())
            .indicators(self.indicators.iter())
            .tiers(tiers)
            .slices(self.slices.iter())
            .totals(self.totals)
            .periods(periods)
            .policy(self.policy.parse()?)
            .coverage(self.coverage.parse()?)
            .records(self.records)
            .strict(self.strict)
            .skip_unavailable(self.skip_unavailable)
            .rounding(Rounding { mode: self.rounding.parse()?, guard: self.guard })
            .adding_up(self.adding_up)
            .symbols(self.symbols.parse()?)
            .lang(self.lang.parse()?);
        if let Some(period) = &self.period {
            query = query.period(period.parse()?);
        }
        if let Some(span) = &self.over {
            query = query.over(span.parse()?);
        }
        match &areas.walk {
            Some(walk) => query.harmonised(walk.as_ref().clone()),
            None => Ok(query),
        }
    }
}

//! The sums that a question comes down to, as a frame.

use polars::prelude::DataFrame;

use super::collect::Collected;
use super::{Found, Query, in_pool};
use crate::bind::Table;
use crate::catalog::OverAreas;
use crate::error::Result;
use crate::plan::Plan;
use crate::table::sums;

impl Query<'_> {
    /// The exact sums (基础数的和) of the plan at the tiers asked for: what the indicators would be
    /// evaluated from. None is evaluated, and nothing is rounded.
    ///
    /// One row per area, period and slice: sorted by tier as asked for, then area, period and
    /// slice. Columns: `area, area_name, tier, period`, one a slice, `rows, areas,
    /// areas_expected`, and one a sum, named as the [plan](Self::plan) prints it.
    ///
    /// # Units
    /// Base units (元, not 万元). A sum of counts is Int64 where all its figures fit, else
    /// Decimal(38, 0); one of amounts is Decimal(38, scale).
    ///
    /// # Formula
    /// The sum over the rows of an area, those of its children if all are there.
    ///
    /// # Missing values
    /// Null where the [policy](Self::policy) says that too many rows lack the figure, where the
    /// [coverage](Self::coverage) says that too many areas or months are not there, and for what
    /// cannot be added up, such as a rank; unless the area's own row has it.
    ///
    /// # Errors
    /// As for [`run`](Self::run); `overflow` when a sum has more than 38 digits. Flaws that are set
    /// aside are told by [`states`](Self::states).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, area::Tier, table::Coverage};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140728", "140729"],
    ///     "projects" => [60, 40], "projects_done" => [52, 40]]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]).tiers([Tier::Prefecture]);
    /// let done = |query: &Query<'_>| -> Result<_, Box<dyn std::error::Error>> {
    ///     Ok(query.sums(&counties)?.column("sum(projects_done)")?.i64()?.get(0))
    /// };
    /// // Two of eleven counties: the prefecture has no sum unless what is there is asked for.
    /// assert_eq!(done(&query)?, None);
    /// assert_eq!(done(&query.coverage(Coverage::Given))?, Some(92));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sums(&self, table: impl Into<Table>) -> Result<DataFrame> {
        let table = table.into();
        in_pool(|| self.sums_of(self.collect(&table, &self.asked()?)?, table.rows()))
    }

    pub(super) fn sums_of(&self, collected: Collected, rows: usize) -> Result<DataFrame> {
        self.refuse_findings(&collected.findings)?;
        let found = Found { names: collected.names, ..Found::default() };
        let states = &collected.states;
        let adds_up = self.adds_up(states.plan());
        let frame = self.finishing(states, &found, |how| sums(states, how, &adds_up))?;
        self.refuse_absent_periods(frame.height() == 0, &collected.periods)?;
        self.watch.end(rows);
        Ok(frame)
    }

    /// Whether each sum can be summed over areas.
    pub(super) fn adds_up(&self, plan: &Plan) -> Vec<bool> {
        let adds_up = |id: &str| {
            self.catalog.measure(id).is_ok_and(|measure| measure.over_areas == OverAreas::Sum)
        };
        let of = plan.sums.iter().map(|sum| sum.of.as_ref());
        of.map(|of| of.is_none_or(|of| of.parts.iter().all(|(_, id)| adds_up(id)))).collect()
    }
}

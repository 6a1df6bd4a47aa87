//! Rows that say 合计 of a dimension, beside all, some or none of their parts.

use std::sync::Arc;

use hashbrown::HashMap;

use super::Query;
use super::collect::Columns;
use super::warehouse::Columns as OfLayout;
use crate::bind::{Bound, Matched, NONE, RowRules, Which};
use crate::catalog::Indicator;
use crate::engine::{GroupBy, aggregate, aggregate_trusted, key_of};
use crate::error::{Error, Place, Problem, Result};
use crate::plan::{Asked, Offer, Plan, PlanRules, Policy};
use crate::sql::{Answer, Pushdown, Warehouse};
use crate::state::{Beyond, Key, Source, States, Wholes};

/// Names that are told of what is not there.
const MOST_NAMES: usize = 5;

impl Query<'_> {
    /// The states of a table, with what its rows tell that say 合计.
    pub(super) fn beside_wholes(
        &self,
        (matched, bound): (&Matched<'_>, &mut Bound),
        (states, schools): (States, bool),
        findings: &mut Vec<Error>,
    ) -> Result<States> {
        if !self.says_total(bound) {
            return Ok(states);
        }
        let by = GroupBy { schools: matched.has_schools(), slices: matched.dimensions() };
        let offer = Columns(matched, self.given_areas());
        let plan = Arc::new(self.plan_of_rows(&states.plan, &by, &offer)?);
        let how = (&self.tuning, &self.watch);
        let parts = aggregate_trusted((matched, bound), &plan, &by, how)?;
        let rules = RowRules {
            areas: self.given_areas(),
            records: false,
            which: Which::TotalsOfGroups,
            symbols: matched.symbols_or(self.options.symbols),
            trusted: &[],
            watch: &self.watch,
        };
        let wholes = matched.bind(&plan.measures(), &[], rules, None)?;
        let all = parts.merge(&aggregate(&wholes, &plan, &by, how)?)?;
        let source = TotalRows::of(matched, &wholes, &by);
        let repeats = |finding: &&Error| matches!(finding.problem(), Problem::DuplicateKey { .. });
        let own = wholes.findings_of_figures().iter();
        let own = own.chain(wholes.findings.iter().filter(repeats));
        for finding in own {
            if !findings.contains(finding) {
                findings.push(finding.clone());
            }
        }
        let of_rows = Wholes::of(self.catalog, &all, &source)?;
        let (states, beyond) = of_rows.complete((&states, schools), self.options.lang)?;
        findings.extend(
            beyond.iter().map(|beyond| Error::new(parts_absent(beyond), source.place(beyond))),
        );
        Ok(states)
    }

    /// Whether rows say 合计 of a dimension; those of registers are held against nothing.
    pub(super) fn says_total(&self, bound: &Bound) -> bool {
        !self.options.records && bound.keys.dimensions.iter().any(|grouping| grouping.says_total)
    }

    /// The same of a table of a warehouse, which is asked once more.
    pub(super) fn beside_wholes_in(
        &self,
        warehouse: &mut dyn Warehouse,
        pushdown: &Pushdown,
        states: &States,
        findings: &mut Vec<Error>,
    ) -> Result<States> {
        let (layout, relation) = (&pushdown.layout, &pushdown.relation);
        let slices = layout.dimensions.iter().map(|(dimension, _)| dimension.id.clone());
        let by = GroupBy { schools: layout.school.is_some(), slices: slices.collect() };
        let offer = OfLayout(layout, self.given_areas());
        let plan = Arc::new(self.plan_of_rows(&states.plan, &by, &offer)?);
        let rows = pushdown.of_rows(plan, by);
        let answer = Answer::of(&rows, warehouse.run(&rows.sql(warehouse.dialect())?)?)?;
        let at = |error: Error| error.at(relation.whole());
        answer.refuse_wrapped(warehouse.dialect()).map_err(at)?;
        let worlds = (self.catalog, self.given_areas());
        let (all, of_keys) = answer.states_of_rows(&rows, worlds, &self.watch).map_err(at)?;
        let repeats = |finding: &Error| matches!(finding.problem(), Problem::RepeatedKeys { .. });
        let new = of_keys.into_iter().filter(|finding| !findings.contains(finding));
        let repeated: Vec<Error> = new.filter(repeats).collect();
        findings.extend(repeated);
        let of_rows = Wholes::of(self.catalog, &all, &Numberless)?;
        let schools = pushdown.by.schools;
        let (states, beyond) = of_rows.complete((states, schools), self.options.lang)?;
        findings.extend(beyond.iter().map(|beyond| {
            let column = layout.measure(&beyond.measure).map_or("", |(_, column, _)| column);
            Error::new(parts_absent(beyond), relation.rows(column, 1))
        }));
        Ok(states)
    }

    /// The plan that sums each measure of another by the keys of rows.
    fn plan_of_rows(&self, plan: &Plan, by: &GroupBy, offer: &dyn Offer) -> Result<Plan> {
        let measures = plan.measures().into_iter().map(|id| self.catalog.measure(id));
        let totals = measures.map(|measure| Ok(Indicator::total_of(measure?)));
        let totals = totals.collect::<Result<Vec<_>>>()?;
        let asked = Asked::only(&totals.iter().collect::<Vec<_>>());
        let rules =
            PlanRules { policy: Policy::Any, slices: &by.slices, filter: None, over_months: false };
        Plan::new(self.catalog, &asked, rules, offer, &mut |_, _| Ok(()))
    }
}

/// The rows of a table that say 合计.
struct TotalRows<'a> {
    matched: &'a Matched<'a>,
    bound: &'a Bound,
    rows: HashMap<Key, usize>,
}

impl<'a> TotalRows<'a> {
    fn of(matched: &'a Matched<'a>, bound: &'a Bound, by: &GroupBy) -> Self {
        let mut rows = HashMap::new();
        for (row, area) in bound.keys.areas.ids.iter().enumerate() {
            if *area != NONE {
                rows.entry(key_of(bound, by, row)).or_insert(row);
            }
        }
        Self { matched, bound, rows }
    }

    fn place(&self, beyond: &Beyond) -> Place {
        let Some(row) = self.rows.get(&beyond.key) else { return Place::Nowhere };
        self.matched.place(self.bound.cell_row(*row, &beyond.measure), &beyond.measure)
    }
}

impl Source for TotalRows<'_> {
    fn is_wide(&self) -> bool {
        !self.matched.has_row_each()
    }

    fn has_cell(&self, key: &Key, measure: &str) -> bool {
        self.rows.get(key).is_some_and(|row| self.bound.has_cell(*row, measure))
    }

    fn row(&self, key: &Key) -> Option<u64> {
        u64::try_from(self.bound.source_row(*self.rows.get(key)?)).ok()
    }
}

/// Rows of a warehouse, which does not number them.
struct Numberless;

impl Source for Numberless {
    fn is_wide(&self) -> bool {
        true
    }

    fn has_cell(&self, _: &Key, _: &str) -> bool {
        true
    }

    fn row(&self, _: &Key) -> Option<u64> {
        None
    }
}

fn parts_absent(beyond: &Beyond) -> Problem {
    let mut absent: Vec<String> = beyond.absent.iter().take(MOST_NAMES).cloned().collect();
    match beyond.absent.len().saturating_sub(absent.len()) {
        0 => {}
        others => absent.push(format!("and {others} others")),
    }
    let of = format!("{} {}", beyond.key, beyond.of);
    Problem::PartsAbsent {
        what: format!("`{}` of {}", beyond.measure, of.trim_end()),
        given: beyond.given.to_string(),
        sum: beyond.sum.to_string(),
        absent: absent.join(", "),
    }
}

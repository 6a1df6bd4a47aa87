//! Collecting: what the rows of a table, or of one batch of it, are bound and summed to.

use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Query;
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::{Bound, Earlier, Matched, NONE, RowRules, Table, Which};
use crate::catalog::{Dimension, Indicator};
use crate::engine::{GroupBy, aggregate_trusted, key_of};
use crate::error::{Error, Problem, Result};
use crate::period::Period;
use crate::plan::{Asked, Lacking, Offer, Plan, PlanRules};
use crate::state::States;
use crate::table::Report;

/// What a question found in a table.
pub(super) struct Collected {
    pub(super) states: States,
    pub(super) reports: Vec<Report>,
    pub(super) names: HashMap<AreaCode, String>,
    /// Periods of the table, before any were chosen.
    pub(super) periods: Vec<Option<Period>>,
    pub(super) findings: Vec<Error>,
    /// Whether rows of batches say 合计, which is asked of all rows together.
    pub(super) says_total: bool,
}

/// What is read of a table: told by its header, and so the same for every batch.
pub(super) struct Reading {
    pub(super) plan: Arc<Plan>,
    /// Ids of measures, and of indicators that may be reported.
    pub(super) needed: Vec<String>,
    /// Ids of the dimensions that must be filled.
    used: Vec<String>,
    by: GroupBy,
    /// What the table lacks.
    pub(super) findings: Vec<Error>,
}

impl<'a> Query<'a> {
    /// What is to be read of a table.
    pub(super) fn reading(&self, matched: &Matched<'_>, asked: &Asked) -> Result<Reading> {
        self.dimensions(matched)?;
        let mut findings = Vec::new();
        let plan = self.plan_of(matched, asked, &mut findings)?;
        let owned =
            |ids: Vec<&str>| -> Vec<String> { ids.into_iter().map(str::to_owned).collect() };
        let mut used = owned(plan.dimensions());
        used.extend(self.options.slices.iter().cloned());
        let mut needed = owned(plan.measures());
        for name in asked.indicators.iter().flat_map(Indicator::reported_as) {
            if !needed.iter().any(|id| id == name) {
                needed.push(name.to_owned());
            }
        }
        // Of one school there may be months, of another the year.
        let over_schools = self.options.over.is_some() && matched.has_schools();
        let by = GroupBy {
            schools: self.shows_schools() || over_schools || plan.needs_schools(),
            slices: self.options.slices.clone(),
        };
        Ok(Reading { plan: Arc::new(plan), needed, used, by, findings })
    }

    /// Binds and sums the rows of a table, or of a batch beside what was met `earlier`.
    pub(super) fn read(
        &self,
        matched: &Matched<'_>,
        reading: &Reading,
        earlier: Option<&mut Earlier>,
    ) -> Result<(Bound, States)> {
        let rules = RowRules {
            areas: self.given_areas(),
            records: self.options.records,
            which: Which::Parts,
            symbols: matched.symbols_or(self.options.symbols),
            trusted: &reading.plan.only_summed(),
            watch: &self.watch,
        };
        let Reading { plan, needed, used, by, .. } = reading;
        let needed: Vec<&str> = needed.iter().map(String::as_str).collect();
        let used: Vec<&str> = used.iter().map(String::as_str).collect();
        let mut bound = matched.bind(&needed, &used, rules, earlier)?;
        let how = (&self.tuning, &self.watch);
        let states = aggregate_trusted((matched, &mut bound), plan, by, how)?;
        Ok((bound, states))
    }

    /// Tells the watch what lies ahead.
    pub(super) fn begin(&self, matched: &Matched<'_>, reading: &Reading, rows: Option<usize>) {
        let sums = reading.plan.sums.len().saturating_add(1);
        self.watch.begin(rows, matched.steps(&reading.needed).saturating_add(sums));
    }

    pub(super) fn collect(&self, table: &Table, asked: &Asked) -> Result<Collected> {
        self.collected(table, asked).map_err(|error| error.beside(table.read_as()))
    }

    fn collected(&self, table: &Table, asked: &Asked) -> Result<Collected> {
        self.watch.check()?;
        let matched = Matched::of(table, self.catalog, &self.watch)?;
        let mut reading = self.reading(&matched, asked)?;
        self.begin(&matched, &reading, Some(table.rows()));
        let (mut bound, states) = self.read(&matched, &reading, None)?;
        let mut findings = matched.notes();
        findings.append(&mut reading.findings);
        findings.extend(bound.findings.iter().cloned());
        let states = self.beside_wholes(
            (&matched, &mut bound),
            (states, reading.by.schools),
            &mut findings,
        )?;
        let by = GroupBy { schools: self.shows_schools(), ..reading.by };
        let reports = self.reports(table, &bound, &by, &mut findings);
        let periods = periods_of(&states);
        let mut states = self.in_periods(states);
        states.retain_counted();
        let (names, says_total) = (bound.names, false);
        self.in_units(Collected { states, reports, names, periods, findings, says_total })
    }

    pub(super) fn shows_schools(&self) -> bool {
        self.options.tiers.contains(&Tier::School)
    }

    fn dimensions(&self, matched: &Matched<'_>) -> Result<Vec<&'a Dimension>> {
        let wanted = self.options.slices.iter().map(|id| self.catalog.dimension(id));
        let wanted = wanted.collect::<Result<Vec<_>>>()?;
        for dimension in &wanted {
            if !matched.has_dimension(&dimension.id) {
                let names = [vec![dimension.name.zh.clone()], dimension.aliases.clone()].concat();
                return Err(matched.missing(&dimension.id, &names));
            }
        }
        Ok(wanted)
    }

    pub(super) fn rules(&self) -> PlanRules<'_> {
        PlanRules {
            policy: self.options.policy,
            slices: &self.options.slices,
            filter: self.filter.as_ref(),
            over_months: self.options.over.is_some(),
        }
    }

    pub(super) fn plan_of(
        &self,
        matched: &Matched<'_>,
        asked: &Asked,
        findings: &mut Vec<Error>,
    ) -> Result<Plan> {
        let mut reported = |indicator: &Indicator, lacking: Lacking| {
            let mut outer = asked.asked_for(&indicator.id);
            if matched.has(&indicator.id) || outer.all(|outer| matched.has(&outer.id)) {
                return Ok(());
            }
            let error = matched.missing(&lacking.id, &lacking.aliases);
            if self.options.skip_unavailable {
                findings.push(error);
                return Ok(());
            }
            Err(error)
        };
        Plan::new(
            self.catalog,
            asked,
            self.rules(),
            &Columns(matched, self.given_areas()),
            &mut reported,
        )
    }

    /// Whether a table tells schools apart.
    pub(crate) fn tells_schools(&self, matched: &Matched<'_>) -> bool {
        Columns(matched, self.given_areas()).schools()
    }

    /// States of the periods asked for, with the period of a table that has no column for it.
    pub(super) fn in_periods(&self, mut states: States) -> States {
        let rows = states.bounded.iter_mut().map(|row| &mut row.key);
        for key in states.keys.iter_mut().chain(rows) {
            key.period = key.period.or(self.options.period);
        }
        // Where values stand on other periods, the others are dropped last.
        if !self.options.periods.is_empty() && !self.puts_periods_together(states.plan()) {
            let wanted =
                |period: Option<Period>| period.is_some_and(|p| self.options.periods.contains(&p));
            states.retain(|key| wanted(key.period));
        }
        states
    }

    pub(super) fn puts_periods_together(&self, plan: &Plan) -> bool {
        self.options.over.is_some() || plan.looks_back()
    }

    fn reports(
        &self,
        table: &Table,
        bound: &Bound,
        by: &GroupBy,
        findings: &mut Vec<Error>,
    ) -> Vec<Report> {
        let mut all = Vec::new();
        for reported in &bound.reported {
            let Ok(row) = usize::try_from(reported.row) else { continue };
            let place = table.place(Some(reported.source_row), None);
            // A figure of a school or a group is not the figure of the whole.
            let named = |ids: &[u32]| ids.get(row).is_some_and(|id| *id != NONE);
            let of_school = bound.keys.schools.as_ref().is_some_and(|schools| named(&schools.ids));
            let of_group = bound.keys.dimensions.iter().any(|grouping| {
                !by.slices.contains(&grouping.dimension.id) && named(&grouping.ids)
            });
            if (of_school && !by.schools) || of_group {
                let tier = self.given_areas().tier(key_of(bound, by, row).area);
                let tier = tier.map_or("", Tier::id).to_owned();
                let indicator = reported.of.clone();
                findings.push(Error::new(Problem::ReportedRollUp { indicator, tier }, place));
                continue;
            }
            let mut key = key_of(bound, by, row);
            key.period = key.period.or(self.options.period);
            all.push(Report { key, reported: reported.clone(), place });
        }
        all
    }
}

/// The periods of states, each once.
pub(super) fn periods_of(states: &States) -> Vec<Option<Period>> {
    let periods: BTreeSet<Option<Period>> = states.keys.iter().map(|key| key.period).collect();
    periods.into_iter().collect()
}

pub(super) struct Columns<'m, 'a>(pub(super) &'m Matched<'a>, pub(super) &'m Areas);

impl Offer for Columns<'_, '_> {
    fn measure(&self, id: &str) -> bool {
        self.0.has(id)
    }

    fn dimension(&self, id: &str) -> bool {
        self.0.has_dimension(id)
    }

    fn schools(&self) -> bool {
        self.0.has_schools() || self.1.codes().any(|code| self.1.tier(code) == Some(Tier::School))
    }
}

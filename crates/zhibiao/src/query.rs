//! Queries (查询): what is asked of a table, and the way from the table to the answer.
//!
//! May use everything up to `table`.

use std::borrow::Borrow;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::area::{AreaCode, Areas, Tier};
use crate::bind::{Bound, Files, Matched, NONE, RowRules, Table};
use crate::catalog::{Catalog, Dimension, Indicator};
use crate::engine::{GroupBy, aggregate, key_of};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Decimal, Ratio, Rounding};
use crate::period::Period;
use crate::plan::{Lacking, Offer, Plan, Policy};
use crate::state::States;
use crate::table::{Coverage, Finish, IndicatorTable, Report, finish};

/// A question to a table (查询).
///
/// # Missing values
/// By [`Policy`], `Any` unless set: one missing part makes a value missing.
///
/// # Example
/// ```
/// use polars::prelude::df;
/// use zhibiao::{Catalog, Query};
/// let catalog = Catalog::builtin();
/// let counties = df![
///     "区划代码" => ["140728", "140729"],
///     "启建项目数" => [60, 40],
///     "已完成项目数" => [52, 40],
/// ]?;
/// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
/// let shown: Vec<_> = table.rows().map(|row| row.display()).collect::<Result<_, _>>()?;
/// assert_eq!(shown, [Some("86.7".to_owned()), Some("100.0".to_owned())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Example: a county is no prefecture
/// ```
/// # use polars::prelude::df;
/// # use zhibiao::{Catalog, Query, area::Tier, table::Status};
/// # let catalog = Catalog::builtin();
/// let pingyao = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?;
/// let query = Query::new(&catalog).indicators(["projects.completion"]).tiers([Tier::Prefecture]);
/// let table = query.run(&pingyao)?;
/// let jinzhong = table.rows().next().unwrap();
/// assert_eq!((jinzhong.status(), jinzhong.coverage()), (Status::Partial, (1, Some(11))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Query<'a> {
    catalog: &'a Catalog,
    indicators: Vec<String>,
    tiers: Vec<Tier>,
    slices: Vec<String>,
    periods: Vec<Period>,
    period: Option<Period>,
    areas: Areas,
    policy: Policy,
    coverage: Coverage,
    records: bool,
    strict: bool,
    skip_unavailable: bool,
    rounding: Rounding,
    lang: Lang,
}

impl<'a> Query<'a> {
    /// A question with nothing asked yet.
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            indicators: Vec::new(),
            tiers: Vec::new(),
            slices: Vec::new(),
            periods: Vec::new(),
            period: None,
            areas: Areas::builtin(),
            policy: Policy::default(),
            coverage: Coverage::default(),
            records: false,
            strict: false,
            skip_unavailable: false,
            rounding: Rounding::default(),
            lang: Lang::default(),
        }
    }

    /// Indicators to compute, by id or exact name, in the order of the result.
    #[must_use]
    pub fn indicators<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.indicators = each_once(ids.into_iter().map(Into::into));
        self
    }

    /// Tiers to roll up to, in the order of the result; without any, areas stay as they are given.
    #[must_use]
    pub fn tiers(mut self, tiers: impl IntoIterator<Item = impl Borrow<Tier>>) -> Self {
        self.tiers = each_once(tiers.into_iter().map(|tier| *tier.borrow()));
        self
    }

    /// Dimensions to split the result by.
    #[must_use]
    pub fn slices<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.slices = each_once(ids.into_iter().map(Into::into));
        self
    }

    /// Periods to keep; without any, all.
    #[must_use]
    pub fn periods(mut self, periods: impl IntoIterator<Item = Period>) -> Self {
        self.periods = periods.into_iter().collect();
        self
    }

    /// The period of a table that has no column for it.
    #[must_use]
    pub const fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// The table of areas to use in place of the built-in one.
    #[must_use]
    pub fn areas(mut self, areas: Areas) -> Self {
        self.areas = areas;
        self
    }

    /// What to do where a part is missing.
    #[must_use]
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// What to do with areas that are not complete.
    #[must_use]
    pub const fn coverage(mut self, coverage: Coverage) -> Self {
        self.coverage = coverage;
        self
    }

    /// Whether a key may stand in many rows, as in a register; else that is a flaw.
    #[must_use]
    pub const fn records(mut self, records: bool) -> Self {
        self.records = records;
        self
    }

    /// Whether any flaw of the table is an error.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Whether indicators that the table has no columns for are missing and told, rather than
    /// refused.
    #[must_use]
    pub const fn skip_unavailable(mut self, skip: bool) -> Self {
        self.skip_unavailable = skip;
        self
    }

    /// How values are printed.
    #[must_use]
    pub const fn rounding(mut self, rounding: Rounding) -> Self {
        self.rounding = rounding;
        self
    }

    /// Language of names and labels.
    #[must_use]
    pub const fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Answers the question for a table or frame.
    ///
    /// Flaws of cells, keys and rows are [`findings`](IndicatorTable::findings) of the result and
    /// do not stop it.
    ///
    /// # Errors
    /// `nothing-asked`, `unknown-id`, `bad-option`; `missing-column` and `duplicate-column` for
    /// the table as a whole; in strict mode `rejected`, with all
    /// findings as [`others`](Error::others).
    pub fn run(&self, table: impl Into<Table>) -> Result<IndicatorTable> {
        let table = table.into();
        let asked = self.asked()?;
        let collected = self.collect(&table, &asked)?;
        self.refuse_absent_periods(&collected)?;
        let files = table.files().clone();
        let found = Found { reports: collected.reports, names: collected.names, files };
        self.answer(&collected.states, &found, collected.findings)
    }

    /// The states of a table: exact sums that can be merged with those of other tables.
    ///
    /// Reported figures have no sums and are left out.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn states(&self, table: impl Into<Table>) -> Result<States> {
        let collected = self.collect(&table.into(), &self.asked()?)?;
        self.refuse_findings(&collected.findings)?;
        Ok(States { findings: collected.findings, ..collected.states })
    }

    /// The table of merged states.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn finish(&self, states: &States) -> Result<IndicatorTable> {
        self.answer(states, &Found::default(), states.findings.clone())
    }

    /// The plan for a table: what would be summed.
    ///
    /// # Errors
    /// As for [`run`](Self::run), as far as they concern the header.
    pub fn plan(&self, table: impl Into<Table>) -> Result<Plan> {
        let table = table.into();
        let matched = Matched::of(&table, self.catalog)?;
        self.plan_of(&matched, &self.asked()?, &mut Vec::new())
    }

    fn asked(&self) -> Result<Vec<&'a Indicator>> {
        if self.indicators.is_empty() {
            return Err(Problem::NothingAsked {}.into());
        }
        if let Policy::AtLeast(share) = self.policy
            && (share < Decimal::integer(0) || share.ratio() > Ratio::integer(1))
        {
            let wanted = "a share of rows from 0 to 1, such as 0.95".to_owned();
            let option = "policy".to_owned();
            return Err(Problem::BadOption { option, value: share.to_string(), wanted }.into());
        }
        self.indicators.iter().map(|id| self.catalog.indicator(id)).collect()
    }

    fn dimensions(&self, matched: &Matched<'_>) -> Result<Vec<&'a Dimension>> {
        let wanted = self.slices.iter().map(|id| self.catalog.dimension(id));
        let wanted = wanted.collect::<Result<Vec<_>>>()?;
        for dimension in &wanted {
            if !matched.has_dimension(&dimension.id) {
                let names = [vec![dimension.name.zh.clone()], dimension.aliases.clone()].concat();
                return Err(matched.missing(&dimension.id, &names));
            }
        }
        Ok(wanted)
    }

    fn plan_of(
        &self,
        matched: &Matched<'_>,
        asked: &[&Indicator],
        findings: &mut Vec<Error>,
    ) -> Result<Plan> {
        let mut reported = |indicator: &Indicator, lacking: Lacking| {
            if matched.has(&indicator.id) {
                return Ok(());
            }
            let error = matched.missing(&lacking.id, &lacking.aliases);
            if self.skip_unavailable {
                findings.push(error);
                return Ok(());
            }
            Err(error)
        };
        Plan::new(
            self.catalog,
            asked,
            (self.policy, &self.slices),
            &Columns(matched),
            &mut reported,
        )
    }

    fn collect(&self, table: &Table, asked: &[&Indicator]) -> Result<Collected> {
        let matched = Matched::of(table, self.catalog)?;
        self.dimensions(&matched)?;
        let mut findings = Vec::new();
        let plan = Arc::new(self.plan_of(&matched, asked, &mut findings)?);
        let mut used = plan.dimensions();
        used.extend(self.slices.iter().map(String::as_str));
        let rules = RowRules { areas: &self.areas, records: self.records, totals: false };
        let mut needed = plan.measures();
        for name in asked.iter().flat_map(|indicator| indicator.reported_as()) {
            if !needed.contains(&name) {
                needed.push(name);
            }
        }
        let mut bound = matched.bind(&needed, &used, rules)?;
        findings.append(&mut bound.findings);
        let by =
            GroupBy { schools: self.tiers.contains(&Tier::School), slices: self.slices.clone() };
        let all = aggregate(&bound, &plan, &by)?;
        let mut periods: Vec<Option<Period>> = all.keys.iter().map(|key| key.period).collect();
        periods.sort_unstable();
        periods.dedup();
        let states = self.in_periods(all);
        let reports = self.reports(table, &bound, &by, &mut findings);
        Ok(Collected { states, reports, names: bound.names, periods, findings })
    }

    /// States of the periods asked for, with the period of a table that has no column for it.
    fn in_periods(&self, mut states: States) -> States {
        for key in &mut states.keys {
            key.period = key.period.or(self.period);
        }
        if !self.periods.is_empty() {
            let wanted = |period: Option<Period>| period.is_some_and(|p| self.periods.contains(&p));
            states.retain(|key| wanted(key.period));
        }
        states
    }

    /// Asking for periods of which the table has none is a slip.
    fn refuse_absent_periods(&self, collected: &Collected) -> Result<()> {
        if self.periods.is_empty() || !collected.states.is_empty() || collected.periods.is_empty() {
            return Ok(());
        }
        let text = |period: &Option<Period>| {
            period.or(self.period).map_or_else(|| "none".to_owned(), |period| period.to_string())
        };
        let asked: Vec<String> = self.periods.iter().map(ToString::to_string).collect();
        let has: Vec<String> = collected.periods.iter().take(20).map(text).collect();
        Err(Problem::BadOption {
            option: "period of this table".to_owned(),
            value: asked.join(", "),
            wanted: format!("one that the table has: {}", has.join(", ")),
        }
        .into())
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
            let named = |ids: &Vec<u32>| ids.get(row).is_some_and(|id| *id != NONE);
            let of_school = bound.keys.schools.as_ref().is_some_and(|schools| named(&schools.ids));
            let of_group = bound.keys.dimensions.iter().any(|grouping| {
                !by.slices.contains(&grouping.dimension.id) && named(&grouping.ids)
            });
            if (of_school && !by.schools) || of_group {
                let tier = key_of(bound, by, row).area.tier().id().to_owned();
                let indicator = reported.of.clone();
                findings.push(Error::new(Problem::ReportedRollUp { indicator, tier }, place));
                continue;
            }
            let mut key = key_of(bound, by, row);
            key.period = key.period.or(self.period);
            all.push(Report { key, reported: reported.clone(), place });
        }
        all
    }

    fn answer(
        &self,
        states: &States,
        found: &Found,
        findings: Vec<Error>,
    ) -> Result<IndicatorTable> {
        let slices = states.plan().slices.iter().map(|id| self.catalog.dimension(id));
        let slices = slices.collect::<Result<Vec<_>>>()?;
        let how = Finish {
            areas: &self.areas,
            names: &found.names,
            files: &found.files,
            tiers: &self.tiers,
            slices: &slices,
            coverage: self.coverage,
            rounding: self.rounding,
            lang: self.lang,
        };
        let table = finish(states, &found.reports, &how, findings)?;
        self.refuse_findings(table.findings())?;
        Ok(table)
    }

    fn refuse_findings(&self, findings: &[Error]) -> Result<()> {
        if !self.strict || findings.is_empty() {
            return Ok(());
        }
        let rejected = Error::from(Problem::Rejected { findings: findings.len() });
        let all = [vec![rejected], findings.to_vec()].concat();
        Error::first_of(all).map_or(Ok(()), Err)
    }
}

/// What a table tells beside its states.
#[derive(Default)]
struct Found {
    reports: Vec<Report>,
    names: HashMap<AreaCode, String>,
    files: Files,
}

/// What a question found in a table.
struct Collected {
    states: States,
    reports: Vec<Report>,
    names: HashMap<AreaCode, String>,
    /// Periods of the table, before any were chosen.
    periods: Vec<Option<Period>>,
    findings: Vec<Error>,
}

/// Items without those that came before.
fn each_once<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in items {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

struct Columns<'m, 'a>(&'m Matched<'a>);

impl Offer for Columns<'_, '_> {
    fn measure(&self, id: &str) -> bool {
        self.0.has(id)
    }

    fn dimension(&self, id: &str) -> bool {
        self.0.has_dimension(id)
    }
}

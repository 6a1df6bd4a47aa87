//! Queries (查询): what is asked of a table, and the way from the table to the answer.
//!
//! May use everything up to `table`.

mod batches;
mod collect;
mod files;
mod harmonised;
mod kept;
mod options;
mod sums;
mod warehouse;
mod wholes;

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::sync::Arc;

use hashbrown::HashMap;

use self::collect::{Collected, periods_of};
use self::harmonised::Panel;
pub(crate) use self::options::Options;
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::{Files, Matched, Table};
use crate::catalog::{Catalog, Condition, Dimension};
use crate::engine::Tuning;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Decimal, Ratio, Rounding};
use crate::period::{Period, Span};
use crate::plan::{Asked, Plan, Policy};
use crate::state::States;
use crate::symbol::Dialect;
use crate::table::{Coverage, Finish, IndicatorTable, Report, TOTAL_ID, finish};
use crate::watch::Watch;

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
    areas: Areas,
    options: Options,
    /// Rows that count; none for all.
    filter: Option<Condition>,
    tuning: Tuning,
    watch: Watch,
    /// The areas of other years that are brought into these.
    panel: Option<Arc<Panel>>,
}

impl<'a> Query<'a> {
    /// A question with nothing asked yet.
    #[must_use]
    pub fn new(catalog: &'a Catalog) -> Self {
        Self::of(catalog, Areas::builtin(), Options::default())
    }

    /// The question of some options.
    pub(crate) fn of(catalog: &'a Catalog, areas: Areas, options: Options) -> Self {
        let (tuning, watch) = (Tuning::default(), Watch::default());
        Self { catalog, areas, options, filter: None, tuning, watch, panel: None }
    }

    pub(crate) const fn parts(&self) -> (&'a Catalog, &Areas, &Options) {
        (self.catalog, &self.areas, &self.options)
    }

    /// The table, with its header matched.
    pub(crate) fn matched<'t>(&'t self, table: &'t Table) -> Result<Matched<'t>> {
        Matched::of(table, self.catalog, &self.watch)
    }

    /// Only the rows that meet a condition; where it is not known of a row, its figures are missing.
    pub(crate) fn filter(mut self, condition: Condition) -> Self {
        self.filter = Some(condition);
        self
    }

    /// Indicators to compute, by id or exact name, in the order of the result.
    #[must_use]
    pub fn indicators<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.options.indicators = each_once(ids.into_iter().map(Into::into));
        self
    }

    /// Tiers to roll up to, in the order of the result; without any, areas stay as they are given.
    #[must_use]
    pub fn tiers(mut self, tiers: impl IntoIterator<Item = impl Borrow<Tier>>) -> Self {
        self.options.tiers = each_once(tiers.into_iter().map(|tier| *tier.borrow()));
        self
    }

    /// Dimensions to split the result by.
    #[must_use]
    pub fn slices<S: Into<String>>(mut self, ids: impl IntoIterator<Item = S>) -> Self {
        self.options.slices = each_once(ids.into_iter().map(Into::into));
        self
    }

    /// Whether the rows of each slice stand beside a row of their total (合计), of several dimensions
    /// each beside every margin. Its slice is `total`, after the declared values.
    ///
    /// A total is the sum of exact states, never of rates. It lacks what one of its parts lacks,
    /// and what cannot be added up, such as a rank, has none.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let by_stage = df!["area" => ["140728", "140728"], "stage" => ["primary", "junior"],
    ///     "projects" => [40, 20], "projects_done" => [40, 12]]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]).slices(["stage"]);
    /// let table = query.totals(true).run(&by_stage)?;
    /// let shown: Vec<_> = table.rows().filter_map(|row| row.display().ok()?).collect();
    /// assert_eq!(shown, ["100.0", "60.0", "86.7"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn totals(mut self, totals: bool) -> Self {
        self.options.totals = totals;
        self
    }

    /// Periods to keep; without any, all.
    #[must_use]
    pub fn periods(mut self, periods: impl IntoIterator<Item = Period>) -> Self {
        self.options.periods = periods.into_iter().collect();
        self
    }

    /// The period of a table that has no column for it.
    #[must_use]
    pub const fn period(mut self, period: Period) -> Self {
        self.options.period = Some(period);
        self
    }

    /// What months are put together to: flows add up, stocks take the last month.
    ///
    /// A year is made of its months if all are there, else of its own row if the area has one, else
    /// of the months that are there, and is then partial. What a measure is is told by its
    /// `over_time`.
    #[must_use]
    pub const fn over(mut self, span: Span) -> Self {
        self.options.over = Some(span);
        self
    }

    /// The table of areas to use in place of the built-in one: codes of another year, or any tree. Takes
    /// the place of a [crosswalk](Self::harmonised).
    #[must_use]
    pub fn areas(mut self, areas: Areas) -> Self {
        self.areas = areas;
        (self.panel, self.options.harmonised) = (None, None);
        self
    }

    /// What to do where a part is missing.
    #[must_use]
    pub const fn policy(mut self, policy: Policy) -> Self {
        self.options.policy = policy;
        self
    }

    /// What to do with areas that are not complete.
    #[must_use]
    pub const fn coverage(mut self, coverage: Coverage) -> Self {
        self.options.coverage = coverage;
        self
    }

    /// Whether a key may stand in many rows, as in a register; else that is a flaw.
    #[must_use]
    pub const fn records(mut self, records: bool) -> Self {
        self.options.records = records;
        self
    }

    /// Whose symbols may stand in place of figures (符号体系), such as `…` or `:`; a table that [says
    /// so itself](crate::Table::symbols) keeps its own. By default, none.
    ///
    /// What is withheld, below the unit, or told by words such as 余 leaves a figure within bounds.
    /// These go into sums and ratios, and where only they are lacking the answer has bounds, too:
    /// its status is `reported`, or `suppressed` where something is withheld.
    #[must_use]
    pub const fn symbols(mut self, symbols: Dialect) -> Self {
        self.options.symbols = symbols;
        self
    }

    /// Whether any flaw of the table is an error.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.options.strict = strict;
        self
    }

    /// Whether indicators that the table has no columns for are missing and told, rather than
    /// refused.
    #[must_use]
    pub const fn skip_unavailable(mut self, skip: bool) -> Self {
        self.options.skip_unavailable = skip;
        self
    }

    /// How values are printed.
    #[must_use]
    pub const fn rounding(mut self, rounding: Rounding) -> Self {
        self.options.rounding = rounding;
        self
    }

    /// Whether shares that add up to their whole are printed so that their digits do, too
    /// (最大余数法); else each is rounded by itself.
    ///
    /// Such are the shares of one group that have denominator, unit and decimals in common, if all
    /// of them are exact and add up to exactly 100 %. Only printed digits are adjusted, never a
    /// value or a verdict, and a row [tells it](crate::table::Row::is_adjusted).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin().extend(Catalog::parse(
    ///     r#"
    ///     [measures.children_other]
    ///     define = "sum(children - children_public)"
    ///     part_of = "children"
    ///     [indicators."mine.other_share"]
    ///     name = { zh = "非公办园在园幼儿占比" }
    ///     kind = "share"
    ///     numerator = "children_other"
    ///     denominator = "children"
    ///     unit = "%"
    ///     decimals = 1
    ///     "#,
    ///     "mine.toml",
    /// )?)?;
    /// let county = df!["area" => ["140728"], "children_public" => [1], "children" => [2000]]?;
    /// let query = Query::new(&catalog).indicators(["preschool.public_share", "mine.other_share"]);
    /// let shown = |query: &Query<'_>| {
    ///     let table = query.run(&county)?;
    ///     table.rows().map(|row| Ok(row.display()?.unwrap_or_default())).collect::<zhibiao::Result<Vec<_>>>()
    /// };
    /// assert_eq!(shown(&query)?, ["0.1", "100.0"]);
    /// assert_eq!(shown(&query.clone().adding_up(true))?, ["0.0", "100.0"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn adding_up(mut self, adding_up: bool) -> Self {
        self.options.adding_up = adding_up;
        self
    }

    /// Language of names and labels.
    #[must_use]
    pub const fn lang(mut self, lang: Lang) -> Self {
        self.options.lang = lang;
        self
    }

    /// What tells how far a run is, and can cancel it.
    #[must_use]
    pub fn watch(mut self, watch: &Watch) -> Self {
        self.watch = watch.clone();
        self
    }

    /// Where the engine turns from one way of working to another, for benches: no result changes.
    #[doc(hidden)]
    #[must_use]
    pub const fn tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = tuning;
        self
    }

    /// Answers the question for a table or frame.
    ///
    /// Flaws of cells, keys and rows are [`findings`](IndicatorTable::findings) of the result and
    /// do not stop it.
    ///
    /// # Errors
    /// `nothing-asked`, `unknown-id`, `bad-option`; `missing-column` and `duplicate-column` for
    /// the table as a whole; in strict mode `rejected`, with all findings as
    /// [`others`](Error::others); `cancelled` by its [watch](Self::watch).
    pub fn run(&self, table: impl Into<Table>) -> Result<IndicatorTable> {
        self.run_asked(&table.into(), &self.asked()?)
    }

    pub(crate) fn run_asked(&self, table: &Table, asked: &Asked) -> Result<IndicatorTable> {
        in_pool(|| {
            let collected = self.collect(table, asked)?;
            let answer = self.answer_collected(collected, table.files().clone())?;
            self.watch.end(table.rows());
            Ok(answer)
        })
    }

    /// The states of a table: exact sums that can be merged with those of other tables.
    ///
    /// Reported figures have no sums and are left out.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn states(&self, table: impl Into<Table>) -> Result<States> {
        let table = table.into();
        in_pool(|| {
            let collected = self.collect(&table, &self.asked()?)?;
            self.refuse_findings(&collected.findings)?;
            self.watch.end(table.rows());
            let Collected { states, findings, names, .. } = collected;
            Ok(States { findings, names, ..states })
        })
    }

    /// The table of merged states.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn finish(&self, states: &States) -> Result<IndicatorTable> {
        let found = Found { names: states.names.clone(), ..Found::default() };
        let answer = self.answer(states, &found, states.findings.clone())?;
        self.refuse_absent_periods(answer.is_empty(), &periods_of(states))?;
        Ok(answer)
    }

    /// The plan for a table: what would be summed.
    ///
    /// # Errors
    /// As for [`run`](Self::run), as far as they concern the header.
    pub fn plan(&self, table: impl Into<Table>) -> Result<Plan> {
        let table = table.into();
        let matched = Matched::of(&table, self.catalog, &self.watch)?;
        self.plan_of(&matched, &self.asked()?, &mut Vec::new())
    }

    fn asked(&self) -> Result<Asked> {
        if self.options.indicators.is_empty() {
            return Err(Problem::NothingAsked {}.into());
        }
        self.refuse_policy()?;
        Asked::of(self.catalog, &self.options.indicators)
    }

    pub(crate) fn refuse_policy(&self) -> Result<()> {
        if let Policy::AtLeast(share) = self.options.policy
            && (share < Decimal::integer(0) || share.ratio() > Ratio::integer(1))
        {
            let wanted = "a share of rows from 0 to 1, such as 0.95".to_owned();
            let option = "policy".to_owned();
            return Err(Problem::BadOption { option, value: share.to_string(), wanted }.into());
        }
        Ok(())
    }

    fn answer_collected(&self, collected: Collected, files: Files) -> Result<IndicatorTable> {
        let found = Found { reports: collected.reports, names: collected.names, files };
        let answer = self.answer(&collected.states, &found, collected.findings)?;
        self.refuse_absent_periods(answer.is_empty(), &collected.periods)?;
        Ok(answer)
    }

    /// Asking for periods of which the table has none is a slip.
    fn refuse_absent_periods(&self, is_empty: bool, periods: &[Option<Period>]) -> Result<()> {
        if self.options.periods.is_empty() || !is_empty || periods.is_empty() {
            return Ok(());
        }
        let text = |period: &Option<Period>| {
            period
                .or(self.options.period)
                .map_or_else(|| "none".to_owned(), |period| period.to_string())
        };
        let asked: Vec<String> = self.options.periods.iter().map(ToString::to_string).collect();
        let put_together = |period: &Option<Period>| match (self.options.over, period) {
            (Some(span), Some(Period::Month(month))) => Some(span.of(*month)),
            _ => *period,
        };
        let periods = each_once(periods.iter().map(put_together));
        let has: Vec<String> = periods.iter().take(20).map(text).collect();
        Err(Problem::BadOption {
            option: "period of this table".to_owned(),
            value: asked.join(", "),
            wanted: format!("one that the table has: {}", has.join(", ")),
        }
        .into())
    }

    fn answer(
        &self,
        states: &States,
        found: &Found,
        mut findings: Vec<Error>,
    ) -> Result<IndicatorTable> {
        findings.extend(self.strangers(states));
        let mut table =
            self.finishing(states, found, |how| finish(states, &found.reports, how, findings))?;
        if self.options.adding_up {
            table.add_up()?;
        }
        self.refuse_findings(table.findings())?;
        Ok(table)
    }

    /// What is made of states as the options say.
    fn finishing<T>(
        &self,
        states: &States,
        found: &Found,
        make: impl FnOnce(&Finish<'_>) -> Result<T>,
    ) -> Result<T> {
        let slices = states.plan().slices.iter().map(|id| self.catalog.dimension(id));
        let slices = slices.collect::<Result<Vec<_>>>()?;
        self.refuse_totals(&slices)?;
        make(&Finish {
            areas: &self.areas,
            names: &found.names,
            files: &found.files,
            tiers: &self.options.tiers,
            slices: &slices,
            over: self.options.over,
            periods: &self.options.periods,
            totals: self.options.totals,
            coverage: self.options.coverage,
            rounding: self.options.rounding,
            lang: self.options.lang,
            watch: &self.watch,
        })
    }

    /// Totals beside a declared value of their id could not be told from it.
    fn refuse_totals(&self, slices: &[&Dimension]) -> Result<()> {
        let declared =
            |dimension: &&&Dimension| dimension.values.iter().any(|value| value.id == TOTAL_ID);
        let Some(dimension) = slices.iter().find(declared).filter(|_| self.options.totals) else {
            return Ok(());
        };
        Err(Problem::BadOption {
            option: "slice with totals".to_owned(),
            value: dimension.id.clone(),
            wanted: format!("a dimension without a value `{TOTAL_ID}`, or no totals"),
        }
        .into())
    }

    /// Areas of states that were made with another tree: they have no place in this one.
    fn strangers(&self, states: &States) -> Vec<Error> {
        let areas = states.keys.iter().map(|key| key.area);
        let strangers: BTreeSet<AreaCode> =
            areas.filter(|area| self.areas.tier(*area).is_none()).collect();
        let unknown = |area: &AreaCode| {
            Problem::UnknownArea { code: area.to_string(), hint: String::new() }.into()
        };
        strangers.iter().map(unknown).collect()
    }

    fn refuse_findings(&self, findings: &[Error]) -> Result<()> {
        if !self.options.strict || findings.is_empty() {
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

/// Runs on a thread of the pool: there, work that is too small to be shared is not handed over.
fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
}

//! Attainment (任务完成情况): what was done, held against a table of targets.
//!
//! Targets are bound and rolled up as any figures are. Values and targets are compared exactly,
//! never as printed, and only like is compared.
//!
//! May use everything up to `judge`.

mod frame;
mod held;
mod ranks;
mod standing;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::DataFrame;

use crate::bind::{Matched, Table};
use crate::catalog::{Catalog, Indicator, Kind, OverTime};
use crate::error::{Error, Problem, Result};
use crate::judge::{Summary, Verdict};
use crate::label::Lang;
use crate::number::Ratio;
use crate::period::Period;
use crate::plan::{Asked, Policy};
use crate::query::Query;
use crate::table::{Group, IndicatorTable, findings_frame};
use crate::watch::Watch;

use self::held::hold;
pub use self::standing::Standing;
use self::targets::{Order, Spot, Targets};

/// How far targets are reached (任务完成情况表): one row per area, period, slice and indicator that
/// has a value or a target.
///
/// Rows are sorted as those of an [`IndicatorTable`]. An area that has a target and no row of its own
/// stands in each period of the table to which the target applies, else in that of the target.
#[derive(Clone, Debug)]
pub struct AttainmentTable {
    rows: Vec<AttainmentRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    findings: Vec<Error>,
    lang: Lang,
}

/// One row of an [`AttainmentTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct AttainmentRow {
    pub(crate) group: Group,
    /// Indicator, or the total of a measure.
    pub indicator: Indicator,
    /// Value, exact or as reported, in the unit of the indicator.
    pub value: Option<Ratio>,
    /// Printed value, without unit.
    pub display: Option<String>,
    /// Target, exactly as it was set, in the unit of the indicator.
    pub target: Option<Ratio>,
    /// Printed target, with all its digits.
    pub target_display: Option<String>,
    /// Value over target in %.
    pub attainment: Option<Ratio>,
    /// Printed with one decimal.
    pub attainment_display: Option<String>,
    /// Value minus target; in percentage points for %.
    pub over: Option<Ratio>,
    /// Place among the areas of the tier, period, slice and indicator; equal ones share it.
    pub rank: Option<usize>,
    /// How many of them have a place.
    pub ranked: usize,
    /// Why something is there or is not.
    pub status: Standing,
    /// Whether the target is met.
    pub verdict: Verdict,
}

impl Query<'_> {
    /// Answers the question, and holds the answer against a table of targets (任务完成情况).
    ///
    /// # The table of targets
    /// Long, with the columns `area`, `period`, `indicator`, `target` (区划, 时期, 指标, 任务, 任务数,
    /// 目标, 目标值) and `unit` if wanted; or wide, with a column for each measure or indicator. A
    /// measure stands for its total; where the catalogue has an indicator of that total, for that.
    /// Without indicators, those that have targets are asked for. Tiers, slices, totals, coverage
    /// and the period of a table without one are those of the question. Targets of totals roll up
    /// as sums, an area without some of its parts' by its own row; those of all else stand as they
    /// are given, exactly: 80 is no rounded figure.
    ///
    /// # Which target
    /// That of the same area, slices and period; else, of a month or year to date, that of the
    /// calendar year. What adds up over the year (a flow) is held against the target of the year as
    /// [year to date](Self::over) only: of one month it has no target, which is told.
    ///
    /// # Attainment
    /// `attainment = 100 × value ÷ target` in %, and `over = value − target`. The target is met by
    /// `value ≥ target`, by `value ≤ target` where lower is better; a reported value by its bounds.
    /// Where lower is better, the quotient says nothing and is absent: areas are ranked by `over`,
    /// the lowest first. Where nearer is better there is neither quotient, place nor verdict.
    ///
    /// # Missing values
    /// Without a value, its own status; without a target `no_target`. Over a target of 0 there is no
    /// quotient (`zero_target`), below 0 neither (`not_applicable`). Where value and target are not
    /// made of the same areas they are not compared (`partial`).
    ///
    /// # Errors
    /// As for [`run`](Self::run), of both tables; `missing-column` where one has periods and the
    /// other none, and where the targets are of nothing that is asked for. A quotient or difference
    /// that leaves 128 bits is a finding, and not there.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Verdict};
    /// let catalog = Catalog::builtin();
    /// let pingyao = df!["area" => ["140728"], "period" => ["2022"], "projects_done" => [52]]?;
    /// let targets = df!["区划" => ["140728"], "时期" => ["2022"], "指标" => ["已完成项目数"], "任务" => [60]]?;
    /// let table = Query::new(&catalog).attain(&pingyao, &targets)?;
    /// let row = table.rows().next().unwrap();
    /// assert_eq!(row.attainment_display.as_deref(), Some("86.7"));
    /// assert_eq!((row.over.unwrap().to_f64(), row.verdict), (-8.0, Verdict::Fails));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn attain(
        &self,
        table: impl Into<Table>,
        targets: impl Into<Table>,
    ) -> Result<AttainmentTable> {
        let (table, targets) = (table.into(), targets.into().of_targets());
        let (catalog, _, options) = self.parts();
        self.refuse_policy()?;
        let matched = Matched::of(&targets, catalog, &Watch::default())?;
        let mut query = self.clone();
        let asked = if options.indicators.is_empty() {
            query = query.skip_unavailable(true);
            Asked::figures(catalog, &matched.given())?
        } else {
            Asked::figures(catalog, &options.indicators)?
        };
        let given = asked.given(|indicator| indicator.reported_as().any(|id| matched.has(id)));
        if given.shown == 0 {
            let wanted = options.indicators.first().map_or("indicator", String::as_str);
            let names = ["指标".to_owned(), "or a column for each measure".to_owned()];
            return Err(matched.missing(wanted, &names));
        }
        let goals = self.of_targets().run_asked(&targets, &given)?;
        let values = query.run_asked(&table, &asked)?;
        refuse_periods((&table, &values), (&targets, &goals))?;
        AttainmentTable::of(self, &values, &goals)
    }

    /// The question to a table of targets: they are given once each, and for their own periods.
    fn of_targets(&self) -> Self {
        let (catalog, areas, options) = self.parts();
        let mut options = options.clone();
        options.periods = Vec::new();
        options.over = None;
        options.adding_up = false;
        options.records = false;
        options.policy = Policy::Any;
        Self::of(catalog, areas.clone(), options).of_panel(self)
    }
}

impl AttainmentTable {
    fn of(query: &Query<'_>, values: &IndicatorTable, goals: &IndicatorTable) -> Result<Self> {
        let (catalog, _, options) = query.parts();
        let targets = Targets::of(goals);
        let order = Order::new(catalog, options, values);
        let mut findings = [values.findings(), goals.findings()].concat();
        let mut told = BTreeSet::new();
        // Groups in order; what has no row of its own has no position.
        let mut groups: BTreeMap<_, (Group, Option<usize>)> = BTreeMap::new();
        for (at, group) in values.groups.iter().enumerate() {
            groups.insert(order.of(group), (group.clone(), Some(at)));
        }
        let periods: BTreeSet<Option<Period>> =
            values.groups.iter().map(|group| group.period).collect();
        let wanted = |period: Option<Period>| {
            options.periods.is_empty() || period.is_some_and(|p| options.periods.contains(&p))
        };
        for group in &goals.groups {
            let applies = |period: &&Option<Period>| targets::applies(group.period, **period);
            let mut places: Vec<Option<Period>> = periods.iter().filter(applies).copied().collect();
            if places.is_empty() && wanted(group.period) {
                places.push(group.period);
            }
            for period in places {
                let group = Group { period, ..group.clone() };
                groups.entry(order.of(&group)).or_insert((group, None));
            }
        }
        let mut rows = Vec::new();
        for (group, at) in groups.into_values() {
            for (position, indicator) in values.indicators().enumerate() {
                let row = at.and_then(|at| values.rows_of(at).nth(position));
                let mut target = targets.find(&Spot::of(&group), group.period, &indicator.id);
                let month = matches!(group.period, Some(Period::Month(_)));
                let of_year = target.filter(|target| target.period() != group.period);
                if let Some(year) = of_year.filter(|_| month && adds_up(catalog, indicator)) {
                    if row.is_some_and(|row| row.value().is_some()) && told.insert(position) {
                        findings.push(month_of_target(indicator, &group, year.period()).into());
                    }
                    target = None;
                }
                let held = (&group, indicator);
                rows.extend(hold(held, row, target, values.rounding, &mut findings)?);
            }
        }
        ranks::rank(&mut rows);
        Ok(Self { rows, slices: values.slices.clone(), findings, lang: values.lang })
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &AttainmentRow> {
        self.rows.iter()
    }

    /// A row by its position.
    pub(crate) fn row_at(&self, position: usize) -> Option<&AttainmentRow> {
        self.rows.get(position)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Flaws of the table and of the targets that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// All findings as a frame, as [`IndicatorTable::findings_frame`].
    ///
    /// # Errors
    /// `unreadable-table` when the frame cannot be made.
    pub fn findings_frame(&self) -> Result<DataFrame> {
        findings_frame(&self.findings)
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// How many targets are met, are not, cannot be told, and do not apply.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(self.rows.iter().map(|row| row.verdict))
    }
}

impl AttainmentRow {
    /// Name of the area.
    #[must_use]
    pub fn area_name(&self) -> &str {
        &self.group.area_name
    }

    /// Code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(&self) -> String {
        self.group.place()
    }

    /// Period.
    #[must_use]
    pub const fn period(&self) -> Option<Period> {
        self.group.period
    }
}

/// Where one table has periods and the other none, nothing tells which belong together.
fn refuse_periods(
    (table, values): (&Table, &IndicatorTable),
    (targets, goals): (&Table, &IndicatorTable),
) -> Result<()> {
    let lacks = |of: &IndicatorTable| of.groups.iter().all(|group| group.period.is_none());
    if values.groups.is_empty() || goals.groups.is_empty() || lacks(values) == lacks(goals) {
        return Ok(());
    }
    let without = if lacks(values) { table } else { targets };
    let headers = without.frame().get_column_names_owned();
    let headers: Vec<&str> = headers.iter().map(AsRef::as_ref).collect();
    let problem = Problem::MissingColumn {
        column: "period".to_owned(),
        aliases: "时期; the other table has it, and `period` gives that of a table without"
            .to_owned(),
        near: headers.join(", "),
    };
    Err(Error::new(problem, without.place(None, None)))
}

/// Whether the figures of months add up to that of their year: a flow, or a flow per head.
fn adds_up(catalog: &Catalog, indicator: &Indicator) -> bool {
    let flows = |id: &str| catalog.measure(id).is_ok_and(|of| of.over_time == OverTime::Sum);
    match &indicator.kind {
        Kind::Total { measure } => flows(measure),
        kind => {
            let parts = kind.numerator().zip(kind.denominator());
            parts.is_some_and(|(above, below)| flows(above) && !flows(below))
        }
    }
}

fn month_of_target(indicator: &Indicator, group: &Group, target: Option<Period>) -> Problem {
    let text =
        |period: Option<Period>| period.map_or_else(String::new, |period| period.to_string());
    let (period, target) = (text(group.period), text(target));
    Problem::MonthOfTarget { indicator: indicator.id.clone(), period, target }
}

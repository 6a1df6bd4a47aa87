//! Panels in the areas of one year (可比口径).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Query;
use super::collect::Collected;
use crate::area::history::{Crosswalk, Weights};
use crate::area::{AreaCode, Areas, History, Tier};
use crate::bind::Table;
use crate::error::{Error, Problem, Result};
use crate::number::Decimal;
use crate::period::Period;
use crate::state::{Key, Moves};
use crate::table::Report;

/// A crosswalk, and all areas that tables of its years may name.
#[derive(Debug)]
pub(super) struct Panel {
    walk: Crosswalk,
    given: Areas,
}

/// A crosswalk as a log keeps it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Harmonised {
    to: u16,
    years: Vec<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    weights: Vec<Part>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
struct Part {
    code: String,
    year: u16,
    to: String,
    weight: String,
}

impl Query<'_> {
    /// Areas of several years as areas of one (可比口径): sums of each period are brought into the units
    /// of the crosswalk before anything is rolled up or evaluated. Takes the place of
    /// [`areas`](Self::areas).
    ///
    /// Of a school year the areas of the year in which it begins count, and of a month those of its
    /// year, or of the year before where an area ended in that year. A year after the last list has the
    /// areas of that list. Codes that never were in a list, such as those of development zones, stay as
    /// they are.
    ///
    /// # Formula
    /// What merged is added up; what was divided falls to its successors in the shares of the
    /// crosswalk, which have six decimals, and exactly: a part of 11 children may be 2.75. Or else it
    /// falls to their union. The nation's sums stay as they are. A figure that was published without its parts moves with an area that has but another code
    /// or name.
    ///
    /// # Missing values
    /// A unit of which a part has no rows has no value, and is told (`part-absent`); nor has what cannot
    /// be summed over areas where several are one. Told are `code-not-in-year`, `no-successor`,
    /// `divided-area`, `other-extent`, `no-predecessor` and `united-areas`, too.
    ///
    /// # Errors
    /// `no-area-table`. When it is run, `bad-option` for periods of other years, for a table without
    /// periods, and for shares where schools are told apart.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, area::history::Crosswalk};
    /// let catalog = Catalog::builtin();
    /// let panel = df!["area" => ["140726", "140703"], "period" => [2015, 2020],
    ///     "projects" => [60, 40], "projects_done" => [52, 40]]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]);
    /// let walk = Crosswalk::to(2020, &query.years(&panel)?)?;
    /// let table = query.harmonised(walk)?.run(&panel)?;
    /// let taigu: Vec<_> = table.rows().map(|row| row.area().to_string()).collect();
    /// assert_eq!(taigu, ["140703", "140703"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn harmonised(mut self, walk: Crosswalk) -> Result<Self> {
        self.areas = walk.areas()?;
        self.options.harmonised = Some(Harmonised::of(&walk));
        self.panel = Some(Arc::new(Panel { walk, given: History::builtin().every() }));
        Ok(self)
    }

    /// The years of a table's periods, and of the one [given for it](Self::period), in ascending order: those
    /// that a [crosswalk](Crosswalk) must have. Before a part of a year comes the year before it.
    ///
    /// # Errors
    /// As for [`run`](Self::run), as far as they concern the header.
    pub fn years(&self, table: impl Into<Table>) -> Result<Vec<u16>> {
        let table = table.into();
        let periods =
            self.matched(&table)?.periods(&self.watch)?.into_iter().chain(self.options.period);
        // Values may stand on other periods than those asked for.
        let stands_alone = self.plan(&table).is_ok_and(|plan| !self.puts_periods_together(&plan));
        let wanted = |period: &Period| {
            !stands_alone
                || self.options.periods.is_empty()
                || self.options.periods.contains(period)
        };
        let years = periods.filter(wanted).flat_map(|period| {
            let is_part = matches!(period, Period::Month(_) | Period::YearToDate(_));
            let before = period.year().checked_sub(1).filter(|_| is_part);
            let before = before.filter(|year| History::years().contains(year));
            before.into_iter().chain([History::year_of_list(period.year())])
        });
        let years: BTreeSet<u16> = years.collect();
        Ok(years.into_iter().collect())
    }

    /// The same question in the units of another.
    pub(crate) fn of_panel(self, other: &Self) -> Self {
        Self { panel: other.panel.clone(), ..self }
    }

    /// The areas that rows may name.
    pub(super) fn given_areas(&self) -> &Areas {
        self.panel.as_ref().map_or(&self.areas, |panel| &panel.given)
    }

    /// What was collected, in the units of the crosswalk if there is one.
    pub(super) fn in_units(&self, collected: Collected) -> Result<Collected> {
        let Some(panel) = &self.panel else { return Ok(collected) };
        let Collected { states, reports, mut names, periods, mut findings, says_total } = collected;
        let keys = states.keys.iter().chain(reports.iter().map(|report| &report.key));
        let mut given: BTreeMap<Period, BTreeSet<AreaCode>> = BTreeMap::new();
        for key in keys {
            given.entry(key.period.ok_or_else(without_periods)?).or_default().insert(key.area);
        }
        let moves = Moves::of(&panel.walk, &self.areas, &given)?;
        let adds_up = self.adds_up(states.plan());
        let states = states.harmonised(&panel.walk, &moves, &adds_up)?;
        findings.extend(moves.findings.iter().cloned());
        let reports = self.moved(reports, &moves, &mut findings);
        names.retain(|code, _| self.areas.name(*code, self.options.lang).is_none());
        Ok(Collected { states, reports, names, periods, findings, says_total })
    }

    /// Published figures in their new places; those of areas that were put together have none.
    fn moved(&self, reports: Vec<Report>, moves: &Moves, findings: &mut Vec<Error>) -> Vec<Report> {
        let mut moved = Vec::new();
        for mut report in reports {
            let Key { period, area, .. } = report.key;
            if let Some(unit) = period.and_then(|period| moves.alone(period, area)) {
                report.key.area = unit;
                moved.push(report);
                continue;
            }
            let tier = self.given_areas().tier(area).map_or("", Tier::id).to_owned();
            let indicator = report.reported.of.clone();
            findings.push(Error::new(Problem::ReportedRollUp { indicator, tier }, report.place));
        }
        moved
    }
}

impl Harmonised {
    fn of(walk: &Crosswalk) -> Self {
        let parts = walk.weights().given().flat_map(|(code, year, parts)| {
            parts.iter().map(move |(to, weight)| Part {
                code: code.to_string(),
                year,
                to: to.to_string(),
                weight: weight.to_string(),
            })
        });
        Self { to: walk.year(), years: walk.years().collect(), weights: parts.collect() }
    }

    /// The crosswalk that is told.
    pub(crate) fn crosswalk(&self) -> Result<Crosswalk> {
        let rows = self.weights.iter().map(|Part { code, year, to, weight }| {
            Ok((code.parse()?, *year, to.parse()?, weight.parse::<Decimal>()?))
        });
        let weights = Weights::of(rows.collect::<Result<Vec<_>>>()?)?;
        Crosswalk::weighted(self.to, &self.years, &weights)
    }
}

fn without_periods() -> Error {
    Problem::BadOption {
        option: "table to harmonise".to_owned(),
        value: "one without periods".to_owned(),
        wanted: "a column of periods, or `period` for the whole table".to_owned(),
    }
    .into()
}

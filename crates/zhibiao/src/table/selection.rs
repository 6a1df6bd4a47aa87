//! Selecting (筛选): the same table with some of its rows.

use super::IndicatorTable;
use crate::area::{AreaCode, Tier};
use crate::error::{Problem, Result, near};
use crate::period::Period;

/// Which rows of a table are wanted (筛选条件). An empty list wants all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Areas.
    pub areas: Vec<AreaCode>,
    /// Areas that are wanted with everything that lies in them.
    pub within: Vec<AreaCode>,
    /// Tiers.
    pub tiers: Vec<Tier>,
    /// Periods.
    pub periods: Vec<Period>,
    /// Indicators by id or exact name, in the order in which they are wanted.
    pub indicators: Vec<String>,
}

impl IndicatorTable {
    /// The table with some of its rows; values, statuses and coverage stay as they are.
    ///
    /// # Errors
    /// `bad-option` for an area, tier, period or indicator that the table has nothing of: asking
    /// for it is a slip.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, table::Selection};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140728", "140729"], "projects" => [60, 40], "projects_done" => [52, 40]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
    /// let pingyao = Selection { areas: vec!["140728".parse()?], ..Selection::default() };
    /// assert_eq!(table.select(&pingyao)?.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn select(&self, wanted: &Selection) -> Result<Self> {
        let groups = || self.groups.iter();
        for area in &wanted.areas {
            let has = groups().any(|group| group.area == *area);
            has.then_some(()).ok_or_else(|| self.lacks_area("area", *area))?;
        }
        for area in &wanted.within {
            let has = groups().any(|group| self.areas.is_within(group.area, *area));
            has.then_some(()).ok_or_else(|| self.lacks_area("outer area", *area))?;
        }
        for tier in &wanted.tiers {
            let given = groups().map(|group| group.tier.id());
            one_of_table("tier", tier.id(), given)?;
        }
        for period in &wanted.periods {
            let given = groups().filter_map(|group| group.period.map(|period| period.to_string()));
            one_of_table("period", &period.to_string(), given)?;
        }
        let mut selected = self.with_columns(&wanted.indicators)?;
        selected.keep(|group| {
            let any = |list: &[AreaCode], fits: &dyn Fn(AreaCode) -> bool| {
                list.is_empty() || list.iter().any(|area| fits(*area))
            };
            any(&wanted.areas, &|area| group.area == area)
                && any(&wanted.within, &|area| self.areas.is_within(group.area, area))
                && (wanted.tiers.is_empty() || wanted.tiers.contains(&group.tier))
                && (wanted.periods.is_empty()
                    || group.period.is_some_and(|period| wanted.periods.contains(&period)))
        });
        Ok(selected)
    }

    /// The table with some of its indicators.
    fn with_columns(&self, wanted: &[String]) -> Result<Self> {
        if wanted.is_empty() {
            return Ok(self.clone());
        }
        let mut chosen: Vec<usize> = Vec::with_capacity(wanted.len());
        for name in wanted {
            let at = self.indicator_at(name)?;
            if !chosen.contains(&at) {
                chosen.push(at);
            }
        }
        Ok(Self {
            columns: chosen.iter().filter_map(|at| self.columns.get(*at).cloned()).collect(),
            shown: chosen.len(),
            ..self.clone()
        })
    }

    /// Position of an indicator by id or exact name.
    pub(crate) fn indicator_at(&self, name: &str) -> Result<usize> {
        let named = |id_only: bool| {
            self.indicators().position(|indicator| {
                indicator.id == name || (!id_only && indicator.names().any(|known| known == name))
            })
        };
        let given = self.indicators().map(|indicator| indicator.id.as_str());
        named(true)
            .or_else(|| named(false))
            .ok_or_else(|| lacks("indicator", name, &near(name, given)))
    }

    pub(crate) fn lacks_area(&self, what: &str, area: AreaCode) -> crate::Error {
        let given: Vec<String> = self.groups.iter().map(|group| group.area.to_string()).collect();
        let area = area.to_string();
        lacks(what, &area, &near(&area, given.iter().map(String::as_str)))
    }
}

fn one_of_table<S: AsRef<str>>(
    what: &str,
    value: &str,
    given: impl Iterator<Item = S> + Clone,
) -> Result<()> {
    if given.clone().any(|given| given.as_ref() == value) {
        return Ok(());
    }
    let given: Vec<S> = given.collect();
    Err(lacks(what, value, &near(value, given.iter().map(AsRef::as_ref))))
}

/// For what was asked of a table that has nothing of it.
pub(crate) fn lacks(what: &str, value: &str, near: &str) -> crate::Error {
    Problem::BadOption {
        option: format!("{what} of this table"),
        value: value.to_owned(),
        wanted: format!("one that the table has, such as {near}"),
    }
    .into()
}

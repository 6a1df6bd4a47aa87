//! The plan (计划): the fewest distinct sums that serve all indicators asked for.
//!
//! A plan knows no engine and no table, only which measures and dimensions there are. Printing it
//! shows what will be summed.
//!
//! May use `error`, `label`, `number`, `unit`, `area`, `period` and `catalog`.

mod asked;
mod definition;
mod finer;
mod planner;
mod text;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::planner::Planner;
use crate::catalog::{
    Among, Arithmetic, Catalog, ChangeForm, Condition, Indicator, Kind, Linear, OverTime,
};
use crate::error::{Error, Problem, Result};
use crate::label::Label;
use crate::number::Decimal;
use crate::period::{Before, Month};

pub(crate) use self::asked::Asked;
pub(crate) use self::definition::Definition;
use self::definition::{Noting, Offered};

/// What to do where a part of an indicator is missing (缺失值规则).
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Policy {
    /// One missing part makes the value missing (从严). The default.
    #[default]
    Any,
    /// Only rows that have all parts of the indicator are used (完整行).
    Complete,
    /// As `Complete`, but the value is missing unless at least this share of rows is complete;
    /// a decimal from 0 to 1.
    AtLeast(Decimal),
}

impl FromStr for Policy {
    type Err = Error;

    /// Reads `any`, `complete`, or a share such as `0.95`.
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "any" => Ok(Self::Any),
            "complete" => Ok(Self::Complete),
            share => share.parse().map(Self::AtLeast).map_err(|_| {
                let wanted = "any, complete, or a share of rows such as 0.95".to_owned();
                let (option, value) = ("policy".to_owned(), share.to_owned());
                Problem::BadOption { option, value, wanted }.into()
            }),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Complete => f.write_str("complete"),
            Self::AtLeast(share) => share.fmt(f),
        }
    }
}

impl TryFrom<String> for Policy {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        text.parse()
    }
}

impl From<Policy> for String {
    fn from(policy: Policy) -> Self {
        policy.to_string()
    }
}

/// What a table offers.
pub(crate) trait Offer {
    /// Whether there is a column of the measure.
    fn measure(&self, id: &str) -> bool;
    /// Whether there is a column of the dimension.
    fn dimension(&self, id: &str) -> bool;
    /// Whether schools are told apart.
    fn schools(&self) -> bool;
}

/// How a plan is made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlanRules<'a> {
    pub(crate) policy: Policy,
    /// Ids of the dimensions that groups are split by.
    pub(crate) slices: &'a [String],
    /// Which rows count.
    pub(crate) filter: Option<&'a Condition>,
    /// Whether months are put together.
    pub(crate) over_months: bool,
}

/// Sums to make, and how indicators are put together from them (计划).
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub(crate) sums: Vec<PlannedSum>,
    pub(crate) filters: Vec<Condition>,
    /// Those asked for, then those that they stand on.
    pub(crate) indicators: Vec<PlannedIndicator>,
    /// How many were asked for.
    pub(crate) shown: usize,
    pub(crate) policy: Policy,
    /// Ids of the dimensions that groups are split by.
    pub(crate) slices: Vec<String>,
    /// The sum that counts the rows that count; none where all do.
    pub(crate) counted: Option<usize>,
    /// Whether months may be put together.
    over_months: bool,
    /// The crosswalk that its sums were brought into units by, and the decimals that they got.
    pub(crate) units: Option<(String, u8)>,
    offered: Offered,
}

/// One exact sum over the rows of a group.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PlannedSum {
    /// What is added up; `None` counts rows.
    pub(crate) of: Option<Linear>,
    /// Decimals of the integers that are added.
    pub(crate) scale: u8,
    /// Position of its filter.
    pub(crate) filter: Option<usize>,
    /// Sums that a row must not lack either, so that only complete rows count.
    pub(crate) among: Vec<usize>,
    /// What becomes of it over months.
    pub(crate) over_time: OverTime,
}

/// An indicator in terms of sums, or of other indicators.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlannedIndicator {
    pub(crate) indicator: Indicator,
    pub(crate) how: How,
}

/// How an indicator is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum How {
    /// From sums; earlier definitions first, the present one last.
    Quotient(Vec<Version>),
    /// From one indicator at two periods.
    Change { of: usize, before: Before, form: ChangeForm },
    /// From other indicators.
    Derived { inputs: Vec<usize>, formula: Arithmetic },
    /// From the sums of schools or areas; none where the table reports it but has not its parts.
    Dispersion(Option<PlannedDispersion>),
    /// The mean of dispersions.
    Composite { inputs: Vec<usize> },
}

/// The definition of an indicator until some month.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Version {
    /// None for the present one.
    pub(crate) until: Option<Month>,
    pub(crate) numerator_name: Label,
    /// Empty for a total.
    pub(crate) denominator_name: Label,
    /// None where the table has not its parts.
    pub(crate) parts: Option<PlannedParts>,
    /// Whether all parts can be summed over areas.
    pub(crate) over_areas: bool,
    /// Whether numerator and denominator count whole units.
    pub(crate) counted: (bool, bool),
}

/// Parts of an indicator; denominators are at one scale.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PlannedParts {
    pub(crate) numerator: Combination,
    /// Of the same period; none for a total, and where all of it is of an earlier one.
    pub(crate) denominator: Option<Combination>,
    /// Added to the denominator.
    pub(crate) lagged: Option<Lagged>,
    /// The sum that counts rows lacking a part.
    pub(crate) lacking: usize,
}

/// A denominator of an earlier period.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Lagged {
    pub(crate) before: Before,
    pub(crate) denominator: Combination,
}

/// Parts of a dispersion.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct PlannedDispersion {
    pub(crate) resource: Combination,
    pub(crate) weight: Combination,
    pub(crate) among: Among,
    /// The sum that counts rows lacking a part.
    pub(crate) lacking: usize,
}

/// Coefficients and positions of sums; all at one scale.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Combination {
    pub(crate) terms: Vec<(i64, usize)>,
    pub(crate) scale: u8,
}

/// A part that the table does not offer.
#[derive(Clone, Debug)]
pub(crate) struct Lacking {
    /// Measure or dimension id.
    pub(crate) id: String,
    /// Headers that it could have had.
    pub(crate) aliases: Vec<String>,
}

impl Plan {
    /// Plans indicators; one whose parts are lacking is given to `reported`, which refuses it
    /// unless it can go without them.
    pub(crate) fn new(
        catalog: &Catalog,
        asked: &Asked,
        rules: PlanRules<'_>,
        offer: &dyn Offer,
        reported: &mut dyn FnMut(&Indicator, Lacking) -> Result<()>,
    ) -> Result<Self> {
        let noting = Noting::new(offer);
        let mut planner = Planner::new(catalog, &noting, rules.filter);
        let mut planned = Vec::new();
        for indicator in &asked.indicators {
            let how = match &indicator.kind {
                kind if asked.as_given && !matches!(kind, Kind::Total { .. }) => {
                    How::Quotient(vec![Version::default()])
                }
                Kind::Change { of, before, form } => {
                    How::Change { of: asked.position(of), before: *before, form: *form }
                }
                Kind::Derived { inputs, formula, .. } => How::Derived {
                    inputs: inputs.iter().map(|(_, id)| asked.position(id)).collect(),
                    formula: formula.clone(),
                },
                Kind::Composite { of } => {
                    How::Composite { inputs: of.iter().map(|id| asked.position(id)).collect() }
                }
                Kind::Dispersion { resource, weight, among, filter } => {
                    match planner.dispersion((resource, weight), *among, filter.as_ref())? {
                        Ok(dispersion) => How::Dispersion(Some(dispersion)),
                        Err(lacking) => {
                            reported(indicator, lacking)?;
                            How::Dispersion(None)
                        }
                    }
                }
                _ => {
                    let (versions, lacking) = planner.versions(indicator)?;
                    if let Some(lacking) = lacking {
                        reported(indicator, lacking)?;
                    }
                    How::Quotient(versions)
                }
            };
            planned.push(PlannedIndicator { indicator: indicator.clone(), how });
        }
        let PlanRules { policy, slices, over_months, filter: _ } = rules;
        if policy != Policy::Any {
            for indicator in &mut planned {
                if let How::Quotient(versions) = &mut indicator.how {
                    for version in versions {
                        let parts = version.parts.take();
                        version.parts = parts.map(|parts| planner.complete(&parts, over_months));
                    }
                }
            }
        }
        let counted = planner.counted();
        let Planner { sums, filters, .. } = planner;
        let shown = asked.shown;
        let slices = slices.to_vec();
        let (indicators, offered) = (planned, noting.noted());
        Ok(Self {
            sums,
            filters,
            indicators,
            shown,
            policy,
            slices,
            counted,
            over_months,
            units: None,
            offered,
        })
    }

    /// Whether a value stands on figures of earlier periods.
    pub(crate) fn looks_back(&self) -> bool {
        self.look_back().next().is_some()
    }

    /// How far back values look.
    pub(crate) fn look_back(&self) -> impl Iterator<Item = Before> {
        self.indicators.iter().flat_map(|planned| match &planned.how {
            How::Change { before, .. } => vec![*before],
            How::Quotient(versions) => {
                let parts = versions.iter().filter_map(|version| version.parts.as_ref());
                parts.filter_map(|parts| Some(parts.lagged.as_ref()?.before)).collect()
            }
            How::Derived { .. } | How::Dispersion(_) | How::Composite { .. } => Vec::new(),
        })
    }

    /// Whether states must tell schools apart.
    pub(crate) fn needs_schools(&self) -> bool {
        self.indicators.iter().any(|planned| {
            let How::Dispersion(Some(dispersion)) = &planned.how else { return false };
            dispersion.among == Among::School
        })
    }

    /// Positions of all indicators that one stands on, itself first, each once.
    pub(crate) fn beneath(&self, indicator: usize) -> Vec<usize> {
        let inputs = |at: usize| self.indicators.get(at).map(|planned| planned.how.inputs());
        asked::beneath(indicator, |at| inputs(at).unwrap_or_default())
    }

    /// Positions of the indicators, those that others stand on first.
    pub(crate) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::with_capacity(self.indicators.len());
        let mut waiting: Vec<usize> = (0..self.indicators.len()).collect();
        // Ends: the catalogue has no circles, so each round finds one that is ready.
        while !waiting.is_empty() {
            let ready = |at: &usize| {
                let inputs = self.indicators.get(*at).map(|planned| planned.how.inputs());
                inputs.is_none_or(|inputs| inputs.iter().all(|input| order.contains(input)))
            };
            let (found, later): (Vec<usize>, Vec<usize>) = waiting.iter().partition(|at| ready(at));
            if found.is_empty() {
                break;
            }
            order.extend(found);
            waiting = later;
        }
        order
    }

    /// Ids of the measures whose columns are read.
    pub(crate) fn measures(&self) -> Vec<&str> {
        let rows = self.sums.iter().filter_map(|sum| sum.of.as_ref());
        let rows = rows.chain(self.filters.iter().flat_map(Condition::rows));
        unique(rows.flat_map(|row| row.parts.iter().map(|(_, id)| id.as_str())))
    }

    /// Measures that are summed, and compared with nothing.
    pub(crate) fn only_summed(&self) -> Vec<&str> {
        let compared: Vec<&str> = unique(
            self.filters
                .iter()
                .flat_map(Condition::rows)
                .flat_map(|row| row.parts.iter().map(|(_, id)| id.as_str())),
        );
        let summed = self.sums.iter().filter_map(|sum| sum.of.as_ref());
        let summed = unique(summed.flat_map(|row| row.parts.iter().map(|(_, id)| id.as_str())));
        summed.into_iter().filter(|id| !compared.contains(id)).collect()
    }

    /// Measures of a sum, for messages.
    pub(crate) fn label(&self, sum: usize) -> String {
        let of = self.sums.get(sum).and_then(|sum| sum.of.as_ref());
        let ids: Vec<String> =
            of.iter().flat_map(|of| of.parts.iter().map(|(_, id)| format!("`{id}`"))).collect();
        if ids.is_empty() { "rows".to_owned() } else { ids.join(" and ") }
    }

    /// Ids of the dimensions that filters test.
    pub(crate) fn dimensions(&self) -> Vec<&str> {
        unique(self.filters.iter().flat_map(Condition::tests).map(|(dimension, _)| dimension))
    }
}

impl How {
    /// Positions of the indicators that it stands on.
    pub(crate) fn inputs(&self) -> Vec<usize> {
        match self {
            Self::Change { of, .. } => vec![*of],
            Self::Derived { inputs, .. } | Self::Composite { inputs } => inputs.clone(),
            Self::Quotient(_) | Self::Dispersion(_) => Vec::new(),
        }
    }

    /// The version in force at the end of a period.
    pub(crate) fn version(&self, end: Option<Month>) -> Option<&Version> {
        let Self::Quotient(versions) = self else { return None };
        let holds = |version: &&Version| match (version.until, end) {
            (Some(until), Some(end)) => end <= until,
            (Some(_), None) => false,
            (None, _) => true,
        };
        versions.iter().find(holds)
    }
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for id in ids {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

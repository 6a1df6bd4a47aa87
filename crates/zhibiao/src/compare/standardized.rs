//! Rates as they would be if all areas had the same population.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown, printed};
use super::chance::{Chance, LimitOptions};
use crate::area::AreaCode;
use crate::catalog::Kind;
use crate::error::{Problem, Result, near};
use crate::number::Decimal;
use crate::period::Period;
use crate::stat::{Level, Limits, Reference, Stratum, direct_rate, indirect_ratio};
use crate::table::{Group, IndicatorTable, Row, Status, TOTAL_ID};

/// A standard population (标准人口): how many there are of each stratum, by key, never by position.
///
/// A key is the slice of each dimension that a table is split by, by id or name, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StandardPopulation {
    strata: BTreeMap<Vec<String>, f64>,
}

impl StandardPopulation {
    /// Collects strata.
    ///
    /// # Errors
    /// `bad-option` for a number that is negative or none, for a key that comes twice, and where there
    /// is nobody at all.
    pub fn new(strata: impl IntoIterator<Item = (Vec<String>, f64)>) -> Result<Self> {
        let bad = |value: String, wanted: &str| -> crate::Error {
            let (option, wanted) = ("standard population".to_owned(), wanted.to_owned());
            Problem::BadOption { option, value, wanted }.into()
        };
        let mut standard = Self::default();
        for (key, number) in strata {
            if !(number >= 0.0 && number.is_finite()) {
                let value = format!("{}: {number}", key.join(", "));
                return Err(bad(value, "a number that is not negative"));
            }
            if let Some(before) = standard.strata.insert(key.clone(), number) {
                let value = format!("{}: {before} and {number}", key.join(", "));
                return Err(bad(value, "each stratum once"));
            }
        }
        if standard.strata.values().all(|number| *number <= 0.0) {
            return Err(bad("0".to_owned(), "at least one stratum above 0"));
        }
        Ok(standard)
    }
}

/// A standardized rate (标准化率).
#[derive(Clone, Debug, PartialEq)]
pub struct StandardizedRate {
    /// The rate of all strata together, as it is.
    pub crude: Option<f64>,
    /// `direct` or `indirect`.
    pub method: &'static str,
    /// How many strata it is made of.
    pub strata: usize,
    /// Events that were counted.
    pub observed: Option<f64>,
    /// Events that the rates of the reference would give; of an indirect rate.
    pub expected: Option<f64>,
    /// The first over the second.
    pub ratio: Option<f64>,
    /// Confidence level.
    pub level: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

impl Figures for StandardizedRate {
    const TITLE: [&'static str; 2] = ["标准化率", "Standardized rates"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new("crude", ["粗率", "crude"], Of::Number(|own| own.crude, Shown::InUnit)),
        Figure::new("method", ["方法", "method"], Of::Words(|own| Some(own.method))),
        Figure::new("strata", ["层数", "strata"], Of::Whole(|own| u64::try_from(own.strata).ok())),
        Figure::new(
            "observed",
            ["观察数", "observed"],
            Of::Number(|own| own.observed, Shown::Plain(0)),
        ),
        Figure::new(
            "expected",
            ["期望数", "expected"],
            Of::Number(|own| own.expected, Shown::Plain(1)),
        ),
        Figure::new("ratio", ["标准化比", "ratio"], Of::Number(|own| own.ratio, Shown::Plain(3))),
        Figure::new("level", ["置信水平", "level"], Of::Number(|own| own.level, Shown::Plain(3))),
        Figure::new("lower", ["下限", "lower"], Of::Number(|own| own.lower, Shown::InUnit)),
        Figure::new("upper", ["上限", "upper"], Of::Number(|own| own.upper, Shown::InUnit)),
    ];
}

/// The groups of one area and period, one a stratum.
struct Layers {
    /// The first of them, undivided.
    group: Group,
    /// Positions by key of ids.
    strata: BTreeMap<Vec<String>, usize>,
}

/// Counts of one stratum.
#[derive(Clone, Copy)]
struct Counts {
    x: f64,
    n: f64,
    factor: f64,
    is_share: bool,
}

impl IndicatorTable {
    /// The rates that each area would have with a standard population (直接标准化率): one row per area,
    /// period, indicator and level; one without limits where there are no levels.
    ///
    /// The table is split by the dimensions whose slices are the strata; rows of totals are passed
    /// over.
    ///
    /// # Formula
    /// As [`direct_rate`]; limits of the sum of events by the method of `how` for counts.
    ///
    /// # Missing values
    /// `no_stratum` where a stratum with weight is not in the table, or has no counts. Strata of
    /// weight 0 need not be there. Limits are those of events: a share has none (`no_model`), nor has
    /// a rate without events. What is no quotient of counts has no rate (`no_model`).
    ///
    /// # Errors
    /// `bad-option` for a stratum that the table never has, and for one of the table that the standard
    /// has not.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::compare::{LimitOptions, StandardPopulation};
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let county = df![
    ///     "area" => ["140728", "140728"], "sex" => ["女", "男"],
    ///     "projects" => [1000, 100], "projects_done" => [20, 10],
    /// ]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]).slices(["sex"]);
    /// let standard = StandardPopulation::new([
    ///     (vec!["male".to_owned()], 3.0),
    ///     (vec!["female".to_owned()], 1.0),
    /// ])?;
    /// let rates = query.run(&county)?.standardized(&standard, &LimitOptions::default())?;
    /// // (1 × 2 % + 3 × 10 %) ÷ 4, where the crude rate is 30 of 1100.
    /// assert_eq!((rates.rows().next().unwrap().value().unwrap() * 1e6).round(), 8e6);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10:457–462.
    pub fn standardized(
        &self,
        standard: &StandardPopulation,
        how: &LimitOptions,
    ) -> Result<Compared<StandardizedRate>> {
        let weights = self.weights(standard)?;
        let direct = |layers: &Layers, at: usize, level: Level| {
            let mut strata = Vec::new();
            for (key, weight) in weights.iter().filter(|(_, weight)| **weight > 0.0) {
                let counts = self.counts(*layers.strata.get(key)?, at)?;
                strata.push((counts, *weight));
            }
            let factor = strata.first().map(|(counts, _)| counts.factor)?;
            let is_share = strata.iter().any(|(counts, _)| counts.is_share);
            let there = self.all_counts(layers, at);
            let each = strata.iter().map(|(counts, weight)| Stratum {
                count: counts.x,
                population: counts.n,
                weight: *weight,
            });
            let all: Vec<Stratum> = each.collect();
            let found = direct_rate(&all, level, how.count)?;
            let observed: f64 = all.iter().map(|of| of.count).sum();
            Some(Made {
                value: found.value * factor,
                limits: found.limits.filter(|_| !is_share).map(|limits| limits.scaled(factor)),
                crude: there,
                strata: all.len(),
                observed,
                expected: None,
            })
        };
        self.by_strata("direct", how, &direct)
    }

    /// The rates of each area against those of a reference area in the same period (间接标准化率): what
    /// was counted over what the rates of the reference would give, times the rate of the reference.
    ///
    /// # Formula
    /// As [`indirect_ratio`]; `value = ratio × rate of the reference`, all strata together.
    ///
    /// # Missing values
    /// `no_stratum` where a stratum of the area is not in the reference, or one of both has no counts;
    /// `itself` for the reference.
    ///
    /// # Errors
    /// `bad-option` where the table has no row of the reference, or is not split.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::compare::LimitOptions;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let counties = df![
    ///     "area" => ["140728", "140728", "140729", "140729"], "sex" => ["女", "男", "女", "男"],
    ///     "projects" => [1000, 100, 500, 500], "projects_done" => [30, 12, 10, 50],
    /// ]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]).slices(["sex"]);
    /// let rates = query.run(&counties)?.indirect("140729".parse()?, &LimitOptions::default())?;
    /// let pingyao = rates.rows().next().unwrap().figures();
    /// // Of 1000 at 2 % and 100 at 10 %, 30 would be done; 42 are.
    /// assert_eq!((pingyao.expected, pingyao.ratio), (Some(30.0), Some(1.4)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// Breslow & Day (1987), *Statistical Methods in Cancer Research* II, section 2.3.
    pub fn indirect(
        &self,
        reference: AreaCode,
        how: &LimitOptions,
    ) -> Result<Compared<StandardizedRate>> {
        self.refuse_undivided()?;
        let layers = self.layers();
        let references: HashMap<Option<Period>, &Layers> = layers
            .iter()
            .filter(|layers| layers.group.area == reference && layers.group.school.is_none())
            .map(|layers| (layers.group.period, layers))
            .collect();
        if references.is_empty() {
            return Err(self.lacks_area("reference area", reference));
        }
        let indirect = |layers: &Layers, at: usize, level: Level| {
            let there = references.get(&layers.group.period)?;
            let mut strata = Vec::new();
            let mut is_share = false;
            for (key, position) in &layers.strata {
                let own = self.counts(*position, at)?;
                let other = self.counts(*there.strata.get(key)?, at)?;
                is_share |= other.is_share;
                strata.push(Reference {
                    count: own.x,
                    population: own.n,
                    reference_count: other.x,
                    reference_population: other.n,
                });
            }
            let found = indirect_ratio(&strata, level, how.count)?;
            let rate = self.all_counts(there, at)?;
            let limits = found.ratio.limits.filter(|_| !is_share);
            Some(Made {
                value: found.ratio.value * rate,
                limits: limits.map(|limits| limits.scaled(rate)),
                crude: self.all_counts(layers, at),
                strata: strata.len(),
                observed: found.observed,
                expected: Some(found.expected),
            })
        };
        let mut answer = self.by_strata("indirect", how, &indirect)?;
        answer.because(Reason::Itself, |group| group.area == reference && group.school.is_none());
        Ok(answer)
    }

    fn by_strata(
        &self,
        method: &'static str,
        how: &LimitOptions,
        made: &dyn Fn(&Layers, usize, Level) -> Option<Made>,
    ) -> Result<Compared<StandardizedRate>> {
        self.refuse_undivided()?;
        let mut answer: Compared<StandardizedRate> = Compared::about(self);
        answer.groups.clear();
        answer.slices.clear();
        let levels: Vec<Option<Level>> = match how.levels.as_slice() {
            [] => vec![None],
            levels => levels.iter().copied().map(Some).collect(),
        };
        // The value does not depend on the level.
        let any = Level::new(0.95)?;
        for layers in self.layers() {
            for (at, indicator) in self.indicators().enumerate() {
                for level in &levels {
                    let found = made(&layers, at, level.unwrap_or(any));
                    let value = found.as_ref().map(|found| found.value);
                    let limits = level.and(found.as_ref()).and_then(|found| found.limits);
                    let own = Own {
                        value,
                        display: value.map(|value| printed(value, indicator.decimals)),
                        reason: match value {
                            Some(_) if level.is_some() && limits.is_none() => Reason::NoModel,
                            Some(_) => Reason::Of(Status::Ok),
                            None => self.lacks(&layers, at),
                        },
                    };
                    let expected = found.as_ref().and_then(|found| found.expected);
                    let observed = found.as_ref().map(|found| found.observed);
                    let figures = StandardizedRate {
                        crude: found.as_ref().and_then(|found| found.crude),
                        method,
                        strata: found.as_ref().map_or(0, |found| found.strata),
                        observed,
                        expected,
                        ratio: observed
                            .zip(expected)
                            .map(|(observed, expected)| observed / expected),
                        level: level.map(Level::level),
                        lower: limits.map(|limits| limits.lower),
                        upper: limits.map(|limits| limits.upper),
                    };
                    answer.push((answer.groups.len(), at), own, figures);
                }
            }
            answer.groups.push(layers.group);
        }
        Ok(answer)
    }

    /// Weights by ids of slices; each stratum of the table has one.
    fn weights(&self, standard: &StandardPopulation) -> Result<BTreeMap<Vec<String>, f64>> {
        self.refuse_undivided()?;
        let mut known: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
        for group in &self.groups {
            let Some(key) = key(group) else { continue };
            let names = group.slices.iter().flatten().map(|(_, name)| name.clone()).collect();
            known.insert(key, names);
        }
        let bad = |value: &[String], wanted: String| -> crate::Error {
            let option = "stratum of the standard population".to_owned();
            Problem::BadOption { option, value: value.join(", "), wanted }.into()
        };
        let mut weights = BTreeMap::new();
        for (asked, weight) in &standard.strata {
            let found = known.iter().find(|(ids, names)| {
                let each = ids.iter().zip(*names).zip(asked);
                ids.len() == asked.len()
                    && each.clone().all(|((id, name), own)| id == own || name == own)
            });
            let Some((ids, _)) = found else {
                let listed: Vec<String> =
                    known.keys().map(|ids| format!("({})", ids.join(", "))).collect();
                let near = near(&asked.join(", "), listed.iter().map(String::as_str));
                return Err(bad(asked, format!("one that the table has, such as {near}")));
            };
            if weights.insert(ids.clone(), *weight).is_some() {
                return Err(bad(asked, "each stratum once, by id or by name".to_owned()));
            }
        }
        match known.keys().find(|ids| !weights.contains_key(*ids)) {
            Some(ids) => {
                Err(bad(ids, "all strata of the table; one without weight is 0".to_owned()))
            }
            None => Ok(weights),
        }
    }

    fn refuse_undivided(&self) -> Result<()> {
        if !self.slices.is_empty() {
            return Ok(());
        }
        let wanted = "a table that is split by the dimensions of the strata: `slices`".to_owned();
        let (option, value) = ("table".to_owned(), "undivided".to_owned());
        Err(Problem::BadOption { option, value, wanted }.into())
    }

    /// Areas and periods in order, each with its strata.
    fn layers(&self) -> Vec<Layers> {
        let mut all: Vec<Layers> = Vec::new();
        for (position, group) in self.groups.iter().enumerate() {
            let Some(key) = key(group) else { continue };
            let same = |layers: &&mut Layers| {
                let of = &layers.group;
                (of.tier, of.area, &of.school, of.period)
                    == (group.tier, group.area, &group.school, group.period)
            };
            match all.last_mut().filter(same) {
                Some(layers) => {
                    layers.strata.insert(key, position);
                }
                None => all.push(Layers {
                    group: Group { slices: Arc::default(), ..group.clone() },
                    strata: BTreeMap::from([(key, position)]),
                }),
            }
        }
        all
    }

    /// Counts of one stratum; a stratum of nobody has none, and adds nothing.
    fn counts(&self, group: usize, at: usize) -> Option<Counts> {
        let row: Row<'_> = self.rows_of(group).nth(at)?;
        let is_share = matches!(row.indicator().kind, Kind::Share { .. });
        match Chance::of(row) {
            Some(Chance::Share { x, n, factor } | Chance::Rate { x, n, factor }) => {
                row.denominator().map(|_| Counts { x, n, factor, is_share })
            }
            None => {
                let zero = |part: Option<Decimal>| part.is_some_and(|part| part.mantissa() == 0);
                let nobody = zero(row.numerator()) && zero(row.denominator());
                nobody.then_some(Counts { x: 0.0, n: 0.0, factor: 1.0, is_share })
            }
        }
    }

    /// The rate of all strata of an area together.
    fn all_counts(&self, layers: &Layers, at: usize) -> Option<f64> {
        let each = layers.strata.values().map(|position| self.counts(*position, at));
        let each: Vec<Counts> = each.collect::<Option<_>>()?;
        let sum = |of: fn(&Counts) -> f64| each.iter().map(of).sum::<f64>();
        let factor = each.iter().find(|counts| counts.n > 0.0)?.factor;
        Some(factor * sum(|counts| counts.x) / sum(|counts| counts.n))
    }

    /// Why an area has no rate: nothing tells how its events come about, or a stratum lacks.
    fn lacks(&self, layers: &Layers, at: usize) -> Reason {
        let rows = || layers.strata.values().filter_map(|group| self.rows_of(*group).nth(at));
        let valued = rows().filter(|row| row.value().is_some());
        let without =
            valued.clone().count() > 0 && valued.clone().all(|row| Chance::of(row).is_none());
        if without { Reason::NoModel } else { Reason::NoStratum }
    }
}

/// A rate of one area.
struct Made {
    value: f64,
    /// None where chance does not act on events: of shares.
    limits: Option<Limits>,
    crude: Option<f64>,
    strata: usize,
    observed: f64,
    expected: Option<f64>,
}

/// Ids of the slices of a group; none of a total.
fn key(group: &Group) -> Option<Vec<String>> {
    let ids = group.slices.iter().map(|slice| slice.as_ref().map(|(id, _)| id.clone()));
    let ids: Vec<String> = ids.collect::<Option<_>>()?;
    ids.iter().all(|id| id != TOTAL_ID).then_some(ids)
}

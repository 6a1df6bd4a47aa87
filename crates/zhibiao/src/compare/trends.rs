//! Whether areas get better.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::chance::{Chance, LimitOptions};
use crate::area::{AreaCode, Tier};
use crate::catalog::{Better, Indicator};
use crate::error::{Problem, Result};
use crate::period::{Before, Period};
use crate::stat::{Level, Trend, annual_growth, chi_square_trend, weighted_trend};
use crate::table::{IndicatorTable, Named, Row, Value};

/// How trends are found (趋势选项).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendOptions {
    /// How many of the last periods are looked at.
    pub points: usize,
    /// What the last value is held against.
    pub before: Before,
    /// The level of significance.
    pub level: Level,
}

/// Fewest points of a trend.
const FEWEST: usize = 3;

/// The ends of 95 % limits lie so many standard errors apart.
const APART: f64 = 3.92;

impl TrendOptions {
    /// The last five periods at a level of 0.998, and the change on the period before.
    ///
    /// # Errors
    /// None: the level is one.
    pub fn new() -> Result<Self> {
        Ok(Self { points: 5, before: Before::Periods(1), level: Level::new(0.998)? })
    }
}

/// How a value has come to be (趋势).
#[derive(Clone, Debug, PartialEq)]
pub struct TrendFigures {
    /// The first period that was looked at.
    pub from: Option<Arc<str>>,
    /// How many have a value.
    pub points: usize,
    /// Value minus the earlier one; percentage points for %.
    pub change: Option<f64>,
    /// That over the earlier one, in %.
    pub change_percent: Option<f64>,
    /// Average growth a year since the first period, in %.
    pub annual_growth: Option<f64>,
    /// Slope a year, in the unit of the indicator; percentage points for %.
    pub slope: Option<f64>,
    /// Chi-square of one degree of freedom.
    pub statistic: Option<f64>,
    /// Its probability where nothing changes.
    pub p: Option<f64>,
    /// `chi_square` of counts, or `regression` of values.
    pub method: Option<&'static str>,
    /// `improving`, `worsening`; `rising`, `falling` where neither is better; `none`.
    pub trend: Option<&'static str>,
}

impl Figures for TrendFigures {
    const TITLE: [&'static str; 2] = ["趋势", "Trends"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::leading("from", ["起始时期", "from"], Of::Words(|own| own.from.as_deref())),
        Figure::new(
            "points",
            ["时期数", "points"],
            Of::Whole(|own| u64::try_from(own.points).ok()),
        ),
        Figure::new("change", ["变动", "change"], Of::Number(|own| own.change, Shown::Difference)),
        Figure::new(
            "change_percent",
            ["变动率(%)", "change (%)"],
            Of::Number(|own| own.change_percent, Shown::Plain(2)),
        ),
        Figure::new(
            "annual_growth",
            ["年均增长(%)", "annual growth (%)"],
            Of::Number(|own| own.annual_growth, Shown::Plain(2)),
        ),
        Figure::new("slope", ["年斜率", "slope"], Of::Number(|own| own.slope, Shown::Difference)),
        Figure::new(
            "statistic",
            ["卡方", "chi-square"],
            Of::Number(|own| own.statistic, Shown::Plain(2)),
        ),
        Figure::new("p", ["p值", "p"], Of::Number(|own| own.p, Shown::Plain(4))),
        Figure::new("method", ["方法", "method"], Of::Words(|own| own.method)),
        Figure::new("trend", ["趋势", "trend"], Of::Words(|own| own.trend)),
    ];
}

/// One period of a series.
struct Point<'a> {
    /// Years since year 0.
    time: f64,
    row: Row<'a>,
}

impl IndicatorTable {
    /// Change, growth and trend of every area, slice and indicator (趋势): one row each, about the last
    /// of its periods.
    ///
    /// # Formula
    /// `change` = value − earlier value, from exact values. `annual_growth` (年均增长) from the first to
    /// the last of the points: `(last/first)^(1/years) − 1`. The trend over the last `points` periods is
    /// that of counts for shares ([`chi_square_trend`]), else a regression of the values weighted by
    /// `1/se²`, `se` the width of their 95 % limits over 3.92 ([`weighted_trend`]); time is in years.
    /// It is significant where `p < 1 − level`, and where its direction is the same without any
    /// one point.
    ///
    /// # Missing values
    /// Only periods like the last are looked at: of years to date, those to the same month. What is
    /// made of other areas or months, or by another definition (`earlier`), is not compared, and
    /// ends the series: `partial`, `no_base`. `few_points` where fewer than `points` have a value,
    /// however far apart they lie; `no_model` where nothing tells how chance acts. All of these
    /// leave the change, where its base is comparable. Growth a year needs whole years.
    ///
    /// # Errors
    /// `bad-option` below 3 points; `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, compare::TrendOptions};
    /// let catalog = Catalog::builtin();
    /// let years = df![
    ///     "area" => ["140728"; 5], "period" => [2018, 2019, 2020, 2021, 2022],
    ///     "children_public" => [400, 450, 500, 550, 600], "children" => [1000; 5],
    /// ]?;
    /// let table = Query::new(&catalog).indicators(["preschool.public_share"]).run(&years)?;
    /// let trends = table.trends(&TrendOptions::new()?)?;
    /// let found = trends.rows().next().unwrap().figures();
    /// assert_eq!((found.trend, found.change), (Some("improving"), Some(5.0)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// As the trend markers of Fingertips (Office for Health Improvement and Disparities, *Recent
    /// trends*): five points, level 0.998, the same direction without any one of them.
    pub fn trends(&self, how: &TrendOptions) -> Result<Compared<TrendFigures>> {
        if how.points < FEWEST {
            let wanted = "a whole number from 3".to_owned();
            let (option, value) = ("number of points".to_owned(), how.points.to_string());
            return Err(Problem::BadOption { option, value, wanted }.into());
        }
        let mut answer = Compared::about(self);
        for series in self.series() {
            let Some(last) = series.values().next_back().copied() else { continue };
            for at in 0..self.shown {
                let Some(row) = self.rows_of(last).nth(at) else { continue };
                let mut points: Vec<Point<'_>> = series
                    .iter()
                    .filter_map(|(period, group)| {
                        let row = self.rows_of(*group).nth(at)?;
                        row.value()?;
                        Some(Point { time: period.end().years(), row })
                    })
                    .collect();
                // What lies before a break is no part of the series.
                let other = points.iter().rposition(|point| point.row.differs_from(&row).is_some());
                let broken = other.and_then(|at| points.get(at)?.row.differs_from(&row));
                points.drain(..other.map_or(0, |at| at.saturating_add(1)));
                let before = match row.period() {
                    // A part of the year is held against the same part of the year before.
                    Some(Period::YearToDate(_)) if how.before == Before::Periods(1) => {
                        Before::Years(1)
                    }
                    _ => how.before,
                };
                let earlier = row.period().and_then(|period| period.back(before));
                let earlier = earlier.and_then(|period| series.get(&period));
                let earlier = earlier.and_then(|group| self.rows_of(*group).nth(at));
                let earlier = earlier.filter(|earlier| earlier.differs_from(&row).is_none());
                let (figures, reason) = trend(row, earlier, &points, how)?;
                let reason = match (reason, broken) {
                    (Some(Reason::FewPoints), Some(status)) => Some(Reason::Of(status)),
                    (reason, _) => reason,
                };
                let own = Own::of(row)?;
                let own = match reason {
                    Some(reason) if own.value.is_some() => own.because(reason),
                    _ => own,
                };
                answer.push((last, at), own, figures);
            }
        }
        Ok(answer)
    }

    /// The groups of each area and slice by period, of the kind of the last one.
    fn series(&self) -> Vec<BTreeMap<Period, usize>> {
        type Key<'a> = (Tier, AreaCode, Option<&'a Arc<str>>, &'a Named);
        let mut order: Vec<BTreeMap<Period, usize>> = Vec::new();
        let mut places: hashbrown::HashMap<Key<'_>, usize> = hashbrown::HashMap::new();
        for (position, group) in self.groups.iter().enumerate() {
            let Some(period) = group.period else { continue };
            let key = (group.tier, group.area, group.school.as_ref(), &group.slices);
            let place = *places.entry(key).or_insert_with(|| {
                order.push(BTreeMap::new());
                order.len().saturating_sub(1)
            });
            if let Some(series) = order.get_mut(place) {
                series.insert(period, position);
            }
        }
        for series in &mut order {
            let last = series.keys().next_back().copied();
            series.retain(|period, _| last.is_some_and(|last| period.is_like(last)));
        }
        order
    }
}

fn trend(
    row: Row<'_>,
    earlier: Option<Row<'_>>,
    known: &[Point<'_>],
    how: &TrendOptions,
) -> Result<(TrendFigures, Option<Reason>)> {
    let points = known.get(known.len().saturating_sub(how.points)..).unwrap_or_default();
    let first = points.first().filter(|first| first.row.period() != row.period());
    let figure = |row: Row<'_>| row.value().map(Value::figure);
    let mut told = TrendFigures {
        from: first.and_then(|first| first.row.period()).map(|period| period.to_string().into()),
        points: points.len(),
        change: None,
        change_percent: None,
        annual_growth: None,
        slope: None,
        statistic: None,
        p: None,
        method: None,
        trend: None,
    };
    let Some(value) = figure(row) else { return Ok((told, None)) };
    if let Some(earlier) = earlier.and_then(figure) {
        let change = value.sub(earlier)?;
        told.change = Some(change.to_f64());
        if earlier > crate::number::Ratio::ZERO {
            told.change_percent = Some(change.div(earlier)?.scaled(100)?.to_f64());
        }
    }
    let last = row.period().map(|period| period.end().years());
    if let (Some(first), Some(last)) = (first, last) {
        let from = figure(first.row).map_or(0.0, crate::number::Ratio::to_f64);
        let years = last - first.time;
        // Months of one year are no years.
        let whole = (years - years.round()).abs() < 1e-9;
        let growth = annual_growth(from, value.to_f64(), years).filter(|_| whole);
        told.annual_growth = growth.map(|growth| 100.0 * growth);
    }
    if points.len() < how.points {
        return Ok((told, Some(Reason::FewPoints)));
    }
    let Some(test) = Test::of(points) else { return Ok((told, Some(Reason::NoModel))) };
    let nothing = Trend { slope: 0.0, statistic: 0.0, p: 1.0 };
    let found = test.trend(None).or_else(|| test.is_flat().then_some(nothing));
    let Some(found) = found else { return Ok((told, Some(Reason::NoModel))) };
    told.slope = Some(found.slope * test.factor);
    told.statistic = Some(found.statistic);
    told.p = Some(found.p);
    told.method = Some(test.method());
    let steady = (0..points.len()).all(|left_out| {
        test.trend(Some(left_out)).is_some_and(|without| without.slope * found.slope > 0.0)
    });
    let significant = steady && found.p < 2.0 * how.level.tail();
    told.trend = Some(word(row.indicator(), significant, found.slope));
    Ok((told, None))
}

/// What is tested: counts of totals, or values with their standard errors.
struct Test {
    times: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    counts: bool,
    /// From the slope to the unit of the indicator.
    factor: f64,
}

impl Test {
    fn of(points: &[Point<'_>]) -> Option<Self> {
        let times: Vec<f64> = points.iter().map(|point| point.time).collect();
        let chances: Vec<Chance> =
            points.iter().map(|point| Chance::of(point.row)).collect::<Option<_>>()?;
        let shares: Option<Vec<(f64, f64, f64)>> = chances
            .iter()
            .map(|chance| match *chance {
                Chance::Share { x, n, factor } => Some((x, n, factor)),
                Chance::Rate { .. } => None,
            })
            .collect();
        if let Some(shares) = shares {
            return Some(Self {
                times,
                first: shares.iter().map(|(x, ..)| *x).collect(),
                second: shares.iter().map(|(_, n, _)| *n).collect(),
                counts: true,
                factor: shares.first().map(|(.., factor)| *factor)?,
            });
        }
        let (level, how) = (Level::new(0.95).ok()?, LimitOptions::default());
        let error = |chance: &Chance| {
            let (limits, _) = chance.limits(level, &how)?;
            Some((limits.upper - limits.lower) / APART)
        };
        let values =
            points.iter().map(|point| point.row.value().map(|value| value.figure().to_f64()));
        Some(Self {
            times,
            first: values.collect::<Option<_>>()?,
            second: chances.iter().map(error).collect::<Option<_>>()?,
            counts: false,
            factor: 1.0,
        })
    }

    /// Whether all are counted at every time, or none.
    fn is_flat(&self) -> bool {
        let none = self.first.iter().all(|count| *count <= 0.0);
        let all = self.first.iter().zip(&self.second).all(|(count, total)| count >= total);
        self.counts && (none || all)
    }

    const fn method(&self) -> &'static str {
        if self.counts { "chi_square" } else { "regression" }
    }

    /// The trend, without one of the points where that is asked for.
    fn trend(&self, left_out: Option<usize>) -> Option<Trend> {
        let kept = |values: &[f64]| -> Vec<f64> {
            let kept = values.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
            kept.map(|(_, value)| *value).collect()
        };
        let (times, first, second) = (kept(&self.times), kept(&self.first), kept(&self.second));
        if self.counts {
            chi_square_trend(&times, &first, &second)
        } else {
            weighted_trend(&times, &first, &second)
        }
    }
}

fn word(indicator: &Indicator, significant: bool, slope: f64) -> &'static str {
    match (indicator.better, slope > 0.0) {
        _ if !significant => "none",
        (Better::Higher, true) | (Better::Lower, false) => "improving",
        (Better::Higher, false) | (Better::Lower, true) => "worsening",
        (_, true) => "rising",
        (_, false) => "falling",
    }
}

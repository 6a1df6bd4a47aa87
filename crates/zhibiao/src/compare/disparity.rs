//! How unequal areas are, over the tree.

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::fields::{Field, fields, outer, refuse_tier};
use crate::area::Tier;
use crate::error::{Problem, Result};
use crate::stat::{
    Decomposition, Level, Limits, Theil, coefficient_of_variation, decompose, gini, gradient,
    mean_gap, mean_limits, spread, top_to_bottom, weighted_deviation, weighted_mean,
};
use crate::table::{Group, IndicatorTable, Row, Status, Value};

/// How disparity is measured (差距选项).
#[derive(Clone, Debug, PartialEq)]
pub struct DisparityOptions {
    /// The tier of the larger areas, each of which is a whole.
    pub within: Tier,
    /// Whether areas count by their denominator, as their children do, or all alike.
    pub weighting: Weighting,
    /// The share of all weight at the top and at the bottom that are held against each other.
    pub share: f64,
    /// The indicator along which the gradient runs, by id or exact name.
    pub order: Option<String>,
    /// The level of limits of gradient and mean; without it they have none.
    pub level: Option<Level>,
}

/// What `weighting` tells where all areas count alike.
const EQUAL: &str = "equal";

/// Decimals of plain numbers.
const DECIMALS: i8 = 4;

/// By what areas count (权重).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Weighting {
    /// By the denominator of the indicator. The default.
    #[default]
    Denominator,
    /// All alike.
    Equal,
}

impl Default for DisparityOptions {
    /// Over the nation, by denominators, top against bottom fifth, without gradient and limits.
    fn default() -> Self {
        Self {
            within: Tier::Nation,
            weighting: Weighting::Denominator,
            share: 0.2,
            order: None,
            level: None,
        }
    }
}

/// One measure of disparity (差距指标).
#[derive(Clone, Debug, PartialEq)]
pub struct Disparity {
    /// Which one.
    pub measure: &'static str,
    /// `total`, or of Theil's indices `between_province`, `between_prefecture`, `within`.
    pub part: &'static str,
    /// The tier of the areas that are unequal.
    pub among: &'static str,
    /// How many of them have a value.
    pub counted: usize,
    /// `denominator`, or `equal` where all count alike.
    pub weighting: &'static str,
    /// Share of the whole index, in %.
    pub share: Option<f64>,
    /// Confidence level.
    pub level: Option<f64>,
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
}

impl Figures for Disparity {
    const TITLE: [&'static str; 2] = ["差距", "Disparity"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::leading("measure", ["差距指标", "measure"], Of::Words(|own| Some(own.measure))),
        Figure::leading("part", ["部分", "part"], Of::Words(|own| Some(own.part))),
        Figure::new(
            "share",
            ["贡献率(%)", "share (%)"],
            Of::Number(|own| own.share, Shown::Plain(1)),
        ),
        Figure::new("among", ["层级", "among"], Of::Words(|own| Some(own.among))),
        Figure::new(
            "counted",
            ["地区数", "counted"],
            Of::Whole(|own| u64::try_from(own.counted).ok()),
        ),
        Figure::new("weighting", ["权重", "weighting"], Of::Words(|own| Some(own.weighting))),
        Figure::new("level", ["置信水平", "level"], Of::Number(|own| own.level, Shown::Plain(3))),
        Figure::new("lower", ["下限", "lower"], Of::Number(|own| own.lower, Shown::Plain(4))),
        Figure::new("upper", ["上限", "upper"], Of::Number(|own| own.upper, Shown::Plain(4))),
    ];

    fn told_in(&self) -> Shown {
        match self.measure {
            "mean" => Shown::InUnit,
            "deviation" | "range" | "mean_gap" | "sii" => Shown::Difference,
            _ => Shown::Plain(DECIMALS),
        }
    }
}

/// The areas of a field that have a value.
struct Units<'a> {
    rows: Vec<(usize, Row<'a>)>,
    values: Vec<f64>,
    weights: Vec<f64>,
    weighting: &'static str,
}

impl Units<'_> {
    /// Limits of the mean of areas that count alike; those of another mean there are none of.
    fn limits_of_mean(&self, level: Option<Level>) -> Option<Limits> {
        let (mean, sd) = spread(&self.values).filter(|_| self.weighting == EQUAL)?;
        mean_limits(mean, sd, self.values.iter().map(|_| 1.0).sum(), level?)
    }
}

/// One figure of a field.
struct Told {
    measure: &'static str,
    part: &'static str,
    value: Option<f64>,
    /// In the unit of the indicator.
    in_unit: bool,
    share: Option<f64>,
    limits: Option<Limits>,
    /// Of how many areas, where it is not all.
    counted: Option<usize>,
}

impl Told {
    const fn new(measure: &'static str, value: Option<f64>) -> Self {
        Self {
            measure,
            part: "total",
            value,
            in_unit: false,
            share: None,
            limits: None,
            counted: None,
        }
    }

    const fn in_unit(measure: &'static str, value: Option<f64>) -> Self {
        Self { in_unit: true, ..Self::new(measure, value) }
    }
}

impl IndicatorTable {
    /// How unequal the areas inside each larger area are (区域差距): one row per larger area, tier of
    /// the areas in it, period, slice, indicator, measure and part.
    ///
    /// # Formula
    /// With x the values of areas, w their weights, μ = Σwx/Σw (of rates by their denominators the
    /// ratio of sums):
    ///
    /// | measure | |
    /// |-|-|
    /// | `mean`, `deviation`, `cv` | μ, σ = √(Σw(x − μ)²/Σw), σ/μ |
    /// | `gini` | [`gini`] |
    /// | `theil_t`, `theil_l` | [`theil_t`](crate::stat::theil_t), [`theil_l`](crate::stat::theil_l); their parts between the areas of each tier in between and within these add up to them |
    /// | `top_to_bottom` | mean of the top share of all weight over that of the bottom |
    /// | `range`, `extremes` | highest minus lowest, highest over lowest |
    /// | `mean_gap`, `relative_gap` | Σw\|x − μ\|/Σw, that over μ |
    /// | `sii`, `rii` | [`gradient`] along the indicator `order`, where asked for |
    ///
    /// `cv`, `gini` and what follows are plain numbers; `mean`, `deviation`, `range`, `mean_gap` and
    /// `sii` are in the unit of the indicator. A mean of areas that count
    /// alike has t limits; one of areas that do not has none.
    ///
    /// # Missing values
    /// Areas without a value do not count, nor does one that is known only by its value where others
    /// are weighed; `counted` says how many do, for the gradient those that have the `order`, too.
    /// `few_areas` below two. Where nothing has a denominator (totals, derived values) all count
    /// alike, and `weighting` says so. A measure that does not exist (Theil's L beside a 0) is null, `not_applicable`.
    ///
    /// # Errors
    /// `bad-option` for a share that is not above 0 and at most 0.5, for a tier that holds none of
    /// the areas, and for an `order` that the table has not.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, compare::DisparityOptions};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140728", "140729"], "projects" => [60, 40], "projects_done" => [30, 40]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
    /// let found = table.disparity(&DisparityOptions::default())?;
    /// let cv = found.rows().find(|row| row.figures().measure == "cv").unwrap();
    /// // 50 % of 60 and 100 % of 40: mean 70 %, deviation √600 = 24.5 points.
    /// assert_eq!(format!("{:.3}", cv.value().unwrap()), "0.350");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn disparity(&self, how: &DisparityOptions) -> Result<Compared<Disparity>> {
        if !(how.share > 0.0 && how.share <= 0.5) {
            let (option, wanted) = ("share".to_owned(), "a share above 0, at most 0.5".to_owned());
            return Err(Problem::BadOption { option, value: how.share.to_string(), wanted }.into());
        }
        refuse_tier(self, how.within)?;
        let order = how.order.as_deref().map(|name| self.indicator_at(name)).transpose()?;
        let mut answer: Compared<Disparity> = Compared::about(self);
        answer.groups.clear();
        for field in fields(self, Some(how.within)) {
            let first = field.groups.first().and_then(|at| self.groups.get(*at));
            let (Some(first), Some(outer)) = (first, field.outer) else { continue };
            let whole = self.whole(first, outer, field.groups.len());
            // A city without counties is no disparity of itself.
            if whole.tier <= first.tier {
                continue;
            }
            let group = answer.groups.len();
            for at in 0..self.shown {
                let units = self.units(&field, at, how.weighting);
                for told in self.told(&units, (first.tier, whole.tier), order, how) {
                    let own = shown(&told, &units);
                    let limits = told.limits;
                    let figures = Disparity {
                        measure: told.measure,
                        part: told.part,
                        among: first.tier.id(),
                        counted: told.counted.unwrap_or(units.values.len()),
                        weighting: units.weighting,
                        share: told.share,
                        level: limits.and(how.level).map(Level::level),
                        lower: limits.map(|limits| limits.lower),
                        upper: limits.map(|limits| limits.upper),
                    };
                    answer.push((group, at), own, figures);
                }
            }
            answer.groups.push(whole);
        }
        Ok(answer)
    }

    /// The larger area that areas like one lie in.
    fn whole(&self, inner: &Group, area: crate::area::AreaCode, areas: usize) -> Group {
        let name = self.areas.name(area, self.lang).unwrap_or_else(|| area.to_string());
        Group {
            area,
            area_name: name.into(),
            tier: self.areas.tier(area).unwrap_or(Tier::Nation),
            school: None,
            areas: u32::try_from(areas).unwrap_or(u32::MAX),
            areas_expected: None,
            incomplete: None,
            ..inner.clone()
        }
    }

    fn units<'a>(&'a self, field: &'a Field, at: usize, weighting: Weighting) -> Units<'a> {
        let rows: Vec<(usize, Row<'a>)> = field.rows(self, at).collect();
        let below = |row: Row<'_>| match row.value()? {
            Value::Exact(_) => Some(row.denominator()?.ratio().to_f64()),
            _ => None,
        };
        let known = rows.iter().filter_map(|(group, row)| Some(((*group, *row), below(*row)?)));
        let (weighed, weights): (Vec<(usize, Row<'a>)>, Vec<f64>) = known.unzip();
        let values = |rows: &[(usize, Row<'_>)]| -> Vec<f64> {
            let values = rows.iter().filter_map(|(_, row)| row.value());
            values.map(|value| value.figure().to_f64()).collect()
        };
        if weighting == Weighting::Denominator && !weighed.is_empty() {
            let values = values(&weighed);
            return Units { rows: weighed, values, weights, weighting: "denominator" };
        }
        let (values, weights) = (values(&rows), rows.iter().map(|_| 1.0).collect());
        Units { rows, values, weights, weighting: EQUAL }
    }

    /// All measures of the units of a field.
    fn told(
        &self,
        units: &Units<'_>,
        (inner, whole): (Tier, Tier),
        order: Option<usize>,
        how: &DisparityOptions,
    ) -> Vec<Told> {
        let (x, w) = (units.values.as_slice(), units.weights.as_slice());
        let mean = weighted_mean(x, w);
        let gap = mean_gap(x, w);
        let (low, high) = (extreme(x, f64::min), extreme(x, f64::max));
        let over = |a: Option<f64>, b: Option<f64>| {
            let (a, b) = (a?, b?);
            (b > 0.0).then_some(a / b)
        };
        let mut told = vec![
            Told { limits: units.limits_of_mean(how.level), ..Told::in_unit("mean", mean) },
            Told::in_unit("deviation", weighted_deviation(x, w)),
            Told::new("cv", coefficient_of_variation(x, w)),
            Told::new("gini", gini(x, w)),
        ];
        let tiers: Vec<Tier> =
            Tier::ALL.into_iter().rev().filter(|tier| *tier < whole && *tier > inner).collect();
        let levels: Vec<Vec<usize>> = tiers.iter().map(|tier| self.labels(units, *tier)).collect();
        for (index, measure) in [(Theil::T, "theil_t"), (Theil::L, "theil_l")] {
            let found = decompose(index, x, w, &levels);
            told.extend(parts(measure, found.as_ref(), &tiers));
        }
        told.extend([
            Told::new("top_to_bottom", top_to_bottom(x, w, how.share)),
            Told::in_unit("range", high.zip(low).map(|(high, low)| high - low)),
            Told::new("extremes", over(high, low)),
            Told::in_unit("mean_gap", gap),
            Told::new("relative_gap", over(gap, mean)),
        ]);
        if let Some(order) = order {
            told.extend(self.gradient(units, order, how.level));
        }
        told
    }

    /// A number for the area of a tier that each unit lies in.
    fn labels(&self, units: &Units<'_>, tier: Tier) -> Vec<usize> {
        let mut known = Vec::new();
        let label = |(_, row): &(usize, Row<'_>)| {
            let area = outer(&self.areas, row.area(), tier);
            known.iter().position(|other| *other == area).unwrap_or_else(|| {
                known.push(area);
                known.len().saturating_sub(1)
            })
        };
        units.rows.iter().map(label).collect()
    }

    fn gradient(&self, units: &Units<'_>, order: usize, level: Option<Level>) -> [Told; 2] {
        let along = |group: usize| {
            let row = self.rows_of(group).nth(order)?;
            row.value().map(|value| value.figure().to_f64())
        };
        let each = units.rows.iter().zip(units.values.iter().zip(&units.weights));
        let known = each.filter_map(|((group, _), (x, w))| Some((*x, (*w, along(*group)?))));
        let (values, (weights, places)): (Vec<f64>, (Vec<f64>, Vec<f64>)) = known.unzip();
        // A level is needed to ask, and its limits are not told where none was asked for.
        let asked = level.or_else(|| Level::new(0.95).ok());
        let found = asked.and_then(|level| gradient(&values, &weights, &places, level));
        let limits = |limits: Option<Limits>| level.and(limits);
        [
            Told {
                limits: found.and_then(|found| limits(found.slope_limits)),
                counted: Some(values.len()),
                ..Told::in_unit("sii", found.map(|found| found.slope))
            },
            Told {
                limits: found.and_then(|found| limits(found.relative_limits)),
                counted: Some(values.len()),
                ..Told::new("rii", found.and_then(|found| found.relative))
            },
        ]
    }
}

/// An index and its parts.
fn parts(measure: &'static str, found: Option<&Decomposition>, tiers: &[Tier]) -> Vec<Told> {
    let mut told = vec![Told::new(measure, found.map(|found| found.total))];
    if tiers.is_empty() {
        return told;
    }
    let of_whole = |part: f64| {
        let total = found?.total;
        (total > 0.0).then_some(100.0 * part / total)
    };
    let one = |part: &'static str, value: Option<f64>| Told {
        part,
        share: value.and_then(of_whole),
        ..Told::new(measure, value)
    };
    for (at, tier) in tiers.iter().enumerate() {
        let part = match tier {
            Tier::Province => "between_province",
            Tier::Prefecture => "between_prefecture",
            Tier::County => "between_county",
            Tier::School | Tier::Nation => continue,
        };
        let value = found.and_then(|found| found.between.get(at).copied());
        told.push(one(part, value));
    }
    told.push(one("within", found.map(|found| found.within)));
    told
}

fn extreme(values: &[f64], of: fn(f64, f64) -> f64) -> Option<f64> {
    values.iter().copied().reduce(of)
}

/// The figure as it is shown.
fn shown(told: &Told, units: &Units<'_>) -> Own {
    let few = units.values.len() < 2;
    let value = told.value.filter(|_| !few);
    let decimals = match units.rows.first() {
        Some((_, row)) if told.in_unit => row.indicator().decimals.saturating_add(1),
        _ => DECIMALS,
    };
    let reason = match value {
        _ if few => Reason::FewAreas,
        None => Reason::Of(Status::NotApplicable),
        Some(_) => Reason::Of(Status::Ok),
    };
    Own { value, display: value.map(|value| super::answer::printed(value, decimals)), reason }
}

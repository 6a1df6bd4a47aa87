//! Where areas stand among others: rank, percentile, band, z.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::fields::{Field, fields, refuse_tier};
use crate::area::Tier;
use crate::catalog::{Better, Indicator};
use crate::error::{Problem, Result};
use crate::number::{Decimal, Ratio};
use crate::stat::{BandMethod, Place, Ties, bands, places, spread};
use crate::table::{IndicatorTable, Status};

/// How areas are ranked (排名选项).
#[derive(Clone, Debug, PartialEq)]
pub struct RankOptions {
    /// What rank equal ones have.
    pub ties: Ties,
    /// How many bands.
    pub bands: usize,
    /// How bands are cut.
    pub method: BandMethod,
    /// The tier of the larger areas within which areas are ranked; without it, all together.
    pub within: Option<Tier>,
}

impl Default for RankOptions {
    /// Quarters by ranks; equal ones share the best place.
    fn default() -> Self {
        Self { ties: Ties::Min, bands: 4, method: BandMethod::default(), within: None }
    }
}

/// Where a value stands among others (位次).
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Rank, 1 the best.
    pub rank: Option<f64>,
    /// How many are ranked.
    pub ranked: usize,
    /// Share of them that stand behind, equal ones by half, in %.
    pub percentile: Option<f64>,
    /// Band, 1 the best.
    pub band: Option<usize>,
    /// How many bands there are.
    pub bands: usize,
    /// How many standard deviations the value lies above the mean of the areas.
    pub z: Option<f64>,
}

impl Figures for Standing {
    const TITLE: [&'static str; 2] = ["位次", "Ranks"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new("rank", ["位次", "rank"], Of::Number(|own| own.rank, Shown::Plain(0))),
        Figure::new(
            "ranked",
            ["参评数", "ranked"],
            Of::Whole(|own| u64::try_from(own.ranked).ok()),
        ),
        Figure::new(
            "percentile",
            ["百分位", "percentile"],
            Of::Number(|own| own.percentile, Shown::Plain(1)),
        ),
        Figure::new(
            "band",
            ["档", "band"],
            Of::Whole(|own| own.band.and_then(|band| u64::try_from(band).ok())),
        ),
        Figure::new("bands", ["档数", "bands"], Of::Whole(|own| u64::try_from(own.bands).ok())),
        Figure::new("z", ["标准分", "z"], Of::Number(|own| own.z, Shown::Plain(2))),
    ];
}

impl IndicatorTable {
    /// Where each area stands among those of its tier, period and slice (位次): one row per row.
    ///
    /// Exact values are compared, never printed ones. Where higher is better, the highest is the
    /// first, where lower is, the lowest; where nearer to a goal is, the nearest; where nothing is
    /// said, the highest.
    ///
    /// # Formula
    /// Ranks as [`places`], bands as [`bands`]; `percentile` as [`Place::percentile`];
    /// `z = (x − mean) / sd`, over areas, unweighted, sd over n − 1.
    ///
    /// # Missing values
    /// Areas without a value are not ranked. Where fewer areas have one than there are bands, there
    /// is a rank and no band, with the status `few_areas`. No z below 2 areas, and where all are equal.
    ///
    /// # Errors
    /// `bad-option` below 2 bands, and for a tier that none of the areas is smaller than; `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, compare::RankOptions};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140728", "140729", "140727"], "projects" => [60, 40, 50], "projects_done" => [52, 40, 40]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
    /// let ranks = table.ranks(&RankOptions { bands: 3, ..RankOptions::default() })?;
    /// let told: Vec<_> = ranks.rows().map(|row| (row.place(), row.figures().rank)).collect();
    /// assert_eq!(told[1], ("140728".to_owned(), Some(2.0)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ranks(&self, how: &RankOptions) -> Result<Compared<Standing>> {
        if how.bands < 2 {
            let wanted = "a whole number from 2".to_owned();
            let (option, value) = ("number of bands".to_owned(), how.bands.to_string());
            return Err(Problem::BadOption { option, value, wanted }.into());
        }
        if let Some(tier) = how.within {
            refuse_tier(self, tier)?;
        }
        let mut standings = vec![None; self.len()];
        let found: Vec<Vec<(usize, Standing)>> = fields(self, how.within)
            .par_iter()
            .map(|field| {
                let each = self.indicators().enumerate();
                each.flat_map(|(at, indicator)| self.standings(field, (at, indicator), how))
                    .collect()
            })
            .collect();
        for (position, standing) in found.into_iter().flatten() {
            if let Some(place) = standings.get_mut(position) {
                *place = Some(standing);
            }
        }
        let mut answer = Compared::about(self);
        let mut standings = standings.into_iter();
        for group in 0..self.groups.len() {
            for (at, row) in self.rows_of(group).enumerate() {
                let own = Own::of(row)?;
                let none = Standing {
                    rank: None,
                    ranked: 0,
                    percentile: None,
                    band: None,
                    bands: how.bands,
                    z: None,
                };
                let figures = standings.next().flatten().unwrap_or(none);
                let own = match (figures.rank, figures.band) {
                    (Some(_), None) => own.because(Reason::FewAreas),
                    // It is no smaller than what areas are ranked within.
                    (None, _) if own.value.is_some() => {
                        own.because(Reason::Of(Status::NotApplicable))
                    }
                    _ => own,
                };
                answer.push((group, at), own, figures);
            }
        }
        Ok(answer)
    }

    /// Standings of the values of an indicator in a field, by position of their rows.
    fn standings(
        &self,
        field: &Field,
        (at, indicator): (usize, &Indicator),
        how: &RankOptions,
    ) -> Vec<(usize, Standing)> {
        let rows = field.rows(self, at);
        let (groups, values): (Vec<usize>, Vec<Ratio>) =
            rows.filter_map(|(group, row)| Some((group, row.value()?.figure()))).unzip();
        let order = Order::of(indicator);
        let keys: Vec<Ratio> = values.iter().map(|value| order.key(*value)).collect();
        let found = places(&keys, |a, b| order.best_first(a, b), how.ties);
        let bands = bands(&keys, Ratio::cmp, order.high, how.bands, how.method);
        let floats: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
        let spread = spread(&floats);
        let standing = |(nth, (place, value)): (usize, (&Place, &f64))| Standing {
            rank: Some(place.rank),
            ranked: values.len(),
            percentile: Some(place.percentile(values.len())),
            band: bands.as_ref().and_then(|bands| bands.get(nth).copied()),
            bands: how.bands,
            z: spread.map(|(mean, sd)| (value - mean) / sd),
        };
        let standings = found.iter().zip(&floats).enumerate().map(standing);
        let position = |group: &usize| group.saturating_mul(self.shown).saturating_add(at);
        groups.iter().map(position).zip(standings).collect()
    }
}

/// Which of two values is the better.
pub(super) struct Order {
    /// Whether the highest key is the best.
    high: bool,
    goal: Option<Ratio>,
}

impl Order {
    pub(super) fn of(indicator: &Indicator) -> Self {
        let goal = indicator.goal.filter(|_| indicator.better == Better::Nearer);
        Self {
            high: matches!(indicator.better, Better::Higher | Better::None),
            goal: goal.map(Decimal::ratio),
        }
    }

    /// What is compared: the value, or how far it lies from the goal.
    pub(super) fn key(&self, value: Ratio) -> Ratio {
        let Some(goal) = self.goal else { return value };
        // Does not fail for values that were printed: a goal has few digits.
        let away = value.sub(goal).unwrap_or(value);
        if away < Ratio::ZERO { away.negated().unwrap_or(away) } else { away }
    }

    pub(super) fn best_first(&self, a: &Ratio, b: &Ratio) -> Ordering {
        if self.high { b.cmp(a) } else { a.cmp(b) }
    }
}

//! Sensitivity (敏感性分析): scoring again and again with other choices.

use std::sync::Arc;

use rayon::prelude::*;

use super::evaluate::children;
use super::items::{Peers, columns, peers};
use super::mean::{Reached, mean_of_floats};
use super::random::SplitMix64;
use super::ranks::ranks;
use super::{Aggregate, Exact, Grade, Missing, Part, Relative, Scheme};
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::table::{Group, IndicatorTable};

/// Totals of replays are told apart, and held against grades, in so many steps from 0 to a full score,
/// so that what floats lose makes no difference.
const STEPS: f64 = 1_099_511_627_776.0;

const MOST_DRAWS: u32 = 100_000;

/// Which choices are drawn anew in each replay (敏感性分析的选择). An empty list leaves a choice as the
/// scheme has it.
#[derive(Clone, Debug)]
pub struct Choices {
    /// How many replays, at most 100,000; each takes 8 bytes an area.
    pub draws: u32,
    /// What the draws follow from.
    pub seed: u64,
    /// By which share weights are drawn higher or lower, evenly: of 0.2, between 80 and 120 % of what
    /// they are. Those of a group then count by what they are to each other.
    pub weights: f64,
    /// How groups and the total may be made of their parts.
    pub aggregates: Vec<Aggregate>,
    /// How items may be normalised that are scored among other areas.
    pub relatives: Vec<Relative>,
    /// What may become of items whose value is missing.
    pub missing: Vec<Missing>,
}

impl Default for Choices {
    fn default() -> Self {
        let (aggregates, relatives, missing) = (Vec::new(), Vec::new(), Vec::new());
        Self { draws: 1_000, seed: 1, weights: 0.2, aggregates, relatives, missing }
    }
}

/// How far places and grades hang on choices (敏感性分析表): one row per area, period and slice.
#[derive(Clone, Debug)]
pub struct SensitivityTable {
    pub(super) rows: Vec<SensitivityRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    lang: Lang,
}

/// One row of a [`SensitivityTable`]. Places in replays are those of an area in the replays that give
/// it a total; a part of them is the least place that at least so many of them do not exceed.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivityRow {
    pub(crate) group: Arc<Group>,
    /// Total by the scheme, exact.
    pub total: Option<Exact>,
    /// Grade by the scheme.
    pub grade: Option<Arc<Grade>>,
    /// Place by the scheme.
    pub rank: Option<usize>,
    /// How many replays give a total.
    pub replays: u32,
    /// The best place in a replay.
    pub best: Option<u32>,
    /// Place that 5 % of replays do not exceed.
    pub rank_5: Option<u32>,
    /// Median place (中位名次).
    pub median: Option<u32>,
    /// Place that 95 % of replays do not exceed.
    pub rank_95: Option<u32>,
    /// The worst place in a replay.
    pub worst: Option<u32>,
    /// Share of these replays that give the same grade as the scheme; none where it gives none.
    pub same_grade: Option<f64>,
}

impl IndicatorTable {
    /// Replays scoring with changed choices, and tells what becomes of places and grades (敏感性分析).
    ///
    /// Total, place and grade are those of [`score`](Self::score), exact. Replays compute in floats, with
    /// totals told apart to 2⁻⁴⁰ of a full score. The draws of a replay follow from seed and number of the
    /// replay alone: the same on every machine and for any number of threads.
    ///
    /// # Missing values
    /// Items whose value does not exist (`not_applicable`) stay under the rule of the scheme.
    ///
    /// # Errors
    /// As for [`score`](Self::score); `bad-option` for draws out of range, and for weights that may reach 0.
    ///
    /// # References
    /// Saisana, Saltelli & Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the
    /// quality assessment of composite indicators, Journal of the Royal Statistical Society A 168, 307–323.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// use zhibiao::score::{Choices, Scheme};
    /// let catalog = Catalog::builtin();
    /// let scheme = Scheme::parse(
    ///     r#"
    ///     id = "mine"
    ///     name = { zh = "评价" }
    ///     total = "100"
    ///     missing = "unknown"
    ///     weights = "equal"
    ///     items = [
    ///         { indicator = "projects.completion", linear = { from = "0", to = "100" } },
    ///         { indicator = "preschool.public_share", linear = { from = "0", to = "50" } },
    ///     ]
    ///     "#,
    ///     "mine.toml",
    ///     &catalog,
    /// )?;
    /// let counties = df!["area" => ["140727", "140728"], "projects" => [60, 60],
    ///     "projects_done" => [30, 31], "children" => [100, 100], "children_public" => [40, 41]]?;
    /// let table = Query::new(&catalog).indicators(scheme.indicators()).run(&counties)?;
    /// let sensitivity = table.sensitivity(&scheme, &Choices::default())?;
    /// // Better in both: no weights change the places.
    /// let pingyao = sensitivity.rows().nth(1).unwrap();
    /// assert_eq!((pingyao.rank, pingyao.worst), (Some(1), Some(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sensitivity(&self, scheme: &Scheme, choices: &Choices) -> Result<SensitivityTable> {
        refuse(choices)?;
        let scores = self.score(scheme)?;
        let replays = Replays::of(self, scheme, choices)?;
        let own = scores.rows().filter(|row| row.node.level == 0);
        let mut rows: Vec<SensitivityRow> = own
            .map(|row| SensitivityRow {
                group: Arc::clone(&row.group),
                total: row.score.clone(),
                grade: row.grade.clone(),
                rank: row.rank,
                replays: 0,
                best: None,
                rank_5: None,
                median: None,
                rank_95: None,
                worst: None,
                same_grade: None,
            })
            .collect();
        let draws: Vec<Vec<Replayed>> =
            (0..choices.draws).into_par_iter().map(|draw| replays.draw(draw)).collect();
        rows.par_iter_mut().enumerate().for_each(|(at, row)| {
            let replayed: Vec<&Replayed> =
                draws.iter().filter_map(|draw| draw.get(at)).filter(|one| one.rank > 0).collect();
            row.tell(&replayed, scheme);
        });
        Ok(SensitivityTable { rows, slices: self.slices.clone(), lang: self.lang })
    }
}

fn refuse(choices: &Choices) -> Result<()> {
    let bad = |option: &str, value: String, wanted: &str| {
        let (option, wanted) = (option.to_owned(), wanted.to_owned());
        Err(Problem::BadOption { option, value, wanted }.into())
    };
    if !(1..=MOST_DRAWS).contains(&choices.draws) {
        return bad("number of draws", choices.draws.to_string(), "1 to 100000");
    }
    if !(0.0..1.0).contains(&choices.weights) {
        return bad("change of weights", choices.weights.to_string(), "a share from 0 to below 1");
    }
    Ok(())
}

/// What one replay makes of an area.
#[derive(Clone, Copy, Debug, Default)]
struct Replayed {
    /// 0 where there is no total.
    rank: u32,
    /// Position of the grade.
    grade: Option<u8>,
}

/// What is known of an item in one area.
#[derive(Clone, Copy, Debug)]
enum Given {
    Share(f64),
    Missing,
    NotApplicable,
}

/// Everything that replays read.
struct Replays<'a> {
    scheme: &'a Scheme,
    choices: &'a Choices,
    peers: Peers,
    children: Vec<Vec<usize>>,
    weights: Vec<f64>,
    /// Positions of items among the nodes.
    items: Vec<usize>,
    /// What is given of the items of each area in turn, by each normalisation; where no other is to be
    /// drawn, by that of the scheme.
    given: Vec<Vec<Given>>,
}

impl<'a> Replays<'a> {
    fn of(table: &IndicatorTable, scheme: &'a Scheme, choices: &'a Choices) -> Result<Self> {
        let columns = columns(table, scheme)?;
        let items = scheme.nodes.iter().enumerate().filter(|(_, node)| node.indicator().is_some());
        let items: Vec<usize> = items.map(|(at, _)| at).collect();
        let areas = table.groups.len();
        let given = |relative: Option<Relative>| {
            let shares = scheme.shares(table, &columns, relative);
            let mut given = Vec::with_capacity(areas.saturating_mul(items.len()));
            for group in 0..areas {
                for item in &items {
                    let own = shares.get(*item).and_then(Option::as_ref);
                    given.push(match own.and_then(|all| all.get(group)) {
                        Some(Ok(share)) => Given::Share(share.to_f64()),
                        Some(Err(status)) if status.is_not_applicable() => Given::NotApplicable,
                        _ => Given::Missing,
                    });
                }
            }
            given
        };
        let given = if choices.relatives.is_empty() {
            vec![given(None)]
        } else {
            choices.relatives.iter().map(|relative| given(Some(*relative))).collect()
        };
        Ok(Self {
            scheme,
            choices,
            peers: peers(table, None),
            children: children(scheme),
            weights: scheme.nodes().map(|node| node.weight.to_f64()).collect(),
            items,
            given,
        })
    }

    fn draw(&self, draw: u32) -> Vec<Replayed> {
        let Choices { seed, weights: by, aggregates, missing, .. } = self.choices;
        let mut random = SplitMix64::stream(*seed, draw.into());
        let aggregate = random.one_of(aggregates).copied();
        let variant = random.one_of(&self.given);
        let missing = *random.one_of(missing).unwrap_or(&self.scheme.missing);
        let weights = self.weights.iter().map(|weight| weight * (1.0 + by * random.either_way()));
        let weights: Vec<f64> = weights.collect();
        let given = variant.map_or(&[][..], Vec::as_slice).chunks(self.items.len().max(1));
        let mut reached = vec![Reached::Left; self.scheme.nodes.len()];
        let totals = given.map(|given| {
            self.total(given, (aggregate, missing), &weights, &mut reached).map(Steps::of)
        });
        let totals: Vec<Option<Steps>> = totals.collect();
        let places = ranks(&totals.iter().map(Option::as_ref).collect::<Vec<_>>(), &self.peers);
        let full = self.scheme.total.ratio().to_f64();
        let thresholds = self
            .scheme
            .grades
            .iter()
            .map(|grade| grade.at_least.map(|least| Steps::of(least.ratio().to_f64() / full)));
        let thresholds: Vec<Option<Steps>> = thresholds.collect();
        let replayed = totals.iter().zip(places).map(|(total, place)| Replayed {
            rank: place.rank.and_then(|rank| u32::try_from(rank).ok()).unwrap_or(0),
            grade: total.as_ref().and_then(|total| {
                let meets =
                    |least: &Option<Steps>| least.as_ref().is_none_or(|least| total >= least);
                u8::try_from(thresholds.iter().position(meets)?).ok()
            }),
        });
        replayed.collect()
    }

    /// The share of a full score that one area reaches.
    fn total(
        &self,
        given: &[Given],
        (aggregate, missing): (Option<Aggregate>, Missing),
        weights: &[f64],
        reached: &mut [Reached<f64>],
    ) -> Option<f64> {
        for (item, given) in self.items.iter().zip(given) {
            if let Some(place) = reached.get_mut(*item) {
                *place = match given {
                    Given::Share(share) => Reached::Share(*share),
                    Given::Missing => Reached::without(missing, 0.0),
                    Given::NotApplicable => Reached::without(self.scheme.not_applicable, 0.0),
                };
            }
        }
        for (at, node) in self.scheme.nodes.iter().enumerate().rev() {
            let Part::Group(own) = node.part else { continue };
            let parts = self.children.get(at).into_iter().flatten();
            let parts =
                parts.filter_map(|child| Some((*weights.get(*child)?, reached.get(*child)?)));
            let mean = mean_of_floats(aggregate.unwrap_or(own), parts);
            if let Some(place) = reached.get_mut(at) {
                *place = mean;
            }
        }
        reached.first()?.share().copied()
    }
}

/// A share in whole steps.
#[derive(Clone, Copy, Debug)]
struct Steps(f64);

impl Steps {
    fn of(share: f64) -> Self {
        Self((share * STEPS).round())
    }
}

impl PartialEq for Steps {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Steps {}

impl PartialOrd for Steps {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Steps {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SensitivityRow {
    /// Tells what replays made of the area.
    fn tell(&mut self, replayed: &[&Replayed], scheme: &Scheme) {
        let mut ranks: Vec<u32> = replayed.iter().map(|one| one.rank).collect();
        ranks.sort_unstable();
        self.replays = u32::try_from(ranks.len()).unwrap_or(u32::MAX);
        self.best = ranks.first().copied();
        self.worst = ranks.last().copied();
        self.rank_5 = part_of(&ranks, 5);
        self.median = part_of(&ranks, 50);
        self.rank_95 = part_of(&ranks, 95);
        let own = self.grade.as_ref().and_then(|own| {
            u8::try_from(scheme.grades.iter().position(|grade| grade.id == own.id)?).ok()
        });
        self.same_grade = own.filter(|_| self.replays > 0).map(|own| {
            let same: f64 = replayed.iter().filter(|one| one.grade == Some(own)).map(|_| 1.0).sum();
            same / f64::from(self.replays)
        });
    }
}

/// The least of sorted places that at least so many per cent of them do not exceed.
fn part_of(ranks: &[u32], percent: usize) -> Option<u32> {
    let at_least = ranks.len().saturating_mul(percent).div_ceil(100);
    ranks.get(at_least.checked_sub(1)?).copied()
}

impl SensitivityTable {
    /// The language of names.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &SensitivityRow> {
        self.rows.iter()
    }
}

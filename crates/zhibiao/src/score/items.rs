//! Items: the share of its weight that each indicator reaches in each area.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::scheme::{Band, Part, Relative, Scale, Scheme, Scoring};
use super::{Exact, ScoreStatus};
use crate::area::{AreaCode, Tier};
use crate::catalog::{Better, Indicator};
use crate::compare::outer;
use crate::error::{Problem, Result};
use crate::number::{Comparison, Decimal, Ratio};
use crate::period::Period;
use crate::stat::{Place, Ties, places, spread};
use crate::table::{Group, IndicatorTable, Named, Status, Value};

/// The share that an item reaches in each group of a table, or why it reaches none.
pub(super) type Shares = Vec<Result<Exact, ScoreStatus>>;

/// What areas are compared within: groups of a table by position.
pub(super) type Peers = Vec<Vec<usize>>;

/// The groups of a table that are ranked, or compared, with each other.
pub(super) fn peers(table: &IndicatorTable, among: Option<Tier>) -> Peers {
    type Among = (Tier, Option<Period>, Named, Option<AreaCode>);
    let of = |group: &Group| -> Among {
        let outer = among.map(|tier| outer(&table.areas, group.area, tier));
        (group.tier, group.period, group.slices.clone(), outer)
    };
    let mut peers: BTreeMap<Among, Vec<usize>> = BTreeMap::new();
    for (at, group) in table.groups.iter().enumerate() {
        peers.entry(of(group)).or_default().push(at);
    }
    peers.into_values().collect()
}

/// Positions of the indicators of a scheme in a table, by node; none of what is no item.
pub(super) fn columns(table: &IndicatorTable, scheme: &Scheme) -> Result<Vec<Option<usize>>> {
    let mut lacks: Vec<&str> = Vec::new();
    let columns = scheme.nodes().map(|node| {
        let id = node.indicator()?.id.as_str();
        let at = table.indicators().position(|indicator| indicator.id == id);
        if at.is_none() {
            lacks.push(id);
        }
        at
    });
    let columns: Vec<Option<usize>> = columns.collect();
    if lacks.is_empty() {
        return Ok(columns);
    }
    let (scheme, indicators) = (scheme.id.clone(), lacks.join(", "));
    Err(Problem::LacksIndicators { scheme, indicators }.into())
}

impl Scheme {
    /// The shares of items, by node; another normalisation in place of that of relative items.
    pub(super) fn shares(
        &self,
        table: &IndicatorTable,
        columns: &[Option<usize>],
        relative: Option<Relative>,
    ) -> Vec<Option<Shares>> {
        let compared = peers(table, self.among);
        let nodes = self.nodes.par_iter().zip(columns);
        let shares = nodes.map(|(node, column)| match (&node.part, column) {
            (Part::Item(indicator, scoring), Some(column)) => {
                let other = relative.map(Scoring::Relative);
                let is_relative = matches!(scoring, Scoring::Relative(_));
                let scoring = other.as_ref().filter(|_| is_relative).unwrap_or(scoring);
                Some(shares(table, (*column, indicator), scoring, &compared))
            }
            _ => None,
        });
        shares.collect()
    }
}

/// The shares of one item.
fn shares(
    table: &IndicatorTable,
    (column, indicator): (usize, &Indicator),
    scoring: &Scoring,
    peers: &Peers,
) -> Shares {
    let row = |group: usize| table.rows_of(group).nth(column);
    let values: Vec<Result<Value<'_>, ScoreStatus>> = (0..table.groups.len())
        .map(|group| {
            let status = row(group).map_or(Status::Missing, |row| row.status());
            row(group).and_then(|row| row.value()).ok_or(ScoreStatus::Of(status))
        })
        .collect();
    match scoring {
        Scoring::Bands(bands) => each(&values, |value| in_bands(bands, value)),
        Scoring::Linear { from, to, scale } => {
            each(&values, |value| Ok(on_line(value.figure(), (*from, *to), *scale)))
        }
        Scoring::Target(target) => {
            let target = merit(indicator, target.ratio());
            compared(&values, indicator, peers, |merits| to_target(merits, &target))
        }
        Scoring::Relative(relative) => {
            compared(&values, indicator, peers, |merits| normalized(merits, *relative))
        }
    }
}

fn each(
    values: &[Result<Value<'_>, ScoreStatus>],
    share: impl Fn(Value<'_>) -> Result<Exact, ScoreStatus>,
) -> Shares {
    values.iter().map(|value| value.and_then(&share)).collect()
}

/// The score of the first band that holds a value.
fn in_bands(bands: &[Band], value: Value<'_>) -> Result<Exact, ScoreStatus> {
    for band in bands {
        let holds = band.threshold.map_or(Some(true), |(sign, at)| value.compare(sign, at.ratio()));
        match holds {
            Some(true) => return Ok(percent(band.score)),
            Some(false) => {}
            None => return Err(ScoreStatus::Straddles),
        }
    }
    Err(ScoreStatus::Straddles)
}

fn percent(score: Decimal) -> Exact {
    let score = Exact::from(score);
    score.over(&Exact::whole(100)).unwrap_or(score)
}

/// Where a value stands between goalposts, 0 before the first and 1 beyond the second.
fn on_line(value: Ratio, (from, to): (Decimal, Decimal), scale: Scale) -> Exact {
    let (before, beyond) = if from < to {
        (Comparison::AtMost, Comparison::AtLeast)
    } else {
        (Comparison::AtLeast, Comparison::AtMost)
    };
    if before.holds(value, from.ratio()) {
        return Exact::zero();
    }
    if beyond.holds(value, to.ratio()) {
        return Exact::one();
    }
    if scale == Scale::Log {
        let [value, from, to] = [value, from.ratio(), to.ratio()].map(|of| of.to_f64().ln());
        let share = ((value - from) / (to - from)).clamp(0.0, 1.0);
        return Exact::of_f64(share).unwrap_or_else(Exact::zero);
    }
    part_of_way(&value.into(), &from.into(), &to.into())
}

/// `(x − from) / (to − from)` of what differs.
fn part_of_way(x: &Exact, from: &Exact, to: &Exact) -> Exact {
    x.minus(from).over(&to.minus(from)).unwrap_or_else(Exact::zero)
}

/// A value so that more is better.
fn merit(indicator: &Indicator, value: Ratio) -> Exact {
    let value = Exact::from(value);
    match (indicator.better, indicator.goal) {
        (Better::Lower, _) => value.negated(),
        (Better::Nearer, Some(goal)) => {
            let distance = value.minus(&goal.into());
            if distance > Exact::zero() { distance.negated() } else { distance }
        }
        _ => value,
    }
}

/// Shares that depend on the values of the other areas.
fn compared(
    values: &[Result<Value<'_>, ScoreStatus>],
    indicator: &Indicator,
    peers: &Peers,
    share: impl Fn(&[Exact]) -> Option<Vec<Exact>>,
) -> Shares {
    let mut shares: Shares =
        values.iter().map(|value| Err(value.err().unwrap_or(ScoreStatus::NoSpread))).collect();
    for group in peers {
        let known = group.iter().filter_map(|at| {
            let value = values.get(*at)?.as_ref().ok()?;
            Some((*at, merit(indicator, value.figure())))
        });
        let (places, merits): (Vec<usize>, Vec<Exact>) = known.unzip();
        let Some(own) = share(&merits) else { continue };
        for (at, own) in places.into_iter().zip(own) {
            if let Some(place) = shares.get_mut(at) {
                *place = Ok(own);
            }
        }
    }
    shares
}

/// None where all are alike and below the target: nothing tells how far that is.
fn to_target(merits: &[Exact], target: &Exact) -> Option<Vec<Exact>> {
    let (worst, best) = (merits.iter().min()?, merits.iter().max()?);
    if worst == best && worst < target {
        return None;
    }
    let share = |own: &Exact| {
        if own >= target { Exact::one() } else { part_of_way(own, worst, target) }
    };
    Some(merits.iter().map(share).collect())
}

/// None where all are alike.
fn normalized(merits: &[Exact], relative: Relative) -> Option<Vec<Exact>> {
    let (worst, best) = (merits.iter().min()?, merits.iter().max()?);
    match relative {
        Relative::Rank => mid_ranks(merits),
        _ if worst == best => None,
        Relative::MinMax => Some(merits.iter().map(|own| part_of_way(own, worst, best)).collect()),
        Relative::Z => t_scores(merits),
    }
}

/// The share of the others that are worse, those alike counting half; none without others.
fn mid_ranks(merits: &[Exact]) -> Option<Vec<Exact>> {
    let others = i128::try_from(merits.len()).ok()?.checked_sub(1)?;
    let half = Exact::from(Ratio::new(1, others.checked_mul(2)?).ok()?);
    let share = |place: Place| {
        // Twice those that are worse, and once those alike but for itself.
        let up_to = merits.len().saturating_sub(place.before);
        let doubled = up_to.saturating_mul(2).saturating_sub(place.equal).saturating_sub(1);
        Some(Exact::whole(i128::try_from(doubled).ok()?).times(&half))
    };
    places(merits, |a, b| b.cmp(a), Ties::Min).into_iter().map(share).collect()
}

/// T scores, clipped.
fn t_scores(merits: &[Exact]) -> Option<Vec<Exact>> {
    let values: Vec<f64> = merits.iter().map(Exact::to_f64).collect();
    let (mean, deviation) = spread(&values)?;
    let share = |value: &f64| {
        let z = (value - mean) / deviation;
        Exact::of_f64(((50.0 + 10.0 * z) / 100.0).clamp(0.0, 1.0))
    };
    values.iter().map(share).collect()
}

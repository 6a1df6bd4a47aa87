//! Means (合成): what parts make together, exactly where they can.

use super::Exact;
use super::scheme::{Aggregate, Missing};

/// What is known of the share that a node reaches.
#[derive(Clone, Debug)]
pub(super) enum Reached<N> {
    /// The share.
    Share(N),
    /// There is none, and it counts nowhere.
    Left,
    /// There is none, nor of what it is a part of.
    Unknown,
}

impl<N> Reached<N> {
    pub(super) const fn share(&self) -> Option<&N> {
        match self {
            Self::Share(share) => Some(share),
            Self::Left | Self::Unknown => None,
        }
    }

    /// What a rule makes of an item without a score.
    pub(super) fn without(rule: Missing, zero: N) -> Self {
        match rule {
            Missing::Unknown => Self::Unknown,
            Missing::Renormalize => Self::Left,
            Missing::Zero => Self::Share(zero),
        }
    }
}

/// The mean of the parts that are there, with their weights.
pub(super) fn mean_of<'a>(
    aggregate: Aggregate,
    parts: impl Iterator<Item = (Exact, &'a Reached<Exact>)>,
) -> Reached<Exact> {
    let mut there = Vec::new();
    for (weight, part) in parts {
        match part {
            Reached::Share(share) => there.push((weight, share)),
            Reached::Left => {}
            Reached::Unknown => return Reached::Unknown,
        }
    }
    if there.is_empty() { Reached::Left } else { Reached::Share(mean(aggregate, &there)) }
}

/// As [`mean_of`], in floats.
pub(super) fn mean_of_floats<'a>(
    aggregate: Aggregate,
    parts: impl Iterator<Item = (f64, &'a Reached<f64>)>,
) -> Reached<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for (weight, part) in parts {
        let share = match part {
            Reached::Share(share) => share,
            Reached::Left => continue,
            Reached::Unknown => return Reached::Unknown,
        };
        weights += weight;
        // Of a share of 0 the last two are infinite, and make a mean of 0.
        sum += match aggregate {
            Aggregate::Arithmetic => weight * share,
            Aggregate::Geometric => weight * share.ln(),
            Aggregate::Harmonic => weight / share,
        };
    }
    if weights <= 0.0 {
        return Reached::Left;
    }
    Reached::Share(match aggregate {
        Aggregate::Arithmetic => sum / weights,
        Aggregate::Geometric => (sum / weights).exp(),
        Aggregate::Harmonic => weights / sum,
    })
}

/// The mean of at least one share.
fn mean(aggregate: Aggregate, parts: &[(Exact, &Exact)]) -> Exact {
    let sum = |of: &dyn Fn(&Exact, &Exact) -> Exact| {
        parts.iter().fold(Exact::zero(), |sum, (weight, share)| sum.plus(&of(weight, share)))
    };
    let weights = || sum(&|weight, _| weight.clone());
    // Weights are above 0, so that their sum is.
    let over = |above: Exact, below: &Exact| above.over(below).unwrap_or_else(Exact::zero);
    let (Some((_, first)), false) = (parts.first(), aggregate == Aggregate::Arithmetic) else {
        return over(sum(&Exact::times), &weights());
    };
    if parts.iter().any(|(_, share)| share.is_zero()) {
        return Exact::zero();
    }
    if aggregate == Aggregate::Harmonic {
        let slowness = sum(&|weight, share| over(weight.clone(), share));
        return over(weights(), &slowness);
    }
    if parts.iter().all(|(_, share)| share == first) {
        return (*first).clone();
    }
    let floats = parts.iter().map(|(weight, share)| (weight.to_f64(), share.to_f64().ln()));
    let (logs, weights) = floats
        .fold((0.0, 0.0), |(logs, weights), (weight, log)| (logs + weight * log, weights + weight));
    Exact::of_f64((logs / weights).exp()).unwrap_or_else(Exact::zero)
}

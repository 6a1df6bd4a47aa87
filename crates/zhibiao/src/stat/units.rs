//! Units with a value and a weight, and the groups that they lie in.

use super::adding::{mean_of, sum};

/// A unit that counts.
pub(super) struct Unit {
    pub(super) value: f64,
    /// Above 0.
    pub(super) weight: f64,
    /// Its group at each level.
    path: Vec<usize>,
}

/// The units that count, by value.
pub(super) fn units(values: &[f64], weights: &[f64]) -> Option<Vec<Unit>> {
    nested(values, weights, &[])
}

/// The units that count, at least one: those of a group together, and by value in it.
pub(super) fn nested(values: &[f64], weights: &[f64], levels: &[Vec<usize>]) -> Option<Vec<Unit>> {
    let same_length = levels.iter().map(Vec::len).chain([weights.len()]).all(|n| n == values.len());
    if !same_length || !weights.iter().all(|weight| *weight >= 0.0) {
        return None;
    }
    let path = |at| levels.iter().filter_map(|level| level.get(at).copied()).collect();
    let pairs = values.iter().zip(weights).enumerate().filter(|(_, (_, weight))| **weight > 0.0);
    let mut units: Vec<Unit> =
        pairs.map(|(at, (&value, &weight))| Unit { value, weight, path: path(at) }).collect();
    units.sort_by(|a, b| {
        let by_value = || a.value.total_cmp(&b.value).then(a.weight.total_cmp(&b.weight));
        a.path.cmp(&b.path).then_with(by_value)
    });
    let counts = weight(&units) > 0.0 && weight(&units).is_finite();
    (counts && units.iter().all(|unit| unit.value.is_finite())).then_some(units)
}

/// The groups of a level: what shares so much of its path; beyond the last level single units.
pub(super) fn groups(units: &[Unit], depth: usize) -> impl Iterator<Item = &[Unit]> {
    units.chunk_by(move |a, b| a.path.get(..depth).is_some_and(|path| b.path.starts_with(path)))
}

pub(super) fn weight(units: &[Unit]) -> f64 {
    sum(units.iter().map(|unit| unit.weight))
}

/// The mean of some figure of the value.
pub(super) fn average(units: &[Unit], figure: impl Fn(f64) -> f64) -> f64 {
    mean_of(&units.iter().map(|unit| (figure(unit.value), unit.weight)))
}

pub(super) fn mean(units: &[Unit]) -> f64 {
    mean_of(&units.iter().map(|unit| (unit.value, unit.weight)))
}

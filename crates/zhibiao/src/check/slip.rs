//! The rule for slips: which of some values is about a power of ten away from the median.
//!
//! 1. The value is about a power of ten times the median: within a factor of 2; of 1.25 for 10.
//! 2. The others agree: half of them, or all, lie so near to the median that the slip is more than
//!    eight such distances away, on the scale of logarithms.
//! 3. The value stands apart: what is no slip lies nearer to the median than to the value.
//!
//! Everything is compared exactly.

use crate::error::Result;
use crate::number::Ratio;

/// A power of ten, what is about it, and how far apart half of the others may be: the eighth root of
/// the lower limit.
pub(super) struct Slip {
    factor: i128,
    from: i128,
    to: Ratio,
    spread: Ratio,
}

/// A value with what it belongs to.
pub(super) type Valued<T> = (Ratio, T);

/// A value that slipped: the power of ten, whether it is too large, and the median.
pub(super) struct Slipped<T> {
    pub(super) of: T,
    pub(super) factor: i128,
    pub(super) above: bool,
    pub(super) median: Ratio,
}

/// The slips there are: by 10, 100, 1,000 and 10,000.
pub(super) fn slips_of_ten() -> Result<Vec<Slip>> {
    // 8^(1/8) = 1.297, 50^(1/8) = 1.631, 500^(1/8) = 2.175, 5000^(1/8) = 2.900.
    let limits = [(10, 8, (25, 2), 129), (100, 50, (200, 1), 163), (1000, 500, (2000, 1), 217)];
    let limits = limits.into_iter().chain([(10_000, 5000, (20_000, 1), 290)]);
    limits
        .map(|(factor, from, (num, den), spread)| {
            Ok(Slip { factor, from, to: Ratio::new(num, den)?, spread: Ratio::new(spread, 100)? })
        })
        .collect()
}

/// How many of the others must lie near the median.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Agree {
    All,
    Half,
}

impl Agree {
    /// How many times the median, in words.
    pub(super) fn times(self, factor: i128, above: bool) -> String {
        let of = match self {
            Self::All => "the median of its periods",
            Self::Half => "the median of its tier",
        };
        if above { format!("{factor} times {of}") } else { format!("1/{factor} of {of}") }
    }
}

/// The median, the lower of two; sorts the values.
pub(super) fn median<T>(values: &mut [Valued<T>]) -> Option<Ratio> {
    values.sort_by_key(|(value, _)| *value);
    let middle = values.len().saturating_sub(1).checked_div(2)?;
    values.get(middle).map(|(value, _)| *value)
}

/// The values among others that slipped; none of a list whose bounds leave 128 bits.
pub(super) fn slipped<T: Copy>(
    mut values: Vec<Valued<T>>,
    agree: Agree,
    slips: &[Slip],
) -> Vec<Slipped<T>> {
    let Some(median) = median(&mut values) else { return Vec::new() };
    let mut found = Vec::new();
    for slip in slips {
        for above in [true, false] {
            let Ok(bounds) = Bounds::of(slip, median, above) else { continue };
            let of = |of: &T| Slipped { of: *of, factor: slip.factor, above, median };
            found.extend(bounds.inside(&values, agree, above, median).map(|(_, value)| of(value)));
        }
    }
    found
}

/// What lies near a median, and what is about a power of ten from it.
struct Bounds {
    near: (Ratio, Ratio),
    slip: (Ratio, Ratio),
}

impl Bounds {
    fn of(slip: &Slip, median: Ratio, above: bool) -> Result<Self> {
        let near = (median.div(slip.spread)?, median.mul(slip.spread)?);
        let slip = if above {
            (median.scaled(slip.from)?, median.mul(slip.to)?)
        } else {
            (median.div(slip.to)?, median.div(Ratio::integer(slip.from))?)
        };
        Ok(Self { near, slip })
    }

    /// The values that slipped, of sorted ones.
    fn inside<'v, T>(
        &self,
        values: &'v [Valued<T>],
        agree: Agree,
        above: bool,
        median: Ratio,
    ) -> impl Iterator<Item = &'v Valued<T>> {
        let before = |limit: Ratio| values.partition_point(|(value, _)| *value < limit);
        let up_to = |limit: Ratio| values.partition_point(|(value, _)| *value <= limit);
        let near = up_to(self.near.1).saturating_sub(before(self.near.0));
        let (first, last) = (before(self.slip.0), up_to(self.slip.1));
        let agreeing = match agree {
            Agree::All => near.saturating_add(last.saturating_sub(first)) >= values.len(),
            Agree::Half => near.saturating_mul(2) >= values.len(),
        };
        let between = if above { first.checked_sub(1) } else { Some(last) };
        let between = between.and_then(|index| values.get(index)).map(|(value, _)| *value);
        let apart = move |value| between.is_none_or(|rest| stands_apart(value, rest, median));
        let inside = values.get(first..last).filter(|_| agreeing).unwrap_or(&[]);
        inside.iter().filter(move |(value, _)| apart(*value))
    }
}

/// Whether a value between is nearer to the median than to the value, as quotients go.
fn stands_apart(value: Ratio, between: Ratio, median: Ratio) -> bool {
    match (value.div(between), between.div(median)) {
        (Ok(beyond), Ok(within)) if value > median => within <= beyond,
        (Ok(beyond), Ok(within)) => within >= beyond,
        _ => false,
    }
}

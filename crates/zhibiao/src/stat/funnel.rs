//! Funnels: how far chance alone takes areas of a size from a common figure.

use super::special::gamma_tails;
use super::{Level, Limits, ProportionMethod, proportion_limits};

/// Limits of a funnel (漏斗图控制限) for the share of an area with a denominator, if the true share
/// were `target`: Wilson's limits of `target · n` of `n`.
///
/// # Missing values
/// None where `n ≤ 0` and where the target is no share.
///
/// # Example
/// ```
/// use zhibiao::stat::{Level, funnel_of_share};
/// let small = funnel_of_share(0.5, 20.0, Level::new(0.998)?).unwrap();
/// let large = funnel_of_share(0.5, 20_000.0, Level::new(0.998)?).unwrap();
/// assert!(small.lower < large.lower && large.upper < small.upper);
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Spiegelhalter (2005), Statistics in Medicine 24:1185–1202; Wilson's limits as in
/// Eayres (2008), APHO technical briefing 3.
#[must_use]
pub fn funnel_of_share(target: f64, n: f64, level: Level) -> Option<Limits> {
    proportion_limits(target * n, n, level, ProportionMethod::Wilson)
}

/// Limits of a funnel (漏斗图控制限) for the rate of an area with a denominator, if the true rate were
/// `target`: the counts, taken as running numbers, whose exact limits just reach `target · n`, over
/// `n`. So an area lies outside exactly when its own exact limits leave the target out.
///
/// # Missing values
/// None where `n ≤ 0` and where the target is not above 0.
///
/// # Example
/// ```
/// use zhibiao::stat::{CountMethod, Level, count_limits, funnel_of_rate};
/// let level = Level::new(0.95)?;
/// let funnel = funnel_of_rate(0.01, 1000.0, level).unwrap();
/// assert!(funnel.lower < 0.01 && funnel.upper > 0.01);
/// let at_edge = count_limits(funnel.upper * 1000.0, level, CountMethod::Exact).unwrap();
/// assert!((at_edge.lower / 1000.0 - 0.01).abs() < 1e-12);
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Spiegelhalter (2005), Statistics in Medicine 24:1185–1202; exact limits as in Garwood (1936),
/// Biometrika 28:437–442.
#[must_use]
pub fn funnel_of_rate(target: f64, n: f64, level: Level) -> Option<Limits> {
    let mean = target * n;
    if !(n > 0.0 && mean > 0.0 && mean.is_finite()) {
        return None;
    }
    let tail = level.tail();
    let lower = crossing(0.0, mean, |count| gamma_tails(count + 1.0, mean).1 < tail);
    let far = 2.0 * mean + 10.0 * level.z() * level.z() + 10.0;
    let upper = crossing(mean, far, |count| gamma_tails(count, mean).0 > tail);
    Some(Limits { lower: lower / n, upper: upper / n })
}

/// Where what holds from `low` on ends, before `high`.
fn crossing(low: f64, high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (low, high);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return low;
        }
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
}

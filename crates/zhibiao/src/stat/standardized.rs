//! Standardized rates.

use super::{CountMethod, Level, Limits, count_limits};

/// One stratum of a population, such as an age (层).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stratum {
    /// Events, or children that have what is counted.
    pub count: f64,
    /// Those among whom they were counted.
    pub population: f64,
    /// How many the standard population has of them; any unit.
    pub weight: f64,
}

/// A figure with its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardized {
    /// The standardized rate or ratio, as a fraction.
    pub value: f64,
    /// Its limits; none of a direct rate without events, of which nothing tells the variance.
    pub limits: Option<Limits>,
}

/// The rate that a standard population would have (直接标准化率), with limits.
///
/// # Formula
/// With O events in all and limits L of them: `DSR = Σ wᵢxᵢ/nᵢ / Σwᵢ`,
/// `var = Σ wᵢ²xᵢ/nᵢ² / (Σwᵢ)²`, limits `DSR + √(var/O) · (L − O)`.
///
/// # Missing values
/// None without strata, where a population with weight is not positive, where a count or weight is
/// negative, and where all weights are 0. Without events the rate is 0 and has no limits.
///
/// # Example
/// ```
/// use zhibiao::stat::{CountMethod, Level, Stratum, direct_rate};
/// let strata = [
///     Stratum { count: 20.0, population: 1000.0, weight: 1.0 },
///     Stratum { count: 10.0, population: 100.0, weight: 3.0 },
/// ];
/// let rate = direct_rate(&strata, Level::new(0.95)?, CountMethod::Byar).unwrap();
/// assert!((rate.value - 0.08).abs() < 1e-15 && rate.limits.unwrap().lower < 0.08);
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Dobson, Kuulasmaa, Eberle & Scherer (1991), Statistics in Medicine 10:457–462.
#[must_use]
pub fn direct_rate(strata: &[Stratum], level: Level, method: CountMethod) -> Option<Standardized> {
    let used = || strata.iter().filter(|stratum| stratum.weight != 0.0);
    let sound = |of: &Stratum| of.weight > 0.0 && of.population > 0.0 && of.count >= 0.0;
    if !used().all(sound) {
        return None;
    }
    let weights: f64 = used().map(|of| of.weight).sum();
    let events: f64 = used().map(|of| of.count).sum();
    let value = used().map(|of| of.weight * (of.count / of.population)).sum::<f64>() / weights;
    let variance = |of: &Stratum| of.count * (of.weight / weights / of.population).powi(2);
    let variance: f64 = used().map(variance).sum();
    if !(value.is_finite() && variance.is_finite()) {
        return None;
    }
    if events <= 0.0 {
        return Some(Standardized { value, limits: None });
    }
    let per_event = (variance / events).sqrt();
    let Limits { lower, upper } = count_limits(events, level, method)?;
    let limit = |limit: f64| value + per_event * (limit - events);
    let limits = Limits { lower: limit(lower).max(0.0), upper: limit(upper) };
    Some(Standardized { value, limits: Some(limits) })
}

/// One stratum of a population and of the reference that its rate is taken from (参照层).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// Events.
    pub count: f64,
    /// Those among whom they were counted.
    pub population: f64,
    /// Events in the reference.
    pub reference_count: f64,
    /// Those among whom they were counted there.
    pub reference_population: f64,
}

/// What was seen against what the rates of a reference would give (间接标准化比).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indirect {
    /// Events seen.
    pub observed: f64,
    /// Events that the rates of the reference would give.
    pub expected: f64,
    /// Their quotient, with limits; times the rate of the reference it is the indirectly
    /// standardized rate.
    pub ratio: Standardized,
}

/// Events against those that the rates of a reference would give (间接标准化比), with limits.
///
/// # Formula
/// `E = Σ nᵢ · Xᵢ/Nᵢ`, ratio `O / E`, limits those of O over E.
///
/// # Missing values
/// None where a population is negative, a count is, or one of the reference is not positive; and
/// where nothing is expected.
///
/// # Example
/// ```
/// use zhibiao::stat::{CountMethod, Level, Reference, indirect_ratio};
/// let stratum = Reference { count: 30.0, population: 1000.0, reference_count: 20.0, reference_population: 1000.0 };
/// let found = indirect_ratio(&[stratum], Level::new(0.95)?, CountMethod::Byar).unwrap();
/// assert_eq!((found.expected, found.ratio.value), (20.0, 1.5));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Breslow & Day (1987), *Statistical Methods in Cancer Research* II, section 2.3.
#[must_use]
pub fn indirect_ratio(strata: &[Reference], level: Level, method: CountMethod) -> Option<Indirect> {
    let sound = |of: &Reference| {
        of.count >= 0.0
            && of.population >= 0.0
            && of.reference_count >= 0.0
            && of.reference_population > 0.0
    };
    if !strata.iter().all(sound) {
        return None;
    }
    let observed: f64 = strata.iter().map(|of| of.count).sum();
    let of_reference =
        |of: &Reference| of.population * (of.reference_count / of.reference_population);
    let expected: f64 = strata.iter().map(of_reference).sum();
    if !(expected > 0.0 && expected.is_finite()) {
        return None;
    }
    let limits = Some(count_limits(observed, level, method)?.scaled(1.0 / expected));
    Some(Indirect {
        observed,
        expected,
        ratio: Standardized { value: observed / expected, limits },
    })
}

//! Limits of a count.

use std::str::FromStr;

use super::special::{Tail, gamma_quantile};
use super::{Level, Limits};
use crate::error::{Error, Result, one_of};

/// Counts from which Byar's approximation stands for the exact limits.
const ENOUGH: f64 = 10.0;

/// How the limits of a count are found (计数的置信限算法).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum CountMethod {
    /// Exact below 10, Byar's approximation from 10. The default.
    #[default]
    ExactByar,
    /// Quantiles of the chi-square distribution.
    Exact,
    /// Byar's approximation of them.
    Byar,
}

impl CountMethod {
    const ALL: [(&str, Self); 3] =
        [("exact-byar", Self::ExactByar), ("exact", Self::Exact), ("byar", Self::Byar)];

    /// The id used in options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ExactByar => "exact-byar",
            Self::Exact => "exact",
            Self::Byar => "byar",
        }
    }

    /// The one of both methods that a count is given limits by.
    #[must_use]
    pub fn of(self, count: f64) -> Self {
        match self {
            Self::ExactByar if count < ENOUGH => Self::Exact,
            Self::ExactByar => Self::Byar,
            asked => asked,
        }
    }
}

impl FromStr for CountMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("method for counts", text, &Self::ALL)
    }
}

/// Limits of a count of independent events (计数的置信限). Those of a rate are these over its
/// denominator.
///
/// # Formula
/// With z of the level and α/2 its tail:
/// - exact: half of χ²(α/2; 2x) and of χ²(1 − α/2; 2x + 2);
/// - Byar: `x(1 − 1/(9x) − z/(3√x))³` and, with y = x + 1, `y(1 − 1/(9y) + z/(3√y))³`.
///
/// The lower limit of 0 is exactly 0; Byar's, where it comes out below 0, too.
///
/// # Missing values
/// None for a negative count.
///
/// # Example
/// ```
/// use zhibiao::stat::{CountMethod, Level, count_limits};
/// let limits = count_limits(5.0, Level::new(0.95)?, CountMethod::Exact).unwrap();
/// assert_eq!((format!("{:.3}", limits.lower), format!("{:.2}", limits.upper)), ("1.623".into(), "11.67".into()));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Garwood (1936), Biometrika 28:437–442; Byar in Breslow & Day (1987), *Statistical Methods in
/// Cancer Research* II, section 2.3; the change at 10 as in Eayres (2008), *Commonly used public health
/// statistics and their confidence intervals*, APHO technical briefing 3.
#[must_use]
pub fn count_limits(x: f64, level: Level, method: CountMethod) -> Option<Limits> {
    if !(x >= 0.0 && x.is_finite()) {
        return None;
    }
    let above = x + 1.0;
    let (lower, upper) = match method.of(x) {
        CountMethod::Byar => (byar(x, -level.z()), byar(above, level.z())),
        _ if x <= 0.0 => (0.0, gamma_quantile(above, Tail::Upper, level.tail())),
        _ => (
            gamma_quantile(x, Tail::Lower, level.tail()),
            gamma_quantile(above, Tail::Upper, level.tail()),
        ),
    };
    Some(Limits { lower: if x <= 0.0 { 0.0 } else { lower.max(0.0) }, upper })
}

fn byar(x: f64, z: f64) -> f64 {
    x * (1.0 - 1.0 / (9.0 * x) + z / (3.0 * x.sqrt())).powi(3)
}

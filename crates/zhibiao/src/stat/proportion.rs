//! Limits of a proportion.

use std::str::FromStr;

use super::special::{Tail, beta_quantile};
use super::{Level, Limits};
use crate::error::{Error, Result, one_of};

/// How the limits of a proportion are found (比例的置信限算法).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ProportionMethod {
    /// The score interval; good for any number of units. The default.
    #[default]
    Wilson,
    /// The exact interval: never below its level, and therefore wide.
    ClopperPearson,
    /// Equal tails of the beta distribution with half a unit more on either side.
    Jeffreys,
    /// The simple interval around Wilson's middle.
    AgrestiCoull,
}

impl ProportionMethod {
    const ALL: [(&str, Self); 4] = [
        ("wilson", Self::Wilson),
        ("clopper-pearson", Self::ClopperPearson),
        ("jeffreys", Self::Jeffreys),
        ("agresti-coull", Self::AgrestiCoull),
    ];

    /// The id used in tables and options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::ClopperPearson => "clopper-pearson",
            Self::Jeffreys => "jeffreys",
            Self::AgrestiCoull => "agresti-coull",
        }
    }
}

impl FromStr for ProportionMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        one_of("method for proportions", text, &Self::ALL)
    }
}

/// Limits of a proportion `x / n` (比例的置信限), as fractions.
///
/// At `x = 0` the lower limit is exactly 0, at `x = n` the upper one exactly 1.
///
/// # Formula
/// With p = x/n, q = 1 − p, z of the level and α/2 its tail:
/// - Wilson: `(2x + z² ± z√(z² + 4xq)) / (2(n + z²))`.
/// - Clopper–Pearson: quantiles α/2 of Beta(x, n − x + 1) and 1 − α/2 of Beta(x + 1, n − x).
/// - Jeffreys: quantiles α/2 and 1 − α/2 of Beta(x + ½, n − x + ½).
/// - Agresti–Coull: `p̃ ± z√(p̃(1 − p̃)/ñ)` with ñ = n + z², p̃ = (x + z²/2)/ñ, cut at 0 and 1.
///
/// # Missing values
/// None where `n ≤ 0`, `x < 0` or `x > n`: what exceeds its whole is no proportion.
///
/// # Example
/// ```
/// use zhibiao::stat::{Level, ProportionMethod, proportion_limits};
/// let limits = proportion_limits(81.0, 263.0, Level::new(0.95)?, ProportionMethod::Wilson).unwrap();
/// assert_eq!((format!("{:.4}", limits.lower), format!("{:.4}", limits.upper)), ("0.2553".into(), "0.3662".into()));
/// assert_eq!(proportion_limits(61.0, 60.0, Level::new(0.95)?, ProportionMethod::Wilson), None);
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Wilson (1927), JASA 22:209–212; Clopper & Pearson (1934), Biometrika 26:404–413; Agresti &
/// Coull (1998), American Statistician 52:119–126; Brown, Cai & `DasGupta` (2001), Statistical
/// Science 16:101–133, also on the ends; the example is of Newcombe (1998), Statistics in Medicine
/// 17:857–872, table I.
#[must_use]
pub fn proportion_limits(x: f64, n: f64, level: Level, method: ProportionMethod) -> Option<Limits> {
    if !(n > 0.0 && x >= 0.0 && x <= n && n.is_finite()) {
        return None;
    }
    let Limits { lower, upper } = match method {
        ProportionMethod::Wilson => wilson(x, n, level),
        ProportionMethod::ClopperPearson => beta([x, n - x + 1.0], [x + 1.0, n - x], level),
        ProportionMethod::Jeffreys => {
            let shapes = [x + 0.5, n - x + 0.5];
            beta(shapes, shapes, level)
        }
        ProportionMethod::AgrestiCoull => agresti_coull(x, n, level),
    };
    let lower = if x <= 0.0 { 0.0 } else { lower };
    let upper = if x >= n { 1.0 } else { upper.min(1.0) };
    Some(Limits { lower, upper })
}

fn wilson(x: f64, n: f64, level: Level) -> Limits {
    let z = level.z();
    let sum = 2.0 * x + z * z + z * (z * z + 4.0 * x * ((n - x) / n)).sqrt();
    // The product of both limits is x² / (n(n + z²)): no difference of near numbers.
    Limits { lower: 2.0 * x * (x / n) / sum, upper: sum / (2.0 * (n + z * z)) }
}

fn agresti_coull(x: f64, n: f64, level: Level) -> Limits {
    let square = level.z() * level.z();
    let total = n + square;
    let middle = (x + square / 2.0) / total;
    let rest = (n - x + square / 2.0) / total;
    let half = level.z() * (middle * rest / total).sqrt();
    // middle² − half², over what is added: no difference of near numbers.
    let below =
        |middle: f64, rest: f64| middle * (middle - square * rest / total) / (middle + half);
    let (lower, lacking) = (below(middle, rest).max(0.0), below(rest, middle).max(0.0));
    Limits { lower, upper: if lacking < 0.5 { 1.0 - lacking } else { middle + half } }
}

fn beta(lower: [f64; 2], upper: [f64; 2], level: Level) -> Limits {
    // At the ends a shape is 0; what is asked for there is not used.
    let quantile = |[a, b]: [f64; 2], tail: Tail| {
        if a > 0.0 && b > 0.0 { beta_quantile(a, b, tail, level.tail()).x } else { 0.0 }
    };
    Limits { lower: quantile(lower, Tail::Lower), upper: quantile(upper, Tail::Upper) }
}

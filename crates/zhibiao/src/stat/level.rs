//! Confidence levels and limits.

use std::fmt;
use std::str::FromStr;

use super::special::normal_quantile;
use crate::error::{Error, Problem, Result};
use crate::number::{Decimal, Ratio};

/// A confidence level (置信水平), strictly between 0 and 1.
///
/// # Example
/// ```
/// use zhibiao::stat::Level;
/// assert_eq!(format!("{:.13}", Level::new(0.95)?.z()), "1.9599639845401");
/// // A percentage is refused, not guessed.
/// let error = Level::new(95.0).unwrap_err();
/// assert_eq!(error.code(), "bad-level");
/// assert!(error.problem().remedy().contains("0.95"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    share: f64,
    tail: f64,
    z: f64,
}

impl Level {
    /// A level.
    ///
    /// # Errors
    /// `bad-level` for what is not between 0 and 1; 95 is told to be 0.95.
    pub fn new(level: f64) -> Result<Self> {
        if !(level > 0.0 && level < 1.0) {
            let meant = if level > 1.0 && level < 100.0 { level / 100.0 } else { 0.95 };
            return Err(
                Problem::BadLevel { value: level.to_string(), meant: meant.to_string() }.into()
            );
        }
        // 0.95 leaves 0.05, not what is left by the float that is nearest to it.
        let written: Option<Decimal> = level.to_string().parse().ok();
        let left = written.and_then(|written| Ratio::integer(1).sub(written.ratio()).ok());
        let tail = left.map_or(1.0 - level, Ratio::to_f64) / 2.0;
        Ok(Self { share: level, tail, z: normal_quantile(tail) })
    }

    /// The level itself.
    #[must_use]
    pub const fn level(self) -> f64 {
        self.share
    }

    /// The share of either tail: `(1 − level) / 2`.
    #[must_use]
    pub const fn tail(self) -> f64 {
        self.tail
    }

    /// The z above which the normal distribution has that tail.
    #[must_use]
    pub const fn z(self) -> f64 {
        self.z
    }
}

impl FromStr for Level {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::new(text.trim().parse().unwrap_or(f64::NAN)).map_err(|error| match error.problem() {
            Problem::BadLevel { meant, .. } => {
                Problem::BadLevel { value: text.to_owned(), meant: meant.clone() }.into()
            }
            _ => error,
        })
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.share.fmt(f)
    }
}

/// Interval limits (置信限) of a figure, in its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl Limits {
    /// Both limits times a factor that is not negative.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, upper: self.upper * factor }
    }
}

//! Limits of a mean.

use super::special::student_quantile;
use super::{Level, Limits};

/// Limits of a mean of `n` figures (均值的置信限), in its unit.
///
/// # Formula
/// `mean ± t·sd/√n` with t of Student's distribution of n − 1 degrees of freedom; `sd` is the
/// sample standard deviation, over n − 1.
///
/// # Missing values
/// None below 2 figures, and where `sd` is not above 0: one figure, or the same one again, says
/// nothing of chance.
///
/// # Example
/// ```
/// use zhibiao::stat::{Level, mean_limits};
/// let limits = mean_limits(10.0, 2.0, 4.0, Level::new(0.95)?).unwrap();
/// assert_eq!((format!("{:.3}", limits.lower), format!("{:.3}", limits.upper)), ("6.818".into(), "13.182".into()));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # References
/// Student (1908), Biometrika 6:1–25; Fisher (1925), *Statistical Methods for Research Workers*, §24.
#[must_use]
pub fn mean_limits(mean: f64, sd: f64, n: f64, level: Level) -> Option<Limits> {
    if !(n >= 2.0 && sd > 0.0 && mean.is_finite() && sd.is_finite() && n.is_finite()) {
        return None;
    }
    let half = student_quantile(level.tail(), n - 1.0) * sd / n.sqrt();
    Some(Limits { lower: mean - half, upper: mean + half })
}

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

/// Mean and sample standard deviation; none where nothing is spread.
pub(crate) fn spread(values: &[f64]) -> Option<(f64, f64)> {
    let n: f64 = values.iter().map(|_| 1.0).sum();
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let sd = (squares / (n - 1.0)).sqrt();
    // Equal values may differ from their mean in the last digit.
    let differ = values.iter().any(|value| Some(value) != values.first());
    (n >= 2.0 && differ && sd > 0.0).then_some((mean, sd))
}

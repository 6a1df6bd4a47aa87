//! Trends (趋势) of a figure over time.

use super::adding::{finite, log_ratio, sum};
use super::gradient::{Line, Point};
use super::special::chi_square_tail;

/// A straight trend and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Change of the figure in one unit of time.
    pub slope: f64,
    /// Chi-square (卡方) of one degree of freedom.
    pub statistic: f64,
    /// Probability of so great a statistic where nothing changes (p 值).
    pub p: f64,
}

/// The trend of a proportion by counts (比例趋势的卡方检验), as of Cochran and Armitage.
///
/// `counts` of the `totals` have the mark at each of the `times`; counts may be fractional. A time
/// of total 0 does not count. The statistic is the same for any unit and origin of time.
///
/// # Formula
/// With `p = Σx/Σn`, `t̄ = Σnt/Σn`, `S = Σ(x − np)(t − t̄)` and `D = Σn(t − t̄)²`: slope `S/D`,
/// statistic `S² / (p(1 − p)D)`, without a correction for continuity. With N and X for the sums
/// that is `N(NΣxt − XΣnt)² / (X(N − X)(NΣnt² − (Σnt)²))`.
///
/// # Missing values
/// None where the slices differ in length, a count does not lie between 0 and its total, all or
/// none have the mark, or all times are the same.
///
/// # Example
/// ```
/// use zhibiao::stat::chi_square_trend;
/// let years = [2014.0, 2015.0, 2016.0, 2017.0, 2018.0];
/// let counts = [994.0, 1023.0, 1199.0, 1332.0, 1367.0];
/// let totals = [40299.0, 41527.0, 42811.0, 44064.0, 44701.0];
/// let trend = chi_square_trend(&years, &counts, &totals).unwrap();
/// // What Fingertips tests its own calculation with.
/// assert_eq!(format!("{:.2}", trend.statistic), "47.90");
/// ```
///
/// # References
/// Cochran (1954), Biometrics 10:417–451; Armitage (1955), Biometrics 11:375–386. Fingertips
/// (Office for Health Improvement and Disparities) takes the last five years, calls a trend what is
/// beyond 9.54953570608324 (p = 0.002), and wants the same direction without any one year; its
/// figures here are those of `TrendMarkerCalculatorTest` in ukhsa-collaboration/fingertips-open.
#[must_use]
pub fn chi_square_trend(times: &[f64], counts: &[f64], totals: &[f64]) -> Option<Trend> {
    let parts = || counts.iter().zip(totals);
    let inside = parts().all(|(count, total)| (0.0..=*total).contains(count));
    if counts.len() != totals.len() || !inside {
        return None;
    }
    let p = sum(counts.iter().copied()) / sum(totals.iter().copied());
    let shares: Vec<f64> = parts().map(|(count, total)| count / total).collect();
    trend(times, &shares, totals, p * (1.0 - p))
}

/// The trend of figures with standard errors (加权回归的趋势检验).
///
/// # Formula
/// Least squares with weights `w = 1/se²`: statistic `(slope / se(slope))²` with
/// `se(slope)² = 1 / Σw(t − t̄)²`, which stands on the errors given, not on how figures scatter
/// around the line. Of 95 % limits, `se = (upper − lower) / 3.92`.
///
/// # Missing values
/// None where the slices differ in length, an error is not above 0, a number is not finite, or all
/// times are the same.
///
/// # Example
/// ```
/// use zhibiao::stat::weighted_trend;
/// let years = [2014.0, 2015.0, 2016.0, 2017.0, 2018.0];
/// let rates = [24.67, 24.6, 28.0, 30.2, 30.6];
/// let limits = [(23.16, 26.25), (23.15, 26.19), (26.44, 29.64), (28.63, 31.9), (28.98, 32.25)];
/// let errors = limits.map(|(lower, upper)| (upper - lower) / 3.92);
/// let trend = weighted_trend(&years, &rates, &errors).unwrap();
/// // What Fingertips tests its own calculation with.
/// assert_eq!(format!("{:.2}", trend.statistic), "46.77");
/// ```
///
/// # References
/// Fingertips (Office for Health Improvement and Disparities), as for [`chi_square_trend`].
#[must_use]
pub fn weighted_trend(times: &[f64], values: &[f64], errors: &[f64]) -> Option<Trend> {
    if !errors.iter().all(|error| *error > 0.0 && error.is_finite()) {
        return None;
    }
    let weights: Vec<f64> = errors.iter().map(|error| error.powi(2).recip()).collect();
    trend(times, values, &weights, 1.0)
}

/// The mean growth in a year (年均增长率): `(last / first)^(1 / years) − 1`, as a fraction.
///
/// # Missing values
/// None where the first figure or the years are not above 0, or the last is below 0, or one of them
/// is not finite.
///
/// # Example
/// ```
/// use zhibiao::stat::annual_growth;
/// let growth = annual_growth(100.0, 121.0, 2.0).unwrap();
/// assert!((growth - 0.1).abs() < 1e-15);
/// assert_eq!(annual_growth(0.0, 121.0, 2.0), None);
/// ```
///
/// # References
/// National Bureau of Statistics of China, China Statistical Yearbook, notes on 平均增长速度
/// (水平法).
#[must_use]
pub fn annual_growth(first: f64, last: f64, years: f64) -> Option<f64> {
    if !(first > 0.0 && last >= 0.0 && years > 0.0 && first.is_finite() && years.is_finite()) {
        return None;
    }
    finite((log_ratio(last, first) / years).exp_m1())
}

/// The trend of values of which one of weight 1 has this variance.
fn trend(times: &[f64], values: &[f64], weights: &[f64], variance: f64) -> Option<Trend> {
    if times.len() != values.len() || times.len() != weights.len() {
        return None;
    }
    let all =
        times.iter().zip(values).zip(weights).map(|((&x, &y), &weight)| Point { x, y, weight });
    let points: Vec<_> = all.filter(|point| point.weight > 0.0).collect();
    let Line { slope, spread, .. } = Line::through(&points)?;
    let statistic = finite(slope.powi(2) * spread / variance)?;
    Some(Trend { slope, statistic, p: chi_square_tail(statistic, 1.0) })
}

//! What chance does to a value.

use crate::catalog::Kind;
use crate::stat::{
    CountMethod, Level, Limits, ProportionMethod, count_limits, funnel_of_share, proportion_limits,
};
use crate::table::Row;

/// How limits are found (置信限选项).
#[derive(Clone, Debug, Default)]
pub struct LimitOptions {
    /// Confidence levels; without any there are no limits.
    pub levels: Vec<Level>,
    /// For shares of counts.
    pub proportion: ProportionMethod,
    /// For rates and totals of counts.
    pub count: CountMethod,
}

/// How chance acts on a value: on whole units, independently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Chance {
    /// Each of `n` is counted or not.
    Share { x: f64, n: f64, factor: f64 },
    /// Events come at a rate; `n` of which they are told is no matter of chance.
    Rate { x: f64, n: f64, factor: f64 },
}

impl Chance {
    /// None for what is no quotient of counts or count.
    pub(super) fn of(row: Row<'_>) -> Option<Self> {
        row.value()?;
        let (above, below) = row.counted()?;
        let indicator = row.indicator();
        let factor = 10_f64.powi(indicator.unit.power_of_base().into());
        let x = row.numerator()?.ratio().to_f64();
        let n = row.denominator().map(|below| below.ratio().to_f64());
        match (&indicator.kind, n) {
            (Kind::Share { .. }, Some(n)) if above && below => Some(Self::Share { x, n, factor }),
            (Kind::Rate { .. } | Kind::Completion { .. }, Some(n)) if above && n > 0.0 => {
                Some(Self::Rate { x, n, factor })
            }
            (Kind::Total { .. }, None) if above => Some(Self::Rate { x, n: 1.0, factor }),
            _ => None,
        }
    }

    /// Limits in the unit of the indicator, and the method by which they were found.
    pub(super) fn limits(self, level: Level, how: &LimitOptions) -> Option<(Limits, &'static str)> {
        match self {
            Self::Share { x, n, factor } => {
                let limits = proportion_limits(x, n, level, how.proportion)?;
                Some((limits.scaled(factor), how.proportion.id()))
            }
            Self::Rate { x, n, factor } => {
                let limits = count_limits(x, level, how.count)?;
                Some((limits.scaled(factor / n), how.count.of(x).id()))
            }
        }
    }

    /// Whether a reference in the unit of the indicator lies farther from the value than chance
    /// takes an area of its size from it: below or above.
    pub(super) fn leaves_funnel(self, reference: f64, level: Level) -> Option<std::cmp::Ordering> {
        let against = |value: f64, limits: Limits| {
            if value < limits.lower {
                std::cmp::Ordering::Less
            } else if value > limits.upper {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        };
        match self {
            Self::Share { x, n, factor } => {
                Some(against(x / n, funnel_of_share(reference / factor, n, level)?))
            }
            // The exact limits of the count leave the reference out just where it leaves the funnel.
            Self::Rate { x, n, factor } => {
                let limits = count_limits(x, level, CountMethod::Exact)?.scaled(factor / n);
                Some(against(reference, limits).reverse())
            }
        }
    }
}

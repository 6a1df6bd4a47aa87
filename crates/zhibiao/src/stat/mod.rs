//! Statistics (统计量) of plain numbers: limits, ranks, inequality, gradients, trends.
//!
//! Functions take floats and give `None` where a figure does not exist, never NaN. Confidence
//! limits of complete counts (普查) tell what chance would do to a county like this one
//! (superpopulation), not what a sample leaves open.
//!
//! This module knows neither tables nor areas. It may use `error` and `number`.

mod adding;
mod count;
mod funnel;
mod gradient;
mod inequality;
mod level;
mod mean;
mod parity;
mod proportion;
mod quantile;
mod rank;
mod special;
mod standardized;
mod summary;
mod theil;
mod trend;
mod units;

pub use count::{CountMethod, count_limits};
pub use funnel::{funnel_of_rate, funnel_of_share};
pub use gradient::{Gradient, gradient};
pub use inequality::{
    coefficient_of_variation, gini, mean_gap, top_to_bottom, weighted_deviation, weighted_mean,
};
pub use level::{Level, Limits};
pub use mean::mean_limits;
pub(crate) use mean::spread;
pub use parity::{adjusted_parity, parity};
pub use proportion::{ProportionMethod, proportion_limits};
pub use quantile::{BandMethod, QuantileMethod, bands, quantile};
pub use rank::{Place, Ties, places};
pub use standardized::{Indirect, Reference, Standardized, Stratum, direct_rate, indirect_ratio};
pub use summary::{Summary, summary};
pub use theil::{Decomposition, Theil, decompose, theil_l, theil_t};
pub use trend::{Trend, annual_growth, chi_square_trend, weighted_trend};

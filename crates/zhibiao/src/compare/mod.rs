//! Comparing (比较) areas: bounds, limits, ranks, references, neighbors, disparity, gaps, trends, standardized rates.
//!
//! Each is a method of [`IndicatorTable`](crate::IndicatorTable) and gives a [`Compared`] table. Exact
//! values are compared, never printed ones; figures of a larger area, or of several areas together,
//! are ratios of sums. What is no sum but a statistic is a float, by the functions of
//! [`stat`](crate::stat).
//!
//! May use everything up to `attainment`.

mod against;
mod answer;
mod bounds;
mod chance;
mod disparity;
mod fields;
mod gaps;
mod limits;
mod neighbors;
mod peers;
mod ranks;
mod reason;
mod standardized;
mod trends;

pub use self::against::{Against, AgainstOptions, Difference, Significance};
pub(crate) use self::answer::printed;
pub use self::answer::{Compared, ComparedRow, Figure, Figures, Of, Shown};
pub use self::bounds::ValueBounds;
pub use self::chance::LimitOptions;
pub use self::disparity::{Disparity, DisparityOptions, Weighting};
pub(crate) use self::fields::outer;
pub use self::gaps::Gap;
pub use self::limits::ValueLimits;
pub use self::neighbors::{Neighbor, NeighborOptions, Neighbors};
pub use self::peers::PeerFigures;
pub use self::ranks::{RankOptions, Standing};
pub use self::reason::Reason;
pub use self::standardized::{StandardPopulation, StandardizedRate};
pub use self::trends::{TrendFigures, TrendOptions};

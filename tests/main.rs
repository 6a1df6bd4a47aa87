//! One binary, so that polars is linked once.

mod architecture;
mod areas;
mod cases;
mod catalogue;
mod census;
mod findings;
mod formats;
mod grids;
mod kentucky;
mod laws;
mod logs;
mod messages;
mod pingyao;
mod published;
mod schema;
mod sheets;

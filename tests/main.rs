//! One binary, so that polars is linked once.

mod areas;
mod cases;
mod catalogue;
mod census;
mod grids;
mod kentucky;
mod laws;
mod messages;
mod pingyao;
mod published;
mod sheets;

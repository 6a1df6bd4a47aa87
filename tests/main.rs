//! One binary, so that polars is linked once.

mod areas;
mod cases;
mod census;
mod changes;
mod grids;
mod kentucky;
mod kind_laws;
mod laws;
mod messages;
mod pingyao;
mod published;
mod sheets;

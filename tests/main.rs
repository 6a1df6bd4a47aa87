//! One binary, so that polars is linked once.

mod architecture;
mod areas;
mod batches;
mod cases;
mod catalogue;
mod census;
mod changes;
mod files;
mod findings;
mod formats;
mod grids;
mod html;
mod inputs;
mod kentucky;
mod kind_laws;
mod laws;
mod logs;
mod messages;
mod number_laws;
mod pingyao;
mod published;
mod schema;
mod selections;
mod sheets;
mod sums;
mod watch;

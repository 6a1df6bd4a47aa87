//! Education indicators (教育指标) from tables of counts, exact to the digit.

pub mod area;
mod bind;
pub mod catalog;
mod engine;
mod error;
pub mod judge;
mod label;
pub mod number;
pub mod period;
pub mod plan;
mod query;
pub mod report;
pub mod state;
pub mod table;
pub mod unit;

pub use bind::Table;
pub use catalog::Catalog;
pub use error::{Error, Place, Problem, Result};
pub use label::{Label, Lang};
pub use query::Query;
pub use table::IndicatorTable;

/// The frame that tables come as and go as.
pub use polars::prelude::DataFrame as Frame;

//! Education indicators (教育指标) from tables of counts, exact to the digit.

pub mod area;
mod bind;
pub mod catalog;
mod error;
mod label;
pub mod number;
pub mod period;
pub mod unit;

pub use bind::Table;
pub use catalog::Catalog;
pub use error::{Error, Place, Problem, Result};
pub use label::{Label, Lang};

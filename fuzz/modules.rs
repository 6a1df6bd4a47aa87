//! The modules of the library that need no polars, in their order: that they compile here proves it.

#![expect(dead_code, unused_imports, reason = "what the modules above these use is not here")]

#[path = "../crates/zhibiao/src/error.rs"]
mod error;
#[path = "../crates/zhibiao/src/label.rs"]
mod label;
#[path = "../crates/zhibiao/src/number/mod.rs"]
pub mod number;
#[path = "../crates/zhibiao/src/unit/mod.rs"]
pub mod unit;
#[path = "../crates/zhibiao/src/quantity/mod.rs"]
pub mod quantity;
#[path = "../crates/zhibiao/src/symbol/mod.rs"]
pub mod symbol;
#[path = "../crates/zhibiao/src/area/mod.rs"]
pub mod area;
#[path = "../crates/zhibiao/src/period.rs"]
pub mod period;
#[path = "../crates/zhibiao/src/grid/mod.rs"]
pub mod grid;
#[path = "../crates/zhibiao/src/catalog/mod.rs"]
pub mod catalog;
#[path = "../crates/zhibiao/src/mapping/mod.rs"]
pub mod mapping;
#[path = "../crates/zhibiao/src/prose/mod.rs"]
pub mod prose;
#[path = "../crates/zhibiao/src/plan/mod.rs"]
pub mod plan;
/// Of the schemes, what reads them.
#[path = "../crates/zhibiao/src/score"]
pub mod score {
    mod read;
    mod said;
    mod scheme;
    pub use scheme::*;
}

pub use catalog::Catalog;
pub use error::{Error, Field, Place, Problem, Result, Topic};
pub use label::{Label, Lang};

//! Education indicators (教育指标) from tables of counts and money, exact to the printed digit.
//!
//! A [`Catalog`] says what is counted and what is derived; a [`Query`] asks a [`Table`]; the answer
//! is an [`IndicatorTable`], which [judges](IndicatorTable::judge) itself against a
//! [standard](catalog::Standard).
//!
//! ```
//! use polars::prelude::df;
//! use zhibiao::{Catalog, Query};
//! let catalog = Catalog::builtin();
//! let pingyao = df!["area" => ["140728"], "aid_amount" => ["9650000"], "aid_recipients" => [7838]]?;
//! let table = Query::new(&catalog).indicators(["aid.per_recipient"]).run(&pingyao)?;
//! let row = table.rows().next().unwrap();
//! assert_eq!(row.display_with_unit()?.as_deref(), Some("1231.18 元/人"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The way through
//! Each module uses only those above it.
//!
//! | module | what it holds | what always holds there |
//! |-|-|-|
//! | `error`, `label` | problems with code, place and remedy; words in two languages | every error says what, where, and what to do |
//! | `watch` | how far a run is, and the wish that it stop | nothing but atomics is shared |
//! | [`number`] | ratios, decimals, bounds, rounding | digits are rounded once, from the exact ratio |
//! | [`mod@unit`] | 人, 人次, 万元, %, 元/人 | figures convert only within their quantity |
//! | [`quantity`] | 740余万元, 近300人, 三成: numbers with what their words leave open | every convention is named with its source |
//! | [`area`], [`period`] | codes, tiers, trees of areas; years, school years, months | an area is as complete as its children |
//! | [`catalog`] | dimensions, measures, formulas, indicators, standards | data that cannot execute anything |
//! | [`prose`] | figures in reports, what they count, and whether they follow from each other | nothing with a digit is dropped without a reason |
//! | [`plan`] | the fewest sums that serve what is asked | missing values follow a named rule |
//! | `bind` | from columns to integers | keys are text, a float is converted once or refused |
//! | [`stat`] | limits, ranks, inequality, trends of plain numbers | a figure that does not exist is none, never NaN |
//! | [`state`] | mergeable exact sums | no rate is stored; sums are free of order and never wrap |
//! | `engine` | rows to states: groups, filters, kernel | 64-bit lanes only under a proven bound |
//! | [`sql`] | the sums of a plan as one SQL statement | the same states as those of `engine` |
//! | [`table`] | roll up, evaluate, show | a parent's rate is the ratio of merged sums; no value without a status |
//! | [`log`] | what a run was made from and by | a replayed run gives the same bits, or says what differs |
//! | [`check`] | what in a table contradicts itself, or is unlikely | a figure is told, never changed |
//! | [`judge`] | verdicts, gap, what is needed | exact values are compared, never rounded ones |
//! | [`attainment`] | what was done, held against targets | only like is compared, exactly |
//! | [`compare`] | areas against each other and their past | exact values are ranked; an area is never held against itself |
//! | [`score`] | local evaluation systems: scores, weights, grades | a threshold that is met exactly is met |
//! | [`report`] | text, Markdown, HTML, CSV, JSON, Parquet, data packages | |

pub mod area;
pub mod attainment;
mod bind;
pub mod catalog;
pub mod check;
pub mod compare;
mod engine;
mod error;
pub mod grid;
pub mod judge;
mod label;
pub mod log;
pub mod mapping;
pub mod number;
pub mod period;
pub mod plan;
pub mod prose;
pub mod quantity;
mod query;
pub mod report;
pub mod score;
pub mod sql;
pub mod stat;
pub mod state;
pub mod symbol;
pub mod table;
pub mod unit;
mod watch;

pub use bind::{Batches, ReadOptions, Table};
pub use catalog::Catalog;
#[doc(hidden)]
pub use engine::Tuning;
pub use error::{Error, Field, Place, Problem, Result, Topic};
pub use label::{Label, Lang};
pub use log::Log;
pub use query::Query;
pub use table::IndicatorTable;
pub use watch::Watch;

/// The frame that tables come as and go as.
pub use polars::prelude::DataFrame as Frame;

/// The examples of the pages at the root of the project, run as tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../README.zh.md")]
    struct ReadmeZh;
    #[doc = include_str!("../../../DESIGN.md")]
    struct Design;
    #[doc = include_str!("../../../CONTRIBUTING.md")]
    struct Contributing;
}

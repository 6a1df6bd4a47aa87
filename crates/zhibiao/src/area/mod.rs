//! Areas (区划): what they are called, what they lie in, and what a complete one consists of.
//!
//! A code means nothing by itself. [`Areas`] answers for it: by the digits of GB/T 2260, or by a
//! table of parents, of which several may be in use at a time. What a code was in another year is
//! asked of [`History`].
//!
//! May use `error`, `label` and `number`.

mod code;
mod digits;
pub mod history;
mod lines;
mod parents;
mod table;
mod tier;

pub use code::AreaCode;
pub use history::History;
pub use table::Areas;
pub use tier::Tier;

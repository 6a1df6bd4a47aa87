//! Areas (区划): what they are called, what they lie in, and what a complete one consists of.
//!
//! A code means nothing by itself. [`Areas`] answers for it: by the digits of GB/T 2260, or by a
//! table of parents, of which several may be in use at a time.
//!
//! May use `error` and `label`.

mod code;
mod digits;
mod lines;
mod parents;
mod table;
mod tier;

pub use code::AreaCode;
pub use table::Areas;
pub use tier::Tier;

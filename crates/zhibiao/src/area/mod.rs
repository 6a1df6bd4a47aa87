//! Areas (区划): GB/T 2260 codes, their tiers by arithmetic, and the table in force in one year.
//!
//! May use `error` and `label`.

mod code;
mod table;

pub use code::{AreaCode, Tier};
pub use table::Areas;

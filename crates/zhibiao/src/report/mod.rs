//! Reports (报表): tables as text for readers and as files for programs.
//!
//! May use everything.

mod areas;
mod file;
mod text;

pub use self::areas::areas;
pub use self::file::Format;
pub use self::text::{indicators, notes, verdicts};

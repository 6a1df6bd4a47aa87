//! Reports (报表): tables as text for readers and as files for programs.
//!
//! May use everything.

mod file;
mod findings;
mod text;

pub use self::file::Format;
pub use self::findings::findings;
pub use self::text::{indicators, notes, verdicts};

//! Reports (报表): tables as text for readers and as files for programs.
//!
//! May use everything.

mod areas;
mod columns;
mod file;
mod findings;
pub mod html;
mod json;
pub mod markdown;
mod package;
mod reading;
mod sheet;
mod text;
mod translation;

pub use self::areas::areas;
pub use self::file::Format;
pub use self::findings::findings;
pub use self::package::Package;
pub use self::reading::reading;
pub use self::text::{
    attainment, compared, indicators, notes, removals, scores, sensitivity, verdicts,
};
pub use self::translation::translation;

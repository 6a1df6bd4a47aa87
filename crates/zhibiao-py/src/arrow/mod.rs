//! Arrow at the border: frames come in and go out by the C stream interface, without copying.
//!
//! What comes in is not trusted: every length, offset, index and text is checked before anything
//! reads it (`check`), and only then taken over (`import`). The interface does not tell how long
//! buffers are, so that one that is shorter than its array says cannot be found out.

#![expect(
    unsafe_code,
    reason = "the C structs of the interface are pointers; each use says why it holds"
)]

mod check;
mod export;
mod import;
mod layout;

pub(crate) use self::export::capsule;
pub(crate) use self::import::{Stream, stream};

/// Why Arrow data cannot be used.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It does not follow the specification.
    Malformed(String),
    /// Two of its columns have one name.
    Twice(String),
    /// Its library cannot make a stream of it.
    Unexportable(String),
    /// Its producer failed.
    Broken(String),
}

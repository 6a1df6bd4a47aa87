//! Findings of a check for readers.

use super::sheet;
use super::text::aligned;
use crate::check::FindingTable;

/// Findings as an aligned table, with what to do about each kind, and how many there are.
#[must_use]
pub fn findings(table: &FindingTable) -> String {
    aligned(&sheet::findings(table, None))
}

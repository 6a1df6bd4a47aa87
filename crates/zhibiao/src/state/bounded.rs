//! Bounded rows (有界行): what is known of rows that sums of the plan lack.

use super::Key;
use crate::bind::Bounded;
use crate::number::Ratio;

/// A row that sums lack because some of its figures are known within bounds only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BoundedRow {
    pub(crate) key: Key,
    pub(crate) figures: Vec<Bounded>,
    /// What it would add to each sum that lacks it for no other reason.
    pub(crate) parts: Vec<RowPart>,
}

/// What a row would add to a sum, in base units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RowPart {
    /// Position of the sum.
    pub(crate) sum: usize,
    /// What its exact figures add.
    pub(crate) exact: Ratio,
    /// Multiples of its bounded figures: factor and position.
    pub(crate) terms: Vec<(i64, usize)>,
}

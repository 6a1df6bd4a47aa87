//! Bounded rows (有界行): what is known of rows that sums of the plan lack.

use super::Key;
use crate::bind::Bounded;
use crate::error::Result;
use crate::number::{Bounds, Ratio};

/// A row that sums lack because some of its figures are known within bounds only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BoundedRow {
    pub(crate) key: Key,
    pub(crate) figures: Vec<Bounded>,
    /// What it would add to each sum that lacks it for no other reason.
    pub(crate) parts: Vec<RowPart>,
}

impl BoundedRow {
    /// What falls to an area to which a share of the row goes.
    ///
    /// # Errors
    /// `overflow`.
    pub(crate) fn part_of(&self, share: Ratio) -> Result<Self> {
        let figure = |bounded: &Bounded| -> Result<Bounded> {
            let figure = bounded.figure.map(|figure| figure.mul(share)).transpose()?;
            Ok(Bounded { bounds: bounded.bounds.mul(&Bounds::exact(share))?, figure, ..*bounded })
        };
        let part = |part: &RowPart| -> Result<RowPart> {
            Ok(RowPart { exact: part.exact.mul(share)?, ..part.clone() })
        };
        Ok(Self {
            key: self.key.clone(),
            figures: self.figures.iter().map(figure).collect::<Result<_>>()?,
            parts: self.parts.iter().map(part).collect::<Result<_>>()?,
        })
    }
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

//! What binding gives (绑定结果): keys and figures as integers, and the rows of the table that they
//! came from.

use hashbrown::HashMap;

use super::findings::Findings;
use super::keys::Keys;
use super::values::Figures;
use crate::area::AreaCode;
use crate::error::Error;
use crate::number::{Bounds, Decimal};
use crate::unit::Unit;

/// A bound table: integers only.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) keys: Keys,
    pub(crate) figures: HashMap<String, Figures>,
    pub(crate) reported: Vec<Reported>,
    /// Names given for areas.
    pub(crate) names: HashMap<AreaCode, String>,
    pub(crate) findings: Findings,
    /// Sections of the findings that are about the figures of a measure.
    pub(super) sections: Vec<(String, usize)>,
    /// Rows that stand before the first, where the table is a piece of a larger one.
    pub(super) first_row: usize,
    /// Row of the table for each bound row, where they differ.
    pub(super) origins: Option<Vec<usize>>,
    /// Of a long table, the row of each figure by measure and bound row.
    pub(super) cell_rows: HashMap<String, Vec<usize>>,
}

/// A figure that is known only as published, or only within bounds (上报值).
#[derive(Clone, Debug)]
pub(crate) struct Reported {
    /// Bound row that has its keys.
    pub(crate) row: u32,
    /// Row of the table.
    pub(crate) source_row: usize,
    /// Id of the indicator, or of the measure.
    pub(crate) of: String,
    /// The number as written.
    pub(crate) number: Decimal,
    /// Digits and words as written, without the unit; none for a plain number.
    pub(crate) told: Option<String>,
    /// What they leave open, in `unit`.
    pub(crate) bounds: Bounds,
    pub(crate) unit: Unit,
    /// How the wording was read.
    pub(crate) reading: String,
}

impl Bound {
    /// Row of the table that a bound row came from.
    pub(crate) fn source_row(&self, row: usize) -> usize {
        let origin = self.origins.as_ref().and_then(|origins| origins.get(row).copied());
        origin.unwrap_or_else(|| row.saturating_add(self.first_row))
    }

    /// Whether there is a cell for the figure of a bound row.
    pub(crate) fn has_cell(&self, row: usize, measure: &str) -> bool {
        let rows = self.cell_rows.get(measure);
        rows.is_none_or(|rows| rows.get(row).is_some_and(|row| *row != usize::MAX))
    }

    /// Flaws of the figures of a long table: of rows that are passed over, none is told.
    pub(crate) fn findings_of_figures(&self) -> &[Error] {
        if self.origins.is_some() { self.findings.last() } else { &[] }
    }

    /// Row of the table that the figure of a bound row came from.
    pub(crate) fn cell_row(&self, row: usize, measure: &str) -> usize {
        let cell = self.cell_rows.get(measure).and_then(|rows| rows.get(row).copied());
        cell.filter(|row| *row != usize::MAX).unwrap_or_else(|| self.source_row(row))
    }
}

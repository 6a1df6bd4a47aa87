//! Files (文件) of a table: where each of its rows stands.

use std::sync::Arc;

use crate::error::Place;
use crate::grid::Origins;
use crate::mapping::UnitsAbove;

/// The files of a table, in order; empty for a frame.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files(Vec<Part>);

/// Rows of a table that stand in one file, or on one sheet.
#[derive(Clone, Debug)]
struct Part {
    file: String,
    sheet: Option<String>,
    rows: usize,
    /// Where each row stands; none where they follow a header in row 1.
    origins: Option<Arc<Origins>>,
    /// Units that hold for figures whose column states none.
    units: UnitsAbove,
}

impl Files {
    /// Name and rows of each file.
    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = (&str, usize)> {
        self.0.iter().map(|part| (part.file.as_str(), part.rows))
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts rows that follow those before, of the same file or the next one.
    pub(in crate::bind) fn note(&mut self, file: String, rows: usize) {
        match self.0.last_mut() {
            Some(last) if last.file == file && last.origins.is_none() => {
                last.rows = last.rows.saturating_add(rows);
            }
            _ => self.0.push(Part {
                file,
                sheet: None,
                rows,
                origins: None,
                units: UnitsAbove::default(),
            }),
        }
    }

    /// Adds rows that stand where they say.
    pub(super) fn add(
        &mut self,
        file: String,
        sheet: Option<String>,
        origins: Origins,
        units: UnitsAbove,
    ) {
        let (rows, origins) = (origins.rows.len(), Some(Arc::new(origins)));
        self.0.push(Part { file, sheet, rows, origins, units });
    }

    /// The units around the tables of all files.
    pub(in crate::bind) fn units(&self) -> UnitsAbove {
        UnitsAbove::joined(self.0.iter().map(|part| &part.units))
    }

    /// What stands around the table of each file, where they do not say the same.
    pub(in crate::bind) fn units_told(&self) -> String {
        let told = |part: &Part| format!("{}: {}", part.file, part.units.said());
        match self.0.split_first() {
            Some((first, rest)) if rest.iter().any(|part| part.units != first.units) => {
                self.0.iter().map(told).collect::<Vec<_>>().join("; ")
            }
            _ => "?".to_owned(),
        }
    }

    /// Adds the rows of other files.
    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Where a cell stands: file, sheet, and row as a spreadsheet counts it.
    pub(crate) fn place(&self, row: Option<usize>, column: Option<&str>) -> Place {
        let mut local = row;
        let mut part = self.0.first();
        if let Some(row) = &mut local {
            for here in &self.0 {
                if *row < here.rows {
                    part = Some(here);
                    break;
                }
                *row = row.saturating_sub(here.rows);
            }
        }
        let origins = part.and_then(|part| part.origins.as_deref());
        let column = column.map(|column| match origins {
            Some(origins) => origins.header(column, local),
            None => column,
        });
        let row = local.and_then(|row| match origins {
            Some(origins) => origins.rows.get(row).copied(),
            // The header is row 1.
            None => u64::try_from(row.saturating_add(2)).ok(),
        });
        Place::Cell {
            file: part.map(|part| part.file.clone()),
            sheet: part.and_then(|part| part.sheet.clone()),
            row,
            column: column.map(ToOwned::to_owned),
        }
    }

    /// The row of the table that stands at a place.
    pub(crate) fn row(&self, place: &Place) -> Option<usize> {
        let Place::Cell { file, sheet, row: Some(row), column } = place else { return None };
        let mut before = 0_usize;
        for part in &self.0 {
            if Some(&part.file) == file.as_ref() && part.sheet == *sheet {
                return part.local(*row, column.as_deref())?.checked_add(before);
            }
            before = before.saturating_add(part.rows);
        }
        usize::try_from(row.checked_sub(2)?).ok()?.checked_add(before).filter(|_| file.is_none())
    }
}

impl Part {
    /// The row of the part that a row of its file is read to.
    fn local(&self, row: u64, column: Option<&str>) -> Option<usize> {
        let Some(origins) = &self.origins else {
            return usize::try_from(row.checked_sub(2)?).ok();
        };
        let mut lines = origins.rows.iter().enumerate().filter(|(_, own)| **own == row);
        let below = |at: usize| origins.columns.get(at).map(String::as_str);
        let (first, _) = lines.next()?;
        let turned = std::iter::once(first).chain(lines.map(|(at, _)| at));
        Some(turned.into_iter().find(|at| below(*at) == column).unwrap_or(first))
    }
}

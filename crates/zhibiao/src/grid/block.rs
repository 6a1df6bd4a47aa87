//! Blocks (数据区): the tables that stand on a grid.

use super::Lines;
use super::cell::Cell;
use super::lines::Origins;
use super::{Grid, Region, letters};
use crate::error::{Error, Problem};

/// A table on a grid: its header, perhaps of several rows, and the rows below it.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Columns from the left.
    pub columns: Vec<Column>,
    /// Rows of the grid that hold the header, from 0.
    pub header: std::ops::Range<usize>,
    /// Rows of the grid that hold data, from 0, in order: without blank and hidden ones.
    pub rows: Vec<usize>,
    /// Lines that stand above the header: titles, units.
    pub above: Vec<String>,
    /// Lines that stand below the rows: notes.
    pub below: Vec<String>,
    /// Rows and columns of it that are hidden and not blank, which were left out.
    pub hidden: (usize, usize),
}

/// A column of a block.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Column {
    /// Column of the grid, from 0.
    pub at: usize,
    /// The texts of its header from the top, merged cells spread over all they cover, each once; of
    /// a column without a header `列` and its letter.
    pub parts: Vec<String>,
}

impl Column {
    /// The parts joined by `_`, such as `在园幼儿数_公办`; what stands in brackets, such as a unit,
    /// follows directly: `资助金额（万元）`.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = String::new();
        for part in &self.parts {
            let brackets = part.starts_with(['(', '（']) && part.ends_with([')', '）']);
            if !name.is_empty() && !brackets {
                name.push('_');
            }
            name.push_str(part);
        }
        name
    }

    /// The name of a column without a header.
    pub(super) fn unnamed(at: usize) -> String {
        format!("列{}", letters(at))
    }
}

impl Block {
    /// The table as text.
    ///
    /// A text that is merged over several rows of one column, such as the prefecture beside its
    /// counties, stands in each of them. A figure that is merged over several cells is that of none of
    /// them: it stands in each with its region, `60 [B2:B3]`, which is no number.
    #[must_use]
    pub fn lines(&self, grid: &Grid) -> Lines {
        let columns = self.columns.iter().map(Column::name).collect();
        let cells = self.columns.iter().map(|column| self.figures(grid, column.at));
        let rows =
            self.rows.iter().map(|row| u64::try_from(row.saturating_add(1)).unwrap_or(u64::MAX));
        Lines {
            sheet: grid.sheet.clone(),
            columns,
            cells: cells.collect(),
            origins: Origins { rows: rows.collect(), ..Origins::default() },
        }
    }

    /// The cells of a column of figures, see [`lines`](Self::lines).
    pub(crate) fn figures(&self, grid: &Grid, column: usize) -> Vec<Option<String>> {
        self.filled(grid, column, |region, first| {
            let text = first.text()?;
            Some(if first.is_figure() { format!("{text} [{}]", region.name()) } else { text })
        })
    }

    /// The cells of a column of keys; one that is merged over several rows stands in each of them,
    /// also a number.
    pub(crate) fn keys(&self, grid: &Grid, column: usize) -> Vec<Option<String>> {
        self.filled(grid, column, |_, first| first.text())
    }

    /// The cells of a column, with what merged regions have in each cell that they cover.
    fn filled(
        &self,
        grid: &Grid,
        column: usize,
        spread: impl Fn(&Region, &Cell) -> Option<String>,
    ) -> Vec<Option<String>> {
        let over = grid.merged.iter().filter(|region| {
            (region.left..=region.right).contains(&column) && self.is_over_several(region)
        });
        let mut over: Vec<&Region> = over.collect();
        over.sort_unstable_by_key(|region| region.top);
        let cells = self.rows.iter().map(|row| {
            let cell = grid.cell(*row, column);
            let before = over.get(..over.partition_point(|region| region.top <= *row));
            let region = before.and_then(<[_]>::last).filter(|region| *row <= region.bottom);
            let Some(region) = region else { return cell.text() };
            let first = grid.cell(region.top, region.left);
            let is_first = (region.top, region.left) == (*row, column);
            // A text goes down its column, and not to others.
            let goes = region.left == region.right || first.is_figure();
            if goes && (is_first || cell.is_blank()) { spread(region, first) } else { cell.text() }
        });
        cells.collect()
    }

    /// Whether a region covers several cells of the rows.
    fn is_over_several(&self, region: &Region) -> bool {
        let rows = self.rows.iter().filter(|row| (region.top..=region.bottom).contains(*row));
        let columns = self.columns.iter();
        let columns = columns.filter(|column| (region.left..=region.right).contains(&column.at));
        region.top >= self.header.end && rows.count().saturating_mul(columns.count()) > 1
    }

    pub(super) fn findings(&self, grid: &Grid) -> Vec<Error> {
        let mut findings = Vec::new();
        let (rows, columns) = self.hidden;
        if (rows, columns) != (0, 0) {
            findings.push(grid.finding(Problem::HiddenCells { rows, columns }, None, None));
        }
        for column in &self.columns {
            let name = Column::unnamed(column.at);
            if column.parts == [name.as_str()] {
                let problem = Problem::UnnamedColumn { name };
                findings.push(grid.finding(problem, None, Some(column.at)));
            }
        }
        findings
    }
}

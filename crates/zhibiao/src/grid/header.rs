//! Headers (表头): the parts of one table.

use std::collections::BTreeSet;

use super::Region;
use super::block::{Block, Column};
use super::cell::Cell;
use super::find::{Row, View, folded};

/// Rows that a header may have.
const DEEPEST: usize = 5;

impl View<'_> {
    /// The table of some rows without blank ones; none if all of them are titles.
    pub(super) fn block(&self, rows: &[usize]) -> Option<Block> {
        let (above, rows) = rows.split_at(self.titles(rows));
        let (header, rows) = rows.split_at(self.depth(rows));
        let notes = rows.iter().rev().take_while(|row| self.is_below(**row, header)).count();
        let (rows, below) = rows.split_at(rows.len().saturating_sub(notes));
        let first = header.first().or_else(|| rows.first())?;
        let end = header.last().map_or(*first, |last| last.saturating_add(1));
        let columns = self.named(header, rows);
        let texts = |rows: &[usize]| {
            let cells = rows.iter().flat_map(|row| self.filled(*row));
            cells.filter_map(|(_, cell)| Some(cell.text()?.trim().to_owned())).collect()
        };
        let end_of_rows = rows.last().map_or(end, |last| last.saturating_add(1));
        let hidden = self.hidden(*first..end_of_rows, &columns);
        Some(Block {
            columns,
            header: *first..end,
            rows: rows.to_vec(),
            above: texts(above),
            below: texts(below),
            hidden,
        })
    }

    /// How many rows stand above the header.
    fn titles(&self, rows: &[usize]) -> usize {
        let title = |at: &usize| {
            let Some(row) = rows.get(*at) else { return false };
            let next = rows.get(at.saturating_add(1));
            match self.row(*row) {
                _ if self.is_label(*row) && next.is_some() => true,
                // The last line of words of a table of one column is its header.
                Row::Lone => {
                    let wide = |row: &usize| self.filled(*row).nth(1).is_some();
                    !self.covers(*row, rows) && rows.iter().skip(*at).any(wide)
                }
                _ => false,
            }
        };
        (0..rows.len()).take_while(title).count()
    }

    /// Whether a line of one cell is a header above others: it is merged, and columns stand left of
    /// it.
    fn covers(&self, row: usize, rows: &[usize]) -> bool {
        let Some((column, _)) = self.filled(row).next() else { return false };
        let merged = self.region(row, column).is_some_and(|region| region.right > region.left);
        merged && rows.iter().flat_map(|row| self.filled(*row)).any(|(other, _)| other < column)
    }

    /// How many of the rows are header.
    fn depth(&self, rows: &[usize]) -> usize {
        let Some((first, rest)) = rows.split_first() else { return 0 };
        if !self.heads(*first) && self.row(*first) == Row::Figures {
            return 0;
        }
        let words = rest.iter().take_while(|row| self.row(**row) == Row::Words).count();
        let figures = rest.get(words).is_some_and(|row| self.row(*row) == Row::Figures);
        // Words that no figures follow may as well be cells.
        let loose = if figures && words < DEEPEST { words } else { 0 };
        let mut depth = 1_usize;
        for (at, row) in rest.iter().enumerate().take(DEEPEST.saturating_sub(1)) {
            let header = rows.get(..depth).unwrap_or_default();
            if at < loose || self.is_tied(*row, header) || self.has_periods(*row, header) {
                depth = depth.saturating_add(1);
            } else {
                break;
            }
        }
        let numbers = rows.get(depth).is_some_and(|row| self.is_numbering(*row));
        depth.saturating_add(usize::from(numbers))
    }

    /// Whether a row belongs to the header above it: something of that is merged down to it, or
    /// over several of the words in it.
    fn is_tied(&self, row: usize, header: &[usize]) -> bool {
        let (Some(top), Some(last)) = (header.first(), header.last()) else { return false };
        let of_header = self.grid.merged.iter().filter(|region| {
            (*top..=*last).contains(&region.top) && self.columns.contains(&region.left)
        });
        let mut ties = of_header.filter(|region| {
            region.bottom >= row
                || region.bottom == *last
                    && region.right > region.left
                    && self.filled(row).any(|(column, cell)| {
                        (region.left..=region.right).contains(&column) && !cell.is_figure()
                    })
        });
        ties.next().is_some()
    }

    /// Whether the figures of a row are years below headers that are merged over them, or below
    /// nothing. Where they are all that the row has, a header that stands over the first of several may
    /// have been merged over the others.
    fn has_periods(&self, row: usize, header: &[usize]) -> bool {
        let Some(last) = header.last() else { return false };
        let spread = Spread::new(self, *last);
        let is_free = |column: usize| {
            let wide = spread.region(column).is_some_and(|region| region.right > region.left);
            wide || self.grid.cell(*last, column).is_blank()
        };
        let cells: Vec<(usize, &Cell)> = self.filled(row).collect();
        let figures = || cells.iter().filter(|(_, cell)| cell.is_figure());
        if figures().next().is_none() || !figures().all(|(_, cell)| cell.is_period()) {
            return false;
        }
        let follows = |before: &(usize, &Cell), next: &(usize, &Cell)| {
            is_free(next.0) && before.1.text() < next.1.text()
        };
        let keys = self.filled(*last).next().map(|(column, _)| column);
        figures().all(|(column, _)| is_free(*column))
            || figures().count() == cells.len()
                && keys < cells.first().map(|(column, _)| *column)
                && cells.chunk_by(follows).all(|years| years.len() > 1)
    }

    /// Whether a row only numbers the columns, as forms do: 甲, 乙, 1, 2, 3.
    fn is_numbering(&self, row: usize) -> bool {
        let (stems, numbers): (Vec<_>, Vec<_>) =
            self.filled(row).partition(|(_, cell)| !cell.is_figure());
        let text = |cell: &Cell| cell.text().map(|text| text.trim().to_owned());
        let stem =
            |cell: &Cell| matches!(text(cell).as_deref(), Some("甲" | "乙" | "丙" | "丁" | "戊"));
        !stems.is_empty()
            && stems.iter().all(|(_, cell)| stem(cell))
            && numbers.iter().zip(1..).all(|((_, cell), at)| text(cell) == Some(format!("{at}")))
    }

    /// Whether a row below the header is no row of the table, if nothing of the table follows it.
    fn is_below(&self, row: usize, header: &[usize]) -> bool {
        let wide = header.iter().any(|row| self.filled(*row).nth(1).is_some());
        self.is_note(row) || wide && self.row(row) == Row::Lone
    }

    /// The columns that hold something, and what they are called.
    pub(super) fn named(&self, header: &[usize], rows: &[usize]) -> Vec<Column> {
        let mut used: BTreeSet<usize> =
            rows.iter().flat_map(|row| self.filled(*row)).map(|(column, _)| column).collect();
        let numbering =
            header.len() > 1 && header.last().is_some_and(|row| self.is_numbering(*row));
        let named = header.len().saturating_sub(usize::from(numbering));
        let spreads: Vec<Spread<'_>> =
            header.iter().take(named).map(|row| Spread::new(self, *row)).collect();
        used.extend(header.iter().flat_map(|row| self.filled(*row)).map(|(column, _)| column));
        let column = |at: usize| {
            let mut parts: Vec<String> = Vec::new();
            for part in spreads.iter().filter_map(|spread| spread.text(at)) {
                if parts.last() != Some(&part) {
                    parts.push(part);
                }
            }
            if parts.is_empty() {
                parts.push(Column::unnamed(at));
            }
            Column { at, parts }
        };
        used.into_iter().map(column).collect()
    }

    /// How many rows and columns of a table, or directly behind it, are hidden and not blank.
    fn hidden(&self, rows: std::ops::Range<usize>, columns: &[Column]) -> (usize, usize) {
        let grid = self.grid;
        let behind = |hidden: &BTreeSet<usize>, end: usize| {
            let more = hidden.range(end..).zip(end..).take_while(|(hidden, at)| *hidden == at);
            end.saturating_add(more.count())
        };
        let rows = rows.start..behind(&grid.hidden_rows, rows.end);
        let first = columns.first().map_or(0, |column| column.at);
        let last = columns.last().map_or(0, |column| column.at.saturating_add(1));
        let columns = first..behind(&grid.hidden_columns, last);
        let filled = |row: usize, column: usize| !grid.cell(row, column).is_blank();
        let hidden_rows = grid.hidden_rows.range(rows.clone());
        let hidden_rows =
            hidden_rows.filter(|row| columns.clone().any(|column| filled(**row, column)));
        let hidden_columns = grid.hidden_columns.range(columns.clone());
        let hidden_columns =
            hidden_columns.filter(|column| rows.clone().any(|row| filled(row, **column)));
        (hidden_rows.count(), hidden_columns.count())
    }
}

/// A row of a header with the merged regions that cover it.
struct Spread<'a> {
    view: &'a View<'a>,
    row: usize,
    /// From the left; they do not overlap.
    regions: Vec<Region>,
}

impl<'a> Spread<'a> {
    fn new(view: &'a View<'a>, row: usize) -> Self {
        let merged = view.grid.merged.iter().copied();
        let mut regions: Vec<Region> =
            merged.filter(|region| (region.top..=region.bottom).contains(&row)).collect();
        regions.sort_unstable_by_key(|region| region.left);
        Self { view, row, regions }
    }

    /// The merged region that covers a column.
    fn region(&self, column: usize) -> Option<Region> {
        let before = self.regions.partition_point(|region| region.left <= column);
        let region = self.regions.get(..before)?.last()?;
        (column <= region.right).then_some(*region)
    }

    /// What stands over a column; of a region only in the first of its rows.
    fn text(&self, column: usize) -> Option<String> {
        let region = self.region(column);
        if region.is_some_and(|region| region.top != self.row) {
            return None;
        }
        let at = region.map_or(column, |region| region.left);
        let text = folded(&self.view.grid.cell(self.row, at).text()?);
        (!text.is_empty()).then_some(text)
    }
}

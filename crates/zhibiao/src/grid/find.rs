//! Finding tables (识别数据区): where one ends and the next begins.

use std::ops::Range;

use super::block::Block;
use super::cell::Cell;
use super::{Grid, Region};

/// What stands in a row, as far as it can be seen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Row {
    Blank,
    /// One cell of words: a title, a note, a name of what follows.
    Lone,
    /// Words alone, as in a header.
    Words,
    /// Figures, perhaps with words.
    Figures,
}

/// Some columns of a grid.
#[derive(Clone)]
pub(super) struct View<'a> {
    pub(super) grid: &'a Grid,
    pub(super) columns: Range<usize>,
}

impl Grid {
    /// The tables (数据区) that stand on this grid, from the top, then from the left.
    ///
    /// - A header is one to five rows of words above rows with figures; years and months may stand
    ///   in it as numbers. A header that is merged over columns or rows stands in each of them; one
    ///   that is only followed by blanks does not.
    /// - Lines of one cell above it, and lines that tell the unit or the form (单位：万元), go to
    ///   `above`; lines of one cell and notes (注：, 资料来源：) below the rows go to `below`.
    /// - Blank rows end a table if a header follows; a blank column does if what stands right of it
    ///   begins with names as the table left of it does.
    /// - Hidden rows and columns are left out and counted. A column of cells without a header is
    ///   called by its letter, `列C`.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let columns = 0..self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let rows = (0..self.rows.len()).filter(|row| !self.hidden_rows.contains(row));
        View { grid: self, columns }.blocks(&rows.collect::<Vec<_>>())
    }
}

impl<'a> View<'a> {
    fn blocks(&self, rows: &[usize]) -> Vec<Block> {
        let mut blocks = Vec::new();
        for group in self.groups(rows) {
            let parts = self.parts(&group);
            if parts.len() < 2 {
                blocks.extend(self.block(&group));
                continue;
            }
            for columns in parts {
                let part = View { grid: self.grid, columns };
                let spread = self.titles_over(&group, &part.columns);
                for mut block in part.blocks(&group) {
                    block.above.splice(0..0, spread.iter().cloned());
                    blocks.push(block);
                }
            }
        }
        blocks
    }

    /// Cells of a row that can be seen and are not blank, with their columns.
    pub(super) fn filled(&self, row: usize) -> impl Iterator<Item = (usize, &'a Cell)> {
        let grid = self.grid;
        let cells = grid.rows.get(row).map_or(&[][..], Vec::as_slice).iter().enumerate();
        let cells = cells.skip(self.columns.start).take(self.columns.len());
        cells.filter(|(column, cell)| !cell.is_blank() && !grid.hidden_columns.contains(column))
    }

    pub(super) fn row(&self, row: usize) -> Row {
        let mut filled = 0_usize;
        for (_, cell) in self.filled(row) {
            if cell.is_figure() {
                return Row::Figures;
            }
            filled = filled.saturating_add(1);
        }
        match filled {
            0 => Row::Blank,
            1 => Row::Lone,
            _ => Row::Words,
        }
    }

    /// Whether a row could be the first of a header: words, or words and then years.
    pub(super) fn heads(&self, row: usize) -> bool {
        match self.row(row) {
            Row::Words => true,
            Row::Figures => {
                let mut cells = self.filled(row);
                cells.next().is_some_and(|(_, first)| !first.is_figure())
                    && cells.all(|(_, cell)| !cell.is_figure() || cell.is_period())
            }
            Row::Blank | Row::Lone => false,
        }
    }

    /// Rows without blank ones, by the table that they belong to.
    fn groups(&self, rows: &[usize]) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        // Titles that wait for their table.
        let mut titles: Vec<usize> = Vec::new();
        for band in self.bands(rows) {
            let lone = band.iter().all(|row| self.row(*row) == Row::Lone);
            let note = titles.is_empty() && band.first().is_some_and(|row| self.is_note(*row));
            match groups.last_mut() {
                Some(last) if lone && note => last.extend(band),
                _ if lone => titles.extend(band),
                Some(last) if !self.begins(&band, last) => {
                    last.append(&mut titles);
                    last.extend(band);
                }
                _ => groups.push(titles.drain(..).chain(band).collect()),
            }
        }
        match groups.last_mut() {
            Some(last) => last.extend(titles),
            // A table of one column of words.
            None if !titles.is_empty() => groups.push(titles),
            None => {}
        }
        groups
    }

    /// Rows between blank ones; a title below figures and above a header also divides them.
    fn bands(&self, rows: &[usize]) -> Vec<Vec<usize>> {
        let mut bands = vec![Vec::new()];
        let mut kinds = rows.iter().map(|row| self.row(*row)).peekable();
        let mut before = Row::Blank;
        let mut next = rows.iter().skip(1);
        for row in rows {
            let kind = kinds.next().unwrap_or(Row::Blank);
            let after = next.next().filter(|_| kinds.peek() == Some(&Row::Words));
            let title = kind == Row::Lone && before == Row::Figures && after.is_some();
            if kind == Row::Blank || title {
                bands.push(Vec::new());
            }
            if kind != Row::Blank
                && let Some(band) = bands.last_mut()
            {
                band.push(*row);
            }
            before = kind;
        }
        bands.retain(|band| !band.is_empty());
        bands
    }

    /// Whether a band begins a table of its own: its first row of several cells is a header, and a
    /// title stands above it, or it has words where the table before has figures.
    fn begins(&self, band: &[usize], before: &[usize]) -> bool {
        let title =
            band.first().is_some_and(|row| self.row(*row) == Row::Lone || self.is_label(*row));
        let first = band.iter().find(|row| self.row(**row) != Row::Lone && !self.is_label(**row));
        let Some(first) = first.filter(|row| self.heads(**row)) else { return false };
        let below = band.iter().any(|row| row > first);
        let words = |column: usize| {
            let cell = self.grid.cell(*first, column);
            !cell.is_blank() && (!cell.is_figure() || cell.is_period())
        };
        let mut figures = before.iter().skip(1).flat_map(|row| self.filled(*row));
        below
            && (title
                || figures.any(|(at, cell)| cell.is_figure() && !cell.is_period() && words(at)))
    }

    /// The columns of tables that stand side by side.
    fn parts(&self, group: &[usize]) -> Vec<Range<usize>> {
        let of_table: Vec<usize> = group
            .iter()
            .copied()
            .filter(|row| self.row(*row) != Row::Lone && !self.is_label(*row))
            .collect();
        let mut used = vec![false; self.columns.end];
        for (column, _) in of_table.iter().flat_map(|row| self.filled(*row)) {
            if let Some(used) = used.get_mut(column) {
                *used = true;
            }
        }
        for column in &self.grid.hidden_columns {
            if let Some(used) = used.get_mut(*column) {
                *used = true;
            }
        }
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut end = None;
        for column in self.columns.clone().filter(|column| used.get(*column) == Some(&true)) {
            let gap = end.is_some_and(|end| column > end);
            match parts.last_mut() {
                Some(part) if !gap || !self.stands_alone(&of_table, part, column) => {
                    part.end = column.saturating_add(1);
                }
                _ => parts.push(column..column.saturating_add(1)),
            }
            end = Some(column.saturating_add(1));
        }
        parts
    }

    /// Whether a column behind a blank one begins a table: it has names and figures right of it, or
    /// the header that the table before begins with.
    fn stands_alone(&self, rows: &[usize], before: &Range<usize>, column: usize) -> bool {
        let head = |column: usize| {
            let mut cells = rows.iter().map(|row| self.grid.cell(*row, column));
            cells.find(|cell| !cell.is_blank()).and_then(Cell::text)
        };
        if head(column) == head(before.start) {
            return true;
        }
        let (mut names, mut figures, mut beside) = (0_usize, 0_usize, false);
        for row in rows.iter().filter(|row| self.row(**row) == Row::Figures) {
            let cell = self.grid.cell(*row, column);
            let right = self.grid.cell(*row, column.saturating_add(1));
            beside |= right.is_figure();
            if cell.is_figure() {
                figures = figures.saturating_add(1);
            } else if !cell.is_blank() {
                names = names.saturating_add(1);
            }
        }
        beside && names > figures
    }

    /// Titles that are merged over columns of a part, but do not begin in it.
    fn titles_over(&self, group: &[usize], part: &Range<usize>) -> Vec<String> {
        let lone = group.iter().take_while(|row| self.row(**row) == Row::Lone);
        let titles = lone.flat_map(|row| self.filled(*row).map(move |cell| (*row, cell)));
        let over = titles.filter(|(row, (column, _))| {
            !part.contains(column)
                && self
                    .region(*row, *column)
                    .is_some_and(|region| region.left < part.end && part.start <= region.right)
        });
        over.filter_map(|(_, (_, cell))| cell.text()).collect()
    }

    /// The merged region of which a cell is the first.
    pub(super) fn region(&self, row: usize, column: usize) -> Option<Region> {
        let merged = self.grid.merged.iter();
        merged.copied().find(|region| (region.top, region.left) == (row, column))
    }

    /// Whether a row tells something of the table: its unit, its form, who filled it in.
    pub(super) fn is_label(&self, row: usize) -> bool {
        const LABELS: [&str; 9] = [
            "单位",
            "表号",
            "制表",
            "填报",
            "制定机关",
            "批准机关",
            "批准文号",
            "有效期",
            "综合机关",
        ];
        self.filled(row).any(|(_, cell)| match cell {
            Cell::Text(text) => {
                let text = folded(text);
                let label = text.split(['：', ':']).next().filter(|label| label.len() < text.len());
                label.is_some_and(|label| LABELS.iter().any(|known| label.contains(known)))
            }
            _ => false,
        })
    }

    /// Whether a row is a note on a table.
    pub(super) fn is_note(&self, row: usize) -> bool {
        const NOTES: [&str; 8] =
            ["注", "说明", "备注", "附注", "资料来源", "数据来源", "来源", "note"];
        self.filled(row).next().is_some_and(|(_, cell)| {
            let text = folded(&cell.text().unwrap_or_default()).to_lowercase();
            let label = text.split(['：', ':', '1']).next().unwrap_or_default();
            label.len() < text.len() && NOTES.contains(&label)
        })
    }
}

/// A text of a header without what only sets it: lines are joined, and blanks go, except one
/// between letters or digits of the alphabet.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() {
            blank = true;
            continue;
        }
        let word = |letter: char| letter.is_ascii_graphic();
        if blank && word(letter) && folded.chars().next_back().is_some_and(word) {
            folded.push(' ');
        }
        blank = false;
        folded.push(letter);
    }
    folded
}

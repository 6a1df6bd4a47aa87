//! Text files (文本文件): separators, quotes, rows.

use super::cell::Cell;
use super::{Grid, place};
use crate::error::{Error, Problem, Result};

/// What may stand between cells: comma, tab, semicolon, the Chinese comma, the vertical bar.
const SEPARATORS: [char; 5] = [',', '\t', ';', '，', '|'];

/// Rows that decide on the separator.
const SAMPLE: usize = 50;

/// The grid of a text, and what separates its cells; found, if it is not given.
///
/// Cells may stand in double quotes, in which a quote is written twice. Lines may end in any way,
/// and blank ones count as rows.
///
/// ```
/// let (grid, separator) = zhibiao::grid::read_text("区县；备注\t数\n平遥县\t60\n", None)?;
/// assert_eq!(separator, '\t');
/// assert_eq!(grid.cell(1, 1).text().as_deref(), Some("60"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # Errors
/// `ambiguous-separator`, `unclosed-quote`, and `ragged-row` for a row that has more or fewer cells
/// than most, unless what it has beyond is empty, or it is a line of one cell, as titles are.
pub fn read_text(text: &str, separator: Option<char>) -> Result<(Grid, char)> {
    let separator = match separator {
        Some(separator) => separator,
        None => separator_of(text)?,
    };
    let mut rows = Vec::new();
    let mut cells = Cells::new(text, separator);
    while let Some(row) = cells.row()? {
        rows.push(row);
    }
    let width = usual(rows.iter().map(Vec::len));
    for (at, row) in rows.iter_mut().enumerate() {
        while row.len() > width && row.last().is_some_and(Cell::is_blank) {
            row.pop();
        }
        let filled = row.iter().filter(|cell| !cell.is_blank()).count();
        if row.len() != width && (filled > 1 || row.len() > width) {
            let problem = Problem::RaggedRow { cells: row.len(), headers: width };
            return Err(Error::new(problem, place(None, Some(at), None)));
        }
    }
    Ok((Grid { rows, ..Grid::default() }, separator))
}

/// Whether bytes are records of one width, separated by commas, which any reader of CSV reads alike:
/// nothing in them needs a second look. `width` is that of records before, if there were any.
pub(crate) fn is_plain(bytes: &[u8], width: &mut Option<usize>) -> bool {
    // A line that ends in `\r` alone is none to other readers; one at the very end may be cut off.
    let mut returns =
        memchr::memchr_iter(b'\r', bytes).filter_map(|at| bytes.get(at.saturating_add(1)));
    if returns.any(|next| *next != b'\n') {
        return false;
    }
    let (mut quoted, mut commas, mut begins) = (false, 0_usize, 0_usize);
    let mut is_width = |commas: usize| *width.get_or_insert(commas) == commas;
    for at in memchr::memchr3_iter(b'"', b',', b'\n', bytes) {
        match bytes.get(at) {
            Some(b'"') => quoted ^= true,
            _ if quoted => {}
            Some(b',') => commas = commas.saturating_add(1),
            _ => {
                let is_blank =
                    bytes.get(begins..at).is_some_and(|line| line.trim_ascii().is_empty());
                if is_blank || !is_width(commas) {
                    return false;
                }
                (commas, begins) = (0, at.saturating_add(1));
            }
        }
    }
    !quoted && (begins >= bytes.len() || is_width(commas))
}

/// The number of cells that most rows have: of all that have more than one, the most frequent, and
/// the largest of these.
fn usual(widths: impl Iterator<Item = usize>) -> usize {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for width in widths.filter(|width| *width > 1) {
        let count = counts.entry(width).or_default();
        *count = count.saturating_add(1);
    }
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(1, |(width, _)| width)
}

/// The separator that gives the most of the first rows one number of cells, more than one.
pub(crate) fn separator_of(text: &str) -> Result<char> {
    let mut fits = Vec::new();
    for separator in SEPARATORS {
        let widths = sampled(text, separator);
        let width = usual(widths.iter().copied());
        let alike = widths.iter().filter(|other| **other == width).count();
        if width > 1 && alike.saturating_mul(2) > widths.len() {
            fits.push((alike, separator));
        }
    }
    let best = fits.iter().map(|(alike, _)| *alike).max();
    let mut best = fits.iter().filter(|(alike, _)| Some(*alike) == best).map(|(_, found)| *found);
    match (best.next(), best.next()) {
        (Some(first), Some(second)) if first != ',' => Err(Problem::AmbiguousSeparator {
            first: separator_name(first).to_owned(),
            second: separator_name(second).to_owned(),
        }
        .into()),
        (first, _) => Ok(first.unwrap_or(',')),
    }
}

/// How many cells the first rows have that are not blank; a quote that never closes ends them.
fn sampled(text: &str, separator: char) -> Vec<usize> {
    let mut cells = Cells::new(text, separator);
    let rows = std::iter::from_fn(|| cells.row().ok().flatten());
    rows.filter(|row| !row.iter().all(Cell::is_blank)).take(SAMPLE).map(|row| row.len()).collect()
}

/// A separator as messages name it.
pub(super) const fn separator_name(separator: char) -> &'static str {
    match separator {
        ',' => "comma",
        '\t' => "tab",
        ';' => "semicolon",
        '，' => "full-width comma",
        '|' => "vertical bar",
        _ => "other separator",
    }
}

/// Rows of a text, read one after another.
struct Cells<'a> {
    letters: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
    line: usize,
}

/// What ends a cell.
#[derive(Eq, PartialEq)]
enum End {
    Cell,
    Row,
}

impl<'a> Cells<'a> {
    fn new(text: &'a str, separator: char) -> Self {
        Self { letters: text.chars().peekable(), separator, line: 1 }
    }

    fn row(&mut self) -> Result<Option<Vec<Cell>>> {
        if self.letters.peek().is_none() {
            return Ok(None);
        }
        let mut row = Vec::new();
        loop {
            let (text, end) = self.cell()?;
            row.push(if text.is_empty() { Cell::Empty } else { Cell::Text(text) });
            if end == End::Row {
                return Ok(Some(row));
            }
        }
    }

    fn cell(&mut self) -> Result<(String, End)> {
        let mut text = String::new();
        if self.letters.next_if_eq(&'"').is_some() {
            self.quoted(&mut text)?;
        }
        loop {
            match self.letters.next() {
                None => return Ok((text, End::Row)),
                Some('\r') => {
                    self.letters.next_if_eq(&'\n');
                    self.line = self.line.saturating_add(1);
                    return Ok((text, End::Row));
                }
                Some('\n') => {
                    self.line = self.line.saturating_add(1);
                    return Ok((text, End::Row));
                }
                Some(letter) if letter == self.separator => return Ok((text, End::Cell)),
                Some(letter) => text.push(letter),
            }
        }
    }

    /// What stands between quotes, of which the first was read.
    fn quoted(&mut self, text: &mut String) -> Result<()> {
        let opened = self.line;
        loop {
            match self.letters.next() {
                None => {
                    let line = u64::try_from(opened).unwrap_or(u64::MAX);
                    return Err(Problem::UnclosedQuote { line }.into());
                }
                Some('"') if self.letters.next_if_eq(&'"').is_none() => return Ok(()),
                Some(letter) => {
                    self.line = self.line.saturating_add(usize::from(letter == '\n'));
                    text.push(letter);
                }
            }
        }
    }
}

//! Cells (单元格) as files have them.

/// A cell as its file has it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as written.
    Text(String),
    /// A number, of which a workbook keeps a binary float.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A date, as `2022-09-01`, with its time behind a blank if it has one.
    Date(String),
    /// What a formula came to where it failed, such as `#DIV/0!`; `#空` for a formula without a
    /// value that was kept.
    Error(String),
}

impl Cell {
    /// The cell as text, as a reader of CSV would get it; none where it is empty, or a formula has no
    /// value.
    ///
    /// A number is the shortest decimal that stands for its float, without an exponent: 140728,
    /// 0.1. Blanks around text are left to whoever reads it.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            // A failed formula is told by itself.
            Self::Empty | Self::Error(_) => None,
            Self::Text(text) | Self::Date(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(truth.to_string()),
        }
    }

    /// Whether nothing that could be seen stands in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell of a formula whose value was not kept.
    pub(super) fn uncomputed() -> Self {
        Self::Error(UNCOMPUTED.to_owned())
    }

    /// Whether it holds a figure, a code, a date, or one of the marks that stand for a figure,
    /// and not words.
    pub(super) fn is_figure(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Text(text) => is_figure(text),
            _ => true,
        }
    }

    /// Whether it is a year, a school year or a month, as headers have them: 2022, 2022-09.
    pub(super) fn is_period(&self) -> bool {
        let text = self.text().unwrap_or_default();
        let parts: Vec<&str> = text.trim().split(['-', '—', '–', '/', '~']).collect();
        let year =
            |part: &str| part.len() == 4 && part.parse().is_ok_and(|year| YEARS.contains(&year));
        match parts.as_slice() {
            [first] => year(first),
            [first, second] => {
                let month = second.parse().is_ok_and(|month| (1..=12_u16).contains(&month));
                year(first) && (year(second) || month)
            }
            [first, ..] => matches!(self, Self::Date(_)) && year(first),
            [] => false,
        }
    }
}

/// The text of a formula whose value was not kept.
pub(super) const UNCOMPUTED: &str = "#空";

/// Years that stand in headers.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

/// Digits with what may stand between and around them, or marks alone.
fn is_figure(text: &str) -> bool {
    let text = text.trim();
    let only =
        |marks: &str| text.chars().all(|letter| letter.is_numeric() || marks.contains(letter));
    if text.contains(char::is_numeric) {
        return only(" +-−–—.,:/%‰()，．：％（）－＋");
    }
    only("-−–—－…·.*/:") || matches!(text, "x" | "X" | "c" | "N/A" | "n/a" | "NA" | "NaN" | "nan")
}

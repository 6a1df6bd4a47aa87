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
    /// The cell as text, as a reader of CSV would get it; none where it is empty.
    ///
    /// A number is the shortest decimal that stands for its float, without an exponent: 140728,
    /// 0.1. Blanks around text are left to whoever reads it.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Empty => None,
            Self::Text(text) | Self::Date(text) | Self::Error(text) => Some(text.clone()),
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
}

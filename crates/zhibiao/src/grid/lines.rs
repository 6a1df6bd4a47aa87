//! Lines (行): a table of text with the place of every row.

/// A table of text, column by column, and where each row stands in its file.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Name of the sheet that it stands on, if any.
    pub sheet: Option<String>,
    /// Headers.
    pub columns: Vec<String>,
    /// Cells by column, then by row.
    pub cells: Vec<Vec<Option<String>>>,
    /// Where rows stand.
    pub origins: Origins,
}

/// Where the rows of [`Lines`] stand in their file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origins {
    /// Row in the file, from 1, of each line.
    pub rows: Vec<u64>,
    /// Of lines that were turned (years across, ownership across), the header that the figure of
    /// each line stands below; else empty.
    pub columns: Vec<String>,
    /// Of columns that were renamed, the name and the header in the file.
    pub headers: Vec<(String, String)>,
}

impl Origins {
    /// The header in the file of a column of a line.
    pub(crate) fn header<'a>(&'a self, column: &'a str, line: Option<usize>) -> &'a str {
        let renamed = self.headers.iter().find(|(name, _)| name == column);
        let turned = || self.columns.get(line?).filter(|_| TURNED.contains(&column));
        renamed.map(|(_, header)| header).or_else(turned).map_or(column, String::as_str)
    }
}

/// Columns of a turned table whose cells stand below the header that it was turned by.
const TURNED: [&str; 2] = ["value", "unit"];

impl Lines {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

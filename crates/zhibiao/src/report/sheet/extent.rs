//! Which rows of a table are shown.

/// The first and the last rows of a table, or all of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::report) struct Extent {
    len: usize,
    head: usize,
    tail: usize,
}

impl Extent {
    /// All rows, or where there are more than `most`, as many from both ends together.
    pub(super) fn new(len: usize, most: Option<usize>) -> Self {
        match most.filter(|most| *most < len) {
            Some(most) => {
                let head = most.div_ceil(2);
                Self { len, head, tail: most.saturating_sub(head) }
            }
            None => Self { len, head: len, tail: 0 },
        }
    }

    /// Number of rows of the table.
    pub(in crate::report) const fn len(self) -> usize {
        self.len
    }

    /// Number of rows before those that are left out.
    pub(in crate::report) const fn head(self) -> usize {
        self.head
    }

    /// Number of rows that are left out.
    pub(in crate::report) const fn left_out(self) -> usize {
        self.len.saturating_sub(self.head).saturating_sub(self.tail)
    }

    /// Positions of the rows that are shown.
    pub(super) fn positions(self) -> impl Iterator<Item = usize> + Clone {
        (0..self.head).chain(self.len.saturating_sub(self.tail)..self.len)
    }
}

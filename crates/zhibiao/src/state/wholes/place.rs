//! The rows of one period, area and school (一处), as parts and as wholes.

use std::ops::Range;

use hashbrown::HashSet;

use crate::catalog::Dimension;
use crate::state::Key;

/// What a row says of a dimension, or what is asked of it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Of {
    Value(u32),
    /// All values together.
    All,
    /// No value that is declared; which of them is not known.
    Unknown,
}

/// A row, by its position among all.
pub(super) struct Row {
    pub(super) of: Vec<Of>,
    pub(super) at: usize,
}

/// Rows that say 合计 of some dimension are wholes, others parts.
pub(super) struct Place {
    pub(super) parts: Vec<Row>,
    pub(super) wholes: Vec<Row>,
}

impl Place {
    pub(super) fn of(keys: &[Key], rows: Range<usize>, dimensions: &[&Dimension]) -> Self {
        let mut place = Self { parts: Vec::new(), wholes: Vec::new() };
        for at in rows {
            let of = keys.get(at).and_then(|key| Of::all(&key.slices, dimensions));
            let Some(row) = of.map(|of| Row { of, at }) else { continue };
            if row.of.contains(&Of::All) { place.wholes.push(row) } else { place.parts.push(row) }
        }
        place
    }

    pub(super) fn parts_of(&self, asked: &[Of]) -> Vec<&Row> {
        self.parts.iter().filter(|part| part.is_of(asked)).collect()
    }

    /// The row that says what all of just what is asked are together.
    pub(super) fn whole_of(&self, asked: &[Of]) -> Option<&Row> {
        self.wholes.iter().find(|whole| whole.of == asked)
    }

    /// Whether some row of what is asked has no declared value of a dimension.
    pub(super) fn has_unknown(&self, asked: &[Of], dimension: usize) -> bool {
        let mut rows = self.parts.iter().chain(&self.wholes).filter(|row| row.is_of(asked));
        rows.any(|row| row.of.get(dimension) == Some(&Of::Unknown))
    }

    /// What the rows of a whole are of, told apart by some of the dimensions that it totals.
    pub(super) fn split(&self, whole: &Row, by: &[usize]) -> HashSet<Vec<Of>> {
        let told = |row: &&Row| by.iter().all(|at| row.of.get(*at) != Some(&Of::All));
        let rows = self.parts.iter().chain(&self.wholes).filter(|row| row.is_of(&whole.of));
        let apart = rows.filter(told).map(|row| {
            let own = row.of.iter().zip(&whole.of).enumerate();
            own.map(|(at, (own, whole))| if by.contains(&at) { *own } else { *whole }).collect()
        });
        apart.collect()
    }
}

impl Of {
    /// What a key says; a position one beyond the declared values is that of 合计, and what lies
    /// farther is no row.
    fn all(slices: &[Option<u32>], dimensions: &[&Dimension]) -> Option<Vec<Self>> {
        let of = |(slice, dimension): (&Option<u32>, &&Dimension)| {
            let Some(id) = *slice else { return Some(Self::Unknown) };
            let declared = u32::try_from(dimension.values.len()).unwrap_or(u32::MAX);
            (id <= declared).then_some(if id == declared { Self::All } else { Self::Value(id) })
        };
        slices.iter().zip(dimensions).map(of).collect()
    }

    /// Each declared value of a dimension.
    pub(super) fn each(dimension: &Dimension) -> Vec<Self> {
        let declared = u32::try_from(dimension.values.len()).unwrap_or(u32::MAX);
        (0..declared).map(Self::Value).collect()
    }
}

impl Row {
    /// Whether it is among what is asked.
    pub(super) fn is_of(&self, asked: &[Of]) -> bool {
        self.of.iter().zip(asked).all(|(own, asked)| *asked == Of::All || own == asked)
    }

    /// Whether all of what is asked is in it.
    pub(super) fn holds(&self, asked: &[Of]) -> bool {
        self.of.iter().zip(asked).all(|(own, asked)| *own == Of::All || own == asked)
    }

    /// Whether some of what is asked may be in it.
    pub(super) fn may_hold(&self, asked: &[Of]) -> bool {
        let may = |(own, asked): (&Of, &Of)| match (own, asked) {
            (Of::Value(own), Of::Value(asked)) => own == asked,
            _ => true,
        };
        self.of.iter().zip(asked).all(may)
    }
}

/// Every choice of one of each.
pub(super) fn choices(of: impl Iterator<Item = Vec<Of>>) -> Vec<Vec<Of>> {
    of.fold(vec![Vec::new()], |before, next| {
        let longer = |before: &Vec<Of>| -> Vec<Vec<Of>> {
            next.iter().map(|of| [before.as_slice(), &[*of]].concat()).collect()
        };
        before.iter().flat_map(longer).collect()
    })
}

//! Lists of states, one a group, side by side.

use std::ops::Range;

/// Positions of states by group.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists {
    /// Where the list of each group ends.
    ends: Vec<usize>,
    states: Vec<usize>,
}

impl Lists {
    /// Number of groups.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no group has any.
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Adds the list of the next group.
    pub(super) fn push(&mut self, states: impl IntoIterator<Item = usize>) {
        self.states.extend(states);
        self.ends.push(self.states.len());
    }

    /// The states of a group.
    pub(super) fn get(&self, group: usize) -> &[usize] {
        self.range(group).and_then(|range| self.states.get(range)).unwrap_or_default()
    }

    /// The lists in the order of groups.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[usize]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let list = self.states.get(start..*end).unwrap_or_default();
            start = *end;
            list
        })
    }

    fn range(&self, group: usize) -> Option<Range<usize>> {
        let before = group.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        Some(before?..*self.ends.get(group)?)
    }
}

impl<L: IntoIterator<Item = usize>> FromIterator<L> for Lists {
    fn from_iter<I: IntoIterator<Item = L>>(groups: I) -> Self {
        let mut lists = Self::default();
        groups.into_iter().for_each(|states| lists.push(states));
        lists
    }
}

//! Findings of a table in the order in which they are told.

use crate::error::Error;

/// Findings in sections (问题): one a thing that is read, in a fixed order, by row within each. So
/// those of two batches are joined section by section.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(Vec<Vec<Error>>);

impl Findings {
    /// Begins a section.
    pub(super) fn begin(&mut self) {
        self.0.push(Vec::new());
    }

    /// Number of sections.
    pub(super) fn sections(&self) -> usize {
        self.0.len()
    }

    /// Replaces a section.
    pub(super) fn put(&mut self, section: usize, findings: Vec<Error>) {
        if let Some(place) = self.0.get_mut(section) {
            *place = findings;
        }
    }

    /// Adds to the section that was begun last. What was just told of the same cell, whose row has
    /// several figures, is not told again.
    pub(super) fn push(&mut self, finding: Error) {
        if self.0.last().and_then(|section| section.last()) != Some(&finding) {
            self.extend([finding]);
        }
    }

    /// Adds to the section that was begun last.
    pub(super) fn extend(&mut self, findings: impl IntoIterator<Item = Error>) {
        if let Some(section) = self.0.last_mut() {
            section.extend(findings);
        }
    }

    /// Adds those of later rows, which were read in the same way.
    pub(crate) fn join(&mut self, later: Self) {
        self.0.resize(self.0.len().max(later.0.len()), Vec::new());
        for (section, later) in self.0.iter_mut().zip(later.0) {
            section.extend(later);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Error> {
        self.0.iter().flatten()
    }

    /// The section that was begun last.
    pub(crate) fn last(&self) -> &[Error] {
        self.0.last().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn into_vec(self) -> Vec<Error> {
        self.0.into_iter().flatten().collect()
    }
}

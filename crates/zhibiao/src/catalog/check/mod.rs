//! From TOML as written to a catalogue that holds: every reference, unit and formula is checked.
//!
//! All errors are told, not only the first.

mod gather;
mod indicators;
pub(super) mod kinds;
mod measures;
mod standards;

use std::ops::Range;

use indexmap::IndexMap;

use self::gather::Gathered;
use super::source::Source;
use super::spanned::Spanned;
use super::{Dimension, Indicator, Measure, Standard};
use crate::error::{Error, Problem, Result, near};

/// What the sources say together.
#[derive(Clone, Debug, Default)]
pub(super) struct Checked {
    pub(super) dimensions: IndexMap<String, Dimension>,
    pub(super) measures: IndexMap<String, Measure>,
    pub(super) indicators: IndexMap<String, Indicator>,
    pub(super) standards: IndexMap<String, Standard>,
}

/// Checks `sources`, whose definitions may refer to those of `context` and hide them.
pub(super) fn check(context: &[&Source], sources: &[&Source]) -> Result<Checked> {
    let mut checker = Checker::default();
    let gathered = Gathered::of(context, sources, &mut checker.errors);
    for (id, (source, said)) in &gathered.dimensions {
        checker.dimension(source, id, said);
    }
    for (id, (source, said)) in &gathered.measures {
        checker.measure(source, id, said, &gathered);
    }
    checker.cycles(&gathered);
    checker.aliases(&gathered, sources);
    checker.indicators(&gathered);
    for (id, (source, said)) in &gathered.standards {
        checker.standard(source, id, said);
    }
    match Error::first_of(checker.errors) {
        Some(error) => Err(error),
        None => Ok(checker.done),
    }
}

#[derive(Default)]
struct Checker {
    done: Checked,
    errors: Vec<Error>,
}

impl Checker {
    fn error(&mut self, source: &Source, span: Range<usize>, problem: Problem) {
        self.errors.push(Error::new(problem, source.place(span)));
    }

    /// The value, or the error noted at its place.
    fn noted<T>(&mut self, source: &Source, span: Range<usize>, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.errors.push(error.at(source.place(span)))).ok()
    }

    fn unknown<'n>(
        &mut self,
        source: &Source,
        id: &Spanned<String>,
        what: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        let problem = Problem::UnknownId {
            what: what.to_owned(),
            id: id.get_ref().clone(),
            near: near(id.get_ref(), known),
        };
        self.error(source, id.span(), problem);
    }
}

fn texts(aliases: &[Spanned<String>]) -> Vec<String> {
    aliases.iter().map(|alias| alias.get_ref().clone()).collect()
}

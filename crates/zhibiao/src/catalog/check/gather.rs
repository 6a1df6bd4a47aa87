//! Sections of all sources, an id once.

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::super::source::{DimensionSaid, IndicatorSaid, MeasureSaid, Source, StandardSaid};
use super::super::spanned::Spanned;
use crate::error::{Error, Problem};

pub(super) type Section<'a, T> = IndexMap<&'a str, (&'a Source, &'a Spanned<T>)>;

/// All sections of all sources, an id once.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    pub(super) dimensions: Section<'a, DimensionSaid>,
    pub(super) measures: Section<'a, MeasureSaid>,
    pub(super) indicators: Section<'a, IndicatorSaid>,
    pub(super) standards: Section<'a, StandardSaid>,
}

impl<'a> Gathered<'a> {
    pub(super) fn of(
        context: &[&'a Source],
        sources: &[&'a Source],
        errors: &mut Vec<Error>,
    ) -> Self {
        let mut all = Self::default();
        for source in context.iter().chain(sources).copied() {
            let said = &source.said;
            let mut section = Gatherer { source, context, errors };
            section.gather("dimension", &said.dimensions, &mut all.dimensions, |d| d.replaces);
            section.gather("measure", &said.measures, &mut all.measures, |m| m.replaces);
            section.gather("indicator", &said.indicators, &mut all.indicators, |i| i.replaces);
            section.gather("standard", &said.standards, &mut all.standards, |s| s.replaces);
        }
        all
    }
}

/// Takes the sections of one source.
struct Gatherer<'a, 's> {
    source: &'a Source,
    /// Sources whose definitions may be hidden.
    context: &'s [&'a Source],
    errors: &'s mut Vec<Error>,
}

impl<'a> Gatherer<'a, '_> {
    fn gather<T>(
        &mut self,
        what: &str,
        from: &'a IndexMap<String, Spanned<T>>,
        into: &mut Section<'a, T>,
        replaces: impl Fn(&T) -> bool,
    ) {
        for (id, said) in from {
            if !usable(what, id) {
                let problem = Problem::BadId { id: id.clone() };
                self.errors.push(Error::new(problem, self.source.place(said.span())));
            }
            match into.entry(id) {
                Entry::Vacant(free) => {
                    free.insert((self.source, said));
                }
                Entry::Occupied(mut taken) => {
                    let (earlier, _) = *taken.get();
                    let hidden = self.context.iter().any(|other| std::ptr::eq(*other, earlier));
                    if hidden || replaces(said.get_ref()) {
                        taken.insert((self.source, said));
                    } else {
                        let problem =
                            Problem::DuplicateId { what: what.to_owned(), id: id.clone() };
                        self.errors.push(Error::new(problem, self.source.place(said.span())));
                    }
                }
            }
        }
    }
}

/// Whether an id is made of lower-case letters, digits and underscores, in parts where it has any.
fn usable(what: &str, id: &str) -> bool {
    let part = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        !part.is_empty() && part.bytes().all(allowed)
    };
    match what {
        "indicator" => id.split('.').all(part),
        "standard" => id.split('-').all(part),
        _ => part(id),
    }
}

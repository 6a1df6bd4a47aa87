//! One thing with two figures in different places.

use hashbrown::HashMap;

use super::scope::{self, Scope};
use super::{Audit, Computed, Figure, Rule, Verdict};
use crate::error::Problem;
use crate::period::Period;
use crate::prose::{Sort, phrase};

/// Letters of the shortest subject that tells one thing from another, where no 全县 says of what.
const SHORTEST: usize = 4;

/// What tells one thing from another.
#[derive(Eq, Hash, PartialEq)]
struct Thing<'a> {
    subject: &'a str,
    /// Of what is done; what there is has none.
    verb: &'a str,
    counts: &'a str,
    sort: Sort,
    period: Option<Period>,
    scope: &'a str,
    /// Of which institutions.
    within: &'a str,
    /// Of which area, where it is not that of the report.
    area: Option<char>,
    when: &'static str,
}

impl<'a> Thing<'a> {
    /// What has no year is of that of the report.
    fn of(
        figure: &'a Figure<'_>,
        scope: &'a Scope,
        year: Option<u16>,
        home: Option<char>,
    ) -> Option<Self> {
        let found = figure.found;
        let subject = found.subject.as_str();
        let period = found.period.or(year.map(Period::Year));
        let letters = subject.chars().count();
        let telling = letters >= SHORTEST || (scope.of_all && letters > 1);
        let undated = found.earlier && found.period.is_none();
        let known = !found.implied && !scope.planned && !undated;
        let verb = Some(found.verb.as_str()).filter(|verb| !phrase::is_state(verb));
        (telling && known && found.is_level()).then(|| Self {
            subject,
            verb: verb.unwrap_or_default(),
            counts: &figure.counts,
            sort: found.sort,
            period,
            scope: &scope.words,
            within: &scope.within,
            area: scope.area.filter(|area| Some(*area) != home),
            when: scope.when_in(found.period),
        })
    }
}

/// Holds each figure against the first one of the same thing.
pub(super) fn figures(audit: &mut Audit<'_>, figures: &[Figure<'_>], scopes: &[Scope]) {
    let year = audit.reading.year;
    let home = scope::narrowest(scopes);
    let mut first: HashMap<Thing<'_>, &Figure<'_>> = HashMap::new();
    for (figure, scope) in figures.iter().zip(scopes) {
        let Some(thing) = Thing::of(figure, scope, year, home) else { continue };
        let earlier = *first.entry(thing).or_insert(figure);
        if earlier.found.in_sentence == figure.found.in_sentence {
            continue;
        }
        let computed = Computed { bounds: earlier.bounds, value: earlier.value };
        if computed.verdict(&figure.bounds) == Verdict::Contradicts {
            audit.hold(Rule::Same, figure, &[earlier], &computed, |_| Problem::FiguresDiffer {
                subject: figure.found.subject.clone(),
                first: earlier.written(),
                second: figure.written(),
                line: earlier.found.position.line,
            });
        }
    }
}

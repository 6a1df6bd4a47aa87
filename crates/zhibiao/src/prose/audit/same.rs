//! One thing with two figures in different places.

use hashbrown::HashMap;

use super::{Audit, Computed, Figure, Rule, Verdict};
use crate::error::Problem;
use crate::prose::Sort;

/// Letters of the shortest subject that tells one thing from another.
const SHORTEST: usize = 4;

/// Holds each figure against the first one of the same subject, verb, unit and period.
pub(super) fn figures(audit: &mut Audit<'_>, figures: &[Figure<'_>]) {
    let mut first: HashMap<(&str, &str, &str, Sort, _), &Figure<'_>> = HashMap::new();
    for figure in figures {
        let found = figure.found;
        let telling = found.subject.chars().count() >= SHORTEST;
        if !telling || found.implied || !figure.is_level() {
            continue;
        }
        let (subject, verb) = (found.subject.as_str(), found.verb.as_str());
        let key = (subject, verb, figure.counts.as_str(), found.sort, found.period);
        let earlier = *first.entry(key).or_insert(figure);
        if earlier.found.in_sentence == found.in_sentence {
            continue;
        }
        let computed = Computed { bounds: earlier.bounds, value: earlier.value };
        if computed.verdict(&figure.bounds) == Verdict::Contradicts {
            audit.hold(Rule::Same, figure, &[earlier], &computed, |_| Problem::FiguresDiffer {
                subject: found.subject.clone(),
                first: earlier.written(),
                second: figure.written(),
                line: earlier.found.position.line,
            });
        }
    }
}

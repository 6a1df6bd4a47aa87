//! Kinds of indicators: each has exactly its own keys, and what they name is there.

use super::super::arithmetic::Arithmetic;
use super::super::formula::Condition;
use super::super::source::{DenominatorSaid, EarlierSaid, IndicatorSaid, LaggedSaid, Source};
use super::super::spanned::Spanned;
use super::super::{Among, Earlier, Kind, Lag};
use super::Checker;
use crate::error::{Error, Problem, Result, near};
use crate::period::Before;

/// Farthest look back that is taken for meant.
const MAX_BEFORE: u16 = 100;

/// The names of the kinds, for the schema.
#[cfg(feature = "schema")]
pub(in crate::catalog) fn names() -> Vec<&'static str> {
    KINDS.iter().map(|(name, ..)| *name).collect()
}

/// Kinds, the keys that each needs, and those that it may have.
const KINDS: [(&str, &[&str], &[&str]); 9] = [
    ("share", &["numerator", "denominator"], &["earlier"]),
    ("rate", &["numerator", "denominator"], &["earlier"]),
    ("ratio", &["numerator", "denominator"], &["earlier"]),
    ("completion", &["done", "planned"], &["earlier"]),
    ("total", &["measure"], &["earlier"]),
    ("change", &["of", "as"], &["periods_before", "years_before"]),
    ("derived", &["inputs", "formula"], &[]),
    ("dispersion", &["resource", "weight"], &["among", "where"]),
    ("composite", &["mean_of"], &[]),
];

/// The parts that a definition writes, of now or of earlier.
#[derive(Clone, Copy, Default)]
struct Written<'s> {
    numerator: Option<&'s Spanned<String>>,
    denominator: Option<&'s Spanned<DenominatorSaid>>,
    done: Option<&'s Spanned<String>>,
    planned: Option<&'s Spanned<String>>,
    measure: Option<&'s Spanned<String>>,
}

impl<'s> Written<'s> {
    fn now(said: &'s IndicatorSaid) -> Self {
        Self {
            numerator: said.numerator.as_ref(),
            denominator: said.denominator.as_ref(),
            done: said.done.as_ref(),
            planned: said.planned.as_ref(),
            measure: said.measure.as_ref(),
        }
    }

    /// What an earlier definition does not write is as it is now.
    fn earlier(now: &'s IndicatorSaid, then: &'s EarlierSaid) -> Self {
        let now = Self::now(now);
        Self {
            numerator: then.numerator.as_ref().or(now.numerator),
            denominator: then.denominator.as_ref().or(now.denominator),
            done: then.done.as_ref().or(now.done),
            planned: then.planned.as_ref().or(now.planned),
            measure: then.measure.as_ref().or(now.measure),
        }
    }
}

impl Checker {
    /// The kind of an indicator; none where an error was told.
    pub(super) fn kind(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
    ) -> Option<Kind> {
        let i = said.get_ref();
        if let Some(reason) = wrong_keys(i) {
            self.refuse(source, id, said, &reason);
            return None;
        }
        let kind = i.kind.get_ref().as_str();
        match kind {
            "change" => {
                let of = i.of.as_ref()?;
                let known = self.done.indicators.contains_key(of.get_ref())
                    || self.done.measures.contains_key(of.get_ref());
                if !known {
                    let ids: Vec<String> = self.done.indicators.keys().cloned().collect();
                    let what = "indicator or measure";
                    self.unknown(source, of, what, ids.iter().map(String::as_str));
                    return None;
                }
                let written = |key: &Option<Spanned<u16>>| key.as_ref().map(|key| *key.get_ref());
                let (periods, years) = (written(&i.periods_before), written(&i.years_before));
                let before = self.noted(source, said.span(), before(id, periods, years, true))?;
                Some(Kind::Change {
                    of: of.get_ref().clone(),
                    before,
                    form: *i.form.as_ref()?.get_ref(),
                })
            }
            "derived" => self.derived(source, id, said),
            "composite" => self.composite(source, id, i.mean_of.as_ref()?),
            "dispersion" => {
                let resource = self.measure_named(source, i.resource.as_ref()?)?;
                let weight = self.measure_named(source, i.weight.as_ref()?)?;
                let filter = match &i.filter {
                    Some(text) => {
                        let parsed = Condition::parse(text.get_ref());
                        let condition = self.noted(source, text.span(), parsed)?;
                        self.tests(source, text.span(), &condition).then_some(condition)
                    }
                    None => None,
                };
                if i.filter.is_some() && filter.is_none() {
                    return None;
                }
                let among = i.among.as_ref().map_or_else(Among::default, |among| *among.get_ref());
                Some(Kind::Dispersion { resource, weight, among, filter })
            }
            _ => self.quotient(source, id, kind, said, Written::now(i)),
        }
    }

    /// Earlier definitions, the earliest first; none where an error was told.
    pub(super) fn earlier(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
    ) -> Option<Vec<Earlier>> {
        let i = said.get_ref();
        let mut all = Vec::new();
        for earlier in &i.earlier {
            let then = earlier.get_ref();
            let until = self.noted(source, then.until.span(), then.until.get_ref().parse())?;
            let written = Written::earlier(i, then);
            let kind = self.quotient(source, id, i.kind.get_ref(), said, written)?;
            all.push(Earlier { until, kind, source: then.source.clone(), note: then.note.clone() });
        }
        if !all.is_sorted_by(|a, b| a.until < b.until) {
            self.refuse(
                source,
                id,
                said,
                "has `earlier` definitions that are not in order of `until`",
            );
            return None;
        }
        Some(all)
    }

    /// The kinds that divide sums, and the total.
    fn quotient(
        &mut self,
        source: &Source,
        id: &str,
        kind: &str,
        said: &Spanned<IndicatorSaid>,
        written: Written<'_>,
    ) -> Option<Kind> {
        match kind {
            "total" => Some(Kind::Total { measure: self.measure_named(source, written.measure?)? }),
            "completion" => Some(Kind::Completion {
                done: self.measure_named(source, written.done?)?,
                planned: self.measure_named(source, written.planned?)?,
            }),
            _ => {
                let numerator = self.measure_named(source, written.numerator?)?;
                let (denominator, lag) = self.denominator(source, id, written.denominator?)?;
                match (kind, lag) {
                    ("share", None) => Some(Kind::Share { numerator, denominator }),
                    ("rate", lag) => Some(Kind::Rate { numerator, denominator, lag }),
                    ("ratio", lag) => Some(Kind::Ratio { numerator, denominator, lag }),
                    _ => {
                        let reason =
                            "is a share and must not have a denominator of an earlier period";
                        self.refuse(source, id, said, reason);
                        None
                    }
                }
            }
        }
    }

    fn denominator(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<DenominatorSaid>,
    ) -> Option<(String, Option<Lag>)> {
        let span = said.span();
        let mut measure =
            |id: &String| self.measure_named(source, &Spanned::new(span.clone(), id.clone()));
        match said.get_ref() {
            DenominatorSaid::Measure(id) => Some((measure(id)?, None)),
            DenominatorSaid::Lagged(lagged) => {
                let LaggedSaid { measure: of, periods_before, years_before, plus, minus } = lagged;
                let of = measure(of)?;
                let mut moved = |id: &Option<String>| match id {
                    Some(id) => measure(id).map(Some),
                    None => Some(None),
                };
                let (plus, minus) = (moved(plus)?, moved(minus)?);
                let before = before(id, *periods_before, *years_before, false);
                let before = self.noted(source, span, before)?;
                Some((of, Some(Lag { before, plus, minus })))
            }
        }
    }

    fn derived(
        &mut self,
        source: &Source,
        own: &str,
        spanned: &Spanned<IndicatorSaid>,
    ) -> Option<Kind> {
        let said = spanned.get_ref();
        let mut inputs = Vec::new();
        for (name, id) in said.inputs.as_ref()?.get_ref() {
            inputs.push((name.clone(), self.indicator_named(source, id)?));
        }
        let text = said.formula.as_ref()?;
        let names: Vec<&str> = inputs.iter().map(|(name, _)| name.as_str()).collect();
        let formula = self.noted(source, text.span(), Arithmetic::parse(text.get_ref(), &names))?;
        if inputs.is_empty() {
            self.refuse(source, own, spanned, "is a derived and needs at least one input");
            return None;
        }
        Some(Kind::Derived { inputs, formula, written: text.get_ref().clone() })
    }

    fn composite(
        &mut self,
        source: &Source,
        own: &str,
        said: &Spanned<Vec<Spanned<String>>>,
    ) -> Option<Kind> {
        let mut of: Vec<String> = Vec::new();
        for spanned in said.get_ref() {
            let id = self.indicator_named(source, spanned)?;
            let input = self.done.indicators.get(&id);
            if !input.is_some_and(|input| matches!(input.kind, Kind::Dispersion { .. })) {
                let reason = format!("is a composite of `{id}`, which is no dispersion");
                self.refuse(source, own, spanned, &reason);
                return None;
            }
            if of.contains(&id) {
                self.refuse(source, own, spanned, &format!("is a composite of `{id}` twice"));
                return None;
            }
            of.push(id);
        }
        if of.len() < 2 {
            self.refuse(source, own, said, "is a composite and needs at least two dispersions");
            return None;
        }
        Some(Kind::Composite { of })
    }

    /// The id of an indicator, or an error where there is none.
    fn indicator_named(&mut self, source: &Source, id: &Spanned<String>) -> Option<String> {
        if self.done.indicators.contains_key(id.get_ref()) {
            return Some(id.get_ref().clone());
        }
        let ids: Vec<String> = self.done.indicators.keys().cloned().collect();
        self.unknown(source, id, "indicator", ids.iter().map(String::as_str));
        None
    }

    /// The id of a measure, or an error where there is none.
    fn measure_named(&mut self, source: &Source, id: &Spanned<String>) -> Option<String> {
        if self.done.measures.contains_key(id.get_ref()) {
            return Some(id.get_ref().clone());
        }
        let names: Vec<String> = self.done.measures.keys().cloned().collect();
        let near = near(id.get_ref(), names.iter().map(String::as_str));
        let (what, unknown) = ("measure".to_owned(), id.get_ref().clone());
        self.error(source, id.span(), Problem::UnknownId { what, id: unknown, near });
        None
    }

    pub(super) fn refuse<T>(&mut self, source: &Source, id: &str, said: &Spanned<T>, reason: &str) {
        let problem = Problem::KeyOfKind { id: id.to_owned(), reason: reason.to_owned() };
        self.error(source, said.span(), problem);
    }
}

/// Whether a kind is known.
pub(super) fn is_known(kind: &str) -> bool {
    KINDS.iter().any(|(known, ..)| *known == kind)
}

/// The first key that a kind lacks, or must not have.
fn wrong_keys(i: &IndicatorSaid) -> Option<String> {
    let kind = i.kind.get_ref();
    let (_, needed, allowed) = KINDS.iter().find(|(known, ..)| known == kind)?;
    let given = [
        ("numerator", i.numerator.is_some()),
        ("denominator", i.denominator.is_some()),
        ("done", i.done.is_some()),
        ("planned", i.planned.is_some()),
        ("measure", i.measure.is_some()),
        ("of", i.of.is_some()),
        ("as", i.form.is_some()),
        ("periods_before", i.periods_before.is_some()),
        ("years_before", i.years_before.is_some()),
        ("inputs", i.inputs.is_some()),
        ("formula", i.formula.is_some()),
        ("resource", i.resource.is_some()),
        ("weight", i.weight.is_some()),
        ("among", i.among.is_some()),
        ("where", i.filter.is_some()),
        ("mean_of", i.mean_of.is_some()),
        ("earlier", !i.earlier.is_empty()),
    ];
    given.into_iter().find_map(|(key, given)| match (needed.contains(&key), given) {
        (true, false) => Some(format!("is a {kind} and needs `{key}`")),
        (false, true) if !allowed.contains(&key) => {
            Some(format!("is a {kind} and must not have `{key}`"))
        }
        _ => None,
    })
}

/// One of both, 1 to 100; a change without either is against the period before.
fn before(id: &str, periods: Option<u16>, years: Option<u16>, default: bool) -> Result<Before> {
    let before = match (periods, years) {
        (None, None) if default => Some(Before::Periods(1)),
        (Some(periods), None) => Some(Before::Periods(periods)),
        (None, Some(years)) => Some(Before::Years(years)),
        _ => None,
    };
    let in_range = |before: &Before| {
        let (Before::Periods(count) | Before::Years(count)) = *before;
        (1..=MAX_BEFORE).contains(&count)
    };
    before.filter(in_range).ok_or_else(|| {
        let reason = "needs one of `periods_before` and `years_before`, from 1 to 100";
        Error::from(Problem::KeyOfKind { id: id.to_owned(), reason: reason.to_owned() })
    })
}

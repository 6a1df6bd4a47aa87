//! From TOML as written to a catalogue that holds: every reference, unit and formula is checked.

use std::ops::Range;

use indexmap::IndexMap;
use indexmap::map::Entry;
use toml::Spanned;

use super::formula::{Condition, Define, Linear, Term};
use super::source::{
    CountOrAmount, CriterionSaid, DimensionSaid, IndicatorSaid, MeasureSaid, OverAreas, Source,
    StandardSaid,
};
use super::{Criterion, Dimension, DimensionValue, Indicator, Kind, Measure, Standard};
use crate::area::AreaCode;
use crate::error::{Error, Problem, Result, near};
use crate::label::Label;
use crate::number::{Comparison, Decimal};
use crate::period::Month;
use crate::unit::Unit;

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
    for (id, (source, said)) in &gathered.indicators {
        checker.indicator(source, id, said);
    }
    for (id, (source, said)) in &gathered.standards {
        checker.standard(source, id, said);
    }
    match Error::first_of(checker.errors) {
        Some(error) => Err(error),
        None => Ok(checker.done),
    }
}

type Section<'a, T> = IndexMap<&'a str, (&'a Source, &'a Spanned<T>)>;

/// All sections of all sources, an id once.
#[derive(Default)]
struct Gathered<'a> {
    dimensions: Section<'a, DimensionSaid>,
    measures: Section<'a, MeasureSaid>,
    indicators: Section<'a, IndicatorSaid>,
    standards: Section<'a, StandardSaid>,
}

impl<'a> Gathered<'a> {
    fn of(context: &[&'a Source], sources: &[&'a Source], errors: &mut Vec<Error>) -> Self {
        let mut all = Self::default();
        let groups = [(context, true), (sources, false)];
        let hides = |source: &Source| context.iter().any(|other| std::ptr::eq(*other, source));
        for (source, _) in groups
            .into_iter()
            .flat_map(|(group, hidden)| group.iter().map(move |source| (*source, hidden)))
        {
            let said = &source.said;
            gather(
                "dimension",
                source,
                &said.dimensions,
                &mut all.dimensions,
                |said| said.replaces,
                hides,
                errors,
            );
            gather(
                "measure",
                source,
                &said.measures,
                &mut all.measures,
                |said| said.replaces,
                hides,
                errors,
            );
            gather(
                "indicator",
                source,
                &said.indicators,
                &mut all.indicators,
                |said| said.replaces,
                hides,
                errors,
            );
            gather(
                "standard",
                source,
                &said.standards,
                &mut all.standards,
                |said| said.replaces,
                hides,
                errors,
            );
        }
        all
    }
}

fn gather<'a, T>(
    what: &str,
    source: &'a Source,
    from: &'a IndexMap<String, Spanned<T>>,
    into: &mut Section<'a, T>,
    replaces: impl Fn(&T) -> bool,
    may_be_hidden: impl Fn(&Source) -> bool,
    errors: &mut Vec<Error>,
) {
    for (id, said) in from {
        let usable = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let parts_usable = match what {
            "indicator" => id.split('.').all(usable),
            "standard" => id.split('-').all(usable),
            _ => usable(id),
        };
        if !parts_usable {
            errors.push(Error::new(Problem::BadId { id: id.clone() }, source.place(said.span())));
        }
        match into.entry(id) {
            Entry::Vacant(free) => {
                free.insert((source, said));
            }
            Entry::Occupied(mut taken) => {
                if replaces(said.get_ref()) || may_be_hidden(taken.get().0) {
                    taken.insert((source, said));
                } else {
                    let problem = Problem::DuplicateId { what: what.to_owned(), id: id.clone() };
                    errors.push(Error::new(problem, source.place(said.span())));
                }
            }
        }
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

    fn dimension(&mut self, source: &Source, id: &str, said: &Spanned<DimensionSaid>) {
        let DimensionSaid { name, aliases, values, replaces: _ } = said.get_ref();
        if values.len() > usize::from(u8::MAX) {
            let problem = Problem::KeyOfKind {
                id: id.to_owned(),
                reason: "has more than 255 values".to_owned(),
            };
            self.error(source, said.span(), problem);
        }
        let values = values.iter().map(|(id, value)| DimensionValue {
            id: id.clone(),
            name: Label { zh: value.zh.clone(), en: value.en.clone() },
            aliases: texts(&value.aliases),
        });
        let dimension = Dimension {
            id: id.to_owned(),
            name: name.clone(),
            aliases: texts(aliases),
            values: values.collect(),
        };
        self.done.dimensions.insert(id.to_owned(), dimension);
    }

    fn measure(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<MeasureSaid>,
        all: &Gathered<'_>,
    ) {
        let span = said.span();
        let m = said.get_ref();
        let define = m.define.as_ref().and_then(|text| {
            let define = self.noted(source, text.span(), Define::parse(text.get_ref()))?;
            self.references(source, text.span(), &define, all).then_some(define)
        });
        if let Some(whole) = &m.part_of
            && !all.measures.contains_key(whole.get_ref().as_str())
        {
            self.unknown(source, whole, "measure", all.measures.keys().copied());
        }
        let reason = match (m.kind, &m.scale) {
            (Some(CountOrAmount::Amount), None) => Some("is an amount and needs `scale`"),
            (Some(CountOrAmount::Count), Some(_)) => Some("is a count and must not have `scale`"),
            (None, _) if m.define.is_none() => Some("needs `kind`"),
            (_, Some(scale)) if *scale.get_ref() > 18 => Some("has a `scale` above 18"),
            _ if m.unit.is_none() && m.define.is_none() => Some("needs `unit`"),
            _ if m.name.is_none() && m.define.is_none() => Some("needs `name`"),
            _ => None,
        };
        if let Some(reason) = reason {
            let problem = Problem::KeyOfKind { id: id.to_owned(), reason: reason.to_owned() };
            self.error(source, span, problem);
            return;
        }
        let root = root_of(id, all);
        let Some(unit) = self.unit_of(source, m, root) else { return };
        let aliases = texts(&m.aliases);
        let name = m.name.clone().unwrap_or_else(|| Label {
            zh: aliases.first().cloned().unwrap_or_else(|| id.to_owned()),
            en: String::new(),
        });
        let measure = Measure {
            id: id.to_owned(),
            name,
            unit,
            scale: scale_of(id, all, all.measures.len()),
            over_areas: over_areas_of(id, all, all.measures.len()),
            over_time: m.over_time,
            aliases,
            define,
            formula: m.define.as_ref().map(|text| text.get_ref().clone()),
            part_of: m.part_of.as_ref().map(|whole| whole.get_ref().clone()),
            source: m.source.clone(),
            confidence: m.confidence,
            note: m.note.clone(),
        };
        self.done.measures.insert(id.to_owned(), measure);
    }

    /// The unit as written, else that of the first measure of the formula; counted rows are
    /// institutions.
    fn unit_of(
        &mut self,
        source: &Source,
        said: &MeasureSaid,
        root: Option<&MeasureSaid>,
    ) -> Option<Unit> {
        match (&said.unit, root.and_then(|root| root.unit.as_ref())) {
            (Some(text), _) => self.noted(source, text.span(), Unit::parse(text.get_ref())),
            (None, Some(text)) => Unit::parse(text.get_ref()).ok(),
            (None, None) => Unit::parse("institution").ok(),
        }
    }

    /// Whether all that a formula names is there.
    fn references(
        &mut self,
        source: &Source,
        span: Range<usize>,
        define: &Define,
        all: &Gathered<'_>,
    ) -> bool {
        let before = self.errors.len();
        for id in define.measures() {
            if !all.measures.contains_key(id) {
                let known = near(id, all.measures.keys().copied());
                let problem = Problem::UnknownId {
                    what: "measure".to_owned(),
                    id: id.to_owned(),
                    near: known,
                };
                self.error(source, span.clone(), problem);
            }
        }
        for (dimension, values) in define.conditions().flat_map(Condition::tests) {
            let Some(known) = self.done.dimensions.get(dimension) else {
                let known = near(dimension, self.done.dimensions.keys().map(String::as_str));
                let problem = Problem::UnknownId {
                    what: "dimension".to_owned(),
                    id: dimension.to_owned(),
                    near: known,
                };
                self.error(source, span.clone(), problem);
                continue;
            };
            let missing = values.iter().find(|value| known.values.iter().all(|v| v.id != **value));
            if let Some(value) = missing {
                let problem = Problem::UnknownValue {
                    value: value.clone(),
                    dimension: dimension.to_owned(),
                    near: near(value, known.values.iter().map(|value| value.id.as_str())),
                };
                self.error(source, span.clone(), problem);
            }
        }
        self.errors.len() == before
    }

    /// Formulas and `part_of` must not run in circles.
    fn cycles(&mut self, all: &Gathered<'_>) {
        for (id, (source, said)) in &all.measures {
            let next_by_define = |id: &str| -> Vec<String> {
                let define = self.done.measures.get(id).and_then(|measure| measure.define.as_ref());
                define.map_or_else(Vec::new, |define| {
                    define.measures().iter().map(ToString::to_string).collect()
                })
            };
            let next_by_part = |id: &str| -> Vec<String> {
                self.done
                    .measures
                    .get(id)
                    .and_then(|measure| measure.part_of.clone())
                    .into_iter()
                    .collect()
            };
            let path = circle(id, &next_by_define).or_else(|| circle(id, &next_by_part));
            if let Some(path) = path {
                self.error(source, said.span(), Problem::Cycle { path: path.join(" → ") });
            }
        }
    }

    /// A name belongs to one thing, within what is checked: what merely stands beside it is looked
    /// at when both become one catalogue.
    fn aliases(&mut self, all: &Gathered<'_>, sources: &[&Source]) {
        let own = |source: &Source| sources.iter().any(|other| std::ptr::eq(*other, source));
        let mut taken: IndexMap<String, String> = IndexMap::new();
        for (id, (source, said)) in all.dimensions.iter().filter(|(_, (source, _))| own(source)) {
            let d = said.get_ref();
            self.claim(&mut taken, id, source, said.span(), Some(&d.name), &d.aliases);
        }
        for (id, (source, said)) in all.measures.iter().filter(|(_, (source, _))| own(source)) {
            let m = said.get_ref();
            self.claim(&mut taken, id, source, said.span(), m.name.as_ref(), &m.aliases);
        }
        taken.clear();
        for (id, (source, said)) in all.indicators.iter().filter(|(_, (source, _))| own(source)) {
            let i = said.get_ref();
            self.claim(&mut taken, id, source, said.span(), Some(&i.name), &i.aliases);
        }
    }

    fn claim(
        &mut self,
        taken: &mut IndexMap<String, String>,
        id: &str,
        source: &Source,
        span: Range<usize>,
        name: Option<&Label>,
        aliases: &[Spanned<String>],
    ) {
        let names =
            name.iter().flat_map(|name| [&name.zh, &name.en]).map(|name| (name, span.clone()));
        let aliases = aliases.iter().map(|alias| (alias.get_ref(), alias.span()));
        for (alias, span) in names.chain(aliases).filter(|(alias, _)| !alias.is_empty()) {
            let first = taken.entry(super::folded(alias)).or_insert_with(|| id.to_owned()).clone();
            if first != id {
                let second = id.to_owned();
                self.error(
                    source,
                    span,
                    Problem::AmbiguousAlias { alias: alias.clone(), first, second },
                );
            }
        }
    }

    fn indicator(&mut self, source: &Source, id: &str, said: &Spanned<IndicatorSaid>) {
        let i = said.get_ref();
        let Some(kind) = self.kind(source, id, said) else { return };
        let Some((numerator, denominator)) = self.parts(&kind) else { return };
        let unit_span = i.unit.as_ref().map_or_else(|| said.span(), Spanned::span);
        let unit = match &i.unit {
            Some(text) => self.noted(source, text.span(), Unit::parse(text.get_ref())),
            None if denominator.is_none() => Some(numerator.unit.clone()),
            None => {
                let problem =
                    Problem::KeyOfKind { id: id.to_owned(), reason: "needs `unit`".to_owned() };
                self.error(source, said.span(), problem);
                None
            }
        };
        let Some(unit) = unit else { return };
        let fits = match (&kind, &denominator) {
            (Kind::Ratio { .. }, Some(denominator)) => {
                unit.is_quotient_of(&numerator.unit, &denominator.unit)
            }
            (_, Some(denominator)) => {
                unit.is_fraction() && unit.is_quotient_of(&numerator.unit, &denominator.unit)
            }
            (_, None) => unit.same_quantity(&numerator.unit),
        };
        if !fits {
            let label = |measure: &Measure| {
                format!("`{}` ({})", measure.id, measure.unit.label(crate::Lang::Zh))
            };
            let problem = Problem::UnitClash {
                numerator: label(&numerator),
                denominator: denominator.as_ref().map_or_else(|| "nothing".to_owned(), label),
                unit: unit.label(crate::Lang::Zh).to_owned(),
            };
            self.error(source, unit_span, problem);
        }
        if let (Kind::Share { .. }, Some(denominator)) = (&kind, &denominator)
            && !self.is_part(&numerator, denominator)
        {
            let problem = Problem::ShareNotPart {
                numerator: numerator.id.clone(),
                denominator: denominator.id.clone(),
            };
            let span = i.numerator.as_ref().map_or_else(|| said.span(), Spanned::span);
            self.error(source, span, problem);
        }
        let decimals = i.decimals.as_ref().map_or(0, |decimals| *decimals.get_ref());
        if !(-12..=18).contains(&decimals) {
            let problem = Problem::KeyOfKind {
                id: id.to_owned(),
                reason: "has `decimals` outside -12 to 18".to_owned(),
            };
            self.error(source, said.span(), problem);
        }
        let indicator = Indicator {
            id: id.to_owned(),
            name: i.name.clone(),
            aliases: texts(&i.aliases),
            kind,
            unit,
            decimals,
            better: i.better,
            source: i.source.clone(),
            confidence: i.confidence,
            note: i.note.clone(),
        };
        self.done.indicators.insert(id.to_owned(), indicator);
    }

    fn kind(&mut self, source: &Source, id: &str, said: &Spanned<IndicatorSaid>) -> Option<Kind> {
        let i = said.get_ref();
        let mut keys = [
            ("numerator", i.numerator.as_ref()),
            ("denominator", i.denominator.as_ref()),
            ("done", i.done.as_ref()),
            ("planned", i.planned.as_ref()),
            ("measure", i.measure.as_ref()),
        ];
        let wanted: &[&str] = match i.kind.get_ref().as_str() {
            "share" | "rate" | "ratio" => &["numerator", "denominator"],
            "completion" => &["done", "planned"],
            "total" => &["measure"],
            other => {
                self.error(source, i.kind.span(), Problem::UnknownKind { kind: other.to_owned() });
                return None;
            }
        };
        let mut given = Vec::new();
        for (key, value) in &mut keys {
            let reason = match (wanted.contains(key), &value) {
                (true, None) => format!("is a {} and needs `{key}`", i.kind.get_ref()),
                (false, Some(_)) => format!("is a {} and must not have `{key}`", i.kind.get_ref()),
                (true, Some(value)) => {
                    let known = self.done.measures.contains_key(value.get_ref());
                    if !known {
                        let names: Vec<String> = self.done.measures.keys().cloned().collect();
                        self.unknown(source, value, "measure", names.iter().map(String::as_str));
                        return None;
                    }
                    given.push(value.get_ref().clone());
                    continue;
                }
                (false, None) => continue,
            };
            self.error(source, said.span(), Problem::KeyOfKind { id: id.to_owned(), reason });
            return None;
        }
        let mut given = given.into_iter();
        let first = given.next()?;
        Some(match (i.kind.get_ref().as_str(), given.next()) {
            ("share", Some(denominator)) => Kind::Share { numerator: first, denominator },
            ("rate", Some(denominator)) => Kind::Rate { numerator: first, denominator },
            ("ratio", Some(denominator)) => Kind::Ratio { numerator: first, denominator },
            ("completion", Some(planned)) => Kind::Completion { done: first, planned },
            _ => Kind::Total { measure: first },
        })
    }

    fn parts(&self, kind: &Kind) -> Option<(Measure, Option<Measure>)> {
        let measure = |id: &str| self.done.measures.get(id).cloned();
        let denominator = kind.denominator().map(measure);
        match denominator {
            Some(None) => None,
            Some(found) => Some((measure(kind.numerator())?, found)),
            None => Some((measure(kind.numerator())?, None)),
        }
    }

    /// Whether a measure lies inside another, by `part_of` or as one filter over the same sum.
    fn is_part(&self, part: &Measure, whole: &Measure) -> bool {
        let mut outer = part.part_of.as_ref();
        while let Some(id) = outer {
            if *id == whole.id {
                return true;
            }
            // Circles were refused before.
            outer = self.done.measures.get(id).and_then(|measure| measure.part_of.as_ref());
        }
        let whole = whole.define.clone().unwrap_or_else(|| Define {
            terms: vec![Term {
                negative: false,
                sum: Some(Linear::measure(&whole.id)),
                filter: None,
            }],
        });
        match (part.define.as_ref().map(|define| define.terms.as_slice()), whole.terms.as_slice()) {
            (Some([part]), [whole]) => {
                part.sum == whole.sum
                    && part.negative == whole.negative
                    && whole.filter.is_none()
                    && part.filter.is_some()
            }
            _ => false,
        }
    }

    fn standard(&mut self, source: &Source, id: &str, said: &Spanned<StandardSaid>) {
        let StandardSaid { name, source: document, note, criteria, replaces: _ } = said.get_ref();
        let criteria: Vec<Criterion> = criteria
            .iter()
            .filter_map(|criterion| self.criterion(source, document, criterion))
            .collect();
        let standard = Standard {
            id: id.to_owned(),
            name: name.clone(),
            source: document.clone(),
            note: note.clone(),
            criteria,
        };
        self.done.standards.insert(id.to_owned(), standard);
    }

    fn criterion(
        &mut self,
        source: &Source,
        document: &str,
        said: &Spanned<CriterionSaid>,
    ) -> Option<Criterion> {
        let c = said.get_ref();
        if !self.done.indicators.contains_key(c.indicator.get_ref()) {
            let names: Vec<String> = self.done.indicators.keys().cloned().collect();
            self.unknown(source, &c.indicator, "indicator", names.iter().map(String::as_str));
            return None;
        }
        let mut written = Vec::new();
        for (sign, text) in [
            (Comparison::AtLeast, &c.at_least),
            (Comparison::AtMost, &c.at_most),
            (Comparison::Above, &c.above),
            (Comparison::Below, &c.below),
        ] {
            written.extend(text.as_ref().map(|text| vec![(sign, text)]));
        }
        if let Some([from, to]) = &c.between {
            written.push(vec![(Comparison::AtLeast, from), (Comparison::AtMost, to)]);
        }
        if written.len() != 1 {
            let reason = format!("has {} thresholds", written.len());
            self.error(source, said.span(), Problem::BadCriterion { reason });
            return None;
        }
        let mut thresholds = Vec::new();
        for (sign, text) in written.into_iter().flatten() {
            thresholds
                .push((sign, self.noted(source, text.span(), text.get_ref().parse::<Decimal>())?));
        }
        let scope = match &c.scope {
            Some(text) => self.noted(source, text.span(), text.get_ref().parse::<AreaCode>())?,
            None => AreaCode::NATION,
        };
        let valid_from = self.month(source, c.valid_from.as_ref()).ok()?;
        let valid_to = self.month(source, c.valid_to.as_ref()).ok()?;
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            let reason = format!("ends ({to}) before it begins ({from})");
            self.error(source, said.span(), Problem::BadCriterion { reason });
        }
        if let Some(stage) = &c.stage {
            let known = self.done.dimensions.get("stage");
            if known.is_none_or(|dimension| {
                dimension.values.iter().all(|value| value.id != *stage.get_ref())
            }) {
                let values = known.map_or_else(Vec::new, |dimension| {
                    dimension.values.iter().map(|value| value.id.clone()).collect()
                });
                self.unknown(source, stage, "stage", values.iter().map(String::as_str));
            }
        }
        Some(Criterion {
            indicator: c.indicator.get_ref().clone(),
            thresholds,
            scope,
            stage: c.stage.as_ref().map(|stage| stage.get_ref().clone()),
            valid_from,
            valid_to,
            needed_by: c.needed_by,
            source: c.source.clone().unwrap_or_else(|| document.to_owned()),
            confidence: c.confidence,
            note: c.note.clone(),
        })
    }

    /// A month, if there is one; fails where it does not read.
    fn month(
        &mut self,
        source: &Source,
        text: Option<&Spanned<String>>,
    ) -> Result<Option<Month>, ()> {
        text.map(|text| self.noted(source, text.span(), text.get_ref().parse()).ok_or(()))
            .transpose()
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

/// The measure that gives a defined one its unit and scale: itself, or the first of its formula
/// that declares a unit.
fn root_of<'a>(id: &str, all: &Gathered<'a>) -> Option<&'a MeasureSaid> {
    let mut id = id.to_owned();
    // No path is longer than the number of measures, however circular.
    for _ in 0..all.measures.len() {
        let (_, said) = all.measures.get(id.as_str())?;
        let said = said.get_ref();
        if said.unit.is_some() {
            return Some(said);
        }
        let define = Define::parse(said.define.as_ref()?.get_ref()).ok()?;
        let sum = define.terms.first()?.sum.as_ref()?;
        sum.parts.first()?.1.clone_into(&mut id);
    }
    None
}

/// The scale as written, else the finest of the formula; `depth` bounds circles.
fn scale_of(id: &str, all: &Gathered<'_>, depth: usize) -> u8 {
    let Some((_, said)) = all.measures.get(id) else { return 0 };
    let said = said.get_ref();
    match (&said.scale, depth.checked_sub(1)) {
        (Some(scale), _) => *scale.get_ref(),
        (None, Some(depth)) => {
            let scales = measures_of(said).into_iter().map(|id| scale_of(&id, all, depth));
            scales.max().unwrap_or(0)
        }
        (None, None) => 0,
    }
}

/// A formula rolls up only if all its measures do.
fn over_areas_of(id: &str, all: &Gathered<'_>, depth: usize) -> OverAreas {
    let Some((_, said)) = all.measures.get(id) else { return OverAreas::Sum };
    let said = said.get_ref();
    let Some(depth) = depth.checked_sub(1) else { return said.over_areas };
    let mut parts = measures_of(said).into_iter();
    if parts.any(|id| over_areas_of(&id, all, depth) == OverAreas::None) {
        return OverAreas::None;
    }
    said.over_areas
}

/// Measures that are summed by the formula of a measure.
fn measures_of(said: &MeasureSaid) -> Vec<String> {
    let define = said.define.as_ref().and_then(|text| Define::parse(text.get_ref()).ok());
    let terms = define.into_iter().flat_map(|define| define.terms);
    terms.filter_map(|term| term.sum).flat_map(|sum| sum.parts).map(|(_, id)| id).collect()
}

/// The path from `start` back to itself, if there is one.
fn circle(start: &str, next: &dyn Fn(&str) -> Vec<String>) -> Option<Vec<String>> {
    let mut open = vec![vec![start.to_owned()]];
    let mut seen: Vec<String> = Vec::new();
    while let Some(path) = open.pop() {
        for id in next(path.last()?) {
            if id == start {
                return Some([path, vec![id]].concat());
            }
            if !seen.contains(&id) {
                seen.push(id.clone());
                open.push([path.clone(), vec![id]].concat());
            }
        }
    }
    None
}

//! Dimensions and measures: units, scales, formulas, names.

use std::ops::Range;

use indexmap::IndexMap;

use super::super::folded;
use super::super::formula::{Condition, Define};
use super::super::source::{
    DimensionSaid, MeasureKind, MeasureSaid, OverAreas, OverTime, Source, ValueSaid,
};
use super::super::spanned::Spanned;
use super::super::{Dimension, DimensionValue, Measure};
use super::gather::Gathered;
use super::{Checker, texts};
use crate::error::{Problem, near};
use crate::label::Label;
use crate::unit::Unit;

impl Checker {
    pub(super) fn dimension(&mut self, source: &Source, id: &str, said: &Spanned<DimensionSaid>) {
        let DimensionSaid { name, aliases, values, replaces: _ } = said.get_ref();
        if values.len() > usize::from(u8::MAX) {
            let problem = Problem::KeyOfKind {
                id: id.to_owned(),
                reason: "has more than 255 values".to_owned(),
            };
            self.error(source, said.span(), problem);
        }
        let dimension = Dimension {
            id: id.to_owned(),
            name: name.clone(),
            aliases: texts(aliases),
            values: declared(values),
        };
        self.done.dimensions.insert(id.to_owned(), dimension);
    }

    pub(super) fn measure(
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
            (Some(MeasureKind::Amount), None) => Some("is an amount and needs `scale`"),
            (Some(MeasureKind::Count), Some(_)) => Some("is a count and must not have `scale`"),
            _ if is_graded(m)
                && (m.scale.is_some() || m.define.is_some() || m.part_of.is_some()) =>
            {
                Some("is a grade or flag and must not have `scale`, `define` or `part_of`")
            }
            (Some(MeasureKind::Grade), _) if m.grades.len() < 2 => {
                Some("is a grade and needs two or more `grades`, the lowest first")
            }
            (kind, _) if kind != Some(MeasureKind::Grade) && !m.grades.is_empty() => {
                Some("is no grade and must not have `grades`")
            }
            (None, _) if m.define.is_none() => Some("needs `kind`"),
            (_, Some(scale)) if *scale.get_ref() > 18 => Some("has a `scale` above 18"),
            _ if m.unit.is_none() && m.define.is_none() && !is_graded(m) => Some("needs `unit`"),
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
            scale: scale_of(id, all),
            over_areas: over_areas_of(id, all),
            over_time: over_time_of(id, all),
            aliases,
            grades: grades_of(m),
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
        if said.unit.is_none() && is_graded(said) {
            return Unit::parse("1").ok();
        }
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
        for condition in define.conditions() {
            self.tests(source, span.clone(), condition);
        }
        self.errors.len() == before
    }

    /// Whether the dimensions and values that a condition tests are declared.
    pub(super) fn tests(
        &mut self,
        source: &Source,
        span: Range<usize>,
        condition: &Condition,
    ) -> bool {
        let before = self.errors.len();
        for (dimension, values) in condition.tests() {
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
    pub(super) fn cycles(&mut self, all: &Gathered<'_>) {
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
    pub(super) fn aliases(&mut self, all: &Gathered<'_>, sources: &[&Source]) {
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
            let first = taken.entry(folded(alias)).or_insert_with(|| id.to_owned()).clone();
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
}

/// What a flag may be, and the words for it.
const FLAG: [(&str, &str, &str, &[&str]); 2] = [
    (
        "no",
        "否",
        "no",
        &["0", "false", "未达标", "不达标", "未达到", "不符合", "不合格", "未落实", "无", "×", "✗"],
    ),
    ("yes", "是", "yes", &["1", "true", "达标", "达到", "符合", "合格", "已落实", "有", "√", "✓"]),
];

fn is_graded(said: &MeasureSaid) -> bool {
    matches!(said.kind, Some(MeasureKind::Grade | MeasureKind::Flag))
}

/// What the figures of a measure may be, from the lowest; none where they are numbers.
fn grades_of(said: &MeasureSaid) -> Vec<DimensionValue> {
    if said.kind != Some(MeasureKind::Flag) {
        return declared(&said.grades);
    }
    let of_flag = |(id, zh, en, aliases): (&str, &str, &str, &[&str])| DimensionValue {
        id: id.to_owned(),
        name: Label { zh: zh.to_owned(), en: en.to_owned() },
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
    };
    FLAG.map(of_flag).to_vec()
}

fn declared(values: &IndexMap<String, ValueSaid>) -> Vec<DimensionValue> {
    let value = |(id, said): (&String, &ValueSaid)| DimensionValue {
        id: id.clone(),
        name: Label { zh: said.zh.clone(), en: said.en.clone() },
        aliases: texts(&said.aliases),
    };
    values.iter().map(value).collect()
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

/// The scale as written, else the finest of the measures that the formula leads to.
fn scale_of(id: &str, all: &Gathered<'_>) -> u8 {
    let declared = |said: &MeasureSaid| said.scale.as_ref().map(|scale| *scale.get_ref());
    let leads_to = reach(id, all, |said| declared(said).is_some());
    leads_to.into_iter().filter_map(declared).max().unwrap_or(0)
}

/// A formula rolls up only if all the measures that it leads to do.
fn over_areas_of(id: &str, all: &Gathered<'_>) -> OverAreas {
    let none = |said: &MeasureSaid| said.over_areas == OverAreas::None || is_graded(said);
    if reach(id, all, none).into_iter().any(none) { OverAreas::None } else { OverAreas::Sum }
}

/// As written, else as the measures behave that the formula sums, else as the whole that it is a
/// part of; rows that are counted are institutions, which are a stock.
fn over_time_of(id: &str, all: &Gathered<'_>) -> OverTime {
    let ends_here = |said: &MeasureSaid| said.over_time.is_some() || measures_of(said).is_empty();
    let ends = reach(id, all, ends_here).into_iter().filter(|said| ends_here(said));
    let mut behaviours = ends.map(|said| match behaviour(said, all) {
        Some(over_time) => over_time,
        None if said.define.is_some() || is_graded(said) => OverTime::Last,
        None => OverTime::Sum,
    });
    let first = behaviours.next().unwrap_or_default();
    // What mixes stocks and flows is neither.
    if behaviours.all(|other| other == first) { first } else { OverTime::None }
}

/// What is written of a measure, or of the nearest whole that says it.
fn behaviour(said: &MeasureSaid, all: &Gathered<'_>) -> Option<OverTime> {
    let mut said = said;
    // No path is longer than the number of measures, however circular.
    for _ in 0..=all.measures.len() {
        if said.over_time.is_some() {
            return said.over_time;
        }
        let (_, whole) = all.measures.get(said.part_of.as_ref()?.get_ref().as_str())?;
        said = whole.get_ref();
    }
    None
}

/// The measures that a formula leads to, itself first, each once, and no farther than `far_enough`.
fn reach<'a>(
    id: &str,
    all: &Gathered<'a>,
    far_enough: impl Fn(&MeasureSaid) -> bool,
) -> Vec<&'a MeasureSaid> {
    let mut open = vec![id.to_owned()];
    let mut seen: Vec<String> = Vec::new();
    let mut found = Vec::new();
    while let Some(id) = open.pop() {
        let Some((_, said)) = all.measures.get(id.as_str()).filter(|_| !seen.contains(&id)) else {
            continue;
        };
        if !far_enough(said.get_ref()) {
            open.extend(measures_of(said.get_ref()));
        }
        seen.push(id);
        found.push(said.get_ref());
    }
    found
}

/// Measures that are summed by the formula of a measure.
fn measures_of(said: &MeasureSaid) -> Vec<String> {
    let define = said.define.as_ref().and_then(|text| Define::parse(text.get_ref()).ok());
    let terms = define.into_iter().flat_map(|define| define.terms);
    terms.filter_map(|term| term.sum).flat_map(|sum| sum.parts).map(|(_, id)| id).collect()
}

/// The path from `start` back to itself, if there is one.
pub(super) fn circle(start: &str, next: &dyn Fn(&str) -> Vec<String>) -> Option<Vec<String>> {
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

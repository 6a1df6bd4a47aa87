//! Indicators: kinds, parts and their units, shares.

use toml::Spanned;

use super::super::formula::{Define, Linear, Term};
use super::super::source::{IndicatorSaid, Source};
use super::super::{Indicator, Kind, Measure};
use super::{Checker, texts};
use crate::error::Problem;
use crate::label::Lang;
use crate::unit::Unit;

impl Checker {
    pub(super) fn indicator(&mut self, source: &Source, id: &str, said: &Spanned<IndicatorSaid>) {
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
            let label =
                |measure: &Measure| format!("`{}` ({})", measure.id, measure.unit.label(Lang::Zh));
            let problem = Problem::UnitClash {
                numerator: label(&numerator),
                denominator: denominator.as_ref().map_or_else(|| "nothing".to_owned(), label),
                unit: unit.label(Lang::Zh).to_owned(),
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
}

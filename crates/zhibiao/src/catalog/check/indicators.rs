//! Indicators: units of parts and of the whole, shares, what stands on what.

use hashbrown::HashSet;

use super::super::formula::{Define, Linear, Term};
use super::super::source::{IndicatorSaid, Source};
use super::super::spanned::Spanned;
use super::super::{Better, ChangeForm, Indicator, Kind, Measure};
use super::gather::Gathered;
use super::kinds::is_known;
use super::{Checker, texts};
use crate::error::{Error, Problem};
use crate::label::Lang;
use crate::number::Decimal;
use crate::unit::{Powers, Unit};

/// Decimals of a growth rate and of a dispersion, where nothing else is said.
const GROWTH_DECIMALS: i8 = 2;
const DISPERSION_DECIMALS: i8 = 3;

impl Checker {
    /// All indicators, those that others stand on first; they keep the order in which they are
    /// written.
    pub(super) fn indicators(&mut self, all: &Gathered<'_>) {
        let mut waiting: Vec<&str> = all.indicators.keys().copied().collect();
        while !waiting.is_empty() {
            let open: HashSet<&str> = waiting.iter().copied().collect();
            let waits = |id: &&str| {
                let Some((_, said)) = all.indicators.get(*id) else { return false };
                stands_on(said.get_ref()).any(|other| open.contains(other))
            };
            let (later, ready): (Vec<&str>, Vec<&str>) = waiting.iter().partition(|id| waits(id));
            if ready.is_empty() {
                self.circles(all, &later);
                break;
            }
            for id in ready {
                if let Some((source, said)) = all.indicators.get(id) {
                    self.indicator(source, id, said);
                }
            }
            waiting = later;
        }
        let order = |id: &String| all.indicators.get_index_of(id.as_str());
        self.done.indicators.sort_by_key(|id, _| order(id));
        // A grade or flag is an indicator as it stands.
        for (id, measure) in self.done.measures.iter().filter(|(_, m)| !m.grades.is_empty()) {
            let total = || Indicator::total_of(measure);
            self.done.indicators.entry(id.clone()).or_insert_with(total);
        }
    }

    /// Tells the indicators that wait for each other.
    fn circles(&mut self, all: &Gathered<'_>, waiting: &[&str]) {
        for id in waiting {
            let next = |id: &str| -> Vec<String> {
                let said = all.indicators.get(id).map(|(_, said)| said.get_ref());
                said.into_iter().flat_map(stands_on).map(ToOwned::to_owned).collect()
            };
            let Some((source, said)) = all.indicators.get(id) else { continue };
            if let Some(path) = super::measures::circle(id, &next) {
                self.error(source, said.span(), Problem::Cycle { path: path.join(" → ") });
            }
        }
    }

    fn indicator(&mut self, source: &Source, id: &str, said: &Spanned<IndicatorSaid>) {
        let i = said.get_ref();
        if !is_known(i.kind.get_ref()) {
            let kind = i.kind.get_ref().clone();
            self.error(source, i.kind.span(), Problem::UnknownKind { kind });
            return;
        }
        let Some(kind) = self.kind(source, id, said) else { return };
        let Some(earlier) = self.earlier(source, id, said) else { return };
        let Some((unit, decimals)) = self.unit_of_kind(source, id, said, &kind) else { return };
        for kind in std::iter::once(&kind).chain(earlier.iter().map(|earlier| &earlier.kind)) {
            self.unit_fits(source, said, kind, &unit);
            self.share_is_part(source, said, kind);
            self.lag_fits(source, id, said, kind);
            self.inputs_are_exact(source, id, said, kind);
        }
        if !(-12..=18).contains(&decimals) {
            self.refuse(source, id, said, "has `decimals` outside -12 to 18");
        }
        let Ok(goal) = self.goal(source, id, said) else { return };
        let measure = match &kind {
            Kind::Total { measure } => self.done.measures.get(measure),
            _ => None,
        };
        let grades = measure.map_or_else(Vec::new, |measure| measure.grades.clone());
        let indicator = Indicator {
            id: id.to_owned(),
            name: i.name.clone(),
            aliases: texts(&i.aliases),
            kind,
            earlier,
            unit,
            grades,
            decimals,
            better: i.better,
            goal,
            source: i.source.clone(),
            confidence: i.confidence,
            note: i.note.clone(),
        };
        self.done.indicators.insert(id.to_owned(), indicator);
    }

    /// Unit and decimals, as written or as they follow from the kind.
    fn unit_of_kind(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
        kind: &Kind,
    ) -> Option<(Unit, i8)> {
        let i = said.get_ref();
        let (unit, decimals) = match kind {
            Kind::Change { of, form, .. } => {
                let told = self.unit_of_change(of, *form);
                let (unit, decimals) = self.noted_reason(source, id, said, told)?;
                (Some(unit), decimals)
            }
            Kind::Total { measure } => (Some(self.done.measures.get(measure)?.unit.clone()), 0),
            Kind::Dispersion { .. } | Kind::Composite { .. } => {
                (Unit::parse("1").ok(), DISPERSION_DECIMALS)
            }
            _ => (None, 0),
        };
        let decimals = i.decimals.as_ref().map_or(decimals, |decimals| *decimals.get_ref());
        let unit = match (&i.unit, unit) {
            (Some(text), _) => self.noted(source, text.span(), Unit::parse(text.get_ref()))?,
            (None, Some(unit)) => unit,
            (None, None) => {
                self.refuse(source, id, said, "needs `unit`");
                return None;
            }
        };
        Some((unit, decimals))
    }

    fn noted_reason<T>(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
        result: Result<T, &str>,
    ) -> Option<T> {
        result.map_err(|reason| self.refuse(source, id, said, reason)).ok()
    }

    /// What a change is told in: a percentage changes by points, a ranking by places.
    fn unit_of_change(&self, of: &str, form: ChangeForm) -> Result<(Unit, i8), &'static str> {
        let missing = "changes by a unit that is not known";
        let unit = |text: &str| Unit::parse(text).map_err(|_| missing);
        let indicator = self.done.indicators.get(of);
        let measure = self.done.measures.get(of);
        let (own, decimals) = match (indicator, measure) {
            (Some(indicator), _) => (&indicator.unit, indicator.decimals),
            (None, Some(measure)) => (&measure.unit, i8::try_from(measure.scale).unwrap_or(0)),
            (None, None) => return Err(missing),
        };
        match form {
            ChangeForm::Points if own.is_percent() => Ok((own.of_difference(), decimals)),
            ChangeForm::Points => Err("changes in points, but what changes is no percentage"),
            ChangeForm::Percent => Ok((unit("%")?, GROWTH_DECIMALS)),
            ChangeForm::Difference if own.is_percent() => {
                Err("is the difference of two percentages: write `as = \"points\"`")
            }
            ChangeForm::Difference => Ok((own.clone(), decimals)),
            ChangeForm::Places if own.is_rank() => Ok((own.clone(), decimals)),
            ChangeForm::Places => Err("changes in places, but what changes is no ranking"),
        }
    }

    /// Whether parts give the unit.
    fn unit_fits(
        &mut self,
        source: &Source,
        said: &Spanned<IndicatorSaid>,
        kind: &Kind,
        unit: &Unit,
    ) {
        let i = said.get_ref();
        let span = i.unit.as_ref().map_or_else(|| said.span(), Spanned::span);
        let clash = |numerator: String, denominator: String| Problem::UnitClash {
            numerator,
            denominator,
            unit: unit.label(Lang::Zh).to_owned(),
        };
        let label =
            |measure: &Measure| format!("`{}` ({})", measure.id, measure.unit.label(Lang::Zh));
        let problem = match kind {
            Kind::Change { of, form, .. } => {
                let wanted = self.unit_of_change(of, *form);
                let differs = wanted.is_ok_and(|(wanted, _)| !wanted.same_quantity(unit));
                differs.then(|| clash(format!("the change of `{of}`"), "nothing".to_owned()))
            }
            Kind::Derived { inputs, formula, written } => {
                let unit_of = |(_, id): &(String, String)| {
                    let input = self.done.indicators.get(id);
                    input.map_or_else(Powers::number, |input| Powers::of(&input.unit))
                };
                let units: Vec<Powers> = inputs.iter().map(unit_of).collect();
                match formula.powers(&units) {
                    Ok(powers) if powers.fits(unit) => None,
                    Ok(_) => Some(clash(format!("`{written}`"), "nothing".to_owned())),
                    Err(error) => Some(Error::problem(&error).clone()),
                }
            }
            Kind::Dispersion { .. } | Kind::Composite { .. } => {
                (!unit.is_fraction()).then(|| clash("a dispersion".to_owned(), "itself".to_owned()))
            }
            _ => {
                let Some((numerator, denominator)) = self.parts(kind) else { return };
                let fits = match (kind, &denominator) {
                    (Kind::Ratio { .. }, Some(denominator)) => {
                        unit.is_quotient_of(&numerator.unit, &denominator.unit)
                    }
                    (_, Some(denominator)) => {
                        unit.is_fraction()
                            && unit.is_quotient_of(&numerator.unit, &denominator.unit)
                    }
                    (_, None) => unit.same_quantity(&numerator.unit),
                };
                let below = denominator.as_ref().map_or_else(|| "nothing".to_owned(), label);
                (!fits).then(|| clash(label(&numerator), below))
            }
        };
        if let Some(problem) = problem {
            self.error(source, span, problem);
        }
    }

    /// Roots are no ratios: only their mean is taken.
    fn inputs_are_exact(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
        kind: &Kind,
    ) {
        if matches!(kind, Kind::Composite { .. }) {
            return;
        }
        let inputs = kind.inputs().filter_map(|id| self.done.indicators.get(id));
        let root = inputs.into_iter().find_map(|input| match input.kind {
            Kind::Dispersion { .. } => Some(("dispersion", &input.id)),
            Kind::Composite { .. } => Some(("composite", &input.id)),
            _ => None,
        });
        if let Some((what, input)) = root {
            let reason = format!("stands on the {what} `{input}`, which has no exact ratio");
            self.refuse(source, id, said, &reason);
        }
    }

    fn share_is_part(&mut self, source: &Source, said: &Spanned<IndicatorSaid>, kind: &Kind) {
        let Kind::Share { .. } = kind else { return };
        let Some((numerator, Some(denominator))) = self.parts(kind) else { return };
        if !self.is_part(&numerator, &denominator) {
            let problem = Problem::ShareNotPart {
                numerator: numerator.id.clone(),
                denominator: denominator.id.clone(),
            };
            let written = said.get_ref().numerator.as_ref();
            self.error(source, written.map_or_else(|| said.span(), Spanned::span), problem);
        }
    }

    /// What is added to a denominator must be of its unit.
    fn lag_fits(&mut self, source: &Source, id: &str, said: &Spanned<IndicatorSaid>, kind: &Kind) {
        let (Some(lag), Some(of)) = (kind.lag(), kind.denominator()) else { return };
        let unit = |id: &str| self.done.measures.get(id).map(|measure| &measure.unit);
        let of = unit(of);
        let moved = lag.plus.iter().chain(&lag.minus);
        let unlike =
            moved.filter_map(|id| unit(id).zip(of)).any(|(unit, of)| !unit.same_quantity(of));
        if unlike {
            self.refuse(source, id, said, "adds to its denominator what is of another unit");
        }
    }

    /// The goal, where nearness to it is the better; fails where an error was told.
    fn goal(
        &mut self,
        source: &Source,
        id: &str,
        said: &Spanned<IndicatorSaid>,
    ) -> Result<Option<Decimal>, ()> {
        let i = said.get_ref();
        match (&i.goal, i.better) {
            (Some(text), Better::Nearer) => {
                self.noted(source, text.span(), text.get_ref().parse()).map(Some).ok_or(())
            }
            (None, Better::Nearer) => {
                self.refuse(source, id, said, "is better the nearer to its goal, and needs `goal`");
                Err(())
            }
            (Some(_), _) => {
                self.refuse(source, id, said, "has a `goal`, but `better` is not \"nearer\"");
                Err(())
            }
            (None, _) => Ok(None),
        }
    }

    fn parts(&self, kind: &Kind) -> Option<(Measure, Option<Measure>)> {
        let measure = |id: &str| self.done.measures.get(id).cloned();
        let numerator = measure(kind.numerator()?)?;
        match kind.denominator() {
            Some(id) => Some((numerator, Some(measure(id)?))),
            None => Some((numerator, None)),
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

/// Ids that an indicator names as its inputs; measures may be among them.
fn stands_on(said: &IndicatorSaid) -> impl Iterator<Item = &str> {
    let inputs = said.inputs.iter().flat_map(|inputs| inputs.get_ref().values());
    let mean_of = said.mean_of.iter().flat_map(Spanned::get_ref);
    said.of.iter().chain(inputs).chain(mean_of).map(|id| id.get_ref().as_str())
}

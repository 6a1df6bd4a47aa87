//! From TOML as written to a scheme that holds. All errors are told, not only the first.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::said::{BandSaid, GradeSaid, GroupSaid, ItemSaid, LinearSaid, SchemeSaid};
use super::scheme::{Aggregate, Band, Grade, Node, Part, Scale, Scheme, Scoring, Weights};
use crate::area::Tier;
use crate::catalog::{Better, Catalog, Indicator, Source, Spanned};
use crate::error::{Error, Place, Problem, Result, near};
use crate::label::Label;
use crate::number::{Comparison, Decimal, Ratio, RoundMode};

/// How many levels there may be below the total.
const MOST_LEVELS: usize = 4;

/// Printed decimals where a scheme says nothing.
const DECIMALS: i8 = 2;

/// The scheme of a file.
pub(super) fn read(source: &Source<SchemeSaid>, catalog: &Catalog) -> Result<Scheme> {
    let said = &source.said;
    let mut reader = Reader {
        source,
        catalog,
        errors: Vec::new(),
        nodes: Vec::new(),
        scored: BTreeSet::new(),
        groups: BTreeSet::new(),
    };
    let total = reader.decimal(&said.total).unwrap_or(Decimal::integer(1));
    if total <= Decimal::integer(0) {
        reader.refuse_weights(said.total.span(), &said.id, "make no total above 0".to_owned());
    }
    let among = said.among.as_ref().and_then(|text| {
        let tier = text.get_ref().parse::<Tier>();
        reader.noted(text.span(), tier)
    });
    let decimals = said.decimals.as_ref().map_or(DECIMALS, |of| reader.decimals(of));
    let grades = reader.grades(&said.grades, total);
    let root = Whole {
        id: &said.id,
        path: "",
        level: 0,
        at: 0,
        weight: total.ratio(),
        span: said.total.span(),
    };
    reader.nodes.push(Arc::new(Node {
        path: said.id.get_ref().clone(),
        name: said.name.clone(),
        level: 0,
        weight: total.ratio(),
        part: Part::Group(said.aggregate),
        parent: None,
    }));
    reader.parts(&root, &said.groups, &said.items);
    let Reader { mut errors, nodes, .. } = reader;
    errors.sort_by_key(|error| match error.place() {
        Place::Text { line, column, .. } => (*line, *column),
        _ => (0, 0),
    });
    if let Some(error) = Error::first_of(errors) {
        return Err(error);
    }
    Ok(Scheme {
        id: said.id.get_ref().clone(),
        name: said.name.clone(),
        source: said.source.clone(),
        note: said.note.clone(),
        total,
        missing: said.missing,
        not_applicable: said.not_applicable.unwrap_or(said.missing),
        among,
        decimals,
        grades,
        nodes,
    })
}

struct Reader<'a> {
    source: &'a Source<SchemeSaid>,
    catalog: &'a Catalog,
    errors: Vec<Error>,
    nodes: Vec<Arc<Node>>,
    /// Indicators that are scored.
    scored: BTreeSet<String>,
    groups: BTreeSet<String>,
}

/// What parts are read for.
struct Whole<'a> {
    id: &'a Spanned<String>,
    /// What paths of the parts begin with.
    path: &'a str,
    level: usize,
    /// Position of the node.
    at: usize,
    weight: Ratio,
    /// Where the weight stands.
    span: Range<usize>,
}

impl Whole<'_> {
    fn path_of(&self, id: &str) -> String {
        if self.path.is_empty() { id.to_owned() } else { format!("{}/{id}", self.path) }
    }

    fn part(&self, id: &str, name: &Label, weight: Ratio, part: Part) -> Arc<Node> {
        Arc::new(Node {
            path: self.path_of(id),
            name: name.clone(),
            level: self.level.saturating_add(1),
            weight,
            part,
            parent: Some(self.at),
        })
    }
}

impl Reader<'_> {
    fn error(&mut self, span: Range<usize>, problem: Problem) {
        self.errors.push(Error::new(problem, self.source.place(span)));
    }

    /// The value, or the error noted at its place.
    fn noted<T>(&mut self, span: Range<usize>, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.errors.push(error.at(self.source.place(span)))).ok()
    }

    fn decimal(&mut self, text: &Spanned<String>) -> Option<Decimal> {
        self.noted(text.span(), text.get_ref().parse())
    }

    fn decimals(&mut self, said: &Spanned<i8>) -> i8 {
        let decimals = *said.get_ref();
        if !(-12..=18).contains(&decimals) {
            let (option, wanted) = ("number of decimals".to_owned(), "-12 to 18".to_owned());
            let value = decimals.to_string();
            self.error(said.span(), Problem::BadOption { option, value, wanted });
        }
        decimals
    }

    fn refuse_weights(&mut self, span: Range<usize>, of: &Spanned<String>, reason: String) {
        self.error(span, Problem::BadWeights { of: of.get_ref().clone(), reason });
    }

    fn refuse_group(&mut self, span: Range<usize>, group: &str, reason: String) {
        self.error(span, Problem::BadGroup { group: group.to_owned(), reason });
    }

    /// Reads the parts of a node.
    fn parts(
        &mut self,
        of: &Whole<'_>,
        groups: &[Spanned<GroupSaid>],
        items: &[Spanned<ItemSaid>],
    ) {
        let id = of.id.get_ref();
        let told = |reason: &str| Some(reason.to_owned());
        let reason = match (groups, items) {
            ([], []) => told("has neither groups nor items"),
            ([_, ..], [_, ..]) => told("has both groups and items"),
            _ if of.level >= MOST_LEVELS => told("lies deeper than four levels"),
            _ => None,
        };
        if let Some(reason) = reason {
            self.refuse_group(of.id.span(), id, reason);
        }
        let written = groups.iter().map(|group| group.get_ref().weight.as_ref());
        let written = written.chain(items.iter().map(|item| item.get_ref().weight.as_ref()));
        let written: Vec<Option<&Spanned<String>>> = written.collect();
        let weights = self.weights(of, &written);
        let mut weights = weights.into_iter();
        let mut next = || weights.next().unwrap_or(Ratio::integer(1));
        for said in groups {
            self.group(of, said, next());
        }
        for said in items {
            self.item(of, said, next());
        }
    }

    /// Weights of the parts of a node, that add up to its own.
    fn weights(&mut self, of: &Whole<'_>, written: &[Option<&Spanned<String>>]) -> Vec<Ratio> {
        if self.source.said.weights == Weights::Equal {
            if let Some(weight) = written.iter().flatten().next() {
                let reason = "are equal, but one is written".to_owned();
                self.refuse_weights(weight.span(), of.id, reason);
            }
            let count = i128::try_from(written.len()).unwrap_or(1).max(1);
            let each = of.weight.div(Ratio::integer(count));
            let each = self.noted(of.span.clone(), each).unwrap_or(of.weight);
            return vec![each; written.len()];
        }
        let mut weights = Vec::with_capacity(written.len());
        let mut whole = true;
        for weight in written {
            let Some(text) = weight else {
                whole = false;
                continue;
            };
            match self.decimal(text) {
                Some(weight) if weight > Decimal::integer(0) => weights.push(weight.ratio()),
                Some(weight) => {
                    self.refuse_weights(text.span(), of.id, format!("hold {weight}, not above 0"));
                    whole = false;
                }
                None => whole = false,
            }
        }
        if written.iter().any(Option::is_none) {
            let reason = "are given, but one of them is not".to_owned();
            self.refuse_weights(of.span.clone(), of.id, reason);
        }
        if !whole || written.is_empty() {
            return vec![Ratio::integer(1); written.len()];
        }
        let sum = weights.iter().try_fold(Ratio::ZERO, |sum, weight| sum.add(*weight));
        if let Some(sum) = self.noted(of.span.clone(), sum)
            && sum != of.weight
        {
            let reason = format!("add up to {}, not to {}", plain(sum), plain(of.weight));
            self.refuse_weights(of.span.clone(), of.id, reason);
        }
        weights
    }

    fn group(&mut self, of: &Whole<'_>, said: &Spanned<GroupSaid>, weight: Ratio) {
        let g = said.get_ref();
        let id = g.id.get_ref();
        if id.is_empty() || id.contains('/') {
            self.refuse_group(g.id.span(), id, "has an id that is empty or holds `/`".to_owned());
        }
        if !self.groups.insert(id.clone()) {
            let reason = "has the id of an earlier one".to_owned();
            self.refuse_group(g.id.span(), id, reason);
        }
        let aggregate: Aggregate = g.aggregate.unwrap_or(self.source.said.aggregate);
        let node = of.part(id, &g.name, weight, Part::Group(aggregate));
        let at = self.nodes.len();
        let level = node.level;
        let path = node.path.clone();
        self.nodes.push(node);
        let span = g.weight.as_ref().map_or_else(|| g.id.span(), Spanned::span);
        let own = Whole { id: &g.id, path: &path, level, at, weight, span };
        self.parts(&own, &g.groups, &g.items);
    }

    fn item(&mut self, of: &Whole<'_>, said: &Spanned<ItemSaid>, weight: Ratio) {
        let i = said.get_ref();
        let found = self.catalog.indicator(i.indicator.get_ref());
        let Some(indicator) = self.noted(i.indicator.span(), found.cloned()) else { return };
        if !self.scored.insert(indicator.id.clone()) {
            let reason = format!("scores `{}`, which is scored already", indicator.id);
            self.refuse_group(i.indicator.span(), of.id.get_ref(), reason);
        }
        let Some(scoring) = self.scoring(said, &indicator) else { return };
        let indicator = Arc::new(indicator);
        let (id, name) = (indicator.id.clone(), indicator.name.clone());
        self.nodes.push(of.part(&id, &name, weight, Part::Item(indicator, scoring)));
    }

    fn refuse_scoring(&mut self, span: Range<usize>, indicator: &Indicator, reason: String) {
        self.error(span, Problem::BadScoring { indicator: indicator.id.clone(), reason });
    }

    /// Exactly one rule.
    fn scoring(&mut self, said: &Spanned<ItemSaid>, indicator: &Indicator) -> Option<Scoring> {
        let i = said.get_ref();
        let rules =
            [i.bands.is_some(), i.linear.is_some(), i.target.is_some(), i.relative.is_some()];
        let given = rules.into_iter().filter(|given| *given).count();
        if given != 1 {
            self.refuse_scoring(said.span(), indicator, format!("has {given} rules"));
            return None;
        }
        if let Some(bands) = &i.bands {
            return self.bands(said.span(), bands, indicator).map(Scoring::Bands);
        }
        if let Some(linear) = &i.linear {
            return self.linear(linear, indicator);
        }
        let undirected = match indicator.better {
            Better::Higher | Better::Lower => None,
            Better::Nearer if i.target.is_none() && indicator.goal.is_some() => None,
            Better::Nearer => {
                Some("has a target, but its indicator is best near to a goal of its own")
            }
            Better::None => Some(
                "is compared with other areas, but neither direction of its indicator is better",
            ),
        };
        if let Some(reason) = undirected {
            self.refuse_scoring(said.span(), indicator, reason.to_owned());
            return None;
        }
        match (&i.target, i.relative) {
            (Some(target), _) => self.value(target, indicator).map(Scoring::Target),
            (None, relative) => relative.map(Scoring::Relative),
        }
    }

    /// A value of an indicator; a grade by its name.
    fn value(&mut self, text: &Spanned<String>, indicator: &Indicator) -> Option<Decimal> {
        let grades = &indicator.grades;
        if grades.is_empty() {
            return self.decimal(text);
        }
        let at = grades.iter().position(|grade| grade.id == *text.get_ref());
        if at.is_none() {
            let id = text.get_ref().clone();
            let near = near(&id, grades.iter().map(|grade| grade.id.as_str()));
            self.error(text.span(), Problem::UnknownId { what: "grade".to_owned(), id, near });
        }
        i128::try_from(at?).ok().map(Decimal::integer)
    }

    fn linear(&mut self, said: &Spanned<LinearSaid>, indicator: &Indicator) -> Option<Scoring> {
        let l = said.get_ref();
        let (from, to) = (self.value(&l.from, indicator), self.value(&l.to, indicator));
        let (from, to) = from.zip(to)?;
        if from == to {
            self.refuse_scoring(said.span(), indicator, format!("goes from {from} to the same"));
        }
        if l.scale == Scale::Log && from.min(to) <= Decimal::integer(0) {
            let reason = format!("has logarithms of {}, which has none", from.min(to));
            self.refuse_scoring(said.span(), indicator, reason);
        }
        Some(Scoring::Linear { from, to, scale: l.scale })
    }

    fn bands(
        &mut self,
        span: Range<usize>,
        said: &[Spanned<BandSaid>],
        indicator: &Indicator,
    ) -> Option<Vec<Band>> {
        let refuse = |reader: &mut Self, span: Range<usize>, reason: String| {
            reader.error(span, Problem::BadBands { indicator: indicator.id.clone(), reason });
        };
        let mut bands: Vec<Band> = Vec::with_capacity(said.len());
        let mut whole = true;
        for band in said {
            let read = self.band(band, indicator);
            whole &= read.is_some();
            let Some(read) = read else { continue };
            let full = Decimal::integer(100);
            if read.score < Decimal::integer(0) || read.score > full {
                let reason = format!("score {}, which is not within 0 and 100", read.score);
                refuse(self, band.get_ref().score.span(), reason);
            }
            if let Some(reason) = bands.last().and_then(|before| unordered(before, &read)) {
                refuse(self, band.span(), reason);
            }
            bands.push(read);
        }
        if whole && bands.last().is_none_or(|last| last.threshold.is_some()) {
            refuse(self, span, "leave values out that meet no threshold".to_owned());
        }
        whole.then_some(bands)
    }

    fn band(&mut self, said: &Spanned<BandSaid>, indicator: &Indicator) -> Option<Band> {
        let b = said.get_ref();
        let written = [
            (Comparison::AtLeast, &b.at_least),
            (Comparison::Above, &b.above),
            (Comparison::AtMost, &b.at_most),
            (Comparison::Below, &b.below),
        ];
        let mut written =
            written.into_iter().filter_map(|(sign, text)| Some((sign, text.as_ref()?)));
        let first = written.next();
        if written.next().is_some() {
            let reason = "have several thresholds in one".to_owned();
            self.error(said.span(), Problem::BadBands { indicator: indicator.id.clone(), reason });
            return None;
        }
        let threshold = match first {
            Some((sign, text)) => Some((sign, self.value(text, indicator)?)),
            None => None,
        };
        Some(Band { threshold, score: self.decimal(&b.score)? })
    }

    fn grades(&mut self, said: &[Spanned<GradeSaid>], total: Decimal) -> Vec<Arc<Grade>> {
        let mut grades: Vec<Arc<Grade>> = Vec::with_capacity(said.len());
        for (position, spanned) in said.iter().enumerate() {
            let g = spanned.get_ref();
            let at_least = g.at_least.as_ref().and_then(|text| self.decimal(text));
            let last = position.saturating_add(1) == said.len();
            let before = grades.last().and_then(|grade| grade.at_least);
            let reason = match (at_least, before) {
                _ if grades.iter().any(|grade| grade.id == g.id) => {
                    Some(format!("have `{}` twice", g.id))
                }
                (Some(_), _) if last => {
                    Some(format!("leave totals out, which are below that of `{}`", g.id))
                }
                (None, _) if g.at_least.is_none() && !last => {
                    Some(format!("end with `{}`, which has no `at_least`, before the last", g.id))
                }
                (Some(own), _) if own > total => {
                    Some(format!("begin `{}` at {own}, above the total of {total}", g.id))
                }
                (Some(own), Some(before)) if own >= before => {
                    Some(format!("begin `{}` at {own}, not below {before}", g.id))
                }
                _ => None,
            };
            if let Some(reason) = reason {
                self.error(spanned.span(), Problem::BadGrades { reason });
            }
            grades.push(Arc::new(Grade { id: g.id.clone(), name: g.name.clone(), at_least }));
        }
        grades
    }
}

/// Why a band cannot follow another.
fn unordered(before: &Band, band: &Band) -> Option<String> {
    let Some((sign, at)) = before.threshold else {
        return Some("go on after one without a threshold".to_owned());
    };
    let (next, then) = band.threshold?;
    let downward = |sign: Comparison| matches!(sign, Comparison::AtLeast | Comparison::Above);
    if downward(sign) != downward(next) {
        return Some(format!("turn from {}{at} to {}{then}", sign.sign(), next.sign()));
    }
    // Of one threshold, the one that the threshold itself fails comes first.
    let stricter = matches!(sign, Comparison::Above | Comparison::Below)
        && matches!(next, Comparison::AtLeast | Comparison::AtMost);
    let wider = match (at == then, downward(sign)) {
        (true, _) => stricter,
        (false, true) => then < at,
        (false, false) => then > at,
    };
    (!wider).then(|| format!("leave nothing to {}{then} after {}{at}", next.sign(), sign.sign()))
}

/// A weight as it is told.
fn plain(weight: Ratio) -> String {
    let rounded = weight.rounded(6, RoundMode::HalfAway);
    rounded.map_or_else(|_| String::new(), |weight| weight.trimmed().to_string())
}

//! Headers (表头): everything that one may stand for.

use super::figure::{Figure, Is, Of, value_of};
use crate::catalog::{Catalog, Dimension, Role, Target, folded, is_total, role_of, target};
use crate::period::Period;
use crate::unit::Unit;

/// How many parts of a header are told apart, and how often one is split further.
const MOST_PARTS: usize = 6;
const MOST_SPLITS: usize = 3;

/// A text that is a part of more names than these says nothing.
const MOST_NAMES: usize = 8;

/// How many bytes a unit has at most.
const LONGEST_UNIT: usize = 32;

/// One thing that a header may stand for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    pub(super) is: Is,
    pub(super) how: How,
    /// Why it is asked about, if it is.
    pub(super) doubt: Option<Doubt>,
}

/// How a header was found (依据).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum How {
    /// It names a key.
    Key,
    /// It is an id.
    Id,
    /// It is a name.
    Name,
    /// It is an alias.
    Alias,
    /// Its parts are a measure, values, a period, a unit.
    Parts,
    /// It is a part of a name.
    PartOfName,
}

impl How {
    fn of(target: Target<'_>, name: &str) -> Self {
        let (id, label) = match target {
            Target::Measure(measure) | Target::Total(_, measure) => (&measure.id, &measure.name),
            Target::Indicator(indicator) => (&indicator.id, &indicator.name),
        };
        if plain(id) == name {
            Self::Id
        } else if [&label.zh, &label.en].into_iter().any(|label| plain(label) == name) {
            Self::Name
        } else {
            Self::Alias
        }
    }
}

/// Why a person is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Doubt {
    /// The header is only a part of a name.
    PartOfName,
    /// What stands above it in the header is not known.
    Heading,
    /// The unit in the header is not one of the measure.
    Unit,
    /// The unit above the table may be meant, or not.
    UnitAbove,
    /// Another column stands for the same thing.
    Twice,
    /// Other columns are split in another way.
    Split,
    /// Some values of the dimension have no column, so that parts and total are not the same.
    PartsMissing,
}

impl Reading {
    pub(super) fn new(is: Is, how: How) -> Self {
        Self { is, how, doubt: None }
    }

    pub(super) fn doubted(self, doubt: Doubt) -> Self {
        Self { doubt: Some(doubt), ..self }
    }
}

/// A text without blanks, its full-width letters and signs as half-width ones.
pub(super) fn plain(text: &str) -> String {
    let half_width = |c: char| match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide.saturating_sub(0xfee0)).unwrap_or(c),
        _ => c,
    };
    folded(text).chars().map(half_width).collect()
}

/// What a header of some parts may stand for: each thing once, in the order of the catalogue.
pub(super) fn readings(parts: &[String], catalog: &Catalog) -> Vec<Reading> {
    let name = plain(&parts.concat());
    if let Some(is) = key_of(&name, catalog) {
        return vec![Reading::new(is, How::Key)];
    }
    for name in [&name, &plain(&parts.join("_"))] {
        if let Some(target) = target(catalog, name, false) {
            let figure = Figure { of: Some(target.into()), ..Figure::default() };
            return vec![Reading::new(Is::Figure(figure), How::of(target, name))];
        }
    }
    let parts: Vec<String> = parts
        .iter()
        .flat_map(|part| part.split('_'))
        .map(|part| without_marks(&plain(part)).to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    let reader = Reader { catalog };
    let found = reader.all_of(&parts, &name);
    if !found.is_empty() {
        return found;
    }
    let inside = reader.inside_names(&name);
    if !inside.is_empty() {
        return inside;
    }
    // Below a heading that says nothing.
    let below = (1..parts.len().min(MOST_PARTS)).filter_map(|start| parts.get(start..));
    let mut below = below.map(|parts| reader.below_heading(parts));
    below.find(|found| !found.is_empty()).unwrap_or_default()
}

/// The measure or indicator of the name of a row, and the unit behind it in brackets.
pub(super) fn figure_of_row(name: &str, catalog: &Catalog) -> Option<Figure> {
    let reader = Reader { catalog };
    let name = plain(name);
    let mut found = reader.pieces(without_marks(&name), MOST_SPLITS).into_iter();
    let reading = found.find_map(|pieces| joined(&pieces, &name))?;
    let figure = reading.is.figure().filter(|_| reading.doubt.is_none())?;
    (figure.of.is_some() && figure.within.is_empty() && figure.period.is_none())
        .then(|| figure.clone())
}

/// A key or dimension that goes by a header.
fn key_of(name: &str, catalog: &Catalog) -> Option<Is> {
    match role_of(name, false) {
        Some(Role::Value) => return Some(Is::Figure(Figure::default())),
        Some(role) => return Some(Is::Role(role)),
        None => {}
    }
    catalog.dimension_named(name).map(|dimension| Is::Dimension(dimension.id.clone()))
}

/// A part without 其中 before it.
fn without_marks(part: &str) -> &str {
    part.strip_prefix("其中").map_or(part, |rest| rest.trim_start_matches([':', '、', ',']))
}

/// What a part of a header says.
#[derive(Clone, Debug)]
enum Piece<'c> {
    Figure(Target<'c>),
    Value(&'c Dimension, String),
    Period(Period),
    Unit(String),
    Total,
    /// The name of a dimension above its values.
    Heading,
}

struct Reader<'c> {
    catalog: &'c Catalog,
}

impl<'c> Reader<'c> {
    /// What all parts may stand for together.
    fn all_of(&self, parts: &[String], name: &str) -> Vec<Reading> {
        let mut found = Vec::new();
        for pieces in self.pieces_of_all(parts) {
            if let Some(reading) = joined(&pieces, name)
                && !found.contains(&reading)
            {
                found.push(reading);
            }
        }
        found
    }

    /// What parts may stand for below others that are not known: a key, or a figure of a measure.
    fn below_heading(&self, parts: &[String]) -> Vec<Reading> {
        let name = parts.concat();
        let key = key_of(&name, self.catalog).map(|is| Reading::new(is, How::Key));
        let figures = self.all_of(parts, &name).into_iter();
        let named = figures.filter(|found| found.is.figure().is_some_and(|it| it.of.is_some()));
        key.into_iter().chain(named).map(|found| found.doubted(Doubt::Heading)).collect()
    }

    /// Everything that the parts may say together: as one text if that is known, else each run of
    /// parts by itself.
    fn pieces_of_all(&self, parts: &[String]) -> Vec<Vec<Piece<'c>>> {
        let whole = self.pieces(&parts.concat(), 0);
        if !whole.is_empty() || parts.len() > MOST_PARTS {
            return whole;
        }
        self.pieces_of_runs(parts)
    }

    fn pieces_of_runs(&self, parts: &[String]) -> Vec<Vec<Piece<'c>>> {
        if parts.is_empty() {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for length in 1..=parts.len() {
            let Some((run, rest)) = parts.split_at_checked(length) else { continue };
            let first = self.pieces(&run.concat(), MOST_SPLITS);
            if first.is_empty() {
                continue;
            }
            let behind = self.pieces_of_runs(rest);
            for start in &first {
                all.extend(behind.iter().map(|end| [start.as_slice(), end].concat()));
            }
        }
        all
    }

    /// Everything that a text may say; a text that nothing goes by is split where a piece ends.
    fn pieces(&self, text: &str, splits: usize) -> Vec<Vec<Piece<'c>>> {
        let known = self.known(text);
        let Some(splits) = splits.checked_sub(1).filter(|_| known.is_empty()) else {
            return known.into_iter().map(|piece| vec![piece]).collect();
        };
        let mut all = Vec::new();
        let mut ends = text.char_indices().map(|(at, _)| at).skip(1);
        if let Some((name, inside)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        {
            let mut inner = self.known(inside);
            if inner.is_empty() && is_unit(inside) {
                inner.push(Piece::Unit(inside.to_owned()));
            }
            self.join(&mut all, name, &inner, splits);
        } else if let Some(at) = ends.find(|at| ends_period(text, *at)) {
            let (period, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            self.join(&mut all, rest, &self.known(period), splits);
        } else {
            for (dimension, name, value) in self.values() {
                let rest = text.strip_prefix(name).or_else(|| text.strip_suffix(name));
                if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
                    let piece = Piece::Value(dimension, value.to_owned());
                    self.join(&mut all, rest, &[piece], splits);
                }
            }
        }
        all
    }

    /// Adds what a text may say beside one of some pieces.
    fn join(&self, all: &mut Vec<Vec<Piece<'c>>>, text: &str, beside: &[Piece<'c>], splits: usize) {
        if beside.is_empty() {
            return;
        }
        for pieces in self.pieces(text, splits) {
            all.extend(
                beside
                    .iter()
                    .map(|piece| [pieces.as_slice(), std::slice::from_ref(piece)].concat()),
            );
        }
    }

    /// Values of all dimensions, by each of their names.
    fn values(&self) -> impl Iterator<Item = (&'c Dimension, &'c str, &'c str)> {
        self.catalog.dimensions().flat_map(|dimension| {
            dimension.values.iter().flat_map(move |value| {
                value.names().map(move |name| (dimension, name, value.id.as_str()))
            })
        })
    }

    /// The pieces that a whole text is.
    fn known(&self, text: &str) -> Vec<Piece<'c>> {
        if let Some(target) = target(self.catalog, text, false) {
            return vec![Piece::Figure(target)];
        }
        if let Some(period) = period(text) {
            return vec![Piece::Period(period)];
        }
        if is_total(text) {
            return vec![Piece::Total];
        }
        let value = |dimension: &'c Dimension| {
            value_of(dimension, text).map(|value| Piece::Value(dimension, value))
        };
        let mut pieces: Vec<Piece<'c>> = self.catalog.dimensions().filter_map(value).collect();
        if !pieces.is_empty() {
            return pieces;
        }
        let heading = text.strip_prefix('按').and_then(|text| text.strip_suffix('分'));
        if self.catalog.dimension_named(heading.unwrap_or(text)).is_some() {
            pieces.push(Piece::Heading);
        } else if text != "1" && is_unit(text) {
            pieces.push(Piece::Unit(text.to_owned()));
        }
        pieces
    }

    /// Measures with a name that a header is a part of.
    fn inside_names(&self, name: &str) -> Vec<Reading> {
        let (text, unit) = match name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
            Some((text, unit)) if is_unit(unit) => (text, Some(unit.to_owned())),
            _ => (name, None),
        };
        if text.chars().count() < 2 {
            return Vec::new();
        }
        let measures = self.catalog.measures();
        let with_it =
            measures.filter(|measure| measure.names().any(|name| plain(name).contains(text)));
        let fits = |of: &Of| {
            let unit = unit.as_deref().map(Unit::parse);
            unit.is_none_or(|unit| unit.is_ok_and(|unit| unit.same_quantity(&of.unit)))
        };
        let of = with_it.map(|measure| Of::from(Target::Measure(measure)));
        let reading = |of| {
            let figure = Figure { of: Some(of), unit: unit.clone(), ..Figure::default() };
            Reading::new(Is::Figure(figure), How::PartOfName).doubted(Doubt::PartOfName)
        };
        let found: Vec<Reading> = of.filter(fits).map(reading).collect();
        if found.len() > MOST_NAMES { Vec::new() } else { found }
    }
}

/// What pieces say together, if they do not contradict each other.
fn joined(pieces: &[Piece<'_>], name: &str) -> Option<Reading> {
    let mut figure = Figure::default();
    let (mut total, mut how) = (false, How::Parts);
    for piece in pieces {
        let free = match piece {
            Piece::Figure(target) => {
                how = if pieces.len() == 1 { How::of(*target, name) } else { How::Parts };
                figure.of.replace(Of::from(*target)).is_none()
            }
            Piece::Value(dimension, value) => {
                let free = figure.value(&dimension.id).is_none();
                figure.within.push((dimension.id.clone(), value.clone()));
                free
            }
            Piece::Period(period) => figure.period.replace(*period).is_none(),
            Piece::Unit(unit) => figure.unit.replace(unit.clone()).is_none(),
            Piece::Total => !std::mem::replace(&mut total, true),
            Piece::Heading => true,
        };
        if !free {
            return None;
        }
    }
    figure.within.sort();
    let says = figure.of.is_some() || figure.period.is_some() || !figure.within.is_empty();
    let doubt = match (&figure.of, &figure.unit) {
        (Some(of), Some(unit)) => {
            let fits = Unit::parse(unit).is_ok_and(|unit| unit.same_quantity(&of.unit));
            (!fits).then_some(Doubt::Unit)
        }
        _ => None,
    };
    (says || total).then_some(Reading { is: Is::Figure(figure), how, doubt })
}

fn is_unit(text: &str) -> bool {
    text.len() <= LONGEST_UNIT && Unit::parse(text).is_ok()
}

/// The period that a text is, with four digits of a year at least.
fn period(text: &str) -> Option<Period> {
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Whether the text up to a place is a year or month, written with 年 or 月.
fn ends_period(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    before.ends_with(['年', '月']) && !rest.starts_with('月') && period(before).is_some()
}

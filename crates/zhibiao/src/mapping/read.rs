//! From TOML as written to a mapping that holds. All errors are told, not only the first.

use std::ops::Range;
use std::str::FromStr;

use indexmap::IndexMap;

use super::figure::{Figure, Is, Of, value_of};
use super::said::{EntrySaid, FigureSaid, MappingSaid};
use super::{Entry, Mapping, WITHOUT_FIGURES};
use crate::catalog::{Catalog, Role, Source, Spanned, folded, target};
use crate::error::{Error, Place, Problem, Result, near};
use crate::unit::Unit;

/// The mapping of a file.
pub(super) fn read(source: &Source<MappingSaid>, catalog: &Catalog) -> Result<Mapping> {
    let said = &source.said;
    let mut reader = Reader { source, catalog, errors: Vec::new() };
    let figures = said.figures.as_ref();
    let figures_said = figures.and_then(|figures| reader.figures(figures));
    let mapping = Mapping {
        sheet: said.sheet.clone(),
        header: said.header.as_ref().and_then(|rows| reader.header(rows)),
        symbols: said.symbols.as_ref().and_then(|word| reader.parsed(word)),
        area: said.area.as_ref().map(|area| area.get_ref().clone()),
        period: said.period.as_ref().and_then(|period| reader.parsed(period)),
        columns: reader.entries(said.columns.get_ref()),
        rows: reader.entries(&said.rows),
        figures: figures_said.unwrap_or_default(),
    };
    // What an entry is held against is known only where all of them can be read.
    if reader.errors.is_empty() {
        reader.hold_together(&mapping);
    }
    if reader.errors.is_empty() {
        reader.hold_splits(&mapping);
    }
    let mut errors = reader.errors;
    errors.sort_by_key(|error| match error.place() {
        Place::Text { line, column, .. } => (*line, *column),
        _ => (0, 0),
    });
    Error::first_of(errors).map_or(Ok(mapping), Err)
}

struct Reader<'a> {
    source: &'a Source<MappingSaid>,
    catalog: &'a Catalog,
    errors: Vec<Error>,
}

impl Reader<'_> {
    fn error(&mut self, span: Range<usize>, problem: Problem) {
        self.errors.push(Error::new(problem, self.source.place(span)));
    }

    fn refuse(&mut self, place: &Place, reason: impl Into<String>) {
        let problem = Problem::BadMapping { reason: reason.into() };
        self.errors.push(Error::new(problem, place.clone()));
    }

    fn parsed<T: FromStr<Err = Error>>(&mut self, text: &Spanned<String>) -> Option<T> {
        let place = self.source.place(text.span());
        text.get_ref().parse().map_err(|error: Error| self.errors.push(error.at(place))).ok()
    }

    /// Rows of the header, from 0 and without the one behind the last.
    fn header(&mut self, rows: &Spanned<[usize; 2]>) -> Option<Range<usize>> {
        let [first, last] = *rows.get_ref();
        let range = first.checked_sub(1).filter(|first| *first < last).map(|first| first..last);
        if range.is_none() {
            let reason = "gives `header` no rows: the first and the last, from 1".to_owned();
            self.error(rows.span(), Problem::BadMapping { reason });
        }
        range
    }

    fn entries(&mut self, said: &IndexMap<String, Spanned<EntrySaid>>) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(said.len());
        for (name, entry) in said {
            let Some(is) = self.entry(name, entry) else { continue };
            entries.push(Entry { name: name.clone(), is, place: self.source.place(entry.span()) });
        }
        entries
    }

    fn entry(&mut self, name: &str, said: &Spanned<EntrySaid>) -> Option<Is> {
        match said.get_ref() {
            EntrySaid::Word(word) if word == "?" => {
                let problem = Problem::UnmappedColumn { column: name.to_owned() };
                self.error(said.span(), problem);
                None
            }
            EntrySaid::Word(word) if word == "ignore" => Some(Is::Ignored),
            EntrySaid::Word(word) => {
                let is = self.word(word);
                if is.is_none() {
                    self.unknown(said.span(), "measure", word);
                }
                is
            }
            EntrySaid::Figure(figure) => self.figure(figure).map(Is::Figure),
        }
    }

    fn figures(&mut self, said: &Spanned<EntrySaid>) -> Option<Figure> {
        if let Is::Figure(figure) = self.entry("figures", said)? {
            return Some(figure);
        }
        let place = self.source.place(said.span());
        self.refuse(&place, "lets `figures` be no figure");
        None
    }

    /// A role, a dimension, a measure or an indicator.
    fn word(&self, word: &str) -> Option<Is> {
        match Role::of_word(word) {
            Some(Role::Value) => return Some(Is::Figure(Figure::default())),
            Some(role) => return Some(Is::Role(role)),
            None => {}
        }
        let name = folded(word);
        let dimension = self.catalog.dimension_named(&name);
        let dimension = dimension.map(|dimension| Is::Dimension(dimension.id.clone()));
        dimension.or_else(|| {
            let of = self.of(word)?;
            Some(Is::Figure(Figure { of: Some(of), ..Figure::default() }))
        })
    }

    fn of(&self, name: &str) -> Option<Of> {
        target(self.catalog, &folded(name), false).map(Of::from)
    }

    fn unknown(&mut self, span: Range<usize>, what: &str, id: &str) {
        let near = near(id, self.catalog.names_of_figures());
        self.error(span, Problem::UnknownId { what: what.to_owned(), id: id.to_owned(), near });
    }

    fn figure(&mut self, said: &FigureSaid) -> Option<Figure> {
        let told = self.errors.len();
        let mut figure = Figure::default();
        if let Some(measure) = &said.measure {
            figure.of = self.of(measure.get_ref());
            if figure.of.is_none() {
                self.unknown(measure.span(), "measure", measure.get_ref());
            }
        }
        if let Some(unit) = &said.unit {
            let parsed = Unit::parse(unit.get_ref());
            let place = self.source.place(unit.span());
            let _ = parsed.map_err(|error| self.errors.push(error.at(place)));
            figure.unit = Some(unit.get_ref().clone());
        }
        for (dimension, value) in &said.r#where {
            let place = self.source.place(value.span());
            match self.value(dimension, value.get_ref()) {
                Ok(value) => figure.within.push(value),
                Err(error) => self.errors.push(error.at(place)),
            }
        }
        figure.within.sort();
        figure.period = said.period.as_ref().and_then(|period| self.parsed(period));
        (self.errors.len() == told).then_some(figure)
    }

    /// The ids of a dimension and of a value that a text names.
    fn value(&self, dimension: &str, text: &str) -> Result<(String, String)> {
        let dimension = self.catalog.dimension(dimension)?;
        let value = value_of(dimension, text).ok_or_else(|| {
            let near = near(text, dimension.values.iter().map(|value| value.id.as_str()));
            let (value, dimension) = (text.to_owned(), dimension.id.clone());
            Error::from(Problem::UnknownValue { value, dimension, near })
        })?;
        Ok((dimension.id.clone(), value))
    }

    fn error_at(&mut self, place: Place, problem: Problem) {
        self.errors.push(Error::new(problem, place));
    }

    /// Holds entries against each other.
    fn hold_together(&mut self, mapping: &Mapping) {
        let columns = &mapping.columns;
        let place = |span: Option<Range<usize>>| self.source.place(span.unwrap_or_default());
        let said = &self.source.said;
        let whole = place(Some(said.columns.span()));
        if !columns.iter().any(|entry| entry.is.figure().is_some()) {
            self.refuse(&whole, WITHOUT_FIGURES);
        }
        for (role, word, span) in [
            (Role::Area, "area", said.area.as_ref().map(Spanned::span)),
            (Role::Period, "period", said.period.as_ref().map(Spanned::span)),
        ] {
            if let Some(span) = span.filter(|_| mapping.has(role)) {
                let place = self.source.place(span);
                self.refuse(&place, format!("gives `{word}`, and a column of it"));
            }
        }
        if let Some(row) = mapping.rows.first().filter(|_| !mapping.has(Role::Measure)) {
            self.refuse(
                &row.place,
                "names rows, and no column `measure` that tells which they are",
            );
        }
        for (at, entry) in columns.iter().enumerate() {
            let same = |other: &&Entry| mapping.is_same(&other.is, &entry.is);
            if let Some(first) = columns.iter().take(at).find(same) {
                let (column, first) = (entry.name.clone(), first.name.clone());
                self.error_at(entry.place.clone(), Problem::DuplicateColumn { column, first });
            }
            if let Is::Figure(figure) = &entry.is {
                self.hold_figure(mapping, entry, figure);
            }
        }
        for row in &mapping.rows {
            match &row.is {
                Is::Ignored => {}
                Is::Figure(figure) if figure.of.is_some() => {
                    self.hold_unit(&row.place, &figure.or(&mapping.figures));
                }
                _ => self.refuse(
                    &row.place,
                    format!("does not say which measure the row `{}` is of", row.name),
                ),
            }
        }
    }

    /// Refuses figures that are split in different ways: in one table, rows of both would stand
    /// beside each other, with empty cells that could mean a total or a part.
    fn hold_splits(&mut self, mapping: &Mapping) {
        let figures = mapping
            .columns
            .iter()
            .filter_map(|entry| Some((entry, entry.is.figure()?.or(&mapping.figures))));
        let figures: Vec<(&Entry, Figure)> = figures.collect();
        let Some((first, split)) = figures.first() else { return };
        for (entry, figure) in &figures {
            if figure.splits() != split.splits() {
                let (one, other) = (&entry.name, &first.name);
                let reason = format!(
                    "splits `{one}` and `{other}` in different ways: leave out either, and give it a mapping of its own"
                );
                self.refuse(&entry.place, reason);
            }
        }
    }

    fn hold_figure(&mut self, mapping: &Mapping, entry: &Entry, said: &Figure) {
        let Entry { name, place, .. } = entry;
        let figure = said.or(&mapping.figures);
        match (&figure.of, mapping.has(Role::Measure)) {
            (None, false) => {
                self.refuse(place, format!("does not say which measure `{name}` is of"));
            }
            (Some(_), true) => {
                self.refuse(
                    place,
                    format!("says which measure `{name}` is of, and has a column `measure`"),
                );
            }
            _ => {}
        }
        for (dimension, _) in &figure.within {
            if mapping.columns.iter().any(|other| other.is == Is::Dimension(dimension.clone())) {
                self.refuse(
                    place,
                    format!("gives `{name}` a value of `{dimension}`, which has a column"),
                );
            }
        }
        let dated = mapping.has(Role::Period) || mapping.period.is_some();
        if figure.period.is_some() && dated {
            self.refuse(place, format!("gives `{name}` a period beside that of its row"));
        }
        if figure.unit.is_some() && mapping.has(Role::Unit) {
            self.refuse(place, format!("gives `{name}` a unit beside that of its row"));
        }
        self.hold_unit(place, &figure);
    }

    fn hold_unit(&mut self, place: &Place, figure: &Figure) {
        let (Some(of), Some(text)) = (&figure.of, &figure.unit) else { return };
        if let Ok(unit) = Unit::parse(text)
            && !unit.same_quantity(&of.unit)
        {
            let (given, wanted) = (text.clone(), of.unit.label(crate::Lang::Zh).to_owned());
            self.error_at(place.clone(), Problem::UnitMismatch { given, wanted });
        }
    }
}

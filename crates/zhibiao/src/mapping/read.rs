//! From TOML as written to a mapping that holds. All errors are told, not only the first.

use std::ops::Range;
use std::str::FromStr;

use indexmap::IndexMap;

use super::figure::{Figure, Is, Of, value_of};
use super::hold::{Places, contradictions};
use super::said::{EntrySaid, FigureSaid, MappingSaid};
use super::stated::heed;
use super::{Entry, Mapping, Sign};
use crate::catalog::{Catalog, Role, Source, Spanned, folded, target};
use crate::error::{Error, Place, Problem, Result, near};
use crate::unit::Unit;

/// The mapping of a file.
pub(super) fn read(source: &Source<MappingSaid>, catalog: &Catalog) -> Result<Mapping> {
    let said = &source.said;
    let mut reader = Reader { source, catalog, errors: Vec::new() };
    let figures = said.figures.as_ref();
    let figures_said = figures.and_then(|figures| reader.figures(figures));
    let mut mapping = Mapping {
        sheet: said.sheet.clone(),
        header: said.header.as_ref().and_then(|rows| reader.header(rows)),
        symbols: said.symbols.as_ref().and_then(|word| reader.parsed(word)),
        signs: reader.signs(&said.signs),
        area: said.area.as_ref().map(|area| area.get_ref().clone()),
        period: said.period.as_ref().and_then(|period| reader.parsed(period)),
        columns: reader.entries(said.columns.get_ref()),
        rows: reader.entries(&said.rows),
        figures: figures_said.unwrap_or_default(),
    };
    // What an entry is held against is known only where all of them can be read.
    if reader.errors.is_empty() {
        let place = |text: Option<&Spanned<String>>| {
            text.map(|text| source.place(text.span())).unwrap_or_default()
        };
        let places = Places {
            columns: source.place(said.columns.span()),
            area: place(said.area.as_ref()),
            period: place(said.period.as_ref()),
        };
        reader.errors = heed(&mut mapping);
        reader.errors.extend(contradictions(&mapping, &places));
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

    fn signs(&mut self, said: &IndexMap<String, Spanned<String>>) -> Vec<(String, Sign)> {
        let mut signs = Vec::with_capacity(said.len());
        for (sign, means) in said {
            let known = Sign::ALL.into_iter().find(|known| known.word() == means.get_ref());
            signs.extend(known.map(|known| (sign.trim().to_owned(), known)));
            if known.is_none() {
                let reason = format!("lets `{sign}` be neither `missing` nor `zero`");
                self.error(means.span(), Problem::BadMapping { reason });
            }
        }
        signs
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
        if matches!(said.get_ref(), EntrySaid::Word(word) if word == "?") {
            let reason = "does not say which measure figures are of".to_owned();
            self.error(said.span(), Problem::BadMapping { reason });
            return None;
        }
        if let Is::Figure(figure) = self.entry("figures", said)? {
            return Some(figure);
        }
        let reason = "lets `figures` be no figure".to_owned();
        self.error(said.span(), Problem::BadMapping { reason });
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
}

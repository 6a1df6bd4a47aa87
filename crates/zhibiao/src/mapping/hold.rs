//! What a mapping says, held against itself.

use std::collections::BTreeMap;

use super::figure::{Figure, Is};
use super::{Entry, Mapping};
use crate::catalog::Role;
use crate::error::{Error, Place, Problem};
use crate::label::Lang;
use crate::unit::Unit;

/// Where the parts of a mapping stand that have no entry of their own.
#[derive(Default)]
pub(super) struct Places {
    pub(super) columns: Place,
    pub(super) area: Place,
    pub(super) period: Place,
}

/// Everything in a mapping that contradicts the rest of it.
pub(super) fn contradictions(mapping: &Mapping, places: &Places) -> Vec<Error> {
    let mut holder = Holder { mapping, errors: Vec::new() };
    holder.constants(places);
    holder.columns();
    holder.rows();
    if holder.errors.is_empty() {
        holder.splits();
    }
    holder.errors
}

struct Holder<'m> {
    mapping: &'m Mapping,
    errors: Vec<Error>,
}

impl Holder<'_> {
    fn refuse(&mut self, place: &Place, reason: impl Into<String>) {
        let problem = Problem::BadMapping { reason: reason.into() };
        self.errors.push(Error::new(problem, place.clone()));
    }

    fn constants(&mut self, places: &Places) {
        let Mapping { columns, area, period, .. } = self.mapping;
        if !columns.iter().any(|entry| entry.is.figure().is_some()) {
            self.refuse(&places.columns, "names no column of figures");
        }
        if area.is_some() && self.mapping.has(Role::Area) {
            self.refuse(&places.area, "gives `area`, and a column of it");
        }
        if period.is_some() && self.mapping.has(Role::Period) {
            self.refuse(&places.period, "gives `period`, and a column of it");
        }
    }

    fn columns(&mut self) {
        let mut named: BTreeMap<String, &str> = BTreeMap::new();
        for entry in &self.mapping.columns {
            let thing = entry.is.thing(&self.mapping.figures);
            if let Some(first) = thing.and_then(|thing| named.insert(thing, &entry.name)) {
                let (column, first) = (entry.name.clone(), first.to_owned());
                let problem = Problem::DuplicateColumn { column, first };
                self.errors.push(Error::new(problem, entry.place.clone()));
            }
            if let Is::Figure(figure) = &entry.is {
                self.figure(entry, &figure.or(&self.mapping.figures));
            }
        }
    }

    fn figure(&mut self, entry: &Entry, figure: &Figure) {
        let Entry { name, place, .. } = entry;
        let has = |is: &Is| self.mapping.columns.iter().any(|other| other.is == *is);
        let mut reasons = Vec::new();
        match (&figure.of, self.mapping.has(Role::Measure)) {
            (None, false) => reasons.push(format!("does not say which measure `{name}` is of")),
            (Some(_), true) => reasons
                .push(format!("says which measure `{name}` is of, and has a column `measure`")),
            _ => {}
        }
        for (dimension, _) in &figure.within {
            if has(&Is::Dimension(dimension.clone())) {
                reasons
                    .push(format!("gives `{name}` a value of `{dimension}`, which has a column"));
            }
        }
        let dated = self.mapping.has(Role::Period) || self.mapping.period.is_some();
        if figure.period.is_some() && dated {
            reasons.push(format!("gives `{name}` a period beside that of its row"));
        }
        if figure.unit.is_some() && self.mapping.has(Role::Unit) {
            reasons.push(format!("gives `{name}` a unit beside that of its row"));
        }
        for reason in reasons {
            self.refuse(place, reason);
        }
        self.unit(place, figure);
    }

    fn rows(&mut self) {
        let Mapping { rows, figures, .. } = self.mapping;
        if let Some(row) = rows.first().filter(|_| !self.mapping.has(Role::Measure)) {
            let reason = "names rows, and no column `measure` that tells which they are";
            self.refuse(&row.place, reason);
        }
        let dated = self.mapping.has(Role::Period) || self.mapping.period.is_some();
        let columns = self.mapping.columns.iter().filter_map(|entry| entry.is.figure());
        let of_column = |has: fn(&Figure) -> bool| columns.clone().any(has);
        let dated = dated || of_column(|figure| figure.period.is_some());
        let in_unit = self.mapping.has(Role::Unit) || of_column(|figure| figure.unit.is_some());
        for Entry { name, is, place } in rows {
            match is {
                Is::Ignored => {}
                Is::Figure(figure) if figure.of.is_some() => {
                    if figure.period.is_some() && dated {
                        let reason = format!("gives the row `{name}` a period beside its own");
                        self.refuse(place, reason);
                    }
                    if figure.unit.is_some() && in_unit {
                        let reason = format!("gives the row `{name}` a unit beside its own");
                        self.refuse(place, reason);
                    }
                    self.unit(place, &figure.or(figures));
                }
                _ => {
                    self.refuse(
                        place,
                        format!("does not say which measure the row `{name}` is of"),
                    );
                }
            }
        }
    }

    /// Refuses figures that are split in different ways: in one table, rows of both would stand
    /// beside each other, with empty cells that could mean a total or a part.
    fn splits(&mut self) {
        let figures = self
            .mapping
            .columns
            .iter()
            .filter_map(|entry| Some((entry, entry.is.figure()?.or(&self.mapping.figures))));
        let figures: Vec<(&Entry, Figure)> = figures.collect();
        let Some((first, split)) = figures.first() else { return };
        for (entry, _) in figures.iter().filter(|(_, figure)| figure.splits() != split.splits()) {
            let (one, other) = (&entry.name, &first.name);
            let reason = format!(
                "splits `{one}` and `{other}` in different ways: leave one out, for a mapping of its own"
            );
            self.refuse(&entry.place, reason);
        }
    }

    fn unit(&mut self, place: &Place, figure: &Figure) {
        let (Some(of), Some(text)) = (&figure.of, &figure.unit) else { return };
        if Unit::parse(text).is_ok_and(|unit| !unit.same_quantity(&of.unit)) {
            let (given, wanted) = (text.clone(), of.unit.label(Lang::Zh).to_owned());
            self.errors.push(Error::new(Problem::UnitMismatch { given, wanted }, place.clone()));
        }
    }
}

//! What headers and names of rows state themselves: a unit in brackets, a year as a part.

use super::figure::{Figure, Is};
use super::headers::plain;
use super::{Entry, Mapping};
use crate::catalog::Role;
use crate::error::{Error, Problem};
use crate::period::Period;
use crate::unit::Unit;

/// Gives figures the units that stand in their headers, and refuses what contradicts a header: the
/// figures below it are what it says, whatever a mapping makes of them.
pub(super) fn heed(mapping: &mut Mapping) -> Vec<Error> {
    let has_units = mapping.has(Role::Unit);
    let Mapping { columns, rows, figures, .. } = mapping;
    let in_unit = |entry: &Entry| entry.is.figure().is_some_and(|figure| figure.unit.is_some());
    let rows_have_units = has_units || columns.iter().any(in_unit);
    let of_columns = columns.iter_mut().map(|entry| (entry, has_units));
    let of_rows = rows.iter_mut().map(|entry| (entry, rows_have_units));
    let entries = of_columns.chain(of_rows);
    entries.flat_map(|(entry, has_units)| heed_entry(entry, figures, has_units)).collect()
}

fn heed_entry(entry: &mut Entry, figures: &Figure, has_units: bool) -> Vec<Error> {
    let Entry { name, is: Is::Figure(figure), place } = entry else { return Vec::new() };
    let whole = figure.or(figures);
    let mut reasons = Vec::new();
    if let Some(of) = &whole.of
        && let Some((text, stated)) = unit_of_name(name, &of.unit)
    {
        let given = whole.unit.as_deref().and_then(|unit| Unit::parse(unit).ok());
        match given {
            Some(given) if given.power_of_base() != stated.power_of_base() => {
                let given = whole.unit.unwrap_or_default();
                reasons.push(format!("takes `{name}` in {given}, and it says {text} itself"));
            }
            None if !has_units && stated.power_of_base() != of.unit.power_of_base() => {
                figure.unit = Some(text);
            }
            _ => {}
        }
    }
    if let (Some(Period::Year(given)), Some(stated)) = (whole.period, year_of_name(name))
        && given != stated
    {
        reasons.push(format!("takes `{name}` as of {given}, and it says {stated} itself"));
    }
    let error = |reason| Error::new(Problem::BadMapping { reason }, place.clone());
    reasons.into_iter().map(error).collect()
}

/// Whether a header has a unit, in brackets or as a part.
pub(super) fn states_unit(parts: &[String]) -> bool {
    parts.iter().any(|part| unit_of_part(part).is_some())
}

/// The unit, as written, that a name states of a quantity; none where it states several.
fn unit_of_name(name: &str, of: &Unit) -> Option<(String, Unit)> {
    let units = name.split('_').filter_map(unit_of_part);
    let mut units = units.filter(|(_, unit)| unit.same_quantity(of));
    let first = units.next()?;
    units.all(|(_, unit)| unit == first.1).then_some(first)
}

fn unit_of_part(part: &str) -> Option<(String, Unit)> {
    let part = plain(part);
    let inside = part.strip_suffix(')').and_then(|part| part.rsplit_once('('));
    let text = inside.map_or(part.as_str(), |(_, inside)| inside);
    Some((text.to_owned(), Unit::parse(text).ok()?))
}

/// The year that a name states as a part of its own; none where it states several.
fn year_of_name(name: &str) -> Option<u16> {
    let years = name.split('_').map(plain).filter_map(|part| match part.parse() {
        Ok(Period::Year(year)) => Some(year),
        _ => None,
    });
    let years: Vec<u16> = years.collect();
    let first = years.first().copied()?;
    years.iter().all(|year| *year == first).then_some(first)
}

//! Formulas: a column of a measure is what its `define` gives, where the table has both.

use super::sheet::{Flaw, Known, Sheet, shown};
use crate::catalog::{Condition, Define, Indicator, Measure};
use crate::engine::GroupBy;
use crate::error::{Problem, Result};
use crate::number::Decimal;
use crate::state::Key;

/// Keys at which a column differs from its formula.
pub(super) fn defines(sheet: &Sheet<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    for measure in &sheet.measures {
        if let Some(define) = &measure.define
            && holds_by_row(sheet, define)
        {
            flaws.extend(differing(sheet, measure, define)?);
        }
    }
    Ok(flaws)
}

/// Whether a formula means the same on a row of the table as on the rows it was written for: what
/// counts or compares rows is about schools, and says nothing of rows of areas.
fn holds_by_row(sheet: &Sheet<'_>, define: &Define) -> bool {
    let of_schools = sheet.keys().schools.is_some() || sheet.records;
    let counts = define.terms.iter().any(|term| term.sum.is_none());
    let compares = define.conditions().any(|condition| !condition.rows().is_empty());
    of_schools || !(counts || compares)
}

fn differing(sheet: &Sheet<'_>, measure: &Measure, define: &Define) -> Result<Vec<Flaw>> {
    // What the formula chooses by is summed over.
    let tested: Vec<&str> =
        define.conditions().flat_map(Condition::tests).map(|(dimension, _)| dimension).collect();
    let slices = sheet.dimensions.iter().filter(|id| !tested.contains(&id.as_str()));
    let by = GroupBy { schools: true, slices: slices.cloned().collect() };
    let of = [&Indicator::total_of(measure)];
    let computed = sheet.sums(&of, &by, Some(&measure.id))?;
    let Some(parts) = computed.parts(0) else { return Ok(Vec::new()) };
    let given = sheet.sums(&of, &by, None)?;
    let mut found: Vec<(&Key, i128, Decimal)> = Vec::new();
    // Both have the groups of all rows.
    for (group, key) in given.keys().iter().enumerate() {
        let own = given.numerator(0, group).and_then(Known::whole);
        let made = computed.numerator(0, group).and_then(Known::whole);
        let (Some(own), Some(made)) = (own, made) else { continue };
        let made = Decimal::new(made, parts.numerator.scale)?;
        if Decimal::new(own, measure.scale)? != made {
            found.push((key, own, made));
        }
    }
    let keys: Vec<&Key> = found.iter().map(|(key, ..)| *key).collect();
    let rows = sheet.first_rows(&by, &keys);
    let flaw = |(key, own, made): (&Key, i128, Decimal)| {
        let problem = Problem::DefineDiffers {
            measure: measure.id.clone(),
            given: shown(own, measure),
            formula: measure.formula.clone().unwrap_or_default(),
            computed: made.to_string(),
        };
        Some(sheet.flaw(*rows.get(key)?, &measure.id, problem))
    };
    Ok(found.into_iter().filter_map(flaw).collect())
}

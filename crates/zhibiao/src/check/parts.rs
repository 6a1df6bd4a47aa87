//! Parts and wholes: a part of a measure is nowhere larger than the whole.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::sheet::{Flaw, Sheet, shown};
use crate::bind::NONE;
use crate::catalog::Measure;
use crate::error::{Problem, Result};
use crate::number::Decimal;

/// Rows in which a part exceeds its whole.
pub(super) fn parts(sheet: &Sheet<'_>) -> Result<Vec<Flaw>> {
    let mut pairs = Vec::new();
    for part in &sheet.measures {
        if let Some(whole) = whole_of(sheet, part)? {
            pairs.push((*part, whole));
        }
    }
    let flaws = pairs.par_iter().map(|(part, whole)| exceeding(sheet, part, whole));
    Ok(flaws.collect::<Vec<_>>().into_iter().flatten().collect())
}

/// The nearest measure of the table that a measure is a part of.
fn whole_of<'a>(sheet: &Sheet<'a>, part: &Measure) -> Result<Option<&'a Measure>> {
    let mut part = part;
    // Bounded, should wholes run in a circle.
    for _ in 0..sheet.catalog.measures().count() {
        let Some(id) = &part.part_of else { break };
        if let Some(whole) = sheet.measures.iter().find(|measure| measure.id == *id) {
            return Ok(Some(whole));
        }
        part = sheet.catalog.measure(id)?;
    }
    Ok(None)
}

fn exceeding(sheet: &Sheet<'_>, part: &Measure, whole: &Measure) -> Vec<Flaw> {
    let (Some(parts), Some(wholes)) = (sheet.figures(part), sheet.figures(whole)) else {
        return Vec::new();
    };
    let mut flaws = Vec::new();
    for (row, area) in sheet.keys().areas.ids.iter().enumerate() {
        let (Some(given), Some(other)) = (parts.get(row), wholes.get(row)) else { continue };
        if *area == NONE || compare((given, part.scale), (other, whole.scale)) != Ordering::Greater
        {
            continue;
        }
        let problem = Problem::PartExceedsWhole {
            part: part.id.clone(),
            given: shown(given, part),
            whole: whole.id.clone(),
            other: shown(other, whole),
        };
        flaws.push(sheet.flaw(row, &part.id, problem));
    }
    flaws
}

/// Compares integers of two scales.
fn compare(a: (i128, u8), b: (i128, u8)) -> Ordering {
    if a.1 == b.1 {
        return a.0.cmp(&b.0);
    }
    match (Decimal::new(a.0, a.1), Decimal::new(b.0, b.1)) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => Ordering::Equal,
    }
}

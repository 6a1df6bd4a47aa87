//! Names: two codes of one parent do not bear one name, nor do two schools of one county.

use std::collections::BTreeMap;

use super::sheet::{Cell, Flaw, Sheet};
use crate::area::AreaCode;
use crate::bind::NONE;
use crate::catalog::folded;
use crate::error::Problem;

/// Row, code and name of an area or school.
type Bearer = (usize, String, String);

/// Areas and schools that bear the name of another.
pub(super) fn names(sheet: &Sheet<'_>) -> Vec<Flaw> {
    let keys = sheet.keys();
    let first = |ids: &[u32], count: usize| {
        let mut rows = vec![usize::MAX; count];
        for (row, (id, area)) in ids.iter().zip(&keys.areas.ids).enumerate() {
            let place = usize::try_from(*id).ok().and_then(|id| rows.get_mut(id));
            if let Some(first) = place.filter(|first| **first == usize::MAX && *area != NONE) {
                *first = row;
            }
        }
        rows
    };
    let mut named: BTreeMap<(bool, AreaCode, String), Vec<Bearer>> = BTreeMap::new();
    let rows = first(&keys.areas.ids, keys.areas.values.len());
    for (area, row) in keys.areas.values.iter().zip(rows) {
        if let (Some(name), Some(parent)) = (sheet.bound.names.get(area), sheet.areas.parent(*area))
        {
            let key = (false, parent, folded(name));
            named.entry(key).or_default().push((row, area.to_string(), name.clone()));
        }
    }
    if let Some(schools) = &keys.schools {
        let rows = first(&schools.ids, schools.values.len());
        for (school, row) in schools.values.iter().zip(rows) {
            let area = keys.areas.ids.get(row).and_then(|area| usize::try_from(*area).ok());
            let Some(area) = area.and_then(|area| keys.areas.values.get(area)) else { continue };
            let key = (true, *area, folded(school));
            named.entry(key).or_default().push((row, school.to_string(), school.to_string()));
        }
    }
    let mut flaws = Vec::new();
    for ((of_schools, ..), mut alike) in named {
        alike.sort();
        let Some((_, first, _)) = alike.first().cloned() else { continue };
        for (row, _, name) in alike.into_iter().skip(1).filter(|(row, ..)| *row != usize::MAX) {
            let problem = Problem::DuplicateName { name, other: first.clone() };
            let cell = if of_schools { Cell::School } else { Cell::Area };
            flaws.push(Flaw { row: sheet.bound.source_row(row), cell, problem });
        }
    }
    flaws
}

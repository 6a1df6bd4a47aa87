//! Places (位次) among the areas of a tier, period, slice and indicator.

use std::collections::BTreeMap;

use super::AttainmentRow;
use crate::area::Tier;
use crate::catalog::Better;
use crate::number::Ratio;
use crate::period::Period;
use crate::stat::{Ties, places};
use crate::table::Named;

/// Gives each row that can be ranked its place; equal ones share it, so that 1, 2, 2, 4.
pub(super) fn rank(rows: &mut [AttainmentRow]) {
    let mut fields: BTreeMap<Among, Vec<(usize, Ratio)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let field = fields.entry(among(row)).or_default();
        field.extend(score(row).map(|score| (at, score)));
    }
    for row in rows.iter_mut() {
        row.ranked = fields.get(&among(row)).map_or(0, Vec::len);
    }
    for field in fields.into_values() {
        let places = places(&field, |(_, a), (_, b)| b.cmp(a), Ties::Min);
        for ((at, _), place) in field.iter().zip(places) {
            if let Some(row) = rows.get_mut(*at) {
                row.rank = Some(place.before.saturating_add(1));
            }
        }
    }
}

/// What areas are ranked within.
type Among = (Tier, Option<Period>, Named, String);

fn among(row: &AttainmentRow) -> Among {
    let group = &row.group;
    (group.tier, group.period, group.slices.clone(), row.indicator.id.clone())
}

/// The higher, the better: the attainment, or where lower is better how far below the target.
fn score(row: &AttainmentRow) -> Option<Ratio> {
    match row.indicator.better {
        Better::Lower => row.over?.negated().ok(),
        Better::Higher | Better::None => row.attainment,
        Better::Nearer => None,
    }
}

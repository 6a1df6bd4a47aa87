//! Places (位次) among the areas of a tier, period, slice and indicator.

use std::collections::BTreeMap;

use super::AttainmentRow;
use crate::area::Tier;
use crate::catalog::Better;
use crate::number::Ratio;
use crate::period::Period;
use crate::table::Named;

/// Gives each row that can be ranked its place; equal ones share it, so that 1, 2, 2, 4.
pub(super) fn rank(rows: &mut [AttainmentRow]) {
    let mut scores: BTreeMap<Among, Vec<Ratio>> = BTreeMap::new();
    for row in rows.iter() {
        let among = scores.entry(among(row)).or_default();
        among.extend(score(row));
    }
    for scores in scores.values_mut() {
        scores.sort_unstable();
    }
    for row in rows {
        let Some(scores) = scores.get(&among(row)) else { continue };
        row.ranked = scores.len();
        row.rank = score(row).map(|own| {
            let better = scores.len().saturating_sub(scores.partition_point(|other| *other <= own));
            better.saturating_add(1)
        });
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

//! Slips in indicators: shares, rates and ratios against those of siblings, whose size does not
//! matter.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Cell, Flaw, Known, Sheet};
use super::slip::{Agree, Slip, Valued, slipped};
use super::slips::{FEWEST_SIBLINGS, Told};
use crate::catalog::{Indicator, Kind};
use crate::engine::GroupBy;
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode, pow10};
use crate::state::Key;

/// Parts of an indicator below this vary too much to tell anything.
const LEAST_PART: i128 = 30;

/// Indicators of areas against those of their siblings, where no part was told already.
pub(super) fn of_indicators(
    sheet: &Sheet<'_>,
    slips: &[Slip],
    told: &BTreeSet<Told>,
) -> Result<Vec<Flaw>> {
    let per_head = |indicator: &&Indicator| {
        matches!(indicator.kind, Kind::Ratio { .. } | Kind::Rate { .. } | Kind::Share { .. })
    };
    let indicators: Vec<&Indicator> = sheet.catalog.indicators().filter(per_head).collect();
    let by = GroupBy::default();
    let sums = sheet.sums(&indicators, &by, None)?;
    let mut found: Vec<(&Key, String, Problem)> = Vec::new();
    for (index, indicator) in indicators.iter().enumerate() {
        let Some(parts) = sums.parts(index).filter(|parts| parts.lagged.is_none()) else {
            continue;
        };
        let Some(denominator) = &parts.denominator else { continue };
        let scales = [parts.numerator.scale, denominator.scale];
        let [above, below] = scales.map(|scale| pow10(u32::from(scale)));
        let (Some(above), Some(below)) = (above, below) else { continue };
        let mut siblings: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        for (group, key) in sums.keys().iter().enumerate() {
            let whole = |part| sums.known(part, group).and_then(Known::whole);
            let (Some(num), Some(den)) = (whole(&parts.numerator), whole(denominator)) else {
                continue;
            };
            if num < LEAST_PART.saturating_mul(above) || den < LEAST_PART.saturating_mul(below) {
                continue;
            }
            let scaled = Ratio::new(below, above)?;
            // A value that does not fit is told when it is computed.
            let Ok(value) = Ratio::new(num, den)?.mul(scaled) else { continue };
            siblings
                .entry((key.period, sheet.areas.tier(key.area)))
                .or_default()
                .push((value, group));
        }
        for values in siblings.into_values().filter(|values| values.len() >= FEWEST_SIBLINGS) {
            let values: BTreeMap<usize, Ratio> =
                values.into_iter().map(|(value, group)| (group, value)).collect();
            let listed = values.iter().map(|(group, value)| (*value, *group)).collect();
            for slip in slipped(listed, Agree::Half, slips) {
                let (Some(key), Some(value)) = (sums.keys().get(slip.of), values.get(&slip.of))
                else {
                    continue;
                };
                let part = indicator
                    .kind
                    .parts()
                    .find(|part| told.contains(&(key.area, key.period, (*part).to_owned())));
                if part.is_none() {
                    let text = |value: Ratio| printed(value, indicator);
                    // What does not fit is told when it is computed.
                    let (Ok(given), Ok(usual)) = (text(*value), text(slip.median)) else {
                        continue;
                    };
                    let problem = Problem::UnitSlip {
                        what: format!("`{}`", indicator.id),
                        given,
                        times: Agree::Half.times(slip.factor, slip.above),
                        usual,
                        hint: format!("a slip in {}", parts_of(indicator)),
                    };
                    found.push((key, indicator.id.clone(), problem));
                }
            }
        }
    }
    let wanted: Vec<&Key> = found.iter().map(|(key, ..)| *key).collect();
    let rows = sheet.first_rows(&by, &wanted);
    let flaw = |(key, id, problem): (&Key, String, Problem)| {
        let row = sheet.bound.source_row(*rows.get(key)?);
        Some(Flaw { row, cell: Cell::Figure(id), problem })
    };
    Ok(found.into_iter().filter_map(flaw).collect())
}

fn parts_of(indicator: &Indicator) -> String {
    let parts: Vec<String> = indicator.kind.parts().map(|part| format!("`{part}`")).collect();
    parts.join(" or ")
}

/// A value in the unit of its indicator, with two digits more than it is printed with.
fn printed(value: Ratio, indicator: &Indicator) -> Result<String> {
    let value = indicator.unit.of_base(value)?;
    let decimals = indicator.decimals.saturating_add(2);
    Ok(indicator.unit.attach(&value.rounded(decimals, RoundMode::HalfAway)?.to_string(), Lang::Zh))
}

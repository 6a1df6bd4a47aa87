//! Panels (面板) in the areas of one year: states of areas become states of units.
//!
//! What merged is added up, and what was divided falls to its successors in shares. A unit of which
//! a part has no rows has no state: half of it would pass for the whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use ethnum::I256;
use hashbrown::{HashMap, HashSet};

use super::{Key, Moves, States, Sum, SumColumn};
use crate::area::AreaCode;
use crate::area::history::{Crosswalk, SHARE_DECIMALS};
use crate::error::{Error, Problem, Result};
use crate::number::{Ratio, pow10};

impl States {
    /// The states of the units that areas go to. Rows of a divided area count for each of its parts,
    /// and sums get decimals for their parts, which are exact.
    ///
    /// `adds_up` says of each sum whether it can be summed over areas; what cannot is missing where
    /// several areas are one, or one is divided.
    ///
    /// # Errors
    /// `bad-option` for shares of an area whose schools are told apart.
    pub(crate) fn harmonised(
        self,
        walk: &Crosswalk,
        moves: &Moves,
        adds_up: &[bool],
    ) -> Result<Self> {
        let decimals = if walk.weights().given().next().is_some() { SHARE_DECIMALS } else { 0 };
        let mut schools: HashMap<Key, BTreeSet<AreaCode>> = HashMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (group, key) in self.keys.iter().enumerate() {
            let shares = moves.units_of(key);
            if shares.len() > 1 && key.school.is_some() {
                return Err(schools_divided(key.area));
            }
            for (unit, share) in shares {
                if key.school.is_some() {
                    let school = Key { area: *unit, slices: Vec::new(), ..key.clone() };
                    schools.entry(school).or_default().insert(key.area);
                }
                if key.period.is_some_and(|period| moves.whole(period, *unit)) {
                    let is_whole = moves.is_whole(key, *unit, shares);
                    let key = Key { area: *unit, ..key.clone() };
                    entries.push(Entry { key, group, share: *share, is_whole });
                }
            }
        }
        // Schools of one id in areas that are one now are two schools, in every period.
        let twice = schools.into_iter().filter(|(_, areas)| areas.len() > 1);
        let twice: HashSet<(AreaCode, Arc<str>)> =
            twice.filter_map(|(key, _)| Some((key.area, key.school?))).collect();
        let named = |area: AreaCode, key: &mut Key| {
            if let Some(school) = &key.school
                && twice.contains(&(key.area, Arc::clone(school)))
            {
                key.school = Some(Arc::from(format!("{area} {school}")));
            }
        };
        for entry in &mut entries {
            if let Some(of) = self.keys.get(entry.group) {
                named(of.area, &mut entry.key);
            }
        }
        let rows = |group: usize| self.rows.get(group).copied().unwrap_or(0);
        let column = |(column, adds_up): (&SumColumn, &bool)| -> SumColumn {
            let sum = |entry: &Entry| {
                let sum = column.get(entry.group).unwrap_or_default();
                if *adds_up || entry.is_whole {
                    return entry.part_of(sum, decimals);
                }
                let first = sum.first_missing().unwrap_or(u64::MAX);
                Sum::new(I256::ZERO, rows(entry.group), first)
            };
            entries.iter().map(sum).collect()
        };
        let sums: Vec<SumColumn> = self.sums.iter().zip(adds_up).map(column).collect();
        let of_entries: Vec<u64> = entries.iter().map(|entry| rows(entry.group)).collect();
        let keys: Vec<Key> = entries.into_iter().map(|entry| entry.key).collect();
        let mut bounded = Vec::new();
        for row in &self.bounded {
            let shares = moves.units_of(&row.key);
            for (unit, share) in shares {
                if !row.key.period.is_some_and(|period| moves.whole(period, *unit)) {
                    continue;
                }
                let is_whole = moves.is_whole(&row.key, *unit, shares);
                let mut part = row.part_of(*share)?;
                part.parts.retain(|part| is_whole || adds_up.get(part.sum) == Some(&true));
                part.key.area = *unit;
                named(row.key.area, &mut part.key);
                bounded.push(part);
            }
        }
        let States { plan, findings, names, .. } = self;
        let plan = Arc::new(plan.of_units(&walk.text(), decimals));
        Ok(Self { bounded, findings, names, ..Self::new(plan, &keys, &of_entries, &sums) })
    }
}

/// A state, or a part of it, under its new key.
struct Entry {
    key: Key,
    group: usize,
    share: Ratio,
    /// Whether nothing else goes to its unit, and all of it does.
    is_whole: bool,
}

impl Entry {
    /// What falls to the unit: exact, for a share has no more decimals than sums get.
    fn part_of(&self, sum: Sum, decimals: u8) -> Sum {
        let one = pow10(decimals.into()).unwrap_or(1);
        let share = self.share.scaled(one).map_or(one, Ratio::floor);
        let total = sum.total.wrapping_mul(I256::from(share));
        Sum::new(total, sum.missing, sum.first_missing)
    }
}

fn schools_divided(area: AreaCode) -> Error {
    Problem::BadOption {
        option: "weight".to_owned(),
        value: area.to_string(),
        wanted: "no weights where schools are told apart: a school is not divided".to_owned(),
    }
    .into()
}

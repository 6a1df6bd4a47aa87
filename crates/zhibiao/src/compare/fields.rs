//! Fields: areas that are compared with each other.

use hashbrown::HashMap;

use crate::area::{AreaCode, Areas, Tier};
use crate::error::{Problem, Result};
use crate::period::Period;
use crate::table::{Group, IndicatorTable, Named, Row};

/// The groups of one tier, period and slice, within one larger area.
pub(super) struct Field {
    /// The larger area; none where the field is all there is.
    pub(super) outer: Option<AreaCode>,
    /// Positions of groups, in order.
    pub(super) groups: Vec<usize>,
}

/// The fields of a table, in the order of their first groups. Without a tier of larger areas, all
/// areas of a tier, period and slice are one; what is no smaller than it is in none.
pub(super) fn fields(table: &IndicatorTable, within: Option<Tier>) -> Vec<Field> {
    type Among<'a> = (Tier, Option<Period>, &'a Named, Option<AreaCode>);
    let mut fields: Vec<Field> = Vec::new();
    let mut places: HashMap<Among<'_>, usize> = HashMap::new();
    let smaller = |group: &Group| within.is_none_or(|tier| group.tier < tier);
    for (position, group) in table.groups.iter().enumerate().filter(|(_, group)| smaller(group)) {
        let outer = within.map(|tier| outer(&table.areas, group.area, tier));
        let among = (group.tier, group.period, &group.slices, outer);
        let place = *places.entry(among).or_insert_with(|| {
            fields.push(Field { outer, groups: Vec::new() });
            fields.len().saturating_sub(1)
        });
        if let Some(field) = fields.get_mut(place) {
            field.groups.push(position);
        }
    }
    fields
}

/// The area of a tier that holds an area; where the tree has none, the next larger one: a city
/// without counties is one of its own.
pub(crate) fn outer(areas: &Areas, area: AreaCode, tier: Tier) -> AreaCode {
    let above = || std::iter::successors(Some(area), |area| areas.parent(*area));
    let reaches = |area: &AreaCode| areas.tier(*area).is_some_and(|of| of >= tier);
    above().find(reaches).or_else(|| above().last()).unwrap_or(area)
}

/// Refuses a tier that no area of the table is smaller than.
pub(super) fn refuse_tier(table: &IndicatorTable, within: Tier) -> Result<()> {
    if table.groups.is_empty() || table.groups.iter().any(|group| group.tier < within) {
        return Ok(());
    }
    let (option, value) = ("tier".to_owned(), within.id().to_owned());
    let wanted = "a tier above that of the areas of the table".to_owned();
    Err(Problem::BadOption { option, value, wanted }.into())
}

impl Field {
    /// The rows of an indicator that have a value, with their groups.
    pub(super) fn rows<'a>(
        &'a self,
        table: &'a IndicatorTable,
        indicator: usize,
    ) -> impl Iterator<Item = (usize, Row<'a>)> {
        let rows = self
            .groups
            .iter()
            .filter_map(move |group| Some((*group, table.rows_of(*group).nth(indicator)?)));
        rows.filter(|(_, row)| row.value().is_some())
    }
}

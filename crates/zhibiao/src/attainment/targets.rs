//! Which target belongs to a value: that of the same period, else that of the year.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::area::{AreaCode, Tier};
use crate::catalog::{Catalog, Dimension};
use crate::period::{Period, Span};
use crate::query::Options;
use crate::table::{Group, IndicatorTable, Named, Row, Status};

/// What a target is of, in all periods.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Spot {
    tier: Tier,
    area: AreaCode,
    school: Option<Arc<str>>,
    slices: Named,
}

impl Spot {
    pub(super) fn of(group: &Group) -> Self {
        let (school, slices) = (group.school.clone(), Arc::clone(&group.slices));
        Self { tier: group.tier, area: group.area, school, slices }
    }
}

/// Targets by what they are of.
pub(super) struct Targets<'a> {
    goals: &'a IndicatorTable,
    groups: HashMap<(Spot, Option<Period>), usize>,
}

impl<'a> Targets<'a> {
    pub(super) fn of(goals: &'a IndicatorTable) -> Self {
        let groups = goals.groups.iter().enumerate();
        let groups = groups.map(|(at, group)| ((Spot::of(group), group.period), at)).collect();
        Self { goals, groups }
    }

    /// The target that applies, or a row that tells why there is none: its areas are incomplete.
    pub(super) fn find(
        &self,
        spot: &Spot,
        period: Option<Period>,
        indicator: &str,
    ) -> Option<Row<'a>> {
        let own = |period: Option<Period>| {
            let at = *self.groups.get(&(spot.clone(), period))?;
            let mut rows = self.goals.rows_of(at);
            let row = rows.find(|row| row.indicator().id == indicator)?;
            Some(row).filter(|row| row.value().is_some() || row.status() == Status::Partial)
        };
        own(period).or_else(|| own(Some(year_of(period?)?)))
    }
}

/// Whether a target of a period is one for another, if that has none of its own.
pub(super) fn applies(target: Option<Period>, to: Option<Period>) -> bool {
    target == to || to.and_then(year_of).is_some_and(|year| target == Some(year))
}

/// The calendar year that a month, or the part of a year up to a month, lies in.
const fn year_of(period: Period) -> Option<Period> {
    match period {
        Period::Month(month) | Period::YearToDate(month) => Some(Span::Year.of(month)),
        Period::Year(_) | Period::SchoolYear(_) => None,
    }
}

/// The order of a table: tiers as asked for, area, period, slices as declared.
pub(super) struct Order<'a> {
    tiers: Vec<Tier>,
    dimensions: Vec<Option<&'a Dimension>>,
}

impl<'a> Order<'a> {
    pub(super) fn new(catalog: &'a Catalog, options: &Options, values: &IndicatorTable) -> Self {
        let tiers = match options.tiers.as_slice() {
            [] => Tier::ALL.into_iter().rev().collect(),
            asked => asked.to_vec(),
        };
        let dimensions = values.slices.iter().map(|(id, _)| catalog.dimension(id).ok()).collect();
        Self { tiers, dimensions }
    }

    /// What groups are sorted by.
    pub(super) fn of(&self, group: &Group) -> Place {
        let slices = group.slices.iter().zip(&self.dimensions).map(|(slice, dimension)| {
            let (id, _) = slice.as_ref()?;
            let declared = dimension.map(|dimension| dimension.values.iter());
            // A total is no declared value, and comes last.
            Some(declared?.position(|value| value.id == *id).unwrap_or(usize::MAX))
        });
        Place {
            tier: self.tiers.iter().position(|tier| *tier == group.tier),
            area: (group.area, group.school.clone()),
            period: group.period,
            slices: slices.collect(),
        }
    }
}

/// Where a group stands in a table.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Place {
    tier: Option<usize>,
    area: (AreaCode, Option<Arc<str>>),
    period: Option<Period>,
    slices: Vec<Option<usize>>,
}

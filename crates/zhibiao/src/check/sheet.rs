//! The table as checks read it: bound figures, their sums, and the rows they came from.

use std::sync::Arc;

use hashbrown::{HashMap, HashSet};

use crate::area::Areas;
use crate::bind::{Bound, Figures, Keys, Matched, NONE, RowRules};
use crate::catalog::{Catalog, Indicator, Measure};
use crate::engine::{GroupBy, Tuning, aggregate, key_of};
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::Decimal;
use crate::plan::{Asked, Combination, Offer, Plan, PlanRules, PlannedParts, Policy};
use crate::state::{Key, States};
use crate::watch::Watch;

/// A bound table with all its measures.
pub(super) struct Sheet<'a> {
    pub(super) matched: &'a Matched<'a>,
    pub(super) catalog: &'a Catalog,
    pub(super) areas: &'a Areas,
    pub(super) bound: Bound,
    /// The measures of the table, in the order of the catalogue.
    pub(super) measures: Vec<&'a Measure>,
    /// Ids of the dimensions of the table.
    pub(super) dimensions: Vec<String>,
    pub(super) records: bool,
    pub(super) watch: &'a Watch,
    pub(super) lang: Lang,
}

/// What a check found at a row of the table.
pub(super) struct Flaw {
    pub(super) row: usize,
    pub(super) cell: Cell,
    pub(super) problem: Problem,
}

/// The cell of a row that a flaw is about.
pub(super) enum Cell {
    Area,
    School,
    /// The figure of a measure or indicator, by id.
    Figure(String),
}

/// Exact sums of groups, one an indicator and part.
pub(super) struct Sums {
    pub(super) plan: Arc<Plan>,
    states: States,
}

/// What is known of a sum.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    pub(super) total: i128,
    /// Whether a row lacks its figure.
    pub(super) lacking: bool,
    /// Whether a part of it is below zero.
    pub(super) negative: bool,
}

impl Known {
    /// Both together; none where the sum leaves 128 bits.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let total = self.total.checked_add(other.total)?;
        let lacking = self.lacking || other.lacking;
        Some(Self { total, lacking, negative: self.negative || other.negative })
    }

    /// Whether what is lacking can only add to it, as far as the figures tell.
    pub(super) fn is_lower_bound(self, of: &Measure) -> bool {
        of.scale == 0 || !self.negative
    }

    /// The sum, if no row lacks its figure.
    pub(super) fn whole(self) -> Option<i128> {
        Some(self.total).filter(|_| !self.lacking)
    }
}

impl<'a> Sheet<'a> {
    /// Reads all measures of a table; with `totals` only the rows that say 合计.
    pub(super) fn read(
        matched: &'a Matched<'a>,
        catalog: &'a Catalog,
        rules: RowRules<'a>,
        lang: Lang,
    ) -> Result<Self> {
        let measures = matched.measures();
        let mut needed: Vec<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
        needed.extend(matched.reported());
        let bound = matched.bind(&needed, &[], rules, None)?;
        let RowRules { areas, records, watch, .. } = rules;
        let dimensions = matched.dimensions();
        Ok(Self { matched, catalog, areas, bound, measures, dimensions, records, watch, lang })
    }

    pub(super) fn keys(&self) -> &Keys {
        &self.bound.keys
    }

    pub(super) fn figures(&self, measure: &Measure) -> Option<&Figures> {
        self.bound.figures.get(&measure.id)
    }

    /// Sums of indicators in groups; `hidden` is computed although the table has it.
    pub(super) fn sums(
        &self,
        indicators: &[&Indicator],
        by: &GroupBy,
        hidden: Option<&str>,
    ) -> Result<Sums> {
        let offer = Offered { sheet: self, hidden };
        let how =
            PlanRules { policy: Policy::Any, slices: &by.slices, filter: None, over_months: false };
        let asked = Asked::only(indicators);
        let plan = Plan::new(self.catalog, &asked, how, &offer, &mut |_, _| Ok(()))?;
        let plan = Arc::new(plan);
        let states = aggregate(&self.bound, &plan, by, (&Tuning::default(), self.watch))?;
        Ok(Sums { plan, states })
    }

    /// Sums of all measures in groups of areas, by some dimensions.
    pub(super) fn sums_of_measures(&self, by: &GroupBy) -> Result<Sums> {
        let totals: Vec<Indicator> =
            self.measures.iter().map(|measure| Indicator::total_of(measure)).collect();
        self.sums(&totals.iter().collect::<Vec<_>>(), by, None)
    }

    /// Sums of all measures in areas, by all dimensions.
    pub(super) fn sums_by_area(&self) -> Result<(Sums, GroupBy)> {
        let by = GroupBy { schools: false, slices: self.dimensions.clone() };
        Ok((self.sums_of_measures(&by)?, by))
    }

    /// First bound row of each of some keys.
    pub(super) fn first_rows(&self, by: &GroupBy, keys: &[&Key]) -> HashMap<Key, usize> {
        let mut wanted: HashSet<&Key> = keys.iter().copied().collect();
        let mut found = HashMap::new();
        for (row, area) in self.keys().areas.ids.iter().enumerate() {
            if wanted.is_empty() {
                break;
            }
            if *area == NONE {
                continue;
            }
            let key = key_of(&self.bound, by, row);
            if wanted.remove(&key) {
                found.insert(key, row);
            }
        }
        found
    }

    /// A finding on the figure of a measure in a bound row.
    pub(super) fn flaw(&self, row: usize, measure: &str, problem: Problem) -> Flaw {
        let row = self.bound.cell_row(row, measure);
        Flaw { row, cell: Cell::Figure(measure.to_owned()), problem }
    }

    /// A measure and the group it is of, for messages.
    pub(super) fn describe(&self, measure: &str, slices: &[Option<u32>]) -> String {
        let mut parts = vec![format!("`{measure}`")];
        for (slice, id) in slices.iter().zip(&self.dimensions) {
            let position = slice.and_then(|slice| usize::try_from(slice).ok());
            let value = self.catalog.dimension(id).ok().zip(position);
            let value = value.and_then(|(dimension, position)| dimension.values.get(position));
            parts.extend(value.map(|value| value.name.text(self.lang).to_owned()));
        }
        parts.join(" ")
    }
}

impl Sums {
    /// The keys of the groups, in order.
    pub(super) fn keys(&self) -> &[Key] {
        &self.states.keys
    }

    /// The parts of an indicator; none where the table does not have them.
    pub(super) fn parts(&self, indicator: usize) -> Option<&PlannedParts> {
        self.plan.indicators.get(indicator)?.how.version(None)?.parts.as_ref()
    }

    /// The numerator of an indicator in a group.
    pub(super) fn numerator(&self, indicator: usize, group: usize) -> Option<Known> {
        self.known(&self.parts(indicator)?.numerator, group)
    }

    /// What is known of a part; none where it leaves 128 bits.
    pub(super) fn known(&self, part: &Combination, group: usize) -> Option<Known> {
        let mut known = Known::default();
        for (coefficient, sum) in &part.terms {
            let sum = self.states.sums.get(*sum)?.get(group).unwrap_or_default();
            let total = sum.total()?.checked_mul(i128::from(*coefficient))?;
            let lacking = sum.missing() > 0;
            known = known.and(Known { total, lacking, negative: total < 0 })?;
        }
        Some(known)
    }
}

/// What a table has, but for the measure that is to be computed.
struct Offered<'s, 'a> {
    sheet: &'s Sheet<'a>,
    hidden: Option<&'s str>,
}

impl Offer for Offered<'_, '_> {
    fn measure(&self, id: &str) -> bool {
        self.hidden != Some(id) && self.sheet.matched.has(id)
    }

    fn dimension(&self, id: &str) -> bool {
        self.sheet.matched.has_dimension(id)
    }

    fn schools(&self) -> bool {
        self.sheet.keys().schools.is_some()
    }
}

/// A figure of a measure as text.
pub(super) fn shown(total: i128, measure: &Measure) -> String {
    Decimal::new(total, measure.scale).map_or_else(|_| total.to_string(), |d| d.to_string())
}

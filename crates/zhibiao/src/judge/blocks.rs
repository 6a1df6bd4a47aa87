//! Blocks (评估单元): what is judged together, gathered from the answers of several questions.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use indexmap::IndexSet;

use crate::catalog::Indicator;
use crate::table::{Group, IndicatorTable, Named, Row};

/// An answer that is judged.
pub(super) struct Source<'a> {
    pub(super) table: &'a IndicatorTable,
    /// Whether it is only for rules that are asked of each school.
    schools: bool,
    /// Indicators by id, with their positions.
    columns: HashMap<&'a str, (usize, Arc<Indicator>)>,
    /// Position of the slice of stages.
    stage: Option<usize>,
}

impl<'a> Source<'a> {
    pub(super) fn new(table: &'a IndicatorTable, schools: bool) -> Self {
        let columns = table.indicators().enumerate();
        let columns = columns
            .map(|(at, indicator)| (indicator.id.as_str(), (at, Arc::new(indicator.clone()))));
        let stage = table.slices.iter().position(|(id, _)| id == "stage");
        Self { table, schools, columns: columns.collect(), stage }
    }

    pub(super) const fn is_by_stage(&self) -> bool {
        self.stage.is_some()
    }
}

/// A school or area in a period, and a slice if the question has slices.
pub(super) struct Block {
    /// What it is about, all stages together.
    pub(super) group: Arc<Group>,
    /// Whether it is only for rules that are asked of each school.
    pub(super) schools: bool,
    /// Its groups by stage, where an answer is split so.
    pub(super) stages: BTreeMap<Option<String>, Groups>,
}

/// The groups of several answers that are about one thing.
pub(super) struct Groups {
    pub(super) group: Arc<Group>,
    /// Positions of answers and of their groups.
    members: Vec<(usize, usize)>,
}

impl Groups {
    /// The row of an indicator: of several answers the first that has a value.
    pub(super) fn row<'a>(
        &self,
        sources: &'a [Source<'a>],
        indicator: &str,
    ) -> (Option<Arc<Indicator>>, Option<Row<'a>>) {
        let mut best: (Option<Arc<Indicator>>, Option<Row<'a>>) = (None, None);
        for (source, group) in &self.members {
            let Some(source) = sources.get(*source) else { continue };
            let Some((at, indicator)) = source.columns.get(indicator) else { continue };
            let row = source.table.rows_of(*group).nth(*at);
            let has_value = row.is_some_and(|row| row.value().is_some());
            if best.1.is_none() || has_value {
                best = (Some(Arc::clone(indicator)), row);
            }
            if has_value {
                break;
            }
        }
        best
    }
}

/// The blocks of all answers, by tier as first met, area, period and slice. Slices after the first
/// `split` ones only tell stages apart.
pub(super) fn blocks(sources: &[Source<'_>], split: usize) -> Vec<Block> {
    let (mut tiers, mut slices) = (IndexSet::new(), IndexSet::<Named>::new());
    let mut blocks = BTreeMap::new();
    for (at, source) in sources.iter().enumerate() {
        for (index, group) in source.table.groups.iter().enumerate() {
            let slice: Named = group.slices.iter().take(split).cloned().collect();
            let (tier, _) = tiers.insert_full(group.tier);
            let (slice_at, _) = slices.insert_full(Arc::clone(&slice));
            let key = (tier, group.area, group.school.clone(), group.period, slice_at);
            let block: &mut Block = blocks.entry(key).or_insert_with(|| Block {
                group: Arc::new(Group { slices: slice, ..group.clone() }),
                schools: true,
                stages: BTreeMap::new(),
            });
            block.schools &= source.schools;
            let stage = source.stage.and_then(|at| group.slices.get(at)?.as_ref());
            let stage = stage.map(|(id, _)| id.clone());
            let new = || Groups { group: Arc::new(group.clone()), members: Vec::new() };
            block.stages.entry(stage).or_insert_with(new).members.push((at, index));
        }
    }
    blocks.into_values().collect()
}

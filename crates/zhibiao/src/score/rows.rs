//! Rows: what an area reaches, as points, contributions and a grade, and what it lacks.

use std::sync::Arc;

use super::evaluate::carried;
use super::items::Shares;
use super::mean::Reached;
use super::scheme::{Aggregate, Grade, Part, Scheme};
use super::{Exact, ScoreRow, ScoreStatus};
use crate::error::Result;
use crate::number::Decimal;
use crate::table::{IndicatorTable, Status, Value};

impl Scheme {
    /// The rows of one area, not yet ranked.
    pub(super) fn rows(
        &self,
        table: &IndicatorTable,
        (at, columns): (usize, &[Option<usize>]),
        shares: &[Option<Shares>],
        reached: Vec<Reached<Exact>>,
    ) -> Result<Vec<ScoreRow>> {
        let Some(group) = table.groups.get(at).cloned().map(Arc::new) else {
            return Ok(Vec::new());
        };
        let carried = carried(self, &reached);
        let mut rows: Vec<ScoreRow> = Vec::with_capacity(self.nodes.len());
        for (((node, column), reached), carried) in
            self.nodes.iter().zip(columns).zip(reached).zip(carried)
        {
            let row = column.and_then(|column| table.rows_of(at).nth(column));
            let share = reached.share().cloned();
            let of_item = shares.get(rows.len()).and_then(Option::as_ref);
            let without = of_item.and_then(|all| all.get(at)).and_then(|own| own.as_ref().err());
            let adds = |parent: &Option<usize>| {
                let outer = parent.and_then(|parent| rows.get(parent));
                outer.is_none_or(|outer| {
                    outer.node.part == Part::Group(Aggregate::Arithmetic)
                        && outer.contribution.is_some()
                })
            };
            let contribution = share.as_ref().zip(carried.as_ref());
            let contribution = contribution.filter(|_| adds(&node.parent));
            let score = share.as_ref().map(|share| share.times(&node.weight.into()));
            rows.push(ScoreRow {
                group: Arc::clone(&group),
                node: Arc::clone(node),
                value: row.and_then(|row| row.value()).map(Value::figure),
                display: row.map(|row| row.display()).transpose()?.flatten(),
                grade: score
                    .as_ref()
                    .filter(|_| node.level == 0)
                    .and_then(|score| self.grade(|least| *score >= Exact::from(least)).cloned()),
                contribution: contribution.map(|(share, carried)| share.times(carried)),
                score,
                carried,
                rank: None,
                ranked: 0,
                status: match (row, without, &share) {
                    (Some(_), Some(_), Some(_)) => ScoreStatus::Zeroed,
                    (Some(_), Some(status), None) => *status,
                    (Some(row), None, _) => ScoreStatus::Of(row.status()),
                    (None, _, Some(_)) => ScoreStatus::Of(Status::Ok),
                    (None, _, None) => ScoreStatus::Lacking,
                },
                missing: without
                    .and(node.indicator())
                    .map(|of| of.id.clone())
                    .into_iter()
                    .collect(),
                share,
            });
        }
        gather_missing(&mut rows, self);
        Ok(rows)
    }

    /// The best grade whose threshold is met.
    pub(super) fn grade(&self, meets: impl Fn(Decimal) -> bool) -> Option<&Arc<Grade>> {
        self.grades.iter().find(|grade| grade.at_least.is_none_or(&meets))
    }
}

/// Tells every group what its items lack.
fn gather_missing(rows: &mut [ScoreRow], scheme: &Scheme) {
    let items = rows.iter().enumerate().filter(|(_, row)| !row.missing.is_empty());
    let items: Vec<(usize, String, ScoreStatus)> = items
        .flat_map(|(at, row)| row.missing.iter().map(move |id| (at, id.clone(), row.status)))
        .collect();
    for (at, id, status) in items {
        let mut outer = scheme.nodes.get(at).and_then(|node| node.parent);
        while let Some(at) = outer {
            if let Some(row) = rows.get_mut(at) {
                row.missing.push(id.clone());
                row.status = match (row.status, status) {
                    (ScoreStatus::Lacking, _) => ScoreStatus::Lacking,
                    (ScoreStatus::Zeroed, _) | (_, ScoreStatus::Zeroed) => ScoreStatus::Zeroed,
                    _ => ScoreStatus::Renormalized,
                };
            }
            outer = scheme.nodes.get(at).and_then(|node| node.parent);
        }
    }
}

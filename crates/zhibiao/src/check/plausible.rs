//! Plausibility (合理性): values that a standard of plausibility does not allow.

use super::Check;
use super::sheet::{Cell, Flaw, Sheet};
use crate::bind::Table;
use crate::engine::GroupBy;
use crate::error::{Problem, Result};
use crate::judge::{Verdict, VerdictRow};
use crate::query::Query;
use crate::state::Key;

/// Values of the table that fail a standard of plausibility, such as the cap on loans by year.
pub(super) fn plausible(check: &Check<'_>, sheet: &Sheet<'_>, table: &Table) -> Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    for standard in check.catalog.standards().filter(|standard| standard.plausibility) {
        let mut given = standard.indicators().into_iter().filter(|id| {
            let indicator = check.catalog.indicator(id);
            let parts = indicator.map(|i| i.kind.parts().all(|part| sheet.matched.has(part)));
            sheet.matched.has(id) || parts.is_ok_and(|parts| parts)
        });
        if given.next().is_none() {
            continue;
        }
        let query = Query::new(check.catalog).areas(check.areas.clone()).records(check.records);
        let verdicts = query.lang(check.lang).judge(table, standard)?;
        let failed = verdicts.rows().filter(|row| row.verdict == Verdict::Fails);
        let failed: Vec<(Key, &VerdictRow)> = failed.map(|row| (key_of(row), row)).collect();
        let keys: Vec<&Key> = failed.iter().map(|(key, _)| key).collect();
        let rows = sheet.first_rows(&GroupBy::default(), &keys);
        for (key, verdict) in &failed {
            let (Some(row), Some(indicator)) = (rows.get(key), &verdict.indicator) else {
                continue;
            };
            let numerator = indicator.kind.numerator().filter(|part| sheet.matched.has(part));
            let display = verdict.display.clone().unwrap_or_default();
            flaws.push(Flaw {
                row: sheet.bound.source_row(*row),
                cell: Cell::Figure(numerator.unwrap_or(&indicator.id).to_owned()),
                problem: Problem::Implausible {
                    indicator: indicator.id.clone(),
                    given: indicator.unit.attach(&display, check.lang),
                    threshold: verdict.criterion.threshold(check.lang),
                    standard: standard.id.clone(),
                    source: verdict.criterion.source.clone(),
                },
            });
        }
    }
    Ok(flaws)
}

fn key_of(row: &VerdictRow) -> Key {
    Key { period: row.group.period, area: row.group.area, school: None, slices: Vec::new() }
}

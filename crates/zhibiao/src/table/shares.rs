//! Shares of one whole (同一总体的占比): whether they add up as they are printed, and making them.
//!
//! Only printed digits are touched, never a value.

use super::{IndicatorTable, Row, Value};
use crate::catalog::{Indicator, Kind};
use crate::error::Result;
use crate::number::{Decimal, Ratio, apportion, sum};

/// Shares of a group that add up to their whole exactly.
struct Shares {
    group: usize,
    /// Positions of their columns.
    columns: Vec<usize>,
    exact: Vec<Ratio>,
    whole: Ratio,
    decimals: i8,
}

impl IndicatorTable {
    /// Prints shares that add up to their whole so that their digits do, too.
    pub(crate) fn add_up(&mut self) -> Result<()> {
        let mut adjusted: Vec<(usize, usize, Decimal)> = Vec::new();
        for shares in self.shares(0..self.groups.len()) {
            let mode = self.rounding.mode;
            let printed = apportion(&shares.exact, shares.whole, shares.decimals, mode)?;
            for ((column, exact), printed) in shares.columns.iter().zip(&shares.exact).zip(printed)
            {
                if exact.rounded(shares.decimals, mode)? != printed {
                    adjusted.push((*column, shares.group, printed));
                }
            }
        }
        self.columns.iter_mut().for_each(|column| column.adjusted.clear());
        for (column, group, printed) in adjusted {
            if let Some(column) = self.columns.get_mut(column) {
                column.adjusted.insert(group, printed);
            }
        }
        Ok(())
    }

    /// Whether shares of some groups add up to their whole, but not when each is rounded by itself.
    pub(crate) fn prints_uneven(&self, groups: impl Iterator<Item = usize>) -> Result<bool> {
        for shares in self.shares(groups) {
            let round = |exact: &Ratio| exact.rounded(shares.decimals, self.rounding.mode);
            let rounded = shares.exact.iter().map(|exact| Ok(round(exact)?.ratio()));
            if sum(&rounded.collect::<Result<Vec<_>>>()?)? != shares.whole {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn shares(&self, groups: impl Iterator<Item = usize>) -> Vec<Shares> {
        let families = self.families();
        let mut all = Vec::new();
        if families.is_empty() {
            return all;
        }
        for group in groups {
            let rows: Vec<Row<'_>> = self.rows_of(group).collect();
            let of = |family: &Vec<usize>| {
                let rows = family.iter().map(|column| rows.get(*column));
                shares_of(group, family, &rows.collect::<Option<Vec<_>>>()?)
            };
            all.extend(families.iter().filter_map(of));
        }
        all
    }

    /// Columns of shares that have whole, unit and decimals in common, two or more of each.
    fn families(&self) -> Vec<Vec<usize>> {
        let mut families: Vec<(&Indicator, Vec<usize>)> = Vec::new();
        for (column, indicator) in self.indicators().enumerate() {
            if !matches!(indicator.kind, Kind::Share { .. }) {
                continue;
            }
            match families.iter_mut().find(|(first, _)| of_one_whole(first, indicator)) {
                Some((_, columns)) => columns.push(column),
                None => families.push((indicator, vec![column])),
            }
        }
        let columns = families.into_iter().map(|(_, columns)| columns);
        columns.filter(|columns| columns.len() > 1).collect()
    }
}

fn of_one_whole(a: &Indicator, b: &Indicator) -> bool {
    a.kind.denominator() == b.kind.denominator() && a.unit == b.unit && a.decimals == b.decimals
}

/// The shares of rows, if all are exact and add up to the whole of their unit.
fn shares_of(group: usize, columns: &[usize], rows: &[&Row<'_>]) -> Option<Shares> {
    let first = rows.first()?.indicator();
    let whole = Ratio::integer(first.unit.whole()?);
    let exact = rows.iter().map(|row| match row.value()? {
        Value::Exact(value) => Some(value),
        Value::Root(..) | Value::Reported(_) => None,
    });
    let exact: Vec<Ratio> = exact.collect::<Option<_>>()?;
    let adds_up = sum(&exact).is_ok_and(|sum| sum == whole);
    let columns = columns.to_vec();
    adds_up.then_some(Shares { group, columns, exact, whole, decimals: first.decimals })
}

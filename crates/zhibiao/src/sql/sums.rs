//! Sums (求和): total and missing rows of each sum of a plan, over classes.

use super::number::{Number, WIDEST};
use super::statement::Writer;
use crate::catalog::{Condition, Linear, Sign};
use crate::error::Result;
use crate::number::pow10;
use crate::plan::PlannedSum;

impl Writer<'_> {
    /// Total and missing rows of a sum.
    pub(super) fn sum(&self, sum: &PlannedSum) -> Result<(String, String)> {
        let filter = self.filter(sum)?;
        let mut lacks: Vec<String> = self.lacking(sum)?.into_iter().collect();
        for other in sum.among.iter().filter_map(|at| self.of.plan.sums.get(*at)) {
            lacks.extend(self.lacking(other)?.filter(|other| !lacks.contains(other)));
        }
        let lacks = Some(lacks.join(" OR ")).filter(|lacks| !lacks.is_empty());
        let missing = match &lacks {
            None => "CAST(0 AS BIGINT)".to_owned(),
            Some(lacks) => self.rows_where(lacks),
        };
        // Where the filter holds, the sum itself lacks nothing but parts.
        let own = if sum.among.is_empty() { self.any_absent(&parts_of(sum)) } else { lacks };
        let complete = own.map(|own| format!("NOT ({own})"));
        let kept: Vec<String> = filter.into_iter().chain(complete).collect();
        let when = |value: &str| match kept.join(" AND ") {
            kept if kept.is_empty() => value.to_owned(),
            kept => format!("CASE WHEN {kept} THEN {value} END"),
        };
        let total = match self.row(sum)? {
            None if sum.of.is_some() => "CAST(0 AS BIGINT)".to_owned(),
            None => format!("CAST(SUM({}) AS BIGINT)", when(&self.own("n"))),
            Some(row) => {
                let at = self.added.iter().position(|added| added.sql == row.sql);
                let added = when(&self.own(&format!("a{}", at.unwrap_or(usize::MAX))));
                format!("CAST(SUM({added}) AS DECIMAL(38, {}))", row.scale)
            }
        };
        Ok((total, missing))
    }

    /// Whether rows of a class lack a part of a sum, or it cannot be told whether they count; never
    /// null. None where no row can.
    fn lacking(&self, sum: &PlannedSum) -> Result<Option<String>> {
        let absent = self.any_absent(&parts_of(sum));
        Ok(match (self.filter(sum)?, absent) {
            (None, absent) => absent,
            (Some(filter), None) => Some(format!("({filter}) IS NULL")),
            (Some(filter), Some(absent)) => {
                Some(format!("({filter}) IS NULL OR ({filter} AND ({absent}))"))
            }
        })
    }

    /// Whether rows of a class lack one of some figures, which those that contradict others do. None
    /// for no figures.
    fn any_absent(&self, measures: &[&str]) -> Option<String> {
        let position = |id: &&str| self.figures.iter().position(|(own, _)| own == id);
        let absent = measures.iter().filter_map(position).map(|at| self.flag(&self.absent(at)));
        let void = (!self.of.records).then(|| self.own("void"));
        let absent: Vec<String> = absent.collect();
        (!absent.is_empty())
            .then(|| absent.into_iter().chain(void).collect::<Vec<_>>().join(" OR "))
    }

    fn filter(&self, sum: &PlannedSum) -> Result<Option<String>> {
        let filter = sum.filter.and_then(|filter| self.of.plan.filters.get(filter));
        filter.map(|filter| self.condition(filter)).transpose()
    }

    /// What a sum adds up of each row; none where that is nothing, or the row itself.
    pub(super) fn row(&self, sum: &PlannedSum) -> Result<Option<Number>> {
        let Some(of) = sum.of.as_ref().filter(|of| !of.parts.is_empty()) else { return Ok(None) };
        let mut parts = Vec::with_capacity(of.parts.len());
        for (coefficient, id) in &of.parts {
            let own = self.of.layout.measure(id).map_or(0, |(measure, ..)| measure.scale);
            let factor = pow10(u32::from(sum.scale.saturating_sub(own)));
            let factor = factor.and_then(|factor| i64::try_from(factor).ok()).unwrap_or(1);
            // Exact: the plan has multiplied by it.
            parts.push((coefficient.checked_div(factor).unwrap_or(0), self.number(id)));
        }
        Number::linear(&parts, of.constant)?.at_most(WIDEST).map(Some)
    }

    /// A condition on classes: null where it cannot be told.
    fn condition(&self, condition: &Condition) -> Result<String> {
        Ok(match condition {
            Condition::Is { dimension, values } => self.test(dimension, values),
            Condition::Compare { left, sign, right } => {
                let holds = self.flag(&self.comparison(left, *sign, right)?);
                let parts = left.parts.iter().chain(&right.parts);
                let parts: Vec<&str> = parts.map(|(_, id)| id.as_str()).collect();
                match self.any_absent(&parts) {
                    None => holds,
                    Some(absent) => format!("CASE WHEN NOT ({absent}) THEN {holds} END"),
                }
            }
            Condition::And(a, b) => format!("({} AND {})", self.condition(a)?, self.condition(b)?),
            Condition::Or(a, b) => format!("({} OR {})", self.condition(a)?, self.condition(b)?),
            Condition::Not(inner) => format!("(NOT {})", self.condition(inner)?),
        })
    }

    /// Whether a row compares so.
    pub(super) fn comparison(&self, left: &Linear, sign: Sign, right: &Linear) -> Result<String> {
        let side = |row: &Linear| {
            let parts: Vec<(i64, Number)> =
                row.parts.iter().map(|(factor, id)| (*factor, self.number(id))).collect();
            Number::linear(&parts, row.constant)
        };
        Ok(format!("{} {sign} {}", side(left)?.sql, side(right)?.sql))
    }

    /// Whether a dimension has one of some values; null where it has none.
    fn test(&self, dimension: &str, values: &[String]) -> String {
        let Some(at) = self.of.layout.dimension(dimension) else { return "NULL".to_owned() };
        let code = self.own(&format!("d{at}"));
        let declared = self.of.layout.dimensions.get(at).map(|(dimension, _)| &dimension.values);
        let positions = declared.into_iter().flatten().enumerate();
        let wanted = positions.filter(|(_, value)| values.contains(&value.id));
        let wanted: Vec<String> = wanted.map(|(position, _)| position.to_string()).collect();
        match wanted.as_slice() {
            [] => format!("{code} < 0"),
            [only] => format!("{code} = {only}"),
            several => format!("{code} IN ({})", several.join(", ")),
        }
    }
}

/// The measures of a sum.
fn parts_of(sum: &PlannedSum) -> Vec<&str> {
    sum.of.iter().flat_map(|of| &of.parts).map(|(_, id)| id.as_str()).collect()
}

//! A plan in words: one line a sum, one line an indicator.

use std::fmt;

use super::{Combination, How, Plan, PlannedDispersion, PlannedParts, PlannedSum, Version};
use crate::catalog::{Condition, Linear};

impl fmt::Display for Plan {
    /// One line a sum, one line an indicator.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, sum) in self.sums.iter().enumerate() {
            writeln!(f, "s{index} = {}", self.sum_text(sum))?;
        }
        for planned in &self.indicators {
            write!(f, "{} = ", planned.indicator.id)?;
            match &planned.how {
                How::Quotient(versions) => {
                    let version = |version: &Version| {
                        let parts = version.parts.as_ref();
                        let parts = parts.map_or_else(|| "as reported".to_owned(), quotient);
                        let until = version.until.map(|until| format!(" until {until}, then "));
                        format!("{parts}{}", until.unwrap_or_default())
                    };
                    writeln!(f, "{}", versions.iter().map(version).collect::<String>())?;
                }
                How::Change { of, before, form } => {
                    writeln!(f, "{form:?} of {} against {before:?}", self.name(*of))?;
                }
                How::Derived { inputs, .. } => {
                    writeln!(f, "derived from {}", self.names(inputs))?;
                }
                How::Composite { inputs } => writeln!(f, "mean of {}", self.names(inputs))?,
                How::Dispersion(None) => writeln!(f, "as reported")?,
                How::Dispersion(Some(PlannedDispersion { resource, weight, among, .. })) => {
                    writeln!(f, "dispersion of ({resource}) / ({weight}) among {among:?}")?;
                }
            }
        }
        Ok(())
    }
}

impl Plan {
    /// Names of the sums: as they are printed, each once.
    pub(crate) fn sum_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::with_capacity(self.sums.len());
        for (index, sum) in self.sums.iter().enumerate() {
            let text = self.sum_text(sum);
            let name = if names.contains(&text) { format!("s{index} = {text}") } else { text };
            names.push(name);
        }
        names
    }

    fn sum_text(&self, sum: &PlannedSum) -> String {
        let mut text = match &sum.of {
            Some(of) if of.parts.is_empty() => "nothing".to_owned(),
            Some(of) => format!("sum({})", Row(of)),
            None => "count(*)".to_owned(),
        };
        if let Some(filter) = sum.filter.and_then(|filter| self.filters.get(filter)) {
            text.push_str(&format!(" filter (where {filter})"));
        }
        if !sum.among.is_empty() {
            let names: Vec<String> = sum.among.iter().map(|sum| format!("s{sum}")).collect();
            text.push_str(&format!(" over rows with {}", names.join(", ")));
        }
        text
    }

    fn name(&self, indicator: usize) -> &str {
        self.indicators.get(indicator).map_or("", |planned| &planned.indicator.id)
    }

    fn names(&self, indicators: &[usize]) -> String {
        let names: Vec<&str> = indicators.iter().map(|indicator| self.name(*indicator)).collect();
        names.join(", ")
    }
}

fn quotient(parts: &PlannedParts) -> String {
    let PlannedParts { numerator, denominator, lagged, .. } = parts;
    let lagged =
        lagged.as_ref().map(|lagged| format!("[{:?}] {}", lagged.before, lagged.denominator));
    match (denominator, lagged) {
        (None, None) => numerator.to_string(),
        (Some(now), None) => format!("({numerator}) / ({now})"),
        (None, Some(then)) => format!("({numerator}) / ({then})"),
        (Some(now), Some(then)) => format!("({numerator}) / ({then} + {now})"),
    }
}

impl fmt::Display for Combination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (coefficient, sum)) in self.terms.iter().enumerate() {
            match (index, coefficient) {
                (0, 1) => write!(f, "s{sum}")?,
                (_, 1) => write!(f, " + s{sum}")?,
                (_, -1) => write!(f, " - s{sum}")?,
                (0, other) => write!(f, "{other} * s{sum}")?,
                (_, other) => write!(f, " + {other} * s{sum}")?,
            }
        }
        Ok(())
    }
}

/// A row as the formula grammar writes it.
struct Row<'a>(&'a Linear);

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (coefficient, id) in &self.0.parts {
            match (first, *coefficient) {
                (true, 1) => write!(f, "{id}")?,
                (false, 1) => write!(f, " + {id}")?,
                (_, -1) => write!(f, " - {id}")?,
                (true, other) => write!(f, "{other} * {id}")?,
                (false, other) if other < 0 => write!(f, " - {} * {id}", other.unsigned_abs())?,
                (false, other) => write!(f, " + {other} * {id}")?,
            }
            first = false;
        }
        match (first, self.0.constant) {
            (true, constant) => write!(f, "{constant}"),
            (false, 0) => Ok(()),
            (false, constant) => write!(f, " + {constant}"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is { dimension, values } => {
                let values: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
                write!(f, "{dimension} in ({})", values.join(", "))
            }
            Self::Compare { left, sign, right } => {
                write!(f, "{} {sign} {}", Row(left), Row(right))
            }
            Self::And(a, b) => write!(f, "({a}) and ({b})"),
            Self::Or(a, b) => write!(f, "({a}) or ({b})"),
            Self::Not(inner) => write!(f, "not ({inner})"),
        }
    }
}

//! Limits of the values of a table.

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::chance::{Chance, LimitOptions};
use crate::error::Result;
use crate::table::IndicatorTable;

/// Limits of a value at a level (置信限).
#[derive(Clone, Debug, PartialEq)]
pub struct ValueLimits {
    /// Confidence level, a fraction.
    pub level: f64,
    /// Lower limit in the unit of the indicator.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
    /// By which method.
    pub method: Option<&'static str>,
}

impl Figures for ValueLimits {
    const TITLE: [&'static str; 2] = ["置信限", "Limits"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new(
            "level",
            ["置信水平", "level"],
            Of::Number(|own| Some(own.level), Shown::Plain(3)),
        ),
        Figure::new("lower", ["下限", "lower"], Of::Number(|own| own.lower, Shown::InUnit)),
        Figure::new("upper", ["上限", "upper"], Of::Number(|own| own.upper, Shown::InUnit)),
        Figure::new("method", ["方法", "method"], Of::Words(|own| own.method)),
        Figure::new(
            "basis",
            ["含义", "basis"],
            Of::Words(|own| own.method.map(|_| "superpopulation")),
        ),
    ];
}

impl IndicatorTable {
    /// Interval limits of all values (置信限): one row per row of the table and level.
    ///
    /// Complete counts are no samples. What their limits tell is how far chance would take another
    /// county that is like this one (`basis` is `superpopulation`); nothing in this crate shows
    /// them unless they are asked for.
    ///
    /// # Formula
    /// Shares of counts: as [`proportion_limits`](crate::stat::proportion_limits); rates and
    /// completions with a counted numerator, and totals of counts, as
    /// [`count_limits`](crate::stat::count_limits) over the denominator, which is taken as given.
    ///
    /// # Missing values
    /// `no_model` for what is no quotient of counts: amounts, ratios, derived values, dispersions and
    /// reported figures. The limits of schools are not those of pupils: pupils of one school are not
    /// independent.
    ///
    /// # Errors
    /// `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, compare::LimitOptions, stat::Level};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "children_public" => [81], "children" => [263]]?;
    /// let table = Query::new(&catalog).indicators(["preschool.public_share"]).run(&county)?;
    /// let asked = LimitOptions { levels: vec![Level::new(0.95)?], ..LimitOptions::default() };
    /// let limits = table.limits(&asked)?;
    /// let found = limits.rows().next().unwrap().figures();
    /// assert_eq!((found.lower.unwrap() * 100.0).round(), 2553.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn limits(&self, how: &LimitOptions) -> Result<Compared<ValueLimits>> {
        let mut answer = Compared::about(self);
        for group in 0..self.groups.len() {
            for (at, row) in self.rows_of(group).enumerate() {
                let chance = Chance::of(row);
                for level in &how.levels {
                    let found = chance.and_then(|chance| chance.limits(*level, how));
                    let own = Own::of(row)?;
                    let own = match found {
                        None if own.value.is_some() => own.because(Reason::NoModel),
                        _ => own,
                    };
                    let figures = ValueLimits {
                        level: level.level(),
                        lower: found.map(|(limits, _)| limits.lower),
                        upper: found.map(|(limits, _)| limits.upper),
                        method: found.map(|(_, method)| method),
                    };
                    answer.push((group, at), own, figures);
                }
            }
        }
        Ok(answer)
    }
}

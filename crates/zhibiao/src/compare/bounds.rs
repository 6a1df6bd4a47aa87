//! Bounds of the values of a table that are not known exactly.

use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use crate::error::Result;
use crate::number::{Bounds, Ratio};
use crate::table::{IndicatorTable, Value};

/// Where a value lies that is not known exactly (界).
#[derive(Clone, Debug, PartialEq)]
pub struct ValueBounds {
    /// In the unit of the indicator.
    pub bounds: Bounds,
    /// How a wording was read, or what the value was worked out from.
    pub reading: String,
}

impl Figures for ValueBounds {
    const TITLE: [&'static str; 2] = ["界", "Bounds"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new(
            "lower",
            ["下界", "lower"],
            Of::Number(|own| own.bounds.lo.value().map(Ratio::to_f64), Shown::InUnit),
        ),
        Figure::new("lower_end", ["下端", "lower end"], Of::Words(|own| own.bounds.lo.id())),
        Figure::new(
            "upper",
            ["上界", "upper"],
            Of::Number(|own| own.bounds.hi.value().map(Ratio::to_f64), Shown::InUnit),
        ),
        Figure::new("upper_end", ["上端", "upper end"], Of::Words(|own| own.bounds.hi.id())),
        Figure::new(
            "reading",
            ["口径", "reading"],
            Of::Words(|own| Some(own.reading.as_str()).filter(|reading| !reading.is_empty())),
        ),
    ];
}

impl IndicatorTable {
    /// Where the values lie that are not known exactly (界): reported ones, those made of what is told
    /// by words or below the unit, and those of which a part is withheld; one row for each.
    ///
    /// Of quotients, the bounds are [tight](crate::number::BoundedQuotient): a figure that is in
    /// numerator and denominator counts once. An end that is `open` is not reached; where there is no
    /// end, it is null.
    ///
    /// # Missing values
    /// `value` is null where a part is withheld (`suppressed`).
    ///
    /// # Errors
    /// `overflow` when a number leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, symbol::Dialect};
    /// let catalog = Catalog::builtin();
    /// let schools = df!["area" => ["140728", "140728"], "school" => ["1", "2"],
    ///     "children_public" => ["[c]", "60"], "children" => ["20", "100"]]?;
    /// let query = Query::new(&catalog).indicators(["preschool.public_share"]);
    /// let table = query.symbols(Dialect::Uk).run(&schools)?;
    /// let bounds = table.bounds()?;
    /// let row = bounds.rows().next().unwrap();
    /// assert_eq!(row.display(), Some("50.0–66.7"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn bounds(&self) -> Result<Compared<ValueBounds>> {
        let mut answer = Compared::about(self);
        for group in 0..self.groups.len() {
            for (at, row) in self.rows_of(group).enumerate() {
                let Some(bounds) = row.bounds() else { continue };
                let reading = match row.value() {
                    Some(Value::Reported(reported)) => reported.reading.clone(),
                    _ => String::new(),
                };
                answer.push((group, at), Own::of(row)?, ValueBounds { bounds, reading });
            }
        }
        Ok(answer)
    }
}

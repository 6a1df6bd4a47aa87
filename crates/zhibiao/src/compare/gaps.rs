//! Gaps between two slices of an area: of town and country, of girls and boys.

use std::sync::Arc;

use hashbrown::HashMap;

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown, printed};
use crate::area::{AreaCode, Tier};
use crate::error::{Problem, Result, near};
use crate::number::Ratio;
use crate::period::Period;
use crate::stat::{adjusted_parity, parity};
use crate::table::{Group, IndicatorTable, Named, Row, Status, Value, lacks};

/// The gap between two slices (分组差距).
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// Value of the first slice.
    pub first: Option<f64>,
    /// Value of the second.
    pub second: Option<f64>,
    /// First over second: the parity index where these are girls and boys.
    pub parity: Option<f64>,
    /// The same, symmetrical around 1.
    pub adjusted: Option<f64>,
}

impl Figures for Gap {
    const TITLE: [&'static str; 2] = ["分组差距", "Gaps"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::leading("first", ["前者", "first"], Of::Number(|own| own.first, Shown::InUnit)),
        Figure::leading("second", ["后者", "second"], Of::Number(|own| own.second, Shown::InUnit)),
        Figure::new(
            "parity",
            ["均等指数", "parity index"],
            Of::Number(|own| own.parity, Shown::Plain(3)),
        ),
        Figure::new(
            "adjusted",
            ["调整均等指数", "adjusted parity index"],
            Of::Number(|own| own.adjusted, Shown::Plain(3)),
        ),
    ];

    fn told_in(&self) -> Shown {
        Shown::Difference
    }
}

/// What two slices have in common.
type Key<'a> = (Tier, AreaCode, Option<&'a Arc<str>>, Option<Period>, Named);

impl IndicatorTable {
    /// The gap between two slices of a dimension (城乡差距, 性别差距), such as urban and rural, female and
    /// male: one row per area, period, other slices and indicator.
    ///
    /// # Formula
    /// `value = first − second` from exact values, in percentage points for %; `parity = first ÷
    /// second`; `adjusted` is that up to 1, above it `2 − second ÷ first`.
    ///
    /// # Missing values
    /// `no_reference` where one of both has no value; no index over 0.
    ///
    /// # Errors
    /// `bad-option` where the table is not split by the dimension, or never has a slice, and for one slice against itself.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let county = df![
    ///     "area" => ["140728", "140728"], "sex" => ["女", "男"],
    ///     "projects" => [50, 50], "projects_done" => [40, 50],
    /// ]?;
    /// let query = Query::new(&catalog).indicators(["projects.completion"]).slices(["sex"]);
    /// let gaps = query.run(&county)?.gaps("sex", "female", "male")?;
    /// let row = gaps.rows().next().unwrap();
    /// assert_eq!((row.value(), row.figures().parity), (Some(-20.0), Some(0.8)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// UNESCO Institute for Statistics (2018), *Metadata for the global and thematic indicators*,
    /// indicator 4.5.1.
    pub fn gaps(&self, dimension: &str, first: &str, second: &str) -> Result<Compared<Gap>> {
        let place = self.slices.iter().position(|(id, name)| id == dimension || name == dimension);
        let place = place.ok_or_else(|| {
            let known: Vec<&str> = self.slices.iter().map(|(id, _)| id.as_str()).collect();
            let wanted = if known.is_empty() {
                "a dimension that the table is split by; it is split by none".to_owned()
            } else {
                format!("a dimension that the table is split by, such as {}", known.join(", "))
            };
            let (option, value) = ("dimension of this table".to_owned(), dimension.to_owned());
            Problem::BadOption { option, value, wanted }
        })?;
        let (first, second) = (self.slice_id(place, first)?, self.slice_id(place, second)?);
        if first == second {
            let (option, wanted) = ("second slice".to_owned(), "another than the first".to_owned());
            return Err(Problem::BadOption { option, value: second, wanted }.into());
        }
        let mut pairs: Vec<(Group, [Option<usize>; 2])> = Vec::new();
        let mut places: HashMap<Key<'_>, usize> = HashMap::new();
        for (position, group) in self.groups.iter().enumerate() {
            let Some(Some((slice, _))) = group.slices.get(place) else { continue };
            let side = usize::from(*slice != first);
            if side == 1 && *slice != second {
                continue;
            }
            let rest = without(&group.slices, place);
            let key =
                (group.tier, group.area, group.school.as_ref(), group.period, Arc::clone(&rest));
            let at = *places.entry(key).or_insert_with(|| {
                pairs.push((Group { slices: rest, ..group.clone() }, [None, None]));
                pairs.len().saturating_sub(1)
            });
            if let Some(own) = pairs.get_mut(at).and_then(|(_, pair)| pair.get_mut(side)) {
                *own = Some(position);
            }
        }
        let mut answer: Compared<Gap> = Compared::about(self);
        answer.slices.remove(place);
        answer.groups.clear();
        for (group, [one, other]) in pairs {
            for at in 0..self.shown {
                let row = |position: Option<usize>| self.rows_of(position?).nth(at);
                let (own, figures) = gap(row(one), row(other))?;
                answer.push((answer.groups.len(), at), own, figures);
            }
            answer.groups.push(group);
        }
        Ok(answer)
    }

    /// The id of a slice that is named by id or name.
    fn slice_id(&self, place: usize, named: &str) -> Result<String> {
        let slices = self.groups.iter().filter_map(|group| group.slices.get(place)?.as_ref());
        let found = slices.clone().find(|(id, name)| id == named || name == named);
        found.map(|(id, _)| id.clone()).ok_or_else(|| {
            let given: Vec<&str> = slices.map(|(id, _)| id.as_str()).collect();
            lacks("slice", named, &near(named, given))
        })
    }
}

fn without(slices: &Named, place: usize) -> Named {
    let kept = slices.iter().enumerate().filter(|(at, _)| *at != place);
    kept.map(|(_, slice)| slice.clone()).collect()
}

fn gap(first: Option<Row<'_>>, second: Option<Row<'_>>) -> Result<(Own, Gap)> {
    let value = |row: Option<Row<'_>>| row?.value().map(Value::figure);
    let (one, other) = (value(first), value(second));
    let index = one.zip(other).and_then(|(one, other)| parity(one.to_f64(), other.to_f64()));
    let figures = Gap {
        first: one.map(Ratio::to_f64),
        second: other.map(Ratio::to_f64),
        parity: index,
        adjusted: index.and_then(adjusted_parity),
    };
    let Some((one, other)) = one.zip(other) else {
        return Ok((Own { value: None, display: None, reason: Reason::NoReference }, figures));
    };
    let difference = one.sub(other)?.to_f64();
    let decimals = first.map_or(0, |row| row.indicator().decimals);
    let display = Some(printed(difference, decimals));
    Ok((Own { value: Some(difference), display, reason: Reason::Of(Status::Ok) }, figures))
}

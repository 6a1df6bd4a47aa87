//! States as a frame (聚合状态表), which any file can keep and any engine can join.

use polars::prelude::{
    AnyValue, Column, DataFrame, Int128Chunked, IntoColumn, NewChunkedArray, PlSmallStr, Scalar,
    StringChunked, UInt64Chunked,
};

use super::States;
use crate::catalog::Catalog;
use crate::error::{Error, Problem, Result};
use crate::plan::Plan;

/// The column that keeps what the sums are.
pub(crate) const DEFINITION: &str = "definition";

/// The number of rows that are summed.
pub(crate) const ROWS: &str = "rows";

/// The names of the columns of a sum: of its total, and of the rows that lack a part.
pub(crate) fn sum_columns(plan: &Plan) -> Vec<(String, String)> {
    let missing = |name: &String| format!("missing of {name}");
    plan.sum_names().iter().map(|name| (name.clone(), missing(name))).collect()
}

impl States {
    /// The states as a frame: one row a group, in the order of keys.
    ///
    /// Columns: `area`, `area_name`, `period`, `school` and one a slice as text; `rows`; of each sum
    /// its total, named as the [plan](Self::plan) prints it, in base units as Decimal(38, scale), and
    /// `missing of` it the rows that lack a part; `definition`, by which
    /// [`Query::from_states`](crate::Query::from_states) knows what they are the sums of.
    ///
    /// Findings are not kept, nor where a part is first missing.
    ///
    /// # Errors
    /// `overflow` when a sum has more than 38 digits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let query = Query::new(&catalog).indicators(["projects.completion"]);
    /// let counties = df!["area" => ["140728"], "projects" => [60], "projects_done" => [52]]?;
    /// let kept = query.states(&counties)?.frame(&catalog)?;
    /// assert_eq!(query.from_states(&kept)?.frame()?, query.run(&counties)?.frame()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn frame(&self, catalog: &Catalog) -> Result<DataFrame> {
        let definition = serde_json::to_string(&self.plan.definition(catalog)?)
            .map_err(|error| refused(error.to_string()))?;
        let text = |name: &str, cells: Vec<Option<String>>| {
            StringChunked::from_iter_options(PlSmallStr::from_str(name), cells.into_iter())
                .into_column()
        };
        let keys = || self.keys.iter();
        let name = |area| self.names.get(area).cloned();
        let mut columns = vec![
            text("area", keys().map(|key| Some(key.area.to_string())).collect()),
            text("area_name", keys().map(|key| name(&key.area)).collect()),
            text("period", keys().map(|key| Some(key.period?.to_string())).collect()),
            text("school", keys().map(|key| Some(key.school.as_ref()?.to_string())).collect()),
        ];
        for (at, slice) in self.plan.slices.iter().enumerate() {
            let dimension = catalog.dimension(slice)?;
            let value = |position: &Option<u32>| {
                let position = usize::try_from((*position)?).ok()?;
                Some(dimension.values.get(position)?.id.clone())
            };
            columns.push(text(slice, keys().map(|key| value(key.slices.get(at)?)).collect()));
        }
        columns.push(UInt64Chunked::from_slice(ROWS.into(), &self.rows).into_column());
        let sums = self.plan.sums.iter().zip(sum_columns(&self.plan)).zip(&self.sums);
        for (at, ((sum, (total, missing)), column)) in sums.enumerate() {
            let groups = 0..self.len();
            let overflow =
                || Problem::Overflow { what: format!("the sum of {}", self.plan.label(at)) };
            let totals = groups.clone().map(|group| {
                if column.is_empty() { Some(0) } else { column.total(group) }.ok_or_else(overflow)
            });
            let totals = totals.collect::<Result<Vec<i128>, Problem>>()?;
            let totals = Int128Chunked::from_slice(total.into(), &totals)
                .into_decimal(38, usize::from(sum.scale))
                .map_err(|error| refused(error.to_string()))?;
            columns.push(totals.into_column());
            let lacking: Vec<u64> = groups.map(|group| column.missing(group)).collect();
            columns.push(UInt64Chunked::from_slice(missing.into(), &lacking).into_column());
        }
        let definition = Scalar::from(PlSmallStr::from_str(&definition));
        columns.push(Column::new_scalar(DEFINITION.into(), definition, self.len()));
        DataFrame::new(self.len(), columns).map_err(|error| refused(error.to_string()))
    }
}

/// The definition that all rows of a frame keep.
///
/// # Errors
/// `not-states` where there is none; `states-differ` where there are several.
pub(crate) fn definition_of(frame: &DataFrame) -> Result<String> {
    let none = || Error::from(Problem::NotStates { reason: format!("no column `{DEFINITION}`") });
    let column = frame.column(DEFINITION).map_err(|_| none())?;
    let first = column.get(0).map_err(|_| Error::from(Problem::EmptyTable {}))?;
    let text = |value: &AnyValue<'_>| value.get_str().map(ToOwned::to_owned);
    let definition = text(&first).ok_or_else(none)?;
    for row in 1..column.len() {
        let other = column.get(row).ok().and_then(|value| text(&value)).unwrap_or_default();
        if other != definition {
            let what = format!("the definition of row {}", row.saturating_add(1));
            let (here, there) = (other, definition);
            return Err(Problem::StatesDiffer { what, here, there }.into());
        }
    }
    Ok(definition)
}

fn refused(reason: String) -> Error {
    Problem::UnreadableTable { reason }.into()
}

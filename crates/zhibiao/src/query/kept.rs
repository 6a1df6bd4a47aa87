//! States that were kept as a frame, and come back.

use std::sync::Arc;

use polars::prelude::{Column, DataFrame, DataType};

use super::Query;
use crate::bind::{Value, whole};
use crate::error::{Error, Place, Problem, Result};
use crate::plan::Definition;
use crate::sql::Rows;
use crate::state::{ROWS, States, definition_of, sum_columns};
use crate::table::IndicatorTable;

impl Query<'_> {
    /// The table of states that were kept as a [frame](States::frame): of this question, or of any
    /// other, for the frame says what its indicators are. Of several frames of one definition the rows
    /// may stand in one; rows of one key add up.
    ///
    /// # Errors
    /// As for [`kept_states`](Self::kept_states), and for [`finish`](Self::finish).
    pub fn from_states(&self, frame: &DataFrame) -> Result<IndicatorTable> {
        self.finish(&self.kept_states(frame)?)
    }

    /// States that were kept as a [frame](States::frame).
    ///
    /// # Errors
    /// `not-states` for a frame that lacks columns or has other types; `states-differ` where its
    /// definitions are not those of the catalogue, or of each other.
    pub fn kept_states(&self, frame: &DataFrame) -> Result<States> {
        let definition = definition_of(frame)?;
        let definition: Definition = serde_json::from_str(&definition)
            .map_err(|error| not_states(format!("the definition cannot be read: {error}")))?;
        let plan = Arc::new(definition.plan(self.catalog)?);
        let mut keys = Vec::new();
        for name in ["area", "area_name", "period", "school"] {
            let column = found(frame, name)?;
            if column.null_count() < column.len() {
                keys.push((name.to_owned(), column.clone()));
            }
        }
        let counts = |name: &str| -> Result<Vec<u64>> {
            let count = |count: Option<i128>| {
                let count = count.and_then(|count| u64::try_from(count).ok());
                count.ok_or_else(|| not_states(format!("`{name}` holds no counts")))
            };
            integers(frame, name, 0)?.into_iter().map(count).collect()
        };
        let sums = plan.sums.iter().zip(sum_columns(&plan)).map(|(sum, (total, missing))| {
            let empty = || not_states(format!("`{total}` has an empty cell"));
            let totals = integers(frame, &total, sum.scale)?.into_iter();
            let totals = totals.map(|total| total.ok_or_else(empty)).collect::<Result<Vec<_>>>()?;
            Ok(totals.into_iter().zip(counts(&missing)?).collect())
        });
        let rows = Rows {
            keys,
            slices: self.slices_of(frame, &definition.slices)?,
            counts: counts(ROWS)?,
            once: false,
            void: vec![0; frame.height()],
            sums: sums.collect::<Result<_>>()?,
            used: vec![true; frame.height()],
        };
        if let Some(reason) = rows.contradiction() {
            return Err(not_states(reason));
        }
        let place = |column: &str, _: u64| Place::Cell {
            file: None,
            sheet: None,
            row: None,
            column: Some(column.to_owned()),
        };
        let worlds = (self.catalog, &self.areas);
        let (states, findings) = rows.states(&plan, worlds, &place, &self.watch)?;
        Ok(States { findings, ..states })
    }

    /// Positions of the values of each slice.
    fn slices_of(&self, frame: &DataFrame, slices: &[String]) -> Result<Vec<Vec<Option<u32>>>> {
        let positions = |slice: &String| -> Result<Vec<Option<u32>>> {
            let dimension = self.catalog.dimension(slice)?;
            let column = found(frame, slice)?.cast(&DataType::String);
            let column = column.map_err(|error| not_states(error.to_string()))?;
            let cells = column.str().map_err(|error| not_states(error.to_string()))?;
            let position = |cell: Option<&str>| match cell.map(|cell| Value::of(dimension, cell)) {
                None => Ok(None),
                Some(Value::Known(position)) => Ok(u32::try_from(position).ok()),
                Some(_) => {
                    let cell = cell.unwrap_or_default();
                    Err(not_states(format!("`{cell}` is no value of `{slice}`")))
                }
            };
            cells.iter().map(position).collect()
        };
        slices.iter().map(positions).collect()
    }
}

fn integers(frame: &DataFrame, name: &str, scale: u8) -> Result<Vec<Option<i128>>> {
    whole(found(frame, name)?, scale).map_err(|error| not_states(error.problem().to_string()))
}

fn found<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Column> {
    frame.column(name).map_err(|_| not_states(format!("no column `{name}`")))
}

fn not_states(reason: String) -> Error {
    Problem::NotStates { reason }.into()
}

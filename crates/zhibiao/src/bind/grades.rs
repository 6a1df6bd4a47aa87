//! Grades (等级): cells that name one of the declared grades of a measure, or say yes or no.

use polars::prelude::{Column, DataType, Int64Chunked, IntoColumn};

use crate::catalog::Measure;
use crate::error::{Problem, Result};

/// The positions of the grades that the cells of a column name; each flaw is told with its row, and
/// its cell is missing.
pub(super) fn positions(
    measure: &Measure,
    column: &Column,
    flaw: &mut dyn FnMut(usize, Problem),
) -> Result<Column> {
    let unexpected = |error: polars::prelude::PolarsError| Problem::UnreadableTable {
        reason: error.to_string(),
    };
    // 1.0 of a float column, which had empty cells, is the 1 of a whole one.
    let whole =
        if column.dtype().is_float() { column.cast(&DataType::Int64) } else { Ok(column.clone()) };
    let cells = whole.and_then(|cells| cells.cast(&DataType::String)).map_err(unexpected)?;
    let cells = cells.str().map_err(unexpected)?;
    let positions: Int64Chunked = cells
        .iter()
        .enumerate()
        .map(|(row, cell)| {
            let cell = cell.map(str::trim).filter(|cell| !cell.is_empty())?;
            let found = position(measure, cell).map_err(|problem| flaw(row, problem));
            found.ok().and_then(|at| i64::try_from(at).ok())
        })
        .collect();
    Ok(positions.with_name(column.name().clone()).into_column())
}

/// The position of the grade that a cell names.
pub(super) fn position(measure: &Measure, cell: &str) -> Result<usize, Problem> {
    measure.grade(cell).ok_or_else(|| {
        let grades = measure.grades.iter().map(|grade| grade.name.zh.as_str());
        Problem::UnknownValue {
            value: cell.to_owned(),
            dimension: measure.id.clone(),
            near: grades.collect::<Vec<_>>().join(", "),
        }
    })
}

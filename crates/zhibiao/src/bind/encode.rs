//! Key columns as small integers: equal cells get equal ids, so that each distinct cell is read
//! only once.

use std::hash::Hash;

use hashbrown::HashMap;
use polars::prelude::{ChunkedArray, Column, DataType, PolarsError, PolarsNumericType};
use rayon::prelude::*;

use crate::error::{Problem, Result};
use crate::watch::{STRIDE, Watch};

/// A column by its distinct cells, in the order they first occur.
#[derive(Clone, Debug)]
pub(super) struct Encoded {
    /// Position of each row's cell in `cells`.
    pub(super) ids: Vec<u32>,
    /// Distinct cells as text; an empty cell is the empty text.
    pub(super) cells: Vec<String>,
    /// Row in which each first occurs.
    pub(super) first_rows: Vec<usize>,
}

/// Encodes a column of text, categories, whole numbers or floats; what it gives of a cancelled run
/// means nothing.
pub(super) fn encode(column: &Column, watch: &Watch) -> Result<Encoded> {
    let refused = |error: PolarsError| Problem::UnreadableTable { reason: error.to_string() };
    let dtype = column.dtype();
    if dtype.is_integer() {
        let column = column.rechunk();
        return match dtype {
            DataType::UInt32 => Ok(whole(column.u32().map_err(refused)?, watch)),
            DataType::Int32 => Ok(whole(column.i32().map_err(refused)?, watch)),
            _ => {
                let column = column.cast(&DataType::Int64).map_err(refused)?;
                Ok(whole(column.i64().map_err(refused)?, watch))
            }
        };
    }
    if dtype.is_float() {
        let column = column.cast(&DataType::Float64).map_err(refused)?.rechunk();
        let cells = column.f64().map_err(refused)?;
        let bits = |row| cells.get(row).map(f64::to_bits);
        return Ok(distinct(cells.len(), watch, bits).named(|cell| {
            cell.map_or_else(String::new, |bits| format!("{:?}", f64::from_bits(bits)))
        }));
    }
    let column = column.cast(&DataType::String).map_err(|_| Problem::ColumnType {
        given: dtype.to_string(),
        wanted: "text or whole numbers".to_owned(),
    })?;
    let column = column.rechunk();
    let cells = column.str().map_err(refused)?;
    Ok(distinct(cells.len(), watch, |row| cells.get(row).unwrap_or("")).named(ToString::to_string))
}

/// Encodes whole numbers as they are kept.
fn whole<T: PolarsNumericType>(cells: &ChunkedArray<T>, watch: &Watch) -> Encoded
where
    T::Native: Eq + Hash + ToString,
{
    let values = cells.downcast_iter().next().filter(|_| cells.null_count() == 0);
    if let Some(values) = values.map(|array| array.values().as_slice()) {
        let value = |row: usize| values.get(row).copied().unwrap_or_default();
        return distinct(values.len(), watch, value).named(ToString::to_string);
    }
    let text = |cell: &Option<T::Native>| cell.map_or_else(String::new, |cell| cell.to_string());
    distinct(cells.len(), watch, |row| cells.get(row)).named(text)
}

/// Distinct values of type `T`, in the order they first occur.
struct Distinct<T> {
    ids: Vec<u32>,
    values: Vec<T>,
    first_rows: Vec<usize>,
}

impl<T> Distinct<T> {
    fn named(self, name: impl Fn(&T) -> String) -> Encoded {
        let cells = self.values.iter().map(name).collect();
        Encoded { ids: self.ids, cells, first_rows: self.first_rows }
    }
}

/// Each block finds its own distinct values; blocks are joined in order, so that the result does
/// not depend on threads.
fn distinct<T: Copy + Eq + Hash + Send + Sync>(
    rows: usize,
    watch: &Watch,
    value: impl Fn(usize) -> T + Sync,
) -> Distinct<T> {
    let mut ids = vec![0_u32; rows];
    let blocks: Vec<Vec<(T, usize)>> = ids
        .par_chunks_mut(STRIDE)
        .enumerate()
        .map(|(block, ids)| {
            let start = block.saturating_mul(STRIDE);
            let mut known: HashMap<T, u32> = HashMap::new();
            let mut values = Vec::new();
            let mut last = None;
            if !watch.pass(ids.len()) {
                return values;
            }
            for (row, id) in (start..).zip(ids) {
                let cell = value(row);
                *id = match last {
                    Some((same, id)) if same == cell => id,
                    _ => *known.entry(cell).or_insert_with(|| {
                        values.push((cell, row));
                        u32::try_from(values.len().saturating_sub(1)).unwrap_or(u32::MAX)
                    }),
                };
                last = Some((cell, *id));
            }
            values
        })
        .collect();
    let mut known: HashMap<T, u32> = HashMap::new();
    let (mut values, mut first_rows) = (Vec::new(), Vec::new());
    let joined: Vec<Vec<u32>> = blocks
        .into_iter()
        .take_while(|_| !watch.is_cancelled())
        .map(|block| {
            let ids = block.into_iter().map(|(cell, row)| {
                *known.entry(cell).or_insert_with(|| {
                    values.push(cell);
                    first_rows.push(row);
                    u32::try_from(values.len().saturating_sub(1)).unwrap_or(u32::MAX)
                })
            });
            ids.collect()
        })
        .collect();
    ids.par_chunks_mut(STRIDE).zip(&joined).for_each(|(ids, joined)| {
        for id in ids {
            let global = usize::try_from(*id).ok().and_then(|id| joined.get(id));
            *id = global.copied().unwrap_or(u32::MAX);
        }
    });
    Distinct { ids, values, first_rows }
}

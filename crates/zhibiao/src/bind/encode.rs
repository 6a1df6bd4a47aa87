//! Key columns as small integers, so that each distinct cell is read only once: a long text once
//! for each place of memory that cells of a column have it in.
//!
//! Columns whose equal cells stand together are kept by runs; of others, whole numbers that lie
//! close are found in a table, all else by hash. What a cancelled run gives means nothing.

use std::hash::{Hash, Hasher};
use std::ops::Range;

use hashbrown::HashMap;
use polars::prelude::{
    ChunkedArray, Column, DataType, PolarsError, PolarsNumericType, StringChunked,
};
use rayon::prelude::*;

use super::ids::{Ids, Runs};
use crate::error::{Problem, Result};
use crate::watch::{STRIDE, Watch};

/// Equal cells are kept by runs where those are at least this long on average.
const LONG_RUN: usize = 8;

/// The most numbers that a table is made for.
const TABLE: usize = 1 << 21;

/// A column by its distinct cells.
#[derive(Clone, Debug)]
pub(super) struct Encoded {
    /// Position of each row's cell in `cells`.
    pub(super) ids: Ids,
    /// Distinct cells as text, an empty cell as the empty text. Long texts may occur more than once.
    pub(super) cells: Vec<String>,
}

impl Encoded {
    /// The rows in which some ids first occur, each with its id, by row.
    pub(super) fn first_rows(&self, wanted: impl Fn(u32) -> bool) -> Vec<(usize, u32)> {
        let mut told = vec![false; self.cells.len()];
        let mut first = Vec::new();
        for (row, id) in self.ids.iter().enumerate().filter(|(_, id)| wanted(**id)) {
            let told = usize::try_from(*id).ok().and_then(|id| told.get_mut(id));
            if told.is_some_and(|told| !std::mem::replace(told, true)) {
                first.push((row, *id));
            }
        }
        first
    }
}

/// Encodes a column of text, categories, whole numbers or floats.
pub(super) fn encode(column: &Column, watch: &Watch) -> Result<Encoded> {
    let refused = |error: PolarsError| Problem::UnreadableTable { reason: error.to_string() };
    let dtype = column.dtype();
    if let DataType::Categorical(_, mapping) | DataType::Enum(_, mapping) = dtype {
        let codes = column.to_physical_repr().rechunk();
        let name = |code: u32| mapping.cat_to_str(code).unwrap_or_default().to_owned();
        return match codes.dtype() {
            DataType::UInt8 => Ok(whole(codes.u8().map_err(refused)?, watch, |c| name(c.into()))),
            DataType::UInt16 => Ok(whole(codes.u16().map_err(refused)?, watch, |c| name(c.into()))),
            _ => Ok(whole(codes.u32().map_err(refused)?, watch, name)),
        };
    }
    if dtype.is_integer() {
        let column = column.rechunk();
        return match dtype {
            DataType::UInt32 => {
                Ok(whole(column.u32().map_err(refused)?, watch, |number| number.to_string()))
            }
            DataType::Int32 => {
                Ok(whole(column.i32().map_err(refused)?, watch, |number| number.to_string()))
            }
            DataType::Int16 => {
                Ok(whole(column.i16().map_err(refused)?, watch, |number| number.to_string()))
            }
            _ => {
                let column = column.cast(&DataType::Int64).map_err(refused)?;
                Ok(whole(column.i64().map_err(refused)?, watch, |number| number.to_string()))
            }
        };
    }
    if dtype.is_float() {
        let column = column.cast(&DataType::Float64).map_err(refused)?.rechunk();
        let cells = column.f64().map_err(refused)?;
        let bits = |row| cells.get(row).map(f64::to_bits);
        return Ok(encoded(cells.len(), watch, bits, |cell| {
            cell.map_or_else(String::new, |bits| format!("{:?}", f64::from_bits(bits)))
        }));
    }
    let column = column.cast(&DataType::String).map_err(|_| Problem::ColumnType {
        given: dtype.to_string(),
        wanted: "text or whole numbers".to_owned(),
    })?;
    let column = column.rechunk();
    Ok(text(column.str().map_err(refused)?, watch))
}

/// Encodes text by its views, which say where it stands: cells with the same view are equal, and
/// those of dictionaries, as Parquet has them, share theirs.
fn text(cells: &StringChunked, watch: &Watch) -> Encoded {
    let rows = cells.len();
    let text = |row: usize| cells.get(row).unwrap_or("");
    let by_text = || encoded(rows, watch, text, ToString::to_string);
    let Some(array) = cells.downcast_iter().next().filter(|_| cells.null_count() == 0) else {
        return by_text();
    };
    let views = array.views().as_slice();
    if let Some(runs) =
        runs(rows, watch, |rows| views.get(rows).unwrap_or(&[]).iter().map(|view| view.as_u128()))
    {
        let runs = runs.into_iter().map(|(row, _)| (row, text(row))).collect();
        return of_runs(runs, rows, watch, ToString::to_string);
    }
    // Else nearly every long cell has a text, and a view, of its own.
    if array.total_buffer_len() > rows {
        return by_text();
    }
    let seen =
        |row: usize| Seen { view: views.get(row).copied().unwrap_or_default().as_u128(), row };
    by_hash(rows, watch, seen, |seen| text(seen.row).to_owned())
}

/// A view, and a row that has it.
#[derive(Clone, Copy)]
struct Seen {
    view: u128,
    row: usize,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
    }
}

impl Eq for Seen {}

impl Hash for Seen {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.view.hash(state);
    }
}

/// Encodes whole numbers as they are kept.
fn whole<T: PolarsNumericType>(
    cells: &ChunkedArray<T>,
    watch: &Watch,
    name: impl Fn(T::Native) -> String,
) -> Encoded
where
    T::Native: Eq + Hash + Ord + Into<i64> + TryFrom<i64>,
{
    let values = cells.downcast_iter().next().filter(|_| cells.null_count() == 0);
    let Some(values) = values.map(|array| array.values().as_slice()) else {
        return encoded(
            cells.len(),
            watch,
            |row| cells.get(row),
            |cell| cell.map_or_else(String::new, &name),
        );
    };
    if let Some(runs) = runs(values.len(), watch, |rows| {
        let values = values.get(rows).unwrap_or(&[]);
        values.iter().copied()
    }) {
        return of_runs(runs, values.len(), watch, |cell| name(*cell));
    }
    let value = |row: usize| values.get(row).copied().unwrap_or_default();
    match by_table(values, watch) {
        Some((ids, distinct)) => Encoded { ids, cells: distinct.into_iter().map(name).collect() },
        None => by_hash(values.len(), watch, value, |cell| name(*cell)),
    }
}

fn encoded<T: Copy + Eq + Hash + Send + Sync>(
    rows: usize,
    watch: &Watch,
    value: impl Fn(usize) -> T + Sync,
    name: impl Fn(&T) -> String,
) -> Encoded {
    match runs(rows, watch, |rows| rows.map(&value)) {
        Some(runs) => of_runs(runs, rows, watch, name),
        None => by_hash(rows, watch, value, name),
    }
}

/// First rows and cells of runs, if they are long; `cells` gives those of some rows.
fn runs<T: Copy + Eq + Send, I: Iterator<Item = T>>(
    rows: usize,
    watch: &Watch,
    cells: impl Fn(Range<usize>) -> I + Sync,
) -> Option<Vec<(usize, T)>> {
    let of_block = |start: usize| -> Option<Vec<(usize, T)>> {
        let end = rows.min(start.saturating_add(STRIDE));
        let most = end.saturating_sub(start).div_ceil(LONG_RUN);
        let mut last = None;
        let mut runs = Vec::new();
        for (row, cell) in (start..).zip(cells(start..end)) {
            if last != Some(cell) {
                last = Some(cell);
                runs.push((row, cell));
                if runs.len() > most {
                    return None;
                }
            }
        }
        (!watch.is_cancelled()).then_some(runs)
    };
    let starts: Vec<usize> = (0..rows).step_by(STRIDE).collect();
    let blocks = starts.into_par_iter().map(of_block).collect::<Option<Vec<_>>>()?;
    Some(blocks.concat())
}

fn of_runs<T: Copy + Eq + Hash>(
    runs: Vec<(usize, T)>,
    rows: usize,
    watch: &Watch,
    name: impl Fn(&T) -> String,
) -> Encoded {
    let mut known: HashMap<T, u32> = HashMap::new();
    let (mut cells, mut ids) = (Vec::new(), Runs::default());
    let mut last = None;
    for (start, cell) in runs {
        if last == Some(cell) {
            continue;
        }
        last = Some(cell);
        let id = known.get(&cell).copied().unwrap_or_else(|| {
            let id = number(cells.len());
            cells.push(name(&cell));
            known.insert(cell, id);
            id
        });
        ids.starts.push(start);
        ids.ids.push(id);
    }
    watch.pass(rows);
    Encoded { ids: Ids::of_runs(ids, rows), cells }
}

/// Ids of numbers that lie close, and the numbers in their order.
fn by_table<T: Copy + Ord + Into<i64> + TryFrom<i64> + Send + Sync>(
    values: &[T],
    watch: &Watch,
) -> Option<(Ids, Vec<T>)> {
    let lowest: i64 = (*values.par_iter().min()?).into();
    let highest: i64 = (*values.par_iter().max()?).into();
    let span = usize::try_from(highest.checked_sub(lowest)?).ok()?.checked_add(1)?;
    if span > TABLE.min(values.len().saturating_mul(4)) {
        return None;
    }
    let place = |value: T| usize::try_from(value.into().wrapping_sub(lowest)).unwrap_or(0);
    let share = values.len().div_ceil(rayon::current_num_threads()).max(STRIDE);
    let seen_by_each = values.par_chunks(share).map(|values| {
        let mut seen = vec![false; span];
        for values in values.chunks(STRIDE).take_while(|_| !watch.is_cancelled()) {
            for value in values {
                if let Some(seen) = seen.get_mut(place(*value)) {
                    *seen = true;
                }
            }
        }
        seen
    });
    let seen = seen_by_each.reduce(Vec::new, |mut seen, others| {
        if seen.is_empty() {
            return others;
        }
        seen.iter_mut().zip(others).for_each(|(seen, other)| *seen |= other);
        seen
    });
    let mut occurring = 0_usize;
    let numbers: Vec<u32> = seen
        .iter()
        .map(|seen| {
            let next = number(occurring);
            occurring = occurring.saturating_add(usize::from(*seen));
            next
        })
        .collect();
    let id = |value: T| numbers.get(place(value)).copied().unwrap_or(u32::MAX);
    let ids = if occurring < usize::from(u8::MAX) {
        let byte = |value: &T| u8::try_from(id(*value)).unwrap_or(u8::MAX);
        Ids::of_bytes(spelled(values, watch, byte))
    } else {
        Ids::from(spelled(values, watch, |value| id(*value)))
    };
    let occurred = seen.iter().enumerate().filter(|(_, seen)| **seen);
    let distinct = occurred
        .filter_map(|(place, _)| T::try_from(lowest.checked_add(i64::try_from(place).ok()?)?).ok());
    let distinct = distinct.collect();
    Some((ids, distinct))
}

/// What each value is told by.
fn spelled<T: Sync, N: Copy + Default + Send>(
    values: &[T],
    watch: &Watch,
    id: impl Fn(&T) -> N + Sync,
) -> Vec<N> {
    let mut ids = vec![N::default(); values.len()];
    ids.par_chunks_mut(STRIDE).zip(values.par_chunks(STRIDE)).for_each(|(ids, values)| {
        if watch.pass(ids.len()) {
            ids.iter_mut().zip(values).for_each(|(to, value)| *to = id(value));
        }
    });
    ids
}

/// Each block finds its own distinct values; blocks are joined in order, so that the result does
/// not depend on threads.
fn by_hash<T: Copy + Eq + Hash + Send + Sync>(
    rows: usize,
    watch: &Watch,
    value: impl Fn(usize) -> T + Sync,
    name: impl Fn(&T) -> String,
) -> Encoded {
    let mut ids = vec![0_u32; rows];
    let blocks: Vec<Vec<T>> = ids
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
                        values.push(cell);
                        number(values.len().saturating_sub(1))
                    }),
                };
                last = Some((cell, *id));
            }
            values
        })
        .collect();
    let mut known: HashMap<T, u32> = HashMap::new();
    let mut cells = Vec::new();
    let joined: Vec<Vec<u32>> = blocks
        .into_iter()
        .take_while(|_| !watch.is_cancelled())
        .map(|block| {
            let ids = block.into_iter().map(|cell| {
                *known.entry(cell).or_insert_with(|| {
                    cells.push(name(&cell));
                    number(cells.len().saturating_sub(1))
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
    Encoded { ids: ids.into(), cells }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

//! The answer of a warehouse (应答), read into states.

use polars::prelude::{Column, DataFrame, DataType};

use super::{Dialect, Pushdown, Rows};
use crate::area::Areas;
use crate::bind::{problems_of, whole};
use crate::catalog::{Catalog, Measure};
use crate::error::{Error, Place, Problem, Result};
use crate::state::States;
use crate::watch::Watch;

/// So many 32-bit integers stay within 64 bits.
const MOST_ROWS: u64 = 1 << 31;

/// The rows of an answer, by column.
pub(crate) struct Answer {
    frame: DataFrame,
    rows: Vec<u64>,
    /// Which key column sets the rows of a group aside, from 1; 0 for none.
    aside: Vec<u64>,
    unmatched: Vec<u64>,
    blank: Vec<u64>,
    flawed: Vec<u64>,
    void: Vec<u64>,
}

impl Answer {
    /// Reads the counts of an answer.
    ///
    /// # Errors
    /// `bad-answer` for columns that are not there or hold something else.
    pub(crate) fn of(pushdown: &Pushdown, frame: DataFrame) -> Result<Self> {
        let rows = counts(&frame, "n")?;
        let dimensions = pushdown.layout.dimensions.len();
        let has_aside =
            dimensions > 0 || (pushdown.layout.school.is_some() && !pushdown.by.schools);
        let aside = if has_aside { counts(&frame, "aside")? } else { vec![0; rows.len()] };
        let total = |name: String| -> Result<u64> {
            Ok(counts(&frame, &name)?.into_iter().fold(0, u64::saturating_add))
        };
        let each = |letter: char, number: usize| -> Result<Vec<u64>> {
            (0..number).map(|at| total(format!("{letter}{at}"))).collect()
        };
        let unmatched = each('u', dimensions)?;
        let blank = each('b', dimensions)?;
        let flawed = each('f', pushdown.plan.measures().len())?;
        let void = if pushdown.records { vec![0; rows.len()] } else { counts(&frame, "v")? };
        Ok(Self { frame, rows, aside, unmatched, blank, flawed, void })
    }

    /// Refuses what could have wrapped: some engines add 32-bit integers in 64 bits, and may not say
    /// when these are left.
    ///
    /// # Errors
    /// `sum-too-wide`.
    pub(crate) fn refuse_wrapped(&self, dialect: Dialect) -> Result<()> {
        if dialect.widens() || self.rows.iter().all(|rows| *rows <= MOST_ROWS) {
            return Ok(());
        }
        Err(Problem::SumTooWide { digits: 20, most: 18 }.into())
    }

    /// Rows whose cell of a dimension is no word that was asked for.
    pub(super) fn unmatched(&self, dimension: usize) -> u64 {
        self.unmatched.get(dimension).copied().unwrap_or(0)
    }

    /// Rows without a cell of a dimension.
    pub(super) fn blank(&self, dimension: usize) -> u64 {
        self.blank.get(dimension).copied().unwrap_or(0)
    }

    /// Rows whose cell of a measure is no figure of it.
    pub(super) fn flawed(&self, measure: usize) -> u64 {
        self.flawed.get(measure).copied().unwrap_or(0)
    }

    /// Rows that a key column sets aside.
    pub(super) fn aside(&self, column: usize) -> u64 {
        let number = u64::try_from(column.saturating_add(1)).unwrap_or(u64::MAX);
        let groups = self.aside.iter().zip(&self.rows).filter(|(aside, _)| **aside == number);
        groups.fold(0, |sum, (_, rows)| sum.saturating_add(*rows))
    }

    /// Whether some rows say 合计 of a dimension.
    pub(crate) fn has_wholes(&self, pushdown: &Pushdown) -> bool {
        (0..pushdown.layout.dimensions.len()).any(|at| self.aside(at) > 0)
    }

    /// The states, and what their keys are found to be.
    ///
    /// # Errors
    /// `bad-answer`, `empty-table`; what concerns a key column as a whole.
    pub(crate) fn states(
        &self,
        pushdown: &Pushdown,
        worlds: (&Catalog, &Areas),
        watch: &Watch,
    ) -> Result<(States, Vec<Error>)> {
        self.states_of(pushdown, |aside| aside == 0, worlds, watch)
    }

    /// The same of all rows, those that say 合计 of a dimension among them.
    ///
    /// # Errors
    /// As for [`states`](Self::states).
    pub(crate) fn states_of_rows(
        &self,
        pushdown: &Pushdown,
        worlds: (&Catalog, &Areas),
        watch: &Watch,
    ) -> Result<(States, Vec<Error>)> {
        self.states_of(pushdown, |_| true, worlds, watch)
    }

    fn states_of(
        &self,
        pushdown: &Pushdown,
        is_used: impl Fn(u64) -> bool,
        (catalog, areas): (&Catalog, &Areas),
        watch: &Watch,
    ) -> Result<(States, Vec<Error>)> {
        let layout = &pushdown.layout;
        let mut keys = Vec::new();
        let named = [
            ("area", Some(&layout.area)),
            ("area_name", layout.area_name.as_ref()),
            ("period", layout.period.as_ref()),
            ("school", layout.school.as_ref().filter(|_| pushdown.by.schools)),
        ];
        for (own, column) in named {
            if let Some(column) = column {
                keys.push((column.clone(), found(&self.frame, own)?.clone().with_name(own.into())));
            }
        }
        let slices = (0..pushdown.by.slices.len()).map(|at| {
            let codes = whole(found(&self.frame, &format!("k{at}"))?, 0)?;
            Ok(codes
                .into_iter()
                .map(|code| code.and_then(|code| u32::try_from(code).ok()))
                .collect())
        });
        let sums = pushdown.plan.sums.iter().enumerate().map(|(at, sum)| {
            let totals = whole(found(&self.frame, &format!("s{at}"))?, sum.scale)?;
            let missing = counts(&self.frame, &format!("m{at}"))?;
            let rows = totals.into_iter().zip(missing).zip(&self.rows);
            let total = |((total, missing), rows): ((Option<i128>, u64), &u64)| match total {
                // Some engines say so that a sum has overflowed.
                None if sum.filter.is_none() && missing < *rows => {
                    Err(bad(format!("`s{at}` is empty where {rows} rows were summed")))
                }
                total => Ok((total.unwrap_or_default(), missing)),
            };
            rows.map(total).collect::<Result<Vec<_>>>()
        });
        let rows = Rows {
            keys,
            slices: slices.collect::<Result<_>>()?,
            counts: self.rows.clone(),
            once: !pushdown.records,
            void: self.void.clone(),
            sums: sums.collect::<Result<_>>()?,
            used: self.aside.iter().map(|aside| is_used(*aside)).collect(),
        };
        if let Some(reason) = rows.contradiction() {
            return Err(bad(reason));
        }
        rows.states(
            &pushdown.plan,
            (catalog, areas),
            &|column, rows| pushdown.relation.rows(column, rows),
            watch,
        )
    }
}

/// Cells and how often each occurs, of an answer with the columns `cell` and `n`.
pub(super) fn cells(frame: &DataFrame) -> Result<Vec<(String, u64)>> {
    let cells =
        found(frame, "cell")?.cast(&DataType::String).map_err(|error| bad(error.to_string()))?;
    let cells = cells.str().map_err(|error| bad(error.to_string()))?;
    let texts = cells.iter().map(|cell| cell.unwrap_or_default().to_owned());
    Ok(texts.zip(counts(frame, "n")?).collect())
}

/// What is wrong with figures, and how often each occurs.
pub(super) fn problems(
    frame: &DataFrame,
    measure: &Measure,
    shift: i8,
) -> Result<Vec<(Problem, u64)>> {
    let column = found(frame, "cell")?;
    let problems = problems_of(measure, shift, column)?;
    // Figures where cells are read, which has more room.
    let too_wide = |row: usize| {
        let cell = column.cast(&DataType::String).ok();
        let cell = cell.and_then(|cell| Some(cell.str().ok()?.get(row)?.to_owned()));
        Problem::CellTooWide { value: cell.unwrap_or_default() }
    };
    let told = problems.into_iter().enumerate();
    let told = told.map(|(row, problem)| problem.unwrap_or_else(|| too_wide(row)));
    Ok(told.zip(counts(frame, "n")?).collect())
}

fn counts(frame: &DataFrame, name: &str) -> Result<Vec<u64>> {
    let whole = whole(found(frame, name)?, 0)?;
    let count = |count: Option<i128>| {
        let count = count.and_then(|count| u64::try_from(count).ok());
        count.ok_or_else(|| bad(format!("`{name}` holds what is no count")))
    };
    whole.into_iter().map(count).collect()
}

/// A column by its name, in whatever case the engine gives names.
fn found<'a>(frame: &'a DataFrame, name: &str) -> Result<&'a Column> {
    let mut columns = frame.columns().iter();
    let column = columns.find(|column| column.name().eq_ignore_ascii_case(name));
    column.ok_or_else(|| bad(format!("it has no column `{name}`")))
}

fn bad(reason: String) -> Error {
    Error::new(Problem::BadAnswer { reason }, Place::Nowhere)
}

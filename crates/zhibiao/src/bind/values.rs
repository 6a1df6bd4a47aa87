//! Figures of a column as scaled integers: the one place where a float is converted.

use polars::prelude::{Column, DataType, PolarsError};
use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};

use super::blocks::{BLOCK, WORD, Words, masks, reach_of, words};
use super::bounded::Bounded;
use super::chunks::Chunks;
use crate::catalog::Measure;
use crate::error::{Problem, Result};
use crate::number::{Decimal, pow10};
use crate::symbol::{self, Dialect, Mark, Said};
use crate::unit::{Measured, Unit};
use crate::watch::Watch;

/// Figures of a measure, one a row, as integers of its scale.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// The integers; a missing row holds any number.
    pub(crate) values: Values,
    /// Rows that have a figure; none when all have one.
    pub(crate) present: Option<Bitmap>,
    /// No absolute figure is larger; of cells that are not checked yet, anything.
    pub(crate) magnitude: u128,
    /// Decimals of the integers.
    pub(crate) scale: u8,
    /// Missing figures of which bounds are known, by row, in order.
    pub(crate) bounded: Vec<(usize, Bounded)>,
}

/// 64-bit integers where all fit.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Narrow(PrimitiveArray<i64>),
    Wide(Vec<i128>),
    /// Cells that are checked where they are summed.
    Raw(Raw),
}

/// Cells as the table has them.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(super) cells: Cells,
    /// Whether they must be counts.
    pub(super) count: bool,
}

/// Cells that can be read a block at a time.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    Int64(Chunks<i64>),
    Int32(Chunks<i32>),
    Float(Chunks<f64>, Float),
}

impl Figures {
    /// The figure of a row.
    pub(crate) fn get(&self, row: usize) -> Option<i128> {
        if self.present.as_ref().is_some_and(|present| !present.get(row).unwrap_or(false)) {
            return None;
        }
        match &self.values {
            Values::Narrow(values) => values.values().get(row).map(|value| i128::from(*value)),
            Values::Wide(values) => values.get(row).copied(),
            Values::Raw(raw) => match &raw.cells {
                Cells::Int64(cells) => cells.get(row).map(i128::from),
                Cells::Int32(cells) => cells.get(row).map(i128::from),
                Cells::Float(cells, float) => float.figure(cells.get(row)?).ok(),
            },
        }
    }

    /// Whether they are not checked yet.
    pub(crate) const fn is_raw(&self) -> bool {
        matches!(self.values, Values::Raw(_))
    }

    /// Whether a cell that is not checked yet is no figure.
    pub(super) fn is_flawed(&self, row: usize) -> bool {
        let Values::Raw(raw) = &self.values else { return false };
        let given = self.present.as_ref().is_none_or(|given| given.get(row).unwrap_or(false));
        given
            && match &raw.cells {
                Cells::Int64(cells) => raw.count && cells.get(row).is_some_and(|cell| cell < 0),
                Cells::Int32(cells) => raw.count && cells.get(row).is_some_and(|cell| cell < 0),
                Cells::Float(cells, float) => {
                    cells.get(row).is_some_and(|cell| float.figure(cell).is_err())
                }
            }
    }
}

/// What a column must hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Power of ten from the unit of the column to the base unit.
    pub(super) shift: i8,
    /// Decimals of the measure.
    pub(super) scale: u8,
    /// Whether figures are counts.
    pub(super) count: bool,
    /// What they measure, where it is known.
    pub(super) measured: Option<Measured>,
    /// Whose symbols may stand in place of a number.
    pub(super) symbols: Dialect,
}

/// What a cell says of a figure.
#[derive(Clone, Copy)]
pub(super) enum Told {
    Missing,
    Exact(i128),
    Bounded(Bounded),
}

impl Told {
    /// The sum of two records of one key; what is not known of one is not known of both.
    pub(super) fn and(self, other: Self) -> Result<Self> {
        let overflow = || Problem::Overflow { what: "a sum of records".to_owned() };
        Ok(match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::Exact(a.checked_add(b).ok_or_else(overflow)?),
            _ => Self::Missing,
        })
    }
}

/// Figures collected row by row.
pub(super) struct Collected {
    narrow: Vec<i64>,
    /// Takes over once a figure does not fit 64 bits.
    wide: Option<Vec<i128>>,
    present: MutableBitmap,
    magnitude: u128,
    bounded: Vec<(usize, Bounded)>,
}

impl Collected {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            narrow: Vec::with_capacity(rows),
            wide: None,
            present: MutableBitmap::with_capacity(rows),
            magnitude: 0,
            bounded: Vec::new(),
        }
    }

    /// What the cell of the next row says.
    pub(super) fn push_told(&mut self, told: Told) {
        match told {
            Told::Missing => self.push(None),
            Told::Exact(figure) => self.push(Some(figure)),
            Told::Bounded(bounded) => {
                self.bounded.push((self.present.len(), bounded));
                self.push(None);
            }
        }
    }

    pub(super) fn push(&mut self, figure: Option<i128>) {
        self.present.push(figure.is_some());
        let figure = figure.unwrap_or(0);
        self.magnitude = self.magnitude.max(figure.unsigned_abs());
        match (&mut self.wide, i64::try_from(figure)) {
            (Some(wide), _) => wide.push(figure),
            (None, Ok(narrow)) => self.narrow.push(narrow),
            (None, Err(_)) => {
                let mut wide: Vec<i128> = self.narrow.iter().copied().map(i128::from).collect();
                wide.push(figure);
                self.wide = Some(wide);
            }
        }
    }

    pub(super) fn figures(self, scale: u8) -> Figures {
        let present = (self.present.unset_bits() > 0).then(|| self.present.freeze());
        let values = match self.wide {
            Some(wide) => Values::Wide(wide),
            None => Values::Narrow(PrimitiveArray::from_vec(self.narrow)),
        };
        Figures { values, present, magnitude: self.magnitude, scale, bounded: self.bounded }
    }
}

impl Wanted {
    /// What a column of a measure must hold, whose unit is so many powers of ten above the base.
    pub(super) fn of(measure: &Measure, shift: i8, symbols: Dialect) -> Self {
        let measured = Some(measure.unit.measured());
        Self { shift, scale: measure.scale, count: measure.scale == 0, measured, symbols }
    }

    /// Figures of a column; each flaw is told with its row, and its cell is missing. What it gives of
    /// a cancelled run means nothing.
    pub(super) fn figures(
        self,
        column: &Column,
        watch: &Watch,
        flaw: &mut dyn FnMut(usize, Problem),
    ) -> Result<Figures> {
        let unexpected =
            |error: PolarsError| Problem::UnreadableTable { reason: error.to_string() };
        let column = column.rechunk();
        let rows = column.len();
        watch.check()?;
        let present = |array: &dyn Array| {
            array.validity().filter(|present| present.unset_bits() > 0).cloned()
        };
        let mut collected = Collected::with_capacity(rows);
        let mut each = |figure: &dyn Fn(usize) -> Result<Option<i128>>| {
            for row in (0..rows).take_while(|row| watch.pass_at(*row, rows)) {
                let figure = figure(row).unwrap_or_else(|error| {
                    flaw(row, error.problem().clone());
                    None
                });
                collected.push(figure);
            }
        };
        match column.dtype() {
            DataType::String => {
                let cells = column.str().map_err(unexpected)?;
                for row in (0..rows).take_while(|row| watch.pass_at(*row, rows)) {
                    let told = cells.get(row).map_or(Ok(Told::Missing), |cell| self.of_text(cell));
                    collected.push_told(told.unwrap_or_else(|error| {
                        flaw(row, error.problem().clone());
                        Told::Missing
                    }));
                }
            }
            DataType::Float64 | DataType::Float32 => {
                let cells = column.cast(&DataType::Float64).map_err(unexpected)?;
                let cells = cells.f64().map_err(unexpected)?;
                let float = Float::new(self)?;
                if let Some(figures) =
                    cells.downcast_iter().next().and_then(|array| float.all(array, watch))
                {
                    watch.pass(rows);
                    return Ok(figures);
                }
                each(&|row| cells.get(row).map(|cell| float.figure(cell)).transpose());
            }
            DataType::Boolean => {
                let cells = column.bool().map_err(unexpected)?;
                each(&|row| {
                    cells.get(row).map(|cell| self.of_integer(i128::from(cell))).transpose()
                });
            }
            DataType::Decimal(_, scale) => {
                let scale = u8::try_from(*scale).unwrap_or(u8::MAX);
                let cells = column.decimal().map_err(unexpected)?.physical();
                each(&|row| {
                    cells
                        .get(row)
                        .map(|cell| self.of_decimal(Decimal::new(cell, scale)?))
                        .transpose()
                });
            }
            DataType::Int128 | DataType::UInt64 => {
                let cells = column.cast(&DataType::Int128).map_err(unexpected)?;
                let cells = cells.i128().map_err(unexpected)?;
                each(&|row| cells.get(row).map(|cell| self.of_integer(cell)).transpose());
            }
            DataType::Null => each(&|_| Ok(None)),
            other if other.is_integer() => {
                let cells = column.cast(&DataType::Int64).map_err(unexpected)?;
                let cells = cells.i64().map_err(unexpected)?;
                let plain = self.shift == 0 && self.scale == 0;
                if let Some(array) = cells.downcast_iter().next().filter(|_| plain)
                    && let Some(magnitude) = self.magnitude(array)
                {
                    watch.pass(rows);
                    return Ok(Figures {
                        values: Values::Narrow(array.clone().with_validity(None)),
                        present: present(array),
                        magnitude,
                        scale: 0,
                        bounded: Vec::new(),
                    });
                }
                each(&|row| {
                    cells.get(row).map(|cell| self.of_integer(i128::from(cell))).transpose()
                });
            }
            other => {
                let problem =
                    Problem::ColumnType { given: other.to_string(), wanted: "numbers".to_owned() };
                return Err(problem.into());
            }
        }
        watch.check()?;
        Ok(collected.figures(self.scale))
    }

    /// A number that no absolute value exceeds; none where a count is negative.
    fn magnitude(self, array: &PrimitiveArray<i64>) -> Option<u128> {
        let (magnitude, negative) = if array.null_count() == 0 {
            reach_of(array.values())
        } else {
            // Missing values may hold anything.
            array.non_null_values_iter().fold((1, false), |(largest, negative), value| {
                let (here, below) = reach_of(&[value]);
                (here.max(largest), negative || below)
            })
        };
        (!(negative && self.count)).then_some(magnitude)
    }

    /// Cells that are to be checked where they are summed, of columns that can be read so.
    pub(super) fn raw(self, column: &Column) -> Option<Figures> {
        let plain = self.shift == 0 && self.scale == 0;
        let (cells, present) = match column.dtype() {
            DataType::Int64 if plain => {
                let cells = column.i64().ok()?;
                (Cells::Int64(Chunks::of(cells)), cells.rechunk_validity())
            }
            DataType::Int32 if plain => {
                let cells = column.i32().ok()?;
                (Cells::Int32(Chunks::of(cells)), cells.rechunk_validity())
            }
            DataType::Float64 => {
                let cells = column.f64().ok()?;
                let float = Float::new(self).ok()?;
                (Cells::Float(Chunks::of(cells), float), cells.rechunk_validity())
            }
            _ => return None,
        };
        Some(Figures {
            values: Values::Raw(Raw { cells, count: self.count }),
            present: present.filter(|present| present.unset_bits() > 0),
            magnitude: u128::MAX,
            scale: self.scale,
            bounded: Vec::new(),
        })
    }

    /// A cell of text; an empty one is missing.
    pub(super) fn of_text(self, cell: &str) -> Result<Told> {
        // To Destatis a 0 is no zero.
        if self.symbols != Dialect::Destatis
            && let Some(figure) = self.of_digits(cell.as_bytes())
        {
            return Ok(Told::Exact(figure));
        }
        let said = symbol::read(cell, self.symbols);
        match said.or_else(|error| self.with_unit(cell).ok_or(error))? {
            Said::Blank | Said::Mark(Mark::Missing) => Ok(Told::Missing),
            Said::Mark(Mark::Zero) => Ok(Told::Exact(0)),
            Said::Number(number) => self.of_decimal(number).map(Told::Exact),
            Said::Below(limit) => {
                Bounded::below(limit.shifted(self.shift)?, self.count).map(Told::Bounded)
            }
            Said::Mark(mark) => {
                let unit = Decimal::integer(1).shifted(self.shift)?;
                Ok(Bounded::of_mark(mark, unit).map_or(Told::Missing, Told::Bounded))
            }
        }
    }

    /// A number with the unit of its column behind it, as a format shows it.
    fn with_unit(self, cell: &str) -> Option<Said> {
        let end = cell.rfind(|c: char| c.is_ascii_digit())?.checked_add(1)?;
        let (number, unit) = cell.split_at_checked(end)?;
        let unit = Unit::parse(unit).ok()?;
        let said = symbol::read(number, self.symbols).ok()?;
        let is_own = unit.is_multiple_of(self.measured?, self.shift);
        (is_own && matches!(said, Said::Number(_))).then_some(said)
    }

    /// A cell of digits with at most one point among them, as nearly every cell; none where the
    /// general way must look.
    fn of_digits(self, cell: &[u8]) -> Option<i128> {
        // 18 digits fit 64 bits.
        if cell.len() > 18 || !cell.first()?.is_ascii_digit() || !cell.last()?.is_ascii_digit() {
            return None;
        }
        let (mut number, mut decimals) = (0_i64, None::<i16>);
        for byte in cell {
            match byte.wrapping_sub(b'0') {
                digit @ 0..=9 => {
                    number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
                    decimals = decimals.map(|decimals| decimals.saturating_add(1));
                }
                _ if *byte == b'.' && decimals.is_none() => decimals = Some(0),
                _ => return None,
            }
        }
        let power = i16::from(self.shift).checked_add(i16::from(self.scale))?;
        let power = u32::try_from(power.checked_sub(decimals.unwrap_or(0))?).ok()?;
        i128::from(number).checked_mul(pow10(power)?)
    }

    /// A cell that loses no digit by its place alone, as nearly every cell; none where the general
    /// way must look at the digits, or tell what is wrong.
    fn exactly(self, cell: Decimal) -> Option<i128> {
        let power = i16::from(self.shift).checked_add(i16::from(self.scale))?;
        match power.checked_sub(i16::from(cell.scale()))? {
            0 => Some(cell.mantissa()),
            power => cell.mantissa().checked_mul(pow10(u32::try_from(power).ok()?)?),
        }
    }

    fn of_integer(self, cell: i128) -> Result<i128> {
        self.of_decimal(Decimal::integer(cell))
    }

    pub(super) fn of_decimal(self, cell: Decimal) -> Result<i128> {
        if self.count && cell.mantissa() < 0 {
            return Err(Problem::NegativeCount { value: cell.to_string() }.into());
        }
        if let Some(figure) = self.exactly(cell) {
            return Ok(figure);
        }
        let figure = cell.shifted(self.shift)?.rescaled(self.scale).map_err(|error| {
            let value = cell.to_string();
            match error.problem() {
                Problem::TooManyDecimals { .. } if self.count => {
                    Problem::FractionalCount { value }.into()
                }
                Problem::TooManyDecimals { scale, .. } => {
                    Problem::TooManyDecimals { value, scale: *scale }.into()
                }
                _ => error,
            }
        })?;
        Ok(figure.mantissa())
    }
}

/// From binary floats to the nearest scaled integer, exactly or not at all.
#[derive(Clone, Copy, Debug)]
pub(super) struct Float {
    wanted: Wanted,
    factor: f64,
}

impl Float {
    fn new(wanted: Wanted) -> Result<Self> {
        let power = i16::from(wanted.shift).saturating_add(i16::from(wanted.scale));
        let factor = u32::try_from(power).ok().and_then(pow10).filter(|_| power <= 22);
        let factor = factor
            .ok_or_else(|| Problem::Overflow { what: "the unit of the column".to_owned() })?;
        Ok(Self { wanted, factor: exact_float(factor) })
    }

    /// The figures of a whole column, if each passes without a second look: what nearly every
    /// column does.
    fn all(&self, cells: &PrimitiveArray<f64>, watch: &Watch) -> Option<Figures> {
        let mut figures = vec![0; cells.len()];
        let present = cells.validity().filter(|present| present.unset_bits() > 0);
        let mut magnitude = 0_u128;
        let blocks = figures.chunks_mut(BLOCK).zip((0_usize..).step_by(BLOCK));
        for (figures, start) in blocks {
            let rows = start..start.saturating_add(figures.len());
            let given = present.map(|present| words(present, &rows));
            let cells = cells.values().get(rows).filter(|_| !watch.is_cancelled())?;
            magnitude =
                self.convert(cells, given.as_ref().map(Words::as_slice), figures)?.max(magnitude);
        }
        Some(Figures {
            values: Values::Narrow(PrimitiveArray::from_vec(figures)),
            present: present.cloned(),
            magnitude,
            scale: self.wanted.scale,
            bounded: Vec::new(),
        })
    }

    /// The figures of a block, 0 for missing ones, and the largest, if each passes without a second
    /// look; the compiler makes it wide.
    pub(super) fn convert(
        &self,
        cells: &[f64],
        given: Option<&[u64]>,
        figures: &mut [i64],
    ) -> Option<u128> {
        let lowest = if self.wanted.count { 0.0 } else { -LARGEST };
        let (mut apart, mut smallest, mut largest) = (0_u64, 0.0_f64, 0.0_f64);
        let mut put = |cell: f64, figure: &mut i64| {
            let scaled = cell * self.factor;
            // Adding and taking away 1.5 × 2^52 rounds to a whole number below 2^51.
            let shifted = scaled + ROUNDER;
            let nearest = shifted - ROUNDER;
            // What is not a number is near nothing.
            let near = (scaled - nearest).abs() <= 1e-6;
            apart |= u64::from(near).wrapping_sub(1);
            smallest = if scaled < smallest { scaled } else { smallest };
            largest = if nearest > largest { nearest } else { largest };
            *figure = shifted.to_bits().wrapping_sub(ROUNDER.to_bits()).cast_signed();
        };
        match given {
            None => cells.iter().zip(figures).for_each(|(cell, figure)| put(*cell, figure)),
            Some(given) => {
                let words = cells.chunks(WORD).zip(figures.chunks_mut(WORD)).zip(given);
                for ((cells, figures), word) in words {
                    let (fours, rest) = cells.as_chunks::<4>();
                    let (figures, others) = figures.as_chunks_mut::<4>();
                    let mut masks = masks(*word);
                    let mut put = |cell: f64, mask: i64, figure: &mut i64| {
                        put(f64::from_bits(cell.to_bits() & mask.cast_unsigned()), figure);
                    };
                    for ((cells, figures), masks) in fours.iter().zip(figures).zip(&mut masks) {
                        for ((cell, figure), mask) in cells.iter().zip(figures).zip(masks) {
                            put(*cell, *mask, figure);
                        }
                    }
                    let last = masks.next().into_iter().flatten();
                    for ((cell, figure), mask) in rest.iter().zip(others).zip(last) {
                        put(*cell, *mask, figure);
                    }
                }
            }
        }
        let bounded = largest < LARGEST && smallest >= lowest && smallest > -LARGEST;
        (apart == 0 && bounded).then(|| whole(largest.max(-smallest.round())).unsigned_abs())
    }

    /// The figure is the decimal of the measure's scale that the float stands for: it is accepted
    /// when it lies within a millionth of the last place, or when no float lies nearer to it.
    #[expect(clippy::float_cmp, reason = "the nearest float of a decimal is unique")]
    fn figure(&self, cell: f64) -> Result<i128> {
        if !cell.is_finite() {
            return Err(Problem::NotFinite { value: cell.to_string() }.into());
        }
        if self.wanted.count && cell < 0.0 {
            return Err(Problem::NegativeCount { value: cell.to_string() }.into());
        }
        let scaled = cell * self.factor;
        let nearest = scaled.round();
        if nearest.abs() >= 1e38 {
            return Err(Problem::TooManyDigits { value: cell.to_string() }.into());
        }
        if (scaled - nearest).abs() <= 1e-6 || nearest / self.factor == cell {
            return Ok(whole(nearest));
        }
        Err(if self.wanted.count {
            Problem::FractionalCount { value: cell.to_string() }
        } else {
            Problem::TooManyDecimals { value: cell.to_string(), scale: self.wanted.scale }
        }
        .into())
    }
}

/// 1.5 × 2^52.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// 2^51: below it the rounding by addition holds.
const LARGEST: f64 = 2_251_799_813_685_248.0;

#[expect(clippy::cast_precision_loss, reason = "powers of ten up to 22 are exact")]
fn exact_float(factor: i128) -> f64 {
    factor as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a rounded float below 1e38 is an i128")]
fn whole(nearest: f64) -> i128 {
    nearest as i128
}

//! Figures of a column as scaled integers: the one place where a float is converted.

use polars::prelude::{Column, DataType, PolarsError};
use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};

use crate::error::{Problem, Result};
use crate::number::{Decimal, pow10};
use crate::watch::{STRIDE, Watch};

/// Figures of a measure, one a row, as integers of its scale.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// The integers; a missing row holds any number.
    pub(crate) values: Values,
    /// Rows that have a figure; none when all have one.
    pub(crate) present: Option<Bitmap>,
    /// No absolute figure is larger.
    pub(crate) magnitude: u128,
    /// Decimals of the integers.
    pub(crate) scale: u8,
}

/// 64-bit integers where all fit.
#[derive(Clone, Debug)]
pub(crate) enum Values {
    Narrow(PrimitiveArray<i64>),
    Wide(Vec<i128>),
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
}

/// Figures collected row by row.
pub(super) struct Collected {
    narrow: Vec<i64>,
    /// Takes over once a figure does not fit 64 bits.
    wide: Option<Vec<i128>>,
    present: MutableBitmap,
    magnitude: u128,
}

impl Collected {
    pub(super) fn with_capacity(rows: usize) -> Self {
        Self {
            narrow: Vec::with_capacity(rows),
            wide: None,
            present: MutableBitmap::with_capacity(rows),
            magnitude: 0,
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
        Figures { values, present, magnitude: self.magnitude, scale }
    }
}

impl Wanted {
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
                each(&|row| cells.get(row).map_or(Ok(None), |cell| self.of_text(cell)));
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
                if let Some(array) = cells.downcast_iter().next().filter(|_| plain) {
                    let (magnitude, negative) = reach(array);
                    if !(negative && self.count) {
                        watch.pass(rows);
                        return Ok(Figures {
                            values: Values::Narrow(array.clone().with_validity(None)),
                            present: array
                                .validity()
                                .filter(|present| present.unset_bits() > 0)
                                .cloned(),
                            magnitude,
                            scale: 0,
                        });
                    }
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

    /// A cell of text; an empty one is missing.
    pub(super) fn of_text(self, cell: &str) -> Result<Option<i128>> {
        if cell.trim().is_empty() {
            return Ok(None);
        }
        self.of_decimal(cell.parse()?).map(Some)
    }

    fn of_integer(self, cell: i128) -> Result<i128> {
        self.of_decimal(Decimal::integer(cell))
    }

    pub(super) fn of_decimal(self, cell: Decimal) -> Result<i128> {
        if self.count && cell.mantissa() < 0 {
            return Err(Problem::NegativeCount { value: cell.to_string() }.into());
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

/// A number that no absolute value exceeds, and whether a value is negative.
///
/// Bits are gathered by `or`, which the compiler makes wide: the bound is the next number of the
/// form 2^k − 1. Missing values may hold anything, and are told apart where there are some.
fn reach(array: &PrimitiveArray<i64>) -> (u128, bool) {
    let bits =
        |(size, sign): (i64, i64), value: &i64| (size | (value ^ (value >> 63_u32)), sign | value);
    let (size, sign) = if array.null_count() == 0 {
        array.values().iter().fold((0, 0), bits)
    } else {
        array.non_null_values_iter().fold((0, 0), |gathered, value| bits(gathered, &value))
    };
    // −2^k has the bits of 2^k − 1 here, hence one more.
    let bound = u128::from(size.unsigned_abs()).saturating_add(1).next_power_of_two();
    (bound, sign < 0)
}

/// From binary floats to the nearest scaled integer, exactly or not at all.
struct Float {
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
    /// column does, in one pass that the compiler makes wide.
    fn all(&self, cells: &PrimitiveArray<f64>, watch: &Watch) -> Option<Figures> {
        let mut passed = true;
        let (mut smallest, mut largest) = (0.0_f64, 0.0_f64);
        let mut figures = Vec::with_capacity(cells.len());
        let present = cells.validity().filter(|present| present.unset_bits() > 0);
        let lowest = if self.wanted.count { 0.0 } else { f64::NEG_INFINITY };
        for (part, start) in cells.values().chunks(STRIDE).zip((0..).step_by(STRIDE)) {
            if watch.is_cancelled() || !passed {
                return None;
            }
            for (row, cell) in (start..).zip(part) {
                let missing = present.is_some_and(|present| !present.get(row).unwrap_or(false));
                let scaled = if missing { 0.0 } else { cell * self.factor };
                // Adding and taking away 1.5 × 2^52 rounds to a whole number below 2^51.
                let nearest = (scaled + ROUNDER) - ROUNDER;
                passed &= (scaled - nearest).abs() <= 1e-6 && scaled >= lowest;
                smallest = smallest.min(nearest);
                largest = largest.max(nearest);
                figures.push(narrow(nearest));
            }
        }
        let bounded = largest < LARGEST && smallest > -LARGEST;
        (passed && bounded).then(|| Figures {
            values: Values::Narrow(PrimitiveArray::from_vec(figures)),
            present: present.cloned(),
            magnitude: whole(largest.max(-smallest)).unsigned_abs(),
            scale: self.wanted.scale,
        })
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

#[expect(clippy::cast_possible_truncation, reason = "used only where the column is below 2^51")]
fn narrow(nearest: f64) -> i64 {
    nearest as i64
}

#[expect(clippy::cast_precision_loss, reason = "powers of ten up to 22 are exact")]
fn exact_float(factor: i128) -> f64 {
    factor as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a rounded float below 1e38 is an i128")]
fn whole(nearest: f64) -> i128 {
    nearest as i128
}

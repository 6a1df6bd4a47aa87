//! Figures (数值): a column as exact decimals in the base unit of its measure, and which cells are no
//! figures of it: what binding does to cells that are read.

use super::number::{MOST, NARROWED, Number, WIDEST};
use super::words::Words;
use super::{ColumnType, Dialect};
use crate::catalog::Measure;
use crate::error::{Problem, Result};

/// Above it every float is whole, and half of one is none.
const WHOLE: &str = "4503599627370496";

/// What a column of a measure is to be read as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) measure: &'a Measure,
    /// Power of ten from the unit of the column to the base unit.
    pub(super) shift: i8,
}

/// The figure of a column.
pub(super) struct Figure {
    pub(super) number: Number,
    /// What it is read from, null where that is empty.
    pub(super) cell: String,
    /// Whether it is null for some cells that are not.
    pub(super) may_refuse: bool,
    /// Whether it is none below zero: left to who asks, for that costs more here.
    pub(super) is_count: bool,
}

impl Figure {
    /// Null for all cells that are no figures.
    pub(super) fn strict(&self) -> String {
        let sql = &self.number.sql;
        if self.is_count { format!("CASE WHEN {sql} >= 0 THEN {sql} END") } else { sql.clone() }
    }
}

/// A value, and what must hold for it, each asked only where those before hold.
struct Guarded {
    conditions: Vec<String>,
    value: Number,
}

impl Wanted<'_> {
    /// The figures of a column.
    ///
    /// # Errors
    /// `column-type` for what holds no numbers, `sum-too-wide`, `overflow` for a unit that is out of
    /// proportion.
    pub(super) fn figure(self, column: &str, of: &ColumnType, dialect: Dialect) -> Result<Figure> {
        if !self.measure.grades.is_empty() {
            let cell = match of {
                ColumnType::Text => format!("NULLIF({}, '')", dialect.trimmed(column)),
                _ => column.to_owned(),
            };
            let number = self.grade(&cell, of, dialect)?;
            return Ok(Figure { number, cell, may_refuse: true, is_count: false });
        }
        let plain = |digits, scale| Number { sql: column.to_owned(), digits, scale };
        let mut guarded = Guarded { conditions: Vec::new(), value: plain(1, 0) };
        guarded.value = match of {
            ColumnType::Bool => {
                let sql = format!("CAST({column} AS INTEGER)");
                Number { sql, digits: 1, scale: 0 }.shifted(self.shift)
            }
            ColumnType::Float => self.float(column, dialect, &mut guarded)?,
            ColumnType::Integer { digits } => {
                self.exact(plain(*digits, 0), (true, dialect), &mut guarded)?
            }
            ColumnType::Decimal { precision, scale } => {
                self.exact(plain(*precision, *scale), (false, dialect), &mut guarded)?
            }
            ColumnType::Numeric => {
                self.exact(plain(u8::MAX, self.finest()), (false, dialect), &mut guarded)?
            }
            ColumnType::Text | ColumnType::Word | ColumnType::Date | ColumnType::Other(_) => {
                return Err(Problem::ColumnType {
                    given: of.to_string(),
                    wanted: "numbers".to_owned(),
                }
                .into());
            }
        };
        let is_count = self.measure.scale == 0 && !matches!(of, ColumnType::Bool);
        let may_refuse = !guarded.conditions.is_empty();
        let (number, cell) = (guarded.number().at_most(WIDEST)?, column.to_owned());
        Ok(Figure { number, cell, may_refuse, is_count })
    }

    fn grade(self, column: &str, of: &ColumnType, dialect: Dialect) -> Result<Number> {
        let words = Words::grades(self.measure);
        let digits = super::number::digits_of(i64::try_from(words.len()).unwrap_or(i64::MAX));
        Ok(Number { sql: words.case(column, of, dialect)?, digits, scale: 0 })
    }

    /// Decimals of the column that a figure can have.
    fn finest(self) -> u8 {
        self.measure.scale.saturating_add_signed(self.shift)
    }

    /// The most digits that a column may have, so that neither its product with the power of its unit
    /// nor what is added has more than fit.
    fn room(self, cell: &Number) -> Result<u8> {
        let places = self.shift.unsigned_abs();
        let moved = if places == 0 { 0 } else { places.saturating_add(1) };
        let scale = if self.shift < 0 { cell.scale.saturating_add(places) } else { cell.scale };
        let dropped = scale.saturating_sub(self.measure.scale);
        let most = if cell.digits > WIDEST { NARROWED } else { WIDEST };
        // One less: products of some engines have a digit more than both factors.
        let of_product = MOST.saturating_sub(moved).saturating_sub(u8::from(moved > 0));
        let of_added = most
            .saturating_add(dropped)
            .saturating_sub(u8::from(dropped > 0))
            .saturating_sub(moved);
        let room = of_product.min(of_added).min(MOST);
        let too_wide = || Problem::SumTooWide {
            digits: u64::from(cell.scale).saturating_add(1),
            most: u64::from(room),
        };
        Ok(Some(room).filter(|room| *room > cell.scale).ok_or_else(too_wide)?)
    }

    /// Integers and decimals: what has too many digits, or decimals, is no figure.
    fn exact(
        self,
        cell: Number,
        (is_integer, dialect): (bool, Dialect),
        guarded: &mut Guarded,
    ) -> Result<Number> {
        let column = cell.sql.clone();
        if dialect == Dialect::Postgres && !is_integer {
            guarded.conditions.push(format!("{column} <> CAST('NaN' AS NUMERIC)"));
        }
        let room = self.room(&cell)?;
        let scale = cell.scale;
        let narrowed = if cell.digits > room {
            let limit = format!("1{}", "0".repeat(usize::from(room.saturating_sub(scale))));
            let of = room.saturating_sub(scale).saturating_add(1);
            let limit = format!("CAST('{limit}' AS DECIMAL({of}, 0))");
            guarded.conditions.push(format!("{column} < {limit}"));
            guarded.conditions.push(format!("{column} > -{limit}"));
            let cast = Number { digits: room, ..cell.clone() }.cast(room, scale);
            if cell.digits == u8::MAX {
                guarded.conditions.push(format!("{column} = {}", cast.sql));
            }
            cast
        } else {
            cell
        };
        let shifted = narrowed.shifted(self.shift);
        if shifted.scale <= self.measure.scale {
            return Ok(shifted);
        }
        // One digit more, for what is rounded up and then found unequal.
        let dropped = shifted.scale.saturating_sub(self.measure.scale);
        let digits = shifted.digits.saturating_sub(dropped).saturating_add(1);
        let exact = shifted.cast(digits, self.measure.scale);
        guarded.conditions.push(format!("{} = {}", shifted.sql, exact.sql));
        Ok(exact)
    }

    /// The decimal that a float stands for: within a millionth of the last place, or the nearest
    /// float of it.
    fn float(self, column: &str, dialect: Dialect, guarded: &mut Guarded) -> Result<Number> {
        let double = dialect.double();
        let power = i16::from(self.shift).saturating_add(i16::from(self.measure.scale));
        let power = u8::try_from(power).ok().filter(|power| *power <= 18);
        let power =
            power.ok_or_else(|| Problem::Overflow { what: "the unit of the column".to_owned() })?;
        let number = |text: &str| format!("CAST('{text}' AS {double})");
        let factor = number(&format!("1e{power}"));
        let cell = format!("CAST({column} AS {double})");
        let scaled = format!("{cell} * {factor}");
        // Half away from zero, as where cells are read.
        let nearest = format!(
            "CASE WHEN ABS({scaled}) >= {whole} THEN {scaled} WHEN {scaled} < {zero} \
             THEN CEIL({scaled} - {half}) ELSE FLOOR({scaled} + {half}) END",
            whole = number(WHOLE),
            zero = number("0"),
            half = number("0.5"),
        );
        if self.measure.scale == 0 {
            // What is rounded to zero may have been below it.
            guarded.conditions.push(format!("{cell} >= {}", number("0")));
        }
        // Before anything is multiplied: some engines do not go on beyond the largest float.
        let most = number(&format!("9e{}", 18_u8.saturating_sub(power)));
        guarded.conditions.push(format!("ABS({cell}) < {most}"));
        guarded.conditions.push(format!(
            "(ABS({scaled} - {nearest}) <= {} OR {nearest} / {factor} = {cell})",
            number("1e-6")
        ));
        let whole = Number { sql: format!("CAST({nearest} AS BIGINT)"), digits: 19, scale: 0 };
        let scale = i8::try_from(self.measure.scale).unwrap_or(i8::MAX);
        Ok(whole.shifted(scale.saturating_neg()))
    }
}

impl Guarded {
    fn number(self) -> Number {
        let Self { conditions, value } = self;
        let sql = conditions.iter().rev().fold(value.sql.clone(), |inner, condition| {
            format!("CASE WHEN {condition} THEN {inner} END")
        });
        Number { sql, ..value }
    }
}

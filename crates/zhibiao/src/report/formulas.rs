//! Text that a spreadsheet would run as a formula: CSV cannot say that it is text.

use std::borrow::Cow;

use polars::prelude::{ChunkApply, Column, DataFrame, DataType, IntoColumn, PolarsResult};

use crate::error::Problem;

/// With what a formula begins, also as full-width letters, and as what spreadsheets pass over.
const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The frame with an apostrophe before each text that begins as a formula does, and the finding that
/// tells it. Numbers stay, and so does text that is no more than digits, signs and points.
pub(super) fn disarmed(frame: &DataFrame) -> PolarsResult<(DataFrame, Option<Problem>)> {
    let (mut cells, mut first) = (0_usize, None);
    let mut disarm = |column: &Column| {
        let text = match column.dtype() {
            DataType::String => column.clone(),
            DataType::Categorical(..) | DataType::Enum(..) => column.cast(&DataType::String)?,
            _ => return Ok(column.clone()),
        };
        let mut found = text.str()?.iter().flatten().filter(|text| is_formula(text)).peekable();
        let Some(formula) = found.peek() else { return Ok(column.clone()) };
        first.get_or_insert_with(|| (*formula).to_owned());
        cells = cells.saturating_add(found.count());
        let disarmed = text.str()?.apply_values(|text| {
            if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
        });
        PolarsResult::Ok(disarmed.into_column())
    };
    let columns = frame.columns().iter().map(&mut disarm).collect::<PolarsResult<_>>()?;
    let problem = first.map(|first| Problem::FormulaText { cells, first });
    Ok((DataFrame::new(frame.height(), columns)?, problem))
}

fn is_formula(text: &str) -> bool {
    let is_number = |letter: char| letter.is_ascii_digit() || "+-.".contains(letter);
    text.starts_with(SIGNS) && !text.chars().all(is_number)
}

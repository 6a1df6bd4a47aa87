//! Frames as JSON: decimals and floats as they print, so that every digit is kept.

use std::io::{Result, Write};

use polars::prelude::{AnyValue, DataFrame};

use crate::number::Decimal;

/// An array of objects, one a line.
pub(super) fn array(frame: &DataFrame, into: &mut dyn Write) -> Result<()> {
    into.write_all(b"[")?;
    for row in 0..frame.height() {
        let before = if row == 0 { "" } else { ",\n" };
        write!(into, "{before}{}", object(frame, row))?;
    }
    into.write_all(b"]\n")
}

/// One object a line, nothing between.
pub(super) fn lines(frame: &DataFrame, into: &mut dyn Write) -> Result<()> {
    (0..frame.height()).try_for_each(|row| writeln!(into, "{}", object(frame, row)))
}

fn object(frame: &DataFrame, row: usize) -> String {
    let fields = frame.columns().iter().map(|column| {
        let value = column.get(row).unwrap_or(AnyValue::Null);
        format!("{}:{}", quoted(column.name()), plain(&value))
    });
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn plain(value: &AnyValue<'_>) -> String {
    match value {
        AnyValue::Null => "null".to_owned(),
        AnyValue::String(text) => quoted(text),
        AnyValue::StringOwned(text) => quoted(text),
        AnyValue::Float64(float) if float.is_finite() => float.to_string(),
        AnyValue::Decimal(integer, _, scale) => {
            let scale = u8::try_from(*scale).unwrap_or(0);
            Decimal::new(*integer, scale).map_or_else(|_| "null".to_owned(), |d| d.to_string())
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

//! Numbers with their words.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use zhibiao::Result;
use zhibiao::number::{Decimal, End};
use zhibiao::quantity::{Quantity, whole_numbers};

use crate::error::raised;

/// A quantity as a dict; an end as numerator, denominator, and whether it is not reached.
#[pyfunction]
pub(crate) fn quantity<'py>(
    py: Python<'py>,
    text: &str,
    rounded: bool,
    lang: &str,
) -> PyResult<Bound<'py, PyDict>> {
    let lang = raised(lang.parse())?;
    let mut quantity: Quantity = raised(text.parse())?;
    if rounded {
        quantity = raised(quantity.as_rounded())?;
    }
    let told = PyDict::new(py);
    told.set_item("number", quantity.number.to_string())?;
    told.set_item("unit", quantity.unit.as_ref().map(|unit| unit.label(lang)))?;
    told.set_item("counted", &quantity.counted)?;
    told.set_item("lower", end(quantity.bounds.lo))?;
    told.set_item("upper", end(quantity.bounds.hi))?;
    told.set_item("word", &quantity.word)?;
    told.set_item("convention", quantity.convention.id())?;
    told.set_item("source", quantity.convention.source())?;
    told.set_item("written", &quantity.written)?;
    Ok(told)
}

fn end(end: End) -> Option<(i128, i128, bool)> {
    match end {
        End::Closed(value) => Some((value.num(), value.den(), false)),
        End::Open(value) => Some((value.num(), value.den(), true)),
        End::Infinite => None,
    }
}

/// The whole numbers that a published rate may be made of, from the least to the most.
#[pyfunction]
pub(crate) fn numerator_of(
    rate: &str,
    whole: i128,
    denominator: i128,
) -> PyResult<Option<(i128, i128)>> {
    let bounds = || -> Result<_> {
        zhibiao::quantity::numerator_of(rate.parse::<Decimal>()?, whole, denominator)
    };
    Ok(whole_numbers(&raised(bounds())?))
}

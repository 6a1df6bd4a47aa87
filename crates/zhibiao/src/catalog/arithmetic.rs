//! Arithmetic (四则运算) of indicators: what `formula` of a derived indicator says.
//!
//! ```text
//! formula := input | integer | formula (+ - * /) formula | ( formula ) | adjusted( formula )
//! ```

use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArgExpr};

use super::formula::{Call, bad, call, integer, parse_expression};
use crate::error::{Error, Problem, Result};
use crate::number::{Bounds, Comparison, End, Ratio};
use crate::unit::Powers;

/// A formula over the inputs of a derived indicator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Arithmetic {
    /// Input, by its position.
    Input(usize),
    /// Whole number.
    Integer(i64),
    /// Sum, difference, product or quotient.
    Both(Operation, Box<Self>, Box<Self>),
    /// The adjusted parity index (调整后的均等指数): x up to 1, 2 − 1/x above, so that it is
    /// symmetrical around 1. Source: uis.unesco.org/node/3297552.
    Adjusted(Box<Self>),
}

/// An operation of [`Arithmetic`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Arithmetic {
    /// Parses a formula over named inputs.
    ///
    /// # Errors
    /// `formula-too-large` above 4 KiB; `bad-derivation` for anything outside the grammar,
    /// `unknown-id` for names that are no inputs.
    ///
    /// # Example
    /// ```
    /// use zhibiao::catalog::{Arithmetic, Operation};
    /// let over = Arithmetic::parse("spent / planned", &["spent", "planned"])?;
    /// assert!(matches!(over, Arithmetic::Both(Operation::Divide, ..)));
    /// let refused = Arithmetic::parse("spent / 0.5", &["spent"]);
    /// assert_eq!(refused.unwrap_err().code(), "bad-derivation");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn parse(text: &str, inputs: &[&str]) -> Result<Self> {
        // The words of the measures' grammar would mislead.
        let of_derived = |error: Error| match error.problem() {
            Problem::BadFormula { reason } => {
                Problem::BadDerivation { reason: reason.clone() }.into()
            }
            _ => error,
        };
        parse_expression(text).and_then(|parsed| read(&parsed, inputs)).map_err(of_derived)
    }

    /// The unit that the formula comes to.
    ///
    /// # Errors
    /// `bad-derivation` where unlike units are added, or a figure with a unit is adjusted.
    pub(crate) fn powers(&self, inputs: &[Powers]) -> Result<Powers> {
        match self {
            Self::Input(at) => Ok(inputs.get(*at).cloned().unwrap_or_else(Powers::number)),
            Self::Integer(_) => Ok(Powers::number()),
            Self::Both(operation, left, right) => {
                let (left, right) = (left.powers(inputs)?, right.powers(inputs)?);
                match operation {
                    Operation::Add => left.plus(&right).ok_or_else(unlike),
                    Operation::Subtract => left.minus(&right).ok_or_else(unlike),
                    Operation::Multiply => Ok(left.times(&right)),
                    Operation::Divide => Ok(left.over(&right)),
                }
            }
            Self::Adjusted(inner) => {
                let inner = inner.powers(inputs)?;
                if inner.is_number() {
                    Ok(inner)
                } else {
                    let reason = "a figure with a unit in `adjusted`".to_owned();
                    Err(Problem::BadDerivation { reason }.into())
                }
            }
        }
    }

    /// The exact value.
    ///
    /// # Errors
    /// `zero-denominator`, `overflow`.
    pub(crate) fn value(&self, inputs: &[Ratio]) -> Result<Ratio> {
        match self {
            Self::Input(at) => Ok(inputs.get(*at).copied().unwrap_or(Ratio::ZERO)),
            Self::Integer(number) => Ok(Ratio::integer(i128::from(*number))),
            Self::Both(operation, left, right) => {
                let (left, right) = (left.value(inputs)?, right.value(inputs)?);
                match operation {
                    Operation::Add => left.add(right),
                    Operation::Subtract => left.sub(right),
                    Operation::Multiply => left.mul(right),
                    Operation::Divide => left.div(right),
                }
            }
            Self::Adjusted(inner) => adjusted(inner.value(inputs)?),
        }
    }

    /// The values that inputs within bounds leave open; inputs are taken as independent.
    ///
    /// # Errors
    /// `zero-denominator` where a divisor may be 0 or below, `overflow`.
    pub(crate) fn bounds(&self, inputs: &[Bounds]) -> Result<Bounds> {
        match self {
            Self::Input(at) => {
                Ok(inputs.get(*at).copied().unwrap_or_else(|| Bounds::exact(Ratio::ZERO)))
            }
            Self::Integer(number) => Ok(Bounds::exact(Ratio::integer(i128::from(*number)))),
            Self::Both(operation, left, right) => {
                let (left, right) = (left.bounds(inputs)?, right.bounds(inputs)?);
                match operation {
                    Operation::Add => left.add(&right),
                    Operation::Subtract => left.sub(&right),
                    Operation::Multiply => left.mul(&right),
                    Operation::Divide => left.div(&right),
                }
            }
            Self::Adjusted(inner) => {
                let inner = inner.bounds(inputs)?;
                // The adjustment keeps the order, so that ends go to ends.
                let end = |end: End| -> Result<End> {
                    Ok(match end {
                        End::Closed(value) => End::Closed(adjusted(value)?),
                        End::Open(value) => End::Open(adjusted(value)?),
                        End::Infinite => End::Open(Ratio::integer(2)),
                    })
                };
                // Below there is no end to adjust to.
                let lo = if inner.lo == End::Infinite { End::Infinite } else { end(inner.lo)? };
                Ok(Bounds { lo, hi: end(inner.hi)? })
            }
        }
    }
}

fn adjusted(value: Ratio) -> Result<Ratio> {
    let one = Ratio::integer(1);
    if Comparison::Above.holds(value, one) {
        Ratio::integer(2).sub(one.div(value)?)
    } else {
        Ok(value)
    }
}

fn unlike() -> Error {
    let reason = "figures of unlike units added or subtracted".to_owned();
    Problem::BadDerivation { reason }.into()
}

fn read(expression: &Expr, inputs: &[&str]) -> Result<Arithmetic> {
    match expression {
        Expr::Nested(inner) => read(inner, inputs),
        Expr::Identifier(name) => {
            let position = inputs.iter().position(|input| *input == name.value);
            position.map(Arithmetic::Input).ok_or_else(|| {
                let (what, id) = ("input".to_owned(), name.value.clone());
                let near = crate::error::near(&id, inputs.iter().copied());
                Problem::UnknownId { what, id, near }.into()
            })
        }
        Expr::Value(_) => Ok(Arithmetic::Integer(integer(expression)?)),
        Expr::BinaryOp { left, op, right } => {
            let operation = match op {
                BinaryOperator::Plus => Operation::Add,
                BinaryOperator::Minus => Operation::Subtract,
                BinaryOperator::Multiply => Operation::Multiply,
                BinaryOperator::Divide => Operation::Divide,
                other => return Err(bad(format!("`{other}` where + - * / must stand"))),
            };
            let (left, right) = (read(left, inputs)?, read(right, inputs)?);
            Ok(Arithmetic::Both(operation, Box::new(left), Box::new(right)))
        }
        Expr::Function(function) => adjustment(function, inputs),
        other => Err(bad(format!("`{other}` where an input must stand"))),
    }
}

fn adjustment(function: &Function, inputs: &[&str]) -> Result<Arithmetic> {
    match call(function)? {
        Call { name, argument: FunctionArgExpr::Expr(inner), filter: None }
            if name == "adjusted" =>
        {
            Ok(Arithmetic::Adjusted(Box::new(read(inner, inputs)?)))
        }
        _ => Err(bad(format!("`{function}` in place of adjusted(…)"))),
    }
}

//! Formulas (公式) of measures: a small part of SQL, parsed by `sqlparser` into our own tree.
//!
//! The invariant: nothing outside the grammar reaches the tree, and nothing but the tree is ever
//! evaluated or rendered.
//!
//! ```text
//! define := sum(row) | count(*) | define (+|-) define, each with an optional filter (where cond)
//! row    := measure | integer * measure | row (+|-) row      (inside conditions also integer)
//! cond   := dimension = 'x' | dimension in ('x', …) | row (= <> < <= > >=) row
//!         | cond and|or cond | not cond
//! ```

use std::fmt;

use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

use crate::error::{Problem, Result};

/// Longest formula that is parsed: with it, and the depth below, no nesting can exhaust the stack.
const MAX_BYTES: usize = 4096;
const MAX_DEPTH: usize = 64;

/// A sum of aggregates (聚合): what `define` of a measure says.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Define {
    /// Aggregates to add; those with `negative` are subtracted.
    pub terms: Vec<Term>,
}

/// One aggregate of a [`Define`].
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Term {
    /// Whether the aggregate is subtracted.
    pub negative: bool,
    /// What is added up over rows; `None` counts rows.
    pub sum: Option<Linear>,
    /// Which rows; `None` takes all.
    pub filter: Option<Condition>,
}

/// A linear combination of measures of one row, plus a constant.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub struct Linear {
    /// Coefficient and measure id, in the order written.
    pub parts: Vec<(i64, String)>,
    /// Constant; always 0 outside conditions.
    pub constant: i64,
}

/// A condition on one row.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Condition {
    /// The dimension has one of the values.
    Is {
        /// Dimension id.
        dimension: String,
        /// Value ids.
        values: Vec<String>,
    },
    /// Left side held against right side.
    Compare {
        /// Left side.
        left: Linear,
        /// Sign between them.
        sign: Sign,
        /// Right side.
        right: Linear,
    },
    /// Both hold.
    And(Box<Self>, Box<Self>),
    /// One of them holds.
    Or(Box<Self>, Box<Self>),
    /// It does not hold.
    Not(Box<Self>),
}

/// A sign of comparison.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Sign {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl fmt::Display for Sign {
    /// As SQL writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        })
    }
}

impl Define {
    /// Parses a formula.
    ///
    /// # Errors
    /// `formula-too-large` above 4 KiB, `bad-formula` for anything outside the grammar.
    ///
    /// # Example
    /// ```
    /// use zhibiao::catalog::Define;
    /// let public = Define::parse("sum(children) filter (where ownership = 'public')")?;
    /// assert_eq!(public.measures(), ["children"]);
    /// assert_eq!(Define::parse("avg(children)").unwrap_err().code(), "bad-formula");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let mut terms = Vec::new();
        define(&parse_expression(text)?, false, &mut terms)?;
        Ok(Self { terms })
    }

    /// Ids of the measures that occur, each once.
    #[must_use]
    pub fn measures(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for term in &self.terms {
            let rows = term.sum.iter().chain(term.filter.iter().flat_map(Condition::rows));
            for id in rows.flat_map(|row| &row.parts).map(|(_, id)| id.as_str()) {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        found
    }

    /// Conditions of all terms.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.terms.iter().filter_map(|term| term.filter.as_ref())
    }
}

impl Linear {
    /// A single measure.
    #[must_use]
    pub fn measure(id: &str) -> Self {
        Self { parts: vec![(1, id.to_owned())], constant: 0 }
    }
}

impl Condition {
    /// Parses a condition by itself.
    ///
    /// # Errors
    /// As for [`Define::parse`].
    pub(super) fn parse(text: &str) -> Result<Self> {
        condition(&parse_expression(text)?)
    }

    /// Dimension tests that occur, as dimension and value ids.
    #[must_use]
    pub fn tests(&self) -> Vec<(&str, &[String])> {
        match self {
            Self::Is { dimension, values } => vec![(dimension, values)],
            Self::Compare { .. } => Vec::new(),
            Self::And(a, b) | Self::Or(a, b) => [a.tests(), b.tests()].concat(),
            Self::Not(inner) => inner.tests(),
        }
    }

    /// Rows that are compared.
    #[must_use]
    pub fn rows(&self) -> Vec<&Linear> {
        match self {
            Self::Is { .. } => Vec::new(),
            Self::Compare { left, right, .. } => vec![left, right],
            Self::And(a, b) | Self::Or(a, b) => [a.rows(), b.rows()].concat(),
            Self::Not(inner) => inner.rows(),
        }
    }
}

pub(super) fn bad(reason: impl Into<String>) -> crate::Error {
    Problem::BadFormula { reason: reason.into() }.into()
}

pub(super) fn parse_expression(text: &str) -> Result<Expr> {
    if text.len() > MAX_BYTES {
        return Err(Problem::FormulaTooLarge { bytes: text.len() }.into());
    }
    let syntax = |error: ParserError| bad(format!("a syntax error: {error}"));
    let tokens = Tokenizer::new(&GenericDialect {}, text).tokenize_with_location();
    let tokens = tokens.map_err(|error| syntax(error.into()))?;
    if let Some(other) = tokens.iter().find(|token| !is_known(&token.token)) {
        return Err(bad(format!("`{}`, which no formula has", other.token)));
    }
    let parser = Parser::new(&GenericDialect {}).with_recursion_limit(MAX_DEPTH);
    let mut parser = parser.with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(syntax)?;
    match parser.peek_token().token {
        Token::EOF => Ok(expression),
        rest => Err(bad(format!("`{rest}` after its end"))),
    }
}

/// Whether the grammar has such a token. Others never reach the parser, which takes time without
/// bound over some of them: names with periods between them are tried in two ways at each period.
fn is_known(token: &Token) -> bool {
    use Token::{
        Comma, Div, EOF, Eq, Gt, GtEq, LParen, Lt, LtEq, Minus, Mul, Neq, Number, Plus, RParen,
        SingleQuotedString, Whitespace, Word,
    };
    // A name in quotes may be none.
    if let Word(word) = token {
        return !word.value.is_empty();
    }
    matches!(
        token,
        Comma
            | Div
            | EOF
            | Eq
            | Gt
            | GtEq
            | LParen
            | Lt
            | LtEq
            | Minus
            | Mul
            | Neq
            | Number(..)
            | Plus
            | RParen
            | SingleQuotedString(_)
            | Whitespace(_)
    )
}

fn define(expression: &Expr, negative: bool, terms: &mut Vec<Term>) -> Result<()> {
    match expression {
        Expr::Nested(inner) => define(inner, negative, terms),
        Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
            define(left, negative, terms)?;
            define(right, negative != (*op == BinaryOperator::Minus), terms)
        }
        Expr::Function(function) => {
            terms.push(aggregate(function, negative)?);
            Ok(())
        }
        other => Err(bad(format!("`{other}` where an aggregate must stand"))),
    }
}

/// Name, argument and filter of a function.
pub(super) struct Call<'a> {
    pub(super) name: String,
    pub(super) argument: &'a FunctionArgExpr,
    pub(super) filter: Option<&'a Expr>,
}

/// Takes the function apart without `..`, so that a clause added to the parser cannot slip in.
pub(super) fn call(function: &Function) -> Result<Call<'_>> {
    let Function {
        name,
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args:
            FunctionArguments::List(FunctionArgumentList { duplicate_treatment: None, args, clauses }),
        filter,
        null_treatment: None,
        over: None,
        within_group,
    } = function
    else {
        return Err(bad(format!("a clause that is not allowed in `{function}`")));
    };
    let [FunctionArg::Unnamed(argument)] = args.as_slice() else {
        return Err(bad(format!("not exactly one argument in `{function}`")));
    };
    if !(clauses.is_empty() && within_group.is_empty()) {
        return Err(bad(format!("a clause that is not allowed in `{function}`")));
    }
    let name = name.to_string().to_ascii_lowercase();
    Ok(Call { name, argument, filter: filter.as_deref() })
}

fn aggregate(function: &Function, negative: bool) -> Result<Term> {
    let Call { name, argument, filter } = call(function)?;
    let sum = match (name.as_str(), argument) {
        ("sum", FunctionArgExpr::Expr(row)) => {
            let row = linear(row, 1)?;
            if row.constant != 0 || row.parts.is_empty() {
                return Err(bad(format!("a number among the measures of `{function}`")));
            }
            Some(row)
        }
        ("count", FunctionArgExpr::Wildcard) => None,
        _ => return Err(bad(format!("`{function}` in place of sum(row) or count(*)"))),
    };
    let filter = filter.map(condition).transpose()?;
    Ok(Term { negative, sum, filter })
}

fn linear(expression: &Expr, factor: i64) -> Result<Linear> {
    let too_large = || bad(format!("a coefficient out of range in `{expression}`"));
    match expression {
        Expr::Nested(inner) => linear(inner, factor),
        Expr::Identifier(name) => {
            Ok(Linear { parts: vec![(factor, name.value.clone())], constant: 0 })
        }
        Expr::Value(_) => {
            let constant = integer(expression)?.checked_mul(factor).ok_or_else(too_large)?;
            Ok(Linear { parts: Vec::new(), constant })
        }
        Expr::BinaryOp { left, op: BinaryOperator::Multiply, right } => {
            let factor = integer(left)?.checked_mul(factor).ok_or_else(too_large)?;
            match right.as_ref() {
                Expr::Identifier(_) => linear(right, factor),
                other => Err(bad(format!("`{other}` where a measure must stand"))),
            }
        }
        Expr::BinaryOp { left, op: op @ (BinaryOperator::Plus | BinaryOperator::Minus), right } => {
            let mut sum = linear(left, factor)?;
            let sign = if *op == BinaryOperator::Minus { -1 } else { 1 };
            let rest = linear(right, factor.checked_mul(sign).ok_or_else(too_large)?)?;
            sum.parts.extend(rest.parts);
            sum.constant = sum.constant.checked_add(rest.constant).ok_or_else(too_large)?;
            Ok(sum)
        }
        other => Err(bad(format!("`{other}` where measures of a row must stand"))),
    }
}

pub(super) fn integer(expression: &Expr) -> Result<i64> {
    let digits = match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, false) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    };
    digits.ok_or_else(|| bad(format!("`{expression}` where a whole number must stand")))
}

pub(super) fn condition(expression: &Expr) -> Result<Condition> {
    match expression {
        Expr::Nested(inner) => condition(inner),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
            Ok(Condition::Not(Box::new(condition(expr)?)))
        }
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            Ok(Condition::And(Box::new(condition(left)?), Box::new(condition(right)?)))
        }
        Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
            Ok(Condition::Or(Box::new(condition(left)?), Box::new(condition(right)?)))
        }
        Expr::InList { expr, list, negated } => {
            let values = list.iter().map(|value| {
                text(value).ok_or_else(|| bad(format!("`{value}` where a quoted value must stand")))
            });
            let test = is(expr, values.collect::<Result<_>>()?)?;
            Ok(if *negated { Condition::Not(Box::new(test)) } else { test })
        }
        Expr::BinaryOp { left, op, right } => match (text(right), sign(op)) {
            (Some(value), Some(Sign::Equal)) => is(left, vec![value]),
            (Some(value), Some(Sign::NotEqual)) => {
                Ok(Condition::Not(Box::new(is(left, vec![value])?)))
            }
            (None, Some(sign)) => {
                Ok(Condition::Compare { left: linear(left, 1)?, sign, right: linear(right, 1)? })
            }
            _ => Err(bad(format!("`{expression}` where a condition must stand"))),
        },
        other => Err(bad(format!("`{other}` where a condition must stand"))),
    }
}

fn is(dimension: &Expr, values: Vec<String>) -> Result<Condition> {
    match dimension {
        Expr::Identifier(name) => Ok(Condition::Is { dimension: name.value.clone(), values }),
        other => Err(bad(format!("`{other}` where a dimension must stand"))),
    }
}

fn text(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn sign(operator: &BinaryOperator) -> Option<Sign> {
    Some(match operator {
        BinaryOperator::Eq => Sign::Equal,
        BinaryOperator::NotEq => Sign::NotEqual,
        BinaryOperator::Lt => Sign::Less,
        BinaryOperator::LtEq => Sign::LessOrEqual,
        BinaryOperator::Gt => Sign::Greater,
        BinaryOperator::GtEq => Sign::GreaterOrEqual,
        _ => return None,
    })
}

//! Relations (关系): the name of a table in a warehouse, and the types of its columns.

use std::str::FromStr;

use polars::prelude::{Column, DataFrame, DataType};

use super::Dialect;
use crate::bind::Table;
use crate::error::{Error, Place, Problem, Result};

/// A table of a warehouse (数据仓库的表): its name, and its columns in order.
///
/// # Example
/// ```
/// use zhibiao::sql::{ColumnType, Relation};
/// let types = [("区划代码", "text"), ("在园幼儿数", "int64")];
/// let columns = types.map(|(name, of)| (name, of.parse::<ColumnType>().unwrap()));
/// let relation = Relation::new(["edu", "kindergartens"], columns);
/// assert_eq!(relation.label(), "edu.kindergartens");
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Relation {
    name: Vec<String>,
    columns: Vec<(String, ColumnType)>,
}

/// The type of a column, as far as it matters (列类型).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Text of an enumeration.
    Word,
    /// Integers of at most so many decimal digits.
    Integer {
        /// 3, 5, 10, 19 or more for 8, 16, 32, 64 bits or more.
        digits: u8,
    },
    /// Decimals of a fixed number of digits, so many of them after the point.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Digits after the point.
        scale: u8,
    },
    /// Decimals of any length.
    Numeric,
    /// Binary floats.
    Float,
    /// True or false.
    Bool,
    /// Days.
    Date,
    /// What no figure or group can be read from, as the engine calls it.
    Other(String),
}

impl Relation {
    /// A table by the parts of its name, such as schema and table, and its columns.
    pub fn new<P: Into<String>, N: Into<String>>(
        name: impl IntoIterator<Item = P>,
        columns: impl IntoIterator<Item = (N, ColumnType)>,
    ) -> Self {
        let columns = columns.into_iter().map(|(name, of)| (name.into(), of)).collect();
        Self { name: name.into_iter().map(Into::into).collect(), columns }
    }

    /// Its name as messages have it.
    #[must_use]
    pub fn label(&self) -> String {
        self.name.join(".")
    }

    /// A statement that gives its columns, and no rows.
    ///
    /// # Errors
    /// `unquotable`.
    pub fn header_sql(&self, dialect: Dialect) -> Result<String> {
        Ok(format!("SELECT * FROM {} LIMIT 0", self.quoted(dialect)?))
    }

    pub(super) fn quoted(&self, dialect: Dialect) -> Result<String> {
        let parts = self.name.iter().map(|part| dialect.name(part));
        let parts = parts.collect::<Result<Vec<_>>>()?;
        if parts.is_empty() { dialect.name("") } else { Ok(parts.join(".")) }
    }

    pub(crate) fn of(&self, column: &str) -> Option<&ColumnType> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, of)| of)
    }

    pub(super) fn is_text(&self, column: &str) -> bool {
        matches!(self.of(column), Some(ColumnType::Text | ColumnType::Word))
    }

    /// Where a column stands.
    pub(super) fn place(&self, column: Option<&str>) -> Place {
        let column = column.map(ToOwned::to_owned);
        Place::Cell { file: Some(self.label()), sheet: None, row: None, column }
    }

    /// Where it stands itself.
    pub(crate) fn whole(&self) -> Place {
        self.place(None)
    }

    /// Some rows of a column.
    pub(crate) fn rows(&self, column: &str, rows: u64) -> Place {
        Place::Rows { table: self.label(), column: column.to_owned(), rows }
    }

    /// The names of its columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// Its header, without rows.
    pub(crate) fn header(&self) -> Result<Table> {
        let column = |(name, _): &(String, ColumnType)| {
            Column::new_empty(name.as_str().into(), &DataType::String)
        };
        let frame = DataFrame::new(0, self.columns.iter().map(column).collect());
        let frame = frame.map_err(|error| {
            let reason = error.to_string();
            Error::new(Problem::UnreadableTable { reason }, self.place(None))
        })?;
        Ok(Table::from(frame))
    }
}

impl ColumnType {
    /// Whether its cells can be words of a dimension.
    pub(crate) const fn has_words(&self) -> bool {
        matches!(self, Self::Text | Self::Word | Self::Integer { .. } | Self::Bool)
    }
}

impl FromStr for ColumnType {
    type Err = std::convert::Infallible;

    /// Reads `text`, `enum`, `int8` to `int128`, `uint8` to `uint64`, `decimal(18,2)`, `decimal`, `float`,
    /// `bool` and `date`; all else is an [`Other`](Self::Other).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let other = || Self::Other(text.to_owned());
        Ok(match text {
            "text" => Self::Text,
            "enum" => Self::Word,
            "int8" | "uint8" => Self::Integer { digits: 3 },
            "int16" | "uint16" => Self::Integer { digits: 5 },
            "int32" | "uint32" => Self::Integer { digits: 10 },
            "int64" => Self::Integer { digits: 19 },
            "uint64" => Self::Integer { digits: 20 },
            "int128" => Self::Integer { digits: 39 },
            "decimal" => Self::Numeric,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "date" => Self::Date,
            fixed => {
                let inner = fixed.strip_prefix("decimal(").and_then(|rest| rest.strip_suffix(')'));
                let parts = inner.and_then(|inner| inner.split_once(','));
                let parts = parts.and_then(|(precision, scale)| {
                    Some((precision.trim().parse().ok()?, scale.trim().parse().ok()?))
                });
                match parts {
                    Some((precision, scale)) if scale <= precision => {
                        Self::Decimal { precision, scale }
                    }
                    _ => other(),
                }
            }
        })
    }
}

impl std::fmt::Display for ColumnType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text | Self::Word => f.write_str("text"),
            Self::Integer { digits } => write!(f, "integers of {digits} digits"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision}, {scale})"),
            Self::Numeric => f.write_str("decimal"),
            Self::Float => f.write_str("floats"),
            Self::Bool => f.write_str("true or false"),
            Self::Date => f.write_str("dates"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

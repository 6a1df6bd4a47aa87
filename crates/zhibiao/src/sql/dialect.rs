//! Dialects (方言): how each engine writes names, texts and types.
//!
//! The invariant: every name and text is written so that the engine reads back exactly it, whatever
//! it holds; what cannot be written so is refused.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Problem, Result};

/// The SQL of an engine (SQL 方言).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Dialect {
    /// `DuckDB`.
    DuckDb,
    /// `PostgreSQL`.
    Postgres,
    /// Apache Spark.
    Spark,
    /// Trino, and what else keeps to the standard.
    Trino,
}

/// What Unicode calls white space, and the mark of byte order: what is trimmed and folded away where
/// cells are read.
const SPACES: &str = "\u{9}\u{a}\u{b}\u{c}\u{d} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";

/// The most bytes of a name in `PostgreSQL`, which cuts longer ones without a word.
const POSTGRES_NAME: usize = 63;

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::DuckDb, Self::Postgres, Self::Spark, Self::Trino];

    /// The word for it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::DuckDb => "duckdb",
            Self::Postgres => "postgres",
            Self::Spark => "spark",
            Self::Trino => "trino",
        }
    }

    /// A name, quoted: different names are written differently, and nothing in one ends it.
    ///
    /// # Errors
    /// `unquotable` for a name that the engine would read as another: empty, with a null character,
    /// in `PostgreSQL` of more than 63 bytes, in Spark with `${`, which it replaces in any text.
    ///
    /// # Example
    /// ```
    /// use zhibiao::sql::Dialect;
    /// assert_eq!(Dialect::DuckDb.name("在园\"幼儿")?, "\"在园\"\"幼儿\"");
    /// assert_eq!(Dialect::Spark.name("a`b")?, "`a``b`");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn name(self, name: &str) -> Result<String> {
        if name.is_empty() {
            return Err(self.unquotable(name, "it is empty"));
        }
        if name.contains('\0') {
            return Err(self.unquotable(name, "it holds a null character"));
        }
        if self == Self::Postgres && name.len() > POSTGRES_NAME {
            return Err(self.unquotable(name, "names of more than 63 bytes are cut"));
        }
        if self == Self::Spark && name.contains("${") {
            return Err(self.unquotable(name, "`${` begins a variable"));
        }
        let quote = if self == Self::Spark { '`' } else { '"' };
        Ok(format!("{quote}{}{quote}", name.replace(quote, &format!("{quote}{quote}"))))
    }

    /// A text as a literal.
    ///
    /// # Errors
    /// `unquotable` with a null character.
    ///
    /// # Example
    /// ```
    /// use zhibiao::sql::Dialect;
    /// assert_eq!(Dialect::Postgres.text("民办'")?, "'民办'''");
    /// assert_eq!(Dialect::Spark.text("a'")?, "CAST(X'6127' AS STRING)");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn text(self, text: &str) -> Result<String> {
        if text.contains('\0') {
            return Err(self.unquotable(text, "it holds a null character"));
        }
        // How Spark reads quotes and backslashes hangs on its settings; of bytes it does not.
        if self == Self::Spark && text.contains(['\'', '\\', '$']) {
            return Ok(hexadecimal(text));
        }
        Ok(format!("'{}'", text.replace('\'', "''")))
    }

    /// A text without the white space around it, as where cells are read.
    pub(super) fn trimmed(self, text: &str) -> String {
        format!("TRIM(BOTH {} FROM {text})", self.escaped(SPACES))
    }

    /// A text folded, and without some marks.
    pub(super) fn without(self, text: &str, marks: &str) -> String {
        let left_out = self.escaped(&format!("{SPACES}\u{feff}{marks}"));
        format!("LOWER(TRANSLATE({text}, {left_out}, ''))")
    }

    /// A text of odd characters, each by its number or its bytes.
    fn escaped(self, text: &str) -> String {
        let number = |before: &str| {
            text.chars().map(|c| format!("{before}{:04X}", u32::from(c))).collect::<String>()
        };
        match self {
            Self::DuckDb => {
                format!("DECODE(UNHEX('{}'))", bytes(text))
            }
            Self::Postgres => format!("E'{}'", number("\\u")),
            Self::Spark => hexadecimal(text),
            Self::Trino => format!("U&'{}'", number("\\")),
        }
    }

    /// A line that the engine passes over.
    pub(super) fn comment(text: &str) -> String {
        let harmless = |c: char| {
            if c.is_control() || c == '$' || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }
        };
        format!("-- {}", text.chars().map(harmless).collect::<String>())
    }

    /// The type of binary floats.
    pub(super) const fn double(self) -> &'static str {
        match self {
            Self::Postgres => "DOUBLE PRECISION",
            _ => "DOUBLE",
        }
    }

    /// The type of texts.
    pub(super) const fn string(self) -> &'static str {
        match self {
            Self::Spark => "STRING",
            Self::Postgres => "TEXT",
            _ => "VARCHAR",
        }
    }

    /// Whether the sum of 64-bit integers has more room than they.
    pub(super) const fn widens(self) -> bool {
        matches!(self, Self::DuckDb | Self::Postgres)
    }

    fn unquotable(self, name: &str, reason: &str) -> Error {
        let (name, dialect) = (name.replace('\0', "\\0"), self.id().to_owned());
        Problem::Unquotable { name, dialect, reason: reason.to_owned() }.into()
    }
}

/// A text by its bytes, as Spark reads it.
fn hexadecimal(text: &str) -> String {
    format!("CAST(X'{}' AS STRING)", bytes(text))
}

fn bytes(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Dialect {
    type Err = Error;

    /// Reads `duckdb`, `postgres`, `spark` or `trino`.
    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.id() == text).ok_or_else(|| {
            let wanted = Self::ALL.map(Self::id).join(", ");
            Problem::BadOption { option: "dialect".to_owned(), value: text.to_owned(), wanted }
                .into()
        })
    }
}

//! Words (词): the cells that name declared values, as the positions of these.

use super::{ColumnType, Dialect};
use crate::catalog::{Dimension, DimensionValue, Measure, is_whole};
use crate::error::{Problem, Result};

/// Spellings of each declared value, by position.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Words {
    spellings: Vec<Vec<String>>,
    /// What an empty cell holds.
    blanks: Vec<String>,
}

impl Words {
    /// Of a dimension its values, then the words for a total.
    pub(super) fn of(dimension: &Dimension) -> Self {
        let values = Self::values(&dimension.values);
        let known: Vec<String> = values.spellings.concat();
        let totals = crate::catalog::TOTALS.iter().map(|word| (*word).to_owned());
        let totals = totals.filter(|word| !known.contains(word)).collect();
        let spellings = [values.spellings, vec![totals]].concat();
        Self { spellings, blanks: vec![String::new()] }
    }

    /// The grades of a measure.
    pub(super) fn grades(measure: &Measure) -> Self {
        Self::values(&measure.grades)
    }

    fn values(values: &[DimensionValue]) -> Self {
        let mut known: Vec<String> = Vec::new();
        let mut spellings = Vec::with_capacity(values.len());
        for value in values {
            // A word that several values go by is that of the first.
            let names: Vec<String> = value.names().map(ToOwned::to_owned).collect();
            let mut own: Vec<String> = Vec::new();
            for name in names {
                if !known.contains(&name) {
                    known.push(name.clone());
                    own.push(name);
                }
            }
            spellings.push(own);
        }
        Self { spellings, blanks: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.spellings.len()
    }

    /// The same, with what is no total of all values, such as 公办小计, behind the totals.
    pub(super) fn apart(&self) -> Self {
        let mut spellings = self.spellings.clone();
        let (totals, others) =
            spellings.pop().unwrap_or_default().into_iter().partition(|word| is_whole(word));
        spellings.extend([totals, others]);
        Self { spellings, blanks: self.blanks.clone() }
    }

    /// Adds a spelling; whether it was new.
    pub(super) fn learn(&mut self, position: usize, spelling: &str) -> bool {
        if self.spellings.iter().flatten().any(|known| known == spelling) {
            return false;
        }
        let Some(own) = self.spellings.get_mut(position) else { return false };
        own.push(spelling.to_owned());
        true
    }

    /// Adds what an empty cell may hold; whether it was new.
    pub(super) fn learn_blank(&mut self, cell: &str) -> bool {
        let is_new = !self.blanks.iter().any(|known| known == cell);
        if is_new {
            self.blanks.push(cell.to_owned());
        }
        is_new
    }

    /// Whether a cell is empty.
    pub(super) fn blank(&self, cell: &str, of: &ColumnType, dialect: Dialect) -> Result<String> {
        if *of != ColumnType::Text {
            return Ok(format!("{cell} IS NULL"));
        }
        let blanks = self.blanks.iter().map(|blank| dialect.text(blank));
        let blanks = blanks.collect::<Result<Vec<_>>>()?;
        Ok(format!("({cell} IS NULL OR {cell} IN ({}))", blanks.join(", ")))
    }

    /// The position that a cell names; null for any other cell.
    ///
    /// # Errors
    /// `column-type` for cells that are no words; `unquotable`.
    pub(super) fn case(&self, column: &str, of: &ColumnType, dialect: Dialect) -> Result<String> {
        let cell = match of {
            ColumnType::Text => column.to_owned(),
            ColumnType::Word | ColumnType::Integer { .. } | ColumnType::Bool => {
                format!("CAST({column} AS {})", dialect.string())
            }
            other => {
                return Err(Problem::ColumnType {
                    given: other.to_string(),
                    wanted: "text or whole numbers".to_owned(),
                }
                .into());
            }
        };
        let mut cases = String::new();
        for (position, spellings) in self.spellings.iter().enumerate() {
            let words = spellings.iter().map(|word| dialect.text(word));
            let words = words.collect::<Result<Vec<_>>>()?;
            if !words.is_empty() {
                cases.push_str(&format!(" WHEN {cell} IN ({}) THEN {position}", words.join(", ")));
            }
        }
        Ok(if cases.is_empty() {
            "CAST(NULL AS INTEGER)".to_owned()
        } else {
            format!("CASE{cases} END")
        })
    }
}

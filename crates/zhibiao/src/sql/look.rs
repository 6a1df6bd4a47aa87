//! Looks (查看): statements for cells that are odd, each with how often it occurs, most frequent first.

use super::statement::Writer;
use crate::error::Result;

impl Writer<'_> {
    /// The cells of a dimension that no known word matches, the most frequent first.
    pub(super) fn unmatched(&self, dimension: usize, most: usize) -> Result<String> {
        let column = self.of.layout.dimensions.get(dimension).map_or("", |(_, column)| column);
        let cell = self.text(column)?;
        self.others(&cell, &self.code_of(&cell, dimension)?, most)
    }

    /// The cells of a measure that are no figures of it, the most frequent first.
    pub(super) fn flawed(&self, measure: &str, most: usize) -> Result<String> {
        let figure = self.figure(measure)?;
        self.others(&figure.cell, &figure.strict(), most)
    }

    /// The cells of a dimension that say a total.
    pub(super) fn totals(&self, dimension: usize, most: usize) -> Result<String> {
        let Some((of, column)) = self.of.layout.dimensions.get(dimension) else {
            return Ok(String::new());
        };
        let test = format!("{} = {}", self.own("x"), of.values.len());
        let cell = self.text(column)?;
        self.cells((&cell, &self.code_of(&cell, dimension)?), &test, most)
    }

    /// The cells that stand in place of a school.
    pub(super) fn no_schools(&self, most: usize) -> Result<String> {
        let cell = self.text(self.of.layout.school.as_deref().unwrap_or_default())?;
        self.cells((&cell, &self.names_none(&cell)?), &self.own("x"), most)
    }

    fn others(&self, cell: &str, read: &str, most: usize) -> Result<String> {
        let test = format!("{} IS NULL AND {} IS NOT NULL", self.own("x"), self.own("cell"));
        self.cells((cell, read), &test, most)
    }

    /// Cells, and how often each occurs, of the rows whose reading `x` meets a test.
    fn cells(&self, (cell, read): (&str, &str), test: &str, most: usize) -> Result<String> {
        let (cell_name, read_name, count) = (self.own("cell"), self.own("x"), self.own("n"));
        Ok(format!(
            "SELECT {cell_name}, COUNT(*) AS {count}\nFROM (\n  SELECT {cell} AS {cell_name}, {read} AS {read_name}\n  \
             FROM {} AS {}\n) AS {}\nWHERE {test}\nGROUP BY 1\nORDER BY 2 DESC, 1\nLIMIT {most}",
            self.of.relation.quoted(self.dialect)?,
            self.own("t"),
            self.own("r"),
        ))
    }

    /// A column as text.
    pub(super) fn text(&self, column: &str) -> Result<String> {
        Ok(format!("CAST({} AS {})", self.column(column)?, self.dialect.string()))
    }
}

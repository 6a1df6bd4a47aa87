//! The statement (语句): rows become codes and figures, then sums by raw keys.
//!
//! Area, period and school are grouped as they stand and read where all keys are read, so that no
//! engine need know their spellings; words of dimensions become the positions of declared values.

use super::figure::Wanted;
use super::number::{Number, WIDEST};
use super::{ColumnType, Dialect, Pushdown};
use crate::catalog::{Condition, Linear, Sign};
use crate::error::{Problem, Result};
use crate::number::pow10;
use crate::plan::PlannedSum;

/// Writes the statements of one pushdown in one dialect.
pub(super) struct Writer<'a> {
    pub(super) of: &'a Pushdown,
    pub(super) dialect: Dialect,
    /// Measures by the number of their columns `x…`.
    figures: Vec<(&'a str, Number)>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(of: &'a Pushdown, dialect: Dialect) -> Result<Self> {
        let mut writer = Self { of, dialect, figures: Vec::new() };
        for id in of.plan.measures() {
            let number = writer.figure(id)?;
            writer.figures.push((id, number));
        }
        Ok(writer)
    }

    /// The aggregate: one row a raw key.
    pub(super) fn aggregate(&self) -> Result<String> {
        let mut text = String::new();
        for (sum, name) in self.of.plan.sum_names().iter().enumerate() {
            text.push_str(&format!("{}\n", Dialect::comment(&format!("s{sum} = {name}"))));
        }
        let keys = self.keys();
        let mut items: Vec<String> = keys.iter().map(|(item, _)| item.clone()).collect();
        items.push(format!("COUNT(*) AS {}", self.own("n")));
        if self.of.layout.area_name.is_some() {
            items.push(format!("MIN({name}) AS {name}", name = self.own("area_name")));
        }
        for (at, sum) in self.of.plan.sums.iter().enumerate() {
            let (total, missing) = self.sum(sum)?;
            items.push(format!("{total} AS {}", self.own(&format!("s{at}"))));
            items.push(format!("{missing} AS {}", self.own(&format!("m{at}"))));
        }
        items.extend(self.flaws());
        let source = if self.of.records { self.rows("  ")? } else { self.rows_beside_others()? };
        let ordinals: Vec<String> = (1..=keys.len()).map(|at| at.to_string()).collect();
        let items = items.join(",\n  ");
        text.push_str(&format!("SELECT\n  {items}\nFROM (\n{source}\n) AS {}", self.own("r")));
        text.push_str(&format!("\nGROUP BY {}", ordinals.join(", ")));
        Ok(text)
    }

    /// The cells of a dimension that no known word matches, the most frequent first.
    pub(super) fn unmatched(&self, dimension: usize, most: usize) -> Result<String> {
        let column = self.of.layout.dimensions.get(dimension).map_or("", |(_, column)| column);
        self.others(&self.text(column)?, &self.code(dimension)?, most)
    }

    /// The cells of a measure that are no figures of it, the most frequent first.
    pub(super) fn flawed(&self, measure: &str, most: usize) -> Result<String> {
        let column = self.of.layout.measure(measure).map_or("", |(_, column, _)| column);
        self.others(&self.column(column)?, &self.figure(measure)?.sql, most)
    }

    /// The cells of a dimension that say a total.
    pub(super) fn totals(&self, dimension: usize, most: usize) -> Result<String> {
        let Some((of, column)) = self.of.layout.dimensions.get(dimension) else {
            return Ok(String::new());
        };
        let test = format!("{} = {}", self.own("x"), of.values.len());
        self.cells((&self.text(column)?, &self.code(dimension)?), &test, most)
    }

    /// The cells that stand in place of a school.
    pub(super) fn no_schools(&self, most: usize) -> Result<String> {
        let column = self.of.layout.school.as_deref().unwrap_or_default();
        let test = self.no_school(&self.own("x")).unwrap_or_default();
        self.cells((&self.text(column)?, &self.column(column)?), &test, most)
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
    fn text(&self, column: &str) -> Result<String> {
        Ok(format!("CAST({} AS {})", self.column(column)?, self.dialect.string()))
    }

    /// The rows as codes and figures, each line after some spaces: names and texts may have lines of
    /// their own, which are left as they are.
    fn rows(&self, space: &str) -> Result<String> {
        let layout = &self.of.layout;
        let mut items = vec![self.named(&layout.area, "area")?];
        let beside = [(&layout.area_name, "area_name"), (&layout.period, "period")];
        for (column, name) in beside {
            if let Some(column) = column {
                items.push(self.named(column, name)?);
            }
        }
        if let Some(column) = &layout.school {
            items.push(self.named(column, "school")?);
        }
        for (at, (_, column)) in layout.dimensions.iter().enumerate() {
            items.push(self.named(column, &format!("c{at}"))?);
            items.push(format!("{} AS {}", self.code(at)?, self.own(&format!("d{at}"))));
        }
        for (at, (id, number)) in self.figures.iter().enumerate() {
            let column = layout.measure(id).map_or("", |(_, column, _)| column);
            items.push(self.named(column, &format!("r{at}"))?);
            items.push(format!("{} AS {}", number.sql, self.own(&format!("x{at}"))));
        }
        let relation = self.of.relation.quoted(self.dialect)?;
        let items = items.join(&format!(",\n{space}  "));
        let own = self.own("t");
        Ok(format!("{space}SELECT\n{space}  {items}\n{space}FROM {relation} AS {own}"))
    }

    /// The rows, with a mark on those whose figures contradict others.
    fn rows_beside_others(&self) -> Result<String> {
        let mut place = vec![self.own("area")];
        place.extend(self.of.layout.period.as_ref().map(|_| self.own("period")));
        place.extend(self.of.layout.school.as_ref().map(|_| self.own("school")));
        place.extend(self.aside());
        let codes = (0..self.of.layout.dimensions.len()).map(|at| self.own(&format!("d{at}")));
        let key: Vec<String> = place.iter().cloned().chain(codes).collect();
        let mut contradicted = vec![format!("COUNT(*) OVER (PARTITION BY {}) > 1", key.join(", "))];
        for (at, words) in self.of.words.iter().enumerate() {
            let cell = self.own(&format!("c{at}"));
            let blank = words.blank(&cell, self.of.type_of_dimension(at), self.dialect)?;
            contradicted.push(format!(
                "({blank} AND MIN(CASE WHEN {blank} THEN 1 ELSE 0 END) OVER (PARTITION BY {}) = 0)",
                place.join(", ")
            ));
        }
        Ok(format!(
            "  SELECT *, CASE WHEN {} THEN 1 ELSE 0 END AS {}\n  FROM (\n{}\n  ) AS {}",
            contradicted.join(" OR "),
            self.own("void"),
            self.rows("    ")?,
            self.own("q")
        ))
    }

    /// What rows are grouped by, as it is selected and as the answer calls it.
    fn keys(&self) -> Vec<(String, String)> {
        let mut keys = vec![(self.own("area"), "area".to_owned())];
        let layout = &self.of.layout;
        if layout.period.is_some() {
            keys.push((self.own("period"), "period".to_owned()));
        }
        if self.of.by.schools && layout.school.is_some() {
            keys.push((self.own("school"), "school".to_owned()));
        }
        for (at, slice) in self.of.by.slices.iter().enumerate() {
            let Some(dimension) = layout.dimension(slice) else { continue };
            let name = format!("k{at}");
            keys.push((
                format!("{} AS {}", self.own(&format!("d{dimension}")), self.own(&name)),
                name,
            ));
        }
        if let Some(aside) = self.aside() {
            keys.push((format!("{aside} AS {}", self.own("aside")), "aside".to_owned()));
        }
        keys
    }

    /// Which key column sets a row aside: 0 for none, else its number from 1, the school last.
    fn aside(&self) -> Option<String> {
        let dimensions = self.of.layout.dimensions.iter().enumerate();
        let mut cases: Vec<String> = dimensions
            .map(|(at, (dimension, _))| {
                let total = dimension.values.len();
                format!(
                    "WHEN {} = {total} THEN {}",
                    self.own(&format!("d{at}")),
                    at.saturating_add(1)
                )
            })
            .collect();
        if let Some(test) = self.no_school(&self.own("school")) {
            cases.push(format!("WHEN {test} THEN {}", cases.len().saturating_add(1)));
        }
        (!cases.is_empty()).then(|| format!("CASE {} ELSE 0 END", cases.join(" ")))
    }

    /// Whether the cell of a school names none; where schools are told apart, that is read from
    /// the keys.
    fn no_school(&self, school: &str) -> Option<String> {
        self.of.layout.school.as_ref().filter(|_| !self.of.by.schools)?;
        let words = self.of.no_schools.iter().filter_map(|word| self.dialect.text(word).ok());
        let words: Vec<String> = words.collect();
        Some(match self.of.type_of_school() {
            Some(ColumnType::Text) => {
                format!("{school} IS NULL OR {school} IN ({})", words.join(", "))
            }
            _ => format!("{school} IS NULL"),
        })
    }

    /// Counts of what is to be looked at: cells of dimensions without a word and without a cell,
    /// cells that are no figures, rows whose figures contradict others.
    fn flaws(&self) -> Vec<String> {
        let count = |column: String| format!("COUNT({})", self.own(&column));
        let mut items = Vec::new();
        for at in 0..self.of.layout.dimensions.len() {
            let (cells, codes) = (count(format!("c{at}")), count(format!("d{at}")));
            items.push(format!("{cells} - {codes} AS {}", self.own(&format!("u{at}"))));
            items.push(format!("COUNT(*) - {cells} AS {}", self.own(&format!("b{at}"))));
        }
        for at in 0..self.figures.len() {
            let (cells, figures) = (count(format!("r{at}")), count(format!("x{at}")));
            items.push(format!("{cells} - {figures} AS {}", self.own(&format!("f{at}"))));
        }
        if !self.of.records {
            items.push(format!("SUM({}) AS {}", self.own("void"), self.own("v")));
        }
        items
    }

    /// Total and missing rows of a sum.
    fn sum(&self, sum: &PlannedSum) -> Result<(String, String)> {
        let filter = self.filter(sum)?;
        let parts = self.parts(sum);
        let plain = lacking(filter.as_deref(), &parts);
        let mut lacks: Vec<String> = plain.clone().into_iter().collect();
        for other in sum.among.iter().filter_map(|at| self.of.plan.sums.get(*at)) {
            let other = lacking(self.filter(other)?.as_deref(), &self.parts(other));
            if let Some(other) = other.filter(|other| !lacks.contains(other)) {
                lacks.push(other);
            }
        }
        let all = lacks.join(" OR ");
        let missing = match (lacks.as_slice(), filter.as_deref(), parts.as_slice()) {
            ([], ..) => "CAST(0 AS BIGINT)".to_owned(),
            ([_], None, [only]) if sum.among.iter().all(|at| self.is(*at, sum)) => {
                format!("COUNT(*) - COUNT({only})")
            }
            _ => format!("COUNT(CASE WHEN {all} THEN 1 END)"),
        };
        // A part that is null adds nothing by itself; what others lack must be asked.
        let others = lacks.len() > 1 || (plain.is_none() && !lacks.is_empty());
        let kept = match (filter, others) {
            (None, false) => None,
            (Some(filter), false) => Some(filter),
            (None, true) => Some(format!("NOT ({all})")),
            (Some(filter), true) => Some(format!("{filter} AND NOT ({all})")),
        };
        let when = |value: &str| match &kept {
            Some(kept) => format!("CASE WHEN {kept} THEN {value} END"),
            None => value.to_owned(),
        };
        let total = match &sum.of {
            None if kept.is_none() => "COUNT(*)".to_owned(),
            None => format!("COUNT({})", when("1")),
            Some(of) if of.parts.is_empty() => "CAST(0 AS BIGINT)".to_owned(),
            Some(of) => {
                let row = self.row(of, sum.scale)?.at_most(WIDEST)?;
                let added = when(&row.summed(self.dialect));
                format!("CAST(SUM({added}) AS DECIMAL(38, {}))", row.scale)
            }
        };
        Ok((total, missing))
    }

    fn is(&self, at: usize, sum: &PlannedSum) -> bool {
        self.of
            .plan
            .sums
            .get(at)
            .is_some_and(|other| other.of == sum.of && other.filter == sum.filter)
    }

    fn filter(&self, sum: &PlannedSum) -> Result<Option<String>> {
        let filter = sum.filter.and_then(|filter| self.of.plan.filters.get(filter));
        filter.map(|filter| self.condition(filter)).transpose()
    }

    /// The columns of a sum.
    fn parts(&self, sum: &PlannedSum) -> Vec<String> {
        let parts = sum.of.iter().flat_map(|of| &of.parts);
        parts.map(|(_, id)| self.value(id)).collect()
    }

    /// A row of measures whose coefficients are of integers at a scale.
    fn row(&self, row: &Linear, scale: u8) -> Result<Number> {
        let mut parts = Vec::with_capacity(row.parts.len());
        for (coefficient, id) in &row.parts {
            let own = self.of.layout.measure(id).map_or(0, |(measure, ..)| measure.scale);
            let factor = pow10(u32::from(scale.saturating_sub(own)));
            let factor = factor.and_then(|factor| i64::try_from(factor).ok()).unwrap_or(1);
            // Exact: the plan has multiplied by it.
            parts.push((coefficient.checked_div(factor).unwrap_or(0), self.number(id)));
        }
        Number::linear(&parts, row.constant)
    }

    fn condition(&self, condition: &Condition) -> Result<String> {
        Ok(match condition {
            Condition::Is { dimension, values } => self.test(dimension, values),
            Condition::Compare { left, sign, right } => {
                let side = |row: &Linear| {
                    let parts: Vec<(i64, Number)> =
                        row.parts.iter().map(|(factor, id)| (*factor, self.number(id))).collect();
                    Number::linear(&parts, row.constant)
                };
                let sign = match sign {
                    Sign::Equal => "=",
                    Sign::NotEqual => "<>",
                    Sign::Less => "<",
                    Sign::LessOrEqual => "<=",
                    Sign::Greater => ">",
                    Sign::GreaterOrEqual => ">=",
                };
                format!("{} {sign} {}", side(left)?.sql, side(right)?.sql)
            }
            Condition::And(a, b) => format!("({} AND {})", self.condition(a)?, self.condition(b)?),
            Condition::Or(a, b) => format!("({} OR {})", self.condition(a)?, self.condition(b)?),
            Condition::Not(inner) => format!("(NOT {})", self.condition(inner)?),
        })
    }

    /// Whether a dimension has one of some values; null where it has none.
    fn test(&self, dimension: &str, values: &[String]) -> String {
        let Some(at) = self.of.layout.dimension(dimension) else { return "NULL".to_owned() };
        let code = self.own(&format!("d{at}"));
        let declared = self.of.layout.dimensions.get(at).map(|(dimension, _)| &dimension.values);
        let positions = declared.into_iter().flatten().enumerate();
        let wanted = positions.filter(|(_, value)| values.contains(&value.id));
        let wanted: Vec<String> = wanted.map(|(position, _)| position.to_string()).collect();
        match wanted.as_slice() {
            [] => format!("{code} < 0"),
            [only] => format!("{code} = {only}"),
            several => format!("{code} IN ({})", several.join(", ")),
        }
    }

    /// The figure of a measure, from the column of the table.
    fn figure(&self, id: &str) -> Result<Number> {
        let Some((measure, column, shift)) = self.of.layout.measure(id) else {
            return Err(
                Problem::NotPushable { reason: format!("it has no column of `{id}`") }.into()
            );
        };
        let place = || self.of.relation.place(Some(column));
        let unknown = || Problem::NotPushable { reason: format!("it has no column `{column}`") };
        let of = self.of.relation.of(column).ok_or_else(unknown)?;
        let wanted = Wanted { measure, shift };
        let figure = wanted.figure(&self.column(column)?, of, self.dialect);
        figure.map_err(|error| error.at(place()))
    }

    /// The position of a value of a dimension, from the column of the table.
    fn code(&self, dimension: usize) -> Result<String> {
        let Some((_, column)) = self.of.layout.dimensions.get(dimension) else {
            return Ok("NULL".to_owned());
        };
        let words = self.of.words.get(dimension).cloned().unwrap_or_default();
        let of = self.of.type_of_dimension(dimension);
        let code = words.case(&self.column(column)?, of, self.dialect);
        code.map_err(|error| error.at(self.of.relation.place(Some(column))))
    }

    /// The column of a figure among the rows, null where it contradicts others.
    fn value(&self, id: &str) -> String {
        let at = self.figures.iter().position(|(own, _)| *own == id).unwrap_or(usize::MAX);
        let column = self.own(&format!("x{at}"));
        if self.of.records {
            column
        } else {
            format!("CASE WHEN {} = 0 THEN {column} END", self.own("void"))
        }
    }

    fn number(&self, id: &str) -> Number {
        let own = self.figures.iter().find(|(own, _)| *own == id).map(|(_, number)| number);
        let (digits, scale) = own.map_or((0, 0), |number| (number.digits, number.scale));
        Number { sql: self.value(id), digits, scale }
    }

    /// A column of the table under a name of our own.
    fn named(&self, column: &str, name: &str) -> Result<String> {
        Ok(format!("{} AS {}", self.column(column)?, self.own(name)))
    }

    fn column(&self, column: &str) -> Result<String> {
        let quoted = self.dialect.name(column);
        let quoted = quoted.map_err(|error| error.at(self.of.relation.place(Some(column))))?;
        Ok(format!("{}.{quoted}", self.own("t")))
    }

    /// One of our own names, none of which need care.
    fn own(&self, name: &str) -> String {
        self.dialect.name(name).unwrap_or_default()
    }
}

/// Whether a row lacks a part of a sum, or it cannot be told whether it counts; never null. None
/// where no row can.
fn lacking(filter: Option<&str>, parts: &[String]) -> Option<String> {
    let absent: Vec<String> = parts.iter().map(|part| format!("{part} IS NULL")).collect();
    let absent = Some(absent.join(" OR ")).filter(|absent| !absent.is_empty());
    match (filter, absent) {
        (None, absent) => absent,
        (Some(filter), None) => Some(format!("({filter}) IS NULL")),
        (Some(filter), Some(absent)) => {
            Some(format!("({filter}) IS NULL OR ({filter} AND ({absent}))"))
        }
    }
}

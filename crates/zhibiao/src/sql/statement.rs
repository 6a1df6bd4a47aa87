//! The statement (语句): rows, then classes of rows, then groups.
//!
//! A class holds the rows of one area, period and school whose cells of dimensions are the same, and
//! which are alike in all that is asked of single rows (flags). Classes are summed plainly; which of
//! them a sum takes is asked of the few classes and not of the many rows, so that one filter more
//! costs next to nothing. Area, period and school are grouped as they stand and read where all keys
//! are read, so that no engine need know their spellings; words of dimensions become the positions
//! of declared values.

use super::figure::{Figure, Wanted};
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
    figures: Vec<(&'a str, Figure)>,
    /// What is asked of single rows, by the number of the column `z…`.
    bits: Vec<Bits>,
    /// What is summed of rows, by the number of the column `a…`.
    added: Vec<Number>,
}

/// Flags of a row, never null, as the bits of one number.
struct Bits {
    /// Where it holds none of them does: mostly so, and then they are not looked at.
    unless: Option<String>,
    flags: Vec<String>,
}

/// No engine takes the last of so many bits for a sign.
const MOST_BITS: usize = 62;

impl<'a> Writer<'a> {
    pub(super) fn new(of: &'a Pushdown, dialect: Dialect) -> Result<Self> {
        let mut writer =
            Self { of, dialect, figures: Vec::new(), bits: Vec::new(), added: Vec::new() };
        for id in of.plan.measures() {
            let figure = writer.figure(id)?;
            writer.figures.push((id, figure));
        }
        writer.bits = writer.asked_of_rows()?;
        for sum in &of.plan.sums {
            if let Some(row) = writer.row(sum)?
                && !writer.added.iter().any(|added| added.sql == row.sql)
            {
                writer.added.push(row);
            }
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
        let mut items = keys.clone();
        items.push(format!("CAST(SUM({}) AS BIGINT) AS {}", self.own("n"), self.own("n")));
        if self.of.layout.area_name.is_some() {
            items.push(format!("MIN({name}) AS {name}", name = self.own("area_name")));
        }
        for (at, sum) in self.of.plan.sums.iter().enumerate() {
            let (total, missing) = self.sum(sum)?;
            items.push(format!("{total} AS {}", self.own(&format!("s{at}"))));
            items.push(format!("{missing} AS {}", self.own(&format!("m{at}"))));
        }
        items.extend(self.flaws());
        let source = if self.of.records { self.coded("  ")? } else { self.held("  ")? };
        text.push_str(&self.select("", &items, &source));
        text.push_str(&grouped("", keys.len()));
        Ok(text)
    }

    /// The cells of a dimension that no known word matches, the most frequent first.
    pub(super) fn unmatched(&self, dimension: usize, most: usize) -> Result<String> {
        let column = self.of.layout.dimensions.get(dimension).map_or("", |(_, column)| column);
        self.others(&self.text(column)?, &self.code_of(&self.column(column)?, dimension)?, most)
    }

    /// The cells of a measure that are no figures of it, the most frequent first.
    pub(super) fn flawed(&self, measure: &str, most: usize) -> Result<String> {
        let column = self.of.layout.measure(measure).map_or("", |(_, column, _)| column);
        self.others(&self.column(column)?, &self.figure(measure)?.strict(), most)
    }

    /// The cells of a dimension that say a total.
    pub(super) fn totals(&self, dimension: usize, most: usize) -> Result<String> {
        let Some((of, column)) = self.of.layout.dimensions.get(dimension) else {
            return Ok(String::new());
        };
        let test = format!("{} = {}", self.own("x"), of.values.len());
        let code = self.code_of(&self.column(column)?, dimension)?;
        self.cells((&self.text(column)?, &code), &test, most)
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

    /// The classes, with a mark on those whose rows contradict others.
    fn held(&self, space: &str) -> Result<String> {
        let mut place = vec![self.own("area")];
        place.extend(self.of.layout.period.as_ref().map(|_| self.own("period")));
        place.extend(self.of.layout.school.as_ref().map(|_| self.own("school")));
        place.extend(self.aside());
        let codes = (0..self.of.layout.dimensions.len()).map(|at| self.own(&format!("d{at}")));
        let key: Vec<String> = place.iter().cloned().chain(codes).collect();
        let rows = self.own("n");
        let mut contradicted =
            vec![format!("SUM({rows}) OVER (PARTITION BY {}) > 1", key.join(", "))];
        for (at, words) in self.of.words.iter().enumerate() {
            let cell = self.own(&format!("c{at}"));
            let blank = words.blank(&cell, self.of.type_of_dimension(at), self.dialect)?;
            contradicted.push(format!(
                "({blank} AND MIN(CASE WHEN {blank} THEN 1 ELSE 0 END) OVER (PARTITION BY {}) = 0)",
                place.join(", ")
            ));
        }
        let void = format!("{} AS {}", contradicted.join(" OR "), self.own("void"));
        let deeper = format!("{space}  ");
        Ok(self.select(space, &["*".to_owned(), void], &self.coded(&deeper)?))
    }

    /// The classes, with words as codes and flags by themselves.
    fn coded(&self, space: &str) -> Result<String> {
        let mut items = self.raw_keys();
        for at in 0..self.of.layout.dimensions.len() {
            items.push(self.own(&format!("c{at}")));
            items.push(format!("{} AS {}", self.code(at)?, self.own(&format!("d{at}"))));
        }
        let mut number = 0_usize..;
        for (column, bits) in self.bits.iter().enumerate() {
            let column = self.own(&format!("z{column}"));
            for ((bit, next), at) in
                powers().zip(&bits.flags).map(|(power, _)| power).zip(&mut number)
            {
                let name = self.own(&format!("q{at}"));
                items.push(format!("MOD({column}, {next}) >= {bit} AS {name}"));
            }
        }
        items.push(self.own("n"));
        items.extend(self.of.layout.area_name.iter().map(|_| self.own("area_name")));
        items.extend((0..self.added.len()).map(|at| self.own(&format!("a{at}"))));
        let deeper = format!("{space}  ");
        Ok(self.select(space, &items, &self.classes(&deeper)?))
    }

    /// The classes of rows, each with its number of rows and its sums.
    fn classes(&self, space: &str) -> Result<String> {
        let mut items = self.raw_keys();
        items.extend((0..self.of.layout.dimensions.len()).map(|at| self.own(&format!("c{at}"))));
        for (at, bits) in self.bits.iter().enumerate() {
            let each = bits.flags.iter().zip(powers());
            let each =
                each.map(|(flag, (bit, _))| format!("CASE WHEN {flag} THEN {bit} ELSE 0 END"));
            let sum = each.collect::<Vec<_>>().join(" + ");
            let sum = match &bits.unless {
                Some(unless) => format!("CASE WHEN {unless} THEN 0 ELSE {sum} END"),
                None => sum,
            };
            items.push(format!("{sum} AS {}", self.own(&format!("z{at}"))));
        }
        let keys = items.len();
        items.push(format!("COUNT(*) AS {}", self.own("n")));
        if self.of.layout.area_name.is_some() {
            items.push(format!("MIN({name}) AS {name}", name = self.own("area_name")));
        }
        for (at, added) in self.added.iter().enumerate() {
            let summed = added.summed(self.dialect);
            items.push(format!("SUM({summed}) AS {}", self.own(&format!("a{at}"))));
        }
        let deeper = format!("{space}  ");
        let classes = self.select(space, &items, &self.rows(&deeper)?);
        Ok(format!("{classes}{}", grouped(space, keys)))
    }

    /// The rows with their figures, each line after some spaces: names and texts may have lines of
    /// their own, which are left as they are.
    fn rows(&self, space: &str) -> Result<String> {
        let layout = &self.of.layout;
        let mut items = vec![self.named(&layout.area, "area")?];
        let beside = [
            (&layout.area_name, "area_name"),
            (&layout.period, "period"),
            (&layout.school, "school"),
        ];
        for (column, name) in beside {
            if let Some(column) = column {
                items.push(self.named(column, name)?);
            }
        }
        for (at, (_, column)) in layout.dimensions.iter().enumerate() {
            items.push(self.named(column, &format!("c{at}"))?);
        }
        for (at, (id, figure)) in self.figures.iter().enumerate() {
            if figure.may_refuse {
                let column = layout.measure(id).map_or("", |(_, column, _)| column);
                items.push(self.named(column, &format!("r{at}"))?);
            }
            items.push(format!("{} AS {}", figure.number.sql, self.own(&format!("x{at}"))));
        }
        let relation = self.of.relation.quoted(self.dialect)?;
        let items = items.join(&format!(",\n{space}  "));
        let own = self.own("t");
        Ok(format!("{space}SELECT\n{space}  {items}\n{space}FROM {relation} AS {own}"))
    }

    /// Items of a query over another.
    fn select(&self, space: &str, items: &[String], of: &str) -> String {
        let items = items.join(&format!(",\n{space}  "));
        let own = self.own("r");
        format!("{space}SELECT\n{space}  {items}\n{space}FROM (\n{of}\n{space}) AS {own}")
    }

    /// The key columns that are grouped as they stand.
    fn raw_keys(&self) -> Vec<String> {
        let layout = &self.of.layout;
        let school = layout.school.as_ref().filter(|_| self.of.by.schools || !self.of.records);
        let names =
            [Some("area"), layout.period.as_ref().map(|_| "period"), school.map(|_| "school")];
        names.into_iter().flatten().map(|name| self.own(name)).collect()
    }

    /// What is asked of single rows: whether a figure is not there, or no figure; whether a cell stands
    /// in place of a school; how figures compare.
    fn asked_of_rows(&self) -> Result<Vec<Bits>> {
        let (mut odd, mut plain, mut compared) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..self.figures.len() {
            plain.push(self.present(at));
            odd.push(self.absent(at));
            odd.extend(self.refused(at));
        }
        if let Some(no_school) = self.no_school(&self.own("school")) {
            plain.push(format!("NOT ({no_school})"));
            odd.push(no_school);
        }
        for filter in &self.of.plan.filters {
            self.compared(filter, &mut compared)?;
        }
        let unless = Some(plain.join(" AND ")).filter(|plain| !plain.is_empty());
        let bits = |unless: &Option<String>, flags: &[String]| Bits {
            unless: unless.clone(),
            flags: flags.to_vec(),
        };
        let odd = odd.chunks(MOST_BITS).map(|flags| bits(&unless, flags));
        Ok(odd.chain(compared.chunks(MOST_BITS).map(|flags| bits(&None, flags))).collect())
    }

    fn compared(&self, condition: &Condition, flags: &mut Vec<String>) -> Result<()> {
        match condition {
            Condition::Is { .. } => {}
            Condition::Compare { left, sign, right } => {
                let flag = self.comparison(left, *sign, right)?;
                if !flags.contains(&flag) {
                    flags.push(flag);
                }
            }
            Condition::And(a, b) | Condition::Or(a, b) => {
                self.compared(a, flags)?;
                self.compared(b, flags)?;
            }
            Condition::Not(inner) => self.compared(inner, flags)?,
        }
        Ok(())
    }

    /// Whether a row has a figure; may be null where it has none.
    fn present(&self, figure: usize) -> String {
        let column = self.own(&format!("x{figure}"));
        let is_count = self.figures.get(figure).is_some_and(|(_, figure)| figure.is_count);
        if is_count { format!("{column} >= 0") } else { format!("{column} IS NOT NULL") }
    }

    /// Whether a row has no figure.
    fn absent(&self, figure: usize) -> String {
        match self.figures.get(figure) {
            Some((_, Figure { is_count: true, .. })) => {
                format!("NOT COALESCE({}, FALSE)", self.present(figure))
            }
            _ => format!("{} IS NULL", self.own(&format!("x{figure}"))),
        }
    }

    /// Whether a row has a cell that is no figure; none where each is one.
    fn refused(&self, figure: usize) -> Option<String> {
        let (_, of) = self.figures.get(figure)?;
        let (cell, column) = (self.own(&format!("r{figure}")), self.own(&format!("x{figure}")));
        let lost = of.may_refuse.then(|| format!("({cell} IS NOT NULL AND {column} IS NULL)"));
        let negative = of.is_count.then(|| format!("{column} < 0"));
        match (lost, negative) {
            (lost, None) => lost,
            // Beside a null, what is below zero could not be told.
            (None, Some(negative)) => Some(format!("COALESCE({negative}, FALSE)")),
            (Some(lost), Some(negative)) => Some(format!("COALESCE({lost} OR {negative}, FALSE)")),
        }
    }

    /// The column of a flag.
    fn flag(&self, flag: &str) -> String {
        let at = self.bits.iter().flat_map(|bits| &bits.flags).position(|own| own == flag);
        self.own(&format!("q{}", at.unwrap_or(usize::MAX)))
    }

    /// What classes are grouped by.
    fn keys(&self) -> Vec<String> {
        let layout = &self.of.layout;
        let school = layout.school.as_ref().filter(|_| self.of.by.schools);
        let names =
            [Some("area"), layout.period.as_ref().map(|_| "period"), school.map(|_| "school")];
        let mut keys: Vec<String> =
            names.into_iter().flatten().map(|name| self.own(name)).collect();
        for (at, slice) in self.of.by.slices.iter().enumerate() {
            let Some(dimension) = layout.dimension(slice) else { continue };
            let code = self.own(&format!("d{dimension}"));
            keys.push(format!("{code} AS {}", self.own(&format!("k{at}"))));
        }
        keys.extend(self.aside().map(|aside| format!("{aside} AS {}", self.own("aside"))));
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
            let test = self.flag(&test);
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

    /// Rows of what is to be looked at: cells of dimensions without a word and without a cell, cells
    /// that are no figures, rows whose figures contradict others.
    fn flaws(&self) -> Vec<String> {
        let mut items = Vec::new();
        let mut tell = |test: &str, name: String| {
            items.push(format!("{} AS {}", self.rows_where(test), self.own(&name)));
        };
        for at in 0..self.of.layout.dimensions.len() {
            let (cell, code) = (self.own(&format!("c{at}")), self.own(&format!("d{at}")));
            tell(&format!("{cell} IS NOT NULL AND {code} IS NULL"), format!("u{at}"));
            tell(&format!("{cell} IS NULL"), format!("b{at}"));
        }
        for at in 0..self.figures.len() {
            let refused = self.refused(at).map(|refused| self.flag(&refused));
            tell(&refused.unwrap_or_else(|| "FALSE".to_owned()), format!("f{at}"));
        }
        if !self.of.records {
            tell(&self.own("void"), "v".to_owned());
        }
        items
    }

    /// The number of rows of the classes that meet a test.
    fn rows_where(&self, test: &str) -> String {
        format!("CAST(SUM(CASE WHEN {test} THEN {} ELSE 0 END) AS BIGINT)", self.own("n"))
    }

    /// Total and missing rows of a sum.
    fn sum(&self, sum: &PlannedSum) -> Result<(String, String)> {
        let filter = self.filter(sum)?;
        let mut lacks: Vec<String> = self.lacking(sum)?.into_iter().collect();
        for other in sum.among.iter().filter_map(|at| self.of.plan.sums.get(*at)) {
            lacks.extend(self.lacking(other)?.filter(|other| !lacks.contains(other)));
        }
        let lacks = Some(lacks.join(" OR ")).filter(|lacks| !lacks.is_empty());
        let missing = match &lacks {
            None => "CAST(0 AS BIGINT)".to_owned(),
            Some(lacks) => self.rows_where(lacks),
        };
        // Where the filter holds, the sum itself lacks nothing but parts.
        let own = if sum.among.is_empty() { self.any_absent(&parts_of(sum)) } else { lacks };
        let complete = own.map(|own| format!("NOT ({own})"));
        let kept: Vec<String> = filter.into_iter().chain(complete).collect();
        let when = |value: &str| match kept.join(" AND ") {
            kept if kept.is_empty() => value.to_owned(),
            kept => format!("CASE WHEN {kept} THEN {value} END"),
        };
        let total = match self.row(sum)? {
            None if sum.of.is_some() => "CAST(0 AS BIGINT)".to_owned(),
            None => format!("CAST(SUM({}) AS BIGINT)", when(&self.own("n"))),
            Some(row) => {
                let at = self.added.iter().position(|added| added.sql == row.sql);
                let added = when(&self.own(&format!("a{}", at.unwrap_or(usize::MAX))));
                format!("CAST(SUM({added}) AS DECIMAL(38, {}))", row.scale)
            }
        };
        Ok((total, missing))
    }

    /// Whether rows of a class lack a part of a sum, or it cannot be told whether they count; never
    /// null. None where no row can.
    fn lacking(&self, sum: &PlannedSum) -> Result<Option<String>> {
        let absent = self.any_absent(&parts_of(sum));
        Ok(match (self.filter(sum)?, absent) {
            (None, absent) => absent,
            (Some(filter), None) => Some(format!("({filter}) IS NULL")),
            (Some(filter), Some(absent)) => {
                Some(format!("({filter}) IS NULL OR ({filter} AND ({absent}))"))
            }
        })
    }

    /// Whether rows of a class lack one of some figures, which those that contradict others do. None
    /// for no figures.
    fn any_absent(&self, measures: &[&str]) -> Option<String> {
        let position = |id: &&str| self.figures.iter().position(|(own, _)| own == id);
        let absent = measures.iter().filter_map(position).map(|at| self.flag(&self.absent(at)));
        let void = (!self.of.records).then(|| self.own("void"));
        let absent: Vec<String> = absent.collect();
        (!absent.is_empty())
            .then(|| absent.into_iter().chain(void).collect::<Vec<_>>().join(" OR "))
    }

    fn filter(&self, sum: &PlannedSum) -> Result<Option<String>> {
        let filter = sum.filter.and_then(|filter| self.of.plan.filters.get(filter));
        filter.map(|filter| self.condition(filter)).transpose()
    }

    /// What a sum adds up of each row; none where that is nothing, or the row itself.
    fn row(&self, sum: &PlannedSum) -> Result<Option<Number>> {
        let Some(of) = sum.of.as_ref().filter(|of| !of.parts.is_empty()) else { return Ok(None) };
        let mut parts = Vec::with_capacity(of.parts.len());
        for (coefficient, id) in &of.parts {
            let own = self.of.layout.measure(id).map_or(0, |(measure, ..)| measure.scale);
            let factor = pow10(u32::from(sum.scale.saturating_sub(own)));
            let factor = factor.and_then(|factor| i64::try_from(factor).ok()).unwrap_or(1);
            // Exact: the plan has multiplied by it.
            parts.push((coefficient.checked_div(factor).unwrap_or(0), self.number(id)));
        }
        Number::linear(&parts, of.constant)?.at_most(WIDEST).map(Some)
    }

    /// A condition on classes: null where it cannot be told.
    fn condition(&self, condition: &Condition) -> Result<String> {
        Ok(match condition {
            Condition::Is { dimension, values } => self.test(dimension, values),
            Condition::Compare { left, sign, right } => {
                let holds = self.flag(&self.comparison(left, *sign, right)?);
                let parts = left.parts.iter().chain(&right.parts);
                let parts: Vec<&str> = parts.map(|(_, id)| id.as_str()).collect();
                match self.any_absent(&parts) {
                    None => holds,
                    Some(absent) => format!("CASE WHEN NOT ({absent}) THEN {holds} END"),
                }
            }
            Condition::And(a, b) => format!("({} AND {})", self.condition(a)?, self.condition(b)?),
            Condition::Or(a, b) => format!("({} OR {})", self.condition(a)?, self.condition(b)?),
            Condition::Not(inner) => format!("(NOT {})", self.condition(inner)?),
        })
    }

    /// Whether a row compares so.
    fn comparison(&self, left: &Linear, sign: Sign, right: &Linear) -> Result<String> {
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
        Ok(format!("{} {sign} {}", side(left)?.sql, side(right)?.sql))
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
    fn figure(&self, id: &str) -> Result<Figure> {
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

    /// The position of the value that a cell of a dimension names.
    fn code(&self, dimension: usize) -> Result<String> {
        self.code_of(&self.own(&format!("c{dimension}")), dimension)
    }

    fn code_of(&self, cell: &str, dimension: usize) -> Result<String> {
        let words = self.of.words.get(dimension).cloned().unwrap_or_default();
        let code = words.case(cell, self.of.type_of_dimension(dimension), self.dialect);
        let column = self.of.layout.dimensions.get(dimension).map(|(_, column)| column.as_str());
        code.map_err(|error| error.at(self.of.relation.place(column)))
    }

    /// A figure of the rows.
    fn number(&self, id: &str) -> Number {
        let at = self.figures.iter().position(|(own, _)| *own == id).unwrap_or(usize::MAX);
        let own = self.figures.get(at).map(|(_, figure)| &figure.number);
        let (digits, scale) = own.map_or((0, 0), |number| (number.digits, number.scale));
        Number { sql: self.own(&format!("x{at}")), digits, scale }
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

/// The measures of a sum.
fn parts_of(sum: &PlannedSum) -> Vec<&str> {
    sum.of.iter().flat_map(|of| &of.parts).map(|(_, id)| id.as_str()).collect()
}

/// Grouped by so many of the items that stand first.
fn grouped(space: &str, keys: usize) -> String {
    let ordinals: Vec<String> = (1..=keys).map(|at| at.to_string()).collect();
    format!("\n{space}GROUP BY {}", ordinals.join(", "))
}

/// The powers of two, each with the next.
fn powers() -> impl Iterator<Item = (u64, u64)> {
    (0..MOST_BITS).filter_map(|at| {
        let bit = 1_u64.checked_shl(u32::try_from(at).ok()?)?;
        Some((bit, bit.saturating_mul(2)))
    })
}

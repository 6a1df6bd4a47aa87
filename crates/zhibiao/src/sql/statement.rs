//! The statement (语句): rows, then classes of rows, then groups.
//!
//! A class holds the rows of one area, period and school whose cells of dimensions are the same, and
//! which are alike in all that is asked of single rows (flags). Classes are summed plainly; which of
//! them a sum takes is asked of the few classes and not of the many rows, so that one filter more
//! costs next to nothing. Area, period and school are grouped as they stand and read where all keys
//! are read, so that no engine need know their spellings; words of dimensions become the positions
//! of declared values.
//!
//! | columns | what |
//! |-|-|
//! | `x…`, `r…` | figures of rows, and the cells they are read from where these may be no figures |
//! | `c…`, `d…` | cells of dimensions, and the positions of the values that they name |
//! | `z…`, `q…` | flags of rows as a number, and each by itself |
//! | `n`, `a…` | rows of a class, and its sums |
//! | `void`, `no_school` | whether its rows contradict others, or have a total in place of a school |
//! | `k…`, `aside`, `s…`, `m…` | the answer: slices, which column sets rows aside, totals, missing rows |
//! | `u…`, `b…`, `f…`, `v` | rows with words that are not known, without a word, with what is no figure, void ones |

use super::figure::{Figure, Wanted};
use super::flags::Bits;
use super::number::Number;
use super::{Dialect, Pushdown};
use crate::catalog::{LABEL_MARKS, SCHOOL_ENDINGS, SUBSET, TOTAL_ENDINGS, TOTAL_WORDS, TOTALS};
use crate::error::{Problem, Result};

/// Writes the statements of one pushdown in one dialect.
pub(super) struct Writer<'a> {
    pub(super) of: &'a Pushdown,
    pub(super) dialect: Dialect,
    /// Measures by the number of their columns `x…`.
    pub(super) figures: Vec<(&'a str, Figure)>,
    /// What is asked of single rows, by the number of the column `z…`.
    pub(super) bits: Vec<Bits>,
    /// What is summed of rows, by the number of the column `a…`.
    pub(super) added: Vec<Number>,
}

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
        let school = self.own("school");
        if self.of.names_schools() {
            items.retain(|item| *item != school);
            items.push(format!("{} AS {school}", self.dialect.trimmed(&school)));
            if !self.of.by.schools {
                items.push(format!("{} AS {}", self.names_none(&school)?, self.own("no_school")));
            }
        }
        for at in 0..self.of.layout.dimensions.len() {
            items.push(self.own(&format!("c{at}")));
            items.push(format!("{} AS {}", self.code(at)?, self.own(&format!("d{at}"))));
        }
        items.extend(self.flag_columns());
        items.push(self.own("n"));
        items.extend((0..self.added.len()).map(|at| self.own(&format!("a{at}"))));
        let deeper = format!("{space}  ");
        Ok(self.select(space, &items, &self.classes(&deeper)?))
    }

    /// Whether a cell stands in place of a school.
    pub(super) fn names_none(&self, school: &str) -> Result<String> {
        let name = self.dialect.without(school, LABEL_MARKS);
        let words = [""].iter().chain(&TOTALS).map(|word| self.dialect.text(word));
        let words = words.collect::<Result<Vec<_>>>()?.join(", ");
        let like = |pattern: String| -> Result<String> {
            Ok(format!("{name} LIKE {}", self.dialect.text(&pattern)?))
        };
        let begins = TOTAL_WORDS.iter().map(|word| format!("{word}%"));
        let ends = TOTAL_WORDS.iter().chain(&TOTAL_ENDINGS).map(|word| format!("%{word}"));
        let mut tests = vec![format!("{name} IN ({words})")];
        tests.extend(begins.chain(ends).map(like).collect::<Result<Vec<_>>>()?);
        let schools = SCHOOL_ENDINGS.iter().map(|word| like(format!("%{word}")));
        let schools = schools.collect::<Result<Vec<_>>>()?.join(" OR ");
        tests.push(format!("({} AND NOT ({schools}))", like(format!("{SUBSET}%"))?));
        Ok(format!("COALESCE({}, TRUE)", tests.join(" OR ")))
    }

    /// The classes of rows, each with its number of rows and its sums.
    fn classes(&self, space: &str) -> Result<String> {
        let mut items = self.raw_keys();
        items.extend((0..self.of.layout.dimensions.len()).map(|at| self.own(&format!("c{at}"))));
        items.extend(self.flag_numbers());
        let keys = items.len();
        items.push(format!("COUNT(*) AS {}", self.own("n")));
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
        for (column, name) in [(&layout.area_name, "area_name"), (&layout.period, "period")] {
            if let Some(column) = column {
                items.push(self.named(column, name)?);
            }
        }
        if let Some(column) = &layout.school {
            let cell =
                if self.of.names_schools() { self.text(column)? } else { self.column(column)? };
            items.push(format!("{cell} AS {}", self.own("school")));
        }
        for (at, (_, column)) in layout.dimensions.iter().enumerate() {
            // In PostgreSQL enumerations may go by as texts, and cannot be held against other words.
            let is_text = self.dialect == Dialect::Postgres && self.of.relation.is_text(column);
            let cell = if is_text { self.text(column)? } else { self.column(column)? };
            items.push(format!("{cell} AS {}", self.own(&format!("c{at}"))));
        }
        for (at, (_, figure)) in self.figures.iter().enumerate() {
            if figure.may_refuse {
                items.push(format!("{} AS {}", figure.cell, self.own(&format!("r{at}"))));
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
        let is_needed = self.of.by.schools || !self.of.records || self.of.names_schools();
        let names = [
            Some("area"),
            layout.area_name.as_ref().map(|_| "area_name"),
            layout.period.as_ref().map(|_| "period"),
            layout.school.as_ref().filter(|_| is_needed).map(|_| "school"),
        ];
        names.into_iter().flatten().map(|name| self.own(name)).collect()
    }

    /// What classes are grouped by.
    fn keys(&self) -> Vec<String> {
        let layout = &self.of.layout;
        let names = [
            Some("area"),
            layout.area_name.as_ref().map(|_| "area_name"),
            layout.period.as_ref().map(|_| "period"),
            layout.school.as_ref().filter(|_| self.of.by.schools).map(|_| "school"),
        ];
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
        // Where schools are told apart, which cells name none is read from the keys.
        if self.of.layout.school.is_some() && !self.of.by.schools {
            let test = if self.of.names_schools() {
                self.own("no_school")
            } else {
                self.flag(&self.no_school())
            };
            cases.push(format!("WHEN {test} THEN {}", cases.len().saturating_add(1)));
        }
        (!cases.is_empty()).then(|| format!("CASE {} ELSE 0 END", cases.join(" ")))
    }

    /// The figure of a measure, from the column of the table.
    pub(super) fn figure(&self, id: &str) -> Result<Figure> {
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

    pub(super) fn code_of(&self, cell: &str, dimension: usize) -> Result<String> {
        let words = self.of.words.get(dimension).cloned().unwrap_or_default();
        let code = words.case(cell, self.of.type_of_dimension(dimension), self.dialect);
        let column = self.of.layout.dimensions.get(dimension).map(|(_, column)| column.as_str());
        code.map_err(|error| error.at(self.of.relation.place(column)))
    }

    /// A figure of the rows.
    pub(super) fn number(&self, id: &str) -> Number {
        let at = self.figures.iter().position(|(own, _)| *own == id).unwrap_or(usize::MAX);
        let own = self.figures.get(at).map(|(_, figure)| &figure.number);
        let (digits, scale) = own.map_or((0, 0), |number| (number.digits, number.scale));
        Number { sql: self.own(&format!("x{at}")), digits, scale }
    }

    /// A column of the table under a name of our own.
    fn named(&self, column: &str, name: &str) -> Result<String> {
        Ok(format!("{} AS {}", self.column(column)?, self.own(name)))
    }

    pub(super) fn column(&self, column: &str) -> Result<String> {
        let quoted = self.dialect.name(column);
        let quoted = quoted.map_err(|error| error.at(self.of.relation.place(Some(column))))?;
        Ok(format!("{}.{quoted}", self.own("t")))
    }

    /// One of our own names, none of which need care.
    pub(super) fn own(&self, name: &str) -> String {
        self.dialect.name(name).unwrap_or_default()
    }
}

/// Grouped by so many of the items that stand first.
fn grouped(space: &str, keys: usize) -> String {
    let ordinals: Vec<String> = (1..=keys).map(|at| at.to_string()).collect();
    format!("\n{space}GROUP BY {}", ordinals.join(", "))
}

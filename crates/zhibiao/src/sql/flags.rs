//! Flags (行标记): what is asked of single rows, as the bits of a number that classes are told by.

use super::figure::Figure;
use super::statement::Writer;
use crate::catalog::Condition;
use crate::error::Result;

/// Flags of a row, never null, as the bits of one number.
pub(super) struct Bits {
    /// Where it holds none of them does: mostly so, and then they are not looked at.
    unless: Option<String>,
    flags: Vec<String>,
}

/// No engine takes the last of so many bits for a sign.
const MOST_BITS: usize = 62;

impl Writer<'_> {
    /// What is asked of single rows: whether a figure is not there, or no figure; whether it has a
    /// school; how figures compare.
    pub(super) fn asked_of_rows(&self) -> Result<Vec<Bits>> {
        let (mut odd, mut plain, mut compared) = (Vec::new(), Vec::new(), Vec::new());
        for at in 0..self.figures.len() {
            plain.push(self.present(at));
            odd.push(self.absent(at));
            odd.extend(self.refused(at));
        }
        if self.of.layout.school.is_some() && !self.of.names_schools() {
            plain.push(self.a_school());
            odd.push(self.no_school());
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

    fn a_school(&self) -> String {
        format!("{} IS NOT NULL", self.own("school"))
    }

    /// Whether a row has no school, where schools are no texts.
    pub(super) fn no_school(&self) -> String {
        format!("{} IS NULL", self.own("school"))
    }

    /// Whether a row has a figure; may be null where it has none.
    fn present(&self, figure: usize) -> String {
        let column = self.own(&format!("x{figure}"));
        let is_count = self.figures.get(figure).is_some_and(|(_, figure)| figure.is_count);
        if is_count { format!("{column} >= 0") } else { format!("{column} IS NOT NULL") }
    }

    /// Whether a row has no figure.
    pub(super) fn absent(&self, figure: usize) -> String {
        match self.figures.get(figure) {
            Some((_, Figure { is_count: true, .. })) => {
                format!("NOT COALESCE({}, FALSE)", self.present(figure))
            }
            _ => format!("{} IS NULL", self.own(&format!("x{figure}"))),
        }
    }

    /// Whether a row has a cell that is no figure; none where each is one.
    pub(super) fn refused(&self, figure: usize) -> Option<String> {
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
    pub(super) fn flag(&self, flag: &str) -> String {
        let at = self.bits.iter().flat_map(|bits| &bits.flags).position(|own| own == flag);
        self.own(&format!("q{}", at.unwrap_or(usize::MAX)))
    }

    /// The numbers of the flags, as classes are made.
    pub(super) fn flag_numbers(&self) -> Vec<String> {
        let number = |(at, bits): (usize, &Bits)| {
            let each = bits.flags.iter().zip(powers());
            let each =
                each.map(|(flag, (bit, _))| format!("CASE WHEN {flag} THEN {bit} ELSE 0 END"));
            let sum = each.collect::<Vec<_>>().join(" + ");
            let sum = match &bits.unless {
                Some(unless) => format!("CASE WHEN {unless} THEN 0 ELSE {sum} END"),
                None => sum,
            };
            format!("{sum} AS {}", self.own(&format!("z{at}")))
        };
        self.bits.iter().enumerate().map(number).collect()
    }

    /// The flags of classes, each by itself.
    pub(super) fn flag_columns(&self) -> Vec<String> {
        let tests = self.bits.iter().enumerate().flat_map(|(column, bits)| {
            let column = self.own(&format!("z{column}"));
            let powers = bits.flags.iter().zip(powers()).map(|(_, power)| power);
            powers.map(move |(bit, next)| format!("MOD({column}, {next}) >= {bit}"))
        });
        let named = tests.enumerate();
        named.map(|(at, test)| format!("{test} AS {}", self.own(&format!("q{at}")))).collect()
    }

    /// Rows of what is to be looked at: cells of dimensions without a word and without a cell, cells
    /// that are no figures, rows whose figures contradict others.
    pub(super) fn flaws(&self) -> Vec<String> {
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
    pub(super) fn rows_where(&self, test: &str) -> String {
        format!("CAST(SUM(CASE WHEN {test} THEN {} ELSE 0 END) AS BIGINT)", self.own("n"))
    }
}

/// The powers of two, each with the next.
fn powers() -> impl Iterator<Item = (u64, u64)> {
    (0..MOST_BITS).filter_map(|at| {
        let bit = 1_u64.checked_shl(u32::try_from(at).ok()?)?;
        Some((bit, bit.saturating_mul(2)))
    })
}

//! Odd cells (异常单元格): spellings that are learnt, and flaws that are told with how many rows they are in.

use super::answer::{cells, problems};
use super::statement::Writer;
use super::{Answer, Pushdown, Warehouse};
use crate::bind::Value;
use crate::catalog::Dimension;
use crate::error::{Error, Problem, Result};

/// The most cells of one column that are looked at by themselves.
const MOST_CELLS: usize = 1000;

impl Pushdown {
    /// Looks at the cells that an answer has found odd: whether there are spellings to ask again
    /// with, and what is to be told of the others.
    pub(crate) fn learn(
        &mut self,
        answer: &Answer,
        warehouse: &mut dyn Warehouse,
    ) -> Result<(bool, Vec<Error>)> {
        let (mut is_new, mut findings) = (false, Vec::new());
        for at in 0..self.layout.dimensions.len() {
            is_new |= self.learn_words(at, answer, warehouse, &mut findings)?;
            self.tell_totals(at, answer, warehouse, &mut findings)?;
        }
        self.tell_no_schools(answer, warehouse, &mut findings)?;
        self.tell_figures(answer, warehouse, &mut findings)?;
        Ok((is_new, findings))
    }

    fn learn_words(
        &mut self,
        at: usize,
        answer: &Answer,
        warehouse: &mut dyn Warehouse,
        findings: &mut Vec<Error>,
    ) -> Result<bool> {
        let Some((dimension, column)) = self.layout.dimensions.get(at).cloned() else {
            return Ok(false);
        };
        let (mut is_new, mut blank) = (false, answer.blank(at));
        if answer.unmatched(at) > 0 {
            let statement = Writer::new(self, warehouse.dialect())?.unmatched(at, MOST_CELLS)?;
            let met = cells(&warehouse.run(&statement)?)?;
            let is_all = met.len() < MOST_CELLS;
            if !is_all && self.must_be_filled(&dimension) {
                let id = &dimension.id;
                let reason = format!(
                    "{MOST_CELLS} values or more of `{column}` are not declared for `{id}`"
                );
                let place = self.relation.place(Some(&column));
                return Err(Error::new(Problem::NotPushable { reason }, place));
            }
            let mut others = answer.unmatched(at);
            for (cell, rows) in met {
                others = others.saturating_sub(rows);
                let Some(words) = self.words.get_mut(at) else { continue };
                match Value::of(&dimension, &cell) {
                    Value::Known(position) => is_new |= words.learn(position, &cell),
                    Value::Total => is_new |= words.learn(dimension.values.len(), &cell),
                    Value::Blank => {
                        is_new |= !self.records && words.learn_blank(&cell);
                        blank = blank.saturating_add(rows);
                    }
                    Value::Unknown(problem) => {
                        findings.push(Error::new(problem, self.relation.rows(&column, rows)));
                    }
                }
            }
            if !is_all && others > 0 {
                let place = self.relation.rows(&column, others);
                findings.push(Error::new(Problem::MoreFlaws {}, place));
            }
        }
        if blank > 0 && self.must_be_filled(&dimension) {
            let place = self.relation.rows(&column, blank);
            findings.push(Error::new(Problem::MissingKey {}, place));
        }
        Ok(is_new)
    }

    fn must_be_filled(&self, dimension: &Dimension) -> bool {
        let id = dimension.id.as_str();
        self.plan.dimensions().contains(&id) || self.by.slices.iter().any(|slice| slice == id)
    }

    fn tell_totals(
        &self,
        at: usize,
        answer: &Answer,
        warehouse: &mut dyn Warehouse,
        findings: &mut Vec<Error>,
    ) -> Result<()> {
        let Some((_, column)) = self.layout.dimensions.get(at) else { return Ok(()) };
        if answer.aside(at) == 0 {
            return Ok(());
        }
        let statement = Writer::new(self, warehouse.dialect())?.totals(at, MOST_CELLS)?;
        for (value, rows) in cells(&warehouse.run(&statement)?)? {
            let value = value.trim().to_owned();
            let place = self.relation.rows(column, rows);
            findings.push(Error::new(Problem::TotalRow { value }, place));
        }
        Ok(())
    }

    fn tell_no_schools(
        &self,
        answer: &Answer,
        warehouse: &mut dyn Warehouse,
        findings: &mut Vec<Error>,
    ) -> Result<()> {
        let Some(column) = &self.layout.school else { return Ok(()) };
        if answer.aside(self.layout.dimensions.len()) == 0 {
            return Ok(());
        }
        let statement = Writer::new(self, warehouse.dialect())?.no_schools(MOST_CELLS)?;
        for (value, rows) in cells(&warehouse.run(&statement)?)? {
            let problem = match value.trim() {
                "" => Problem::MissingKey {},
                value => Problem::TotalRow { value: value.to_owned() },
            };
            findings.push(Error::new(problem, self.relation.rows(column, rows)));
        }
        Ok(())
    }

    fn tell_figures(
        &self,
        answer: &Answer,
        warehouse: &mut dyn Warehouse,
        findings: &mut Vec<Error>,
    ) -> Result<()> {
        for (at, id) in self.plan.measures().into_iter().enumerate() {
            let mut others = answer.flawed(at);
            let Some((measure, column, shift)) = self.layout.measure(id) else { continue };
            if others == 0 {
                continue;
            }
            let statement = Writer::new(self, warehouse.dialect())?.flawed(id, MOST_CELLS)?;
            for (problem, rows) in problems(&warehouse.run(&statement)?, measure, shift)? {
                others = others.saturating_sub(rows);
                findings.push(Error::new(problem, self.relation.rows(column, rows)));
            }
            if others > 0 {
                let place = self.relation.rows(column, others);
                findings.push(Error::new(Problem::MoreFlaws {}, place));
            }
        }
        Ok(())
    }
}

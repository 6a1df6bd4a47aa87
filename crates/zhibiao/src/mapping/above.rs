//! Units around a table (表上单位): what the lines above and below it say of its figures.

use super::headers::plain;
use crate::grid::Block;
use crate::unit::Unit;

/// What may stand between the word 单位 and the units.
const MARKS: [&str; 5] = [":", "均为", "为", "是", "("];

/// What may stand between units. A stroke may as well be a part of one.
const BETWEEN: [char; 7] = ['、', ',', ';', ')', '和', '或', '及'];

/// The units that lines around a table state, and whether some of them cannot be told.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct UnitsAbove {
    stated: Vec<String>,
    unsure: bool,
}

/// What they say of figures that state no unit.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum SaidAbove {
    /// Nothing but the unit that such figures have by themselves.
    Nothing,
    /// It can only be this one.
    Unit(String),
    /// It may be one of these.
    Asked(Vec<String>),
}

impl UnitsAbove {
    /// Those around a table.
    pub(crate) fn of(block: &Block) -> Self {
        let mut units = Self::default();
        let mut label = String::new();
        for line in block.above.iter().chain(&block.below) {
            let line = std::mem::take(&mut label) + &plain(line);
            if line.ends_with("单位:") {
                // The units stand in the next cell.
                label = line;
            } else {
                units.read(&line);
            }
        }
        units
    }

    fn read(&mut self, line: &str) {
        let behind = line.rsplit_once("单位").map(|(_, behind)| behind);
        let behind = behind.or_else(|| line.rsplit_once("unit:").map(|(_, behind)| behind));
        match behind {
            Some(behind) => match MARKS.iter().find_map(|mark| behind.strip_prefix(mark)) {
                Some(units) => self.units(units),
                None if Unit::parse(behind).is_ok() => self.units(behind),
                None => {}
            },
            None => self.title(line),
        }
    }

    fn units(&mut self, text: &str) {
        let text = text.split('。').next().unwrap_or_default();
        for unit in text.split(BETWEEN).filter(|unit| !unit.is_empty()) {
            if unit.contains('/') {
                self.unsure = true;
                unit.split('/').for_each(|part| self.unit(part));
            } else {
                self.unit(unit);
            }
        }
    }

    fn unit(&mut self, text: &str) {
        if Unit::parse(text).is_err() {
            self.unsure |= is_like_money(text);
        } else if !self.stated.iter().any(|other| other == text) {
            self.stated.push(text.to_owned());
        }
    }

    /// Money in brackets behind a title, which may be the unit of all amounts or of one.
    fn title(&mut self, line: &str) {
        let brackets = line.split('(').skip(1).filter_map(|rest| rest.split_once(')'));
        for part in brackets.flat_map(|(inside, _)| inside.split(BETWEEN)) {
            if Unit::parse(part).is_ok_and(|unit| unit.is_money()) {
                self.unsure = true;
                self.unit(part);
            }
        }
    }

    /// What is said of figures that have a unit by themselves. Of money one unit is certain; of others
    /// (万人) a person is asked.
    pub(crate) fn of_figures(&self, own: &Unit) -> SaidAbove {
        let fitting: Vec<&String> = self.fitting(own).collect();
        let is_other = |unit: &&&String| Unit::parse(unit).is_ok_and(|unit| unit != *own);
        let others: Vec<String> =
            fitting.iter().filter(is_other).map(|unit| (*unit).clone()).collect();
        match (others.as_slice(), fitting.len()) {
            _ if self.unsure && own.is_money() => SaidAbove::Asked(others),
            ([], _) => SaidAbove::Nothing,
            ([unit], 1) if own.is_money() => SaidAbove::Unit(unit.clone()),
            _ => SaidAbove::Asked(others),
        }
    }

    /// Whether amounts of money may have a unit: where some are stated, one of these.
    pub(crate) fn allows(&self, unit: &Unit) -> bool {
        let is_it = |stated: &&String| Unit::parse(stated).is_ok_and(|stated| stated == *unit);
        let mut money = self.fitting(unit).peekable();
        !unit.is_money() || self.unsure || money.peek().is_none() || money.any(|unit| is_it(&unit))
    }

    /// The units of money that are stated.
    pub(crate) fn money(&self) -> Vec<&str> {
        let stated = self.stated.iter().map(String::as_str);
        stated.filter(|unit| Unit::parse(unit).is_ok_and(|unit| unit.is_money())).collect()
    }

    /// Whether figures that state no unit may be in another than their own.
    pub(crate) fn shifts(&self) -> bool {
        self.unsure || self.shifting().next().is_some()
    }

    fn shifting(&self) -> impl Iterator<Item = &String> {
        let shifts = |unit: &&String| Unit::parse(unit).is_ok_and(|unit| unit.power_of_base() != 0);
        self.stated.iter().filter(shifts)
    }

    fn fitting<'a>(&'a self, own: &'a Unit) -> impl Iterator<Item = &'a String> {
        self.stated
            .iter()
            .filter(|unit| Unit::parse(unit).is_ok_and(|unit| unit.same_quantity(own)))
    }

    /// The units around several tables: where they are not the same, none is certain.
    pub(crate) fn joined<'a>(tables: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut joined: Option<Self> = None;
        for units in tables {
            let Some(known) = &mut joined else {
                joined = Some(units.clone());
                continue;
            };
            let same = known.unsure == units.unsure && known.shifting().eq(units.shifting());
            known.unsure |= !same;
            units.stated.iter().for_each(|unit| known.unit(unit));
        }
        joined.unwrap_or_default()
    }
}

/// Whether a text that is no unit speaks of money or of thousands: 百万元, 人民币万元.
fn is_like_money(text: &str) -> bool {
    text.contains('元') || text.contains("yuan") || text.ends_with(['万', '亿', '千'])
}

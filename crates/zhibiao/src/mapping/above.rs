//! Units around a table (表上单位): what the lines above and below it say of its figures.

use super::around;
use super::headers::plain;
use crate::grid::Block;
use crate::unit::Unit;

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
        let above = block.above.iter().map(|line| (line, true));
        for (line, is_above) in above.chain(block.below.iter().map(|line| (line, false))) {
            let line = std::mem::take(&mut label) + line;
            if plain(&around::simplified(&line)).ends_with("单位:") {
                // The units stand in the next cell.
                label = line;
            } else {
                around::read(&line, is_above, &mut units);
            }
        }
        units
    }

    /// A text that stands where a unit does.
    pub(super) fn state(&mut self, text: &str) {
        if Unit::parse(text).is_err() {
            self.unsure |= is_like_money(text);
        } else if !self.stated.iter().any(|other| other == text) {
            self.stated.push(text.to_owned());
        }
    }

    /// Lets the unit of amounts be asked about.
    pub(super) const fn doubt(&mut self) {
        self.unsure = true;
    }

    /// What is said of figures that have a unit by themselves. Of money one unit is certain; of others
    /// (万人) a person is asked.
    pub(crate) fn of_figures(&self, own: &Unit) -> SaidAbove {
        let fitting: Vec<&String> = self.fitting(own).collect();
        let is_other = |unit: &&&String| Unit::parse(unit).is_ok_and(|unit| !unit.is_same(own));
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
        let is_it = |stated: &&String| Unit::parse(stated).is_ok_and(|stated| stated.is_same(unit));
        let mut money = self.fitting(unit).peekable();
        !unit.is_money() || self.unsure || money.peek().is_none() || money.any(|unit| is_it(&unit))
    }

    /// The units of money that are stated.
    pub(crate) fn money(&self) -> Vec<&str> {
        let stated = self.stated.iter().map(String::as_str);
        stated.filter(|unit| Unit::parse(unit).is_ok_and(|unit| unit.is_money())).collect()
    }

    /// As it is told: the units, and a question mark where they are not clear.
    pub(crate) fn said(&self) -> String {
        let mark = if self.unsure || self.stated.is_empty() { "?" } else { "" };
        self.stated.join("、") + mark
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
            units.stated.iter().for_each(|unit| known.state(unit));
        }
        joined.unwrap_or_default()
    }
}

/// Whether a text that is no unit speaks of money or of thousands: 百万元, 人民币万元.
fn is_like_money(text: &str) -> bool {
    text.contains('元') || text.contains("yuan") || text.ends_with(['万', '亿', '千'])
}

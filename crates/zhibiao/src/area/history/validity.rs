//! Whether a code and a name are those of a year.

use super::records::{FIRST, LAST, Record};
use super::{History, Named};
use crate::area::AreaCode;
use crate::error::Result;

/// The years in which a code bore a name (使用时期).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spell {
    /// The name.
    pub name: String,
    /// The first year at whose end it stood.
    pub from: u16,
    /// The year in which it ended; none where it has not.
    pub until: Option<u16>,
}

/// Whether a code is in force in a year, and bears the name that is given (代码有效性).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Validity {
    /// It is in force, by that name where one is given.
    InForce,
    /// It is in force, and names another area than the one that is given.
    OtherName {
        /// The name that it bears.
        name: String,
        /// When it bore the name that is given: the code was given to another area, or renamed.
        bore: Option<Spell>,
        /// Codes that bear the given name in that year.
        named: Vec<AreaCode>,
    },
    /// It is not in force any more.
    Ended {
        /// The last area that bore it until then.
        last: Spell,
        /// What that is in the year: none where nothing tells.
        successors: Vec<Named>,
    },
    /// It is not in force yet.
    NotYet {
        /// The first area that bore it after that.
        first: Spell,
        /// What that was in the year: none where nothing tells.
        predecessors: Vec<Named>,
    },
    /// It never was in force.
    Never,
}

impl History {
    /// Whether a code is in force at the end of a year, and bears the name that is given, if any.
    ///
    /// # Errors
    /// `no-area-table` for a year that is not known.
    ///
    /// # Example
    /// ```
    /// use zhibiao::area::History;
    /// use zhibiao::area::history::Validity;
    /// let history = History::builtin();
    /// let taigu = history.check("140726".parse()?, None, 2020)?;
    /// let Validity::Ended { successors, .. } = taigu else { panic!("it ended in 2019") };
    /// assert_eq!(successors[0].name, "太谷区");
    /// let other = history.check("140728".parse()?, Some("太谷区"), 2020)?;
    /// let Validity::OtherName { name, named, .. } = other else { panic!("it is another area") };
    /// assert_eq!((name.as_str(), named[0].to_string().as_str()), ("平遥县", "140703"));
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn check(&self, code: AreaCode, name: Option<&str>, year: u16) -> Result<Validity> {
        super::known(year)?;
        let Some((_, record)) = self.at(code, year) else {
            return Ok(self.out_of_force(code, year));
        };
        let Some(given) = name.filter(|given| *given != record.name) else {
            return Ok(Validity::InForce);
        };
        let bore = self.spells(code).find(|(_, record)| record.name == given);
        let named = self.standing(year).filter(|record| record.name == given);
        Ok(Validity::OtherName {
            name: record.name.to_owned(),
            bore: bore.map(|(_, record)| spell(record)),
            named: named.map(|record| record.code).collect(),
        })
    }

    /// For messages: what a code that is not in force at the end of a year was or will be, and what
    /// that is in the year; empty where there is nothing to tell.
    ///
    /// # Example
    /// ```
    /// use zhibiao::area::History;
    /// let hint = History::builtin().hint("140726".parse()?, 2024);
    /// assert_eq!(hint, "太谷县 until 2019, then 140703 太谷区");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    #[must_use]
    pub fn hint(&self, code: AreaCode, year: u16) -> String {
        if self.at(code, year).is_some() {
            return String::new();
        }
        let listed = |word: &str, areas: &[Named]| {
            let texts = areas.iter().map(|area| format!("{} {}", area.code, area.name));
            match texts.collect::<Vec<_>>().join(" and ") {
                none if none.is_empty() => none,
                listed => format!("{word}{listed}"),
            }
        };
        match self.out_of_force(code, year) {
            Validity::Ended { last, successors } => {
                let until = last.until.unwrap_or(year);
                format!("{} until {until}{}", last.name, listed(", then ", &successors))
            }
            Validity::NotYet { first, predecessors } => {
                let before = listed(", before ", &predecessors);
                format!("{} from {}{before}", first.name, first.from)
            }
            _ => String::new(),
        }
    }

    /// What can be said of a code in a year in which it does not stand.
    fn out_of_force(&self, code: AreaCode, year: u16) -> Validity {
        let year = year.clamp(FIRST, LAST);
        let in_year = |position: usize, record: &Record| {
            let walk = self.walk(position, record.from, year);
            walk.ends.iter().filter_map(|end| self.named(*end)).collect()
        };
        let ended = |record: &Record| record.until.is_some_and(|end| end <= year);
        if let Some((position, record)) = self.spells(code).rev().find(|(_, record)| ended(record))
        {
            let successors = in_year(position, record);
            return Validity::Ended { last: spell(record), successors };
        }
        match self.spells(code).find(|(_, record)| year < record.from) {
            Some((position, record)) => {
                let predecessors = in_year(position, record);
                Validity::NotYet { first: spell(record), predecessors }
            }
            None => Validity::Never,
        }
    }
}

fn spell(record: &Record) -> Spell {
    Spell { name: record.name.to_owned(), from: record.from, until: record.until }
}

//! From the areas of one year to those of another, in both directions.

use std::collections::{BTreeMap, BTreeSet};

use super::extent::{Difference, Extents};
use super::{History, Named};
use crate::area::AreaCode;
use crate::error::Result;
use crate::label::Lang;

/// How an area lies to one of another year (对应关系).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Relation {
    /// Both are the same area (相同).
    Same,
    /// The area is a part of the other one (并入).
    Within,
    /// The other one is a part of the area (分出).
    Holds,
    /// Each has a part that the other one lacks (交叉).
    Overlaps,
}

impl Relation {
    /// The stable word for it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Within => "within",
            Self::Holds => "holds",
            Self::Overlaps => "overlaps",
        }
    }

    /// The name in a language.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Same => lang.of("相同", "the same"),
            Self::Within => lang.of("并入", "part of it"),
            Self::Holds => lang.of("分出", "a part"),
            Self::Overlaps => lang.of("交叉", "in part"),
        }
    }

    /// Whether the whole area lies in the other one, so that its figures can be added to it.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Same | Self::Within)
    }
}

/// What happened to an area (变更类型).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// Another code, the same name (改码).
    Recoded,
    /// Another name, the same code (更名).
    Renamed,
    /// Another code and another name, as when a county becomes a district (改设).
    Refounded,
    /// It became an area, or a part of one, that others became too (合并).
    Merged,
    /// It became several areas (分设).
    Divided,
    /// It ended, and nothing tells what it became (撤销).
    Abolished,
}

impl Kind {
    /// The stable word for it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Recoded => "recoded",
            Self::Renamed => "renamed",
            Self::Refounded => "refounded",
            Self::Merged => "merged",
            Self::Divided => "divided",
            Self::Abolished => "abolished",
        }
    }

    /// The name in a language.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Recoded => lang.of("改码", "new code"),
            Self::Renamed => lang.of("更名", "new name"),
            Self::Refounded => lang.of("改设", "new code and name"),
            Self::Merged => lang.of("合并", "merged"),
            Self::Divided => lang.of("分设", "divided"),
            Self::Abolished => lang.of("撤销", "abolished"),
        }
    }
}

/// One step from an area to what it became (变更).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Change {
    /// The first year in which it held.
    pub year: u16,
    /// The area until then.
    pub old: Named,
    /// What it became; none where nothing tells.
    pub new: Option<Named>,
    /// What happened.
    pub kind: Kind,
    /// Whether no source says so, but both began and ended in one place and year.
    pub guessed: bool,
}

/// An area of the other year.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Translated {
    /// Its code.
    pub code: AreaCode,
    /// The name that it bears then.
    pub name: String,
    /// How the area that was asked for lies to it.
    pub relation: Relation,
}

/// What an area of one year is in another (区划换算).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Translation {
    /// The area that was asked for.
    pub area: Named,
    /// Its year.
    pub from: u16,
    /// The other year.
    pub to: u16,
    /// What it is then, by code: none where nothing tells.
    pub areas: Vec<Translated>,
    /// The changes in between, the first one first.
    pub changes: Vec<Change>,
    /// Whether of a part of it nothing tells what it is then.
    pub lost: bool,
}

/// Where a way through the years leads.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Positions of the records at its end.
    pub(super) ends: BTreeSet<usize>,
    /// Year, record and what it became.
    steps: BTreeSet<(u16, usize, Option<usize>)>,
    pub(super) lost: bool,
}

impl History {
    /// What an area of one year is in another one, later or earlier. Larger areas are the same if no
    /// county left or joined them.
    ///
    /// # Errors
    /// `code-not-in-year` for a code that was not in force at the end of the first year, with the
    /// years when it was and what followed; `no-area-table` for a year that is not known.
    ///
    /// # Example
    /// ```
    /// use zhibiao::area::History;
    /// use zhibiao::area::history::{Kind, Relation};
    /// let history = History::builtin();
    /// let datong = history.translate("140202".parse()?, 2017, 2024)?;
    /// let codes: Vec<String> = datong.areas.iter().map(|area| area.code.to_string()).collect();
    /// assert_eq!(codes, ["140213", "140214"]);
    /// assert_eq!(datong.areas[0].relation, Relation::Overlaps);
    /// assert_eq!(datong.changes[0].kind, Kind::Divided);
    /// let back = history.translate("140703".parse()?, 2024, 2000)?;
    /// assert_eq!(back.areas[0].name, "太谷县");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn translate(&self, code: AreaCode, from: u16, to: u16) -> Result<Translation> {
        super::known(to)?;
        let start = self.wanted(code, from)?;
        let walk = self.walk(start, from, to);
        let is_larger = |at: &usize| self.record(*at).is_some_and(|record| !record.is_county());
        let extents = walk.ends.iter().chain([&start]).any(is_larger).then(|| {
            Extents::between(self, from, to, |smallest| self.walk(smallest, from, to).ends)
        });
        let extents = extents.transpose()?;
        let areas = walk.ends.iter().filter_map(|end| {
            let Named { code: other, name } = self.named(*end)?;
            let back = self.walk(*end, to, from);
            let goes_to = BTreeMap::from([(code, BTreeSet::from([other]))]);
            let differences = extents.as_ref().map(|extents| extents.differences(&goes_to));
            let Difference { left, joined } =
                differences.unwrap_or_default().remove(&other).unwrap_or_default();
            let is_one = |walk: &Walk| walk.ends.len() == 1 && !walk.lost;
            let relation =
                match (is_one(&walk) && left.is_empty(), is_one(&back) && joined.is_empty()) {
                    (true, true) => Relation::Same,
                    (true, false) => Relation::Within,
                    (false, true) => Relation::Holds,
                    (false, false) => Relation::Overlaps,
                };
            Some(Translated { code: other, name, relation })
        });
        let areas = areas.collect();
        let steps = walk.steps.iter();
        let changes = steps.filter_map(|(year, old, new)| self.change(*year, *old, *new)).collect();
        let area = self.named(start).unwrap_or_else(|| Named { code, name: String::new() });
        Ok(Translation { area, from, to, areas, changes, lost: walk.lost })
    }

    /// The way from a record, at the end of a year, to another year.
    pub(super) fn walk(&self, start: usize, from: u16, to: u16) -> Walk {
        if from <= to { self.forward(start, to) } else { self.backward(start, from, to) }
    }

    fn forward(&self, start: usize, to: u16) -> Walk {
        let mut walk = Walk::default();
        let mut open = vec![start];
        while let Some(old) = open.pop() {
            let end = self.record(old).and_then(|record| record.until).filter(|end| *end <= to);
            let Some(end) = end else {
                walk.ends.insert(old);
                continue;
            };
            let successors = self.successors(old);
            if successors.is_empty() {
                walk.steps.insert((end, old, None));
                walk.lost = true;
            }
            // A record that follows ends later, so this comes to an end.
            open.extend(successors.iter().filter(|new| walk.steps.insert((end, old, Some(**new)))));
        }
        walk
    }

    fn backward(&self, start: usize, from: u16, to: u16) -> Walk {
        let mut walk = Walk::default();
        let mut open = vec![(start, from)];
        while let Some((new, at)) = open.pop() {
            let Some(record) = self.record(new) else { continue };
            let mut began_as_another = false;
            for old in self.predecessors(new) {
                let end = self.record(*old).and_then(|record| record.until).unwrap_or_default();
                began_as_another |= end == record.from;
                if to < end && end <= at && walk.steps.insert((end, *old, Some(new))) {
                    open.push((*old, end.saturating_sub(1)));
                }
            }
            if record.from <= to {
                walk.ends.insert(new);
            } else {
                walk.lost |= !began_as_another;
            }
        }
        walk
    }

    fn change(&self, year: u16, old: usize, new: Option<usize>) -> Option<Change> {
        let record = self.record(old)?;
        let (named, became) = (self.named(old)?, new.and_then(|new| self.named(new)));
        let of = |to: &&super::records::Successor| {
            became.as_ref().is_some_and(|new| new.code == to.code)
        };
        let guessed = record.successors.iter().find(of).is_some_and(|to| to.guessed);
        let kind = match (&became, new) {
            (Some(_), _) if record.successors.len() > 1 => Kind::Divided,
            (Some(_), Some(new)) if self.others_became(new, old, year) => Kind::Merged,
            (Some(became), _) if became.code == named.code => Kind::Renamed,
            (Some(became), _) if became.name == named.name => Kind::Recoded,
            (Some(_), _) => Kind::Refounded,
            (None, _) => Kind::Abolished,
        };
        Some(Change { year, old: named, new: became, kind, guessed })
    }

    /// Whether a record was there before the year, or something else became it in that year.
    fn others_became(&self, new: usize, old: usize, year: u16) -> bool {
        let ended = |other: usize| self.record(other).and_then(|record| record.until);
        let mut others = self.predecessors(new).iter().filter(|other| **other != old);
        self.record(new).is_some_and(|record| record.from < year)
            || others.any(|other| ended(*other) == Some(year))
    }
}

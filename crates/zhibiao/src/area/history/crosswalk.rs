//! Areas of several years as areas of one: for panels.

use std::collections::{BTreeMap, BTreeSet};

use super::weights::shares;
use super::{History, Named, Weights};
use crate::area::{AreaCode, Areas};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Decimal, Ratio, RoundMode, apportion};

/// Where the figures of an area go (归属).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// All of them to this area of the target year.
    One(AreaCode),
    /// All of them to the union at this position of [`Crosswalk::unions`].
    Union(usize),
    /// In these shares to areas of the target year, or to unions by their code; they add up to 1.
    Shares(Vec<(AreaCode, Ratio)>),
}

/// Areas of the target year that cannot be told apart in all years (合并单元).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Union {
    /// The smallest code of its members, `+`, and how many others there are: `140212+2`.
    pub code: AreaCode,
    /// Its members by code.
    pub members: Vec<Named>,
    /// The smallest area that holds all of them.
    pub parent: AreaCode,
}

impl Union {
    /// The name in a language: 新荣区等3个区划.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        let first = self.members.first().map_or("", |member| member.name.as_str());
        let (all, others) = (self.members.len(), self.members.len().saturating_sub(1));
        lang.of(&format!("{first}等{all}个区划"), &format!("{first} and {others} more")).to_owned()
    }
}

/// Areas of several years as areas of one year (区划对照).
///
/// What only got another code or name is that area; what merged is added up. Of a county that was
/// divided, the figures fall to its successors in shares that the caller gives ([`Weights`]), or the
/// smallest set of counties of the target year into which all years fit is one unit: their union.
/// Larger areas that were divided have no place: rows of their counties have.
///
/// Parts that passed between areas that both go on are not known; each keeps its figures.
///
/// # Example
/// ```
/// use zhibiao::Lang;
/// use zhibiao::area::history::{Crosswalk, Target};
/// let walk = Crosswalk::to(2024, &[2015, 2020])?;
/// let taigu = walk.target("140726".parse()?, 2015);
/// assert_eq!(taigu, Some(&Target::One("140703".parse()?)));
/// let Some(Target::Union(datong)) = walk.target("140202".parse()?, 2015) else { panic!() };
/// let datong = &walk.unions()[*datong];
/// assert_eq!(datong.code.to_string(), "140212+2");
/// assert_eq!(datong.name(Lang::Zh), "新荣区等3个区划");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Crosswalk {
    year: u16,
    years: BTreeSet<u16>,
    weights: Weights,
    targets: BTreeMap<(u16, AreaCode), Target>,
    /// What goes to a unit, by year and the code of the unit.
    sources: BTreeMap<(u16, AreaCode), Vec<AreaCode>>,
    unions: Vec<Union>,
    findings: Vec<Error>,
}

impl Crosswalk {
    /// Areas of these years, and of the target year itself, as areas of the target year. A year after
    /// the last list has the areas of that list.
    ///
    /// # Errors
    /// `no-area-table` for a year that is not known.
    pub fn to(year: u16, years: &[u16]) -> Result<Self> {
        Self::weighted(year, years, &Weights::new())
    }

    /// As [`to`](Self::to), with shares for areas that were divided.
    ///
    /// # Errors
    /// `no-area-table`; `code-not-in-year` for shares of what is no area of that year;
    /// `bad-shares` for shares of what the area did not become; `overflow`.
    pub fn weighted(year: u16, years: &[u16], weights: &Weights) -> Result<Self> {
        let mut years: BTreeSet<u16> =
            years.iter().map(|year| History::year_of_list(*year)).collect();
        years.insert(year);
        years.iter().try_for_each(|year| super::known(*year))?;
        let mut making = Making::of(year, weights)?;
        for year in &years {
            making.place(*year);
        }
        making.made(years, weights)
    }

    /// The target year.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
    }

    /// The years whose areas have a place, in ascending order: the target year is one.
    pub fn years(&self) -> impl Iterator<Item = u16> {
        self.years.iter().copied()
    }

    /// What the crosswalk is, in short: the years, and the weights if there are some.
    pub(crate) fn text(&self) -> String {
        let years: Vec<String> = self.years().map(|year| year.to_string()).collect();
        let weights = self.weights.given().flat_map(|(code, year, parts)| {
            parts.iter().map(move |(to, weight)| format!(", {code} {year} {to} {weight}"))
        });
        format!("of {} for {}{}", self.year, years.join(", "), weights.collect::<String>())
    }

    /// The shares that were given.
    #[must_use]
    pub const fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The areas of a year whose figures go to a unit, an area of the target year or a union by its
    /// code, as a whole or in part.
    #[must_use]
    pub fn sources(&self, unit: AreaCode, year: u16) -> &[AreaCode] {
        self.sources.get(&(year, unit)).map_or(&[], Vec::as_slice)
    }

    /// The units that the figures of an area of one year go to, and in which shares; none where it has
    /// no target.
    #[must_use]
    pub fn units(&self, code: AreaCode, year: u16) -> Vec<(AreaCode, Ratio)> {
        match self.target(code, year) {
            None => Vec::new(),
            Some(Target::One(code)) => vec![(*code, WHOLE)],
            Some(Target::Union(union)) => {
                self.unions.get(*union).map(|union| (union.code, WHOLE)).into_iter().collect()
            }
            Some(Target::Shares(shares)) => shares.clone(),
        }
    }

    /// Where the figures of an area of one year go; `None` for what is no area of that year, was
    /// not asked for, or has no place in the target year, which the findings tell.
    #[must_use]
    pub fn target(&self, code: AreaCode, year: u16) -> Option<&Target> {
        self.targets.get(&(year, code))
    }

    /// Every area of every year with its target, by year and code.
    pub fn targets(&self) -> impl Iterator<Item = (u16, AreaCode, &Target)> {
        self.targets.iter().map(|((year, code), target)| (*year, *code, target))
    }

    /// Areas that are one unit, by code.
    #[must_use]
    pub fn unions(&self) -> &[Union] {
        &self.unions
    }

    /// What has no place: `no-successor`, `divided-area`, and `no-predecessor` for areas of the
    /// target year of which nothing tells what they were in one of the years, the latest one.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// A figure of an area by the areas that it goes to. It keeps its decimals, and the parts add up
    /// to it exactly (最大余数法). None where the area has no target.
    ///
    /// # Errors
    /// `overflow`.
    pub fn apportion(
        &self,
        code: AreaCode,
        year: u16,
        figure: Decimal,
    ) -> Result<Vec<(AreaCode, Decimal)>> {
        let shares = self.units(code, year);
        if shares.is_empty() {
            return Ok(Vec::new());
        }
        let exact = figure.ratio();
        let parts =
            shares.iter().map(|(_, share)| exact.mul(*share)).collect::<Result<Vec<_>>>()?;
        let decimals = i8::try_from(figure.scale()).unwrap_or(i8::MAX);
        let parts = apportion(&parts, exact, decimals, RoundMode::HalfAway)?;
        Ok(shares.iter().map(|(code, _)| *code).zip(parts).collect())
    }

    /// The areas of the target year, where unions stand in the place of their members. An area that a
    /// union takes members from, but does not lie in, is never complete by what is left in it: only its
    /// own row is whole.
    ///
    /// # Errors
    /// Those of [`Areas::at`]: none, since the year is known.
    pub fn areas(&self) -> Result<Areas> {
        let listed = Areas::at(self.year)?;
        if self.unions.is_empty() {
            return Ok(listed);
        }
        let name = |code: AreaCode| (code, listed.name(code, Lang::Zh).unwrap_or_default());
        let mut names: BTreeMap<AreaCode, String> = listed.codes().map(name).collect();
        let mut units = BTreeMap::new();
        let mut reduced = BTreeSet::new();
        for union in &self.unions {
            for member in &union.members {
                names.remove(&member.code);
                let above = listed.upwards(member.code).skip(1);
                reduced.extend(above.take_while(|area| *area != union.parent));
            }
            names.insert(union.code, union.name(Lang::Zh));
            units.insert(union.code, union.parent);
        }
        Ok(Areas::with_units(names, units, reduced, listed.in_force()))
    }
}

/// A crosswalk that is being made, with areas as positions of records.
struct Making {
    history: &'static History,
    year: u16,
    /// Shares that are given, of areas of the target year.
    weights: BTreeMap<usize, Shares>,
    /// Of areas of the target year that are one unit, another one for each but the first.
    united: BTreeMap<usize, usize>,
    placed: BTreeMap<(u16, AreaCode), Shares>,
    /// Areas of the target year that were nothing in a year, the latest one.
    without_past: BTreeMap<usize, u16>,
    findings: Vec<Error>,
}

/// Areas of the target year and the share that falls to each.
type Shares = BTreeMap<usize, Ratio>;

/// All of it.
const WHOLE: Ratio = Ratio::integer(1);

impl Making {
    fn of(year: u16, weights: &Weights) -> Result<Self> {
        let mut making = Self {
            history: History::builtin(),
            year,
            weights: BTreeMap::new(),
            united: BTreeMap::new(),
            placed: BTreeMap::new(),
            without_past: BTreeMap::new(),
            findings: Vec::new(),
        };
        for (code, of, parts) in weights.given() {
            let position = making.history.wanted(code, of)?;
            let ends = making.history.walk(position, of, year).ends;
            let end = |to: AreaCode| {
                let end = making.history.at(to, year).map(|(end, _)| end);
                end.filter(|end| ends.contains(end)).ok_or_else(|| {
                    let reason = format!("name {to}, which is no part of it in {year}");
                    let (code, year) = (code.to_string(), u64::from(of));
                    Error::from(Problem::BadShares { code, year, reason })
                })
            };
            let bad = |reason: String| {
                let (code, year) = (code.to_string(), u64::from(of));
                Error::from(Problem::BadShares { code, year, reason })
            };
            let shares = shares(parts)?.into_iter().map(|(to, share)| Ok((end(to)?, share)));
            let shares = shares.collect::<Result<Shares>>()?;
            if let Some(left_out) = ends.iter().find(|end| !shares.contains_key(end)) {
                let Named { code, name } =
                    making.history.named(*left_out).ok_or_else(|| bad("are of no area".into()))?;
                return Err(bad(format!("leave out {code} {name}, which may be given 0")));
            }
            if making.weights.contains_key(&position) {
                return Err(bad("are given for another year, too, in which it is the same".into()));
            }
            making.weights.insert(position, shares);
        }
        Ok(making)
    }

    /// Finds what every area of a year is in the target year.
    fn place(&mut self, year: u16) {
        let history = self.history;
        let mut reached = BTreeSet::new();
        for (position, record) in history.records.iter().enumerate() {
            if !record.stands(year) {
                continue;
            }
            let walk = history.walk(position, year, self.year);
            reached.extend(walk.ends.iter().copied());
            if walk.lost {
                self.find(position, year, |code, name, year, to| Problem::NoSuccessor {
                    code,
                    name,
                    year,
                    to,
                });
            }
            let Some(first) = walk.ends.first().copied() else { continue };
            let shares = if walk.ends.len() == 1 {
                Shares::from([(first, WHOLE)])
            } else if let Some(shares) = self.shares(position, year) {
                shares
            } else if record.is_county() {
                walk.ends.iter().for_each(|end| self.unite(first, *end));
                Shares::from([(first, WHOLE)])
            } else {
                self.find(position, year, |code, name, year, to| Problem::DividedArea {
                    code,
                    name,
                    year,
                    to,
                });
                continue;
            };
            self.placed.insert((year, record.code), shares);
        }
        let last = history.records.iter().enumerate();
        let new = last.filter(|(end, record)| record.stands(self.year) && !reached.contains(end));
        self.without_past.extend(new.map(|(end, _)| (end, year)));
    }

    fn made(mut self, years: BTreeSet<u16>, weights: &Weights) -> Result<Crosswalk> {
        let unions = self.unions()?;
        let members = unions.iter().enumerate();
        let members =
            members.flat_map(|(at, union)| union.members.iter().map(move |of| (of.code, at)));
        let union_of: BTreeMap<AreaCode, usize> = members.collect();
        let mut targets = BTreeMap::new();
        for (key, shares) in &self.placed {
            let mut by_unit: BTreeMap<AreaCode, (Target, Ratio)> = BTreeMap::new();
            for (end, share) in shares {
                let Some(code) = self.history.record(*end).map(|record| record.code) else {
                    continue;
                };
                let union = union_of.get(&code).and_then(|at| Some((*at, unions.get(*at)?)));
                let (code, target) = union.map_or((code, Target::One(code)), |(at, union)| {
                    (union.code, Target::Union(at))
                });
                let (_, sum) = by_unit.entry(code).or_insert((target, Ratio::ZERO));
                *sum = sum.add(*share)?;
            }
            let target = if by_unit.len() == 1 {
                by_unit.into_values().next().map(|(target, _)| target)
            } else {
                let shares = by_unit.into_iter().map(|(code, (_, share))| (code, share));
                Some(Target::Shares(shares.collect()))
            };
            targets.extend(target.map(|target| (*key, target)));
        }
        for (end, year) in std::mem::take(&mut self.without_past) {
            self.find(end, year, |code, name, year, to| Problem::NoPredecessor {
                code,
                name,
                year,
                to,
            });
        }
        let mut walk = Crosswalk {
            year: self.year,
            years,
            weights: weights.clone(),
            targets,
            sources: BTreeMap::new(),
            unions,
            findings: self.findings,
        };
        let mut sources: BTreeMap<(u16, AreaCode), Vec<AreaCode>> = BTreeMap::new();
        for (year, code, _) in walk.targets() {
            for (unit, _) in walk.units(code, year) {
                sources.entry((year, unit)).or_default().push(code);
            }
        }
        walk.sources = sources;
        Ok(walk)
    }

    /// The shares in which an area falls to those of the target year; none where they are not given.
    fn shares(&self, position: usize, year: u16) -> Option<Shares> {
        if let Some(shares) = self.weights.get(&position) {
            return Some(shares.clone());
        }
        let end = self.history.record(position)?.until;
        match end.filter(|end| year < *end && *end <= self.year) {
            Some(end) => match self.history.successors(position).as_slice() {
                [only] => self.shares(*only, end),
                _ => None,
            },
            None => (year <= self.year).then(|| Shares::from([(position, WHOLE)])),
        }
    }

    /// Makes two areas of the target year one unit.
    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if one != other {
            self.united.insert(one.max(other), one.min(other));
        }
    }

    /// The first area of a unit.
    fn root(&self, mut end: usize) -> usize {
        while let Some(next) = self.united.get(&end) {
            end = *next;
        }
        end
    }

    fn unions(&self) -> Result<Vec<Union>> {
        let mut members: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (one, other) in &self.united {
            let root = self.root(*one);
            members.entry(root).or_default().extend([root, *one, *other]);
        }
        let areas = Areas::at(self.year)?;
        let union = |members: &BTreeSet<usize>| {
            let members: Vec<Named> =
                members.iter().filter_map(|end| self.history.named(*end)).collect();
            let first = members.first()?.code;
            let code = AreaCode::of_text(&format!("{first}+{}", members.len().saturating_sub(1)));
            let holds =
                |area: &AreaCode| members.iter().all(|member| areas.is_within(member.code, *area));
            let parent = areas.upwards(first).skip(1).find(holds)?;
            Some(Union { code, members, parent })
        };
        Ok(members.values().filter_map(union).collect())
    }

    fn find(&mut self, position: usize, year: u16, of: fn(String, String, u64, u64) -> Problem) {
        let Some(Named { code, name }) = self.history.named(position) else { return };
        let problem = of(code.to_string(), name, year.into(), self.year.into());
        self.findings.push(problem.into());
    }
}

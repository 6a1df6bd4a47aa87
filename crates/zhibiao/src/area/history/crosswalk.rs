//! Areas of several years as areas of one: for panels.

use std::collections::{BTreeMap, BTreeSet};

use super::{History, Named, Weights};
use crate::area::parents::{Node, Parents};
use crate::area::{AreaCode, Areas, Tier};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Decimal, Ratio, RoundMode, apportion};

/// Taiwan, Hong Kong and Macao are no part of national totals.
const OUTSIDE_NATIONAL_TOTALS: [u32; 3] = [710_000, 810_000, 820_000];

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
    targets: BTreeMap<(u16, AreaCode), Target>,
    unions: Vec<Union>,
    findings: Vec<Error>,
}

impl Crosswalk {
    /// Areas of these years, and of the target year itself, as areas of the target year.
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
        let mut years: BTreeSet<u16> = years.iter().copied().collect();
        years.insert(year);
        years.iter().try_for_each(|year| super::known(*year))?;
        Making::of(year, weights)?.made(&years)
    }

    /// The target year.
    #[must_use]
    pub const fn year(&self) -> u16 {
        self.year
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
        let whole = |code: AreaCode| Ok(vec![(code, figure)]);
        let shares = match self.target(code, year) {
            None => return Ok(Vec::new()),
            Some(Target::One(code)) => return whole(*code),
            Some(Target::Union(union)) => {
                return self.unions.get(*union).map_or(Ok(Vec::new()), |union| whole(union.code));
            }
            Some(Target::Shares(shares)) => shares,
        };
        let exact = figure.ratio();
        let parts = shares.iter().map(|(_, share)| exact.mul(*share)).collect::<Result<Vec<_>>>()?;
        let decimals = i8::try_from(figure.scale()).unwrap_or(i8::MAX);
        let parts = apportion(&parts, exact, decimals, RoundMode::HalfAway)?;
        Ok(shares.iter().map(|(code, _)| *code).zip(parts).collect())
    }

    /// The areas of the target year, where unions stand in the place of their members. With unions
    /// it is a table of parents; without, the list of the year.
    ///
    /// # Errors
    /// Those of [`Areas::at`]: none, since the year is known.
    pub fn areas(&self) -> Result<Areas> {
        let listed = Areas::at(self.year)?;
        if self.unions.is_empty() {
            return Ok(listed);
        }
        let members: BTreeSet<AreaCode> =
            self.unions.iter().flat_map(|union| &union.members).map(|area| area.code).collect();
        let mut names = BTreeMap::new();
        let mut parents = Parents::default();
        let mut add = |code: AreaCode, name: String, tier: Tier, parent: Option<AreaCode>| {
            parents.by_text.insert(code.to_string(), code);
            parents.nodes.insert(code, Node { tier, parent });
            names.insert(code, name);
        };
        let with_groups = listed.codes().flat_map(|code| listed.upwards(code));
        let all: BTreeSet<AreaCode> = with_groups.collect();
        for code in all.difference(&members).copied() {
            let outside =
                code.number().is_some_and(|number| OUTSIDE_NATIONAL_TOTALS.contains(&number));
            let name = listed.name(code, Lang::Zh).unwrap_or_default();
            let tier = listed.tier(code).unwrap_or(Tier::County);
            add(code, name, tier, listed.parent(code).filter(|_| !outside));
        }
        for union in &self.unions {
            add(union.code, union.name(Lang::Zh), Tier::County, Some(union.parent));
        }
        Ok(Areas::tree(names, parents, listed.in_force()))
    }
}

/// A crosswalk that is being made: positions of records, and what of the target year is one unit.
struct Making {
    history: &'static History,
    year: u16,
    /// Shares by position, of positions.
    weights: BTreeMap<usize, BTreeMap<usize, Ratio>>,
    /// One position of the same unit for each that has others.
    united: BTreeMap<usize, usize>,
}

impl Making {
    fn of(year: u16, weights: &Weights) -> Result<Self> {
        let history = History::builtin();
        let mut by_position = BTreeMap::new();
        for ((code, of_year), shares) in &weights.0 {
            let position = history.wanted(*code, *of_year)?;
            let ends = history.walk(position, *of_year, year).ends;
            let mut of_position: BTreeMap<usize, Ratio> = BTreeMap::new();
            for (to, share) in shares {
                let end = history.at(*to, year).map(|(end, _)| end);
                let end = end.filter(|end| ends.contains(end)).ok_or_else(|| {
                    let reason = format!("name {to}, which is no part of it in {year}");
                    let code = code.to_string();
                    Error::from(Problem::BadShares { code, year: (*of_year).into(), reason })
                })?;
                of_position.insert(end, *share);
            }
            by_position.insert(position, of_position);
        }
        Ok(Self { history, year, weights: by_position, united: BTreeMap::new() })
    }

    fn made(mut self, years: &BTreeSet<u16>) -> Result<Crosswalk> {
        let mut findings = Vec::new();
        let mut targets = BTreeMap::new();
        let mut without_past = BTreeMap::new();
        for year in years.iter().copied() {
            let mut reached = BTreeSet::new();
            for (position, record) in self.history.records.iter().enumerate() {
                if !record.stands(year) {
                    continue;
                }
                let walk = self.history.walk(position, year, self.year);
                reached.extend(walk.ends.iter().copied());
                if walk.lost || walk.ends.is_empty() {
                    findings.push(self.lost(position, year));
                }
                let shares = match walk.ends.len() {
                    0 => continue,
                    1 => walk.ends.iter().map(|end| (*end, Ratio::integer(1))).collect(),
                    _ => match self.shares(position, year) {
                        Some(shares) => shares,
                        None if record.is_county() => {
                            let mut ends = walk.ends.iter().copied();
                            let Some(first) = ends.next() else { continue };
                            ends.for_each(|end| self.unite(first, end));
                            BTreeMap::from([(first, Ratio::integer(1))])
                        }
                        None => {
                            findings.push(self.divided(position, year));
                            continue;
                        }
                    },
                };
                targets.insert((year, record.code), shares);
            }
            let standing = self.history.records.iter().enumerate();
            let standing = standing.filter(|(_, record)| record.stands(self.year));
            without_past.extend(
                standing.filter(|(end, _)| !reached.contains(end)).map(|(end, _)| (end, year)),
            );
        }
        let unions = self.unions()?;
        let unit = |end: usize| self.unit(end, &unions);
        let mut shared = BTreeMap::new();
        for (key, shares) in targets {
            let mut by_unit: BTreeMap<AreaCode, Ratio> = BTreeMap::new();
            for (end, share) in shares {
                let Some(code) = unit(end) else { continue };
                let sum = by_unit.entry(code).or_insert(Ratio::ZERO);
                *sum = sum.add(share)?;
            }
            let target = match by_unit.first_key_value() {
                Some((code, _)) if by_unit.len() == 1 => {
                    let union = unions.iter().position(|union| union.code == *code);
                    union.map_or(Target::One(*code), Target::Union)
                }
                _ => Target::Shares(by_unit.into_iter().collect()),
            };
            shared.insert(key, target);
        }
        findings.extend(without_past.into_iter().map(|(end, year)| self.without_past(end, year)));
        Ok(Crosswalk { year: self.year, targets: shared, unions, findings })
    }

    /// The shares in which an area falls to those of the target year; none where they are not given.
    fn shares(&self, position: usize, year: u16) -> Option<BTreeMap<usize, Ratio>> {
        if let Some(shares) = self.weights.get(&position) {
            return Some(shares.clone());
        }
        let end = self.history.record(position)?.until;
        match end.filter(|end| year < *end && *end <= self.year) {
            Some(end) => match self.history.successors(position).as_slice() {
                [only] => self.shares(*only, end),
                _ => None,
            },
            None => (year <= self.year).then(|| BTreeMap::from([(position, Ratio::integer(1))])),
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
            let holds = |area: &AreaCode| {
                members.iter().all(|member| areas.is_within(member.code, *area))
            };
            let parent = areas.upwards(first).skip(1).find(holds)?;
            Some(Union { code, members, parent })
        };
        Ok(members.values().filter_map(union).collect())
    }

    /// The code of the unit that an area of the target year is, or lies in.
    fn unit(&self, end: usize, unions: &[Union]) -> Option<AreaCode> {
        let code = self.history.record(end)?.code;
        let holds = |union: &&Union| union.members.iter().any(|member| member.code == code);
        Some(unions.iter().find(holds).map_or(code, |union| union.code))
    }

    fn lost(&self, position: usize, year: u16) -> Error {
        let (code, name) = self.told(position);
        Problem::NoSuccessor { code, name, year: year.into(), to: self.year.into() }.into()
    }

    fn divided(&self, position: usize, year: u16) -> Error {
        let (code, name) = self.told(position);
        Problem::DividedArea { code, name, year: year.into(), to: self.year.into() }.into()
    }

    fn without_past(&self, end: usize, year: u16) -> Error {
        let (code, name) = self.told(end);
        Problem::NoPredecessor { code, name, year: year.into(), to: self.year.into() }.into()
    }

    fn told(&self, position: usize) -> (String, String) {
        self.history
            .named(position)
            .map_or_else(Default::default, |area| (area.code.to_string(), area.name))
    }
}

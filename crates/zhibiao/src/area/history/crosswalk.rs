//! Areas of several years as areas of one: for panels.

use std::collections::{BTreeMap, BTreeSet};

use super::making::{Making, WHOLE};
use super::{History, Named, Weights};
use crate::area::table::CountyUnit;
use crate::area::{AreaCode, Areas};
use crate::error::{Error, Result};
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
/// Larger areas that were divided, or that counties left or joined, have no place: rows of their
/// counties have.
///
/// Parts that passed between counties that both go on are not known; each keeps its figures.
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
            making.place(*year)?;
        }
        let (targets, unions, findings) = making.made()?;
        let weights = weights.clone();
        let mut walk =
            Self { year, years, weights, targets, sources: BTreeMap::new(), unions, findings };
        let mut sources: BTreeMap<(u16, AreaCode), Vec<AreaCode>> = BTreeMap::new();
        for (year, code, _) in walk.targets() {
            for (unit, _) in walk.units(code, year) {
                sources.entry((year, unit)).or_default().push(code);
            }
        }
        walk.sources = sources;
        Ok(walk)
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

    /// What has no place: `no-successor`, `divided-area`, `other-extent`, and `no-predecessor` for areas
    /// of the target year of which nothing tells what they were in one of the years, the latest one.
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
    /// own row is whole. Larger areas are made of it and the union, or of the own rows of all that the
    /// union takes from where it has none.
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
        let mut reduced: BTreeMap<AreaCode, BTreeSet<AreaCode>> = BTreeMap::new();
        for union in &self.unions {
            for member in &union.members {
                names.remove(&member.code);
                let above = listed.upwards(member.code).skip(1);
                for area in above.take_while(|area| *area != union.parent) {
                    reduced.entry(area).or_default().insert(union.code);
                }
            }
            names.insert(union.code, union.name(Lang::Zh));
            let english = union.name(Lang::En);
            units.insert(union.code, CountyUnit { parent: union.parent, english });
        }
        Ok(Areas::with_units(names, units, reduced, listed.in_force()))
    }
}

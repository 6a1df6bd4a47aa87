//! How a crosswalk is made: every area of every year gets its place in the target year.

use std::collections::{BTreeMap, BTreeSet};

use super::crosswalk::{Target, Union};
use super::extent::Extents;
use super::weights::shares;
use super::{History, Named, Weights};
use crate::area::{AreaCode, Areas};
use crate::error::{Error, Problem, Result};
use crate::number::Ratio;

/// A crosswalk that is being made, with areas as positions of records.
pub(super) struct Making {
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

/// Targets by year and code, unions, findings.
type Made = (BTreeMap<(u16, AreaCode), Target>, Vec<Union>, Vec<Error>);

/// Areas of the target year and the share that falls to each.
type Shares = BTreeMap<usize, Ratio>;

/// All of it.
pub(super) const WHOLE: Ratio = Ratio::integer(1);

impl Making {
    /// With the shares that are given.
    pub(super) fn of(year: u16, weights: &Weights) -> Result<Self> {
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
            let bad = |reason: String| {
                let (code, year) = (code.to_string(), u64::from(of));
                Error::from(Problem::BadShares { code, year, reason })
            };
            let end = |to: AreaCode| {
                let end = making.history.at(to, year).map(|(end, _)| end);
                end.filter(|end| ends.contains(end))
                    .ok_or_else(|| bad(format!("name {to}, which is no part of it in {year}")))
            };
            let shares = shares(parts)?.into_iter().map(|(to, share)| Ok((end(to)?, share)));
            let mut shares = shares.collect::<Result<Shares>>()?;
            if let Some(left_out) = ends.iter().find(|end| !shares.contains_key(end)) {
                let Named { code, name } =
                    making.history.named(*left_out).ok_or_else(|| bad("are of no area".into()))?;
                return Err(bad(format!("leave out {code} {name}, which may be given 0")));
            }
            if making.weights.contains_key(&position) {
                return Err(bad("are given for another year, too, in which it is the same".into()));
            }
            // What gets nothing of an area is no part of it.
            shares.retain(|_, share| *share != Ratio::ZERO);
            making.weights.insert(position, shares);
        }
        Ok(making)
    }

    /// Finds what every area of a year is in the target year.
    pub(super) fn place(&mut self, year: u16) -> Result<()> {
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
        self.withdraw_other_extents(year)
    }

    /// Takes their place from larger areas that counties left or joined: beside rows of those counties
    /// their own would count twice above.
    fn withdraw_other_extents(&mut self, year: u16) -> Result<()> {
        let history = self.history;
        let extents = Extents::between(history, year, self.year, |position| {
            let ends = |shares: Shares| shares.into_keys().collect();
            let shares = self.shares(position, year);
            shares.map_or_else(|| history.walk(position, year, self.year).ends, ends)
        })?;
        let larger = history.standing(year).filter(|record| !record.is_county());
        let larger = larger.filter_map(|record| {
            let ends = self.placed.get(&(year, record.code))?.keys();
            Some((record.code, ends.filter_map(|end| self.code(*end)).collect()))
        });
        let larger: BTreeMap<AreaCode, BTreeSet<AreaCode>> = larger.collect();
        let differences = extents.differences(&larger);
        for (area, to) in &larger {
            let only = to.first().filter(|_| to.len() == 1);
            let Some((to, difference)) = only.and_then(|to| Some((to, differences.get(to)?)))
            else {
                continue;
            };
            if extents.are_smallest(*area, *to) {
                continue;
            }
            self.placed.remove(&(year, *area));
            let problem = Problem::OtherExtent {
                code: area.to_string(),
                name: history.name(*area, year).unwrap_or_default().to_owned(),
                year: year.into(),
                other: to.to_string(),
                to: self.year.into(),
                difference: difference.to_string(),
            };
            self.findings.push(problem.into());
        }
        Ok(())
    }

    /// The target of every area of every year, the unions, and what has no place.
    pub(super) fn made(mut self) -> Result<Made> {
        let unions = self.unions()?;
        let members = unions.iter().enumerate();
        let members =
            members.flat_map(|(at, union)| union.members.iter().map(move |of| (of.code, at)));
        let union_of: BTreeMap<AreaCode, usize> = members.collect();
        let mut targets = BTreeMap::new();
        for (key, shares) in &self.placed {
            let mut by_unit: BTreeMap<AreaCode, (Target, Ratio)> = BTreeMap::new();
            for (end, share) in shares {
                let Some(code) = self.code(*end) else { continue };
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
        Ok((targets, unions, self.findings))
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

    fn code(&self, position: usize) -> Option<AreaCode> {
        self.history.record(position).map(|record| record.code)
    }

    fn find(&mut self, position: usize, year: u16, of: fn(String, String, u64, u64) -> Problem) {
        let Some(Named { code, name }) = self.history.named(position) else { return };
        let problem = of(code.to_string(), name, year.into(), self.year.into());
        self.findings.push(problem.into());
    }
}

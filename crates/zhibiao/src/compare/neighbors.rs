//! Statistical neighbors: areas that are alike.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataFrame};

use super::fields::fields;
use crate::area::{AreaCode, Areas, Tier};
use crate::bind::Table;
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::period::Period;
use crate::stat::spread;
use crate::table::{IndicatorTable, lacks, refused};

/// Which areas are alike (统计近邻): of each area others, the nearest first.
#[derive(Clone, Debug, Default)]
pub struct Neighbors {
    /// By area, and where they were found by the tier in which it stands.
    of: BTreeMap<(AreaCode, Option<Tier>), Vec<Neighbor>>,
    areas: Areas,
    findings: Vec<Error>,
    lang: Lang,
}

/// One area that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbor {
    /// Its code.
    pub area: AreaCode,
    /// How far it is; none where neighbors were given.
    pub distance: Option<f64>,
}

/// How neighbors are found (近邻选项).
#[derive(Clone, Debug, PartialEq)]
pub struct NeighborOptions {
    /// Indicators by id or exact name, with their weights; without any, all of the table alike.
    pub indicators: Vec<(String, f64)>,
    /// How many neighbors each area has.
    pub count: usize,
    /// The period whose values are compared; without it, the last of the table.
    pub period: Option<Period>,
}

impl Default for NeighborOptions {
    /// Ten neighbors by all indicators of the last period.
    fn default() -> Self {
        Self { indicators: Vec::new(), count: 10, period: None }
    }
}

/// Distances are told apart to the inverse of this.
const ALIKE: f64 = 1e12;

/// Headers of a table of neighbors.
const AREA: [&str; 3] = ["area", "区划", "地区"];
const NEIGHBOR: [&str; 4] = ["neighbor", "neighbour", "近邻", "对标地区"];

impl Neighbors {
    /// Reads a table of neighbors (近邻表): columns `area` and `neighbor` (区划, 近邻), one row a pair,
    /// the nearest first.
    ///
    /// # Errors
    /// `missing-column`. A code that is no area, and a neighbor that overlaps the area itself or
    /// another of its neighbors, are findings, and set aside.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::area::Areas;
    /// use zhibiao::compare::Neighbors;
    /// let pairs = df!["area" => ["140728", "140728"], "neighbor" => ["140729", "140703"]]?;
    /// let neighbors = Neighbors::read(&pairs, &Areas::builtin())?;
    /// assert_eq!(neighbors.of("140728".parse()?).len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(table: impl Into<Table>, areas: &Areas) -> Result<Self> {
        let table = table.into();
        let frame = table.frame();
        let column = |names: &[&str]| {
            let found = names.iter().find_map(|name| frame.column(name).ok());
            if let Some(column) = found {
                let text = column.cast(&polars::prelude::DataType::String);
                return text.map_err(|error| refused(&error));
            }
            let headers = frame.get_column_names_owned();
            let headers: Vec<&str> = headers.iter().map(AsRef::as_ref).collect();
            let problem = Problem::MissingColumn {
                column: names.first().map_or_else(String::new, |name| (*name).to_owned()),
                aliases: names.join(", "),
                near: headers.join(", "),
            };
            Err(Error::new(problem, table.place(None, None)))
        };
        let (of, others) = (column(&AREA)?, column(&NEIGHBOR)?);
        let texts = |column: &Column| -> Result<Vec<String>> {
            let texts = column.str().map_err(|error| refused(&error))?;
            Ok(texts.iter().map(|text| text.unwrap_or_default().trim().to_owned()).collect())
        };
        let mut neighbors = Self { areas: areas.clone(), ..Self::default() };
        for (row, (area, other)) in texts(&of)?.into_iter().zip(texts(&others)?).enumerate() {
            let code = |text: &str| {
                areas.code(text).map_err(|error| {
                    Error::new(error.problem().clone(), table.place(Some(row), None))
                })
            };
            match (code(&area), code(&other)) {
                (Ok(area), Ok(other)) => {
                    let known = neighbors.of.entry((area, None)).or_default();
                    let overlaps =
                        |one: AreaCode| areas.is_within(one, other) || areas.is_within(other, one);
                    let all = known.iter().map(|known| known.area).chain([area]);
                    if let Some(overlapped) = all.into_iter().find(|one| overlaps(*one)) {
                        let [area, neighbor, other] =
                            [area, other, overlapped].map(|code| code.to_string());
                        let problem = Problem::OverlappingNeighbor { area, neighbor, other };
                        neighbors.findings.push(Error::new(problem, table.place(Some(row), None)));
                    } else {
                        known.push(Neighbor { area: other, distance: None });
                    }
                }
                (area, other) => {
                    neighbors.findings.extend([area, other].into_iter().filter_map(Result::err));
                }
            }
        }
        Ok(neighbors)
    }

    /// The neighbors of an area, the nearest first; of one that stands in several tiers, those of the
    /// smallest.
    #[must_use]
    pub fn of(&self, area: AreaCode) -> &[Neighbor] {
        let mut found = self.of.range((area, None)..).take_while(|((of, _), _)| *of == area);
        found.next().map_or(&[], |(_, others)| others.as_slice())
    }

    /// Those that it has among areas of a tier, or that were given.
    pub(super) fn at(&self, area: AreaCode, tier: Tier) -> &[Neighbor] {
        let found = self.of.get(&(area, Some(tier))).or_else(|| self.of.get(&(area, None)));
        found.map_or(&[], Vec::as_slice)
    }

    /// Pairs that were set aside.
    #[must_use]
    pub fn findings(&self) -> &[Error] {
        &self.findings
    }

    /// The language of names.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.of.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All pairs as a frame: `area, area_name, tier, place, neighbor, neighbor_name, distance`, by
    /// area, the nearest first. Neighbors that were given have no tier and no distance.
    ///
    /// # Errors
    /// None that can be met: columns are of one height.
    pub fn frame(&self) -> Result<DataFrame> {
        let pairs: Vec<(AreaCode, u64, Neighbor)> = self
            .of
            .iter()
            .flat_map(|((area, _), others)| {
                (1..).zip(others).map(|(place, neighbor)| (*area, place, *neighbor))
            })
            .collect();
        let codes = |of: fn(&(AreaCode, u64, Neighbor)) -> AreaCode| -> Vec<String> {
            pairs.iter().map(|pair| of(pair).to_string()).collect()
        };
        let names = |of: fn(&(AreaCode, u64, Neighbor)) -> AreaCode| -> Vec<Option<String>> {
            pairs.iter().map(|pair| self.areas.name(of(pair), self.lang)).collect()
        };
        let tiers =
            self.of.iter().flat_map(|((_, tier), others)| others.iter().map(move |_| *tier));
        let tiers: Vec<Option<&str>> = tiers.map(|tier| tier.map(Tier::id)).collect();
        let places: Vec<u64> = pairs.iter().map(|(_, place, _)| *place).collect();
        let distances: Vec<Option<f64>> = pairs.iter().map(|(.., other)| other.distance).collect();
        let columns = vec![
            Column::new("area".into(), codes(|(area, ..)| *area)),
            Column::new("area_name".into(), names(|(area, ..)| *area)),
            Column::new("tier".into(), tiers),
            Column::new("place".into(), places),
            Column::new("neighbor".into(), codes(|(.., other)| other.area)),
            Column::new("neighbor_name".into(), names(|(.., other)| other.area)),
            Column::new("distance".into(), distances),
        ];
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

impl IndicatorTable {
    /// The areas that are most like each area (统计近邻), among those of its tier.
    ///
    /// # Formula
    /// Values become z-scores over the areas of the tier that have them all; the distance of two areas
    /// is `√(Σ w (z − z′)² / Σ w)`. Of equal distances the lesser code is nearer.
    ///
    /// # Missing values
    /// An area that lacks one of the values has no neighbors and is nobody's. Indicators that are the
    /// same everywhere tell nothing. Only undivided rows count, or those of totals.
    ///
    /// # Errors
    /// `bad-option` for an indicator or period that the table has not, for a weight that is negative
    /// or no number, and where all are 0.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, compare::NeighborOptions};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140703", "140728", "140729"], "projects" => [100, 100, 100], "projects_done" => [10, 50, 55]]?;
    /// let table = Query::new(&catalog).indicators(["projects.completion"]).run(&counties)?;
    /// let near = table.neighbors(&NeighborOptions { count: 1, ..NeighborOptions::default() })?;
    /// assert_eq!(near.of("140728".parse()?)[0].area.to_string(), "140729");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// Benton, Chamberlain, Wilson & Teeman (2007), *The development of the children's services
    /// statistical neighbour benchmarking model*, NFER: weighted Euclidean distance of standardized
    /// variables.
    pub fn neighbors(&self, how: &NeighborOptions) -> Result<Neighbors> {
        let chosen = self.chosen(&how.indicators)?;
        let total: f64 = chosen.iter().map(|(_, weight)| weight).sum();
        let last = self.groups.iter().filter_map(|group| group.period).max();
        let period = how.period.or(last);
        if let Some(asked) = period
            && self.groups.iter().all(|group| group.period != period)
        {
            let known = last.map_or_else(|| "none".to_owned(), |last| last.to_string());
            return Err(lacks("period", &asked.to_string(), &known));
        }
        let mut neighbors =
            Neighbors { areas: self.areas.clone(), lang: self.lang, ..Neighbors::default() };
        for field in fields(self, None) {
            let undivided = |group: &&usize| {
                let group = self.groups.get(**group);
                group.is_some_and(|group| {
                    let total = |slice: &Option<(String, String)>| {
                        slice.as_ref().is_none_or(|(id, _)| id == crate::table::TOTAL_ID)
                    };
                    group.period == period
                        && group.school.is_none()
                        && group.slices.iter().all(total)
                })
            };
            let mut points: Vec<(AreaCode, Vec<f64>)> = Vec::new();
            for group in field.groups.iter().filter(undivided) {
                let value =
                    |at: usize| Some(self.rows_of(*group).nth(at)?.value()?.figure().to_f64());
                let values: Option<Vec<f64>> = chosen.iter().map(|(at, _)| value(*at)).collect();
                let area = self.groups.get(*group).map(|group| group.area);
                points.extend(area.zip(values));
            }
            standardize(&mut points);
            let first = field.groups.first().and_then(|at| self.groups.get(*at));
            let tier = first.map(|group| group.tier);
            for (area, point) in &points {
                let distance = |other: &[f64]| {
                    let weighted = chosen.iter().zip(point.iter().zip(other));
                    let squares = weighted.map(|((_, weight), (a, b))| weight * (a - b).powi(2));
                    (squares.sum::<f64>() / total).sqrt()
                };
                let mut others: Vec<(f64, AreaCode)> = points
                    .iter()
                    .filter(|(other, _)| other != area)
                    .map(|(other, values)| (distance(values), *other))
                    .collect();
                // Equal distances may differ in their last digits.
                let rounded = |distance: f64| (distance * ALIKE).round();
                let by_distance = |a: &(f64, AreaCode), b: &(f64, AreaCode)| {
                    rounded(a.0).total_cmp(&rounded(b.0)).then(a.1.cmp(&b.1))
                };
                if how.count < others.len() {
                    others.select_nth_unstable_by(how.count, by_distance);
                    others.truncate(how.count);
                }
                others.sort_by(by_distance);
                let nearest = others
                    .into_iter()
                    .map(|(distance, area)| Neighbor { area, distance: Some(distance) });
                neighbors.of.insert((*area, tier), nearest.collect());
            }
        }
        Ok(neighbors)
    }

    /// Positions of indicators, and their weights.
    fn chosen(&self, named: &[(String, f64)]) -> Result<Vec<(usize, f64)>> {
        if named.is_empty() {
            return Ok((0..self.shown).map(|at| (at, 1.0)).collect());
        }
        let bad = |value: String, wanted: &str| -> Error {
            let (option, wanted) = ("weight".to_owned(), wanted.to_owned());
            Problem::BadOption { option, value, wanted }.into()
        };
        let mut chosen = Vec::with_capacity(named.len());
        for (name, weight) in named {
            if !(*weight >= 0.0 && weight.is_finite()) {
                return Err(bad(weight.to_string(), "a number that is not negative"));
            }
            chosen.push((self.indicator_at(name)?, *weight));
        }
        if chosen.iter().all(|(_, weight)| *weight <= 0.0) {
            return Err(bad("0".to_owned(), "at least one weight above 0"));
        }
        Ok(chosen)
    }
}

/// Turns each coordinate into z-scores; where it is the same everywhere, into 0.
fn standardize(points: &mut [(AreaCode, Vec<f64>)]) {
    let coordinates = points.first().map_or(0, |(_, point)| point.len());
    for at in 0..coordinates {
        let values: Vec<f64> =
            points.iter().filter_map(|(_, point)| point.get(at).copied()).collect();
        let spread = spread(&values);
        for value in points.iter_mut().filter_map(|(_, point)| point.get_mut(at)) {
            *value = spread.map_or(0.0, |(mean, sd)| (*value - mean) / sd);
        }
    }
}

//! Slips of unit: values about 10, 100, 1,000 or 10,000 times off, as when 元 are written for 万元.
//!
//! A figure is held against the median of the other years of its area; where there are none, against
//! the median of its siblings: areas of one tier in one period, which may differ in size for good.
//! Shares, rates and ratios do not depend on size, and are always held against siblings.
//!
//! An area of which most other figures are as small or as large is a small or a large area.

use std::collections::{BTreeMap, BTreeSet};

use super::per_head::of_indicators;
use super::sheet::{Flaw, Known, Sheet, Sums, shown};
use super::slip::{Agree, Slip, Valued, median, slipped, slips_of_ten};
use crate::area::AreaCode;
use crate::catalog::{Measure, OverAreas};
use crate::engine::GroupBy;
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::{Ratio, pow10};
use crate::period::Period;
use crate::state::Key;

/// A value and at least two other periods.
const FEWEST_PERIODS: usize = 3;

/// Enough siblings for a median that one area does not move.
pub(super) const FEWEST_SIBLINGS: usize = 6;

/// Small counts do jump: a slip of 10 is told from 10,000 on, one of 10,000 from 10 on.
const LEAST_FIGURE: i128 = 100_000;

/// So many times the median is far.
const FAR: i128 = 5;

/// Figures and indicators that slipped.
pub(super) fn slips(sheet: &Sheet<'_>, sums: &Sums, by: &GroupBy) -> Result<Vec<Flaw>> {
    let slips = slips_of_ten()?;
    let summed = |measure: &&Measure| measure.over_areas == OverAreas::Sum;
    let all = sheet.measures.iter().enumerate().filter(|(_, measure)| summed(measure));
    let compared: Vec<Compared<'_>> =
        all.map(|(index, measure)| Compared::of(sheet, sums, index, measure)).collect();
    let sizes = Sizes::of(sums.keys().len(), &compared);
    let mut found = Found::default();
    for compared in compared {
        of_measure(sheet, sums, compared, &sizes, &slips, &mut found);
    }
    let wanted: Vec<&Key> =
        found.flaws.iter().filter_map(|(group, ..)| sums.keys().get(*group)).collect();
    let rows = sheet.first_rows(by, &wanted);
    let flaw = |(group, measure, problem): &(usize, String, Problem)| {
        let row = rows.get(sums.keys().get(*group)?)?;
        Some(sheet.flaw(*row, measure, problem.clone()))
    };
    let mut flaws: Vec<Flaw> = found.flaws.iter().filter_map(flaw).collect();
    flaws.extend(of_indicators(sheet, &slips, &found.told)?);
    Ok(flaws)
}

/// Area, period and measure of a figure that was told.
pub(super) type Told = (AreaCode, Option<Period>, String);

/// Figures that slipped.
#[derive(Default)]
struct Found {
    /// Group, measure and problem.
    flaws: Vec<(usize, String, Problem)>,
    /// Area, period and measure of each.
    told: BTreeSet<Told>,
}

/// The figures of a measure, in the lists in which they are compared, with their groups.
struct Compared<'s> {
    index: usize,
    measure: &'s Measure,
    /// Periods of one area.
    past: Vec<Vec<Valued<usize>>>,
    /// Areas of one tier in one period.
    siblings: Vec<Vec<Valued<usize>>>,
}

impl<'s> Compared<'s> {
    fn of(sheet: &Sheet<'_>, sums: &Sums, index: usize, measure: &'s Measure) -> Self {
        let mut past: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        let mut siblings: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        for (group, key) in sums.keys().iter().enumerate() {
            let figure = sums.numerator(index, group).and_then(Known::whole);
            let Some(figure) = figure.filter(|figure| *figure > 0) else { continue };
            let value = (Ratio::integer(figure), group);
            let grain = key.period.map_or((0, 0), grain);
            past.entry((key.area, grain, &key.slices)).or_default().push(value);
            siblings
                .entry((key.period, sheet.areas.tier(key.area), &key.slices))
                .or_default()
                .push(value);
        }
        let long = |fewest: usize| move |values: &Vec<Valued<usize>>| values.len() >= fewest;
        Self {
            index,
            measure,
            past: past.into_values().filter(long(FEWEST_PERIODS)).collect(),
            siblings: siblings.into_values().filter(long(FEWEST_SIBLINGS)).collect(),
        }
    }
}

/// How many measures of each group are compared with siblings, and how many are far below and far
/// above the median of these.
struct Sizes {
    all: Vec<u32>,
    below: Vec<u32>,
    above: Vec<u32>,
}

impl Sizes {
    fn of(groups: usize, compared: &[Compared<'_>]) -> Self {
        let none = || vec![0_u32; groups];
        let mut sizes = Self { all: none(), below: none(), above: none() };
        let count = |counts: &mut Vec<u32>, group: usize| {
            if let Some(count) = counts.get_mut(group) {
                *count = count.saturating_add(1);
            }
        };
        for values in compared.iter().flat_map(|compared| &compared.siblings) {
            let Some(median) = median(&mut values.clone()) else { continue };
            let (Ok(low), Ok(high)) = (median.div(Ratio::integer(FAR)), median.scaled(FAR)) else {
                continue;
            };
            for (value, group) in values {
                count(&mut sizes.all, *group);
                if *value < low {
                    count(&mut sizes.below, *group);
                }
                if *value > high {
                    count(&mut sizes.above, *group);
                }
            }
        }
        sizes
    }

    /// Whether most other measures of a group are far on the same side.
    fn explain(&self, group: usize, above: bool) -> bool {
        let of = |counts: &Vec<u32>| counts.get(group).copied().unwrap_or(0).saturating_sub(1);
        of(if above { &self.above } else { &self.below }).saturating_mul(2) > of(&self.all)
    }
}

fn of_measure(
    sheet: &Sheet<'_>,
    sums: &Sums,
    compared: Compared<'_>,
    sizes: &Sizes,
    slips: &[Slip],
    found: &mut Found,
) {
    let Compared { index, measure, past, siblings } = compared;
    let scale = pow10(u32::from(measure.scale)).unwrap_or(1);
    let least = Ratio::integer(LEAST_FIGURE.saturating_mul(scale));
    let with_past: BTreeSet<usize> = past.iter().flatten().map(|(_, group)| *group).collect();
    let past = past.into_iter().map(|values| (values, Agree::All));
    let siblings = siblings.into_iter().map(|values| (values, Agree::Half));
    for (values, agree) in past.chain(siblings) {
        for slip in slipped(values, agree, slips) {
            let by_size = || with_past.contains(&slip.of) || sizes.explain(slip.of, slip.above);
            if agree == Agree::Half && by_size() {
                continue;
            }
            let (Some(key), Some(figure)) =
                (sums.keys().get(slip.of), sums.numerator(index, slip.of))
            else {
                continue;
            };
            let told = (key.area, key.period, measure.id.clone());
            let larger = slip.median.max(Ratio::integer(figure.total));
            let large = larger.scaled(slip.factor).is_ok_and(|scaled| scaled >= least);
            if !large || !found.told.insert(told) {
                continue;
            }
            let problem = Problem::UnitSlip {
                what: sheet.describe(&measure.id, &key.slices),
                given: shown(figure.total, measure),
                times: agree.times(slip.factor, slip.above),
                usual: shown(slip.median.num(), measure),
                hint: hint(measure, slip.factor, slip.above, sheet.lang),
            };
            found.flaws.push((slip.of, measure.id.clone(), problem));
        }
    }
}

/// What may have happened.
fn hint(measure: &Measure, factor: i128, above: bool, lang: Lang) -> String {
    let unit = measure.unit.label(lang);
    let multiple = match factor {
        100 => "百",
        1000 => "千",
        10_000 => "万",
        _ if above => return "a digit too many".to_owned(),
        _ => return "a digit too few".to_owned(),
    };
    let larger = format!("{multiple}{unit}");
    if above { format!("{unit} for {larger}") } else { format!("{larger} for {unit}") }
}

/// Years are compared with years, months with months, and parts of a year with equal parts.
fn grain(period: Period) -> (u8, usize) {
    match period {
        Period::Month(_) => (1, 1),
        Period::SchoolYear(_) => (2, 12),
        Period::Year(_) => (3, 12),
        Period::YearToDate(_) => (4, period.months().count()),
    }
}

//! Slips of unit: values about 10, 100, 1,000 or 10,000 times off, as when 元 are written for 万元.
//!
//! A figure is held against the median of the other years of its area; where there are none, against
//! the median of its siblings: areas of one tier in one period, which may differ in size for good.
//! Shares, rates and ratios do not depend on size, and are always held against siblings. Nothing is
//! told unless three things hold.
//! 1. The value is about a power of ten times the median: within a factor of 2; of 1.25 for 10.
//! 2. The others agree: half of the siblings, or all other years, lie so near to the median that the
//!    slip is more than eight such distances away, on the scale of logarithms.
//! 3. The value stands apart: what is no slip lies nearer to the median than to the value.
//!
//! And an area of which most other figures are as small or as large is a small or a large area.
//!
//! Everything is compared exactly.

use std::collections::{BTreeMap, BTreeSet};

use super::sheet::{Cell, Flaw, Known, Sheet, Sums, shown};
use crate::area::AreaCode;
use crate::catalog::{Indicator, Kind, Measure, OverAreas};
use crate::engine::GroupBy;
use crate::error::{Problem, Result};
use crate::label::Lang;
use crate::number::{Ratio, RoundMode};
use crate::period::Period;
use crate::state::Key;

/// A value and at least two other periods.
const FEWEST_PERIODS: usize = 3;

/// Enough siblings for a median that one area does not move.
const FEWEST_SIBLINGS: usize = 6;

/// Small counts do jump: a slip of 10 is told from 10,000 on, one of 10,000 from 10 on.
const LEAST_FIGURE: i128 = 100_000;

/// Parts of an indicator below this vary too much to tell anything.
const LEAST_PART: i128 = 30;

/// So many times the median is far.
const FAR: i128 = 5;

/// A power of ten, what is about it, and how far apart half of the others may be: the eighth root of
/// the lower limit.
struct Slip {
    factor: i128,
    from: i128,
    to: Ratio,
    spread: Ratio,
}

/// A value with what it belongs to.
type Valued<T> = (Ratio, T);

/// A value that slipped: the power of ten, whether it is too large, and the median.
struct Slipped<T> {
    of: T,
    factor: i128,
    above: bool,
    median: Ratio,
}

fn slips_of_ten() -> Result<Vec<Slip>> {
    // 8^(1/8) = 1.297, 50^(1/8) = 1.631, 500^(1/8) = 2.175, 5000^(1/8) = 2.900.
    let limits = [(10, 8, (25, 2), 129), (100, 50, (200, 1), 163), (1000, 500, (2000, 1), 217)];
    let limits = limits.into_iter().chain([(10_000, 5000, (20_000, 1), 290)]);
    limits
        .map(|(factor, from, (num, den), spread)| {
            Ok(Slip { factor, from, to: Ratio::new(num, den)?, spread: Ratio::new(spread, 100)? })
        })
        .collect()
}

/// How many of the others must lie near the median.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Agree {
    All,
    Half,
}

impl Agree {
    /// How many times the median, in words.
    fn times(self, factor: i128, above: bool) -> String {
        let of = match self {
            Self::All => "the median of its periods",
            Self::Half => "the median of its tier",
        };
        if above { format!("{factor} times {of}") } else { format!("1/{factor} of {of}") }
    }
}

fn median<T>(values: &mut [Valued<T>]) -> Option<Ratio> {
    values.sort_by_key(|(value, _)| *value);
    let middle = values.len().saturating_sub(1).checked_div(2)?;
    values.get(middle).map(|(value, _)| *value)
}

/// The values among others that slipped.
fn slipped<T: Copy>(
    mut values: Vec<Valued<T>>,
    agree: Agree,
    slips: &[Slip],
) -> Result<Vec<Slipped<T>>> {
    let Some(median) = median(&mut values) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for slip in slips {
        let low = median.div(slip.spread)?;
        let high = median.mul(slip.spread)?;
        let before = |limit: Ratio| values.partition_point(|(value, _)| *value < limit);
        let up_to = |limit: Ratio| values.partition_point(|(value, _)| *value <= limit);
        let near = up_to(high).saturating_sub(before(low));
        let above = (median.scaled(slip.from)?, median.mul(slip.to)?);
        let below = (median.div(slip.to)?, median.div(Ratio::integer(slip.from))?);
        for (is_above, (least, most)) in [(true, above), (false, below)] {
            let (first, last) = (before(least), up_to(most));
            let agreeing = match agree {
                Agree::All => near.saturating_add(last.saturating_sub(first)) >= values.len(),
                Agree::Half => near.saturating_mul(2) >= values.len(),
            };
            let between = if is_above { first.checked_sub(1) } else { Some(last) };
            let between = between.and_then(|index| values.get(index));
            let apart = |value| between.is_none_or(|(rest, _)| stands_apart(value, *rest, median));
            let inside = values.get(first..last).unwrap_or(&[]).iter().filter(|_| agreeing);
            for (_, of) in inside.filter(|(value, _)| apart(*value)) {
                found.push(Slipped { of: *of, factor: slip.factor, above: is_above, median });
            }
        }
    }
    Ok(found)
}

/// Whether a value between is nearer to the median than to the value, as quotients go.
fn stands_apart(value: Ratio, between: Ratio, median: Ratio) -> bool {
    match (value.div(between), between.div(median)) {
        (Ok(beyond), Ok(within)) if value > median => within <= beyond,
        (Ok(beyond), Ok(within)) => within >= beyond,
        _ => false,
    }
}

/// Figures and indicators that slipped.
pub(super) fn slips(sheet: &Sheet<'_>, sums: &Sums, by: &GroupBy) -> Result<Vec<Flaw>> {
    let slips = slips_of_ten()?;
    let summed = |measure: &&Measure| measure.over_areas == OverAreas::Sum;
    let all = sheet.measures.iter().enumerate().filter(|(_, measure)| summed(measure));
    let compared: Vec<Compared<'_>> =
        all.map(|(index, measure)| Compared::of(sums, index, measure)).collect();
    let sizes = Sizes::of(sums.keys().len(), &compared)?;
    let mut found = Found::default();
    for compared in compared {
        of_measure(sheet, sums, compared, &sizes, &slips, &mut found)?;
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

/// Figures that slipped.
#[derive(Default)]
struct Found {
    /// Group, measure and problem.
    flaws: Vec<(usize, String, Problem)>,
    /// Area, period and measure of each.
    told: BTreeSet<(AreaCode, Option<Period>, String)>,
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
    fn of(sums: &Sums, index: usize, measure: &'s Measure) -> Self {
        let mut past: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        let mut siblings: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        for (group, key) in sums.keys().iter().enumerate() {
            let figure = sums.numerator(index, group).and_then(Known::whole);
            let Some(figure) = figure.filter(|figure| *figure > 0) else { continue };
            let value = (Ratio::integer(figure), group);
            let grain = key.period.map_or(0, grain);
            past.entry((key.area, grain, &key.slices)).or_default().push(value);
            siblings.entry((key.period, key.area.tier(), &key.slices)).or_default().push(value);
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
    fn of(groups: usize, compared: &[Compared<'_>]) -> Result<Self> {
        let none = || vec![0_u32; groups];
        let mut sizes = Self { all: none(), below: none(), above: none() };
        let count = |counts: &mut Vec<u32>, group: usize| {
            if let Some(count) = counts.get_mut(group) {
                *count = count.saturating_add(1);
            }
        };
        for values in compared.iter().flat_map(|compared| &compared.siblings) {
            let Some(median) = median(&mut values.clone()) else { continue };
            let (low, high) = (median.div(Ratio::integer(FAR))?, median.scaled(FAR)?);
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
        Ok(sizes)
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
) -> Result<()> {
    let Compared { index, measure, past, siblings } = compared;
    let scale = crate::number::pow10(u32::from(measure.scale)).unwrap_or(1);
    let least = Ratio::integer(LEAST_FIGURE.saturating_mul(scale));
    let with_past: BTreeSet<usize> = past.iter().flatten().map(|(_, group)| *group).collect();
    let past = past.into_iter().map(|values| (values, Agree::All));
    let siblings = siblings.into_iter().map(|values| (values, Agree::Half));
    for (values, agree) in past.chain(siblings) {
        for slip in slipped(values, agree, slips)? {
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
            let large = larger.scaled(slip.factor)? >= least;
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
    Ok(())
}

/// Indicators of areas against those of their siblings, where no part was told already.
fn of_indicators(
    sheet: &Sheet<'_>,
    slips: &[Slip],
    told: &BTreeSet<(AreaCode, Option<Period>, String)>,
) -> Result<Vec<Flaw>> {
    let per_head = |indicator: &&Indicator| {
        matches!(indicator.kind, Kind::Ratio { .. } | Kind::Rate { .. } | Kind::Share { .. })
    };
    let indicators: Vec<&Indicator> = sheet.catalog.indicators().filter(per_head).collect();
    let by = GroupBy::default();
    let sums = sheet.sums(&indicators, &by, None)?;
    let mut found: Vec<(&Key, String, Problem)> = Vec::new();
    for (index, indicator) in indicators.iter().enumerate() {
        let Some(parts) = sums.parts(index) else { continue };
        let Some(denominator) = &parts.denominator else { continue };
        let scales = [parts.numerator.scale, denominator.scale];
        let [above, below] = scales.map(|scale| crate::number::pow10(u32::from(scale)));
        let (Some(above), Some(below)) = (above, below) else { continue };
        let mut siblings: BTreeMap<_, Vec<Valued<usize>>> = BTreeMap::new();
        for (group, key) in sums.keys().iter().enumerate() {
            let whole = |part| sums.known(part, group).and_then(Known::whole);
            let (Some(num), Some(den)) = (whole(&parts.numerator), whole(denominator)) else {
                continue;
            };
            if num < LEAST_PART.saturating_mul(above) || den < LEAST_PART.saturating_mul(below) {
                continue;
            }
            let value = Ratio::new(num, den)?.mul(Ratio::new(below, above)?)?;
            siblings.entry((key.period, key.area.tier())).or_default().push((value, group));
        }
        for values in siblings.into_values().filter(|values| values.len() >= FEWEST_SIBLINGS) {
            let values: BTreeMap<usize, Ratio> =
                values.into_iter().map(|(value, group)| (group, value)).collect();
            let listed = values.iter().map(|(group, value)| (*value, *group)).collect();
            for slip in slipped(listed, Agree::Half, slips)? {
                let (Some(key), Some(value)) = (sums.keys().get(slip.of), values.get(&slip.of))
                else {
                    continue;
                };
                let part = indicator
                    .kind
                    .parts()
                    .find(|part| told.contains(&(key.area, key.period, (*part).to_owned())));
                if part.is_none() {
                    let text = |value: Ratio| printed(value, indicator);
                    let problem = Problem::UnitSlip {
                        what: format!("`{}`", indicator.id),
                        given: text(*value)?,
                        times: Agree::Half.times(slip.factor, slip.above),
                        usual: text(slip.median)?,
                        hint: format!("a slip in {}", parts_of(indicator)),
                    };
                    found.push((key, indicator.id.clone(), problem));
                }
            }
        }
    }
    let wanted: Vec<&Key> = found.iter().map(|(key, ..)| *key).collect();
    let rows = sheet.first_rows(&by, &wanted);
    let flaw = |(key, id, problem): (&Key, String, Problem)| {
        let row = sheet.bound.source_row(*rows.get(key)?);
        Some(Flaw { row, cell: Cell::Figure(id), problem })
    };
    Ok(found.into_iter().filter_map(flaw).collect())
}

fn parts_of(indicator: &Indicator) -> String {
    let parts: Vec<String> = indicator.kind.parts().map(|part| format!("`{part}`")).collect();
    parts.join(" or ")
}

/// A value in the unit of its indicator, with two digits more than it is printed with.
fn printed(value: Ratio, indicator: &Indicator) -> Result<String> {
    let value = indicator.unit.of_base(value)?;
    let decimals = indicator.decimals.saturating_add(2);
    Ok(indicator.unit.attach(&value.rounded(decimals, RoundMode::HalfAway)?.to_string(), Lang::Zh))
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

/// Years are compared with years, months with months.
const fn grain(period: Period) -> u8 {
    match period {
        Period::Month(_) => 1,
        Period::SchoolYear(_) => 2,
        Period::Year(_) => 3,
    }
}

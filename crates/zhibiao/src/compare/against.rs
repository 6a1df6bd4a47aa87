//! Values against a reference: the area above, the nation, another area, a target, the past.

use std::cmp::Ordering;
use std::str::FromStr;
use std::sync::Arc;

use hashbrown::HashMap;

use super::Reason;
use super::answer::{Compared, Figure, Figures, Of, Own, Shown};
use super::chance::{Chance, LimitOptions};
use crate::area::{AreaCode, Tier};
use crate::catalog::{Better, Indicator};
use crate::error::{Error, Problem, Result, one_of};
use crate::number::{Decimal, Ratio};
use crate::period::{Before, Period};
use crate::stat::Level;
use crate::table::{Group, IndicatorTable, Named, Row, Value};

/// What values are compared with (参照).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Against {
    /// The nearest larger area that the table has a row of, in the same period and slice.
    Parent,
    /// The nation, in the same period and slice.
    Nation,
    /// One area.
    Area(AreaCode),
    /// A figure in the unit of the indicator.
    Target(Decimal),
    /// The same area so far back.
    Past(Before),
}

/// What is significant (显著性判据).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Significance {
    /// The reference lies outside the limits of the value. The default.
    #[default]
    Overlap,
    /// The limits of both do not overlap; less likely to find a difference.
    BothOverlap,
    /// The value lies outside the funnel around the reference.
    Funnel,
}

impl FromStr for Significance {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let known = [
            ("overlap", Self::Overlap),
            ("both-overlap", Self::BothOverlap),
            ("funnel", Self::Funnel),
        ];
        one_of("rule of significance", text, &known)
    }
}

/// How values are compared with a reference (比较选项).
#[derive(Clone, Debug, Default)]
pub struct AgainstOptions {
    /// Levels and methods of limits; without levels nothing is said of significance.
    pub limits: LimitOptions,
    /// What is significant.
    pub by: Significance,
}

/// A value against its reference (与参照比较).
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Code of the area of the reference.
    pub reference: Option<Arc<str>>,
    /// Its name.
    pub reference_name: Option<Arc<str>>,
    /// Its period, where it is another.
    pub reference_period: Option<Arc<str>>,
    /// Its value in the unit of the indicator.
    pub reference_value: Option<f64>,
    /// The status of that value: `partial` where it lacks areas.
    pub reference_status: Option<&'static str>,
    /// Value minus reference, from exact values; percentage points for %.
    pub difference: Option<f64>,
    /// Value over reference, from exact values.
    pub ratio: Option<f64>,
    /// Confidence level.
    pub level: Option<f64>,
    /// Lower limit of the value; of a funnel none.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
    /// `better`, `worse`, `similar`; `higher`, `lower` where neither is better.
    pub significance: Option<&'static str>,
}

impl Figures for Difference {
    const TITLE: [&'static str; 2] = ["与参照比较", "Comparison"];
    const COLUMNS: &'static [Figure<Self>] = &[
        Figure::new("reference", ["参照", "reference"], Of::Words(|own| own.reference.as_deref())),
        Figure::new(
            "reference_name",
            ["参照名称", "reference name"],
            Of::Words(|own| own.reference_name.as_deref()),
        ),
        Figure::new(
            "reference_period",
            ["参照时期", "reference period"],
            Of::Words(|own| own.reference_period.as_deref()),
        ),
        Figure::new(
            "reference_value",
            ["参照值", "reference value"],
            Of::Number(|own| own.reference_value, Shown::InUnit),
        ),
        Figure::new(
            "reference_status",
            ["参照状态", "reference status"],
            Of::Words(|own| own.reference_status),
        ),
        Figure::new(
            "difference",
            ["差", "difference"],
            Of::Number(|own| own.difference, Shown::Difference),
        ),
        Figure::new("ratio", ["比", "ratio"], Of::Number(|own| own.ratio, Shown::Plain(3))),
        Figure::new("level", ["置信水平", "level"], Of::Number(|own| own.level, Shown::Plain(3))),
        Figure::new("lower", ["下限", "lower"], Of::Number(|own| own.lower, Shown::InUnit)),
        Figure::new("upper", ["上限", "upper"], Of::Number(|own| own.upper, Shown::InUnit)),
        Figure::new("significance", ["显著性", "significance"], Of::Words(|own| own.significance)),
    ];
}

/// A reference of a row.
#[derive(Clone, Copy)]
enum Found<'a> {
    Row(Row<'a>),
    Figure(Ratio),
    Itself,
    None,
}

impl IndicatorTable {
    /// Every value against a reference (与参照比较): one row per row of the table and level, one per
    /// row without levels.
    ///
    /// # Formula
    /// `difference = value − reference`, `ratio = value ÷ reference`, both from exact values.
    /// Significance at a level, by limits as [`limits`](Self::limits) or by funnels as
    /// [`funnel_of_share`](crate::stat::funnel_of_share) and
    /// [`funnel_of_rate`](crate::stat::funnel_of_rate).
    ///
    /// # Missing values
    /// An area is never compared with itself (`itself`). `no_reference` where the table has no row or
    /// value to compare with; no ratio over 0. `no_model` where nothing tells how chance acts: then
    /// there is a difference and no significance.
    ///
    /// A row of an earlier period that is by another definition is `no_base`, one made of other areas
    /// or months `partial`. `reference_status` tells where the reference itself is not whole.
    ///
    /// # Errors
    /// `bad-option` for an area that the table has not, and for 0 periods; `overflow` when a number
    /// leaves 128 bits.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::area::Tier;
    /// use zhibiao::compare::{Against, AgainstOptions};
    /// use zhibiao::{Catalog, Query};
    /// let catalog = Catalog::builtin();
    /// let counties = df!["area" => ["140728", "140729"], "projects" => [60, 40], "projects_done" => [52, 40]]?;
    /// let table = Query::new(&catalog)
    ///     .indicators(["projects.completion"])
    ///     .tiers([Tier::County, Tier::Prefecture])
    ///     .coverage(zhibiao::table::Coverage::Given)
    ///     .run(&counties)?;
    /// let compared = table.against(Against::Parent, &AgainstOptions::default())?;
    /// let row = compared.rows().next().unwrap();
    /// // 52/60 against 92/100
    /// assert_eq!(row.figures().reference_name.as_deref(), Some("晋中市"));
    /// assert_eq!((row.figures().difference.unwrap() * 100.0).round(), -533.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # References
    /// That overlapping limits are no test of a difference: Schenker & Gentleman (2001), American
    /// Statistician 55:182–186.
    pub fn against(&self, what: Against, how: &AgainstOptions) -> Result<Compared<Difference>> {
        self.refuse_reference(what)?;
        let references = References::of(self, what);
        let mut answer = Compared::about(self);
        let levels: Vec<Option<Level>> = match how.limits.levels.as_slice() {
            [] => vec![None],
            levels => levels.iter().copied().map(Some).collect(),
        };
        for group in 0..self.groups.len() {
            for (at, row) in self.rows_of(group).enumerate() {
                let found = references.find(group, at);
                let own = Own::of(row)?;
                let (difference, reason) = difference(row, found)?;
                for level in &levels {
                    let mut figures = difference.clone();
                    let mut reason = reason;
                    if let (None, Some(level)) = (reason, level) {
                        figures.level = Some(level.level());
                        reason = significance(&mut figures, (row, found), *level, how);
                    }
                    let own = own.clone();
                    let own = match reason {
                        Some(reason) if own.value.is_some() => own.because(reason),
                        _ => own,
                    };
                    answer.push((group, at), own, figures);
                }
            }
        }
        Ok(answer)
    }
}

/// A row of another period, which may be by another definition, or made of other areas.
fn other_period<'a, 'b>(row: Row<'_>, other: &'b Row<'a>) -> Option<&'b Row<'a>> {
    (other.period() != row.period()).then_some(other)
}

/// Difference and ratio, or why there is none.
fn difference(row: Row<'_>, found: Found<'_>) -> Result<(Difference, Option<Reason>)> {
    let mut told = Difference {
        reference: None,
        reference_name: None,
        reference_period: None,
        reference_value: None,
        reference_status: None,
        difference: None,
        ratio: None,
        level: None,
        lower: None,
        upper: None,
        significance: None,
    };
    let reference = match found {
        Found::Itself => return Ok((told, Some(Reason::Itself))),
        Found::None => return Ok((told, Some(Reason::NoReference))),
        Found::Figure(figure) => Some(figure),
        Found::Row(other) => {
            if let Some(status) =
                other_period(row, &other).and_then(|other| row.differs_from(other))
            {
                return Ok((told, Some(Reason::Of(status))));
            }
            told.reference_status = Some(other.status().id());
            told.reference = Some(other.place().into());
            told.reference_name = Some(Arc::clone(&other.group.area_name));
            let period = other.period().filter(|_| other.period() != row.period());
            told.reference_period = period.map(|period| period.to_string().into());
            other.value().map(Value::figure)
        }
    };
    let Some(reference) = reference else { return Ok((told, Some(Reason::NoReference))) };
    told.reference_value = Some(reference.to_f64());
    if let Some(value) = row.value().map(Value::figure) {
        told.difference = Some(value.sub(reference)?.to_f64());
        told.ratio =
            if reference == Ratio::ZERO { None } else { Some(value.div(reference)?.to_f64()) };
    }
    Ok((told, None))
}

/// Adds limits and significance; tells why there is none.
fn significance(
    told: &mut Difference,
    (row, found): (Row<'_>, Found<'_>),
    level: Level,
    how: &AgainstOptions,
) -> Option<Reason> {
    row.value()?;
    let (Some(chance), Some(reference)) = (Chance::of(row), told.reference_value) else {
        return Some(Reason::NoModel);
    };
    let other = match found {
        Found::Row(other) => Chance::of(other),
        _ => None,
    };
    let limits = chance.limits(level, &how.limits).map(|(limits, _)| limits);
    let side = match how.by {
        Significance::Funnel => chance.leaves_funnel(reference, level),
        Significance::Overlap => {
            limits.map(|limits| side((limits.lower, limits.upper), (reference, reference)))
        }
        // A figure that was set has no limits of its own.
        Significance::BothOverlap => limits.and_then(|limits| {
            let ends = match (found, other) {
                (Found::Figure(_), _) => (reference, reference),
                (_, other) => {
                    let (of_other, _) = other?.limits(level, &how.limits)?;
                    (of_other.lower, of_other.upper)
                }
            };
            Some(side((limits.lower, limits.upper), ends))
        }),
    };
    let Some(side) = side else { return Some(Reason::NoModel) };
    if how.by != Significance::Funnel {
        told.lower = limits.map(|limits| limits.lower);
        told.upper = limits.map(|limits| limits.upper);
    }
    told.significance = Some(word(row.indicator(), side));
    None
}

/// On which side of the second the first lies.
fn side((lower, upper): (f64, f64), (lowest, highest): (f64, f64)) -> Ordering {
    if upper < lowest {
        Ordering::Less
    } else if lower > highest {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// What a significant difference is called.
fn word(indicator: &Indicator, side: Ordering) -> &'static str {
    match (indicator.better, side) {
        (_, Ordering::Equal) => "similar",
        (Better::Higher, Ordering::Greater) | (Better::Lower, Ordering::Less) => "better",
        (Better::Higher, Ordering::Less) | (Better::Lower, Ordering::Greater) => "worse",
        (_, Ordering::Greater) => "higher",
        (_, Ordering::Less) => "lower",
    }
}

type School<'a> = (AreaCode, &'a Arc<str>, Option<Period>, &'a Named);

impl IndicatorTable {
    /// Refuses what no row could be held against.
    fn refuse_reference(&self, what: Against) -> Result<()> {
        match what {
            Against::Area(area) if self.groups.iter().all(|group| group.area != area) => {
                Err(self.lacks_area("area", area))
            }
            Against::Past(Before::Periods(0) | Before::Years(0)) => {
                let (option, value) = ("number of periods".to_owned(), "0".to_owned());
                let wanted = "a whole number from 1".to_owned();
                Err(Problem::BadOption { option, value, wanted }.into())
            }
            _ => Ok(()),
        }
    }
}

/// Where the references of a table stand.
struct References<'a> {
    table: &'a IndicatorTable,
    what: Against,
    /// Groups of areas.
    groups: HashMap<(AreaCode, Option<Period>, &'a Named), usize>,
    /// Groups of schools.
    schools: HashMap<School<'a>, usize>,
}

impl<'a> References<'a> {
    fn of(table: &'a IndicatorTable, what: Against) -> Self {
        let mut references = Self { table, what, groups: HashMap::new(), schools: HashMap::new() };
        for (position, group) in table.groups.iter().enumerate() {
            let Group { area, period, slices, .. } = group;
            let key = (*area, *period, slices);
            // Of an area that stands in several tiers, its own one.
            let own = table.areas.tier(*area) == Some(group.tier);
            if let Some(school) = &group.school {
                references.schools.insert((*area, school, *period, slices), position);
            } else if own || !references.groups.contains_key(&key) {
                references.groups.insert(key, position);
            }
        }
        references
    }

    /// The reference of an indicator of a group.
    fn find(&self, position: usize, indicator: usize) -> Found<'a> {
        let Some(group) = self.table.groups.get(position) else { return Found::None };
        let at = |area: AreaCode| self.groups.get(&(area, group.period, &group.slices)).copied();
        let above = || {
            // A school lies in its area.
            let first = match group.school {
                Some(_) => Some(group.area),
                None => self.table.areas.parent(group.area),
            };
            std::iter::successors(first, |area| self.table.areas.parent(*area))
        };
        let found = match self.what {
            Against::Target(figure) => return Found::Figure(figure.ratio()),
            Against::Parent => above().find_map(at),
            Against::Nation if group.tier == Tier::Nation => return Found::Itself,
            Against::Nation => {
                above().find(|area| self.table.areas.tier(*area) == Some(Tier::Nation)).and_then(at)
            }
            Against::Area(area) if area == group.area && group.school.is_none() => {
                return Found::Itself;
            }
            Against::Area(area) => at(area),
            Against::Past(before) => {
                let period = group.period.and_then(|period| period.back(before));
                period.and_then(|period| match &group.school {
                    Some(school) => {
                        let key = (group.area, school, Some(period), &group.slices);
                        self.schools.get(&key).copied()
                    }
                    None => self.groups.get(&(group.area, Some(period), &group.slices)).copied(),
                })
            }
        };
        match found {
            Some(found) if found == position => Found::Itself,
            Some(found) => match self.table.rows_of(found).nth(indicator) {
                Some(row) => Found::Row(row),
                None => Found::None,
            },
            None => Found::None,
        }
    }
}

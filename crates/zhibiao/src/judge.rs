//! Judging (评估): holding exact values against the criteria of a standard.
//!
//! May use everything up to `query`.

use polars::prelude::{Column, DataFrame};

use crate::bind::Table;
use crate::catalog::{Criterion, Indicator, Kind, Part, Standard};
use crate::error::{Error, Problem, Result};
use crate::label::Lang;
use crate::number::{Comparison, Decimal, Ratio};
use crate::query::Query;
use crate::table::{Group, IndicatorTable, Row, Status, Value, refused};

/// Verdict (结论) on a criterion.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// The value meets it.
    Meets,
    /// The value does not.
    Fails,
    /// There is no value, or what is known of it lies on both sides of the threshold.
    Unknown,
    /// The indicator does not exist here, such as a rate of an area without children.
    NotApplicable,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Meets, Self::Fails, Self::Unknown, Self::NotApplicable];

    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Meets => "meets",
            Self::Fails => "fails",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Meets => lang.of("达标", "meets"),
            Self::Fails => lang.of("未达标", "fails"),
            Self::Unknown => lang.of("无法判定", "unknown"),
            Self::NotApplicable => lang.of("不适用", "not applicable"),
        }
    }
}

/// Verdicts on a standard (评估结果): one row per area and period, and criterion in force there.
#[derive(Clone, Debug)]
pub struct VerdictTable {
    pub(crate) standard: Standard,
    pub(crate) rows: Vec<VerdictRow>,
    /// Ids and names of the slicing dimensions.
    pub(crate) slices: Vec<(String, String)>,
    pub(crate) lang: Lang,
}

/// One row of a [`VerdictTable`].
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictRow {
    pub(crate) group: Group,
    /// Criterion that was held against.
    pub criterion: Criterion,
    /// Indicator of the criterion; none if it was not computed.
    pub indicator: Option<Indicator>,
    /// Value, exact or as reported, in the unit of the indicator.
    pub value: Option<Ratio>,
    /// Printed number, without unit.
    pub display: Option<String>,
    /// Status of the value.
    pub status: Status,
    /// Verdict.
    pub verdict: Verdict,
    /// Value minus threshold; in percentage points for %.
    pub gap: Option<Ratio>,
    /// Smallest whole change of a part that meets the criterion, the other part held.
    pub needed: Option<i128>,
    /// Id of the measure that `needed` changes.
    pub needed_of: Option<String>,
    /// Its name.
    pub needed_name: String,
    /// How the wording of a reported figure was read.
    pub reading: String,
}

/// How an area stands on the whole standard.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Summary {
    /// Criteria that are met.
    pub meets: usize,
    /// Criteria that are not.
    pub fails: usize,
    /// Criteria that could not be judged.
    pub unknown: usize,
    /// Criteria that do not apply.
    pub not_applicable: usize,
}

impl Summary {
    /// The verdict on the whole: fails with one criterion, is unknown with one that is.
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match (self.fails, self.unknown, self.meets) {
            (0, 0, 0) => Verdict::NotApplicable,
            (0, 0, _) => Verdict::Meets,
            (0, _, _) => Verdict::Unknown,
            _ => Verdict::Fails,
        }
    }
}

impl Query<'_> {
    /// Answers the question, and holds the answer against a standard.
    ///
    /// Without indicators, what the standard needs is asked for; indicators that the table has no
    /// columns for are `unknown`. Criteria of single stages (学段) are held against a table split by
    /// stage, where the input has that column and the question names no slices of its own; the table
    /// returned is then the split one.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Verdict};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "period" => [2022],
    ///     "children_public" => [4_999], "children" => [10_000]]?;
    /// let (verdicts, table) = Query::new(&catalog).judge(&county, catalog.standard("preschool-2020")?)?;
    /// assert_eq!(verdicts.summary().fails, 1);
    /// assert_eq!(table.rows().filter(|row| row.value().is_some()).count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn judge(
        &self,
        table: impl Into<Table>,
        standard: &Standard,
    ) -> Result<(VerdictTable, IndicatorTable)> {
        let table = table.into();
        let (catalog, _, options) = self.parts();
        let named = options.indicators.iter().map(|id| Ok(catalog.indicator(id)?.id.as_str()));
        let mut asked = named.collect::<Result<Vec<&str>>>()?;
        if asked.is_empty() {
            asked = standard.indicators();
        }
        let query = self.clone().indicators(asked.iter().copied()).skip_unavailable(true);
        let standard = standard.of(&asked);
        let whole = query.run(&table)?;
        let staged = standard.by_stage(true);
        if !options.slices.is_empty() || staged.criteria.is_empty() {
            return Ok((whole.judge(&standard), whole));
        }
        match query.slices(["stage"]).run(&table) {
            Ok(split) => {
                let verdicts = whole.judge(&standard.by_stage(false)).and(split.judge(&staged));
                Ok((verdicts, split))
            }
            Err(error) if lacks_stage(&error) => Ok((whole.judge(&standard), whole)),
            Err(error) => Err(error),
        }
    }
}

fn lacks_stage(error: &Error) -> bool {
    matches!(error.problem(), Problem::MissingColumn { column, .. } if column == "stage")
}

impl IndicatorTable {
    /// Holds every area against the criteria in force for it at the end of its period.
    ///
    /// Values are compared exactly, never rounded. Criteria whose indicator is not in the table
    /// are `unknown`.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Verdict};
    /// let catalog = Catalog::builtin();
    /// let county = df!["area" => ["140728"], "period" => [2022],
    ///     "children_public" => [4_999], "children" => [10_000]]?;
    /// let table = Query::new(&catalog).indicators(["preschool.public_share"]).run(&county)?;
    /// let verdicts = table.judge(catalog.standard("preschool-2020")?);
    /// let row = verdicts.rows().find(|row| row.criterion.indicator == "preschool.public_share").unwrap();
    /// // 49.99 % prints as 50.0 and still fails.
    /// assert_eq!((row.display.as_deref(), row.verdict), (Some("50.0"), Verdict::Fails));
    /// assert_eq!(row.needed, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn judge(&self, standard: &Standard) -> VerdictTable {
        let mut rows = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            for criterion in standard.in_force(&self.areas, group.area, group.period) {
                let stage = self.stage_of(group);
                // A criterion of one stage is for rows of that stage.
                if stage.as_ref().zip(criterion.stage.as_ref()).is_some_and(|(here, of)| here != of)
                {
                    continue;
                }
                let row = self.rows_of(index).find(|row| row.indicator().id == criterion.indicator);
                let mut verdict = judge(group, criterion, row);
                if stage.is_none() && criterion.stage.is_some() {
                    verdict.cannot_tell_stage(self.lang);
                }
                rows.push(verdict);
            }
        }
        let slices = self.slices.clone();
        VerdictTable { standard: standard.clone(), rows, slices, lang: self.lang }
    }

    /// The stage of a group, where the table is split by stage.
    fn stage_of(&self, group: &Group) -> Option<String> {
        let position = self.slices.iter().position(|(id, _)| id == "stage")?;
        let (id, _) = group.slices.get(position)?.as_ref()?;
        Some(id.clone())
    }
}

fn judge(group: &Group, criterion: &Criterion, row: Option<Row<'_>>) -> VerdictRow {
    let value = row.and_then(|row| row.value());
    let status = row.map_or(Status::Missing, |row| row.status());
    let held = criterion.thresholds.iter().map(|(comparison, threshold)| {
        let threshold = threshold.ratio();
        (*comparison, threshold, value.and_then(|value| value.compare(*comparison, threshold)))
    });
    let held: Vec<(Comparison, Ratio, Option<bool>)> = held.collect();
    let verdict = if matches!(status, Status::NotApplicable | Status::ZeroDenominator) {
        Verdict::NotApplicable
    } else if held.iter().any(|(_, _, holds)| *holds == Some(false)) {
        Verdict::Fails
    } else if held.iter().all(|(_, _, holds)| *holds == Some(true)) {
        Verdict::Meets
    } else {
        Verdict::Unknown
    };
    // The threshold that is missed, else the first.
    let binding = held.iter().find(|(_, _, holds)| *holds == Some(false)).or_else(|| held.first());
    let figure = value.map(Value::figure);
    let gap =
        figure.zip(binding).and_then(|(figure, (_, threshold, _))| figure.sub(*threshold).ok());
    let needed = (verdict == Verdict::Fails)
        .then(|| needed(criterion.needed_by?, row?, binding.copied()?))
        .flatten();
    let reading = match value {
        Some(Value::Reported(reported)) => reported.reading.clone(),
        _ => String::new(),
    };
    VerdictRow {
        group: group.clone(),
        criterion: criterion.clone(),
        indicator: row.map(|row| row.indicator().clone()),
        value: figure,
        display: row.and_then(|row| row.display().ok().flatten()),
        status,
        verdict,
        gap,
        needed: needed.as_ref().map(|needed| needed.change),
        needed_name: needed.as_ref().map_or_else(String::new, |needed| needed.name.clone()),
        needed_of: needed.map(|needed| needed.of),
        reading,
    }
}

/// The smallest whole change of a part that meets a threshold.
struct Needed {
    change: i128,
    of: String,
    name: String,
}

fn needed(
    part: Part,
    row: Row<'_>,
    (comparison, threshold, _): (Comparison, Ratio, Option<bool>),
) -> Option<Needed> {
    let (numerator, denominator) = (row.numerator()?.ratio(), row.denominator()?.ratio());
    // value = factor × numerator ÷ denominator
    let factor = row.indicator().unit.of_base(Ratio::integer(1)).ok()?;
    let kind = &row.indicator().kind;
    let (limit, part_now, comparison, id, name) = match part {
        Part::Numerator => {
            let limit = threshold.mul(denominator).ok()?.div(factor).ok()?;
            (limit, numerator, comparison, kind.numerator()?, row.numerator_name())
        }
        Part::Denominator => {
            let limit = factor.mul(numerator).ok()?.div(threshold).ok()?;
            let turned = match comparison {
                Comparison::AtLeast => Comparison::AtMost,
                Comparison::AtMost => Comparison::AtLeast,
                Comparison::Above => Comparison::Below,
                Comparison::Below => Comparison::Above,
            };
            (limit, denominator, turned, kind.denominator()?, row.denominator_name())
        }
    };
    let distance = limit.sub(part_now).ok()?;
    let change = match comparison {
        Comparison::AtLeast => distance.ceil().ok()?,
        Comparison::Above => distance.floor().checked_add(1)?,
        Comparison::AtMost => distance.floor(),
        Comparison::Below => distance.ceil().ok()?.checked_sub(1)?,
    };
    // No change reaches it if the part would have to be negative, the denominator 0, or the part
    // of a share more than its whole.
    let changed = part_now.add(Ratio::integer(change)).ok()?;
    let (above, below) = match part {
        Part::Numerator => (changed, denominator),
        Part::Denominator => (numerator, changed),
    };
    let within = !matches!(kind, Kind::Share { .. }) || above <= below;
    if above < Ratio::ZERO || below <= Ratio::ZERO || !within {
        return None;
    }
    Some(Needed { change, of: id.to_owned(), name: name.to_owned() })
}

impl VerdictTable {
    /// The standard.
    #[must_use]
    pub const fn standard(&self) -> &Standard {
        &self.standard
    }

    /// The language of names and labels.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &VerdictRow> {
        self.rows.iter()
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// These verdicts and others on the same standard, such as those by stage.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for slice in other.slices {
            if !self.slices.contains(&slice) {
                self.slices.push(slice);
            }
        }
        self.rows.extend(other.rows);
        self
    }

    /// How all rows together stand: of one area, the area; of many, how many criteria there are.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |verdict| self.rows.iter().filter(|row| row.verdict == verdict).count();
        Summary {
            meets: count(Verdict::Meets),
            fails: count(Verdict::Fails),
            unknown: count(Verdict::Unknown),
            not_applicable: count(Verdict::NotApplicable),
        }
    }

    /// The verdicts as a frame: `area, area_name, tier, period`, one a slice, `standard, criterion, indicator,
    /// value, display, threshold, verdict, gap, needed, needed_of`. `gap` is in the unit of the
    /// indicator, percentage points for %.
    ///
    /// # Errors
    /// `overflow` when a change has more than 38 digits.
    pub fn frame(&self) -> Result<DataFrame> {
        let text = |name: &str, of: &dyn Fn(&VerdictRow) -> Option<String>| {
            let values: Vec<Option<String>> = self.rows.iter().map(of).collect();
            Column::new(name.into(), values)
        };
        let float = |name: &str, of: &dyn Fn(&VerdictRow) -> Option<Ratio>| {
            let values: Vec<Option<f64>> =
                self.rows.iter().map(|row| of(row).map(Ratio::to_f64)).collect();
            Column::new(name.into(), values)
        };
        let needed = self.rows.iter().map(|row| row.needed.map(Decimal::integer)).collect();
        let mut columns = vec![
            text("area", &|row| Some(row.group.place())),
            text("area_name", &|row| Some(row.group.area_name.to_string())),
            text("tier", &|row| Some(row.group.tier.id().to_owned())),
            text("period", &|row| row.group.period.map(|period| period.to_string())),
        ];
        for (index, (id, _)) in self.slices.iter().enumerate() {
            columns.push(text(id, &|row| {
                let slice = row.group.slices.get(index).and_then(Option::as_ref);
                slice.map(|(id, _)| id.clone())
            }));
        }
        columns.extend([
            text("standard", &|_| Some(self.standard.id.clone())),
            text("criterion", &|row| Some(row.criterion.name())),
            text("indicator", &|row| Some(row.criterion.indicator.clone())),
            float("value", &|row| row.value),
            text("display", &|row| row.display.clone()),
            text("threshold", &|row| Some(row.criterion.threshold())),
            text("verdict", &|row| Some(row.verdict.id().to_owned())),
            float("gap", &|row| row.gap),
            crate::table::decimals("needed", needed)?,
            text("needed_of", &|row| row.needed_of.clone()),
        ]);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

impl VerdictRow {
    /// A criterion of one stage says nothing of all stages together.
    fn cannot_tell_stage(&mut self, lang: Lang) {
        self.verdict = Verdict::Unknown;
        self.gap = None;
        self.needed = None;
        self.needed_of = None;
        self.needed_name = String::new();
        let told = lang.of("须按学段分组评估", "needs a table split by stage");
        told.clone_into(&mut self.reading);
    }

    /// Name of the area.
    #[must_use]
    pub fn area_name(&self) -> &str {
        &self.group.area_name
    }

    /// Code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(&self) -> String {
        self.group.place()
    }
}

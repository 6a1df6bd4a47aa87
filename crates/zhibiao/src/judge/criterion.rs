//! Criteria (条件): a value against its threshold, how far it is, and what would meet it.

use std::sync::Arc;

use super::Verdict;
use crate::catalog::{Criterion, Indicator, Kind, Part};
use crate::label::Lang;
use crate::number::{Comparison, Decimal, Ratio};
use crate::table::{Group, Row, Status, Value};

/// The verdict on one criterion: a row of a [`VerdictTable`](super::VerdictTable).
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictRow {
    pub(crate) group: Arc<Group>,
    /// Criterion that was held against.
    pub criterion: Arc<Criterion>,
    /// Indicator of the criterion; none if it was not computed.
    pub indicator: Option<Arc<Indicator>>,
    /// Value, exact or as reported, in the unit of the indicator.
    pub value: Option<Ratio>,
    /// Printed number, without unit, or the name of a grade.
    pub display: Option<String>,
    /// Status of the value.
    pub status: Status,
    /// Verdict.
    pub verdict: Verdict,
    /// Value minus threshold; in percentage points for %, in steps for grades.
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

impl VerdictRow {
    /// Name of the area, or of the school.
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

/// A value, if there is one, against a criterion.
pub(super) fn hold(
    group: Arc<Group>,
    criterion: &Arc<Criterion>,
    indicator: Option<Arc<Indicator>>,
    row: Option<Row<'_>>,
) -> VerdictRow {
    let value = row.and_then(|row| row.value());
    let compare = |comparison, threshold| row.and_then(|row| row.compare(comparison, threshold));
    let status = row.map_or(Status::Missing, |row| row.status());
    let held = criterion.thresholds.iter().map(|(comparison, threshold)| {
        let threshold = threshold.ratio();
        (*comparison, threshold, compare(*comparison, threshold))
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
        group,
        criterion: Arc::clone(criterion),
        indicator,
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

/// A criterion of one stage against all stages together, of which it says nothing.
pub(super) fn cannot_tell_stage(
    group: Arc<Group>,
    criterion: &Arc<Criterion>,
    indicator: Option<Arc<Indicator>>,
    row: Option<Row<'_>>,
    lang: Lang,
) -> VerdictRow {
    VerdictRow {
        verdict: Verdict::Unknown,
        gap: None,
        needed: None,
        needed_of: None,
        needed_name: String::new(),
        reading: lang.of("须按学段分组评估", "needs a table split by stage").to_owned(),
        ..hold(group, criterion, indicator, row)
    }
}

/// Whether a value reaches the part of its threshold that a rule asks of what is not met.
pub(super) fn reaches(criterion: &Criterion, row: Option<Row<'_>>, floor: Decimal) -> Option<bool> {
    let (comparison, threshold) = criterion.thresholds.first()?;
    let share = floor.ratio().div(Ratio::integer(100)).ok()?;
    row?.compare(*comparison, threshold.ratio().mul(share).ok()?)
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

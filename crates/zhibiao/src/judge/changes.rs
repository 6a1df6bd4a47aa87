//! Through time (历年变化): verdicts of successive periods side by side, what was won and what lost.

use std::sync::Arc;

use indexmap::IndexMap;
use polars::prelude::DataFrame;

use super::frames::text;
use super::{Verdict, VerdictTable};
use crate::area::AreaCode;
use crate::error::Result;
use crate::label::Lang;
use crate::period::Period;
use crate::table::{Group, Named, refused};

/// What became of a verdict from one period to the next (变化).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Turn {
    /// Met now, and not before.
    Won,
    /// Met before, and not now.
    Lost,
    /// Met in both periods.
    Kept,
    /// Met in neither.
    StillFails,
    /// One of the two could not be judged, or did not apply.
    Open,
}

impl Turn {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Won, Self::Lost, Self::Kept, Self::StillFails, Self::Open];

    /// The word used in tables.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Kept => "kept",
            Self::StillFails => "still_fails",
            Self::Open => "open",
        }
    }

    /// The word for readers.
    #[must_use]
    pub const fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Won => lang.of("新达标", "won"),
            Self::Lost => lang.of("不再达标", "lost"),
            Self::Kept => lang.of("保持达标", "kept"),
            Self::StillFails => lang.of("仍未达标", "still fails"),
            Self::Open => lang.of("无法比较", "open"),
        }
    }

    const fn of(before: Verdict, now: Verdict) -> Self {
        match (before, now) {
            (Verdict::Fails, Verdict::Meets) => Self::Won,
            (Verdict::Meets, Verdict::Fails) => Self::Lost,
            (Verdict::Meets, Verdict::Meets) => Self::Kept,
            (Verdict::Fails, Verdict::Fails) => Self::StillFails,
            _ => Self::Open,
        }
    }
}

/// A criterion or rule on one area or school, through its periods (历年结论).
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Id of the indicator of a criterion; none for a rule.
    pub indicator: Option<String>,
    /// Id of the rule, or of the rule that a criterion is an item of; none for the standard.
    pub rule: Option<String>,
    /// Name of the indicator, rule or standard.
    pub name: String,
    /// One a period, the earliest first; periods are of one kind.
    pub stations: Vec<Station>,
}

/// A verdict on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    pub(crate) group: Arc<Group>,
    /// Period.
    pub period: Period,
    /// Printed value; none for a rule, and where there is none.
    pub display: Option<String>,
    /// What was asked; of a rule how many items.
    pub threshold: String,
    /// Verdict.
    pub verdict: Verdict,
    /// What became of it since the period before; none of the first.
    pub turn: Option<Turn>,
}

/// What tells one course from another.
#[derive(Eq, Hash, PartialEq)]
struct Key {
    area: AreaCode,
    school: Option<Arc<str>>,
    slices: Named,
    period_kind: u8,
    indicator: Option<String>,
    stage: Option<String>,
    rule: Option<String>,
}

impl VerdictTable {
    /// Every criterion and rule through its periods, in the order of the table: what was won and what
    /// was lost.
    ///
    /// A criterion is the same where indicator, stage and rule are, whatever its threshold asks: where
    /// that rises, a criterion may be lost without a change of the value.
    ///
    /// # Example
    /// ```
    /// use polars::prelude::df;
    /// use zhibiao::{Catalog, Query, judge::Turn};
    /// let catalog = Catalog::builtin();
    /// let years = df!["area" => ["140728", "140728"], "period" => [2021, 2022],
    ///     "children_public" => [499, 501], "children" => [1_000, 1_000]]?;
    /// let query = Query::new(&catalog).indicators(["preschool.public_share"]);
    /// let verdicts = query.judge(&years, catalog.standard("preschool-2020")?)?;
    /// let share = &verdicts.courses()[0];
    /// assert_eq!(share.stations[1].turn, Some(Turn::Won));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn courses(&self) -> Vec<Course> {
        let mut courses: IndexMap<Key, Course> = IndexMap::new();
        let mut add = |group: &Arc<Group>, of: [Option<&str>; 3], name: &str, told: Told| {
            let Some(period) = group.period else { return };
            let [indicator, stage, rule] = of.map(|id| id.map(ToOwned::to_owned));
            let key = Key {
                area: group.area,
                school: group.school.clone(),
                slices: Arc::clone(&group.slices),
                period_kind: period.kind(),
                indicator: indicator.clone(),
                stage,
                rule: rule.clone(),
            };
            let new = || Course { indicator, rule, name: name.to_owned(), stations: Vec::new() };
            let (display, threshold, verdict) = told;
            let group = Arc::clone(group);
            let station = Station { group, period, display, threshold, verdict, turn: None };
            courses.entry(key).or_insert_with(new).stations.push(station);
        };
        for row in &self.rows {
            let criterion = &row.criterion;
            let indicator = Some(criterion.indicator.as_str());
            let of = [indicator, criterion.stage.as_deref(), criterion.rule.as_deref()];
            let name = row.indicator.as_ref().map(|known| known.name.text(self.lang));
            let threshold = criterion.threshold(self.lang);
            let told = (row.display.clone(), threshold, row.verdict);
            add(&row.group, of, name.unwrap_or(&criterion.indicator), told);
        }
        for row in &self.rules {
            let of = [None, None, row.rule.as_ref().map(|rule| rule.id.as_str())];
            add(&row.group, of, &row.name, (None, row.required(self.lang), row.verdict));
        }
        let mut courses: Vec<Course> = courses.into_values().collect();
        for course in &mut courses {
            course.stations.sort_by_key(|station| station.period);
            let verdicts: Vec<Verdict> = course.stations.iter().map(|s| s.verdict).collect();
            for (now, before) in course.stations.iter_mut().skip(1).zip(verdicts) {
                now.turn = Some(Turn::of(before, now.verdict));
            }
        }
        courses
    }

    /// What changed from each period to the next as a frame: `area, area_name, tier, before, period`,
    /// one a slice, `standard, rule, indicator, name, display_before, display, threshold_before,
    /// threshold, verdict_before, verdict, turn`. `turn` is `won`, `lost`, `kept`, `still_fails` or
    /// `open`, where one of both could not be judged.
    ///
    /// # Errors
    /// None that a table of verdicts has.
    pub fn changes_frame(&self) -> Result<DataFrame> {
        let courses = self.courses();
        let mut rows: Vec<(&Course, &Station, &Station)> = Vec::new();
        for course in &courses {
            let pairs = course.stations.iter().zip(course.stations.iter().skip(1));
            rows.extend(pairs.map(|(before, now)| (course, before, now)));
        }
        let mut columns = self.keys(&rows, |(_, _, now)| &now.group);
        let before = text("before", &rows, |(_, before, _)| Some(before.period.to_string()));
        columns.insert(3, before);
        columns.extend([
            text("rule", &rows, |(course, ..)| course.rule.clone()),
            text("indicator", &rows, |(course, ..)| course.indicator.clone()),
            text("name", &rows, |(course, ..)| Some(course.name.clone())),
            text("display_before", &rows, |(_, before, _)| before.display.clone()),
            text("display", &rows, |(.., now)| now.display.clone()),
            text("threshold_before", &rows, |(_, before, _)| Some(before.threshold.clone())),
            text("threshold", &rows, |(.., now)| Some(now.threshold.clone())),
            text("verdict_before", &rows, |(_, before, _)| Some(before.verdict.id().to_owned())),
            text("verdict", &rows, |(.., now)| Some(now.verdict.id().to_owned())),
            text("turn", &rows, |(.., now)| now.turn.map(|turn| turn.id().to_owned())),
        ]);
        DataFrame::new_infer_height(columns).map_err(|error| refused(&error))
    }
}

/// Printed value, threshold and verdict.
type Told = (Option<String>, String, Verdict);

//! Headers (表头): what columns of tables are called, beside the names of a catalogue.

use super::{Catalog, Indicator, Kind, Measure, folded};
use crate::unit::Unit;

/// The columns that are keys or belong to the long form, with the headers they go by.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Role {
    Area,
    AreaName,
    Period,
    School,
    Measure,
    Value,
    Unit,
    Reading,
}

const ROLES: [(Role, &[&str]); 8] = [
    (
        Role::Area,
        &[
            "area",
            "area_code",
            "code",
            "区划代码",
            "行政区划代码",
            "地区代码",
            "县代码",
            "县区代码",
            "区县代码",
            "县(市、区)代码",
            "行政区代码",
            "区划码",
            "区划",
            "代码",
        ],
    ),
    (
        Role::AreaName,
        &[
            "area_name",
            "区划名称",
            "地区名称",
            "地区",
            "县",
            "县区",
            "县区名称",
            "区县",
            "区县名称",
            "县(市、区)",
            "县(市、区)名称",
            "名称",
        ],
    ),
    (Role::Period, &["period", "year", "时期", "年份", "年度", "年", "学年", "月份"]),
    (
        Role::School,
        &["school", "school_id", "学校", "学校代码", "学校标识码", "幼儿园代码", "园所代码"],
    ),
    (Role::Measure, &["measure", "indicator", "指标", "指标名称"]),
    (Role::Value, &["value", "数值", "值"]),
    (Role::Unit, &["unit", "单位", "计量单位"]),
    (Role::Reading, &["reading", "口径", "口径说明"]),
];

/// Headers of the value where it is a target; beside one of them a value is none.
const TARGETS: [&str; 5] = ["target", "任务", "任务数", "目标", "目标值"];

/// Words that mark a total among its parts.
pub(crate) const TOTALS: [&str; 18] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "合计数",
    "总数",
    "累计",
    "汇总",
    "全县",
    "全市",
    "全省",
    "全国",
    "全部",
    "不分",
    "计",
    "全体",
    "total",
    "all",
];

/// Marks that a label may have around its words.
pub(crate) const LABEL_MARKS: &str = "()（）[]【】:：。.,，、—-－*#";

/// What the label of a row begins or ends with that is no part beside the others: 合计（所）, 城区小计.
pub(crate) const TOTAL_WORDS: [&str; 7] = ["合计", "总计", "小计", "共计", "合計", "總計", "小計"];

/// What it ends with.
pub(crate) const TOTAL_ENDINGS: [&str; 10] =
    ["合计数", "总计数", "小计数", "汇总", "平均", "平均数", "平均值", "均值", "园均", "校均"];

/// What the label of a row begins with that repeats a part of the row above: 其中：公办.
pub(crate) const SUBSET: &str = "其中";

/// What the name of a school ends with: 其中村幼儿园 is one.
pub(crate) const SCHOOL_ENDINGS: [&str; 5] = ["园", "校", "学", "班", "部"];

impl Role {
    /// The word that stands for it, which is the first of its headers.
    pub(crate) fn word(self) -> &'static str {
        self.headers().first().copied().unwrap_or_default()
    }

    /// The role that a word stands for.
    pub(crate) fn of_word(word: &str) -> Option<Self> {
        ROLES.iter().map(|(role, _)| *role).find(|role| role.word() == word)
    }

    /// The headers that it goes by.
    pub(crate) fn headers(self) -> &'static [&'static str] {
        ROLES.iter().find(|(role, _)| *role == self).map_or(&[], |(_, headers)| headers)
    }
}

/// What a name in a long table stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target<'c> {
    Measure(&'c Measure),
    Indicator(&'c Indicator),
    /// The total of a measure, in the unit of the indicator.
    Total(&'c Indicator, &'c Measure),
}

impl<'c> Target<'c> {
    pub(crate) fn id(self) -> &'c str {
        match self {
            Self::Measure(measure) | Self::Total(_, measure) => &measure.id,
            Self::Indicator(indicator) => &indicator.id,
        }
    }

    /// The unit of a figure that states none.
    pub(crate) fn unit(self) -> &'c Unit {
        match self {
            Self::Measure(measure) => &measure.unit,
            Self::Indicator(indicator) | Self::Total(indicator, _) => &indicator.unit,
        }
    }

    /// The measure whose figures add up.
    pub(crate) fn measure(self) -> Option<&'c Measure> {
        match self {
            Self::Measure(measure) | Self::Total(_, measure) => Some(measure),
            Self::Indicator(_) => None,
        }
    }
}

/// Whether a cell or header marks a total among its parts.
pub(crate) fn is_total(text: &str) -> bool {
    TOTALS.contains(&folded(text).to_lowercase().as_str())
}

/// Whether a label says that its row is the total of all: 合计, 合计：, （合计）, 合计（所）. What stands
/// in brackets behind it may only be a unit: 合计（公办） is the total of some.
pub(crate) fn is_whole(label: &str) -> bool {
    let folded = folded(label);
    let bracket = folded.strip_suffix(['）', ')']).and_then(|words| words.rsplit_once(['（', '(']));
    let unit = bracket.filter(|(_, inside)| Unit::parse(inside).is_ok());
    is_total(&unmarked(unit.map_or(folded.as_str(), |(words, _)| words)))
}

/// A label without the marks that it may have around its words.
fn unmarked(label: &str) -> String {
    label.chars().filter(|c| !LABEL_MARKS.contains(*c)).collect()
}

/// Whether a label says that its row is no part beside the others: a total, a mean, or 其中.
pub(crate) fn is_total_row(label: &str) -> bool {
    let folded = folded(label).to_lowercase();
    let name = unmarked(&folded);
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    is_total(&name)
        || TOTAL_WORDS.iter().any(|word| name.starts_with(word))
        || ends(&TOTAL_WORDS)
        || ends(&TOTAL_ENDINGS)
        || (name.starts_with(SUBSET) && !ends(&SCHOOL_ENDINGS))
}

/// The role of a folded header; `targets` where one of them says that it is the target.
pub(crate) fn role_of(header: &str, targets: bool) -> Option<Role> {
    if targets && is_target(header) {
        return Some(Role::Value);
    }
    let (role, _) = ROLES.iter().find(|(_, headers)| headers.contains(&header))?;
    Some(*role).filter(|role| !(targets && *role == Role::Value))
}

/// Whether a folded header says that the figures below it are targets.
pub(crate) fn is_target(header: &str) -> bool {
    TARGETS.contains(&header)
}

/// The measure or indicator of a folded name; a measure hides an indicator of its name, and the
/// indicator that shows a grade. Among `targets` the indicator of a total stands for its measure.
pub(crate) fn target<'c>(catalog: &'c Catalog, name: &str, targets: bool) -> Option<Target<'c>> {
    let indicator = || {
        let indicator = catalog.indicator_named(name)?;
        Some(match &indicator.kind {
            Kind::Total { measure } if !indicator.grades.is_empty() => {
                Target::Measure(catalog.measure(measure).ok()?)
            }
            Kind::Total { measure } if targets => {
                Target::Total(indicator, catalog.measure(measure).ok()?)
            }
            _ => Target::Indicator(indicator),
        })
    };
    catalog.measure_named(name).map(Target::Measure).or_else(indicator)
}

/// The measure of a header, whole or before a unit in brackets; of `targets` also the indicator.
pub(crate) fn figure_of<'c>(
    header: &str,
    catalog: &'c Catalog,
    targets: bool,
) -> Option<(Target<'c>, Option<Unit>)> {
    let find = |name: &str| {
        let found = target(catalog, name, targets)?;
        (targets || matches!(found, Target::Measure(_))).then_some(found)
    };
    if let Some(found) = find(header) {
        let unit = matches!(found, Target::Total(..)).then(|| found.unit().clone());
        return Some((found, unit));
    }
    let (name, unit) = header.strip_suffix(')')?.rsplit_once('(')?;
    Some((find(name)?, Some(Unit::parse(unit).ok()?)))
}

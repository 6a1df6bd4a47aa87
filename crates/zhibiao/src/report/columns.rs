//! What the columns of the frames are called and mean (DESIGN.md section 5).

use crate::label::Lang;

/// A column of a frame, for readers who have only the file.
pub(super) struct Meaning {
    id: &'static str,
    title: Words,
    about: Words,
    empty: Option<Words>,
}

/// The same words in Chinese and English.
type Words = (&'static str, &'static str);

impl Meaning {
    /// The meaning of a column; none for a slice.
    pub(super) fn of(column: &str) -> Option<&'static Self> {
        COLUMNS.iter().find(|meaning| meaning.id == column)
    }

    pub(super) const fn title(&self, lang: Lang) -> &'static str {
        lang.of(self.title.0, self.title.1)
    }

    pub(super) const fn about(&self, lang: Lang) -> &'static str {
        lang.of(self.about.0, self.about.1)
    }

    /// What an empty cell says, where there may be one.
    pub(super) fn empty(&self, lang: Lang) -> Option<&'static str> {
        self.empty.map(|(zh, en)| lang.of(zh, en))
    }
}

const fn column(id: &'static str, title: Words, about: Words) -> Meaning {
    Meaning { id, title, about, empty: None }
}

const fn may_be_empty(id: &'static str, title: Words, about: Words, empty: Words) -> Meaning {
    Meaning { id, title, about, empty: Some(empty) }
}

const SEE_STATUS: Words = ("无，原因见 status", "none, `status` says why");
const SEE_VERDICT: Words = ("无，原因见 status 或 verdict", "none, `status` or `verdict` says why");
const NO_VALUE: Words = ("无数值", "no value");

const COLUMNS: &[Meaning] = &[
    column(
        "area",
        ("区划代码", "Area"),
        (
            "GB/T 2260 六位代码，或上级表中的代码；学校为“区划/学校”",
            "GB/T 2260 code of six digits, or code of a table of parents; of a school, area/school",
        ),
    ),
    column("area_name", ("名称", "Name"), ("区划或学校的名称", "Name of the area or school")),
    column("tier", ("层级", "Tier"), ("区划的层级", "Tier of the area")),
    may_be_empty(
        "period",
        ("时期", "Period"),
        (
            "年（2022）、学年（2022-2023）、月（2022-09）或年初至某月（2022-01/2022-09）",
            "Year (2022), school year (2022-2023), month (2022-09) or year to date (2022-01/2022-09)",
        ),
        ("未分时期", "not split by period"),
    ),
    column("indicator", ("指标", "Indicator"), ("指标的编号", "Id of the indicator")),
    may_be_empty(
        "numerator",
        ("分子", "Numerator"),
        (
            "分子或总量，以基本单位计（元，不是万元）",
            "Numerator or total, exact, in base units (元, not 万元)",
        ),
        SEE_STATUS,
    ),
    may_be_empty(
        "denominator",
        ("分母", "Denominator"),
        ("分母，以基本单位计", "Denominator, exact, in base units"),
        ("总量没有分母；其他原因见 status", "a total has none; else `status` says why"),
    ),
    may_be_empty(
        "value",
        ("数值", "Value"),
        (
            "以指标单位计的数值（76.6，不是0.766）",
            "Value in the unit of the indicator (76.6, not 0.766)",
        ),
        SEE_VERDICT,
    ),
    may_be_empty(
        "display",
        ("显示值", "Display"),
        (
            "由精确值一次修约的文字；上报值照录",
            "Text, rounded once from the exact value; a reported value as written",
        ),
        SEE_VERDICT,
    ),
    column("unit", ("单位", "Unit"), ("指标的计量单位", "Unit of the indicator")),
    column("status", ("状态", "Status"), ("数值有无及其原因", "Why there is a value or none")),
    column(
        "missing",
        ("缺失行数", "Missing"),
        ("缺少分子或分母的行数", "Rows of the table that lack a part"),
    ),
    column("areas", ("区划数", "Areas"), ("实有的区划数", "Areas that are there")),
    may_be_empty(
        "areas_expected",
        ("应有区划数", "Areas expected"),
        ("应有的区划数", "Areas that should be there"),
        ("未知", "not known"),
    ),
    column("standard", ("标准", "Standard"), ("标准的编号", "Id of the standard")),
    column(
        "criterion",
        ("条件", "Criterion"),
        ("标准中的一项条件", "One criterion of the standard"),
    ),
    column(
        "threshold",
        ("要求", "Threshold"),
        ("以指标单位计的要求", "What is asked for, in the unit of the indicator"),
    ),
    column(
        "verdict",
        ("结论", "Verdict"),
        ("是否达到要求", "Whether the value meets the criterion"),
    ),
    may_be_empty(
        "gap",
        ("差距", "Gap"),
        ("数值减要求；百分率以百分点计", "Value minus threshold, points for %"),
        NO_VALUE,
    ),
    may_be_empty(
        "needed",
        ("还需", "Needed"),
        (
            "达到要求所需的最小整数变动，以基本单位计",
            "Smallest whole change that meets the criterion, in base units",
        ),
        ("无需变动，或无从达到", "none is needed, or none is enough"),
    ),
    may_be_empty(
        "needed_of",
        ("变动的基础指标", "Needed of"),
        ("须变动的基础指标的编号", "Id of the measure that would change"),
        ("无需变动，或无从达到", "none is needed, or none is enough"),
    ),
];

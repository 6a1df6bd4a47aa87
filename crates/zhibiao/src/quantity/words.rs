//! Words (用词) around a number, and what may be counted.

use super::Convention;

use Convention::{About, Above, AndMore, AtLeast, AtMost, Below, Exact, Nearly};

/// Words before a number, longer ones before their beginnings.
pub(super) const BEFORE: &[(&str, Convention)] = &[
    ("大约为", About),
    ("大约", About),
    ("约为", About),
    ("约", About),
    ("将近", Nearly),
    ("接近", Nearly),
    ("近", Nearly),
    ("超过了", Above),
    ("超过", Above),
    ("超出", Above),
    ("超", Above),
    ("突破了", Above),
    ("突破", Above),
    ("逾", Above),
    ("高于", Above),
    ("多于", Above),
    ("大于", Above),
    ("不足", Below),
    ("不到", Below),
    ("不满", Below),
    ("低于", Below),
    ("少于", Below),
    ("小于", Below),
    ("至少", AtLeast),
    ("最少", AtLeast),
    ("不少于", AtLeast),
    ("不低于", AtLeast),
    ("不小于", AtLeast),
    ("至多", AtMost),
    ("最多", AtMost),
    ("不超过", AtMost),
    ("不高于", AtMost),
    ("不多于", AtMost),
    ("不大于", AtMost),
];

/// Words between a number and its unit.
pub(super) const BETWEEN: &[(&str, Convention)] =
    &[("有余", AndMore), ("余", AndMore), ("多", AndMore), ("来", About)];

/// Words after a number and its unit.
pub(super) const AFTER: &[(&str, Convention)] = &[
    ("左右", About),
    ("上下", About),
    ("及以上", AtLeast),
    ("以上", AtLeast),
    ("及以下", AtMost),
    ("以下", AtMost),
    ("以内", AtMost),
    ("之内", AtMost),
    ("以外", Above),
    ("有余", AndMore),
    ("之多", Exact),
    ("大关", Exact),
];

/// Words between the two numbers of a range.
pub(super) const TO: &[&str] = &["——", "—", "–", "－", "−", "-", "~", "～", "至", "到"];

/// Units that convert, as reports write them.
pub(super) const UNITS: &[&str] = &[
    "个百分点",
    "百分点",
    "%",
    "％",
    "‰",
    "人次",
    "人",
    "名次",
    "个名次",
    "名",
    "位",
    "所",
    "个班",
    "班",
    "个县",
    "个",
    "件",
    "项",
    "套",
    "元",
    "平方米",
    "㎡",
    "m²",
    "间",
    "册",
    "本",
    "台",
    "类",
    "户",
    "县",
];

/// What divides: 元/人.
pub(super) const DIVISORS: &[&str] = &["百生", "生", "人", "班", "所"];

/// What else is counted; such figures have no unit that converts.
pub(super) const COUNTERS: &[&str] = &[
    "平方公里",
    "个小时",
    "个课时",
    "个学时",
    "个工作日",
    "分钟",
    "小时",
    "个月",
    "所次",
    "校次",
    "场次",
    "班次",
    "件次",
    "例次",
    "公顷",
    "千米",
    "公里",
    "千克",
    "公斤",
    "千瓦",
    "课时",
    "学时",
    "学分",
    "学年",
    "学期",
    "周岁",
    "倍",
    "亩",
    "米",
    "吨",
    "年",
    "月",
    "日",
    "天",
    "周",
    "岁",
    "场",
    "次",
    "届",
    "期",
    "支",
    "部",
    "份",
    "篇",
    "门",
    "科",
    "节",
    "堂",
    "轮",
    "批",
    "家",
    "处",
    "座",
    "栋",
    "幢",
    "辆",
    "张",
    "条",
    "枚",
    "块",
    "例",
    "起",
    "对",
    "组",
    "队",
    "分",
    "村",
    "镇",
    "乡",
    "种",
    "步",
    "道",
    "页",
    "字",
    "只",
    "把",
    "桌",
    "床",
    "人份",
    "款",
    "首",
    "幅",
    "片",
    "校",
    "厅",
    "室",
    "站",
    "餐",
    "顿",
];

/// The longest of these words at the beginning of a text.
pub(super) fn longest<'a>(text: &str, words: &'a [&'a str]) -> Option<&'a str> {
    words.iter().copied().filter(|word| text.starts_with(word)).max_by_key(|word| word.len())
}

/// The longest of these words at the beginning of a text, and what it means.
pub(super) fn longest_of(
    text: &str,
    words: &'static [(&'static str, Convention)],
) -> Option<(&'static str, Convention)> {
    words.iter().copied().filter(|(word, _)| text.starts_with(word)).max_by_key(|(w, _)| w.len())
}

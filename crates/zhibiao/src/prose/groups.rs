//! Groups (分组词): words that single out some of what is counted.

/// Groups of which no two hold of one thing, each by its words.
pub(super) struct Disjoint {
    groups: &'static [&'static [&'static str]],
    /// Whether nothing is in none of them, whatever else is listed.
    all: bool,
}

const DISJOINT: [Disjoint; 9] = [
    Disjoint { groups: &[&["男"], &["女"]], all: true },
    Disjoint { groups: &[&["公办"], &["民办"]], all: true },
    Disjoint { groups: &[&["城"], &["乡", "农村"]], all: false },
    Disjoint { groups: &[&["学前"], &["小学"], &["初中"], &["高中"]], all: false },
    Disjoint { groups: &[&["一等"], &["二等"], &["三等"]], all: false },
    Disjoint { groups: &[&["高级"], &["中级"], &["初级"]], all: false },
    Disjoint { groups: &[&["大班"], &["中班"], &["小班"]], all: false },
    Disjoint { groups: &[&["研究生"], &["本科"], &["专科"]], all: false },
    Disjoint { groups: &[&["中央"], &["省级"], &["市级"], &["县级"]], all: false },
];

/// Words that a name of fewer has, and a name of all has not.
const NARROWING: [&str; 38] = [
    "普通高中",
    "小学",
    "初中",
    "高中",
    "中职",
    "职高",
    "学前",
    "幼儿园",
    "特殊教育",
    "义务教育",
    "公办",
    "民办",
    "普惠",
    "城区",
    "县城",
    "城镇",
    "农村",
    "乡村",
    "男",
    "女",
    "寄宿",
    "留守",
    "残疾",
    "随迁",
    "在编",
    "高级",
    "骨干",
    "研究生",
    "本科",
    "毕业",
    "获奖",
    "春季",
    "秋季",
    "学期",
    "上半年",
    "下半年",
    "建档立卡",
    "新生",
];

/// What places within a county are called.
const PLACES: [&str; 6] = ["镇", "乡", "街道", "村", "学区", "社区"];

impl Disjoint {
    /// All of them.
    pub(super) fn all() -> &'static [Self] {
        &DISJOINT
    }

    /// The one group that a text names; 本科及以上 is of several, and 普惠性民办 is not all of 民办.
    pub(super) fn of(&self, text: &str) -> Option<usize> {
        let named = |group: &&[&str]| group.iter().any(|word| text.contains(word));
        let mut found = self.groups.iter().enumerate().filter(|(_, group)| named(group));
        let alone = !["以上", "以下", "普惠"].iter().any(|word| text.contains(word));
        found.next().filter(|_| alone && found.next().is_none()).map(|(at, _)| at)
    }

    /// Whether so many different groups are all there is; `alone` where nothing else is listed.
    pub(super) fn is_all(&self, groups: usize, alone: bool) -> bool {
        groups == 2 && self.groups.len() == 2 && (self.all || alone)
    }
}

/// Whether two texts are of groups of which one holds: 公办园, 民办园.
pub(super) fn exclude(one: &str, other: &str) -> bool {
    DISJOINT.iter().any(|groups| groups.of(one).zip(groups.of(other)).is_some_and(|(a, b)| a != b))
}

/// The group that a text begins with.
pub(super) fn leading(text: &str) -> Option<&'static str> {
    NARROWING.into_iter().find(|word| text.starts_with(word))
}

/// Whether a text names a place within a county.
pub(super) fn is_within(text: &str) -> bool {
    PLACES.iter().any(|word| text.contains(word))
}

/// Whether a text singles out some of what a name is of: a word of it that the name has not.
pub(super) fn narrows(text: &str, name: &str) -> bool {
    // Who is 在园 is in a kindergarten, and 园 says as much as 幼儿园.
    let said = |word: &str| name.contains(word) || (word == "幼儿园" && name.contains('园'));
    let mut words = PLACES.iter().chain(&NARROWING);
    words.any(|word| text.contains(word) && !said(word))
}

/// Whether each of two names is of some that the other may not be of: 公办幼儿园, 普惠性幼儿园.
pub(super) fn cross(one: &str, other: &str) -> bool {
    narrows(one, other) && narrows(other, one)
}

/// Whether a text ends with the name of a place: a heading under which figures are of that place.
pub(super) fn is_place(text: &str) -> bool {
    let schools = ["小学", "中学", "幼儿园", "学校", "一中", "二中", "县", "市"];
    PLACES.iter().chain(&schools).any(|word| text.ends_with(word))
}

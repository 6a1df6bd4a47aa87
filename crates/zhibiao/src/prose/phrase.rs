//! Phrases (词组): what a figure counts, and which verb stands with it.

use super::clauses::is_digit;
use super::groups;

/// Letters to either side of a figure that are looked at.
const WINDOW: usize = 60;

/// Marks that end a phrase.
const MARKS: &str = "，。；：、！？,;:!?（）()“”‘’「」《》〔〕\u{3000}\n\t";

/// Verbs of which figures are objects.
const VERBS: &[&str] = &[
    "打造",
    "完成",
    "创建",
    "创成",
    "获得",
    "荣获",
    "取得",
    "提供",
    "办理",
    "解决",
    "开展",
    "组织",
    "表彰",
    "选拔",
    "认定",
    "新增",
    "增设",
    "投入",
    "采购",
    "购置",
    "配备",
    "招录",
    "录取",
    "招收",
    "启建",
    "新建",
    "改建",
    "扩建",
    "改扩建",
    "建成",
    "建设",
    "建立",
    "实施",
    "培训",
    "资助",
    "发放",
    "招聘",
    "引进",
    "评选",
    "评出",
    "培养",
    "覆盖",
    "惠及",
    "争取",
    "落实",
    "安排",
    "拨付",
    "下达",
    "推出",
    "设立",
    "成立",
    "举办",
    "承办",
    "选派",
    "选树",
    "交流",
    "轮岗",
    "撤并",
    "减免",
    "补助",
    "拥有",
    "现有",
    "共有",
    "聘用",
    "聘请",
    "筹集",
    "享受",
    "超过",
    "减少",
    "增加",
    "安置",
    "化解",
    "消除",
    "整改",
    "排查",
    "受理",
    "签订",
    "命名",
    "评为",
    "荣膺",
    "获",
    "奖励",
    "救助",
    "帮扶",
    "改造",
    "维修",
    "新招",
    "补充",
    "接收",
    "转移",
    "通过",
    "印发",
    "出台",
    "容纳",
    "夺得",
    "摘得",
    "斩获",
    "有",
];

/// Nouns that hold such verbs.
const NOUNS: &[&str] = &[
    "党组织",
    "团组织",
    "基层组织",
    "社会组织",
    "资助金",
    "资助资金",
    "资助率",
    "资助政策",
    "培训基地",
    "培训机构",
    "建设工程",
    "建设项目",
    "改造项目",
    "改造工程",
    "录取率",
    "交流轮岗",
    "覆盖率",
    "获奖",
    "共建设",
    "落实情况",
    "补助资金",
    "补助标准",
    "通过率",
    "培训合格率",
    "招收计划",
    "完成率",
    "有效",
    "有限",
    "有关",
    "有机",
    "有序",
    "有利",
    "所有",
    "没有",
    "具有",
    "享有",
    "持有",
    "有所",
    "有力",
    "国有",
    "有的",
    "有益",
    "有望",
];

/// Verbs that tell a change; what changes stands before them.
const CHANGES: &[&str] = &[
    "增长", "提高", "提升", "上升", "下降", "降低", "减少", "增加", "前进", "后退", "扩大", "缩小",
    "回落", "增幅", "降幅", "增", "降",
];

/// Words between a phrase and its figure.
const LINKS: &[&str] = &[
    "共计",
    "总计",
    "合计",
    "累计",
    "一共",
    "总数",
    "稳定在",
    "保持在",
    "控制在",
    "达到了",
    "达到",
    "达",
    "分别为",
    "分别",
    "约为",
    "为",
    "是",
    "共有",
    "共",
    "有",
    "仅",
    "至",
    "到",
    "已",
    "均",
    "各",
    "就",
    "了",
    "的",
    "也",
    "由",
    "从",
    "超",
    "近",
    "约",
    "每年",
    "全部",
    "多达",
];

/// Words before a phrase that tell when, where or how.
const OPENINGS: &[&str] = &[
    "目前",
    "现有",
    "截至",
    "今年以来",
    "同期",
    "今年",
    "去年",
    "上年",
    "本年度",
    "本学年",
    "全年",
    "其中",
    "我县",
    "我市",
    "我区",
    "全县",
    "全区",
    "共",
    "累计",
    "已",
    "均",
    "仅",
    "分别",
    "为",
    "持续",
    "集中",
    "新",
    "也",
    "并",
    "还",
    "以",
    "对",
    "从",
    "向",
    "使",
    "较",
    "比",
    "将",
    "因",
    "全面",
    "率先",
    "成功",
    "先后",
    "的",
];

/// Words that end a phrase after its figure.
const PREDICATES: &[&str] = &[
    "提供",
    "办理",
    "解决",
    "开展",
    "完成",
    "享受",
    "获得",
    "荣获",
    "取得",
    "参加",
    "参与",
    "受益",
    "用于",
    "有",
    "通过",
    "实现",
    "达到",
    "建成",
    "投入使用",
    "受到",
    "进行",
    "签订",
    "接受",
    "考入",
    "考取",
    "被",
    "已",
    "可",
    "将",
    "均",
    "占",
    "在",
    "为",
    "到",
    "较",
    "比",
    "相比",
    "其中",
    "分别",
    "发放",
    "提高",
    "增长",
    "下降",
    "增加",
    "减少",
    "列入",
    "纳入",
    "得到",
    "实行",
    "组成",
    "实施",
    "落户",
    "投用",
    "开工",
    "竣工",
    "顺利",
    "全部",
    "等",
    "超额",
    "和",
    "获",
];

/// Verbs that tell only that something is there.
const HAVING: &[&str] = &["有", "共有", "现有", "拥有", "超过"];

/// Verbs of what is done to, or comes to, some of those that are there.
const DEEDS: &[&str] = &[
    "补充", "招聘", "招录", "招收", "录取", "引进", "撤并", "惠及", "覆盖", "改造", "维修", "培训",
    "资助", "救助", "帮扶", "补助", "表彰", "交流", "轮岗", "选派", "接收", "安置", "整改", "容纳",
];

/// Verbs of what is new.
const NEW: &[&str] = &["新建", "改建", "扩建", "改扩建", "建成", "新增", "增设", "新招"];

/// Whether a verb tells what is new.
pub(super) fn is_new(verb: &str) -> bool {
    NEW.contains(&verb)
}

/// Whether a verb tells what was done, and not what there is: 新建幼儿园30所 are not all of them.
pub(super) fn is_deed(verb: &str) -> bool {
    DEEDS.contains(&verb) || is_new(verb)
}

/// Whether a verb tells no more than what there is, or what it has become.
pub(super) fn is_state(verb: &str) -> bool {
    verb.is_empty() || HAVING.contains(&verb) || CHANGES.contains(&verb)
}

/// What kind of thing is counted, as far as phrases differ by it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Counted {
    /// 的 stands within their phrase: 111名符合条件的学生.
    Persons,
    /// 的 stands before its phrase: 三分之二的乡镇.
    Share,
    /// 的 ends its phrase: 18所学校的基础.
    Other,
}

/// What a figure counts, and its verb.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Phrase {
    pub(super) subject: String,
    pub(super) verb: String,
    /// Whether the verb tells a change by the figure.
    pub(super) change: bool,
    /// Whether the figure alone stands where its list began with a subject: 、6000余人次.
    pub(super) inherits: bool,
}

/// Reads the phrase of a figure from what stands before and after it in its clause.
pub(super) fn of(before: &str, after: &str, counted: Counted) -> Phrase {
    let before = undated(tail(before));
    let counted = following(after, counted);
    if let Some((verb, level)) = change(before) {
        let subject = if counted.is_empty() { trimmed(level.before) } else { counted };
        let inherits = subject.is_empty();
        return Phrase { subject, verb: verb.to_owned(), change: !level.reached, inherits };
    }
    let (lead, verb) = last_verb(before);
    if !counted.is_empty() {
        return Phrase { subject: counted, verb: verb.to_owned(), ..Phrase::default() };
    }
    // A total is of all before it, not of the last.
    let total = ["共计", "合计", "总计", "总共", "一共"].iter().any(|word| before.contains(word));
    let inherits = !total && trimmed(before).is_empty();
    Phrase {
        subject: preceding(before, lead, verb),
        verb: verb.to_owned(),
        change: false,
        inherits,
    }
}

/// Whether nothing but 共 or 总数 stands before a figure.
pub(super) fn is_bare_total(before: &str) -> bool {
    let before = before.trim_matches(|letter: char| letter == '、' || MARKS.contains(letter));
    matches!(before.trim(), "共" | "总数" | "总数为")
}

/// What stands before a verb of change, and whether the figure is the level that was reached (提高到).
struct Changing<'a> {
    before: &'a str,
    reached: bool,
}

/// What stands after the figure, up to a mark or a predicate.
fn following(after: &str, counted: Counted) -> String {
    let text = head(after);
    let share = text.strip_prefix('的').filter(|_| counted == Counted::Share);
    let text = share.unwrap_or(text);
    let text = until(text, |rest| {
        starts_with_any(rest, PREDICATES)
            || (rest.starts_with('的') && counted != Counted::Persons)
            || (rest.starts_with(is_digit) && !is_age(rest))
    });
    text.trim().to_owned()
}

/// 35岁以下 is what somebody is, and no further figure.
fn is_age(text: &str) -> bool {
    text.trim_start_matches(|letter| is_digit(letter) || matches!(letter, '—' | '-' | '至'))
        .starts_with(['岁', '周'])
}

/// What 分别 tells apart, where a list stands before it: 小学、初中在校生分别达.
pub(super) fn listed(before: &str) -> Option<Vec<String>> {
    let (list, _) = before.rsplit_once("分别")?;
    let (outer, verb) = last_verb(list);
    let object = list.get(outer.len().saturating_add(verb.len())..).unwrap_or_default();
    let list = trimmed(if object.contains('、') { object } else { list });
    let items: Vec<&str> = list.split(['、', '和', '及', '与']).map(str::trim).collect();
    let (last, others) = items.split_last()?;
    let noun = groups::leading(last).and_then(|word| last.strip_prefix(word)).unwrap_or_default();
    let others = others.iter().map(|item| {
        if item.ends_with(noun) { (*item).to_owned() } else { format!("{item}{noun}") }
    });
    Some(others.chain(std::iter::once((*last).to_owned())).collect())
}

/// What stands before the figure, after its verb; the verb itself if nothing else does.
fn preceding(before: &str, lead: &str, verb: &str) -> String {
    let behind = before.get(lead.len().saturating_add(verb.len())..).unwrap_or_default();
    let object = trimmed(behind.strip_prefix('了').unwrap_or(behind));
    if verb.is_empty() || !object.is_empty() {
        return last_item(&object).to_owned();
    }
    // 开展培训20余类: the verb before the figure is the object of another.
    let (outer, outer_verb) = last_verb(lead);
    if !outer_verb.is_empty() {
        let from = outer.len().saturating_add(outer_verb.len());
        let object = before.get(from..lead.len().saturating_add(verb.len())).unwrap_or_default();
        let object = trimmed(object.strip_prefix('了').unwrap_or(object));
        if object.chars().count() > verb.chars().count() {
            return object;
        }
    }
    let subject = trimmed(lead);
    if subject.is_empty() { verb.to_owned() } else { subject }
}

/// The last verb in a text, and what stands before it.
fn last_verb(text: &str) -> (&str, &'static str) {
    let nouns: Vec<(usize, usize)> = NOUNS
        .iter()
        .flat_map(|noun| text.match_indices(noun))
        .map(|(at, noun)| (at, at.saturating_add(noun.len())))
        .collect();
    let in_noun = |at: usize| nouns.iter().any(|(start, end)| (*start..*end).contains(&at));
    let last = |verb: &&'static str| text.rmatch_indices(*verb).find(|(at, _)| !in_noun(*at));
    let found = VERBS.iter().filter_map(|verb| Some((last(verb)?.0, *verb)));
    let last = found.max_by_key(|(at, verb)| (at.saturating_add(verb.len()), verb.len()));
    last.map_or(("", ""), |(at, verb)| (text.get(..at).unwrap_or_default(), verb))
}

/// A verb of change right before the figure: 提高了, 提高到.
fn change(before: &str) -> Option<(&'static str, Changing<'_>)> {
    let plain = before.trim_end();
    let reached = ["到了", "到", "至", "为"].iter().find_map(|end| plain.strip_suffix(end));
    let plain = reached.unwrap_or(plain).trim_end_matches('了');
    // 新增 counts what is new.
    if ["新增", "增设", "增补"].iter().any(|verb| plain.ends_with(verb)) {
        return None;
    }
    let verb =
        CHANGES.iter().filter(|verb| plain.ends_with(**verb)).max_by_key(|verb| verb.len())?;
    let before = plain.strip_suffix(verb)?;
    Some((verb, Changing { before, reached: reached.is_some() }))
}

/// A phrase without what opens and links it.
pub(super) fn trimmed(text: &str) -> String {
    let mut rest = text.trim();
    loop {
        let before = rest;
        rest = rest.trim_matches(|letter: char| MARKS.contains(letter) || letter.is_whitespace());
        let links = LINKS.iter().filter(|link| rest.ends_with(**link));
        let link = links.max_by_key(|link| link.len()).filter(|_| !is_mean(rest));
        rest = link.and_then(|link| rest.strip_suffix(link)).unwrap_or(rest);
        let opening =
            OPENINGS.iter().filter(|word| rest.starts_with(**word)).max_by_key(|w| w.len());
        rest = opening.and_then(|word| rest.strip_prefix(word)).unwrap_or(rest);
        rest = without_year(rest);
        rest = ["比上年", "较上年", "比去年", "较去年", "同比", "环比"]
            .iter()
            .find_map(|word| rest.strip_suffix(word))
            .unwrap_or(rest);
        if rest == before {
            return rest.to_owned();
        }
    }
}

/// 人均 and 生均 are no links.
fn is_mean(text: &str) -> bool {
    ["人均", "生均", "年均", "校均", "户均", "班均"].iter().any(|mean| text.ends_with(mean))
}

/// A phrase without 2022年 or 近三年 before it.
fn without_year(text: &str) -> &str {
    let behind = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let digits = text.len().saturating_sub(behind.len());
    let recent = text.strip_prefix("近").and_then(|text| text.split_once('年'));
    if let Some((_, rest)) = recent.filter(|(count, _)| count.chars().count() <= 2) {
        return rest.strip_prefix("来").unwrap_or(rest);
    }
    let year = behind.strip_prefix("年").filter(|_| digits == 4);
    year.map_or(text, |rest| {
        ["底", "末", "度"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest)
    })
}

/// A text without the year it ends with: 增加到2022年的.
fn undated(text: &str) -> &str {
    let plain = text.strip_suffix('的').unwrap_or(text);
    let plain = plain.strip_suffix(['底', '末']).unwrap_or(plain);
    let year = plain.strip_suffix('年').map(|year| (year, year.trim_end_matches(is_digit)));
    year.filter(|(year, rest)| year.len().saturating_sub(rest.len()) == 4)
        .map_or(text, |(_, rest)| rest)
}

/// The last part of a list.
fn last_item(text: &str) -> &str {
    text.rsplit(['、', '，', '（', '(', '”', '’', '」', '》']).next().unwrap_or(text)
}

/// The text up to the first mark, or to where a test holds.
fn until(text: &str, ends: impl Fn(&str) -> bool) -> &str {
    let end = text
        .char_indices()
        .find(|(at, letter)| MARKS.contains(*letter) || ends(text.get(*at..).unwrap_or_default()));
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or_default())
}

fn starts_with_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.starts_with(word))
}

/// The last letters of a text.
pub(super) fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(WINDOW.saturating_sub(1));
    start.map_or(text, |(at, _)| text.get(at..).unwrap_or(text))
}

/// The first letters of a text.
pub(super) fn head(text: &str) -> &str {
    let end = text.char_indices().nth(WINDOW);
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

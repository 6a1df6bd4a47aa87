//! Tables of areas: what is there, what it is called, and what lies in what.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::successors;
use std::ops::Bound::{Excluded, Unbounded};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hashbrown::HashMap;

use super::digits::Digits;
use super::parents::{self, Columns, Parents};
use super::{AreaCode, History, Tier, lines};
use crate::error::{Error, Place, Problem, Result, near};
use crate::label::Lang;

/// Codes and names of all provinces, prefectures and counties at one date, with their source in
/// the first lines of the file.
static BUILTIN: LazyLock<Areas> = LazyLock::new(|| {
    let shipped = Areas::parse(include_str!("codes.tsv"), "codes.tsv").unwrap_or_default();
    Areas { file: None, ..shipped }
});

/// Taiwan, Hong Kong and Macao: their figures are not part of the ministry's national totals.
const OUTSIDE_NATIONAL_TOTALS: [u32; 3] = [710_000, 810_000, 820_000];

/// How many codes on either side of a wrong one are looked at for messages.
const NEIGHBOURS: usize = 32;

/// A table of areas (区划表): what is there, what it is called, what lies in what, and what a
/// complete area consists of.
///
/// Of GB/T 2260, tier and parent follow from the digits, also of codes that are not in force. Of
/// a table of parents they are what the table says, and there are no other areas. Trees do not
/// know of each other: one code may stand in several. Cloning is cheap.
///
/// # Example
/// ```
/// use zhibiao::Lang;
/// use zhibiao::area::{AreaCode, Areas, Tier};
/// let areas = Areas::builtin();
/// let jinzhong: AreaCode = "140700".parse()?;
/// assert_eq!(areas.name(jinzhong, Lang::Zh).as_deref(), Some("晋中市"));
/// assert_eq!(areas.children(jinzhong).len(), 11);
///
/// let areas = Areas::parse("code,parent,name\nD-1,S,North\nD-2,S,South\nS,,State\n", "state.csv")?;
/// let north = areas.code("D-1")?;
/// assert_eq!(areas.tier(north), Some(Tier::County));
/// assert_eq!(areas.parent(north), Some(areas.code("S")?));
/// assert_eq!(areas.code("D-3").unwrap_err().code(), "unknown-area");
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Areas {
    /// A name for every code; empty where a table of parents gives none.
    names: Arc<BTreeMap<AreaCode, String>>,
    /// In ascending order.
    children: Arc<HashMap<AreaCode, Vec<AreaCode>>>,
    /// None where digits tell tier and parent.
    parents: Option<Arc<Parents>>,
    /// Beside digits: units of several counties.
    units: Arc<BTreeMap<AreaCode, CountyUnit>>,
    /// Areas of which a part was united with parts of others, and lies elsewhere, with these units.
    reduced: Arc<BTreeMap<AreaCode, BTreeSet<AreaCode>>>,
    in_force: String,
    /// None for the built-in table.
    file: Option<String>,
}

/// Several counties that are one unit.
#[derive(Clone, Debug)]
pub(super) struct CountyUnit {
    pub(super) parent: AreaCode,
    /// Its name in English; areas themselves have none.
    pub(super) english: String,
}

impl Areas {
    /// The table that ships with the crate: the state at the end of one year.
    #[must_use]
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// The areas at the end of a year, 1981 to 2024; [`History`] tells where they come from.
    ///
    /// # Errors
    /// `no-area-table` for another year.
    ///
    /// # Example
    /// ```
    /// use zhibiao::Lang;
    /// use zhibiao::area::Areas;
    /// let areas = Areas::at(2010)?;
    /// let taigu = areas.code("140726")?;
    /// assert_eq!(areas.name(taigu, Lang::Zh).as_deref(), Some("太谷县"));
    /// assert_eq!(Areas::at(1980).unwrap_err().code(), "no-area-table");
    /// # Ok::<(), zhibiao::Error>(())
    /// ```
    pub fn at(year: u16) -> Result<Self> {
        History::builtin().areas(year)
    }

    /// Reads a table from a file; [`parse`](Self::parse) says what it may look like.
    ///
    /// # Errors
    /// `unreadable-file`, `not-utf8`, and those of [`parse`](Self::parse).
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            Error::new(problem, Place::file(path))
        })?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or(&bytes);
            let newlines = before.iter().filter(|byte| **byte == b'\n').count();
            let line = u64::try_from(newlines.saturating_add(1)).unwrap_or(u64::MAX);
            Error::new(Problem::NotUtf8 { line }, Place::file(path))
        })?;
        Self::parse(text, &name)
    }

    /// Reads a table from text; `file` is named in errors. Lines that begin with `#` are comments.
    ///
    /// Either a list of GB/T 2260 codes of another year: lines `code<TAB>name` in ascending order.
    ///
    /// Or a table of parents (上级表) of any tree, by comma or tab: a header with the columns `code`
    /// and `parent`, if wanted `name` and `tier` (代码, 上级, 名称, 层级), and a row for every area, in
    /// any order. The parent of the largest area is empty. Without `tier`, what has no children is
    /// a county, what holds counties a prefecture, and so on up to the nation.
    ///
    /// Texts of codes are kept for the life of the process.
    ///
    /// # Errors
    /// `bad-area-table` with the line; of a table of parents also `duplicate-area`,
    /// `unknown-parent`, `area-cycle`, `too-many-tiers`, `tier-not-below`, and `bad-option` for an
    /// unknown tier.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = lines::of(text).peekable();
        let in_force = lines::in_force(text);
        if let Some(columns) = lines.peek().and_then(|(_, header)| Columns::of(header)) {
            let (parents, names) = parents::read(&columns, lines.skip(1), file)?;
            return Ok(Self::new(names, Some(parents), in_force).of_file(file));
        }
        let mut names = BTreeMap::new();
        for (line, content) in lines {
            let entry = content
                .split_once('\t')
                .and_then(|(code, name)| Some((code.parse::<AreaCode>().ok()?, name)))
                .filter(|(code, _)| names.last_key_value().is_none_or(|(last, _)| last < code));
            let Some((code, name)) = entry else {
                let reason = format!("is not `code<TAB>name` in ascending order: `{content}`");
                let problem = Problem::BadAreaTable { line, reason };
                return Err(Error::new(problem, lines::place(file, line)));
            };
            names.insert(code, name.to_owned());
        }
        Ok(Self::new(names, None, in_force).of_file(file))
    }

    /// A list of GB/T 2260 codes.
    pub(super) fn listed(names: BTreeMap<AreaCode, String>, in_force: &str) -> Self {
        Self::new(names, None, in_force.to_owned())
    }

    /// A list of GB/T 2260 codes in which units stand in the place of counties.
    pub(super) fn with_units(
        names: BTreeMap<AreaCode, String>,
        units: BTreeMap<AreaCode, CountyUnit>,
        reduced: BTreeMap<AreaCode, BTreeSet<AreaCode>>,
        in_force: &str,
    ) -> Self {
        let listed = Self {
            names: Arc::new(names),
            units: Arc::new(units),
            reduced: Arc::new(reduced),
            in_force: in_force.to_owned(),
            ..Self::default()
        };
        listed.with_children()
    }

    fn of_file(self, file: &str) -> Self {
        Self { file: Some(file.to_owned()), ..self }
    }

    fn new(names: BTreeMap<AreaCode, String>, parents: Option<Parents>, in_force: String) -> Self {
        let areas = Self {
            names: Arc::new(names),
            parents: parents.map(Arc::new),
            in_force,
            ..Self::default()
        };
        areas.with_children()
    }

    fn with_children(mut self) -> Self {
        let all: BTreeSet<AreaCode> = self.codes().flat_map(|code| self.upwards(code)).collect();
        let mut children: HashMap<AreaCode, Vec<AreaCode>> = HashMap::new();
        for child in all {
            if let Some(parent) =
                self.parent(child).filter(|parent| self.counts_towards(child, *parent))
            {
                children.entry(parent).or_default().push(child);
            }
        }
        self.children = Arc::new(children);
        self
    }

    /// The file that the table was read from, as it was named; none for the built-in one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The date at which the table was in force, as its header tells it.
    #[must_use]
    pub fn in_force(&self) -> &str {
        &self.in_force
    }

    /// All codes in ascending order.
    pub fn codes(&self) -> impl Iterator<Item = AreaCode> + '_ {
        self.names.keys().copied()
    }

    /// The code that a text stands for. GB/T 2260: any six digits, in force or not. A table of
    /// parents: its own codes only.
    ///
    /// # Errors
    /// `bad-area-code`, of a table of parents `unknown-area`; with the codes that may be meant.
    pub fn code(&self, text: &str) -> Result<AreaCode> {
        let digits = text.parse::<AreaCode>();
        let Some(parents) = &self.parents else {
            let unit = || self.units.keys().find(|unit| unit.to_string() == text).copied();
            return digits.or_else(|error| unit().ok_or(error)).map_err(|error| {
                match self.named(text.trim()) {
                    hint if hint.is_empty() => error,
                    hint => {
                        Problem::BadAreaCode { value: text.to_owned(), hint: format!(": {hint}") }
                            .into()
                    }
                }
            });
        };
        let own = digits.ok().filter(|code| self.knows(*code));
        own.or_else(|| parents.by_text.get(text).copied()).ok_or_else(|| {
            let hint = match self.named(text.trim()) {
                hint if hint.is_empty() => near_text(&parents.by_text, text),
                hint => hint,
            };
            let hint = if hint.is_empty() { hint } else { format!(" ({hint})") };
            Problem::UnknownArea { code: text.to_owned(), hint }.into()
        })
    }

    /// The tier of an area; `None` for what is no area of this tree.
    #[must_use]
    pub fn tier(&self, code: AreaCode) -> Option<Tier> {
        match &self.parents {
            None if self.units.contains_key(&code) => Some(Tier::County),
            None => code.digits().map(Digits::tier),
            Some(parents) => parents.nodes.get(&code).map(|node| node.tier),
        }
    }

    /// The area that an area lies in directly; `None` for the largest.
    #[must_use]
    pub fn parent(&self, code: AreaCode) -> Option<AreaCode> {
        match &self.parents {
            None => {
                let unit = self.units.get(&code).map(|unit| unit.parent);
                unit.or_else(|| code.digits()?.parent().map(AreaCode::of_digits))
            }
            Some(parents) => parents.nodes.get(&code)?.parent,
        }
    }

    /// The area of a tier that holds an area, itself included; `None` where there is none.
    #[must_use]
    pub fn within(&self, code: AreaCode, tier: Tier) -> Option<AreaCode> {
        self.upwards(code).find(|area| self.tier(*area) == Some(tier))
    }

    /// Whether an area is another or lies in it.
    ///
    /// The nation holds every area of every tree. Above the largest area of a table of parents,
    /// digits go on where it has them: a school in 140728 lies in 140000.
    #[must_use]
    pub fn is_within(&self, code: AreaCode, outer: AreaCode) -> bool {
        let largest = self.upwards(code).last().and_then(AreaCode::digits);
        let mut above = successors(largest, |digits| digits.parent());
        outer == AreaCode::NATION
            || self.upwards(code).any(|area| area == outer)
            || above.any(|digits| AreaCode::of_digits(digits) == outer)
    }

    /// An area, what it lies in, and so on.
    pub(super) fn upwards(&self, code: AreaCode) -> impl Iterator<Item = AreaCode> {
        successors(Some(code), |area| self.parent(*area))
    }

    /// Whether a code is in the table, or is a place that digits make: the nation, or the group
    /// of counties that have no prefecture (110100, 419000).
    #[must_use]
    pub fn knows(&self, code: AreaCode) -> bool {
        self.names.contains_key(&code) || self.children.contains_key(&code)
    }

    /// Whether a code is of a development or functional zone (开发区, 功能区): a statistical code
    /// that GB/T 2260 itself does not list, with a county part in the seventies.
    #[must_use]
    pub fn is_zone(&self, code: AreaCode) -> bool {
        self.parents.is_none() && code.digits().is_some_and(Digits::is_zone)
    }

    /// The areas that a complete parent consists of, in ascending order.
    ///
    /// Development zones are never expected. A county answering to its province has the group
    /// `XX9000` as its prefecture.
    #[must_use]
    pub fn children(&self, code: AreaCode) -> &[AreaCode] {
        self.children.get(&code).map_or(&[], Vec::as_slice)
    }

    /// The units that parts of an area were united to with parts of others, so that what lies in it here
    /// is not the whole of it.
    pub(crate) fn takers(&self, code: AreaCode) -> impl Iterator<Item = AreaCode> + Clone {
        self.reduced.get(&code).into_iter().flatten().copied()
    }

    /// The areas that a unit takes parts of.
    pub(crate) fn taken_from(&self, unit: AreaCode) -> impl Iterator<Item = AreaCode> + Clone {
        let reduced = self.reduced.iter();
        reduced.filter(move |(_, takers)| takers.contains(&unit)).map(|(area, _)| *area)
    }

    /// The name of an area; groups of counties without a prefecture are named after their kind.
    #[must_use]
    pub fn name(&self, code: AreaCode, lang: Lang) -> Option<String> {
        if let Some(unit) = self.units.get(&code).filter(|_| lang == Lang::En) {
            return Some(unit.english.clone());
        }
        if let Some(name) = self.names.get(&code).filter(|name| !name.is_empty()) {
            return Some(name.clone());
        }
        if code == AreaCode::NATION {
            return Some(lang.of("全国", "China").to_owned());
        }
        let is_group = self.parents.is_none() && self.children.contains_key(&code);
        let digits = code.digits().filter(|_| is_group)?;
        let province = self.names.get(&AreaCode::of_digits(digits.province()))?;
        Some(format!("{province}{}", digits.kind_of_group()))
    }

    /// Codes of the areas that bear exactly this name.
    #[must_use]
    pub fn codes_named(&self, name: &str) -> Vec<AreaCode> {
        let bears = |(_, known): &(&AreaCode, &String)| !name.is_empty() && *known == name;
        self.names.iter().filter(bears).map(|(code, _)| *code).collect()
    }

    /// For messages: the codes of a name; empty where nothing bears it.
    fn named(&self, name: &str) -> String {
        let codes: Vec<String> = self.codes_named(name).iter().map(ToString::to_string).collect();
        if codes.is_empty() { String::new() } else { format!("{name} is {}", codes.join(" or ")) }
    }

    /// For messages: what a code that is not in the table was or is in another year, else the
    /// known codes nearest to it.
    pub(crate) fn told(&self, code: AreaCode) -> String {
        if self.parents.is_none() {
            let year = self.in_force.get(..4).and_then(|year| year.parse().ok());
            let hint = History::builtin().hint(code, year.unwrap_or(u16::MAX));
            if !hint.is_empty() {
                return hint;
            }
        }
        let same_parent = self.parent(code).map_or(&[][..], |parent| self.children(parent));
        let texts: Vec<String> = same_parent.iter().map(ToString::to_string).collect();
        match near(&code.to_string(), texts.iter().map(String::as_str)) {
            none if none.is_empty() => none,
            near => format!("near: {near}"),
        }
    }

    /// Taiwan, Hong Kong and Macao do not count towards the nation.
    pub(super) fn counts_towards(&self, child: AreaCode, parent: AreaCode) -> bool {
        let outside =
            child.number().is_some_and(|number| OUTSIDE_NATIONAL_TOTALS.contains(&number));
        self.parents.is_some() || parent != AreaCode::NATION || !outside
    }
}

/// For messages: the codes nearest to a text, among those beside it in their order.
fn near_text(codes: &BTreeMap<String, AreaCode>, text: &str) -> String {
    let before = codes.range::<str, _>((Unbounded, Excluded(text))).rev().take(NEIGHBOURS);
    let after = codes.range::<str, _>((Excluded(text), Unbounded)).take(NEIGHBOURS);
    match near(text, before.chain(after).map(|(code, _)| code.as_str())) {
        none if none.is_empty() => none,
        near => format!("near: {near}"),
    }
}

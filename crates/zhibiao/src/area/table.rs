//! The codes and names in force in one year.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::{AreaCode, Tier};
use crate::error::{Place, Problem, Result, near};
use crate::label::Lang;

/// Codes and names of all provinces, prefectures and counties at one date, with their source in
/// the first lines of the file.
static BUILTIN: LazyLock<Areas> =
    LazyLock::new(|| Areas::parse(include_str!("codes.tsv"), "codes.tsv").unwrap_or_default());

/// Taiwan, Hong Kong and Macao: their figures are not part of the ministry's national totals.
const OUTSIDE_NATIONAL_TOTALS: [u32; 3] = [710_000, 810_000, 820_000];

/// A table of areas (区划表): what is in force, what it is called, and what a complete parent
/// consists of.
///
/// Cloning is cheap.
///
/// # Example
/// ```
/// use zhibiao::Lang;
/// use zhibiao::area::{AreaCode, Areas};
/// let areas = Areas::builtin();
/// let jinzhong: AreaCode = "140700".parse()?;
/// assert_eq!(areas.name(jinzhong, Lang::Zh).as_deref(), Some("晋中市"));
/// assert_eq!(areas.children(jinzhong).len(), 11);
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Areas {
    names: Arc<BTreeMap<AreaCode, String>>,
    children: Arc<BTreeMap<AreaCode, Vec<AreaCode>>>,
    in_force: String,
}

impl Areas {
    /// The table that ships with the crate: the state at the end of one year.
    #[must_use]
    pub fn builtin() -> Self {
        BUILTIN.clone()
    }

    /// Reads a table of another year: lines `code<TAB>name` in ascending order, `#` comments.
    ///
    /// # Errors
    /// `unreadable-file`; `bad-area-table` with the line.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let problem = Problem::UnreadableFile { reason: error.to_string() };
            crate::Error::new(problem, Place::file(path))
        })?;
        Self::parse(&text, &name)
    }

    /// Reads a table from text; `file` is named in errors.
    ///
    /// # Errors
    /// `bad-area-table` with the line.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        let mut names = BTreeMap::new();
        let mut in_force = String::new();
        for (line, content) in (1_u64..).zip(text.lines()) {
            if let Some(comment) = content.strip_prefix('#') {
                if let Some(date) = comment.trim().strip_prefix("in force:") {
                    date.trim().clone_into(&mut in_force);
                }
                continue;
            }
            let entry = content
                .split_once('\t')
                .and_then(|(code, name)| Some((code.parse::<AreaCode>().ok()?, name)))
                .filter(|(code, _)| names.last_key_value().is_none_or(|(last, _)| last < code));
            let Some((code, name)) = entry else {
                let place =
                    Place::Cell { file: Some(file.to_owned()), row: Some(line), column: None };
                let problem = Problem::BadAreaTable { line, value: content.to_owned() };
                return Err(crate::Error::new(problem, place));
            };
            names.insert(code, name.to_owned());
        }
        let mut children: BTreeMap<AreaCode, Vec<AreaCode>> = BTreeMap::new();
        for &code in names.keys() {
            let mut child = code;
            while let Some(parent) = child.parent() {
                let siblings = children.entry(parent).or_default();
                if !counts_towards(child, parent) || siblings.contains(&child) {
                    break;
                }
                siblings.push(child);
                child = parent;
            }
        }
        Ok(Self { names: Arc::new(names), children: Arc::new(children), in_force })
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

    /// Whether a code is in force, or is a place that arithmetic makes: the nation, or the group
    /// of counties that have no prefecture (110100, 419000).
    #[must_use]
    pub fn knows(&self, code: AreaCode) -> bool {
        self.names.contains_key(&code) || self.children.contains_key(&code)
    }

    /// The areas that a complete parent consists of, one tier below it.
    ///
    /// Development zones are never expected. A county answering to its province has the group
    /// `XX9000` as its prefecture.
    #[must_use]
    pub fn children(&self, code: AreaCode) -> &[AreaCode] {
        self.children.get(&code).map_or(&[], Vec::as_slice)
    }

    /// The name of an area; groups of counties without a prefecture are named after their kind.
    #[must_use]
    pub fn name(&self, code: AreaCode, lang: Lang) -> Option<String> {
        if code == AreaCode::NATION {
            return Some(lang.of("全国", "China").to_owned());
        }
        if let Some(name) = self.names.get(&code) {
            return Some(name.clone());
        }
        let province = self.names.get(&code.within(Tier::Province)?)?;
        let group = if code.is_province_direct() {
            "直辖县级"
        } else if code.number().checked_rem(10_000) == Some(200) {
            "县"
        } else {
            "市辖区"
        };
        self.children.contains_key(&code).then(|| format!("{province}{group}"))
    }

    /// Codes of the areas that bear exactly this name.
    #[must_use]
    pub fn codes_named(&self, name: &str) -> Vec<AreaCode> {
        self.names.iter().filter(|(_, known)| *known == name).map(|(code, _)| *code).collect()
    }

    /// For messages: the known codes nearest to a wrong one.
    pub(crate) fn near(&self, code: AreaCode) -> String {
        let same_parent = code.parent().map_or(&[][..], |parent| self.children(parent));
        let texts: Vec<String> = same_parent.iter().map(ToString::to_string).collect();
        near(&code.to_string(), texts.iter().map(String::as_str))
    }
}

fn counts_towards(child: AreaCode, parent: AreaCode) -> bool {
    parent != AreaCode::NATION || !OUTSIDE_NATIONAL_TOTALS.contains(&child.number())
}

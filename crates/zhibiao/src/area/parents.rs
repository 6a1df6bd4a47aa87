//! Tables of parents: any tree of areas, with codes of any text, in any order of rows.
//!
//! What is read is a tree: every parent is there, no area lies in itself, and a child is of a
//! lower tier than its parent.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::lines::{fields, place};
use super::{AreaCode, Tier};
use crate::error::{Error, Place, Problem, Result};

/// Tiers by height where a table names none: what has no children is a county.
const BY_HEIGHT: [Tier; 4] = [Tier::County, Tier::Prefecture, Tier::Province, Tier::Nation];

/// Columns and the headers they go by.
const CODE: [&str; 6] = ["code", "area", "area_code", "代码", "区划代码", "行政区划代码"];
const PARENT: [&str; 4] = ["parent", "parent_code", "上级", "上级代码"];
const NAME: [&str; 4] = ["name", "area_name", "名称", "区划名称"];
const TIER: [&str; 2] = ["tier", "层级"];

/// Areas of a circle that a message tells.
const MOST_TOLD: usize = 10;

/// Where an area stands in its tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) tier: Tier,
    /// None for a root.
    pub(super) parent: Option<AreaCode>,
}

/// A tree as its table tells it.
#[derive(Debug, Default)]
pub(super) struct Parents {
    pub(super) by_text: BTreeMap<String, AreaCode>,
    pub(super) nodes: HashMap<AreaCode, Node>,
}

/// Which column is which.
pub(super) struct Columns {
    separator: char,
    width: usize,
    code: usize,
    parent: usize,
    name: Option<usize>,
    tier: Option<usize>,
}

impl Columns {
    /// None for a line that is not the header of a table of parents.
    pub(super) fn of(header: &str) -> Option<Self> {
        let separator = if header.contains('\t') { '\t' } else { ',' };
        let headers = fields(&header.to_lowercase(), separator)?;
        let position =
            |names: &[&str]| headers.iter().position(|header| names.contains(&header.as_str()));
        Some(Self {
            separator,
            width: headers.len(),
            code: position(&CODE)?,
            parent: position(&PARENT)?,
            name: position(&NAME),
            tier: position(&TIER),
        })
    }
}

/// One row of the table.
struct Row {
    line: u64,
    code: AreaCode,
    parent: Option<AreaCode>,
    name: String,
    /// None where the table names no tiers.
    tier: Option<Tier>,
}

/// Reads the rows below a header: the tree, and names by code, empty where there is none.
pub(super) fn read<'a>(
    columns: &Columns,
    lines: impl Iterator<Item = (u64, &'a str)>,
    file: &str,
) -> Result<(Parents, BTreeMap<AreaCode, String>)> {
    let at_line = |line: u64| move |error: Error| error.at(place(file, line));
    let rows = lines
        .map(|(line, text)| row(columns, line, text).map_err(at_line(line)))
        .collect::<Result<Vec<Row>>>()?;
    if rows.is_empty() {
        return Err(Error::new(Problem::EmptyTable {}, Place::file(file)));
    }
    let heights = heights(&rows, file)?;
    let mut nodes = HashMap::new();
    for row in &rows {
        let height = heights.get(&row.code).copied().unwrap_or(0);
        let tier = row.tier.or_else(|| BY_HEIGHT.get(height).copied());
        let problem = || Problem::TooManyTiers { code: row.code.to_string(), below: height };
        let tier = tier.ok_or_else(|| Error::new(problem(), place(file, row.line)))?;
        nodes.insert(row.code, Node { tier, parent: row.parent });
    }
    let not_below = rows.iter().filter_map(|row| tier_not_below(row, &nodes, file));
    Error::first_of(not_below.collect()).map_or(Ok(()), Err)?;
    let by_text = rows.iter().map(|row| (row.code.to_string(), row.code)).collect();
    let names = rows.into_iter().map(|row| (row.code, row.name)).collect();
    Ok((Parents { by_text, nodes }, names))
}

fn row(columns: &Columns, line: u64, text: &str) -> Result<Row> {
    let bad = |reason: String| Problem::BadAreaTable { line, reason };
    let fields = fields(text, columns.separator)
        .ok_or_else(|| bad(format!("has a quote that is not closed: `{text}`")))?;
    if fields.len() != columns.width {
        let reason = format!("has {} fields below {} headers", fields.len(), columns.width);
        return Err(bad(reason).into());
    }
    let field = |index: usize| fields.get(index).map_or("", String::as_str);
    if field(columns.code).is_empty() {
        return Err(bad("has no code".to_owned()).into());
    }
    let parent = Some(field(columns.parent)).filter(|parent| !parent.is_empty());
    Ok(Row {
        line,
        code: AreaCode::of_text(field(columns.code)),
        parent: parent.map(AreaCode::of_text),
        name: columns.name.map_or("", field).to_owned(),
        tier: columns.tier.map(|tier| field(tier).parse()).transpose()?,
    })
}

/// How many levels of areas lie below each. Areas are taken from the leaves upwards, each when all
/// its children have been; what is never taken lies in itself.
fn heights(rows: &[Row], file: &str) -> Result<HashMap<AreaCode, usize>> {
    let parents = parents(rows, file)?;
    let mut open: HashMap<AreaCode, usize> = HashMap::new();
    for parent in rows.iter().filter_map(|row| row.parent) {
        let children = open.entry(parent).or_insert(0);
        *children = children.saturating_add(1);
    }
    let leaves = rows.iter().map(|row| row.code).filter(|code| !open.contains_key(code));
    let mut ready: Vec<AreaCode> = leaves.collect();
    let mut heights: HashMap<AreaCode, usize> = HashMap::new();
    while let Some(code) = ready.pop() {
        let above = heights.entry(code).or_insert(0).saturating_add(1);
        let Some(parent) = parents.get(&code).copied().flatten() else { continue };
        let height = heights.entry(parent).or_insert(0);
        *height = above.max(*height);
        if let Some(children) = open.get_mut(&parent) {
            *children = children.saturating_sub(1);
            if *children == 0 {
                ready.push(parent);
            }
        }
    }
    let closed = |row: &&Row| open.get(&row.code).is_some_and(|children| *children > 0);
    let Some(row) = rows.iter().find(closed) else { return Ok(heights) };
    let up = |code: &AreaCode| parents.get(code).copied().flatten();
    let above = std::iter::successors(up(&row.code), up).take_while(|code| *code != row.code);
    let path = std::iter::once(row.code).chain(above);
    let mut path: Vec<String> = path.map(|code| code.to_string()).collect();
    if path.len() > MOST_TOLD {
        path.truncate(MOST_TOLD);
        path.push("…".to_owned());
    }
    path.push(row.code.to_string());
    Err(Error::new(Problem::AreaCycle { path: path.join(" in ") }, place(file, row.line)))
}

/// The parent of each area; every area stands once, and every parent is one of them.
fn parents(rows: &[Row], file: &str) -> Result<HashMap<AreaCode, Option<AreaCode>>> {
    let mut lines: HashMap<AreaCode, u64> = HashMap::new();
    let mut errors = Vec::new();
    for row in rows {
        let first = *lines.entry(row.code).or_insert(row.line);
        if first != row.line {
            let problem = Problem::DuplicateArea { code: row.code.to_string(), first };
            errors.push(Error::new(problem, place(file, row.line)));
        }
    }
    for row in rows {
        if let Some(parent) = row.parent.filter(|parent| !lines.contains_key(parent)) {
            let (code, parent) = (row.code.to_string(), parent.to_string());
            errors.push(Error::new(Problem::UnknownParent { code, parent }, place(file, row.line)));
        }
    }
    let parents = rows.iter().map(|row| (row.code, row.parent)).collect();
    Error::first_of(errors).map_or(Ok(parents), Err)
}

fn tier_not_below(row: &Row, nodes: &HashMap<AreaCode, Node>, file: &str) -> Option<Error> {
    let (own, parent) = (nodes.get(&row.code)?.tier, row.parent?);
    let outer = nodes.get(&parent)?.tier;
    let problem = || Problem::TierNotBelow {
        code: row.code.to_string(),
        tier: own.id().to_owned(),
        parent: parent.to_string(),
        outer: outer.id().to_owned(),
    };
    (own >= outer).then(|| Error::new(problem(), place(file, row.line)))
}

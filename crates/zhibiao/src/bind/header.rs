//! Which column is which: ids, names and aliases of the catalogue, with units in the header.

use hashbrown::HashMap;

use super::Table;
use crate::catalog::{Catalog, Dimension, Indicator, Kind, Measure, folded};
use crate::error::{Problem, Result, near};
use crate::unit::Unit;

/// The columns that are keys or belong to the long form, with the headers they go by.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Role {
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
            "区划",
            "代码",
        ],
    ),
    (
        Role::AreaName,
        &["area_name", "区划名称", "地区名称", "地区", "县", "县区", "县(市、区)", "名称"],
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

/// Columns of a table by what they are.
#[derive(Debug, Default)]
pub(super) struct Header {
    roles: HashMap<Role, usize>,
    dimensions: HashMap<String, usize>,
    /// Measure id to column and the unit its header states.
    measures: HashMap<String, (usize, Option<Unit>)>,
    /// Indicator id to column and unit, where figures of indicators may have columns.
    indicators: HashMap<String, (usize, Option<Unit>)>,
    names: Vec<String>,
}

/// What a name in a long table stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'c> {
    Measure(&'c Measure),
    Indicator(&'c Indicator),
    /// The total of a measure, in the unit of the indicator.
    Total(&'c Indicator, &'c Measure),
}

impl<'c> Target<'c> {
    pub(super) fn id(self) -> &'c str {
        match self {
            Self::Measure(measure) | Self::Total(_, measure) => &measure.id,
            Self::Indicator(indicator) => &indicator.id,
        }
    }

    /// The unit of a figure that states none.
    pub(super) fn unit(self) -> &'c Unit {
        match self {
            Self::Measure(measure) => &measure.unit,
            Self::Indicator(indicator) | Self::Total(indicator, _) => &indicator.unit,
        }
    }

    /// The measure whose figures add up.
    pub(super) fn measure(self) -> Option<&'c Measure> {
        match self {
            Self::Measure(measure) | Self::Total(_, measure) => Some(measure),
            Self::Indicator(_) => None,
        }
    }
}

impl Header {
    pub(super) fn of(table: &Table, catalog: &Catalog) -> Result<Self> {
        let names: Vec<String> =
            table.frame.get_column_names().iter().map(ToString::to_string).collect();
        let mut header = Self::default();
        let targets = table.targets && names.iter().any(|name| is_target(&folded(name)));
        for (index, name) in names.iter().enumerate() {
            let key = folded(name);
            let earlier = if let Some(role) = role_of(&key, targets) {
                header.roles.insert(role, index)
            } else if let Some(dimension) = catalog.dimension_named(&key) {
                header.dimensions.insert(dimension.id.clone(), index)
            } else if let Some((figure, unit)) = figure_of(&key, catalog, table.targets) {
                let columns = match figure {
                    Target::Indicator(_) => &mut header.indicators,
                    Target::Measure(_) | Target::Total(..) => &mut header.measures,
                };
                let earlier = columns.insert(figure.id().to_owned(), (index, unit));
                earlier.map(|(index, _)| index)
            } else {
                None
            };
            if let Some(earlier) = earlier {
                let first = names.get(earlier).cloned().unwrap_or_default();
                let problem = Problem::DuplicateColumn { column: name.clone(), first };
                return Err(crate::Error::from(problem).at(table.place(None, Some(name))));
            }
        }
        header.names = names;
        Ok(header)
    }

    pub(super) fn role(&self, role: Role) -> Option<usize> {
        self.roles.get(&role).copied()
    }

    pub(super) fn is_long(&self) -> bool {
        self.roles.contains_key(&Role::Measure) && self.roles.contains_key(&Role::Value)
    }

    /// The area column, which every table has.
    pub(super) fn area(&self, table: &Table) -> Result<usize> {
        self.role(Role::Area).ok_or_else(|| {
            let aliases = ROLES.first().map_or_else(String::new, |(_, headers)| headers.join(", "));
            let problem = Problem::MissingColumn {
                column: "area".to_owned(),
                aliases,
                near: self.near("area"),
            };
            crate::Error::from(problem).at(table.place(None, None))
        })
    }

    pub(super) fn measure(&self, id: &str) -> Option<(usize, Option<&Unit>)> {
        self.measures.get(id).map(|(index, unit)| (*index, unit.as_ref()))
    }

    /// The column of an indicator's figures.
    pub(super) fn indicator(&self, id: &str) -> Option<(usize, Option<&Unit>)> {
        self.indicators.get(id).map(|(index, unit)| (*index, unit.as_ref()))
    }

    /// Ids of the measures and indicators that have columns, in the order of the table.
    pub(super) fn figures(&self) -> Vec<&str> {
        let figures = self.measures.iter().chain(&self.indicators);
        let mut figures: Vec<_> = figures.map(|(id, (index, _))| (*index, id.as_str())).collect();
        figures.sort_unstable();
        figures.into_iter().map(|(_, id)| id).collect()
    }

    /// Declared dimensions that the table has, in the order of the catalogue.
    pub(super) fn dimensions<'c>(&self, catalog: &'c Catalog) -> Vec<(&'c Dimension, usize)> {
        let found = |dimension: &'c Dimension| {
            self.dimensions.get(&dimension.id).map(|index| (dimension, *index))
        };
        catalog.dimensions().filter_map(found).collect()
    }

    pub(super) fn name(&self, index: usize) -> &str {
        self.names.get(index).map_or("", String::as_str)
    }

    pub(super) fn near(&self, word: &str) -> String {
        near(word, self.names.iter().map(String::as_str))
    }
}

/// The role of a folded header; `targets` where one of them says that it is the target.
fn role_of(header: &str, targets: bool) -> Option<Role> {
    if targets && is_target(header) {
        return Some(Role::Value);
    }
    let (role, _) = ROLES.iter().find(|(_, headers)| headers.contains(&header))?;
    Some(*role).filter(|role| !(targets && *role == Role::Value))
}

fn is_target(header: &str) -> bool {
    TARGETS.contains(&header)
}

/// The measure or indicator of a folded name; a measure hides an indicator of its name, and the
/// indicator that shows a grade. Among `targets` the indicator of a total stands for its measure.
pub(super) fn target<'c>(catalog: &'c Catalog, name: &str, targets: bool) -> Option<Target<'c>> {
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
fn figure_of<'c>(
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

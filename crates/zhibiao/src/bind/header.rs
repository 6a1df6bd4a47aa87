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

/// Columns of a table by what they are.
#[derive(Debug, Default)]
pub(super) struct Header {
    roles: HashMap<Role, usize>,
    dimensions: HashMap<String, usize>,
    /// Measure id to column and the unit its header states.
    measures: HashMap<String, (usize, Option<Unit>)>,
    names: Vec<String>,
}

/// What a name in a long table stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target<'c> {
    Measure(&'c Measure),
    Indicator(&'c Indicator),
}

impl<'c> Target<'c> {
    pub(super) fn id(self) -> &'c str {
        match self {
            Self::Measure(measure) => &measure.id,
            Self::Indicator(indicator) => &indicator.id,
        }
    }
}

impl Header {
    pub(super) fn of(table: &Table, catalog: &Catalog) -> Result<Self> {
        let names: Vec<String> =
            table.frame.get_column_names().iter().map(ToString::to_string).collect();
        let mut header = Self::default();
        for (index, name) in names.iter().enumerate() {
            let key = folded(name);
            let earlier = if let Some(role) = role_of(&key) {
                header.roles.insert(role, index)
            } else if let Some(dimension) = catalog.dimension_named(&key) {
                header.dimensions.insert(dimension.id.clone(), index)
            } else if let Some((measure, unit)) = measure_of(&key, catalog) {
                let earlier = header.measures.insert(measure.id.clone(), (index, unit));
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

/// The role of a folded header.
fn role_of(header: &str) -> Option<Role> {
    let (role, _) = ROLES.iter().find(|(_, headers)| headers.contains(&header))?;
    Some(*role)
}

/// The measure or indicator of a folded name; a measure hides an indicator of its name, and the
/// indicator that shows a grade.
pub(super) fn target<'c>(catalog: &'c Catalog, name: &str) -> Option<Target<'c>> {
    let indicator = || {
        let indicator = catalog.indicator_named(name)?;
        Some(match &indicator.kind {
            Kind::Total { measure } if !indicator.grades.is_empty() => {
                Target::Measure(catalog.measure(measure).ok()?)
            }
            _ => Target::Indicator(indicator),
        })
    };
    catalog.measure_named(name).map(Target::Measure).or_else(indicator)
}

/// The measure of a header, whole or before a unit in brackets.
fn measure_of<'c>(header: &str, catalog: &'c Catalog) -> Option<(&'c Measure, Option<Unit>)> {
    if let Some(measure) = catalog.measure_named(header) {
        return Some((measure, None));
    }
    let (name, unit) = header.strip_suffix(')')?.rsplit_once('(')?;
    Some((catalog.measure_named(name)?, Some(Unit::parse(unit).ok()?)))
}

//! Which column is which: ids, names and aliases of the catalogue, with units in the header.

use hashbrown::HashMap;

use super::Table;
use crate::catalog::{Catalog, Dimension, Indicator, Measure, folded};
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
        let roles: HashMap<String, Role> = ROLES
            .iter()
            .flat_map(|(role, headers)| headers.iter().map(|header| (folded(header), *role)))
            .collect();
        let dimensions: HashMap<String, &Dimension> = catalog
            .dimensions()
            .flat_map(|dimension| dimension.names().map(move |name| (folded(name), dimension)))
            .collect();
        let measures = measures_by_name(catalog);
        let mut header = Self::default();
        for (index, name) in names.iter().enumerate() {
            let key = folded(name);
            let earlier = if let Some(role) = roles.get(&key) {
                header.roles.insert(*role, index)
            } else if let Some(dimension) = dimensions.get(&key) {
                header.dimensions.insert(dimension.id.clone(), index)
            } else if let Some((measure, unit)) = measure_of(&key, &measures) {
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

/// Measures and indicators by every name they go by; a measure hides an indicator of its name.
pub(super) fn targets(catalog: &Catalog) -> HashMap<String, Target<'_>> {
    let mut targets = HashMap::new();
    for indicator in catalog.indicators() {
        targets.extend(indicator.names().map(|name| (folded(name), Target::Indicator(indicator))));
    }
    let measures = measures_by_name(catalog);
    targets.extend(measures.into_iter().map(|(name, measure)| (name, Target::Measure(measure))));
    targets
}

fn measures_by_name(catalog: &Catalog) -> HashMap<String, &Measure> {
    let named = |measure| Measure::names(measure).map(move |name| (folded(name), measure));
    catalog.measures().flat_map(named).collect()
}

/// The measure of a header, whole or before a unit in brackets.
fn measure_of<'c>(
    header: &str,
    measures: &HashMap<String, &'c Measure>,
) -> Option<(&'c Measure, Option<Unit>)> {
    if let Some(measure) = measures.get(header) {
        return Some((measure, None));
    }
    let (name, unit) = header.strip_suffix(')')?.rsplit_once('(')?;
    Some((measures.get(name)?, Some(Unit::parse(unit).ok()?)))
}

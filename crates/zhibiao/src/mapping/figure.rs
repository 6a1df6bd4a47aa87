//! What columns and rows hold.

use crate::catalog::{Dimension, Role, Target};
use crate::period::Period;
use crate::unit::Unit;

/// The value of a dimension that stands for all its values together.
pub(super) const TOTAL: &str = "total";

/// What a header, or the name of a row, stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Is {
    /// A key of the rows, or what a row says of its figures.
    Role(Role),
    /// A dimension, by its id.
    Dimension(String),
    Figure(Figure),
    Ignored,
}

/// What a figure is, as far as it is said.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Figure {
    pub(super) of: Option<Of>,
    /// Unit as written.
    pub(super) unit: Option<String>,
    /// Ids of dimensions and of their values, or [`TOTAL`], in order.
    pub(super) within: Vec<(String, String)>,
    pub(super) period: Option<Period>,
}

/// The measure or indicator of a figure.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Of {
    pub(super) id: String,
    /// Unit of a figure that states none.
    pub(super) unit: Unit,
    /// Whether it is a figure of an indicator, as it was published.
    pub(super) reported: bool,
}

impl From<Target<'_>> for Of {
    fn from(target: Target<'_>) -> Self {
        Self {
            id: target.id().to_owned(),
            unit: target.unit().clone(),
            reported: target.measure().is_none(),
        }
    }
}

impl Figure {
    /// The figure with what another one says where this one says nothing.
    pub(super) fn or(&self, other: &Self) -> Self {
        let mut figure = self.clone();
        figure.of = figure.of.or_else(|| other.of.clone());
        figure.unit = figure.unit.or_else(|| other.unit.clone());
        figure.period = figure.period.or(other.period);
        for (dimension, value) in &other.within {
            if figure.value(dimension).is_none() {
                figure.within.push((dimension.clone(), value.clone()));
            }
        }
        figure.within.sort();
        figure
    }

    /// The value of a dimension that it is a figure of.
    pub(super) fn value(&self, dimension: &str) -> Option<&str> {
        let of = |(id, _): &&(String, String)| id == dimension;
        self.within.iter().find(of).map(|(_, value)| value.as_str())
    }

    /// The dimensions that it is a figure of one value of, and whether it has a period of its own.
    pub(super) fn splits(&self) -> (Vec<&str>, bool) {
        (self.within.iter().map(|(id, _)| id.as_str()).collect(), self.period.is_some())
    }

    /// Whether both are figures of the same thing, in whatever unit.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let id = |figure: &Self| figure.of.as_ref().map(|of| of.id.clone());
        id(self) == id(other) && self.within == other.within && self.period == other.period
    }

    /// Whether it can stand in a column of its measure, one row an area.
    pub(super) fn is_plain(&self) -> bool {
        self.of.as_ref().is_some_and(|of| !of.reported)
            && self.within.is_empty()
            && self.period.is_none()
    }
}

impl Is {
    pub(super) fn figure(&self) -> Option<&Figure> {
        match self {
            Self::Figure(figure) => Some(figure),
            _ => None,
        }
    }
}

/// The id of a value that a text names, or [`TOTAL`] for all together.
pub(super) fn value_of(dimension: &Dimension, text: &str) -> Option<String> {
    let declared = dimension.position(text).and_then(|at| dimension.values.get(at));
    let total = || crate::catalog::is_total(text).then(|| TOTAL.to_owned());
    declared.map(|value| value.id.clone()).or_else(total)
}

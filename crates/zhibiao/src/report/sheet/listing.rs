//! Indicators of a catalogue, as cells.

use super::{Column, Extent, Line, Role, Sheet};
use crate::catalog::Indicator;
use crate::label::Lang;

/// What indicators are called, how they are derived, and where they come from.
pub(in crate::report) fn listing(
    indicators: &[&Indicator],
    lang: Lang,
    most: Option<usize>,
) -> Sheet {
    let columns = vec![
        Column::new(lang.of("编号", "id"), Role::Key),
        Column::new(lang.of("名称", "name"), Role::Words),
        Column::new(lang.of("单位", "unit"), Role::Words),
        Column::new(lang.of("类型", "kind"), Role::Words),
        Column::new(lang.of("依据", "source"), Role::Words),
        Column::new(lang.of("可靠程度", "confidence"), Role::Words),
    ];
    let row = |indicator: &&Indicator| {
        Line::from(vec![
            indicator.id.as_str().into(),
            indicator.name.text(lang).into(),
            indicator.unit.label(lang).into(),
            indicator.kind.label(lang).into(),
            indicator.source.as_str().into(),
            indicator.confidence.map(|confidence| confidence.label(lang)).into(),
        ])
    };
    let extent = Extent::new(indicators.len(), most);
    let rows = extent.positions().filter_map(|at| indicators.get(at)).map(row).collect();
    Sheet { title: None, columns, rows, extent, notes: Vec::new() }
}

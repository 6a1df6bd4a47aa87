//! Areas of a tree, as cells.

use super::{Column, Extent, Line, Role, Sheet};
use crate::area::{AreaCode, Areas};
use crate::label::Lang;

/// Areas of a tree.
pub(in crate::report) fn areas(
    areas: &Areas,
    codes: &[AreaCode],
    lang: Lang,
    most: Option<usize>,
) -> Sheet {
    let columns = vec![
        Column::new(lang.of("区划", "area"), Role::Key),
        Column::new(lang.of("层级", "tier"), Role::Words),
        Column::new(lang.of("上级", "parent"), Role::Words),
        Column::new(lang.of("下级数", "children"), Role::Number),
        Column::new(lang.of("名称", "name"), Role::Words),
    ];
    let row = |code: &AreaCode| {
        Line::from(vec![
            code.to_string().into(),
            areas.tier(*code).map(|tier| tier.label(lang)).into(),
            areas.parent(*code).into(),
            areas.children(*code).len().to_string().into(),
            areas.name(*code, lang).into(),
        ])
    };
    let extent = Extent::new(codes.len(), most);
    let rows = extent.positions().filter_map(|position| codes.get(position)).map(row).collect();
    Sheet { title: None, columns, rows, extent, notes: Vec::new() }
}

//! Areas for readers.

use super::text::{finished, plain};
use crate::area::{AreaCode, Areas};
use crate::label::Lang;

/// Areas of a tree as an aligned table: code, tier, parent, number of children and name.
///
/// # Example
/// ```
/// use zhibiao::{Lang, area::Areas, report};
/// let areas = Areas::parse("code,parent,name\nD-1,S,North\nS,,State\n", "state.csv")?;
/// let text = report::areas(&areas, &[areas.code("D-1")?], Lang::En);
/// assert!(text.ends_with("D-1   county  S              0  North\n"));
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[must_use]
pub fn areas(areas: &Areas, codes: &[AreaCode], lang: Lang) -> String {
    let header = [
        lang.of("区划", "area"),
        lang.of("层级", "tier"),
        lang.of("上级", "parent"),
        lang.of("下级数", "children"),
        lang.of("名称", "name"),
    ];
    let mut text = plain(&header, &[3]);
    for code in codes {
        let tier = areas.tier(*code).map_or("", |tier| tier.label(lang));
        text.add_row([
            code.to_string(),
            tier.to_owned(),
            areas.parent(*code).map_or_else(String::new, |parent| parent.to_string()),
            areas.children(*code).len().to_string(),
            areas.name(*code, lang).unwrap_or_default(),
        ]);
    }
    finished(&text)
}

//! Areas for readers.

use super::sheet;
use super::text::aligned;
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
    aligned(&sheet::areas(areas, codes, lang, None))
}

//! What an area of one year is in another, for readers.

use crate::area::history::{Change, Translation};
use crate::label::Lang;

/// The area that was asked for, what it is in the other year, and the changes in between, one a line.
///
/// # Example
/// ```
/// use zhibiao::{Lang, area::History, report};
/// let taigu = History::builtin().translate("140726".parse()?, 2018, 2024)?;
/// let text = report::translation(&taigu, Lang::En);
/// assert_eq!(
///     text,
///     "140726 太谷县 of 2018 in 2024:\n\
///      140703 太谷区, the same\n\
///      2019: 140726 太谷县, new code and name: 140703 太谷区\n"
/// );
/// # Ok::<(), zhibiao::Error>(())
/// ```
#[must_use]
pub fn translation(translation: &Translation, lang: Lang) -> String {
    let Translation { area, from, to, .. } = translation;
    let (code, name) = (area.code, &area.name);
    let title = lang
        .of(
            &format!("{from}年 {code} {name},{to}年为:"),
            &format!("{code} {name} of {from} in {to}:"),
        )
        .to_owned();
    let areas = translation.areas.iter().map(|area| {
        let relation = area.relation.label(lang);
        format!("{} {}{}{relation}", area.code, area.name, lang.of(",", ", "))
    });
    let lost = translation.lost.then(|| {
        lang.of("有一部分去向不明", "of a part of it nothing tells what it is then").to_owned()
    });
    let changes = translation.changes.iter().map(|of| change(of, lang));
    let lines = std::iter::once(title).chain(areas).chain(lost).chain(changes);
    lines.map(|line| format!("{line}\n")).collect()
}

fn change(change: &Change, lang: Lang) -> String {
    let Change { year, old, new, kind, guessed } = change;
    let became = new
        .as_ref()
        .map_or_else(String::new, |new| format!("{}{} {}", lang.of(":", ": "), new.code, new.name));
    let guess = if *guessed { lang.of("(推定)", " (guessed)") } else { "" };
    let (after_year, comma) = (lang.of("年:", ": "), lang.of(",", ", "));
    let kind = kind.label(lang);
    format!("{year}{after_year}{} {}{comma}{kind}{became}{guess}", old.code, old.name)
}

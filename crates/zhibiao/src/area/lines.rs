//! Lines of a table of areas: comments and fields.

use crate::error::Place;

/// Lines that hold something, numbered from 1; `#` begins a comment.
pub(super) fn of(text: &str) -> impl Iterator<Item = (u64, &str)> {
    (1_u64..)
        .zip(text.lines())
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
}

/// The date at which a table was in force, if a comment tells it.
pub(super) fn in_force(text: &str) -> String {
    let comments = text.lines().filter_map(|line| line.strip_prefix('#'));
    let date = comments.filter_map(|comment| comment.trim().strip_prefix("in force:")).next_back();
    date.map_or_else(String::new, |date| date.trim().to_owned())
}

/// The fields of a line, without spaces around them. A field that holds a separator stands in
/// quotes, and a quote in it is written twice; none where a quote is never closed.
pub(super) fn fields(line: &str, separator: char) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let field = fields.last_mut()?;
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted || field.trim().is_empty() => quoted = !quoted,
            other if other == separator && !quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    (!quoted).then(|| fields.iter().map(|field| field.trim().to_owned()).collect())
}

/// Where a line stands.
pub(super) fn place(file: &str, line: u64) -> Place {
    Place::Cell { file: Some(file.to_owned()), sheet: None, row: Some(line), column: None }
}

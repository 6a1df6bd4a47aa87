//! Names of sheets, as spreadsheets allow them.

/// Letters of a name, counted in UTF-16.
const MOST: usize = 31;

/// Names that are taken.
#[derive(Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    /// The nearest name that is allowed and not taken: without `[ ] : * ? / \`, not within
    /// apostrophes, at most 31 letters.
    pub(super) fn of(&mut self, wanted: &str) -> String {
        let allowed = |letter: char| match letter {
            '[' => '(',
            ']' => ')',
            ':' | '*' | '?' | '/' | '\\' => '-',
            letter if letter.is_control() => ' ',
            letter => letter,
        };
        let wanted: String = wanted.chars().map(allowed).collect();
        let wanted = wanted.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
        let wanted = if wanted.is_empty() { "-" } else { wanted };
        let numbered = (2_usize..).map(|number| format!(" ({number})"));
        let names = std::iter::once(String::new()).chain(numbered).map(|end| {
            let room = MOST.saturating_sub(end.len());
            format!("{}{end}", begun(wanted, room))
        });
        let is_free =
            |name: &String| self.0.iter().all(|taken| taken.to_lowercase() != name.to_lowercase());
        let name = names.into_iter().find(is_free).unwrap_or_default();
        self.0.push(name.clone());
        name
    }
}

/// The beginning of a text that has room.
fn begun(text: &str, room: usize) -> &str {
    let mut taken = 0_usize;
    let fits = |letter: &char| {
        taken = taken.saturating_add(letter.len_utf16());
        taken <= room
    };
    let end = text.chars().take_while(fits).map(char::len_utf8).sum();
    text.get(..end).unwrap_or(text).trim_end_matches('\'')
}

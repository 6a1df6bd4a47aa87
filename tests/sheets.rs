//! Sheets of the shared data: CSV files as rows of text, read in place.

use zhibiao_tests::{shared, table, texts};

/// The rows of a file, with the columns named; `None` where the data are absent.
pub fn rows<const N: usize>(path: &str, columns: [&str; N]) -> Option<Vec<[String; N]>> {
    let text = std::fs::read_to_string(shared(path)?).expect("shared data can be read");
    let frame = table(text.trim_start_matches('\u{feff}'));
    let cells: [Vec<String>; N] = columns.map(|column| texts(&frame, column));
    let row =
        |row: usize| -> [String; N] { std::array::from_fn(|column| cells[column][row].clone()) };
    Some((0..frame.height()).map(row).collect())
}

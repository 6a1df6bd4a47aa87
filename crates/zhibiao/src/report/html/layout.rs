//! A sheet as an HTML table.

use indexmap::IndexSet;

use super::tag;
use crate::label::Lang;
use crate::report::sheet::{Cell, Column, Role, Sheet, Tone};

const STYLE: &str = include_str!("style.css");

/// Letters beyond which a cell may be broken into lines.
const LONG: usize = 20;

/// A sheet, with a title where it has none of its own.
pub(super) fn laid_out(sheet: &Sheet, title: &str, lang: Lang) -> String {
    let table = Layout { sheet, shown: shown(sheet), lang, footnotes: IndexSet::new() };
    framed(&table.written(title), lang)
}

/// What is shown, in its own style.
pub(super) fn framed(body: &str, lang: Lang) -> String {
    let tag = tag(lang);
    format!("<div class=\"zhibiao\" lang=\"{tag}\">\n<style>\n{STYLE}</style>\n{body}</div>\n")
}

/// Text in which nothing is a mark, also within quotes.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            other => shown.push(other),
        }
    }
    shown
}

/// Positions of the columns that say something, and are not said in footnotes.
fn shown(sheet: &Sheet) -> Vec<usize> {
    let columns = sheet.columns.iter().enumerate();
    columns
        .filter(|(at, column)| column.role != Role::Remark && sheet.says(*at))
        .map(|(at, _)| at)
        .collect()
}

struct Layout<'a> {
    sheet: &'a Sheet,
    /// Positions of columns.
    shown: Vec<usize>,
    lang: Lang,
    footnotes: IndexSet<&'a str>,
}

impl<'a> Layout<'a> {
    fn written(mut self, title: &str) -> String {
        let title = self.sheet.title.as_deref().unwrap_or(title);
        let (title, count) = (escaped(title), self.count());
        let mut text = format!("<table>\n<caption>{title} <span>{count}</span></caption>\n");
        if !self.shown.is_empty() {
            text.push_str(&self.head());
            text.push_str(&self.body());
        }
        text.push_str("</table>\n");
        text.push_str(&self.below());
        text
    }

    /// How many rows there are.
    fn count(&self) -> String {
        let rows = self.sheet.extent.len();
        let told = self.lang.of("{n} 行", if rows == 1 { "{n} row" } else { "{n} rows" });
        told.replace("{n}", &rows.to_string())
    }

    fn head(&self) -> String {
        let name = |(_, column): (usize, &Column)| {
            let name = escaped(&column.name);
            match column.role {
                Role::Measured => format!("<th scope=\"col\" colspan=\"2\">{name}</th>"),
                Role::Number => format!("<th scope=\"col\" class=\"number\">{name}</th>"),
                _ => format!("<th scope=\"col\">{name}</th>"),
            }
        };
        let names: String = self.columns().map(name).collect();
        format!("<thead>\n<tr>{names}</tr>\n</thead>\n")
    }

    fn body(&mut self) -> String {
        let mut text = String::from("<tbody>\n");
        for row in 0..self.sheet.rows.len() {
            if row == self.sheet.extent.head() {
                text.push_str(&self.gap());
            }
            text.push_str(&self.row(row));
        }
        text.push_str("</tbody>\n");
        text
    }

    /// A row that stands for those that are left out.
    fn gap(&self) -> String {
        let width = |(_, column): (usize, &Column)| match column.role {
            Role::Measured => 2_usize,
            _ => 1,
        };
        let told = self.lang.of("…… 中间 {n} 行未显示 ……", "… {n} rows not shown …");
        let told = told.replace("{n}", &self.sheet.extent.left_out().to_string());
        let width: usize = self.columns().map(width).sum();
        format!("<tr class=\"gap\"><td colspan=\"{width}\">{told}</td></tr>\n")
    }

    fn row(&mut self, row: usize) -> String {
        let Some(line) = self.sheet.rows.get(row) else { return String::new() };
        let mut mark = self.mark(&line.footnote);
        let mut text = String::from("<tr>");
        for (at, column) in self.columns() {
            let Some(cell) = line.cells.get(at) else { continue };
            match column.role {
                Role::Key => text.push_str(&self.key(row, at, cell)),
                Role::Measured => text.push_str(&measured(cell, &std::mem::take(&mut mark))),
                Role::Number => text.push_str(&td("number", cell)),
                Role::Words | Role::Remark => text.push_str(&td("", cell)),
            }
        }
        text.push_str("</tr>\n");
        text
    }

    /// A key stands once for all rows below that have it, too.
    fn key(&self, row: usize, column: usize, cell: &Cell) -> String {
        if self.repeats(row, column) {
            return String::new();
        }
        let after = (row.saturating_add(1)..self.sheet.rows.len())
            .take_while(|below| self.repeats(*below, column));
        let rows = match after.count() {
            0 => String::new(),
            more => format!(" rowspan=\"{}\"", more.saturating_add(1)),
        };
        format!("<th scope=\"row\"{rows}>{}</th>", escaped(&cell.text))
    }

    /// Whether a row has the same keys as the one above, up to a column.
    fn repeats(&self, row: usize, column: usize) -> bool {
        let rows = &self.sheet.rows;
        let above = row.checked_sub(1).and_then(|above| rows.get(above));
        let Some((above, line)) = above.zip(rows.get(row)) else { return false };
        let keys = self.columns().filter(|(at, key)| key.role == Role::Key && *at <= column);
        let same = |(at, _): (usize, &Column)| {
            let text = |cells: &'a [Cell]| cells.get(at).map(|cell| cell.text.as_str());
            text(&above.cells) == text(&line.cells)
        };
        row != self.sheet.extent.head() && keys.into_iter().all(same)
    }

    /// The mark of a footnote, which is the same wherever it says the same.
    fn mark(&mut self, footnote: &'a str) -> String {
        if footnote.is_empty() {
            return String::new();
        }
        let number = self.footnotes.insert_full(footnote).0.saturating_add(1);
        format!("<sup title=\"{}\">{number})</sup>", escaped(footnote))
    }

    /// Footnotes, then what is to be said of the whole table.
    fn below(&self) -> String {
        let numbered = self.footnotes.iter().zip(1_usize..);
        let footnotes = numbered.map(|(footnote, number)| format!("{number}) {footnote}"));
        let notes = self.sheet.notes.iter().filter(|note| !note.is_empty()).cloned();
        let lines = footnotes.chain(notes).map(|line| format!("<p>{}</p>\n", escaped(&line)));
        let lines: String = lines.collect();
        if lines.is_empty() { lines } else { format!("<div class=\"notes\">\n{lines}</div>\n") }
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &'a Column)> {
        let columns = &self.sheet.columns;
        self.shown.iter().filter_map(|at| Some((*at, columns.get(*at)?)))
    }
}

/// A number, and beside it the unit and the mark of a footnote, so that digits stand below digits.
fn measured(cell: &Cell, mark: &str) -> String {
    format!("{}<td class=\"unit\">{}{mark}</td>", td("figure", cell), escaped(&cell.unit))
}

fn td(class: &str, cell: &Cell) -> String {
    let tone = match cell.tone {
        Tone::Plain => "",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Open => "open",
        Tone::Quiet => "quiet",
    };
    let length = if cell.text.chars().count() > LONG { "long" } else { "" };
    let classes = [class, tone, length].into_iter().filter(|class| !class.is_empty());
    let classes: Vec<&str> = classes.collect();
    let text = escaped(&cell.text);
    if classes.is_empty() {
        format!("<td>{text}</td>")
    } else {
        format!("<td class=\"{}\">{text}</td>", classes.join(" "))
    }
}

//! Mappings and proposals as TOML.

use std::ops::Range;

use super::figure::{Figure, Is};
use super::headers::Reading;
use super::propose::Proposed;
use super::{Entry, Mapping, Proposal};
use crate::label::Lang;
use crate::period::Period;

impl Mapping {
    /// The mapping as TOML, which reads back to the same.
    #[must_use]
    pub fn toml(&self) -> String {
        let mut text = String::new();
        let say = |text: &mut String, key: &str, value: String| {
            text.push_str(&format!("{key} = {value}\n"));
        };
        if let Some(sheet) = &self.sheet {
            say(&mut text, "sheet", quoted(sheet));
        }
        if let Some(rows) = &self.header {
            text.push_str(&header(rows));
            text.push('\n');
        }
        if let Some(symbols) = self.symbols {
            say(&mut text, "symbols", quoted(symbols.id()));
        }
        if let Some(area) = &self.area {
            say(&mut text, "area", quoted(area));
        }
        if let Some(period) = self.period {
            say(&mut text, "period", quoted(&period.to_string()));
        }
        if self.figures != Figure::default() {
            say(&mut text, "figures", table_of(&self.figures));
        }
        if !self.signs.is_empty() {
            text.push_str("\n[signs]\n");
        }
        for (sign, means) in &self.signs {
            say(&mut text, &quoted(sign), quoted(means.word()));
        }
        for (section, entries) in [("columns", &self.columns), ("rows", &self.rows)] {
            if entries.is_empty() {
                continue;
            }
            text.push_str(&format!("\n[{section}]\n"));
            for Entry { name, is, .. } in entries {
                text.push_str(&line(name, is));
                text.push('\n');
            }
        }
        text
    }
}

impl Proposal {
    /// The proposal as TOML to edit, with comments that tell how each column was found. What is
    /// open stands there as `"?"`, above the lines to choose from.
    #[must_use]
    pub fn toml(&self, lang: Lang) -> String {
        let mut lines = vec![
            lang.of(
                "# 映射：各列是什么。“?”须由人选定，其余请核对。",
                "# Mapping: what the columns are. Decide about each \"?\", check the others.",
            )
            .to_owned(),
        ];
        lines.extend(self.sheet.as_ref().map(|sheet| format!("sheet = {}", quoted(sheet))));
        lines.extend(self.header.as_ref().map(header));
        lines.extend(
            self.above
                .iter()
                .map(|line| comment(&format!("{}{line}", lang.of("表上：", "above: ")))),
        );
        if !self.has_area {
            let why = lang.of("没有区划代码列", "no column of area codes");
            lines.push(format!("# area = \"……\"  # {why}"));
        }
        if !self.has_period {
            let why = lang.of("没有时期列", "no column of periods");
            let year = self.above.iter().chain(&self.on_sheet).find_map(|line| year_in(line));
            let year = year.map_or_else(|| "……".to_owned(), |year| year.to_string());
            lines.push(format!("# period = {}  # {why}", quoted(&year)));
        }
        if let Some(figures) = &self.figures {
            lines.push("figures = \"?\"".to_owned());
            let why = lang.of("未写明指标的列", "columns that name no measure");
            lines.extend(
                figures.iter().map(|figure| format!("# figures = {}  # {why}", table_of(figure))),
            );
        }
        lines.push(String::new());
        lines.push("[columns]".to_owned());
        for column in &self.columns {
            lines.extend(lines_of(column, lang));
        }
        if !self.rows.is_empty() {
            lines.push(String::new());
            let why = lang.of("行名未识别", "names of rows that are not known");
            lines.push(format!("# [rows]  # {why}"));
            lines.extend(self.rows.iter().map(|(name, near)| ignored(name, near, lang)));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

/// Rows of the header, from 1.
fn header(rows: &Range<usize>) -> String {
    format!("header = [{}, {}]", rows.start.saturating_add(1), rows.end)
}

fn lines_of(column: &Proposed, lang: Lang) -> Vec<String> {
    let Proposed { name, readings, near, .. } = column;
    if let Some(reading) = column.known() {
        let above = lang.of("，单位见表上", ", unit above the table");
        let above = if column.unit_above { above } else { "" };
        return vec![format!("{}  # {}{above}", line(name, &reading.is), reading.how.label(lang))];
    }
    if readings.is_empty() {
        return vec![ignored(name, near, lang)];
    }
    let why = lang.of("选一行，去掉 #，删去上一行", "keep one of these in its place");
    let mut lines = vec![format!("{} = \"?\"  # {why}", quoted(name))];
    let option = |reading: &Reading| {
        let why = reading.doubt.map_or(reading.how.label(lang), |doubt| doubt.label(lang));
        format!("# {}  # {why}", line(name, &reading.is))
    };
    lines.extend(readings.iter().map(option));
    lines.push(format!("# {}", line(name, &Is::Ignored)));
    lines
}

/// A header that nothing goes by, as a comment.
fn ignored(name: &str, near: &str, lang: Lang) -> String {
    let why = lang.of("未识别；相近：", "not known; near: ");
    format!("# {}  {}", line(name, &Is::Ignored), comment(&format!("{why}{near}")))
}

fn line(name: &str, is: &Is) -> String {
    let said = match is {
        Is::Role(role) => quoted(role.word()),
        Is::Dimension(id) => quoted(id),
        Is::Ignored => quoted("ignore"),
        Is::Figure(figure) if *figure == Figure::default() => quoted("value"),
        Is::Figure(Figure { of: Some(of), unit: None, within, period: None })
            if within.is_empty() =>
        {
            quoted(&of.id)
        }
        Is::Figure(figure) => table_of(figure),
    };
    format!("{} = {said}", quoted(name))
}

/// A figure as an inline table.
fn table_of(figure: &Figure) -> String {
    let mut parts = Vec::new();
    parts.extend(figure.of.as_ref().map(|of| format!("measure = {}", quoted(&of.id))));
    parts.extend(figure.unit.as_ref().map(|unit| format!("unit = {}", quoted(unit))));
    let value = |(dimension, value): &(String, String)| format!("{dimension} = {}", quoted(value));
    let within: Vec<String> = figure.within.iter().map(value).collect();
    if !within.is_empty() {
        parts.push(format!("where = {{ {} }}", within.join(", ")));
    }
    parts.extend(figure.period.map(|period| format!("period = {}", quoted(&period.to_string()))));
    format!("{{ {} }}", parts.join(", "))
}

/// A text as a string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A comment on one line.
fn comment(text: &str) -> String {
    let printed = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    format!("# {}", printed.collect::<String>())
}

/// The first year or school year that a line names.
fn year_in(line: &str) -> Option<Period> {
    let is_of_year = |c: char| c.is_ascii_digit() || "年学-—–".contains(c);
    let texts = line.split(|c| !is_of_year(c)).map(|text| text.trim_end_matches('学'));
    let mut texts = texts.filter(|text| text.ends_with('年'));
    texts.find_map(|text| text.parse().ok())
}

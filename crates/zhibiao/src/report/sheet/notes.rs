//! What figures stand on, and what was set aside, as cells.

use super::super::text;
use super::{Column, Extent, Line, Role, Sheet};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::label::Lang;

/// Findings that are told among the notes.
const TOLD: usize = 20;

/// What a catalogue says of some of its ids: formula, unit, source, confidence, hash of each.
pub(in crate::report) fn notes<'a>(
    ids: impl IntoIterator<Item = &'a str>,
    catalog: &Catalog,
    lang: Lang,
) -> Result<Sheet> {
    let columns = vec![
        Column::new(lang.of("对象", "about"), Role::Key),
        Column::new(lang.of("项目", "item"), Role::Words),
        Column::new(lang.of("内容", "content"), Role::Words),
    ];
    let mut sheet = Sheet {
        title: None,
        columns,
        rows: Vec::new(),
        extent: Extent::new(0, None),
        notes: Vec::new(),
    };
    for id in ids {
        for (heading, text) in catalog.explain(id)?.lines(lang) {
            sheet.add(id, heading, text);
        }
    }
    Ok(sheet)
}

/// Flaws that were set aside, with what to do about each.
pub(in crate::report) fn flaws(findings: &[Error], lang: Lang) -> Sheet {
    let columns = vec![
        Column::new(lang.of("问题", "code"), Role::Words),
        Column::new(lang.of("位置", "place"), Role::Words),
        Column::new(lang.of("说明", "message"), Role::Words),
        Column::new(lang.of("处理", "remedy"), Role::Words),
    ];
    let row = |finding: &Error| {
        Line::from(vec![
            finding.code().into(),
            finding.place().to_string().into(),
            finding.problem().to_string().into(),
            finding.problem().remedy().into(),
        ])
    };
    let rows = findings.iter().map(row).collect();
    let extent = Extent::new(findings.len(), None);
    Sheet { title: None, columns, rows, extent, notes: Vec::new() }
}

impl Sheet {
    /// Adds a row of notes.
    pub(in crate::report) fn add(&mut self, about: &str, item: &str, content: &str) {
        self.rows.push(vec![about.into(), item.into(), content.into()].into());
        self.extent = Extent::new(self.rows.len(), None);
    }

    /// Adds how many findings there are, and the first of them.
    pub(in crate::report) fn first_findings(
        &mut self,
        about: &str,
        findings: &[Error],
        lang: Lang,
    ) {
        self.add(about, lang.of("条数", "number"), &findings.len().to_string());
        for line in text::notes(findings, lang, TOLD).lines() {
            self.add(about, "", line);
        }
    }
}

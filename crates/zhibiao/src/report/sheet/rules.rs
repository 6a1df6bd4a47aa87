//! Verdicts on rules, and the schools that fail them, as cells.

use std::sync::Arc;

use hashbrown::HashMap;

use super::verdicts::{key_cells, keys, verdict_cell};
use super::{Column, Extent, Line, Role, Sheet};
use crate::area::Tier;
use crate::catalog::Per;
use crate::judge::{RuleRow, Verdict, VerdictRow, VerdictTable};
use crate::label::Lang;
use crate::table::Group;

/// How areas stand by the rules of the standard, and as a whole.
pub(super) fn rules(table: &VerdictTable, most: Option<usize>) -> Sheet {
    let lang = table.lang();
    let all = table.is_of_schools();
    let rows: Vec<&RuleRow> =
        table.rules().filter(|row| all || row.group.tier != Tier::School).collect();
    let mut columns = keys(table);
    columns.extend([
        Column::new(lang.of("规则", "rule"), Role::Words),
        Column::new(lang.of("达标", "met"), Role::Number),
        Column::new(lang.of("未达标", "failed"), Role::Number),
        Column::new(lang.of("无法判定", "unknown"), Role::Number),
        Column::new(lang.of("要求", "required"), Role::Words),
        Column::new(lang.of("结论", "verdict"), Role::Words),
    ]);
    let line = |row: &RuleRow| -> Line {
        let mut cells = key_cells(&row.group, table.slices.len());
        let required = if row.of_schools {
            let told = lang.of("{n} 校（学段）全部", "all of {n} schools by stage");
            told.replace("{n}", &row.items.judged().to_string())
        } else {
            row.required(lang)
        };
        cells.extend([
            if row.rule.is_none() {
                lang.of("总评", "the whole").into()
            } else {
                row.name.as_str().into()
            },
            row.items.meets.to_string().into(),
            row.items.fails.to_string().into(),
            row.items.unknown.to_string().into(),
            required.into(),
            verdict_cell(row.verdict, lang),
        ]);
        cells.into()
    };
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let rows = shown.map(|row| line(row)).collect();
    let title = lang.of("按规则汇总", "By rule").to_owned();
    Sheet { title: Some(title), columns, rows, extent, notes: Vec::new() }
}

/// Schools that do not meet a rule that is asked of each, with what they miss.
pub(super) fn schools(table: &VerdictTable, most: Option<usize>) -> Sheet {
    let lang = table.lang();
    let rows: Vec<&RuleRow> = failing_schools(table).collect();
    let mut columns = keys(table);
    columns.extend([
        Column::new(lang.of("规则", "rule"), Role::Words),
        Column::new(lang.of("达标", "met"), Role::Number),
        Column::new(lang.of("要求", "required"), Role::Words),
        Column::new(lang.of("结论", "verdict"), Role::Words),
        Column::new(lang.of("未达标的指标", "what fails"), Role::Words),
    ]);
    // Verdicts on one school share its group.
    let mut of_school: HashMap<*const Group, Vec<&VerdictRow>> = HashMap::new();
    for criterion in table.rows().filter(|row| row.verdict != Verdict::Meets) {
        of_school.entry(Arc::as_ptr(&criterion.group)).or_default().push(criterion);
    }
    let line = |row: &RuleRow| -> Line {
        let mut cells = key_cells(&row.group, table.slices.len());
        let own = of_school.get(&Arc::as_ptr(&row.group)).into_iter().flatten();
        let own = own.filter(|criterion| is_within(table, criterion, row));
        let missed: Vec<String> = own.map(|criterion| missed(criterion, lang)).collect();
        cells.extend([
            row.name.as_str().into(),
            row.items.meets.to_string().into(),
            row.required(lang).into(),
            verdict_cell(row.verdict, lang),
            missed.join(lang.of("；", "; ")).into(),
        ]);
        cells.into()
    };
    let extent = Extent::new(rows.len(), most);
    let shown = extent.positions().filter_map(|position| rows.get(position));
    let rows = shown.map(|row| line(row)).collect();
    let title = lang.of("未达标的学校", "Schools that do not meet it").to_owned();
    Sheet { title: Some(title), columns, rows, extent, notes: Vec::new() }
}

/// Schools that fail a rule that is asked of each, or of which it is not known though something is.
pub(super) fn failing_schools(table: &VerdictTable) -> impl Iterator<Item = &RuleRow> {
    table.rules().filter(|row| {
        let per_school = row.rule.as_ref().is_some_and(|rule| rule.per == Some(Per::School));
        row.group.tier == Tier::School
            && per_school
            && matches!(row.verdict, Verdict::Fails | Verdict::Unknown)
            && row.items.meets.saturating_add(row.items.fails) > 0
    })
}

/// Whether a criterion belongs to a rule, or to one that is an item of it.
fn is_within(table: &VerdictTable, criterion: &VerdictRow, row: &RuleRow) -> bool {
    let mut around = table.standard.around(criterion.criterion.rule.as_deref());
    row.rule.as_ref().is_some_and(|rule| around.any(|outer| outer == rule))
}

fn missed(row: &VerdictRow, lang: Lang) -> String {
    let name =
        row.indicator.as_ref().map_or(row.criterion.indicator.as_str(), |i| i.name.text(lang));
    let value = row.display.as_deref().unwrap_or_else(|| row.status.label(lang));
    format!("{name} {value} ({})", row.criterion.threshold(lang))
}

//! Verdicts of successive periods side by side, as cells.

use super::verdicts::{key_cells, keys};
use super::{Cell, Column, Extent, Line, Role, Sheet, Tone};
use crate::area::Tier;
use crate::judge::{Course, Station, Turn, Verdict, VerdictTable};
use crate::label::Lang;
use crate::period::Period;

/// No more periods than these, the latest, stand side by side.
const MOST_PERIODS: usize = 12;

/// Criteria and rules of areas with a column for each period, and what became of them last.
pub(super) fn years(table: &VerdictTable, most: Option<usize>) -> Sheet {
    let lang = table.lang();
    let all = table.is_of_schools();
    let of_area = |course: &Course| {
        let first = course.stations.first();
        course.stations.len() > 1
            && first.is_some_and(|first| all || first.group.tier != Tier::School)
    };
    let courses: Vec<Course> = table.courses().into_iter().filter(of_area).collect();
    let stations = courses.iter().flat_map(|course| &course.stations);
    let mut periods: Vec<Period> = stations.map(|station| station.period).collect();
    periods.sort_unstable();
    periods.dedup();
    let periods = periods.split_off(periods.len().saturating_sub(MOST_PERIODS));
    let mut columns: Vec<Column> = keys(table);
    // The period is the name of a column.
    columns.remove(2);
    columns.push(Column::new(lang.of("指标或规则", "indicator or rule"), Role::Words));
    columns.extend(periods.iter().map(|period| Column::new(&period.to_string(), Role::Words)));
    columns.push(Column::new(lang.of("变化", "change"), Role::Words));
    let line = |course: &Course| -> Line {
        let mut cells = course.stations.first().map_or_else(Vec::new, |first| {
            let mut cells = key_cells(&first.group, table.slices.len());
            cells.remove(2);
            cells
        });
        cells.push(course.name.as_str().into());
        cells.extend(periods.iter().map(|period| {
            let station = course.stations.iter().find(|station| station.period == *period);
            station.map_or_else(Cell::default, |station| cell(station, lang))
        }));
        let turn = course.stations.last().and_then(|last| last.turn);
        cells.push(turn.map_or_else(Cell::default, |turn| turned(turn, lang)));
        cells.into()
    };
    let extent = Extent::new(courses.len(), most);
    let shown = extent.positions().filter_map(|position| courses.get(position));
    let rows = shown.map(line).collect();
    let title = lang.of("历年对照", "Through the periods").to_owned();
    Sheet { title: Some(title), columns, rows, extent, notes: Vec::new() }
}

/// Mark, value and what was asked.
fn cell(station: &Station, lang: Lang) -> Cell {
    let (mark, tone) = mark(station.verdict);
    match &station.display {
        Some(display) => Cell::toned(format!("{mark} {display} ({})", station.threshold), tone),
        None => Cell::toned(format!("{mark} {}", station.verdict.label(lang)), tone),
    }
}

fn turned(turn: Turn, lang: Lang) -> Cell {
    let tone = match turn {
        Turn::Won => Tone::Good,
        Turn::Lost => Tone::Bad,
        _ => Tone::Quiet,
    };
    Cell::toned(turn.label(lang), tone)
}

/// The mark of a verdict, and what it says.
pub(super) const fn mark(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Meets => ("✓", Tone::Good),
        Verdict::Fails => ("✗", Tone::Bad),
        Verdict::Unknown => ("?", Tone::Open),
        Verdict::NotApplicable => ("–", Tone::Quiet),
    }
}

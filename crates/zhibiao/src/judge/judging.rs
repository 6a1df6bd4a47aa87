//! Judging blocks (逐一评估): each school by the rules that are asked of it, then each area.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use super::blocks::{Block, Groups, Source, blocks};
use super::criterion::{cannot_tell_stage, hold, reaches};
use super::rule::{RuleRow, Standing, combined};
use super::{Summary, Verdict, VerdictRow, VerdictTable};
use crate::area::{AreaCode, Areas, Tier};
use crate::catalog::{Criterion, Per, Rule, Standard};
use crate::error::Error;
use crate::label::Lang;
use crate::period::Period;
use crate::table::{Group, Named, Row};

/// Verdicts on a standard, by the criteria of the indicators that are asked for. Slices of the
/// answers after the first `split` ones only tell stages apart.
pub(super) fn judged(
    (standard, asked): (&Standard, &[&str]),
    sources: &[Source<'_>],
    split: usize,
    findings: Vec<Error>,
) -> VerdictTable {
    let slices = sources.iter().map(|source| &source.table.slices).max_by_key(|all| all.len());
    let lang = sources.first().map_or_else(Lang::default, |source| source.table.lang);
    let mut table = VerdictTable {
        standard: standard.of(asked),
        rows: Vec::new(),
        rules: Vec::new(),
        to_come: Vec::new(),
        slices: slices.cloned().unwrap_or_default(),
        lang,
        findings,
    };
    let Some(first) = sources.first() else { return table };
    let judging = Judging {
        standard,
        asked,
        sources,
        areas: &first.table.areas,
        by_stage: sources.iter().any(Source::is_by_stage),
        rules: inmost_first(standard),
        lang,
    };
    let (schools, others): (Vec<Block>, Vec<Block>) =
        blocks(sources, split).into_iter().partition(|block| block.group.tier == Tier::School);
    let mut schools_judged = Vec::new();
    let mut units = Units::new();
    for block in &schools {
        schools_judged.extend(judging.school(block, &mut units));
    }
    for block in &others {
        let judged = judging.area(block, &units);
        table.to_come.extend(judging.to_come(block));
        table.rows.extend(judged.rows);
        table.rules.extend(judged.rules);
    }
    for judged in schools_judged {
        table.rows.extend(judged.rows);
        table.rules.extend(judged.rules);
    }
    table
}

/// Schools by period and slice, then by area.
type Units = HashMap<(Option<Period>, Named), BTreeMap<AreaCode, Vec<Unit>>>;

/// How a school, of several stages one of them, stands by the rules that are asked of each.
type Unit = Vec<(String, Verdict)>;

/// Which criteria and rules a block is judged by.
#[derive(Clone, Copy, Eq, PartialEq)]
enum By {
    /// Those of areas; rules of schools take the schools as items.
    Areas,
    /// Those that are asked of each school.
    Schools,
    /// All, each rule of schools with the school as its only one.
    All,
}

#[derive(Default)]
struct Judged {
    rows: Vec<VerdictRow>,
    rules: Vec<RuleRow>,
    standings: Vec<(Option<String>, Standing)>,
}

struct Judging<'a> {
    standard: &'a Standard,
    asked: &'a [&'a str],
    sources: &'a [Source<'a>],
    areas: &'a Areas,
    /// Whether any answer is split by stage.
    by_stage: bool,
    /// Rules, each before what it is an item of.
    rules: Vec<Arc<Rule>>,
    lang: Lang,
}

impl<'a> Judging<'a> {
    fn area(&self, block: &Block, units: &Units) -> Judged {
        let mut judged = self.criteria(block, None, By::Areas);
        self.rules(&block.group, By::Areas, &mut judged, |rule| {
            let key = (block.group.period, Arc::clone(&block.group.slices));
            let units = units.get(&key).into_iter().flatten();
            let inside = units.filter(|(area, _)| self.areas.is_within(**area, block.group.area));
            let verdict = |unit: &Unit| {
                let own = unit.iter().find(|(id, _)| *id == rule.id);
                own.map(|(_, verdict)| Standing::from(*verdict))
            };
            inside.flat_map(|(_, units)| units).filter_map(verdict).collect()
        });
        judged
    }

    /// A school, stage by stage.
    fn school(&self, block: &Block, units: &mut Units) -> Vec<Judged> {
        let by = if block.schools { By::Schools } else { By::All };
        let mut all = Vec::new();
        for (stage, groups) in &block.stages {
            let stage = stage.as_deref();
            let mut judged = self.criteria(block, Some((stage, groups)), by);
            self.rules(&groups.group, by, &mut judged, |_| Vec::new());
            let of_rule = |row: &RuleRow| {
                let rule = row.rule.as_ref().filter(|rule| rule.per == Some(Per::School))?;
                Some((rule.id.clone(), row.verdict))
            };
            let unit = judged.rules.iter().filter_map(of_rule).collect();
            let key = (block.group.period, Arc::clone(&block.group.slices));
            let areas = units.entry(key).or_default();
            areas.entry(block.group.area).or_default().push(unit);
            all.push(judged);
        }
        all
    }

    /// The criteria in force; of one stage those that are for it.
    fn criteria(&self, block: &Block, only: Option<(Option<&str>, &Groups)>, by: By) -> Judged {
        let mut judged = Judged::default();
        let Group { area, period, .. } = *block.group;
        for criterion in self.standard.in_force(self.areas, area, period) {
            let per_school = self.standard.is_per_school(criterion);
            if (by == By::Areas && per_school) || (by == By::Schools && !per_school) {
                continue;
            }
            let rule = criterion.rule.as_deref().and_then(|id| self.standard.rule(id));
            let asked = self.asked.contains(&criterion.indicator.as_str());
            if !asked && rule.is_none_or(|rule| rule.needs.is_none()) {
                continue;
            }
            let Some((verdict, row)) = self.held(block, only, criterion) else { continue };
            // What was not asked for is not known.
            let standing = if asked {
                let floor = rule.and_then(|rule| rule.floor);
                let floor = floor.and_then(|floor| reaches(criterion, row, floor));
                Standing { verdict: verdict.verdict, floor }
            } else {
                Standing { verdict: Verdict::Unknown, floor: None }
            };
            judged.standings.push((criterion.rule.clone(), standing));
            if asked {
                judged.rows.push(verdict);
            }
        }
        judged
    }

    /// A criterion against its value; none where it is for another stage, or one that is not there.
    fn held(
        &self,
        block: &Block,
        only: Option<(Option<&str>, &Groups)>,
        criterion: &Arc<Criterion>,
    ) -> Option<(VerdictRow, Option<Row<'a>>)> {
        let stage = criterion.stage.as_deref();
        let (groups, told) = match (only, stage) {
            (Some((here, groups)), Some(of)) => match here {
                Some(here) if here != of => return None,
                None if self.by_stage => return None,
                here => (Some(groups), here.is_some()),
            },
            // What is asked of all stages together is not asked of each.
            (Some((Some(_), _)), None) if block.stages.contains_key(&None) => return None,
            (Some((_, groups)), None) => (Some(groups), true),
            (None, Some(of)) if self.by_stage => {
                (Some(block.stages.get(&Some(of.to_owned()))?), true)
            }
            (None, Some(_)) => (block.stages.get(&None), false),
            // A block of a slice by stage has that stage only.
            (None, None) => {
                let whole = block.stages.get(&None);
                let only = block.stages.values().next().filter(|_| block.stages.len() == 1);
                (whole.or(only), true)
            }
        };
        let (indicator, row) =
            groups.map_or((None, None), |groups| groups.row(self.sources, &criterion.indicator));
        let group = groups.map_or(&block.group, |groups| &groups.group);
        let group = Arc::clone(group);
        let verdict = if told {
            hold(group, criterion, indicator, row)
        } else {
            cannot_tell_stage(group, criterion, indicator, row, self.lang)
        };
        Some((verdict, row))
    }

    /// The rules, and the standard as a whole, from what stands.
    fn rules(
        &self,
        group: &Arc<Group>,
        by: By,
        judged: &mut Judged,
        schools: impl Fn(&Rule) -> Vec<Standing>,
    ) {
        let mut rows = Vec::new();
        for rule in &self.rules {
            let mut outer = self.standard.around(rule.part_of.as_deref());
            let of_schools = outer.any(|outer| outer.per == Some(Per::School));
            let per_school = rule.per == Some(Per::School);
            let wanted = match by {
                By::Areas => !of_schools,
                By::Schools => of_schools || per_school,
                By::All => true,
            };
            if !wanted || !self.is_asked(rule) {
                continue;
            }
            let row = if per_school && by == By::Areas {
                let items = schools(rule);
                let (items, needs, verdict) = combined(None, false, &items);
                // Without schools nothing is known of them.
                let none = items == Summary::default();
                let verdict = if none { Verdict::Unknown } else { verdict };
                self.row(group, Some(rule), (items, needs, verdict), true)
            } else {
                let own = judged.standings.iter().filter(|(of, _)| of.as_deref() == Some(&rule.id));
                let items: Vec<Standing> = own.map(|(_, standing)| *standing).collect();
                if items.is_empty() {
                    continue;
                }
                let outcome = combined(rule.needs, rule.floor.is_some(), &items);
                self.row(group, Some(rule), outcome, false)
            };
            judged.standings.push((rule.part_of.clone(), Standing::from(row.verdict)));
            rows.push(row);
        }
        let place = |row: &RuleRow| {
            let own = row.rule.as_ref();
            self.standard.rules.iter().position(|rule| Some(rule) == own)
        };
        rows.sort_by_key(place);
        judged.rules.extend(rows);
        if by != By::Schools {
            let own = judged.standings.iter().filter(|(of, _)| of.is_none());
            let items: Vec<Standing> = own.map(|(_, standing)| *standing).collect();
            judged.rules.push(self.row(group, None, combined(None, false, &items), false));
        }
    }

    fn row(
        &self,
        group: &Arc<Group>,
        rule: Option<&Arc<Rule>>,
        (items, needs, verdict): (Summary, usize, Verdict),
        of_schools: bool,
    ) -> RuleRow {
        let name = rule.map_or(&self.standard.name, |rule| &rule.name).text(self.lang);
        RuleRow {
            group: Arc::clone(group),
            rule: rule.cloned(),
            name: name.to_owned(),
            of_schools,
            items,
            needs,
            verdict,
        }
    }

    /// Criteria that will be in force, against the values of now.
    fn to_come(&self, block: &Block) -> Vec<VerdictRow> {
        let Some(period) = block.group.period else { return Vec::new() };
        let criteria = self.standard.to_come(self.areas, block.group.area, period);
        let wanted = criteria.filter(|criterion| {
            self.asked.contains(&criterion.indicator.as_str())
                && !self.standard.is_per_school(criterion)
        });
        let held = wanted.filter_map(|criterion| self.held(block, None, criterion));
        held.map(|(verdict, _)| verdict).collect()
    }

    /// Whether any criterion that belongs to a rule was asked for.
    fn is_asked(&self, rule: &Rule) -> bool {
        let own = |criterion: &Arc<Criterion>| {
            criterion.rule.as_deref() == Some(&rule.id)
                && self.asked.contains(&criterion.indicator.as_str())
        };
        let mut inner =
            self.rules.iter().filter(|other| other.part_of.as_deref() == Some(&rule.id));
        self.standard.criteria.iter().any(own) || inner.any(|inner| self.is_asked(inner))
    }
}

/// The rules of a standard, each before what it is an item of.
fn inmost_first(standard: &Standard) -> Vec<Arc<Rule>> {
    let depth = |rule: &Arc<Rule>| standard.around(Some(&rule.id)).count();
    let mut rules = standard.rules.clone();
    rules.sort_by_key(|rule| std::cmp::Reverse(depth(rule)));
    rules
}

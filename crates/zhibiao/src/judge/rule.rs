//! Rules (规则): how verdicts on criteria, or on schools, make the verdict on what they belong to.

use std::sync::Arc;

use super::{Summary, Verdict};
use crate::catalog::Rule;
use crate::label::Lang;
use crate::table::Group;

/// The verdict on a rule, or on the standard as a whole: a row of
/// [`VerdictTable::rules`](super::VerdictTable::rules).
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub(crate) group: Arc<Group>,
    /// The rule; none for the standard as a whole.
    pub rule: Option<Arc<Rule>>,
    /// What it is about: the name of the rule or of the standard.
    pub name: String,
    /// Whether its items are schools, of several stages each stage by itself.
    pub of_schools: bool,
    /// How its items stand.
    pub items: Summary,
    /// How many of them must be met.
    pub needs: usize,
    /// Verdict.
    pub verdict: Verdict,
}

impl RuleRow {
    /// Name of the area, or of the school.
    #[must_use]
    pub fn area_name(&self) -> &str {
        &self.group.area_name
    }

    /// Code of the area; of a school, `area/school`.
    #[must_use]
    pub fn place(&self) -> String {
        self.group.place()
    }

    /// How many more items must be met.
    #[must_use]
    pub const fn lacking(&self) -> usize {
        self.needs.saturating_sub(self.items.meets)
    }

    /// What must be met, in words: `6 of 7, the others 85 %`.
    #[must_use]
    pub fn required(&self, lang: Lang) -> String {
        let (needs, judged) = (self.needs, self.items.judged());
        let mut text = match lang {
            Lang::Zh => format!("{judged} 项中 {needs} 项"),
            Lang::En => format!("{needs} of {judged}"),
        };
        if let Some(floor) = self.rule.as_ref().and_then(|rule| rule.floor) {
            text.push_str(&match lang {
                Lang::Zh => format!("，其余不低于 {floor}%"),
                Lang::En => format!(", the others {floor} %"),
            });
        }
        text
    }
}

/// How an item of a rule stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) verdict: Verdict,
    /// Whether it reaches the floor of the rule, where it is not met; none if that is not known.
    pub(super) floor: Option<bool>,
}

impl From<Verdict> for Standing {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, floor: Some(verdict == Verdict::Meets) }
    }
}

/// How the items stand, how many must be met, and the verdict.
///
/// What is not applicable is no item. The verdict is known if it is the same however the unknown
/// items turn out.
pub(super) fn combined(
    needs: Option<u16>,
    has_floor: bool,
    items: &[Standing],
) -> (Summary, usize, Verdict) {
    let summary = Summary::of(items.iter().map(|item| item.verdict));
    let judged = summary.judged();
    let needs = needs.map_or(judged, usize::from);
    let below =
        |item: &&Standing| has_floor && matches!(item.verdict, Verdict::Fails | Verdict::Unknown);
    let below_for_sure = items.iter().filter(below).any(|item| item.floor == Some(false));
    let may_be_below = items.iter().filter(below).any(|item| item.floor != Some(true));
    let verdict = if judged == 0 {
        Verdict::NotApplicable
    } else if below_for_sure || summary.meets.saturating_add(summary.unknown) < needs {
        Verdict::Fails
    } else if summary.meets >= needs && !may_be_below {
        Verdict::Meets
    } else {
        Verdict::Unknown
    };
    (summary, needs, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Items as letters: m meets, f fails and reaches the floor, b fails below it, u unknown, v
    /// unknown but above the floor, n not applicable.
    fn items(text: &str) -> Vec<Standing> {
        let item = |letter| match letter {
            'm' => Standing { verdict: Verdict::Meets, floor: Some(true) },
            'f' => Standing { verdict: Verdict::Fails, floor: Some(true) },
            'b' => Standing { verdict: Verdict::Fails, floor: Some(false) },
            'u' => Standing { verdict: Verdict::Unknown, floor: None },
            'v' => Standing { verdict: Verdict::Unknown, floor: Some(true) },
            _ => Standing { verdict: Verdict::NotApplicable, floor: None },
        };
        text.chars().map(item).collect()
    }

    /// The verdict over every way in which the unknown items may turn out.
    fn by_all_ways(needs: Option<u16>, text: &str) -> Verdict {
        let mut ways = vec![String::new()];
        for letter in text.chars() {
            let turns = match letter {
                'u' => "mfb".to_owned(),
                'v' => "mf".to_owned(),
                other => other.to_string(),
            };
            ways = ways
                .iter()
                .flat_map(|way| turns.chars().map(move |turn| format!("{way}{turn}")))
                .collect();
        }
        let meets = |way: &String| {
            let met = way.matches('m').count();
            let judged = way.chars().filter(|letter| *letter != 'n').count();
            met >= needs.map_or(judged, usize::from) && !way.contains('b')
        };
        match (ways.iter().all(meets), ways.iter().any(meets)) {
            (true, _) => Verdict::Meets,
            (_, false) => Verdict::Fails,
            _ => Verdict::Unknown,
        }
    }

    #[test]
    fn verdict_is_that_of_every_way_the_unknown_may_turn_out() {
        let longer = |texts: Vec<String>, _| -> Vec<String> {
            let longer = |text: &String| "mfbuvn".chars().map(|l| format!("{text}{l}")).collect();
            texts.iter().flat_map(|text| -> Vec<String> { longer(text) }).collect()
        };
        let texts = (0..5).fold(vec![String::new()], longer);
        assert_eq!(texts.len(), 7776);
        for text in texts.iter().filter(|text| *text != "nnnnn") {
            for needs in 1..=5 {
                let (_, _, verdict) = combined(Some(needs), true, &items(text));
                assert_eq!(verdict, by_all_ways(Some(needs), text), "{needs} of {text}");
            }
        }
    }

    #[test]
    fn nothing_to_judge_is_not_applicable() {
        assert_eq!(combined(None, false, &items("nn")).2, Verdict::NotApplicable);
        assert_eq!(combined(Some(1), false, &[]).2, Verdict::NotApplicable);
    }
}

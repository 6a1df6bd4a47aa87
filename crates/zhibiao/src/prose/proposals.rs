//! Proposals (建议): which measure or indicator a figure may be of, and why.

use std::sync::LazyLock;

use hashbrown::HashMap;

use super::{groups, phrase};
use crate::catalog::{Catalog, Kind, OverTime};
use crate::label::Lang;
use crate::quantity::Quantity;
use crate::unit::Unit;

/// How many proposals are made for a figure.
const MOST: usize = 3;

/// Share of a name, in per cent, that must stand in the text.
const LEAST: usize = 66;

/// A measure or indicator that a figure may be of (建议).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proposal {
    /// Id of the measure or indicator.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// The name or alias that was found.
    pub alias: String,
    /// How much of that stands beside the figure, in per cent of its pairs of letters.
    pub found: usize,
    /// Why: the alias found and the unit that fits.
    pub why: String,
    /// Whether it counts what there is, not what comes about.
    pub(super) stock: bool,
}

type Pair = (char, char);

/// What figures may be of, by the pairs of letters in their names.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Name>,
    by_pair: HashMap<Pair, Vec<usize>>,
}

#[derive(Debug)]
struct Name {
    id: String,
    title: String,
    alias: String,
    unit: Unit,
    /// Whether reports count it by 个 or 项, whatever its unit.
    piece: bool,
    /// Whether it counts what there is, not what comes about.
    stock: bool,
    pairs: usize,
}

/// Units of which reports say 个 or 项.
static PIECES: LazyLock<Vec<Unit>> = LazyLock::new(|| {
    let ids = ["item", "institution", "project", "set", "class", "kind"];
    ids.iter().filter_map(|id| Unit::parse(id).ok()).collect()
});

/// A name that was met beside a figure: how many of its pairs stand in its phrase, in its clause,
/// and in its sentence.
struct Met {
    at: usize,
    pairs: [usize; 3],
}

/// What a pair counts in the phrase, in the clause, and before the clause.
const WEIGHTS: [usize; 3] = [3, 2, 1];

impl Names {
    pub(super) fn of(catalog: &Catalog) -> Self {
        let mut names = Self::default();
        for measure in catalog.measures().filter(|measure| measure.grades.is_empty()) {
            let aliases = std::iter::once(&measure.name.zh).chain(&measure.aliases);
            let stock = measure.over_time == OverTime::Last;
            names.add(&measure.id, &measure.name.zh, aliases, &measure.unit, stock);
        }
        let derived = |kind: &Kind| !matches!(kind, Kind::Total { .. });
        for indicator in catalog.indicators().filter(|indicator| derived(&indicator.kind)) {
            let aliases = std::iter::once(&indicator.name.zh).chain(&indicator.aliases);
            names.add(&indicator.id, &indicator.name.zh, aliases, &indicator.unit, false);
        }
        names
    }

    fn add<'a>(
        &mut self,
        id: &str,
        title: &str,
        aliases: impl Iterator<Item = &'a String>,
        unit: &Unit,
        stock: bool,
    ) {
        let piece = PIECES.iter().any(|piece| piece.same_quantity(unit));
        for alias in aliases {
            let pairs = unique_pairs(core(alias));
            let at = self.names.len();
            for pair in &pairs {
                self.by_pair.entry(*pair).or_default().push(at);
            }
            self.names.push(Name {
                id: id.to_owned(),
                title: title.to_owned(),
                alias: alias.clone(),
                unit: unit.clone(),
                piece,
                stock,
                pairs: pairs.len(),
            });
        }
    }

    /// The best proposals, one a measure or indicator, and whether two are equally good; by the
    /// verb of a figure, its phrase, its clause, and what stands before that.
    ///
    /// A name that narrows by a word that the text has not is of fewer, however alike; and what is
    /// newly built is not what there is.
    pub(super) fn propose(
        &self,
        quantity: &Quantity,
        verb: &str,
        texts: [&str; 3],
    ) -> (Vec<Proposal>, bool) {
        let said = texts.concat();
        let comes = phrase::is_new(verb);
        let fits = |name: &&Name| {
            let fewer = groups::narrows(&name.alias, &said) || groups::cross(&name.alias, texts[0]);
            let there = comes && name.stock && !name.alias.contains('新');
            name.fits(quantity) && !fewer && !there
        };
        let mut ranked: Vec<(usize, usize, &Name)> = self
            .met(texts)
            .iter()
            .filter_map(|met| {
                let name = self.names.get(met.at).filter(fits)?;
                let [phrase, clause, all] = met.pairs;
                let found = percent(all, name.pairs)?;
                let score: usize = [phrase, clause, all]
                    .iter()
                    .zip(WEIGHTS)
                    .map(|(pairs, w)| pairs.saturating_mul(w))
                    .sum();
                // What of a name does not stand in the clause speaks against it.
                let lacking = name.pairs.saturating_sub(clause).saturating_mul(2);
                (found >= LEAST && phrase > 0).then_some((
                    score.saturating_sub(lacking),
                    found,
                    name,
                ))
            })
            .collect();
        ranked.sort_by_key(|(score, found, name)| {
            (std::cmp::Reverse((*score, *found)), name.id.as_str())
        });
        let mut proposals: Vec<Proposal> = Vec::new();
        let mut scores = Vec::new();
        for (score, found, name) in ranked {
            if proposals.len() == MOST {
                break;
            }
            if proposals.iter().all(|proposal| proposal.id != name.id) {
                proposals.push(name.proposal(found, quantity));
                scores.push(score);
            }
        }
        let ambiguous = matches!(scores.as_slice(), [first, second, ..] if first == second);
        (proposals, ambiguous)
    }

    /// The names of which a pair stands in one of the texts; what stands nearer stands also farther.
    fn met(&self, [phrase, clause, before]: [&str; 3]) -> Vec<Met> {
        let phrase_pairs = unique_pairs(phrase);
        let clause_pairs = united(&phrase_pairs, unique_pairs(clause));
        let all_pairs = united(&clause_pairs, unique_pairs(before));
        let mut met: Vec<Met> = Vec::new();
        let mut slots: HashMap<usize, usize> = HashMap::new();
        for (level, pairs) in [phrase_pairs, clause_pairs, all_pairs].iter().enumerate() {
            for at in pairs.iter().filter_map(|pair| self.by_pair.get(pair)).flatten() {
                let next = met.len();
                let slot = *slots.entry(*at).or_insert(next);
                if slot == next {
                    met.push(Met { at: *at, pairs: [0; 3] });
                }
                if let Some(count) = met.get_mut(slot).and_then(|met| met.pairs.get_mut(level)) {
                    *count = count.saturating_add(1);
                }
            }
        }
        met
    }
}

impl Name {
    fn fits(&self, quantity: &Quantity) -> bool {
        let same = quantity.unit.as_ref().is_some_and(|unit| unit.same_quantity(&self.unit));
        same || (self.piece && matches!(quantity.counted.as_str(), "个" | "项" | "件"))
    }

    fn proposal(&self, found: usize, quantity: &Quantity) -> Proposal {
        let (alias, unit) = (&self.alias, self.unit.label(Lang::Zh));
        Proposal {
            id: self.id.clone(),
            name: self.title.clone(),
            alias: alias.clone(),
            found,
            why: format!("{alias} {found}%, {} ~ {unit}", quantity.counted),
            stock: self.stock,
        }
    }
}

/// A name without what every count has: 人数, 总数, 数.
fn core(name: &str) -> &str {
    let ends = ["总人数", "人数", "总数", "数量", "金额", "数"];
    ends.iter()
        .find_map(|end| name.strip_suffix(end))
        .filter(|core| core.chars().count() > 1)
        .unwrap_or(name)
}

fn unique_pairs(text: &str) -> Vec<Pair> {
    let letters = || text.chars().filter(|letter| letter.is_alphanumeric());
    let mut pairs: Vec<Pair> = letters().zip(letters().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn united(some: &[Pair], more: Vec<Pair>) -> Vec<Pair> {
    let mut all = more;
    all.extend_from_slice(some);
    all.sort_unstable();
    all.dedup();
    all
}

fn percent(part: usize, whole: usize) -> Option<usize> {
    part.checked_mul(100)?.checked_div(whole)
}

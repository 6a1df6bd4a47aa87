//! What a definition says, told in words.

use super::{Better, Catalog, ChangeForm, Criterion, Indicator, Kind, Measure, Rule, Standard};
use crate::area::AreaCode;
use crate::error::{Problem, Result, near};
use crate::label::{Label, Lang};
use crate::period::{Before, Month};

/// Lines that tell what an indicator, measure or standard is (说明).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    lines: Vec<(Label, Label)>,
}

impl Explanation {
    pub(super) fn of(catalog: &Catalog, id: &str) -> Result<Self> {
        let mut told = Self { lines: Vec::new() };
        if let Ok(indicator) = catalog.indicator(id) {
            told.indicator(catalog, indicator);
        } else if let Ok(measure) = catalog.measure(id) {
            told.measure(measure);
        } else if let Ok(standard) = catalog.standard(id) {
            told.standard(catalog, standard);
        } else {
            let indicators = catalog.indicators().map(|indicator| indicator.id.as_str());
            let measures = catalog.measures().map(|measure| measure.id.as_str());
            let standards = catalog.standards().map(|standard| standard.id.as_str());
            let near = near(id, indicators.chain(measures).chain(standards));
            let what = "indicator, measure or standard".to_owned();
            return Err(Problem::UnknownId { what, id: id.to_owned(), near }.into());
        }
        Ok(told)
    }

    /// Heading and text of each line.
    pub fn lines(&self, lang: Lang) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().map(move |(heading, text)| (heading.text(lang), text.text(lang)))
    }

    /// All lines as text.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        let colon = lang.of("：", ": ");
        self.lines(lang).map(|(heading, text)| format!("{heading}{colon}{text}\n")).collect()
    }

    pub(crate) fn line(&mut self, zh: &str, en: &str, text: Label) {
        if !text.zh.is_empty() {
            self.lines.push((Label { zh: zh.to_owned(), en: en.to_owned() }, text));
        }
    }

    pub(crate) fn same(&mut self, zh: &str, en: &str, text: &str) {
        self.line(zh, en, Label { zh: text.to_owned(), en: String::new() });
    }

    fn indicator(&mut self, catalog: &Catalog, indicator: &Indicator) {
        self.same("指标", "Indicator", &indicator.id);
        self.line("名称", "Name", indicator.name.clone());
        self.same("别名", "Also called", &indicator.aliases.join("、"));
        let kind = |lang| indicator.kind.label(lang).to_owned();
        self.line("类型", "Kind", Label { zh: kind(Lang::Zh), en: kind(Lang::En) });
        let formula = |lang: Lang| formula(catalog, &indicator.kind, lang);
        self.line("公式", "Formula", Label { zh: formula(Lang::Zh), en: formula(Lang::En) });
        for (zh, en, id) in parts(&indicator.kind) {
            if let Ok(measure) = catalog.measure(id) {
                let told = |lang| told_in_short(measure, lang);
                self.line(zh, en, Label { zh: told(Lang::Zh), en: told(Lang::En) });
            }
        }
        for earlier in &indicator.earlier {
            let told = |lang: Lang| {
                let until = lang.of("{month} 及以前：", "until {month}: ");
                let until = until.replace("{month}", &earlier.until.to_string());
                let note = earlier.note.text(lang);
                let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
                format!("{until}{}{note}", self::formula(catalog, &earlier.kind, lang))
            };
            self.line("旧口径", "Earlier", Label { zh: told(Lang::Zh), en: told(Lang::En) });
        }
        let unit = |lang: Lang| {
            let decimals = indicator.decimals;
            let unit = match indicator.unit.label(lang) {
                "" => lang.of("无单位", "a plain number"),
                unit => unit,
            };
            lang.of("{unit}，{n} 位小数", "{unit}, decimals: {n}")
                .replace("{unit}", unit)
                .replace("{n}", &decimals.to_string())
        };
        self.line("单位", "Unit", Label { zh: unit(Lang::Zh), en: unit(Lang::En) });
        let better = |lang: Lang| match indicator.better {
            Better::Higher => lang.of("越高越好", "higher is better").to_owned(),
            Better::Lower => lang.of("越低越好", "lower is better").to_owned(),
            Better::Nearer => {
                let goal = indicator.goal.map_or_else(String::new, |goal| goal.to_string());
                lang.of("越接近 {goal} 越好", "the nearer to {goal} the better")
                    .replace("{goal}", &goal)
            }
            Better::None => String::new(),
        };
        self.line("方向", "Direction", Label { zh: better(Lang::Zh), en: better(Lang::En) });
        self.provenance(&indicator.source, indicator.confidence);
        self.line("说明", "Note", indicator.note.clone());
        if let Ok(hash) = catalog.definition_hash(&indicator.id) {
            self.same("定义指纹", "Definition hash", &format!("sha256:{hash}"));
        }
        for standard in catalog.standards() {
            for criterion in standard.criteria.iter().filter(|c| c.indicator == indicator.id) {
                let told = |lang: Lang| {
                    let unit = indicator.unit.label(lang);
                    format!("{} {}", standard.name.text(lang), terms(criterion, unit, lang))
                };
                self.line("标准", "Standard", Label { zh: told(Lang::Zh), en: told(Lang::En) });
            }
        }
    }

    fn measure(&mut self, measure: &Measure) {
        self.same("基础指标", "Measure", &measure.id);
        self.line("名称", "Name", measure.name.clone());
        self.same("列名", "Columns", &measure.aliases.join("、"));
        let unit = |lang| measure.unit.label(lang).to_owned();
        self.line("单位", "Unit", Label { zh: unit(Lang::Zh), en: unit(Lang::En) });
        self.same("公式", "Formula", measure.formula.as_deref().unwrap_or_default());
        self.same("包含于", "Part of", measure.part_of.as_deref().unwrap_or_default());
        self.provenance(&measure.source, measure.confidence);
        self.line("说明", "Note", measure.note.clone());
    }

    fn standard(&mut self, catalog: &Catalog, standard: &Standard) {
        self.same("标准", "Standard", &standard.id);
        self.line("名称", "Name", standard.name.clone());
        self.same("依据", "Source", &standard.source);
        self.line("说明", "Note", standard.note.clone());
        if let Some(schools) = &standard.schools {
            self.same("只计学校", "Schools that count", &schools.to_string());
        }
        for rule in &standard.rules {
            let told = |lang| rule_in_short(standard, rule, lang);
            self.line("规则", "Rule", Label { zh: told(Lang::Zh), en: told(Lang::En) });
        }
        for criterion in &standard.criteria {
            let told = |lang: Lang| {
                let indicator = catalog.indicator(&criterion.indicator);
                let name =
                    indicator.as_ref().map_or(criterion.indicator.as_str(), |i| i.name.text(lang));
                let unit = indicator.as_ref().map_or("", |i| i.unit.label(lang));
                let mut told = format!("{name} {}", terms(criterion, unit, lang));
                if criterion.source != standard.source {
                    told.push_str(&format!("; {}", criterion.source));
                }
                let rule = criterion.rule.as_deref().and_then(|id| standard.rule(id));
                if let Some(rule) = rule {
                    told.push_str(&format!(" ‹{}›", rule.name.text(lang)));
                }
                told
            };
            self.line("条件", "Criterion", Label { zh: told(Lang::Zh), en: told(Lang::En) });
        }
    }

    fn provenance(&mut self, source: &str, confidence: Option<super::Confidence>) {
        self.same("依据", "Source", source);
        if let Some(confidence) = confidence {
            let told = |lang| confidence.label(lang).to_owned();
            self.line("可靠程度", "Confidence", Label { zh: told(Lang::Zh), en: told(Lang::En) });
        }
    }
}

/// The parts of a kind that are measures, with their headings.
fn parts(kind: &Kind) -> Vec<(&'static str, &'static str, &str)> {
    let mut parts = Vec::new();
    match kind {
        Kind::Total { .. } => {}
        Kind::Dispersion { resource, weight, .. } => {
            parts.push(("资源", "Resource", resource.as_str()));
            parts.push(("权重", "Weight", weight.as_str()));
        }
        _ => {
            parts.extend(kind.numerator().map(|id| ("分子", "Numerator", id)));
            parts.extend(kind.denominator().map(|id| ("分母", "Denominator", id)));
            let lag = kind.lag().into_iter();
            parts.extend(lag.clone().filter_map(|lag| Some(("加", "Plus", lag.plus.as_deref()?))));
            parts.extend(lag.filter_map(|lag| Some(("减", "Minus", lag.minus.as_deref()?))));
        }
    }
    parts
}

/// The formula of a kind, with the names of its parts.
fn formula(catalog: &Catalog, kind: &Kind, lang: Lang) -> String {
    let measure =
        |id: &str| catalog.measure(id).map_or(id, |measure| measure.name.text(lang)).to_owned();
    let input = |id: &str| match catalog.indicator(id) {
        Ok(indicator) => indicator.name.text(lang).to_owned(),
        Err(_) => measure(id),
    };
    let ago = |before: Before| {
        let (n, zh, one, many) = match before {
            Before::Periods(n) => (n, "期前", "period before", "periods before"),
            Before::Years(n) => (n, "年前", "year before", "years before"),
        };
        format!("{n} {}", lang.of(zh, if n == 1 { one } else { many }))
    };
    match kind {
        Kind::Change { of, before, form } => {
            let (now, then) = (input(of), ago(*before));
            match form {
                ChangeForm::Percent => format!("{now} ÷ [{then}] − 1"),
                ChangeForm::Points | ChangeForm::Difference => format!("{now} − [{then}]"),
                ChangeForm::Places => format!("[{then}] − {now}"),
            }
        }
        Kind::Derived { inputs, written, .. } => {
            let named: Vec<String> =
                inputs.iter().map(|(name, id)| format!("{name} = {}", input(id))).collect();
            format!("{written} ({})", named.join(lang.of("，", ", ")))
        }
        Kind::Dispersion { resource, weight, among, filter } => {
            let (s, p) = (measure(resource), measure(weight));
            let filter = filter.as_ref().map_or_else(String::new, |filter| format!(", {filter}"));
            format!("CV² = Σp·Σ(s²/p)/(Σs)² − 1, s = {s}, p = {p} ({}{filter})", among.label(lang))
        }
        Kind::Composite { of } => {
            let names: Vec<String> = of.iter().map(|id| input(id)).collect();
            format!("({}) ÷ {}", names.join(" + "), of.len())
        }
        _ => {
            let above = kind.numerator().map_or_else(String::new, &measure);
            let Some(below) = kind.denominator().map(measure) else { return above };
            let Some(lag) = kind.lag() else { return format!("{above} ÷ {below}") };
            let mut below = format!("{below} [{}]", ago(lag.before));
            for (sign, moved) in [("+", &lag.plus), ("−", &lag.minus)] {
                if let Some(id) = moved {
                    let moved = catalog.measure(id).map_or(id.as_str(), |m| m.name.text(lang));
                    below.push_str(&format!(" {sign} {moved}"));
                }
            }
            format!("{above} ÷ ({below})")
        }
    }
}

/// Threshold, scope, months and confidence of a criterion.
fn terms(criterion: &Criterion, unit: &str, lang: Lang) -> String {
    let mut text = format!("{} {unit}", criterion.threshold(lang));
    if let Some(stage) = &criterion.stage {
        text.push_str(&format!(" ({stage})"));
    }
    if criterion.scope != AreaCode::NATION {
        text.push_str(&format!(" @{}", criterion.scope));
    }
    if criterion.valid_from.is_some() || criterion.valid_to.is_some() {
        let month =
            |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
        let (from, to) = (month(criterion.valid_from), month(criterion.valid_to));
        text.push_str(&format!(" [{from}–{to}]"));
    }
    if let Some(confidence) = criterion.confidence {
        text.push_str(&format!(" {}", confidence.label(lang)));
    }
    text
}

/// What a rule asks, and what it is an item of.
fn rule_in_short(standard: &Standard, rule: &Rule, lang: Lang) -> String {
    let mut text = rule.name.text(lang).to_owned();
    let all = || lang.of("全部", "all").to_owned();
    let needs = rule.needs.map_or_else(all, |needs| format!("≥ {needs}"));
    text.push_str(&format!(": {needs}"));
    if let Some(floor) = rule.floor {
        text.push_str(&format!(", {} {floor} %", lang.of("其余不低于要求的", "the others")));
    }
    if rule.per.is_some() {
        text.push_str(&format!(" ({})", lang.of("每校", "each school")));
    }
    if let Some(outer) = rule.part_of.as_deref().and_then(|id| standard.rule(id)) {
        text.push_str(&format!(" ‹{}›", outer.name.text(lang)));
    }
    text
}

fn told_in_short(measure: &Measure, lang: Lang) -> String {
    let formula = measure.formula.as_ref().map_or_else(String::new, |text| format!(" = {text}"));
    format!("{} [{}, {}]{formula}", measure.name.text(lang), measure.id, measure.unit.label(lang))
}

//! The built-in catalogue: every definition is named, sourced and can be explained.

use zhibiao::area::AreaCode;
use zhibiao::catalog::Better;
use zhibiao::{Catalog, Label, Lang};

fn named(name: &Label) -> bool {
    !name.zh.is_empty() && !name.en.is_empty()
}

#[test]
fn every_measure_and_indicator_says_what_it_is_and_where_it_comes_from() {
    let catalog = Catalog::builtin();
    let mut flaws = Vec::new();
    // A formula may leave out its name and its source; what the built-in ones say must be whole too.
    for measure in catalog.measures() {
        if !named(&measure.name) || measure.source.is_empty() || measure.confidence.is_none() {
            flaws.push(measure.id.clone());
        }
    }
    for indicator in catalog.indicators() {
        let sourced = !indicator.source.is_empty() && indicator.confidence.is_some();
        if !named(&indicator.name) || !sourced {
            flaws.push(indicator.id.clone());
        }
    }
    assert_eq!(flaws, [""; 0], "each lacks a name in Chinese or English, a source or a confidence");
}

#[test]
fn every_indicator_can_be_explained_in_both_languages() {
    let catalog = Catalog::builtin();
    for indicator in catalog.indicators() {
        let explanation = catalog.explain(&indicator.id).unwrap();
        let (zh, en) = (explanation.text(Lang::Zh), explanation.text(Lang::En));
        assert!(zh.contains(&indicator.name.zh) && zh.contains(&indicator.source), "{zh}");
        assert!(en.contains(&indicator.name.en) && en.contains("Confidence"), "{en}");
    }
}

/// Every name leads to what it is the name of.
#[test]
fn every_name_is_found() {
    let catalog = Catalog::builtin();
    for indicator in catalog.indicators() {
        for name in [&indicator.name.zh, &indicator.name.en].into_iter().chain(&indicator.aliases) {
            assert_eq!(catalog.indicator(name).unwrap().id, indicator.id, "{name}");
        }
    }
}

/// The groups of the domain: each has at least so many indicators, and these among them.
#[test]
fn the_groups_of_the_domain_are_there() {
    let catalog = Catalog::builtin();
    let groups = [
        ("preschool.", 16, "preschool.pay_ratio"),
        ("edu.", 20, "edu.consolidation9"),
        ("compulsory.", 50, "compulsory.junior_retention"),
        ("fin.", 10, "fin.pp_budget_growth"),
        ("aid.", 8, "aid.loan_per_borrower"),
        ("projects.", 8, "projects.task_attainment"),
        ("sdg.", 30, "sdg.ger_parity_sex_adjusted"),
    ];
    for (group, least, one) in groups {
        let count = catalog.indicators().filter(|i| i.id.starts_with(group)).count();
        assert!(count >= least, "{group}: {count}");
        assert!(catalog.indicator(one).is_ok(), "{one}");
    }
    for resource in [
        "teachers_above_degree",
        "teachers_backbone",
        "teachers_pe_arts",
        "teaching_area",
        "sports_area",
        "equipment_value",
        "multimedia_classrooms",
    ] {
        for stage in ["primary", "junior"] {
            let id = format!("compulsory.{resource}_dispersion_{stage}");
            assert_eq!(catalog.indicator(&id).unwrap().better, Better::Lower, "{id}");
        }
    }
}

#[test]
fn sdg_names_lead_to_what_is_defined_once() {
    let catalog = Catalog::builtin();
    for (name, id) in [
        ("GER", "edu.ger"),
        ("NER", "edu.ner"),
        ("ANER", "edu.ner_adjusted"),
        ("SDG 4.1.2", "edu.stage_completion"),
        ("SDG 4.1.4", "edu.out_of_school"),
        ("SDG 4.2.2", "preschool.organised_learning"),
        ("SDG 4.c.1", "edu.qualified"),
        ("SDG 4.c.2", "sdg.pupil_trained_teacher_ratio"),
        ("GPI", "sdg.ger_parity_sex"),
    ] {
        assert_eq!(catalog.indicator(name).unwrap().id, id, "{name}");
    }
}

/// Every criterion has a source and a confidence; the evaluation of 2017 has its 32 items.
#[test]
fn standards_are_whole_and_sourced() {
    let catalog = Catalog::builtin();
    for standard in catalog.standards() {
        for criterion in &standard.criteria {
            let sourced = !criterion.source.is_empty() && criterion.confidence.is_some();
            assert!(sourced, "{} of {}", criterion.name(), standard.id);
        }
        for rule in &standard.rules {
            assert!(named(&rule.name), "{} of {}", rule.id, standard.id);
        }
    }
    let quality = catalog.standard("compulsory-2017").unwrap();
    let items = |rule: &str| {
        // What a province asks in place of the nation is no item of its own.
        let of_nation = quality.criteria.iter().filter(|c| c.scope == AreaCode::NATION);
        let criteria = of_nation.filter(|c| c.rule.as_deref() == Some(rule)).count();
        criteria + quality.rules.iter().filter(|r| r.part_of.as_deref() == Some(rule)).count()
    };
    assert_eq!(["dispersion", "government", "quality"].map(items), [7, 15, 9]);
    assert_eq!(items("schools"), 14, "seven in either stage");
    assert!(quality.rule("recognition").is_some());
}

#[test]
fn bad_standards_are_refused_at_their_line_and_column() {
    let place = |criteria: &str| {
        let toml =
            format!("[standards.mine]\nname = {{ zh = \"错\" }}\ncriteria = [\n{criteria}]\n");
        Catalog::parse(&toml, "mine.toml").unwrap_err().to_string()
    };
    let one = |rest: &str| format!("  {{ indicator = \"projects.completion\", {rest} }},\n");
    for (criteria, wanted) in [
        (
            [
                one("at_least = \"80\", valid_to = \"2024-09\""),
                one("at_least = \"85\", valid_from = \"2024-09\""),
            ]
            .concat(),
            "mine.toml:5:3: the criterion `projects.completion` (≥ 85) holds in the same months",
        ),
        (
            [one("at_least = \"80\""), one("at_most = \"90\", scope = \"140000\"")].concat(),
            "mine.toml:5:3: the criterion `projects.completion@140000` (≤ 90) contradicts that of scope CN",
        ),
        (
            "  { indicator = \"projects.complete\", at_least = \"80\" },\n".to_owned(),
            "mine.toml:4:17: ",
        ),
        (one("at_least = \"80\", scope = \"14\""), "mine.toml:4:"),
    ] {
        let told = place(&criteria);
        assert!(told.starts_with(wanted), "{told}");
    }
}

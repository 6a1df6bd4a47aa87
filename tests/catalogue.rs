//! The built-in catalogue: every definition is named, sourced and can be explained.

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

//! HTML tables: what they say of their rows, and that nothing in a cell is a tag.

use polars::prelude::df;
use zhibiao::area::Areas;
use zhibiao::report::html;
use zhibiao::{Catalog, IndicatorTable, Lang, Query, Table};
use zhibiao_tests::table;

/// A whole value, one without a denominator, one that lacks a part, one as published.
fn answer(lang: Lang) -> IndicatorTable {
    let csv = "area,period,measure,value,unit\n\
        140728,2022,projects,60,\n140728,2022,projects_done,52,\n\
        140729,2022,projects,0,\n140729,2022,projects_done,0,\n\
        140702,2022,projects,40,\n\
        140728,2022,preschool.public_share,55.50,%\n";
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).lang(lang).skip_unavailable(true);
    query.indicators(["projects.completion", "preschool.public_share"]).run(table(csv)).unwrap()
}

/// The lines below a table.
fn below(html: &str) -> Vec<&str> {
    let lines = html.lines().filter_map(|line| line.strip_prefix("<p>"));
    lines.map(|line| line.trim_end_matches("</p>")).collect()
}

/// The rows of the body.
fn rows(html: &str) -> Vec<&str> {
    html.lines().skip_while(|line| *line != "<tbody>").filter(|l| l.starts_with("<tr")).collect()
}

#[test]
fn values_that_are_not_plain_are_told_below_once_each() {
    let text = html::indicators(&answer(Lang::En), None).unwrap();
    assert_eq!(
        below(&text),
        [
            "1) missing; rows without a part: 1, the first is row 6",
            "2) missing",
            "3) reported",
            "4) zero denominator"
        ]
    );
    let rows = rows(&text);
    assert_eq!(rows.len(), 6, "{text}");
    // 140702 stands once for its two rows.
    assert!(rows[0].starts_with("<tr><th scope=\"row\" rowspan=\"2\">140702</th>"), "{text}");
    assert!(rows[1].starts_with("<tr><td class=\"long\">Share of children"), "{text}");
    assert!(rows[2].contains("<td class=\"figure\">86.7</td><td class=\"unit\">%</td>"), "{text}");
    assert!(rows[3].contains("55.50</td><td class=\"unit\">%<sup title=\"reported\">3)</sup>"));
    assert_eq!(text.matches(">2)</sup>").count(), 2, "{text}");
    assert!(text.contains("<caption>Indicators <span>6 rows</span></caption>"), "{text}");
    let chinese = html::indicators(&answer(Lang::Zh), None).unwrap();
    assert!(chinese.contains("lang=\"zh-CN\"") && chinese.contains("6 行"), "{chinese}");
    assert_eq!(below(&chinese).last(), Some(&"4) 分母为零"));
}

#[test]
fn long_tables_show_both_ends() {
    let text = html::indicators(&answer(Lang::En), Some(3)).unwrap();
    let rows = rows(&text);
    assert_eq!(rows.len(), 4, "{text}");
    assert!(rows[0].contains("140702") && rows[1].contains("Share of"), "{text}");
    assert_eq!(rows[2], "<tr class=\"gap\"><td colspan=\"7\">… 3 rows not shown …</td></tr>");
    // The area stands again after the gap, and only what is shown is told below.
    assert!(rows[3].contains("140729"), "{text}");
    assert_eq!(below(&text).len(), 2, "{text}");
    assert!(text.contains("<span>6 rows</span>"), "{text}");
    for most in [6, 7] {
        let whole = html::indicators(&answer(Lang::En), Some(most)).unwrap();
        assert_eq!(whole, html::indicators(&answer(Lang::En), None).unwrap());
    }
    let nothing = html::indicators(&answer(Lang::En), Some(0)).unwrap();
    assert!(nothing.contains("6 rows"), "{nothing}");
}

#[test]
fn names_are_text_and_never_tags() {
    let tree = "code,parent,name\nX,S,<script>alert(1)</script>\nS,,\"Tom & \"\"Ann's\"\"\"\n";
    let areas = Areas::parse(tree, "tree.csv").unwrap();
    let toml = "[indicators.\"mine.share\"]\nname = { zh = \"<b>“\\\"占比\\\"”</b>\" }\nkind = \"share\"\nnumerator = \"projects_done\"\ndenominator = \"projects\"\nunit = \"%\"\n";
    let mine = Catalog::parse(&format!("{toml}decimals = 1\n"), "mine.toml").unwrap();
    let catalog = Catalog::builtin().extend(mine).unwrap();
    let frame = df!["area" => ["X"], "projects" => [1], "projects_done" => [1]].unwrap();
    let query = Query::new(&catalog).areas(areas.clone()).indicators(["mine.share"]);
    let codes: Vec<_> = areas.codes().collect();
    let shown = [
        html::indicators(&query.run(frame).unwrap(), None).unwrap(),
        html::areas(&areas, &codes, Lang::Zh, None),
        html::listing(&[catalog.indicator("mine.share").unwrap()], Lang::Zh, None),
        html::explanation(&catalog.explain("mine.share").unwrap(), Lang::Zh),
    ];
    for text in &shown {
        for tag in ["<script", "<b>", "Tom &"] {
            assert!(!text.replace("Tom &amp;", "").contains(tag), "{tag} in\n{text}");
        }
    }
    assert!(shown[0].contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{}", shown[0]);
    assert!(shown[0].contains("&lt;b&gt;“&quot;占比&quot;”&lt;/b&gt;"), "{}", shown[0]);
    assert!(shown[1].contains("Tom &amp; &quot;Ann&#39;s&quot;"), "{}", shown[1]);
}

#[test]
fn verdicts_differ_by_sign_word_and_colour() {
    let standard = Catalog::builtin().standard("preschool-2020").unwrap().clone();
    let text = html::verdicts(&answer(Lang::Zh).judge(&standard), None).unwrap();
    assert!(text.contains("<caption>县域学前教育普及普惠督导评估 (教督〔2020〕1号)"), "{text}");
    assert!(text.contains("<td class=\"good\">✓ 达标</td>"), "{text}");
    assert!(text.contains("<td class=\"open\">? 无法判定</td>"), "{text}");
    assert!(text.contains("<td class=\"figure\">5.50</td><td class=\"unit\">个百分点</td>"));
    assert_eq!(below(&text).first(), Some(&"1) 上报"));
    assert!(below(&text).last().unwrap().starts_with("1 项达标"), "{text}");
}

#[test]
fn findings_say_what_to_do() {
    let catalog = Catalog::builtin();
    let check = |pe: i32| {
        let frame = df!["area" => ["140728"], "teachers" => [40], "teachers_pe" => [pe]].unwrap();
        html::findings(&Table::from(frame).check(&catalog).unwrap(), Some(10))
    };
    let found = check(41);
    assert!(found.contains("<td class=\"bad\">错误</td><td>part-exceeds-whole</td>"), "{found}");
    assert_eq!(below(&found).len(), 2, "{found}");
    let none = check(40);
    assert!(none.contains("0 行") && !none.contains("<tbody>"), "{none}");
}

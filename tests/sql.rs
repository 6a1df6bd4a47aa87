//! Statements for warehouses: what they say, that any name and text survives them, and what becomes
//! of answers.

use std::collections::VecDeque;

use polars::prelude::{DataFrame, df};
use proptest::prelude::*;
use sqlparser::ast::{Expr, SelectItem, SetExpr, Statement, Value};
use sqlparser::dialect::{
    AnsiDialect, DatabricksDialect, Dialect as Grammar, DuckDbDialect, PostgreSqlDialect,
};
use sqlparser::parser::Parser;
use zhibiao::area::Tier;
use zhibiao::sql::{ColumnType, Dialect, Relation, Warehouse};
use zhibiao::{Catalog, Error, Query, Result};

/// A warehouse that gives prepared answers.
pub(crate) struct Told(pub(crate) Dialect, pub(crate) VecDeque<DataFrame>);

impl Warehouse for Told {
    fn dialect(&self) -> Dialect {
        self.0
    }

    fn run(&mut self, _: &str) -> Result<DataFrame> {
        Ok(self.1.pop_front().expect("no more answers were prepared"))
    }
}

pub(crate) fn relation(columns: &[(&str, &str)]) -> Relation {
    let columns = columns.iter().map(|(name, of)| (*name, of.parse::<ColumnType>().unwrap()));
    Relation::new(["t"], columns)
}

fn grammar(dialect: Dialect) -> Box<dyn Grammar> {
    match dialect {
        Dialect::DuckDb => Box::new(DuckDbDialect {}),
        Dialect::Postgres => Box::new(PostgreSqlDialect {}),
        // That of Spark's own is not there; Databricks is Spark.
        Dialect::Spark => Box::new(DatabricksDialect {}),
        // That of the standard, for which it stands.
        Dialect::Trino => Box::new(AnsiDialect {}),
    }
}

fn parsed(dialect: Dialect, sql: &str) -> Vec<Statement> {
    Parser::parse_sql(grammar(dialect).as_ref(), sql)
        .unwrap_or_else(|error| panic!("{dialect}: {error}\n{sql}"))
}

#[test]
fn statements_say_what_is_written_beside_them() {
    let catalog = Catalog::builtin();
    let register = relation(&[
        ("区划代码", "text"),
        ("年份", "int32"),
        ("办学性质", "text"),
        ("在园幼儿数", "int32"),
    ]);
    let share = Query::new(&catalog).indicators(["preschool.public_share"]);
    let schools = relation(&[
        ("area", "text"),
        ("school", "text"),
        ("pupils", "int64"),
        ("equipment_value(万元)", "decimal(12,4)"),
        ("stage", "text"),
    ]);
    let spread = Query::new(&catalog).indicators(["compulsory.equipment_value_dispersion_primary"]);
    for (name, query, relation, dialect) in [
        ("register_in_spark", share.clone().records(true), &register, Dialect::Spark),
        ("one_row_a_key_in_postgres", share, &register, Dialect::Postgres),
        ("dispersion_in_duckdb", spread.records(true), &schools, Dialect::DuckDb),
    ] {
        let statement = query.pushdown(relation).unwrap().sql(dialect).unwrap();
        insta::assert_snapshot!(name, statement);
    }
}

/// One statement that only reads, for every indicator that can be computed, in every dialect.
#[test]
fn every_statement_is_one_query() {
    let catalog = Catalog::builtin();
    let mut asked = 0;
    for indicator in catalog.indicators() {
        for records in [true, false] {
            let query = Query::new(&catalog).indicators([&indicator.id]).records(records);
            let Ok(model) = query.model(["schema", "measures"]) else { continue };
            let pushdown = query.pushdown(&model).unwrap();
            for dialect in Dialect::ALL {
                let statements = parsed(dialect, &pushdown.sql(dialect).unwrap());
                assert!(matches!(statements.as_slice(), [Statement::Query(_)]), "{}", indicator.id);
                asked += 1;
            }
        }
    }
    assert!(asked > 800, "only {asked} statements");
}

/// What is selected by `SELECT <text> AS <name>, …`.
fn read_back(dialect: Dialect, sql: &str) -> Vec<(Vec<u8>, String)> {
    let statements = parsed(dialect, sql);
    let [Statement::Query(query)] = statements.as_slice() else { panic!("{sql}") };
    let SetExpr::Select(select) = query.body.as_ref() else { panic!("{sql}") };
    let item = |item: &SelectItem| {
        let SelectItem::ExprWithAlias { expr, alias } = item else { panic!("{item}") };
        (text_of(expr), alias.value.clone())
    };
    select.projection.iter().map(item).collect()
}

fn text_of(expression: &Expr) -> Vec<u8> {
    match expression {
        Expr::Cast { expr, .. } => text_of(expr),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => text.clone().into_bytes(),
            Value::HexStringLiteral(digits) => {
                let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
                (0..digits.len()).step_by(2).map(byte).collect()
            }
            other => panic!("{other}"),
        },
        other => panic!("{other}"),
    }
}

/// Holds `number` random names and texts of each dialect against what its grammar reads back.
fn survive(number: usize) {
    // Deterministic, and as quick as the parser.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let odd: Vec<char> = "'\"`\\$;-/*{}()[]%#@!?:,. \n\r\t\u{0}\u{1}\u{7f}\u{85}\u{a0}\u{2028}\u{3000}\u{feff}\u{202e}ａ'公办园😀é\u{301}x0"
        .chars()
        .collect();
    for dialect in Dialect::ALL {
        let mut held = 0;
        let (mut refused_names, mut refused_texts) = (0, 0);
        while held < number {
            let mut wanted = Vec::new();
            let mut items = Vec::new();
            while items.len() < 100 {
                let mut word = || -> String {
                    let length = next() % 12;
                    (0..=length).map(|_| odd[(next() % odd.len() as u64) as usize]).collect()
                };
                let (name, text) = (word(), word());
                let (quoted, literal) = (dialect.name(&name), dialect.text(&text));
                refused_names += usize::from(quoted.is_err());
                refused_texts += usize::from(literal.is_err());
                let (Ok(quoted), Ok(literal)) = (quoted, literal) else {
                    let may = name.contains('\0') || text.contains('\0');
                    assert!(
                        may || (dialect == Dialect::Spark && name.contains("${")),
                        "{name:?} {text:?}"
                    );
                    continue;
                };
                items.push(format!("{literal} AS {quoted}"));
                wanted.push((text.into_bytes(), name));
            }
            held += items.len();
            assert_eq!(
                read_back(dialect, &format!("SELECT {}", items.join(", "))),
                wanted,
                "{dialect}"
            );
        }
        assert!(refused_names > 0 && refused_texts > 0);
    }
}

#[test]
fn a_million_names_and_texts_survive_the_grammar() {
    survive(1_000_000);
}

proptest! {
    /// Different names are never written alike.
    #[test]
    fn names_are_told_apart(a in ".{1,12}", b in ".{1,12}") {
        for dialect in Dialect::ALL {
            if let (Ok(one), Ok(other)) = (dialect.name(&a), dialect.name(&b)) {
                prop_assert_eq!(one == other, a == b);
            }
        }
    }
}

#[test]
fn a_column_that_cannot_be_summed_is_refused_by_name() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).records(true);
    let refused = |of: &str| -> Error {
        let columns = [("area", "text"), ("projects", "int32"), ("projects_done", of)];
        let pushdown = query.pushdown(&relation(&columns)).unwrap();
        pushdown.sql(Dialect::Postgres).unwrap_err()
    };
    for of in ["text", "date", "jsonb"] {
        let error = refused(of);
        assert_eq!(error.code(), "column-type");
        assert!(error.to_string().starts_with("t, column projects_done: "), "{error}");
    }
}

#[test]
fn states_come_back_from_their_frame_and_add_up() {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog)
        .indicators(["projects.completion", "compulsory.equipment_value_dispersion_primary"])
        .skip_unavailable(true)
        .records(true);
    let part = |done: i32, area: &str| {
        df!["area" => [area, area], "projects" => [60, 1], "projects_done" => [Some(done), None]]
            .unwrap()
    };
    let (a, b) = (part(52, "140728"), part(7, "140729"));
    let kept = query.states(&a).unwrap().frame(&catalog).unwrap();
    let states = query.kept_states(&kept).unwrap();
    let merged = states.merge(&query.states(&b).unwrap()).unwrap();
    let both = query.states(a.vstack(&b).unwrap()).unwrap();
    assert_eq!(merged.frame(&catalog).unwrap(), both.frame(&catalog).unwrap());
    let tiers = query.clone().tiers([Tier::Prefecture]);
    let table = tiers.from_states(&merged.frame(&catalog).unwrap()).unwrap();
    assert_eq!(table.frame().unwrap(), tiers.finish(&both).unwrap().frame().unwrap());
}

/// What becomes of one group as a warehouse tells it.
fn told(dialect: Dialect, rows: i64, missing: i64) -> Result<String> {
    let catalog = Catalog::builtin();
    let query = Query::new(&catalog).indicators(["projects.completion"]).records(true);
    let answer = df![
        "area" => ["140728"], "n" => [rows], "s0" => [52_i64], "m0" => [missing], "s1" => [60_i64],
        "m1" => [0_i64], "s2" => [0_i64], "m2" => [missing], "f0" => [0_i64], "f1" => [0_i64],
    ];
    let columns = [("area", "text"), ("projects", "int32"), ("projects_done", "int32")];
    let mut warehouse = Told(dialect, [answer.unwrap()].into());
    let table = query.run_in(&mut warehouse, &relation(&columns))?;
    let row = table.rows().next().unwrap();
    Ok(row.display()?.unwrap_or_else(|| format!("{:?}", row.status())))
}

#[test]
fn answers_that_cannot_be_are_refused() {
    let most = 1_i64 << 31;
    assert_eq!(told(Dialect::Spark, most, 0).unwrap(), "86.7");
    assert_eq!(told(Dialect::Spark, most, 1).unwrap(), "Missing");
    // Beyond, 32-bit integers could have wrapped in 64 bits, where an engine adds them so.
    assert_eq!(told(Dialect::Spark, most + 1, 0).unwrap_err().code(), "sum-too-wide");
    assert_eq!(told(Dialect::DuckDb, most + 1, 0).unwrap(), "86.7");
    for (rows, missing) in [(1, 2), (-1, 0), (1, -1)] {
        assert_eq!(told(Dialect::DuckDb, rows, missing).unwrap_err().code(), "bad-answer");
    }
}

//! What is mutated: each target reads bytes as a word or file of a user, and gives all it refuses.

use std::borrow::Cow;
use std::sync::LazyLock;

use zhibiao::area::{AreaCode, Areas, Tier};
use zhibiao::catalog::{Arithmetic, Define};
use zhibiao::grid;
use zhibiao::mapping::Mapping;
use zhibiao::number::{Bounds, Decimal, RoundMode};
use zhibiao::period::{Month, Period, Span};
use zhibiao::prose;
use zhibiao::quantity::Quantity;
use zhibiao::score::Scheme;
use zhibiao::symbol::{self, Dialect};
use zhibiao::unit::Unit;
use zhibiao::{Catalog, Error, Lang};

use super::workbook::around;

/// Something that reads what users write.
pub struct Target {
    pub name: &'static str,
    /// Reads the bytes; what it accepts is held against itself.
    pub read: fn(&[u8]) -> Vec<Error>,
}

pub const TARGETS: &[Target] = &[
    Target { name: "word", read: |bytes| words(&text(bytes)) },
    Target { name: "formula", read: |bytes| formulas(&text(bytes)) },
    Target { name: "catalogue", read: |bytes| catalogue(&text(bytes)) },
    Target { name: "scheme", read: |bytes| scheme(&text(bytes)) },
    Target { name: "areas", read: |bytes| areas(&text(bytes)) },
    Target { name: "mapping", read: |bytes| mapping(&text(bytes)) },
    Target { name: "headers", read: |bytes| headers(&text(bytes)) },
    Target { name: "report", read: |bytes| report(&text(bytes)) },
    Target { name: "text", read: |bytes| file(bytes, "table.csv") },
    Target { name: "workbook", read: |bytes| file(bytes, "table.xlsx") },
    Target { name: "worksheet", read: |bytes| file(&around(bytes), "table.xlsx") },
];

/// A catalogue of every kind of name, among which one is soon found.
static SMALL: LazyLock<Catalog> = LazyLock::new(|| {
    Catalog::parse(include_str!("small.toml"), "small.toml").expect("it is a catalogue")
});

/// The built-in catalogue for one input in 256, for it takes ten times as long to look through.
fn names_for(text: &str) -> Catalog {
    if text.len().is_multiple_of(256) { Catalog::builtin() } else { SMALL.clone() }
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn words(word: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    if let Some(decimal) = kept(word.parse::<Decimal>(), &mut refused) {
        assert_eq!(decimal.to_string().parse(), Ok(decimal));
        if let Some(bounds) = kept(Bounds::around(decimal), &mut refused) {
            assert!(bounds.contains(decimal.ratio()));
        }
        kept(decimal.ratio().rounded(2, RoundMode::HalfEven), &mut refused);
    }
    if let Some(unit) = kept(Unit::parse(word), &mut refused) {
        assert!(unit.same_quantity(&unit));
    }
    if let Some(period) = kept(word.parse::<Period>(), &mut refused) {
        assert_eq!(period.to_string().parse(), Ok(period));
    }
    if let Some(code) = kept(word.parse::<AreaCode>(), &mut refused) {
        assert_eq!(code.to_string().parse(), Ok(code));
    }
    kept(Areas::builtin().code(word), &mut refused);
    for dialect in Dialect::ALL {
        kept(symbol::read(word, dialect), &mut refused);
    }
    if let Some(quantity) = kept(Quantity::parse(word), &mut refused) {
        assert!(quantity.bounds.overlaps(&quantity.bounds), "{word}");
        kept(quantity.as_rounded(), &mut refused);
    }
    kept(word.parse::<Month>(), &mut refused);
    kept(word.parse::<Span>(), &mut refused);
    kept(word.parse::<Tier>(), &mut refused);
    refused
}

fn mapping(toml: &str) -> Vec<Error> {
    let catalog = Catalog::builtin();
    let mut refused = Vec::new();
    if let Some(mapping) = kept(Mapping::parse(toml, "mapping.toml", &catalog), &mut refused) {
        let book = grid::read(SHEET.as_bytes(), "table.csv").expect("the table reads");
        if let Some((grid, block)) = kept(mapping.block(&book, None), &mut refused) {
            kept(mapping.lines(grid, &block, &catalog), &mut refused);
        }
    }
    refused
}

/// A table for mappings: merged headers, units, years across.
const SHEET: &str = "\
区划代码,县（市、区）,在园幼儿数_公办,资助金额(万元),2021年,2022年,指标,备注
140728,平遥县,60,965,1,2,在园幼儿数,无
140729,灵石县,40,…,3,4,项目数,合计
";

/// Reads a file and finds its tables.
fn file(bytes: &[u8], name: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    let Some(book) = kept(grid::read(bytes, name), &mut refused) else { return refused };
    refused.extend(book.findings());
    for grid in &book.grids {
        for block in grid.blocks() {
            let lines = block.lines(grid);
            assert!(lines.cells.iter().all(|column| column.len() == lines.len()));
            assert_eq!(lines.columns.len(), lines.cells.len());
            assert!(
                block.rows.is_sorted() && block.rows.iter().all(|row| *row >= block.header.end)
            );
            for cell in lines.cells.iter().flatten().flatten() {
                kept(symbol::read(cell, Dialect::Nbs), &mut refused);
            }
        }
    }
    refused
}

/// Proposes what the columns of a table mean, and reads the proposal.
fn headers(table: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    let catalog = names_for(table);
    let book = kept(grid::read(table.as_bytes(), "table.csv"), &mut refused);
    for grid in book.iter().flat_map(|book| &book.grids) {
        for block in grid.blocks() {
            let proposed = Mapping::propose(grid, &block, &catalog).toml(Lang::Zh);
            kept(Mapping::parse(&proposed, "mapping.toml", &catalog), &mut refused);
        }
    }
    refused
}

fn report(text: &str) -> Vec<Error> {
    let catalog = names_for(text);
    let read = prose::read(text, "report.txt", &catalog, prose::Options::default());
    let mut refused = Vec::new();
    if let Some(reading) = kept(read, &mut refused) {
        assert!(
            reading.quantities.iter().all(|found| !found.quantity.bounds.interval().is_empty())
        );
    }
    refused
}

fn formulas(formula: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    if let Some(define) = kept(Define::parse(formula), &mut refused) {
        assert!(define.measures().iter().all(|measure| !measure.is_empty()));
    }
    kept(Arithmetic::parse(formula, &["a", "b", "done", "planned"]), &mut refused);
    refused
}

fn catalogue(toml: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    if let Some(catalog) = kept(Catalog::parse(toml, "mine.toml"), &mut refused) {
        for indicator in catalog.indicators() {
            kept(catalog.definition_hash(&indicator.id), &mut refused);
            kept(catalog.explain(&indicator.id).map(|told| told.text(Lang::Zh)), &mut refused);
        }
    }
    refused
}

fn scheme(toml: &str) -> Vec<Error> {
    Scheme::parse(toml, "mine.toml", &Catalog::builtin()).err().into_iter().collect()
}

fn areas(table: &str) -> Vec<Error> {
    let mut refused = Vec::new();
    if let Some(areas) = kept(Areas::parse(table, "areas.csv"), &mut refused) {
        for code in areas.codes() {
            assert_eq!(areas.code(&code.to_string()), Ok(code));
            assert!(areas.parent(code) != Some(code));
        }
    }
    refused
}

/// What a reader gives; what it refuses is put aside.
fn kept<T>(read: Result<T, Error>, refused: &mut Vec<Error>) -> Option<T> {
    read.map_err(|error| refused.push(error)).ok()
}

//! Mappings: what is proposed for headers, and the lines that come of it.

use serde::Deserialize;
use zhibiao::grid::{Block, Book, Cell, Grid, Lines, Region};
use zhibiao::mapping::{Mapping, propose_file};
use zhibiao::{Catalog, Error, Lang};

use crate::cases::run;

/// A grid of text, what is proposed for it, and what comes of the proposal or of a mapping.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingCase {
    name: String,
    source: String,
    /// Definitions beside those of the built-in catalogue.
    catalogue: Option<String>,
    /// Rows of cells, with `|` between them; `\n` stands for the end of a line in a cell.
    rows: String,
    /// Merged regions, such as `B2:C2`.
    #[serde(default)]
    merged: Vec<String>,
    /// The first and the last row of the header, from 1.
    header: [usize; 2],
    /// The proposal: its lines of columns without the comments behind them.
    columns: Option<Vec<String>>,
    /// The proposal as it is printed.
    toml: Option<String>,
    /// A mapping to use in place of the proposal.
    mapping: Option<String>,
    /// Header and rows of the lines, with `|` between cells.
    lines: Option<Vec<String>>,
    /// The row, and of turned lines the header, of each line.
    origins: Option<Vec<String>>,
    /// Columns that are told.
    #[serde(default)]
    told: Vec<String>,
    /// Errors of the mapping: code and place.
    fails: Option<Vec<String>>,
}

impl MappingCase {
    fn catalog(&self) -> Result<Catalog, Error> {
        let builtin = Catalog::builtin();
        self.catalogue
            .as_ref()
            .map_or(Ok(builtin.clone()), |text| builtin.extend(Catalog::parse(text, "own.toml")?))
    }

    fn grid(&self) -> Grid {
        let cell = |text: &str| match text.trim() {
            "" => Cell::Empty,
            text => Cell::Text(text.replace("\\n", "\n")),
        };
        Grid {
            sheet: Some("表1".to_owned()),
            rows: self.rows.lines().map(|row| row.split('|').map(cell).collect()).collect(),
            merged: self.merged.iter().map(|region| merged(region)).collect(),
            ..Grid::default()
        }
    }

    fn block(&self, grid: &Grid) -> Block {
        let [first, last] = self.header;
        grid.block_below(first - 1..last)
    }
}

fn merged(region: &str) -> Region {
    let at = |cell: &str| {
        let column = cell.bytes().next().unwrap() - b'A';
        (cell[1..].parse::<usize>().unwrap() - 1, usize::from(column))
    };
    let (start, end) = region.split_once(':').unwrap();
    let ((top, left), (bottom, right)) = (at(start), at(end));
    Region { top, left, bottom, right }
}

/// The lines below `[columns]`, without the comments behind them.
fn columns_of(toml: &str) -> Vec<&str> {
    let (_, columns) = toml.split_once("[columns]\n").unwrap();
    let lines = columns.lines().map(|line| line.split("  #").next().unwrap());
    lines.filter(|line| !line.is_empty()).collect()
}

fn printed(lines: &Lines) -> Vec<String> {
    let row = |row: usize| {
        let cells = lines.cells.iter().map(|column| column[row].clone().unwrap_or_default());
        cells.collect::<Vec<_>>().join("|")
    };
    [lines.columns.join("|")].into_iter().chain((0..lines.len()).map(row)).collect()
}

fn origins(lines: &Lines) -> Vec<String> {
    let header = |at: usize| lines.origins.columns.get(at).map(String::as_str).unwrap_or_default();
    let rows = lines.origins.rows.iter().enumerate();
    rows.map(|(at, row)| format!("{row} {}", header(at)).trim().to_owned()).collect()
}

/// Codes and places of an error and those beside it.
fn failures(error: &Error) -> Vec<String> {
    let all = std::iter::once(error).chain(error.others());
    all.map(|error| format!("{} {}", error.code(), error.place()).trim().to_owned()).collect()
}

#[test]
fn known_mappings() {
    run("mapping.toml", include_str!("cases/mapping.toml"), |case: &MappingCase| {
        let name = &case.name;
        assert!(!case.source.is_empty(), "{name}");
        let catalog = case.catalog().unwrap();
        let grid = case.grid();
        let block = case.block(&grid);
        let proposal = Mapping::propose(&grid, &block, &catalog);
        let toml = proposal.toml(Lang::Zh);
        if let Some(want) = &case.columns {
            assert_eq!(columns_of(&toml), *want, "{name}:\n{toml}");
        }
        if let Some(want) = &case.toml {
            assert_eq!(toml, *want, "{name}");
        }
        for lang in [Lang::Zh, Lang::En] {
            let read = Mapping::parse(&proposal.toml(lang), "proposal.toml", &catalog);
            match (proposal.mapping(), read) {
                (Ok(mapping), Ok(read)) => {
                    assert_eq!(mapping.toml(), read.toml(), "{name}");
                    let again = Mapping::parse(&read.toml(), "again.toml", &catalog).unwrap();
                    assert_eq!(again.toml(), read.toml(), "{name}");
                }
                (Err(_), Err(_)) => {}
                (mapping, read) => panic!("{name}: {mapping:?}, but {read:?}\n{toml}"),
            }
        }
        let mapping = case
            .mapping
            .as_ref()
            .map_or_else(|| proposal.mapping(), |text| Mapping::parse(text, "mine.toml", &catalog));
        match mapping.and_then(|mapping| mapping.lines(&grid, &block, &catalog)) {
            Ok((lines, told)) => {
                assert_eq!(None, case.fails, "{name}");
                let told: Vec<String> = told.iter().flat_map(failures).collect();
                assert_eq!(told, case.told, "{name}");
                if let Some(want) = &case.lines {
                    assert_eq!(printed(&lines), *want, "{name}");
                }
                if let Some(want) = &case.origins {
                    assert_eq!(origins(&lines), *want, "{name}");
                }
            }
            Err(error) => assert_eq!(Some(failures(&error)), case.fails, "{name}: {error}"),
        }
    });
}

fn book(sheets: &[(&str, bool)]) -> Book {
    let text = |text: &str| Cell::Text(text.to_owned());
    let grid = |(sheet, hidden): &(&str, bool)| Grid {
        sheet: Some((*sheet).to_owned()),
        hidden: *hidden,
        rows: vec![vec![text("区划代码"), text("在园幼儿数")], vec![text("140728"), text("10000")]],
        ..Grid::default()
    };
    Book {
        file: "年报.xlsx".to_owned(),
        grids: sheets.iter().map(grid).collect(),
        ..Book::default()
    }
}

#[test]
fn a_table_is_named_or_the_only_one() {
    let catalog = Catalog::builtin();
    let one = book(&[("说明", true), ("表1", false)]);
    let toml = propose_file(&one, None, &catalog, Lang::Zh).unwrap();
    // The only sheet may be called otherwise in the next file.
    assert!(!toml.contains("sheet ="), "{toml}");
    let two = book(&[("表1", false), ("表2", false)]);
    let error = propose_file(&two, None, &catalog, Lang::Zh).unwrap_err();
    assert_eq!(error.code(), "several-tables");
    assert!(error.to_string().contains("表2, row 1 (区划代码, 在园幼儿数)"), "{error}");
    assert!(propose_file(&two, Some("表2"), &catalog, Lang::Zh).unwrap().contains("表2"));
    let error = propose_file(&two, Some("表3"), &catalog, Lang::Zh).unwrap_err();
    assert_eq!(error.code(), "unknown-sheet");
    let error = propose_file(&Book::default(), None, &catalog, Lang::Zh).unwrap_err();
    assert_eq!(error.code(), "no-table");
}

#[test]
fn a_mapping_says_where_the_header_stands() {
    let text = "sheet = \"表1\"\nheader = [1, 1]\n[columns]\n\"区划代码\" = \"area\"\n\
                \"在园幼儿数\" = \"children\"\n";
    let mapping = Mapping::parse(text, "mine.toml", &Catalog::builtin()).unwrap();
    let book = book(&[("表1", false), ("表2", false)]);
    let (grid, block) = mapping.block(&book, None).unwrap();
    assert_eq!((grid.sheet.as_deref(), block.header, block.rows), (Some("表1"), 0..1, vec![1]));
}

#[test]
fn headers_of_any_text_are_read_in_time() {
    let catalog = Catalog::builtin();
    for text in ["男".repeat(900), "(".repeat(900), "公办_".repeat(900), "2022年".repeat(900)] {
        let rows = vec![vec![Cell::Text(text)], vec![Cell::Number(1.0)]];
        let grid = Grid { rows, ..Grid::default() };
        let toml = Mapping::propose(&grid, &grid.block_below(0..1), &catalog).toml(Lang::En);
        assert!(toml.contains("[columns]"));
    }
}

/// The next number of SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[test]
fn what_is_proposed_reads_back() {
    const WORDS: [&str; 24] = [
        "区划代码",
        "县区",
        "年份",
        "指标",
        "单位",
        "数值",
        "办学性质",
        "在园幼儿数",
        "幼儿园数",
        "资助金额（万元）",
        "在校学生数",
        "毛入园率(%)",
        "合计",
        "其中：公办",
        "普惠性民办",
        "其他民办",
        "男",
        "女",
        "小学",
        "2021年",
        "2022年",
        "备注",
        "学生",
        "万元",
    ];
    let catalog = Catalog::builtin();
    let mut state = 9;
    let mut pick = |count: u64| usize::try_from(next(&mut state) % count).unwrap();
    let (mut proposed, mut open) = (0, 0);
    for _ in 0..500 {
        let (width, depth) = (1 + pick(6), 1 + pick(3));
        let mut row = || (0..width).map(|_| Cell::Text(WORDS[pick(24)].to_owned())).collect();
        let rows: Vec<Vec<Cell>> = (0..depth + 2).map(|_| row()).collect();
        let grid = Grid { rows, ..Grid::default() };
        let block = grid.block_below(0..depth);
        let proposal = Mapping::propose(&grid, &block, &catalog);
        let toml = proposal.toml(Lang::Zh);
        match (proposal.mapping(), Mapping::parse(&toml, "map.toml", &catalog)) {
            (Ok(mapping), Ok(read)) => {
                assert_eq!(mapping.toml(), read.toml());
                let (lines, _) = read.lines(&grid, &block, &catalog).unwrap();
                assert!(lines.cells.iter().all(|column| column.len() == lines.len()));
                proposed += 1;
            }
            (Err(mapping), Err(read)) => {
                assert_eq!(1 + mapping.others().len(), 1 + read.others().len(), "{toml}");
                open += 1;
            }
            (mapping, read) => panic!("{mapping:?}, but {read:?}\n{toml}"),
        }
    }
    assert!(proposed > 20 && open > 20, "{proposed} proposed, {open} open");
}

//! Files as bureaus have them: what stands in them, and what is refused.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use serde::Deserialize;
use zhibiao::Error;
use zhibiao::grid::{self, Book, Cell, Encoding, Grid, Region};
use zhibiao_tests::project;

/// A case of `cases/blocks.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "source")]
    _source: String,
    rows: Vec<String>,
    #[serde(default)]
    merged: Vec<String>,
    #[serde(default)]
    hidden_rows: Vec<usize>,
    #[serde(default)]
    hidden_columns: Vec<String>,
    want: Vec<Want>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Want {
    columns: Vec<String>,
    rows: Vec<u64>,
    #[serde(default)]
    above: Vec<String>,
    #[serde(default)]
    below: Vec<String>,
    #[serde(default)]
    hidden: (usize, usize),
}

fn column(letters: &str) -> usize {
    letters.bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1) - 1
}

fn region(text: &str) -> Region {
    let corner = |text: &str| {
        let digits = text.find(|letter: char| letter.is_ascii_digit()).unwrap();
        (text[digits..].parse::<usize>().unwrap() - 1, column(&text[..digits]))
    };
    let (first, last) = text.split_once(':').unwrap();
    let ((top, left), (bottom, right)) = (corner(first), corner(last));
    Region { top, left, bottom, right }
}

#[test]
fn tables_are_found_on_grids() {
    let text = std::fs::read_to_string(project("tests/cases/blocks.toml")).unwrap();
    let cases: std::collections::BTreeMap<String, Vec<Case>> = toml::from_str(&text).unwrap();
    let mut held = 0;
    for case in &cases["case"] {
        let cell = |text: &str| match text {
            "" => Cell::Empty,
            text => Cell::Text(text.to_owned()),
        };
        let grid = Grid {
            rows: case.rows.iter().map(|row| row.split('|').map(cell).collect()).collect(),
            merged: case.merged.iter().map(|text| region(text)).collect(),
            hidden_rows: case.hidden_rows.iter().map(|row| row - 1).collect(),
            hidden_columns: case.hidden_columns.iter().map(|letters| column(letters)).collect(),
            ..Grid::default()
        };
        let found = grid.blocks().into_iter().map(|block| {
            let lines = block.lines(&grid);
            Want {
                columns: lines.columns,
                rows: lines.origins.rows,
                above: block.above,
                below: block.below,
                hidden: block.hidden,
            }
        });
        assert_eq!(found.collect::<Vec<_>>(), case.want, "{}", case.name);
        held += 1;
    }
    assert!(held >= 30, "only {held} cases");
}

fn saved(mut workbook: Workbook) -> Vec<u8> {
    workbook.save_to_buffer().unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], file: &str) -> Error {
    grid::read(bytes, file).expect_err("it was to be refused")
}

fn findings(book: &Book) -> Vec<String> {
    book.findings().iter().map(|error| format!("{} {}", error.code(), error.place())).collect()
}

/// A workbook with a title, merged headers, money in 万元, a hidden row, column and sheet.
pub(crate) fn bureau() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let format = Format::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("表1").unwrap();
    sheet.merge_range(0, 0, 0, 4, "学前教育统计表", &format).unwrap();
    sheet.write(1, 4, "单位：万元").unwrap();
    sheet.merge_range(2, 0, 3, 0, "区划\n代码", &format).unwrap();
    sheet.merge_range(2, 1, 3, 1, "区县", &format).unwrap();
    sheet.merge_range(2, 2, 2, 3, "在园幼儿数", &format).unwrap();
    sheet.write(3, 2, "公办").unwrap().write(3, 3, "民办").unwrap();
    sheet.merge_range(2, 4, 3, 4, "资助金额", &format).unwrap();
    for (row, (code, name, money)) in
        [(140_728, "平遥县", 965.5), (140_727, "祁县", 740.0), (140_726, "太谷县", 1.0)]
            .iter()
            .enumerate()
    {
        let row = u32::try_from(row).unwrap() + 4;
        sheet.write(row, 0, *code).unwrap().write(row, 1, *name).unwrap();
        sheet.write(row, 2, 60).unwrap().write(row, 3, 40).unwrap();
        sheet.write(row, 4, *money).unwrap().write(row, 5, "草稿").unwrap();
        sheet.write(row, 6, "备注").unwrap();
    }
    sheet.set_row_hidden(6).unwrap();
    sheet.set_column_hidden(5).unwrap();
    sheet.write(7, 0, "注：快报").unwrap();
    let draft = workbook.add_worksheet();
    draft.set_name("草稿").unwrap().set_hidden(true);
    draft.write(0, 0, "x").unwrap();
    saved(workbook)
}

#[test]
fn a_workbook_of_a_bureau() {
    let book = grid::read(&bureau(), "幼儿.xlsx").unwrap();
    let grid = &book.grids[0];
    let blocks = grid.blocks();
    assert_eq!(blocks.len(), 1);
    let lines = blocks[0].lines(grid);
    assert_eq!(lines.sheet.as_deref(), Some("表1"));
    let columns = ["区划代码", "区县", "在园幼儿数_公办", "在园幼儿数_民办", "资助金额", "列G"];
    assert_eq!(lines.columns, columns);
    assert_eq!(lines.origins.rows, [5, 6]);
    let texts = |texts: [&str; 2]| texts.map(|text| Some(text.to_owned())).to_vec();
    assert_eq!(lines.cells[0], texts(["140728", "140727"]));
    assert_eq!(lines.cells[4], texts(["965.5", "740"]));
    assert_eq!(blocks[0].above, ["学前教育统计表", "单位：万元"]);
    assert_eq!(blocks[0].below, ["注：快报"]);
    assert!(book.grids[1].hidden);
    let wanted = [
        "hidden-cells 幼儿.xlsx, sheet 表1",
        "unnamed-column 幼儿.xlsx, sheet 表1, column G",
        "hidden-sheet 幼儿.xlsx, sheet 草稿",
    ];
    assert_eq!(findings(&book), wanted);
    assert_eq!(book.said(), None);
}

#[test]
fn cells_of_every_kind() {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let time = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let span = Format::new().set_num_format("[h]:mm");
    let sheet = workbook.add_worksheet();
    let day = ExcelDateTime::parse_from_str("2022-09-01").unwrap();
    let hour = ExcelDateTime::parse_from_str("2022-09-01 08:30:00").unwrap();
    sheet.write_with_format(0, 0, &day, &date).unwrap();
    sheet.write_with_format(0, 1, &hour, &time).unwrap();
    sheet.write_with_format(0, 2, 0.5, &span).unwrap();
    sheet.write(0, 3, true).unwrap().write(0, 4, 0.1).unwrap();
    sheet.write(0, 5, " 平遥 & <县> ").unwrap().write(0, 6, 1e15).unwrap();
    sheet.write(1, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write(1, 1, Formula::new("=A9&\"\"").set_result("文")).unwrap();
    sheet.write(1, 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write(2, 27, Formula::new("=X").set_result("#REF!")).unwrap();
    let book = grid::read(&saved(workbook), "a.xlsx").unwrap();
    let row: Vec<_> = book.grids[0].rows[0].iter().map(|cell| cell.text().unwrap()).collect();
    let wanted = [
        "2022-09-01",
        "2022-09-01 08:30:00",
        "0.5",
        "true",
        "0.1",
        " 平遥 & <县> ",
        "1000000000000000",
    ];
    assert_eq!(row, wanted);
    assert_eq!(book.grids[0].cell(0, 0), &Cell::Date("2022-09-01".to_owned()));
    assert_eq!(book.grids[0].cell(1, 0), &Cell::Number(2.0));
    assert_eq!(book.grids[0].cell(1, 1), &Cell::Text("文".to_owned()));
    let of_cells: Vec<String> =
        findings(&book).into_iter().filter(|finding| finding.starts_with("error")).collect();
    let wanted = [
        "error-cell a.xlsx, sheet Sheet1, row 2, column C",
        "error-cell a.xlsx, sheet Sheet1, row 3, column AB",
    ];
    assert_eq!(of_cells, wanted);
}

/// A packed file of some parts.
pub(crate) fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const BOOK: &str = r#"<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const LINKS: &str = r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// A workbook written by hand, of one sheet.
fn by_hand(sheet: &str) -> Vec<u8> {
    packed(&[
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

#[test]
fn a_formula_without_a_value_is_told() {
    let bytes = by_hand(&sheet(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>幼儿</t></is></c></row><row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><f>A2</f><v>2</v></c></row><row r="3"><c r="A3"><f>"a>b"</f><v></v></c><c r="B3" t="str"><f>""</f><v></v></c></row>"#,
    ));
    let book = grid::read(&bytes, "a.xlsx").unwrap();
    assert_eq!(book.grids[0].cell(1, 0), &Cell::Error("#空".to_owned()));
    assert_eq!(book.grids[0].cell(1, 1), &Cell::Number(2.0));
    assert_eq!(book.grids[0].cell(2, 1), &Cell::Empty);
    let of_cells: Vec<String> =
        findings(&book).into_iter().filter(|finding| finding.starts_with("uncomp")).collect();
    let wanted = [
        "uncomputed-formula a.xlsx, sheet a, row 2, column A",
        "uncomputed-formula a.xlsx, sheet a, row 3, column A",
    ];
    assert_eq!(of_cells, wanted);
}

#[test]
fn dates_count_from_1904_where_the_workbook_says_so() {
    let bytes = by_hand(&sheet(r#"<row r="1"><c r="A1" s="1"><v>43343</v></c></row>"#));
    let book = grid::read(&bytes, "a.xlsx").unwrap();
    assert_eq!(book.grids[0].cell(0, 0), &Cell::Date("2022-09-01".to_owned()));
}

/// What a file is refused as, and for what.
#[track_caller]
fn too_large(bytes: &[u8]) -> String {
    let error = refused(bytes, "a.xlsx");
    assert_eq!(error.code(), "too-large", "{error}");
    error.problem().to_string()
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; 20 << 20];
    let told = too_large(&packed(&[("xl/workbook.xml", &zeros)]));
    assert!(told.starts_with("times its size that a part unpacks to: "), "{told}");
    let many: Vec<String> = (0..2001).map(|at| format!("xl/{at}")).collect();
    let mut parts: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    parts[0].0 = "xl/workbook.xml";
    assert_eq!(
        too_large(&packed(&parts)),
        "parts of the workbook: 2001, where at most 2000 are read"
    );
    let wide: String = (1..=1300)
        .map(|row| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#))
        .collect();
    let told = too_large(&by_hand(&sheet(&wide)));
    assert!(told.starts_with("cells of the workbook: 200"), "{told}");
    let merged = r#"<mergeCell ref="A1:B2"/>"#.repeat(20_001);
    let merged = format!("<worksheet><sheetData/><mergeCells>{merged}</mergeCells></worksheet>");
    let told = too_large(&by_hand(&merged));
    assert_eq!(told, "merged regions of the workbook: 20001, where at most 20000 are read");
}

#[test]
fn a_sheet_that_claims_to_be_huge_is_read_for_what_it_holds() {
    let rows = r#"<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>2</v></c></row></sheetData>"#;
    let book = grid::read(&by_hand(&format!("<worksheet>{rows}</worksheet>")), "a.xlsx").unwrap();
    assert_eq!(book.grids[0].rows.len(), 1_048_576);
    assert_eq!(book.grids[0].blocks()[0].rows, [0, 1_048_575]);
}

#[test]
fn a_size_that_lies_is_found_by_reading() {
    let zeros = vec![b' '; 20 << 20];
    let mut bytes = packed(&[("xl/workbook.xml", &zeros)]);
    let size = (20_u32 << 20).to_le_bytes();
    // The size that the directory at the end declares.
    let at = bytes.windows(4).rposition(|window| window == size).unwrap();
    bytes[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    let told = refused(&bytes, "a.xlsx").problem().to_string();
    assert_eq!(
        told,
        "the workbook cannot be read: File is larger than its declared uncompressed size"
    );
}

/// A sheet of an .ods file.
pub(crate) fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn numbers_are_read_as_ods_files_show_them() {
    let cell = |kind: &str, value: &str, shown: &str| {
        format!(
            r#"<table:table-cell office:value-type="{kind}" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>"#
        )
    };
    let cells = [
        cell("percentage", "0.555", "55.5%"),
        cell("percentage", "-0.07", "-7%"),
        cell("percentage", "12", "1200%"),
        cell("float", "965", "965.00万元"),
        cell("float", "9650000", "965.0万元"),
        cell("currency", "965", "¥965.00"),
    ];
    let row = format!("<table:table-row>{}</table:table-row>", cells.concat());
    let book = grid::read(&ods(&row), "a.ods").unwrap();
    let texts: Vec<_> = (0..cells.len()).map(|at| book.grids[0].cell(0, at).text()).collect();
    let wanted = ["55.5%", "-7%", "1200%", "965.00万元", "9650000 [965.0万元]", "965"];
    assert_eq!(texts, wanted.map(|text| Some(text.to_owned())));
}

#[test]
fn ods_files_are_read_with_their_layout() {
    let rows = r#"<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="3"/>
<table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2"><office:annotation><text:p>批注</text:p></office:annotation><text:p>区<text:s text:c="2"/>县</text:p><text:p>&lt;名&#x79f0;&gt;</text:p></table:table-cell><table:table-cell/><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>幼儿</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell/><table:table-cell office:value-type="string"><text:p>公办</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>日期</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="string"><text:p>平遥县</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="1"/><table:table-cell office:value-type="float" office:value="60.5"/><table:table-cell office:value-type="date" office:date-value="2022-09-01T00:00:00"/></table:table-row>
<table:table-row table:visibility="filter"><table:table-cell office:value-type="string"><text:p>祁县</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="boolean" office:boolean-value="true"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>太谷区</text:p></table:table-cell><table:table-cell/><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=1"/></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16000"/></table:table-row>"#;
    let book = grid::read(&ods(rows), "a.ods").unwrap();
    let grid = &book.grids[0];
    assert_eq!(grid.sheet.as_deref(), Some("表"));
    assert_eq!(grid.cell(0, 0), &Cell::Text("区  县\n<名称>".to_owned()));
    let block = &grid.blocks()[0];
    let lines = block.lines(grid);
    assert_eq!(lines.columns, ["区县<名称>", "幼儿_公办", "幼儿_日期"]);
    assert_eq!((lines.origins.rows, block.hidden), (vec![3, 4, 6], (1, 1)));
    assert_eq!(grid.cell(3, 2), &Cell::Number(60.5));
    assert_eq!(grid.cell(2, 3), &Cell::Date("2022-09-01".to_owned()));
    assert_eq!(grid.cell(4, 2), &Cell::Bool(true));
    let wanted = [
        "hidden-cells a.ods, sheet 表",
        "error-cell a.ods, sheet 表, row 6, column C",
        "uncomputed-formula a.ods, sheet 表, row 6, column D",
    ];
    assert_eq!(findings(&book), wanted);
    let bomb = r#"<table:table-row table:number-rows-repeated="100000"><table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/></table:table-row>"#;
    assert_eq!(refused(&ods(bomb), "a.ods").code(), "too-large");
    let text = format!(
        r#"<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell></table:table-row>"#,
        "长".repeat(1000)
    );
    assert_eq!(refused(&ods(&text), "a.ods").code(), "too-large");
    let open = packed(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"<office:document-content><table:table table:name=\"a\">"),
    ]);
    assert_eq!(refused(&open, "a.ods").code(), "damaged-workbook");
    let locked = packed(&[
        ("mimetype", b""),
        ("META-INF/manifest.xml", b"<manifest:file-entry><manifest:encryption-data/>"),
        ("content.xml", b""),
    ]);
    assert_eq!(refused(&locked, "a.ods").code(), "encrypted-file");
}

#[test]
fn files_are_what_they_hold() {
    let workbook = bureau();
    let cases: &[(&[u8], &str, &str)] = &[
        (&workbook, "a.xls", "the file holds an .xlsx workbook, though its name ends in `.xls`"),
        (&workbook, "a.csv", "the file holds an .xlsx workbook, though its name ends in `.csv`"),
        (b"a,b\n1,2\n", "a.xlsx", "the file holds plain text, though its name ends in `.xlsx`"),
        (b"\xef\xbb\xbf <html><table>", "a.xls", "the file holds a web page"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "a.xls", "the file holds XML"),
        (b"%PDF-1.7", "a.pdf", "the file holds a PDF document"),
        (b"PAR1", "a", "the file holds a Parquet file"),
        (&packed(&[("word/document.xml", b"")]), "a.docx", "the file holds a Word document"),
        (&packed(&[("a.csv", b"a")]), "a.zip", "the file holds a packed archive"),
    ];
    for (bytes, file, wanted) in cases {
        let error = refused(bytes, file);
        assert_eq!(
            (error.code(), error.problem().to_string().as_str()),
            ("wrong-file-type", *wanted)
        );
        assert!(error.to_string().starts_with(&format!("{file}: ")), "{error}");
    }
    assert!(grid::read(&workbook, "a.XLSM").is_ok());
    assert!(grid::read(&workbook, "a").is_ok());
    assert_eq!(refused(&workbook[..workbook.len() / 2], "a.xlsx").code(), "damaged-workbook");
}

/// A compound file that holds one stream, in sectors of 512 bytes: the table of sectors, a folder,
/// the stream.
pub(crate) fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let end = 0xffff_fffe_u32;
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut head = vec![0_u8; 512];
    head[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    head[26] = 3;
    head[30] = 9;
    head[32] = 6;
    head[44] = 1;
    head[48] = 1;
    for at in [60, 68] {
        head[at..at + 4].copy_from_slice(&end.to_le_bytes());
    }
    head[76..].fill(0xff);
    head[76..80].copy_from_slice(&0_u32.to_le_bytes());
    let mut table = vec![0xffff_fffd, end];
    table.extend((3..2 + sectors).chain([end]));
    table.resize(128, u32::MAX);
    head.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    let mut folder = vec![0_u8; 512];
    for (at, name, start, size) in
        [(0, "Root Entry", end, 0), (128, name, 2, u32::try_from(stream.len()).unwrap())]
    {
        for (at, unit) in (at..).step_by(2).zip(name.encode_utf16()) {
            folder[at..at + 2].copy_from_slice(&unit.to_le_bytes());
        }
        folder[at + 116..at + 120].copy_from_slice(&start.to_le_bytes());
        folder[at + 120..at + 124].copy_from_slice(&size.to_le_bytes());
    }
    head.extend(folder);
    head.extend(stream);
    head
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// The stream of an .xls file whose one sheet has some records.
fn biff(records: &[u8]) -> Vec<u8> {
    let start = record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let of_sheet = |at: u32| record(0x85, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let at = u32::try_from(start.len() + of_sheet(0).len() + 4).unwrap();
    [start.clone(), of_sheet(at), record(0x0a, &[]), start, records.to_vec(), record(0x0a, &[])]
        .concat()
}

fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    record(0x203, &[place, number.to_le_bytes().to_vec()].concat())
}

#[test]
fn numbers_are_read_as_workbooks_of_old_show_them() {
    let start = record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let text: Vec<u8> = "0\"人\"".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let format = record(0x41e, &[&[164, 0, 4, 0, 1][..], &text].concat());
    let styles = [0_u8, 10, 164].map(|id| record(0xe0, &[&[0, 0, id, 0][..], &[0; 16]].concat()));
    let globals = [vec![format], styles.to_vec()].concat().concat();
    let of_sheet = |at: u32| record(0x85, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let at = u32::try_from(start.len() + globals.len() + of_sheet(0).len() + 4).unwrap();
    let number = |row: u8, style: u8, number: f64| {
        record(0x203, &[&[row, 0, 0, 0, style, 0][..], &number.to_le_bytes()].concat())
    };
    // Two numbers of one record, in hundredths and whole.
    let many = record(0xbd, &[2, 0, 0, 0, 1, 0, 0x03, 0, 0, 0, 0, 0, 0x02, 0x01, 0, 0, 1, 0]);
    let sheet = [number(0, 1, 0.555), number(1, 2, 60.0), many].concat();
    let stream = [start.clone(), globals, of_sheet(at), record(0x0a, &[]), start, sheet];
    let stream = [stream.concat(), record(0x0a, &[])].concat();
    let book = grid::read(&compound("Workbook", &stream), "a.xls").unwrap();
    let text = |row, column| book.grids[0].cell(row, column).text().unwrap();
    assert_eq!([text(0, 0), text(1, 0), text(2, 0), text(2, 1)], ["55.5%", "60人", "0%", "64"]);
}

#[test]
fn workbooks_of_old_are_read_within_limits() {
    let file = |records: &[Vec<u8>]| compound("Workbook", &biff(&records.concat()));
    let book = grid::read(&file(&[number(0, 0, 60.0), number(1, 1, 0.5)]), "a.xls").unwrap();
    assert_eq!(book.grids[0].cell(1, 1), &Cell::Number(0.5));
    let corners = file(&[number(0, 0, 1.0), number(u16::MAX, 0xfff, 1.0)]);
    assert_eq!(refused(&corners, "a.xls").code(), "too-large");
    let size = |last: u32| {
        record(
            0x200,
            &[&0_u32.to_le_bytes()[..], &last.to_le_bytes(), &[0, 0, 0, 1, 0, 0]].concat(),
        )
    };
    assert_eq!(refused(&file(&[size(u32::MAX)]), "a.xls").code(), "too-large");
    let backwards = record(
        0x200,
        &[&9_u32.to_le_bytes()[..], &1_u32.to_le_bytes(), &[0, 0, 1, 0, 0, 0]].concat(),
    );
    assert_eq!(refused(&file(&[backwards]), "a.xls").code(), "damaged-workbook");
    assert_eq!(refused(&compound("EncryptedPackage", b""), "a.xlsx").code(), "encrypted-file");
    let locked = [record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0]), record(0x2f, &[1, 0, 1, 0])].concat();
    assert_eq!(refused(&compound("Workbook", &locked), "a.xls").code(), "encrypted-file");
    let told = refused(&compound("WordDocument", b""), "a.doc").problem().to_string();
    assert_eq!(told, "the file holds a Word document");
}

#[test]
fn text_in_every_encoding() {
    let text = "区县,在园幼儿数\n平遥县,60\n";
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let gb =
        b"\xc7\xf8\xcf\xd8,\xd4\xda\xd4\xb0\xd3\xd7\xb6\xf9\xca\xfd\n\xc6\xbd\xd2\xa3\xcf\xd8,60\n";
    let cases: &[(Vec<u8>, Encoding)] = &[
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
        ([&b"\xff\xfe"[..], &little].concat(), Encoding::Utf16Le),
        ([&b"\xfe\xff"[..], &big].concat(), Encoding::Utf16Be),
        (little, Encoding::Utf16Le),
        (big, Encoding::Utf16Be),
        (gb.to_vec(), Encoding::Gb18030),
    ];
    for (bytes, wanted) in cases {
        let (read, encoding) = grid::decoded(bytes).unwrap();
        assert_eq!((read.as_ref(), encoding), (text, *wanted));
        let book = grid::read(bytes, "a.csv").unwrap();
        assert_eq!(book.said().unwrap(), format!("{}, comma", wanted.name()));
        assert_eq!(book.grids[0].blocks()[0].columns[1].name(), "在园幼儿数");
    }
    assert!(matches!(grid::decoded(text.as_bytes()).unwrap().0, std::borrow::Cow::Borrowed(_)));
}

#[test]
fn text_that_cannot_be_read() {
    let cut = &"区县,在园幼儿数\n平遥县".as_bytes()[..30];
    let many = "区县,备注\n平遥县,";
    let cases: &[(&[u8], &str, &str)] = &[
        (cut, "unknown-encoding", "line 2 is neither"),
        (b"a,b\n1,\xff\n", "unknown-encoding", "line 2 is neither"),
        (b"a,b\n1,2\n3,\0\n", "nul-byte", "line 3 holds"),
        (b"\xff\xfea\0\0\xd8,\0", "unknown-encoding", "line 1 is neither"),
        (b"a,b\n1,\"2\n3,4\n", "unclosed-quote", "the quote opened in line 2"),
        (b"a,b\n1,2\n3\n3,4,5\n", "ragged-row", "the row has 3 cells where most have 2"),
        (b"a,b,c\n1,2,3\n3,4\n", "ragged-row", "the row has 2 cells where most have 3"),
        (b"a;b|c\n1;2|3\n", "ambiguous-separator", "semicolon and vertical bar separate"),
        (b"", "empty-table", "the table has no rows"),
        (b" \n\n", "empty-table", "the table has no rows"),
    ];
    for (bytes, code, told) in cases {
        let error = refused(bytes, "a.csv");
        assert_eq!(error.code(), *code, "{error}");
        assert!(error.problem().to_string().starts_with(told), "{error}");
    }
    let ragged = refused(b"a,b\n1,2\n3,4,5\n", "a.csv");
    assert_eq!(ragged.place().to_string(), "a.csv, row 3");
    let open = format!("{many}\"快报\n").into_bytes();
    assert_eq!(refused(&open, "a.csv").code(), "unclosed-quote");
}

#[test]
fn separators_quotes_and_ends_of_lines() {
    let cases = [
        ("a,b\n1,2\n", ','),
        ("a\tb\n1,5\t2\n2,5\t3\n", '\t'),
        ("a;b\n\"1;5\";2\n", ';'),
        ("区县，幼儿\n平遥县，60\n", '，'),
        ("a|b\r\n1|2\r\n", '|'),
        ("a,b\r1,2\r", ','),
        ("统计表\na\tb\n1\t2\n3\t4\n", '\t'),
        ("a\n1\n", ','),
        ("a;x,b;y\n1;2,3;4\n", ','),
    ];
    for (text, wanted) in cases {
        let (_, separator) = grid::read_text(text, None).unwrap();
        assert_eq!(separator, wanted, "{text:?}");
    }
    let (grid, _) = grid::read_text("a,\"b \"\"c\"\"\r\nd\"\r\n\r\n1,2,,\n3,4\r5,", None).unwrap();
    let rows: Vec<Vec<Option<String>>> =
        grid.rows.iter().map(|row| row.iter().map(Cell::text).collect()).collect();
    let text = |text: &str| Some(text.to_owned());
    let wanted = [
        vec![text("a"), text("b \"c\"\r\nd")],
        vec![None],
        vec![text("1"), text("2")],
        vec![text("3"), text("4")],
        vec![text("5"), None],
    ];
    assert_eq!(rows, wanted);
    assert_eq!(grid::read_text("a;b\n1;2\n", Some(',')).unwrap().1, ',');
}

/// SplitMix64.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed ^ (mixed >> 31)) >> 8).unwrap()
}

#[test]
fn damaged_files_are_errors() {
    let table = "区县,在园\"幼儿\"数\n平遥县,\"6\n0\"\n".as_bytes().to_vec();
    let cells = [number(0, 0, 60.0), number(1, 1, 0.5)].concat();
    let sheets = sheet(r#"<row r="1" hidden="1"><c r="A1" t="str"><f>1</f><v>a</v></c></row>"#);
    let files = [
        (bureau(), "a.xlsx"),
        (by_hand(&sheets), "a.xlsx"),
        (ods("<table:table-row><table:table-cell office:value=\"1\"/></table:table-row>"), "a.ods"),
        (compound("Workbook", &biff(&cells)), "a.xls"),
        (table, "a.csv"),
    ];
    let (mut state, mut read, mut not) = (9, 0, 0);
    for _ in 0..400 {
        for (bytes, file) in &files {
            let mut bytes = bytes.clone();
            for _ in 0..=next(&mut state) % 3 {
                let at = next(&mut state) % bytes.len();
                match next(&mut state) % 4 {
                    0 => bytes[at] = u8::try_from(next(&mut state) % 256).unwrap(),
                    1 => bytes[at] ^= 1 << (next(&mut state) % 8),
                    2 => drop(bytes.remove(at)),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            match grid::read(&bytes, file) {
                Ok(book) => {
                    read += 1;
                    let blocks = book.grids.iter().flat_map(|grid| {
                        grid.blocks().into_iter().map(move |block| block.lines(grid))
                    });
                    assert!(blocks.count() < 10);
                    drop(book.findings());
                }
                Err(error) => {
                    not += 1;
                    assert!(error.to_string().starts_with(file), "{error}");
                }
            }
        }
    }
    assert!(read > 100 && not > 100, "{read} were read, {not} were not");
}

//! Workbooks to start from, and a workbook around any sheet, so that mutations meet no checksum.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// What a workbook holds beside its sheets: as little as can be.
const PARTS: [(&str, &[u8]); 4] = [
    ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#),
    ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
    ("xl/workbook.xml", "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"表1\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>".as_bytes()),
    ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
];

/// A table as a workbook: codes as text, figures as numbers, a title over all columns, and what else sheets hold.
///
/// # Errors
/// Those of the writer.
pub fn workbook(table: &str) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 3, "表1  单位：万元", &plain)?;
    for (row, line) in (1..).zip(table.trim().lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            match cell.parse::<f64>() {
                Ok(number) if column > 0 => sheet.write_number(row, column, number)?,
                _ => sheet.write_string(row, column, cell)?,
            };
        }
    }
    sheet.write_formula(2, 5, Formula::new("=SUM(B3:C3)").set_result("12"))?;
    sheet.write_datetime_with_format(
        3,
        5,
        ExcelDateTime::from_ymd(2022, 9, 1)?,
        &Format::new().set_num_format("yyyy-mm-dd"),
    )?;
    sheet.write_boolean(4, 5, true)?.set_row_hidden(5)?.set_column_hidden(6)?;
    book.add_worksheet().set_hidden(true).write_string(0, 0, "说明")?;
    book.save_to_buffer()
}

/// The text of the first sheet of a workbook.
pub fn sheet_of(book: &[u8]) -> Vec<u8> {
    let mut file = ZipArchive::new(Cursor::new(book)).expect("a workbook is a zip");
    let mut sheet = Vec::new();
    let mut entry = file.by_name("xl/worksheets/sheet1.xml").expect("a workbook has a sheet");
    entry.read_to_end(&mut sheet).expect("the sheet unpacks");
    sheet
}

/// A workbook around the text of its only sheet.
pub fn around(sheet: &[u8]) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in PARTS.iter().chain(&[("xl/worksheets/sheet1.xml", sheet)]) {
        file.start_file(*name, stored).expect("memory can be written");
        file.write_all(content).expect("memory can be written");
    }
    file.finish().expect("memory can be written").into_inner()
}

//! Kinds of files (文件类型), told by what they hold.

use super::guard::Archive;
use super::legacy::{self, Compound};
use crate::error::{Problem, Result};

/// What a file of tables is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Text,
    Xlsx,
    Xlsb,
    Ods,
    Xls,
}

impl Kind {
    /// Endings of its files, of which the first is advised; none says nothing of what is held.
    const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["csv", "tsv", "tab", "txt"],
            Self::Xlsx => &["xlsx", "xlsm", "xltx", "xltm"],
            Self::Xlsb => &["xlsb"],
            Self::Ods => &["ods", "ots"],
            Self::Xls => &["xls", "xlt", "et"],
        }
    }

    const fn held(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Xlsx => "an .xlsx workbook",
            Self::Xlsb => "an .xlsb workbook",
            Self::Ods => "an .ods workbook",
            Self::Xls => "an .xls workbook",
        }
    }
}

/// What the bytes of a file are, held against the ending of its name if that promises one.
pub(super) fn kind(bytes: &[u8], file: &str) -> Result<Kind> {
    let kind = held(bytes)?;
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let all = [Kind::Text, Kind::Xlsx, Kind::Xlsb, Kind::Ods, Kind::Xls];
    let promised = all.into_iter().find(|kind| kind.endings().contains(&ending.as_str()));
    if promised.is_some_and(|promised| promised != kind) {
        let right = kind.endings().first().unwrap_or(&"csv");
        let held = format!("{}, though its name ends in `.{ending}`", kind.held());
        let advice = format!("rename it to end in `.{right}`, or save it again as `.{ending}`");
        return Err(Problem::WrongFileType { held, advice }.into());
    }
    Ok(kind)
}

fn held(bytes: &[u8]) -> Result<Kind> {
    let found = match bytes {
        [b'P', b'K', 3, 4, ..] => return zipped(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => return compound(bytes),
        [b'%', b'P', b'D', b'F', ..] => "a PDF document",
        [b'P', b'A', b'R', b'1', ..] => "a Parquet file",
        [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => "a compressed file",
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] => "a packed archive",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => "a picture",
        _ => return marked(bytes),
    };
    Err(other(found))
}

/// Text, unless it is a page or a workbook written as XML.
fn marked(bytes: &[u8]) -> Result<Kind> {
    let head = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if !head.starts_with('<') {
        return Ok(Kind::Text);
    }
    Err(other(if ["<html", "<table", "<!doctype html"].iter().any(|tag| head.contains(tag)) {
        "a web page"
    } else {
        "XML"
    }))
}

fn zipped(bytes: &[u8]) -> Result<Kind> {
    let archive = Archive::open(bytes)?;
    let has = |name: &str| archive.names().any(|part| part.eq_ignore_ascii_case(name));
    if has("xl/workbook.bin") {
        Ok(Kind::Xlsb)
    } else if has("content.xml") && has("mimetype") {
        Ok(Kind::Ods)
    } else if archive.names().any(|part| part.to_lowercase().ends_with("workbook.xml")) {
        Ok(Kind::Xlsx)
    } else if has("word/document.xml") {
        Err(other("a Word document"))
    } else if has("ppt/presentation.xml") {
        Err(other("a presentation"))
    } else {
        Err(other("a packed archive"))
    }
}

fn compound(bytes: &[u8]) -> Result<Kind> {
    let compound = Compound::open(bytes).ok_or_else(legacy::damaged)?;
    let has = |name| compound.has(name);
    if has("EncryptedPackage") {
        Err(Problem::EncryptedFile {}.into())
    } else if has("Workbook") || has("Book") {
        Ok(Kind::Xls)
    } else if has("WordDocument") {
        Err(other("a Word document"))
    } else {
        Err(other("an Office file without a workbook"))
    }
}

fn other(held: &str) -> crate::error::Error {
    let advice =
        "open it in the program that it is for, and save its table as .xlsx or CSV (UTF-8)";
    Problem::WrongFileType { held: held.to_owned(), advice: advice.to_owned() }.into()
}

//! Which files paths stand for.

use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern, glob_with};

use super::open::{Kind, unreadable_file};
use crate::error::{Error, Place, Problem, Result};

/// As a shell matches: hidden files are named, and `*` stays within its folder.
const AS_A_SHELL: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// The files that paths stand for, in order: a file stays, a folder gives the tables directly in
/// it by name, and a pattern what it matches.
///
/// A path that is neither stays, so that opening it tells what is wrong; so does one file that is
/// named twice. What was expanded once stays as it is.
pub(crate) fn expanded<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        match pattern(path) {
            None => expand(path, &mut files)?,
            Some(pattern) => {
                let before = files.len();
                let matches = glob_with(pattern, AS_A_SHELL).into_iter().flatten();
                for found in matches {
                    let found =
                        found.map_err(|error| unreadable_file(error.path(), error.error()))?;
                    expand(&found, &mut files)?;
                }
                if files.len() == before {
                    return Err(Error::new(Problem::NoMatch {}, Place::file(path)));
                }
            }
        }
    }
    Ok(files)
}

/// The pattern that a path is: of the name of something that exists, none.
fn pattern(path: &Path) -> Option<&str> {
    let text = path.to_str().filter(|text| text.contains(['*', '?', '[']))?;
    (Pattern::new(text).is_ok() && path.symlink_metadata().is_err()).then_some(text)
}

fn expand(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    let unreadable = |error| unreadable_file(path, &error);
    let mut tables = Vec::new();
    for entry in path.read_dir().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        let hidden = name.starts_with(b".") || name.starts_with(b"~$");
        let file = entry.path();
        if !hidden && Kind::of(&file).is_ok() && file.is_file() {
            tables.push(file);
        }
    }
    if tables.is_empty() {
        return Err(Error::new(Problem::EmptyFolder {}, Place::file(path)));
    }
    tables.sort();
    files.append(&mut tables);
    Ok(())
}

//! Tags (标签) of XML, one after another, without a tree.

use std::io::{BufRead, Result};

/// Reads the tags of a part; comments and the like are passed over.
pub(super) struct Tags<R> {
    reader: R,
    text: Vec<u8>,
    tag: Vec<u8>,
}

/// A tag, without its brackets.
pub(super) struct Tag<'a> {
    content: &'a [u8],
    /// The text before it.
    pub(super) before: &'a [u8],
}

impl<R: BufRead> Tags<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, text: Vec::new(), tag: Vec::new() }
    }

    pub(super) fn next(&mut self) -> Result<Option<Tag<'_>>> {
        self.text.clear();
        loop {
            if self.reader.read_until(b'<', &mut self.text)? == 0 {
                return Ok(None);
            }
            self.text.pop_if(|last| *last == b'<');
            self.tag.clear();
            if !self.fill()? {
                return Ok(None);
            }
            if !self.tag.starts_with(b"!") && !self.tag.starts_with(b"?") {
                return Ok(Some(Tag { content: &self.tag, before: &self.text }));
            }
            let verbatim = self.tag.strip_prefix(b"![CDATA[");
            let verbatim = verbatim.and_then(|text| text.strip_suffix(b"]]"));
            self.text.extend_from_slice(verbatim.unwrap_or_default());
        }
    }

    /// Reads to the end of a tag: a bracket outside of quotes, or what ends a comment.
    fn fill(&mut self) -> Result<bool> {
        let mut quote = None;
        let mut seen = 0;
        loop {
            if self.reader.read_until(b'>', &mut self.tag)? == 0 {
                return Ok(false);
            }
            self.tag.pop_if(|last| *last == b'>');
            let closed = if self.tag.starts_with(b"!--") {
                self.tag.ends_with(b"--") && self.tag.len() >= 5
            } else if self.tag.starts_with(b"?") {
                self.tag.ends_with(b"?")
            } else if self.tag.starts_with(b"![CDATA[") {
                self.tag.ends_with(b"]]")
            } else {
                for byte in self.tag.get(seen..).unwrap_or_default() {
                    match quote {
                        None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
                        Some(open) if open == *byte => quote = None,
                        _ => {}
                    }
                }
                quote.is_none()
            };
            if closed {
                return Ok(true);
            }
            seen = self.tag.len();
            self.tag.push(b'>');
        }
    }
}

impl<'a> Tag<'a> {
    /// Its name without a prefix.
    pub(super) fn name(&self) -> &'a [u8] {
        let name = self.content.strip_prefix(b"/").unwrap_or(self.content);
        let end = name.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
        let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
        name.rsplit(|byte| *byte == b':').next().unwrap_or(name)
    }

    /// Whether it closes another.
    pub(super) fn closes(&self) -> bool {
        self.content.starts_with(b"/")
    }

    /// Whether nothing stands within it.
    pub(super) fn is_empty(&self) -> bool {
        self.content.ends_with(b"/")
    }

    /// The value of an attribute, as it is written, by its name with or without a prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.content;
        loop {
            let equals = rest.iter().position(|byte| *byte == b'=')?;
            let (before, after) = rest.split_at_checked(equals)?;
            let key = before.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next()?;
            let value = after.get(1..)?.trim_ascii_start();
            let (quote, value) = value.split_first()?;
            let end = value.iter().position(|byte| byte == quote)?;
            let plain = key.rsplit(|byte| *byte == b':').next()?;
            if [key, plain].contains(&name.as_bytes()) {
                return std::str::from_utf8(value.get(..end)?).ok();
            }
            rest = value.get(end.saturating_add(1)..)?;
        }
    }

    /// Whether an attribute says yes.
    pub(super) fn says(&self, name: &str) -> bool {
        matches!(self.attribute(name), Some("1" | "true"))
    }
}

/// A text without the escapes of XML; what is none of them stays as it is.
pub(super) fn unescaped(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap_or(("", piece));
        let letter = letter(name);
        plain.push(letter.unwrap_or('&'));
        plain.push_str(if letter.is_some() { rest } else { piece });
    }
    plain
}

fn letter(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

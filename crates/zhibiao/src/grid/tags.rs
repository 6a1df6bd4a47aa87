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
            if self.tag.starts_with(b"![CDATA[") {
                self.text.extend_from_slice(&self.tag);
            }
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
                self.tag.ends_with(b"--")
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

    /// The value of an attribute by its name without a prefix, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.content;
        loop {
            let equals = rest.iter().position(|byte| *byte == b'=')?;
            let (before, after) = rest.split_at_checked(equals)?;
            let key = before.trim_ascii_end();
            let start = key.iter().rposition(|byte| byte.is_ascii_whitespace() || *byte == b':');
            let key = key.get(start.map_or(0, |start| start.saturating_add(1))..)?;
            let value = after.get(1..)?.trim_ascii_start();
            let (quote, value) = value.split_first()?;
            let end = value.iter().position(|byte| byte == quote)?;
            if key == name.as_bytes() {
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

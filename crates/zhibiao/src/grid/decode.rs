//! Encodings (字符编码) of text files.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use crate::error::{Problem, Result};

/// How a file writes its characters (编码).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    #[default]
    Utf8,
    /// UTF-16, the lower byte first: Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// GB18030, which holds GBK and GB2312.
    Gb18030,
}

impl Encoding {
    /// The name by which it is known.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
        }
    }

    const fn decoder(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Gb18030 => GB18030,
        }
    }
}

/// Bytes of a text file as text, without a byte order mark, and how they were written.
///
/// A byte order mark decides; without one it is UTF-16 if zeros stand at every other byte of the
/// beginning, UTF-8 if all of it is, else GB18030 if all of it is. UTF-8 is not copied.
///
/// ```
/// use zhibiao::grid::{Encoding, decoded};
/// let (text, encoding) = decoded(b"\xc6\xbd\xd2\xa3\xcf\xd8,60\n")?;
/// assert_eq!((text.as_ref(), encoding), ("平遥县,60\n", Encoding::Gb18030));
/// # Ok::<(), zhibiao::Error>(())
/// ```
///
/// # Errors
/// `unknown-encoding` where a line fits none, `nul-byte` for a NUL in text.
pub fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding)> {
    let (encoding, body) = match bytes {
        [0xef, 0xbb, 0xbf, body @ ..] => (Some(Encoding::Utf8), body),
        [0xff, 0xfe, body @ ..] => (Some(Encoding::Utf16Le), body),
        [0xfe, 0xff, body @ ..] => (Some(Encoding::Utf16Be), body),
        body => (unmarked_utf16(body), body),
    };
    let encoding = encoding.unwrap_or_else(|| utf8_or_gb18030(body));
    let decoder = encoding.decoder();
    let text = decoder.decode_without_bom_handling_and_without_replacement(body);
    let text = text.ok_or_else(|| {
        let (replaced, _) = decoder.decode_without_bom_handling(body);
        let at = replaced.find('\u{fffd}').unwrap_or(replaced.len());
        Problem::UnknownEncoding { line: line(&replaced, at) }
    })?;
    match memchr::memchr(0, text.as_bytes()) {
        Some(at) => Err(Problem::NulByte { line: line(&text, at) }.into()),
        None => Ok((text, encoding)),
    }
}

/// The line, from 1, in which a byte of a text stands.
fn line(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let newlines = memchr::memchr_iter(b'\n', before).count();
    u64::try_from(newlines.saturating_add(1)).unwrap_or(u64::MAX)
}

/// UTF-16 by the zeros of its ASCII: at least two, and one in eight pairs of the beginning, have
/// one, all of them on the same side.
fn unmarked_utf16(bytes: &[u8]) -> Option<Encoding> {
    let (pairs, _) = bytes.get(..4096).unwrap_or(bytes).as_chunks::<2>();
    let zeros = |side: fn(&[u8; 2]) -> u8| pairs.iter().filter(|pair| side(pair) == 0).count();
    let (first, second) = (zeros(|pair| pair[0]), zeros(|pair| pair[1]));
    let most = first.max(second);
    if most < 2 || most.saturating_mul(8) < pairs.len() {
        return None;
    }
    match (first, second) {
        (0, _) => Some(Encoding::Utf16Le),
        (_, 0) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// UTF-8, unless it breaks off before three characters beyond ASCII were read: GB18030 reads
/// damaged UTF-8 as other characters, which must not pass for text.
fn utf8_or_gb18030(bytes: &[u8]) -> Encoding {
    let chunk = bytes.utf8_chunks().next();
    let Some(chunk) = chunk.filter(|chunk| !chunk.invalid().is_empty()) else {
        return Encoding::Utf8;
    };
    if chunk.valid().chars().filter(|letter| !letter.is_ascii()).nth(2).is_some() {
        return Encoding::Utf8;
    }
    Encoding::Gb18030
}

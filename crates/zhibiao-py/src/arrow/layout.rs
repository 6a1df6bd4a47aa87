//! How the buffers of a column are laid out, as its format says.

use std::ffi::{CStr, c_char, c_void};

/// The C struct `ArrowSchema`, of which the library keeps the fields to itself.
#[repr(C)]
pub(super) struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *const *const Self,
    dictionary: *const Self,
    release: Option<unsafe extern "C" fn(*mut Self)>,
    private_data: *const c_void,
}

/// Buffers of a column.
#[derive(Debug)]
pub(super) enum Layout {
    /// No buffer.
    Null,
    /// One bit a row.
    Bits,
    /// Some bytes a row.
    Fixed,
    /// 16 bytes a row, at most 38 digits.
    Decimal,
    /// Offsets of 32 or 64 bits into bytes.
    Bytes { large: bool, text: bool },
    /// Views of 16 bytes into buffers of bytes.
    Views { text: bool },
    /// Integers of so many bytes, signed or not, that count into other values.
    Dictionary { width: usize, signed: bool, values: Box<Self> },
}

/// A column as the schema tells it.
pub(super) struct Declared {
    pub(super) name: String,
    /// None for types that no figure or key can be of.
    pub(super) layout: Option<Layout>,
    pub(super) schema: *const Schema,
}

impl Schema {
    /// The columns of a schema of rows.
    ///
    /// # Safety
    /// The schema is initialised, and its pointers are null or point to what the specification
    /// says.
    pub(super) unsafe fn columns(&self) -> Result<Vec<Declared>, String> {
        if unsafe { text(self.format) }? != Some("+s") {
            return Err("the stream is not one of rows of named columns".to_owned());
        }
        unsafe { self.check_metadata() }?;
        let count = usize::try_from(self.n_children).map_err(|_| "a negative count of columns")?;
        if count > 0 && self.children.is_null() {
            return Err("the columns are not there".to_owned());
        }
        let mut columns = Vec::with_capacity(count);
        for index in 0..count {
            let child = unsafe { (*self.children.add(index)).as_ref() }
                .ok_or_else(|| format!("column {index} is not there"))?;
            let name = unsafe { text(child.name) }?.unwrap_or_default().to_owned();
            let layout = unsafe { child.layout() }?;
            columns.push(Declared { name, layout, schema: child });
        }
        Ok(columns)
    }

    unsafe fn layout(&self) -> Result<Option<Layout>, String> {
        unsafe { self.check_metadata() }?;
        let format = unsafe { text(self.format) }?.ok_or("a column without a format")?;
        if let Some(dictionary) = unsafe { self.dictionary.as_ref() } {
            let (width, signed) = match format {
                "c" => (1, true),
                "C" => (1, false),
                "s" => (2, true),
                "S" => (2, false),
                "i" => (4, true),
                "I" => (4, false),
                "l" => (8, true),
                "L" => (8, false),
                _ => return Err(format!("dictionary keys of format `{format}`")),
            };
            unsafe { text(dictionary.name) }?;
            if !dictionary.dictionary.is_null() {
                return Err("a dictionary of dictionaries".to_owned());
            }
            return Ok(match unsafe { dictionary.layout() }? {
                Some(
                    values @ (Layout::Bytes { text: true, .. } | Layout::Views { text: true }),
                ) => Some(Layout::Dictionary { width, signed, values: Box::new(values) }),
                _ => None,
            });
        }
        Ok(Some(match format {
            "n" => Layout::Null,
            "b" => Layout::Bits,
            "c" | "C" | "s" | "S" | "i" | "I" | "l" | "L" | "_pli128" | "f" | "g" | "tdD"
            | "tdm" => Layout::Fixed,
            "u" => Layout::Bytes { large: false, text: true },
            "U" => Layout::Bytes { large: true, text: true },
            "z" => Layout::Bytes { large: false, text: false },
            "Z" => Layout::Bytes { large: true, text: false },
            "vu" => Layout::Views { text: true },
            "vz" => Layout::Views { text: false },
            other => match other.split_once(':') {
                Some(("d", form)) => {
                    let mut parts = form.split(',');
                    let precision = parts.next().and_then(|digits| digits.parse::<u8>().ok());
                    let scale = parts.next().and_then(|digits| digits.parse::<u8>().ok());
                    let wide = parts.next().is_none_or(|bits| bits == "128");
                    match (precision, scale) {
                        (Some(precision @ 1..=38), Some(scale)) if wide && scale <= precision => {
                            Layout::Decimal
                        }
                        _ => return Ok(None),
                    }
                }
                Some(("tss" | "tsm" | "tsu" | "tsn", _)) => Layout::Fixed,
                _ => return Ok(None),
            },
        }))
    }

    /// Lengths and texts of the metadata; where it ends is not told, so that it cannot be checked
    /// that it is all there.
    unsafe fn check_metadata(&self) -> Result<(), String> {
        let mut at = self.metadata.cast::<u8>();
        if at.is_null() {
            return Ok(());
        }
        let pairs = unsafe { length(&mut at) }?;
        for _ in 0..pairs.saturating_mul(2) {
            let bytes = unsafe { length(&mut at) }?;
            let text = unsafe { std::slice::from_raw_parts(at, bytes) };
            std::str::from_utf8(text).map_err(|_| "metadata that is not UTF-8".to_owned())?;
            at = unsafe { at.add(bytes) };
        }
        Ok(())
    }
}

/// Reads a length, and goes on behind it.
unsafe fn length(at: &mut *const u8) -> Result<usize, String> {
    let length = i32::from_ne_bytes(unsafe { at.cast::<[u8; 4]>().read_unaligned() });
    *at = unsafe { at.add(4) };
    usize::try_from(length).map_err(|_| "metadata of negative length".to_owned())
}

unsafe fn text<'a>(pointer: *const c_char) -> Result<Option<&'a str>, String> {
    if pointer.is_null() {
        return Ok(None);
    }
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().map(Some).map_err(|_| "a name or format that is not UTF-8".to_owned())
}

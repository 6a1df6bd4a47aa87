//! Everything that can be checked of an array before it is read.

use std::ffi::c_void;
use std::ops::Range;

use polars_arrow::bitmap::utils::count_zeros;
use zhibiao::Watch;

use super::layout::Layout;

/// Rows that a frame can have. Longer arrays and offsets are refused, so that no product of lengths
/// can leave 63 bits.
const LONGEST: i64 = u32::MAX as i64;

/// The C struct `ArrowArray`, of which the library keeps the fields to itself.
#[repr(C)]
pub(super) struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const c_void,
    children: *const *mut Self,
    dictionary: *const Self,
    release: Option<unsafe extern "C" fn(*mut Self)>,
    private_data: *const c_void,
}

impl Array {
    /// Checks the columns of a batch that have a layout, and tells which of their rows are the
    /// batch's; else the column at fault and why.
    ///
    /// # Safety
    /// The array is initialised, and its pointers are null or point to what the specification says;
    /// its buffers are as long as its lengths and offsets say.
    pub(super) unsafe fn check_batch(
        &self,
        layouts: &[Option<&Layout>],
        watch: &Watch,
    ) -> Result<Range<usize>, (Option<usize>, String)> {
        let whole = |reason: String| (None, reason);
        let (start, end) = self.range().map_err(whole)?;
        if unsafe { self.nulls(start, end) }.map_err(whole)? > 0 {
            return Err(whole("rows that are null as a whole".to_owned()));
        }
        let count = usize::try_from(self.n_children).ok();
        if count != Some(layouts.len()) || (count != Some(0) && self.children.is_null()) {
            return Err(whole("a batch with other columns than its schema".to_owned()));
        }
        for (index, layout) in layouts.iter().enumerate() {
            let told = |reason: String| (Some(index), reason);
            if watch.is_cancelled() {
                return Err(whole("it was not read to its end".to_owned()));
            }
            let child = unsafe { self.child(index).as_ref() };
            let child = child.ok_or_else(|| told("it is not there".to_owned()))?;
            let Some(layout) = layout else { continue };
            let rows = child.range().map_err(told)?;
            if rows.1.saturating_sub(rows.0) < end {
                return Err(told("it is shorter than its batch".to_owned()));
            }
            unsafe { child.check(layout) }.map_err(told)?;
        }
        Ok(start..end)
    }

    /// A child of those that there are.
    ///
    /// # Safety
    /// The array has as many children.
    pub(super) unsafe fn child(&self, index: usize) -> *mut Self {
        unsafe { *self.children.add(index) }
    }

    unsafe fn check(&self, layout: &Layout) -> Result<(), String> {
        let (start, end) = self.range()?;
        if start == end {
            return Ok(());
        }
        let needed = match layout {
            Layout::Null => 0,
            Layout::Bits | Layout::Fixed | Layout::Decimal | Layout::Dictionary { .. } => 2,
            Layout::Bytes { .. } | Layout::Views { .. } => 3,
        };
        let exact = !matches!(layout, Layout::Views { .. } | Layout::Null);
        if self.n_buffers < needed || (exact && self.n_buffers != needed) {
            return Err(format!("{} buffers", self.n_buffers));
        }
        if matches!(layout, Layout::Null) {
            return Ok(());
        }
        unsafe { self.nulls(start, end) }?;
        match layout {
            Layout::Null => Ok(()),
            Layout::Bits | Layout::Fixed => unsafe { self.buffer(1) }.map(|_| ()),
            Layout::Decimal => unsafe { self.check_decimals(start, end) },
            Layout::Bytes { large, text } => unsafe {
                if *large {
                    self.check_bytes::<i64>(start, end, *text)
                } else {
                    self.check_bytes::<i32>(start, end, *text)
                }
            },
            Layout::Views { text } => unsafe { self.check_views(start, end, *text) },
            Layout::Dictionary { width, signed, values } => {
                let dictionary = unsafe { self.dictionary.as_ref() }.ok_or("no dictionary")?;
                // Of no values nothing may be read, not even where they begin.
                unsafe { dictionary.check(values) }?;
                let (first, last) = dictionary.range()?;
                let values = last.saturating_sub(first);
                match (width, signed) {
                    (1, true) => unsafe { self.check_keys::<i8>(start, end, values) },
                    (1, false) => unsafe { self.check_keys::<u8>(start, end, values) },
                    (2, true) => unsafe { self.check_keys::<i16>(start, end, values) },
                    (2, false) => unsafe { self.check_keys::<u16>(start, end, values) },
                    (4, true) => unsafe { self.check_keys::<i32>(start, end, values) },
                    (4, false) => unsafe { self.check_keys::<u32>(start, end, values) },
                    (_, true) => unsafe { self.check_keys::<i64>(start, end, values) },
                    (_, false) => unsafe { self.check_keys::<u64>(start, end, values) },
                }
            }
        }
    }

    /// Whether it marks the end of its stream.
    pub(super) const fn is_released(&self) -> bool {
        self.release.is_none()
    }

    /// Whether its keys count into no values at all.
    pub(super) fn is_empty_dictionary(&self) -> bool {
        // SAFETY: the array was checked.
        unsafe { self.dictionary.as_ref() }.is_some_and(|values| values.length == 0)
    }

    /// First row and row after the last, in the buffers.
    fn range(&self) -> Result<(usize, usize), String> {
        if self.release.is_none() {
            return Err("it was released already".to_owned());
        }
        if !(0..=LONGEST).contains(&self.length) || !(0..=LONGEST).contains(&self.offset) {
            return Err(format!("length {} and offset {}", self.length, self.offset));
        }
        let start = usize::try_from(self.offset).unwrap_or(0);
        Ok((start, start.saturating_add(usize::try_from(self.length).unwrap_or(0))))
    }

    /// A buffer of at least one byte.
    unsafe fn buffer(&self, index: usize) -> Result<*const u8, String> {
        if self.buffers.is_null() || !self.buffers.is_aligned() {
            return Err("no buffers".to_owned());
        }
        let buffer = unsafe { *self.buffers.add(index) }.cast::<u8>();
        if buffer.is_null() { Err(format!("no buffer {index}")) } else { Ok(buffer) }
    }

    unsafe fn slice<T: Copy>(
        &self,
        index: usize,
        start: usize,
        end: usize,
    ) -> Result<impl Iterator<Item = T> + use<T>, String> {
        let buffer = unsafe { self.buffer(index) }?.cast::<T>();
        // Buffers of some producers are not aligned.
        Ok((start..end).map(move |row| unsafe { buffer.add(row).read_unaligned() }))
    }

    /// Number of nulls; refused where it is not what the array says.
    unsafe fn nulls(&self, start: usize, end: usize) -> Result<usize, String> {
        if self.null_count == 0 || start == end {
            return Ok(0);
        }
        if self.n_buffers < 1 {
            return Err("nulls without a bitmap".to_owned());
        }
        let bits = unsafe { self.buffer(0) }.map_err(|_| "nulls without a bitmap".to_owned())?;
        let bits = unsafe { std::slice::from_raw_parts(bits, end.div_ceil(8)) };
        let counted = count_zeros(bits, start, end.saturating_sub(start));
        if self.null_count != -1 && usize::try_from(self.null_count) != Ok(counted) {
            return Err(format!("{} nulls are told, {counted} are there", self.null_count));
        }
        Ok(counted)
    }

    /// Which rows have a value.
    unsafe fn validity(&self) -> Result<impl Fn(usize) -> bool + use<>, String> {
        let bits = (self.null_count != 0).then(|| unsafe { self.buffer(0) }).transpose()?;
        Ok(move |row: usize| bits.is_none_or(|bits| unsafe { bit(bits, row) }))
    }

    unsafe fn check_decimals(&self, start: usize, end: usize) -> Result<(), String> {
        let is_valid = unsafe { self.validity() }?;
        let limit = 10_u128.pow(38);
        let values = unsafe { self.slice::<i128>(1, start, end) }?;
        let mut rows = (start..end).zip(values);
        match rows.find(|(row, value)| is_valid(*row) && value.unsigned_abs() >= limit) {
            Some((_, value)) => Err(format!("the decimal {value} has more than 38 digits")),
            None => Ok(()),
        }
    }

    unsafe fn check_bytes<O: Copy + TryInto<usize>>(
        &self,
        start: usize,
        end: usize,
        text: bool,
    ) -> Result<(), String> {
        let mut last = None;
        let mut offsets = Vec::with_capacity(end.saturating_sub(start).saturating_add(1));
        for offset in unsafe { self.slice::<O>(1, start, end.saturating_add(1)) }? {
            let offset = offset.try_into().map_err(|_| "an offset below 0".to_owned())?;
            if last.is_some_and(|last| offset < last) {
                return Err("offsets that go back".to_owned());
            }
            last = Some(offset);
            offsets.push(offset);
        }
        let (first, last) = (offsets.first().copied().unwrap_or(0), last.unwrap_or(0));
        if last == 0 {
            return Ok(());
        }
        let data = unsafe { self.buffer(2) }?;
        if !text || first == last {
            return Ok(());
        }
        let bytes = last.saturating_sub(first);
        let all = unsafe { std::slice::from_raw_parts(data.add(first), bytes) };
        let all = std::str::from_utf8(all).map_err(|_| "text that is not UTF-8".to_owned())?;
        let cut = offsets.iter().any(|at| !all.is_char_boundary(at.saturating_sub(first)));
        if cut { Err("offsets that cut letters".to_owned()) } else { Ok(()) }
    }

    unsafe fn check_views(&self, start: usize, end: usize, text: bool) -> Result<(), String> {
        let n_buffers = usize::try_from(self.n_buffers).map_err(|_| "no buffers".to_owned())?;
        // Validity, views, data and the lengths of the data.
        let data = n_buffers.saturating_sub(3);
        let mut buffers = Vec::with_capacity(data);
        if data > 0 {
            let lengths = unsafe { self.slice::<i64>(n_buffers.saturating_sub(1), 0, data) }?;
            for (index, length) in lengths.enumerate() {
                let length = usize::try_from(length).map_err(|_| "a buffer of negative length")?;
                let buffer = if length == 0 {
                    &[][..]
                } else {
                    let pointer = unsafe { self.buffer(index.saturating_add(2)) }?;
                    unsafe { std::slice::from_raw_parts(pointer, length) }
                };
                buffers.push(buffer);
            }
        }
        for view in unsafe { self.slice::<[u8; 16]>(1, start, end) }? {
            if is_short_ascii(view) {
                continue;
            }
            let number = |at: usize| {
                let bytes = view.get(at..at.saturating_add(4)).and_then(|b| b.try_into().ok());
                usize::try_from(u32::from_ne_bytes(bytes.unwrap_or_default())).unwrap_or(usize::MAX)
            };
            let length = number(0);
            let bytes = if length <= 12 {
                view.get(4..length.saturating_add(4))
            } else {
                let from = number(12);
                let buffer = buffers.get(number(8));
                let bytes = buffer.and_then(|all| all.get(from..from.saturating_add(length)));
                bytes.filter(|bytes| bytes.get(..4) == view.get(4..8))
            };
            let bytes = bytes.ok_or("a view that points beyond its buffers")?;
            if text && std::str::from_utf8(bytes).is_err() {
                return Err("text that is not UTF-8".to_owned());
            }
        }
        Ok(())
    }

    unsafe fn check_keys<K: Copy + TryInto<usize>>(
        &self,
        start: usize,
        end: usize,
        values: usize,
    ) -> Result<(), String> {
        let is_valid = unsafe { self.validity() }?;
        let keys = unsafe { self.slice::<K>(1, start, end) }?;
        let beyond = |key: K| key.try_into().map_or(true, |key: usize| key >= values);
        if (start..end).zip(keys).any(|(row, key)| is_valid(row) && beyond(key)) {
            return Err("a key beyond its dictionary".to_owned());
        }
        Ok(())
    }
}

/// Whether a view holds its text itself, and only ASCII: most keys do.
fn is_short_ascii(view: [u8; 16]) -> bool {
    const HIGH: u128 = u128::from_ne_bytes([0x80; 16]);
    let [a, b, c, d, ..] = view;
    let text =
        HIGH & !u128::from_ne_bytes([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    u32::from_ne_bytes([a, b, c, d]) <= 12 && u128::from_ne_bytes(view) & text == 0
}

unsafe fn bit(bits: *const u8, row: usize) -> bool {
    let byte = unsafe { *bits.add(row >> 3) };
    byte & (1_u8 << (row & 7)) != 0
}

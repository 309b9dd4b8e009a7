//! Decodes bytes that may not be UTF-8, and writes text among such bytes.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use crate::problem::Problem;
use crate::row_builder::RowBuilder;

/// Decodes `bytes` as UTF-8, or else reports it and decodes them as Windows-1252, in which every byte is a character. O(n).
pub(crate) fn read<'a>(bytes: &'a [u8], builder: &mut RowBuilder) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            builder.report(Problem::NotUtf8);
            WINDOWS_1252.decode_without_bom_handling(bytes).0
        }
    }
}

/// Decodes bytes that belong to no row, without a report. O(n).
pub(crate) fn read_silently(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Returns the bytes of a text among others that are not UTF-8: those of Windows-1252, unless they could be taken for UTF-8. O(n).
pub(crate) fn in_windows_1252(text: &str) -> Cow<'_, [u8]> {
    let (bytes, _, has_foreign) = WINDOWS_1252.encode(text);
    if !has_foreign && std::str::from_utf8(&bytes).is_err() { bytes } else { Cow::Borrowed(text.as_bytes()) }
}

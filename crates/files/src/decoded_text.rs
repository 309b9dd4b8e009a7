//! Decodes bytes that may not be UTF-8.

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

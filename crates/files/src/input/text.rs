//! From bytes to text, whether they are UTF-8 or not.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use crate::draft::Draft;
use crate::problem::Problem;

/// The text of `bytes`: UTF-8, or else Windows-1252, in which every byte is a character, and reported. O(n).
pub(crate) fn read<'a>(bytes: &'a [u8], draft: &mut Draft) -> Cow<'a, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            draft.report(Problem::NotUtf8);
            WINDOWS_1252.decode_without_bom_handling(bytes).0
        }
    }
}

/// The text of bytes that belong to no row. O(n).
pub(crate) fn read_silently(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

//! Writes JSON text.

use serde::Serialize;

/// Writes a value of texts, numbers, lists and objects as JSON.
pub fn write_json<T: Serialize>(value: &T, to: &mut Vec<u8>) {
    // Writing to a vector cannot fail.
    let _ = serde_json::to_writer(to, value);
}

/// Writes JSON without serde, for records that are written millions of times.
pub trait JsonText {
    /// Appends JSON as it is.
    fn put(&mut self, json: &str);

    /// Appends a text, in quotes.
    fn put_text(&mut self, text: &str);

    /// Appends a list, with `put` for each item.
    fn put_list<T>(&mut self, items: &[T], put: impl Fn(&T, &mut Self));
}

impl JsonText for Vec<u8> {
    #[inline]
    fn put(&mut self, json: &str) {
        self.extend_from_slice(json.as_bytes());
    }

    #[inline]
    fn put_text(&mut self, text: &str) {
        // Branch-free, so that the compiler checks many bytes together.
        let is_plain = text.bytes().fold(true, |plain, byte| plain & (byte >= b' ') & (byte != b'"') & (byte != b'\\'));
        if is_plain {
            self.push(b'"');
            self.put(text);
            self.push(b'"');
        } else {
            write_json(&text, self)
        }
    }

    #[inline]
    fn put_list<T>(&mut self, items: &[T], put: impl Fn(&T, &mut Self)) {
        self.push(b'[');
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                self.push(b',');
            }
            put(item, self);
        }
        self.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_what_the_library_writes() {
        let texts =
            (0..=0x2100_u32).filter_map(char::from_u32).map(|char| format!("some text before {char}, and after"));
        for text in texts.chain(["", "\"", "\\", "a"].map(str::to_owned)) {
            let mut written = Vec::new();
            written.put_text(&text);
            assert_eq!(Some(written), serde_json::to_vec(&text).ok());
        }
    }

    #[test]
    fn a_list_has_commas_between_its_items() {
        for items in [&[][..], &["a"], &["a", "b", "\u{1}"]] {
            let mut written = Vec::new();
            written.put_list(items, |item, to| to.put_text(item));
            assert_eq!(Some(written), serde_json::to_vec(items).ok());
        }
    }
}

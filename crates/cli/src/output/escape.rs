//! Escapes texts from outside for terminals and messages.

use std::io::IsTerminal;

/// Escapes every character that is invisible or changes other text on a screen, as in Rust: `\n`, `\u{202e}`. Escaping twice is
/// escaping once. O(n).
pub fn plain(text: &str) -> String {
    if !text.chars().any(is_hidden) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        if is_hidden(char) { escaped.extend(char.escape_default()) } else { escaped.push(char) }
    }
    escaped
}

/// Escapes the same characters in JSON text as JSON does, so that the JSON stays equal. They occur only in strings. O(n).
pub fn plain_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for char in json.chars() {
        if is_hidden(char) && char != '\n' {
            char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}")))
        } else {
            escaped.push(char)
        }
    }
    escaped
}

/// Returns a line of JSON for standard output, escaped by [`plain_json`] if that is a terminal.
pub fn json_line(json: String) -> String {
    if std::io::stdout().is_terminal() { plain_json(&json) } else { json }
}

/// Returns true for control, line separator and format characters, variation selectors, tags and fillers: everything that Unicode
/// allows a renderer to ignore, and blanks that are not spaces.
fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{70f}'
            | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hidden_comes_through() {
        for (text, shown) in [
            ("a\u{1b}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
            ("a\u{202e}b\u{2066}c\u{61c}d\u{200f}", "a\\u{202e}b\\u{2066}c\\u{61c}d\\u{200f}"),
            ("a\u{200b}b\u{feff}c\u{2060}d\u{ad}e", "a\\u{200b}b\\u{feff}c\\u{2060}d\\u{ad}e"),
            ("a\u{2028}b\u{2029}c", "a\\u{2028}b\\u{2029}c"),
            ("\u{e0041}\u{e007f}\u{fe0f}\u{e0100}", "\\u{e0041}\\u{e007f}\\u{fe0f}\\u{e0100}"),
            ("\u{3164}\u{115f}\u{2800}", "\\u{3164}\\u{115f}\\u{2800}"),
            ("Z\u{e9}lia O\u{2019}Neill \u{5c71}\u{7530} \u{645}\u{62d}\u{645}\u{62f} 1\u{a0}000", ""),
        ] {
            let shown = if shown.is_empty() { text } else { shown };
            assert_eq!(plain(text), shown);
            assert_eq!(plain(shown), shown);
        }
    }

    #[test]
    fn json_says_the_same() {
        let text = "a\u{202e}b\u{e0041}c\u{9b}\u{7f}\u{1b}\n\u{e9}";
        let json = serde_json::to_string(text).expect("JSON");
        let shown = plain_json(&json);
        assert!(!shown.chars().any(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text);
        assert_eq!(plain_json("{}\n"), "{}\n");
    }
}

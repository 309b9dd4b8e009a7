//! Lists in brackets in one cell: JSON arrays, PostgreSQL arrays, Python lists.

use serde_json::value::RawValue;

use crate::values::object_value::ObjectValue;

/// The syntax of a list in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListForm {
    /// `["a","b"]`, with a space after each comma if `spaced`.
    Json { spaced: bool },
    /// A JSON array with objects in it, each of which holds a value: `[{"value":"a"}]`.
    JsonObjects,
    /// `{a,"b c"}`, as PostgreSQL writes an array of texts.
    Postgres,
    /// `['a', 'b']`, as Python shows a list of texts.
    Python,
}

/// A list in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CellList {
    /// The syntax.
    pub(crate) form: ListForm,
    /// The elements that are not blank, in order.
    pub(crate) elements: Vec<String>,
}

impl CellList {
    /// Returns the list in a cell, or `None` if the cell is not exactly one list of texts. O(n).
    pub(crate) fn parse(cell: &str) -> Option<Self> {
        let text = cell.trim();
        let list = match text.as_bytes().first()? {
            b'[' => json(text).or_else(|| python(text)),
            b'{' => postgres(text),
            _ => None,
        };
        list.map(|mut list| {
            list.elements.retain(|element| !element.trim().is_empty());
            list
        })
    }
}

impl ListForm {
    /// Returns a cell with these elements in this syntax, or `None` if its elements are objects. O(n).
    pub(crate) fn write(self, elements: &[&str]) -> Option<String> {
        let (open, close, separator) = match self {
            Self::Json { spaced: false } => ('[', ']', ","),
            Self::Json { spaced: true } | Self::Python => ('[', ']', ", "),
            Self::Postgres => ('{', '}', ","),
            Self::JsonObjects => return None,
        };
        let element = |element: &&str| match self {
            Self::Postgres => to_postgres(element),
            Self::Python => to_python(element),
            _ => serde_json::Value::from(*element).to_string(),
        };
        let elements: Vec<String> = elements.iter().map(element).collect();
        Some(format!("{open}{}{close}", elements.join(separator)))
    }
}

/// Returns true if a cell may be a list in brackets, by its first letter.
#[inline]
pub(crate) fn may_be_list(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'[' | b'{') => true,
        Some(b' ') => cell.trim_start().starts_with(['[', '{']),
        _ => false,
    }
}

fn json(text: &str) -> Option<CellList> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    let mut form = ListForm::Json { spaced: false };
    let mut elements = Vec::with_capacity(items.len());
    let mut end = None;
    for item in items {
        let item = item.get();
        // An item is a part of the text.
        let start = (item.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
        if end.is_some_and(|end| text.get(end..start).is_some_and(|gap| gap.ends_with(' ')))
            && form == (ListForm::Json { spaced: false })
        {
            form = ListForm::Json { spaced: true };
        }
        end = Some(start + item.len());
        match item.as_bytes().first()? {
            b'"' => elements.push(serde_json::from_str(item).ok()?),
            b'{' => {
                form = ListForm::JsonObjects;
                elements.push(ObjectValue::parse(item)?.text);
            }
            b'[' => return None,
            _ if item == "null" => {}
            _ => elements.push(item.to_owned()),
        }
    }
    Some(CellList { form, elements })
}

fn postgres(text: &str) -> Option<CellList> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let (element, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_element(quoted, '"', |letter, _| Some((letter.to_string(), 1)))?,
            None => {
                let (bare, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                let bare = bare.trim_end();
                if bare.is_empty() || bare.contains(['{', '}', '"', '\\']) {
                    return None;
                }
                (if bare.eq_ignore_ascii_case("null") { String::new() } else { bare.to_owned() }, after)
            }
        };
        elements.push(element);
        rest = next_element(after)?;
    }
    Some(CellList { form: ListForm::Postgres, elements })
}

fn python(text: &str) -> Option<CellList> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let mut elements = Vec::new();
    let mut rest = inner.trim_start();
    while let Some(first) = rest.chars().next() {
        let (element, after) = match first {
            '\'' | '"' => quoted_element(rest.get(1..)?, first, python_escape)?,
            _ => {
                let (bare, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
                let bare = bare.trim_end();
                let is_number = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
                match bare {
                    "None" | "nan" => (String::new(), after),
                    number if is_number => (number.to_owned(), after),
                    _ => return None,
                }
            }
        };
        elements.push(element);
        rest = next_element(after)?;
    }
    Some(CellList { form: ListForm::Python, elements })
}

/// Returns the text after the comma before the next element. Only spaces may precede the comma.
fn next_element(after: &str) -> Option<&str> {
    let after = after.trim_start();
    match after.strip_prefix(',') {
        // A comma promises one more element.
        Some(next) => Some(next.trim_start()).filter(|next| !next.is_empty()),
        None => after.is_empty().then_some(after),
    }
}

/// Reads up to the closing quote. `escape` decodes the text after a backslash and returns its length in bytes.
fn quoted_element(
    text: &str,
    quote: char,
    escape: impl Fn(char, &str) -> Option<(String, usize)>,
) -> Option<(String, &str)> {
    let mut element = String::new();
    let mut rest = text;
    loop {
        let at = rest.find([quote, '\\'])?;
        element.push_str(rest.get(..at)?);
        let after = rest.get(at + 1..)?;
        if rest.as_bytes().get(at) != Some(&b'\\') {
            return Some((element, after));
        }
        let letter = after.chars().next()?;
        let (plain, length) = escape(letter, after)?;
        element.push_str(&plain);
        rest = after.get(length.max(letter.len_utf8())..)?;
    }
}

fn python_escape(letter: char, text: &str) -> Option<(String, usize)> {
    let code = |digits: usize| {
        let number = u32::from_str_radix(text.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(number)?.to_string(), digits + 1))
    };
    match letter {
        'n' => Some(("\n".to_owned(), 1)),
        't' => Some(("\t".to_owned(), 1)),
        'r' => Some(("\r".to_owned(), 1)),
        'x' => code(2),
        'u' => code(4),
        'U' => code(8),
        '\\' | '\'' | '"' => Some((letter.to_string(), 1)),
        _ => Some((format!("\\{letter}"), 1)),
    }
}

fn to_postgres(element: &str) -> String {
    let is_plain = !element.is_empty()
        && !element.eq_ignore_ascii_case("null")
        && !element.contains(|c: char| matches!(c, '{' | '}' | ',' | '"' | '\\') || c.is_whitespace());
    if is_plain {
        return element.to_owned();
    }
    format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""))
}

fn to_python(element: &str) -> String {
    let quote = if element.contains('\'') && !element.contains('"') { '"' } else { '\'' };
    let mut text = String::from(quote);
    for letter in element.chars() {
        match letter {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\\' => text.push_str("\\\\"),
            letter if letter == quote => text.extend(['\\', letter]),
            letter => text.push(letter),
        }
    }
    text.push(quote);
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(cell: &str, form: ListForm, elements: &[&str]) {
        let elements = elements.iter().map(|element| (*element).to_owned()).collect();
        assert_eq!(CellList::parse(cell), Some(CellList { form, elements }), "{cell}");
    }

    #[test]
    fn lists_are_read_in_the_form_that_they_are_written_in() {
        let (tight, spaced) = (ListForm::Json { spaced: false }, ListForm::Json { spaced: true });
        check(r#"["a@example.com","b, \"c\""]"#, tight, &["a@example.com", "b, \"c\""]);
        check(r#" ["a", null, 12, ""] "#, spaced, &["a", "12"]);
        check("[]", tight, &[]);
        check(r#"[{"value":"a@example.com","type":"work"}]"#, ListForm::JsonObjects, &["a@example.com"]);
        check(r#"[{"number":"1132345678","callingCode":"+55"}]"#, ListForm::JsonObjects, &["+55 1132345678"]);
        check(r#"{a,"b c", "d\"e\\,f" ,NULL}"#, ListForm::Postgres, &["a", "b c", "d\"e\\,f"]);
        check("{}", ListForm::Postgres, &[]);
        check(r#"['a', "b'c", 'd\'e\u00e9', None, 5]"#, ListForm::Python, &["a", "b'c", "d'e\u{e9}", "5"]);
    }

    #[test]
    fn what_is_no_list_is_none() {
        for cell in [
            "",
            "a",
            "[vip] a",
            "[vip]",
            "[\"a\"",
            "[\"a\",]",
            "[[\"a\"]]",
            "[{}]",
            r#"{"a":1}"#,
            "{{a},{b}}",
            "{a,}",
            "{a}b",
            "{a\\",
            "['a' 'b']",
            "['a\\']",
        ] {
            assert_eq!(CellList::parse(cell), None, "{cell}");
        }
    }

    #[test]
    fn objects_are_not_written_from_texts() {
        assert_eq!(ListForm::JsonObjects.write(&["a"]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(elements in prop::collection::vec("[a',\"\\\\{}\\[\\] \n\u{e9}]{0,6}x", 0..4)) {
            let texts: Vec<&str> = elements.iter().map(String::as_str).collect();
            for form in [ListForm::Json { spaced: false }, ListForm::Json { spaced: true }, ListForm::Postgres, ListForm::Python] {
                let cell = form.write(&texts).expect("a cell");
                let read = CellList::parse(&cell).expect("a list");
                prop_assert_eq!(&read.elements, &elements, "{}", cell);
                // A list of one has no comma, and quotes are those of JSON where Python has need of them.
                if matches!(form, ListForm::Postgres) {
                    prop_assert_eq!(read.form, form);
                }
            }
        }
    }
}

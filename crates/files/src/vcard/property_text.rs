//! A property that is written anew: after one of another card, or without an example.

use crate::row_builder::RowBuilder;
use crate::vcard::form::{CardForm, CardValue, CardVersion};
use crate::vcard::property::{Property, android_label};

/// The properties whose values have components or elements.
const COMPOUND: [&str; 6] = ["n", "adr", "org", "categories", "nickname", "gender"];

/// The name, the parameters and the value of a property.
#[derive(Clone)]
pub(crate) struct PropertyText {
    // The group, or nothing, and the name, as written.
    group: String,
    name: String,
    // The parameters, as written in a card of `version`.
    parameters: Vec<String>,
    version: CardVersion,
    value: CardValue,
}

impl PropertyText {
    /// Returns a property without parameters.
    pub(crate) fn new(name: &str, value: CardValue) -> Self {
        Self { group: String::new(), name: name.to_owned(), parameters: Vec::new(), version: CardVersion::Three, value }
    }

    /// Returns a property of a card of this version; `line` is its joined line.
    pub(crate) fn of(property: &Property, line: &[u8], version: CardVersion) -> Self {
        let mut parts = Property::head_parts(line).into_iter();
        let name = parts.next().unwrap_or_default();
        let (group, name) = name.rsplit_once('.').unwrap_or(("", &name));
        // What is wrong with the value was said when the card was read.
        let mut builder = RowBuilder::new(0);
        let value = if COMPOUND.contains(&property.name.as_str()) {
            CardValue::Escaped(property.escaped_text(&mut builder))
        } else {
            CardValue::Text(property.text(&mut builder))
        };
        let parameters = parts.filter(|parameter| !is_encoding(parameter)).collect();
        Self { group: group.to_owned(), name: name.to_owned(), parameters, version, value }
    }

    /// Returns the property without what prefers it to others.
    pub(crate) fn without_preference(mut self) -> Self {
        self.parameters = self.parameters.iter().filter_map(|parameter| unpreferred(parameter)).collect();
        self
    }

    /// Returns the property with another value, which is not that of the account that a parameter names.
    pub(crate) fn with_value(mut self, value: CardValue) -> Self {
        self.parameters.retain(|parameter| !is_named(parameter, "waid"));
        self.value = value;
        self
    }

    /// Returns the property in a group. A group that differs in case only stays as it is written.
    pub(crate) fn in_group(mut self, group: &str) -> Self {
        if !self.group.eq_ignore_ascii_case(group) {
            group.clone_into(&mut self.group);
        }
        self
    }

    /// Returns the property as a line of a card. O(n).
    pub(crate) fn line(&self, form: &CardForm) -> Vec<u8> {
        let group = if self.group.is_empty() { String::new() } else { format!("{}.", self.group) };
        let parameters = if self.version == form.version {
            self.parameters.clone()
        } else {
            self.parameters.iter().flat_map(|parameter| converted(parameter, form.version)).collect()
        };
        let parameters: String = parameters.iter().map(|parameter| format!(";{parameter}")).collect();
        form.line(&format!("{group}{}{parameters}", self.name), &self.value)
    }
}

fn is_named(parameter: &str, name: &str) -> bool {
    parameter.split_once('=').is_some_and(|(found, _)| found.trim().eq_ignore_ascii_case(name))
}

/// Returns true if a parameter says how the bytes of a value are to be decoded.
fn is_encoding(parameter: &str) -> bool {
    const WORDS: [&str; 5] = ["quoted-printable", "base64", "b", "7bit", "8bit"];
    is_named(parameter, "encoding")
        || is_named(parameter, "charset")
        || WORDS.iter().any(|word| parameter.trim().eq_ignore_ascii_case(word))
}

/// Returns a parameter without the word that prefers a value, or `None` if it says nothing else.
fn unpreferred(parameter: &str) -> Option<String> {
    if parameter.trim().eq_ignore_ascii_case("pref") || is_named(parameter, "pref") {
        return None;
    }
    let Some((name, words)) = parameter.split_once('=').filter(|_| is_named(parameter, "type")) else {
        return Some(parameter.to_owned());
    };
    let has_quotes = words.starts_with('"');
    let all: Vec<&str> = words.trim_matches('"').split(',').collect();
    let left: Vec<&str> = all.iter().copied().filter(|word| !word.trim().eq_ignore_ascii_case("pref")).collect();
    if left.len() == all.len() {
        return Some(parameter.to_owned());
    }
    let words = left.join(",");
    match left.as_slice() {
        [] => None,
        _ if has_quotes => Some(format!("{name}=\"{words}\"")),
        _ => Some(format!("{name}={words}")),
    }
}

/// Returns a parameter of another version as those of a card of this version.
fn converted(parameter: &str, version: CardVersion) -> Vec<String> {
    if let Some(label) = android_label(parameter) {
        let label: String = label.chars().filter(|letter| !letter.is_control() && *letter != '"').collect();
        return vec![format!("X-LABEL=\"{label}\"")];
    }
    let words: Vec<&str> = match parameter.split_once('=') {
        None => vec![parameter.trim()],
        Some((_, words)) if is_named(parameter, "type") => words.trim_matches('"').split(',').map(str::trim).collect(),
        Some((_, number)) if is_named(parameter, "pref") => {
            return vec![match version {
                CardVersion::TwoOne => "PREF".to_owned(),
                CardVersion::Three => "TYPE=PREF".to_owned(),
                CardVersion::Four => format!("PREF={}", number.trim_matches('"')),
            }];
        }
        Some(_) => return vec![parameter.to_owned()],
    };
    let word = |word: &&str| match version {
        CardVersion::TwoOne => (*word).to_owned(),
        CardVersion::Four if word.eq_ignore_ascii_case("pref") => "PREF=1".to_owned(),
        CardVersion::Three | CardVersion::Four => format!("TYPE={word}"),
    };
    words.iter().filter(|word| !word.is_empty()).map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, from: CardVersion, to: CardVersion, expected: &str) {
        let property = Property::parse(line.as_bytes()).expect("a property");
        let form = CardForm { version: to, line_end: b"\n", is_windows_1252: false };
        let written = PropertyText::of(&property, line.as_bytes(), from).line(&form);
        assert_eq!(String::from_utf8(written).expect("UTF-8"), format!("{expected}\n"));
    }

    #[test]
    fn parameters_are_those_of_the_version() {
        use CardVersion::{Four, Three, TwoOne};
        check("TEL;CELL;PREF:1", TwoOne, Three, "TEL;TYPE=CELL;TYPE=PREF:1");
        check("TEL;CELL;PREF:1", TwoOne, Four, "TEL;TYPE=CELL;PREF=1:1");
        check("item1.TEL;TYPE=\"cell,pref\":1", Three, TwoOne, "item1.TEL;cell;pref:1");
        check("TEL;PREF=2;TYPE=cell:1", Four, Three, "TEL;TYPE=PREF;TYPE=cell:1");
        check(
            "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=46=61=78):1",
            TwoOne,
            Three,
            "TEL;X-LABEL=\"Fax\":1",
        );
        check("NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=A9,=0D=0Ab", TwoOne, Three, "NOTE:\u{e9}\\,\\nb");
        check("NOTE:\\,\u{e9}", Three, TwoOne, "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:,=C3=A9");
        check("ADR:;;1\\, Main;x;;;", Three, TwoOne, "ADR:;;1\\, Main;x;;;");
    }

    #[test]
    fn a_preference_goes_and_all_else_stays() {
        for (parameter, left) in [
            ("PREF", None),
            ("PREF=1", None),
            ("TYPE=PREF", None),
            ("TYPE=CELL,PREF", Some("TYPE=CELL")),
            ("type=\"pref,voice,cell\"", Some("type=\"voice,cell\"")),
            ("CELL", Some("CELL")),
            ("LABEL=\"pref\"", Some("LABEL=\"pref\"")),
        ] {
            assert_eq!(unpreferred(parameter).as_deref(), left, "{parameter}");
        }
    }
}

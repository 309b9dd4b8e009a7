//! A property that is written anew: after one of another card, or without an example.

use crate::row_builder::RowBuilder;
use crate::vcard::form::{CardForm, CardValue, CardVersion};
use crate::vcard::name_parts::with_escapes_of;
use crate::vcard::property::{Property, android_label, components, unescape};

/// The properties whose values are texts, with escapes where the version has some.
const TEXTS: [&str; 7] = ["fn", "note", "title", "role", "label", "mailer", "sort-string"];

/// The properties whose values have components.
const COMPOUNDS: [&str; 3] = ["n", "adr", "org"];

/// The properties whose values are lists.
const LISTS: [&str; 2] = ["categories", "nickname"];

/// The name, the parameters and the value of a property.
#[derive(Clone)]
pub(crate) struct PropertyText {
    // The group, or nothing, and the name, as written.
    group: String,
    name: String,
    // The parameters, as written in a card of `version`.
    parameters: Vec<String>,
    version: CardVersion,
    value: TextValue,
}

/// The value of a property that is written.
#[derive(Clone)]
enum TextValue {
    // The one that was read, with its escapes.
    Read(String),
    New(CardValue),
}

impl PropertyText {
    /// Returns a property without parameters.
    pub(crate) fn new(name: &str, value: CardValue) -> Self {
        let value = TextValue::New(value);
        Self { group: String::new(), name: name.to_owned(), parameters: Vec::new(), version: CardVersion::Three, value }
    }

    /// Returns a property of a card of this version; `line` is its joined line.
    pub(crate) fn of(property: &Property, line: &[u8], version: CardVersion) -> Self {
        let mut parts = Property::head_parts(line).into_iter();
        let name = parts.next().unwrap_or_default();
        let (group, name) = name.rsplit_once('.').unwrap_or(("", &name));
        // What is wrong with the value was said when the card was read.
        let mut builder = RowBuilder::new(0);
        let value = TextValue::Read(property.escaped_text(&mut builder));
        let parameters = parts.collect();
        Self { group: group.to_owned(), name: name.to_owned(), parameters, version, value }
    }

    /// Returns the property without what prefers it to others.
    pub(crate) fn without_preference(mut self) -> Self {
        self.parameters = self.parameters.iter().filter_map(|parameter| unpreferred(parameter)).collect();
        self
    }

    /// Returns the property with another value, which is not that of the account that a parameter names.
    pub(crate) fn with_value(mut self, value: CardValue) -> Self {
        let is_uri = matches!(&value, CardValue::Text(text) if text.contains(':'));
        let is_of_old = |parameter: &str| is_named(parameter, "waid") || is_named(parameter, "value") && !is_uri;
        self.parameters.retain(|parameter| !is_of_old(parameter));
        self.value = TextValue::New(value);
        self
    }

    /// Returns the property in a group. A group that differs in case only stays as it is written.
    pub(crate) fn in_group(mut self, group: &str) -> Self {
        if !self.group.eq_ignore_ascii_case(group) {
            group.clone_into(&mut self.group);
        }
        self
    }

    /// Returns the property as a line of a card. A value that was read stays as written where the version has the same escapes, and
    /// everywhere if it is neither a text nor made of texts: a URI, or a value that only its own program knows. O(n).
    pub(crate) fn line(&self, form: &CardForm) -> Vec<u8> {
        let parameters = self.parameters.iter().filter(|parameter| !is_encoding(parameter));
        let parameters = if self.version == form.version {
            parameters.cloned().collect()
        } else {
            parameters.flat_map(|parameter| converted(parameter, form.version)).collect()
        };
        form.line(&self.head_with(parameters), &self.value_in(form))
    }

    /// Returns the text before the value in a card of the same version.
    pub(crate) fn head(&self) -> String {
        self.head_with(self.parameters.clone())
    }

    /// Returns true if the value is the one that was read.
    pub(crate) fn has_read_value(&self) -> bool {
        matches!(self.value, TextValue::Read(_))
    }

    fn head_with(&self, parameters: Vec<String>) -> String {
        let group = if self.group.is_empty() { String::new() } else { format!("{}.", self.group) };
        let parameters: String = parameters.iter().map(|parameter| format!(";{parameter}")).collect();
        format!("{group}{}{parameters}", self.name)
    }

    fn value_in(&self, form: &CardForm) -> CardValue {
        let name = self.name.to_lowercase();
        let name = name.as_str();
        let is_uri = self
            .parameters
            .iter()
            .any(|parameter| is_named(parameter, "value") && !parameter.to_lowercase().ends_with("text"));
        let read = match &self.value {
            TextValue::New(CardValue::Text(text)) if !TEXTS.contains(&name) && name != "categories" => {
                return CardValue::Bare(text.clone());
            }
            TextValue::New(value) => return value.clone(),
            TextValue::Read(read) => read,
        };
        if is_uri || form.version.has_escapes_of(self.version) {
            CardValue::Escaped(read.clone())
        } else if TEXTS.contains(&name) {
            CardValue::Text(unescape(read))
        } else if COMPOUNDS.contains(&name) {
            CardValue::Escaped(with_escapes_of(form, read))
        } else if LISTS.contains(&name) {
            let elements = components(read, ',').into_iter().map(unescape);
            CardValue::Escaped(elements.map(|element| form.escape_element(&element)).collect::<Vec<String>>().join(","))
        } else {
            CardValue::Escaped(read.clone())
        }
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
        check("NOTE:a\\,b\\;", Three, Four, "NOTE:a\\,b\\;");
    }

    #[test]
    fn each_component_has_the_escapes_of_the_version() {
        use CardVersion::{Four, Three, TwoOne};
        check("ADR:;;1\\, Main;x\\;y;;;", Three, TwoOne, "ADR:;;1, Main;x\\;y;;;");
        check(
            "ADR;TYPE=HOME:;;1\\, Main\\nFloor 2;x;;;",
            Three,
            TwoOne,
            "ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;1,=20Main=0D=0AFloor=202;x;;;",
        );
        check("ADR;HOME:;;Main 1, Apt 2;x\\;y;;10115;", TwoOne, Three, "ADR;TYPE=HOME:;;Main 1\\, Apt 2;x\\;y;;10115;");
        check("ADR:;;1\\, Main;a,b;;;", Three, Four, "ADR:;;1\\, Main;a,b;;;");
        check("ORG:Example\\, Inc.;Sales", Four, TwoOne, "ORG:Example, Inc.;Sales");
        check("CATEGORIES:a\\,b,c", Three, TwoOne, "CATEGORIES:a\\,b,c");
    }

    #[test]
    fn values_that_are_no_texts_stay_as_written() {
        use CardVersion::{Four, Three, TwoOne};
        for line in [
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Addy;1;;",
            "GEO:37.38;-122.08",
            "URL:http://example.com/?a=1;b=2,3",
            "X-LIST:a,b\\;c;d",
            "RELATED;VALUE=uri:urn:uuid:1,2;x",
            "TEL;VALUE=uri:tel:+1-201-555-0123;ext=5",
            "NOTE;VALUE=uri:http://example.com/?a=1;b=2,3",
        ] {
            for (from, to) in [(TwoOne, Three), (TwoOne, Four), (Three, TwoOne), (Three, Four), (Four, Three)] {
                check(line, from, to, line);
            }
        }
        let url = PropertyText::new("URL", CardValue::Text("http://example.com/?a=1;b=2,3\\n\n".to_owned()));
        let form = CardForm { version: Three, line_end: b"\n", is_windows_1252: false };
        assert_eq!(url.line(&form), b"URL:http://example.com/?a=1;b=2,3\\\\n\\n\n");
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

//! The parts of a name, which one property holds together.

use onefold::{Contact, Field};

use crate::merged_row::cell_text;
use crate::row_builder::RowBuilder;
use crate::vcard::form::{CardForm, CardValue};
use crate::vcard::property::{Property, components};

/// The parts of a name.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct NameParts {
    last: String,
    first: String,
    // The other parts with their escapes, without empty ones at the end.
    rest: String,
}

impl NameParts {
    /// Returns the parts that the fields of a contact hold. Parts without a field are in the custom field of the property.
    pub(crate) fn of_contact(contact: &Contact<String>) -> Self {
        let text = |field: Field| contact.get(&field).map(cell_text).unwrap_or_default();
        Self {
            last: text(Field::LastName),
            first: text(Field::FirstName),
            rest: rest_of(&text(Field::Other("n".into()))),
        }
    }

    /// Returns the parts that a property holds.
    pub(crate) fn of_property(property: &Property) -> Self {
        let mut builder = RowBuilder::new(0);
        let escaped = property.escaped_text(&mut builder);
        let mut texts = property.texts(';', &mut builder).into_iter();
        let mut part = || texts.next().filter(|text| !text.trim().is_empty()).unwrap_or_default();
        Self { last: part(), first: part(), rest: rest_of(&escaped) }
    }

    /// Returns true if there is no part.
    pub(crate) fn is_empty(&self) -> bool {
        self.last.is_empty() && self.first.is_empty() && self.rest.is_empty()
    }

    /// Returns true if the parts without a field are equal.
    pub(crate) fn has_equal_rest(&self, other: &Self) -> bool {
        self.rest == other.rest
    }

    /// Returns the value of the property in a card of this form.
    pub(crate) fn value(&self, form: &CardForm) -> CardValue {
        let (last, first) = (form.escape_component(&self.last), form.escape_component(&self.first));
        // A name has five parts.
        let missing = 2_usize.saturating_sub(components(&self.rest, ';').len() - 1);
        CardValue::Escaped(format!("{last};{first};{}{}", self.rest, ";".repeat(missing)))
    }
}

/// Returns the parts behind the first and last name.
fn rest_of(escaped: &str) -> String {
    let parts = components(escaped, ';');
    let rest = parts.get(2..).unwrap_or_default().join(";");
    let is_blank = |letter: char| letter == ';' || letter.is_whitespace();
    if rest.chars().all(is_blank) { String::new() } else { rest.trim_end_matches(';').to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vcard::form::CardVersion;

    #[test]
    fn the_parts_come_back() {
        let form = CardForm { version: CardVersion::Three, line_end: b"\n", is_windows_1252: false };
        for (value, written) in [
            ("Lima;Ada;;;", "Lima;Ada;;;"),
            ("Li\\;ma;Ada;B\\,C;Dr.", "Li\\;ma;Ada;B\\,C;Dr.;"),
            ("Lima", "Lima;;;;"),
            ("Lima;Ada;;;Jr.", "Lima;Ada;;;Jr."),
        ] {
            let property = Property::parse(format!("N:{value}").as_bytes()).expect("a name");
            let parts = NameParts::of_property(&property);
            assert_eq!(parts.value(&form), CardValue::Escaped(written.to_owned()));
            let again = Property::parse(format!("N:{written}").as_bytes()).expect("a name");
            assert!(NameParts::of_property(&again) == parts, "{value}");
        }
    }
}

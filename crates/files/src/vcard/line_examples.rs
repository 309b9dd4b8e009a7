//! The lines of cards after which the line of a new value is written.
//!
//! A value that a card gives in another spelling, or beside other values, says which kind it is: its line has the types and the
//! label that the new line gets.

use std::collections::HashMap;

use onefold::{Field, Value};

use crate::vcard::card_text::{CardProperty, CardText, shown};
use crate::vcard::wanted_values::{digits_of, last_digits, may_be_without_country};

/// The properties of some cards, by their values.
pub(crate) struct LineExamples<'a> {
    cards: &'a [CardText<'a>],
    // The first property that shows a text.
    texts: HashMap<Field, HashMap<String, ExamplePlace>>,
    // The phones by their last digits, in order.
    phones: HashMap<String, Vec<PhoneExample>>,
}

/// A property by the numbers of its card and of itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ExamplePlace {
    card: usize,
    property: usize,
}

/// A property with the digits of its number.
struct PhoneExample {
    place: ExamplePlace,
    digits: String,
}

/// The line that another value is written like.
pub(crate) struct LineExample<'a> {
    /// Its card.
    pub(crate) card: &'a CardText<'a>,
    /// Its property.
    pub(crate) property: &'a CardProperty,
}

impl<'a> LineExamples<'a> {
    /// Returns the properties of some cards. O(n).
    pub(crate) fn new(cards: &'a [CardText<'a>]) -> Self {
        let mut examples = Self { cards, texts: HashMap::new(), phones: HashMap::new() };
        for (card, text) in cards.iter().enumerate() {
            for (property, given) in text.properties.iter().enumerate() {
                // Parts of a value are no example of a whole one.
                if !matches!(given.property.name.as_str(), "n" | "adr" | "impp") {
                    examples.add(ExamplePlace { card, property }, given);
                }
            }
        }
        examples
    }

    fn add(&mut self, place: ExamplePlace, property: &CardProperty) {
        for given in &property.gives {
            let texts = self.texts.entry(given.field.clone()).or_default();
            texts.entry(shown(&given.value)).or_insert(place);
            if given.field == Field::Phone {
                let digits = digits_of(&given.value);
                self.phones.entry(last_digits(&digits)).or_default().push(PhoneExample { place, digits });
            }
        }
    }

    /// Returns the first property that gives a value of a field, perhaps in another spelling.
    pub(crate) fn find(&self, field: &Field, value: &Value) -> Option<LineExample<'a>> {
        let text = self.texts.get(field).and_then(|texts| texts.get(&shown(value))).copied();
        let digits = if *field == Field::Phone { digits_of(value) } else { String::new() };
        let phones = self.phones.get(&last_digits(&digits)).map_or(&[][..], Vec::as_slice);
        let is_like_it = |phone: &&PhoneExample| may_be_without_country(&phone.digits, &digits);
        let phone = phones.iter().find(is_like_it).map(|phone| phone.place);
        let place = text.into_iter().chain(phone).min()?;
        let card = self.cards.get(place.card)?;
        Some(LineExample { card, property: card.properties.get(place.property)? })
    }
}

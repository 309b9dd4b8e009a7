//! The properties of a card with their bytes, each with the values that it gives the contact.

use std::collections::BTreeSet;
use std::ops::Range;

use onefold::{Field, Value};

use crate::merged_row::cell_text;
use crate::row_builder::RowBuilder;
use crate::vcard::VCards;
use crate::vcard::card::Card;
use crate::vcard::fields::labels;
use crate::vcard::form::{CardForm, CardVersion};
use crate::vcard::lines::{CardLines, LineKind};
use crate::vcard::property::Property;
use crate::vcard::property_text::PropertyText;

/// A card as it is written.
pub(crate) struct CardText<'a> {
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// How it is written.
    pub(crate) form: CardForm,
    /// Its properties, in their order.
    pub(crate) properties: Vec<CardProperty>,
    /// Where the line begins that ends it, or the end of an unclosed card.
    pub(crate) end: usize,
    lines: CardLines,
}

/// A property of a card.
pub(crate) struct CardProperty {
    /// The property.
    pub(crate) property: Property,
    /// Its bytes, with its folds and its line end.
    pub(crate) span: Range<usize>,
    /// The values that it gives.
    pub(crate) gives: Vec<GivenValue>,
}

/// A value of a contact that a property gives.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct GivenValue {
    /// The field.
    pub(crate) field: Field,
    /// The value, or one element of a list.
    pub(crate) value: Value,
}

impl GivenValue {
    /// Returns true if a value of the field shows the same text.
    pub(crate) fn shows(&self, value: &Value) -> bool {
        cell_text(&self.value).trim() == cell_text(value).trim()
    }
}

impl CardProperty {
    /// Returns true if the property says something about another one of its group, with which it goes.
    pub(crate) fn is_label(&self) -> bool {
        !self.property.group.is_empty() && LABELS.contains(&self.property.name.as_str())
    }
}

/// The properties that belong to another one of their group: how it is called, and how an address is laid out.
pub(crate) const LABELS: [&str; 2] = ["x-ablabel", "x-abadr"];

impl<'a> CardText<'a> {
    /// Returns the numbers of the properties in the order in which they are read: the preferred ones first.
    pub(crate) fn reading_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.properties.len()).collect();
        order.sort_by_key(|number| self.properties.get(*number).map(|property| property.property.preference));
        order
    }

    /// Returns the property with this number as it would be written anew.
    pub(crate) fn text_of(&self, property: &CardProperty) -> PropertyText {
        let mut lines = self.lines.restarted();
        lines.go_to(property.span.start, 1);
        let joined = match lines.next(self.bytes).map(|line| line.kind) {
            Some(LineKind::Text(joined)) => joined,
            _ => Vec::new(),
        };
        PropertyText::of(&property.property, &joined, self.form.version)
    }

    /// Returns the bytes of a property.
    pub(crate) fn bytes_of(&self, property: &CardProperty) -> &'a [u8] {
        self.bytes.get(property.span.clone()).unwrap_or_default()
    }

    /// Returns the labels of a property: the other properties of its group that say something about it.
    pub(crate) fn labels_of(&self, property: &CardProperty) -> impl Iterator<Item = usize> {
        let group = property.property.group.as_str();
        let is_of_it = move |other: &&CardProperty| other.is_label() && other.property.group == group;
        let labels = self.properties.iter().zip(0..).filter(move |(other, _)| !group.is_empty() && is_of_it(other));
        labels.map(|(_, number)| number)
    }
}

impl VCards {
    /// Returns the properties of a card, or `None` if the bytes are not one. O(n).
    pub(crate) fn card_text<'a>(&mut self, bytes: &'a [u8]) -> Option<CardText<'a>> {
        let card = Card::alone(&self.lines, bytes)?;
        let version = card.properties.iter().find(|property| property.name == "version");
        // What is wrong with the values was said when the card was read.
        let mut builder = RowBuilder::new(0);
        let version = version.map_or(CardVersion::Three, |version| CardVersion::of(&version.text(&mut builder)));
        let labels = labels(&card.properties, &mut builder);
        let properties = card.properties.into_iter().zip(card.spans);
        let mut text = CardText {
            bytes,
            form: CardForm::of(bytes, version),
            properties: properties.map(|(property, span)| CardProperty { property, span, gives: Vec::new() }).collect(),
            end: card.end.unwrap_or(bytes.len()),
            lines: self.lines.restarted(),
        };
        let mut singles = BTreeSet::new();
        for number in text.reading_order() {
            let Some(property) = text.properties.get_mut(number).filter(|property| !property.property.is_binary) else {
                continue;
            };
            let label = labels.get(property.property.group.as_str());
            property.gives = self.given(&property.property, label, &mut singles);
        }
        Some(text)
    }

    /// Returns the values that a property gives a contact that has the fields in `singles`, and adds to them.
    fn given(&mut self, property: &Property, label: Option<&String>, singles: &mut BTreeSet<Field>) -> Vec<GivenValue> {
        let mut builder = RowBuilder::new(0);
        // A second value of such a field becomes a field of another name.
        builder.contact.fields.extend(singles.iter().map(|field| (field.clone(), Value::from("x"))));
        self.put(&mut builder, property, label);
        let mut given = Vec::new();
        for (field, value) in builder.contact.fields {
            if singles.contains(&field) {
                continue;
            }
            if !matches!(field, Field::Email | Field::Phone | Field::Tags | Field::Other(_)) {
                singles.insert(field.clone());
            }
            given
                .extend(elements(&value).iter().map(|value| GivenValue { field: field.clone(), value: value.clone() }));
        }
        given
    }
}

/// Returns the elements of a list, or a single value as a list of one; blank texts are none.
pub(crate) fn elements(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        value if value.is_empty() => &[],
        value => std::slice::from_ref(value),
    }
}

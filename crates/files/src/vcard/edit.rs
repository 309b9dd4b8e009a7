//! The edit of a card: which of its properties stay, and where the values that it lacks come from.

use std::collections::{BTreeMap, BTreeSet};

use onefold::{Contact, Field, Value};

use crate::merged_row::cell_text;
use crate::vcard::card_text::{CardProperty, CardText, GivenValue, shown};
use crate::vcard::edited_card::{CardAddition, EditedCard, Preference};
use crate::vcard::form::{CardValue, CardVersion};
use crate::vcard::line_examples::{LineExample, LineExamples};
use crate::vcard::name_parts::{NameParts, with_escapes_of};
use crate::vcard::property_text::PropertyText;
use crate::vcard::wanted_values::{Speller, WantedValues};

/// The edit of a card.
pub(crate) struct CardEdit<'a> {
    // The survivor's is the first.
    cards: &'a [CardText<'a>],
    own: &'a CardText<'a>,
    // The fields that differ.
    changed: BTreeSet<Field>,
    // Their values in the merged contact.
    wanted: WantedValues<'a>,
    // The lists whose lines are written in the order of the contact.
    reordered: &'a BTreeSet<Field>,
    // Where the lines of these lists begin.
    starts: BTreeMap<Field, usize>,
    edited: EditedCard<'a>,
}

impl<'a> CardEdit<'a> {
    /// Returns the edit of `own`, the first of `cards`, whose contact differs from `merged` in the fields `changed`.
    pub(crate) fn new(
        own: &'a CardText<'a>,
        cards: &'a [CardText<'a>],
        changed: BTreeSet<Field>,
        merged: &'a Contact<String>,
        reordered: &'a BTreeSet<Field>,
        speller: Speller<'a>,
    ) -> Self {
        let wanted = WantedValues::new(&changed, merged, speller);
        let mut starts = BTreeMap::new();
        for property in &own.properties {
            for given in property.gives.iter().filter(|given| reordered.contains(&given.field)) {
                starts.entry(given.field.clone()).or_insert(property.span.start);
            }
        }
        for field in reordered {
            starts.entry(field.clone()).or_insert(own.end);
        }
        Self { own, cards, changed, wanted, reordered, starts, edited: EditedCard::new(own) }
    }

    /// Returns the card.
    pub(crate) fn text(self) -> Vec<u8> {
        self.edited.text()
    }

    /// Returns what becomes of the preference of a line that is added: it must not come before lines of the field that stay.
    fn preference(&self, field: &Field) -> Preference {
        let is_behind = self.reordered.contains(field) || self.edited.keeps_some(field);
        if is_behind { Preference::Goes } else { Preference::Stays }
    }

    fn add(&mut self, field: &Field, name: &str, value: &Value, lines: Vec<u8>) {
        let (rank, at) = (self.wanted.rank(field, value), self.starts.get(field).copied());
        self.edited.add(CardAddition { field: field.clone(), name: name.to_lowercase(), rank, lines, at });
    }

    /// Writes the name, whose parts are several fields.
    pub(crate) fn write_name(&mut self, merged: &Contact<String>) {
        let fields = [Field::LastName, Field::FirstName, Field::Other("n".into())];
        if !fields.iter().any(|field| self.changed.contains(field)) {
            return;
        }
        let wanted = NameParts::of_contact(merged);
        let gives_name = |property: &CardProperty| {
            property.property.name == "n" && property.gives.iter().any(|given| fields.contains(&given.field))
        };
        let own = self
            .own
            .reading_order()
            .into_iter()
            .find(|number| self.own.properties.get(*number).is_some_and(gives_name));
        let is_it = |property: &&CardProperty| {
            property.property.name == "n" && NameParts::of_property(&property.property) == wanted
        };
        let held = own.and_then(|number| self.own.properties.get(number));
        if !held.is_some_and(|held| is_it(&held)) {
            let others = self.cards.iter().skip(1);
            let found = others.flat_map(|card| card.properties.iter().map(move |property| (card, property)));
            let found = found.into_iter().find(|(_, property)| is_it(property));
            let lines = match (found, held) {
                _ if wanted.is_empty() => Vec::new(),
                (Some((card, property)), _) => self.edited.copy(card, property, Preference::Goes),
                (None, Some(held)) => {
                    self.own.text_of(held).with_value(wanted.value(&self.own.form)).line(&self.own.form)
                }
                (None, None) => PropertyText::new("N", wanted.value(&self.own.form)).line(&self.own.form),
            };
            match own {
                Some(number) if lines.is_empty() => self.edited.remove(number),
                Some(number) => self.edited.replace(number, lines),
                None if lines.is_empty() => {}
                None => self.add(&Field::LastName, "n", &Value::Null, lines),
            }
        }
        for field in &fields {
            self.changed.remove(field);
            self.wanted.take_all(field);
        }
    }

    /// Writes the tags into the properties that hold tags, if there are any.
    pub(crate) fn write_tags(&mut self) {
        let order = self.own.reading_order();
        let holders: Vec<usize> = order.into_iter().filter(|number| self.holds_tags(*number)).collect();
        let Some(last) = holders.last().copied().filter(|_| self.changed.remove(&Field::Tags)) else { return };
        let is_anew = self.reordered.contains(&Field::Tags);
        for number in holders {
            let Some(property) = self.own.properties.get(number) else { continue };
            let kept = property.gives.iter().filter(|given| !is_anew && self.wanted.take(given));
            let mut tags: Vec<Value> = kept.map(|given| given.value.clone()).collect();
            let is_unchanged = tags.len() == property.gives.len();
            let more = if number == last { self.wanted.take_all(&Field::Tags) } else { Vec::new() };
            if is_unchanged && more.is_empty() {
                continue;
            }
            tags.extend(more.into_iter().cloned());
            match tags.as_slice() {
                [] => self.edited.remove(number),
                tags => {
                    let text = self.own.text_of(property).with_value(self.list(tags.iter()));
                    self.edited.replace(number, text.line(&self.own.form));
                }
            }
        }
    }

    fn holds_tags(&self, number: usize) -> bool {
        let property = self.own.properties.get(number).filter(|property| property.property.name == "categories");
        property.is_some_and(|property| property.gives.iter().any(|given| given.field == Field::Tags))
    }

    fn list<'v>(&self, values: impl Iterator<Item = &'v Value>) -> CardValue {
        let elements: Vec<String> = values.map(|value| self.own.form.escape_element(&cell_text(value))).collect();
        CardValue::Escaped(elements.join(","))
    }

    /// Decides what becomes of the card's own properties.
    pub(crate) fn keep_own(&mut self) {
        let own = self.own;
        let is_changed = |edit: &Self, number: usize| {
            own.properties.get(number).is_some_and(|property| {
                let mut fields = property.gives.iter().map(|given| &given.field);
                !property.is_label() && fields.any(|field| edit.changed.contains(field))
            })
        };
        let order: Vec<usize> = own.reading_order().into_iter().filter(|number| is_changed(self, *number)).collect();
        let mut taken: Vec<Vec<bool>> = vec![Vec::new(); own.properties.len()];
        for (number, property) in order.iter().filter_map(|number| Some((*number, own.properties.get(*number)?))) {
            if property.gives.iter().any(|given| self.reordered.contains(&given.field)) {
                self.edited.remove(number);
            } else if let Some(taken) = taken.get_mut(number) {
                let is_given = |given: &GivenValue| !self.changed.contains(&given.field) || self.wanted.take(given);
                taken.extend(property.gives.iter().map(is_given));
            }
        }
        for (number, property) in order.iter().filter_map(|number| Some((*number, own.properties.get(*number)?))) {
            let taken = taken.get(number).map_or(&[][..], Vec::as_slice);
            if taken.is_empty() {
                continue;
            }
            let is_any_taken = taken.contains(&true);
            let given = property.gives.iter().zip(taken);
            let stays = given.clone().all(|(given, taken)| {
                // A country goes with its address.
                *taken || self.wanted.has_spelling_of(given) || given.field == Field::Country && is_any_taken
            });
            if stays {
                continue;
            }
            let kept: Vec<&GivenValue> = given.filter(|(_, taken)| **taken).map(|(given, _)| given).collect();
            let is_list = kept.iter().all(|given| matches!(given.field, Field::Email | Field::Phone));
            match kept.as_slice() {
                [] => self.edited.remove(number),
                kept if is_list => {
                    let text = own.text_of(property);
                    let line = |given: &&GivenValue| {
                        text.clone().with_value(CardValue::Text(cell_text(&given.value))).line(&own.form)
                    };
                    self.edited.replace(number, kept.iter().flat_map(line).collect());
                }
                _ => {}
            }
        }
    }

    /// Copies the lines of wanted values from other cards.
    pub(crate) fn copy_others(&mut self) {
        let cards = self.cards;
        for (place, card) in cards.iter().enumerate() {
            for number in card.reading_order() {
                let Some(property) = card.properties.get(number).filter(|property| !property.is_label()) else {
                    continue;
                };
                let is_again = property.gives.iter().any(|given| self.reordered.contains(&given.field));
                if place == 0 && !is_again {
                    continue;
                }
                let is_of_address = |given: &&GivenValue| given.field != Field::Country;
                let Some(lead) = property.gives.iter().filter(is_of_address).find(|given| self.wanted.has(given))
                else {
                    continue;
                };
                let has_room = |given: &GivenValue| {
                    given.field == Field::Country || self.wanted.has(given) || self.wanted.has_spelling_of(given)
                };
                if !property.gives.iter().all(has_room) {
                    continue;
                }
                let preference = self.preference(&lead.field);
                for given in &property.gives {
                    self.wanted.take(given);
                }
                let lines = self.edited.copy(card, property, preference);
                self.add(&lead.field, &property.property.name, &lead.value, lines);
            }
        }
    }

    /// Writes the values that no line of a card gives.
    pub(crate) fn write_missing(&mut self, name_of: impl Fn(&Field) -> Option<String>) {
        let examples = LineExamples::new(self.cards);
        for field in self.wanted.fields() {
            let values = self.wanted.take_all(&field);
            if field == Field::Tags
                && let (Some(name), Some(first)) = (name_of(&field).filter(|name| name == "CATEGORIES"), values.first())
            {
                let list = self.list(values.iter().copied());
                let lines = PropertyText::new(&name, list).line(&self.own.form);
                self.add(&field, &name, first, lines);
                continue;
            }
            for value in values {
                self.write_value(&field, value, name_of(&field), &examples);
            }
        }
    }

    fn write_value(&mut self, field: &Field, value: &Value, name: Option<String>, examples: &LineExamples<'a>) {
        let text = cell_text(value);
        // The line of another spelling says which kind of number it is.
        if let Some(LineExample { card, property }) = examples.find(field, value) {
            let like = card.text_of(property);
            let says_all = matches!(property.gives.as_slice(), [given] if shown(&given.value) == shown(value));
            let like = if says_all { like } else { like.with_value(CardValue::Text(text)) };
            let like = if self.preference(field) == Preference::Goes { like.without_preference() } else { like };
            let lines = self.edited.copy_as(card, property, like);
            self.add(field, &property.property.name, value, lines);
            return;
        }
        let Some(name) = name else { return };
        let form = &self.own.form;
        let value_text = match field {
            Field::Country if name == "ADR" => CardValue::Escaped(format!(";;;;;;{}", form.escape_component(&text))),
            Field::Other(_) if matches!(name.as_str(), "ADR" | "ORG") && form.version == CardVersion::TwoOne => {
                CardValue::Escaped(with_escapes_of(form, &text))
            }
            Field::Other(_) if matches!(name.as_str(), "ADR" | "ORG") => CardValue::Escaped(text),
            _ => CardValue::Text(text),
        };
        let lines = PropertyText::new(&name, value_text).line(form);
        self.add(field, &name, value, lines);
    }

    /// Writes the property that says whether the contact is blocked.
    pub(crate) fn write_blocked(&mut self, name: &str, blocked: bool) {
        let folded = name.to_lowercase();
        for (number, property) in self.own.properties.iter().enumerate() {
            if property.property.name == folded {
                self.edited.remove(number);
            }
        }
        let value = CardValue::Text(blocked.to_string());
        let lines = PropertyText::new(name, value).line(&self.own.form);
        self.add(&Field::Other(name.into()), name, &Value::Null, lines);
    }
}

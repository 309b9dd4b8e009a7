//! The data of a card that is not read: pictures, logos, sounds and keys, and the cards of agents.

use std::collections::{BTreeSet, HashSet};

use onefold::Field;

use crate::merged_row::Composed;
use crate::vcard::VCards;
use crate::vcard::card_text::{CardProperty, CardText};
use crate::vcard::edited_card::{CardAddition, EditedCard, Preference};
use crate::vcard::property::Statement;

impl CardProperty {
    fn is_unread(&self) -> bool {
        const NAMES: [&str; 5] = ["photo", "logo", "sound", "key", "agent"];
        let is_left_out = self.gives.is_empty() && NAMES.contains(&self.property.name.as_str());
        // The card of an agent stands behind its property.
        let is_empty = self.property.is_empty() && self.property.name != "agent";
        (is_left_out || self.property.is_binary) && !is_empty
    }
}

impl CardText<'_> {
    fn unread(&self) -> impl Iterator<Item = (usize, &CardProperty)> {
        self.properties.iter().enumerate().filter(|(_, property)| property.is_unread())
    }

    fn unread_statements(&self) -> HashSet<Statement> {
        self.unread().map(|(_, property)| property.property.statement()).collect()
    }
}

impl VCards {
    /// Adds the data of other cards that is not read (pictures, sounds, keys) to a composed card, if the card has none of its name.
    /// The rest is named among the misfits: a second picture, one of a card of another version, and agents. O(n).
    pub(crate) fn with_unread(&mut self, composed: Composed, others: &[&[u8]]) -> Composed {
        let Some(own) = self.card_text(&composed.segment) else { return composed };
        let others: Vec<CardText<'_>> = others.iter().filter_map(|other| self.card_text(other)).collect();
        let mut said = own.unread_statements();
        let mut names: BTreeSet<&str> = own.unread().map(|(_, property)| property.property.name.as_str()).collect();
        let mut edited = EditedCard::new(&own);
        let (mut copied, mut left_out) = (BTreeSet::new(), BTreeSet::new());
        for card in &others {
            for (_, property) in card.unread() {
                let name = property.property.name.as_str();
                if !said.insert(property.property.statement()) {
                    continue;
                }
                if name == "agent" || card.form.version != own.form.version || !names.insert(name) {
                    left_out.insert(name.to_owned());
                    continue;
                }
                let lines = edited.copy(card, property, Preference::Stays);
                copied.insert(name.to_owned());
                let field = Field::Other(name.into());
                edited.add(CardAddition { field, name: name.to_owned(), rank: 0, lines, at: None });
            }
        }
        let segment = edited.text();
        let mut misfits = composed.misfits;
        // Only lines that change nothing else count.
        let contact = |cards: &mut Self, segment: &[u8]| cards.reread(segment).map(|row| row.contact);
        let is_same = contact(self, &segment) == contact(self, &composed.segment);
        if !is_same {
            left_out.append(&mut copied);
        }
        misfits.extend(left_out);
        Composed { segment: if is_same { segment } else { composed.segment }, misfits }
    }

    /// Returns a card without the data that is not read, as far as `written` has it and `original` has not. O(n).
    pub(crate) fn without_unread(&mut self, card: &[u8], written: &[u8], original: &[u8]) -> Vec<u8> {
        let statements = |cards: &mut Self, card: &[u8]| {
            cards.card_text(card).map(|card| card.unread_statements()).unwrap_or_default()
        };
        let (written, original) = (statements(self, written), statements(self, original));
        let Some(own) = self.card_text(card) else { return card.to_vec() };
        let mut edited = EditedCard::new(&own);
        for (number, property) in own.unread() {
            let said = property.property.statement();
            if written.contains(&said) && !original.contains(&said) {
                edited.remove(number);
            }
        }
        edited.text()
    }
}

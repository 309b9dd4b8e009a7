//! The text of a card while it is edited: which of its properties stay, and which lines are added.

use std::collections::BTreeSet;

use onefold::Field;

use crate::vcard::card_text::{CardProperty, CardText};
use crate::vcard::property_text::PropertyText;

/// A card that is edited.
pub(crate) struct CardDraft<'a> {
    own: &'a CardText<'a>,
    // What becomes of each property.
    fates: Vec<PropertyFate>,
    additions: Vec<CardAddition>,
    // The groups in use, in lower case.
    groups: BTreeSet<String>,
}

/// What becomes of a property of the card.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PropertyFate {
    /// Its bytes stay.
    Stays,
    /// It goes, and its labels with it.
    Goes,
    /// It is replaced by other lines.
    Becomes(Vec<u8>),
}

/// Lines that are added to the card.
pub(crate) struct CardAddition {
    /// The field of their first value.
    pub(crate) field: Field,
    /// The name of the property in lower case.
    pub(crate) name: String,
    /// The position of the value among all values of the field.
    pub(crate) rank: usize,
    /// The lines, with their line ends.
    pub(crate) lines: Vec<u8>,
    /// The offset in the card at which they are added, if it is not behind the last property like it.
    pub(crate) at: Option<usize>,
}

/// How a property of a card is copied into another one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preference {
    /// It keeps its preference.
    Stays,
    /// It loses its preference, since the card has properties that come before it.
    Goes,
}

/// Bytes of the card and what replaces them.
struct CardChange {
    start: usize,
    end: usize,
    lines: Vec<u8>,
}

impl<'a> CardDraft<'a> {
    /// Returns a draft of a card as it is.
    pub(crate) fn new(own: &'a CardText<'a>) -> Self {
        let groups = own.properties.iter().map(|property| property.property.group.clone());
        let groups = groups.filter(|group| !group.is_empty()).collect();
        Self { own, fates: vec![PropertyFate::Stays; own.properties.len()], additions: Vec::new(), groups }
    }

    /// Replaces a property by other lines.
    pub(crate) fn replace(&mut self, number: usize, lines: Vec<u8>) {
        if let Some(fate) = self.fates.get_mut(number) {
            *fate = PropertyFate::Becomes(lines);
        }
    }

    /// Removes a property. The labels of its group go with the last property of the group.
    pub(crate) fn remove(&mut self, number: usize) {
        let Some(property) = self.own.properties.get(number) else { return };
        let mut gone = vec![number];
        let group = &property.property.group;
        let is_other = |(place, other): &(usize, &CardProperty)| {
            *place != number && other.property.group == *group && !other.is_label() && self.stays(*place)
        };
        if !group.is_empty() && !self.own.properties.iter().enumerate().any(|other| is_other(&other)) {
            gone.extend(self.own.labels_of(property));
            self.groups.remove(group);
        }
        for number in gone {
            if let Some(fate) = self.fates.get_mut(number) {
                *fate = PropertyFate::Goes;
            }
        }
    }

    fn stays(&self, number: usize) -> bool {
        self.fates.get(number).is_some_and(|fate| *fate != PropertyFate::Goes)
    }

    /// Returns true if a property of the card that gives values of a field stays.
    pub(crate) fn keeps_some(&self, field: &Field) -> bool {
        let mut properties = self.own.properties.iter().enumerate();
        properties
            .any(|(number, property)| self.stays(number) && property.gives.iter().any(|given| given.field == *field))
    }

    /// Adds lines.
    pub(crate) fn add(&mut self, addition: CardAddition) {
        self.additions.push(addition);
    }

    /// Returns the lines of a property of a card with its labels, for this card: with its bytes if both cards are of one version.
    pub(crate) fn copy(&mut self, card: &CardText<'_>, property: &CardProperty, preference: Preference) -> Vec<u8> {
        let is_preferred = property.property.preference <= 100;
        let text =
            (preference == Preference::Goes && is_preferred).then(|| card.text_of(property).without_preference());
        self.copy_as(card, property, text)
    }

    /// Returns the lines of a property of a card with its labels, written as `text` if there is one.
    pub(crate) fn copy_as(
        &mut self,
        card: &CardText<'_>,
        property: &CardProperty,
        text: Option<PropertyText>,
    ) -> Vec<u8> {
        let group = self.free_group(&property.property.group);
        let mut lines = match text {
            Some(text) => text.in_group(&group).line(&self.own.form),
            None => self.with_group(card, property, &group),
        };
        for number in card.labels_of(property) {
            if let Some(label) = card.properties.get(number) {
                lines.extend(self.with_group(card, label, &group));
            }
        }
        lines
    }

    /// Returns the lines of a property in a group.
    fn with_group(&self, card: &CardText<'_>, property: &CardProperty, group: &str) -> Vec<u8> {
        let bytes = card.bytes_of(property);
        let old = property.property.group.as_str();
        if card.form.version == self.own.form.version {
            if old == group {
                return self.own.form.with_line_ends(bytes);
            }
            let start = bytes.len() - bytes.trim_ascii_start().len();
            let rest = bytes.get(start + old.len()..).unwrap_or_default();
            let has_group = bytes.get(start..start + old.len());
            if rest.starts_with(b".") && has_group.is_some_and(|found| found.eq_ignore_ascii_case(old.as_bytes())) {
                return self.own.form.with_line_ends(&[group.as_bytes(), rest].concat());
            }
        }
        card.text_of(property).in_group(group).line(&self.own.form)
    }

    /// Returns a group that is not in use: this one, or another one for it. Properties without a group stay so.
    fn free_group(&mut self, group: &str) -> String {
        if group.is_empty() {
            return String::new();
        }
        let others = (1..).map(|number: usize| format!("item{number}"));
        let mut all = std::iter::once(group.to_owned()).chain(others);
        let free = all.find(|group| !self.groups.contains(group)).expect("the numbers do not end");
        self.groups.insert(free.clone());
        free
    }

    /// Returns the card.
    pub(crate) fn text(self) -> Vec<u8> {
        let own = self.own;
        let mut additions: Vec<(usize, CardAddition)> = Vec::with_capacity(self.additions.len());
        additions.extend(self.additions.into_iter().map(|addition| (position(own, &addition), addition)));
        // What belongs to a property comes before what is added at the end.
        let has_own = |addition: &CardAddition| addition.at.is_some() || last_like(own, addition).is_some();
        additions.sort_by_cached_key(|(at, addition)| (*at, !has_own(addition), addition.field.clone(), addition.rank));
        let changed = own.properties.iter().zip(self.fates).filter_map(|(property, fate)| {
            let lines = match fate {
                PropertyFate::Stays => return None,
                PropertyFate::Goes => Vec::new(),
                PropertyFate::Becomes(lines) => lines,
            };
            Some(CardChange { start: property.span.start, end: property.span.end, lines })
        });
        let added =
            additions.into_iter().map(|(at, addition)| CardChange { start: at, end: at, lines: addition.lines });
        let mut changes: Vec<CardChange> = added.chain(changed).collect();
        changes.sort_by_key(|change| (change.start, change.end));
        let mut text = Vec::with_capacity(own.bytes.len());
        let mut at = 0;
        for change in changes {
            text.extend_from_slice(own.bytes.get(at..change.start).unwrap_or_default());
            let is_open = !matches!(text.last(), None | Some(b'\n' | b'\r'));
            if is_open && !change.lines.is_empty() {
                text.extend_from_slice(own.form.line_end);
            }
            text.extend_from_slice(&change.lines);
            at = change.end;
        }
        text.extend_from_slice(own.bytes.get(at..).unwrap_or_default());
        text
    }
}

/// Returns where lines are added: behind the last property of their field or else of their name and its labels, or else at the
/// end of the card.
fn position(own: &CardText<'_>, addition: &CardAddition) -> usize {
    if let Some(at) = addition.at {
        return at;
    }
    let Some(last) = last_like(own, addition) else { return own.end };
    let labels = own.labels_of(last).filter_map(|number| own.properties.get(number)).map(|label| label.span.end);
    labels.chain([last.span.end]).max().unwrap_or(own.end)
}

/// Returns the last property of the field of some lines, or else of their name.
fn last_like<'a>(own: &'a CardText<'_>, addition: &CardAddition) -> Option<&'a CardProperty> {
    let gives = |property: &&CardProperty| property.gives.iter().any(|given| given.field == addition.field);
    let last = own.properties.iter().rfind(gives);
    last.or_else(|| own.properties.iter().rfind(|property| property.property.name == addition.name))
}

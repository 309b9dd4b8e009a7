//! The text of a card while it is edited: which of its properties stay, and which lines are added.

use std::collections::{BTreeMap, HashMap, HashSet};

use onefold::Field;

use crate::vcard::card_text::{CardProperty, CardText};
use crate::vcard::property_text::PropertyText;

/// A card that is edited.
pub(crate) struct EditedCard<'a> {
    own: &'a CardText<'a>,
    // What becomes of each property.
    fates: Vec<PropertyFate>,
    additions: Vec<CardAddition>,
    // The groups in use, in lower case.
    groups: HashSet<String>,
    // The number of the next group that is tried.
    next_group: usize,
    // The groups of other cards, by where their text begins, and the groups of this card that they became.
    copied_groups: HashMap<CopiedGroup, String>,
    // How many properties of each group stay, without labels.
    group_sizes: HashMap<&'a str, usize>,
    // How many values of each field the properties that stay give.
    given: BTreeMap<&'a Field, usize>,
}

/// The edit of a property of the card.
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

/// A group of another card.
#[derive(PartialEq, Eq, Hash)]
struct CopiedGroup {
    // Where the text of the card begins.
    card: *const u8,
    group: String,
}

/// Bytes of the card and what replaces them.
struct CardChange {
    start: usize,
    end: usize,
    lines: Vec<u8>,
}

impl<'a> EditedCard<'a> {
    /// Returns a card as it is.
    pub(crate) fn new(own: &'a CardText<'a>) -> Self {
        let mut card = Self {
            own,
            fates: vec![PropertyFate::Stays; own.properties.len()],
            additions: Vec::new(),
            groups: HashSet::new(),
            next_group: 1,
            copied_groups: HashMap::new(),
            group_sizes: HashMap::new(),
            given: BTreeMap::new(),
        };
        for property in &own.properties {
            let group = property.property.group.as_str();
            if !group.is_empty() {
                card.groups.insert(group.to_owned());
                *card.group_sizes.entry(group).or_default() += usize::from(!property.is_label());
            }
            property.gives.iter().for_each(|given| *card.given.entry(&given.field).or_default() += 1);
        }
        card
    }

    /// Replaces a property by other lines.
    pub(crate) fn replace(&mut self, number: usize, lines: Vec<u8>) {
        if let Some(fate) = self.fates.get_mut(number) {
            *fate = PropertyFate::Becomes(lines);
        }
    }

    /// Removes a property. The labels of its group go with the last property of the group.
    pub(crate) fn remove(&mut self, number: usize) {
        let own = self.own;
        let Some(property) = own.properties.get(number) else { return };
        if !self.let_go(number) || property.property.group.is_empty() {
            return;
        }
        let group = property.property.group.as_str();
        let Some(size) = self.group_sizes.get_mut(group) else { return };
        *size = size.saturating_sub(usize::from(!property.is_label()));
        if *size == 0 {
            for label in own.labels_of(property) {
                self.let_go(label);
            }
            self.groups.remove(group);
        }
    }

    /// Removes a property without its labels. Returns false if it was gone.
    fn let_go(&mut self, number: usize) -> bool {
        let own = self.own;
        let (Some(property), Some(fate)) = (own.properties.get(number), self.fates.get_mut(number)) else {
            return false;
        };
        if *fate == PropertyFate::Goes {
            return false;
        }
        *fate = PropertyFate::Goes;
        for given in &property.gives {
            if let Some(count) = self.given.get_mut(&given.field) {
                *count -= 1;
            }
        }
        true
    }

    /// Returns true if a property of the card that gives values of a field stays.
    pub(crate) fn keeps_some(&self, field: &Field) -> bool {
        self.given.get(field).is_some_and(|count| *count > 0)
    }

    /// Adds lines.
    pub(crate) fn add(&mut self, addition: CardAddition) {
        self.additions.push(addition);
    }

    /// Returns the lines of a property of a card for this card: with its bytes if both cards are of one version. The properties of
    /// a group stay together, and its labels come with the first one.
    pub(crate) fn copy(&mut self, card: &CardText<'_>, property: &CardProperty, preference: Preference) -> Vec<u8> {
        let old = property.property.group.as_str();
        let copied = CopiedGroup { card: card.bytes.as_ptr(), group: old.to_owned() };
        let is_own = card.bytes.as_ptr() == self.own.bytes.as_ptr();
        let held = match self.copied_groups.get(&copied) {
            Some(group) => Some(group.clone()),
            // The rest of its group is still here.
            None if is_own && self.group_sizes.get(old).is_some_and(|size| *size > 0) => Some(old.to_owned()),
            None => None,
        };
        let has_labels = held.is_some();
        let group = held.unwrap_or_else(|| self.free_group(old));
        let is_preferred = property.property.preference <= 100;
        let mut lines = if preference == Preference::Goes && is_preferred {
            self.line(card, property, &card.text_of(property).without_preference().in_group(&group))
        } else {
            self.with_group(card, property, &group)
        };
        if !has_labels {
            lines.extend(self.labels(card, property, &group));
        }
        if !old.is_empty() {
            self.copied_groups.insert(copied, group);
        }
        lines
    }

    /// Returns the lines of a new value, written as `text` in a group of its own, with the labels of the property that it is like.
    pub(crate) fn copy_as(&mut self, card: &CardText<'_>, property: &CardProperty, text: PropertyText) -> Vec<u8> {
        let group = self.free_group(&property.property.group);
        let mut lines = self.line(card, property, &text.in_group(&group));
        lines.extend(self.labels(card, property, &group));
        lines
    }

    /// Returns the lines of the labels of a property in a group.
    fn labels(&self, card: &CardText<'_>, property: &CardProperty, group: &str) -> Vec<u8> {
        let labels = card.labels_of(property).filter_map(|number| card.properties.get(number));
        labels.flat_map(|label| self.with_group(card, label, group)).collect()
    }

    /// Returns the line of a property of a card as `text` says, with the bytes of its value if both cards are of one version.
    fn line(&self, card: &CardText<'_>, property: &CardProperty, text: &PropertyText) -> Vec<u8> {
        let is_alike = text.has_read_value() && card.form.version == self.own.form.version;
        match card.value_bytes_of(property).filter(|_| is_alike) {
            Some(value) => {
                self.own.form.with_line_ends(&[self.own.form.bytes(&text.head()).as_slice(), value].concat())
            }
            None => text.line(&self.own.form),
        }
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
        let mut free = group.to_owned();
        while self.groups.contains(&free) {
            free = format!("item{}", self.next_group);
            self.next_group += 1;
        }
        self.groups.insert(free.clone());
        free
    }

    /// Returns the card.
    pub(crate) fn text(self) -> Vec<u8> {
        let own = self.own;
        let last = LastProperties::of(own);
        let mut additions: Vec<(usize, CardAddition)> = Vec::with_capacity(self.additions.len());
        additions.extend(self.additions.into_iter().map(|addition| (position(own, &last, &addition), addition)));
        // What belongs to a property comes before what is added at the end.
        let has_own = |addition: &CardAddition| addition.at.is_some() || last.like(addition).is_some();
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
fn position(own: &CardText<'_>, last: &LastProperties<'_>, addition: &CardAddition) -> usize {
    if let Some(at) = addition.at {
        return at;
    }
    let Some(last) = last.like(addition) else { return own.end };
    let labels = own.labels_of(last).filter_map(|number| own.properties.get(number)).map(|label| label.span.end);
    labels.chain([last.span.end]).max().unwrap_or(own.end)
}

/// The last properties of a card, by their fields and names.
struct LastProperties<'a> {
    of_fields: BTreeMap<&'a Field, &'a CardProperty>,
    of_names: HashMap<&'a str, &'a CardProperty>,
}

impl<'a> LastProperties<'a> {
    fn of(own: &'a CardText<'_>) -> Self {
        let mut last = Self { of_fields: BTreeMap::new(), of_names: HashMap::new() };
        for property in &own.properties {
            last.of_fields.extend(property.gives.iter().map(|given| (&given.field, property)));
            last.of_names.insert(&property.property.name, property);
        }
        last
    }

    /// Returns the last property of the field of some lines, or else of their name.
    fn like(&self, addition: &CardAddition) -> Option<&'a CardProperty> {
        self.of_fields.get(&addition.field).or_else(|| self.of_names.get(addition.name.as_str())).copied()
    }
}

//! Writes a merged contact as a card.
//!
//! The card of the survivor stays as it is, but for the properties whose values are not in the merged contact. Values that it
//! lacks are copied with the lines that they have in other cards, or else written in the form of the card.

use std::collections::{BTreeSet, HashMap};

use onefold::{Contact, Field, Value};

use crate::mapping::target::MappingTarget;
use crate::merged_row::{Composed, Likeness, cell_text, changed_fields, differences};
use crate::row::Row;
use crate::vcard::VCards;
use crate::vcard::card_text::{CardText, LABELS, elements};
use crate::vcard::edit::CardEdit;
use crate::vcard::name_parts::{NameParts, without_escapes};
use crate::vcard::wanted_values::{SpelledKeys, Speller};

impl VCards {
    /// Returns the card of `merged`, which replaces the first of `segments`; the others are the cards of the other merged contacts.
    /// Returns `None` if the first is not one card of one contact.
    pub(crate) fn compose(&mut self, segments: &[&[u8]], merged: &Contact<String>) -> Option<Composed> {
        let first = *segments.first()?;
        let survivor = self.reread(first)?;
        let misfits = differences(&survivor.contact, merged, Likeness::InCells);
        let mut best = Composed { segment: first.to_vec(), misfits };
        if best.misfits.is_empty() {
            return Some(best);
        }
        let cards: Vec<CardText<'_>> = segments.iter().filter_map(|segment| self.card_text(segment)).collect();
        let changed = changed_fields(&survivor.contact, merged, Likeness::InCells);
        let mut changed: BTreeSet<Field> = changed.filter(|field| !is_label_field(field)).cloned().collect();
        let mut reordered = BTreeSet::new();
        let mut is_edited = false;
        // If values are in another order than the contact's, all of their lines are written in its order.
        for _ in 0..2 {
            let mut segment = self.edited(&cards, &survivor.contact, merged, changed.clone(), &reordered)?;
            let mut read = self.reread_as(&segment, &survivor);
            if read.is_none() {
                changed = self.readable(&cards, &survivor, merged, &changed)?;
                segment = self.edited(&cards, &survivor.contact, merged, changed.clone(), &reordered)?;
                read = self.reread_as(&segment, &survivor);
            }
            let Some(read) = read else { break };
            let expected = as_in_a_card(merged, &read.contact, Speller::new(&self.normalizer, merged));
            let misfits = differences(&read.contact, &expected, Likeness::InCells);
            if !is_edited || misfits.len() < best.misfits.len() {
                best = Composed { segment, misfits };
                is_edited = true;
            }
            reordered = fields_in_other_order(&read.contact, &expected);
            if reordered.is_empty() {
                break;
            }
        }
        Some(best)
    }

    /// Reads a card that is written for the one of a contact. Returns `None` if it is not one card of this contact.
    fn reread_as(&mut self, segment: &[u8], survivor: &Row) -> Option<Row> {
        let name = |row: &Row| (row.workspace.clone(), row.id_origin, row.contact.id.clone());
        self.reread(segment).filter(|read| name(read) == name(survivor))
    }

    /// Returns those of the fields with which the card is still one card of its contact. O(n) for each field.
    fn readable(
        &mut self,
        cards: &[CardText<'_>],
        survivor: &Row,
        merged: &Contact<String>,
        changed: &BTreeSet<Field>,
    ) -> Option<BTreeSet<Field>> {
        let mut readable = BTreeSet::new();
        for field in changed {
            let with_field = readable.iter().chain([field]).cloned().collect();
            let segment = self.edited(cards, &survivor.contact, merged, with_field, &BTreeSet::new())?;
            if self.reread_as(&segment, survivor).is_some() {
                readable.insert(field.clone());
            }
        }
        Some(readable)
    }

    /// Returns the survivor's card, the first of `cards`, with the values of the merged contact in the fields `changed`.
    fn edited(
        &self,
        cards: &[CardText<'_>],
        before: &Contact<String>,
        merged: &Contact<String>,
        changed: BTreeSet<Field>,
        reordered: &BTreeSet<Field>,
    ) -> Option<Vec<u8>> {
        let own = cards.first()?;
        let mut edit = CardEdit::new(own, cards, changed, merged, reordered, Speller::new(&self.normalizer, merged));
        if !self.mapped.has(&MappingTarget::Field(Field::LastName)) && self.mapped.peek("n").is_none() {
            edit.write_name(merged);
        }
        if self.mapped.peek("categories").is_none() {
            edit.write_tags();
        }
        edit.keep_own();
        edit.copy_others();
        edit.write_missing(|field| self.property_name(field));
        if before.blocked != merged.blocked
            && let Some(name) = self.mapped.name_of(&MappingTarget::Blocked)
        {
            edit.write_blocked(name, merged.blocked);
        }
        Some(edit.text())
    }

    /// Returns the name of the property that a field is written as, if there is one.
    fn property_name(&self, field: &Field) -> Option<String> {
        let mapped = self.mapped.name_of(&MappingTarget::Field(field.clone()));
        let identifier = || self.identifiers.iter().find(|(_, other)| *other == field).map(|(name, _)| name);
        let known = || match field {
            Field::DisplayName => Some("fn"),
            Field::Email => Some("email"),
            Field::Phone => Some("tel"),
            Field::Tags => Some("categories"),
            Field::Country => Some("adr"),
            Field::Language => Some("lang"),
            Field::UpdatedAt => Some("rev"),
            Field::Other(name) => Some(&**name),
            _ => None,
        };
        let name = mapped.or_else(identifier).or_else(known)?.to_uppercase();
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') && !name.is_empty();
        // These say what a card is.
        let is_frame = matches!(name.as_str(), "BEGIN" | "END" | "VERSION" | "UID" | "KIND" | "AGENT");
        (is_name && !is_frame).then_some(name)
    }
}

fn is_label_field(field: &Field) -> bool {
    matches!(field, Field::Other(name) if LABELS.contains(&&**name))
}

/// Returns the merged contact as a card can hold it: with labels beside values, with the names of one property, with a country in
/// an address of its own, and with other spellings that the survivor had.
fn as_in_a_card(merged: &Contact<String>, read: &Contact<String>, speller: Speller<'_>) -> Contact<String> {
    let mut expected = merged.clone();
    let mut put = |field: Field, value: Option<&Value>| match value {
        Some(value) => drop(expected.fields.insert(field, value.clone())),
        None => drop(expected.fields.remove(&field)),
    };
    for name in LABELS {
        let field = Field::Other(name.into());
        put(field.clone(), read.get(&field));
    }
    let name = Field::Other("n".into());
    if NameParts::of_contact(merged).has_equal_rest(&NameParts::of_contact(read)) {
        put(name.clone(), read.get(&name));
    }
    // Versions differ in the escapes of structured values, which these fields hold.
    let parts_of = |contact: &Contact<String>, field: &Field| -> Vec<Vec<String>> {
        let values = contact.get(field).map_or(&[][..], elements).iter();
        values.map(|value| without_escapes(&cell_text(value).replace("\r\n", "\n"))).collect()
    };
    for field in ["adr", "org"].map(|name| Field::Other(name.into())) {
        if parts_of(merged, &field) == parts_of(read, &field) {
            put(field.clone(), read.get(&field));
        }
    }
    let is_country = |value: &Value| cell_text(value).strip_prefix(";;;;;;").is_some_and(|rest| !rest.contains(';'));
    let adr = Field::Other("adr".into());
    for field in [adr, Field::Email, Field::Phone] {
        let has = read.get(&field).map_or(&[][..], elements);
        let wants = merged.get(&field).map_or(&[][..], elements);
        if has.len() <= wants.len() {
            continue;
        }
        let spellings = SpelledKeys::of(&field, wants, speller);
        let is_more = |value: &Value| match &field {
            Field::Other(_) => is_country(value),
            field => spellings.has(field, value, speller),
        };
        let texts = |values: Vec<&Value>| values.into_iter().map(cell_text).collect::<Vec<String>>();
        let wanted = texts(wants.iter().collect());
        let mut missing: HashMap<&str, usize> = HashMap::new();
        wanted.iter().for_each(|text| *missing.entry(text).or_default() += 1);
        // A repeated value is a spelling too.
        let mut is_missing = |value: &Value| {
            let count = missing.get_mut(cell_text(value).as_str()).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        };
        let left = has.iter().filter(|value| is_missing(value) || !is_more(value)).collect();
        if texts(left) == wanted {
            put(field.clone(), read.get(&field));
        }
    }
    expected
}

/// Returns the lists that have the same values in another order.
fn fields_in_other_order(read: &Contact<String>, expected: &Contact<String>) -> BTreeSet<Field> {
    let sorted = |contact: &Contact<String>, field: &Field| {
        let mut texts: Vec<String> = contact.get(field).map_or(&[][..], elements).iter().map(cell_text).collect();
        texts.sort_unstable();
        texts
    };
    let changed = changed_fields(read, expected, Likeness::InCells);
    changed.filter(|field| sorted(read, field) == sorted(expected, field)).cloned().collect()
}

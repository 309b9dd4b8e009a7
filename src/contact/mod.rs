//! The contact as plain data: an id and fields, each of them absent, cleared or present.
//!
//! Values are kept as they were written. This module does not normalise or compare anything.

mod channel;
mod custom;
mod decimal_number;
mod field;
pub(crate) mod folding;
mod id;
#[cfg(feature = "serde")]
mod json;
#[cfg(feature = "serde")]
mod json_members;
#[cfg(feature = "serde")]
mod json_value;
mod pair;
mod provenance;
#[cfg(feature = "serde")]
mod provenance_json;
mod time;
mod value;

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

pub use channel::{Channel, ChannelKind};
pub use custom::CustomType;
pub use decimal_number::Number;
pub use field::Field;
pub use folding::fold_name;
pub(crate) use folding::{field_words, fold, fold_words};
pub use id::ContactId;
#[cfg(feature = "serde")]
pub use id::StoredId;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use json::JsonFields;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use json_members::Members;
#[cfg(feature = "serde")]
pub use json_value::JsonError;
pub use pair::ContactPair;
pub use provenance::{Provenance, Source};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use provenance_json::is_provenance;
pub use time::{Time, WrittenTime};
pub use value::Value;

/// One record of a contact list: an id, its fields, and the provenance of their values.
///
/// A field is in one of three states: *absent* ([`Contact::get`] returns `None`), *cleared* (`Some(Value::Null)`: a
/// user emptied it) or *present*. [`Field::Email`] and [`Field::Phone`] are ordered lists: the first value is the
/// primary one, which users see, and the others identify the contact as well.
///
/// `Debug` shows the id and the names of the fields, never a value.
///
/// ```
/// use onefold::{Contact, Field, Value};
///
/// let ada = Contact::new(7)
///     .with(Field::FirstName, "Ada")
///     .with_phone("+44 20 7946 0958")
///     .with_email("ada@example.com");
/// assert_eq!(ada.phones().collect::<Vec<_>>(), ["+44 20 7946 0958"]);
/// assert_eq!(ada.get(&Field::LastName), None);
/// assert_eq!(format!("{ada:?}"), "Contact { id: 7, fields: [emails, first_name, phones] }");
/// ```
///
/// Two contacts are equal if their JSON forms are equal. `custom_state` is compared only where there are no custom
/// fields.
#[derive(Clone, Eq)]
#[non_exhaustive]
pub struct Contact<Id> {
    /// The host's id. onefold never creates ids.
    pub id: Id,
    /// True if the record says that the contact is blocked. An index copies this when the contact is inserted.
    pub blocked: bool,
    /// Every field that is not absent.
    pub fields: BTreeMap<Field, Value>,
    /// The provenance of the fields, as far as it is known.
    pub provenance: BTreeMap<Field, Provenance>,
    /// The state of `custom` in a record without custom fields. It has no meaning if there are custom fields.
    pub custom_state: CustomState,
}

/// The state of the member `custom` in the JSON form: `{}`, `null` and no such member differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustomState {
    /// The record has no member `custom`, or it holds a custom field.
    #[default]
    Absent,
    /// The member is `null`.
    Cleared,
    /// The member is an object, which may be empty.
    Present,
}

/// The status of a closed conversation.
const CLOSED: &str = "closed";

impl<Id> Contact<Id> {
    /// Returns a contact without any field.
    pub fn new(id: Id) -> Self {
        Self {
            id,
            blocked: false,
            fields: BTreeMap::new(),
            provenance: BTreeMap::new(),
            custom_state: CustomState::Absent,
        }
    }

    /// Returns the contact with `field` set to `value`, which replaces its former value.
    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<Value>) -> Self {
        self.fields.insert(field, value.into());
        self
    }

    /// Returns the contact with a phone appended to its phones.
    #[must_use]
    pub fn with_phone(self, phone: impl Into<String>) -> Self {
        self.with_one_more(Field::Phone, phone.into())
    }

    /// Returns the contact with an email appended to its emails.
    #[must_use]
    pub fn with_email(self, email: impl Into<String>) -> Self {
        self.with_one_more(Field::Email, email.into())
    }

    /// Returns the contact with a channel appended to its channels.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel) -> Self {
        match self.fields.get_mut(&Field::Channels) {
            Some(Value::Channels(channels)) => channels.push(channel),
            _ => drop(self.fields.insert(Field::Channels, Value::Channels(vec![channel]))),
        }
        self
    }

    /// Appends a connected channel, or updates the same channel if the contact has it: the time of connection, and the
    /// URL of the conversation if the new one has a URL. Does nothing if the field holds a value that is not a list of
    /// channels.
    #[doc(hidden)]
    pub fn connect(&mut self, channel: Channel) {
        match self.fields.get_mut(&Field::Channels) {
            Some(Value::Channels(channels)) => match channels.iter_mut().find(|known| known.is_same_as(&channel)) {
                Some(known) => {
                    known.connected_at = channel.connected_at;
                    known.url = channel.url.or(known.url.take());
                }
                None => channels.push(channel),
            },
            Some(value) if !value.is_empty() => {}
            _ => drop(self.fields.insert(Field::Channels, Value::Channels(vec![channel]))),
        }
    }

    /// Sets the status of the conversation to `closed`, if the contact has a status.
    #[doc(hidden)]
    pub fn close_conversation(&mut self) {
        let Some(status) = self.fields.get_mut(&Field::ConversationStatus) else { return };
        let is_closed = status.as_text().is_some_and(|text| text.trim().eq_ignore_ascii_case(CLOSED));
        if !status.is_empty() && !is_closed {
            *status = Value::from(CLOSED);
            self.provenance.remove(&Field::ConversationStatus);
        }
    }

    /// Returns true if both states of a contact have the same keys under every normaliser, and the same block. May
    /// return false for states whose keys are equal.
    #[doc(hidden)]
    pub fn is_found_as(&self, other: &Self) -> bool {
        let fields = [Field::Phone, Field::Email, Field::Channels, Field::Country];
        self.blocked == other.blocked
            && fields.iter().all(|field| self.get(field) == other.get(field))
            && self.customs().eq(other.customs())
            && self.unknown().eq(other.unknown())
    }

    /// Returns the contact with another id.
    #[must_use]
    pub fn map_id<Other>(self, other: impl FnOnce(Id) -> Other) -> Contact<Other> {
        let Self { id, blocked, fields, provenance, custom_state } = self;
        Contact { id: other(id), blocked, fields, provenance, custom_state }
    }

    /// Returns the contact, marked as blocked.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        self.blocked = true;
        self
    }

    fn with_one_more(mut self, field: Field, text: String) -> Self {
        match self.fields.get_mut(&field) {
            Some(Value::List(items)) => items.push(Value::Text(text)),
            _ => drop(self.fields.insert(field, Value::List(vec![Value::Text(text)]))),
        }
        self
    }

    /// Returns the value of `field`: `None` if it is absent, `Some(Value::Null)` if it is cleared.
    ///
    /// Cost: O(log n) in the number of fields.
    pub fn get(&self, field: &Field) -> Option<&Value> {
        self.fields.get(field)
    }

    /// Returns the phones in order, as written. Elements that are not text are skipped.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Phone)
    }

    /// Returns the emails in order, as written. Elements that are not text are skipped.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Email)
    }

    /// Returns the tags in order. Elements that are not text are skipped.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Tags)
    }

    /// Returns the channels in order.
    pub fn channels(&self) -> &[Channel] {
        match self.get(&Field::Channels) {
            Some(Value::Channels(channels)) => channels,
            _ => &[],
        }
    }

    /// Returns the country as written, if it is a text.
    pub fn country(&self) -> Option<&str> {
        self.get(&Field::Country).and_then(Value::as_text)
    }

    /// Returns the time of creation, if the record has it in a readable form.
    pub fn created_at(&self) -> Option<Time> {
        self.get(&Field::CreatedAt).and_then(Value::as_time)
    }

    /// Returns the time of the last change, if the record has it in a readable form.
    pub fn updated_at(&self) -> Option<Time> {
        self.get(&Field::UpdatedAt).and_then(Value::as_time)
    }

    /// Returns the state of the member `custom`, which is `Present` if the contact has a custom field. Cost: O(log n).
    pub fn custom_state(&self) -> CustomState {
        match self.customs().next() {
            Some(_) => CustomState::Present,
            None => self.custom_state,
        }
    }

    /// Returns the custom fields with their names, in order of the names.
    ///
    /// Cost: O(log n) for n fields, and O(1) for each custom field.
    pub fn customs(&self) -> impl Iterator<Item = (&str, &Value)> {
        let from = Field::Custom("".into());
        self.fields.range(from..).map_while(|(field, value)| match field {
            Field::Custom(name) => Some((&**name, value)),
            _ => None,
        })
    }

    /// Returns the first unknown field whose name means something else in the JSON form, `custom` and `provenance`
    /// included. The JSON form would lose one of the two. Cost: O(n).
    #[doc(hidden)]
    pub fn misnamed_field(&self) -> Option<&Field> {
        let is_misnamed = |field: &Field| field.is_reserved() || matches!(field.name(), "custom" | "provenance");
        self.unknown().map(|(field, _)| field).find(|field| is_misnamed(field))
    }

    /// Returns the fields that onefold does not know, in order of their names. They come last in the order of fields.
    fn unknown(&self) -> impl Iterator<Item = (&Field, &Value)> {
        self.fields.range(Field::Other("".into())..)
    }

    fn texts(&self, field: &Field) -> impl Iterator<Item = &str> {
        let items = match self.fields.get(field) {
            Some(Value::List(items)) => items.as_slice(),
            Some(one @ Value::Text(_)) => std::slice::from_ref(one),
            _ => &[],
        };
        items.iter().filter_map(Value::as_text)
    }
}

impl<Id: PartialEq> PartialEq for Contact<Id> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.blocked == other.blocked
            && self.fields == other.fields
            && self.provenance == other.provenance
            && self.custom_state() == other.custom_state()
    }
}

impl<Id: Debug> Debug for Contact<Id> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Names<'a>(&'a BTreeMap<Field, Value>);
        impl Debug for Names<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_list().entries(self.0.keys()).finish()
            }
        }
        f.debug_struct("Contact").field("id", &self.id).field("fields", &Names(&self.fields)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_cleared_and_present_are_three_states() {
        let contact = Contact::new(1).with(Field::FirstName, Value::Null).with(Field::LastName, "");
        assert_eq!(contact.get(&Field::Country), None);
        assert_eq!(contact.get(&Field::FirstName), Some(&Value::Null));
        assert_eq!(contact.get(&Field::LastName), Some(&Value::Text(String::new())));
    }

    #[test]
    fn phones_and_emails_keep_their_order_and_spelling() {
        let contact =
            Contact::new(1).with_phone("2").with_phone("1").with_email("B@example.com").with_email("a@example.com");
        assert_eq!(contact.phones().collect::<Vec<_>>(), ["2", "1"]);
        assert_eq!(contact.emails().collect::<Vec<_>>(), ["B@example.com", "a@example.com"]);
    }

    #[test]
    fn debug_shows_no_value() {
        let contact = Contact::new(1)
            .with(Field::FirstName, "canary")
            .with_phone("canary")
            .with(Field::Other("notes".into()), "canary");
        assert!(!format!("{contact:?}").contains("canary"));
    }
}

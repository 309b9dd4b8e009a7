//! The contact as data: an id and fields, each absent, cleared or present.
//!
//! Values are kept as they were written; nothing here normalises, compares keys or decides anything.

mod channel;
mod custom;
mod field;
pub(crate) mod folding;
mod id;
#[cfg(feature = "serde")]
mod json;
#[cfg(feature = "serde")]
mod json_members;
#[cfg(feature = "serde")]
mod json_value;
mod number;
mod provenance;
#[cfg(feature = "serde")]
mod provenance_json;
mod time;
mod value;

use std::collections::BTreeMap;
use std::fmt::{self, Debug};

pub use channel::{Channel, ChannelKind};
pub use custom::CustomType;
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
pub use number::Number;
pub use provenance::{Provenance, Source};
#[cfg(feature = "serde")]
#[doc(hidden)]
pub use provenance_json::is_provenance;
pub use time::Time;
pub use value::Value;

/// One record of a contact list: an id, its fields, and where their values came from.
///
/// A field is in one of three states: *absent* ([`Contact::get`] gives `None`), *cleared*
/// (`Some(Value::Null)`: somebody emptied it) or *present*. [`Field::Email`] and [`Field::Phone`] are
/// ordered lists: the first value is the one a user sees, the others still identify the contact.
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
/// Two contacts are equal when their JSON forms are, whatever `custom_state` says beside custom fields.
#[derive(Clone, Eq)]
#[non_exhaustive]
pub struct Contact<Id> {
    /// The host's id; onefold never makes one.
    pub id: Id,
    /// Whether the record says that the contact is blocked. An index takes its word on insertion.
    pub blocked: bool,
    /// Every field that is not absent.
    pub fields: BTreeMap<Field, Value>,
    /// Where a field's value came from, for the fields of which that is known.
    pub provenance: BTreeMap<Field, Provenance>,
    /// Whether a record without custom fields has a place for them all the same. Beside custom fields it
    /// says nothing.
    pub custom_state: CustomState,
}

/// Whether a record has a place for custom fields: `{}`, `null` and nothing at all are three things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum CustomState {
    /// The record does not mention custom fields, unless it holds one.
    #[default]
    Absent,
    /// The record says `null`.
    Cleared,
    /// The record has a map of custom fields, perhaps an empty one.
    Present,
}

/// The status of a conversation that is over.
const CLOSED: &str = "closed";

impl<Id> Contact<Id> {
    /// A contact without any field.
    pub fn new(id: Id) -> Self {
        Self {
            id,
            blocked: false,
            fields: BTreeMap::new(),
            provenance: BTreeMap::new(),
            custom_state: CustomState::Absent,
        }
    }

    /// The same contact with `field` set to `value`, in place of what it held.
    #[must_use]
    pub fn with(mut self, field: Field, value: impl Into<Value>) -> Self {
        self.fields.insert(field, value.into());
        self
    }

    /// The same contact with one more phone, after those it has.
    #[must_use]
    pub fn with_phone(self, phone: impl Into<String>) -> Self {
        self.with_one_more(Field::Phone, phone.into())
    }

    /// The same contact with one more email, after those it has.
    #[must_use]
    pub fn with_email(self, email: impl Into<String>) -> Self {
        self.with_one_more(Field::Email, email.into())
    }

    /// The same contact with one more channel, after those it has.
    #[must_use]
    pub fn with_channel(mut self, channel: Channel) -> Self {
        match self.fields.get_mut(&Field::Channels) {
            Some(Value::Channels(channels)) => channels.push(channel),
            _ => drop(self.fields.insert(Field::Channels, Value::Channels(vec![channel]))),
        }
        self
    }

    /// Puts a connected channel after those it has, or says of the same one when it was connected, and the address of its
    /// conversation if there is one. Nothing happens where the field holds something that is no list of channels.
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

    /// Puts the status of the conversation to `closed`, if the contact has one.
    #[doc(hidden)]
    pub fn close_conversation(&mut self) {
        let Some(status) = self.fields.get_mut(&Field::ConversationStatus) else { return };
        let is_closed = status.as_text().is_some_and(|text| text.trim().eq_ignore_ascii_case(CLOSED));
        if !status.is_empty() && !is_closed {
            *status = Value::from(CLOSED);
            self.provenance.remove(&Field::ConversationStatus);
        }
    }

    /// Whether another state of the contact has the same keys, whatever the normaliser, and is blocked alike. It may say
    /// no where that is so.
    #[doc(hidden)]
    pub fn is_found_as(&self, other: &Self) -> bool {
        let fields = [Field::Phone, Field::Email, Field::Channels, Field::Country];
        self.blocked == other.blocked
            && fields.iter().all(|field| self.get(field) == other.get(field))
            && self.customs().eq(other.customs())
            && self.unknown().eq(other.unknown())
    }

    /// The same contact under another id.
    #[must_use]
    pub fn map_id<Other>(self, other: impl FnOnce(Id) -> Other) -> Contact<Other> {
        let Self { id, blocked, fields, provenance, custom_state } = self;
        Contact { id: other(id), blocked, fields, provenance, custom_state }
    }

    /// The same contact, marked as blocked.
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

    /// The value of `field`: `None` when absent, `Some(Value::Null)` when cleared.
    /// O(log n) in the number of fields.
    pub fn get(&self, field: &Field) -> Option<&Value> {
        self.fields.get(field)
    }

    /// The phones in order, as written. Elements that are not text are passed over.
    pub fn phones(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Phone)
    }

    /// The emails in order, as written. Elements that are not text are passed over.
    pub fn emails(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Email)
    }

    /// The tags in order. Elements that are not text are passed over.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.texts(&Field::Tags)
    }

    /// The channels in order.
    pub fn channels(&self) -> &[Channel] {
        match self.get(&Field::Channels) {
            Some(Value::Channels(channels)) => channels,
            _ => &[],
        }
    }

    /// The country as written, if it is text.
    pub fn country(&self) -> Option<&str> {
        self.get(&Field::Country).and_then(Value::as_text)
    }

    /// Returns the time at which the contact was created, if the record holds one that could be read.
    pub fn created_at(&self) -> Option<&Time> {
        self.get(&Field::CreatedAt).and_then(Value::as_time)
    }

    /// Returns the time of the contact's last change, if the record holds one that could be read.
    pub fn updated_at(&self) -> Option<&Time> {
        self.get(&Field::UpdatedAt).and_then(Value::as_time)
    }

    /// Whether the record has a place for custom fields; one that holds a custom field has. O(1).
    pub fn custom_state(&self) -> CustomState {
        match self.customs().next() {
            Some(_) => CustomState::Present,
            None => self.custom_state,
        }
    }

    /// The custom fields, by name. O(log n) and the number of custom fields.
    pub fn customs(&self) -> impl Iterator<Item = (&str, &Value)> {
        let from = Field::Custom("".into());
        self.fields.range(from..).map_while(|(field, value)| match field {
            Field::Custom(name) => Some((&**name, value)),
            _ => None,
        })
    }

    /// The first field of its own whose name means something else in the JSON form, `custom` and `provenance` included: one
    /// of the two would be lost there. O(n).
    #[doc(hidden)]
    pub fn misnamed_field(&self) -> Option<&Field> {
        let is_misnamed = |field: &Field| field.is_reserved() || matches!(field.name(), "custom" | "provenance");
        self.unknown().map(|(field, _)| field).find(|field| is_misnamed(field))
    }

    /// The fields that onefold does not know, by name: the last ones in order.
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

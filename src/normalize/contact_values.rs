//! The values of a contact to keys, field by field.

use crate::contact::{Contact, Field, Value};
use crate::field_names::role::{NamedRole, ValueRole};
use crate::key::{Derivation, Key, KeyKind, Reason};
use crate::normalize::channel;
use crate::normalize::normalizer::Normalizer;
use crate::normalize::outcome::{ContactKeys, DerivedKey, in_role};
use crate::normalize::placeholder;
use crate::normalize::region::Region;
use crate::normalize::text_checks;

impl Normalizer {
    /// Returns the key of a host identifier from the custom field `name`.
    ///
    /// A field whose name stands for phones or emails of a company gives a weak key. A value of zeros only is a
    /// placeholder. Cost: O(n) in the length of the value.
    ///
    /// # Errors
    /// - [`Reason::FaxOrPager`] if the name of the field stands for faxes or pagers.
    /// - Another [`Reason`] if the value gives no key.
    pub fn identifier_key(&self, name: &str, raw: &str) -> Result<DerivedKey, Reason> {
        self.check_ignored(raw)?;
        let text = raw.trim();
        text_checks::check(text, channel::MAX_IDENTIFIER_BYTES)?;
        if !self.settings().as_written && placeholder::is_zero(text) {
            return Err(Reason::Placeholder);
        }
        let role = self.role_of(&Field::Custom(name.into())).map_or(ValueRole::Personal, |named| named.role);
        let derivation = match role {
            _ if self.settings().as_written => Derivation::Direct,
            ValueRole::Personal => Derivation::Direct,
            ValueRole::Shared => Derivation::SharedValue,
            ValueRole::Unreachable => return Err(Reason::FaxOrPager),
        };
        Ok(DerivedKey { key: Key::new(KeyKind::Custom, name, text), derivation })
    }

    fn identifier_keys(&self, name: &str, raw: &str) -> Result<Vec<DerivedKey>, Reason> {
        self.identifier_key(name, raw).map(|key| vec![key])
    }

    /// Reads the custom and unknown fields whose names stand for phones or emails of a company, or for faxes.
    fn read_named<Id>(&self, found: &mut ContactKeys, contact: &Contact<Id>, region: Option<Region>) {
        // Custom and unknown fields sort after all others.
        for (field, value) in contact.fields.range(Field::Custom("".into())..) {
            let Some(NamedRole { kind, role }) = self.role_of(field) else { continue };
            if matches!(field, Field::Custom(name) if self.settings().identifiers.contains(name)) {
                continue;
            }
            self.read_list(found, Some(value), field.clone(), |raw| match kind {
                KeyKind::Email => in_role(role, self.email(raw)),
                _ => in_role(role, self.phone(raw, region)),
            });
        }
    }

    /// Returns the keys of a contact, and the values that gave none. Cost: O(n log n) in the number of values.
    pub fn contact<Id>(&self, contact: &Contact<Id>) -> ContactKeys {
        let region = self.region_of(contact.country());
        let mut found = ContactKeys::default();
        self.read_list(&mut found, contact.get(&Field::Phone), Field::Phone, |raw| self.phone(raw, region));
        self.read_list(&mut found, contact.get(&Field::Email), Field::Email, |raw| self.email(raw));
        if !self.settings().as_written {
            match contact.get(&Field::Channels) {
                Some(Value::Channels(channels)) => {
                    for (position, channel) in channels.iter().enumerate() {
                        found.add_limited(Field::Channels, position, &channel.identity, || {
                            self.channel(channel, region)
                        });
                    }
                }
                // The items of any other value are rejected.
                unread => self.read_list(&mut found, unread, Field::Channels, |_| Err(Reason::NotText)),
            }
        }
        for name in &self.settings().identifiers {
            let field = Field::Custom(name.clone());
            let value = contact.get(&field);
            self.read_list(&mut found, value, field, |raw| self.identifier_keys(name, raw));
        }
        if !self.settings().as_written {
            self.read_named(&mut found, contact, region);
        }
        found.note_verified(contact);
        found
    }

    /// Returns the keys of phones and emails, for a host that streams rows without building a [`Contact`]. They are the
    /// keys that [`Normalizer::contact`] returns for these values. `region` takes precedence over the default region.
    pub fn values(&self, phones: &[&str], emails: &[&str], region: Option<Region>) -> ContactKeys {
        let mut found = ContactKeys::default();
        for (position, raw) in phones.iter().enumerate() {
            found.add_limited(Field::Phone, position, raw, || self.phone(raw, region));
        }
        for (position, raw) in emails.iter().enumerate() {
            found.add_limited(Field::Email, position, raw, || self.email(raw));
        }
        found
    }

    fn read_list(
        &self,
        found: &mut ContactKeys,
        value: Option<&Value>,
        field: Field,
        read: impl Fn(&str) -> Result<Vec<DerivedKey>, Reason>,
    ) {
        let items = match value {
            None | Some(Value::Null) => return,
            Some(Value::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        for (position, item) in items.iter().enumerate() {
            match item.as_written() {
                Some(raw) => found.add_limited(field.clone(), position, raw, || read(raw)),
                None => found.add(field.clone(), position, "", Err(Reason::NotText)),
            }
        }
    }
}

//! The contacts of a merge in precedence.

use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::contact::{Contact, ContactId, Field, Time, Value};
use crate::merge::policy::SurvivorRule;

/// The contacts of a merge: the survivor, then by the newest `updated_at`, then by the smallest id.
pub(super) struct Participants<'a, Id> {
    contacts: Vec<&'a Contact<Id>>,
    // The number of filled fields of each contact, counted on first use.
    filled: OnceCell<Vec<usize>>,
}

impl<'a, Id: ContactId> Participants<'a, Id> {
    /// Chooses the survivor by `rule` and sorts the other contacts. `contacts` must not be empty.
    pub(super) fn new(contacts: &'a [Contact<Id>], rule: SurvivorRule) -> Self {
        let mut all: Vec<&Contact<Id>> = contacts.iter().collect();
        let made_at = Contact::created_at;
        let survivor = match rule {
            SurvivorRule::FirstGiven => contacts.first(),
            SurvivorRule::Oldest => {
                all.iter().copied().min_by_key(|contact| (made_at(contact).is_none(), made_at(contact), &contact.id))
            }
            SurvivorRule::Newest => all.iter().copied().min_by_key(|contact| (Reverse(made_at(contact)), &contact.id)),
            SurvivorRule::MostComplete => {
                all.iter().copied().min_by_key(|contact| (Reverse(filled(contact)), &contact.id))
            }
        };
        let survivor = survivor.map(|contact| &contact.id);
        all.sort_by_key(|contact| {
            (Some(&contact.id) != survivor, Reverse(contact.updated_at().unwrap_or_default()), &contact.id)
        });
        Self { contacts: all, filled: OnceCell::new() }
    }

    /// Returns the contacts in precedence, the survivor first.
    pub(super) fn contacts(&self) -> &[&'a Contact<Id>] {
        &self.contacts
    }

    pub(super) fn survivor(&self) -> &'a Contact<Id> {
        self.contacts.first().expect("a merge has contacts")
    }

    /// Returns the contact at a position in precedence. The position must come from this list.
    pub(super) fn at(&self, place: usize) -> &'a Contact<Id> {
        self.contacts.get(place).expect("a place in precedence is one of a contact")
    }

    /// Returns the number of filled fields of the contact at `place`.
    pub(super) fn filled(&self, place: usize) -> usize {
        let counts = self.filled.get_or_init(|| self.contacts.iter().map(|contact| filled(contact)).collect());
        counts.get(place).copied().unwrap_or_default()
    }

    /// Returns the time at which the contact at `place` set its value in `field`: the value's own `changed_at`, else
    /// the contact's `updated_at`, else its `created_at`.
    pub(super) fn set_at(&self, place: usize, field: &Field) -> Option<Time> {
        let contact = self.at(place);
        let own = contact.provenance.get(field).and_then(|provenance| provenance.changed_at);
        own.or_else(|| contact.updated_at()).or_else(|| contact.created_at())
    }
}

fn filled<Id>(contact: &Contact<Id>) -> usize {
    contact.fields.values().filter(|value| !Value::is_empty(value)).count()
}

//! How rows are written: whole operations, and the index with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::{EventKind, FieldChanges};
use crate::roles::Operation;
use crate::rows::contact_row::ContactRow;
use crate::rows::inbox::ChannelAccount;
use crate::rows::tables::{Changes, ContactTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field, Time, Value};
use onefold::distinct::Ancestry;
use onefold::field_names::consent;
use onefold::index::Index;
use onefold::normalize::Normalizer;

impl<Id: ContactId> Workspace<Id> {
    /// Takes the last operation back: for a host whose store did not take its changes. `changes` are those that
    /// the operation gave, and nothing was written since. O(w log n) for w rows, and what the contacts among them
    /// cost to read.
    pub fn revert(&mut self, changes: Changes<Id>) {
        let before: BTreeSet<Id> = self.live_among(&changes);
        self.rows.revert(&changes);
        self.rekeyed.clear();
        if !changes.settings.is_empty() {
            self.build_index();
            return;
        }
        let regrouped = changes.accounts.iter().filter(|change| {
            let of = |row: &Option<ChannelAccount>| row.as_ref().map(|row| row.belongs_to.clone()).unwrap_or_default();
            of(&change.before) != of(&change.after)
        });
        let regrouped: BTreeSet<&str> = regrouped.map(|change| &*change.key).collect();
        if !regrouped.is_empty() {
            let _ = self.rekey(&regrouped);
            self.rekeyed.clear();
        }
        changes.contacts.iter().for_each(|change| self.reindex(&change.key));
        let after = self.live_among(&changes);
        before.union(&after).for_each(|id| self.refresh_distinct(id));
    }

    /// Checks that whoever does something may do such a thing.
    pub(crate) fn allow(&self, act: &Act, operation: Operation) -> Result<(), WorkspaceError<Id>> {
        if act.may(operation) { Ok(()) } else { Err(WorkspaceError::NotAllowed { operation }) }
    }

    /// Carries `write` out with what follows from it, or takes back all it has done.
    pub(crate) fn transact<T>(
        &mut self,
        act: &Act,
        write: impl FnOnce(&mut Self) -> Result<T, WorkspaceError<Id>>,
    ) -> Result<Applied<Id, T>, WorkspaceError<Id>> {
        match write(self) {
            Ok(outcome) => {
                self.settle(act);
                Ok(Applied { outcome, changes: self.rows.take_changes() })
            }
            Err(error) => {
                let changes = self.rows.take_changes();
                self.revert(changes);
                Err(error)
            }
        }
    }

    /// Puts a live contact in place of what it was, and tells of it; if it is what it was, nothing happens.
    pub(crate) fn rewrite(&mut self, contact: Contact<Id>, act: &Act) {
        let id = contact.id.clone();
        let Some(row) = self.rows.contact(&id).filter(|row| row.contact != contact) else { return };
        let changes = FieldChanges::between(&row.contact, &contact);
        let (head, mut withdrawn) = (row.head.clone(), row.withdrawn.clone());
        if head.is_some() && self.settings().policy_in_force().flags() {
            withdrawn
                .extend(consent::withdrawn_between(&row.contact, &contact).into_iter().map(|(_, field)| field.clone()));
        }
        self.set_contact(&id, Some(ContactRow { contact, head, withdrawn }));
        let value_owners = self.value_owners(&id, &changes);
        self.emit(act, value_owners, EventKind::ContactUpdated { contact: id, origin: act.origin(), changes });
    }

    /// Notes which of the fields that were written, whether they hold something else now or not, withdraw a consent or object.
    pub(crate) fn withdraw_again(&mut self, id: &Id, written: &BTreeSet<Field>) {
        let Some(row) = self.rows.contact(id).filter(|row| row.head.is_some()) else { return };
        if !self.settings().policy_in_force().flags() {
            return;
        }
        let protects =
            |field: &&Field| row.contact.get(field).is_some_and(|value| consent::is_protective(field, value));
        let again: BTreeSet<Field> = written.iter().filter(protects).cloned().collect();
        if !again.is_subset(&row.withdrawn) {
            let withdrawn = row.withdrawn.union(&again).cloned().collect();
            let row = ContactRow { withdrawn, ..row.clone() };
            self.set_contact(id, Some(row));
        }
    }

    /// The same as [`Workspace::rewrite`] for something that a user does, which is when the contact was changed last.
    pub(crate) fn rewrite_now(&mut self, mut contact: Contact<Id>, act: &Act) {
        let is_changed = self.get(&contact.id).is_some_and(|before| *before != contact);
        if is_changed && contact.updated_at().map_or(0, Time::millis) < act.at {
            contact.fields.insert(Field::UpdatedAt, Value::Time(Time::from_millis(act.at)));
        }
        self.rewrite(contact, act);
    }

    /// Puts a live contact, or takes it out. What it was marked distinct from is to be said again after that, with
    /// [`Workspace::refresh_distinct`], if it was not there before.
    pub(crate) fn set_contact(&mut self, id: &Id, row: Option<ContactRow<Id>>) {
        let former = self.rows.set::<ContactTable>(id.clone(), row.map(Arc::new));
        let is_same = match (&former, self.rows.contact(id)) {
            (Some(before), Some(after)) => before.contact.is_found_as(&after.contact),
            _ => false,
        };
        if !is_same {
            self.reindex(id);
        }
    }

    /// Makes the index say of a live contact whom it was marked distinct from. O(v log n) for v distinct marks on the ids it
    /// is made of.
    pub(crate) fn refresh_distinct(&mut self, id: &Id) {
        if self.rows.contact(id).is_none() {
            return;
        }
        let marked = self.rows.marks_of(id);
        self.index.set_distinct_from(id, marked);
    }

    /// Builds the index from the rows. O(k log n) for k keys in all.
    pub(crate) fn build_index(&mut self) {
        self.index = Index::new(self.normalizer_in_force()).with_rules(self.rows.settings().rules);
        self.index.extend(self.rows.contacts().values().map(|row| &row.contact));
        let marked: BTreeSet<Id> =
            self.rows.distinct_pairs().keys().map(|(a, _)| self.rows.current(a).clone()).collect();
        marked.iter().for_each(|id| self.refresh_distinct(id));
    }

    /// What values are read with: the normaliser of the settings, with what the channel accounts belong to. O(a) for a
    /// accounts.
    pub(crate) fn normalizer_in_force(&self) -> Normalizer {
        let accounts = self.rows.tables().accounts.rows().iter().filter(|(_, row)| !row.belongs_to.is_empty());
        let builder = accounts.fold(self.rows.settings().normalizer.to_builder(), |builder, (account, row)| {
            builder.account_portfolio(account, row.belongs_to.clone())
        });
        builder.build()
    }

    /// Makes the index say of a contact what its row says, whom it was marked distinct from left out.
    pub(crate) fn reindex(&mut self, id: &Id) {
        const EXACT: &str = "the index holds the live contacts and no others";
        match (self.rows.contact(id), self.index.contains(id)) {
            (Some(row), false) => drop(self.index.insert(&row.contact).expect(EXACT)),
            (Some(row), true) => {
                self.index.update(&row.contact).expect(EXACT);
                if row.contact.blocked {
                    self.index.block(id).expect(EXACT)
                } else {
                    self.index.unblock(id).expect(EXACT)
                };
            }
            (None, true) => self.index.remove(id).expect(EXACT),
            (None, false) => {}
        }
    }

    /// The live contacts that changed, or that a changed distinct mark is about.
    fn live_among(&self, changes: &Changes<Id>) -> BTreeSet<Id> {
        let contacts = changes.contacts.iter().map(|change| &change.key);
        let marked = changes.distinct_pairs.iter().flat_map(|change| [&change.key.0, &change.key.1]);
        contacts.chain(marked).map(|id| self.rows.current(id).clone()).collect()
    }
}

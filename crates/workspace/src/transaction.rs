//! Transactions: each operation writes all of its rows and updates the index, or changes nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::rows::contact_row::ContactRow;
use crate::rows::event::{EventKind, FieldChanges};
use crate::rows::inbox::ChannelAccount;
use crate::rows::tables::{Changes, ContactTable};
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, Field};
use onefold::distinct::Ancestry;
use onefold::field_names::consent;
use onefold::index::Index;
use onefold::normalize::Normalizer;

impl<Id: ContactId> Workspace<Id> {
    /// Reverts the last operation, for a host whose store could not write its changes. `changes` must be the changes
    /// that the operation returned, and no operation may have been carried out since.
    ///
    /// Cost: O(w log n) for w rows, plus the normalisation of the contacts among them. Changed settings rebuild the
    /// index.
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

    /// Checks that the actor may carry out an operation.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the actor may not.
    pub(crate) fn allow(&self, act: &Act, operation: Operation) -> Result<(), WorkspaceError<Id>> {
        if act.may(operation) { Ok(()) } else { Err(WorkspaceError::NotAllowed { operation }) }
    }

    /// Runs `write` and then settles its consequences, or reverts all changes if it returns an error.
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

    /// Replaces a live contact and emits an event with the changed fields. An equal contact changes nothing.
    pub(crate) fn rewrite(&mut self, contact: Contact<Id>, act: &Act) {
        let id = contact.id.clone();
        let Some(row) = self.rows.contact(&id).filter(|row| row.contact != contact) else { return };
        let changes = FieldChanges::between(&row.contact, &contact);
        let (head, mut withdrawn) = (row.head.clone(), row.withdrawn.clone());
        if head.is_some() && self.settings().policy_in_force().flags() {
            withdrawn
                .extend(consent::withdrawn_between(&row.contact, &contact).map(|withdrawal| withdrawal.field.clone()));
        }
        self.set_contact(&id, Some(ContactRow { contact, head, withdrawn }));
        let value_owners = self.value_owners(&id, &changes);
        self.emit(act, value_owners, EventKind::ContactUpdated { contact: id, origin: act.origin(), changes });
    }

    /// Adds the written fields that refuse a consent or make an objection to the contact's withdrawn fields. A field
    /// counts even if the write did not change its value.
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

    /// Replaces a live contact as [`Workspace::rewrite`] does, for a change by a user: a changed contact also gets the
    /// time of the operation as its `updated_at`, unless that is later already.
    pub(crate) fn rewrite_now(&mut self, mut contact: Contact<Id>, act: &Act) {
        let is_changed = self.get(&contact.id).is_some_and(|before| *before != contact);
        if is_changed && contact.updated_at().unwrap_or_default() < act.at {
            contact.fields.insert(Field::UpdatedAt, act.at.into());
        }
        self.rewrite(contact, act);
    }

    /// Replaces a live contact, or removes it for `None`. The caller must call [`Workspace::refresh_distinct`]
    /// afterwards if the contact was not live before.
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

    /// Copies the distinct marks of a live contact from the rows to the index.
    ///
    /// Cost: O(v log n) for v distinct marks on its original ids.
    pub(crate) fn refresh_distinct(&mut self, id: &Id) {
        if self.rows.contact(id).is_none() {
            return;
        }
        let marked = self.rows.marks_of(id);
        self.index.set_distinct_from(id, marked);
    }

    /// Rebuilds the index from the rows. Cost: O(k log n) for k keys in total.
    pub(crate) fn build_index(&mut self) {
        self.index = Index::new(self.normalizer_in_force()).with_rules(self.rows.settings().rules);
        self.index.extend(self.rows.contacts().values().map(|row| &row.contact));
        let marked: BTreeSet<Id> =
            self.rows.distinct_pairs().keys().map(|pair| self.rows.current(pair.first()).clone()).collect();
        marked.iter().for_each(|id| self.refresh_distinct(id));
    }

    /// Returns the normaliser of the settings, extended by the portfolios of the channel accounts.
    ///
    /// Cost: O(a) for a accounts.
    pub(crate) fn normalizer_in_force(&self) -> Normalizer {
        let accounts = self.rows.tables().accounts.rows().iter().filter(|(_, row)| !row.belongs_to.is_empty());
        let builder = accounts.fold(self.rows.settings().normalizer.to_builder(), |builder, (account, row)| {
            builder.account_portfolio(account, row.belongs_to.clone())
        });
        builder.build()
    }

    /// Updates the index to the row of a contact, except for its distinct marks.
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

    /// Returns the current ids of the contacts that changed or are part of a changed distinct pair.
    fn live_among(&self, changes: &Changes<Id>) -> BTreeSet<Id> {
        let contacts = changes.contacts.iter().map(|change| &change.key);
        let marked = changes.distinct_pairs.iter().flat_map(|change| change.key.ids());
        contacts.chain(marked).map(|id| self.rows.current(id).clone()).collect()
    }
}

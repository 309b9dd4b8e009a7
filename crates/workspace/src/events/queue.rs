//! Events of a workspace: appended by operations, taken by the host, and without values once a person is deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Workspace;
use crate::act::Act;
use crate::applied::Applied;
use crate::rows::event::{Event, EventKind, FieldChanges};
use onefold::contact::ContactId;
use onefold::distinct::Ancestry;

impl<Id: ContactId> Workspace<Id> {
    /// The events that nobody has taken yet, from the oldest on.
    pub fn events(&self) -> impl Iterator<Item = &Event<Id>> {
        self.rows.events().values().map(|event| &**event)
    }

    /// Takes all events, from the oldest on; they are not given again. O(n log n).
    pub fn drain_events(&mut self) -> Applied<Id, Vec<Event<Id>>> {
        let numbers: Vec<u64> = self.rows.events().keys().copied().collect();
        let events = self.events().cloned().collect();
        numbers.into_iter().for_each(|number| self.rows.set_event(number, None));
        Applied { outcome: events, changes: self.rows.take_changes() }
    }

    /// Takes the events up to a number, which are not given again: for a host that has acted on them. It reads them
    /// with [`Workspace::events`] before, so that none is lost if it fails in between. O(e log n) for e events.
    pub fn acknowledge_events(&mut self, through: u64) -> Applied<Id> {
        let numbers: Vec<u64> = self.rows.events().range(..=through).map(|(number, _)| *number).collect();
        numbers.into_iter().for_each(|number| self.rows.set_event(number, None));
        Applied { outcome: (), changes: self.rows.take_changes() }
    }

    /// Appends an event, and after it the reactions to it. `value_owners` are those of [`Workspace::value_owners`].
    pub(crate) fn emit(&mut self, act: &Act, value_owners: Vec<Id>, kind: EventKind<Id>) {
        let reactions = kind.reactions();
        self.append_event(act, value_owners, kind);
        reactions.into_iter().for_each(|reaction| self.append_event(act, Vec::new(), EventKind::Reaction(reaction)));
    }

    fn append_event(&mut self, act: &Act, value_owners: Vec<Id>, kind: EventKind<Id>) {
        let number = self.rows.next_event();
        let event = Event { number, at: act.at, by: act.by.clone(), value_owners, kind };
        self.rows.set_event(number, Some(Arc::new(event)));
    }

    /// Returns the contacts whose values `changes` on a live contact may show. O(m log m) for the m ids it is made of.
    pub(crate) fn value_owners(&self, id: &Id, changes: &FieldChanges) -> Vec<Id> {
        if !changes.show_values() {
            return Vec::new();
        }
        let mut lineage = self.rows.made_of(id);
        lineage.sort();
        lineage
    }

    /// Takes the values out of the events that may show one of deleted ids. O(e log n) for e of them.
    pub(crate) fn redact_events(&mut self, ids: &BTreeSet<Id>) {
        let about: BTreeSet<u64> = ids.iter().flat_map(|id| self.rows.events_with_values_of(id)).collect();
        let events = about.iter().filter_map(|number| self.rows.events().get(number));
        let with_values: Vec<Event<Id>> = events.map(|event| (**event).clone()).collect();
        for event in with_values {
            let redacted = Event { kind: event.kind.without_values(), value_owners: Vec::new(), ..event };
            self.rows.set_event(redacted.number, Some(Arc::new(redacted)));
        }
    }
}

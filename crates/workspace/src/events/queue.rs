//! Events of a workspace: appended by operations, taken by the host, and silenced when a person is deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::Workspace;
use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::{Event, FieldChanges, Happened};
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

    /// Appends an event. `values_of` are those of [`Workspace::values_of`].
    pub(crate) fn emit(&mut self, act: &Act, values_of: Vec<Id>, what: Happened<Id>) {
        let number = self.rows.next_event();
        let event = Event { number, at: act.at, by: act.by.clone(), values_of, what };
        self.rows.set_event(number, Some(Arc::new(event)));
    }

    /// Whose values `changes` on a live contact may tell. O(m log m) for the m ids it is made of.
    pub(crate) fn values_of(&self, id: &Id, changes: &FieldChanges) -> Vec<Id> {
        if !changes.list_values() {
            return Vec::new();
        }
        let mut lineage = self.rows.made_of(id);
        lineage.sort();
        lineage
    }

    /// Takes the values out of the events that may tell one of deleted ids. O(e log n) for e of them.
    pub(crate) fn silence_events(&mut self, ids: &BTreeSet<Id>) {
        let about: BTreeSet<u64> = ids.iter().flat_map(|id| self.rows.events_telling(id)).collect();
        let events = about.iter().filter_map(|number| self.rows.events().get(number));
        let silenced: Vec<Event<Id>> = events.map(|event| (**event).clone()).collect();
        for event in silenced {
            let bare = Event { what: event.what.bare(), values_of: Vec::new(), ..event };
            self.rows.set_event(bare.number, Some(Arc::new(bare)));
        }
    }
}

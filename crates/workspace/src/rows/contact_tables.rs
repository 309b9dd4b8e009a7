//! The tables of contacts and of what was done with them: merges, deletions, distinct pairs and events.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord, UndoRecord};
use crate::rows::event::Event;
use crate::rows::lines::{ContactLine, ContactRead, DeletedLine, DistinctPairLine, MergeLine, TombstoneLine};
use crate::rows::lookups::{Lookups, add_to, remove_from};
use crate::rows::tables::{
    ContactTable, DeletedTable, DistinctPairTable, EventTable, MergeTable, RowName, Table, TombstoneTable, json, line,
};
use onefold::contact::{ContactId, ContactPair, StoredId};

impl<Id: ContactId> Table<Id> for ContactTable {
    fn text(_: &Id, row: &Arc<ContactRow<Id>>) -> String
    where
        Id: Serialize,
    {
        json(&ContactLine::of(row))
    }

    fn read(text: &str) -> Option<(Id, Arc<ContactRow<Id>>)>
    where
        Id: StoredId,
    {
        let read: ContactRead<'_> = serde_json::from_str(text).ok()?;
        let row: ContactRow<Id> = read.row()?;
        Some((row.contact.id.clone(), Arc::new(row)))
    }

    fn look_up(
        lookups: &mut Lookups<Id>,
        id: &Id,
        before: Option<&Arc<ContactRow<Id>>>,
        after: Option<&Arc<ContactRow<Id>>>,
    ) {
        let (had, has) = (tags_of(before), tags_of(after));
        had.difference(&has).for_each(|tag| remove_from(&mut lookups.tagged, *tag, id));
        has.difference(&had).for_each(|tag| add_to(&mut lookups.tagged, *tag, id.clone()));
        if after.is_some_and(|row| row.contact.blocked) {
            lookups.blocked.insert(id.clone())
        } else {
            lookups.blocked.remove(id)
        };
    }
}

impl<Id: ContactId> Table<Id> for TombstoneTable {
    fn text(merged_away: &Id, into: &Id) -> String
    where
        Id: Serialize,
    {
        json(&TombstoneLine { merged_away, into })
    }

    fn read(text: &str) -> Option<(Id, Id)>
    where
        Id: StoredId,
    {
        line(text).map(|TombstoneLine { merged_away, into }| (merged_away, into))
    }

    fn look_up(lookups: &mut Lookups<Id>, id: &Id, before: Option<&Id>, after: Option<&Id>) {
        before.iter().for_each(|into| remove_from(&mut lookups.children, *into, id));
        after.iter().for_each(|into| add_to(&mut lookups.children, (*into).clone(), id.clone()));
    }

    fn about<'a>(_: &'a Id, into: &'a Id) -> Vec<&'a Id> {
        vec![into]
    }
}

impl<Id: ContactId> Table<Id> for DeletedTable {
    fn text(deleted: &Id, (): &()) -> String
    where
        Id: Serialize,
    {
        json(&DeletedLine { deleted })
    }

    fn read(text: &str) -> Option<(Id, ())>
    where
        Id: StoredId,
    {
        line(text).map(|DeletedLine { deleted }| (deleted, ()))
    }
}

impl<Id: ContactId> Table<Id> for MergeTable {
    fn text(_: &RowName, record: &Arc<MergeRecord<Id>>) -> String
    where
        Id: Serialize,
    {
        json(&MergeLine::of(record))
    }

    fn read(text: &str) -> Option<(RowName, Arc<MergeRecord<Id>>)>
    where
        Id: StoredId,
    {
        let record = line::<MergeLine<Id>>(text)?.record()?;
        Some((record.merge.clone(), Arc::new(record)))
    }

    fn look_up(
        lookups: &mut Lookups<Id>,
        merge: &RowName,
        before: Option<&Arc<MergeRecord<Id>>>,
        after: Option<&Arc<MergeRecord<Id>>>,
    ) {
        if let Some(record) = before {
            // Another merge may have been given the place meanwhile.
            if lookups.merges_in_order.get(&record.order) == Some(merge) {
                lookups.merges_in_order.remove(&record.order);
            }
            record.participants().for_each(|id| remove_from(&mut lookups.merges_of, id, merge));
            tags_of_merge(record).into_iter().for_each(|tag| remove_from(&mut lookups.merges_with_tag, tag, merge));
        }
        if let Some(record) = after {
            lookups.merges_in_order.insert(record.order, merge.clone());
            record.participants().for_each(|id| add_to(&mut lookups.merges_of, id.clone(), merge.clone()));
            let tags = tags_of_merge(record).into_iter();
            tags.for_each(|tag| add_to(&mut lookups.merges_with_tag, tag, merge.clone()));
        }
    }

    fn about<'a>(_: &'a RowName, record: &'a Arc<MergeRecord<Id>>) -> Vec<&'a Id> {
        record.participants().collect()
    }

    fn place(_: &RowName, record: &Arc<MergeRecord<Id>>) -> Option<u64> {
        Some(record.order)
    }
}

impl<Id: ContactId> Table<Id> for DistinctPairTable {
    fn text(pair: &ContactPair<Id>, marks: &Arc<DistinctMarks>) -> String
    where
        Id: Serialize,
    {
        json(&DistinctPairLine::of(pair, marks))
    }

    fn read(text: &str) -> Option<(ContactPair<Id>, Arc<DistinctMarks>)>
    where
        Id: StoredId,
    {
        let line: DistinctPairLine<Id> = line(text)?;
        let (a, b) = line.pair.clone();
        let pair = (a < b).then(|| ContactPair::new(a, b))?;
        Some((pair, Arc::new(line.marks()?)))
    }

    fn look_up(
        lookups: &mut Lookups<Id>,
        pair: &ContactPair<Id>,
        _: Option<&Arc<DistinctMarks>>,
        after: Option<&Arc<DistinctMarks>>,
    ) {
        let [a, b] = pair.ids();
        for (id, partner) in [(a, b), (b, a)] {
            match after {
                Some(_) => add_to(&mut lookups.partners, id.clone(), partner.clone()),
                None => remove_from(&mut lookups.partners, id, partner),
            }
        }
    }

    fn about<'a>(pair: &'a ContactPair<Id>, _: &'a Arc<DistinctMarks>) -> Vec<&'a Id> {
        pair.ids().to_vec()
    }
}

impl<Id: ContactId> Table<Id> for EventTable {
    fn text(_: &u64, event: &Arc<Event<Id>>) -> String
    where
        Id: Serialize,
    {
        json(&**event)
    }

    fn read(text: &str) -> Option<(u64, Arc<Event<Id>>)>
    where
        Id: StoredId,
    {
        line(text).map(|event: Event<Id>| (event.number, Arc::new(event)))
    }

    fn look_up(
        lookups: &mut Lookups<Id>,
        number: &u64,
        before: Option<&Arc<Event<Id>>>,
        after: Option<&Arc<Event<Id>>>,
    ) {
        let named = &mut lookups.events_with_values_of;
        before.iter().flat_map(|event| &event.value_owners).for_each(|id| remove_from(named, id, number));
        after.iter().flat_map(|event| &event.value_owners).for_each(|id| add_to(named, id.clone(), *number));
    }

    fn about<'a>(_: &'a u64, event: &'a Arc<Event<Id>>) -> Vec<&'a Id> {
        event.value_owners.iter().collect()
    }

    fn place(number: &u64, _: &Arc<Event<Id>>) -> Option<u64> {
        Some(*number)
    }
}

fn tags_of<Id>(row: Option<&Arc<ContactRow<Id>>>) -> BTreeSet<&str> {
    row.into_iter().flat_map(|row| row.contact.tags()).collect()
}

fn tags_of_merge<Id: ContactId>(record: &MergeRecord<Id>) -> BTreeSet<&str> {
    record.undo_record().map(UndoRecord::tags_now).unwrap_or_default()
}

//! The tables of a workspace: what a table is, and what is done with all of them alike.
//!
//! A table is an entry of the list in `table_list` and an implementation of [`Table`]. What an operation has changed, how it is
//! undone, what a store reads and writes, and how many rows there are follows from these two.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::filter::Filter;
use crate::rows::contact_row::{ContactRow, DistinctMarks, MergeRecord};
use crate::rows::event::Event;
use crate::rows::inbox::{Activity, Block, ChannelAccount, Deletion, Tag, ToDelete};
use crate::rows::kind::RowKind;
use crate::rows::lookups::Lookups;
use crate::rows::row_table::{RowChange, RowTable};
use crate::rows::stored::{IndexedWrite, RowWrite, StoredRow};
use crate::rows::table_list::for_each_table;
use crate::settings::Settings;
use onefold::contact::{ContactId, ContactPair, CustomType, Field, StoredId, Time};

/// What users or hosts call something.
pub(crate) type RowName = Box<str>;

/// What the list says of a table.
pub(crate) trait TableRows<Id: ContactId> {
    /// What a row is found under.
    type Key: Clone + Ord;
    /// What is kept.
    type Row: Clone + PartialEq;

    /// The kind under which a store keeps the rows.
    const KIND: RowKind;

    /// Returns the table among all.
    fn of_mut(tables: &mut Tables<Id>) -> &mut RowTable<Self::Key, Self::Row>;
}

/// A table: how a store spells its rows, and what is looked up in them.
pub(crate) trait Table<Id: ContactId>: TableRows<Id> {
    /// Returns the text of a row: one line, which [`Table::read`] reads back.
    fn text(key: &Self::Key, row: &Self::Row) -> String
    where
        Id: Serialize;

    /// Reads the text of a row with its key; `None` if it is none.
    fn read(text: &str) -> Option<(Self::Key, Self::Row)>
    where
        Id: StoredId;

    /// Returns the key as a store has it: one text for one key.
    fn stored_key(key: &Self::Key) -> String
    where
        Self::Key: Serialize,
    {
        json(key)
    }

    /// Brings look-ups up to date after a row was put, changed or taken out.
    fn look_up(_: &mut Lookups<Id>, _: &Self::Key, _before: Option<&Self::Row>, _after: Option<&Self::Row>) {}

    /// Returns the contacts that a row is about, beside the one whose id is its key.
    fn about<'a>(_: &'a Self::Key, _: &'a Self::Row) -> Vec<&'a Id> {
        Vec::new()
    }

    /// Returns the place of a row where rows have an order beside that of their keys.
    fn place(_: &Self::Key, _: &Self::Row) -> Option<u64> {
        None
    }

    /// Puts a row, or takes it out, with what is looked up in it, and returns the one that was there. O(log n).
    fn set(
        tables: &mut Tables<Id>,
        lookups: &mut Lookups<Id>,
        key: Self::Key,
        row: Option<Self::Row>,
    ) -> Option<Self::Row> {
        let before = Self::of_mut(tables).set(key.clone(), row.clone());
        Self::look_up(lookups, &key, before.as_ref(), row.as_ref());
        before
    }

    /// Returns a row as a store keeps it.
    fn stored(key: &Self::Key, row: &Self::Row) -> StoredRow
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        StoredRow { kind: Self::KIND, key: Self::stored_key(key), text: Self::text(key, row) }
    }

    /// Returns what a store does to take a row for what it is after an operation.
    fn write(change: &RowChange<Self::Key, Self::Row>) -> RowWrite
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        match &change.after {
            Some(row) => RowWrite::Put(Self::stored(&change.key, row)),
            None => RowWrite::Delete { kind: Self::KIND, key: Self::stored_key(&change.key) },
        }
    }

    /// Returns the same with what a store may look the row up by.
    fn indexed_write(change: &RowChange<Self::Key, Self::Row>) -> IndexedWrite<'_, Id>
    where
        Self::Key: Serialize,
        Id: Serialize,
    {
        let about = |row| Self::about(&change.key, row);
        let before: BTreeSet<&Id> = change.before.iter().flat_map(about).collect();
        let after: BTreeSet<&Id> = change.after.iter().flat_map(about).collect();
        IndexedWrite {
            write: Self::write(change),
            place: change.after.as_ref().and_then(|row| Self::place(&change.key, row)),
            about_added: after.difference(&before).copied().collect(),
            about_removed: before.difference(&after).copied().collect(),
        }
    }
}

/// Returns a value as JSON on one line.
pub(crate) fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("ids can be serialised to JSON")
}

/// Reads a line of JSON.
pub(crate) fn line<Line: DeserializeOwned>(text: &str) -> Option<Line> {
    serde_json::from_str(text).ok()
}

/// Makes the types that have a member for each table, and what is done to all tables alike.
macro_rules! tables {
    ($(
        #[doc = $doc:literal]
        $field:ident: $table:ident($key:ty => $row:ty), $kind:ident $(= $name:literal since $since:literal)?;
    )+) => {
        $(
            #[doc = $doc]
            pub(crate) struct $table;

            impl<Id: ContactId> TableRows<Id> for $table {
                type Key = $key;
                type Row = $row;

                const KIND: RowKind = RowKind::$kind;

                fn of_mut(tables: &mut Tables<Id>) -> &mut RowTable<$key, $row> {
                    &mut tables.$field
                }
            }
        )+

        /// All tables of a workspace.
        #[derive(Clone)]
        pub(crate) struct Tables<Id> {
            $(#[doc = $doc] pub(crate) $field: RowTable<$key, $row>,)+
        }

        impl<Id> Default for Tables<Id> {
            fn default() -> Self {
                Self { $($field: RowTable::default(),)+ }
            }
        }

        impl<Id: ContactId> Tables<Id> {
            /// Returns what was written since the last time this was asked.
            pub(crate) fn take_changes(&mut self) -> Changes<Id> {
                Changes { $($field: self.$field.take_changes(),)+ }
            }

            /// Takes what is put from now on for what there has always been, without a log of it, until
            /// [`Tables::forget_changes`].
            pub(crate) fn load(&mut self) {
                $(self.$field.load();)+
            }

            /// Takes what was written for what there has always been.
            pub(crate) fn forget_changes(&mut self) {
                $(self.$field.forget_changes();)+
            }

            /// Returns how many rows there are in all tables.
            pub(crate) fn row_count(&self) -> usize {
                [$(self.$field.rows().len(),)+].into_iter().sum()
            }
        }

        impl<Id: ContactId + Serialize> Tables<Id> {
            /// Returns all rows as a store keeps them, table by table.
            pub(crate) fn stored(&self) -> impl Iterator<Item = StoredRow> {
                std::iter::empty()
                    $(.chain(self.$field.rows().iter().map(|(key, row)| <$table as Table<Id>>::stored(key, row))))+
            }
        }

        /// The rows that an operation wrote, each before and after: a store that applies exactly these, in one
        /// transaction, holds what the workspace holds.
        ///
        /// If the store fails, [`Workspace::revert`](crate::Workspace::revert) undoes the operation.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Changes<Id> {
            $(#[doc = $doc] pub $field: Vec<RowChange<$key, $row>>,)+
        }

        impl<Id> Changes<Id> {
            /// Returns true if the operation wrote nothing.
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_empty())&&+
            }
        }

        impl<Id: ContactId> Changes<Id> {
            /// Puts every row that was written back to what it was before, with what is looked up in it.
            pub(crate) fn revert(&self, tables: &mut Tables<Id>, lookups: &mut Lookups<Id>) {
                $(for change in &self.$field {
                    <$table as Table<Id>>::set(tables, lookups, change.key.clone(), change.before.clone());
                })+
            }
        }

        impl<Id: ContactId + Serialize> Changes<Id> {
            /// Returns what a store has to do, in one transaction, to hold what the workspace holds after the operation. No
            /// row is named twice. O(w) for w rows and what they hold.
            ///
            /// # Panics
            /// If an id cannot be serialised to JSON, which no ordinary type of id does.
            pub fn writes(&self) -> impl Iterator<Item = RowWrite> {
                std::iter::empty()$(.chain(self.$field.iter().map(<$table as Table<Id>>::write)))+
            }

            /// Returns the same as [`Changes::writes`], each write with the contacts that the row is about and with its
            /// place: for a store that looks rows up by them. O(w log w) for w rows and what they hold.
            ///
            /// # Panics
            /// As [`Changes::writes`].
            pub fn indexed_writes(&self) -> impl Iterator<Item = IndexedWrite<'_, Id>> {
                std::iter::empty()$(.chain(self.$field.iter().map(<$table as Table<Id>>::indexed_write)))+
            }
        }

        /// A row that was read, of any table.
        #[expect(clippy::enum_variant_names, reason = "a variant has the name of the type of its table")]
        pub(crate) enum TableRow<Id> {
            $($table($key, $row),)+
        }

        impl<Id: StoredId> TableRow<Id> {
            /// Reads the text of a row of a kind; `None` if it is none.
            pub(crate) fn read(kind: RowKind, text: &str) -> Option<Self> {
                $(if kind == RowKind::$kind && let Some((key, row)) = <$table as Table<Id>>::read(text) {
                    return Some(Self::$table(key, row));
                })+
                None
            }

            /// Returns the row as a store keeps it.
            pub(crate) fn stored(&self) -> StoredRow {
                match self {
                    $(Self::$table(key, row) => <$table as Table<Id>>::stored(key, row),)+
                }
            }

            /// Returns true if a store keeps the row under this kind and key.
            pub(crate) fn is_at(&self, kind: RowKind, key: &str) -> bool {
                match self {
                    $(Self::$table(own, _) => kind == RowKind::$kind && <$table as Table<Id>>::stored_key(own) == key,)+
                }
            }

            /// Puts the row. Returns true if there was none under its key.
            pub(crate) fn put(self, tables: &mut Tables<Id>, lookups: &mut Lookups<Id>) -> bool {
                match self {
                    $(Self::$table(key, row) => <$table as Table<Id>>::set(tables, lookups, key, Some(row)).is_none(),)+
                }
            }
        }
    };
}

for_each_table!(tables);

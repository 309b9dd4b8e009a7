//! The macro that makes of the list of tables what has a member for each table.
//!
//! An entry of the list is `field: Table(Key => Row), Kind = "name" since 1;`: the field in `Changes`, the type that
//! implements the table, the types of its keys and rows, the kind under which a store keeps its rows, the name of that kind,
//! and the version of the schema that had it first. Tables of one row share the kind `Setting`, and have no name there.

/// Makes the types that have a member for each table, and what is done to all tables alike.
macro_rules! tables {
    ($(
        #[doc = $doc:literal]
        $field:ident: $table:ident($key:ty => $row:ty), $kind:ident $(= $name:literal since $since:literal)?;
    )+) => {
        /// The tables that a store keeps for a workspace.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RowKind {
            /// The settings, the number of the next event and the order of the fields, each under its name.
            Setting,
            $($(
                #[doc = $doc]
                #[doc = concat!("\n\nThe name of the kind is `", $name, "`.")]
                $kind,
            )?)+
            /// How `onefold replay` was configured by earlier releases; no part of a workspace.
            Config,
        }

        impl RowKind {
            /// Every kind, in the order in which rows are written.
            pub const ALL: &'static [Self] = &[Self::Setting, $($(Self::named($name, Self::$kind),)?)+ Self::Config];

            // Tables without a name of their own are left out of a list by naming the name in it.
            const fn named(_: &'static str, kind: Self) -> Self {
                kind
            }

            /// Returns the name of the kind, for a store to keep: lower-case letters and underscores. It never changes.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Setting => "setting",
                    $($(Self::$kind => $name,)?)+
                    Self::Config => "config",
                }
            }

            /// Returns the version of a store's schema that had rows of the kind first.
            pub fn since(self) -> u32 {
                match self {
                    Self::Setting | Self::Config => 1,
                    $($(Self::$kind => $since,)?)+
                }
            }

            /// Returns the kind of a name; `None` if this release knows none.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }

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

pub(crate) use tables;

//! The list of tables, from which everything follows that is done with all tables alike.
//!
//! An entry of the list is `field: Table(Key => Row), Kind = "name" since 1;`: the field in `Changes`, the type that
//! implements `Table`, the types of keys and rows, the kind under which a store keeps the rows, the name of that kind, and the
//! version of the schema that had it first. Tables of one row share the kind `Setting`, and have no name there. The order is
//! the one in which rows are written.

/// Hands the list of tables to a macro.
macro_rules! for_each_table {
    ($make:ident) => {
        $make! {
            /// The settings; one row.
            settings: SettingsTable(() => Arc<Settings>), Setting;
            /// The number of the next event; one row.
            next_event: NextEventTable(() => u64), Setting;
            /// The live contacts, by id.
            contacts: ContactTable(Id => Arc<ContactRow<Id>>), Contact = "contact" since 1;
            /// What the ids that were merged away were merged into.
            tombstones: TombstoneTable(Id => Id), Tombstone = "tombstone" since 1;
            /// The ids that were deleted.
            deleted: DeletedTable(Id => ()), Deleted = "deleted" since 1;
            /// The merges, by name.
            merges: MergeTable(RowName => Arc<MergeRecord<Id>>), Merge = "merge" since 1;
            /// The pairs that were marked distinct.
            distinct_pairs: DistinctPairTable(ContactPair<Id> => Arc<DistinctMarks>), DistinctPair = "verdict" since 1;
            /// The events that nobody has taken yet, by number.
            events: EventTable(u64 => Arc<Event<Id>>), Event = "event" since 1;
            /// The tags of the workspace's list, by name.
            tags: TagTable(RowName => Tag), Tag = "tag" since 1;
            /// The channel accounts, by the name that contacts' channels have them under.
            accounts: AccountTable(RowName => ChannelAccount), Account = "account" since 1;
            /// The types of custom fields, by name.
            definitions: DefinitionTable(RowName => CustomType), Definition = "definition" since 1;
            /// The order of the fields; at most one row.
            field_order: FieldOrderTable(() => Arc<[Field]>), Setting;
            /// The segments, by name.
            segments: SegmentTable(RowName => Filter), Segment = "segment" since 1;
            /// The blocks, by contact and when they began.
            blocks: BlockTable((Id, Time) => Block), Block = "block" since 1;
            /// The activity, by contact and week: number 0 begins at the Unix epoch.
            activity: ActivityTable((Id, i64) => Activity), Activity = "activity" since 1;
            /// The deletions of many contacts, by number.
            deletions: DeletionTable(u64 => Deletion), Deletion = "deletion" since 1;
            /// The contacts that a deletion has not come to yet, by its number and their place in it.
            to_delete: ToDeleteTable((u64, u64) => ToDelete<Id>), ToDelete = "to_delete" since 1;
        }
    };
}

pub(crate) use for_each_table;

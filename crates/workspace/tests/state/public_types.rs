//! Every public type can be shared between threads and shown while a program is debugged. This file compiles, or they cannot.

use std::fmt::Debug;

use onefold_workspace::*;

type Id = Box<str>;

const fn is_usual<T: Send + Sync + Debug>() {}

const _: () = {
    is_usual::<Act>();
    is_usual::<Activity>();
    is_usual::<Actor>();
    is_usual::<Affected>();
    is_usual::<Applied<Id, Merged<Id>>>();
    is_usual::<Assigned>();
    is_usual::<Block>();
    is_usual::<BlockedContact<Id>>();
    is_usual::<BlockedStays<Id>>();
    is_usual::<Changes<Id>>();
    is_usual::<ChannelAccount>();
    is_usual::<ChannelState>();
    is_usual::<ChannelStateName>();
    is_usual::<ContactChannel>();
    is_usual::<CsvCells>();
    is_usual::<DefinitionEffect<Id>>();
    is_usual::<Deletion>();
    is_usual::<Detail>();
    is_usual::<Details<Id>>();
    is_usual::<DistinctMarks>();
    is_usual::<Erasure>();
    is_usual::<Event<Id>>();
    is_usual::<EventKind<Id>>();
    is_usual::<Existing>();
    is_usual::<FieldChanges>();
    is_usual::<FieldType>();
    is_usual::<Filter>();
    is_usual::<Imported<Id>>();
    is_usual::<IndexedWrite<'static, Id>>();
    is_usual::<Later>();
    is_usual::<MergeRecord<Id>>();
    is_usual::<MergeUndo<'static>>();
    is_usual::<Merged<Id>>();
    is_usual::<Needs>();
    is_usual::<Operation>();
    is_usual::<Origin>();
    is_usual::<Protocol>();
    is_usual::<Reaction<Id>>();
    is_usual::<Received<Id>>();
    is_usual::<RejectedRow<Id>>();
    is_usual::<Replayed>();
    is_usual::<Resolved<Id>>();
    is_usual::<RestoredProtocol>();
    is_usual::<Role>();
    is_usual::<RowChange<Id, Tag>>();
    is_usual::<RowKind>();
    is_usual::<RowWrite>();
    is_usual::<Selection<Id>>();
    is_usual::<Sender<'static>>();
    is_usual::<Settings>();
    is_usual::<StateError>();
    is_usual::<StoredContact<Id>>();
    is_usual::<StoredRow>();
    is_usual::<Tag>();
    is_usual::<TagCount>();
    is_usual::<TimeSpan>();
    is_usual::<ToDelete<Id>>();
    is_usual::<UndoRequest>();
    is_usual::<Undone<Id>>();
    is_usual::<UndoneMerge<Id>>();
    is_usual::<Unnumbered>();
    is_usual::<Visibility>();
    is_usual::<Workspace<Id>>();
    is_usual::<WorkspaceError<Id>>();
};

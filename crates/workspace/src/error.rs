//! Why a workspace refused an operation.

use crate::roles::Operation;
use onefold::contact::Field;
use onefold::key::Reason;
use onefold::merge::MergeError;
use onefold::patch::Conflict;

/// Why a workspace refused an operation; nothing has changed then. The text names contacts, merges and fields,
/// never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError<Id> {
    /// A live contact has this id already.
    #[error("contact {id:?} is there already")]
    DuplicateId {
        /// The id.
        id: Id,
    },
    /// The contact was merged into another one.
    #[error("contact {id:?} was merged into contact {into:?}")]
    MergedAway {
        /// The id.
        id: Id,
        /// What it was merged into, which may have been merged away itself since.
        into: Id,
    },
    /// The contact was deleted.
    #[error("contact {id:?} was deleted")]
    Deleted {
        /// The id.
        id: Id,
    },
    /// There has never been such a contact.
    #[error("there is no contact {id:?}")]
    UnknownContact {
        /// The id.
        id: Id,
    },
    /// A request about several contacts names one twice.
    #[error("contact {id:?} was given twice")]
    SameContact {
        /// The id.
        id: Id,
    },
    /// There has been a merge of this name.
    #[error("merge {merge:?} is there already")]
    DuplicateMergeId {
        /// The name.
        merge: Box<str>,
    },
    /// A merge without anybody to retire.
    #[error("merge {merge:?} retires nobody")]
    NothingToMerge {
        /// The name.
        merge: Box<str>,
    },
    /// A contact is blocked, and the request does not allow that.
    #[error("contact {id:?} is blocked")]
    Blocked {
        /// The contact.
        id: Id,
    },
    /// Two contacts were marked distinct, and the request does not allow that.
    #[error("contacts {a:?} and {b:?} are marked distinct")]
    Distinct {
        /// One.
        a: Id,
        /// The other.
        b: Id,
    },
    /// The policy does not make this merge.
    #[error(transparent)]
    Refused(#[from] MergeError<Id>),
    /// There is no merge of this name, or one of its contacts was deleted.
    #[error("there is no merge {merge:?}")]
    UnknownMerge {
        /// The name.
        merge: Box<str>,
    },
    /// The merge was undone before.
    #[error("merge {merge:?} was undone already")]
    AlreadyUndone {
        /// The name.
        merge: Box<str>,
    },
    /// Later merges build on this one, and the request does not say what becomes of them.
    #[error("merge {merge:?} is built on by {}", names(by))]
    Superseded {
        /// The merge to undo.
        merge: Box<str>,
        /// The merges that build on it, the newest first.
        by: Vec<Box<str>>,
    },
    /// Values were edited since a merge, and the request does not allow to undo it then.
    #[error("{} values of contact {survivor:?} were edited since merge {merge:?}", conflicts.len())]
    EditedSince {
        /// The merge.
        merge: Box<str>,
        /// The contact that survived it.
        survivor: Id,
        /// Which values; at least one.
        conflicts: Vec<Conflict>,
    },
    /// Whoever asks may not do that.
    #[error("{} needs {}", operation.name(), operation.needs())]
    NotAllowed {
        /// What was asked.
        operation: Operation,
    },
    /// A field that onefold does not know has a name that means something else in the JSON form of a contact, so that a
    /// store would lose one of the two.
    #[error("contact {id:?} has a field of its own by the name {field}, which means something else")]
    ReservedName {
        /// The contact.
        id: Id,
        /// The field.
        field: Field,
    },
    /// A field that no user edits by hand.
    #[error("field {field} is not editable")]
    NotEditable {
        /// The field.
        field: Field,
    },
    /// A custom field that is not defined.
    #[error("field {field} is not defined")]
    UnknownField {
        /// The field.
        field: Field,
    },
    /// A value that a user gave for a field does not belong there.
    #[error("value {position} of field {field} is not {expected}")]
    DoesNotFit {
        /// The field.
        field: Field,
        /// Which of its values, from 0.
        position: usize,
        /// What belongs there.
        expected: &'static str,
    },
    /// A phone or an email that a user gave cannot be told from others.
    #[error("value {position} of field {field} gives no key: {reason}")]
    NoKey {
        /// The field.
        field: Field,
        /// Which of its values, from 0.
        position: usize,
        /// Why.
        reason: Reason,
    },
    /// A name that is empty, longer than a name may be, or has a control character in it.
    #[error("the name of a {what} has 1 to {limit} bytes, and no control character")]
    BadName {
        /// What has the name: `tag`, `segment`, `custom field`, `channel account`, `kind of channel`.
        what: &'static str,
        /// How many bytes it may have.
        limit: usize,
    },
    /// The choices of a list from which no user could choose.
    #[error("the choices of field {field} are not right: {fault}")]
    BadChoices {
        /// The field.
        field: Field,
        /// What is wrong with them.
        fault: &'static str,
    },
    /// There is no such tag.
    #[error("there is no tag {tag:?}")]
    UnknownTag {
        /// The tag.
        tag: Box<str>,
    },
    /// There is such a tag already.
    #[error("there is a tag {tag:?} already")]
    DuplicateTag {
        /// The tag.
        tag: Box<str>,
    },
    /// What is not offered for that many contacts selected at once.
    #[error("{selected} contacts are selected, and this is offered for at most {limit}")]
    TooManySelected {
        /// How many are selected.
        selected: usize,
        /// How many may be.
        limit: usize,
    },
    /// The workspace has no such channel account.
    #[error("there is no channel account {account:?}")]
    UnknownAccount {
        /// The account.
        account: Box<str>,
    },
    /// The channel account is of another kind, and keeps it.
    #[error("channel account {account:?} is of another kind")]
    OtherKind {
        /// The account.
        account: Box<str>,
    },
    /// Only the contact can start a conversation on this channel.
    #[error("contact {id:?} cannot be written to through {account:?}")]
    ChannelUnavailable {
        /// The contact.
        id: Id,
        /// The account.
        account: Box<str>,
    },
    /// The contact has no channel on the account, or none there by the identity that was given.
    #[error("contact {id:?} has no such channel on account {account:?}")]
    UnknownChannel {
        /// The contact.
        id: Id,
        /// The account.
        account: Box<str>,
    },
    /// There is no such segment.
    #[error("there is no segment {segment:?}")]
    UnknownSegment {
        /// The segment.
        segment: Box<str>,
    },
    /// A filter with more parts, or deeper, than is possible.
    #[error("a filter has at most {max_parts} parts, {max_depth} deep")]
    FilterTooLarge {
        /// How many parts it may have.
        max_parts: usize,
        /// How many parts may stand inside one another.
        max_depth: usize,
    },
    /// A deletion must be confirmed with the number of contacts that it deletes.
    #[error("{contacts} contacts would be deleted, and {confirmed} were confirmed")]
    NotConfirmed {
        /// How many it would delete.
        contacts: usize,
        /// How many were confirmed.
        confirmed: usize,
    },
    /// There is no deletion of this number.
    #[error("there is no deletion {deletion}")]
    UnknownDeletion {
        /// The number.
        deletion: u64,
    },
}

impl<Id> WorkspaceError<Id> {
    /// The error's name in the protocol of `onefold replay`: that of the variant; `BadRequest` for a merge that
    /// the policy does not make, and for a contact with a field that could not be kept.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateId { .. } => "DuplicateId",
            Self::MergedAway { .. } => "MergedAway",
            Self::Deleted { .. } => "Deleted",
            Self::UnknownContact { .. } => "UnknownContact",
            Self::SameContact { .. } => "SameContact",
            Self::DuplicateMergeId { .. } => "DuplicateMergeId",
            Self::NothingToMerge { .. } => "NothingToMerge",
            Self::Blocked { .. } => "Blocked",
            Self::Distinct { .. } => "Apart",
            Self::Refused(_) | Self::ReservedName { .. } => "BadRequest",
            Self::UnknownMerge { .. } => "UnknownMerge",
            Self::AlreadyUndone { .. } => "AlreadyUndone",
            Self::Superseded { .. } => "Superseded",
            Self::EditedSince { .. } => "EditedSince",
            Self::NotAllowed { .. } => "NotAllowed",
            Self::NotEditable { .. } => "NotEditable",
            Self::UnknownField { .. } => "UnknownField",
            Self::DoesNotFit { .. } => "DoesNotFit",
            Self::NoKey { .. } => "NoKey",
            Self::BadName { .. } => "BadName",
            Self::BadChoices { .. } => "BadChoices",
            Self::UnknownTag { .. } => "UnknownTag",
            Self::DuplicateTag { .. } => "DuplicateTag",
            Self::TooManySelected { .. } => "TooManySelected",
            Self::UnknownAccount { .. } => "UnknownAccount",
            Self::OtherKind { .. } => "OtherKind",
            Self::ChannelUnavailable { .. } => "ChannelUnavailable",
            Self::UnknownChannel { .. } => "UnknownChannel",
            Self::UnknownSegment { .. } => "UnknownSegment",
            Self::FilterTooLarge { .. } => "FilterTooLarge",
            Self::NotConfirmed { .. } => "NotConfirmed",
            Self::UnknownDeletion { .. } => "UnknownDeletion",
        }
    }
}

fn names(merges: &[Box<str>]) -> String {
    let names: Vec<String> = merges.iter().map(|merge| format!("{merge:?}")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_thing() {
        let merge = || Box::from("m1");
        for (error, text) in [
            (WorkspaceError::DuplicateId { id: 7 }, "contact 7 is there already"),
            (WorkspaceError::MergedAway { id: 7, into: 8 }, "contact 7 was merged into contact 8"),
            (WorkspaceError::Deleted { id: 7 }, "contact 7 was deleted"),
            (WorkspaceError::UnknownContact { id: 7 }, "there is no contact 7"),
            (WorkspaceError::SameContact { id: 7 }, "contact 7 was given twice"),
            (WorkspaceError::DuplicateMergeId { merge: merge() }, "merge \"m1\" is there already"),
            (WorkspaceError::NothingToMerge { merge: merge() }, "merge \"m1\" retires nobody"),
            (WorkspaceError::Blocked { id: 7 }, "contact 7 is blocked"),
            (WorkspaceError::Distinct { a: 7, b: 8 }, "contacts 7 and 8 are marked distinct"),
            (
                WorkspaceError::Refused(MergeError::TooMany { given: 60, limit: 50 }),
                "60 contacts are more than the 50 that the policy merges at once",
            ),
            (WorkspaceError::UnknownMerge { merge: merge() }, "there is no merge \"m1\""),
            (WorkspaceError::AlreadyUndone { merge: merge() }, "merge \"m1\" was undone already"),
            (
                WorkspaceError::Superseded { merge: merge(), by: vec!["m3".into(), "m2".into()] },
                "merge \"m1\" is built on by \"m3\", \"m2\"",
            ),
            (
                WorkspaceError::EditedSince { merge: merge(), survivor: 7, conflicts: Vec::new() },
                "0 values of contact 7 were edited since merge \"m1\"",
            ),
            (
                WorkspaceError::NotAllowed { operation: Operation::Delete },
                "delete needs an owner or a manager without restrictions",
            ),
            (
                WorkspaceError::ReservedName { id: 7, field: Field::Other("provenance".into()) },
                "contact 7 has a field of its own by the name provenance, which means something else",
            ),
            (WorkspaceError::NotEditable { field: Field::Avatar }, "field avatar is not editable"),
            (WorkspaceError::UnknownField { field: Field::Custom("plan".into()) }, "field custom.plan is not defined"),
            (
                WorkspaceError::DoesNotFit { field: Field::Country, position: 0, expected: "a country" },
                "value 0 of field country is not a country",
            ),
            (
                WorkspaceError::NoKey { field: Field::Phone, position: 1, reason: Reason::NoCountryCode },
                "value 1 of field phones gives no key: the number has no country code and no region is given",
            ),
            (
                WorkspaceError::BadName { what: "tag", limit: 256 },
                "the name of a tag has 1 to 256 bytes, and no control character",
            ),
            (
                WorkspaceError::BadChoices { field: Field::Custom("plan".into()), fault: "there is none" },
                "the choices of field custom.plan are not right: there is none",
            ),
            (WorkspaceError::UnknownTag { tag: "vip".into() }, "there is no tag \"vip\""),
            (WorkspaceError::DuplicateTag { tag: "vip".into() }, "there is a tag \"vip\" already"),
            (
                WorkspaceError::TooManySelected { selected: 101, limit: 100 },
                "101 contacts are selected, and this is offered for at most 100",
            ),
            (WorkspaceError::UnknownAccount { account: "wa-1".into() }, "there is no channel account \"wa-1\""),
            (WorkspaceError::OtherKind { account: "wa-1".into() }, "channel account \"wa-1\" is of another kind"),
            (
                WorkspaceError::ChannelUnavailable { id: 7, account: "wa-1".into() },
                "contact 7 cannot be written to through \"wa-1\"",
            ),
            (
                WorkspaceError::UnknownChannel { id: 7, account: "wa-1".into() },
                "contact 7 has no such channel on account \"wa-1\"",
            ),
            (WorkspaceError::UnknownSegment { segment: "vip".into() }, "there is no segment \"vip\""),
            (WorkspaceError::FilterTooLarge { max_parts: 9, max_depth: 3 }, "a filter has at most 9 parts, 3 deep"),
            (
                WorkspaceError::NotConfirmed { contacts: 3, confirmed: 2 },
                "3 contacts would be deleted, and 2 were confirmed",
            ),
            (WorkspaceError::UnknownDeletion { deletion: 4 }, "there is no deletion 4"),
        ] {
            assert_eq!(error.to_string(), text);
        }
    }
}

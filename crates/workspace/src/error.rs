//! The errors of a workspace.

use crate::roles::Operation;
use onefold::contact::Field;
use onefold::key::Reason;
use onefold::merge::MergeError;
use onefold::patch::Conflict;

/// The reason for which a workspace refused an operation. A refused operation changes nothing. The text names contacts,
/// merges and fields, but never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkspaceError<Id> {
    /// A live contact with this id exists.
    #[error("contact {id:?} is there already")]
    DuplicateId {
        /// The id of the contact.
        id: Id,
    },
    /// The contact was merged into another contact.
    #[error("contact {id:?} was merged into contact {into:?}")]
    MergedAway {
        /// The id of the retired contact.
        id: Id,
        /// The survivor of that merge, which may have been merged into another contact since.
        into: Id,
    },
    /// The contact was deleted.
    #[error("contact {id:?} was deleted")]
    Deleted {
        /// The id of the contact.
        id: Id,
    },
    /// The workspace never had this contact.
    #[error("there is no contact {id:?}")]
    UnknownContact {
        /// The id of the contact.
        id: Id,
    },
    /// A request about several contacts names one of them twice.
    #[error("contact {id:?} was given twice")]
    SameContact {
        /// The id of the contact.
        id: Id,
    },
    /// A merge with this name exists.
    #[error("merge {merge:?} is there already")]
    DuplicateMergeId {
        /// The name of the merge.
        merge: Box<str>,
    },
    /// A merge has no contact to retire.
    #[error("merge {merge:?} retires nobody")]
    NothingToMerge {
        /// The name of the merge.
        merge: Box<str>,
    },
    /// A contact is blocked, and the request does not allow blocked contacts.
    #[error("contact {id:?} is blocked")]
    Blocked {
        /// The id of the contact.
        id: Id,
    },
    /// Two contacts are marked distinct, and the request does not allow distinct contacts.
    #[error("contacts {a:?} and {b:?} are marked distinct")]
    Distinct {
        /// The id of one contact.
        a: Id,
        /// The id of the other contact.
        b: Id,
    },
    /// The merge policy refused the merge.
    #[error(transparent)]
    Refused(#[from] MergeError<Id>),
    /// No merge has this name, or one of its contacts was deleted.
    #[error("there is no merge {merge:?}")]
    UnknownMerge {
        /// The name of the merge.
        merge: Box<str>,
    },
    /// The merge was undone already.
    #[error("merge {merge:?} was undone already")]
    AlreadyUndone {
        /// The name of the merge.
        merge: Box<str>,
    },
    /// Later merges build on this one, and the request does not say how to treat them.
    #[error("merge {merge:?} is built on by {}", names(by))]
    Superseded {
        /// The name of the merge to undo.
        merge: Box<str>,
        /// The names of the merges that build on it, the newest first.
        by: Vec<Box<str>>,
    },
    /// Values were edited since a merge, and the request does not allow an undo after edits.
    #[error("{} values of contact {survivor:?} were edited since merge {merge:?}", conflicts.len())]
    EditedSince {
        /// The name of the merge.
        merge: Box<str>,
        /// The contact that survived the merge.
        survivor: Id,
        /// The edited values; at least one.
        conflicts: Vec<Conflict>,
    },
    /// The actor may not carry out the operation.
    #[error("{} needs {}", operation.name(), operation.needs())]
    NotAllowed {
        /// The refused operation.
        operation: Operation,
    },
    /// The name of a field unknown to onefold has another meaning in the JSON form of a contact. A store would lose one
    /// of the two.
    #[error("contact {id:?} has a field of its own by the name {field}, which means something else")]
    ReservedName {
        /// The id of the contact.
        id: Id,
        /// The field.
        field: Field,
    },
    /// Users cannot edit the field.
    #[error("field {field} is not editable")]
    NotEditable {
        /// The field.
        field: Field,
    },
    /// No custom field of this name is defined.
    #[error("field {field} is not defined")]
    UnknownField {
        /// The field.
        field: Field,
    },
    /// A value from a user does not fit its field.
    #[error("value {position} of field {field} is not {expected}")]
    DoesNotFit {
        /// The field.
        field: Field,
        /// The position of the value in the field, from 0.
        position: usize,
        /// A description of the values that the field takes.
        expected: &'static str,
    },
    /// A phone or an email from a user gives no key.
    #[error("value {position} of field {field} gives no key: {reason}")]
    NoKey {
        /// The field.
        field: Field,
        /// The position of the value in the field, from 0.
        position: usize,
        /// The reason for which the value gives no key.
        reason: Reason,
    },
    /// A name is empty, is too long, or contains a control character.
    #[error("the name of a {what} has 1 to {limit} bytes, and no control character")]
    BadName {
        /// The kind of the named thing: `tag`, `segment`, `custom field`, `channel account`, `kind of channel`.
        what: &'static str,
        /// The greatest length of the name, in bytes.
        limit: usize,
    },
    /// The choices of a list field are not valid.
    #[error("the choices of field {field} are not right: {fault}")]
    BadChoices {
        /// The field.
        field: Field,
        /// A description of the fault.
        fault: &'static str,
    },
    /// No tag has this name.
    #[error("there is no tag {tag:?}")]
    UnknownTag {
        /// The name of the tag.
        tag: Box<str>,
    },
    /// A tag with this name exists.
    #[error("there is a tag {tag:?} already")]
    DuplicateTag {
        /// The name of the tag.
        tag: Box<str>,
    },
    /// More contacts are selected than the operation allows.
    #[error("{selected} contacts are selected, and this is offered for at most {limit}")]
    TooManySelected {
        /// The number of selected contacts.
        selected: usize,
        /// The greatest number of contacts.
        limit: usize,
    },
    /// The workspace does not have this channel account.
    #[error("there is no channel account {account:?}")]
    UnknownAccount {
        /// The name of the account.
        account: Box<str>,
    },
    /// The channel account exists with another kind, which cannot be changed.
    #[error("channel account {account:?} is of another kind")]
    OtherKind {
        /// The name of the account.
        account: Box<str>,
    },
    /// Only the contact can start a conversation on this channel.
    #[error("contact {id:?} cannot be written to through {account:?}")]
    ChannelUnavailable {
        /// The id of the contact.
        id: Id,
        /// The name of the account.
        account: Box<str>,
    },
    /// The contact has no channel on the account, or none with the given identity.
    #[error("contact {id:?} has no such channel on account {account:?}")]
    UnknownChannel {
        /// The id of the contact.
        id: Id,
        /// The name of the account.
        account: Box<str>,
    },
    /// No segment has this name.
    #[error("there is no segment {segment:?}")]
    UnknownSegment {
        /// The name of the segment.
        segment: Box<str>,
    },
    /// A filter has too many parts, or parts that are nested too deeply.
    #[error("a filter has at most {max_parts} parts, {max_depth} deep")]
    FilterTooLarge {
        /// The greatest number of parts.
        max_parts: usize,
        /// The greatest depth of nested parts.
        max_depth: usize,
    },
    /// The confirmed number of a deletion differs from the number of contacts to delete.
    #[error("{contacts} contacts would be deleted, and {confirmed} were confirmed")]
    NotConfirmed {
        /// The number of contacts to delete.
        contacts: usize,
        /// The confirmed number.
        confirmed: usize,
    },
    /// No deletion has this number.
    #[error("there is no deletion {deletion}")]
    UnknownDeletion {
        /// The number.
        deletion: u64,
    },
}

impl<Id> WorkspaceError<Id> {
    /// Returns the name of the error in the protocol of `onefold replay`: the name of the variant, or `BadRequest` for
    /// [`Refused`](Self::Refused) and [`ReservedName`](Self::ReservedName). [`Distinct`](Self::Distinct) is `Apart`
    /// there.
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

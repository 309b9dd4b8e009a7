//! Reasons for which a merge is refused.

use crate::contact::{Field, Value};

/// The reason for which a merge was refused.
///
/// Nothing has changed: a merge is computed as a value, and only the host carries it out. The message names contacts
/// and fields, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError<Id> {
    /// Fewer than two contacts were given.
    #[error("a merge needs at least two contacts, not {given}")]
    TooFew {
        /// The number of contacts given.
        given: usize,
    },
    /// More contacts were given than the policy allows.
    #[error("{given} contacts are more than the {limit} that the policy merges at once")]
    TooMany {
        /// The number of contacts given.
        given: usize,
        /// The policy's limit.
        limit: usize,
    },
    /// One contact was given twice. A contact merged with itself would be lost.
    #[error("contact {id:?} was given twice")]
    SameContact {
        /// The contact.
        id: Id,
    },
    /// A contact is blocked, and the request does not allow blocked contacts.
    #[error("contact {id:?} is blocked")]
    Blocked {
        /// The contact.
        id: Id,
    },
    /// Two contacts are marked as distinct, and the request does not allow distinct pairs.
    #[error("contacts {a:?} and {b:?} are marked distinct")]
    Distinct {
        /// One contact of the pair.
        a: Id,
        /// The other contact.
        b: Id,
    },
    /// The policy requires that verified values connect the contacts, and this contact is not connected.
    #[error("no verified value connects contact {id:?} with the others")]
    NotVerified {
        /// The contact.
        id: Id,
    },
    /// A contact belongs to another workspace than the other contacts or the request.
    #[error("contact {id:?} belongs to another workspace")]
    OtherWorkspace {
        /// The contact.
        id: Id,
    },
    /// The contacts differ in a field with the rule `must_agree`.
    #[error("{field} must agree, and contacts {} differ", ids(values))]
    Disagree {
        /// The field.
        field: Field,
        /// The different values, each with the first contact in precedence that holds it.
        values: Vec<ContactValue<Id>>,
    },
    /// The request takes a field from a contact that is not part of the merge.
    #[error("{field} cannot be taken from contact {id:?}, which is not one of those merged")]
    UnknownMember {
        /// The field.
        field: Field,
        /// The contact named in the request.
        id: Id,
    },
    /// The request gives a field a value that it cannot hold. For example, `created_at` and `updated_at` hold only
    /// times.
    #[error("the request cannot set {field} to that kind of value")]
    Override {
        /// The field.
        field: Field,
    },
    /// The id of the merge is empty or too long.
    #[error("the name of a merge must have 1 to {limit} bytes")]
    MergeId {
        /// The greatest length, in bytes.
        limit: usize,
    },
    /// The contacts hold more bytes than a patch can.
    #[error("the contacts hold {bytes} bytes together, more than {limit}")]
    TooLarge {
        /// The bytes of their field names and values.
        bytes: usize,
        /// The greatest number of bytes.
        limit: usize,
    },
    /// A structured value is nested more deeply than most JSON readers accept.
    #[error("{field} of contact {id:?} is nested deeper than {limit} levels")]
    TooDeep {
        /// The contact.
        id: Id,
        /// The field.
        field: Field,
        /// The greatest depth, in levels.
        limit: usize,
    },
    /// The name of an unknown field has another meaning in the JSON form of this contact, so that one of the two fields
    /// would be lost there.
    #[error("contact {id:?} has a field of its own by the name {name:?}, which means something else")]
    ReservedName {
        /// The contact.
        id: Id,
        /// The name of the field.
        name: Box<str>,
    },
}

/// A value and a contact that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactValue<Id> {
    /// The contact.
    pub contact: Id,
    /// The value.
    pub value: Value,
}

fn ids<Id: std::fmt::Debug>(values: &[ContactValue<Id>]) -> String {
    let ids: Vec<String> = values.iter().map(|held| format!("{:?}", held.contact)).collect();
    ids.join(", ")
}

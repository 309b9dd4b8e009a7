//! Why a merge was refused.

use crate::contact::{Field, Value};

/// Why a merge was refused. A merge that is refused has changed nothing, and one that is not refused has
/// changed nothing either: it is for the host to carry out.
///
/// The text names contacts and fields, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError<Id> {
    /// There is nobody to merge with.
    #[error("a merge needs at least two contacts, not {given}")]
    TooFew {
        /// How many were given.
        given: usize,
    },
    /// More contacts than the policy allows.
    #[error("{given} contacts are more than the {limit} that the policy merges at once")]
    TooMany {
        /// How many were given.
        given: usize,
        /// The policy's limit.
        limit: usize,
    },
    /// One contact was given twice: merged with itself it would be gone.
    #[error("contact {id:?} was given twice")]
    SameContact {
        /// The contact.
        id: Id,
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
    /// The policy requires that verified values connect the contacts, and they do not connect this one.
    #[error("no verified value connects contact {id:?} with the others")]
    NotVerified {
        /// The contact.
        id: Id,
    },
    /// A contact belongs to another workspace than the others or than the request.
    #[error("contact {id:?} belongs to another workspace")]
    OtherWorkspace {
        /// The contact.
        id: Id,
    },
    /// Contacts differ in a field that the policy says must agree.
    #[error("{field} must agree, and contacts {} differ", ids(values))]
    Disagree {
        /// The field.
        field: Field,
        /// Each value once, with the first contact in precedence that holds it.
        values: Vec<(Id, Value)>,
    },
    /// The request takes a field from a contact that is not one of those merged.
    #[error("{field} cannot be taken from contact {id:?}, which is not one of those merged")]
    UnknownMember {
        /// The field.
        field: Field,
        /// The contact.
        id: Id,
    },
    /// The request sets a field to something that it cannot hold: `created_at` and `updated_at` are times.
    #[error("the request cannot set {field} to that kind of value")]
    Override {
        /// The field.
        field: Field,
    },
    /// The name of the merge is empty or too long.
    #[error("the name of a merge must have 1 to {limit} bytes")]
    MergeId {
        /// The greatest length.
        limit: usize,
    },
    /// The contacts hold more than a patch can.
    #[error("the contacts hold {bytes} bytes together, more than {limit}")]
    TooLarge {
        /// How much they hold.
        bytes: usize,
        /// The greatest size.
        limit: usize,
    },
    /// A structured value is nested too deeply for most readers of JSON.
    #[error("{field} of contact {id:?} is nested deeper than {limit} levels")]
    TooDeep {
        /// The contact.
        id: Id,
        /// The field.
        field: Field,
        /// The greatest depth.
        limit: usize,
    },
    /// A field that onefold does not know has a name that means something else in the JSON form, so that one
    /// of the two would be lost there.
    #[error("contact {id:?} has a field of its own by the name {name:?}, which means something else")]
    ReservedName {
        /// The contact.
        id: Id,
        /// The name.
        name: Box<str>,
    },
}

fn ids<Id: std::fmt::Debug>(values: &[(Id, Value)]) -> String {
    let ids: Vec<String> = values.iter().map(|(id, _)| format!("{id:?}")).collect();
    ids.join(", ")
}

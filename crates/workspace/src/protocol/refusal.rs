//! Why the protocol refuses an operation.

use std::fmt;

use crate::WorkspaceError;
use crate::protocol::argument::Id;
use onefold::contact::Field;
use onefold::merge::MergeError;

/// An operation that was refused. Nothing in it is a value of a contact.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// The code that a program decides by.
    pub(crate) code: &'static str,
    /// What a person reads.
    pub(crate) why: String,
    /// The field that is concerned.
    pub(crate) field: Option<Field>,
    /// The contact that is concerned.
    pub(crate) contact: Option<Id>,
    /// The merge that is concerned.
    pub(crate) merge: Option<Box<str>>,
    /// The merges that stand in the way.
    pub(crate) by: Vec<Box<str>>,
}

impl Refusal {
    fn new(code: &'static str, why: String) -> Self {
        Self { code, why, field: None, contact: None, merge: None, by: Vec::new() }
    }

    /// Something malformed.
    pub(crate) fn bad_request(why: impl Into<String>) -> Self {
        Self::new("BadRequest", why.into())
    }

    /// Something malformed in a field of a contact.
    pub(crate) fn of_field(name: &str, what: &str) -> Self {
        Self::bad_request(format!("field {name}: {what}")).in_field(&Field::from_name(name))
    }

    /// The operation could be carried out, and a store did not take what it wrote.
    pub(crate) fn not_stored(error: &impl fmt::Display) -> Self {
        Self::new("NotStored", error.to_string())
    }

    /// The same about a contact, if it is about a field and names no contact yet.
    pub(crate) fn of_contact(mut self, id: &Id) -> Self {
        if self.field.is_some() && self.contact.is_none() {
            self.contact = Some(id.clone());
        }
        self
    }

    pub(crate) fn about(mut self, contact: &Id) -> Self {
        self.contact = Some(contact.clone());
        self
    }

    fn in_field(mut self, field: &Field) -> Self {
        self.field = Some(field.clone());
        self
    }

    fn of_merge(mut self, merge: &str) -> Self {
        self.merge = Some(merge.into());
        self
    }
}

impl From<WorkspaceError<Id>> for Refusal {
    fn from(error: WorkspaceError<Id>) -> Self {
        let refusal = Self::new(error.code(), error.to_string());
        match &error {
            WorkspaceError::DuplicateId { id }
            | WorkspaceError::MergedAway { id, .. }
            | WorkspaceError::Deleted { id }
            | WorkspaceError::UnknownContact { id }
            | WorkspaceError::SameContact { id }
            | WorkspaceError::Blocked { id }
            | WorkspaceError::Distinct { a: id, .. }
            | WorkspaceError::ChannelUnavailable { id, .. }
            | WorkspaceError::UnknownChannel { id, .. } => refusal.about(id),
            WorkspaceError::DuplicateMergeId { merge }
            | WorkspaceError::NothingToMerge { merge }
            | WorkspaceError::UnknownMerge { merge }
            | WorkspaceError::AlreadyUndone { merge } => refusal.of_merge(merge),
            WorkspaceError::Superseded { merge, by } => Self { by: by.clone(), ..refusal.of_merge(merge) },
            WorkspaceError::EditedSince { merge, survivor, conflicts } => {
                let field = conflicts.first().map(|conflict| conflict.field.clone());
                Self { field, ..refusal.of_merge(merge).about(survivor) }
            }
            WorkspaceError::ReservedName { id, field } => refusal.about(id).in_field(field),
            WorkspaceError::NotEditable { field }
            | WorkspaceError::UnknownField { field }
            | WorkspaceError::DoesNotFit { field, .. }
            | WorkspaceError::NoKey { field, .. } => refusal.in_field(field),
            WorkspaceError::Refused(error) => match error {
                MergeError::SameContact { id }
                | MergeError::Blocked { id }
                | MergeError::Distinct { a: id, .. }
                | MergeError::NotVerified { id }
                | MergeError::OtherWorkspace { id } => refusal.about(id),
                MergeError::UnknownMember { field, id } | MergeError::TooDeep { id, field, .. } => {
                    refusal.in_field(field).about(id)
                }
                MergeError::ReservedName { id, name } => refusal.about(id).in_field(&Field::Other(name.clone())),
                MergeError::Disagree { field, .. } | MergeError::Override { field } => refusal.in_field(field),
                _ => refusal,
            },
            _ => refusal,
        }
    }
}

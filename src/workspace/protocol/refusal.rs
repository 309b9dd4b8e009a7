//! Why the protocol refuses an operation.

use std::fmt;

use crate::workspace::WorkspaceError;
use crate::workspace::protocol::id::JsonId;

/// An operation that was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// The code that a program decides by.
    pub(super) code: &'static str,
    /// What a person reads.
    pub(super) why: Option<String>,
}

/// What is malformed.
pub(super) const BAD_REQUEST: Refusal = Refusal { code: "BadRequest", why: None };

impl Refusal {
    /// An argument is missing, or not of the kind that it should be.
    pub(super) fn argument(name: &'static str) -> Self {
        Self { why: Some(format!("argument {name} is missing or not of the kind that it should be")), ..BAD_REQUEST }
    }

    /// Something malformed, for a reason.
    pub(super) fn because(why: String) -> Self {
        Self { why: Some(why), ..BAD_REQUEST }
    }

    /// The operation could be carried out, and a store did not take what it wrote.
    pub(super) fn not_stored(error: &impl fmt::Display) -> Self {
        Self { code: "NotStored", why: Some(error.to_string()) }
    }

    /// The code alone, as the operations of the core have it.
    pub(super) fn without_why(self) -> Self {
        Self { why: None, ..self }
    }
}

impl From<WorkspaceError<JsonId>> for Refusal {
    fn from(error: WorkspaceError<JsonId>) -> Self {
        Self { code: error.code(), why: Some(error.to_string()) }
    }
}

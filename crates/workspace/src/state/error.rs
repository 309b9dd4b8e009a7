//! Why a text or the rows of a store are no workspace.

use crate::rows::kind::RowKind;

/// Why a text or the rows of a store are no workspace. The text of the error shows nothing of it but an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// It does not begin as a workspace does.
    #[error("not a workspace of onefold")]
    Foreign,
    /// A later release wrote it.
    #[error("version {version} of the workspace's form is not known; this release reads version 1")]
    NewerVersion {
        /// The version.
        version: u32,
    },
    /// Rows are missing at the end, or there are more than the first line says.
    #[error("the workspace has {found} lines where its first line says {expected}")]
    Length {
        /// How many lines there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A row is not what it should be.
    #[error("line {line} of the workspace is not {expected}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A row of a store is not what it should be.
    #[error("a row of the workspace is not one of the kind {}, or not under its key", kind.name())]
    MalformedRow {
        /// What it should be.
        kind: RowKind,
    },
    /// An id stands for two contacts: once as a number, once as the text of that number.
    #[error("contact {id} is there twice, as a number and as a text; give one of the two another id")]
    SameId {
        /// The id as a text.
        id: Box<str>,
    },
    /// The rows do not agree with one another.
    #[error("the rows of the workspace do not agree: {what}")]
    Inconsistent {
        /// What is wrong.
        what: &'static str,
    },
}

//! Why a text is no workspace.

/// Why a text is no workspace. The text of the error shows nothing of it.
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
    /// The rows do not agree with one another.
    #[error("the rows of the workspace do not agree: {what}")]
    Inconsistent {
        /// What is wrong.
        what: &'static str,
    },
}

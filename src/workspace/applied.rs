//! What an operation gives back.

use crate::workspace::changes::Changes;

/// An operation that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied<Id, T = ()> {
    /// What came of it.
    pub outcome: T,
    /// What it wrote.
    pub changes: Changes<Id>,
}

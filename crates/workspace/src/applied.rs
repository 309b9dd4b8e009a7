//! What an operation gives back.

use crate::rows::tables::Changes;

/// An operation that was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied<Id, T = ()> {
    /// What came of it.
    pub outcome: T,
    /// What it wrote.
    pub changes: Changes<Id>,
}

impl<Id, T> Applied<Id, T> {
    /// The same with something else made of what came of it.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Applied<Id, U> {
        Applied { outcome: make(self.outcome), changes: self.changes }
    }
}

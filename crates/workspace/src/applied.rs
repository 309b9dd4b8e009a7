//! The result of an operation.

use crate::rows::tables::Changes;

/// The result of an operation that succeeded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied<Id, T = ()> {
    /// The return value of the operation.
    pub outcome: T,
    /// The rows that the operation wrote.
    pub changes: Changes<Id>,
}

impl<Id, T> Applied<Id, T> {
    /// Returns the same changes with the outcome converted by `make`.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Applied<Id, U> {
        Applied { outcome: make(self.outcome), changes: self.changes }
    }
}

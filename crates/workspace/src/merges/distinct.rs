//! Pairs of contacts that are marked as distinct.
//!
//! A distinct mark belongs to original ids. After a merge it holds for the survivor, and after an undo for the original
//! contact again.

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::ContactId;
use onefold::distinct::{Ancestry, DistinctMark, Known};

impl<Id: ContactId> Workspace<Id> {
    /// Marks two live contacts as distinct, which means that they are different persons.
    ///
    /// The mark ends by itself when both come to share a new key that is not a common key. It covers all pairs of their
    /// original contacts. Cost: O(p log n) for p such pairs.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not mark contacts as distinct.
    /// - Those of [`Workspace::check_live`], first for `a` and then for `b`.
    /// - [`WorkspaceError::SameContact`] if both are the same contact.
    pub fn mark_distinct(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        let known = self.index.known_now(a, b);
        self.transact(act, |workspace| {
            workspace.say_distinct(a, b, &known);
            Ok(())
        })
    }

    /// Marks two live contacts as distinct, whatever keys they come to share later. Cost: that of
    /// [`Workspace::mark_distinct`].
    ///
    /// # Errors
    /// - Those of [`Workspace::mark_distinct`].
    pub fn mark_distinct_forever(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            workspace.say_distinct(a, b, &Known::Forever);
            Ok(())
        })
    }

    /// Removes all distinct marks between the original contacts of two live contacts. Cost: O(v log n) for v marks on
    /// them.
    ///
    /// # Errors
    /// - Those of [`Workspace::mark_distinct`].
    pub fn clear_distinct(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            workspace.rows.clear_marks(a, b);
            workspace.refresh_distinct(a);
            Ok(())
        })
    }

    /// Checks that two contacts are live and not the same.
    ///
    /// # Errors
    /// - Those of [`Workspace::check_live`], first for `a` and then for `b`.
    /// - [`WorkspaceError::SameContact`] if both are the same contact.
    pub(crate) fn check_pair(&self, a: &Id, b: &Id) -> Result<(), WorkspaceError<Id>> {
        self.check_live(a)?;
        self.check_live(b)?;
        if a == b { Err(WorkspaceError::SameContact { id: a.clone() }) } else { Ok(()) }
    }

    /// Marks all pairs of original contacts of two live contacts as distinct.
    pub(crate) fn say_distinct(&mut self, a: &Id, b: &Id, known: &Known) {
        self.rows.mark(a, b, known);
        self.refresh_distinct(a);
    }

    /// Marks a survivor as distinct from `stranger`, for as long as the merge `carrier` is in force.
    pub(crate) fn carry_mark(&mut self, survivor: &Id, stranger: &Id, carrier: &str) {
        let known = self.index.known_now(survivor, stranger);
        self.rows.add_mark(survivor, stranger, DistinctMark { known, carrier: Some(carrier.into()) });
    }
}

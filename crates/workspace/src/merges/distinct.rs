//! Telling contacts apart.
//!
//! A distinct mark is about original ids: after a merge it still holds for what its id has become, and after undoing the
//! merge it is where it was.

use crate::act::Act;
use crate::applied::Applied;
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::ContactId;
use onefold::distinct::{Ancestry, DistinctMark, Known};

impl<Id: ContactId> Workspace<Id> {
    /// Remembers that two live contacts are two persons, until a key that neither is common nor known now comes
    /// to be shared by both. Between all that they are made of: O(p log n) for the p pairs.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`]; as [`Workspace::check_live`], for one and then for the other; [`WorkspaceError::SameContact`] if they are
    /// one.
    pub fn mark_distinct(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        let known = self.index.known_now(a, b);
        self.transact(act, |workspace| {
            workspace.say_distinct(a, b, &known);
            Ok(())
        })
    }

    /// The same, whatever they may come to share.
    ///
    /// # Errors
    /// As [`Workspace::mark_distinct`].
    pub fn mark_distinct_forever(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            workspace.say_distinct(a, b, &Known::Forever);
            Ok(())
        })
    }

    /// Forgets every distinct mark between all that two live contacts are made of. O(v log n) for v distinct marks on them.
    ///
    /// # Errors
    /// As [`Workspace::mark_distinct`].
    pub fn clear_distinct(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::MarkDistinct)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            workspace.rows.clear_marks(a, b);
            workspace.refresh_distinct(a);
            Ok(())
        })
    }

    /// The same checks as those of every operation on two contacts.
    pub(crate) fn check_pair(&self, a: &Id, b: &Id) -> Result<(), WorkspaceError<Id>> {
        self.check_live(a)?;
        self.check_live(b)?;
        if a == b { Err(WorkspaceError::SameContact { id: a.clone() }) } else { Ok(()) }
    }

    /// Tells all that two live contacts are made of apart.
    pub(crate) fn say_distinct(&mut self, a: &Id, b: &Id, known: &Known) {
        self.rows.mark(a, b, known);
        self.refresh_distinct(a);
    }

    /// Says of a survivor that it is not `stranger`, as long as the merge `carrier` stands.
    pub(crate) fn carry_mark(&mut self, survivor: &Id, stranger: &Id, carrier: &str) {
        let known = self.index.known_now(survivor, stranger);
        self.rows.add_mark(survivor, stranger, DistinctMark { known, carrier: Some(carrier.into()) });
    }
}

//! Telling contacts apart.
//!
//! A verdict is about original ids: after a merge it still holds for what its id has become, and after undoing the
//! merge it is where it was.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::contact::ContactId;
use crate::distinct::{DistinctMark, Known};
use crate::workspace::act::Act;
use crate::workspace::applied::Applied;
use crate::workspace::roles::Operation;
use crate::workspace::row::Verdicts;
use crate::workspace::{Workspace, WorkspaceError};

impl<Id: ContactId> Workspace<Id> {
    /// Remembers that two live contacts are two persons, until a key that neither is common nor known now comes
    /// to be shared by both. Between all that they are made of: O(p log n) for the p pairs.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`]; as [`Workspace::check_live`], for one and then for the other; [`WorkspaceError::SameContact`] if they are
    /// one.
    pub fn tell_apart(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::TellApart)?;
        self.check_pair(a, b)?;
        let known = self.index.known_now(a, b);
        self.transact(act, |workspace| {
            workspace.say_apart(a, b, &known);
            Ok(())
        })
    }

    /// The same, whatever they may come to share.
    ///
    /// # Errors
    /// As [`Workspace::tell_apart`].
    pub fn tell_apart_forever(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::TellApart)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            workspace.say_apart(a, b, &Known::Forever);
            Ok(())
        })
    }

    /// Forgets every verdict between all that two live contacts are made of. O(v log n) for v verdicts on them.
    ///
    /// # Errors
    /// As [`Workspace::tell_apart`].
    pub fn clear_apart(&mut self, a: &Id, b: &Id, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::TellApart)?;
        self.check_pair(a, b)?;
        self.transact(act, |workspace| {
            let others: BTreeSet<Id> = workspace.rows.lineage(b).into_iter().collect();
            for part in workspace.rows.lineage(a) {
                let told: Vec<Id> = workspace.rows.partners(&part).filter(|id| others.contains(id)).cloned().collect();
                told.iter().for_each(|partner| workspace.rows.set_verdicts(&part, partner, None));
            }
            workspace.retell(a);
            Ok(())
        })
    }

    /// The same checks as those of every operation on two contacts.
    pub(super) fn check_pair(&self, a: &Id, b: &Id) -> Result<(), WorkspaceError<Id>> {
        self.check_live(a)?;
        self.check_live(b)?;
        match a == b {
            true => Err(WorkspaceError::SameContact { id: a.clone() }),
            false => Ok(()),
        }
    }

    /// Tells all that two live contacts are made of apart.
    pub(super) fn say_apart(&mut self, a: &Id, b: &Id, known: &Known) {
        let others = self.rows.lineage(b);
        for part in self.rows.lineage(a) {
            for other in &others {
                self.add_verdict(&part, other, DistinctMark { known: known.clone(), carrier: None });
            }
        }
        self.retell(a);
    }

    /// Says of a survivor that it is not `stranger`, as long as the merge `carrier` stands.
    pub(super) fn carry_verdict(&mut self, survivor: &Id, stranger: &Id, carrier: &str) {
        let known = self.index.known_now(survivor, stranger);
        self.add_verdict(survivor, stranger, DistinctMark { known, carrier: Some(carrier.into()) });
    }

    /// Forgets what a merge carried to its survivor.
    pub(super) fn drop_carried(&mut self, survivor: &Id, carrier: &str) {
        let partners: Vec<Id> = self.rows.partners(survivor).cloned().collect();
        for partner in partners {
            let Some(verdicts) = self.rows.verdicts_of(survivor, &partner) else { continue };
            let is_own = |verdict: &&DistinctMark| verdict.carrier.as_deref() != Some(carrier);
            let own: BTreeSet<DistinctMark> = verdicts.0.iter().filter(is_own).cloned().collect();
            if own.len() < verdicts.0.len() {
                let row = (!own.is_empty()).then(|| Arc::new(Verdicts(own)));
                self.rows.set_verdicts(survivor, &partner, row);
            }
        }
    }

    fn add_verdict(&mut self, a: &Id, b: &Id, verdict: DistinctMark) {
        let mut verdicts = self.rows.verdicts_of(a, b).cloned().unwrap_or_default();
        if verdicts.0.insert(verdict) {
            self.rows.set_verdicts(a, b, Some(Arc::new(verdicts)));
        }
    }
}

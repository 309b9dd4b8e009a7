//! The commands on a database: a workspace that stays, with all that was done to it.

pub mod export;
pub mod history;
pub mod import;
pub mod merge;
mod settings;
pub mod suggest;
pub mod undo;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use onefold::{Act, Applied, Workspace, WorkspaceError};
use onefold_sqlite::Store;

use crate::failure::Failure;

/// The id of a contact in a database: a text, as in the protocol of `onefold replay`.
type Id = Box<str>;

/// A database that is open, and the workspace in it.
pub struct Database {
    store: Store,
    workspace: Workspace<Id>,
    name: String,
}

impl Database {
    /// Opens a database that is there.
    ///
    /// # Errors
    /// It is not there, or cannot be used.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        if !path.exists() {
            let name = path.display();
            return Err(Failure::Input(format!("there is no database {name}; onefold import makes one")));
        }
        Self::open_or_make(path)
    }

    /// The same, and makes one if it is not there.
    ///
    /// # Errors
    /// It cannot be used.
    fn open_or_make(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let opened = Store::open_protocol(path);
        let (store, protocol) = opened.map_err(|error| Failure::Input(format!("cannot open {name}: {error}")))?;
        Ok(Self { store, workspace: protocol.into_workspace(), name })
    }

    /// Carries an operation out and puts it on the disk; the inner error is the workspace's own.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn carry_out<T>(
        &mut self,
        work: impl FnOnce(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> Result<Result<T, WorkspaceError<Id>>, Failure> {
        match work(&mut self.workspace) {
            Ok(Applied { outcome, changes, .. }) => {
                self.store.apply(&changes).map_err(|error| self.unwritten(&error))?;
                Ok(Ok(outcome))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    fn unwritten(&self, error: &onefold_sqlite::StoreError) -> Failure {
        Failure::Input(format!("cannot write {}: {error}", self.name))
    }
}

/// What is done now, by whoever uses the command line.
fn act() -> Act {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis());
    Act::new(i64::try_from(now).unwrap_or(i64::MAX), "onefold")
}

//! The commands on a database: a workspace that stays, with all that was done to it.

pub mod export;
pub mod history;
pub mod import;
pub mod merge;
pub(crate) mod settings;
pub mod suggest;
pub mod undo;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use onefold_sqlite::{Store, StoreError};
use onefold_workspace::{Act, Applied, Workspace, WorkspaceError};

use crate::failure::Failure;

/// The id of a contact in a database: a text, as in the protocol of `onefold replay`.
type StoredContactId = Box<str>;

/// A database that is open, and the workspace in it.
pub struct Database {
    // None where it is only read.
    store: Option<Store>,
    workspace: Workspace<StoredContactId>,
    name: String,
}

impl Database {
    /// Opens a database that is there.
    ///
    /// # Errors
    /// It is not there, or cannot be used.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        name_of(path)?;
        Self::open_or_make(path)
    }

    /// The same, and makes one if it is not there.
    ///
    /// # Errors
    /// It cannot be used.
    fn open_or_make(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let opened = Store::open_protocol(path);
        let (store, protocol) = opened.map_err(|error| Failure::caused(format!("cannot open {name}"), error))?;
        Ok(Self { store: Some(store), workspace: protocol.into_workspace(), name })
    }

    /// The database without its store: what is done to the workspace stays in memory.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(path: &Path) -> Result<Self, Failure> {
        Ok(Self { store: None, workspace: read(path)?, name: name_of(path)? })
    }

    /// Carries an operation out and puts it on the disk; the inner error is the workspace's own.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn carry_out<T>(
        &mut self,
        work: impl FnOnce(
            &mut Workspace<StoredContactId>,
        ) -> Result<Applied<StoredContactId, T>, WorkspaceError<StoredContactId>>,
    ) -> Result<Result<T, WorkspaceError<StoredContactId>>, Failure> {
        match work(&mut self.workspace) {
            Ok(Applied { outcome, changes, .. }) => {
                self.store()?.apply(&changes).map_err(|error| self.unwritten(error))?;
                Ok(Ok(outcome))
            }
            Err(refused) => Ok(Err(refused)),
        }
    }

    fn store(&mut self) -> Result<&mut Store, Failure> {
        let name = &self.name;
        self.store.as_mut().ok_or_else(|| Failure::Usage(format!("{name} is open to be read only")))
    }

    fn unwritten(&self, error: StoreError) -> Failure {
        Failure::caused(format!("cannot write {}", self.name), error)
    }
}

/// Reads the workspace of a database that is there, and changes nothing: also while somebody else writes to it, and in a folder
/// that cannot be written to.
///
/// # Errors
/// It is not there, or cannot be read.
pub fn read(path: &Path) -> Result<Workspace<StoredContactId>, Failure> {
    let name = name_of(path)?;
    let protocol = Store::read_protocol(path);
    let protocol = protocol.map_err(|error| Failure::caused(format!("cannot read {name}"), error))?;
    Ok(protocol.into_workspace())
}

/// Returns the name that messages use for a database, or an error if it is not there.
fn name_of(path: &Path) -> Result<String, Failure> {
    let name = path.display().to_string();
    if path.exists() {
        Ok(name)
    } else {
        Err(Failure::Input(format!("there is no database {name}; onefold import makes one")))
    }
}

/// What is done now, by whoever uses the command line.
fn act() -> Act {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis());
    Act::new(i64::try_from(now).unwrap_or(i64::MAX), "onefold")
}

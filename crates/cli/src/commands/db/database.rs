//! A database: a workspace and the store that keeps it.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use onefold::Time;
use onefold_sqlite::{Store, StoreError};
use onefold_workspace::{Act, Applied, Workspace, WorkspaceError};

use crate::failure::Failure;

/// The id of a contact in a database: text, as in the protocol of `onefold replay`.
pub type StoredContactId = Box<str>;

/// An open database and the workspace in it.
pub struct Database {
    // None if the database is only read.
    store: Option<Store>,
    /// The workspace in memory.
    pub workspace: Workspace<StoredContactId>,
    /// The path of the database, as messages show it.
    pub name: String,
}

impl Database {
    /// Opens an existing database.
    ///
    /// # Errors
    /// The database does not exist or cannot be used.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        name_of(path)?;
        Self::open_or_make(path)
    }

    /// Opens a database, and creates it if it does not exist.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn open_or_make(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let opened = Store::open_protocol(path);
        let (store, protocol) = opened.map_err(|error| Failure::caused(format!("cannot open {name}"), error))?;
        Ok(Self { store: Some(store), workspace: protocol.into_workspace(), name })
    }

    /// Reads a database without its store: changes of the workspace stay in memory.
    ///
    /// # Errors
    /// As [`read`].
    pub fn read(path: &Path) -> Result<Self, Failure> {
        Ok(Self { store: None, workspace: read(path)?, name: name_of(path)? })
    }

    /// Runs an operation and stores what it changed. The inner error is the workspace's own.
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

    /// Returns the store to write to.
    ///
    /// # Errors
    /// The database was opened with [`Database::read`].
    pub fn store(&mut self) -> Result<&mut Store, Failure> {
        let name = &self.name;
        self.store.as_mut().ok_or_else(|| Failure::Usage(format!("{name} is open for reading only")))
    }

    /// Returns the failure to write the database.
    pub fn unwritten(&self, error: StoreError) -> Failure {
        Failure::caused(format!("cannot write {}", self.name), error)
    }
}

/// Reads the workspace of an existing database and writes nothing. Works while another process writes to the database, and in a
/// read-only folder.
///
/// # Errors
/// The database does not exist or cannot be read.
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
        Err(Failure::Input(format!("there is no database {name}; onefold db import creates it")))
    }
}

/// Returns an act of the command line at the current time.
pub fn act() -> Act {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_millis());
    Act::new(i64::try_from(now).map_or(Time::MAX, Time::from_millis), "onefold")
}

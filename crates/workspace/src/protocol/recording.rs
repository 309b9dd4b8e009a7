//! The workspace of the protocol, which remembers what the operation under way has written.

use std::fmt;
use std::mem;
use std::ops::Deref;

use serde::Deserialize;

use crate::applied::Applied;
use crate::protocol::argument::Id;
use crate::protocol::settings_form::{self, SettingsForm};
use crate::rows::kind::RowKind;
use crate::rows::stored::{RowWrite, StoredRow};
use crate::rows::tables::Changes;
use crate::state::{StateError, exchange};
use crate::{Workspace, WorkspaceError};

/// A workspace that everybody may read. It is written through methods that keep what it takes to write the same to a
/// store, or to take it back.
#[derive(Clone)]
pub(crate) struct Recording {
    workspace: Workspace<Id>,
    written: Vec<WrittenRows>,
}

#[derive(Clone)]
enum WrittenRows {
    Rows(Box<Changes<Id>>),
    /// What was there before everything was replaced.
    Everything(Box<Workspace<Id>>),
}

/// The settings as earlier releases kept them, in a row beside those of the workspace.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigLine {
    onefold_protocol: u32,
    config: SettingsForm,
}

const CONFIG_VERSION: u32 = 1;

impl Recording {
    pub(crate) fn new() -> Self {
        Self { workspace: Workspace::new(settings_form::initial()), written: Vec::new() }
    }

    pub(crate) fn into_workspace(self) -> Workspace<Id> {
        self.workspace
    }

    /// Carries an operation out, and gives what came of it.
    pub(crate) fn write<T>(
        &mut self,
        operation: impl FnOnce(&mut Workspace<Id>) -> Result<Applied<Id, T>, WorkspaceError<Id>>,
    ) -> Result<T, WorkspaceError<Id>> {
        let Applied { outcome, changes } = operation(&mut self.workspace)?;
        if !changes.is_empty() {
            self.written.push(WrittenRows::Rows(Box::new(changes)));
        }
        Ok(outcome)
    }

    /// Puts another workspace in place of this one.
    pub(crate) fn replace(&mut self, workspace: Workspace<Id>) {
        let before = mem::replace(&mut self.workspace, workspace);
        self.written.push(WrittenRows::Everything(Box::new(before)));
    }

    /// What a store has to write, in this order, to hold what was written since this was kept last.
    pub(crate) fn writes(&self) -> Vec<RowWrite> {
        let writes = self.written.iter().flat_map(|written| match written {
            WrittenRows::Rows(changes) => changes.writes().collect(),
            WrittenRows::Everything(before) => exchange(before.to_rows(), self.workspace.to_rows()),
        });
        writes.collect()
    }

    /// Takes what was written for good.
    pub(crate) fn keep(&mut self) {
        self.written.clear();
    }

    /// Takes back what was written since this was kept last.
    pub(crate) fn revert(&mut self) {
        while let Some(written) = self.written.pop() {
            match written {
                WrittenRows::Rows(changes) => self.workspace.revert(*changes),
                WrittenRows::Everything(before) => self.workspace = *before,
            }
        }
    }

    /// What rows say, with what a store has to write once, before anything else, where an earlier release wrote them.
    pub(crate) fn from_rows<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<(Self, Vec<RowWrite>), Error> {
        let mut config_row = None;
        let of_workspace = rows.into_iter().inspect(|row| {
            if let Ok(row) = row
                && row.kind == RowKind::Config
            {
                config_row = Some(row.clone());
            }
        });
        let (mut workspace, mut writes) = Workspace::from_rows_of_any_id(of_workspace)?;
        if let Some(StoredRow { kind, key, text }) = config_row {
            let Ok(ConfigLine { onefold_protocol: CONFIG_VERSION, config }) = serde_json::from_str(&text) else {
                return Err(StateError::MalformedRow { kind }.into());
            };
            if !config.agrees_with(workspace.settings()) {
                return Err(StateError::Inconsistent { what: "the settings are not those of the config" }.into());
            }
            writes.push(RowWrite::Delete { kind, key });
            writes.extend(workspace.keep_settings(config.settings()));
        }
        Ok((Self { workspace, written: Vec::new() }, writes))
    }
}

impl Deref for Recording {
    type Target = Workspace<Id>;

    fn deref(&self) -> &Workspace<Id> {
        &self.workspace
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workspace.fmt(f)
    }
}

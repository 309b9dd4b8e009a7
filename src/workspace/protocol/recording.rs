//! The workspace of the protocol, which remembers what the operation under way has written.

use std::fmt;
use std::mem;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::workspace::act::Act;
use crate::workspace::applied::Applied;
use crate::workspace::changes::Changes;
use crate::workspace::protocol::config::Config;
use crate::workspace::protocol::id::JsonId;
use crate::workspace::state::{RowKind, RowWrite, StateError, StoredRow, exchange};
use crate::workspace::{Workspace, WorkspaceError};

/// A workspace with the config that its settings come from. Everybody may read it; it is written through methods
/// that keep what it takes to write the same to a store, or to take it back.
#[derive(Clone)]
pub(super) struct Recording {
    workspace: Workspace<JsonId>,
    // Invariant: the settings of the workspace follow from it.
    config: Config,
    written: Vec<Written>,
}

#[derive(Clone)]
enum Written {
    Rows(Box<Changes<JsonId>>),
    /// What the config was.
    Config(Box<Config>),
    /// What was there before everything was replaced.
    Everything(Box<Workspace<JsonId>>),
}

/// The config as a row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigLine<Config> {
    onefold_protocol: u32,
    config: Config,
}

const VERSION: u32 = 1;

impl Recording {
    pub(super) fn new(config: Config) -> Self {
        Self { workspace: Workspace::new(config.settings()), config, written: Vec::new() }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Carries an operation out, and gives what came of it.
    pub(super) fn write<T>(
        &mut self,
        operation: impl FnOnce(&mut Workspace<JsonId>) -> Result<Applied<JsonId, T>, WorkspaceError<JsonId>>,
    ) -> Result<T, WorkspaceError<JsonId>> {
        let Applied { outcome, changes } = operation(&mut self.workspace)?;
        if !changes.is_empty() {
            self.written.push(Written::Rows(Box::new(changes)));
        }
        Ok(outcome)
    }

    /// Puts the workspace under other settings.
    pub(super) fn put_under(&mut self, config: Config, act: &Act) -> Result<(), WorkspaceError<JsonId>> {
        self.write(|workspace| workspace.set_settings(config.settings(), act))?;
        self.set_config(config);
        Ok(())
    }

    /// Puts another workspace in place of this one. The config must be that of its settings.
    pub(super) fn replace(&mut self, workspace: Workspace<JsonId>, config: Config) {
        let before = mem::replace(&mut self.workspace, workspace);
        self.written.push(Written::Everything(Box::new(before)));
        self.set_config(config);
    }

    /// What a store has to write, in this order, to hold what was written since this was kept last.
    pub(super) fn writes(&self) -> Vec<RowWrite> {
        let writes = self.written.iter().flat_map(|written| match written {
            Written::Rows(changes) => changes.writes().collect(),
            Written::Config(_) => vec![RowWrite::Put(self.config_row())],
            Written::Everything(before) => exchange(before.to_rows(), self.workspace.to_rows()),
        });
        writes.collect()
    }

    /// Takes what was written for good.
    pub(super) fn keep(&mut self) {
        self.written.clear();
    }

    /// Takes back what was written since this was kept last.
    pub(super) fn revert(&mut self) {
        while let Some(written) = self.written.pop() {
            match written {
                Written::Rows(changes) => self.workspace.revert(*changes),
                Written::Config(config) => self.config = *config,
                Written::Everything(before) => self.workspace = *before,
            }
        }
    }

    /// All rows.
    pub(super) fn to_rows(&self) -> impl Iterator<Item = StoredRow> {
        self.workspace.to_rows().chain([self.config_row()])
    }

    /// What rows say. Without a row for the config, it is the one that there is at first.
    pub(super) fn from_rows<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<Self, Error> {
        let mut config_row = None;
        let of_workspace = rows.into_iter().inspect(|row| {
            if let Ok(row) = row
                && row.kind == RowKind::Config
            {
                config_row = Some(row.text.clone());
            }
        });
        let workspace = Workspace::from_rows(of_workspace)?;
        let config = match config_row {
            None => Config::default(),
            Some(text) => match serde_json::from_str(&text) {
                Ok(ConfigLine { onefold_protocol: VERSION, config }) => config,
                _ => return Err(StateError::MalformedRow { kind: RowKind::Config }.into()),
            },
        };
        if *workspace.settings() != config.settings() {
            return Err(StateError::Inconsistent { what: "the settings are not those of the config" }.into());
        }
        Ok(Self { workspace, config, written: Vec::new() })
    }

    fn set_config(&mut self, config: Config) {
        let before = mem::replace(&mut self.config, config);
        self.written.push(Written::Config(Box::new(before)));
    }

    fn config_row(&self) -> StoredRow {
        let line = ConfigLine { onefold_protocol: VERSION, config: &self.config };
        let text = serde_json::to_string(&line).expect("a config is JSON");
        StoredRow { kind: RowKind::Config, key: "\"protocol\"".to_owned(), text }
    }
}

impl Deref for Recording {
    type Target = Workspace<JsonId>;

    fn deref(&self) -> &Workspace<JsonId> {
        &self.workspace
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.workspace.fmt(f)
    }
}

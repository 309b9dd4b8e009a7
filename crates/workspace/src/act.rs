//! Who does something, and when.

use crate::roles::{Operation, Role};

/// Who does something, and when: a workspace reads no clock and knows no users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// Who, by a name that means something to the host.
    pub by: Box<str>,
    /// In which role.
    pub actor: Actor,
}

/// In which role something is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// The host itself, which may do everything: an import, a synchronisation, a script.
    #[default]
    Host,
    /// A user.
    User {
        /// What the user is.
        role: Role,
        /// Whether the user is restricted.
        is_restricted: bool,
    },
}

/// On whose account something is done. A host that carries events on to another system tells by it what it has
/// written itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The host's own.
    #[default]
    Host,
    /// A user's.
    User,
}

impl Act {
    /// Something that the host does at `at`, in the name of `by`.
    pub fn new(at: i64, by: impl Into<Box<str>>) -> Self {
        Self { at, by: by.into(), actor: Actor::Host }
    }

    /// The same, as something that a user without restrictions does.
    #[must_use]
    pub fn of_user(mut self, role: Role) -> Self {
        self.actor = Actor::User { role, is_restricted: false };
        self
    }

    /// The same, as something that a restricted user does.
    #[must_use]
    pub fn of_restricted_user(mut self, role: Role) -> Self {
        self.actor = Actor::User { role, is_restricted: true };
        self
    }

    /// On whose account it is done.
    pub fn origin(&self) -> Origin {
        match self.actor {
            Actor::Host => Origin::Host,
            Actor::User { .. } => Origin::User,
        }
    }

    /// Whether whoever does it may do such a thing, by [`Operation::TABLE`].
    pub fn may(&self, operation: Operation) -> bool {
        match self.actor {
            Actor::Host => true,
            Actor::User { role, is_restricted } => operation.needs().are_met_by(role, is_restricted),
        }
    }
}

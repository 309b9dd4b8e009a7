//! The actor and the time of an operation.

use crate::roles::{Operation, Role};
use onefold::contact::Time;

/// The actor and the time of an operation. The host supplies both, because a workspace reads no clock and stores no
/// users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// The time.
    pub at: Time,
    /// The name of the actor, as the host uses it.
    pub by: Box<str>,
    /// The kind of actor, which decides the permissions.
    pub actor: Actor,
}

/// The kind of actor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// The host itself, which may carry out every operation: an import, a synchronisation, a script.
    #[default]
    Host,
    /// A user of the workspace.
    User {
        /// The role of the user.
        role: Role,
        /// True if the user is restricted.
        is_restricted: bool,
    },
}

/// The origin of an operation. A host that forwards events to another system uses it to skip the events of its own
/// operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The host.
    #[default]
    Host,
    /// A user.
    User,
}

impl Act {
    /// Returns an act of the host at the time `at`, under the name `by`.
    pub fn new(at: Time, by: impl Into<Box<str>>) -> Self {
        Self { at, by: by.into(), actor: Actor::Host }
    }

    /// Turns the act into one of a user without restrictions.
    #[must_use]
    pub fn of_user(mut self, role: Role) -> Self {
        self.actor = Actor::User { role, is_restricted: false };
        self
    }

    /// Turns the act into one of a restricted user.
    #[must_use]
    pub fn of_restricted_user(mut self, role: Role) -> Self {
        self.actor = Actor::User { role, is_restricted: true };
        self
    }

    /// Returns the origin of the act.
    pub fn origin(&self) -> Origin {
        match self.actor {
            Actor::Host => Origin::Host,
            Actor::User { .. } => Origin::User,
        }
    }

    /// Returns true if the actor may carry out the operation, by [`Operation::needs`].
    pub fn may(&self, operation: Operation) -> bool {
        match self.actor {
            Actor::Host => true,
            Actor::User { role, is_restricted } => operation.needs().are_met_by(role, is_restricted),
        }
    }
}

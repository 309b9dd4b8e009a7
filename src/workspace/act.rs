//! Who does something, and when.

/// Who does something, and when: a workspace reads no clock and knows no users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Act {
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// Who, by a name that means something to the host.
    pub by: Box<str>,
    /// On whose account.
    pub origin: Origin,
}

/// On whose account something is done. A host that carries events on to another system tells by it what it has
/// written itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum Origin {
    /// The host's own: an import, a synchronisation, a script.
    #[default]
    Host,
    /// A user's.
    User,
}

impl Act {
    /// Something that the host does at `at`, in the name of `by`.
    pub fn new(at: i64, by: impl Into<Box<str>>) -> Self {
        Self { at, by: by.into(), origin: Origin::Host }
    }

    /// The same, as something that a user does.
    #[must_use]
    pub fn of_user(mut self) -> Self {
        self.origin = Origin::User;
        self
    }
}

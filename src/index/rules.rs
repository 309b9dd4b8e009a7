//! The limits for evidence: the holders of a key, the members of a group, and the strength of a link.

use crate::key::Strength;

/// The limits within which shared keys join contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Rules {
    /// The greatest number of active holders with which a key joins contacts. With more, the key is common. `None` is
    /// no limit. Default 25.
    pub max_holders: Option<usize>,
    /// The greatest number of members of a suggestion that is not marked as oversized. Default 50.
    pub max_members: usize,
    /// The smallest strength with which a link joins two contacts. Default [`Strength::Variant`].
    pub min_strength: Strength,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_holders: Some(25), max_members: 50, min_strength: Strength::Variant }
    }
}

impl Rules {
    /// Returns the default rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the rules with another limit of holders: a key with more active holders than `limit` joins no contacts.
    #[must_use]
    pub fn with_max_holders(mut self, limit: usize) -> Self {
        self.max_holders = Some(limit);
        self
    }

    /// Returns the rules without a limit of holders, so that no key is common.
    #[must_use]
    pub fn with_unlimited_holders(mut self) -> Self {
        self.max_holders = None;
        self
    }

    /// Returns the rules with another limit of members: a suggestion with more members than `limit` is marked as
    /// oversized.
    #[must_use]
    pub fn with_max_members(mut self, limit: usize) -> Self {
        self.max_members = limit;
        self
    }

    /// Returns the rules with another least strength: a link weaker than `min` does not join contacts.
    #[must_use]
    pub fn with_min_strength(mut self, min: Strength) -> Self {
        self.min_strength = min;
        self
    }

    /// Returns true if a key with this number of active holders is common.
    #[doc(hidden)]
    pub fn is_common(&self, holders: usize) -> bool {
        self.max_holders.is_some_and(|limit| holders > limit)
    }
}

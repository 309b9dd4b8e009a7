//! What counts as evidence: how many may share a key, how large a group may be, how sure a key must be.

use crate::key::Strength;

/// The limits within which shared keys join contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Rules {
    /// A key with more active holders than this is common: it joins nobody. `None` is no limit.
    /// Default 25.
    pub max_holders: Option<usize>,
    /// A suggestion with more members than this is marked as oversized. Default 50.
    pub max_members: usize,
    /// Keys that link two contacts less strongly than this do not join them. Default
    /// [`Strength::Variant`].
    pub min_strength: Strength,
}

impl Default for Rules {
    fn default() -> Self {
        Self { max_holders: Some(25), max_members: 50, min_strength: Strength::Variant }
    }
}

impl Rules {
    /// The default rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keys with more active holders than `limit` join nobody.
    #[must_use]
    pub fn with_max_holders(mut self, limit: usize) -> Self {
        self.max_holders = Some(limit);
        self
    }

    /// Keys join, however many hold them.
    #[must_use]
    pub fn with_unlimited_holders(mut self) -> Self {
        self.max_holders = None;
        self
    }

    /// Suggestions with more members than `limit` are marked as oversized.
    #[must_use]
    pub fn with_max_members(mut self, limit: usize) -> Self {
        self.max_members = limit;
        self
    }

    /// Links weaker than `min` do not join.
    #[must_use]
    pub fn with_min_strength(mut self, min: Strength) -> Self {
        self.min_strength = min;
        self
    }

    /// Whether so many active holders make a key common.
    #[doc(hidden)]
    pub fn is_common(&self, holders: usize) -> bool {
        self.max_holders.is_some_and(|limit| holders > limit)
    }
}

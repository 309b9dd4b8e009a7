//! By which rules a workspace reads values, joins contacts and merges them.

use crate::index::Rules;
use crate::normalize::Normalizer;
use crate::policy::{MergePolicy, SurvivorRule};

/// The settings of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settings {
    normalizer: Normalizer,
    rules: Rules,
    // Invariant: the first contact given survives, since a merge names its survivor.
    policy: MergePolicy,
}

impl Settings {
    /// The default rules and policy, and a normaliser without default region.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads values with `normalizer`.
    #[must_use]
    pub fn normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// Joins contacts by `rules`.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Merges by `policy`. Its survivor rule does not count: each merge names its survivor.
    #[must_use]
    pub fn policy(mut self, policy: MergePolicy) -> Self {
        self.policy = policy.survivor(SurvivorRule::FirstGiven);
        self
    }

    /// The same settings with their invariant, for those that were read.
    #[cfg(feature = "serde")]
    pub(super) fn checked(self) -> Self {
        let policy = self.policy.clone();
        self.policy(policy)
    }

    pub(super) fn the_normalizer(&self) -> &Normalizer {
        &self.normalizer
    }

    pub(super) fn the_rules(&self) -> Rules {
        self.rules
    }

    pub(super) fn the_policy(&self) -> &MergePolicy {
        &self.policy
    }
}

//! What a workspace goes by.

use std::borrow::Cow;

use onefold::index::Rules;
use onefold::merge::policy::{MergePolicy, SurvivorRule};
use onefold::normalize::Normalizer;

/// How a workspace reads values, joins contacts and merges them.
///
/// `Debug` shows the settings; what an ignore list holds is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Settings {
    /// How values are read.
    pub normalizer: Normalizer,
    /// By which rules keys join contacts.
    pub rules: Rules,
    /// How contacts are merged. Its rule for who survives does not count, since each merge names its survivor; and where
    /// values are keys as they stand, custom fields are all alike, as with [`MergePolicy::without_flags`].
    pub policy: MergePolicy,
}

impl Settings {
    /// The default rules and policy, and a normaliser without default region.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads values with `normalizer`.
    #[must_use]
    pub fn with_normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// Joins contacts by `rules`.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Merges by `policy`.
    #[must_use]
    pub fn with_policy(mut self, policy: MergePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The policy as far as it counts in a workspace.
    pub(crate) fn policy_in_force(&self) -> Cow<'_, MergePolicy> {
        let names_survivor = self.policy.survivor() == SurvivorRule::FirstGiven;
        match (names_survivor, self.normalizer.is_as_written()) {
            (true, false) => Cow::Borrowed(&self.policy),
            (_, false) => Cow::Owned(self.policy.for_workspace()),
            (_, true) => Cow::Owned(self.policy.for_workspace().without_field_names()),
        }
    }
}

//! The settings of a workspace.

use std::borrow::Cow;

use onefold::index::Rules;
use onefold::merge::policy::{MergePolicy, SurvivorRule};
use onefold::normalize::Normalizer;

/// The settings of normalisation, of detection and of merging in a workspace.
///
/// `Debug` leaves out the ignored values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize, serde::Deserialize)]
pub struct Settings {
    /// The normaliser, which turns values into keys.
    pub normalizer: Normalizer,
    /// The rules of detection: which keys connect contacts.
    pub rules: Rules,
    /// The merge policy. Its survivor rule has no effect, because each merge names its survivor. If values are keys as
    /// they stand, the names of custom fields have no meaning, as under
    /// [`MergePolicyBuilder::without_flags`](onefold::merge::policy::MergePolicyBuilder::without_flags).
    pub policy: MergePolicy,
}

impl Settings {
    /// Returns the default rules and policy, with a normaliser without default region.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the normaliser.
    #[must_use]
    pub fn with_normalizer(mut self, normalizer: Normalizer) -> Self {
        self.normalizer = normalizer;
        self
    }

    /// Sets the rules of detection.
    #[must_use]
    pub fn with_rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// Sets the merge policy.
    #[must_use]
    pub fn with_policy(mut self, policy: MergePolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Returns the policy without the settings that have no effect in this workspace.
    pub(crate) fn policy_in_force(&self) -> Cow<'_, MergePolicy> {
        let names_survivor = self.policy.survivor() == SurvivorRule::FirstGiven;
        match (names_survivor, self.normalizer.is_as_written()) {
            (true, false) => Cow::Borrowed(&self.policy),
            (_, false) => Cow::Owned(self.policy.for_workspace()),
            (_, true) => Cow::Owned(self.policy.for_workspace().without_field_names()),
        }
    }
}

//! The rules of a merge as data: which contact survives, and which value each field gets.
//!
//! [`merge`](crate::MergePolicy::merge) applies a policy. Building or reading a policy returns an error if a rule
//! cannot decide its field, so every policy can be applied.

mod builder;
mod error;
mod field_kind;
#[cfg(feature = "serde")]
mod form;
mod rule;

use std::collections::BTreeMap;

use crate::contact::Field;
use crate::field_names::parts::FieldGroup;

pub use builder::{MAX_CONTACTS_PER_MERGE, MergePolicyBuilder};
pub use error::PolicyError;
pub use rule::{FieldRule, SourcePattern, SurvivorRule};

/// The rules of a merge: which contact survives, and which value each field gets.
///
/// With the feature `serde` it is read from JSON, TOML and other formats, and every mistake in it is an error of
/// reading:
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use onefold::{Field, FieldRule, MergePolicy, SurvivorRule};
///
/// let policy: MergePolicy = toml::from_str(r#"
///     survivor = "oldest"
///     [fields]
///     first_name = "longest"
///     "custom.visits" = "sum"
/// "#)?;
/// assert_eq!(policy.survivor(), SurvivorRule::Oldest);
/// assert_eq!(policy.rule(&Field::FirstName), Some(&FieldRule::Longest));
///
/// let error = toml::from_str::<MergePolicy>("[fields]\nfirst_nam = \"longest\"").unwrap_err();
/// assert!(error.to_string().contains("there is no field \"first_nam\""));
/// # }
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergePolicy {
    survivor: SurvivorRule,
    // Invariant: a rule that picks one of the values.
    default: FieldRule,
    // Invariant: each rule can decide its field.
    rules: BTreeMap<Field, FieldRule>,
    // Invariant: from 2 to MAX_CONTACTS_PER_MERGE.
    max_contacts: usize,
    workspace: Option<Field>,
    knows_flags: bool,
    requires_verified: bool,
}

impl Default for MergePolicy {
    fn default() -> Self {
        Self::builder().build().expect("the default settings are legal")
    }
}

impl From<&MergePolicy> for MergePolicyBuilder {
    fn from(policy: &MergePolicy) -> Self {
        Self {
            survivor: policy.survivor,
            default: policy.default.clone(),
            rules: policy.rules.clone(),
            max_contacts: policy.max_contacts,
            workspace: policy.workspace.clone(),
            flags: policy.knows_flags,
            requires_verified: policy.requires_verified,
        }
    }
}

impl MergePolicyBuilder {
    /// Builds the policy. Cost: O(n log n) for n rules.
    ///
    /// # Errors
    /// - [`PolicyError::RuleNotForField`] if a rule cannot decide its field, or if the default rule does not choose one of
    ///   the values.
    /// - [`PolicyError::Sources`] or [`PolicyError::Separator`] if the sources or the separator of a rule are not legal.
    /// - [`PolicyError::KnownField`] for a [`Field::Other`] with the name of a known field.
    /// - [`PolicyError::MaxContacts`] if the limit is not from 2 to [`MAX_CONTACTS_PER_MERGE`].
    pub fn build(self) -> Result<MergePolicy, PolicyError> {
        self.check()?;
        Ok(MergePolicy {
            survivor: self.survivor,
            default: self.default,
            rules: self.rules,
            max_contacts: self.max_contacts,
            workspace: self.workspace,
            knows_flags: self.flags,
            requires_verified: self.requires_verified,
        })
    }
}

impl MergePolicy {
    /// Returns the default policy: the first contact given survives, its values win, lists unite, and one merge has at
    /// most 50 contacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> MergePolicyBuilder {
        MergePolicyBuilder::default()
    }

    /// Returns a builder with the settings of this policy, to build another one with some of them changed.
    pub fn to_builder(&self) -> MergePolicyBuilder {
        self.into()
    }

    /// Returns the policy as it counts in a workspace, where each merge names its survivor.
    #[doc(hidden)]
    pub fn for_workspace(&self) -> Self {
        Self { survivor: SurvivorRule::FirstGiven, ..self.clone() }
    }

    /// Returns the policy with [`MergePolicyBuilder::without_flags`].
    #[doc(hidden)]
    pub fn without_field_names(self) -> Self {
        Self { knows_flags: false, ..self }
    }

    /// Returns the rule that chooses the survivor.
    pub fn survivor(&self) -> SurvivorRule {
        self.survivor
    }

    /// Returns the rule of single-valued fields without their own rule.
    pub fn default_rule(&self) -> &FieldRule {
        &self.default
    }

    /// Returns the rules of single fields, in order of the fields.
    pub fn rules(&self) -> impl Iterator<Item = (&Field, &FieldRule)> {
        self.rules.iter()
    }

    /// Returns true if custom fields that are named like a consent or an objection take the strictest value.
    pub fn flags(&self) -> bool {
        self.knows_flags
    }

    /// Returns the rule set for `field`, or `None` if it has none of its own.
    pub fn rule(&self, field: &Field) -> Option<&FieldRule> {
        self.rules.get(field)
    }

    /// Returns the greatest number of contacts in one merge.
    pub fn max_contacts(&self) -> usize {
        self.max_contacts
    }

    /// Returns true if verified values must connect the contacts of a merge.
    pub fn requires_verified(&self) -> bool {
        self.requires_verified
    }

    /// Returns the field in which the contacts of a merge must not differ, if there is one.
    pub fn workspace_field(&self) -> Option<&Field> {
        self.workspace.as_ref()
    }

    /// Returns the groups among `fields` that are decided together, as their names say. A field with its own rule is in
    /// no group.
    pub(crate) fn groups_among<'a>(&self, fields: impl Iterator<Item = &'a Field>) -> Vec<FieldGroup<'a>> {
        if self.knows_flags {
            crate::field_names::parts::groups(fields.filter(|field| !self.rules.contains_key(*field)))
        } else {
            Vec::new()
        }
    }

    /// Returns the rule that decides `field`. `are_lists` is true if its values are lists, and `has_strictest` returns
    /// true if the strictest of its values is known.
    pub(crate) fn rule_for(&self, field: &Field, are_lists: bool, has_strictest: impl FnOnce() -> bool) -> FieldRule {
        if let Some(rule) = self.rules.get(field) {
            return rule.clone();
        }
        if let Some(rule) = field_kind::built_in(field) {
            return rule;
        }
        match field_kind::strictest(field).filter(|_| self.knows_flags) {
            _ if are_lists => FieldRule::Union,
            Some(rule) if has_strictest() => rule,
            _ => self.default.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Source;

    #[test]
    fn impossible_combinations_are_refused_in_words() {
        let refused =
            |field: Field, rule: FieldRule| MergePolicy::builder().field(field, rule).build().expect_err("refused");
        for (error, text) in [
            (refused(Field::Phone, FieldRule::Newest), "phones cannot be decided by newest, only by union"),
            (refused(Field::CreatedAt, FieldRule::Max), "created_at cannot be decided by max, only by min"),
            (
                refused(Field::ConversationStatus, FieldRule::Newest),
                "status cannot be decided by newest, only by survivor",
            ),
            (
                refused(Field::Country, FieldRule::Join("; ".into())),
                "country cannot be decided by join, only by survivor_first, survivor, newest, oldest, most_complete, \
                 most_common, sources, verified, must_agree",
            ),
            (
                refused(Field::FirstName, FieldRule::Sources(Vec::new())),
                "the sources of first_name must be at least one, and each named once",
            ),
            (
                refused(Field::Custom("a".into()), FieldRule::Sources(vec![Source::Manual.into(); 2])),
                "the sources of custom.a must be at least one, and each named once",
            ),
            (
                refused(Field::Other("notes".into()), FieldRule::Join(String::new())),
                "the separator of notes must have 1 to 64 bytes",
            ),
            (
                refused(Field::Other("phones".into()), FieldRule::Longest),
                "\"phones\" is a field of onefold's own and goes under fields",
            ),
            (
                MergePolicy::builder().max_contacts(1).build().expect_err("refused"),
                "max_contacts must be from 2 to 1000, not 1",
            ),
            (
                MergePolicy::builder().default_rule(FieldRule::Union).build().expect_err("refused"),
                "default cannot be decided by union, only by survivor_first, survivor, newest, oldest, \
                 most_complete, most_common, sources, verified, must_agree",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
        assert!(
            MergePolicy::builder().max_contacts(1_001).build().is_err()
                && MergePolicy::builder().max_contacts(1_000).build().is_ok()
        );
        assert!(MergePolicy::builder().field(Field::LastName, FieldRule::Join("x".repeat(64))).build().is_ok());
        assert!(MergePolicy::builder().field(Field::LastName, FieldRule::Join("x".repeat(65))).build().is_err());
    }

    #[test]
    fn what_a_policy_does_not_name_has_a_rule_all_the_same() {
        let policy = MergePolicy::builder().default_rule(FieldRule::Newest).build().expect("a rule that picks");
        let rule = |field: Field, are_lists, are_flags| policy.rule_for(&field, are_lists, || are_flags);
        assert_eq!(rule(Field::FirstName, false, false), FieldRule::Newest);
        assert_eq!(rule(Field::Phone, true, false), FieldRule::Union);
        assert_eq!(rule(Field::Other("notes".into()), true, false), FieldRule::Union);
        assert_eq!(rule(Field::Custom("opt_in".into()), false, true), FieldRule::AllChecked);
        assert_eq!(rule(Field::Custom("opt_in".into()), false, false), FieldRule::Newest);
        assert_eq!(rule(Field::ConversationStatus, false, false), FieldRule::Survivor);
        let plain = policy.to_builder().without_flags().build().expect("a legal policy");
        assert_eq!(plain.rule_for(&Field::Custom("opt_in".into()), false, || true), FieldRule::Newest);
    }
}

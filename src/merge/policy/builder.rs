//! Builds policies.

use std::collections::BTreeMap;

use crate::contact::Field;
use crate::merge::policy::error::PolicyError;
use crate::merge::policy::field_kind;
use crate::merge::policy::rule::{FieldRule, SurvivorRule};
use crate::merge::policy::{DEFAULT_MAX_CONTACTS, MAX_CONTACTS_PER_MERGE, MAX_SEPARATOR_BYTES, MergePolicy};

/// Builds a [`MergePolicy`] setting by setting; [`MergePolicyBuilder::build`] checks them all.
///
/// ```
/// use onefold::{Field, FieldRule, MergePolicy, SurvivorRule};
///
/// let policy = MergePolicy::builder()
///     .survivor(SurvivorRule::Oldest)
///     .field(Field::FirstName, FieldRule::Longest)
///     .max_contacts(10)
///     .build()?;
/// assert_eq!(policy.rule(&Field::FirstName), Some(&FieldRule::Longest));
/// assert!(MergePolicy::builder().max_contacts(1).build().is_err());
/// # Ok::<(), onefold::merge::policy::PolicyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct MergePolicyBuilder {
    survivor: SurvivorRule,
    default: FieldRule,
    rules: BTreeMap<Field, FieldRule>,
    max_contacts: usize,
    workspace: Option<Field>,
    flags: bool,
    requires_verified: bool,
}

impl Default for MergePolicyBuilder {
    fn default() -> Self {
        Self {
            survivor: SurvivorRule::default(),
            default: FieldRule::SurvivorFirst,
            rules: BTreeMap::new(),
            max_contacts: DEFAULT_MAX_CONTACTS,
            workspace: None,
            flags: true,
            requires_verified: false,
        }
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
    /// Sets the rule that chooses the survivor.
    pub fn survivor(mut self, rule: SurvivorRule) -> Self {
        self.survivor = rule;
        self
    }

    /// Sets the rule that decides `field`. Emails, phones and channels always unite, `created_at` is always the earliest,
    /// `updated_at` the latest, and the status always the survivor's.
    pub fn field(mut self, field: Field, rule: FieldRule) -> Self {
        self.rules.insert(field, rule);
        self
    }

    /// Sets the rule of the single-valued fields that have no rule of their own. Lists unite, and a custom field that is
    /// named like a consent or an objection takes the strictest value.
    pub fn default_rule(mut self, rule: FieldRule) -> Self {
        self.default = rule;
        self
    }

    /// Ignores what the names of fields say. A custom field that is named like a consent or an objection is decided as
    /// any other field, not by the strictest value. The parts of an address or of a date are decided each for itself, not
    /// all from one contact. An undo treats these fields as any others, too.
    pub fn without_flags(mut self) -> Self {
        self.flags = false;
        self
    }

    /// Refuses merges of contacts that verified values do not connect. Each contact must share a key with another one
    /// through a value that is [verified](crate::contact::Provenance::verified) on both, and these links must connect all
    /// contacts. Without it, a merge trusts unverified values; see
    /// [docs/policy.md](https://docs.rs/crate/onefold/latest/source/docs/policy.md).
    pub fn require_verified(mut self) -> Self {
        self.requires_verified = true;
        self
    }

    /// Refuses merges of more than `limit` contacts: from 2 to [`MAX_CONTACTS_PER_MERGE`]. Default: 50.
    pub fn max_contacts(mut self, limit: usize) -> Self {
        self.max_contacts = limit;
        self
    }

    /// Refuses merges of contacts that differ in `field`, which names the workspace, tenant or account of a contact.
    pub fn workspace_field(mut self, field: Field) -> Self {
        self.workspace = Some(field);
        self
    }

    /// Builds the policy. Cost: O(n log n) for n rules.
    ///
    /// # Errors
    /// - [`PolicyError::RuleNotForField`] if a rule cannot decide its field, or if the default rule does not choose one of
    ///   the values.
    /// - [`PolicyError::Sources`] or [`PolicyError::Separator`] if the sources or the separator of a rule are not legal.
    /// - [`PolicyError::KnownField`] for a [`Field::Other`] with the name of a known field.
    /// - [`PolicyError::MaxContacts`] if the limit is not from 2 to [`MAX_CONTACTS_PER_MERGE`].
    pub fn build(self) -> Result<MergePolicy, PolicyError> {
        check_rule("default", &self.default, &field_kind::allowed_default())?;
        if !(2..=MAX_CONTACTS_PER_MERGE).contains(&self.max_contacts) {
            return Err(PolicyError::MaxContacts { given: self.max_contacts, limit: MAX_CONTACTS_PER_MERGE });
        }
        for (field, rule) in &self.rules {
            check_name(field)?;
            check_rule(&field.to_string(), rule, &field_kind::allowed(field))?;
        }
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

fn check_name(field: &Field) -> Result<(), PolicyError> {
    match field {
        Field::Other(name) if field.is_reserved() => Err(PolicyError::KnownField { name: name.to_string() }),
        _ => Ok(()),
    }
}

fn check_rule(field: &str, rule: &FieldRule, allowed: &[&'static str]) -> Result<(), PolicyError> {
    if !allowed.is_empty() && !allowed.contains(&rule.name()) {
        let allowed = allowed.join(", ");
        return Err(PolicyError::RuleNotForField { field: field.to_owned(), rule: rule.name(), allowed });
    }
    match rule {
        FieldRule::Sources(sources) => {
            let is_repeated = |place: usize| sources.iter().take(place).any(|one| Some(one) == sources.get(place));
            if sources.is_empty() || (1..sources.len()).any(is_repeated) {
                Err(PolicyError::Sources { field: field.to_owned() })
            } else {
                Ok(())
            }
        }
        FieldRule::Join(separator) if !(1..=MAX_SEPARATOR_BYTES).contains(&separator.len()) => {
            Err(PolicyError::Separator { field: field.to_owned() })
        }
        _ => Ok(()),
    }
}

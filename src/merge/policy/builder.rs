//! Builds policies.

use std::collections::BTreeMap;

use crate::contact::Field;
use crate::merge::policy::error::PolicyError;
use crate::merge::policy::field_kind;
use crate::merge::policy::rule::{FieldRule, SurvivorRule};

/// The greatest limit of contacts in one merge that a policy may set.
pub const MAX_CONTACTS_PER_MERGE: usize = 1_000;

/// The limit of contacts in one merge, where a policy sets none.
pub(super) const DEFAULT_MAX_CONTACTS: usize = 50;

/// The longest separator of [`FieldRule::Join`].
const MAX_SEPARATOR_BYTES: usize = 64;

/// Builds a [`MergePolicy`](crate::MergePolicy) setting by setting; [`MergePolicyBuilder::build`] checks them all.
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
    pub(super) survivor: SurvivorRule,
    pub(super) default: FieldRule,
    pub(super) rules: BTreeMap<Field, FieldRule>,
    pub(super) max_contacts: usize,
    pub(super) workspace: Option<Field>,
    pub(super) flags: bool,
    pub(super) requires_verified: bool,
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

    /// Checks all settings.
    ///
    /// # Errors
    /// Those of [`MergePolicyBuilder::build`].
    pub(super) fn check(&self) -> Result<(), PolicyError> {
        check_default(&self.default)?;
        check_max_contacts(self.max_contacts)?;
        for (field, rule) in &self.rules {
            check_name(field)?;
            check_field(field, rule)?;
        }
        Ok(())
    }
}

/// Checks that `rule` can decide the fields that have no rule of their own.
pub(super) fn check_default(rule: &FieldRule) -> Result<(), PolicyError> {
    check_rule("default", rule, &field_kind::allowed_default())
}

/// Checks that `limit` is a legal limit of contacts in one merge.
pub(super) fn check_max_contacts(limit: usize) -> Result<(), PolicyError> {
    if (2..=MAX_CONTACTS_PER_MERGE).contains(&limit) {
        Ok(())
    } else {
        Err(PolicyError::MaxContacts { given: limit, limit: MAX_CONTACTS_PER_MERGE })
    }
}

/// Checks that `rule` can decide `field`.
pub(super) fn check_field(field: &Field, rule: &FieldRule) -> Result<(), PolicyError> {
    check_rule(&field.to_string(), rule, &field_kind::allowed(field))
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

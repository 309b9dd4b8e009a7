//! The rules of a merge as data: which contact survives, and which value each field gets.
//!
//! [`merge`](crate::MergePolicy::merge) applies a policy. Building or reading a policy returns an error if a rule
//! cannot decide its field, so every policy can be applied.

mod error;
mod field_kind;
#[cfg(feature = "serde")]
mod form;
mod rule;

use std::collections::BTreeMap;

use crate::contact::Field;
use crate::field_names::parts::FieldGroup;

pub use error::PolicyError;
pub use rule::{FieldRule, SourcePattern, SurvivorRule};

/// The greatest limit of contacts in one merge that a policy may set.
pub const MAX_CONTACTS_PER_MERGE: usize = 1_000;

/// The limit of contacts in one merge if a policy sets none.
const DEFAULT_MAX_CONTACTS: usize = 50;

/// The greatest length of the separator of [`FieldRule::Join`], in bytes.
const MAX_SEPARATOR_BYTES: usize = 64;

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
/// assert_eq!(policy.survivor_rule(), SurvivorRule::Oldest);
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
        Self {
            survivor: SurvivorRule::default(),
            default: FieldRule::SurvivorFirst,
            rules: BTreeMap::new(),
            max_contacts: DEFAULT_MAX_CONTACTS,
            workspace: None,
            knows_flags: true,
            requires_verified: false,
        }
    }
}

impl MergePolicy {
    /// Returns the default policy: the first contact given survives, its values win, lists unite, and one merge has at
    /// most 50 contacts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the rule that chooses the survivor.
    #[must_use]
    pub fn survivor(mut self, rule: SurvivorRule) -> Self {
        self.survivor = rule;
        self
    }

    /// Sets the rule that decides `field`.
    ///
    /// Some fields have only one rule: emails, phones and channels unite, `created_at` is the earliest, `updated_at`
    /// the latest, and the status is the survivor's.
    ///
    /// # Errors
    /// - [`PolicyError::RuleNotForField`] if the rule cannot decide the field.
    /// - [`PolicyError::Sources`] or [`PolicyError::Separator`] if the rule's list or separator is not valid.
    /// - [`PolicyError::KnownField`] if `field` is a [`Field::Other`] with the name of a known field.
    pub fn field(mut self, field: Field, rule: FieldRule) -> Result<Self, PolicyError> {
        check_name(&field)?;
        check_rule(&field.to_string(), &rule, &field_kind::allowed(&field))?;
        self.rules.insert(field, rule);
        Ok(self)
    }

    /// Sets the rule of single-valued fields without their own rule. Lists still unite, and custom fields named like a
    /// consent or an objection still take the strictest value.
    ///
    /// # Errors
    /// - Those of [`MergePolicy::field`]. The rule must be one that picks one of the values.
    pub fn default_rule(mut self, rule: FieldRule) -> Result<Self, PolicyError> {
        check_rule("default", &rule, &field_kind::allowed_default())?;
        self.default = rule;
        Ok(self)
    }

    /// Ignores the meaning of field names.
    ///
    /// Custom fields named like a consent or an objection then do not take the strictest value, and the parts of an
    /// address or a date are decided one by one instead of taken from one contact. An undo treats these fields like any
    /// others, too.
    #[must_use]
    pub fn without_flags(mut self) -> Self {
        self.knows_flags = false;
        self
    }

    /// Refuses merges of contacts that verified values do not connect.
    ///
    /// Each contact must share a key with another one that both hold through a [verified](crate::Provenance::verified)
    /// value, and these links must connect all contacts. Without this rule a merge trusts every value, no matter who
    /// entered it; see [docs/policy.md](https://docs.rs/crate/onefold/latest/source/docs/policy.md).
    #[must_use]
    pub fn require_verified(mut self) -> Self {
        self.requires_verified = true;
        self
    }

    /// Refuses merges of more than `limit` contacts.
    ///
    /// # Errors
    /// - [`PolicyError::MaxContacts`] if `limit` is not from 2 to [`MAX_CONTACTS_PER_MERGE`].
    pub fn max_contacts(mut self, limit: usize) -> Result<Self, PolicyError> {
        if !(2..=MAX_CONTACTS_PER_MERGE).contains(&limit) {
            return Err(PolicyError::MaxContacts { given: limit, limit: MAX_CONTACTS_PER_MERGE });
        }
        self.max_contacts = limit;
        Ok(self)
    }

    /// Refuses merges of contacts that differ in `field`, the field that names the workspace, tenant or account of a
    /// contact.
    #[must_use]
    pub fn workspace_field(mut self, field: Field) -> Self {
        self.workspace = Some(field);
        self
    }

    /// Returns the rule that chooses the survivor.
    pub fn survivor_rule(&self) -> SurvivorRule {
        self.survivor
    }

    /// Returns the rule of single-valued fields without their own rule.
    pub fn rule_by_default(&self) -> &FieldRule {
        &self.default
    }

    /// Returns the rules of single fields, in order of the fields.
    pub fn rules(&self) -> impl Iterator<Item = (&Field, &FieldRule)> {
        self.rules.iter()
    }

    /// Returns true if custom fields named like a consent or an objection take the strictest value.
    pub fn knows_flags(&self) -> bool {
        self.knows_flags
    }

    /// Returns the rule set for `field`, or `None` if it has none of its own.
    pub fn rule(&self, field: &Field) -> Option<&FieldRule> {
        self.rules.get(field)
    }

    /// Returns the limit of contacts in one merge.
    pub fn contact_limit(&self) -> usize {
        self.max_contacts
    }

    /// Returns true if verified values must connect the contacts of a merge.
    pub fn requires_verified(&self) -> bool {
        self.requires_verified
    }

    /// Returns the field in which the contacts of a merge must not differ, if there is one.
    pub fn workspace(&self) -> Option<&Field> {
        self.workspace.as_ref()
    }

    /// Returns the rule of fields without their own rule.
    pub(crate) fn shared_rule(&self) -> &FieldRule {
        &self.default
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::Source;

    #[test]
    fn impossible_combinations_are_refused_in_words() {
        let refused = |field: Field, rule: FieldRule| MergePolicy::new().field(field, rule).expect_err("refused");
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
            (MergePolicy::new().max_contacts(1).expect_err("refused"), "max_contacts must be from 2 to 1000, not 1"),
            (
                MergePolicy::new().default_rule(FieldRule::Union).expect_err("refused"),
                "default cannot be decided by union, only by survivor_first, survivor, newest, oldest, \
                 most_complete, most_common, sources, verified, must_agree",
            ),
        ] {
            assert_eq!(error.to_string(), text);
        }
        assert!(MergePolicy::new().max_contacts(1_001).is_err() && MergePolicy::new().max_contacts(1_000).is_ok());
        assert!(MergePolicy::new().field(Field::LastName, FieldRule::Join("x".repeat(64))).is_ok());
        assert!(MergePolicy::new().field(Field::LastName, FieldRule::Join("x".repeat(65))).is_err());
    }

    #[test]
    fn what_a_policy_does_not_name_has_a_rule_all_the_same() {
        let policy = MergePolicy::new().default_rule(FieldRule::Newest).expect("a rule that picks");
        let rule = |field: Field, are_lists, are_flags| policy.rule_for(&field, are_lists, || are_flags);
        assert_eq!(rule(Field::FirstName, false, false), FieldRule::Newest);
        assert_eq!(rule(Field::Phone, true, false), FieldRule::Union);
        assert_eq!(rule(Field::Other("notes".into()), true, false), FieldRule::Union);
        assert_eq!(rule(Field::Custom("opt_in".into()), false, true), FieldRule::AllChecked);
        assert_eq!(rule(Field::Custom("opt_in".into()), false, false), FieldRule::Newest);
        assert_eq!(rule(Field::ConversationStatus, false, false), FieldRule::Survivor);
        let plain = policy.clone().without_flags();
        assert_eq!(plain.rule_for(&Field::Custom("opt_in".into()), false, || true), FieldRule::Newest);
    }
}

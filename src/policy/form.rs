//! The form of a policy in JSON, TOML and the like.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::contact::Field;
use crate::policy::rule::{FieldRule, SurvivorRule};
use crate::policy::{DEFAULT_MAX_CONTACTS, MergePolicy, PolicyError};

/// The version written, and the only one there has been.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename = "MergePolicy", default, deny_unknown_fields)]
struct PolicyForm {
    version: u32,
    survivor: SurvivorRule,
    default: FieldRule,
    max_contacts: usize,
    workspace_field: Option<String>,
    flags: bool,
    fields: BTreeMap<String, FieldRule>,
    other_fields: BTreeMap<String, FieldRule>,
}

impl Default for PolicyForm {
    fn default() -> Self {
        Self {
            version: VERSION,
            survivor: SurvivorRule::default(),
            default: FieldRule::SurvivorFirst,
            max_contacts: DEFAULT_MAX_CONTACTS,
            workspace_field: None,
            flags: true,
            fields: BTreeMap::new(),
            other_fields: BTreeMap::new(),
        }
    }
}

impl From<&MergePolicy> for PolicyForm {
    fn from(policy: &MergePolicy) -> Self {
        let rules = |are_other: bool| {
            let rules = policy.rules.iter().filter(|(field, _)| matches!(field, Field::Other(_)) == are_other);
            rules.map(|(field, rule)| (field.to_string(), rule.clone())).collect()
        };
        Self {
            version: VERSION,
            survivor: policy.survivor,
            default: policy.default.clone(),
            max_contacts: policy.max_contacts,
            workspace_field: policy.workspace.as_ref().map(Field::to_string),
            flags: policy.knows_flags,
            fields: rules(false),
            other_fields: rules(true),
        }
    }
}

impl TryFrom<PolicyForm> for MergePolicy {
    type Error = PolicyError;

    fn try_from(form: PolicyForm) -> Result<Self, PolicyError> {
        if form.version != VERSION {
            return Err(PolicyError::Version { version: form.version });
        }
        let mut policy =
            Self::new().survivor(form.survivor).default_rule(form.default)?.max_contacts(form.max_contacts)?;
        policy.knows_flags = form.flags;
        policy.workspace = form.workspace_field.as_deref().map(Field::from_name);
        for (name, rule) in form.fields {
            policy = match Field::from_name(&name) {
                Field::Other(_) => return Err(PolicyError::UnknownField { name }),
                field => policy.field(field, rule)?,
            };
        }
        for (name, rule) in form.other_fields {
            policy = policy.field(Field::Other(name.into()), rule)?;
        }
        Ok(policy)
    }
}

impl Serialize for MergePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PolicyForm::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MergePolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PolicyForm::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

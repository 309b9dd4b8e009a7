//! The serialised form of a policy in JSON, TOML and other formats.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::contact::Field;
use crate::merge::policy::builder::DEFAULT_MAX_CONTACTS;
use crate::merge::policy::rule::{FieldRule, SurvivorRule};
use crate::merge::policy::{MergePolicy, PolicyError};

/// The version of the form. There are no older versions.
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
    // Self-describing formats leave the field out if it is not set.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "bare", deserialize_with = "said")]
    require_verified: Option<bool>,
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    bool::deserialize(deserializer).map(Some)
}

fn bare<S: Serializer>(said: &Option<bool>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(*said == Some(true))
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
            require_verified: None,
        }
    }
}

impl PolicyForm {
    fn of(policy: &MergePolicy, names_fields: bool) -> Self {
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
            require_verified: Some(policy.requires_verified).filter(|required| *required || !names_fields),
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
            Self::builder().survivor(form.survivor).default_rule(form.default).max_contacts(form.max_contacts);
        if !form.flags {
            policy = policy.without_flags();
        }
        if form.require_verified.unwrap_or_default() {
            policy = policy.require_verified();
        }
        if let Some(name) = form.workspace_field {
            policy = policy.workspace_field(Field::from_name(&name));
        }
        for (name, rule) in form.fields {
            policy = match Field::from_name(&name) {
                Field::Other(_) => return Err(PolicyError::UnknownField { name }),
                field => policy.field(field, rule),
            };
        }
        for (name, rule) in form.other_fields {
            policy = policy.field(Field::Other(name.into()), rule);
        }
        policy.build()
    }
}

impl Serialize for MergePolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PolicyForm::of(self, serializer.is_human_readable()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for MergePolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PolicyForm::deserialize(deserializer)?.try_into().map_err(de::Error::custom)
    }
}

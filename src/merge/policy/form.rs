//! The serialised form of a policy in JSON, TOML and other formats.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::contact::Field;
use crate::merge::policy::builder::{DEFAULT_MAX_CONTACTS, check_default, check_field, check_max_contacts};
use crate::merge::policy::rule::{FieldRule, SurvivorRule};
use crate::merge::policy::{MergePolicy, PolicyError};

/// The version of the form. There are no older versions.
const VERSION: u32 = 1;

// Each setting is checked when it is read. So the first error in the text is reported, and formats add its line.
#[derive(Serialize, Deserialize)]
#[serde(rename = "MergePolicy", default, deny_unknown_fields)]
struct PolicyForm {
    #[serde(deserialize_with = "version")]
    version: u32,
    survivor: SurvivorRule,
    #[serde(deserialize_with = "default_rule")]
    default: FieldRule,
    #[serde(deserialize_with = "max_contacts")]
    max_contacts: usize,
    workspace_field: Option<String>,
    flags: bool,
    #[serde(deserialize_with = "known_field_rules")]
    fields: BTreeMap<String, FieldRule>,
    #[serde(deserialize_with = "other_field_rules")]
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

fn version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        version => Err(de::Error::custom(PolicyError::Version { version })),
    }
}

fn default_rule<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FieldRule, D::Error> {
    let rule = FieldRule::deserialize(deserializer)?;
    check_default(&rule).map_err(de::Error::custom)?;
    Ok(rule)
}

fn max_contacts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    let limit = usize::deserialize(deserializer)?;
    check_max_contacts(limit).map_err(de::Error::custom)?;
    Ok(limit)
}

fn known_field_rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, FieldRule>, D::Error> {
    deserializer.deserialize_map(FieldRules { field_of: known_field })
}

fn other_field_rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, FieldRule>, D::Error> {
    deserializer.deserialize_map(FieldRules { field_of: other_field })
}

fn known_field(name: &str) -> Result<Field, PolicyError> {
    match Field::from_name(name) {
        Field::Other(_) => Err(PolicyError::UnknownField { name: name.to_owned() }),
        field => Ok(field),
    }
}

fn other_field(name: &str) -> Result<Field, PolicyError> {
    match Field::Other(name.into()) {
        field if field.is_reserved() => Err(PolicyError::KnownField { name: name.to_owned() }),
        field => Ok(field),
    }
}

/// Reads a map of rules.
struct FieldRules {
    field_of: fn(&str) -> Result<Field, PolicyError>,
}

impl<'de> Visitor<'de> for FieldRules {
    type Value = BTreeMap<String, FieldRule>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut rules = BTreeMap::new();
        while let Some((name, field)) = map.next_key_seed(FieldName { field_of: self.field_of })? {
            let rule = map.next_value_seed(RuleOf { field: &field })?;
            rules.insert(name, rule);
        }
        Ok(rules)
    }
}

/// Reads the name of a field, and returns it with the field.
struct FieldName {
    field_of: fn(&str) -> Result<Field, PolicyError>,
}

impl<'de> DeserializeSeed<'de> for FieldName {
    type Value = (String, Field);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let name = String::deserialize(deserializer)?;
        let field = (self.field_of)(&name).map_err(de::Error::custom)?;
        Ok((name, field))
    }
}

/// Reads the rule of a field.
struct RuleOf<'a> {
    field: &'a Field,
}

impl<'de> DeserializeSeed<'de> for RuleOf<'_> {
    type Value = FieldRule;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FieldRule, D::Error> {
        let rule = FieldRule::deserialize(deserializer)?;
        check_field(self.field, &rule).map_err(de::Error::custom)?;
        Ok(rule)
    }
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
            policy = policy.field(known_field(&name)?, rule);
        }
        for (name, rule) in form.other_fields {
            policy = policy.field(other_field(&name)?, rule);
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

//! Arguments that are documents of their own: policies, filters, types of fields, settings.
//!
//! They are read by serde, which also takes lists and `null` where objects and words should stand, and whose errors show
//! values: both are seen to here.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use crate::filter::Filter;
use crate::protocol::argument::{Argument, ArgumentKind, Fault, Strictness};
use crate::protocol::fields;
use crate::protocol::settings_form::SettingsForm;
use onefold::contact::{CustomType, Field, Members};
use onefold::merge::policy::{FieldRule, MergePolicy, SurvivorRule};

impl Argument<'_> for MergePolicy {
    const KIND: ArgumentKind = ArgumentKind::Policy;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        policy(json, strictness)
    }
}

impl Argument<'_> for Filter {
    const KIND: ArgumentKind = ArgumentKind::Filter;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        filter(json, strictness)
    }
}

impl Argument<'_> for CustomType {
    const KIND: ArgumentKind = ArgumentKind::FieldType;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        field_type(json)
    }
}

impl Argument<'_> for SettingsForm {
    const KIND: ArgumentKind = ArgumentKind::Settings;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        settings(json)
    }
}

fn members(json: &RawValue) -> Result<BTreeMap<String, &RawValue>, Fault> {
    Members::read(json.get()).map(|members| members.by_name).ok_or(Fault::Kind)
}

/// Checks that no object in a document has two members of one name, which serde would not notice in a map.
fn check_unique(json: &RawValue) -> Result<(), Fault> {
    check_members(json, MAX_LEVELS, &|_, _| true)
}

/// The same, and that each member and each element (whose name is empty) may stand where it does. O(n d) for d levels.
fn check_members(json: &RawValue, levels: usize, may_stand: &impl Fn(&str, &RawValue) -> bool) -> Result<(), Fault> {
    let inside: Vec<(String, &RawValue)> = match json.get().as_bytes().first() {
        Some(b'{' | b'[') if levels == 0 => return Err(Fault::Kind),
        Some(b'{') => {
            let Members { by_name, duplicate } = Members::read(json.get()).ok_or(Fault::Kind)?;
            if duplicate.is_some() {
                return Err(Fault::within("a member is there twice"));
            }
            by_name.into_iter().collect()
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json.get()).map_err(|_| Fault::Kind)?;
            items.into_iter().map(|item| (String::new(), item)).collect()
        }
        _ => Vec::new(),
    };
    for (name, inner) in inside {
        if !may_stand(&name, inner) {
            return Err(Fault::Kind);
        }
        check_members(inner, levels - 1, may_stand)?;
    }
    Ok(())
}

/// How many levels a document may have, which is what serde_json reads.
const MAX_LEVELS: usize = 127;

/// A merge policy, or what is wrong in it.
fn policy(json: &RawValue, strictness: Strictness) -> Result<MergePolicy, Fault> {
    check_unique(json)?;
    for (name, json) in members(json)? {
        match name.as_str() {
            "version" => of::<u32>(&name, json)?,
            "survivor" => of::<SurvivorRule>(&name, json)?,
            "default" => of::<FieldRule>(&name, json)?,
            "max_contacts" => of::<usize>(&name, json)?,
            "workspace_field" => of::<Option<String>>(&name, json)?,
            "flags" | "require_verified" => of::<bool>(&name, json)?,
            "fields" | "other_fields" => {
                let rules = members(json).map_err(|_| unreadable(&name))?;
                for (field, json) in rules {
                    let meant = fields::named(&field, strictness);
                    if name == "fields" && meant != Field::from_name(&field) {
                        return Err(Fault::within(format!("the policy calls the field {meant} {field}")));
                    }
                    of::<FieldRule>(&format!("{name}.{field}"), json)?;
                }
            }
            _ => return Err(Fault::within("the policy has a member that no policy has")),
        }
    }
    // Whatever is wrong now was said by the policy itself, which shows no value.
    serde_json::from_str(json.get()).map_err(|error| Fault::within(without_place(&error)))
}

/// Whether a member of a policy is of its type. A rule is a word, or an object with what the rule needs.
fn of<T: DeserializeOwned>(name: &str, json: &RawValue) -> Result<(), Fault> {
    let is_list = json.get().starts_with('[');
    let holds_null = json.get() != "null" && json.get().starts_with('{') && holds_null(json);
    match serde_json::from_str::<T>(json.get()) {
        Ok(_) if !is_list && !holds_null => Ok(()),
        _ => Err(unreadable(name)),
    }
}

fn unreadable(name: &str) -> Fault {
    Fault::within(format!("member {name} of the policy is none that there is, or not of its type"))
}

/// What an error says, without the place in a text that nobody sees.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

fn holds_null(json: &RawValue) -> bool {
    serde_json::from_str::<Json>(json.get()).is_ok_and(|value| any(&value, &Json::is_null))
}

/// Whether something holds of a value or of one inside it.
fn any(value: &Json, holds: &impl Fn(&Json) -> bool) -> bool {
    let inside = match value {
        Json::Array(items) => items.iter().any(|item| any(item, holds)),
        Json::Object(members) => members.values().any(|member| any(member, holds)),
        _ => false,
    };
    inside || holds(value)
}

/// A filter. Lists stand only where a filter has several parts, and `null` nowhere.
fn filter(json: &RawValue, strictness: Strictness) -> Result<Filter, Fault> {
    check_members(json, MAX_LEVELS, &|name, inner| {
        inner.get() != "null" && (!inner.get().starts_with('[') || matches!(name, "all" | "any"))
    })?;
    let filter: Filter = serde_json::from_str(json.get()).map_err(|_| Fault::Kind)?;
    Ok(filter.map_fields(|field| match &field {
        Field::Other(name) => fields::singular(name, strictness).unwrap_or(field),
        _ => field,
    }))
}

/// The type of a custom field: a word, or an object with the choices of a list.
fn field_type(json: &RawValue) -> Result<CustomType, Fault> {
    check_unique(json)?;
    if holds_null(json) { Err(Fault::Kind) } else { serde_json::from_str(json.get()).map_err(|_| Fault::Kind) }
}

/// All settings, as they were given back.
fn settings(json: &RawValue) -> Result<SettingsForm, Fault> {
    check_unique(json)?;
    if let Some(json) = members(json)?.get("policy") {
        policy(json, Strictness::AsWritten)?;
    }
    serde_json::from_str(json.get()).map_err(|_| Fault::Kind)
}

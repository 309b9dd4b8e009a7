//! The JSON form of a contact, which is one line of a JSON Lines file.
//!
//! Reading never refuses a value because of its type. A value that does not fit its field is kept as it is, and the
//! normaliser reports why it gave no key. Numbers keep their digits, and structured values keep their text.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

use crate::contact::channel::{Channel, ChannelKind};
use crate::contact::json_members::{Members, NamedMember, SortedMembers};
use crate::contact::json_value::JsonError;
use crate::contact::provenance_json;
use crate::contact::time::WrittenTime;
use crate::contact::value::Value;
use crate::contact::{Contact, CustomState, Field};

impl<Id: DeserializeOwned> Contact<Id> {
    /// Reads a contact from its JSON form without loss: numbers keep their digits, whatever their size, and nested
    /// values keep their text.
    ///
    /// `Deserialize` gives the same contact, except that numbers pass through the number type of the format. If a field
    /// name occurs twice, the last one counts. Cost: O(n), without recursion over the data.
    ///
    /// # Errors
    /// - The text is not a JSON object.
    /// - It has no `id` of the host's type.
    /// - `blocked` is not a boolean.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let SortedMembers(members) = serde_json::from_str(text).map_err(JsonError::new("not an object"))?;
        let id = members.iter().find(|member| member.name == "id");
        let id = id.ok_or(JsonError { what: "no id", line: 1, column: 1 })?.json;
        let mut contact = Self::new(serde_json::from_str(id.get()).map_err(JsonError::new("id is of another type"))?);
        for member in members.iter().filter(|member| member.name != "id") {
            contact.set_json(&member.name, member.json.get())?;
        }
        Ok(contact)
    }

    /// Like [`Contact::from_json`], for a text that onefold itself wrote. Cost: O(n log n).
    ///
    /// # Errors
    /// As [`Contact::from_json`], and also:
    /// - a member of the object or of its custom fields occurs twice;
    /// - `custom` or `provenance` does not have the form that it has in a stored contact.
    #[doc(hidden)]
    pub fn from_stored_json(text: &str) -> Result<Self, JsonError> {
        let fault = |what: &'static str| JsonError { what, line: 1, column: 1 };
        let members = Members::read_unique(text).ok_or(fault("no object, or a member is there twice"))?;
        let member = |name: &str| members.get(name).map(|json| json.get()).filter(|json| *json != "null");
        if member("custom").is_some_and(|json| Members::read_unique(json).is_none()) {
            return Err(fault("custom is no object, or has a member twice"));
        }
        if member("provenance").is_some_and(|json| !provenance_json::is_provenance(json)) {
            return Err(fault("provenance does not say where values came from"));
        }
        let mut contact = Self::from_json(text)?;
        contact.fields.remove(&Field::Other("provenance".into()));
        Ok(contact)
    }
}

impl<Id> Contact<Id> {
    /// Sets the field with the given JSON name to the value of the JSON text `json`, and replaces its former value.
    ///
    /// `created_at` and `updated_at` are read as milliseconds or RFC 3339, `channels` and `provenance` in their own
    /// forms. A value that does not have the expected form is kept as it is. Cost: O(n).
    ///
    /// # Errors
    /// The contact is unchanged if
    /// - `json` is not JSON;
    /// - `name` is `blocked`, and `json` is neither a boolean nor `null`.
    pub fn set_json(&mut self, name: &str, json: &str) -> Result<(), JsonError> {
        match name {
            "blocked" => {
                let blocked = serde_json::from_str::<Option<bool>>(json);
                self.blocked = blocked.map_err(JsonError::new("blocked is neither true nor false"))?.unwrap_or(false);
            }
            "custom" => return self.set_custom(json),
            "provenance" => {
                let provenance = provenance_json::from_json(json);
                let kept = if provenance.is_none() { Some(Value::from_json(json)?) } else { None };
                self.provenance = provenance.unwrap_or_default();
                self.set(Field::Other(name.into()), kept);
            }
            _ => {
                let field = top_field(name);
                let value = match field {
                    Field::Channels => channels_from_json(json),
                    Field::CreatedAt | Field::UpdatedAt => WrittenTime::from_json(json).map(Value::Time),
                    _ => None,
                };
                let value = value.map_or_else(|| Value::from_json(json), Ok)?;
                self.fields.insert(field, value);
            }
        }
        Ok(())
    }

    /// Removes the field with the given JSON name, so that it is absent. The name `custom` removes all custom fields.
    ///
    /// Cost: O(n).
    pub fn unset_json(&mut self, name: &str) {
        match name {
            "blocked" => self.blocked = false,
            "custom" => {
                self.fields.retain(|field, _| !matches!(field, Field::Custom(_)));
                self.custom_state = CustomState::Absent;
            }
            "provenance" => self.provenance.clear(),
            _ => {}
        }
        self.fields.remove(&top_field(name));
    }

    fn set_custom(&mut self, json: &str) -> Result<(), JsonError> {
        let json = json.trim_ascii();
        let (mut customs, mut kept, mut state) = (Vec::new(), None, CustomState::Absent);
        if json.starts_with('{') {
            let SortedMembers(members) = serde_json::from_str(json).map_err(JsonError::new("not an object"))?;
            for NamedMember { name, json } in members {
                customs.push((Field::Custom(name.into()), Value::from_json(json.get())?));
            }
            state = CustomState::Present;
        } else if json == "null" {
            state = CustomState::Cleared;
        } else {
            kept = Some(Value::from_json(json)?);
        }
        self.fields.retain(|field, _| !matches!(field, Field::Custom(_)));
        self.fields.extend(customs);
        self.set(Field::Other("custom".into()), kept);
        self.custom_state = state;
        Ok(())
    }

    fn set(&mut self, field: Field, value: Option<Value>) {
        match value {
            Some(value) => drop(self.fields.insert(field, value)),
            None => drop(self.fields.remove(&field)),
        }
    }
}

/// Returns the field with the given name at the top level, where `custom.plan` is an unknown field and not a custom
/// one.
fn top_field(name: &str) -> Field {
    match Field::from_name(name) {
        Field::Custom(_) => Field::Other(name.into()),
        field => field,
    }
}

/// Returns the channels of a JSON list of objects, or `None` if the text is not a list.
///
/// A member of a channel that has the wrong type is kept as it is, next to the unknown members. A list element that is
/// not a channel is kept whole: it becomes the member with the empty name of an otherwise empty channel.
fn channels_from_json(json: &str) -> Option<Value> {
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    let channel = |item: &RawValue| match serde_json::from_str::<BTreeMap<Box<str>, &RawValue>>(item.get()) {
        Ok(members) if !members.contains_key("") => channel_from_members(members),
        _ => channel_from_members(BTreeMap::from([("".into(), item)])),
    };
    Some(Value::Channels(items.into_iter().map(channel).collect()))
}

fn channel_from_members(members: BTreeMap<Box<str>, &RawValue>) -> Channel {
    let mut channel = Channel::new(ChannelKind::Other("".into()), "", "");
    for (name, json) in members {
        let text = || serde_json::from_str::<String>(json.get()).ok();
        let was_read = match &*name {
            "kind" => text().map(|text| channel.kind = ChannelKind::from_name(&text)),
            "account" => text().map(|text| channel.account = text),
            "identity" => text().map(|text| channel.identity = text),
            "url" => text().map(|text| channel.url = Some(text)),
            "connected_at" => WrittenTime::from_json(json.get()).map(|time| channel.connected_at = Some(time)),
            _ => None,
        };
        if was_read.is_none() {
            channel.other.insert(name, json.get().into());
        }
    }
    channel
}

impl Serialize for Channel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(json) = self.other.get("") {
            return Value::Json(json.clone()).serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        let texts = [("kind", self.kind.name()), ("account", &self.account), ("identity", &self.identity)];
        for (name, text) in texts.into_iter().filter(|(name, text)| !text.is_empty() && !self.other.contains_key(*name))
        {
            map.serialize_entry(name, text)?;
        }
        if let Some(time) = &self.connected_at {
            map.serialize_entry("connected_at", &Value::Time(time.clone()))?;
        }
        if let Some(url) = &self.url {
            map.serialize_entry("url", url)?;
        }
        for (name, json) in &self.other {
            map.serialize_entry(name, &Value::Json(json.clone()))?;
        }
        map.end()
    }
}

/// The fields of a contact and their provenance: the JSON form of the contact without its id and block.
#[doc(hidden)]
pub struct JsonFields<'a, Id>(pub &'a Contact<Id>);

impl<Id> Serialize for JsonFields<'_, Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.serialize_fields(&mut map)?;
        self.0.serialize_provenance(&mut map)?;
        map.end()
    }
}

impl<Id> Contact<Id> {
    fn serialize_fields<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        struct Customs<'a, Id>(&'a Contact<Id>);
        impl<Id> Serialize for Customs<'_, Id> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.customs())
            }
        }
        for (field, value) in self.fields.iter().filter(|(field, _)| !matches!(field, Field::Custom(_))) {
            map.serialize_entry(field.name(), value)?;
        }
        match self.custom_state() {
            CustomState::Absent => Ok(()),
            CustomState::Cleared => map.serialize_entry("custom", &()),
            CustomState::Present => map.serialize_entry("custom", &Customs(self)),
        }
    }
}

impl<Id: Serialize> Serialize for Contact<Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        self.serialize_fields(&mut map)?;
        if self.blocked {
            map.serialize_entry("blocked", &true)?;
        }
        self.serialize_provenance(&mut map)?;
        map.end()
    }
}

impl<'de, Id: Deserialize<'de>> Deserialize<'de> for Contact<Id> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContactVisitor<Id>(PhantomData<Id>);
        impl<'de, Id: Deserialize<'de>> Visitor<'de> for ContactVisitor<Id> {
            type Value = Contact<Id>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a contact")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Contact<Id>, A::Error> {
                let mut id = None;
                let mut contact = Contact::new(());
                while let Some(name) = map.next_key::<String>()? {
                    if name == "id" {
                        id = Some(map.next_value()?);
                    } else {
                        let json = map.next_value::<serde_json::Value>()?.to_string();
                        contact.set_json(&name, &json).map_err(de::Error::custom)?;
                    }
                }
                let id = id.ok_or_else(|| de::Error::missing_field("id"))?;
                Ok(contact.map_id(|()| id))
            }
        }
        deserializer.deserialize_map(ContactVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(json: &str) -> String {
        let contact = Contact::<String>::from_json(json).expect("a contact");
        serde_json::to_string(&contact).expect("JSON")
    }

    #[test]
    fn every_kind_of_value_survives_a_round_trip() {
        let json = r#"{"id":"1","assignee":null,"channels":[{"kind":"whatsapp","account":"wa-1","identity":"x","connected_at":5}],"created_at":1700000000000,"emails":["a@example.com",null,1,{"x":1}],"first_name":"","phones":"one","updated_at":"2024-01-01T00:00:00+02:00","a.b":{"deep":[1,{"x":1e400}]},"notes":[],"custom":{"big":12345678901234567890123,"neg0":-0.0,"exp":1e400,"ok":true},"blocked":true,"provenance":{"first_name":{"source":"channel:sms","changed_at":9,"verified":true}}}"#;
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&round_trip(json).replace("1e400", "0")).expect("JSON"),
            serde_json::from_str::<serde_json::Value>(&json.replace("1e400", "0")).expect("JSON")
        );
        assert_eq!(round_trip(&round_trip(json)), round_trip(json));
        assert!(
            round_trip(json).contains("12345678901234567890123")
                && round_trip(json).contains("-0.0")
                && round_trip(json).contains("1e400")
        );
    }

    #[test]
    fn absent_null_and_empty_stay_three_things() {
        for json in [
            r#"{"id":"1"}"#,
            r#"{"id":"1","emails":null,"custom":null}"#,
            r#"{"id":"1","emails":[],"custom":{}}"#,
            r#"{"id":"1","emails":"","custom":[1]}"#,
            r#"{"id":"1","custom":{"plan":null}}"#,
        ] {
            assert_eq!(round_trip(json), json);
        }
    }

    #[test]
    fn deserialize_and_from_json_agree() {
        let json = r#"{"id":7,"created_at":"2024-01-01T00:00:00Z","emails":["a@example.com"],"custom":{"n":1.5}}"#;
        let contact: Contact<u64> = serde_json::from_str(json).expect("a contact");
        assert_eq!(contact, Contact::from_json(json).expect("a contact"));
    }

    #[test]
    fn nesting_needs_no_stack() {
        let deep = format!(r#"{{"id":"1","x":{}1{}}}"#, "{\"a\":[".repeat(100_000), "]}".repeat(100_000));
        assert_eq!(round_trip(&deep), deep);
    }

    #[test]
    fn setting_a_field_replaces_all_of_it_or_changes_nothing() {
        let mut contact =
            Contact::<u8>::from_json(r#"{"id":1,"custom":{"a":1},"provenance":{"emails":{"source":"manual"}}}"#)
                .expect("a contact");
        let before = contact.clone();
        for (name, json) in
            [("custom", "{bad"), ("custom", "[1"), ("provenance", "{"), ("blocked", "7"), ("emails", "[")]
        {
            assert!(contact.set_json(name, json).is_err() && contact == before, "{name} {json}");
        }
        for (name, json) in
            [("custom", "[1]"), ("custom", r#"{"b":2}"#), ("custom", "null"), ("provenance", "7"), ("provenance", "{}")]
        {
            contact.set_json(name, json).expect("JSON");
        }
        assert_eq!(serde_json::to_string(&contact).expect("JSON"), r#"{"id":1,"custom":null}"#);
        contact.set_json("emails", "[]").expect("JSON");
        ["custom", "emails", "phones"].iter().for_each(|name| contact.unset_json(name));
        assert_eq!(contact, Contact::new(1));
    }

    #[test]
    fn channels_are_read_one_by_one_and_keep_what_has_no_meaning() {
        let json = r#"{"id":"1","channels":[{"kind":"sms","identity":"+12025550101","connected_at":"2024-01-01T00:00:00Z","label":"Home"},{"identity":5,"kind":"sms"},{},null,5,"x",[1],{"":1}]}"#;
        let contact = Contact::<String>::from_json(json).expect("a contact");
        assert_eq!(contact.channels().len(), 8);
        assert_eq!(contact.channels()[0].connected_at.as_ref().map(|at| at.time().millis()), Some(1_704_067_200_000));
        assert_eq!(contact.channels()[1].identity, "");
        let again = serde_json::to_value(&contact).expect("JSON");
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(json).expect("JSON"));
    }

    #[test]
    fn errors_show_no_value() {
        for json in [
            r#"{"id":"1","blocked":"canary"}"#,
            r#""canary""#,
            r#"{"id":["canary"]}"#,
            r#"{"id":"1","custom":{"canary":canary}}"#,
        ] {
            let error = Contact::<String>::from_json(json).expect_err(json).to_string();
            assert!(!error.contains("canary") && error.contains("line 1"), "{error}");
        }
    }

    #[test]
    fn what_is_not_a_contact_is_an_error() {
        for json in ["", "[]", "null", "{}", r#"{"id":1"#, r#"{"id":"1","blocked":"yes"}"#, r#"{"id":1}"#] {
            assert!(Contact::<String>::from_json(json).is_err(), "{json}");
        }
    }
}

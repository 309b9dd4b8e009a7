//! The JSON form of a contact: what a line of a JSON Lines file holds.
//!
//! Reading never refuses a value for its type: what does not fit its field is kept as it stands, and the
//! normaliser says why it gave no key. Numbers keep their digits, structured values their text.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use crate::contact::channel::{Channel, ChannelKind};
use crate::contact::provenance::{Provenance, Source};
use crate::contact::value::{Number, Time, Value};
use crate::contact::{Contact, CustomFields, Field};

impl<Id: DeserializeOwned> Contact<Id> {
    /// Reads the JSON form exactly: numbers keep their digits, whatever their size, and nested values
    /// their text. (`Deserialize` gives the same, but numbers pass through what the format's own number
    /// type can hold.) Of two equal field names the last one counts. O(n), and no recursion over data.
    ///
    /// # Errors
    /// The text is not a JSON object, has no `id` of the host's type, or `blocked` is not a boolean.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
        let id = fields.get("id").ok_or_else(|| de::Error::missing_field("id"))?;
        let mut contact = Self::new(serde_json::from_str(id.get())?);
        for (name, value) in fields.iter().filter(|(name, _)| *name != "id") {
            contact.set_json(name, value.get())?;
        }
        Ok(contact)
    }
}

impl<Id> Contact<Id> {
    /// Sets the field called `name` in the JSON form to what the JSON text `json` says, replacing what
    /// it held. `created_at` and `updated_at` are read as milliseconds or RFC 3339, `channels` and
    /// `provenance` as what they are; a value that does not read so is kept as it stands. O(n).
    ///
    /// # Errors
    /// `json` is not JSON, or `name` is `blocked` and `json` neither a boolean nor `null`.
    pub fn set_json(&mut self, name: &str, json: &str) -> Result<(), serde_json::Error> {
        match name {
            "blocked" => self.blocked = serde_json::from_str::<Option<bool>>(json)?.unwrap_or(false),
            "custom" => return self.set_custom(json),
            "provenance" => match serde_json::from_str::<BTreeMap<String, ProvenanceForm>>(json) {
                Ok(forms) => {
                    self.provenance =
                        forms.into_iter().map(|(name, form)| (Field::from_name(&name), form.into())).collect()
                }
                Err(_) => drop(self.fields.insert(Field::Other(name.into()), Value::from_json(json)?)),
            },
            _ => {
                // A name such as `custom.plan` at the top is a field of its own, not a custom one.
                let field = match Field::from_name(name) {
                    Field::Custom(_) => Field::Other(name.into()),
                    field => field,
                };
                let value = match field {
                    Field::Channels => channels_from_json(json),
                    Field::CreatedAt | Field::UpdatedAt => time_from_json(json),
                    _ => None,
                };
                let value = value.map_or_else(|| Value::from_json(json), Ok)?;
                self.fields.insert(field, value);
            }
        }
        Ok(())
    }

    fn set_custom(&mut self, json: &str) -> Result<(), serde_json::Error> {
        let json = json.trim_ascii();
        self.fields.retain(|field, _| !matches!(field, Field::Custom(_)));
        if json.starts_with('{') {
            let customs: BTreeMap<String, &RawValue> = serde_json::from_str(json)?;
            for (name, value) in customs {
                self.fields.insert(Field::Custom(name.into()), Value::from_json(value.get())?);
            }
            self.custom = CustomFields::Present;
        } else if json == "null" {
            self.custom = CustomFields::Cleared;
        } else {
            self.fields.insert(Field::Other("custom".into()), Value::from_json(json)?);
        }
        Ok(())
    }
}

impl Value {
    /// The value that a JSON text stands for: an object, or a list with a structured element, keeps its
    /// text. A lone surrogate escape, which no text can hold, reads as U+FFFD. O(n), no recursion.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        let json = json.trim_ascii();
        match json.as_bytes().first() {
            Some(b'"') => text_from_json(json).map(Self::Text),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json)?;
                let element = |item: &RawValue| match item.get().as_bytes().first() {
                    Some(b'[' | b'{') => Ok(Self::Json(item.get().into())),
                    _ => Self::from_json(item.get()),
                };
                items.into_iter().map(element).collect::<Result<_, _>>().map(Self::List)
            }
            Some(b'{') => serde_json::from_str::<&RawValue>(json).map(|raw| Self::Json(raw.get().into())),
            _ => match serde_json::from_str::<&RawValue>(json)?.get() {
                "null" => Ok(Self::Null),
                "true" => Ok(Self::Bool(true)),
                "false" => Ok(Self::Bool(false)),
                number => Number::parse(number).map(Self::Number).ok_or_else(|| de::Error::custom("not a number")),
            },
        }
    }
}

/// A JSON string, with U+FFFD for each lone surrogate.
fn text_from_json(json: &str) -> Result<String, serde_json::Error> {
    serde_json::from_str(json).or_else(|error| {
        // serde_json refuses lone surrogates in text but hands them out in bytes, as three bytes each
        // (WTF-8), which the lossy reading below turns into U+FFFD.
        struct Bytes(Vec<u8>);
        impl<'de> Deserialize<'de> for Bytes {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct BytesVisitor;
                impl Visitor<'_> for BytesVisitor {
                    type Value = Bytes;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a string")
                    }
                    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                        Ok(Bytes(bytes.to_vec()))
                    }
                }
                deserializer.deserialize_bytes(BytesVisitor)
            }
        }
        let Ok(Bytes(bytes)) = serde_json::from_str::<Bytes>(json) else { return Err(error) };
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(tail) => break text.push_str(tail),
                Err(fault) => {
                    let (good, bad) = rest.split_at(fault.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(good));
                    text.push(char::REPLACEMENT_CHARACTER);
                    // A lone surrogate is always three bytes: 0xED, then two continuation bytes.
                    rest = bad.get(3..).unwrap_or_default();
                }
            }
        }
        Ok(text)
    })
}

fn time_from_json(json: &str) -> Option<Value> {
    let time = match Value::from_json(json).ok()? {
        Value::Number(number) => Time::from_millis(number.as_str().parse().ok()?),
        Value::Text(text) => Time::parse(&text)?,
        _ => return None,
    };
    Some(Value::Time(time))
}

#[derive(Serialize, Deserialize)]
struct ChannelForm {
    kind: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    identity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    connected_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

fn channels_from_json(json: &str) -> Option<Value> {
    let forms: Vec<ChannelForm> = serde_json::from_str(json).ok()?;
    let channel = |form: ChannelForm| Channel {
        kind: ChannelKind::from_name(&form.kind),
        account: form.account,
        identity: form.identity,
        connected_at: form.connected_at,
        url: form.url,
    };
    Some(Value::Channels(forms.into_iter().map(channel).collect()))
}

#[derive(Serialize, Deserialize)]
struct ProvenanceForm {
    #[serde(with = "source_name")]
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed_at: Option<i64>,
    #[serde(default)]
    verified: bool,
}

impl From<ProvenanceForm> for Provenance {
    fn from(form: ProvenanceForm) -> Self {
        Self { source: form.source, changed_at: form.changed_at, verified: form.verified }
    }
}

impl From<&Provenance> for ProvenanceForm {
    fn from(provenance: &Provenance) -> Self {
        Self { source: provenance.source.clone(), changed_at: provenance.changed_at, verified: provenance.verified }
    }
}

mod source_name {
    use super::{Deserialize, Deserializer, Serializer, Source, de};

    pub(super) fn serialize<S: Serializer>(source: &Source, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(source)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Source, D::Error> {
        let name = String::deserialize(deserializer)?;
        Source::from_name(&name).ok_or_else(|| de::Error::custom("unknown source"))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(checked) => serializer.serialize_bool(*checked),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => raw(number.as_str(), serializer),
            Self::Json(json) => raw(json, serializer),
            Self::Time(time) => match time.written() {
                Some(text) => serializer.serialize_str(text),
                None => serializer.serialize_i64(time.millis()),
            },
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| list.serialize_element(item))?;
                list.end()
            }
            Self::Channels(channels) => serializer.collect_seq(channels.iter().map(|channel| ChannelForm {
                kind: channel.kind.name().to_owned(),
                account: channel.account.clone(),
                identity: channel.identity.clone(),
                connected_at: channel.connected_at,
                url: channel.url.clone(),
            })),
        }
    }
}

fn raw<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match json.parse::<i64>() {
        Ok(number) if json != "-0" => serializer.serialize_i64(number),
        _ => RawValue::from_string(json.to_owned()).map_err(ser::Error::custom)?.serialize(serializer),
    }
}

impl<Id: Serialize> Serialize for Contact<Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Customs<'a>(&'a BTreeMap<Field, Value>);
        impl Serialize for Customs<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().filter_map(|(field, value)| match field {
                    Field::Custom(name) => Some((name, value)),
                    _ => None,
                }))
            }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        for (field, value) in self.fields.iter().filter(|(field, _)| !matches!(field, Field::Custom(_))) {
            map.serialize_entry(field.name(), value)?;
        }
        let has_custom = self.fields.keys().any(|field| matches!(field, Field::Custom(_)));
        match self.custom {
            CustomFields::Cleared if !has_custom => map.serialize_entry("custom", &())?,
            CustomFields::Absent if !has_custom => {}
            _ => map.serialize_entry("custom", &Customs(&self.fields))?,
        }
        if self.blocked {
            map.serialize_entry("blocked", &true)?;
        }
        if !self.provenance.is_empty() {
            let forms: BTreeMap<String, ProvenanceForm> =
                self.provenance.iter().map(|(field, provenance)| (field.to_string(), provenance.into())).collect();
            map.serialize_entry("provenance", &forms)?;
        }
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
                let Contact { id: (), blocked, fields, provenance, custom } = contact;
                let id = id.ok_or_else(|| de::Error::missing_field("id"))?;
                Ok(Contact { id, blocked, fields, provenance, custom })
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
    fn lone_surrogates_read_as_replacement_characters() {
        for (json, text) in
            [(r#""\ud83d""#, "\u{fffd}"), (r#""\udc00x""#, "\u{fffd}x"), (r#""a\ud83db\u00e9""#, "a\u{fffd}b\u{e9}")]
        {
            assert_eq!(Value::from_json(json).expect("JSON"), Value::from(text));
        }
    }

    #[test]
    fn nesting_needs_no_stack() {
        let deep = format!(r#"{{"id":"1","x":{}1{}}}"#, "{\"a\":[".repeat(100_000), "]}".repeat(100_000));
        assert_eq!(round_trip(&deep), deep);
    }

    #[test]
    fn what_is_not_a_contact_is_an_error() {
        for json in ["", "[]", "null", "{}", r#"{"id":1"#, r#"{"id":"1","blocked":"yes"}"#, r#"{"id":1}"#] {
            assert!(Contact::<String>::from_json(json).is_err(), "{json}");
        }
    }
}

//! What an answer says beside what was asked: what somebody should look at.

use serde::Serialize;
use serde_json::Value as Json;

use crate::contact::{Contact, Field, Value};
use crate::key::Reason;
use crate::normalize::{Normalizer, ValueRole};
use crate::workspace::protocol::argument::Id;

/// What is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NoticeKind {
    /// No operation so far has said who carries it out.
    NoActor,
    /// A field that gives no keys holds an address or a number.
    FieldNotRead,
}

/// One thing, however often it was noticed in one operation.
#[derive(Serialize)]
struct Notice {
    notice: NoticeKind,
    why: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
    /// The first contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

/// All notices of an answer.
#[derive(Default, Serialize)]
#[serde(transparent)]
pub(super) struct Notices(Vec<Notice>);

impl Notices {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notices that the host itself carries operations out, since nothing says otherwise.
    pub(super) fn no_actor(&mut self) {
        let why = "no actor is given, so that operations are carried out as the host, which may do everything, until act says who";
        self.0.push(Notice { notice: NoticeKind::NoActor, why, field: None, contact: None, count: None });
    }

    /// Notices the fields of a contact that are not read and hold an address or a number: those that onefold does not
    /// know, and custom ones that `is_known` does not know. O(n).
    pub(super) fn unread(&mut self, contact: &Contact<Id>, normalizer: &Normalizer, is_known: impl Fn(&str) -> bool) {
        let settings = normalizer.settings();
        let mut reader = Normalizer::new();
        if let Some(region) = settings.region {
            reader = reader.region(region);
        }
        for (field, value) in &contact.fields {
            let is_read = match field {
                Field::Custom(name) if settings.identifiers.contains(name) || is_known(name) => true,
                Field::Custom(_) | Field::Other(_) => ValueRole::of_field(field).is_some(),
                _ => true,
            };
            if !is_read && holds_identifier(value, field, &reader) {
                self.field_not_read(field, &contact.id);
            }
        }
    }

    fn field_not_read(&mut self, field: &Field, contact: &Id) {
        let same =
            |notice: &&mut Notice| notice.notice == NoticeKind::FieldNotRead && notice.field.as_ref() == Some(field);
        match self.0.iter_mut().find(same) {
            Some(notice) => notice.count = notice.count.map(|count| count + 1),
            None => self.0.push(Notice {
                notice: NoticeKind::FieldNotRead,
                why: "the field holds an address or a number and is not read, so that nobody is found by it",
                field: Some(field.clone()),
                contact: Some(contact.clone()),
                count: Some(1),
            }),
        }
    }
}

/// Whether a value, or one inside it, is an email address or a phone number.
fn holds_identifier(value: &Value, field: &Field, reader: &Normalizer) -> bool {
    match value {
        Value::Text(text) => is_identifier(text, field, reader),
        Value::Number(number) => is_identifier(number.as_str(), field, reader),
        Value::List(items) => items.iter().any(|item| holds_identifier(item, field, reader)),
        Value::Json(json) => {
            serde_json::from_str::<Json>(json).is_ok_and(|json| json_holds_identifier(&json, field, reader))
        }
        Value::Null | Value::Bool(_) | Value::Time(_) | Value::Channels(_) => false,
    }
}

fn json_holds_identifier(json: &Json, field: &Field, reader: &Normalizer) -> bool {
    match json {
        Json::String(text) => is_identifier(text, field, reader),
        Json::Number(number) => is_identifier(&number.to_string(), field, reader),
        Json::Array(items) => items.iter().any(|item| json_holds_identifier(item, field, reader)),
        Json::Object(members) => members.values().any(|member| json_holds_identifier(member, field, reader)),
        Json::Null | Json::Bool(_) => false,
    }
}

/// A number without country code counts where it is written as phone numbers are, or stands under such a name: a bare number
/// may be anything.
fn is_identifier(text: &str, field: &Field, reader: &Normalizer) -> bool {
    if reader.email(text).is_ok() {
        return true;
    }
    match reader.phone(text, None) {
        Ok(_) => true,
        Err(Reason::NoCountryCode) => {
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let is_spelled = text.trim().starts_with('0') || text.trim().contains([' ', '(', '-', '/']);
            (7..=15).contains(&digits) && (is_spelled || is_phone_name(field.name()))
        }
        Err(_) => false,
    }
}

/// Whether the name of a field says that it holds a phone number.
fn is_phone_name(name: &str) -> bool {
    let name = name.to_lowercase();
    ["phone", "mobile", "mobil", "cell", "tel", "whatsapp", "sms", "handy", "celular", "fax"]
        .iter()
        .any(|word| name.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word)))
}

//! What an answer says beside what was asked: what somebody should look at.

use serde::Serialize;
use serde_json::Value as Json;

use crate::protocol::argument::Id;
use onefold::contact::{Contact, Field, Value};
use onefold::normalize::{Normalizer, Region};
use onefold::unread_field::UnreadField;

/// What is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeKind {
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
pub(crate) struct Notices(Vec<Notice>);

impl Notices {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notices that the host itself carries operations out, since nothing says otherwise.
    pub(crate) fn no_actor(&mut self) {
        let why = "no actor is given, so that operations are carried out as the host, which may do everything, until act says who";
        self.0.push(Notice { notice: NoticeKind::NoActor, why, field: None, contact: None, count: None });
    }

    /// Notices the fields of a contact that are not read and hold an address or a number: those that onefold does not
    /// know, and custom ones that `is_known` does not know. O(n).
    pub(crate) fn unread(&mut self, contact: &Contact<Id>, normalizer: &Normalizer, is_known: impl Fn(&str) -> bool) {
        let settings = normalizer.settings();
        for (field, value) in &contact.fields {
            let is_named = |name: &str| settings.identifiers.contains(name) || is_known(name);
            if matches!(field, Field::Custom(name) if is_named(name)) {
                continue;
            }
            // Most values are neither, which is seen without asking what the field is called.
            let holds_one = || {
                UnreadField::of(field)
                    .is_some_and(|unread| holds_identifier(value, field.name(), unread, settings.region))
            };
            if may_hold_identifier(value) && holds_one() {
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

/// Whether a value has what every address or number has: an at sign, or enough digits.
fn may_hold_identifier(value: &Value) -> bool {
    let may = |text: &str| text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() > 6;
    match value {
        Value::Text(text) => may(text),
        // An escape may be an at sign.
        Value::Json(text) => may(text) || text.contains("\\u"),
        Value::Number(number) => may(number.as_str()),
        Value::List(items) => items.iter().any(may_hold_identifier),
        _ => false,
    }
}

/// Whether a value, or one inside it, looks like an email address or a phone number.
fn holds_identifier(value: &Value, name: &str, field: UnreadField, region: Option<Region>) -> bool {
    let looks_so = |text: &str| field.kind_of(text, region).is_some();
    match value {
        Value::Text(text) => looks_so(text),
        Value::Number(number) => looks_so(number.as_str()),
        Value::List(items) => items.iter().any(|item| holds_identifier(item, name, field, region)),
        Value::Json(json) => serde_json::from_str(json).is_ok_and(|json| json_holds_identifier(&json, name, region)),
        _ => false,
    }
}

/// The same of a value inside of `path`.
fn json_holds_identifier(json: &Json, path: &str, region: Option<Region>) -> bool {
    let looks_so = |text: &str| UnreadField::new(path).kind_of(text, region).is_some();
    match json {
        Json::String(text) => looks_so(text),
        Json::Number(number) => looks_so(&number.to_string()),
        Json::Array(items) => items.iter().any(|item| json_holds_identifier(item, path, region)),
        Json::Object(members) => {
            members.iter().any(|(name, member)| json_holds_identifier(member, &format!("{path}.{name}"), region))
        }
        Json::Null | Json::Bool(_) => false,
    }
}

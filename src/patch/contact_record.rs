//! The binary form of a contact without its id, of which a patch is made.
//!
//! The form does not nest: a list element is a scalar, and a structured value is its JSON text, so reading does not
//! recurse. Field codes never change their meaning.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contact::{
    Channel, ChannelKind, Contact, CustomState, Field, Number, Provenance, Source, Time, Value, WrittenTime,
};
use crate::patch::error::PatchError;
use crate::patch::limits::{MAX_NESTING, depth};

/// The fields with a code. New fields are added at the end.
const CODED: [Field; 14] = [
    Field::Assignee,
    Field::Avatar,
    Field::Channels,
    Field::Country,
    Field::CreatedAt,
    Field::DisplayName,
    Field::Email,
    Field::FirstName,
    Field::Language,
    Field::LastName,
    Field::Phone,
    Field::ConversationStatus,
    Field::Tags,
    Field::UpdatedAt,
];

#[derive(Serialize, Deserialize)]
pub(crate) struct Record<'a> {
    blocked: bool,
    custom: u8,
    #[serde(borrow)]
    fields: Vec<(NameCode<'a>, RecordForm<'a>)>,
    #[serde(borrow)]
    provenance: Vec<(NameCode<'a>, ProvenanceOrigin<'a>)>,
}

#[derive(Serialize, Deserialize)]
enum NameCode<'a> {
    Coded(u8),
    Custom(#[serde(borrow)] Cow<'a, str>),
    Other(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Serialize, Deserialize)]
enum RecordForm<'a> {
    Scalar(#[serde(borrow)] Scalar<'a>),
    List(#[serde(borrow)] Vec<Scalar<'a>>),
    Channels(#[serde(borrow)] Vec<ChannelRecord<'a>>),
}

#[derive(Serialize, Deserialize)]
enum Scalar<'a> {
    Null,
    Bool(bool),
    Number(#[serde(borrow)] Cow<'a, str>),
    Text(#[serde(borrow)] Cow<'a, str>),
    Millis(Time),
    Written(#[serde(borrow)] Cow<'a, str>),
    Json(#[serde(borrow)] Cow<'a, str>),
}

#[derive(Serialize, Deserialize)]
struct ChannelRecord<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    account: Cow<'a, str>,
    #[serde(borrow)]
    identity: Cow<'a, str>,
    #[serde(borrow)]
    connected_at: Option<Scalar<'a>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    other: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

#[derive(Serialize, Deserialize)]
struct ProvenanceOrigin<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
    changed_at: Option<Time>,
    verified: bool,
}

impl<'a> Record<'a> {
    pub(crate) fn of<Id>(contact: &'a Contact<Id>) -> Self {
        let custom = match contact.custom_state() {
            CustomState::Absent => 0,
            CustomState::Cleared => 1,
            CustomState::Present => 2,
        };
        let origin = |provenance: &'a Provenance| ProvenanceOrigin {
            source: provenance.source.to_string().into(),
            changed_at: provenance.changed_at,
            verified: provenance.verified,
        };
        Self {
            blocked: contact.blocked,
            custom,
            fields: contact.fields.iter().map(|(field, value)| (NameCode::of(field), RecordForm::of(value))).collect(),
            provenance: contact.provenance.iter().map(|(field, kept)| (NameCode::of(field), origin(kept))).collect(),
        }
    }

    pub(crate) fn contact<Id>(self, id: Id) -> Result<Contact<Id>, PatchError> {
        let mut contact = Contact::new(id);
        contact.blocked = self.blocked;
        contact.custom_state = match self.custom {
            0 => CustomState::Absent,
            1 => CustomState::Cleared,
            2 => CustomState::Present,
            _ => return Err(PatchError::Malformed { what: "an unknown state of custom fields" }),
        };
        for (name, form) in self.fields {
            if contact.fields.insert(name.field()?, form.value()?).is_some() {
                return Err(PatchError::Malformed { what: "a field twice" });
            }
        }
        for (name, origin) in self.provenance {
            let source = Source::from_name(&origin.source);
            let source = source.ok_or(PatchError::Malformed { what: "an unknown source" })?;
            let provenance = Provenance { source, changed_at: origin.changed_at, verified: origin.verified };
            contact.provenance.insert(name.field()?, provenance);
        }
        Ok(contact)
    }
}

impl<'a> NameCode<'a> {
    fn of(field: &'a Field) -> Self {
        match field {
            Field::Custom(name) => Self::Custom(Cow::Borrowed(name)),
            Field::Other(name) => Self::Other(Cow::Borrowed(name)),
            known => match CODED.iter().position(|coded| coded == known).and_then(|code| u8::try_from(code).ok()) {
                Some(code) => Self::Coded(code),
                None => Self::Other(Cow::Borrowed(known.name())),
            },
        }
    }

    fn field(self) -> Result<Field, PatchError> {
        match self {
            Self::Custom(name) => Ok(Field::Custom(name.into())),
            Self::Other(name) => Ok(Field::Other(name.into())),
            Self::Coded(code) => {
                CODED.get(usize::from(code)).cloned().ok_or(PatchError::Malformed { what: "an unknown field" })
            }
        }
    }
}

impl<'a> RecordForm<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::List(items) => Self::List(items.iter().map(Scalar::of).collect()),
            Value::Channels(channels) => Self::Channels(channels.iter().map(ChannelRecord::of).collect()),
            one => Self::Scalar(Scalar::of(one)),
        }
    }

    fn value(self) -> Result<Value, PatchError> {
        Ok(match self {
            Self::Scalar(one) => one.value()?,
            Self::List(items) => Value::List(items.into_iter().map(Scalar::value).collect::<Result<_, _>>()?),
            Self::Channels(channels) => {
                Value::Channels(channels.into_iter().map(ChannelRecord::channel).collect::<Result<_, _>>()?)
            }
        })
    }
}

impl<'a> Scalar<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(checked) => Self::Bool(*checked),
            Value::Number(number) => Self::Number(Cow::Borrowed(number.as_str())),
            Value::Text(text) => Self::Text(Cow::Borrowed(text)),
            Value::Time(time) => Self::time(time),
            Value::Json(json) => Self::Json(Cow::Borrowed(json)),
            // Occurs only in values built by hand: the JSON form has no list inside a list.
            nested @ (Value::List(_) | Value::Channels(_)) => {
                Self::Json(serde_json::to_string(nested).unwrap_or_default().into())
            }
        }
    }

    fn time(time: &'a WrittenTime) -> Self {
        match time.text() {
            Some(text) => Self::Written(Cow::Borrowed(text)),
            None => Self::Millis(time.time()),
        }
    }

    fn value(self) -> Result<Value, PatchError> {
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(checked) => Value::Bool(checked),
            Self::Number(digits) => {
                Value::Number(Number::parse(&digits).ok_or(PatchError::Malformed { what: "not a number" })?)
            }
            Self::Text(text) => Value::Text(text.into_owned()),
            Self::Millis(time) => Value::from(time),
            Self::Written(text) => {
                Value::Time(WrittenTime::parse(&text).ok_or(PatchError::Malformed { what: "not a time" })?)
            }
            Self::Json(json) => Value::Json(checked_json(json)?),
        })
    }
}

impl<'a> ChannelRecord<'a> {
    fn of(channel: &'a Channel) -> Self {
        Self {
            kind: Cow::Borrowed(channel.kind.name()),
            account: Cow::Borrowed(&channel.account),
            identity: Cow::Borrowed(&channel.identity),
            connected_at: channel.connected_at.as_ref().map(Scalar::time),
            url: channel.url.as_deref().map(Cow::Borrowed),
            other: channel.other.iter().map(|(name, json)| (Cow::Borrowed(&**name), Cow::Borrowed(&**json))).collect(),
        }
    }

    fn channel(self) -> Result<Channel, PatchError> {
        let mut channel =
            Channel::new(ChannelKind::from_name(&self.kind), self.account.into_owned(), self.identity.into_owned());
        channel.connected_at = match self.connected_at.map(Scalar::value).transpose()? {
            None => None,
            Some(Value::Time(time)) => Some(time),
            Some(_) => return Err(PatchError::Malformed { what: "not a time" }),
        };
        channel.url = self.url.map(Cow::into_owned);
        let member = |(name, json): (Cow<'_, str>, Cow<'_, str>)| Ok((name.into(), checked_json(json)?));
        channel.other = self.other.into_iter().map(member).collect::<Result<BTreeMap<_, _>, PatchError>>()?;
        Ok(channel)
    }
}

/// Returns the text of a structured value.
///
/// # Errors
/// - [`PatchError::TooDeep`] if it is nested more deeply than a merge allows.
/// - [`PatchError::Malformed`] if it is not JSON.
fn checked_json(json: Cow<'_, str>) -> Result<Box<str>, PatchError> {
    if depth(json.as_bytes()) > MAX_NESTING {
        return Err(PatchError::TooDeep { limit: MAX_NESTING });
    }
    match serde_json::from_str::<&serde_json::value::RawValue>(&json) {
        Ok(_) => Ok(json.into()),
        Err(_) => Err(PatchError::Malformed { what: "not JSON" }),
    }
}

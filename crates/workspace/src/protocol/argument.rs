//! The kinds of arguments, and how those that are no documents are read from their JSON text: exactly, or not at all.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::Later;
use crate::contacts::import::Existing;
use crate::roles::Role;
use onefold::contact::{Field, Time, Value};
use onefold::key::Strength;
use onefold::normalize::Region;
use onefold::patch::Edits;

/// The id of a contact in the protocol.
pub(crate) type Id = Box<str>;

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgumentKind {
    /// A text that is not empty, or an integer without fraction or exponent, which is its decimal text.
    Id,
    /// A text of 1 to 256 bytes.
    Name,
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// An integer from 1 on.
    Limit,
    /// An integer from 0 on.
    Count,
    /// Milliseconds since the Unix epoch, as an integer.
    Time,
    /// One of these texts.
    Words(&'static [&'static str]),
    /// The name of a field.
    Field,
    /// Any JSON value, `null` too.
    Value,
    /// A contact, or some of its fields, as an object.
    Contact,
    /// An object of fields with any values.
    FieldValues,
    /// An object of fields with the ids of contacts.
    FieldIds,
    /// The code of a region, or `none`.
    Region,
    /// A merge policy.
    Policy,
    /// A filter.
    Filter,
    /// The type of a custom field.
    FieldType,
    /// All settings, as `get_settings` gives them.
    Settings,
    /// Who does something.
    Actor,
    /// A list of such.
    List(&'static ArgumentKind),
}

impl fmt::Display for ArgumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id => f.write_str("id"),
            Self::Name => f.write_str("name"),
            Self::Text => f.write_str("text"),
            Self::Flag => f.write_str("flag"),
            Self::Limit => f.write_str("limit"),
            Self::Count => f.write_str("count"),
            Self::Time => f.write_str("time"),
            Self::Words(words) => f.write_str(&words.join(" or ")),
            Self::Field => f.write_str("field"),
            Self::Value => f.write_str("value"),
            Self::Contact => f.write_str("contact"),
            Self::FieldValues => f.write_str("fields with values"),
            Self::FieldIds => f.write_str("fields with ids"),
            Self::Region => f.write_str("region"),
            Self::Policy => f.write_str("policy"),
            Self::Filter => f.write_str("filter"),
            Self::FieldType => f.write_str("field type"),
            Self::Settings => f.write_str("settings"),
            Self::Actor => f.write_str("actor"),
            Self::List(of) => write!(f, "list of {of}"),
        }
    }
}

/// How strictly the fields of contacts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Values are keys as they stand: times are integers, and fields that onefold does not know scalars.
    AsWritten,
    /// Times may be RFC 3339, and fields that onefold does not know hold anything.
    Normalized,
}

/// Why an argument cannot be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is not of its kind.
    Kind,
    /// Something in it is wrong. The text shows no value.
    Within {
        /// What, behind the name of the argument.
        what: String,
        /// The field that is concerned, if one is.
        field: Option<Field>,
    },
}

impl Fault {
    pub(crate) fn within(what: impl Into<String>) -> Self {
        Self::Within { what: what.into(), field: None }
    }

    /// Something is wrong in a field.
    pub(crate) fn of_field(name: &str, what: &str) -> Self {
        Self::Within { what: format!("field {name} {what}"), field: Some(Field::from_name(name)) }
    }
}

/// What an argument is read as.
pub(crate) trait Argument<'a>: Sized {
    const KIND: ArgumentKind;

    fn read(json: &'a RawValue, strictness: Strictness) -> Result<Self, Fault>;
}

/// The text that a JSON text is, if it is one.
pub(crate) fn text(json: &RawValue) -> Option<String> {
    serde_json::from_str(json.get()).ok()
}

/// A JSON text that is an integer without fraction or exponent.
fn integer(json: &RawValue) -> Option<&str> {
    let digits = json.get().strip_prefix('-').unwrap_or(json.get());
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| json.get())
}

fn of<T: DeserializeOwned>(json: &RawValue) -> Result<T, Fault> {
    serde_json::from_str(json.get()).map_err(|_| Fault::Kind)
}

/// The id that a JSON text is, if it is one.
pub(crate) fn id(json: &RawValue) -> Option<Id> {
    match integer(json) {
        Some("-0") => Some("0".into()),
        Some(digits) => Some(digits.into()),
        None => text(json).filter(|text| !text.is_empty()).map(String::into_boxed_str),
    }
}

impl Argument<'_> for Id {
    const KIND: ArgumentKind = ArgumentKind::Id;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        id(json).ok_or(Fault::Kind)
    }
}

/// The name of a merge.
pub(crate) struct MergeName(pub(crate) String);

impl Argument<'_> for MergeName {
    const KIND: ArgumentKind = ArgumentKind::Name;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        text(json).filter(|text| (1..=256).contains(&text.len())).map(Self).ok_or(Fault::Kind)
    }
}

impl Argument<'_> for String {
    const KIND: ArgumentKind = ArgumentKind::Text;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        text(json).ok_or(Fault::Kind)
    }
}

impl Argument<'_> for bool {
    const KIND: ArgumentKind = ArgumentKind::Flag;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        of(json)
    }
}

/// A limit; one that is larger than any number of contacts is no limit.
pub(crate) struct Limit(pub(crate) usize);

impl Argument<'_> for Limit {
    const KIND: ArgumentKind = ArgumentKind::Limit;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        match usize::read(json, strictness)? {
            0 => Err(Fault::Kind),
            limit => Ok(Self(limit)),
        }
    }
}

impl Argument<'_> for usize {
    const KIND: ArgumentKind = ArgumentKind::Count;

    fn read(json: &RawValue, strictness: Strictness) -> Result<Self, Fault> {
        Ok(Self::try_from(u64::read(json, strictness)?).unwrap_or(Self::MAX))
    }
}

impl Argument<'_> for u64 {
    const KIND: ArgumentKind = ArgumentKind::Count;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        let digits = integer(json).filter(|digits| !digits.starts_with('-')).ok_or(Fault::Kind)?;
        Ok(digits.parse().unwrap_or(Self::MAX))
    }
}

impl Argument<'_> for Time {
    const KIND: ArgumentKind = ArgumentKind::Time;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        integer(json).and_then(|digits| digits.parse().ok()).map(Self::from_millis).ok_or(Fault::Kind)
    }
}

/// Types that are one of several words.
macro_rules! words {
    ($($type:ty { $($word:literal => $value:expr,)+ })+) => {
        $(impl Argument<'_> for $type {
            const KIND: ArgumentKind = ArgumentKind::Words(&[$($word),+]);

            fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
                match text(json).as_deref() {
                    $(Some($word) => Ok($value),)+
                    _ => Err(Fault::Kind),
                }
            }
        })+
    };
}

/// The form of an export.
pub(crate) enum ExportFormat {
    Csv,
    JsonLines,
}

words! {
    Edits { "keep" => Edits::Keep, "refuse" => Edits::Refuse, "overwrite" => Edits::Overwrite, }
    Later { "refuse" => Later::Refuse, "undo" => Later::Undo, "replay" => Later::Replay, }
    Strength { "exact" => Strength::Exact, "variant" => Strength::Variant, "weak" => Strength::Weak, }
    Existing { "reject" => Existing::Reject, "update" => Existing::Update, }
    ExportFormat { "csv" => ExportFormat::Csv, "jsonl" => ExportFormat::JsonLines, }
    Role { "agent" => Role::Agent, "manager" => Role::Manager, "owner" => Role::Owner, }
}

impl Argument<'_> for Value {
    const KIND: ArgumentKind = ArgumentKind::Value;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        Self::from_json(json.get()).map_err(|_| Fault::Kind)
    }
}

impl<'a> Argument<'a> for &'a RawValue {
    const KIND: ArgumentKind = ArgumentKind::Value;

    fn read(json: &'a RawValue, _: Strictness) -> Result<Self, Fault> {
        Ok(json)
    }
}

/// What stands for no region.
pub(crate) const NO_REGION: &str = "none";

/// The region of numbers without country code; `none` takes it back.
pub(crate) struct DefaultRegion(pub(crate) Option<Region>);

impl Argument<'_> for DefaultRegion {
    const KIND: ArgumentKind = ArgumentKind::Region;

    fn read(json: &RawValue, _: Strictness) -> Result<Self, Fault> {
        match text(json).as_deref() {
            Some(NO_REGION) => Ok(Self(None)),
            Some(code) => code.parse().map(|region| Self(Some(region))).map_err(|_| Fault::Kind),
            None => Err(Fault::Kind),
        }
    }
}

impl<'a, T: Argument<'a>> Argument<'a> for Vec<T> {
    const KIND: ArgumentKind = ArgumentKind::List(&T::KIND);

    fn read(json: &'a RawValue, strictness: Strictness) -> Result<Self, Fault> {
        let items: Vec<&'a RawValue> = serde_json::from_str(json.get()).map_err(|_| Fault::Kind)?;
        items.into_iter().map(|item| T::read(item, strictness)).collect()
    }
}

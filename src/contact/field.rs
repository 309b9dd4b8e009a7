//! The names of fields.

use std::fmt;

/// The name of a field of a contact.
///
/// The variants are ordered by their names in JSON; custom fields and unknown fields come last. A field name is not a
/// personal value, so `Debug` and `Display` show it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// `assignee`: the user who is responsible for the contact.
    Assignee,
    /// `avatar`: the URL of a picture, taken from the channel; not editable by hand.
    Avatar,
    /// `channels`: the accounts through which the contact writes.
    Channels,
    /// `country`: an ISO 3166-1 alpha-2 code; may be derived from the phone.
    Country,
    /// `created_at`: the time at which the contact was created.
    CreatedAt,
    /// `display_name`: the name that the channel shows; not editable by hand.
    DisplayName,
    /// `emails`: an ordered list, the primary one first.
    Email,
    /// `first_name`.
    FirstName,
    /// `language`: a BCP 47 tag.
    Language,
    /// `last_name`.
    LastName,
    /// `phones`: an ordered list, the primary one first.
    Phone,
    /// `status`: the state of the conversation, a system field; not editable by hand.
    ConversationStatus,
    /// `tags`: an ordered set.
    Tags,
    /// `updated_at`: the time of the last change.
    UpdatedAt,
    /// `custom.NAME`: a field that the host defined.
    Custom(Box<str>),
    /// A field that onefold does not know: it is kept and carried through merges, and its value is not interpreted. Use
    /// [`Field::from_name`] to make one, so that it never has the name of a known field.
    Other(Box<str>),
}

impl Field {
    /// Every field except [`Field::Custom`] and [`Field::Other`], in order.
    pub const WELL_KNOWN: [Self; 14] = [
        Self::Assignee,
        Self::Avatar,
        Self::Channels,
        Self::Country,
        Self::CreatedAt,
        Self::DisplayName,
        Self::Email,
        Self::FirstName,
        Self::Language,
        Self::LastName,
        Self::Phone,
        Self::ConversationStatus,
        Self::Tags,
        Self::UpdatedAt,
    ];

    /// Returns the field's name in the JSON form. For a custom field, this is its name inside `custom`.
    pub fn name(&self) -> &str {
        match self {
            Self::Assignee => "assignee",
            Self::Avatar => "avatar",
            Self::Channels => "channels",
            Self::Country => "country",
            Self::CreatedAt => "created_at",
            Self::DisplayName => "display_name",
            Self::Email => "emails",
            Self::FirstName => "first_name",
            Self::Language => "language",
            Self::LastName => "last_name",
            Self::Phone => "phones",
            Self::ConversationStatus => "status",
            Self::Tags => "tags",
            Self::UpdatedAt => "updated_at",
            Self::Custom(name) | Self::Other(name) => name,
        }
    }

    /// Returns the field with the given name in the JSON form.
    ///
    /// `custom.NAME` gives a custom field, and an unknown name gives [`Field::Other`].
    pub fn from_name(name: &str) -> Self {
        if let Some(custom) = name.strip_prefix("custom.") {
            return Self::Custom(custom.into());
        }
        Self::WELL_KNOWN.into_iter().find(|field| field.name() == name).unwrap_or_else(|| Self::Other(name.into()))
    }

    /// Returns true if this is a [`Field::Other`] whose name is reserved in the JSON form of a contact: the name of
    /// another field, `id` or `blocked`. The JSON form could not tell the two apart.
    pub fn is_reserved(&self) -> bool {
        match self {
            Self::Other(name) => {
                matches!(&**name, "id" | "blocked") || Self::WELL_KNOWN.iter().any(|field| field.name() == &**name)
            }
            _ => false,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Custom(name) => write!(f, "custom.{name}"),
            field => f.write_str(field.name()),
        }
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The stored form of a field: its name, or `{"other": NAME}` if the name alone would denote another field.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum FieldForm {
    Named(String),
    Other { other: Box<str> },
}

#[cfg(feature = "serde")]
impl serde::Serialize for Field {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let name = self.to_string();
        let form = match self {
            Self::Other(other) if Self::from_name(&name) != *self => FieldForm::Other { other: other.clone() },
            _ => FieldForm::Named(name),
        };
        form.serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Field {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match FieldForm::deserialize(deserializer)? {
            FieldForm::Named(name) => Self::from_name(&name),
            FieldForm::Other { other } => Self::Other(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_gives_its_field_back() {
        for field in Field::WELL_KNOWN.into_iter().chain([Field::Custom("plan".into()), Field::Other("notes".into())]) {
            assert_eq!(Field::from_name(&field.to_string()), field);
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn every_field_survives_json() {
        let other = |name: &str| Field::Other(name.into());
        for (field, json) in [
            (Field::Email, r#""emails""#),
            (Field::Custom("plan".into()), r#""custom.plan""#),
            (other("notes"), r#""notes""#),
            (other("custom.plan"), r#"{"other":"custom.plan"}"#),
            (other("emails"), r#"{"other":"emails"}"#),
        ] {
            assert_eq!(serde_json::to_string(&field).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<Field>(json).expect("a field"), field);
        }
    }

    #[test]
    fn well_known_fields_are_in_order_and_complete() {
        assert!(Field::WELL_KNOWN.is_sorted());
        assert!(Field::UpdatedAt < Field::Custom("".into()));
    }
}

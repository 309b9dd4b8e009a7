//! The meaning of a column, a JSON field or a vCard property.

use std::fmt;
use std::str::FromStr;

use onefold::Field;

use crate::problem::InputError;

/// The member of a contact that a value belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MappingTarget {
    /// The contact's id.
    Id,
    /// Whether the contact is blocked.
    Blocked,
    /// A field of the contact.
    Field(Field),
    /// The JSON object of all custom fields.
    CustomFields,
    /// The kind of a channel; used only together with the identity.
    ChannelKind,
    /// The contact's identity on the channel.
    ChannelIdentity,
    /// The workspace's account on the channel.
    ChannelAccount,
}

impl MappingTarget {
    const NAMES: &str = "id, email, phone, first_name, last_name, display_name, country, language, tags, assignee, \
                         status, avatar, created_at, updated_at, blocked, channel, channel_id, channel_account, \
                         custom.NAME";

    /// Returns the target of a name in the JSON form or in a mapping.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "id" => Self::Id,
            "blocked" => Self::Blocked,
            "custom" | "custom_fields" => Self::CustomFields,
            "channel" => Self::ChannelKind,
            "channel_id" => Self::ChannelIdentity,
            "channel_account" => Self::ChannelAccount,
            "email" => Self::Field(Field::Email),
            "phone" => Self::Field(Field::Phone),
            _ => match Field::from_name(name) {
                Field::Other(_) => return None,
                field => Self::Field(field),
            },
        })
    }
}

/// The column that a field is read from: `email=E-mail 1 - Value`.
///
/// A mapped field is read only from the columns that are mapped to it, and from no guessed one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The field of a contact: a name of the JSON form, `email`, `phone` or `custom.NAME`.
    pub field: String,
    /// The header of the column, or the name of the JSON field or vCard property.
    pub header: String,
}

impl Mapping {
    /// Returns the target of the mapped field.
    ///
    /// # Errors
    /// There is no field of the name that a column can be mapped to.
    pub(crate) fn target(&self) -> Result<MappingTarget, InputError> {
        match MappingTarget::from_name(&self.field) {
            Some(MappingTarget::Field(Field::Custom(name))) if name.trim().is_empty() => {
                Err(InputError::UnknownField { field: self.field.clone(), known: MappingTarget::NAMES.to_owned() })
            }
            None | Some(MappingTarget::CustomFields | MappingTarget::Field(Field::Channels)) => {
                Err(InputError::UnknownField { field: self.field.clone(), known: MappingTarget::NAMES.to_owned() })
            }
            Some(target) => Ok(target),
        }
    }
}

impl FromStr for Mapping {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        match text.split_once('=') {
            Some((field, header)) if !field.trim().is_empty() && !header.trim_matches(['"', ' ']).is_empty() => {
                Ok(Self { field: field.trim().to_owned(), header: header.trim_matches('"').to_owned() })
            }
            _ => Err(InputError::NotAMapping { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.field, self.header)
    }
}

//! The columns of a row that produce match keys, and its name.

use onefold::{Channel, ChannelKind, Contact, Field, Normalizer, Value};

use crate::csv::columns::Column;
use crate::csv::plain_record::CellSpan;
use crate::mapping::target::MappingTarget;
use crate::row_builder::is_personal;
use crate::values::blocked_word;
use crate::values::bracket_list::may_be_list;
use crate::values::split;
use crate::values::zero_id;

/// The values of a row that produce match keys, and its name, as written. `Debug` shows only the id and counts.
#[derive(Clone, Default)]
pub struct KeyRow<'a> {
    /// The id, or empty if the row has none.
    pub id: &'a str,
    /// The workspace, if the row names one.
    pub workspace: Option<&'a str>,
    /// The country as written, or empty if there is none.
    pub country: &'a str,
    /// True if the row says that the contact is blocked.
    pub blocked: bool,
    /// The phones in their order.
    pub phones: Values<'a>,
    /// The emails in their order.
    pub emails: Values<'a>,
    /// The identifiers, each by its position in [`Options::identifiers`](crate::Options::identifiers).
    pub identifiers: Vec<(u16, &'a str)>,
    pub(crate) kind: &'a str,
    pub(crate) identity: &'a str,
    pub(crate) account: &'a str,
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) display_name: &'a str,
}

/// The values of one field of a row. The first needs no allocation, as a row rarely has more.
#[derive(Clone, Default)]
pub struct Values<'a> {
    first: Option<&'a str>,
    more: Vec<&'a str>,
}

impl<'a> Values<'a> {
    /// Returns the values in their order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.first.into_iter().chain(self.more.iter().copied())
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.more.len()
    }

    /// Returns true if there is no value.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// Returns the value at a position.
    pub fn get(&self, position: usize) -> Option<&'a str> {
        position.checked_sub(1).map_or(self.first, |position| self.more.get(position).copied())
    }

    /// Removes all values, and keeps the memory for several.
    fn clear(&mut self) {
        self.first = None;
        self.more.clear();
    }

    pub(crate) fn push(&mut self, value: &'a str) {
        match self.first {
            None => self.first = Some(value),
            Some(_) => self.more.push(value),
        }
    }
}

impl std::fmt::Debug for KeyRow<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (phones, emails) = (self.phones.len(), self.emails.len());
        f.debug_struct("KeyRow")
            .field("id", &self.id)
            .field("phones", &phones)
            .field("emails", &emails)
            .finish_non_exhaustive()
    }
}

/// The meaning of a column for a [`KeyRow`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyRole {
    Id,
    Email,
    Phone,
    Country,
    Blocked,
    Kind,
    Identity,
    Account,
    FirstName,
    LastName,
    DisplayName,
    /// The identifier at this position of the options.
    Identifier(u16),
    /// A column that only the full reader can read.
    Other,
}

impl KeyRole {
    /// Returns the meaning of a column, or `None` if a [`KeyRow`] ignores it. `identifiers` are those of the options; custom fields
    /// may hold one of them if some are `lacking` a column.
    fn of(column: &Column, identifiers: &[String], is_lacking: bool) -> Option<Self> {
        if column.has_role {
            return Some(Self::Other);
        }
        match column.target.as_ref()? {
            MappingTarget::CustomFields if is_lacking => Some(Self::Other),
            MappingTarget::Field(Field::Custom(name)) => Self::of_identifier(name, identifiers),
            target => Self::of_target(target),
        }
    }

    /// Returns what a [`KeyRow`] takes from values of this meaning, or `None` if it ignores them.
    pub(crate) fn of_target(target: &MappingTarget) -> Option<Self> {
        Some(match target {
            MappingTarget::Id => Self::Id,
            MappingTarget::Blocked => Self::Blocked,
            MappingTarget::ChannelKind => Self::Kind,
            MappingTarget::ChannelIdentity => Self::Identity,
            MappingTarget::ChannelAccount => Self::Account,
            MappingTarget::Field(Field::Email) => Self::Email,
            MappingTarget::Field(Field::Phone) => Self::Phone,
            MappingTarget::Field(Field::Country) => Self::Country,
            MappingTarget::Field(Field::FirstName) => Self::FirstName,
            MappingTarget::Field(Field::LastName) => Self::LastName,
            MappingTarget::Field(Field::DisplayName) => Self::DisplayName,
            MappingTarget::Field(Field::Channels) => Self::Other,
            MappingTarget::Field(_) | MappingTarget::CustomFields => return None,
        })
    }

    pub(crate) fn of_identifier(name: &str, identifiers: &[String]) -> Option<Self> {
        let position = identifiers.iter().position(|identifier| identifier == name)?;
        Some(u16::try_from(position).map_or(Self::Other, Self::Identifier))
    }
}

/// The columns that a [`KeyRow`] reads, and the number of all columns.
pub(crate) struct Roles {
    pub(crate) columns: usize,
    of: Vec<ColumnRole>,
    // Those of `of` that are no names.
    without_names: Vec<ColumnRole>,
    workspace: Option<usize>,
}

/// A column that a [`KeyRow`] reads.
#[derive(Clone, Copy)]
struct ColumnRole {
    index: usize,
    role: Option<KeyRole>,
    /// The column with the labels of its values, such as "work" or "fax".
    label: Option<usize>,
    is_whatsapp: bool,
}

impl Roles {
    /// Returns the roles of the columns of a table. `identifiers` are those of the options; `is_lacking` if one of them has no
    /// column.
    pub(crate) fn new(columns: &[Column], identifiers: &[String], is_lacking: bool) -> Self {
        let workspace = columns.iter().position(|column| column.names_workspace);
        let role_of = |(index, column): (usize, &Column)| {
            let role = |role| ColumnRole { index, role, label: column.label, is_whatsapp: column.is_whatsapp };
            // The column of the id may be an identifier as well.
            let identifier = match &column.identifier {
                Some(Field::Custom(name)) => KeyRole::of_identifier(name, identifiers),
                _ => None,
            };
            let own = role(KeyRole::of(column, identifiers, is_lacking));
            std::iter::once(own).chain(identifier.map(|identifier| role(Some(identifier))))
        };
        let of = columns.iter().enumerate().flat_map(role_of);
        let mut of: Vec<_> = of.filter(|column| column.role.is_some() || workspace == Some(column.index)).collect();
        // Of two columns of one identifier the full reader chooses.
        let roles: Vec<Option<KeyRole>> = of.iter().map(|column| column.role).collect();
        for column in &mut of {
            let is_twice = || roles.iter().filter(|role| **role == column.role).count() > 1;
            if matches!(column.role, Some(KeyRole::Identifier(_))) && is_twice() {
                column.role = Some(KeyRole::Other);
            }
        }
        let is_name =
            |role: Option<KeyRole>| matches!(role, Some(KeyRole::FirstName | KeyRole::LastName | KeyRole::DisplayName));
        let without_names =
            of.iter().copied().filter(|column| !is_name(column.role) || workspace == Some(column.index)).collect();
        Self { columns: columns.len(), of, without_names, workspace }
    }
}

impl<'a> KeyRow<'a> {
    /// Removes all values, and keeps the memory for several phones and emails.
    pub(crate) fn clear(&mut self) {
        let (mut phones, mut emails) = (std::mem::take(&mut self.phones), std::mem::take(&mut self.emails));
        let mut identifiers = std::mem::take(&mut self.identifiers);
        phones.clear();
        emails.clear();
        identifiers.clear();
        *self = Self { phones, emails, identifiers, ..Self::default() };
    }

    /// Reads the cells of a plain line. Returns false if the full reader must read the row; the values are then meaningless.
    pub(crate) fn read(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles) -> bool {
        self.read_roles(line, cells, roles, &roles.of)
    }

    /// Like [`read`](Self::read), without the name: for scans of millions of rows that show none of them.
    pub(crate) fn read_nameless(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles) -> bool {
        self.read_roles(line, cells, roles, &roles.without_names)
    }

    fn read_roles(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles, read: &[ColumnRole]) -> bool {
        self.clear();
        let text = |span: &CellSpan| line.get(span.start as usize..span.end as usize).unwrap_or_default();
        // The full reader reports values after the last header.
        if cells.iter().skip(roles.columns).any(|span| !is_blank(text(span))) {
            return false;
        }
        for ColumnRole { index, role, label, is_whatsapp } in read {
            let Some(span) = cells.get(*index) else { break };
            let cell = text(span);
            if is_blank(cell) {
                continue;
            }
            if span.has_quotes {
                return false;
            }
            if roles.workspace == Some(*index) {
                self.workspace = Some(cell);
            }
            // A label may say that the number is a company's or a fax.
            if label.is_some_and(|label| cells.get(label).is_some_and(|span| !is_personal(text(span)))) {
                return false;
            }
            // The full reader puts a plus before the number.
            if *is_whatsapp && !cell.starts_with('+') {
                return false;
            }
            if role.is_some_and(|role| !self.put(role, cell, span.may_be_several)) {
                return false;
            }
        }
        // The full reader skips rows without any value.
        !self.id.is_empty() || !self.phones.is_empty() || !self.emails.is_empty()
    }

    fn put(&mut self, role: KeyRole, cell: &'a str, may_be_several: bool) -> bool {
        // The elements of a list may contain escapes.
        if matches!(role, KeyRole::Email | KeyRole::Phone) && may_be_list(cell) {
            return false;
        }
        // The first of several cells with the same meaning counts; the others become custom fields.
        let one = match role {
            KeyRole::Email => {
                if may_be_several {
                    split::emails(cell).into_iter().for_each(|email| self.emails.push(email))
                } else {
                    self.emails.push(cell)
                }
                return true;
            }
            KeyRole::Phone => {
                if may_be_several {
                    split::phones(cell).into_iter().for_each(|phone| self.phones.push(phone))
                } else {
                    self.phones.push(cell)
                }
                return true;
            }
            KeyRole::Blocked => match blocked_word::read(cell) {
                Some(blocked) => {
                    self.blocked |= blocked;
                    return true;
                }
                None => return false,
            },
            KeyRole::Other => return false,
            KeyRole::Identifier(position) => {
                self.identifiers.push((position, cell));
                return true;
            }
            // The full reader decides whether it is an id.
            KeyRole::Id if Normalizer::is_placeholder(cell) || zero_id::is_zero(cell) => return false,
            KeyRole::Id => &mut self.id,
            KeyRole::Country => &mut self.country,
            KeyRole::Kind => &mut self.kind,
            KeyRole::Identity => &mut self.identity,
            KeyRole::Account => &mut self.account,
            KeyRole::FirstName => &mut self.first_name,
            KeyRole::LastName => &mut self.last_name,
            KeyRole::DisplayName => &mut self.display_name,
        };
        if one.is_empty() {
            *one = cell;
        }
        true
    }

    /// Returns the contact's name for display.
    pub fn name(&self) -> String {
        let name = [self.first_name.trim(), self.last_name.trim()].join(" ");
        match name.trim() {
            "" => self.display_name.trim().to_owned(),
            name => name.to_owned(),
        }
    }

    /// Returns the channels in their order.
    pub fn channels(&self) -> Vec<Channel> {
        if self.kind.is_empty() || self.identity.is_empty() {
            return Vec::new();
        }
        let channel = |(kind, identity, account): (&str, &str, &str)| {
            Channel::new(ChannelKind::from_name(kind.trim()), account, identity)
        };
        if !self.identity.contains(split::GOOGLE) && !self.kind.contains(split::GOOGLE) {
            return vec![channel((self.kind, self.identity, self.account))];
        }
        split::channels(self.kind, self.identity, self.account).into_iter().map(channel).collect()
    }

    /// Returns the contact of the row, with only its name and the fields that produce match keys. `identifiers` are those of the
    /// options.
    pub fn contact(&self, id: String, identifiers: &[String]) -> Contact<String> {
        let mut contact = Contact::new(id);
        contact.blocked = self.blocked;
        let texts = [
            (Field::FirstName, self.first_name),
            (Field::LastName, self.last_name),
            (Field::DisplayName, self.display_name),
            (Field::Country, self.country),
        ];
        for (field, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            contact.fields.insert(field, text.into());
        }
        for (field, texts) in [(Field::Phone, &self.phones), (Field::Email, &self.emails)] {
            if !texts.is_empty() {
                contact.fields.insert(field, Value::List(texts.iter().map(Into::into).collect()));
            }
        }
        let channels = self.channels();
        if !channels.is_empty() {
            contact.fields.insert(Field::Channels, Value::Channels(channels));
        }
        for (position, text) in &self.identifiers {
            if let Some(name) = identifiers.get(usize::from(*position)) {
                contact.fields.insert(Field::Custom(name.as_str().into()), (*text).into());
            }
        }
        contact
    }
}

/// Returns true if a cell is empty or white space. Most cells begin with a letter or a digit.
#[inline]
pub(crate) fn is_blank(cell: &str) -> bool {
    match cell.as_bytes().first() {
        None => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => cell.trim().is_empty(),
    }
}

//! What of a row decides who it belongs together with, without the rest of it.

use onefold::{Channel, ChannelKind, Contact, Field, Normalizer, Value};

use crate::csv::columns::Column;
use crate::csv::plain_record::CellSpan;
use crate::draft::is_personal;
use crate::mapping::target::MappingTarget;
use crate::values::blocked_word;
use crate::values::bracket_list::may_be_list;
use crate::values::split;
use crate::values::zero_id;

/// The values of a row that keys come from, and its name, as [`Row`](crate::Row) would have them.
/// `Debug` shows no value.
#[derive(Clone, Default)]
pub struct KeyRow<'a> {
    /// The id; empty if the row has none.
    pub id: &'a str,
    /// The workspace, if the row says one.
    pub workspace: Option<&'a str>,
    /// The country as written; empty if there is none.
    pub country: &'a str,
    /// Whether the row says that the contact is blocked.
    pub blocked: bool,
    /// The phones in their order.
    pub phones: Values<'a>,
    /// The emails in their order.
    pub emails: Values<'a>,
    pub(crate) kind: &'a str,
    pub(crate) identity: &'a str,
    pub(crate) account: &'a str,
    pub(crate) first_name: &'a str,
    pub(crate) last_name: &'a str,
    pub(crate) display_name: &'a str,
}

/// The values of a field of a row, which hardly ever are several.
#[derive(Clone, Default)]
pub struct Values<'a> {
    first: Option<&'a str>,
    more: Vec<&'a str>,
}

impl<'a> Values<'a> {
    /// The values in their order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.first.into_iter().chain(self.more.iter().copied())
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.more.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The value at a place.
    pub fn get(&self, place: usize) -> Option<&'a str> {
        place.checked_sub(1).map_or(self.first, |place| self.more.get(place).copied())
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
        f.debug_struct("Brief")
            .field("id", &self.id)
            .field("phones", &phones)
            .field("emails", &emails)
            .finish_non_exhaustive()
    }
}

/// What a column means to a [`KeyRow`].
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
    /// Something that only all of the row's rules can read.
    Other,
}

impl KeyRole {
    /// What a column means; nothing if the brief says nothing of it.
    pub(crate) fn of(column: &Column) -> Option<Self> {
        if column.has_role {
            return Some(Self::Other);
        }
        Some(match column.target.as_ref()? {
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
}

/// The columns that a brief looks at, and how many there are in all.
pub(crate) struct Roles {
    pub(crate) columns: usize,
    of: Vec<ColumnRole>,
    /// The same without those that only people look at.
    deciding: Vec<ColumnRole>,
    workspace: Option<usize>,
}

/// A column that a brief looks at.
#[derive(Clone, Copy)]
struct ColumnRole {
    index: usize,
    role: Option<KeyRole>,
    /// The column that says whose its values are.
    label: Option<usize>,
    is_whatsapp: bool,
}

impl Roles {
    pub(crate) fn new(columns: &[Column]) -> Self {
        let workspace = columns.iter().position(|column| column.names_workspace);
        let role_of = |(index, column): (usize, &Column)| ColumnRole {
            index,
            role: KeyRole::of(column),
            label: column.label,
            is_whatsapp: column.is_whatsapp,
        };
        let of = columns.iter().enumerate().map(role_of);
        let of: Vec<_> = of.filter(|column| column.role.is_some() || workspace == Some(column.index)).collect();
        let is_name =
            |role: Option<KeyRole>| matches!(role, Some(KeyRole::FirstName | KeyRole::LastName | KeyRole::DisplayName));
        let deciding =
            of.iter().copied().filter(|column| !is_name(column.role) || workspace == Some(column.index)).collect();
        Self { columns: columns.len(), of, deciding, workspace }
    }
}

impl<'a> KeyRow<'a> {
    /// Reads the cells of a plain line. `false` if the row must be read by all rules: then what is read means nothing.
    pub(crate) fn read(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles) -> bool {
        self.read_roles(line, cells, roles, &roles.of)
    }

    /// The same, but for the name: for who reads millions of rows and shows none of them.
    pub(crate) fn read_nameless(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles) -> bool {
        self.read_roles(line, cells, roles, &roles.deciding)
    }

    fn read_roles(&mut self, line: &'a str, cells: &[CellSpan], roles: &Roles, read: &[ColumnRole]) -> bool {
        *self = Self::default();
        let text = |span: &CellSpan| line.get(span.start as usize..span.end as usize).unwrap_or_default();
        // Values behind the last header are reported.
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
            // A label may say that it is of a firm or a fax.
            if label.is_some_and(|label| cells.get(label).is_some_and(|span| !is_personal(text(span)))) {
                return false;
            }
            // The number is read with a plus in front.
            if *is_whatsapp && !cell.starts_with('+') {
                return false;
            }
            if role.is_some_and(|role| !self.put(role, cell, span.may_be_several)) {
                return false;
            }
        }
        // A row without id that says nothing is none.
        !self.id.is_empty() || !self.phones.is_empty() || !self.emails.is_empty()
    }

    fn put(&mut self, role: KeyRole, cell: &'a str, may_be_several: bool) -> bool {
        // The elements of a list may be spelled with escapes.
        if matches!(role, KeyRole::Email | KeyRole::Phone) && may_be_list(cell) {
            return false;
        }
        // Of several cells with the same meaning the first one counts, the others are kept under their own names.
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
            // All rules say whether it is one.
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

    /// The contact's name, for people to look at, as its fields say.
    pub fn name(&self) -> String {
        let name = [self.first_name.trim(), self.last_name.trim()].join(" ");
        match name.trim() {
            "" => self.display_name.trim().to_owned(),
            name => name.to_owned(),
        }
    }

    /// The channels in their order.
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

    /// The contact that the row is, without the fields that no key comes from; its name is among those it has.
    pub fn contact(&self, id: String) -> Contact<String> {
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
        contact
    }
}

/// Whether a cell says nothing. Most cells begin with a letter or a digit.
#[inline]
fn is_blank(cell: &str) -> bool {
    match cell.as_bytes().first() {
        None => true,
        Some(first) if first.is_ascii_graphic() => false,
        Some(_) => cell.trim().is_empty(),
    }
}

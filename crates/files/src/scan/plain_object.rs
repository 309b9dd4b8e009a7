//! Plain lines of JSON Lines, which are read without copying.
//!
//! A line is plain if it is an object whose members that count are texts without escapes, numbers, booleans and lists of texts. The
//! full reader would report no problem of it, and find the same values.

use memchr::memchr3;
use onefold::field_names::role::ValueRole;
use onefold::{Field, Normalizer};

use crate::json::known_names::{KnownNames, ReadName};
use crate::json::layout;
use crate::json::line_cursor::{JsonScalar, LineCursor};
use crate::json::names::{JsonNames, Meaning, Sureness};
use crate::mapping::header;
use crate::mapping::target::MappingTarget;
use crate::options::Options;
use crate::problem::InputError;
use crate::row_builder::{custom_field, is_personal};
use crate::scan::custom_members::{CustomMembers, put_identifier};
use crate::scan::key_row::{KeyRole, KeyRow, Values, is_blank};
use crate::values::blocked_word;
use crate::values::bracket_list::may_be_list;
use crate::values::split;
use crate::values::zero_id;

/// Reads plain lines.
pub(crate) struct PlainObjects {
    workspace: Option<String>,
    meanings: JsonNames,
    members: KnownNames<PlainMember>,
    customs: CustomMembers,
    identifiers: Vec<String>,
    reads_names: bool,
    // The number of the line, which marks the members that it has.
    line: u64,
}

/// The meaning of a name for a [`KeyRow`].
struct PlainMember {
    role: MemberRole,
    // True if the name is one of our own, which is read before all others.
    is_own: bool,
    is_whatsapp: bool,
    names_workspace: bool,
    // For phones and emails: the text that the name of their label begins or ends with.
    label_base: Option<Box<str>>,
    may_be_label: bool,
    // True if it is the label of phones or emails of a known name.
    is_label: bool,
    // The last line that has the member.
    line: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MemberRole {
    /// The value does not count.
    Ignored,
    Key(KeyRole),
    /// Its members are custom fields.
    CustomFields,
    /// Its members are the contact's own, if it has any.
    Container,
    /// A list of channels.
    Channels,
    /// Only the full reader can read it.
    Unread,
}

impl PlainObjects {
    /// Returns a reader of lines without mappings.
    ///
    /// # Errors
    /// The options name a field that does not exist.
    pub(crate) fn new(options: &Options) -> Result<Self, InputError> {
        Ok(Self {
            workspace: options.workspace_column.clone(),
            meanings: JsonNames::new(options)?,
            members: KnownNames::default(),
            customs: CustomMembers::new(&options.identifiers),
            identifiers: options.identifiers.clone(),
            reads_names: false,
            line: 0,
        })
    }

    /// Also reads the names of contacts. To be called before the first line is read.
    pub(crate) fn read_names(&mut self) {
        self.reads_names = true;
    }

    /// Reads the first line of the cursor into `row`, and returns where the next line begins. Returns `None` if the full reader must read
    /// the line; the values of `row` are then meaningless. O(n) in the length of the line.
    pub(crate) fn read<'a>(&mut self, mut cursor: LineCursor<'a>, row: &mut KeyRow<'a>) -> Option<usize> {
        row.clear();
        self.line += 1;
        let mut channel_values = ChannelValues::default();
        let mut before = None;
        cursor.take(b'{')?;
        loop {
            cursor.skip_spaces();
            cursor.take(b'"')?;
            let place = match self.members.read(&mut cursor, before)? {
                ReadName::Known(place) => place,
                ReadName::New(name) => self.add(name, before)?,
            };
            cursor.take_colon()?;
            self.read_member(place, &mut cursor, row, &mut channel_values)?;
            before = Some(place);
            cursor.skip_spaces();
            if cursor.take(b',').is_none() {
                break;
            }
        }
        cursor.take(b'}')?;
        let next = cursor.end_of_line()?;
        // The full reader skips rows without any value.
        (!row.id.is_empty() || !row.phones.is_empty() || !row.emails.is_empty()).then_some(next)
    }

    fn read_member<'a>(
        &mut self,
        place: usize,
        cursor: &mut LineCursor<'a>,
        row: &mut KeyRow<'a>,
        channel_values: &mut ChannelValues,
    ) -> Option<()> {
        let line = self.line;
        let member = self.members.meaning_mut(place)?;
        // The full reader reports members of the same name.
        if std::mem::replace(&mut member.line, line) == line {
            return None;
        }
        let role = match member.role {
            MemberRole::Ignored if !member.names_workspace && !member.is_label => return cursor.skip_value(),
            MemberRole::Ignored => None,
            // The full reader chooses among the identifiers of several objects.
            MemberRole::CustomFields if !self.customs.is_first(line) => return None,
            MemberRole::CustomFields if cursor.peek() == Some(b'{') => return self.customs.read(cursor, row),
            MemberRole::Container if matches!(cursor.peek(), Some(b'{' | b'[')) => return None,
            MemberRole::CustomFields | MemberRole::Container => return cursor.skip_value(),
            MemberRole::Channels => {
                cursor.take(b'[')?;
                cursor.skip_spaces();
                return cursor.take(b']');
            }
            MemberRole::Unread => return None,
            MemberRole::Key(role @ (KeyRole::Phone | KeyRole::Email)) if cursor.peek() == Some(b'[') => {
                // The full reader reads the own name first.
                let values = values_of(role, row);
                if member.names_workspace || member.is_label || (member.is_own && !values.is_empty()) {
                    return None;
                }
                return read_list(cursor, values);
            }
            MemberRole::Key(role) => Some(role),
        };
        let value = cursor.scalar()?;
        if member.names_workspace
            && let JsonScalar::Text(text) | JsonScalar::Number(text) = value
            && !is_blank(text)
        {
            row.workspace = Some(text);
        }
        if member.is_label && !is_personal_label(value) {
            return None;
        }
        role.map_or(Some(()), |role| member.put(role, value, row, channel_values))
    }

    /// Adds a new name and returns its place. Returns `None` if the full reader must read the line: there are too many names, or
    /// labels that were not known as such when they were read.
    fn add(&mut self, name: &str, before: Option<usize>) -> Option<usize> {
        let meaning = self.meanings.meaning(name);
        let mut member =
            PlainMember::new(name, meaning, &self.identifiers, self.workspace.as_deref(), self.reads_names);
        let mut has_late_label = false;
        for (other, known) in self.members.iter_mut() {
            if member.may_be_label && known.label_base.as_deref().is_some_and(|base| header::is_label_of(name, base)) {
                member.set_label();
            }
            let base = member.label_base.as_deref().filter(|_| known.may_be_label && !known.is_label);
            if base.is_some_and(|base| header::is_label_of(other, base)) {
                known.set_label();
                has_late_label = true;
            }
        }
        let place = self.members.add(name, before, member)?;
        (!has_late_label).then_some(place)
    }
}

impl PlainMember {
    fn new(name: &str, meaning: Meaning, identifiers: &[String], workspace: Option<&str>, reads_names: bool) -> Self {
        let is_own = meaning.sureness == Sureness::Given;
        let names_workspace = workspace == Some(name);
        let mut member = Self {
            role: MemberRole::of(name, &meaning, identifiers, reads_names),
            is_own,
            is_whatsapp: header::is_whatsapp(name),
            names_workspace,
            label_base: meaning.label_base.as_deref().map(Into::into),
            may_be_label: meaning.may_be_label,
            is_label: false,
            line: 0,
        };
        if names_workspace {
            member.role = member.role.of_scalar();
        }
        member
    }

    fn set_label(&mut self) {
        self.is_label = true;
        self.role = self.role.of_scalar();
    }

    /// Adds a value that is not a list. Returns `None` if the full reader must read it.
    #[inline]
    fn put<'a>(
        &self,
        role: KeyRole,
        value: JsonScalar<'a>,
        row: &mut KeyRow<'a>,
        channel_values: &mut ChannelValues,
    ) -> Option<()> {
        let one = match role {
            KeyRole::Phone | KeyRole::Email => return self.put_into(values_of(role, row), role, value),
            KeyRole::Blocked => {
                row.blocked |= match value {
                    JsonScalar::Null => false,
                    JsonScalar::Bool(blocked) => blocked,
                    JsonScalar::Text(word) | JsonScalar::Number(word) => blocked_word::read(word)?,
                };
                return Some(());
            }
            KeyRole::Id => {
                return match value {
                    JsonScalar::Null => Some(()),
                    JsonScalar::Bool(_) => None,
                    JsonScalar::Text(id) | JsonScalar::Number(id) => {
                        // The full reader decides whether it is an id.
                        if is_blank(id) || Normalizer::is_placeholder(id) || zero_id::is_zero(id) {
                            return None;
                        }
                        self.set(&mut row.id, id);
                        Some(())
                    }
                };
            }
            KeyRole::Kind | KeyRole::Identity | KeyRole::Account => {
                let (one, is_there) = match role {
                    KeyRole::Kind => (&mut row.kind, &mut channel_values.has_kind),
                    KeyRole::Identity => (&mut row.identity, &mut channel_values.has_identity),
                    _ => (&mut row.account, &mut channel_values.has_account),
                };
                // The first of several members counts, even if it is null.
                if std::mem::replace(is_there, true) {
                    return None;
                }
                match value {
                    JsonScalar::Null | JsonScalar::Text("") => {}
                    JsonScalar::Text(text) | JsonScalar::Number(text) if !is_blank(text) => *one = text,
                    JsonScalar::Text(_) | JsonScalar::Number(_) | JsonScalar::Bool(_) => return None,
                }
                return Some(());
            }
            KeyRole::Country => &mut row.country,
            KeyRole::FirstName => &mut row.first_name,
            KeyRole::LastName => &mut row.last_name,
            KeyRole::DisplayName => &mut row.display_name,
            KeyRole::Identifier(position) => return put_identifier(position, value, row),
            KeyRole::Other => return None,
        };
        match value {
            JsonScalar::Null | JsonScalar::Text("") => Some(()),
            JsonScalar::Text(text) if !is_blank(text) => {
                self.set(one, text);
                Some(())
            }
            JsonScalar::Text(_) | JsonScalar::Number(_) | JsonScalar::Bool(_) => None,
        }
    }

    /// Sets a value. The own name takes precedence, then the first of several members; the others become custom fields.
    #[inline]
    fn set<'a>(&self, one: &mut &'a str, text: &'a str) {
        if one.is_empty() || self.is_own {
            *one = text;
        }
    }

    /// Adds the phones or emails of a value. Returns `None` if the full reader must read it.
    #[inline]
    fn put_into<'a>(&self, values: &mut Values<'a>, role: KeyRole, value: JsonScalar<'a>) -> Option<()> {
        // The full reader reads the own name first.
        if self.is_own && !values.is_empty() {
            return None;
        }
        let text = match value {
            JsonScalar::Null => return Some(()),
            JsonScalar::Bool(_) => return None,
            JsonScalar::Text(text) if is_blank(text) => return (!self.is_own).then_some(()),
            JsonScalar::Text(text) | JsonScalar::Number(text) => text,
        };
        // A text of the own name is one value.
        if self.is_own {
            values.push(text);
            return Some(());
        }
        // The full reader puts a plus before the number.
        if self.is_whatsapp && split::international(text) != text {
            return None;
        }
        // The elements of a list may contain escapes.
        if may_be_list(text) {
            return None;
        }
        if memchr3(b',', b';', b':', text.as_bytes()).is_none() {
            values.push(text);
        } else if role == KeyRole::Email {
            split::emails(text).into_iter().for_each(|email| values.push(email));
        } else {
            split::phones(text).into_iter().for_each(|phone| values.push(phone));
        }
        Some(())
    }
}

impl MemberRole {
    fn of(name: &str, meaning: &Meaning, identifiers: &[String], reads_names: bool) -> Self {
        // A second value of a field, and one without a known meaning, becomes a custom field, which may produce keys.
        // The member of the id may be an identifier as well.
        if name == "provenance" || ValueRole::of_field(&custom_field(name)).is_some() || meaning.identifier.is_some() {
            return Self::Unread;
        }
        let role = match &meaning.target {
            None if layout::is_container(name) => return Self::Container,
            None => return Self::Ignored,
            Some(_) if layout::is_container(name) => return Self::Unread,
            Some(MappingTarget::CustomFields) => return Self::CustomFields,
            Some(MappingTarget::Field(Field::Channels)) => return Self::Channels,
            Some(MappingTarget::Field(Field::Custom(name))) => KeyRole::of_identifier(name, identifiers),
            Some(target) => KeyRole::of_target(target),
        };
        match role {
            None => Self::Ignored,
            Some(KeyRole::FirstName | KeyRole::LastName | KeyRole::DisplayName) if !reads_names => Self::Ignored,
            Some(role) => Self::Key(role),
        }
    }

    /// Returns the role of a member that has a second meaning, for which its value must not be an object or a list.
    fn of_scalar(self) -> Self {
        match self {
            Self::Ignored | Self::Key(_) => self,
            _ => Self::Unread,
        }
    }
}

/// The values of a channel that a line has.
#[derive(Default)]
struct ChannelValues {
    has_kind: bool,
    has_identity: bool,
    has_account: bool,
}

fn values_of<'r, 'a>(role: KeyRole, row: &'r mut KeyRow<'a>) -> &'r mut Values<'a> {
    if role == KeyRole::Email { &mut row.emails } else { &mut row.phones }
}

/// Reads a list of texts and numbers.
fn read_list<'a>(cursor: &mut LineCursor<'a>, values: &mut Values<'a>) -> Option<()> {
    cursor.take(b'[')?;
    cursor.skip_spaces();
    if cursor.take(b']').is_some() {
        return Some(());
    }
    loop {
        cursor.skip_spaces();
        let (JsonScalar::Text(text) | JsonScalar::Number(text)) = cursor.scalar()? else { return None };
        values.push(text);
        cursor.skip_spaces();
        if cursor.take(b',').is_none() {
            return cursor.take(b']');
        }
    }
}

/// Returns true if a label says that a phone or an email is the contact's own, or nothing.
fn is_personal_label(label: JsonScalar<'_>) -> bool {
    match label {
        JsonScalar::Null => true,
        JsonScalar::Text(label) => is_personal(label.trim()),
        JsonScalar::Number(_) | JsonScalar::Bool(_) => false,
    }
}

//! Builds a row from single values and their meanings.

use std::ops::Range;

use onefold::field_names::role::ValueRole;
use onefold::{Channel, ChannelKind, Contact, Field, Normalizer, Value};

use crate::mapping::target::MappingTarget;
use crate::problem::Problem;
use crate::row::{IdOrigin, Item, LineIds, Row};
use crate::values::blocked_word;
use crate::values::split::{self, LabelledText};
use crate::values::timestamp;
use crate::values::zero_id;

/// A row that is built value by value.
pub(crate) struct RowBuilder {
    pub(crate) line: u64,
    pub(crate) contact: Contact<String>,
    pub(crate) workspace: Option<String>,
    problems: Vec<Problem>,
    has_id: bool,
    says_blocked: bool,
    // Each with its column's name, under which it becomes a custom field if it makes no channel.
    channel_kind: Option<(String, Value)>,
    channel_identity: Option<(String, Value)>,
    channel_account: Option<(String, Value)>,
}

impl RowBuilder {
    /// Returns a row without values.
    pub(crate) fn new(line: u64) -> Self {
        Self {
            line,
            contact: Contact::new(String::new()),
            workspace: None,
            problems: Vec::new(),
            has_id: false,
            says_blocked: false,
            channel_kind: None,
            channel_identity: None,
            channel_account: None,
        }
    }

    /// Reports a problem, once per row.
    pub(crate) fn report(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Returns true if the row has an id.
    pub(crate) fn has_id(&self) -> bool {
        self.has_id
    }

    /// Sets the row's id, unless it is blank or a word for no value.
    pub(crate) fn set_id(&mut self, id: &str) {
        if Normalizer::is_placeholder(id) {
            self.report(Problem::PlaceholderId);
        } else if !id.trim().is_empty() {
            self.contact.id = id.to_owned();
            self.has_id = true;
        }
    }

    /// Returns true if the row's id consists of zeros.
    pub(crate) fn has_zero_id(&self) -> bool {
        self.has_id && zero_id::is_zero(&self.contact.id)
    }

    /// Removes the row's id, which is a placeholder.
    pub(crate) fn forget_id(&mut self) {
        self.contact.id.clear();
        self.has_id = false;
        self.report(Problem::PlaceholderId);
    }

    /// Adds the text of the column `name`, which means `target`. A blank text is ignored.
    pub(crate) fn put(&mut self, target: Option<&MappingTarget>, name: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        match target {
            Some(MappingTarget::Id) if !self.has_id => self.set_id(text),
            Some(MappingTarget::Blocked) => self.set_blocked(text),
            Some(MappingTarget::Field(field @ (Field::Email | Field::Phone | Field::Tags))) => {
                split::values(field, text)
                    .into_iter()
                    .for_each(|value| self.push(field.clone(), value.into_owned().into()));
            }
            Some(MappingTarget::Field(field @ (Field::CreatedAt | Field::UpdatedAt))) => {
                let time = timestamp::from_cell(text);
                self.set(field.clone(), name, time.map_or_else(|| text.into(), Value::Time));
            }
            // A table holds a list of channels only as JSON, which `set_json` reads.
            Some(MappingTarget::Field(Field::Channels)) => {
                if !text.trim_start().starts_with('[') || self.contact.set_json("channels", text).is_err() {
                    self.keep(name, text.into());
                }
            }
            Some(MappingTarget::Field(field)) => self.set(field.clone(), name, text.into()),
            Some(MappingTarget::CustomFields) => {
                if !text.trim_start().starts_with('{') || self.set_custom(text).is_err() {
                    self.keep(name, text.into());
                }
            }
            Some(MappingTarget::ChannelKind | MappingTarget::ChannelIdentity | MappingTarget::ChannelAccount) => {
                self.put_channel_value(target, name, text.into());
            }
            Some(MappingTarget::Id) | None => self.keep(name, text.into()),
        }
    }

    /// Adds a phone or an email of the column `name`, with a label such as "Work" or "Fax".
    pub(crate) fn put_labelled(&mut self, field: &Field, name: &str, label: &str, text: &str) {
        for LabelledText { label, text } in split::labelled(text, label) {
            match role_name(field, label) {
                None => self.put(Some(&MappingTarget::Field(field.clone())), name, text),
                Some(_) if text.trim().is_empty() => {}
                Some(name) => {
                    for value in split::values(field, text) {
                        self.keep(&name, value.into_owned().into());
                    }
                }
            }
        }
    }

    /// Sets the custom fields of a JSON object; fields that the row already has stay.
    pub(crate) fn set_custom(&mut self, json: &str) -> Result<(), onefold::contact::JsonError> {
        let is_custom = |field: &Field, _: &mut Value| matches!(field, Field::Custom(_));
        let held: Vec<_> = self.contact.fields.extract_if(.., is_custom).collect();
        let outcome = self.contact.set_json("custom", json);
        self.contact.fields.extend(held);
        outcome
    }

    /// Adds the kind, the identity or the account of a channel.
    pub(crate) fn put_channel_value(&mut self, target: Option<&MappingTarget>, name: &str, value: Value) {
        let slot = match target {
            Some(MappingTarget::ChannelKind) => &mut self.channel_kind,
            Some(MappingTarget::ChannelIdentity) => &mut self.channel_identity,
            _ => &mut self.channel_account,
        };
        match slot {
            None => *slot = Some((name.to_owned(), value)),
            Some(_) => self.keep(name, value),
        }
    }

    /// Sets a field of one value; a second value becomes a custom field named after its column.
    pub(crate) fn set(&mut self, field: Field, name: &str, value: Value) {
        match self.contact.get(&field) {
            Some(held) if !held.is_empty() => self.keep(name, value),
            _ => drop(self.contact.fields.insert(field, value)),
        }
    }

    /// Appends a value to a list.
    pub(crate) fn push(&mut self, field: Field, value: Value) {
        let held = self.contact.fields.entry(field).or_insert(Value::Null);
        match held {
            Value::List(items) => items.push(value),
            Value::Null => *held = Value::List(vec![value]),
            one => {
                let first = std::mem::replace(one, Value::Null);
                *one = Value::List(vec![first, value]);
            }
        }
    }

    /// Adds a value without a known meaning as a custom field of the name `name`. Names with a meaning in the JSON form get a
    /// suffix, so that a written file can be read: a second `country` becomes `country (other)`.
    pub(crate) fn keep(&mut self, name: &str, value: Value) {
        self.keep_as(custom_field(name), value);
    }

    /// Adds a value as a custom field.
    pub(crate) fn keep_as(&mut self, field: Field, value: Value) {
        match self.contact.get(&field) {
            None => drop(self.contact.fields.insert(field, value)),
            Some(_) => self.push(field, value),
        }
    }

    /// Reads a word for blocked. An unknown word is reported and means yes, so that no block is lost.
    pub(crate) fn set_blocked(&mut self, word: &str) {
        self.says_blocked = true;
        match blocked_word::read(word) {
            Some(blocked) => self.add_blocked(blocked),
            None => {
                self.contact.blocked = true;
                self.report(Problem::UnclearBlocked);
            }
        }
    }

    /// Adds a value for blocked. The contact is blocked if any value says so.
    pub(crate) fn add_blocked(&mut self, blocked: bool) {
        self.says_blocked = true;
        self.contact.blocked |= blocked;
    }

    /// Returns the row at the bytes `span` of `content`, or [`Item::Skipped`] if it has no value.
    pub(crate) fn finish(mut self, ids: &mut LineIds, content: &[u8], span: Range<usize>) -> Item {
        self.join_channel();
        if !self.has_id && self.contact.fields.values().all(Value::is_empty) {
            return Item::Skipped { line: self.line, problem: Problem::NoValue };
        }
        if !self.has_id {
            self.contact.id = ids.id(content, self.line);
        }
        Item::Contact(Row {
            line: self.line,
            span,
            contact: self.contact,
            says_blocked: self.says_blocked,
            id_origin: if self.has_id { IdOrigin::Given } else { IdOrigin::Line },
            workspace: self.workspace,
            problems: self.problems,
        })
    }

    fn join_channel(&mut self) {
        let (kind, identity, account) =
            (self.channel_kind.take(), self.channel_identity.take(), self.channel_account.take());
        let text = |slot: &Option<(String, Value)>| -> Option<String> {
            let (_, value) = slot.as_ref()?;
            value.as_written().filter(|text| !text.trim().is_empty()).map(str::to_owned)
        };
        if let (Some(kind), Some(identity)) = (text(&kind), text(&identity))
            && matches!(self.contact.get(&Field::Channels), None | Some(Value::Channels(_)))
        {
            let account = text(&account).unwrap_or_default();
            let channels = split::channels(&kind, &identity, &account)
                .into_iter()
                .map(|(kind, identity, account)| Channel::new(ChannelKind::from_name(kind.trim()), account, identity));
            match self.contact.fields.get_mut(&Field::Channels) {
                Some(Value::Channels(held)) => held.extend(channels),
                _ => drop(self.contact.fields.insert(Field::Channels, Value::Channels(channels.collect()))),
            }
            return;
        }
        for (name, value) in [kind, identity, account].into_iter().flatten() {
            self.keep(&name, value);
        }
    }
}

/// Returns the name of the custom field for a phone or an email whose label says that it is a company's, another person's, or a
/// fax; `None` for the contact's own.
pub(crate) fn role_name(field: &Field, label: &str) -> Option<String> {
    if is_personal(label) {
        return None;
    }
    let kind = if *field == Field::Email { "email" } else { "phone" };
    Some(format!("{} {kind}", label.trim()))
}

/// Returns true if a value with this label is the contact's own.
pub(crate) fn is_personal(label: &str) -> bool {
    // The labels of most rows of an export.
    let usual = label.strip_prefix("* ").unwrap_or(label);
    matches!(usual, "" | "Mobile" | "Work" | "Home" | "Other" | "mobile" | "work" | "home" | "other")
        || ValueRole::of_label(label) == ValueRole::Personal
}

/// Returns the custom field for a value without a known meaning, by the name of its column.
pub(crate) fn custom_field(name: &str) -> Field {
    let is_taken = matches!(name, "id" | "blocked" | "custom" | "provenance")
        || !matches!(Field::from_name(name), Field::Other(_) | Field::Custom(_));
    Field::Other(if is_taken { format!("{name} (other)").into() } else { name.into() })
}

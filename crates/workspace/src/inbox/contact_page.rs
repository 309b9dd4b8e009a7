//! The fields on a contact's page, and the values that users may write into them.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::names;
use crate::roles::Operation;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Contact, ContactId, CustomType, Field, Provenance, Source, Value};
use onefold::field_names::consent;
use onefold::normalize::Region;

/// Countries without a numbering plan of their own, which are therefore no [`Region`] (ISO 3166-1).
const WITHOUT_PLAN: [&str; 7] = ["AQ", "BV", "GS", "HM", "PN", "TF", "UM"];

/// The limit of a text written by a user, in bytes.
pub const MAX_TEXT_BYTES: usize = 65_536;

/// The limit of values that a user may write into a list.
pub const MAX_WRITTEN_VALUES: usize = 100;

/// The fields on a contact's page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Details<Id> {
    /// The id of the contact.
    pub id: Id,
    /// The fields, in the order of the page.
    pub fields: Vec<Detail>,
}

/// A field on a contact's page. `Debug` does not show the value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
pub struct Detail {
    /// The name of the field.
    pub field: Field,
    /// The type of its values, or `None` for a field unknown to onefold.
    #[serde(rename = "type")]
    pub kind: Option<FieldType>,
    /// The value, or `None` if the field is absent.
    pub value: Option<Value>,
    /// True if users can edit the field with [`Workspace::set_field`]. Tags and channels have their own operations.
    #[serde(rename = "editable")]
    pub is_editable: bool,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[derive(serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A text.
    Text,
    /// A country, by its ISO 3166-1 alpha-2 code.
    Country,
    /// A language, by its BCP 47 tag.
    Language,
    /// Email addresses, the primary one first.
    Emails,
    /// Phone numbers, the primary one first.
    Phones,
    /// Tags.
    Tags,
    /// Channels.
    Channels,
    /// A point in time.
    Timestamp,
    /// The defined type of a custom field.
    #[serde(untagged)]
    Custom(CustomType),
}

impl<Id: ContactId> Workspace<Id> {
    /// Returns a live contact's fields in the order of [`Workspace::field_order`], followed by its other fields, which
    /// users cannot edit. Cost: O(f log f) for f fields.
    ///
    /// # Errors
    /// - Those of [`Workspace::check_live`].
    pub fn details(&self, id: &Id) -> Result<Details<Id>, WorkspaceError<Id>> {
        let contact = &self.row(id)?.contact;
        let order = self.field_order();
        let others = contact.fields.keys().filter(|field| !order.contains(field)).cloned();
        let others: Vec<Field> = others.collect();
        let detail = |field: Field, is_known: bool| Detail {
            kind: self.type_of(&field),
            value: contact.get(&field).cloned(),
            is_editable: is_known && is_editable(&field),
            field,
        };
        let known = order.into_iter().map(|field| detail(field, true));
        let fields = known.chain(others.into_iter().map(|field| detail(field, false))).collect();
        Ok(Details { id: id.clone(), fields })
    }

    /// Returns the type of a field, or `None` if the field is not known.
    fn type_of(&self, field: &Field) -> Option<FieldType> {
        Some(match field {
            Field::Country => FieldType::Country,
            Field::Language => FieldType::Language,
            Field::Email => FieldType::Emails,
            Field::Phone => FieldType::Phones,
            Field::Tags => FieldType::Tags,
            Field::Channels => FieldType::Channels,
            Field::CreatedAt | Field::UpdatedAt => FieldType::Timestamp,
            Field::Custom(name) => FieldType::Custom(self.rows.tables().definitions.rows().get(name)?.clone()),
            Field::Other(_) => return None,
            _ => FieldType::Text,
        })
    }

    /// Writes a value into a field of a live contact on behalf of a user. [`Value::Null`] clears the field.
    ///
    /// The value must fit the field:
    /// - First name, last name and assignee are texts.
    /// - The country is an ISO 3166-1 alpha-2 code and the language a BCP 47 tag.
    /// - Each email must give a key. Each phone must give one by its country code.
    /// - A custom field takes the values of its defined type.
    ///
    /// The provenance of the value becomes manual, at the time of `act`, and not verified. When phones are written, a
    /// missing or derived country is derived again. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// In this order:
    /// - [`WorkspaceError::NotAllowed`] if the role may not edit contacts.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::NotEditable`] if users cannot edit the field.
    /// - [`WorkspaceError::UnknownField`] if the custom field is not defined.
    /// - [`WorkspaceError::DoesNotFit`] or [`WorkspaceError::NoKey`] if the value does not fit the field.
    pub fn set_field(
        &mut self,
        id: &Id,
        field: &Field,
        value: Value,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::EditContact)?;
        let before = &self.row(id)?.contact;
        let value = match value {
            Value::Text(text) if matches!(field, Field::Email | Field::Phone) => Value::List(vec![Value::Text(text)]),
            value => value,
        };
        let held = before.get(field).map(items).unwrap_or_default();
        if *field == Field::Tags {
            return Err(WorkspaceError::NotEditable { field: field.clone() });
        }
        self.check_written(field, &value, held)?;
        // A repeated withdrawal of a consent is recorded, because a later undo must know of a withdrawal after its
        // merge.
        let is_derived = before.provenance.get(field).is_some_and(|known| known.source == Source::Derived);
        if before.get(field) == Some(&value) && !is_derived && !consent::is_protective(field, &value) {
            return self.transact(act, |_| Ok(()));
        }
        let mut contact = before.clone();
        contact.fields.insert(field.clone(), value);
        let by_hand = Provenance { source: Source::Manual, changed_at: Some(act.at), verified: false };
        contact.provenance.insert(field.clone(), by_hand);
        if *field == Field::Phone {
            self.derive_country(&mut contact, act);
        }
        self.transact(act, |workspace| {
            workspace.rewrite_now(contact, act);
            workspace.withdraw_again(id, &BTreeSet::from([field.clone()]));
            Ok(())
        })
    }

    /// Checks that a user may write a value into a field. Values in `held`, which the field holds already, are not
    /// checked.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotEditable`] if users cannot edit the field.
    /// - [`WorkspaceError::UnknownField`] if the custom field is not defined.
    /// - [`WorkspaceError::DoesNotFit`], [`WorkspaceError::NoKey`] or [`WorkspaceError::BadName`] if the value does not
    ///   fit.
    pub(crate) fn check_written(&self, field: &Field, value: &Value, held: &[Value]) -> Result<(), WorkspaceError<Id>> {
        if !is_editable(field) && *field != Field::Tags {
            return Err(WorkspaceError::NotEditable { field: field.clone() });
        }
        let is_list = matches!(field, Field::Email | Field::Phone | Field::Tags);
        let misfit = |position: usize, expected: &'static str| WorkspaceError::DoesNotFit {
            field: field.clone(),
            position,
            expected,
        };
        let kind = match field {
            Field::Custom(name) => {
                let kind = self.rows.tables().definitions.rows().get(name);
                Some(kind.ok_or_else(|| WorkspaceError::UnknownField { field: field.clone() })?)
            }
            _ => None,
        };
        match (kind, value) {
            (_, Value::Null) => {}
            (_, Value::Text(text)) if text.len() > MAX_TEXT_BYTES => return Err(misfit(0, "short enough")),
            (Some(kind), value) if kind.fits(value) => {}
            (Some(kind), _) => return Err(misfit(0, kind.expected())),
            (None, Value::List(items)) if is_list => self.check_items(field, items, held)?,
            (None, Value::Text(text)) if !is_list => match field {
                Field::Country if !is_country(text) => return Err(misfit(0, "a country")),
                Field::Language if !is_language(text) => return Err(misfit(0, "a language")),
                _ => {}
            },
            _ => return Err(misfit(0, if is_list { "a list of texts" } else { "a text" })),
        }
        Ok(())
    }

    fn check_items(&self, field: &Field, items: &[Value], held: &[Value]) -> Result<(), WorkspaceError<Id>> {
        let misfit = |position: usize, expected: &'static str| WorkspaceError::DoesNotFit {
            field: field.clone(),
            position,
            expected,
        };
        let normalizer = self.index.normalizer().without_regions();
        for (position, item) in items.iter().enumerate() {
            if held.contains(item) {
                continue;
            }
            let Some(text) = item.as_text() else { return Err(misfit(position, "a text")) };
            if position >= MAX_WRITTEN_VALUES {
                return Err(misfit(position, "one of so many values"));
            }
            if items[..position].contains(item) {
                return Err(misfit(position, "another value than those before"));
            }
            let keys = match field {
                Field::Phone => normalizer.phone(text, None),
                Field::Email => normalizer.email(text),
                _ => {
                    names::checked::<Id>(text, "tag")?;
                    continue;
                }
            };
            keys.map_err(|reason| WorkspaceError::NoKey { field: field.clone(), position, reason })?;
        }
        Ok(())
    }

    /// Derives a country again if it was derived, because the contact may have lost the phone that it came from.
    pub(crate) fn derive_country_anew(&self, contact: &mut Contact<Id>, act: &Act) {
        if contact.provenance.get(&Field::Country).is_some_and(|known| known.source == Source::Derived) {
            self.derive_country(contact, act);
        }
    }

    /// Derives the country of a contact from its phones, or else from the numbers of its channels, unless it has a
    /// given country. Nothing is derived if the normaliser takes values as written.
    pub(crate) fn derive_country(&self, contact: &mut Contact<Id>, act: &Act) {
        let normalizer = self.index.normalizer();
        let is_derived = contact.provenance.get(&Field::Country).is_some_and(|known| known.source == Source::Derived);
        let is_given = contact.get(&Field::Country).is_some_and(|country| !country.is_empty());
        if normalizer.is_as_written() || (is_given && !is_derived) {
            return;
        }
        let of_phones = contact.phones().take(MAX_WRITTEN_VALUES).find_map(|phone| normalizer.country_of(phone, None));
        let of_channels = || {
            let channels = contact.channels().iter().take(MAX_WRITTEN_VALUES);
            channels.filter_map(|channel| normalizer.channel_country(channel)).next()
        };
        match of_phones.or_else(of_channels) {
            Some(region) if contact.country() == Some(region.code()) => {}
            Some(region) => {
                contact.fields.insert(Field::Country, Value::from(region.code()));
                let derived = Provenance { source: Source::Derived, changed_at: Some(act.at), verified: false };
                contact.provenance.insert(Field::Country, derived);
            }
            None if is_derived => {
                contact.fields.remove(&Field::Country);
                contact.provenance.remove(&Field::Country);
            }
            None => {}
        }
    }
}

/// Returns the elements of a list, or a single value as a list of one.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    }
}

/// Returns true if users can edit a field.
fn is_editable(field: &Field) -> bool {
    matches!(
        field,
        Field::Assignee
            | Field::Country
            | Field::Email
            | Field::FirstName
            | Field::Language
            | Field::LastName
            | Field::Phone
            | Field::Custom(_)
    )
}

fn is_country(text: &str) -> bool {
    text.parse::<Region>().is_ok() || WITHOUT_PLAN.iter().any(|code| code.eq_ignore_ascii_case(text))
}

/// Returns true if a text is a well-formed language tag (BCP 47, RFC 5646 section 2.1, without grandfathered tags).
fn is_language(text: &str) -> bool {
    let mut subtags = text.split('-');
    let first = subtags.next().unwrap_or_default();
    let is_letters = first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_private = first.eq_ignore_ascii_case("x") && text.len() > 1;
    let is_primary = (2..=8).contains(&first.len()) || is_private;
    let is_subtag = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_letters && is_primary && text.len() <= 255 && subtags.all(is_subtag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_languages_are_distinguished_from_other_texts() {
        for country in ["BR", "br", "GB", "AQ"] {
            assert!(is_country(country), "{country}");
        }
        for other in ["", "B", "Brazil", "ZZ", "B1", "BRA"] {
            assert!(!is_country(other), "{other}");
        }
        for language in ["pt", "pt-BR", "zh-Hant-TW", "de-CH-1996", "x-house", "yue"] {
            assert!(is_language(language), "{language}");
        }
        let longest = format!("aaa{}", "-aaaaaaaa".repeat(28));
        assert!(longest.len() == 255 && is_language(&longest) && !is_language(&format!("a{longest}")));
        for other in ["", "p", "x", "pt_BR", "pt-", "portuguese language", "pt-toolongtag", "1x"] {
            assert!(!is_language(other), "{other}");
        }
    }
}

//! The suggestions of a group, with the rows of their members.

use std::borrow::Cow;
use std::collections::BTreeMap;

use onefold::{Contact, Field, Reason, Suggestion, Value};
use onefold_files::{Format, IdOrigin, Input, InputError, country};

use crate::input::row_text::named;
use crate::scan::group_order::SortedGroup;
use crate::scan::group_rows::GroupRows;
use crate::scan::key_scan::{FileScan, KeyScan};
use crate::scan::row_bytes::RowBytes;

/// A suggestion of a group.
pub struct SuggestedGroup<'a> {
    /// The workspace of its members.
    pub workspace: Option<&'a str>,
    /// The suggestion.
    pub suggestion: Suggestion<String>,
    /// The members of the suggestion, in the order of the file.
    pub members: Vec<GroupMember<'a>>,
}

/// A member of a group.
pub struct GroupMember<'a> {
    /// The number of the contact.
    pub number: u32,
    /// Its id.
    pub id: &'a str,
    /// The bytes of its row.
    pub bytes: &'a [u8],
    /// True if the id was generated from the line number.
    pub is_made: bool,
    /// True if the card alone gives another contact.
    pub differs_alone: bool,
    /// The contact, or `None` if its row cannot be read alone.
    pub contact: Option<Contact<String>>,
}

/// Reads the contacts of groups.
pub struct GroupReader<'a> {
    /// The keys and groups of the file.
    pub scan: &'a KeyScan,
    /// The rows of the members.
    pub rows: &'a GroupRows,
    /// Reads and writes rows in the format of the file.
    pub input: Input,
}

impl<'a> GroupReader<'a> {
    /// Returns the suggestions of a group, usually one.
    pub fn suggestions(&mut self, sorted: &SortedGroup<'a>) -> Vec<SuggestedGroup<'a>> {
        let mut group = self.scan.groups.group();
        let mut members = Vec::with_capacity(sorted.group.len());
        let is_of_cards = self.input.format() == Format::VCard;
        for &number in sorted.group {
            let (_, id) = self.rows.name(number);
            let Some(row) = RowBytes::of(self.rows.row(number)) else { continue };
            let (contact, is_made) = self.contact(id, row.bytes);
            let mut added = group.add(id.to_owned());
            let of_keys = row.key_fields.as_ref().or(contact.as_ref()).map(with_code);
            if let Some(contact) = of_keys {
                self.scan.groups.normalizer().contact(&contact).keys.iter().for_each(|key| added.key(key));
            }
            let differs_alone = is_of_cards && row.key_fields.is_some();
            members.push(GroupMember { number, id, bytes: row.bytes, is_made, differs_alone, contact });
        }
        let suggestions = group.take_suggestions(sorted.workspace);
        let mut suggested = Vec::with_capacity(suggestions.len());
        for suggestion in suggestions {
            let is_member = |member: &mut GroupMember<'_>| {
                suggestion.members.binary_search_by(|other| other.as_str().cmp(member.id)).is_ok()
            };
            let members = members.extract_if(.., is_member).collect();
            suggested.push(SuggestedGroup { workspace: sorted.workspace, suggestion, members });
        }
        suggested
    }

    /// Returns the contact with a number, with the code of its country, or `None` if its row cannot be read alone.
    pub fn other_holder(&mut self, number: u32) -> Option<Contact<String>> {
        let (_, id) = self.rows.name(number);
        let row = RowBytes::of(self.rows.row(number))?;
        self.contact(id, row.bytes).0.map(country::with_code)
    }

    /// Returns how many values of some contacts gave no key, by the reason.
    pub fn rejections(&mut self, contacts: &[u32]) -> BTreeMap<Reason, usize> {
        let mut rejections = BTreeMap::new();
        for &number in contacts {
            let Some(row) = RowBytes::of(self.rows.row(number)) else { continue };
            let Some(contact) = row.key_fields.or_else(|| self.input.reread(row.bytes).map(|row| row.contact)) else {
                continue;
            };
            for rejection in self.scan.groups.normalizer().contact(&country::with_code(contact)).rejections {
                *rejections.entry(rejection.reason).or_default() += 1;
            }
        }
        rejections
    }

    /// Returns true if a member's card begins or ends in the middle of a line, so that the text around it would be read otherwise
    /// without it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn shares_line(&self, member: &GroupMember<'_>) -> Result<bool, InputError> {
        let row = RowBytes::of(self.rows.row(member.number));
        let (Some(row), Some((chunk, _))) = (row, self.scan.chunk_of(member.number)) else { return Ok(false) };
        let Some(FileScan { file, .. }) = self.scan.files.get(chunk.file) else { return Ok(false) };
        if file.format() != Format::VCard {
            return Ok(false);
        }
        let (start, end) = (chunk.chunk.range.start + row.span().start, chunk.chunk.range.start + row.span().end);
        let is_line_end = |byte: Option<&u8>| matches!(byte, Some(b'\n' | b'\r'));
        let ends_line = end >= file.text_len() || is_line_end(row.bytes.last());
        let before = file.with_text(start.saturating_sub(1)..start, |text| text.last().copied())?;
        Ok(!ends_line || before.is_some() && !is_line_end(before.as_ref()))
    }

    /// Returns the contact of a row if it has this id, and whether the row has none.
    fn contact(&mut self, id: &str, bytes: &[u8]) -> (Option<Contact<String>>, bool) {
        let Some(row) = self.input.reread(bytes) else { return (None, false) };
        let is_made = row.id_origin == IdOrigin::Line;
        let contact = named(row, id);
        ((contact.id == id).then_some(contact), is_made)
    }
}

/// Returns a contact with the code of its country in place of the name.
pub fn with_code(contact: &Contact<String>) -> Cow<'_, Contact<String>> {
    let code = contact.country().and_then(country::code).map(Value::from);
    if code.is_none() || contact.get(&Field::Country) == code.as_ref() {
        Cow::Borrowed(contact)
    } else {
        Cow::Owned(country::with_code(contact.clone()))
    }
}

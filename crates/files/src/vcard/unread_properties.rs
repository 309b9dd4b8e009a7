//! The properties of vCards that are not read although phones or emails are in them.

use std::sync::Arc;

use crate::mapping::unread_column::{self, UnreadNames};
use crate::problem::Problem;
use crate::row_builder::RowBuilder;
use crate::vcard::VCards;
use crate::vcard::fields::target;
use crate::vcard::property::Property;

/// Addresses of other networks look like emails.
const OTHERS: [&str; 10] =
    ["impp", "x-jabber", "x-msn", "x-aim", "x-yahoo", "x-icq", "x-skype", "x-sip", "x-google-talk", "x-gtalk"];

impl VCards {
    /// Returns a problem for each property that is not read although phones or emails are in it, judged by the first cards of a
    /// text. O(n) in the sample.
    pub(crate) fn unread_in(&mut self, content: &[u8]) -> Vec<Problem> {
        let start = self.lines.clone();
        let mut unread = UnreadNames::default();
        for _ in 0..unread_column::SAMPLED_ROWS {
            let first = match self.begun.take().map_or_else(|| self.find_card(content), Ok) {
                Ok(first) => first,
                Err(Some(_)) => continue,
                Err(None) => break,
            };
            let card = self.read_card(content, &first);
            self.look_at_unread(&card.properties, &mut unread);
        }
        (self.begun, self.lines) = (None, start);
        unread.problems()
    }

    /// Returns the same problems for the text of the file.
    pub(crate) fn unread(&mut self) -> Vec<Problem> {
        let content = Arc::clone(&self.content);
        self.unread_in(&content)
    }

    fn look_at_unread(&self, properties: &[Property], unread: &mut UnreadNames) {
        let mut builder = RowBuilder::new(0);
        for property in properties {
            let name = property.name.as_str();
            let is_other = OTHERS.iter().any(|other| name.starts_with(other)) || name == "version";
            let is_read = target(property).is_some()
                || self.mapped.peek(name).is_some()
                || self.identifiers.field_of(name).is_some();
            if !is_other && !is_read && !property.is_binary && self.workspace.as_deref() != Some(name) {
                unread.look_at(name, &property.text(&mut builder));
            }
        }
    }
}

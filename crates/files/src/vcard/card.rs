//! From the logical lines of a vCard to its properties, and what is wrong with it.

use std::ops::Range;

use crate::problem::Problem;
use crate::vcard::lines::{CardLine, CardLines, LineKind};
use crate::vcard::property::{Property, Statement};

/// A card as it was read.
#[derive(Default)]
pub(crate) struct Card {
    pub(crate) properties: Vec<Property>,
    /// The bytes of each property, with its folds and its line end.
    pub(crate) spans: Vec<Range<usize>>,
    /// Where the line begins that ends the card, if there is one.
    pub(crate) end: Option<usize>,
    /// What is wrong with it.
    pub(crate) problems: Vec<Problem>,
    /// Why nothing of it can be used.
    pub(crate) refusal: Option<Problem>,
    /// True if the text ended before the card.
    pub(crate) is_cut: bool,
    // Whether it says its version, and anything else but who wrote it.
    has_version: bool,
    has_body: bool,
    uid: Option<Statement>,
}

impl Card {
    /// Reads the card that begins with `first`, to its end or to the beginning of the next one, which is given back then.
    /// O(n) in its lines.
    pub(crate) fn read(lines: &mut CardLines, content: &[u8], first: &CardLine) -> (Self, Option<CardLine>) {
        let mut card = Self::default();
        let mut is_behind_begin = first.is_followed;
        let mut opens_agent = false;
        while let Some(line) = lines.next(content) {
            let text = match line.kind {
                LineKind::End => {
                    card.end = Some(line.start);
                    return (card, None);
                }
                // vCard 2.1 puts the whole card of somebody's agent into the card.
                LineKind::Begin if opens_agent => {
                    opens_agent = false;
                    if let Some(next) = pass_agent(lines, content) {
                        return (card.unclosed(), Some(next));
                    }
                    card.extend_last(lines.at());
                    continue;
                }
                LineKind::Begin => return (card.unclosed(), Some(line)),
                LineKind::Text(text) => text,
            };
            let property = Property::parse(&text);
            opens_agent = property.as_ref().is_some_and(|property| property.opens_agent() && !property.begins_agent());
            match property {
                // Where properties run into each other, nobody can tell one value from the next.
                property if is_behind_begin && !property.as_ref().is_some_and(Property::is_version) => {
                    card.refusal = Some(Problem::CardOnOneLine);
                }
                None => card.problems.push(Problem::NotAProperty { line: line.number }),
                Some(property) => {
                    let begins_agent = property.begins_agent();
                    card.push(property, line.number, line.start..lines.at());
                    if begins_agent && let Some(next) = pass_agent(lines, content) {
                        return (card.unclosed(), Some(next));
                    }
                    card.extend_last(lines.at());
                }
            }
            is_behind_begin = false;
        }
        card.is_cut = true;
        (card.unclosed(), None)
    }

    /// Returns the card in a text with the line ends of `like`, or `None` if the text is not exactly one usable card.
    pub(crate) fn alone(like: &CardLines, content: &[u8]) -> Option<Self> {
        let mut lines = like.restarted();
        let first = lines.next(content).filter(|first| first.kind == LineKind::Begin && first.start == 0)?;
        let (card, next) = Self::read(&mut lines, content, &first);
        let is_whole = next.is_none() && lines.at() == content.len() && card.refusal.is_none();
        is_whole.then_some(card)
    }

    fn push(&mut self, property: Property, line: u64, span: Range<usize>) {
        // Each card has one version and one UID.
        let is_of_another = match property.name.as_str() {
            "version" => std::mem::replace(&mut self.has_version, true) && self.has_body,
            "uid" => {
                let said = property.statement();
                self.uid.get_or_insert_with(|| said.clone()) != &said
            }
            _ => false,
        };
        if is_of_another && self.refusal.is_none() {
            self.refusal = Some(Problem::CardsNotSeparated);
        }
        self.has_body |= !matches!(property.name.as_str(), "version" | "prodid");
        if property.lacks_colon {
            self.problems.push(Problem::MissingColon { line });
        }
        self.properties.push(property);
        self.spans.push(span);
    }

    /// Adds the card of an agent to the property before it.
    fn extend_last(&mut self, end: usize) {
        if let Some(span) = self.spans.last_mut() {
            span.end = end;
        }
    }

    fn unclosed(mut self) -> Self {
        self.problems.push(Problem::UnclosedCard);
        self
    }
}

/// Passes over the card of somebody's agent. Gives the beginning of another card that stands before its end.
fn pass_agent(lines: &mut CardLines, content: &[u8]) -> Option<CardLine> {
    let mut depth = 1_usize;
    let mut opens_agent = false;
    while let Some(line) = lines.next(content) {
        match line.kind {
            LineKind::End if depth == 1 => return None,
            LineKind::End => depth -= 1,
            LineKind::Begin if opens_agent => depth += 1,
            LineKind::Begin => return Some(line),
            LineKind::Text(text) => {
                let property = Property::parse(&text);
                let begins_agent = property.as_ref().is_some_and(Property::begins_agent);
                depth += usize::from(begins_agent);
                opens_agent = property.is_some_and(|property| property.opens_agent() && !begins_agent);
                continue;
            }
        }
        opens_agent = false;
    }
    None
}

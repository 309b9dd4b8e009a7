//! From vCards to rows.
//!
//! Kept under the names of their properties is what has no field of its own. Left out are pictures,
//! sounds, logos and keys that stand in the card itself: they are large, and tell nobody apart.

use onefold::Field;

use crate::input::draft::Draft;
use crate::input::lines::{Line, Lines};
use crate::input::mapped::Mapped;
use crate::input::options::Options;
use crate::input::problem::{InputError, Problem};
use crate::input::row::{Item, LineIds};
use crate::input::target::Target;
use crate::input::vcard_property::{Property, next_line};

pub(super) struct VCards {
    content: Vec<u8>,
    lines: Lines,
    mapped: Mapped,
    workspace: Option<String>,
    ids: LineIds,
    // The line of a card whose first line was read already.
    begun: Option<Line>,
}

/// What a line does to the card it stands in.
enum Frame {
    Begin,
    End,
    Inside(Option<Property>),
}

/// What a card turned out to be.
enum Kind {
    Contact,
    Group,
}

impl VCards {
    pub(super) fn new(content: Vec<u8>, options: &Options) -> Result<Self, InputError> {
        let lines = Lines::new(&content);
        let workspace = options.workspace_column.as_ref().map(|name| name.to_lowercase());
        let mapped = Mapped::new(&options.map)?;
        Ok(Self { content, lines, mapped, workspace, ids: LineIds::default(), begun: None })
    }

    /// The text of the cards.
    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    /// The number of the last line that was read.
    pub(super) fn line(&self) -> u64 {
        self.lines.number()
    }

    pub(super) fn next(&mut self) -> Option<Item> {
        let content = std::mem::take(&mut self.content);
        let item = self.next_of(&content);
        self.content = content;
        item
    }

    fn next_of(&mut self, content: &[u8]) -> Option<Item> {
        let line = match self.begun.take() {
            Some(line) => line,
            None => match self.find_card(content) {
                Ok(line) => line,
                Err(Some(line)) => return Some(Item::Skipped { line, problem: Problem::OutsideCard }),
                Err(None) => {
                    let line = self.line();
                    return self.mapped.take_unseen().map(|problem| Item::Notice { line, problem });
                }
            },
        };
        let mut draft = Draft::new(line.number);
        let properties = self.read_card(content, &mut draft);
        match self.fill(&mut draft, properties) {
            Kind::Contact => {
                let end = self.begun.map_or(self.lines.at(), |next| next.start);
                Some(draft.finish(&mut self.ids, content, line.start..end))
            }
            Kind::Group => Some(Item::Skipped { line: line.number, problem: Problem::GroupCard }),
        }
    }

    /// The line of the next card. What stands before it is an error, with its own first line; at the end
    /// of the input there is neither.
    fn find_card(&mut self, content: &[u8]) -> Result<Line, Option<u64>> {
        let mut outside = None;
        while let Some((line, text)) = next_line(&mut self.lines, content) {
            match (frame(&text), outside) {
                (Frame::Begin, None) => return Ok(line),
                (Frame::Begin, Some(_)) => {
                    self.begun = Some(line);
                    break;
                }
                _ => outside = outside.or(Some(line.number)),
            }
        }
        Err(outside)
    }

    fn read_card(&mut self, content: &[u8], draft: &mut Draft) -> Vec<Property> {
        let mut properties: Vec<Property> = Vec::new();
        while let Some((line, text)) = next_line(&mut self.lines, content) {
            match frame(&text) {
                Frame::End => return properties,
                // vCard 2.1 puts the whole card of somebody's agent into the card.
                Frame::Begin if properties.last().is_some_and(|last| last.name == "agent") => {
                    while let Some((_, text)) = next_line(&mut self.lines, content) {
                        if matches!(frame(&text), Frame::End) {
                            break;
                        }
                    }
                }
                Frame::Begin => {
                    self.begun = Some(line);
                    break;
                }
                Frame::Inside(Some(property)) => properties.push(property),
                Frame::Inside(None) => draft.report(Problem::NotAProperty { line: line.number }),
            }
        }
        draft.report(Problem::UnclosedCard);
        properties
    }

    fn fill(&mut self, draft: &mut Draft, mut properties: Vec<Property>) -> Kind {
        properties.sort_by_key(|property| property.preference);
        for property in &properties {
            if property.is_binary {
                continue;
            }
            if self.workspace.as_ref() == Some(&property.name) {
                draft.workspace = Some(property.text(draft)).filter(|text| !text.trim().is_empty());
            }
            if let Some(target) = self.mapped.find(&property.name) {
                let text = property.text(draft);
                draft.put(Some(&target), &property.name, &text);
                continue;
            }
            if matches!(property.name.as_str(), "kind" | "x-addressbookserver-kind")
                && property.text(draft).trim().eq_ignore_ascii_case("group")
            {
                return Kind::Group;
            }
            match target(property).filter(|target| !self.mapped.has(target)) {
                Some(target) => put(draft, property, &target),
                None => keep(draft, property),
            }
        }
        Kind::Contact
    }
}

fn frame(text: &[u8]) -> Frame {
    let trimmed = text.trim_ascii();
    if trimmed.eq_ignore_ascii_case(b"BEGIN:VCARD") {
        return Frame::Begin;
    }
    if trimmed.eq_ignore_ascii_case(b"END:VCARD") {
        return Frame::End;
    }
    Frame::Inside(Property::parse(text))
}

fn target(property: &Property) -> Option<Target> {
    let is = |name: &str| property.types.iter().any(|word| word == name);
    let field = match property.name.as_str() {
        "uid" => return Some(Target::Id),
        "fn" => Field::DisplayName,
        "n" => Field::LastName,
        "email" => Field::Email,
        // Exporters give types loosely, so that every TEL is a phone, one of a fax too.
        "tel" | "x-whatsapp" => Field::Phone,
        "impp" if is("whatsapp") => Field::Phone,
        "categories" => Field::Tags,
        "adr" => Field::Country,
        "lang" => Field::Language,
        "rev" => Field::UpdatedAt,
        _ => return None,
    };
    Some(Target::Field(field))
}

fn put(draft: &mut Draft, property: &Property, target: &Target) {
    let name = &property.name;
    match name.as_str() {
        "n" => {
            let parts = property.texts(';', draft);
            for (part, field) in parts.iter().zip([Field::LastName, Field::FirstName]) {
                draft.put(Some(&Target::Field(field)), name, part);
            }
            // Other parts of the name have no fields.
            if parts.iter().skip(2).any(|part| !part.trim().is_empty()) {
                keep(draft, property);
            }
        }
        "categories" => {
            for tag in property.texts(',', draft).into_iter().filter(|tag| !tag.trim().is_empty()) {
                draft.push(Field::Tags, tag.into());
            }
        }
        "adr" => {
            if let Some(country) = property.texts(';', draft).get(6)
                && draft.contact.country().is_none()
            {
                draft.put(Some(target), name, country);
            }
            keep(draft, property);
        }
        "impp" => {
            let text = property.text(draft);
            let number = text.split_once(':').map_or(text.as_str(), |(_, number)| number);
            draft.put(Some(target), name, number);
        }
        _ => {
            let text = property.text(draft);
            draft.put(Some(target), name, &text);
        }
    }
}

/// Keeps a property that has no field, under its name.
fn keep(draft: &mut Draft, property: &Property) {
    let name = match property.name.as_str() {
        "version" | "prodid" | "agent" => return,
        name => name,
    };
    // Values with parts keep their escapes, as the parts could not be told apart without.
    let text = match name {
        "n" | "adr" | "org" => property.escaped_text(draft),
        _ => property.text(draft),
    };
    let is_data = matches!(name, "photo" | "logo" | "sound" | "key") && text.trim_start().starts_with("data:");
    if !is_data {
        draft.put(None, name, &text);
    }
}

//! Reads vCards as rows.
//!
//! Properties without a field of their own become custom fields. Embedded pictures, sounds, logos and keys are left out: they are
//! large and do not help to distinguish contacts.
//!
//! Cards with the same UID are one contact: the first one has the values of all.

mod card;
mod fields;
mod lines;
mod property;

use std::collections::{HashMap, HashSet};

use std::sync::Arc;

use onefold::Normalizer;

use crate::mapping::identifier::Identifiers;
use crate::mapping::late_mapping::Mapped;
use crate::mapping::target::MappingTarget;
use crate::mapping::unread_column::{self, UnreadNames};
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::{Item, LineIds};
use crate::row_builder::RowBuilder;
use crate::values::zero_id::{self, ZeroIds};
use crate::vcard::card::Card;
use crate::vcard::fields::{keep, labels, put, put_mapped, target};
use crate::vcard::lines::{CardLine, CardLines, LineKind};
use crate::vcard::property::{Property, Statement};

pub(crate) struct VCards {
    content: Arc<Vec<u8>>,
    lines: CardLines,
    mapped: Mapped,
    identifiers: Identifiers,
    workspace: Option<String>,
    ids: LineIds,
    zero_ids: ZeroIds,
    // The first line of a card, if it was read already.
    begun: Option<CardLine>,
    // The cards of each contact that has several.
    cards: HashMap<CardKey, Vec<CardPlace>>,
    // What stands in properties that are not read.
    unread: UnreadNames,
}

/// Whose a card is: a UID means something in its workspace.
#[derive(Clone, PartialEq, Eq, Hash)]
struct CardKey {
    workspace: Option<String>,
    uid: String,
}

/// Where a card begins.
#[derive(Clone, Copy, PartialEq, Eq)]
struct CardPlace {
    at: usize,
    line: u64,
}

/// What a card turned out to be.
enum CardKind {
    Contact,
    Group,
}

impl VCards {
    /// Looks for cards of the same contact. O(n) in the content.
    pub(crate) fn new(content: Arc<Vec<u8>>, options: &Options) -> Result<Self, InputError> {
        let lines = CardLines::new(&content);
        let workspace = options.workspace_column.as_ref().map(|name| name.to_lowercase());
        let mapped = Mapped::new(&options.map)?;
        let mut cards = Self {
            content,
            lines,
            mapped,
            identifiers: Identifiers::new(&options.identifiers),
            workspace,
            ids: LineIds::default(),
            zero_ids: options.zero_ids,
            begun: None,
            cards: HashMap::new(),
            unread: UnreadNames::default(),
        };
        cards.find_cards_of_one();
        Ok(cards)
    }

    /// Returns the text of the cards.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Returns what UIDs of zeros alone are.
    pub(crate) fn zero_ids(&self) -> ZeroIds {
        self.zero_ids
    }

    /// Returns the number of the last line that was read.
    pub(crate) fn line(&self) -> u64 {
        self.lines.number()
    }

    pub(crate) fn next(&mut self) -> Option<Item> {
        let content = std::mem::take(&mut self.content);
        let item = self.next_of(&content);
        self.content = content;
        item
    }

    fn next_of(&mut self, content: &[u8]) -> Option<Item> {
        let first = match self.begun.take().map_or_else(|| self.find_card(content), Ok) {
            Ok(first) => first,
            Err(Some(line)) => return Some(Item::Skipped { line, problem: Problem::OutsideCard }),
            Err(None) => {
                let line = self.line();
                return self.mapped.take_unseen().map(|problem| Item::Notice { line, problem });
            }
        };
        let (place, mut card) = (CardPlace { at: first.start, line: first.number }, self.read_card(content, &first));
        let end = self.begun.as_ref().map_or(self.lines.at(), |next| next.start);
        if let Some(problem) = card.refusal {
            return Some(Item::Skipped { line: place.line, problem });
        }
        let mut builder = RowBuilder::new(place.line);
        card.problems.into_iter().for_each(|problem| builder.report(problem));
        let key = self.key_of(&card.properties);
        if let Some(places) = key.and_then(|key| self.cards.get(&key)) {
            if places.first() != Some(&place) {
                return Some(Item::Notice { line: place.line, problem: Problem::SameUid });
            }
            let mut said: HashSet<Statement> = card.properties.iter().map(Property::statement).collect();
            for place in places.clone().into_iter().skip(1) {
                self.add_card(content, place, &mut said, &mut card.properties);
            }
        }
        match self.fill(&mut builder, card.properties) {
            CardKind::Contact if builder.has_zero_id() && self.zero_ids == ZeroIds::Placeholders => {
                builder.forget_id();
                Some(builder.finish(&mut self.ids, content, place.at..end))
            }
            CardKind::Contact => Some(builder.finish(&mut self.ids, content, place.at..end)),
            CardKind::Group => Some(Item::Skipped { line: place.line, problem: Problem::GroupCard }),
        }
    }

    /// Notes which contacts have several cards.
    fn find_cards_of_one(&mut self) {
        let content = std::mem::take(&mut self.content);
        let start = self.lines.clone();
        let mut places: HashMap<CardKey, Vec<CardPlace>> = HashMap::new();
        let mut sampled = 0;
        let mut zeros = HashSet::new();
        loop {
            let first = match self.begun.take().map_or_else(|| self.find_card(&content), Ok) {
                Ok(first) => first,
                Err(Some(_)) => continue,
                Err(None) => break,
            };
            let card = self.read_card(&content, &first);
            let is_contact = card.refusal.is_none() && !is_group(&card.properties);
            sampled += 1;
            if sampled <= unread_column::SAMPLED_ROWS {
                self.look_at_unread(&card.properties);
            }
            if let Some(key) = self.key_of(&card.properties).filter(|_| is_contact) {
                if zero_id::is_zero(&key.uid) {
                    if !zeros.insert(key.uid) {
                        self.zero_ids = ZeroIds::Placeholders;
                    }
                    continue;
                }
                places.entry(key).or_default().push(CardPlace { at: first.start, line: first.number });
            }
        }
        places.retain(|_, places| places.len() > 1);
        (self.cards, self.lines, self.content) = (places, start, content);
    }

    /// Returns what is to be said of properties that are not read, by the first cards.
    pub(crate) fn take_unread(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.unread).problems()
    }

    fn look_at_unread(&mut self, properties: &[Property]) {
        // Addresses of other networks look like emails.
        const OTHERS: [&str; 10] =
            ["impp", "x-jabber", "x-msn", "x-aim", "x-yahoo", "x-icq", "x-skype", "x-sip", "x-google-talk", "x-gtalk"];
        let mut builder = RowBuilder::new(0);
        for property in properties {
            let name = property.name.as_str();
            let is_other = OTHERS.iter().any(|other| name.starts_with(other)) || name == "version";
            let is_read = target(property).is_some()
                || self.mapped.peek(name).is_some()
                || self.identifiers.field_of(name).is_some();
            if !is_other && !is_read && !property.is_binary && self.workspace.as_deref() != Some(name) {
                self.unread.look_at(name, &property.text(&mut builder));
            }
        }
    }

    /// Returns the workspace and the id that a card says, unless the id is a word for no value.
    fn key_of(&self, properties: &[Property]) -> Option<CardKey> {
        // What is wrong with these values is said when the card is read as a contact.
        let mut builder = RowBuilder::new(0);
        let text = |property: &Property, builder: &mut RowBuilder| {
            Some(property.text(builder)).filter(|text| !text.trim().is_empty())
        };
        let is_id = |property: &&Property| match self.mapped.peek(&property.name) {
            Some(target) => target == MappingTarget::Id,
            None => property.name == "uid" && !self.mapped.has(&MappingTarget::Id),
        };
        let is_said = |text: &String| !Normalizer::is_placeholder(text);
        let mut uids = properties.iter().filter(is_id).filter_map(|property| text(property, &mut builder));
        let uid = uids.find(is_said)?;
        let names_workspace = |property: &&Property| self.workspace.as_ref() == Some(&property.name);
        let workspace = properties.iter().rfind(names_workspace).and_then(|property| text(property, &mut builder));
        Some(CardKey { workspace, uid })
    }

    /// Adds what another card of the same contact says beside what is `said` already.
    fn add_card(
        &self,
        content: &[u8],
        place: CardPlace,
        said: &mut HashSet<Statement>,
        properties: &mut Vec<Property>,
    ) {
        let mut other = Self {
            content: Arc::default(),
            lines: self.lines.clone(),
            mapped: Mapped::default(),
            identifiers: Identifiers::default(),
            workspace: None,
            ids: LineIds::default(),
            zero_ids: self.zero_ids,
            begun: None,
            cards: HashMap::new(),
            unread: UnreadNames::default(),
        };
        other.lines.go_to(place.at, place.line);
        let Ok(first) = other.find_card(content) else { return };
        for mut property in other.read_card(content, &first).properties {
            if said.insert(property.statement()) {
                // Labels stand in properties of the same card.
                property.group = match property.group.as_str() {
                    "" => String::new(),
                    group => format!("{}.{group}", place.at),
                };
                properties.push(property);
            }
        }
    }

    /// Returns the first line of the next card. What stands before it is an error, with its own first line; at the end
    /// of the input there is neither.
    fn find_card(&mut self, content: &[u8]) -> Result<CardLine, Option<u64>> {
        let mut outside = None;
        while let Some(line) = self.lines.next(content) {
            match (&line.kind, outside) {
                (LineKind::Begin, None) => return Ok(line),
                (LineKind::Begin, Some(_)) => {
                    self.begun = Some(line);
                    break;
                }
                _ => outside = outside.or(Some(line.number)),
            }
        }
        Err(outside)
    }

    fn read_card(&mut self, content: &[u8], first: &CardLine) -> Card {
        let (card, begun) = Card::read(&mut self.lines, content, first);
        self.begun = begun;
        card
    }

    fn fill(&mut self, builder: &mut RowBuilder, mut properties: Vec<Property>) -> CardKind {
        if is_group(&properties) {
            return CardKind::Group;
        }
        properties.sort_by_key(|property| property.preference);
        let labels = labels(&properties, builder);
        for property in &properties {
            if property.is_binary {
                continue;
            }
            if self.workspace.as_ref() == Some(&property.name) {
                builder.workspace = Some(property.text(builder)).filter(|text| !text.trim().is_empty());
            }
            let label = labels.get(property.group.as_str());
            if let Some(target) = self.mapped.find(&property.name) {
                put_mapped(builder, property, &target, label);
                continue;
            }
            let meaning = target(property).filter(|target| !self.mapped.has(target));
            let identifier = self.identifiers.field_of(&property.name);
            if let Some(field) = identifier {
                put_mapped(builder, property, &MappingTarget::Field(field.clone()), label);
            }
            match meaning {
                Some(meaning) if identifier.is_none() || meaning == MappingTarget::Id => {
                    put(builder, property, &meaning, label)
                }
                None if identifier.is_none() => keep(builder, property),
                _ => {}
            }
        }
        CardKind::Contact
    }
}

/// Returns true if a card is of a group.
fn is_group(properties: &[Property]) -> bool {
    let mut builder = RowBuilder::new(0);
    properties.iter().any(|property| {
        matches!(property.name.as_str(), "kind" | "x-addressbookserver-kind")
            && property.text(&mut builder).trim().eq_ignore_ascii_case("group")
    })
}

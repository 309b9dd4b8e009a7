//! Reads vCards as rows.
//!
//! Properties without a field of their own become custom fields. Embedded pictures, sounds, logos and keys are left out: they are
//! large and do not help to distinguish contacts.
//!
//! Cards with the same UID are one contact: the first one has the values of all.

mod card;
mod card_text;
mod draft;
mod edit;
mod fields;
mod form;
mod lines;
mod name_parts;
mod property;
mod property_text;
pub(crate) mod united_cards;
mod unread_data;
mod unread_properties;
mod writer;

use std::collections::HashSet;
use std::io;
use std::ops::Range;

use std::sync::Arc;

use onefold::Normalizer;

use crate::input::shape::LineEnd;
use crate::input::stored_text::StoredText;
use crate::mapping::identifier::Identifiers;
use crate::mapping::late_mapping::Mapped;
use crate::mapping::target::MappingTarget;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::{Item, LineIds, Row};
use crate::row_builder::RowBuilder;
use crate::values::zero_id::{self, ZeroIds};
use crate::vcard::card::Card;
use crate::vcard::fields::{keep, labels, put, put_mapped, target};
use crate::vcard::lines::{CardLine, CardLines, LineKind};
use crate::vcard::property::{Property, Statement};
use crate::vcard::united_cards::{CardPlaces, UnitedCards};

pub(crate) struct VCards {
    // The text of a file that is read as a whole; empty for chunks.
    content: Arc<Vec<u8>>,
    lines: CardLines,
    mapped: Mapped,
    identifiers: Identifiers,
    workspace: Option<String>,
    ids: LineIds,
    zero_ids: ZeroIds,
    // The first line of a card, if it was read already.
    begun: Option<CardLine>,
    // The cards of contacts that have several, by their places in the text of the file.
    united: Arc<UnitedCards>,
    // Where the text that is read begins in the text of the file.
    offset: usize,
    // The text of the file, where the other cards of a contact are read.
    text: Arc<StoredText>,
    // The cards that were read, if they are noted.
    places: Option<CardPlaces>,
    // True if the text ended in the last card.
    is_cut: bool,
}

/// Whose a card is: a UID means something in its workspace.
#[derive(Clone, PartialEq, Eq, Hash)]
struct CardKey {
    workspace: Option<String>,
    uid: String,
}

/// What a card turned out to be.
enum CardKind {
    Contact,
    Group,
}

impl VCards {
    /// Looks for cards of the same contact. O(n) in the content.
    pub(crate) fn new(content: Arc<Vec<u8>>, options: &Options) -> Result<Self, InputError> {
        let text = Arc::new(StoredText::Memory(Arc::clone(&content)));
        let lines = CardLines::new(&content);
        let ids = LineIds::default();
        let mut cards = Self { content, lines, ids, ..Self::of_chunk(options, Arc::default(), 0, text)? };
        cards.find_cards_of_one();
        Ok(cards)
    }

    /// Returns a reader of the cards in a chunk that begins at `offset` in the `text` of a file. The ids of cards without a UID are
    /// meaningless.
    pub(crate) fn of_chunk(
        options: &Options,
        united: Arc<UnitedCards>,
        offset: usize,
        text: Arc<StoredText>,
    ) -> Result<Self, InputError> {
        Ok(Self {
            content: Arc::default(),
            lines: CardLines::ending_in(LineEnd::Feed),
            mapped: Mapped::new(&options.map)?,
            identifiers: Identifiers::new(&options.identifiers),
            workspace: options.workspace_column.as_ref().map(|name| name.to_lowercase()),
            ids: LineIds::unchecked(),
            zero_ids: options.zero_ids,
            begun: None,
            united,
            offset,
            text,
            places: None,
            is_cut: false,
        })
    }

    /// Returns a reader of single cards of a text with these line ends.
    pub(crate) fn alone(line_end: LineEnd, options: &Options) -> Result<Self, InputError> {
        let text = Arc::new(StoredText::Memory(Arc::default()));
        Ok(Self { lines: CardLines::ending_in(line_end), ..Self::of_chunk(options, Arc::default(), 0, text)? })
    }

    /// Returns the text of the cards.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Returns what UIDs of zeros alone are.
    pub(crate) fn zero_ids(&self) -> ZeroIds {
        self.zero_ids
    }

    /// Returns the line ends.
    pub(crate) fn line_end(&self) -> LineEnd {
        self.lines.end()
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

    /// From now on, notes the cards that are read among `places`.
    pub(crate) fn note(&mut self, places: CardPlaces) {
        self.places = Some(places);
    }

    /// Returns the cards that were noted.
    pub(crate) fn take_places(&mut self) -> Option<CardPlaces> {
        self.places.take()
    }

    /// Returns true if the text ended in the last card.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Continues with the card that begins at `at` in the chunk.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.begun = None;
        self.lines.go_to(at, 1);
    }

    /// Returns the next item of a text.
    pub(crate) fn next_of(&mut self, content: &[u8]) -> Option<Item> {
        let first = match self.begun.take().map_or_else(|| self.find_card(content), Ok) {
            Ok(first) => first,
            Err(Some(line)) => return Some(Item::Skipped { line, problem: Problem::OutsideCard }),
            Err(None) => {
                let line = self.line();
                return self.mapped.take_unseen().map(|problem| Item::Notice { line, problem });
            }
        };
        let (start, line, mut card) = (first.start, first.number, self.read_card(content, &first));
        let end = self.end_of_card();
        self.is_cut = card.is_cut;
        if let Some(problem) = card.refusal {
            return Some(Item::Skipped { line, problem });
        }
        let mut builder = RowBuilder::new(line);
        card.problems.into_iter().for_each(|problem| builder.report(problem));
        let key = self.key_of(&card.properties);
        if let (Some(places), Some(key)) = (&mut self.places, &key)
            && !zero_id::is_zero(&key.uid)
            && !is_group(&card.properties)
        {
            places.add(key.workspace.as_deref(), &key.uid, self.offset + start..self.offset + end);
        }
        let of_one = key.and_then(|key| self.united.of(key.workspace.as_deref(), &key.uid).map(Arc::clone));
        if let Some(cards) = of_one {
            if cards.first().is_none_or(|card| card.start != self.offset + start) {
                return Some(Item::Notice { line, problem: Problem::SameUid });
            }
            let mut said: HashSet<Statement> = card.properties.iter().map(Property::statement).collect();
            for card_of_one in cards.iter().skip(1) {
                if self.add_card(card_of_one.clone(), &mut said, &mut card.properties).is_err() {
                    return Some(Item::Skipped { line, problem: Problem::UnreadableCard });
                }
            }
        }
        Some(self.finish(builder, card.properties, content, start..end))
    }

    /// Returns the item of a card with these properties.
    fn finish(
        &mut self,
        mut builder: RowBuilder,
        properties: Vec<Property>,
        content: &[u8],
        span: Range<usize>,
    ) -> Item {
        match self.fill(&mut builder, properties) {
            CardKind::Contact if builder.has_zero_id() && self.zero_ids == ZeroIds::Placeholders => {
                builder.forget_id();
                builder.finish(&mut self.ids, content, span)
            }
            CardKind::Contact => builder.finish(&mut self.ids, content, span),
            CardKind::Group => Item::Skipped { line: builder.line, problem: Problem::GroupCard },
        }
    }

    /// Reads `segment` as a card of this input, or returns `None` if it is not exactly one, or one of several of its contact.
    pub(crate) fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        let card = Card::alone(&self.lines, segment)?;
        let key = self.key_of(&card.properties);
        if key.is_some_and(|key| self.united.of(key.workspace.as_deref(), &key.uid).is_some()) {
            return None;
        }
        let mut builder = RowBuilder::new(1);
        card.problems.into_iter().for_each(|problem| builder.report(problem));
        match self.finish(builder, card.properties, segment, 0..segment.len()) {
            Item::Contact(row) => Some(row),
            _ => None,
        }
    }

    /// Notes which contacts have several cards, and which ids of zeros are placeholders.
    fn find_cards_of_one(&mut self) {
        let content = std::mem::take(&mut self.content);
        let start = self.lines.clone();
        let mut places = CardPlaces::default();
        let mut zeros = HashSet::new();
        while let Some(card) = self.next_card(&content) {
            if let Some((key, range)) = card {
                if zero_id::is_zero(&key.uid) {
                    if !zeros.insert(key.uid) {
                        self.zero_ids = ZeroIds::Placeholders;
                    }
                    continue;
                }
                places.add(key.workspace.as_deref(), &key.uid, range);
            }
        }
        (self.united, self.lines, self.content) = (Arc::new(places.united()), start, content);
    }

    /// Reads the next card, and returns its key and its bytes if it is a contact with a UID. `None` at the end.
    #[expect(clippy::option_option, reason = "the end of the text, and a card without a key")]
    fn next_card(&mut self, content: &[u8]) -> Option<Option<(CardKey, Range<usize>)>> {
        let first = match self.begun.take().map_or_else(|| self.find_card(content), Ok) {
            Ok(first) => first,
            Err(Some(_)) => return Some(None),
            Err(None) => return None,
        };
        let card = self.read_card(content, &first);
        let is_contact = card.refusal.is_none() && !is_group(&card.properties);
        let key = self.key_of(&card.properties).filter(|_| is_contact);
        Some(key.map(|key| (key, first.start..self.end_of_card())))
    }

    /// Returns where the card that was read last ends.
    fn end_of_card(&self) -> usize {
        self.begun.as_ref().map_or(self.lines.at(), |next| next.start)
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
    ///
    /// # Errors
    /// The file cannot be read.
    fn add_card(
        &self,
        card: Range<usize>,
        said: &mut HashSet<Statement>,
        properties: &mut Vec<Property>,
    ) -> io::Result<()> {
        let mut space = Vec::new();
        let content = self.text.read(card.clone(), &mut space)?;
        let mut lines = self.lines.clone();
        lines.go_to(0, 1);
        let Some(first) = lines.next(content) else { return Ok(()) };
        let (other, _) = Card::read(&mut lines, content, &first);
        for mut property in other.properties {
            if said.insert(property.statement()) {
                // Labels stand in properties of the same card.
                property.group = match property.group.as_str() {
                    "" => String::new(),
                    group => format!("{}.{group}", card.start),
                };
                properties.push(property);
            }
        }
        Ok(())
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
        for property in properties.iter().filter(|property| !property.is_binary) {
            self.put(builder, property, labels.get(property.group.as_str()));
        }
        CardKind::Contact
    }

    /// Takes the value of a property; `label` is that of its group.
    fn put(&mut self, builder: &mut RowBuilder, property: &Property, label: Option<&String>) {
        if self.workspace.as_ref() == Some(&property.name) {
            builder.workspace = Some(property.text(builder)).filter(|text| !text.trim().is_empty());
        }
        if let Some(target) = self.mapped.find(&property.name) {
            put_mapped(builder, property, &target, label);
            return;
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
}

/// Returns true if a card is of a group.
fn is_group(properties: &[Property]) -> bool {
    let mut builder = RowBuilder::new(0);
    properties.iter().any(|property| {
        matches!(property.name.as_str(), "kind" | "x-addressbookserver-kind")
            && property.text(&mut builder).trim().eq_ignore_ascii_case("group")
    })
}

//! From JSON objects, one a line or in an array, to rows.

use std::collections::HashMap;

use onefold::{Field, Value};
use serde_json::error::Category;

use crate::input::draft::{Draft, kept_as};
use crate::input::header;
use crate::input::json_fields::{self, put, put_from_inside};
use crate::input::json_layout::{self, JsonLayout};
use crate::input::json_text::{Fields, Pieces, has_lone_surrogate};
use crate::input::lines::Lines;
use crate::input::mapped::Mapped;
use crate::input::options::Options;
use crate::input::problem::{InputError, Problem};
use crate::input::row::{Item, LineIds, Row};
use crate::input::shape::LineEnd;
use crate::input::target::Target;
use crate::input::text;
use crate::input::unread;

/// How many names are remembered with what they mean. Inputs with more have made-up names.
const MAX_NAMES: usize = 10_000;

pub(super) struct Json {
    content: Vec<u8>,
    pieces: Pieces,
    ids: LineIds,
    names: HashMap<String, Meaning>,
    // Whether members of objects such as `properties` mean something by their own names.
    own_names: HashMap<String, bool>,
    pub(super) mapped: Mapped,
    pub(super) workspace: Option<String>,
    is_done: bool,
}

/// What a name means, and how surely: the surer ones are read first, whatever their place in the object.
#[derive(Clone)]
pub(super) struct Meaning {
    pub(super) target: Option<Target>,
    pub(super) sureness: Sureness,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sureness {
    /// The name is mapped, or one of our own.
    Given,
    /// The name is one that others use.
    Guessed,
}

impl Json {
    /// Reads an object from each line.
    pub(super) fn lines(content: Vec<u8>, lines: Lines, options: &Options) -> Result<Self, InputError> {
        let pieces = Pieces::Lines(lines);
        Self::new(content, pieces, options)
    }

    /// Reads lines of a content that is held elsewhere, in which no name is mapped. Rows get ids that nobody sees where they
    /// have none.
    pub(super) fn lines_of_pieces(workspace: Option<String>) -> Self {
        Self {
            content: Vec::new(),
            pieces: Pieces::Lines(Lines::ending_in(LineEnd::Feed)),
            ids: LineIds::unchecked(),
            names: HashMap::new(),
            own_names: HashMap::new(),
            mapped: Mapped::default(),
            workspace,
            is_done: false,
        }
    }

    /// Reads an object from each element of an array.
    pub(super) fn array(content: Vec<u8>, options: &Options) -> Result<Self, InputError> {
        let pieces = Pieces::elements(&content, 0);
        Self::new(content, pieces, options)
    }

    /// Reads the objects of a text that begins with an object, where they stand.
    pub(super) fn inside(content: Vec<u8>, layout: JsonLayout, options: &Options) -> Result<Self, InputError> {
        let pieces = match layout {
            JsonLayout::Lines => Pieces::Lines(Lines::new(&content)),
            JsonLayout::Stream => Pieces::stream(),
            JsonLayout::List { start } => Pieces::elements(&content, start),
        };
        let mut json = Self::new(content, pieces, options)?;
        // What stands behind the list belongs to the object around it.
        json.is_done = matches!(layout, JsonLayout::List { .. });
        Ok(json)
    }

    fn new(content: Vec<u8>, pieces: Pieces, options: &Options) -> Result<Self, InputError> {
        Ok(Self {
            content,
            pieces,
            ids: LineIds::default(),
            names: HashMap::new(),
            own_names: HashMap::new(),
            mapped: Mapped::new(&options.map)?,
            workspace: options.workspace_column.clone(),
            is_done: false,
        })
    }

    /// The number of the line that was reached.
    pub(super) fn line(&self) -> u64 {
        self.pieces.line()
    }

    /// The text of the input.
    pub(super) fn content(&self) -> &[u8] {
        &self.content
    }

    /// What ends a line.
    pub(super) fn line_end(&self) -> LineEnd {
        match &self.pieces {
            Pieces::Lines(lines) => lines.end(),
            Pieces::Array(_) | Pieces::Stream(_) => LineEnd::Feed,
        }
    }

    /// The row that `segment` would be in this input, if it is one line and nothing else.
    pub(super) fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        let Pieces::Lines(lines) = &self.pieces else { return None };
        if lines.again().next(segment)?.next != segment.len() {
            return None;
        }
        let mut draft = Draft::new(1);
        let text = text::read(segment.trim_ascii(), &mut draft);
        let Fields(fields) = serde_json::from_str(&text).ok()?;
        self.fill(&mut draft, &fields);
        match draft.finish(&mut LineIds::default(), segment, 0..segment.len()) {
            Item::Contact(row) => Some(row),
            _ => None,
        }
    }

    /// The name that a field is mapped to.
    pub(super) fn mapped_name(&self, target: &Target) -> Option<&str> {
        self.mapped.name_of(target)
    }

    pub(super) fn next(&mut self) -> Option<Item> {
        let content = std::mem::take(&mut self.content);
        let item = self.next_of(&content);
        self.content = content;
        item
    }

    /// Goes to the line that begins at `at`, behind so many lines.
    pub(super) fn go_to(&mut self, at: usize, lines: u64) {
        if let Pieces::Lines(all) = &mut self.pieces {
            all.go_to(at, lines);
        }
    }

    /// Where the next line begins, and how many lines stand before it.
    pub(super) fn place(&self) -> (usize, u64) {
        match &self.pieces {
            Pieces::Lines(lines) => (lines.at(), lines.number()),
            Pieces::Array(_) | Pieces::Stream(_) => (0, 0),
        }
    }

    /// What comes next in a content that is held elsewhere.
    pub(super) fn next_of(&mut self, content: &[u8]) -> Option<Item> {
        let Some(piece) = self.pieces.next(content) else { return self.notice(content) };
        let line = piece.line;
        let mut draft = Draft::new(line);
        let text = text::read(piece.text, &mut draft);
        let problem = match text.as_bytes().first() {
            Some(b'{') => match serde_json::from_str::<Fields<'_>>(&text) {
                Ok(Fields(fields)) => {
                    self.fill(&mut draft, &fields);
                    return Some(draft.finish(&mut self.ids, content, piece.span));
                }
                Err(error) if error.classify() == Category::Eof => Problem::TruncatedJson,
                Err(error) => Problem::NotJson { column: error.column() },
            },
            _ => Problem::NotAnObject,
        };
        Some(Item::Skipped { line, problem })
    }

    /// What is to be said of members that are not read, by the first objects of the input. O(n) in the sample.
    pub(super) fn unread(&mut self) -> Vec<Problem> {
        let content = std::mem::take(&mut self.content);
        let problems = match &self.pieces {
            Pieces::Lines(lines) => {
                let pieces = Pieces::Lines(lines.again());
                self.unread_in(unread::sample(&content), pieces)
            }
            Pieces::Array(elements) => {
                let pieces = Pieces::Array(elements.clone());
                self.unread_in(&content, pieces)
            }
            Pieces::Stream(_) => self.unread_in(&content, Pieces::stream()),
        };
        self.content = content;
        problems
    }

    /// The same by lines of a content that is held elsewhere.
    pub(super) fn unread_in_lines(&mut self, content: &[u8]) -> Vec<Problem> {
        self.unread_in(unread::sample(content), Pieces::Lines(Lines::ending_in(LineEnd::Feed)))
    }

    /// What can be said once everything is read.
    fn notice(&mut self, content: &[u8]) -> Option<Item> {
        let line = self.line();
        if !std::mem::replace(&mut self.is_done, true)
            && let Pieces::Array(elements) = &self.pieces
        {
            if !elements.is_closed {
                return Some(Item::Notice { line, problem: Problem::UnclosedArray });
            }
            if elements.has_text_behind(content) {
                return Some(Item::Notice { line, problem: Problem::TextBehindArray });
            }
        }
        self.mapped.take_unseen().map(|problem| Item::Notice { line, problem })
    }

    fn fill(&mut self, draft: &mut Draft, fields: &[(String, &serde_json::value::RawValue)]) {
        // Of two equal names the last one counts.
        let mut order: Vec<usize> = (0..fields.len()).collect();
        let name_of = |index: usize| fields.get(index).map_or("", |(name, _)| name.as_str());
        order.sort_by_key(|index| name_of(*index));
        let mut last_ones = Vec::with_capacity(order.len());
        for (place, index) in order.iter().enumerate() {
            match order.get(place + 1) {
                Some(next) if name_of(*next) == name_of(*index) => {
                    draft.report(Problem::DuplicateField { field: name_of(*index).to_owned() });
                }
                _ => last_ones.push((self.meaning(name_of(*index)), *index)),
            }
        }
        last_ones.sort_by_key(|(meaning, index)| (meaning.sureness, *index));
        let mut own_names = Vec::new();
        for (meaning, index) in last_ones {
            let Some((name, value)) = fields.get(index) else { continue };
            let json = value.get();
            if !json.starts_with('{') && has_lone_surrogate(json) {
                draft.report(Problem::LoneSurrogate { field: name.clone() });
            }
            // The text was read as JSON before, so this is a matter of form.
            let Ok(value) = Value::from_json(json) else { continue };
            if self.workspace.as_ref() == Some(name) {
                draft.workspace = value.as_written().filter(|text| !text.trim().is_empty()).map(str::to_owned);
            }
            put(draft, meaning.target.as_ref(), name, json, value);
            if json.starts_with(['{', '[']) {
                self.fill_from_inside(draft, name, json, &mut own_names);
            }
        }
        // What the contact itself says under such a name comes first.
        for (name, value) in own_names {
            if draft.contact.get(&kept_as(&name)).is_none() {
                draft.keep(&name, value);
            }
        }
    }

    /// Takes the members of an object that stand in an object of their own, such as `properties`, or are mapped there. That
    /// object itself is kept, so that only what keys and names come from is taken, and what protects a person. Those that mean
    /// something by their own names go to `own_names`: a firm's phones, consents.
    fn fill_from_inside(&mut self, draft: &mut Draft, name: &str, json: &str, own_names: &mut Vec<(String, Value)>) {
        let is_container = json_layout::is_container(name);
        if !is_container && !self.mapped.reaches_into(name) {
            return;
        }
        for (inner, value) in json_fields::members(json) {
            let path = format!("{name}.{inner}");
            let mapped = self.mapped.find(&path);
            let guess = || header::guess_one(&inner).filter(|guess| is_container && !self.mapped.has(guess));
            let target = mapped.or_else(guess);
            let has_own_name = is_container && target.is_none() && self.has_own_name(&inner);
            match (target, Value::from_json(value.get())) {
                (_, Err(_)) => {}
                (Some(target), Ok(value)) => put_from_inside(draft, &target, &path, value),
                (None, Ok(value)) if has_own_name && !matches!(value, Value::Null | Value::Json(_)) => {
                    own_names.push((inner, value));
                }
                (None, Ok(_)) => self.fill_from_inside(draft, &path, value.get(), own_names),
            }
        }
    }

    /// Whether a member of an object such as `properties` means something by its own name.
    pub(super) fn has_own_name(&mut self, inner: &str) -> bool {
        if let Some(known) = self.own_names.get(inner) {
            return *known;
        }
        let has_own_name = json_fields::means_by_name(&kept_as(inner));
        if self.own_names.len() < MAX_NAMES {
            self.own_names.insert(inner.to_owned(), has_own_name);
        }
        has_own_name
    }

    /// What a name means.
    pub(super) fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(meaning) = self.names.get(name) {
            return meaning.clone();
        }
        let meaning = self.find_meaning(name);
        if self.names.len() < MAX_NAMES {
            self.names.insert(name.to_owned(), meaning.clone());
        }
        meaning
    }

    fn find_meaning(&mut self, name: &str) -> Meaning {
        if let Some(target) = self.mapped.find(name) {
            return Meaning { target: Some(target), sureness: Sureness::Given };
        }
        // A field that is mapped is not guessed.
        let target = header::guess_one(name).filter(|guess| !self.mapped.has(guess));
        let is_own = matches!(name, "id" | "blocked" | "custom") || !matches!(Field::from_name(name), Field::Other(_));
        // `custom.plan` at the top of an object is a field of its own, not a custom one.
        let target = target.filter(|target| !matches!(target, Target::Field(Field::Custom(_))));
        Meaning { target, sureness: if is_own { Sureness::Given } else { Sureness::Guessed } }
    }
}

//! Reads JSON objects, one per line or in an array, as rows.

mod fields;
pub(crate) mod known_names;
pub(crate) mod layout;
pub(crate) mod line_cursor;
pub(crate) mod members;
pub(crate) mod names;
pub(crate) mod tokens;
mod unread_members;
mod writer;

use std::collections::BTreeSet;

use std::sync::Arc;

use onefold::{Field, Value};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::decoded_text;
use crate::input::lines::Lines;
use crate::input::shape::LineEnd;
use crate::json::fields::{keep_role, put, put_from_inside, role_beside};
use crate::json::layout::JsonLayout;
use crate::json::names::{JsonNames, Meaning, label_in};
use crate::json::tokens::{Elements, ElementsEnd, JsonRow, JsonRows, ObjectMembers, has_lone_surrogate};
use crate::mapping::header;
use crate::mapping::target::MappingTarget;
use crate::mapping::unread_column;
use crate::options::Options;
use crate::problem::{InputError, Problem};
use crate::row::{Item, LineIds, Row};
use crate::row_builder::{RowBuilder, custom_field};
use crate::values::zero_id::ZeroIds;

pub(crate) struct Json {
    content: Arc<Vec<u8>>,
    texts: JsonRows,
    ids: LineIds,
    pub(crate) names: JsonNames,
    // Whether ids of zeros are ids; None until a row has one.
    zero_ids: Option<ZeroIds>,
    pub(crate) workspace: Option<String>,
    is_done: bool,
}

impl Json {
    /// Reads an object from each line.
    pub(crate) fn lines(content: Arc<Vec<u8>>, lines: Lines, options: &Options) -> Result<Self, InputError> {
        let texts = JsonRows::Lines(lines);
        Self::new(content, texts, options)
    }

    /// Returns a reader for chunks of JSON Lines. The ids of rows without an id are meaningless.
    pub(crate) fn lines_of_chunks(options: &Options, zero_ids: ZeroIds) -> Result<Self, InputError> {
        Ok(Self {
            content: Arc::default(),
            texts: JsonRows::Lines(Lines::ending_in(LineEnd::Feed)),
            ids: LineIds::unchecked(),
            names: JsonNames::new(options)?,
            // The scan decides about ids of zeros by all chunks.
            zero_ids: Some(zero_ids),
            workspace: options.workspace_column.clone(),
            is_done: false,
        })
    }

    /// Returns a reader for chunks of an array that end between its elements. Only the last one says how the array ends.
    pub(crate) fn elements_of_chunk(options: &Options, zero_ids: ZeroIds, is_last: bool) -> Result<Self, InputError> {
        let texts = JsonRows::Array(Elements::of_chunk());
        Ok(Self { texts, is_done: !is_last, ..Self::lines_of_chunks(options, zero_ids)? })
    }

    /// Reads an object from each element of an array.
    pub(crate) fn array(content: Arc<Vec<u8>>, options: &Options) -> Result<Self, InputError> {
        let texts = JsonRows::elements(&content, 0);
        Self::new(content, texts, options)
    }

    /// Reads the objects of a text in its layout.
    pub(crate) fn inside(content: Arc<Vec<u8>>, layout: JsonLayout, options: &Options) -> Result<Self, InputError> {
        let texts = match layout {
            JsonLayout::Lines => JsonRows::Lines(Lines::new(&content)),
            JsonLayout::Stream => JsonRows::stream(),
            JsonLayout::List { start } => JsonRows::elements(&content, start),
        };
        let mut json = Self::new(content, texts, options)?;
        // The text after the list belongs to the enclosing object.
        json.is_done = matches!(layout, JsonLayout::List { .. });
        Ok(json)
    }

    fn new(content: Arc<Vec<u8>>, texts: JsonRows, options: &Options) -> Result<Self, InputError> {
        Ok(Self {
            content,
            texts,
            ids: LineIds::default(),
            names: JsonNames::new(options)?,
            zero_ids: Some(options.zero_ids).filter(|zero_ids| *zero_ids == ZeroIds::Placeholders),
            workspace: options.workspace_column.clone(),
            is_done: false,
        })
    }

    /// Returns the current line.
    pub(crate) fn line(&self) -> u64 {
        self.texts.line()
    }

    /// Returns the text of the input.
    pub(crate) fn content(&self) -> &[u8] {
        &self.content
    }

    /// Returns the line ends.
    pub(crate) fn line_end(&self) -> LineEnd {
        match &self.texts {
            JsonRows::Lines(lines) => lines.end(),
            JsonRows::Array(_) | JsonRows::Stream(_) => LineEnd::Feed,
        }
    }

    /// Reads `segment` as a row of this input, or returns `None` if it is not exactly one line.
    pub(crate) fn reread(&mut self, segment: &[u8]) -> Option<Row> {
        let JsonRows::Lines(lines) = &self.texts else { return None };
        if lines.restarted().next(segment)?.next != segment.len() {
            return None;
        }
        let mut builder = RowBuilder::new(1);
        let text = decoded_text::read(segment.trim_ascii(), &mut builder);
        let ObjectMembers(fields) = serde_json::from_str(&text).ok()?;
        self.fill(&mut builder, &fields);
        if builder.has_zero_id() && self.zero_ids() == ZeroIds::Placeholders {
            builder.forget_id();
        }
        match builder.finish(&mut LineIds::default(), segment, 0..segment.len()) {
            Item::Contact(row) => Some(row),
            _ => None,
        }
    }

    /// Returns whether ids of zeros are ids, as far as it is known.
    pub(crate) fn zero_ids(&self) -> ZeroIds {
        self.zero_ids.unwrap_or_default()
    }

    /// Returns true if the id of the last row consists of zeros and such ids are placeholders. The first call reads the remaining
    /// objects once.
    fn drops_zero_id(&mut self, builder: &RowBuilder, content: &[u8]) -> bool {
        if !builder.has_zero_id() {
            return false;
        }
        let zero_ids = self.zero_ids.unwrap_or_else(|| {
            if self.is_zero_repeated(content, &builder.contact.id) {
                ZeroIds::Placeholders
            } else {
                ZeroIds::UnlessRepeated
            }
        });
        self.zero_ids = Some(zero_ids);
        zero_ids == ZeroIds::Placeholders
    }

    /// Returns true if two objects have the same id of zeros: the one with the id `first` and the remaining ones.
    fn is_zero_repeated(&mut self, content: &[u8], first: &str) -> bool {
        let mut zeros = BTreeSet::from([first.to_owned()]);
        let mut texts = self.texts.clone();
        while let Some(object) = texts.next(content) {
            let text = decoded_text::read_silently(object.text);
            let Ok(ObjectMembers(fields)) = serde_json::from_str(&text) else { continue };
            let mut builder = RowBuilder::new(object.line);
            self.fill(&mut builder, &fields);
            if builder.has_zero_id() && !zeros.insert(builder.contact.id) {
                return true;
            }
        }
        false
    }

    /// Returns the name that a field is mapped to.
    pub(crate) fn mapped_name(&self, target: &MappingTarget) -> Option<&str> {
        self.names.mapped.name_of(target)
    }

    pub(crate) fn next(&mut self) -> Option<Item> {
        let content = std::mem::take(&mut self.content);
        let item = self.next_of(&content);
        self.content = content;
        item
    }

    /// Continues with the line that begins at `at`, after `lines` lines.
    pub(crate) fn go_to(&mut self, at: usize, lines: u64) {
        match &mut self.texts {
            JsonRows::Lines(all) => all.go_to(at, lines),
            JsonRows::Array(elements) => elements.go_to(at),
            JsonRows::Stream(_) => {}
        }
    }

    /// Returns how the elements of a chunk ended, if all were read.
    pub(crate) fn elements_end(&self, content: &[u8]) -> ElementsEnd {
        match &self.texts {
            JsonRows::Array(elements) => elements.end(content),
            JsonRows::Lines(_) | JsonRows::Stream(_) => ElementsEnd::Between,
        }
    }

    /// Returns the offset of the next line and the number of lines before it.
    pub(crate) fn place(&self) -> (usize, u64) {
        match &self.texts {
            JsonRows::Lines(lines) => (lines.at(), lines.number()),
            JsonRows::Array(_) | JsonRows::Stream(_) => (0, 0),
        }
    }

    /// Returns the next item of `content`.
    pub(crate) fn next_of(&mut self, content: &[u8]) -> Option<Item> {
        match self.texts.next(content) {
            Some(object) => Some(self.item(object, content)),
            None => self.notice(content),
        }
    }

    /// Returns the next object of `content` without reading it.
    pub(crate) fn next_object<'c>(&mut self, content: &'c [u8]) -> Option<JsonRow<'c>> {
        self.texts.next(content)
    }

    /// Returns the item that an object of `content` is.
    pub(crate) fn item(&mut self, object: JsonRow<'_>, content: &[u8]) -> Item {
        let line = object.line;
        let mut builder = RowBuilder::new(line);
        let text = decoded_text::read(object.text, &mut builder);
        let problem = match text.as_bytes().first() {
            Some(b'{') => match serde_json::from_str::<ObjectMembers<'_>>(&text) {
                Ok(ObjectMembers(fields)) => {
                    self.fill(&mut builder, &fields);
                    if self.drops_zero_id(&builder, content) {
                        builder.forget_id();
                    }
                    return builder.finish(&mut self.ids, content, object.span);
                }
                Err(error) if error.classify() == Category::Eof => Problem::TruncatedJson,
                Err(error) => Problem::NotJson { column: error.column() },
            },
            _ => Problem::NotAnObject,
        };
        Item::Skipped { line, problem }
    }

    /// Returns a problem for each unread member with phones or emails, judged by the first objects. O(n) in the sample.
    pub(crate) fn unread(&mut self) -> Vec<Problem> {
        let content = std::mem::take(&mut self.content);
        let problems = match &self.texts {
            JsonRows::Lines(lines) => {
                let texts = JsonRows::Lines(lines.restarted());
                self.unread_in(unread_column::sample(&content), texts)
            }
            JsonRows::Array(elements) => {
                let texts = JsonRows::Array(elements.clone());
                self.unread_in(&content, texts)
            }
            JsonRows::Stream(_) => self.unread_in(&content, JsonRows::stream()),
        };
        self.content = content;
        problems
    }

    /// Returns the same problems for the first lines of `content`.
    pub(crate) fn unread_in_lines(&mut self, content: &[u8]) -> Vec<Problem> {
        self.unread_in(unread_column::sample(content), JsonRows::Lines(Lines::ending_in(LineEnd::Feed)))
    }

    /// Returns the same problems for the first elements of an array, which begin at the start of `content`.
    pub(crate) fn unread_in_elements(&mut self, content: &[u8]) -> Vec<Problem> {
        self.unread_in(content, JsonRows::Array(Elements::of_chunk()))
    }

    /// Returns the next notice about the whole input.
    fn notice(&mut self, content: &[u8]) -> Option<Item> {
        let line = self.line();
        if !std::mem::replace(&mut self.is_done, true)
            && let JsonRows::Array(elements) = &self.texts
        {
            if !elements.is_closed {
                return Some(Item::Notice { line, problem: Problem::UnclosedArray });
            }
            if elements.has_text_behind(content) {
                return Some(Item::Notice { line, problem: Problem::TextBehindArray });
            }
        }
        self.names.mapped.take_unseen().map(|problem| Item::Notice { line, problem })
    }

    fn fill(&mut self, builder: &mut RowBuilder, fields: &[(String, &RawValue)]) {
        // The last of two members with the same name counts.
        let mut order: Vec<usize> = (0..fields.len()).collect();
        let name_of = |index: usize| fields.get(index).map_or("", |(name, _)| name.as_str());
        order.sort_by_key(|index| name_of(*index));
        let mut last_ones = Vec::with_capacity(order.len());
        for (place, index) in order.iter().enumerate() {
            match order.get(place + 1) {
                Some(next) if name_of(*next) == name_of(*index) => {
                    builder.report(Problem::DuplicateField { field: name_of(*index).to_owned() });
                }
                _ => last_ones.push((self.meaning(name_of(*index)), *index)),
            }
        }
        last_ones.sort_by_key(|(meaning, index)| (meaning.sureness, *index));
        let mut own_names = Vec::new();
        let is_label = |(meaning, index): &(Meaning, usize)| meaning.may_be_label.then_some(*index);
        let labels: Vec<usize> = last_ones.iter().filter_map(is_label).collect();
        for (meaning, index) in last_ones {
            let Some((name, value)) = fields.get(index) else { continue };
            let json = value.get();
            if !json.starts_with('{') && has_lone_surrogate(json) {
                builder.report(Problem::LoneSurrogate { field: name.clone() });
            }
            // The text was parsed before, so this cannot fail.
            let Ok(value) = Value::from_json(json) else { continue };
            if self.workspace.as_ref() == Some(name) {
                builder.workspace = value.as_written().filter(|text| !text.trim().is_empty()).map(str::to_owned);
            }
            if let Some(field) = meaning.identifier {
                builder.set(field, name, value.clone());
            }
            let label = meaning.label_base.as_deref().filter(|_| !labels.is_empty());
            let label = label.and_then(|base| label_in(fields, &labels, base));
            let role = match &meaning.target {
                Some(MappingTarget::Field(field)) => {
                    role_beside(field, label.as_deref(), &value).map(|role| (field, role))
                }
                _ => None,
            };
            match role {
                Some((field, role)) => keep_role(builder, field, &role, value),
                None => put(builder, meaning.target.as_ref(), name, json, value),
            }
            if json.starts_with(['{', '[']) {
                self.fill_from_inside(builder, name, json, &mut own_names);
            }
        }
        // A member of the contact itself takes precedence.
        for (name, value) in own_names {
            if builder.contact.get(&custom_field(&name)).is_none() {
                builder.keep(&name, value);
            }
        }
    }

    /// Reads the members of a container object such as `properties`, and mapped members of other objects. The object itself becomes a
    /// custom field, so only members for keys, names and protection are read. Members whose own names have a meaning, such as
    /// company phones and consents, go to `own_names`.
    fn fill_from_inside(
        &mut self,
        builder: &mut RowBuilder,
        name: &str,
        json: &str,
        own_names: &mut Vec<(String, Value)>,
    ) {
        if layout::is_container(name) || self.names.mapped.reaches_into(name) {
            for members in fields::objects(json) {
                self.fill_from_members(builder, name, &members, own_names);
            }
        }
    }

    fn fill_from_members(
        &mut self,
        builder: &mut RowBuilder,
        name: &str,
        members: &[(String, &RawValue)],
        own_names: &mut Vec<(String, Value)>,
    ) {
        let is_container = layout::is_container(name);
        let all: Vec<usize> = (0..members.len()).collect();
        for (inner, json) in members {
            let path = format!("{name}.{inner}");
            let mapped = self.names.mapped.find(&path);
            let identifier = self.names.identifiers.field_of(inner).filter(|_| is_container);
            let is_identifier = identifier.is_some();
            let guess = || header::guess_one(inner).filter(|guess| is_container && !self.names.mapped.has(guess));
            let target = mapped.or_else(guess);
            let Ok(value) = Value::from_json(json.get()) else { continue };
            if let Some(field) = identifier {
                builder.set(field.clone(), &path, value.clone());
            }
            let Some(target) = target else {
                let is_plain = !matches!(value, Value::Null | Value::Json(_));
                if is_plain && is_container && !is_identifier && self.names.has_own_name(inner) {
                    own_names.push((inner.clone(), value));
                } else {
                    self.fill_from_inside(builder, &path, json.get(), own_names);
                }
                continue;
            };
            if is_identifier && target != MappingTarget::Id {
                continue;
            }
            let role = match &target {
                MappingTarget::Field(field @ (Field::Email | Field::Phone)) => {
                    let label = label_in(members, &all, &header::label_base(inner));
                    role_beside(field, label.as_deref(), &value).map(|role| (field, role))
                }
                _ => None,
            };
            match role {
                Some((field, role)) => keep_role(builder, field, &role, value),
                None => put_from_inside(builder, &target, &path, value),
            }
        }
    }

    /// Returns the meaning of a name.
    pub(crate) fn meaning(&mut self, name: &str) -> Meaning {
        self.names.meaning(name)
    }
}

//! The protocol of `onefold replay`: one JSON operation a line, one JSON answer a line.
//!
//! An answer is `{"i", "op", "ok": true, ..}` or `{"i", "op", "error": CODE}`; the operation `check` also says the
//! whole observable state. What is malformed is refused with `BadRequest`, and no refused operation changes
//! anything. Ids are texts or integers, names of merges are texts of 1 to 256 bytes.
//!
//! The operations of this file are the core: contacts, verdicts, merges. Those of `further` are the workspace around it.

mod answer;
mod arguments;
mod config;
mod contacts;
mod fields;
mod further;
mod id;
mod inbox;
mod merges;
mod recording;
mod refusal;
mod request;
mod selections;

use std::fmt;

use serde_json::Value;

use crate::merge::MergeRequest;
use crate::patch::Edits;
use crate::workspace::act::Act;
use crate::workspace::protocol::answer::{Answer, ShortConflict};
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::config::Config;
use crate::workspace::protocol::recording::Recording;
use crate::workspace::protocol::refusal::{BAD_REQUEST, Refusal};
use crate::workspace::protocol::request::{Asked, Request};
use crate::workspace::roles::Operation;
use crate::workspace::state::{Erasure, RowWrite, StateError, StoredRow};
use crate::workspace::{Applied, Later, UndoRequest, Workspace, WorkspaceError};

pub use id::JsonId;

/// A workspace behind the protocol.
///
/// ```
/// use onefold::Protocol;
///
/// let mut protocol = Protocol::new();
/// let answer = protocol.answer(r#"{"op": "add", "id": "a", "contact": {"emails": ["ada@example.com"]}}"#);
/// assert_eq!(answer.as_deref(), Some(r#"{"i":0,"ok":true,"op":"add"}"#));
/// assert_eq!(protocol.answer("# a comment"), None);
/// let answer = protocol.answer(r#"{"op": "block", "id": "b"}"#);
/// assert_eq!(answer.as_deref(), Some(r#"{"error":"UnknownContact","i":1,"op":"block"}"#));
/// ```
#[derive(Clone, Debug)]
pub struct Protocol {
    workspace: Recording,
    // Who does what follows, and when, unless an operation says otherwise.
    act: Act,
    answered: u64,
    shows_state: bool,
}

impl Default for Protocol {
    fn default() -> Self {
        let workspace = Recording::new(Config::default());
        Self { workspace, act: Act::default(), answered: 0, shows_state: false }
    }
}

impl Protocol {
    /// An empty workspace that normalises values.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says the whole state in each answer, not only in that to `check`.
    #[must_use]
    pub fn with_state(mut self) -> Self {
        self.shows_state = true;
        self
    }

    /// The workspace as it is now.
    pub fn workspace(&self) -> &Workspace<JsonId> {
        &self.workspace
    }

    /// Carries out the operation on a line and gives the answer, without a line break; `None` for a blank line and
    /// for one that starts with `#`. Events wait until the operation `events` takes them. Costs what the operation
    /// does; an answer with the state O(n log n) in the size of the workspace.
    pub fn answer(&mut self, line: &str) -> Option<String> {
        let answer = self.respond(line, |_| Ok(Erasure::Complete));
        answer.map(|answer| answer.line())
    }

    /// The same for a host that keeps the workspace in a store: `store` is given what the operation has written, to write
    /// it in one transaction and in this order, before there is an answer. It is not called for an operation that writes
    /// nothing. If it fails, the operation is taken back and answered with `NotStored`; the text of the error is its `why`.
    pub fn answer_stored<Error: fmt::Display>(
        &mut self,
        line: &str,
        store: impl FnOnce(Vec<RowWrite>) -> Result<(), Error>,
    ) -> Option<String> {
        self.answer_erased(line, |writes| store(writes).map(|()| Erasure::Complete))
    }

    /// Like [`Protocol::answer_stored`], for a store that also says whether something of deleted persons is left in its files:
    /// where something is, the answer has the member `"erased": false`.
    pub fn answer_erased<Error: fmt::Display>(
        &mut self,
        line: &str,
        store: impl FnOnce(Vec<RowWrite>) -> Result<Erasure, Error>,
    ) -> Option<String> {
        let answer = self.respond(line, |workspace| match workspace.writes() {
            writes if writes.is_empty() => Ok(Erasure::Complete),
            writes => store(writes).map_err(|error| Refusal::not_stored(&error)),
        });
        answer.map(|answer| answer.line())
    }

    /// Everything that the protocol has to know after a restart, for a store that has no rows yet. Who does what and when
    /// is no part of it.
    pub fn to_rows(&self) -> impl Iterator<Item = StoredRow> {
        self.workspace.to_rows()
    }

    /// Goes on with the rows that a store has kept, in any order: those of [`Protocol::to_rows`] with what
    /// [`Protocol::answer_stored`] has given since. Answers are counted from 0 again.
    ///
    /// # Errors
    /// As [`Workspace::from_rows`], and [`StateError::Inconsistent`] if the workspace has other settings than the protocol
    /// gave it.
    pub fn from_rows<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<Self, Error> {
        Ok(Self { workspace: Recording::from_rows(rows)?, ..Self::default() })
    }

    /// Carries the operation on a line out, and has what it wrote stored, or takes it back.
    fn respond(&mut self, line: &str, store: impl FnOnce(&Recording) -> Result<Erasure, Refusal>) -> Option<Answer> {
        let text = line.trim_start_matches(is_space);
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let Request { op, is_check, operation } = Request::read(line);
        let mut answer = Answer::default();
        answer.set("i", &self.answered);
        answer.set("op", &op);
        self.answered += 1;
        let carried_out = operation.and_then(|(asked, arguments)| match asked {
            Asked::Core(name) => self.carry_out(name, &arguments, &mut answer).map_err(Refusal::without_why),
            Asked::Further(further) => {
                let act = self.acting(&arguments)?;
                (further.run)(self, &arguments, &act, &mut answer)
            }
        });
        match carried_out.and_then(|()| store(&self.workspace)) {
            Ok(erasure) => {
                self.workspace.keep();
                answer.set("ok", &true);
                if erasure != Erasure::Complete {
                    answer.set("erased", &false);
                }
            }
            Err(refusal) => {
                self.workspace.revert();
                answer.keep_only(&["i", "op"]);
                answer.set("error", &refusal.code);
                refusal.why.iter().for_each(|why| answer.set("why", why));
            }
        }
        // The whole state is for the host alone.
        if (is_check || self.shows_state) && self.act.may(Operation::ReadAll) {
            answer.set_state(&self.workspace);
        }
        Some(answer)
    }

    fn carry_out(&mut self, name: &str, arguments: &Arguments<'_>, answer: &mut Answer) -> Result<(), Refusal> {
        match name {
            "add" => self.add(arguments),
            "edit" => self.edit(arguments),
            "delete" => self.on_one(arguments, Workspace::delete),
            "block" => self.on_one(arguments, Workspace::block),
            "unblock" => self.on_one(arguments, Workspace::unblock),
            "mark_distinct" => {
                let is_forever = arguments.says_yes("forever")?;
                let tell = if is_forever { Workspace::tell_apart_forever } else { Workspace::tell_apart };
                self.on_two(arguments, tell)
            }
            "clear_distinct" => self.on_two(arguments, Workspace::clear_apart),
            "resolve" => {
                let resolved = self.workspace.resolve(&arguments.id("id")?);
                answer.set("resolved", &answer::resolved(&resolved));
                Ok(())
            }
            "merge" => self.merge(arguments, answer),
            "undo" => self.undo(arguments, answer),
            "config" => self.configure(arguments),
            "check" => Ok(self.workspace.allow(&self.act, Operation::ReadAll)?),
            _ => Ok(()),
        }
    }

    fn on_one(&mut self, arguments: &Arguments<'_>, operation: OnOne) -> Result<(), Refusal> {
        let id = arguments.id("id")?;
        Ok(self.workspace.write(|workspace| operation(workspace, &id, &self.act))?)
    }

    fn on_two(&mut self, arguments: &Arguments<'_>, operation: OnTwo) -> Result<(), Refusal> {
        let a = arguments.id("a")?;
        self.workspace.check_live(&a)?;
        let b = arguments.id("b")?;
        Ok(self.workspace.write(|workspace| operation(workspace, &a, &b, &self.act))?)
    }

    fn add(&mut self, arguments: &Arguments<'_>) -> Result<(), Refusal> {
        let id = arguments.id("id")?;
        self.workspace.check_free(&id)?;
        if id == JsonId::Nobody {
            return Err(BAD_REQUEST);
        }
        let contact = fields::contact(id, arguments.raw("contact").ok_or(BAD_REQUEST)?)?;
        self.workspace.write(|workspace| workspace.add(contact, &self.act))?;
        Ok(())
    }

    fn edit(&mut self, arguments: &Arguments<'_>) -> Result<(), Refusal> {
        let id = arguments.id("id")?;
        self.workspace.check_live(&id)?;
        let mut contact = self.workspace.get(&id).cloned().ok_or(BAD_REQUEST)?;
        fields::edit(&mut contact, arguments.raw("set"), arguments.value("unset")?)?;
        self.workspace.write(|workspace| workspace.edit(contact, &self.act))?;
        Ok(())
    }

    fn merge(&mut self, arguments: &Arguments<'_>, answer: &mut Answer) -> Result<(), Refusal> {
        let merge = arguments.text("merge")?.ok_or(BAD_REQUEST)?;
        if self.workspace.merge_record(&merge).is_some() {
            return Err(WorkspaceError::DuplicateMergeId { merge: merge.into() }.into());
        }
        let retire = arguments.value("retire")?.unwrap_or_default();
        if !arguments::is_yes(&retire) {
            return Err(WorkspaceError::NothingToMerge { merge: merge.into() }.into());
        }
        let retire = ids(arguments::elements(retire)?)?;
        let into = arguments.id("into")?;
        let mut request = MergeRequest::new(merge);
        if arguments.says_yes("allow_apart")? {
            request = request.allow_apart();
        }
        if arguments.says_yes("allow_blocked")? {
            request = request.allow_blocked();
        }
        let merged = self.workspace.write(|workspace| workspace.merge(&request, &into, &retire, &self.act))?;
        let lost: Vec<_> =
            merged.lost.iter().map(|lost| (&lost.contact, lost.field.to_string(), &lost.value)).collect();
        answer.set("lost", &lost);
        Ok(())
    }

    fn undo(&mut self, arguments: &Arguments<'_>, answer: &mut Answer) -> Result<(), Refusal> {
        let merge = match arguments.value("merge")? {
            Some(Value::String(merge)) => merge,
            Some(Value::Array(_) | Value::Object(_)) => return Err(BAD_REQUEST),
            _ => return Err(WorkspaceError::UnknownMerge { merge: "".into() }.into()),
        };
        let edits = match arguments.text("edits")?.as_deref() {
            Some("refuse") => Edits::Refuse,
            Some("overwrite") => Edits::Overwrite,
            _ => Edits::Keep,
        };
        let asked = arguments.value("later")?;
        let (later, tells_all) = match asked.as_ref().map(|later| later.as_str()) {
            None | Some(Some("refuse")) => (Later::Refuse, true),
            Some(Some("undo")) => (Later::Undo, true),
            Some(Some("replay")) => (Later::Replay, true),
            // Later merges are undone, and what was edited since is told of the merge itself only.
            Some(_) => (Later::Undo, edits == Edits::Overwrite),
        };
        let mut request = UndoRequest::new().edits(edits).later(later);
        if arguments.says_yes("distinct")? {
            request = request.tell_apart();
        }
        let undone = self.workspace.write(|workspace| workspace.undo(&merge, &request, &self.act))?;
        let told = undone.taken_back.iter().filter(|taken_back| tells_all || *taken_back.merge == *merge);
        let conflicts: Vec<ShortConflict> = told.flat_map(|taken_back| answer::conflicts(taken_back, edits)).collect();
        let replayed: Vec<_> = undone.replayed.iter().map(|again| (&again.merge, again.is_suggested)).collect();
        answer.set("conflicts", &conflicts);
        answer.set("replayed", &replayed);
        Ok(())
    }

    fn configure(&mut self, arguments: &Arguments<'_>) -> Result<(), Refusal> {
        let mut config = self.workspace.config().clone();
        if let Some(value) = arguments.value("max_holders")? {
            config.max_holders = limit(&value)?;
        }
        if let Some(value) = arguments.value("max_members")? {
            config.max_members = limit(&value)?;
        }
        if let Some(value) = arguments.value("ignore")? {
            let items = value.as_array().ok_or(BAD_REQUEST)?;
            config.ignore = items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
        }
        if let Some(value) = arguments.value("normalize")? {
            config.normalize = arguments::is_yes(&value);
        }
        Ok(self.workspace.put_under(config, &self.act)?)
    }
}

type OnOne = fn(&mut Workspace<JsonId>, &JsonId, &Act) -> Result<Applied<JsonId>, WorkspaceError<JsonId>>;
type OnTwo = fn(&mut Workspace<JsonId>, &JsonId, &JsonId, &Act) -> Result<Applied<JsonId>, WorkspaceError<JsonId>>;

/// The ids of a list, which must be of one kind: others have no order among themselves.
fn ids(values: Vec<Value>) -> Result<Vec<JsonId>, Refusal> {
    let is_number = |value: &Value| value.is_number() || value.is_boolean();
    let is_like = |a: &Value, b: &Value| (a.is_string() && b.is_string()) || (is_number(a) && is_number(b));
    if values.windows(2).any(|pair| !is_like(&pair[0], &pair[1])) {
        return Err(BAD_REQUEST);
    }
    values.iter().map(|value| JsonId::from_value(value).ok_or(BAD_REQUEST)).collect()
}

/// A limit: parts under one do not count, and nothing is under zero.
fn limit(value: &Value) -> Result<usize, Refusal> {
    match value {
        Value::Bool(flag) => Ok(usize::from(*flag)),
        Value::Number(number) => match number.as_u64() {
            Some(most) => Ok(usize::try_from(most).unwrap_or(usize::MAX)),
            // The cast cuts off and keeps within the bounds.
            None => Ok(number.as_f64().map_or(usize::MAX, |most| most as usize)),
        },
        _ => Err(BAD_REQUEST),
    }
}

/// What counts as space around a line, beside what Unicode calls so: the separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

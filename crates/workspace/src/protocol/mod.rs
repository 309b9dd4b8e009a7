//! The protocol of `onefold replay`: one JSON operation a line, one JSON answer a line.
//!
//! An answer is `{"i", "op", "ok": true, ..}` or `{"i", "op", "error": CODE, "why", ..}`; the operation `check` also says the
//! whole observable state. Every operation is a variant of [`Request`], which says what arguments it takes. They are read
//! exactly, before anything else is looked at: what is malformed is refused with `BadRequest`, and no refused operation changes
//! anything. Ids are texts; an integer is its decimal text.

pub(crate) mod answer;
pub(crate) mod argument;
mod documents;
pub(crate) mod fields;
pub(crate) mod line;
mod notices;
mod object;
pub(crate) mod operations;
mod recording;
pub(crate) mod refusal;
pub(crate) mod rows;
pub(crate) mod settings_form;

use std::fmt;

use crate::Workspace;
use crate::act::Act;
use crate::protocol::answer::Answer;
use crate::protocol::line::{Order, RequestLine};
use crate::protocol::recording::Recording;
use crate::protocol::refusal::Refusal;
use crate::roles::Operation;
use crate::rows::stored::{Erasure, RowWrite, StoredRow};
use crate::state::StateError;

/// A workspace behind the protocol.
///
/// ```
/// use onefold_workspace::Protocol;
///
/// let mut protocol = Protocol::new();
/// let answer = protocol.answer(r#"{"op": "add", "id": "a", "contact": {"emails": ["ada@example.com"]}}"#);
/// assert_eq!(answer.as_deref(), Some(r#"{"i":0,"ok":true,"op":"add"}"#));
/// assert_eq!(protocol.answer("# a comment"), None);
/// let answer = protocol.answer(r#"{"op": "block", "id": "b"}"#);
/// assert!(answer.is_some_and(|answer| answer.contains(r#""error":"UnknownContact""#)));
/// ```
#[derive(Clone, Debug)]
pub struct Protocol {
    pub(crate) workspace: Recording,
    // Who does what follows, and when, unless an operation says otherwise.
    pub(crate) act: Act,
    pub(crate) actor: NoActor,
    pub(crate) answered: u64,
    pub(crate) shows_state: bool,
}

/// A protocol that was read from the rows of a store.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RestoredProtocol {
    /// The protocol.
    pub protocol: Protocol,
    /// What the store has to write, before anything else, to hold what was read: nothing, unless an earlier release wrote
    /// the rows.
    pub writes: Vec<RowWrite>,
}

/// What becomes of operations that nobody has said the actor of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoActor {
    /// The host carries them out.
    IsHost,
    /// The same, and the next answer says so.
    IsHostAndSaid,
    /// They are refused.
    IsRefused,
    /// There are none: an actor was said for all that follows.
    Never,
}

impl Default for Protocol {
    fn default() -> Self {
        let workspace = Recording::new();
        Self { workspace, act: Act::default(), actor: NoActor::IsHost, answered: 0, shows_state: false }
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

    /// Refuses operations that neither say their actor nor have an `act` before them that does.
    #[must_use]
    pub fn requiring_actor(mut self) -> Self {
        self.actor = NoActor::IsRefused;
        self
    }

    /// The workspace as it is now.
    pub fn workspace(&self) -> &Workspace<Box<str>> {
        &self.workspace
    }

    /// The workspace alone.
    pub fn into_workspace(self) -> Workspace<Box<str>> {
        self.workspace.into_workspace()
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
    /// [`Protocol::answer_stored`] has given since. Answers are counted from 0 again, and the first one to an operation that
    /// does not say its actor has a notice that the host carries it out.
    ///
    /// Rows of earlier releases, in which ids can be numbers, are read too, a number as its decimal text.
    ///
    /// # Errors
    /// As [`Workspace::from_rows`]; [`StateError::SameId`] if a number and its text are two contacts; and
    /// [`StateError::Inconsistent`] if an earlier release kept other settings for the protocol than for its workspace.
    pub fn from_rows<Error: From<StateError>>(
        rows: impl IntoIterator<Item = Result<StoredRow, Error>>,
    ) -> Result<RestoredProtocol, Error> {
        let (workspace, writes) = Recording::from_rows(rows)?;
        let protocol = Self { workspace, actor: NoActor::IsHostAndSaid, ..Self::default() };
        Ok(RestoredProtocol { protocol, writes })
    }

    /// Carries the operation on a line out, and has what it wrote stored, or takes it back.
    fn respond(&mut self, line: &str, store: impl FnOnce(&Recording) -> Result<Erasure, Refusal>) -> Option<Answer> {
        let text = line.trim_start_matches(is_space);
        if text.is_empty() || text.starts_with('#') {
            return None;
        }
        let RequestLine { op, request, is_check, order } = RequestLine::read(line, self.strictness());
        let mut answer = Answer::default();
        answer.set("i", &self.answered);
        answer.set("op", &op);
        request.iter().for_each(|request| answer.set("request", request));
        self.answered += 1;
        let act = self.acting(&order);
        let has_no_actor = order.as_ref().is_ok_and(|order| !order.has_actor());
        let is_act = order.as_ref().is_ok_and(Order::is_act);
        let carried_out = match (order, &act) {
            (Ok(order), Some(act)) => self.carry_out(order, act, &mut answer),
            (Ok(_), None) => Err(Refusal::bad_request("argument actor is missing, and no act before says who it is")),
            (Err(refusal), _) => Err(refusal),
        };
        match carried_out.and_then(|()| store(&self.workspace)) {
            Ok(erasure) => {
                self.workspace.keep();
                if let Some(act) = act.as_ref().filter(|_| is_act) {
                    self.act = act.clone();
                    if !has_no_actor {
                        self.actor = NoActor::Never;
                    }
                }
                answer.set("ok", &true);
                if erasure != Erasure::Complete {
                    answer.set("erased", &false);
                }
            }
            Err(refusal) => {
                self.workspace.revert();
                answer.refuse(&refusal);
            }
        }
        if has_no_actor && self.actor == NoActor::IsHostAndSaid {
            self.actor = NoActor::IsHost;
            answer.notices.no_actor();
        }
        // The whole state is for the host alone.
        if (is_check || self.shows_state) && act.is_some_and(|act| act.may(Operation::ReadAll)) {
            answer.set_state(&self.workspace);
        }
        Some(answer)
    }

    /// Who carries out what a line asks for; `None` if an actor is missing. What cannot be read is nobody's operation.
    fn acting(&self, order: &Result<Order<'_>, Refusal>) -> Option<Act> {
        let has_actor = order.as_ref().is_ok_and(Order::has_actor);
        if self.actor == NoActor::IsRefused && !has_actor {
            None
        } else {
            Some(order.as_ref().map_or_else(|_| self.act.clone(), |order| order.act(&self.act)))
        }
    }
}

/// What counts as space around a line, beside what Unicode calls so: the separators of ASCII.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::operations::{ArgumentForm, OperationForm, Request};

    const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

    /// The table of arguments as the document has it.
    fn table() -> String {
        let mut table = String::from("| operation | needs | may have |\n|---|---|---|\n");
        for OperationForm { name, arguments } in Request::FORMS {
            let list = |is_required: bool| {
                let of = arguments.iter().filter(|argument| argument.is_required == is_required);
                let of = of.map(|ArgumentForm { name, kind, .. }| format!("`{name}` {kind}"));
                of.collect::<Vec<_>>().join(", ")
            };
            table += &format!("| `{name}` | {} | {} |\n", list(true), list(false)).replace("  |", " |");
        }
        table
    }

    #[test]
    fn the_document_has_the_table_of_arguments() {
        assert!(DOCUMENT.contains(&table()), "docs/protocol.md should have this table:\n{}", table());
    }

    #[test]
    fn the_document_has_an_example_of_each_operation() {
        for OperationForm { name, .. } in Request::FORMS {
            assert!(DOCUMENT.contains(&format!("{{\"op\": \"{name}\"")), "{name} has no example");
        }
    }

    #[test]
    fn no_operation_and_no_argument_is_there_twice() {
        let are_different = |mut names: Vec<&str>| {
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            names.len() == all
        };
        assert!(are_different(Request::FORMS.iter().map(|form| form.name).collect()));
        for form in Request::FORMS {
            let common = ["op", "request", "now", "actor"];
            assert!(are_different(form.arguments.iter().map(|argument| argument.name).chain(common).collect()));
        }
    }
}

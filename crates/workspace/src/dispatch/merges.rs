//! The operations that preview, make, list and undo merges.

use serde::Serialize;

use crate::act::Act;
use crate::protocol::Protocol;
use crate::protocol::answer::{self, Answer, ShortConflict};
use crate::protocol::argument::Id;
use crate::protocol::fields::Each;
use crate::protocol::refusal::Refusal;
use crate::roles::Operation;
use crate::{Later, MergeRecord, Merged, UndoRequest, WorkspaceError};
use onefold::contact::{Field, Time, Value};
use onefold::merge::{Choice, Lost, MergeRequest};
use onefold::patch::Edits;

#[derive(Serialize)]
struct HistoryForm<'a> {
    merge: &'a str,
    into: &'a Id,
    retired: &'a [Id],
    at: Time,
    by: &'a str,
    undone: Option<UndoneAnswer<'a>>,
    on_top: bool,
}

#[derive(Serialize)]
struct UndoneAnswer<'a> {
    at: Time,
    by: &'a str,
}

#[derive(Serialize)]
struct ChoiceForm<'a> {
    field: &'a Field,
    why: String,
    from: &'a [Id],
    same: &'a [Id],
}

/// The arguments of a merge: the survivor, the retired contacts, the choices and the permissions.
pub(crate) struct MergeParameters {
    pub(crate) into: Id,
    pub(crate) retire: Vec<Id>,
    pub(crate) set: Option<Each<Value>>,
    pub(crate) take: Option<Each<Id>>,
    pub(crate) allow_apart: Option<bool>,
    pub(crate) allow_blocked: Option<bool>,
}

impl MergeParameters {
    fn request(&mut self, merge: String) -> MergeRequest<Id> {
        let mut request = MergeRequest::new(merge);
        for (field, value) in self.set.take().into_iter().flat_map(|set| set.0) {
            request = request.set(field, value);
        }
        for (field, id) in self.take.take().into_iter().flat_map(|take| take.0) {
            request = request.take(field, id);
        }
        if self.allow_apart == Some(true) {
            request = request.allow_distinct();
        }
        if self.allow_blocked == Some(true) {
            request = request.allow_blocked();
        }
        request
    }
}

impl Protocol {
    pub(crate) fn preview_merge(
        &self,
        mut arguments: MergeParameters,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        // A preview needs a name too. It takes any free one.
        let mut names = (0_u64..).map(|number| number.to_string());
        let free = names.find(|name| self.workspace.merge_record(name).is_none()).unwrap_or_default();
        let request = arguments.request(free);
        let merge = self.workspace.preview_merge(&request, &arguments.into, &arguments.retire, act);
        let merge = merge.map_err(|error| Refusal::from(error).of_contact(&arguments.into))?;
        answer.set("survivor", merge.survivor());
        set_choices(answer, &merge.choices);
        set_lost(answer, &merge.lost);
        Ok(())
    }

    /// Makes a merge, and answers with the lost values. The caller adds the choices.
    pub(crate) fn merge(
        &mut self,
        merge: String,
        mut arguments: MergeParameters,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<Merged<Id>, Refusal> {
        let request = arguments.request(merge);
        let (into, retire) = (&arguments.into, &arguments.retire);
        let merged = self.workspace.write(|workspace| workspace.merge(&request, into, retire, act));
        let merged = merged.map_err(|error| Refusal::from(error).of_contact(into))?;
        set_lost(answer, &merged.lost);
        Ok(merged)
    }

    pub(crate) fn undo(
        &mut self,
        merge: &str,
        options: &UndoArguments,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let edits = options.edits.unwrap_or_default();
        let mut request = UndoRequest::new().with_edits(edits).with_later(options.later.unwrap_or_default());
        if options.distinct == Some(true) {
            request = request.mark_distinct();
        }
        let undone = self.workspace.write(|workspace| workspace.undo(merge, &request, act))?;
        // If values are keys as they stand, the answer follows the reference model: it also lists the conflicts that
        // hold, and no deviations.
        let is_as_written = self.workspace.settings().normalizer.is_as_written();
        let conflicts = undone.merges.iter().flat_map(|merge| answer::conflicts(merge, edits, is_as_written));
        answer.set("conflicts", &conflicts.collect::<Vec<ShortConflict>>());
        let replayed: Vec<_> = undone.replayed.iter().map(|again| (&again.merge, again.is_suggested)).collect();
        answer.set("replayed", &replayed);
        let deviations: Vec<_> = undone.merges.iter().flat_map(|merge| &merge.deviations).collect();
        if !deviations.is_empty() && !is_as_written {
            answer.set("deviations", &deviations);
        }
        Ok(())
    }

    pub(crate) fn history(
        &self,
        after: Option<&str>,
        limit: Option<usize>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ViewHistory)?;
        if let Some(after) = after.filter(|after| self.workspace.merge_record(after).is_none()) {
            return Err(WorkspaceError::UnknownMerge { merge: after.into() }.into());
        }
        let is_before = |record: &&MergeRecord<Id>| after.is_some_and(|after| *record.merge != *after);
        let history: Vec<HistoryForm<'_>> = self
            .workspace
            .history()
            .skip_while(is_before)
            .skip(usize::from(after.is_some()))
            .take(limit.unwrap_or(usize::MAX))
            .map(|record| HistoryForm {
                merge: &record.merge,
                into: &record.survivor,
                retired: &record.retired,
                at: record.at,
                by: &record.by,
                undone: record.undone().map(|undo| UndoneAnswer { at: undo.at, by: undo.by }),
                on_top: self.workspace.is_on_top(&record.merge),
            })
            .collect();
        answer.set("history", &history);
        Ok(())
    }
}

/// The options of an undo: the treatment of edits and of later merges, and `distinct` to mark the pair afterwards.
pub(crate) struct UndoArguments {
    pub(crate) edits: Option<Edits>,
    pub(crate) later: Option<Later>,
    pub(crate) distinct: Option<bool>,
}

pub(crate) fn set_choices(answer: &mut Answer, choices: &[Choice<Id>]) {
    let choices = choices.iter().map(|choice| ChoiceForm {
        field: &choice.field,
        why: choice.to_string(),
        from: &choice.from,
        same: &choice.same,
    });
    answer.set("choices", &choices.collect::<Vec<_>>());
}

fn set_lost(answer: &mut Answer, lost: &[Lost<Id>]) {
    let lost: Vec<_> = lost.iter().map(|lost| (&lost.contact, lost.field.to_string(), &lost.value)).collect();
    answer.set("lost", &lost);
}

//! Merges with choices of the user's own, their preview, and the history.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::contact::{Field, Value};
use crate::merge::{Choice, Lost, MergeRequest};
use crate::workspace::MergeRecord;
use crate::workspace::act::Act;
use crate::workspace::protocol::Protocol;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::Refusal;
use crate::workspace::roles::Operation;

#[derive(Serialize)]
struct HistoryForm<'a> {
    merge: &'a str,
    into: &'a JsonId,
    retired: &'a [JsonId],
    at: i64,
    by: &'a str,
    undone: Option<UndoneForm<'a>>,
    on_top: bool,
}

#[derive(Serialize)]
struct UndoneForm<'a> {
    at: i64,
    by: &'a str,
}

#[derive(Serialize)]
struct ChoiceForm<'a> {
    field: &'a Field,
    why: String,
    from: &'a [JsonId],
    same: &'a [JsonId],
}

impl Protocol {
    pub(super) fn preview_merge(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let (into, retire) = (given.id("into")?, given.need::<Vec<JsonId>>("retire")?);
        // A merge that is looked at only needs a name as well, and any that is free will do.
        let mut names = (0_u64..).map(|number| number.to_string());
        let free = names.find(|name| self.workspace.merge_record(name).is_none()).unwrap_or_default();
        let merge = self.workspace.preview_merge(&request(free, given)?, &into, &retire, act)?;
        answer.set("survivor", merge.survivor());
        set_choices(answer, &merge.choices, &merge.lost);
        Ok(())
    }

    pub(super) fn merge_with(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (into, retire) = (given.id("into")?, given.need::<Vec<JsonId>>("retire")?);
        let request = request(given.need("merge")?, given)?;
        let merged = self.workspace.write(|workspace| workspace.merge(&request, &into, &retire, act))?;
        set_choices(answer, &merged.choices, &merged.lost);
        Ok(())
    }

    pub(super) fn history(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ViewHistory)?;
        let most = given.read("most")?.unwrap_or(usize::MAX);
        let after: Option<String> = given.read("after")?;
        let is_before = |record: &&MergeRecord<JsonId>| after.as_ref().is_some_and(|after| *record.merge != **after);
        let passed = usize::from(after.is_some());
        let history: Vec<HistoryForm<'_>> = self
            .workspace
            .history()
            .skip_while(is_before)
            .skip(passed)
            .take(most)
            .map(|record| HistoryForm {
                merge: &record.merge,
                into: &record.survivor,
                retired: &record.retired,
                at: record.at,
                by: &record.by,
                undone: record.undone().map(|(at, by)| UndoneForm { at, by }),
                on_top: self.workspace.is_on_top(&record.merge),
            })
            .collect();
        answer.set("history", &history);
        Ok(())
    }
}

/// The request of a merge under a name, with what a user has chosen for single fields.
fn request(merge: String, given: &Arguments<'_>) -> Result<MergeRequest<JsonId>, Refusal> {
    let mut request = MergeRequest::new(merge);
    // Each value as it stands, so that numbers keep their digits.
    let set: Option<BTreeMap<String, Box<RawValue>>> = given.read("set")?;
    for (name, json) in set.unwrap_or_default() {
        let value = Value::from_json(json.get()).map_err(|_| Refusal::argument("set"))?;
        request = request.set(Field::from_name(&name), value);
    }
    let take: Option<BTreeMap<String, JsonId>> = given.read("take")?;
    for (name, id) in take.unwrap_or_default() {
        request = request.take(Field::from_name(&name), id);
    }
    if given.read("allow_apart")?.unwrap_or(false) {
        request = request.allow_apart();
    }
    if given.read("allow_blocked")?.unwrap_or(false) {
        request = request.allow_blocked();
    }
    Ok(request)
}

fn set_choices(answer: &mut Answer, choices: &[Choice<JsonId>], lost: &[Lost<JsonId>]) {
    let choices = choices.iter().map(|choice| ChoiceForm {
        field: &choice.field,
        why: choice.to_string(),
        from: &choice.from,
        same: &choice.same,
    });
    answer.set("choices", &choices.collect::<Vec<_>>());
    let lost: Vec<_> = lost.iter().map(|lost| (&lost.contact, lost.field.to_string(), &lost.value)).collect();
    answer.set("lost", &lost);
}

//! Operations on several contacts: segments, deletions, export and import.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::contact::Contact;
use crate::workspace::act::Act;
use crate::workspace::filter::Filter;
use crate::workspace::import::Existing;
use crate::workspace::inbox::Deletion;
use crate::workspace::protocol::Protocol;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::{BAD_REQUEST, Refusal};
use crate::workspace::selection::Selection;

#[derive(Serialize)]
struct SegmentForm<'a> {
    segment: &'a str,
    filter: &'a Filter,
    contacts: usize,
}

#[derive(Serialize)]
struct DeletionForm<'a> {
    deletion: u64,
    #[serde(flatten)]
    progress: &'a Deletion,
    finished: bool,
}

/// A report line for a row that was left out.
#[derive(Serialize)]
struct RejectedForm {
    row: usize,
    id: Option<JsonId>,
    error: &'static str,
    why: String,
}

impl Protocol {
    pub(super) fn segments(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let mut forms = Vec::new();
        for (segment, filter) in self.workspace.segments() {
            forms.push(SegmentForm { segment, filter, contacts: self.workspace.select(filter)?.count() });
        }
        answer.set("segments", &forms);
        Ok(())
    }

    pub(super) fn save_segment(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let (segment, filter) = (given.need::<String>("segment")?, given.need::<Filter>("filter")?);
        self.workspace.write(|workspace| workspace.save_segment(&segment, filter.clone(), act))?;
        answer.set("contacts", &self.workspace.select(&filter)?.count());
        Ok(())
    }

    pub(super) fn delete_segment(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let segment = given.need::<String>("segment")?;
        self.workspace.write(|workspace| workspace.delete_segment(&segment, act))?;
        Ok(())
    }

    pub(super) fn select(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let ids = self.workspace.selected(&selection(given)?)?;
        answer.set("count", &ids.len());
        answer.set("ids", &ids);
        Ok(())
    }

    pub(super) fn offered(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("offered", &self.workspace.offered(given.need("selected")?, act));
        Ok(())
    }

    pub(super) fn begin_deletion(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let (confirmed, selection) = (given.need("confirmed")?, selection(given)?);
        let deletion = self.workspace.write(|workspace| workspace.begin_deletion(&selection, confirmed, act))?;
        answer.set("deletion", &deletion);
        Ok(())
    }

    pub(super) fn continue_deletion(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let deletion = given.need("deletion")?;
        let at_most = given.need("at_most")?;
        let progress = self.workspace.write(|workspace| workspace.continue_deletion(deletion, at_most, act))?;
        answer.set("progress", &deletion_form(deletion, &progress));
        Ok(())
    }

    pub(super) fn stop_deletion(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let deletion = given.need("deletion")?;
        let progress = self.workspace.write(|workspace| workspace.stop_deletion(deletion, act))?;
        answer.set("progress", &deletion_form(deletion, &progress));
        Ok(())
    }

    pub(super) fn deletions(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let deletions = self.workspace.deletions().map(|(number, progress)| deletion_form(number, progress));
        answer.set("deletions", &deletions.collect::<Vec<_>>());
        Ok(())
    }

    pub(super) fn export(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let selection = selection(given)?;
        let text = match &*given.need::<String>("format")? {
            "jsonl" => self.workspace.export_json_lines(&selection, act)?,
            "csv" => self.workspace.export_csv(&selection, act)?,
            _ => return Err(Refusal::argument("format")),
        };
        answer.set("export", &text);
        Ok(())
    }

    pub(super) fn import(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let existing = match given.read::<String>("existing")?.as_deref() {
            None | Some("reject") => Existing::Reject,
            Some("update") => Existing::Update,
            Some(_) => return Err(Refusal::argument("existing")),
        };
        let rows: Vec<&RawValue> = {
            let raw = given.raw("rows").ok_or(BAD_REQUEST)?;
            serde_json::from_str(raw.get()).map_err(|_| Refusal::argument("rows"))?
        };
        let (mut contacts, mut places, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
        for (row, raw) in rows.into_iter().enumerate() {
            match Contact::<JsonId>::from_json(raw.get()) {
                Ok(contact) if contact.id != JsonId::Nobody => {
                    contacts.push(contact);
                    places.push(row);
                }
                Ok(_) => rejected.push(RejectedForm {
                    row,
                    id: None,
                    error: "BadRequest",
                    why: "the row has no id".to_owned(),
                }),
                Err(error) => {
                    rejected.push(RejectedForm { row, id: None, error: "BadRequest", why: error.to_string() });
                }
            }
        }
        let imported = self.workspace.write(|workspace| workspace.import(contacts, existing, act))?;
        rejected.extend(imported.rejected.into_iter().map(|one| RejectedForm {
            row: places.get(one.row).copied().unwrap_or(one.row),
            id: Some(one.id),
            error: one.error.code(),
            why: one.error.to_string(),
        }));
        rejected.sort_by_key(|one| one.row);
        answer.set("added", &imported.added);
        answer.set("updated", &imported.updated);
        answer.set("rejected", &rejected);
        Ok(())
    }
}

fn deletion_form(deletion: u64, progress: &Deletion) -> DeletionForm<'_> {
    DeletionForm { deletion, progress, finished: progress.is_finished() }
}

/// Which contacts are meant: exactly one of four arguments says it.
fn selection(given: &Arguments<'_>) -> Result<Selection<JsonId>, Refusal> {
    let all = given.read::<bool>("all")?.filter(|all| *all).map(|_| Selection::All);
    let contacts = given.read("contacts")?.map(Selection::Contacts);
    let filter = given.read("filter")?.map(Selection::Filter);
    let segment = given.read("segment")?.map(Selection::Segment);
    let mut said = [all, contacts, filter, segment].into_iter().flatten();
    match (said.next(), said.next()) {
        (Some(selection), None) => Ok(selection),
        _ => Err(Refusal::because("one of contacts, filter, segment and all says who is meant".to_owned())),
    }
}

//! The operations on several contacts: segments, deletions, export and import.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::act::Act;
use crate::contacts::import::Existing;
use crate::filter::Filter;
use crate::inbox::selection::Selection;
use crate::protocol::Protocol;
use crate::protocol::answer::Answer;
use crate::protocol::argument::{ExportFormat, Id};
use crate::protocol::refusal::Refusal;
use crate::protocol::rows;
use crate::rows::inbox::Deletion;
use onefold::contact::Field;

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

/// A line of the report about a rejected row.
#[derive(Serialize)]
struct RejectedForm {
    row: usize,
    id: Option<Id>,
    error: &'static str,
    why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<Field>,
}

impl RejectedForm {
    /// Returns the report line for a refused row. `id` is the id of its contact; a refusal that names no contact gets
    /// it in front of the reason.
    fn of(row: usize, id: Option<Id>, refusal: Refusal) -> Self {
        let Refusal { code, why, field, contact, .. } = refusal;
        let why = match &id {
            Some(id) if contact.is_none() => format!("contact {id:?}: {why}"),
            _ => why,
        };
        Self { row, id: id.or(contact), error: code, why, field }
    }
}

/// A line of the report about a row whose blocked state differs from that of its contact.
#[derive(Serialize)]
struct BlockedStaysForm {
    row: usize,
    id: Id,
    blocked: bool,
}

/// The blocked state in a row; `None` if the row has none.
#[derive(Deserialize)]
struct SaysBlocked<'a> {
    #[serde(borrow, default)]
    blocked: Option<&'a RawValue>,
}

impl SaysBlocked<'_> {
    fn is_said(json: &str) -> bool {
        serde_json::from_str::<SaysBlocked<'_>>(json).is_ok_and(|says| says.blocked.is_some())
    }
}

/// The selection of contacts: exactly one of the members is set.
pub(crate) struct SelectionArguments {
    pub(crate) contacts: Option<Vec<Id>>,
    pub(crate) filter: Option<Filter>,
    pub(crate) segment: Option<String>,
    pub(crate) all: Option<bool>,
}

impl SelectionArguments {
    pub(crate) fn selection(self) -> Result<Selection<Id>, Refusal> {
        let all = self.all.filter(|all| *all).map(|_| Selection::All);
        let contacts = self.contacts.map(Selection::Contacts);
        let filter = self.filter.map(Selection::Filter);
        let segment = self.segment.map(|segment| Selection::Segment(segment.into()));
        let mut said = [all, contacts, filter, segment].into_iter().flatten();
        match (said.next(), said.next()) {
            (Some(selection), None) => Ok(selection),
            _ => Err(Refusal::bad_request("exactly one of contacts, filter, segment and all says who is meant")),
        }
    }
}

impl Protocol {
    pub(crate) fn segments(&self, answer: &mut Answer) -> Result<(), Refusal> {
        let mut forms = Vec::new();
        for (segment, filter) in self.workspace.segments() {
            forms.push(SegmentForm { segment, filter, contacts: self.workspace.select(filter)?.count() });
        }
        answer.set("segments", &forms);
        Ok(())
    }

    pub(crate) fn save_segment(
        &mut self,
        segment: &str,
        filter: &Filter,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.save_segment(segment, filter.clone(), act))?;
        answer.set("contacts", &self.workspace.select(filter)?.count());
        Ok(())
    }

    pub(crate) fn delete_segment(&mut self, segment: &str, act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.delete_segment(segment, act))?;
        Ok(())
    }

    pub(crate) fn select(&self, selection: &Selection<Id>, answer: &mut Answer) -> Result<(), Refusal> {
        let ids = self.workspace.selected(selection)?;
        answer.set("count", &ids.len());
        answer.set("ids", &ids);
        Ok(())
    }

    pub(crate) fn begin_deletion(
        &mut self,
        confirmed: usize,
        selection: &Selection<Id>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let deletion = self.workspace.write(|workspace| workspace.begin_deletion(selection, confirmed, act))?;
        answer.set("deletion", &deletion);
        Ok(())
    }

    pub(crate) fn continue_deletion(
        &mut self,
        deletion: u64,
        limit: usize,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let progress = self.workspace.write(|workspace| workspace.continue_deletion(deletion, limit, act))?;
        answer.set("progress", &deletion_form(deletion, &progress));
        Ok(())
    }

    pub(crate) fn stop_deletion(&mut self, deletion: u64, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let progress = self.workspace.write(|workspace| workspace.stop_deletion(deletion, act))?;
        answer.set("progress", &deletion_form(deletion, &progress));
        Ok(())
    }

    pub(crate) fn deletions(&self, answer: &mut Answer) {
        let deletions = self.workspace.deletions().map(|(number, progress)| deletion_form(number, progress));
        answer.set("deletions", &deletions.collect::<Vec<_>>());
    }

    pub(crate) fn export(
        &self,
        format: &ExportFormat,
        selection: &Selection<Id>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let text = match format {
            ExportFormat::JsonLines => self.workspace.export_json_lines(selection, act)?,
            ExportFormat::Csv => self.workspace.export_csv(selection, act)?,
        };
        answer.set("export", &text);
        Ok(())
    }

    pub(crate) fn import(
        &mut self,
        rows: &[&RawValue],
        existing: Existing,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let (mut contacts, mut places, mut rejected) = (Vec::new(), Vec::new(), Vec::new());
        for (row, json) in rows.iter().enumerate() {
            match rows::contact(json.get(), self.strictness()) {
                Ok(contact) => {
                    self.notice_unread(&contact, answer);
                    contacts.push(contact);
                    places.push(row);
                }
                Err(refusal) => {
                    let id = refusal.contact.clone();
                    rejected.push(RejectedForm::of(row, id, Refusal { contact: None, ..refusal }));
                }
            }
        }
        let imported = self.workspace.write(|workspace| workspace.import(contacts, existing, act))?;
        rejected.extend(imported.rejected.into_iter().map(|one| {
            let row = places.get(one.row).copied().unwrap_or(one.row);
            RejectedForm::of(row, Some(one.id), one.error.into())
        }));
        rejected.sort_by_key(|one| one.row);
        let stays = imported.blocked_stays.into_iter().map(|one| BlockedStaysForm {
            row: places.get(one.row).copied().unwrap_or(one.row),
            id: one.id,
            blocked: one.blocked,
        });
        let is_said = |one: &BlockedStaysForm| rows.get(one.row).is_some_and(|row| SaysBlocked::is_said(row.get()));
        let stays: Vec<BlockedStaysForm> = stays.filter(is_said).collect();
        if !stays.is_empty() {
            answer.set("blocked_stays", &stays);
        }
        answer.set("added", &imported.added);
        answer.set("updated", &imported.updated);
        answer.set("rejected", &rejected);
        Ok(())
    }
}

fn deletion_form(deletion: u64, progress: &Deletion) -> DeletionForm<'_> {
    DeletionForm { deletion, progress, finished: progress.is_finished() }
}

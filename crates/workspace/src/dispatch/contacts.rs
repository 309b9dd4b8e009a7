//! The operations on one contact, and the queries of suggestions, keys and events.

use serde::Serialize;

use crate::act::Act;
use crate::protocol::Protocol;
use crate::protocol::answer::{self, Answer, SuggestionForm};
use crate::protocol::argument::{Id, Strictness};
use crate::protocol::fields::{self, ContactFields};
use crate::protocol::refusal::Refusal;
use crate::protocol::settings_form::SettingsForm;
use crate::roles::Operation;
use crate::rows::event::Event;
use crate::{Applied, Workspace, WorkspaceError};
use onefold::contact::{Contact, Field, Value};

/// The default number of suggestions on a page.
const PAGE: usize = 100;

impl Protocol {
    pub(crate) fn add(
        &mut self,
        id: Id,
        fields: &ContactFields<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let contact = fields.contact(id.clone())?;
        self.notice_unread(&contact, answer);
        let added = self.workspace.write(|workspace| workspace.add(contact, act));
        added.map_err(|error| Refusal::from(error).of_contact(&id))?;
        Ok(())
    }

    /// Edits the fields of a contact. Blocking has its own operations, so `blocked` is refused here.
    pub(crate) fn edit(
        &mut self,
        id: &Id,
        edit: &FieldEdit<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let mut contact = self.live(id)?.clone();
        let says_blocked = edit.set.as_ref().is_some_and(ContactFields::say_blocked);
        if says_blocked || edit.unset.iter().any(|name| name == "blocked") {
            return Err(Refusal::bad_request("blocked is not edited; block and unblock say it"));
        }
        if let Some(fields) = &edit.set {
            self.notice_unread(&fields.contact(id.clone())?, answer);
            fields.write(&mut contact)?;
        }
        fields::unset(&mut contact, &edit.unset, self.strictness());
        let written = edit.set.as_ref().map(ContactFields::fields).unwrap_or_default();
        let edited = self.workspace.write(|workspace| workspace.edit_fields(contact, &written, act));
        edited.map_err(|error| Refusal::from(error).of_contact(id))?;
        Ok(())
    }

    pub(crate) fn details(&self, id: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        let details = self.workspace.details(id)?;
        answer.set("id", &details.id);
        answer.set("details", &details.fields);
        Ok(())
    }

    pub(crate) fn on_one(&mut self, id: &Id, act: &Act, operation: OnOne) -> Result<(), Refusal> {
        Ok(self.workspace.write(|workspace| operation(workspace, id, act))?)
    }

    pub(crate) fn on_two(&mut self, a: &Id, b: &Id, act: &Act, operation: OnTwo) -> Result<(), Refusal> {
        Ok(self.workspace.write(|workspace| operation(workspace, a, b, act))?)
    }

    pub(crate) fn get(&self, id: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("contact", self.live(id)?);
        Ok(())
    }

    pub(crate) fn set_field(&mut self, id: &Id, field: &Field, value: Value, act: &Act) -> Result<(), Refusal> {
        let set = self.workspace.write(|workspace| workspace.set_field(id, field, value, act));
        set.map_err(|error| Refusal::from(error).of_contact(id))?;
        Ok(())
    }

    /// Answers with the keys of a contact, and the reasons for which its other values give none.
    pub(crate) fn keys(&self, id: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        #[derive(Serialize)]
        struct Rejected<'a> {
            field: &'a Field,
            position: usize,
            reason: onefold::key::Reason,
        }
        let found = self.workspace.index().normalizer().contact(self.live(id)?);
        let rejected = found.rejections.iter().map(|rejection| Rejected {
            field: &rejection.place.field,
            position: rejection.place.position,
            reason: rejection.reason,
        });
        answer.set("without_key", &rejected.collect::<Vec<_>>());
        answer.set("keys", &found.keys);
        Ok(())
    }

    pub(crate) fn suggestion(&self, id: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.check_live(id)?;
        let suggestion = self.workspace.index().suggestion_for(id);
        answer.set("suggestion", &suggestion.as_ref().map(SuggestionForm::of));
        Ok(())
    }

    pub(crate) fn suggestions(&self, after: Option<&Id>, limit: Option<usize>, answer: &mut Answer) {
        let page = self.workspace.index().suggestions_page(after, limit.unwrap_or(PAGE));
        answer.set("suggestions", &page.suggestions.iter().map(SuggestionForm::of).collect::<Vec<_>>());
        answer.set("next", &page.next);
    }

    pub(crate) fn counts(&self, answer: &mut Answer) {
        let index = self.workspace.index();
        answer.set("contacts", &self.workspace.len());
        answer.set("blocked", &self.workspace.blocked().count());
        answer.set("keys", &index.key_count());
        answer.set("suggestions", &index.suggestion_counts());
    }

    pub(crate) fn why(&self, a: &Id, b: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.check_live(a)?;
        self.workspace.check_live(b)?;
        answer.set("steps", &self.workspace.index().why(a, b));
        Ok(())
    }

    /// Answers with the pending events. Without `keep` the answer acknowledges them, so that they are not returned
    /// again.
    pub(crate) fn events(
        &mut self,
        limit: Option<usize>,
        keep: bool,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        let events: Vec<Event<Id>> = self.workspace.events().take(limit.unwrap_or(usize::MAX)).cloned().collect();
        if let (false, Some(last)) = (keep, events.last()) {
            self.workspace.write(|workspace| Ok(workspace.acknowledge_events(last.number)))?;
        }
        answer.set("events", &events);
        Ok(())
    }

    pub(crate) fn acknowledge(&mut self, through: u64, act: &Act) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        self.workspace.write(|workspace| Ok(workspace.acknowledge_events(through)))?;
        Ok(())
    }

    /// Answers with the whole state, as a text that `load` reads, and with the settings.
    pub(crate) fn state(&self, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        answer.set("state", &self.workspace.to_state());
        answer.set("config", &SettingsForm::of(self.workspace.settings()));
        Ok(())
    }

    /// Replaces the workspace with a saved state.
    pub(crate) fn load(&mut self, state: &str, config: Option<&SettingsForm>, act: &Act) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::WriteRaw)?;
        let workspace = Workspace::from_state_of_any_id(state);
        let mut workspace = workspace.map_err(|error| Refusal::bad_request(error.to_string()))?;
        if let Some(config) = config {
            if !config.agrees_with(workspace.settings()) {
                return Err(Refusal::bad_request("the config is not that of the state"));
            }
            workspace.keep_settings(config.settings());
        }
        self.workspace.replace(workspace);
        Ok(())
    }

    pub(crate) fn common_keys(&self, answer: &mut Answer) {
        answer.set("common_keys", &answer::common_keys(self.workspace.index()));
    }

    /// Returns a live contact.
    pub(crate) fn live(&self, id: &Id) -> Result<&Contact<Id>, Refusal> {
        self.workspace.check_live(id)?;
        self.workspace.get(id).ok_or_else(|| Refusal::bad_request("the contact is not live"))
    }

    /// Adds a notice to the answer for phones and emails in fields that give no keys.
    pub(crate) fn notice_unread(&self, contact: &Contact<Id>, answer: &mut Answer) {
        let is_defined = |name: &str| self.workspace.definitions().any(|(defined, _)| defined == name);
        answer.notices.unread(contact, &self.workspace.settings().normalizer, is_defined);
    }

    /// Returns the strictness of reading fields under the current settings.
    pub(crate) fn strictness(&self) -> Strictness {
        if self.workspace.settings().normalizer.is_as_written() {
            Strictness::AsWritten
        } else {
            Strictness::Normalized
        }
    }
}

/// The changes of an `edit`: the fields to set and the names of the fields to remove.
pub(crate) struct FieldEdit<'a> {
    pub(crate) set: Option<ContactFields<'a>>,
    pub(crate) unset: Vec<String>,
}

type OnOne = fn(&mut Workspace<Id>, &Id, &Act) -> Result<Applied<Id>, WorkspaceError<Id>>;
type OnTwo = fn(&mut Workspace<Id>, &Id, &Id, &Act) -> Result<Applied<Id>, WorkspaceError<Id>>;

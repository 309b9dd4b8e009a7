//! Operations on one contact, and questions about who is alike.

use serde::Serialize;

use crate::contact::{Contact, Field, Value};
use crate::workspace::Workspace;
use crate::workspace::act::Act;
use crate::workspace::events::Event;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::config::Config;
use crate::workspace::protocol::fields;
use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::Refusal;
use crate::workspace::protocol::{BAD_REQUEST, Protocol};
use crate::workspace::roles::Operation;

/// How many suggestions a page has if nobody says.
const PAGE: usize = 100;

impl Protocol {
    pub(super) fn get(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let id = given.id("id")?;
        self.workspace.check_live(&id)?;
        answer.set("contact", &self.workspace.get(&id));
        Ok(())
    }

    pub(super) fn details(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let details = self.workspace.details(&given.id("id")?)?;
        answer.set("id", &details.id);
        answer.set("details", &details.fields);
        Ok(())
    }

    pub(super) fn made_of(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("ids", &self.workspace.made_of(&given.id("id")?)?);
        Ok(())
    }

    pub(super) fn set_field(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let id = given.id("id")?;
        let field: Field = given.need("field")?;
        let json = given.raw("value").ok_or(BAD_REQUEST)?;
        let value = Value::from_json(json.get()).map_err(|_| Refusal::argument("value"))?;
        self.workspace.write(|workspace| workspace.set_field(&id, &field, value, act))?;
        Ok(())
    }

    /// The keys of a contact, and why its other values give none.
    pub(super) fn keys(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        #[derive(Serialize)]
        struct Rejected<'a> {
            field: &'a Field,
            position: usize,
            reason: crate::key::Reason,
        }
        let id = given.id("id")?;
        self.workspace.check_live(&id)?;
        let contact = self.workspace.get(&id).ok_or(BAD_REQUEST)?;
        let found = self.workspace.index().normalizer().contact(contact);
        let rejected = found.rejections.iter().map(|rejection| Rejected {
            field: &rejection.place.field,
            position: rejection.place.position,
            reason: rejection.reason,
        });
        answer.set("without_key", &rejected.collect::<Vec<_>>());
        answer.set("keys", &found.keys);
        Ok(())
    }

    pub(super) fn suggestion(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let id = given.id("id")?;
        self.workspace.check_live(&id)?;
        answer.set("suggestion", &self.workspace.index().suggestion_for(&id));
        Ok(())
    }

    pub(super) fn suggestions(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let after: Option<JsonId> = given.read("after")?;
        let most = given.read("most")?.unwrap_or(PAGE);
        let page = self.workspace.index().suggestions_page(after.as_ref(), most);
        answer.set("suggestions", &page.suggestions);
        answer.set("next", &page.next);
        Ok(())
    }

    pub(super) fn counts(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let index = self.workspace.index();
        answer.set("contacts", &self.workspace.len());
        answer.set("blocked", &self.workspace.blocked().count());
        answer.set("keys", &index.key_count());
        answer.set("suggestions", &index.suggestion_counts());
        Ok(())
    }

    pub(super) fn why(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (a, b) = (given.id("a")?, given.id("b")?);
        self.workspace.check_live(&a)?;
        self.workspace.check_live(&b)?;
        answer.set("steps", &self.workspace.index().why(&a, &b));
        Ok(())
    }

    pub(super) fn alike(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("alike", &self.workspace.index().contacts_like(&new_contact(given)?));
        Ok(())
    }

    pub(super) fn matches_blocked(
        &mut self,
        given: &Arguments<'_>,
        _: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        answer.set("alike", &self.workspace.index().matches_blocked(&new_contact(given)?));
        Ok(())
    }

    pub(super) fn common_keys(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let common = self.workspace.index().common_keys();
        let common: Vec<_> =
            common.iter().map(|common| (common.key.kind().name(), common.key.value(), common.holders)).collect();
        answer.set("common_keys", &common);
        Ok(())
    }

    pub(super) fn blocked(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("blocked", &self.workspace.blocked().collect::<Vec<_>>());
        Ok(())
    }

    /// The events that wait; they are taken, unless they are to be kept until they are acknowledged.
    pub(super) fn events(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        let most = given.read("most")?.unwrap_or(usize::MAX);
        let events: Vec<Event<JsonId>> = self.workspace.events().take(most).cloned().collect();
        if let (false, Some(last)) = (given.read("keep")?.unwrap_or(false), events.last()) {
            self.workspace.write(|workspace| Ok(workspace.acknowledge_events(last.number)))?;
        }
        answer.set("events", &events);
        Ok(())
    }

    pub(super) fn acknowledge(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        let through = given.need("through")?;
        self.workspace.write(|workspace| Ok(workspace.acknowledge_events(through)))?;
        Ok(())
    }

    /// Everything, as a text that `load` reads.
    pub(super) fn state(&mut self, _: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::ReadAll)?;
        answer.set("state", &self.workspace.to_state());
        answer.set("config", self.workspace.config());
        Ok(())
    }

    /// Puts everything that was saved in place of what there is.
    pub(super) fn load(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        self.workspace.allow(act, Operation::WriteRaw)?;
        let (state, config) = (given.need::<String>("state")?, given.need::<Config>("config")?);
        let workspace = Workspace::from_state(&state).map_err(|error| Refusal::because(error.to_string()))?;
        if *workspace.settings() != config.settings() {
            return Err(Refusal::because("the config is not that of the state".to_owned()));
        }
        self.workspace.replace(workspace, config);
        Ok(())
    }
}

/// A contact that is nobody's yet.
fn new_contact(given: &Arguments<'_>) -> Result<Contact<JsonId>, Refusal> {
    fields::contact(JsonId::Nobody, given.raw("contact").ok_or(BAD_REQUEST)?)
}

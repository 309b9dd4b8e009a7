//! Operations on tags, custom fields, channels and messages.

use serde::Serialize;

use crate::contact::{ChannelKind, CustomType, Field, Time};
use crate::workspace::Sender;
use crate::workspace::act::Act;
use crate::workspace::channels::{ChannelState, ContactChannel};
use crate::workspace::filter::ChannelStateName;
use crate::workspace::protocol::Protocol;
use crate::workspace::protocol::answer::Answer;
use crate::workspace::protocol::arguments::Arguments;
use crate::workspace::protocol::id::JsonId;
use crate::workspace::protocol::refusal::Refusal;
use crate::workspace::roles::{Needs, Operation};

#[derive(Serialize)]
struct DefinitionForm<'a> {
    name: &'a str,
    r#type: &'a CustomType,
}

#[derive(Serialize)]
struct AccountForm<'a> {
    account: &'a str,
    kind: &'a str,
    title: Option<&'a str>,
}

#[derive(Serialize)]
struct ChannelForm<'a> {
    #[serde(flatten)]
    account: AccountForm<'a>,
    state: ChannelStateName,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    connected: Vec<ConnectedForm<'a>>,
}

#[derive(Serialize)]
struct ConnectedForm<'a> {
    identity: &'a str,
    connected_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct PermissionForm {
    operation: Operation,
    needs: Needs,
}

impl Protocol {
    pub(super) fn tags(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let find: Option<String> = given.read("find")?;
        answer.set("tags", &find.map_or_else(|| self.workspace.tags(), |text| self.workspace.find_tags(&text)));
        Ok(())
    }

    pub(super) fn create_tag(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let tag = given.need::<String>("tag")?;
        self.workspace.write(|workspace| workspace.create_tag(&tag, act))?;
        Ok(())
    }

    pub(super) fn assign_tags(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (ids, tags) = (given.need::<Vec<JsonId>>("contacts")?, given.need::<Vec<String>>("tags")?);
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        let assigned = self.workspace.write(|workspace| workspace.assign_tags(&ids, &tags, act))?;
        answer.set("created", &assigned.created);
        answer.set("changed", &assigned.contacts);
        Ok(())
    }

    pub(super) fn remove_tags(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (ids, tags) = (given.need::<Vec<JsonId>>("contacts")?, given.need::<Vec<String>>("tags")?);
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        answer.set("changed", &self.workspace.write(|workspace| workspace.remove_tags(&ids, &tags, act))?);
        Ok(())
    }

    pub(super) fn rename_tag(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (tag, to) = (given.need::<String>("tag")?, given.need::<String>("to")?);
        let affected = match given.read("preview")?.unwrap_or(false) {
            true => self.workspace.affected_by_tag(&tag)?,
            false => self.workspace.write(|workspace| workspace.rename_tag(&tag, &to, act))?,
        };
        answer.set("affected", &affected);
        Ok(())
    }

    pub(super) fn delete_tag(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let tag: String = given.need("tag")?;
        let affected = match given.read("preview")?.unwrap_or(false) {
            true => self.workspace.affected_by_tag(&tag)?,
            false => self.workspace.write(|workspace| workspace.delete_tag(&tag, act))?,
        };
        answer.set("affected", &affected);
        Ok(())
    }

    pub(super) fn definitions(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let definitions = self.workspace.definitions().map(|(name, r#type)| DefinitionForm { name, r#type });
        answer.set("definitions", &definitions.collect::<Vec<_>>());
        answer.set("order", &self.workspace.field_order());
        Ok(())
    }

    pub(super) fn define_field(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let (name, kind) = (given.need::<String>("name")?, given.need::<CustomType>("type")?);
        let effect = match given.read("preview")?.unwrap_or(false) {
            true => self.workspace.effect_of_definition(&name, Some(&kind)),
            false => self.workspace.write(|workspace| workspace.define_field(&name, kind, act))?,
        };
        answer.set("affected", &effect.affected);
        answer.set("misfits", &effect.misfits);
        Ok(())
    }

    pub(super) fn remove_definition(
        &mut self,
        given: &Arguments<'_>,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let name: String = given.need("name")?;
        let effect = match given.read("preview")?.unwrap_or(false) {
            true => self.workspace.effect_of_definition(&name, None),
            false => self.workspace.write(|workspace| workspace.remove_definition(&name, act))?,
        };
        answer.set("affected", &effect.affected);
        Ok(())
    }

    pub(super) fn order_fields(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let fields = given.need::<Vec<Field>>("fields")?;
        self.workspace.write(|workspace| workspace.order_fields(&fields, act))?;
        Ok(())
    }

    pub(super) fn accounts(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let accounts = self.workspace.accounts();
        let accounts =
            accounts.map(|(account, row)| AccountForm { account, kind: row.kind.name(), title: Some(&row.title) });
        answer.set("accounts", &accounts.collect::<Vec<_>>());
        Ok(())
    }

    pub(super) fn set_account(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let account: String = given.need("account")?;
        let kind = ChannelKind::from_name(&given.need::<String>("kind")?);
        let title = given.read::<String>("title")?.unwrap_or_else(|| account.clone());
        self.workspace.write(|workspace| workspace.set_account(&account, kind, &title, act))?;
        Ok(())
    }

    pub(super) fn remove_account(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let account = given.need::<String>("account")?;
        self.workspace.write(|workspace| workspace.remove_account(&account, act))?;
        Ok(())
    }

    pub(super) fn channels(&mut self, given: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let channels = self.workspace.channels_of(&given.id("id")?)?;
        answer.set("channels", &channels.iter().map(channel_form).collect::<Vec<_>>());
        Ok(())
    }

    pub(super) fn remove_channel(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let id = given.id("id")?;
        let account = given.need::<String>("account")?;
        let identity = given.read::<String>("identity")?;
        self.workspace.write(|workspace| workspace.remove_channel(&id, &account, identity.as_deref(), act))?;
        Ok(())
    }

    pub(super) fn send(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let id = given.id("id")?;
        let account = given.need::<String>("account")?;
        self.workspace.write(|workspace| workspace.send(&id, &account, act))?;
        Ok(())
    }

    pub(super) fn receive(&mut self, given: &Arguments<'_>, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let (account, identity) = (given.read::<String>("account")?, given.read::<String>("identity")?);
        let through = match (&account, &identity) {
            (Some(account), Some(identity)) => Some(Sender::new(account, identity)),
            (None, None) => None,
            (Some(_), None) => return Err(Refusal::argument("identity")),
            (None, Some(_)) => return Err(Refusal::argument("account")),
        };
        let id = given.id("id")?;
        let received = self.workspace.write(|workspace| workspace.receive(&id, through.as_ref(), act))?;
        answer.set("contact", &received.contact);
        answer.set("visibility", &received.visibility);
        Ok(())
    }

    pub(super) fn monthly_active(
        &mut self,
        given: &Arguments<'_>,
        _: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        answer.set("active", &self.workspace.monthly_active(given.need("from")?, given.need("to")?));
        Ok(())
    }

    pub(super) fn forget_activity(&mut self, given: &Arguments<'_>, act: &Act, _: &mut Answer) -> Result<(), Refusal> {
        let before = given.need("before")?;
        self.workspace.write(|workspace| workspace.forget_activity(before, act))?;
        Ok(())
    }

    pub(super) fn permissions(&mut self, _: &Arguments<'_>, _: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("permissions", &Operation::TABLE.map(|(operation, needs)| PermissionForm { operation, needs }));
        Ok(())
    }
}

fn channel_form(channel: &ContactChannel) -> ChannelForm<'_> {
    let (identity, connected) = match &channel.state {
        ChannelState::Active { channels } => {
            let all = channels.iter().map(|one| ConnectedForm {
                identity: &one.identity,
                connected_at: one.connected_at.as_ref().map(Time::millis),
                url: one.url.as_deref(),
            });
            (None, all.collect())
        }
        ChannelState::Inactive { identity } => (Some(identity.as_str()), Vec::new()),
        ChannelState::Unavailable => (None, Vec::new()),
    };
    ChannelForm {
        account: AccountForm { account: &channel.account, kind: channel.kind.name(), title: channel.title.as_deref() },
        state: channel.state.state_name(),
        identity,
        connected,
    }
}

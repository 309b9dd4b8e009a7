//! The operations on tags, custom fields, channels and messages.

use serde::Serialize;

use crate::Sender;
use crate::act::Act;
use crate::filter::ChannelStateName;
use crate::inbox::channels::{ChannelState, ContactChannel};
use crate::protocol::Protocol;
use crate::protocol::answer::Answer;
use crate::protocol::argument::Id;
use crate::protocol::refusal::Refusal;
use crate::roles::{Needs, Operation};
use crate::rows::inbox::ChannelAccount;
use onefold::contact::{ChannelKind, CustomType, Field, Time, WrittenTime};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    portfolio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    portfolio_group: Option<&'a str>,
}

/// The arguments of `set_account`. A title or portfolio that is `None` stays; an empty text removes the portfolio.
pub(crate) struct GivenAccount {
    pub(crate) kind: String,
    pub(crate) title: Option<String>,
    pub(crate) portfolio: Option<String>,
    pub(crate) portfolio_group: Option<String>,
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
    connected_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct PermissionForm {
    operation: Operation,
    needs: Needs,
}

impl Protocol {
    pub(crate) fn tags(&self, find: Option<&str>, answer: &mut Answer) {
        answer.set("tags", &find.map_or_else(|| self.workspace.tags(), |text| self.workspace.find_tags(text)));
    }

    pub(crate) fn create_tag(&mut self, tag: &str, act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.create_tag(tag, act))?;
        Ok(())
    }

    pub(crate) fn assign_tags(
        &mut self,
        ids: &[Id],
        tags: &[String],
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        let assigned = self.workspace.write(|workspace| workspace.assign_tags(ids, &tags, act))?;
        answer.set("created", &assigned.created);
        answer.set("changed", &assigned.contacts);
        Ok(())
    }

    pub(crate) fn remove_tags(
        &mut self,
        ids: &[Id],
        tags: &[String],
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        answer.set("changed", &self.workspace.write(|workspace| workspace.remove_tags(ids, &tags, act))?);
        Ok(())
    }

    pub(crate) fn rename_tag(&mut self, tag: &str, to: &str, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("affected", &self.workspace.write(|workspace| workspace.rename_tag(tag, to, act))?);
        Ok(())
    }

    pub(crate) fn delete_tag(&mut self, tag: &str, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("affected", &self.workspace.write(|workspace| workspace.delete_tag(tag, act))?);
        Ok(())
    }

    /// Answers with the contacts that renaming or deleting a tag would change.
    pub(crate) fn preview_tag(&self, tag: &str, answer: &mut Answer) -> Result<(), Refusal> {
        answer.set("affected", &self.workspace.affected_by_tag(tag)?);
        Ok(())
    }

    pub(crate) fn definitions(&self, answer: &mut Answer) {
        let definitions = self.workspace.definitions().map(|(name, r#type)| DefinitionForm { name, r#type });
        answer.set("definitions", &definitions.collect::<Vec<_>>());
        answer.set("order", &self.workspace.field_order());
    }

    pub(crate) fn define_field(
        &mut self,
        name: &str,
        kind: CustomType,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let effect = self.workspace.write(|workspace| workspace.define_field(name, kind, act))?;
        answer.set("affected", &effect.affected);
        answer.set("misfits", &effect.misfits);
        Ok(())
    }

    /// Answers with the contacts and values that a definition would affect.
    pub(crate) fn preview_definition(&self, name: &str, kind: &CustomType, answer: &mut Answer) {
        let effect = self.workspace.effect_of_definition(name, Some(kind));
        answer.set("affected", &effect.affected);
        answer.set("misfits", &effect.misfits);
    }

    pub(crate) fn remove_definition(&mut self, name: &str, act: &Act, answer: &mut Answer) -> Result<(), Refusal> {
        let effect = self.workspace.write(|workspace| workspace.remove_definition(name, act))?;
        answer.set("affected", &effect.affected);
        Ok(())
    }

    pub(crate) fn order_fields(&mut self, fields: &[Field], act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.order_fields(fields, act))?;
        Ok(())
    }

    pub(crate) fn accounts(&self, answer: &mut Answer) {
        let accounts = self.workspace.accounts();
        let accounts = accounts.map(|(account, row)| AccountForm {
            account,
            kind: row.kind.name(),
            title: Some(&row.title),
            portfolio: row.belongs_to.portfolio.as_deref(),
            portfolio_group: row.belongs_to.portfolio_group.as_deref(),
        });
        answer.set("accounts", &accounts.collect::<Vec<_>>());
    }

    pub(crate) fn set_account(&mut self, account: &str, given: GivenAccount, act: &Act) -> Result<(), Refusal> {
        let known = self.workspace.accounts().find(|(name, _)| *name == account.trim());
        let known = known.map(|(_, row)| row);
        let mut belongs_to = known.map(|row| row.belongs_to.clone()).unwrap_or_default();
        if let Some(portfolio) = given.portfolio {
            belongs_to = belongs_to.portfolio(&portfolio);
        }
        if let Some(group) = given.portfolio_group {
            belongs_to = belongs_to.portfolio_group(&group);
        }
        let title: Box<str> = match (given.title, known) {
            (Some(title), _) => title.into(),
            (None, Some(known)) => known.title.clone(),
            (None, None) => account.into(),
        };
        let row = ChannelAccount::new(ChannelKind::from_name(&given.kind), title).belongs_to(belongs_to);
        self.workspace.write(|workspace| workspace.put_account(account, row, act))?;
        Ok(())
    }

    pub(crate) fn remove_account(&mut self, account: &str, act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.remove_account(account, act))?;
        Ok(())
    }

    pub(crate) fn channels(&self, id: &Id, answer: &mut Answer) -> Result<(), Refusal> {
        let channels = self.workspace.channels_of(id)?;
        answer.set("channels", &channels.iter().map(channel_form).collect::<Vec<_>>());
        Ok(())
    }

    pub(crate) fn remove_channel(
        &mut self,
        id: &Id,
        account: &str,
        identity: Option<&str>,
        act: &Act,
    ) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.remove_channel(id, account, identity, act))?;
        Ok(())
    }

    pub(crate) fn send(&mut self, id: &Id, account: &str, act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.send(id, account, act))?;
        Ok(())
    }

    pub(crate) fn receive(
        &mut self,
        id: &Id,
        through: &Through,
        act: &Act,
        answer: &mut Answer,
    ) -> Result<(), Refusal> {
        let sender = through.sender()?;
        let received = self.workspace.write(|workspace| workspace.receive(id, sender.as_ref(), act))?;
        answer.set("contact", &received.contact);
        answer.set("visibility", &received.visibility);
        Ok(())
    }

    pub(crate) fn forget_activity(&mut self, before: Time, act: &Act) -> Result<(), Refusal> {
        self.workspace.write(|workspace| workspace.forget_activity(before, act))?;
        Ok(())
    }

    pub(crate) fn permissions(&self, answer: &mut Answer) {
        answer.set(
            "permissions",
            &Operation::ALL.map(|operation| PermissionForm { operation, needs: operation.needs() }),
        );
    }
}

/// The channel through which a message came; all `None` if the line does not say it.
pub(crate) struct Through {
    pub(crate) account: Option<String>,
    pub(crate) identity: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) avatar: Option<String>,
    pub(crate) url: Option<String>,
}

impl Through {
    /// Returns the sender of the message, or `None` if the line does not name the channel.
    fn sender(&self) -> Result<Option<Sender<'_>>, Refusal> {
        let (account, identity) = match (&self.account, &self.identity) {
            (Some(account), Some(identity)) => (account, identity),
            (None, None) if [&self.display_name, &self.avatar, &self.url].iter().all(|said| said.is_none()) => {
                return Ok(None);
            }
            (_, None) => return Err(Refusal::bad_request("argument identity is missing")),
            (None, _) => return Err(Refusal::bad_request("argument account is missing beside identity")),
        };
        let mut sender = Sender::new(account, identity);
        if let Some(name) = &self.display_name {
            sender = sender.with_display_name(name);
        }
        if let Some(address) = &self.avatar {
            sender = sender.with_avatar(address);
        }
        if let Some(address) = &self.url {
            sender = sender.with_url(address);
        }
        Ok(Some(sender))
    }
}

fn channel_form(channel: &ContactChannel) -> ChannelForm<'_> {
    let (identity, connected) = match &channel.state {
        ChannelState::Active { channels } => {
            let all = channels.iter().map(|one| ConnectedForm {
                identity: &one.identity,
                connected_at: one.connected_at.as_ref().map(WrittenTime::time),
                url: one.url.as_deref(),
            });
            (None, all.collect())
        }
        ChannelState::Inactive { identity } => (Some(identity.as_str()), Vec::new()),
        ChannelState::Unavailable => (None, Vec::new()),
    };
    ChannelForm {
        account: AccountForm {
            account: &channel.account,
            kind: channel.kind.name(),
            title: channel.title.as_deref(),
            portfolio: None,
            portfolio_group: None,
        },
        state: channel.state.state_name(),
        identity,
        connected,
    }
}

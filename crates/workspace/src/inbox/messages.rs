//! Messages from and to contacts: their visibility, the channels they connect, and the active contacts they count.

use std::collections::BTreeSet;
use std::fmt;

use crate::act::Act;
use crate::applied::Applied;
use crate::inbox::channels::ChannelState;
use crate::inbox::contact_page::MAX_TEXT_BYTES;
use crate::roles::Operation;
use crate::rows::event::EventKind;
use crate::rows::inbox::{Activity, Block};
use crate::rows::tables::{ActivityTable, BlockTable};
use crate::{Resolved, Workspace, WorkspaceError};
use onefold::contact::{Channel, ChannelKind, ContactId, Field, Provenance, Source, Time, Value};
use onefold::distinct::Ancestry;

/// The length of the spans in which activity is recorded: seven days.
const WEEK_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The visibility of a message to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Users see the message.
    Shown,
    /// Users do not see the message, because the contact is blocked.
    Hidden,
}

/// The sender of a message on a channel account of the workspace. `Debug` shows only the account.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sender<'a> {
    account: &'a str,
    identity: &'a str,
    display_name: Option<&'a str>,
    avatar: Option<&'a str>,
    url: Option<&'a str>,
}

impl<'a> Sender<'a> {
    /// Returns a sender without name, picture and conversation.
    pub fn new(account: &'a str, identity: &'a str) -> Self {
        Self { account, identity, display_name: None, avatar: None, url: None }
    }

    /// Returns the name of the account.
    pub fn account(&self) -> &'a str {
        self.account
    }

    /// Returns the contact's identity on the account.
    pub fn identity(&self) -> &'a str {
        self.identity
    }

    /// Returns the contact's name on the channel, if it is known.
    pub fn display_name(&self) -> Option<&'a str> {
        self.display_name
    }

    /// Returns the address of the contact's picture, if it is known.
    pub fn avatar(&self) -> Option<&'a str> {
        self.avatar
    }

    /// Returns the address of the conversation, if the channel has one.
    pub fn url(&self) -> Option<&'a str> {
        self.url
    }

    /// Sets the sender's name.
    #[must_use]
    pub fn with_display_name(mut self, name: &'a str) -> Self {
        self.display_name = Some(name);
        self
    }

    /// Sets the address of the sender's picture.
    #[must_use]
    pub fn with_avatar(mut self, address: &'a str) -> Self {
        self.avatar = Some(address);
        self
    }

    /// Sets the address of the conversation.
    #[must_use]
    pub fn with_url(mut self, address: &'a str) -> Self {
        self.url = Some(address);
        self
    }
}

impl fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("account", &self.account).finish_non_exhaustive()
    }
}

/// The result of a message from a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received<Id> {
    /// The live contact that sent the message.
    pub contact: Id,
    /// The visibility of the message to users.
    pub visibility: Visibility,
}

impl<Id: ContactId> Workspace<Id> {
    /// Records a message from a contact, at the time of `act`.
    ///
    /// `from` is any id by which the host knows the contact, also one of a retired contact. A message from a blocked
    /// contact is hidden and changes no field. Any other message with `through`:
    /// - connects the channel, which is an account and the contact's identity there, if it was not connected;
    /// - sets the contact's display name and avatar, and the address of the conversation, as given by the channel;
    /// - derives the country as [`Workspace::set_field`] does, also from the number of the channel.
    ///
    /// A channel that is connected while `from` is retired belongs to the survivor, also after an undo.
    /// Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::Deleted`] or [`WorkspaceError::UnknownContact`] if the id stands for no live contact.
    /// - [`WorkspaceError::BadName`] if the identity is blank.
    /// - [`WorkspaceError::DoesNotFit`] if the name or an address is longer than [`MAX_TEXT_BYTES`].
    /// - [`WorkspaceError::UnknownAccount`] if the workspace has no such channel account.
    pub fn receive(
        &mut self,
        from: &Id,
        through: Option<&Sender<'_>>,
        act: &Act,
    ) -> Result<Applied<Id, Received<Id>>, WorkspaceError<Id>> {
        let contact = match self.resolve(from) {
            Resolved::Live(contact) => contact,
            Resolved::Deleted(_) => return Err(WorkspaceError::Deleted { id: from.clone() }),
            Resolved::Unknown => return Err(WorkspaceError::UnknownContact { id: from.clone() }),
        };
        let channel = through.map(|sender| self.channel_of(sender)).transpose()?;
        let is_blocked = self.row(&contact)?.contact.blocked;
        self.transact(act, |workspace| {
            if is_blocked {
                workspace.note_hidden(&contact, act.at)
            } else {
                // The activity is recorded under the original id, so that an undo returns it to that contact.
                workspace.note_active(from, act.at);
                if let Some((sender, channel)) = through.zip(channel) {
                    workspace.introduce(&contact, sender, &channel.kind, act);
                    workspace.connect(&contact, channel, act);
                }
            }
            let visibility = if is_blocked { Visibility::Hidden } else { Visibility::Shown };
            Ok(Received { contact, visibility })
        })
    }

    /// Returns the channel of a message.
    ///
    /// # Errors
    /// - [`WorkspaceError::BadName`], [`WorkspaceError::DoesNotFit`] or [`WorkspaceError::UnknownAccount`], as for
    ///   [`Workspace::receive`].
    fn channel_of(&self, sender: &Sender<'_>) -> Result<Channel, WorkspaceError<Id>> {
        if sender.identity.trim().is_empty() {
            return Err(WorkspaceError::BadName { what: "channel identity", limit: MAX_TEXT_BYTES });
        }
        let given =
            [(Field::DisplayName, sender.display_name), (Field::Avatar, sender.avatar), (Field::Channels, sender.url)];
        let is_long = |text: &str| text.len() > MAX_TEXT_BYTES;
        if let Some((field, _)) = given.into_iter().find(|(_, text)| text.is_some_and(is_long)) {
            return Err(WorkspaceError::DoesNotFit { field, position: 0, expected: "short enough" });
        }
        let kind = self.account(sender.account)?.kind.clone();
        let mut channel = Channel::new(kind, sender.account, sender.identity);
        channel.url = sender.url.filter(|url| !url.trim().is_empty()).map(str::to_owned);
        Ok(channel)
    }

    /// Sets the name and the picture of a contact as given by a channel.
    fn introduce(&mut self, id: &Id, sender: &Sender<'_>, kind: &ChannelKind, act: &Act) {
        let Some(mut contact) = self.get(id).cloned() else { return };
        for (field, text) in [(Field::DisplayName, sender.display_name), (Field::Avatar, sender.avatar)] {
            let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
            let value = Value::from(text);
            if contact.get(&field) != Some(&value) {
                let source = Source::Channel(kind.clone());
                let provenance = Provenance { source, changed_at: Some(act.at), verified: false };
                contact.provenance.insert(field.clone(), provenance);
                contact.fields.insert(field, value);
            }
        }
        self.rewrite_now(contact, act);
    }

    /// Records a message to a live contact through a channel account, at the time of `act`. The first message connects
    /// an inactive channel. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// In this order:
    /// - [`WorkspaceError::NotAllowed`] if the role may not edit contacts.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::UnknownAccount`] if the workspace has no such channel account.
    /// - [`WorkspaceError::Blocked`] if the contact is blocked, which locks its conversation.
    /// - [`WorkspaceError::ChannelUnavailable`] if only the contact can start the conversation.
    pub fn send(&mut self, to: &Id, account: &str, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::EditContact)?;
        let is_blocked = self.row(to)?.contact.blocked;
        let state = self.channel_state(to, account)?;
        if is_blocked {
            return Err(WorkspaceError::Blocked { id: to.clone() });
        }
        let channel = match state {
            ChannelState::Active { .. } => None,
            ChannelState::Inactive { identity } => {
                Some(Channel::new(self.account(account)?.kind.clone(), account, identity))
            }
            ChannelState::Unavailable => {
                return Err(WorkspaceError::ChannelUnavailable { id: to.clone(), account: account.into() });
            }
        };
        self.transact(act, |workspace| {
            workspace.note_active(to, act.at);
            if let Some(channel) = channel {
                workspace.connect(to, channel, act);
            }
            Ok(())
        })
    }

    /// Returns the number of active contacts in a billing cycle, from `from` inclusive to `to` exclusive.
    ///
    /// A contact is active if it and the workspace exchanged messages. Hidden messages count only in the cycle in which
    /// the contact was blocked. Merged contacts count as one, and contacts deleted since count, too. The number is
    /// exact for cycles of at least seven days. Cost: O(a m log n) for a records of activity and m merges of a contact.
    pub fn monthly_active(&self, from: Time, to: Time) -> usize {
        let cycle = from..to;
        let shown = self.rows.tables().activity.rows().iter();
        let shown = shown.filter(|(_, active)| cycle.contains(&active.first) || cycle.contains(&active.last));
        let hidden = self.rows.tables().blocks.rows().iter();
        let hidden = hidden.filter(|((_, since), block)| {
            *since >= from && block.first_hidden.is_some_and(|hidden| cycle.contains(&hidden))
        });
        let active = shown.map(|((id, _), _)| id).chain(hidden.map(|((id, _), _)| id));
        let live: BTreeSet<&Id> = active.map(|id| self.rows.current(id)).collect();
        live.into_iter().filter(|id| self.rows.contact(id).is_some() || self.rows.deleted().contains_key(id)).count()
    }

    /// Removes the records of activity in weeks that ended before a time, such as those of billed cycles. Cost: O(a)
    /// for a records.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] unless the user is an owner or a manager, or the host acts itself.
    pub fn forget_activity(&mut self, before: Time, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        let first_kept = week_of(before);
        self.transact(act, |workspace| {
            let activity = workspace.rows.tables().activity.rows();
            let old: Vec<(Id, i64)> = activity.keys().filter(|(_, week)| *week < first_kept).cloned().collect();
            for key in old {
                workspace.rows.set::<ActivityTable>(key, None);
            }
            // Blocks of the deleted are kept for their activity only.
            let blocks = workspace.rows.tables().blocks.rows().iter();
            let old = blocks.filter(|((id, _), block)| {
                let is_old = block.first_hidden.is_none_or(|hidden| week_of(hidden) < first_kept);
                is_old && workspace.rows.deleted().contains_key(id)
            });
            for key in old.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
                workspace.rows.set::<BlockTable>(key, None);
            }
            Ok(())
        })
    }

    /// Connects a channel, unless the contact has it. Updates the address of the conversation and derives the contact's
    /// country.
    fn connect(&mut self, id: &Id, mut channel: Channel, act: &Act) {
        let Some(mut contact) = self.get(id).cloned() else { return };
        let account = channel.account.as_str().into();
        let known = contact.channels().iter().find(|known| known.is_same_as(&channel));
        let connected_at = known.and_then(|known| known.connected_at.clone());
        let is_new = connected_at.is_none();
        channel.connected_at = connected_at.or(Some(act.at.into()));
        contact.connect(channel);
        self.derive_country(&mut contact, act);
        self.rewrite_now(contact, act);
        if is_new {
            self.emit(act, Vec::new(), EventKind::ChannelConnected { contact: id.clone(), account });
        }
    }

    fn note_active(&mut self, id: &Id, at: Time) {
        let key = (id.clone(), week_of(at));
        let known = self.rows.tables().activity.rows().get(&key).copied();
        let Activity { first, last } = known.unwrap_or(Activity { first: at, last: at });
        self.rows.set::<ActivityTable>(key, Some(Activity { first: first.min(at), last: last.max(at) }));
    }

    fn note_hidden(&mut self, id: &Id, at: Time) {
        for key in self.open_blocks(id) {
            if let Some(block) = self.rows.tables().blocks.rows().get(&key).cloned() {
                let first = block.first_hidden.map_or(at, |first| first.min(at));
                self.rows.set::<BlockTable>(key, Some(Block { first_hidden: Some(first), ..block }));
            }
        }
    }
}

/// Returns the number of the week of a time. Week 0 begins at the Unix epoch.
fn week_of(time: Time) -> i64 {
    time.millis().div_euclid(WEEK_MILLIS)
}

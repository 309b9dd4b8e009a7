//! Messages to contacts and from them: which are shown, which channels they connect, and whom they make active.

use std::collections::BTreeSet;
use std::fmt;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::EventKind;
use crate::inbox::channels::ChannelState;
use crate::inbox::details::MAX_TEXT_BYTES;
use crate::roles::Operation;
use crate::rows::inbox::{Activity, Block};
use crate::rows::tables::{ActivityTable, BlockTable};
use crate::{Resolved, Workspace, WorkspaceError};
use onefold::contact::{Channel, ChannelKind, ContactId, Field, Provenance, Source, Time, Value};
use onefold::distinct::Ancestry;

/// The length of the spans by which activity is kept, in milliseconds: seven days.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// Whether users see a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// They do.
    Shown,
    /// They do not: the contact is blocked.
    Hidden,
}

/// Who a message is from, on a channel account of the workspace. `Debug` shows the account only.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sender<'a> {
    /// The account.
    pub account: &'a str,
    /// Who the contact is there.
    pub identity: &'a str,
    /// What the channel calls the contact, if it says so.
    pub display_name: Option<&'a str>,
    /// The address of the contact's picture, if the channel says so.
    pub avatar: Option<&'a str>,
    /// The address of the conversation, if the channel has one.
    pub url: Option<&'a str>,
}

impl<'a> Sender<'a> {
    /// Somebody of whom the channel says nothing further.
    pub fn new(account: &'a str, identity: &'a str) -> Self {
        Self { account, identity, display_name: None, avatar: None, url: None }
    }

    /// The same with a name.
    #[must_use]
    pub fn display_name(mut self, name: &'a str) -> Self {
        self.display_name = Some(name);
        self
    }

    /// The same with the address of a picture.
    #[must_use]
    pub fn avatar(mut self, address: &'a str) -> Self {
        self.avatar = Some(address);
        self
    }

    /// The same with the address of the conversation.
    #[must_use]
    pub fn url(mut self, address: &'a str) -> Self {
        self.url = Some(address);
        self
    }
}

impl fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").field("account", &self.account).finish_non_exhaustive()
    }
}

/// What became of a message from a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Received<Id> {
    /// The live contact that it is from.
    pub contact: Id,
    /// Whether users see it.
    pub visibility: Visibility,
}

impl<Id: ContactId> Workspace<Id> {
    /// Takes note of a message from a contact, at the time of `act`. `from` is any id that the host knows it by; it
    /// may have been merged away since. A message of a blocked contact is hidden, and changes nothing. Any other one connects
    /// the channel that it came through, if `through` says so and it was not connected: its account, and who the contact is
    /// there. The contact gets the name and the picture that the channel gives, and the channel the address of the
    /// conversation. A country is derived as [`Workspace::set_field`] does, also from a number that the contact writes from.
    /// A channel that was connected while the id was merged away belongs to the survivor, also after an undo.
    /// O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::Deleted`] or [`WorkspaceError::UnknownContact`] if the id stands for no live contact.
    /// - [`WorkspaceError::BadName`] if who the contact is on the channel account is empty.
    /// - [`WorkspaceError::DoesNotFit`] if the name or one of the addresses is longer than [`MAX_TEXT_BYTES`].
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
                // Under the id that it came from, so that an undo gives it back.
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

    /// The channel that a message came through, if what is said of its sender can be kept.
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

    /// Gives a contact the name and the picture that a channel gives.
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

    /// Takes note of a message to a live contact through a channel account, at the time of `act`. The first one
    /// connects a channel that was inactive. O(k log n) for k keys.
    ///
    /// # Errors
    /// In this order:
    /// - [`WorkspaceError::NotAllowed`], and as [`Workspace::check_live`].
    /// - [`WorkspaceError::UnknownAccount`] if the workspace has no such channel account.
    /// - [`WorkspaceError::Blocked`] if the contact is blocked: its conversation is locked.
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

    /// How many contacts were active in a billing cycle: from `from` on, before `to`; those that were deleted since count. A contact is active when it
    /// and the workspace wrote to each other. Messages that were hidden count in the cycle in which the contact
    /// was blocked, and not in later ones. Contacts that were merged count as one. Exact for cycles of seven days and
    /// more. O(a m log n) for all activity that is kept.
    pub fn monthly_active(&self, from: i64, to: i64) -> usize {
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

    /// Forgets the activity of the weeks that ended before a time: that of cycles which were billed. O(a).
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`] unless it is an owner, a manager or the host.
    pub fn forget_activity(&mut self, before: i64, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        let first_kept = before.div_euclid(WEEK);
        self.transact(act, |workspace| {
            let activity = workspace.rows.tables().activity.rows();
            let old: Vec<(Id, i64)> = activity.keys().filter(|(_, week)| *week < first_kept).cloned().collect();
            for key in old {
                workspace.rows.set::<ActivityTable>(key, None);
            }
            // Blocks of the deleted are kept for their activity only.
            let blocks = workspace.rows.tables().blocks.rows().iter();
            let old = blocks.filter(|((id, _), block)| {
                let is_old = block.first_hidden.is_none_or(|hidden| hidden.div_euclid(WEEK) < first_kept);
                is_old && workspace.rows.deleted().contains_key(id)
            });
            for key in old.map(|(key, _)| key.clone()).collect::<Vec<_>>() {
                workspace.rows.set::<BlockTable>(key, None);
            }
            Ok(())
        })
    }

    /// Adds a connected channel, unless the contact has it, or gives the one that it has the address of the conversation;
    /// and derives the contact's country.
    fn connect(&mut self, id: &Id, mut channel: Channel, act: &Act) {
        let Some(mut contact) = self.get(id).cloned() else { return };
        let account = channel.account.as_str().into();
        let known = contact.channels().iter().find(|known| known.is_same_as(&channel));
        let connected_at = known.and_then(|known| known.connected_at.clone());
        let is_new = connected_at.is_none();
        channel.connected_at = connected_at.or(Some(Time::from_millis(act.at)));
        contact.connect(channel);
        self.derive_country(&mut contact, act);
        self.rewrite_now(contact, act);
        if is_new {
            self.emit(act, Vec::new(), EventKind::ChannelConnected { contact: id.clone(), account });
        }
    }

    fn note_active(&mut self, id: &Id, at: i64) {
        let key = (id.clone(), at.div_euclid(WEEK));
        let known = self.rows.tables().activity.rows().get(&key).copied();
        let Activity { first, last } = known.unwrap_or(Activity { first: at, last: at });
        self.rows.set::<ActivityTable>(key, Some(Activity { first: first.min(at), last: last.max(at) }));
    }

    fn note_hidden(&mut self, id: &Id, at: i64) {
        for key in self.open_blocks(id) {
            if let Some(block) = self.rows.tables().blocks.rows().get(&key).cloned() {
                let first = block.first_hidden.map_or(at, |first| first.min(at));
                self.rows.set::<BlockTable>(key, Some(Block { first_hidden: Some(first), ..block }));
            }
        }
    }
}

//! The channel accounts of a workspace, and what each of them is to a contact.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::events::event::EventKind;
use crate::inbox::filter::ChannelStateName;
use crate::inbox::names;
use crate::roles::Operation;
use crate::rows::inbox::ChannelAccount;
use crate::rows::tables::AccountTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Channel, ChannelKind, Contact, ContactId, Field, Value};
use onefold::key::KeyKind;

/// What a channel account is to a contact.
///
/// `Debug` shows its name only: identities are personal values.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelState {
    /// The contact and the workspace have written to each other through it: the channels of the contact on this
    /// account, the one connected first before the others; at least one.
    Active {
        /// They.
        channels: Vec<Channel>,
    },
    /// The workspace can connect it by writing first: WhatsApp, SMS or email, and the contact has a phone or an email
    /// for it.
    Inactive {
        /// The phone or the email.
        identity: String,
    },
    /// Only the contact can connect it, by writing first.
    Unavailable,
}

/// A channel account as a contact's page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactChannel {
    /// The account.
    pub account: Box<str>,
    /// What carries its messages.
    pub kind: ChannelKind,
    /// What users call it; `None` for an account that the workspace has not, or has not any more.
    pub title: Option<Box<str>>,
    /// What it is to the contact.
    pub state: ChannelState,
}

impl ChannelState {
    /// The state's name.
    pub fn state_name(&self) -> ChannelStateName {
        match self {
            Self::Active { .. } => ChannelStateName::Active,
            Self::Inactive { .. } => ChannelStateName::Inactive,
            Self::Unavailable => ChannelStateName::Unavailable,
        }
    }
}

impl std::fmt::Debug for ChannelState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.state_name(), f)
    }
}

impl<Id: ContactId> Workspace<Id> {
    /// The channel accounts of the workspace, by name.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &ChannelAccount)> {
        self.rows.tables().accounts.rows().iter().map(|(account, row)| (&**account, row))
    }

    /// Adds a channel account, or gives the one of this name another title. `account` is what contacts' channels have
    /// it under, `title` what users call it. What the account belongs to stays. O(log n).
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], [`WorkspaceError::BadName`] for the name and for a kind that has none, or
    /// [`WorkspaceError::OtherKind`] if there is an account of this name and another kind.
    pub fn set_account(
        &mut self,
        account: &str,
        kind: ChannelKind,
        title: &str,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        let known = self.rows.tables().accounts.rows().get(account.trim());
        let belongs_to = known.map(|row| row.belongs_to.clone()).unwrap_or_default();
        self.put_account(account, ChannelAccount::new(kind, title).belongs_to(belongs_to), act)
    }

    /// Adds a channel account, or puts it in place of the one of this name, with the portfolio and the group of portfolios
    /// that it belongs to. If these change, the keys of the contacts on it are made anew in the same operation: the ids of
    /// WhatsApp users are keys within the portfolio. What a distinct pair comes to share by that alone is no news: the pair
    /// stays distinct. O(log n), and where the portfolio changes O(n) and what the contacts cost whose keys are others.
    ///
    /// # Errors
    /// As [`Workspace::set_account`]; [`WorkspaceError::BadName`] also for the name of a portfolio.
    pub fn put_account(
        &mut self,
        account: &str,
        row: ChannelAccount,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        let account = names::checked(account, "channel account")?;
        let known = self.rows.tables().accounts.rows().get(&account);
        if known.is_some_and(|known| known.kind != row.kind) {
            return Err(WorkspaceError::OtherKind { account });
        }
        names::checked(row.kind.name(), "kind of channel")?;
        for (name, what) in
            [(&row.belongs_to.portfolio, "portfolio"), (&row.belongs_to.portfolio_group, "group of portfolios")]
        {
            name.as_deref().map(|name| names::checked(name, what)).transpose()?;
        }
        self.transact(act, |workspace| {
            workspace.write_account(account, Some(row));
            Ok(())
        })
    }

    /// Writes an account, and the keys that follow from what it belongs to.
    fn write_account(&mut self, account: Box<str>, row: Option<ChannelAccount>) {
        let belongs_to = |row: Option<&ChannelAccount>| row.map(|row| row.belongs_to.clone()).unwrap_or_default();
        let after = belongs_to(row.as_ref());
        let before = belongs_to(self.rows.set::<AccountTable>(account.clone(), row).as_ref());
        if before != after {
            let accounts = BTreeSet::from([&*account]);
            let former = self.rekey(&accounts);
            self.keep_distinct(&former, &accounts);
        }
    }

    /// Takes a channel account out. What contacts hold of it stays, with their conversations, until it is removed from
    /// them; it belongs to no portfolio any more. Costs what [`Workspace::put_account`] costs.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], or [`WorkspaceError::UnknownAccount`].
    pub fn remove_account(&mut self, account: &str, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        self.account(account)?;
        self.transact(act, |workspace| {
            workspace.write_account(account.into(), None);
            Ok(())
        })
    }

    /// What each channel account of the workspace is to a live contact, by name; after them the accounts that only
    /// the contact knows. O(a k) for a accounts and the k values of the contact.
    ///
    /// # Errors
    /// As [`Workspace::check_live`].
    pub fn channels_of(&self, id: &Id) -> Result<Vec<ContactChannel>, WorkspaceError<Id>> {
        let contact = &self.row(id)?.contact;
        let known = self.accounts().map(|(account, row)| ContactChannel {
            account: account.into(),
            kind: row.kind.clone(),
            title: Some(row.title.clone()),
            state: self.state_of(contact, account, &row.kind),
        });
        let others: BTreeSet<(&str, &ChannelKind)> = contact
            .channels()
            .iter()
            .filter(|channel| !self.rows.tables().accounts.rows().contains_key(channel.account.as_str()))
            .map(|channel| (channel.account.as_str(), &channel.kind))
            .collect();
        let others = others.into_iter().map(|(account, kind)| ContactChannel {
            account: account.into(),
            kind: kind.clone(),
            title: None,
            state: active(contact, account, kind).unwrap_or(ChannelState::Unavailable),
        });
        Ok(known.chain(others).collect())
    }

    /// What one channel account of the workspace is to a live contact. O(k) for the k values of the contact.
    ///
    /// # Errors
    /// As [`Workspace::check_live`], and [`WorkspaceError::UnknownAccount`].
    pub fn channel_state(&self, id: &Id, account: &str) -> Result<ChannelState, WorkspaceError<Id>> {
        let contact = &self.row(id)?.contact;
        let kind = &self.account(account)?.kind;
        Ok(self.state_of(contact, account, kind))
    }

    /// Removes a channel from a live contact: everything that it holds on one account, or one identity there. Its keys leave
    /// the index; the conversation history stays, and so does a phone or an email of the contact's own. A country that was
    /// derived is derived anew. O(k log n) for k keys.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`], as [`Workspace::check_live`], and [`WorkspaceError::UnknownChannel`] if the
    /// contact has none on this account, or not by this identity.
    pub fn remove_channel(
        &mut self,
        id: &Id,
        account: &str,
        identity: Option<&str>,
        act: &Act,
    ) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::RemoveChannel)?;
        let mut contact = self.row(id)?.contact.clone();
        let is_meant = |channel: &Channel| {
            channel.account == account && identity.is_none_or(|identity| channel.identity == identity)
        };
        let left: Vec<Channel> = contact.channels().iter().filter(|channel| !is_meant(channel)).cloned().collect();
        if left.len() == contact.channels().len() {
            return Err(WorkspaceError::UnknownChannel { id: id.clone(), account: account.into() });
        }
        contact.fields.insert(Field::Channels, Value::Channels(left));
        self.derive_country_anew(&mut contact, act);
        self.transact(act, |workspace| {
            workspace.rewrite_now(contact, act);
            let removed = EventKind::ChannelRemoved { contact: id.clone(), account: account.into() };
            workspace.emit(act, Vec::new(), removed);
            Ok(())
        })
    }

    pub(crate) fn account(&self, account: &str) -> Result<&ChannelAccount, WorkspaceError<Id>> {
        let row = self.rows.tables().accounts.rows().get(account);
        row.ok_or_else(|| WorkspaceError::UnknownAccount { account: account.into() })
    }

    pub(crate) fn state_of(&self, contact: &Contact<Id>, account: &str, kind: &ChannelKind) -> ChannelState {
        if let Some(active) = active(contact, account, kind) {
            return active;
        }
        let normalizer = self.index.normalizer();
        let found = match kind.carrier() {
            ChannelKind::WhatsApp | ChannelKind::Sms => KeyKind::Phone,
            ChannelKind::Email => KeyKind::Email,
            _ => return ChannelState::Unavailable,
        };
        let field = if found == KeyKind::Phone { Field::Phone } else { Field::Email };
        // The first value that gives a key can be written to; a phone in the form that every carrier takes.
        let keys = normalizer.contact(contact).keys;
        let first = keys.iter().filter(|held| held.place.field == field).min_by_key(|held| held.place.position);
        let identity = first.and_then(|held| match found {
            KeyKind::Phone => held.key.value().split(';').next().map(str::to_owned),
            _ => held.place.value_in(contact).map(|written| written.trim().to_owned()),
        });
        identity.map_or(ChannelState::Unavailable, |identity| ChannelState::Inactive { identity })
    }
}

/// The channels of a contact on an account, if one of them is connected.
fn active<Id>(contact: &Contact<Id>, account: &str, kind: &ChannelKind) -> Option<ChannelState> {
    let is_on_it = |channel: &&Channel| channel.account == account && channel.kind.carrier() == kind.carrier();
    let on_it = contact.channels().iter().filter(is_on_it);
    let mut channels: Vec<Channel> = on_it.filter(|channel| channel.connected_at.is_some()).cloned().collect();
    channels.sort_by_key(|channel| channel.connected_at.as_ref().map(|at| at.millis()));
    (!channels.is_empty()).then_some(ChannelState::Active { channels })
}

//! The channel accounts of a workspace, and their states for a contact.

use std::collections::BTreeSet;

use crate::act::Act;
use crate::applied::Applied;
use crate::filter::ChannelStateName;
use crate::inbox::names;
use crate::roles::Operation;
use crate::rows::event::EventKind;
use crate::rows::inbox::ChannelAccount;
use crate::rows::tables::AccountTable;
use crate::{Workspace, WorkspaceError};
use onefold::contact::{Channel, ChannelKind, Contact, ContactId, Field, Value, WrittenTime};
use onefold::key::KeyKind;

/// The state of a channel account for a contact.
///
/// `Debug` shows only the state's name, because identities are personal values.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelState {
    /// The contact and the workspace have exchanged messages through the account. At least one channel of the contact
    /// on this account is connected.
    Active {
        /// The connected channels, the one connected first before the others.
        channels: Vec<Channel>,
    },
    /// The workspace can connect the account by writing first: it is WhatsApp, SMS or email, and the contact has a
    /// phone or an email for it.
    Inactive {
        /// The contact's phone or email.
        identity: String,
    },
    /// Only the contact can connect the account, by writing first.
    Unavailable,
}

/// A channel account on a contact's page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContactChannel {
    /// The name of the account.
    pub account: Box<str>,
    /// The kind of channel.
    pub kind: ChannelKind,
    /// The title shown to users, or `None` for an account that the workspace does not have.
    pub title: Option<Box<str>>,
    /// The state of the account for the contact.
    pub state: ChannelState,
}

impl ChannelState {
    /// Returns the name of the state.
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
    /// Returns the channel accounts of the workspace, by name.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &ChannelAccount)> {
        self.rows.tables().accounts.rows().iter().map(|(account, row)| (&**account, row))
    }

    /// Adds a channel account, or changes the title of an existing one.
    ///
    /// `account` is the name that contacts' channels refer to, and `title` is shown to users. The portfolio of an
    /// existing account stays. Cost: O(log n).
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change settings.
    /// - [`WorkspaceError::BadName`] if the name is not valid or the kind has no name.
    /// - [`WorkspaceError::OtherKind`] if an account of this name has another kind.
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

    /// Adds or replaces a channel account with its portfolio and group of portfolios.
    ///
    /// If these change, the same operation makes the keys of the contacts on the account again, because ids of WhatsApp
    /// users are keys within a portfolio. A distinct pair that comes to share a key only by this stays distinct.
    /// Cost: O(log n). If the portfolio changes, O(n) for n contacts, plus an update of each contact with changed keys.
    ///
    /// # Errors
    /// - Those of [`Workspace::set_account`].
    /// - [`WorkspaceError::BadName`] if the name of a portfolio or a group is not valid.
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

    /// Writes an account and, if its portfolio changes, the keys of its contacts.
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

    /// Removes a channel account from the workspace.
    ///
    /// The channels of contacts on it stay, with their conversations, until they are removed from the contacts, but no
    /// longer belong to a portfolio. Cost: that of [`Workspace::put_account`].
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not change settings.
    /// - [`WorkspaceError::UnknownAccount`] if the workspace has no such account.
    pub fn remove_account(&mut self, account: &str, act: &Act) -> Result<Applied<Id>, WorkspaceError<Id>> {
        self.allow(act, Operation::ChangeSettings)?;
        self.account(account)?;
        self.transact(act, |workspace| {
            workspace.write_account(account.into(), None);
            Ok(())
        })
    }

    /// Returns the state of each channel account for a live contact: first the accounts of the workspace by name, then
    /// the accounts that only the contact has. Cost: O(a k) for a accounts and the k values of the contact.
    ///
    /// # Errors
    /// - Those of [`Workspace::check_live`].
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

    /// Returns the state of one channel account for a live contact. Cost: O(k) for the k values of the contact.
    ///
    /// # Errors
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::UnknownAccount`] if the workspace has no such account.
    pub fn channel_state(&self, id: &Id, account: &str) -> Result<ChannelState, WorkspaceError<Id>> {
        let contact = &self.row(id)?.contact;
        let kind = &self.account(account)?.kind;
        Ok(self.state_of(contact, account, kind))
    }

    /// Removes channels from a live contact: all on one account, or only those with `identity`.
    ///
    /// Their keys leave the index. The conversation history stays, and so do the contact's own phones and emails. A
    /// derived country is derived again. Cost: O(k log n) for k keys.
    ///
    /// # Errors
    /// - [`WorkspaceError::NotAllowed`] if the role may not remove channels.
    /// - Those of [`Workspace::check_live`].
    /// - [`WorkspaceError::UnknownChannel`] if the contact has no such channel.
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
        // The first value with a key is the one to write to. A phone is returned in international form, which every
        // carrier takes.
        let keys = normalizer.contact(contact).keys;
        let first = keys.iter().filter(|held| held.place.field == field).min_by_key(|held| held.place.position);
        let identity = first.and_then(|held| match found {
            KeyKind::Phone => held.key.value().split(';').next().map(str::to_owned),
            _ => held.place.value_in(contact).map(|written| written.trim().to_owned()),
        });
        identity.map_or(ChannelState::Unavailable, |identity| ChannelState::Inactive { identity })
    }
}

/// Returns the state with the connected channels of a contact on an account, or `None` if none is connected.
fn active<Id>(contact: &Contact<Id>, account: &str, kind: &ChannelKind) -> Option<ChannelState> {
    let is_on_it = |channel: &&Channel| channel.account == account && channel.kind.carrier() == kind.carrier();
    let on_it = contact.channels().iter().filter(is_on_it);
    let mut channels: Vec<Channel> = on_it.filter(|channel| channel.connected_at.is_some()).cloned().collect();
    channels.sort_by_key(|channel| channel.connected_at.as_ref().map(WrittenTime::time));
    (!channels.is_empty()).then_some(ChannelState::Active { channels })
}

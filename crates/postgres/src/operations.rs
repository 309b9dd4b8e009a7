//! The operations on contacts and merges, each like the method of [`Workspace`] with the same name.

use onefold::{Contact, Field, MergeRequest, Value};
use onefold_workspace::{
    Act, Applied, Assigned, Existing, Imported, Merged, Received, RowKind, Sender, Settings, UndoRequest, Undone,
    Workspace,
};
use tokio_postgres::Transaction;

use crate::error::Error;
use crate::scope::{Groups, Scope};
use crate::store::Store;
use crate::stored_id::StoredId;

/// Each operation works inside a transaction of the host with the isolation level `read committed`. It holds its locks
/// until that transaction ends.
///
/// On an error nothing of the operation is written and the transaction can continue, unless the error is
/// [`StoreError::Conflict`](crate::StoreError::Conflict) or
/// [`StoreError::ConnectionLost`](crate::StoreError::ConnectionLost). If a future is dropped before it is ready, roll
/// the transaction back.
///
/// # Errors
/// - [`Error::Refused`] with the error of the method of [`Workspace`].
/// - [`Error::Store`] if the store fails.
impl Store {
    /// Adds a contact like [`Workspace::add`]. Cost: the contact and those that share a key with it.
    pub async fn add<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        contact: Contact<Id>,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let given = [contact];
        let scope = Scope::of_contacts(&given);
        self.operate(transaction, scope, |workspace| workspace.add(given[0].clone(), act)).await
    }

    /// Replaces a contact like [`Workspace::edit`]. Cost: the contact and those that share a key with it.
    pub async fn edit<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        contact: Contact<Id>,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let given = [contact];
        let scope = Scope::of_contacts(&given);
        self.operate(transaction, scope, |workspace| workspace.edit(given[0].clone(), act)).await
    }

    /// Imports contacts like [`Workspace::import`]. All rows are in memory at once and locked until the transaction
    /// ends, so split a large import into batches of about a thousand contacts.
    pub async fn import<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        contacts: Vec<Contact<Id>>,
        existing: Existing,
        act: &Act,
    ) -> Result<Applied<Id, Imported<Id>>, Error<Id>> {
        // The row of a merged contact is compared with the contact's image before the merge.
        let scope = Scope::of_contacts(&contacts).about(&[RowKind::Merge]);
        self.operate(transaction, scope, |workspace| workspace.import(contacts.iter().cloned(), existing, act)).await
    }

    /// Writes a value into a field like [`Workspace::set_field`].
    pub async fn set_field<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        id: &Id,
        field: &Field,
        value: Value,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let work = |workspace: &mut Workspace<Id>| workspace.set_field(id, field, value.clone(), act);
        self.operate(transaction, Scope::of([id]), work).await
    }

    /// Assigns tags like [`Workspace::assign_tags`].
    pub async fn assign_tags<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        ids: &[Id],
        tags: &[&str],
        act: &Act,
    ) -> Result<Applied<Id, Assigned>, Error<Id>> {
        let scope = Scope::of(ids).tags(tags);
        self.operate(transaction, scope, |workspace| workspace.assign_tags(ids, tags, act)).await
    }

    /// Records a message from a contact like [`Workspace::receive`].
    pub async fn receive<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        from: &Id,
        through: Option<&Sender<'_>>,
        act: &Act,
    ) -> Result<Applied<Id, Received<Id>>, Error<Id>> {
        let scope = Scope::of([from]).about(&[RowKind::Activity]);
        self.operate(transaction, scope, |workspace| workspace.receive(from, through, act)).await
    }

    /// Records a message to a contact like [`Workspace::send`].
    pub async fn send<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        to: &Id,
        account: &str,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let scope = Scope::of([to]).about(&[RowKind::Activity]);
        self.operate(transaction, scope, |workspace| workspace.send(to, account, act)).await
    }

    /// Removes channels from a contact like [`Workspace::remove_channel`].
    pub async fn remove_channel<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        id: &Id,
        account: &str,
        identity: Option<&str>,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let work = |workspace: &mut Workspace<Id>| workspace.remove_channel(id, account, identity, act);
        self.operate(transaction, Scope::of([id]), work).await
    }

    /// Blocks a contact like [`Workspace::block`].
    pub async fn block<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        id: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        self.operate(transaction, Scope::of([id]), |workspace| workspace.block(id, act)).await
    }

    /// Unblocks a contact like [`Workspace::unblock`].
    pub async fn unblock<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        id: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        self.operate(transaction, Scope::of([id]), |workspace| workspace.unblock(id, act)).await
    }

    /// Marks two contacts as distinct like [`Workspace::mark_distinct`]. Cost: the groups of both contacts.
    pub async fn mark_distinct<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        a: &Id,
        b: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let scope = Scope::of([a, b]).groups(Groups::Always);
        self.operate(transaction, scope, |workspace| workspace.mark_distinct(a, b, act)).await
    }

    /// Marks two contacts as distinct like [`Workspace::mark_distinct_forever`]. Cost: the groups of both contacts.
    pub async fn mark_distinct_forever<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        a: &Id,
        b: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let scope = Scope::of([a, b]).groups(Groups::Always);
        self.operate(transaction, scope, |workspace| workspace.mark_distinct_forever(a, b, act)).await
    }

    /// Removes distinct marks like [`Workspace::clear_distinct`]. Cost: the groups of both contacts.
    pub async fn clear_distinct<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        a: &Id,
        b: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let scope = Scope::of([a, b]).groups(Groups::Always);
        self.operate(transaction, scope, |workspace| workspace.clear_distinct(a, b, act)).await
    }

    /// Merges contacts like [`Workspace::merge`]. Cost: the contacts and those that share a key with one of them. If
    /// one of them is in a distinct pair, the groups of all these contacts.
    pub async fn merge<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        request: &MergeRequest<Id>,
        into: &Id,
        retire: &[Id],
        act: &Act,
    ) -> Result<Applied<Id, Merged<Id>>, Error<Id>> {
        let scope = Scope::of(retire.iter().chain([into])).groups(Groups::IfMarkedDistinct).merge(request.merge_id());
        self.operate(transaction, scope, |workspace| workspace.merge(request, into, retire, act)).await
    }

    /// Undoes a merge like [`Workspace::undo`]. Cost: that of [`Store::merge`] for all original contacts of the
    /// survivor.
    pub async fn undo<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        merge: &str,
        request: &UndoRequest,
        act: &Act,
    ) -> Result<Applied<Id, Undone<Id>>, Error<Id>> {
        let asks_for_groups = request.marks_distinct() || request.later() == onefold_workspace::Later::Replay;
        let groups = if asks_for_groups { Groups::Always } else { Groups::IfMarkedDistinct };
        let scope = Scope::of([]).groups(groups).merge(merge);
        self.operate(transaction, scope, |workspace| workspace.undo(merge, request, act)).await
    }

    /// Deletes a contact like [`Workspace::delete`].
    pub async fn delete<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        id: &Id,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        let rows = [RowKind::DistinctPair, RowKind::Merge, RowKind::Activity, RowKind::ToDelete];
        let scope = Scope::of([id]).about(&rows).redacts_events();
        self.operate(transaction, scope, |workspace| workspace.delete(id, act)).await
    }

    /// Changes the settings like [`Workspace::set_settings`], through [`Store::whole`].
    pub async fn set_settings<Id: StoredId>(
        &self,
        transaction: &mut Transaction<'_>,
        settings: Settings,
        act: &Act,
    ) -> Result<Applied<Id>, Error<Id>> {
        self.whole(transaction, |workspace| workspace.set_settings(settings, act)).await
    }
}

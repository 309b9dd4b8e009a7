//! Questions to a workspace. Each loads what it needs, locks nothing and keeps nothing.

use std::collections::{BTreeMap, BTreeSet};

use onefold::suggestion::{Alike, CommonKey, Counts};
use onefold::{Contact, Suggestion};
use onefold_workspace::{BlockedContact, MergeRecord, Resolved, RowKind, StateError, StoredRow, Workspace};
use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};

use crate::error::StoreError;
use crate::loaded_part::{LoadedRows, Loader, holder_limit};
use crate::names;
use crate::statements::{ALL_SHARING, BLOCKED, COMMON, HISTORY, HOLDERS, SHARING};
use crate::store::{Access, Entered, KeyRules, Store};
use crate::stored_id::StoredId;

/// The number of contacts that a page of suggestions loads at once.
const STRIDE: i64 = 200;

/// A page of suggestions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuggestionPage<Id> {
    /// The suggestions, in order of the text of their first member's id.
    pub suggestions: Vec<Suggestion<Id>>,
    /// The id after which the next page begins, or `None` on the last page.
    pub next: Option<Id>,
}

/// A page of the merge history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryPage<Id> {
    /// The merges, the newest first.
    pub merges: Vec<MergeRecord<Id>>,
    /// The place before which the next page begins, or `None` on the last page.
    pub next: Option<u64>,
}

/// Questions take any client or a transaction. A question may run several statements. In a transaction with the
/// isolation level `repeatable read` they all see the same state; otherwise a later statement may see what others
/// commit in between.
///
/// # Errors
/// - [`StoreError::Rows`] if the rows are not consistent.
/// - Those of every statement of the store, such as [`StoreError::UnknownWorkspace`] or [`StoreError::ConnectionLost`].
impl Store {
    /// Returns a live contact, or `None` if there is none with this id. Cost: the contact.
    pub async fn get<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        id: &Id,
    ) -> Result<Option<Contact<Id>>, StoreError> {
        let entered = self.look(client).await?;
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let found = loader.rows(&[(RowKind::Contact, names::id(id))]).await?;
        Ok(part(&entered, found)?.get(id).cloned())
    }

    /// Resolves an id like [`Workspace::resolve`]. Cost: all original ids of the contact.
    pub async fn resolve<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        id: &Id,
    ) -> Result<Resolved<Id>, StoreError> {
        Ok(self.person(client, id).await?.resolve(id))
    }

    /// Returns a workspace with one live contact, its original ids and its blocks, for questions about this contact
    /// alone, such as [`Workspace::details`], [`Workspace::channels_of`] or [`Workspace::made_of`]. Other contacts with
    /// its keys are not loaded.
    pub async fn person<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        id: &Id,
    ) -> Result<Workspace<Id>, StoreError> {
        let entered = self.look(client).await?;
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let found = loader.persons(&BTreeSet::from([names::id(id)]), &[RowKind::Block]).await?;
        part(&entered, found)
    }

    /// Returns the suggestion with a contact, like [`Index::suggestion_for`](onefold::Index::suggestion_for). Cost: the
    /// group, plus one more than the limit of holders for each of its common keys.
    pub async fn suggestion_for<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        id: &Id,
    ) -> Result<Option<Suggestion<Id>>, StoreError> {
        let mut tries = Tries::new();
        loop {
            let entered = self.look(client).await?;
            let loader = Loader { store: self, client, workspace: entered.workspace };
            let group = loader.group_workspace(&entered, BTreeSet::from([names::id(id)])).await;
            if let Some(workspace) = tries.settled(group)? {
                return Ok(workspace.index().suggestion_for(id));
            }
        }
    }

    /// Returns the next suggestions, at most `limit`, whose first member comes after `after`; `None` begins with the
    /// first.
    ///
    /// Members are in the order of their ids' JSON texts, in which `10` comes before `9`. With a limit of 0 the next
    /// page begins where this one began, if there are more suggestions. Cost: the groups on the page, and the contacts
    /// before them that share a key.
    pub async fn suggestions_page<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        after: Option<&Id>,
        limit: usize,
    ) -> Result<SuggestionPage<Id>, StoreError> {
        let entered = self.look(client).await?;
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let begin = after;
        let mut after = begin.map(names::id).unwrap_or_default();
        let mut page = SuggestionPage { suggestions: Vec::new(), next: None };
        loop {
            let parameters: [(&(dyn ToSql + Sync), Type); 3] =
                [(&entered.workspace, Type::INT4), (&after, Type::TEXT), (&STRIDE, Type::INT8)];
            let sharing = self.ask(client, SHARING, &parameters).await?;
            let ids: Vec<String> = sharing.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
            let Some(last) = ids.last().cloned() else { return Ok(page) };
            if ids.first() <= Some(&after) || !ids.is_sorted_by(|a, b| a < b) {
                // A damaged index could return the same contacts again and again.
                return Err(StateError::Inconsistent { what: "contacts do not come in the order of their ids" }.into());
            }
            let mut tries = Tries::new();
            let workspace: Workspace<Id> = loop {
                let groups = loader.group_workspace(&entered, ids.iter().cloned().collect()).await;
                if let Some(workspace) = tries.settled(groups)? {
                    break workspace;
                }
            };
            // Of the loaded groups, only those whose first member is in this stride belong to the page.
            let mut groups: BTreeMap<String, Suggestion<Id>> = BTreeMap::new();
            for group in workspace.index().suggestions() {
                if let Some(first) = group.members.iter().map(names::id).min() {
                    groups.insert(first, group);
                }
            }
            for id in ids {
                let Some(group) = groups.remove(&id) else { continue };
                if page.suggestions.len() >= limit {
                    let last =
                        page.suggestions.last().and_then(|group| group.members.iter().min_by_key(|id| names::id(*id)));
                    page.next = last.or(begin).cloned();
                    return Ok(page);
                }
                page.suggestions.push(group);
            }
            after = last;
        }
    }

    /// Returns all suggestions, like [`Index::suggestions`](onefold::Index::suggestions). Cost: the contacts that share
    /// a key.
    pub async fn suggestions<Id: StoredId>(
        &self,
        client: &impl GenericClient,
    ) -> Result<Vec<Suggestion<Id>>, StoreError> {
        Ok(self.all_groups(client).await?.index().suggestions())
    }

    /// Returns the number of suggestions and of the contacts in them. Cost: the contacts that share a key.
    pub async fn suggestion_counts<Id: StoredId>(&self, client: &impl GenericClient) -> Result<Counts, StoreError> {
        Ok(self.all_groups::<Id>(client).await?.index().suggestion_counts())
    }

    /// Returns the common keys, which too many active contacts hold, in order. Cost: O(n) for n keys.
    pub async fn common_keys<Id: StoredId>(&self, client: &impl GenericClient) -> Result<Vec<CommonKey>, StoreError> {
        let entered = self.look(client).await?;
        let limit = holder_limit(entered.empty::<Id>()?.index().rules().max_holders);
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&entered.workspace, Type::INT4), (&limit, Type::INT8)];
        let (mut holders, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for row in self.ask(client, COMMON, &parameters).await? {
            let (key, count): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            holders.insert(key, usize::try_from(count).unwrap_or(0));
            ids.insert((RowKind::Contact, row.try_get(2)?));
        }
        let found = loader.rows(&Vec::from_iter(ids)).await?;
        let mut common = part::<Id>(&entered, found)?.index().common_keys();
        common.retain_mut(|common| match holders.get(&names::key(&common.key)) {
            Some(count) => {
                common.holders = *count;
                true
            }
            None => false,
        });
        Ok(common)
    }

    /// Returns the contacts that hold one of a contact's keys, like
    /// [`Index::contacts_like`](onefold::Index::contacts_like).
    pub async fn contacts_like<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        contact: &Contact<Id>,
    ) -> Result<Vec<Alike<Id>>, StoreError> {
        Ok(self.holders(client, contact).await?.index().contacts_like(contact))
    }

    /// Returns the blocked contacts that hold one of a contact's keys, like
    /// [`Index::matches_blocked`](onefold::Index::matches_blocked).
    pub async fn matches_blocked<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        contact: &Contact<Id>,
    ) -> Result<Vec<Alike<Id>>, StoreError> {
        Ok(self.holders(client, contact).await?.index().matches_blocked(contact))
    }

    /// Returns the next merges of the history before the place `before`, the newest first, at most `limit`, including
    /// undone ones. `None` begins with the newest. Cost: the merges on the page.
    pub async fn history<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        before: Option<u64>,
        limit: u32,
    ) -> Result<HistoryPage<Id>, StoreError> {
        let workspace = self.number(client, Access::Read, KeyRules::Own).await?;
        let before = before.and_then(|place| i64::try_from(place).ok()).unwrap_or(i64::MAX);
        // One more than asked for says whether there is another page.
        let read = i64::from(limit) + 1;
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&workspace, Type::INT4), (&before, Type::INT8), (&read, Type::INT8)];
        let rows = self.ask_rows(client, HISTORY, &parameters).await?;
        let mut merges = rows.iter().map(StoredRow::merge_record).collect::<Result<Vec<MergeRecord<Id>>, _>>()?;
        let has_more = merges.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if has_more {
            merges.pop();
        }
        let next = merges.last().map(MergeRecord::place).filter(|_| has_more);
        Ok(HistoryPage { merges, next })
    }

    /// Returns a merge by its id, with its patch unless it is undone. Cost: the merge.
    pub async fn merge_record<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        merge: &str,
    ) -> Result<Option<MergeRecord<Id>>, StoreError> {
        let workspace = self.number(client, Access::Read, KeyRules::Own).await?;
        let name = serde_json::to_string(merge).expect("a text is JSON");
        let rows = Loader { store: self, client, workspace }.rows(&[(RowKind::Merge, name)]).await?;
        Ok(rows.first().map(StoredRow::merge_record).transpose()?)
    }

    /// Returns the blocked contacts in order, like [`Workspace::blocked`]. Cost: these contacts.
    pub async fn blocked<Id: StoredId>(
        &self,
        client: &impl GenericClient,
    ) -> Result<Vec<BlockedContact<Id>>, StoreError> {
        let entered = self.look(client).await?;
        let rows = self.ask(client, BLOCKED, &[(&entered.workspace, Type::INT4)]).await?;
        let ids: BTreeSet<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let found = loader.persons(&ids, &[RowKind::Block]).await?;
        Ok(part::<Id>(&entered, found)?.blocked().collect())
    }

    /// Loads all contacts that share a key.
    async fn all_groups<Id: StoredId>(&self, client: &impl GenericClient) -> Result<Workspace<Id>, StoreError> {
        let entered = self.look(client).await?;
        let limit = holder_limit(entered.empty::<Id>()?.index().rules().max_holders);
        let parameters: [(&(dyn ToSql + Sync), Type); 2] = [(&entered.workspace, Type::INT4), (&limit, Type::INT8)];
        let sharing = self.ask(client, ALL_SHARING, &parameters).await?;
        let ids: BTreeSet<String> = sharing.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        let loader = Loader { store: self, client, workspace: entered.workspace };
        let found = loader.persons(&ids, &[RowKind::DistinctPair]).await?;
        part(&entered, found)
    }

    /// Loads the holders of a contact's keys.
    async fn holders<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        contact: &Contact<Id>,
    ) -> Result<Workspace<Id>, StoreError> {
        let entered = self.look(client).await?;
        let empty = entered.empty::<Id>()?;
        let held = empty.index().normalizer().contact(contact).distinct();
        let keys: Vec<String> = held.iter().map(|held| names::key(&held.key)).collect();
        let limit = holder_limit(empty.index().rules().max_holders);
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&entered.workspace, Type::INT4), (&keys, Type::TEXT_ARRAY), (&limit, Type::INT8)];
        let found = self.ask_rows(client, HOLDERS, &parameters).await?;
        part(&entered, found)
    }
}

/// The remaining attempts of a question.
struct Tries(u32);

impl Tries {
    fn new() -> Self {
        Self(10)
    }

    /// Returns the loaded value, or `None` if the question must be repeated because its statements saw different
    /// states.
    ///
    /// # Errors
    /// - Those of the loading.
    /// - [`StoreError::Rows`] if the states still differ after 10 repetitions.
    fn settled<T>(&mut self, loaded: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match loaded {
            Err(StoreError::Rows(StateError::Inconsistent { .. })) if self.0 > 0 => {
                self.0 -= 1;
                Ok(None)
            }
            loaded => loaded.map(Some),
        }
    }
}

fn part<Id>(entered: &Entered, found: Vec<StoredRow>) -> Result<Workspace<Id>, StoreError>
where
    Id: StoredId,
{
    let mut rows = LoadedRows::default();
    rows.extend(entered.rows.iter().cloned());
    rows.extend(found);
    rows.workspace()
}

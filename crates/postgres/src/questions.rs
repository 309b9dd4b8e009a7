//! Questions: each loads what it needs to answer, locks nothing, and keeps nothing.

use std::collections::{BTreeMap, BTreeSet};

use onefold::suggestion::{Alike, CommonKey, Counts};
use onefold::{Contact, Suggestion};
use onefold_workspace::{BlockedContact, MergeRecord, Resolved, RowKind, StateError, StoredRow, Workspace};
use tokio_postgres::GenericClient;
use tokio_postgres::types::{ToSql, Type};

use crate::error::StoreError;
use crate::names;
use crate::part::{LoadedRows, Loader, holder_limit};
use crate::statements::{ALL_SHARING, BLOCKED, COMMON, HISTORY, HOLDERS, SHARING};
use crate::store::{Access, Entered, KeyRules, Store};
use crate::stored_id::StoredId;

/// How many contacts a page of suggestions looks at together.
const STRIDE: i64 = 200;

/// The next suggestions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SuggestionPage<Id> {
    /// The suggestions, in order of the text of their first member's id.
    pub suggestions: Vec<Suggestion<Id>>,
    /// After whom the next page begins; `None` if this is the last one.
    pub next: Option<Id>,
}

/// The next merges of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryPage<Id> {
    /// The merges, from the newest to the oldest.
    pub merges: Vec<MergeRecord<Id>>,
    /// Before which place the next page begins; `None` if this is the last one.
    pub next: Option<u64>,
}

/// Any client will do, or a transaction. A question may run several statements; in a transaction of the isolation level
/// `repeatable read` they all see the same, elsewhere what others commit in between.
///
/// # Errors
/// What is wrong with the store.
impl Store {
    /// A live contact. Costs the contact.
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

    /// [`Workspace::resolve`]. Costs all that the contact is made of.
    pub async fn resolve<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        id: &Id,
    ) -> Result<Resolved<Id>, StoreError> {
        Ok(self.person(client, id).await?.resolve(id))
    }

    /// A live contact with all that it is made of and its blocks: a part in which every question about this one contact can be
    /// asked, such as [`Workspace::details`], [`Workspace::channels_of`] or [`Workspace::made_of`]; who shares a key with it
    /// is not there.
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

    /// [`Index::suggestion_for`](onefold::Index::suggestion_for). Costs the group, and at most one more than may hold a key that
    /// joins of those that hold a common key of it.
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

    /// The next suggestions, at most `limit`, whose first member comes after `after`; from the first one if that is `None`. A page
    /// of none begins the next one where it began itself, if there is anything left.
    /// Members are in the order of the texts of their ids, as JSON: `10` comes before `9`. Costs the groups on the page
    /// and the contacts passed on the way that share a key.
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
                // An index that is damaged could give the same contacts again and again.
                return Err(StateError::Inconsistent { what: "contacts do not come in the order of their ids" }.into());
            }
            let mut tries = Tries::new();
            let workspace: Workspace<Id> = loop {
                let groups = loader.group_workspace(&entered, ids.iter().cloned().collect()).await;
                if let Some(workspace) = tries.settled(groups)? {
                    break workspace;
                }
            };
            // Of all groups that were loaded, those that begin with one of the contacts of this stride.
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

    /// All suggestions, as [`Index::suggestions`](onefold::Index::suggestions) gives them. Costs the contacts that share a key.
    pub async fn suggestions<Id: StoredId>(
        &self,
        client: &impl GenericClient,
    ) -> Result<Vec<Suggestion<Id>>, StoreError> {
        Ok(self.all_groups(client).await?.index().suggestions())
    }

    /// How many suggestions there are, and how many contacts are in them. Costs the contacts that share a key.
    pub async fn suggestion_counts<Id: StoredId>(&self, client: &impl GenericClient) -> Result<Counts, StoreError> {
        Ok(self.all_groups::<Id>(client).await?.index().suggestion_counts())
    }

    /// The keys that too many active contacts hold to join anybody, in order. O(n) for all keys.
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

    /// [`Index::contacts_like`](onefold::Index::contacts_like): who already has one of a contact's keys.
    pub async fn contacts_like<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        contact: &Contact<Id>,
    ) -> Result<Vec<Alike<Id>>, StoreError> {
        Ok(self.holders(client, contact).await?.index().contacts_like(contact))
    }

    /// [`Index::matches_blocked`](onefold::Index::matches_blocked): which blocked contacts have one of a contact's keys.
    pub async fn matches_blocked<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        contact: &Contact<Id>,
    ) -> Result<Vec<Alike<Id>>, StoreError> {
        Ok(self.holders(client, contact).await?.index().matches_blocked(contact))
    }

    /// The next merges of the history, undone ones included, at most `limit`, that are before the place `before`; from the newest
    /// one on if that is `None`. Costs the merges on the page.
    pub async fn history<Id: StoredId>(
        &self,
        client: &impl GenericClient,
        before: Option<u64>,
        limit: u32,
    ) -> Result<HistoryPage<Id>, StoreError> {
        let workspace = self.number(client, Access::Read, KeyRules::Own).await?;
        let before = before.and_then(|place| i64::try_from(place).ok()).unwrap_or(i64::MAX);
        let limit = i64::from(limit) + 1;
        let parameters: [(&(dyn ToSql + Sync), Type); 3] =
            [(&workspace, Type::INT4), (&before, Type::INT8), (&limit, Type::INT8)];
        let rows = self.ask_rows(client, HISTORY, &parameters).await?;
        let mut merges = rows.iter().map(StoredRow::merge_record).collect::<Result<Vec<MergeRecord<Id>>, _>>()?;
        let has_more = merges.len() > usize::try_from(limit).unwrap_or(usize::MAX);
        if has_more {
            merges.pop();
        }
        let next = merges.last().map(MergeRecord::place).filter(|_| has_more);
        Ok(HistoryPage { merges, next })
    }

    /// The merge of a name, with its patch while it stands. Costs the merge.
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

    /// [`Workspace::blocked`]: the blocked contacts, in order. Costs them.
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

    /// Everybody who shares a key with somebody.
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

    /// Those who hold a key of a contact.
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

/// How often a question is asked again.
struct Tries(u32);

impl Tries {
    fn new() -> Self {
        Self(10)
    }

    /// What was loaded; `None` if it is to be loaded again, since what one statement saw does not agree with what another one saw a
    /// moment later.
    ///
    /// # Errors
    /// Those of the loading, after 10 further tries also that it does not agree.
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

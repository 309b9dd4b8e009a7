//! A backend that has its contacts in a database of its own: merges and undos in transactions, and the index beside them.

#![allow(missing_docs, reason = "an example: the text around it says what is what")]

use std::collections::BTreeMap;

use onefold::{Contact, Edits, Field, Index, MergePolicy, MergeRequest, Normalizer, Patch};

/// Three maps in the place of tables.
#[derive(Clone, Default)]
pub struct Database {
    pub contacts: BTreeMap<u64, String>,
    pub tombstones: BTreeMap<u64, (u64, String)>,
    pub merges: BTreeMap<String, MergeRow>,
    pub messages: Vec<Message>,
}

#[derive(Clone)]
pub struct MergeRow {
    pub number: usize,
    pub survivor: u64,
    pub patch: Vec<u8>,
    pub digest: String,
    pub is_undone: bool,
}

#[derive(Clone)]
pub struct Message {
    pub contact: u64,
    pub written_to: u64,
}

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

impl Database {
    /// All of it or nothing: a copy stands in the place of a transaction.
    fn transaction<T>(&mut self, run: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let mut draft = self.clone();
        let outcome = run(&mut draft)?;
        *self = draft;
        Ok(outcome)
    }

    pub fn contact(&self, id: u64) -> Outcome<Contact<u64>> {
        Ok(Contact::from_json(self.contacts.get(&id).ok_or("no such contact")?)?)
    }

    pub fn put(&mut self, contact: &Contact<u64>) -> Outcome<()> {
        self.contacts.insert(contact.id, serde_json::to_string(contact)?);
        Ok(())
    }

    pub fn resolve(&self, mut id: u64) -> u64 {
        while let Some((into, _)) = self.tombstones.get(&id) {
            id = *into;
        }
        id
    }
}

pub fn add(database: &mut Database, index: &mut Index<u64>, contact: &Contact<u64>) -> Outcome<()> {
    if database.contacts.contains_key(&contact.id) || database.tombstones.contains_key(&contact.id) {
        return Err("a contact of that id is there already".into());
    }
    database.put(contact)?;
    index.insert(contact)?;
    Ok(())
}

pub fn edit(database: &mut Database, index: &mut Index<u64>, contact: &Contact<u64>) -> Outcome<()> {
    database.contact(contact.id)?;
    database.put(contact)?;
    index.update(contact)?;
    Ok(())
}

/// Merges contacts into the first of them.
pub fn merge(database: &mut Database, index: &mut Index<u64>, merge_id: &str, ids: &[u64]) -> Outcome<()> {
    let patch = database.transaction(|database| {
        let contacts = ids.iter().map(|id| database.contact(*id)).collect::<Outcome<Vec<_>>>()?;
        let request = MergeRequest::new(merge_id).marked_distinct(index.distinct_among(ids));
        let merge = MergePolicy::new().merge(&contacts, &request, index.normalizer())?;

        database.put(merge.survivor())?;
        for retired in merge.retired() {
            database.contacts.remove(retired);
            database.tombstones.insert(*retired, (merge.survivor().id, merge_id.to_owned()));
            for message in database.messages.iter_mut().filter(|message| message.contact == *retired) {
                message.contact = merge.survivor().id;
            }
        }
        let row = MergeRow {
            number: database.merges.len(),
            survivor: merge.survivor().id,
            patch: merge.patch.to_bytes(),
            digest: merge.patch.digest().to_string(),
            is_undone: false,
        };
        if database.merges.insert(merge_id.to_owned(), row).is_some() {
            return Err("a merge of that name is there already".into());
        }
        Ok(merge.patch)
    })?;
    index.apply_merge(&patch)?;
    Ok(())
}

/// Undoes a merge, and gives the number of values that were edited since.
pub fn undo(database: &mut Database, index: &mut Index<u64>, merge_id: &str) -> Outcome<usize> {
    let (patch, undo) = database.transaction(|database| {
        let row = database.merges.get(merge_id).ok_or("no such merge")?;
        if row.is_undone {
            return Err("the merge was undone already".into());
        }
        let builds_on_it =
            |later: &MergeRow| later.survivor == row.survivor && later.number > row.number && !later.is_undone;
        if database.merges.values().any(builds_on_it) {
            return Err("a later merge builds on it, and must be undone first".into());
        }
        let patch: Patch<u64> = Patch::from_bytes(&row.patch)?;
        if patch.digest().to_string() != row.digest {
            return Err("the patch is not the one that was stored".into());
        }
        let undo = patch.undo(&database.contact(*patch.survivor_id())?, Edits::Keep)?;
        database.put(&undo.survivor)?;
        for retired in &undo.retired {
            database.put(retired)?;
            database.tombstones.remove(&retired.id);
            for message in database.messages.iter_mut().filter(|message| message.written_to == retired.id) {
                message.contact = retired.id;
            }
        }
        if let Some(row) = database.merges.get_mut(merge_id) {
            row.is_undone = true;
        }
        Ok((patch, undo))
    })?;
    index.apply_undo(&patch, &undo)?;
    // They were one by mistake, which nobody should be asked again.
    let ids: Vec<u64> = patch.participants().copied().collect();
    for (place, a) in ids.iter().enumerate() {
        for b in ids.iter().skip(place + 1) {
            index.mark_distinct(a, b)?;
        }
    }
    Ok(undo.conflicts.len())
}

/// Two contacts that share an email are merged, and weeks later it turns out that they were two.
pub fn main() -> Outcome<()> {
    let (mut database, mut index) = (Database::default(), Index::new(Normalizer::new()));
    for contact in [
        Contact::new(1).with(Field::FirstName, "Ada").with_email("ada@example.com"),
        Contact::new(7).with(Field::FirstName, "A.").with_email("ADA@example.com").with_phone("+1 202 555 0101"),
        Contact::new(9).with(Field::FirstName, "Bob").with_phone("+1 202 555 0101"),
    ] {
        add(&mut database, &mut index, &contact)?;
        database.messages.push(Message { contact: contact.id, written_to: contact.id });
    }
    index.mark_distinct(&7, &9)?;
    let before = database.clone();

    let suggestion = index.suggestion_for(&7).ok_or("the two share an email")?;
    merge(&mut database, &mut index, "merge-1", &suggestion.members)?;
    assert_eq!(database.resolve(7), 1);
    assert!(database.messages.iter().take(2).all(|message| message.contact == 1));
    assert!(!index.contains(&7));
    assert!(index.is_distinct(&1, &9), "what was said of 7 is true of the contact that it became");

    // Weeks later, after an edit.
    let edited = database.contact(1)?.with(Field::LastName, "Example");
    edit(&mut database, &mut index, &edited)?;
    assert_eq!(undo(&mut database, &mut index, "merge-1")?, 0);

    assert_eq!(database.contacts[&7], before.contacts[&7]);
    assert_eq!(database.contact(1)?, before.contact(1)?.with(Field::LastName, "Example"));
    assert_eq!(database.messages[1].contact, 7);
    assert!(undo(&mut database, &mut index, "merge-1").is_err(), "a merge is undone once");
    assert!(index.suggestions().is_empty() && index.is_distinct(&7, &9) && !index.is_distinct(&1, &9));
    Ok(())
}

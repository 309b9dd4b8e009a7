//! Many connections at once: what they did is what one workspace in memory does, one operation after the other, and the host's own
//! rows came with it.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::thread;

use onefold::{ChannelKind, Contact, Edits, Field, MergeRequest, Time, Value};
use onefold_postgres::{Error, Store, StoreError, retry};
use onefold_workspace::{Act, Later, RowKind, Sender, Settings, StoredRow, UndoRequest, Workspace, WorkspaceError};
use tokio_postgres::Transaction;

use crate::database::Database;

const CONNECTIONS: u64 = 8;
const TRANSACTIONS: u64 = 60;
const IDS: u64 = 40;
/// More than enough: from the fifth attempt on a transaction has the workspace to itself.
const ATTEMPTS: u32 = 10;

/// Something that is done.
#[derive(Clone, Debug)]
enum Step {
    Add(Contact<u64>),
    Edit(Contact<u64>),
    Delete(u64),
    Block(u64, bool),
    Tell(u64, u64, bool),
    Clear(u64, u64),
    Merge(String, u64, Vec<u64>),
    Undo(String, UndoRequest),
    Phone(u64, String),
    Tag(Vec<u64>, &'static str),
    Receive(u64, String),
    Untag(u64, &'static str),
}

/// Numbers that look random (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// A contact that shares some of a few emails and phones with others.
fn contact(random: &mut Random, id: u64) -> Contact<u64> {
    let mut contact = Contact::new(id).with(Field::FirstName, format!("Ada {}", random.below(5)));
    for _ in 0..random.below(3) {
        contact = contact.with_email(format!("shared-{}@example.com", random.below(20)));
    }
    if random.below(2) == 0 {
        contact = contact.with_phone(format!("+1 202-555-01{:02}", random.below(20)));
    }
    contact
}

impl Step {
    fn any(random: &mut Random, worker: u64, number: u64) -> Self {
        let (id, other) = (random.below(IDS), random.below(IDS));
        if number < IDS / CONNECTIONS {
            return Self::Add(contact(random, worker * IDS / CONNECTIONS + number));
        }
        match random.below(20) {
            0..=2 => Self::Add(contact(random, id)),
            3..=4 => Self::Edit(contact(random, id)),
            5 if random.below(3) == 0 => Self::Delete(id),
            6 => Self::Block(id, random.below(2) == 0),
            7 => Self::Tell(id, other, random.below(2) == 0),
            8 => Self::Clear(id, other),
            9..=13 => {
                let retire: BTreeSet<u64> = (0..=random.below(2)).map(|_| random.below(IDS)).collect();
                Self::Merge(format!("{worker}-{number}"), id, retire.into_iter().filter(|other| *other != id).collect())
            }
            14..=16 => {
                let request = match random.below(4) {
                    0 => UndoRequest::new(),
                    1 => UndoRequest::new().with_later(Later::Replay).with_edits(Edits::Overwrite),
                    2 => UndoRequest::new().with_later(Later::Undo).mark_distinct(),
                    _ => UndoRequest::new().with_later(Later::Undo),
                };
                Self::Undo(format!("{}-{}", random.below(CONNECTIONS), random.below(number + 1)), request)
            }
            17 => Self::Phone(id, format!("+1 202-555-01{:02}", random.below(20))),
            18 => Self::Tag(vec![id, other], ["new", "old", "vip"][usize::try_from(random.below(3)).expect("small")]),
            19 if random.below(3) == 0 => {
                Self::Untag(id, ["new", "old", "vip"][usize::try_from(other % 3).expect("small")])
            }
            _ => Self::Receive(id, format!("shared-{}@example.com", random.below(20))),
        }
    }

    async fn in_store(
        &self,
        store: &Store,
        transaction: &mut Transaction<'_>,
        act: &Act,
    ) -> Result<Result<(), WorkspaceError<u64>>, StoreError> {
        let done = match self {
            Self::Add(contact) => store.add(transaction, contact.clone(), act).await.map(drop),
            Self::Edit(contact) => store.edit(transaction, contact.clone(), act).await.map(drop),
            Self::Delete(id) => store.delete(transaction, id, act).await.map(drop),
            Self::Block(id, true) => store.block(transaction, id, act).await.map(drop),
            Self::Block(id, false) => store.unblock(transaction, id, act).await.map(drop),
            Self::Tell(a, b, true) => store.mark_distinct_forever(transaction, a, b, act).await.map(drop),
            Self::Tell(a, b, false) => store.mark_distinct(transaction, a, b, act).await.map(drop),
            Self::Clear(a, b) => store.clear_distinct(transaction, a, b, act).await.map(drop),
            Self::Merge(name, into, retire) => {
                store.merge(transaction, &MergeRequest::new(name.clone()), into, retire, act).await.map(drop)
            }
            Self::Undo(name, request) => store.undo::<u64>(transaction, name, request, act).await.map(drop),
            Self::Phone(id, phone) => {
                let value = Value::from(vec![phone.clone()]);
                store.set_field(transaction, id, &Field::Phone, value, act).await.map(drop)
            }
            Self::Tag(ids, tag) => store.assign_tags(transaction, ids, &[tag], act).await.map(drop),
            Self::Receive(id, identity) => {
                store.receive(transaction, id, Some(&Sender::new("mail", identity)), act).await.map(drop)
            }
            Self::Untag(id, tag) => {
                store.whole::<u64, _>(transaction, |all| all.remove_tags(&[*id], &[tag], act)).await.map(drop)
            }
        };
        match done {
            Ok(()) => Ok(Ok(())),
            Err(Error::Refused(refused)) => Ok(Err(refused)),
            Err(Error::Store(error)) => Err(error),
        }
    }

    fn in_memory(&self, workspace: &mut Workspace<u64>, act: &Act) -> Result<(), WorkspaceError<u64>> {
        match self {
            Self::Add(contact) => workspace.add(contact.clone(), act).map(drop),
            Self::Edit(contact) => workspace.edit(contact.clone(), act).map(drop),
            Self::Delete(id) => workspace.delete(id, act).map(drop),
            Self::Block(id, true) => workspace.block(id, act).map(drop),
            Self::Block(id, false) => workspace.unblock(id, act).map(drop),
            Self::Tell(a, b, true) => workspace.mark_distinct_forever(a, b, act).map(drop),
            Self::Tell(a, b, false) => workspace.mark_distinct(a, b, act).map(drop),
            Self::Clear(a, b) => workspace.clear_distinct(a, b, act).map(drop),
            Self::Merge(name, into, retire) => {
                workspace.merge(&MergeRequest::new(name.clone()), into, retire, act).map(drop)
            }
            Self::Undo(name, request) => workspace.undo(name, request, act).map(drop),
            Self::Phone(id, phone) => {
                workspace.set_field(id, &Field::Phone, Value::from(vec![phone.clone()]), act).map(drop)
            }
            Self::Tag(ids, tag) => workspace.assign_tags(ids, &[tag], act).map(drop),
            Self::Receive(id, identity) => workspace.receive(id, Some(&Sender::new("mail", identity)), act).map(drop),
            Self::Untag(id, tag) => workspace.remove_tags(&[*id], &[tag], act).map(drop),
        }
    }
}

/// What was done in a transaction that was committed.
struct Done {
    place: i64,
    steps: Vec<(Step, Result<(), WorkspaceError<u64>>)>,
    act: Act,
}

/// What one connection does, and how often it had to do it again.
async fn work(database: &Database, store: &Store, worker: u64, max_steps: u64) -> (Vec<Done>, u64) {
    let mut client = database.client().await;
    client.batch_execute("SET deadlock_timeout = '50ms'").await.expect("a setting");
    let log = format!("INSERT INTO \"{}\".log (worker) VALUES ($1) RETURNING place", database.schema);
    let owner = i64::try_from(worker).expect("small");
    let mut random = Random(worker * 7919 + 1);
    let (mut all, mut again) = (Vec::new(), 0);
    for number in 0..TRANSACTIONS {
        // Now and then a transaction that does several things, which locks in an order of its own.
        let count = if random.below(6) == 0 { max_steps } else { 1 };
        let steps: Vec<Step> = (0..count).map(|_| Step::any(&mut random, worker, number)).collect();
        let act = Act::new(Time::from_millis(i64::try_from(number).expect("small")), format!("worker {worker}"));
        let attempts = Cell::new(0);
        let done = retry(&mut client, ATTEMPTS, async |transaction| {
            attempts.set(attempts.get() + 1);
            let mut done = Vec::new();
            for step in &steps {
                done.push((step.clone(), step.in_store(store, transaction, &act).await?));
            }
            let place = transaction.query_one(&log, &[&owner]).await.map_err(StoreError::from)?.get(0);
            Ok::<_, StoreError>(Done { place, steps: done, act: act.clone() })
        });
        all.push(done.await.expect("others give way in the end"));
        again += attempts.get() - 1;
    }
    (all, again)
}

/// The rows without the numbers that say only what was first of two that have nothing to do with one another.
fn unnumbered(rows: impl IntoIterator<Item = StoredRow>) -> Vec<(RowKind, String, String)> {
    let mut rows: Vec<(RowKind, String, String)> = rows
        .into_iter()
        .filter(|row| row.key != "\"next_event\"")
        .map(|row| match row.kind {
            RowKind::Event => {
                let text = row.text.replacen(&format!("{{\"number\":{},", row.key), "{", 1);
                (row.kind, String::new(), text)
            }
            RowKind::Merge => {
                let (before, rest) = row.text.split_once(",\"order\":").expect("a merge has a place");
                let (_, after) = rest.split_once(',').expect("and more after it");
                (row.kind, row.key, format!("{before},{after}"))
            }
            kind => (kind, row.key, row.text),
        })
        .collect();
    rows.sort();
    rows
}

/// Does it all, and says how many transactions had to be done again.
fn all_at_once(database: &Database, max_steps: u64) -> u64 {
    let store = database.run(async {
        let mut client = database.client().await;
        let log = format!("CREATE TABLE \"{}\".log (place bigserial, worker bigint)", database.schema);
        client.batch_execute(&log).await.expect("a table of the host's");
        let store = database.store(&mut client, "inbox").await;
        let account = retry(&mut client, 1, async |transaction| {
            let act = Act::default();
            store.whole::<u64, _>(transaction, |all| all.set_account("mail", ChannelKind::Email, "Mail", &act)).await
        });
        account.await.expect("an account");
        store
    });
    let workers: Vec<_> = (0..CONNECTIONS)
        .map(|worker| {
            let (database, store) = (database.again(), store.clone());
            thread::spawn(move || database.run(work(&database, &store, worker, max_steps)))
        })
        .collect();
    let (mut all, mut again) = (Vec::new(), 0);
    for worker in workers {
        let (done, attempts) = worker.join().expect("no panic");
        all.extend(done);
        again += attempts;
    }
    // Whoever waits for a lock gets its place in the log after the one who had it.
    all.sort_by_key(|done| done.place);
    let mut workspace = Workspace::new(Settings::new());
    workspace.set_account("mail", ChannelKind::Email, "Mail", &Act::default()).expect("an account");
    let (mut carried_out, mut refused) = (0, 0);
    for Done { place, steps, act } in &all {
        for (step, outcome) in steps {
            assert_eq!(*outcome, step.in_memory(&mut workspace, act), "{place}: {step:?}");
            if outcome.is_ok() { carried_out += 1 } else { refused += 1 }
        }
    }
    database.run(async {
        let client = database.client().await;
        let rows = store.rows(&client).await.expect("rows");
        let (found, expected) = (unnumbered(rows), unnumbered(workspace.to_rows()));
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected);
        }
        assert_eq!(found.len(), expected.len());
        assert_eq!(store.suggestions::<u64>(&client).await.expect("an answer"), workspace.index().suggestions());
        let count = format!("SELECT count(*) FROM \"{}\".log", database.schema);
        let logged: i64 = client.query_one(&count, &[]).await.expect("the log").get(0);
        assert_eq!(logged, i64::try_from(all.len()).expect("small"));
    });
    assert!(carried_out > 150 && refused > 50, "{carried_out} carried out, {refused} refused");
    again
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn what_many_do_at_once_is_what_one_does_in_some_order() {
    let database = Database::new("many at once");
    // All lock in one order.
    assert_eq!(all_at_once(&database, 1), 0, "transactions of one operation are never in each other's way");
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn transactions_of_several_operations_are_done_again_until_nobody_is_in_the_way() {
    let database = Database::new("several at once");
    assert!(all_at_once(&database, 3) > 0, "nobody was in anybody's way");
}

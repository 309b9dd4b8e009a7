//! A workspace whose keys were made by other rules is not used, whatever is asked of it, until they are made anew.

use onefold::{Contact, Field, MergeRequest, Time, Value};
use onefold_postgres::{Error, Store, StoreError, migrate, retry};
use onefold_workspace::{Act, Existing, Settings, UndoRequest};
use tokio_postgres::{Client, Transaction};

use crate::database::Database;

/// A workspace with two contacts of one email.
async fn inbox(database: &Database, client: &mut Client) -> Store {
    let store = database.store(client, "inbox").await;
    let done = retry(client, 1, async |transaction| {
        for id in 1..=2_u64 {
            store.add(transaction, Contact::new(id).with_email("ada@example.com"), &Act::default()).await?;
        }
        Ok::<_, Error<u64>>(())
    });
    done.await.expect("new");
    store
}

/// Another release makes the keys by its own rules.
fn other_rules(database: &Database) -> String {
    let schema = database.quoted();
    format!("UPDATE {schema}.workspace SET key_rules = '0'; UPDATE {schema}.key SET key = 'email:' || contact")
}

/// Everything that can be done with a workspace of other rules but what is for them, each with what came of it.
async fn everything(store: &Store, t: &mut Transaction<'_>) -> Vec<(&'static str, Option<StoreError>)> {
    let (act, id, retire) = (&Act::new(Time::from_millis(7), "somebody"), &1_u64, &[2_u64]);
    let contact = &Contact::new(9).with_email("ada@example.com");
    let mut results = Vec::new();
    macro_rules! operations {
        ($($name:ident($($argument:expr),*)),* $(,)?) => {$({
            let error = match store.$name($($argument),*).await {
                Err(Error::<u64>::Store(error)) => Some(error),
                Err(Error::Refused(_)) | Ok(_) => None,
            };
            results.push((stringify!($name), error));
        })*};
    }
    macro_rules! questions {
        ($($name:ident($($argument:expr),*)),* $(,)?) => {$({
            results.push((stringify!($name), store.$name($($argument),*).await.map(drop).err()));
        })*};
    }
    operations! {
        add(t, contact.clone(), act),
        edit(t, contact.clone(), act),
        import(t, vec![contact.clone()], Existing::Update, act),
        set_field(t, id, &Field::FirstName, Value::from("Ada"), act),
        assign_tags(t, retire, &["new"], act),
        receive(t, id, None, act),
        send(t, id, "wa-1", act),
        remove_channel(t, id, "wa-1", None, act),
        block(t, id, act),
        unblock(t, id, act),
        mark_distinct(t, id, &2, act),
        mark_distinct_forever(t, id, &2, act),
        clear_distinct(t, id, &2, act),
        merge(t, &MergeRequest::new("m1"), id, retire, act),
        undo(t, "m1", &UndoRequest::new(), act),
        delete(t, id, act),
        set_settings(t, Settings::new().with_normalizer(onefold::Normalizer::builder().plus_tags().build()), act),
        whole(t, |workspace| workspace.add(contact.clone(), act)),
    }
    results.push(("acknowledge", store.acknowledge(t, &[1]).await.map(drop).err()));
    let no_id = None::<&u64>;
    questions! {
        get(t, id),
        resolve(t, id),
        person(t, id),
        suggestion_for(t, id),
        suggestions_page(t, no_id, 10),
        contacts_like(t, contact),
        matches_blocked(t, contact),
    }
    results.push(("suggestions", store.suggestions::<u64>(t).await.map(drop).err()));
    results.push(("suggestion_counts", store.suggestion_counts::<u64>(t).await.map(drop).err()));
    results.push(("common_keys", store.common_keys::<u64>(t).await.map(drop).err()));
    results.push(("history", store.history::<u64>(t, None, 10).await.map(drop).err()));
    results.push(("merge_record", store.merge_record::<u64>(t, "m1").await.map(drop).err()));
    results.push(("blocked", store.blocked::<u64>(t).await.map(drop).err()));
    results.push(("events", store.events::<u64>(t, 10).await.map(drop).err()));
    results
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn everything_refuses_keys_of_other_rules() {
    let database = Database::new("other rules");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        client.batch_execute(&other_rules(&database)).await.expect("other keys");
        let before = store.rows(&client).await.expect("rows are no keys");
        let mut transaction = client.transaction().await.expect("a transaction");
        let results = everything(&store, &mut transaction).await;
        assert!(results.len() > 30, "{}", results.len());
        for (name, error) in results {
            assert!(matches!(error, Some(StoreError::OtherKeyRules)), "{name}: {error:?}");
        }
        transaction.commit().await.expect("committed");
        assert_eq!(store.rows(&client).await.expect("rows"), before);
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn keys_of_other_rules_are_made_anew_or_taken_out() {
    let database = Database::new("key rules");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        let before = store.suggestions::<u64>(&client).await.expect("an answer");
        client.batch_execute(&other_rules(&database)).await.expect("other keys");
        let schema = &database.schema;
        retry(&mut client, 1, async |transaction| migrate(transaction, schema).await).await.expect("nothing to do");
        let made = retry(&mut client, 1, async |transaction| store.rebuild_keys::<u64>(transaction).await);
        made.await.expect("made anew");
        assert_eq!(store.suggestions::<u64>(&client).await.expect("an answer"), before);

        client.batch_execute(&other_rules(&database)).await.expect("other keys");
        let removed = retry(&mut client, 1, async |transaction| store.remove(transaction).await);
        removed.await.expect("removed");
        assert!(matches!(store.get(&client, &1_u64).await, Err(StoreError::UnknownWorkspace)));
    });
}

/// What an operation says that waits for the workspace while somebody else does something to it.
async fn said_by_who_waits(database: &Database, store: &Store, change: &str, what: usize) -> Option<StoreError> {
    let (mut first, mut second, third) = (database.client().await, database.client().await, database.client().await);
    let waits: i32 = second.query_one("SELECT pg_backend_pid()", &[]).await.expect("a number").get(0);
    let gate = first.transaction().await.expect("a transaction");
    let lock = "SELECT pg_advisory_xact_lock(826698852, hashtext(w.tableoid || '/' || w.number)) FROM";
    gate.query(&format!("{lock} {}.workspace w", database.quoted()), &[]).await.expect("locked");
    let operation = async {
        let mut transaction = second.transaction().await.expect("a transaction");
        let t = &mut transaction;
        let contact = Contact::new(9_u64).with_email("ada@example.com");
        let done = match what {
            0 => store.add(t, contact, &Act::default()).await.map(drop),
            1 => store.whole(t, |workspace| workspace.add(contact, &Act::default())).await.map(drop),
            _ => store.acknowledge(t, &[0]).await.map(drop).map_err(Error::Store),
        };
        transaction.rollback().await.expect("rolled back");
        match done {
            Err(Error::Store(error)) => Some(error),
            Err(Error::Refused(_)) | Ok(()) => None,
        }
    };
    let holder = async {
        let waiting = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted";
        let mut left = 4000;
        while third.query_one(waiting, &[&waits]).await.expect("a number").get::<_, i64>(0) == 0 {
            left -= 1;
            assert!(left > 0, "nobody waits for the gate");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        gate.batch_execute(change).await.expect("changed");
        gate.commit().await.expect("committed");
    };
    tokio::join!(operation, holder).0
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn who_waited_sees_what_the_others_did() {
    let database = Database::new("waited");
    database.run(async {
        let mut client = database.client().await;
        for what in 0..3 {
            let store = inbox(&database, &mut client).await;
            let result = said_by_who_waits(&database, &store, &other_rules(&database), what).await;
            assert!(matches!(result, Some(StoreError::OtherKeyRules)), "{what}: {result:?}");
            let made = retry(&mut client, 1, async |transaction| store.rebuild_keys::<u64>(transaction).await);
            made.await.expect("made anew");
            let gone = format!("DELETE FROM {}.workspace", database.quoted());
            let result = said_by_who_waits(&database, &store, &gone, what).await;
            assert!(matches!(result, Some(StoreError::UnknownWorkspace)), "{what}: {result:?}");
        }
    });
}

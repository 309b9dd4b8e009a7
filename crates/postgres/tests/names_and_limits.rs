//! Any name that PostgreSQL takes is the name of a schema, and what is too long for an index is refused before anything is written.

use std::iter;

use onefold::{Channel, ChannelKind, Contact, Field, MergeRequest, Time};
use onefold_postgres::{
    Error, IndexedText, MAX_ID_BYTES, MAX_INDEXED_BYTES, MAX_WORKSPACE_NAME_BYTES, Store, StoreError, migrate, retry,
};
use onefold_workspace::{Act, Existing, RowKind, Settings, StoredRow, UndoRequest};
use tokio_postgres::Client;

use crate::database::Database;

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn every_name_of_a_schema_is_only_a_name() {
    let database = Database::new("names");
    let longest = |letter: &str| letter.repeat(63);
    let names = [
        "a\"b".to_owned(),
        "\"".to_owned(),
        "a$body$b".to_owned(),
        "$body$".to_owned(),
        "$body_$ $body$".to_owned(),
        "a$body$; CREATE TABLE public.injected ();--".to_owned(),
        "a\"; CREATE TABLE public.injected (); --".to_owned(),
        "a'b".to_owned(),
        "a\\b".to_owned(),
        "$.".to_owned(),
        "$1 $$ {}".to_owned(),
        "\u{fc}n\u{ef}".to_owned(),
        "A.B".to_owned(),
        " ".to_owned(),
        "select".to_owned(),
        "a\nb -- /*".to_owned(),
        "a$.b'$.c".to_owned(),
        longest("l"),
        longest("\""),
    ];
    for name in names {
        let database = database.with_schema(&name);
        database.run(async {
            let mut client = database.client().await;
            let store = database.store(&mut client, &name).await;
            // Other tests may be in the way: who makes keys anew waits for all who write, whatever the schema.
            let done = retry(&mut client, 20, async |transaction| {
                let act = Act::new(Time::from_millis(7), "somebody");
                for id in 1..=3_u64 {
                    let contact = Contact::new(id).with_email("ada@example.com");
                    store.add(transaction, contact, &act).await?;
                }
                store.mark_distinct(transaction, &1, &3, &act).await?;
                store.merge(transaction, &MergeRequest::new("m1"), &1, &[2], &act).await?;
                store.undo::<u64>(transaction, "m1", &UndoRequest::new(), &act).await?;
                store.delete(transaction, &3, &act).await?;
                store.rebuild_keys::<u64>(transaction).await?;
                // The second time there is nothing to do.
                migrate(transaction, &name).await?;
                Ok::<_, Error<u64>>(())
            });
            done.await.unwrap_or_else(|error| panic!("{name:?}: {error}"));
            let group = store.suggestion_for(&client, &1_u64).await.expect("an answer").expect("a group");
            assert_eq!(group.members, [1, 2], "{name:?}");
            let made = "SELECT count(*) FROM pg_namespace WHERE nspname = $1";
            assert_eq!(client.query_one(made, &[&name]).await.expect("a number").get::<_, i64>(0), 1, "{name:?}");
            let injected = "SELECT count(*) FROM pg_tables WHERE tablename = 'injected'";
            assert_eq!(client.query_one(injected, &[]).await.expect("a number").get::<_, i64>(0), 0, "{name:?}");
            let removed = retry(&mut client, 1, async |transaction| store.remove(transaction).await);
            removed.await.unwrap_or_else(|error| panic!("{name:?}: {error}"));
        });
    }
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn what_is_no_name_is_refused() {
    let database = Database::new("no names");
    database.run(async {
        let mut client = database.client().await;
        for name in [String::new(), "a\0b".to_owned(), "l".repeat(64), "\u{fc}".repeat(32)] {
            let done = retry(&mut client, 1, async |transaction| migrate(transaction, &name).await).await;
            assert!(matches!(done, Err(StoreError::SchemaName)), "{done:?}");
            let store = Store::new(&name, "inbox");
            let done = retry(&mut client, 1, async |transaction| store.create(transaction, Settings::new()).await);
            assert!(matches!(done.await, Err(StoreError::SchemaName)));
            assert!(matches!(store.get(&client, &1_u64).await, Err(StoreError::SchemaName)));
        }
        for name in ["a\0b".to_owned(), "w".repeat(MAX_WORKSPACE_NAME_BYTES + 1)] {
            let store = Store::new(&database.schema, &name);
            let done = retry(&mut client, 1, async |transaction| store.create(transaction, Settings::new()).await);
            assert!(matches!(done.await, Err(StoreError::WorkspaceName)));
            assert!(matches!(store.get(&client, &1_u64).await, Err(StoreError::WorkspaceName)));
        }
        let store = database.store(&mut client, &random(1, MAX_WORKSPACE_NAME_BYTES)).await;
        assert_eq!(store.get(&client, &1_u64).await.expect("an answer"), None);
    });
}

/// A text that no index can compress (SplitMix64).
fn random(seed: u64, bytes: usize) -> String {
    let mut state = seed;
    let letter = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let digit = u32::try_from((mixed ^ (mixed >> 31)) % 36).expect("small");
        char::from_digit(digit, 36).expect("a digit")
    };
    iter::repeat_with(letter).take(bytes).collect()
}

/// An id of so many bytes as JSON.
fn id(seed: u64, bytes: usize) -> String {
    random(seed, bytes - 2)
}

async fn rows(store: &Store, client: &Client) -> Vec<StoredRow> {
    store.rows(client).await.expect("rows")
}

/// A contact with the longest match key that a store takes.
fn with_longest_key(id: &str, bytes: usize) -> Contact<String> {
    // The text of the key: `channel_id:"web/ACCOUNT":IDENTITY`.
    let identity = random(7, 512);
    let account = random(8, bytes - "channel_id:\"web/\":".len() - identity.len());
    let channel = Channel::new(ChannelKind::Web, account, identity);
    Contact::new(id.to_owned()).with_channel(channel)
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn the_longest_texts_fit_into_every_index() {
    let database = Database::new("longest");
    database.run(async {
        let mut client = database.client().await;
        let store = database.store(&mut client, "inbox").await;
        let ids = [id(1, MAX_ID_BYTES), id(2, MAX_ID_BYTES), id(3, MAX_ID_BYTES)];
        let [a, b, c] = &ids;
        let done = retry(&mut client, 20, async |transaction| {
            let act = Act::new(Time::from_millis(7), "somebody");
            for id in &ids {
                store.add(transaction, with_longest_key(id, MAX_INDEXED_BYTES), &act).await?;
            }
            store.mark_distinct(transaction, a, c, &act).await?;
            store.receive(transaction, a, None, &act).await?;
            store.block(transaction, a, &act).await?;
            store.unblock(transaction, a, &act).await?;
            let merge = random(4, onefold::patch::MAX_MERGE_ID_BYTES);
            store.merge(transaction, &MergeRequest::new(merge.as_str()), a, std::slice::from_ref(b), &act).await?;
            store.undo::<String>(transaction, &merge, &UndoRequest::new(), &act).await?;
            store.rebuild_keys::<String>(transaction).await?;
            Ok::<_, Error<String>>(())
        });
        done.await.expect("done");
        let found = store.suggestion_for(&client, b).await.expect("an answer").expect("a group");
        assert_eq!(found.members.len(), 3);
        let deleted = retry(&mut client, 1, async |transaction| store.delete(transaction, a, &Act::default()).await);
        deleted.await.expect("deleted");
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn what_is_too_long_is_refused_before_anything_is_written() {
    let database = Database::new("too long");
    database.run(async {
        let mut client = database.client().await;
        let store = database.store(&mut client, "inbox").await;
        let short = "1".to_owned();
        retry(&mut client, 1, async |transaction| {
            store.add(transaction, Contact::new(short.clone()), &Act::default()).await.map(drop)
        })
        .await
        .expect("new");
        let before = rows(&store, &client).await;
        let long = id(1, MAX_ID_BYTES + 1);
        let umlauts = "\u{fc}".repeat(MAX_ID_BYTES / 2);
        // Half of them would do if it were not for their escapes.
        let escapes = "\"".repeat(MAX_ID_BYTES / 2);
        let act = &Act::new(Time::from_millis(7), "somebody");
        let transaction = &mut client.transaction().await.expect("a transaction");
        for id in [&long, &umlauts, &escapes] {
            let max = MAX_ID_BYTES;
            let is_too_long = |error: Error<String>| match error {
                Error::Store(StoreError::TooLong { text: IndexedText::ContactId { .. }, bytes, max: limit }) => {
                    bytes == serde_json::to_string(id).expect("JSON").len() && limit == max
                }
                _ => false,
            };
            let result = store.add(transaction, Contact::new(id.clone()), act).await;
            assert!(is_too_long(result.expect_err("too long")));
            let contacts = vec![Contact::new("2".to_owned()), Contact::new(id.clone())];
            let result = store.import(transaction, contacts, Existing::Reject, act).await;
            assert!(is_too_long(result.expect_err("too long")));
            let result = store.whole(transaction, |workspace| workspace.add(Contact::new(id.clone()), act)).await;
            assert!(is_too_long(result.expect_err("too long")));
            // One that cannot be there is not there.
            assert!(matches!(store.block(transaction, id, act).await, Err(Error::Refused(_))));
            assert!(matches!(store.mark_distinct(transaction, id, &short, act).await, Err(Error::Refused(_))));
            assert_eq!(store.get(transaction, id).await.expect("an answer"), None);
        }
        let result = store.add(transaction, with_longest_key("2", MAX_INDEXED_BYTES + 1), act).await;
        match result.expect_err("too long") {
            Error::Store(StoreError::TooLong { text, bytes, max }) => {
                let key = IndexedText::MatchKey { contact: "\"2\"".to_owned(), kind: "channel_id".to_owned() };
                assert_eq!((text, bytes, max), (key, MAX_INDEXED_BYTES + 1, MAX_INDEXED_BYTES));
            }
            error => panic!("{error}"),
        }
        // An identifier of the host that becomes a key only now: the old keys are as they were.
        let number = Field::Custom(random(6, MAX_INDEXED_BYTES).into());
        let known = Contact::new("3".to_owned()).with_email("ada@example.com").with(number.clone(), "A-7");
        store.add(transaction, known.clone(), act).await.expect("new");
        let Field::Custom(name) = &number else { unreachable!() };
        let settings = Settings::new().with_normalizer(onefold::Normalizer::builder().identifier(&**name).build());
        let result = store.set_settings::<String>(transaction, settings, act).await;
        assert!(matches!(result, Err(Error::Store(StoreError::TooLong { text: IndexedText::MatchKey { .. }, .. }))));
        let other = Contact::new("4".to_owned()).with_email("ada@example.com");
        assert_eq!(store.contacts_like(transaction, &other).await.expect("an answer").len(), 1);
        // The transaction is still good, and nothing of it is there.
        store.delete(transaction, &"3".to_owned(), act).await.expect("it goes on");
        let now = rows_of(&store, transaction).await;
        let kinds = |rows: &[StoredRow]| rows.iter().filter(|row| row.kind == RowKind::Contact).count();
        assert_eq!(kinds(&now), kinds(&before));
    });
}

async fn rows_of(store: &Store, transaction: &tokio_postgres::Transaction<'_>) -> Vec<StoredRow> {
    store.rows(transaction).await.expect("rows")
}

//! Each mistake gives one error, and the state is as before.

use onefold::{Contact, MergeRequest, Time};
use onefold_postgres::{Error, MIGRATIONS, Store, StoreError, migrate, retry};
use onefold_workspace::{Act, Settings, StateError, StoredRow, UndoRequest};
use tokio_postgres::{Client, IsolationLevel};

use crate::database::Database;

async fn rows(store: &Store, client: &Client) -> Vec<StoredRow> {
    store.rows(client).await.expect("rows")
}

async fn add(store: &Store, client: &mut Client, id: u64, email: &str) -> Result<(), Error<u64>> {
    let contact = Contact::new(id).with_email(email);
    retry(client, 1, async |transaction| store.add(transaction, contact.clone(), &Act::default()).await.map(drop)).await
}

/// A workspace with contacts of whom two were merged, and two marked distinct.
async fn inbox(database: &Database, client: &mut Client) -> Store {
    let store = database.store(client, "inbox").await;
    for id in 1..=4 {
        add(&store, client, id, "ada@example.com").await.expect("new");
    }
    let done = retry(client, 1, async |transaction| {
        let act = Act::new(Time::from_millis(7), "somebody");
        store.mark_distinct(transaction, &1, &4, &act).await?;
        store.merge(transaction, &MergeRequest::new("m1"), &1, &[2], &act).await.map(drop)
    });
    done.await.expect("merged");
    store
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn another_application_s_schema_is_foreign() {
    let database = Database::new("foreign");
    database.run(async {
        let mut client = database.client().await;
        let missing = Store::new(format!("{} not there", database.schema), "inbox");
        let result = add(&missing, &mut client, 1, "ada@example.com").await;
        assert!(matches!(result, Err(Error::Store(StoreError::NoSchema { .. }))), "{result:?}");
        let unknown = Store::new(&database.schema, "no inbox");
        let result = add(&unknown, &mut client, 1, "ada@example.com").await;
        assert!(matches!(result, Err(Error::Store(StoreError::UnknownWorkspace))), "{result:?}");
        let store = database.store(&mut client, "inbox").await;
        let twice = retry(&mut client, 1, async |transaction| store.create(transaction, Settings::new()).await);
        assert!(matches!(twice.await, Err(StoreError::DuplicateWorkspace)));

        let schema = &database.schema;
        let other = format!(
            "DROP SCHEMA \"{schema}\" CASCADE; CREATE SCHEMA \"{schema}\"; CREATE TABLE \"{schema}\".version (x int)"
        );
        client.batch_execute(&other).await.expect("somebody else's");
        let result = retry(&mut client, 1, async |transaction| migrate(transaction, schema).await).await;
        assert!(matches!(result, Err(StoreError::Foreign)), "{result:?}");
        let count = "SELECT count(*) FROM pg_tables WHERE schemaname = $1";
        let tables: i64 = client.query_one(count, &[schema]).await.expect("a number").get(0);
        assert_eq!(tables, 1);
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn a_schema_of_every_version_becomes_the_one_of_today() {
    let database = Database::new("migrations");
    database.run(async {
        let mut client = database.client().await;
        let schema = &database.schema;
        for version in 0..=MIGRATIONS.len() {
            let made = format!(
                "DROP SCHEMA \"{schema}\" CASCADE; CREATE SCHEMA \"{schema}\";
                 CREATE TABLE \"{schema}\".version (mark text PRIMARY KEY, number integer NOT NULL);
                 INSERT INTO \"{schema}\".version VALUES ('onefold', {version});"
            );
            client.batch_execute(&made).await.expect("a schema");
            for migration in &MIGRATIONS[..version] {
                client.batch_execute(&migration.replace("$.", &format!("\"{schema}\"."))).await.expect("a migration");
            }
            for _ in 0..2 {
                let done = retry(&mut client, 1, async |transaction| migrate(transaction, schema).await);
                done.await.expect("migrated");
            }
            let store = database.store(&mut client, "inbox").await;
            add(&store, &mut client, 1, "ada@example.com").await.expect("new");
        }
        client.batch_execute(&format!("UPDATE \"{schema}\".version SET number = 0")).await.expect("an earlier release");
        let result = add(&Store::new(schema, "inbox"), &mut client, 2, "ada@example.com").await;
        assert!(matches!(result, Err(Error::Store(StoreError::OlderSchema { version: 0, known: 1 }))), "{result:?}");
        client.batch_execute(&format!("UPDATE \"{schema}\".version SET number = 9")).await.expect("a later release");
        let result = add(&Store::new(schema, "inbox"), &mut client, 2, "ada@example.com").await;
        assert!(matches!(result, Err(Error::Store(StoreError::NewerSchema { version: 9, known: 1 }))), "{result:?}");
        let result = retry(&mut client, 1, async |transaction| migrate(transaction, schema).await).await;
        assert!(matches!(result, Err(StoreError::NewerSchema { version: 9, known: 1 })), "{result:?}");
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn the_host_s_transaction_is_the_host_s() {
    let database = Database::new("host");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        let before = rows(&store, &client).await;
        let schema = &database.schema;
        client.batch_execute(&format!("CREATE TABLE \"{schema}\".notes (note text)")).await.expect("a table");
        let note = format!("INSERT INTO \"{schema}\".notes VALUES ('a note')");

        let mut transaction =
            client.build_transaction().isolation_level(IsolationLevel::Serializable).start().await.expect("one");
        let result = store.delete(&mut transaction, &3_u64, &Act::default()).await;
        assert!(matches!(result, Err(Error::Store(StoreError::Isolation))), "{result:?}");
        drop(transaction);

        let mut transaction = client.transaction().await.expect("a transaction");
        transaction.batch_execute(&note).await.expect("a note");
        store.delete(&mut transaction, &3_u64, &Act::default()).await.expect("deleted");
        transaction.rollback().await.expect("rolled back");
        assert_eq!(rows(&store, &client).await.len(), before.len());

        let mut transaction = client.transaction().await.expect("a transaction");
        transaction.batch_execute(&note).await.expect("a note");
        let refused = store.delete(&mut transaction, &2_u64, &Act::default()).await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        store.block(&mut transaction, &3_u64, &Act::default()).await.expect("it goes on");
        transaction.commit().await.expect("committed");
        assert!(store.get(&client, &3_u64).await.expect("an answer").expect("live").blocked);
        let notes = client.query(&format!("SELECT 1 FROM \"{schema}\".notes"), &[]).await.expect("notes").len();
        assert_eq!(notes, 1);
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn a_connection_that_is_lost_midway_leaves_everything_as_it_was() {
    let database = Database::new("lost");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        let before = rows(&store, &client).await;
        // Somebody holds every lock, so that the operation is in its middle when its connection goes.
        let mut other = database.client().await;
        let holder = other.transaction().await.expect("a transaction");
        let all = format!("SELECT 1 FROM \"{}\".slot FOR UPDATE", database.schema);
        holder.query(&all, &[]).await.expect("locked");
        let mut lost = database.client().await;
        let process: i32 = lost.query_one("SELECT pg_backend_pid()", &[]).await.expect("a number").get(0);
        let merging = async {
            let done = retry(&mut lost, 1, async |transaction| {
                let request = MergeRequest::new("m2");
                store.merge(transaction, &request, &1_u64, &[3], &Act::default()).await.map(drop)
            });
            done.await
        };
        let ending = async {
            let waits = "SELECT count(*) FROM pg_locks WHERE pid = $1 AND NOT granted";
            let mut left = 4000;
            while client.query_one(waits, &[&process]).await.expect("a number").get::<_, i64>(0) == 0 {
                left -= 1;
                assert!(left > 0, "the operation waits for nobody");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            client.query("SELECT pg_terminate_backend($1)", &[&process]).await.expect("ended");
        };
        let (result, ()) = tokio::join!(merging, ending);
        assert!(matches!(result, Err(Error::Store(StoreError::ConnectionLost { .. }))), "{result:?}");
        drop(holder);
        assert_eq!(rows(&store, &client).await, before);
        let result = add(&store, &mut lost, 9, "ada@example.com").await;
        assert!(matches!(result, Err(Error::Store(StoreError::ConnectionLost { .. }))), "{result:?}");
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn rows_that_are_missing_or_spoiled_stop_no_process() {
    let database = Database::new("damaged");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        let schema = &database.schema;
        let act = Act::new(Time::from_millis(9), "somebody");
        let mut refused = 0;
        for row in rows(&store, &client).await {
            for damage in [
                "DELETE FROM $.row WHERE kind = $1 AND key = $2",
                "UPDATE $.row SET row = left(row, length(row) - 2) WHERE kind = $1 AND key = $2",
                "UPDATE $.row SET row = replace(row, '2', '7') WHERE kind = $1 AND key = $2",
                "DELETE FROM $.about WHERE kind = $1 AND key = $2",
                "UPDATE $.key SET contact = '3' WHERE contact = $2 AND $1 = 'contact'",
            ] {
                for operation in 0..5 {
                    let mut transaction = client.transaction().await.expect("a transaction");
                    let damage = damage.replace("$.", &format!("\"{schema}\"."));
                    let done = transaction.execute(&damage, &[&row.kind.name(), &row.key]).await;
                    if done.is_err() {
                        continue;
                    }
                    let before = store.rows(&transaction).await;
                    let done: Result<(), Error<u64>> = match operation {
                        0 => store.undo(&mut transaction, "m1", &UndoRequest::new(), &act).await.map(drop),
                        1 => store.merge(&mut transaction, &MergeRequest::new("m2"), &3, &[1], &act).await.map(drop),
                        2 => store.delete(&mut transaction, &1, &act).await.map(drop),
                        3 => store.mark_distinct(&mut transaction, &1, &3, &act).await.map(drop),
                        _ => store.suggestions::<u64>(&transaction).await.map(drop).map_err(Error::Store),
                    };
                    match done {
                        Err(Error::Store(StoreError::Rows(_))) => {
                            refused += 1;
                            let after = store.rows(&transaction).await;
                            assert_eq!(after.ok(), before.ok(), "{row:?} {operation}");
                        }
                        Ok(()) | Err(Error::Refused(_)) | Err(Error::Store(StoreError::Failed(_))) => {}
                        Err(Error::Store(error)) => panic!("{row:?} {operation}: {error}"),
                    }
                    transaction.rollback().await.expect("rolled back");
                }
            }
        }
        assert!(refused > 20, "{refused}");
        let spoiled = format!("UPDATE \"{schema}\".row SET row = '{{}}' WHERE kind = 'contact' AND key = '3'");
        client.batch_execute(&spoiled).await.expect("spoiled");
        let result = store.get(&client, &3_u64).await;
        assert!(matches!(result, Err(StoreError::Rows(StateError::MalformedRow { .. }))), "{result:?}");
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn deleted_is_deleted() {
    let database = Database::new("deleted");
    database.run(async {
        let mut client = database.client().await;
        let store = database.store(&mut client, "inbox").await;
        let done = retry(&mut client, 1, async |transaction| {
            let act = Act::default();
            for id in 1..=3_u64 {
                let contact = Contact::new(id).with_email(format!("canary-{id}@example.com"));
                let contact = contact.with_email("shared@example.com");
                store.add(transaction, contact.with(onefold::Field::Tags, vec!["canary-tag".to_owned()]), &act).await?;
            }
            store.mark_distinct(transaction, &1, &3, &act).await?;
            store.merge(transaction, &MergeRequest::new("m1").allow_distinct(), &1, &[2], &act).await?;
            store.delete(transaction, &1, &act).await?;
            store.delete(transaction, &3, &act).await.map(drop)
        });
        done.await.expect("deleted");
        for (table, column) in [("row", "row"), ("about", "key"), ("key", "key")] {
            let select = format!("SELECT {column} FROM \"{}\".{table} WHERE {column} LIKE '%canary%'", database.schema);
            let found = client.query(&select, &[]).await.expect("an answer");
            let found: Vec<String> = found.iter().map(|row| row.get(0)).collect();
            assert!(found.is_empty(), "{found:?}");
        }
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn contacts_that_come_again_and_again_end_a_page() {
    let database = Database::new("again and again");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        // As if an index gave what comes before the place that was asked for: `>` is always true.
        let schema = database.quoted();
        let damage = format!(
            "CREATE FUNCTION {schema}.always(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
             CREATE OPERATOR {schema}.> (LEFTARG = text, RIGHTARG = text, FUNCTION = {schema}.always);
             SET search_path = {schema}, pg_catalog"
        );
        client.batch_execute(&damage).await.expect("another operator");
        let result = store.suggestions_page::<u64>(&client, None, 100).await;
        assert!(matches!(result, Err(StoreError::Rows(StateError::Inconsistent { .. }))), "{result:?}");
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn a_circle_of_merged_contacts_ends() {
    let database = Database::new("circle");
    database.run(async {
        let mut client = database.client().await;
        let store = inbox(&database, &mut client).await;
        let schema = database.quoted();
        let circle = format!(
            "DELETE FROM {schema}.row WHERE kind = 'contact' AND key = '1';
             INSERT INTO {schema}.row SELECT workspace, kind, '1', '{{\"merged_away\":1,\"into\":2}}' FROM {schema}.row
               WHERE kind = 'tombstone' AND key = '2';
             INSERT INTO {schema}.about SELECT workspace, '2', kind, '1' FROM {schema}.about
               WHERE kind = 'tombstone' AND key = '2'"
        );
        client.batch_execute(&circle).await.expect("a circle");
        let result = store.resolve(&client, &2_u64).await;
        assert!(matches!(result, Err(StoreError::Rows(_))), "{result:?}");
        let mut transaction = client.transaction().await.expect("a transaction");
        let result = store.edit(&mut transaction, Contact::new(2_u64), &Act::default()).await;
        assert!(matches!(result, Err(Error::Store(StoreError::Rows(_)))), "{result:?}");
        let result = store.whole(&mut transaction, |workspace| workspace.delete(&2_u64, &Act::default())).await;
        assert!(matches!(result, Err(Error::Store(StoreError::Rows(_)))), "{result:?}");
    });
}

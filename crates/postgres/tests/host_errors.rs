//! The errors of the host's own statements are returned at once and as they are; only what others caused is done again.

use std::error::Error as _;
use std::sync::atomic::{AtomicU32, Ordering};

use onefold::Contact;
use onefold_postgres::{Error, IsConflict, Store, StoreError, retry};
use onefold_workspace::Act;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Transaction};

use crate::database::Database;

/// How often a statement of the host was tried in a transaction that was to be tried thrice, and what came of it.
async fn tried(client: &mut Client, statement: &str) -> (u32, Error<u64>) {
    let tries = AtomicU32::new(0);
    let done = retry(client, 3, async |transaction: &mut Transaction<'_>| {
        tries.fetch_add(1, Ordering::Relaxed);
        transaction.batch_execute(statement).await?;
        Ok::<_, Error<u64>>(())
    });
    let error = done.await.expect_err("refused");
    (tries.into_inner(), error)
}

/// What the server said, found from the error of the store as any host would.
fn state(error: &Error<u64>) -> Option<SqlState> {
    let source = error.source()?.downcast_ref::<tokio_postgres::Error>()?;
    source.code().cloned()
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn a_unique_violation_of_the_host_is_returned_at_once() {
    let database = Database::new("violation");
    database.run(async {
        let mut client = database.client().await;
        let account = format!("{}.account", database.quoted());
        let made = format!(
            "CREATE TABLE {account} (id int PRIMARY KEY, email text, 
               CONSTRAINT one_email UNIQUE (email) DEFERRABLE INITIALLY DEFERRED);
             INSERT INTO {account} VALUES (1, 'ada@example.com')"
        );
        client.batch_execute(&made).await.expect("a table");
        // Where it stands, and when the transaction is committed.
        for (values, constraint) in [("(1, NULL)", "account_pkey"), ("(2, 'ada@example.com')", "one_email")] {
            let (tries, error) = tried(&mut client, &format!("INSERT INTO {account} VALUES {values}")).await;
            assert_eq!(tries, 1, "{error}");
            assert!(!error.is_conflict());
            assert_eq!(state(&error), Some(SqlState::UNIQUE_VIOLATION));
            assert!(error.to_string().contains(constraint), "{error}");
            assert!(!error.to_string().contains("ada@"), "{error}");
        }
        // The same where the error of the closure is the store's own.
        let insert = format!("INSERT INTO {account} VALUES (1, NULL)");
        let done = retry(&mut client, 3, async |transaction: &mut Transaction<'_>| {
            transaction.execute(&insert, &[]).await.map(drop).map_err(StoreError::from)
        });
        let error = done.await.expect_err("refused");
        assert!(matches!(&error, StoreError::Failed(source) if source.code() == Some(&SqlState::UNIQUE_VIOLATION)));
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn a_trigger_of_the_host_violates_what_is_the_host_s() {
    let database = Database::new("trigger");
    database.run(async {
        let mut client = database.client().await;
        let store = database.store(&mut client, "inbox").await;
        let schema = database.quoted();
        let made = format!(
            "CREATE TABLE {schema}.seen (id int PRIMARY KEY);
             CREATE FUNCTION {schema}.see() RETURNS trigger LANGUAGE plpgsql AS
               'BEGIN INSERT INTO {schema}.seen VALUES (1); RETURN NEW; END';
             CREATE TRIGGER see BEFORE INSERT ON {schema}.row FOR EACH ROW WHEN (NEW.kind = 'contact')
               EXECUTE FUNCTION {schema}.see()"
        );
        client.batch_execute(&made).await.expect("a trigger");
        let tries = AtomicU32::new(0);
        let add = async |id: u64, client: &mut Client| {
            retry(client, 3, async |transaction| {
                tries.fetch_add(1, Ordering::Relaxed);
                store.add(transaction, Contact::new(id), &Act::default()).await.map(drop)
            })
            .await
        };
        add(1, &mut client).await.expect("the first one");
        let error = add(2, &mut client).await.expect_err("the second one");
        assert_eq!(tries.into_inner(), 2);
        assert_eq!(state(&error), Some(SqlState::UNIQUE_VIOLATION));
        assert_eq!(store.get(&client, &2_u64).await.expect("an answer"), None);
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn what_others_caused_is_done_again() {
    let database = Database::new("again");
    database.run(async {
        let mut client = database.client().await;
        for code in [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED] {
            let raise = format!("DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''{}''; END'", code.code());
            let (tries, error) = tried(&mut client, &raise).await;
            assert_eq!(tries, 3);
            assert!(error.is_conflict());
            assert_eq!(state(&error), Some(code));
        }
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn other_errors_of_the_host_are_not_taken_for_the_store_s() {
    let database = Database::new("host errors");
    database.run(async {
        let mut client = database.client().await;
        let (tries, error) = tried(&mut client, "SELECT 1 FROM no_such_table").await;
        assert_eq!((tries, state(&error)), (1, Some(SqlState::UNDEFINED_TABLE)));
        assert!(matches!(error, Error::Store(StoreError::Failed(_))), "{error:?}");
        let (tries, error) = tried(&mut client, "CREATE TABLE no_such_schema.account (id int)").await;
        assert_eq!((tries, state(&error)), (1, Some(SqlState::INVALID_SCHEMA_NAME)));
        assert!(matches!(error, Error::Store(StoreError::Failed(_))), "{error:?}");

        // The host does not want to wait, and does not wait longer than it wants.
        let mut other = database.client().await;
        let holder = other.transaction().await.expect("a transaction");
        let slot = format!("{}.slot", database.quoted());
        holder.batch_execute(&format!("SELECT 1 FROM {slot} WHERE number = 7 FOR UPDATE")).await.expect("locked");
        let select = format!("SELECT 1 FROM {slot} WHERE number = 7 FOR UPDATE NOWAIT");
        let (tries, error) = tried(&mut client, &select).await;
        assert_eq!((tries, state(&error)), (1, Some(SqlState::LOCK_NOT_AVAILABLE)));
        assert!(!error.is_conflict());
    });
}

#[test]
#[ignore = "needs a PostgreSQL server: ONEFOLD_POSTGRES says where it is"]
fn errors_of_the_store_have_their_sources() {
    let database = Database::new("sources");
    database.run(async {
        let mut client = database.client().await;
        let missing = Store::new("not there", "inbox");
        let error = missing.get(&client, &1_u64).await.expect_err("no schema");
        assert!(matches!(error, StoreError::NoSchema { .. }));
        let source = error.source().and_then(|source| source.downcast_ref::<tokio_postgres::Error>());
        assert_eq!(source.and_then(tokio_postgres::Error::code), Some(&SqlState::UNDEFINED_TABLE));

        // Somebody holds what the operation is to lock, and the host does not wait longer than this.
        let store = database.store(&mut client, "inbox").await;
        let mut other = database.client().await;
        let holder = other.transaction().await.expect("a transaction");
        let lock = format!("SELECT 1 FROM {}.slot FOR UPDATE", database.quoted());
        holder.batch_execute(&lock).await.expect("locked");
        client.batch_execute("SET lock_timeout = '10ms'").await.expect("set");
        let done = retry(&mut client, 2, async |transaction| {
            store.add(transaction, Contact::new(1_u64), &Act::default()).await.map(drop)
        });
        let error = done.await.expect_err("locked");
        assert!(error.is_conflict());
        assert_eq!(state(&error), Some(SqlState::LOCK_NOT_AVAILABLE));
        drop(holder);

        // A connection that the server ends.
        let ended =
            client.batch_execute("SELECT pg_terminate_backend(pg_backend_pid())").await.map_err(Error::<u64>::from);
        let error = ended.expect_err("ended");
        assert!(matches!(error, Error::Store(StoreError::ConnectionLost { .. })), "{error:?}");
        assert!(error.source().is_some_and(|source| source.is::<tokio_postgres::Error>()));
    });
}

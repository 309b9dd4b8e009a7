//! A database with a schema for one test.

use std::env;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

use onefold_postgres::{Store, migrate, retry};
use onefold_workspace::Settings;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

/// Where a test works.
pub struct Database {
    url: String,
    pub schema: String,
    runtime: Runtime,
    owns: bool,
}

impl Database {
    /// The server's database with an empty schema in it.
    #[track_caller]
    pub fn new(test: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let url = env::var("ONEFOLD_POSTGRES").expect("ONEFOLD_POSTGRES says where a server is: see tests/server");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test {} {number} {test}", std::process::id());
        Self::of(url, schema)
    }

    /// The same server with an empty schema of this name.
    pub fn with_schema(&self, schema: &str) -> Self {
        Self::of(self.url.clone(), schema.to_owned())
    }

    fn of(url: String, schema: String) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let database = Self { url, schema, runtime, owns: true };
        database.run(async {
            let mut client = database.client().await;
            let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", database.quoted());
            client.batch_execute(&drop).await.expect("a free name");
            retry(&mut client, 1, async |transaction| migrate(transaction, &database.schema).await)
                .await
                .expect("a schema");
        });
        database
    }

    /// The name of the schema as an identifier of SQL.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.schema.replace('"', "\"\""))
    }

    /// The same, for another thread; to be given up before the first one is.
    pub fn again(&self) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { url: self.url.clone(), schema: self.schema.clone(), runtime, owns: false }
    }

    /// Runs a test.
    pub fn run<T>(&self, test: impl Future<Output = T>) -> T {
        self.runtime.block_on(test)
    }

    /// A connection.
    pub async fn client(&self) -> Client {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await.expect("a server");
        tokio::spawn(connection);
        client
    }

    /// A workspace without contacts.
    pub async fn store(&self, client: &mut Client, name: &str) -> Store {
        let store = Store::new(&self.schema, name);
        let created = retry(client, 1, async |transaction| store.create(transaction, Settings::new()).await);
        created.await.expect("a new workspace");
        store
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.owns {
            return;
        }
        self.run(async {
            let drop = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.quoted());
            let _ = self.client().await.batch_execute(&drop).await;
        });
    }
}

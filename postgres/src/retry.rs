//! Doing a transaction again when others were in its way.

use tokio_postgres::{Client, Transaction};

use crate::error::{IsConflict, StoreError};

/// Does `work` in a transaction of its own and commits it; does all of it again, at most `attempts` times, as long as others
/// are in the way, after a pause of up to a fifth of a second. `work` may change the host's own rows as well: either all of it happens, or nothing.
///
/// # Errors
/// What `work` says; nothing has happened then. [`StoreError::ConnectionLost`] if the connection broke: during the commit,
/// nobody knows whether it happened.
pub async fn retry<T, E>(
    client: &mut Client,
    attempts: u32,
    mut work: impl AsyncFnMut(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreError> + IsConflict,
{
    let mut attempt = 1;
    loop {
        let done = once(client, &mut work).await;
        match done {
            Err(error) if error.is_conflict() && attempt < attempts => {
                // Those who were in each other's way come back at different times. The server waits, which needs no clock here.
                let most = f64::from(attempt.min(20)) / 100.0;
                let pause = client.query("SELECT pg_sleep(random() * $1)", &[&most]).await;
                pause.map_err(StoreError::from)?;
                attempt += 1;
            }
            done => return done,
        }
    }
}

async fn once<T, E>(
    client: &mut Client,
    work: &mut impl AsyncFnMut(&mut Transaction<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StoreError> + IsConflict,
{
    let mut transaction = client.transaction().await.map_err(StoreError::from)?;
    match work(&mut transaction).await {
        Ok(done) => {
            transaction.commit().await.map_err(StoreError::from)?;
            Ok(done)
        }
        Err(error) => {
            // Sent at once, and not when the connection is used next; if it cannot be, the server has done it.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

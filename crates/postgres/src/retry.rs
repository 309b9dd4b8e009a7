//! Doing a transaction again when others were in its way.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};

use crate::error::{IsConflict, StoreError};

/// How often a transaction is done beside others. Whoever was in others' way so often locks each workspace that it writes to as a
/// whole before anything else in it, so that it succeeds however busy the workspace and however slow the machine is.
const ATTEMPTS_BESIDE_OTHERS: u32 = 4;

/// Says to a transaction that it locks workspaces as a whole: [`ENTER`](crate::statements::ENTER) reads it.
const ENTER_ALONE: &str = "SELECT set_config('onefold.alone', 'on', true)";

/// Does `work` in a transaction of its own and commits it; does all of it again, at most `attempts` times in all, as long as others
/// are in the way, after a pause of up to a fifth of a second. From the fifth attempt on it writes to a workspace while nobody else
/// does, so that only the host's own rows can be in the way then. `work` may change the host's own rows as well: either all of it
/// happens, or nothing. The errors of the host's own statements, such as a unique violation, are returned at once.
///
/// Each attempt is a clone of `work`: an `async` closure has one if all that it captures has, as references have. What it is to change
/// outside is behind a shared reference, such as an atomic. The future can be spawned if `work` and what it awaits can be.
///
/// # Errors
/// What `work` says; nothing has happened then. [`StoreError::ConnectionLost`] if the connection broke: during the commit,
/// nobody knows whether it happened. [`StoreError::Conflict`] if others were in the way of the last attempt too.
pub async fn retry<T, E, Work>(client: &mut Client, attempts: u32, work: Work) -> Result<T, E>
where
    // A closure that was borrowed for each attempt would make futures that are not `Send` for all lifetimes of that borrow.
    Work: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    E: From<StoreError> + IsConflict,
{
    for attempt in 1..attempts {
        match once(client, work.clone(), attempt > ATTEMPTS_BESIDE_OTHERS).await {
            Err(error) if error.is_conflict() => {
                // Those who were in each other's way come back at different times. The server waits, which needs no clock here.
                let limit = f64::from(attempt.min(20)) / 100.0;
                let pause = client.query_typed("SELECT pg_sleep(random() * $1)", &[(&limit, Type::FLOAT8)]).await;
                pause.map_err(StoreError::from)?;
            }
            done => return done,
        }
    }
    once(client, work, attempts > ATTEMPTS_BESIDE_OTHERS).await
}

async fn once<T, E, Work>(client: &mut Client, work: Work, is_alone: bool) -> Result<T, E>
where
    Work: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E>,
    E: From<StoreError> + IsConflict,
{
    let mut transaction = client.transaction().await.map_err(StoreError::from)?;
    if is_alone {
        transaction.batch_execute(ENTER_ALONE).await.map_err(StoreError::from)?;
    }
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

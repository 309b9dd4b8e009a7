//! Repeating a transaction that conflicts with others.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Transaction};

use crate::error::{IsConflict, StoreError};

/// The number of attempts beside other writers. A later attempt locks each workspace that it writes to as a whole
/// before anything else in it, so it succeeds however busy the workspace is.
const ATTEMPTS_BESIDE_OTHERS: u32 = 4;

/// Makes a transaction lock workspaces as a whole. [`ENTER`](crate::statements::ENTER) reads the setting.
const ENTER_ALONE: &str = "SELECT set_config('onefold.alone', 'on', true)";

/// Runs `work` in a transaction of its own and commits it.
///
/// If other transactions were in the way, everything is repeated after a pause of up to a fifth of a second, with at
/// most `attempts` attempts in all. From the fifth attempt on no other transaction can write to the same workspace, so
/// only the host's own rows can still conflict. `work` may also change the host's rows: either all changes happen, or
/// none. Errors of the host's own statements, such as a unique violation, are returned at once.
///
/// Each attempt uses a clone of `work`. An `async` closure is `Clone` if its captured values are, and references are.
/// To change something outside, capture a shared reference to an atomic or similar. The future is `Send` if `work` and
/// the futures in it are.
///
/// # Errors
/// - The error of `work`. Nothing has happened then.
/// - [`StoreError::ConnectionLost`] if the connection broke. If it broke during the commit, the outcome is unknown.
/// - [`StoreError::Conflict`] if the last attempt conflicted, too.
pub async fn retry<T, E, Work>(client: &mut Client, attempts: u32, work: Work) -> Result<T, E>
where
    // A closure borrowed for each attempt would make futures that are not `Send` for all lifetimes of the borrow.
    Work: AsyncFnOnce(&mut Transaction<'_>) -> Result<T, E> + Clone,
    E: From<StoreError> + IsConflict,
{
    for attempt in 1..attempts {
        match once(client, work.clone(), attempt > ATTEMPTS_BESIDE_OTHERS).await {
            Err(error) if error.is_conflict() => {
                // Conflicting transactions return after different pauses. The server waits, so no clock is needed here.
                let max_pause = f64::from(attempt.min(20)) / 100.0;
                let pause = client.query_typed("SELECT pg_sleep(random() * $1)", &[(&max_pause, Type::FLOAT8)]).await;
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
            // The rollback is sent now instead of with the next use of the connection. If it fails, the server rolls
            // back by itself.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

//! The cost of the store, compared to plain SQL on the same server: `cargo bench -p onefold-postgres -- 100000`, with a
//! server in ONEFOLD_POSTGRES.

#![allow(clippy::print_stdout, missing_docs)]

use std::env;
use std::error::Error;
use std::time::{Duration, Instant};

use onefold::{Contact, Field, MergeRequest, Time};
use onefold_postgres::{Store, migrate, retry};
use onefold_workspace::{Act, Existing, Settings, UndoRequest};
use tokio_postgres::{Client, NoTls};

const BATCH: u64 = 1_000;
const ROUNDS: u64 = 2_000;
const SCHEMA: &str = "onefold_bench";

/// Returns the phone and the email of a contact. One in ten contacts shares its phone with the previous one, and the
/// first five in a hundred share one email.
fn values(id: u64) -> (String, String) {
    let phone = if id % 10 == 1 { id - 1 } else { id };
    let email = if id % 100 < 5 { id - id % 100 } else { id };
    let phone = format!("+1 {} 555 {:04}", 201 + phone / 10_000 % 700, phone % 10_000);
    (phone, format!("Person-{email}@example.com"))
}

fn contact(id: u64) -> Contact<u64> {
    let (phone, email) = values(id);
    Contact::new(id)
        .with(Field::FirstName, format!("First {id}"))
        .with(Field::LastName, format!("Last {}", id % 50_000))
        .with_phone(phone)
        .with_email(email)
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e6;
    println!("{name}: {:.0} us in the median, {:.0} at the 99th percentile", at(50), at(99));
}

/// Returns the id of a round. Consecutive rounds give scattered ids.
fn some_id(round: u64, count: u64) -> u64 {
    round.wrapping_mul(7_919_777) % count
}

async fn onefold(client: &mut Client, count: u64) -> Result<(), Box<dyn Error>> {
    let store = Store::new(SCHEMA, "inbox");
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")).await?;
    retry(client, 1, async |transaction| migrate(transaction, SCHEMA).await).await?;
    retry(client, 1, async |transaction| store.create(transaction, Settings::new()).await).await?;
    let act = Act::new(Time::from_millis(1), "bench");
    let started = Instant::now();
    for from in (0..count).step_by(BATCH as usize) {
        let contacts: Vec<Contact<u64>> = (from..count.min(from + BATCH)).map(contact).collect();
        retry(client, 1, async |transaction| {
            store.import(transaction, contacts.clone(), Existing::Reject, &act).await.map(drop)
        })
        .await?;
    }
    println!(
        "onefold, import in batches of {BATCH}: {:.0} contacts a second",
        count as f64 / started.elapsed().as_secs_f64()
    );
    client.batch_execute("VACUUM ANALYZE").await?;
    let size: String = client
        .query_one(
            "SELECT string_agg(relname || ' ' || pg_size_pretty(pg_total_relation_size(c.oid)), ', ' ORDER BY relname)
             FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
             WHERE nspname = $1 AND relkind = 'r' AND relname IN ('row', 'key', 'about')",
            &[&SCHEMA],
        )
        .await?
        .get(0);
    println!("onefold, tables: {size}");

    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let id = some_id(round, count);
        let started = Instant::now();
        store.suggestion_for(client, &id).await?;
        times.push(started.elapsed());
    }
    report("onefold, the suggestion of one contact", times);
    let started = Instant::now();
    let suggestions = store.suggestions::<u64>(client).await?.len();
    println!("onefold, all {suggestions} suggestions: {:.2} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    store.suggestions_page::<u64>(client, None, 50).await?;
    println!("onefold, a page of 50 suggestions: {:.1} ms", started.elapsed().as_secs_f64() * 1e3);

    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let new = contact(count + round);
        let started = Instant::now();
        retry(client, 1, async |transaction| store.add(transaction, new.clone(), &act).await.map(drop)).await?;
        times.push(started.elapsed());
    }
    report("onefold, add in a transaction of its own", times);
    let (mut merges, mut undos) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS / 4 {
        // The two contacts share a phone and no email.
        let id = some_id(round, count / 100) * 100 + 10;
        let request = MergeRequest::new(format!("m{round}"));
        let started = Instant::now();
        retry(client, 1, async |transaction| store.merge(transaction, &request, &id, &[id + 1], &act).await.map(drop))
            .await?;
        merges.push(started.elapsed());
        let started = Instant::now();
        retry(client, 1, async |transaction| {
            store.undo::<u64>(transaction, request.merge_id(), &UndoRequest::new(), &act).await.map(drop)
        })
        .await?;
        undos.push(started.elapsed());
    }
    report("onefold, merge in a transaction of its own", merges);
    report("onefold, undo in a transaction of its own", undos);
    Ok(())
}

/// Measures the usual solution: keys as generated columns, an index on each, and GROUP BY.
async fn obvious(client: &mut Client, count: u64) -> Result<(), Box<dyn Error>> {
    client
        .batch_execute(
            r"DROP TABLE IF EXISTS obvious;
            CREATE TABLE obvious (
              id bigint PRIMARY KEY, first_name text, last_name text, phone text, email text,
              phone_key text GENERATED ALWAYS AS (regexp_replace(phone, '[^0-9]', '', 'g')) STORED,
              email_key text GENERATED ALWAYS AS (lower(btrim(email))) STORED);
            CREATE INDEX ON obvious (phone_key);
            CREATE INDEX ON obvious (email_key);",
        )
        .await?;
    let started = Instant::now();
    for from in (0..count).step_by(BATCH as usize) {
        let ids: Vec<u64> = (from..count.min(from + BATCH)).collect();
        let (phones, emails): (Vec<String>, Vec<String>) = ids.iter().map(|id| values(*id)).unzip();
        let first: Vec<String> = ids.iter().map(|id| format!("First {id}")).collect();
        let last: Vec<String> = ids.iter().map(|id| format!("Last {}", id % 50_000)).collect();
        let ids: Vec<i64> = ids.into_iter().map(|id| id as i64).collect();
        let insert = "INSERT INTO obvious (id, first_name, last_name, phone, email)
            SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[])";
        client.execute(insert, &[&ids, &first, &last, &phones, &emails]).await?;
    }
    println!(
        "SQL, insert in batches of {BATCH}: {:.0} contacts a second",
        count as f64 / started.elapsed().as_secs_f64()
    );
    client.batch_execute("VACUUM ANALYZE obvious").await?;
    let look = client
        .prepare(
            "SELECT o.id FROM obvious c JOIN obvious o ON o.phone_key = c.phone_key WHERE c.id = $1 AND o.id <> $1
             UNION SELECT o.id FROM obvious c JOIN obvious o ON o.email_key = c.email_key WHERE c.id = $1 AND o.id <> $1",
        )
        .await?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let id = some_id(round, count) as i64;
        let started = Instant::now();
        client.query(&look, &[&id]).await?;
        times.push(started.elapsed());
    }
    report("SQL, who shares a key with one contact (prepared)", times);
    let started = Instant::now();
    let mut groups = 0;
    for key in ["phone_key", "email_key"] {
        let all = format!("SELECT {key}, array_agg(id) FROM obvious GROUP BY {key} HAVING count(*) > 1");
        groups += client.query(&all, &[]).await?.len();
    }
    println!("SQL, {groups} shared keys by GROUP BY, not joined into groups: {:.2} s", started.elapsed().as_secs_f64());
    let insert = client
        .prepare("INSERT INTO obvious (id, first_name, last_name, phone, email) VALUES ($1, $2, $3, $4, $5)")
        .await?;
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let id = count + round;
        let (phone, email) = values(id);
        let (first, last) = (format!("First {id}"), format!("Last {}", id % 50_000));
        let started = Instant::now();
        let transaction = client.transaction().await?;
        transaction.execute(&insert, &[&(id as i64), &first, &last, &phone, &email]).await?;
        transaction.commit().await?;
        times.push(started.elapsed());
    }
    report("SQL, insert in a transaction of its own (prepared)", times);
    client.batch_execute("DROP TABLE obvious").await?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(10_000);
    let Ok(url) = env::var("ONEFOLD_POSTGRES") else {
        println!("SKIPPED: ONEFOLD_POSTGRES does not say where a server is");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        println!("{count} contacts");
        obvious(&mut client, count).await?;
        onefold(&mut client, count).await?;
        client.batch_execute(&format!("DROP SCHEMA {SCHEMA} CASCADE")).await?;
        Ok(())
    })
}

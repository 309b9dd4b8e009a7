//! What a store costs: filling it, opening it again, and one operation. `cargo bench -p onefold-sqlite -- 1000000`.

#![allow(clippy::print_stdout, missing_docs)]

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

use onefold::{Contact, Field, MergeRequest, Time};
use onefold_sqlite::Store;
use onefold_workspace::{Act, Applied, Existing, UndoRequest, Workspace, WorkspaceError};

const BATCH: u64 = 10_000;
const ROUNDS: u64 = 300;

/// Every tenth contact shares its phone with the one before.
fn contact(id: u64) -> Contact<u64> {
    let phone = if id % 10 == 1 { id - 1 } else { id };
    Contact::new(id)
        .with(Field::FirstName, format!("First {id}"))
        .with(Field::LastName, format!("Last {}", id % 50_000))
        .with_phone(format!("+1 {} 555 {:04}", 201 + phone / 10_000 % 700, phone % 10_000))
        .with_email(format!("person-{id}@example.com"))
}

/// The time that all threads have had of the cores, where the system tells it in hundredths of a second.
fn processor_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = after_name.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / 100.0
}

type Done<T> = Result<Applied<u64, T>, WorkspaceError<u64>>;

/// The medians of what an operation costs in memory and in the store.
fn measure<T>(
    name: &str,
    store: &mut Store,
    workspace: &mut Workspace<u64>,
    mut operation: impl FnMut(&mut Workspace<u64>, u64) -> Done<T>,
) -> Result<(), Box<dyn Error>> {
    let (mut in_memory, mut stored) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let started = Instant::now();
        let done = operation(workspace, round)?;
        in_memory.push(started.elapsed());
        let started = Instant::now();
        store.apply(&done.changes)?;
        stored.push(started.elapsed());
    }
    let show = |mut times: Vec<Duration>| {
        times.sort();
        let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1e6;
        format!("{:.0} us (99th percentile {:.0})", at(50), at(99))
    };
    println!("{name}: in memory {}, in the store {}", show(in_memory), show(stored));
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(20_000);
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("contacts.db");
    let (mut store, mut workspace) = Store::open::<u64>(&path)?;
    let act = Act::new(Time::from_millis(1_700_000_000_000), "bench");
    let started = Instant::now();
    for first in (0..count).step_by(usize::try_from(BATCH)?) {
        let batch = (first..count.min(first + BATCH)).map(contact);
        store.apply(&workspace.import(batch, Existing::Reject, &act)?.changes)?;
        store.apply(&workspace.drain_events().changes)?;
    }
    println!("{count} contacts in batches of {BATCH}: {:.1} s", started.elapsed().as_secs_f64());
    drop(store);
    drop(workspace);
    println!("file: {:.0} MB", fs::metadata(&path)?.len() as f64 / 1e6);
    let (started, used) = (Instant::now(), processor_seconds());
    let (mut store, mut workspace) = Store::open::<u64>(&path)?;
    let (time, processor) = (started.elapsed().as_secs_f64(), processor_seconds() - used);
    println!("opened: {time:.2} s, of all cores {processor:.2} s, {} contacts", workspace.len());
    measure("add", &mut store, &mut workspace, |workspace, round| workspace.add(contact(count + round), &act))?;
    measure("set a field", &mut store, &mut workspace, |workspace, round| {
        workspace.set_field(&(count + round), &Field::LastName, "Other".into(), &act)
    })?;
    measure("merge", &mut store, &mut workspace, |workspace, round| {
        let into = round * 10;
        workspace.merge(&MergeRequest::new(format!("m{round}")), &into, &[into + 1], &act)
    })?;
    measure("undo", &mut store, &mut workspace, |workspace, round| {
        workspace.undo(&format!("m{round}"), &UndoRequest::new(), &act)
    })?;
    measure("delete", &mut store, &mut workspace, |workspace, round| workspace.delete(&(count + round), &act))?;
    Ok(())
}

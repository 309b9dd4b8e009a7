//! A damaged database is refused at once, or opens with the right content.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use onefold_sqlite::{Store, StoreError};
use onefold_workspace::{Act, StateError, Workspace};
use rusqlite::Connection;

use crate::database::{Folder, contact, database};

const PAGE: usize = 4096;
/// Far more than reading takes, and less than for ever.
const LIMIT: Duration = Duration::from_secs(60);

/// What opening or reading a database comes to; a test that spins ends as well.
fn within_the_limit(path: &Path, open: fn(&Path) -> Result<String, StoreError>) -> Result<String, StoreError> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || sender.send(open(&path)));
    receiver.recv_timeout(LIMIT).expect("it comes to an end")
}

fn opened(path: &Path) -> Result<String, StoreError> {
    Store::open::<u64>(path).map(|(_, workspace)| workspace.to_state())
}

fn read(path: &Path) -> Result<String, StoreError> {
    Store::read::<u64>(path).map(|workspace| workspace.to_state())
}

/// The pages of a table or an index in the order of their rows, as SQLite says it.
fn leaves(path: &Path, name: &str) -> Vec<usize> {
    let connection = Connection::open(path).expect("a database");
    let select = "SELECT pageno FROM dbstat WHERE name = ?1 AND pagetype = 'leaf' ORDER BY path";
    let mut statement = connection.prepare(select).expect("a table of SQLite's");
    let pages = statement.query_map([name], |row| row.get::<_, u32>(0)).expect("pages");
    pages.map(|page| usize::try_from(page.expect("a number")).expect("small")).collect()
}

fn swapped(bytes: &[u8], a: usize, b: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let of = |page: usize| (page - 1) * PAGE..page * PAGE;
    let (at_a, at_b) = (bytes[of(a)].to_vec(), bytes[of(b)].to_vec());
    bytes[of(a)].copy_from_slice(&at_b);
    bytes[of(b)].copy_from_slice(&at_a);
    bytes
}

/// A closed database and its content.
fn closed(folder: &Folder, contacts: u64) -> (Vec<u8>, String) {
    let path = folder.path("a.db");
    let (store, workspace) = database(&path, contacts);
    drop(store);
    (fs::read(path).expect("a file"), workspace.to_state())
}

#[test]
fn any_two_leaves_of_a_table_that_changed_places_are_noticed_at_once() {
    let folder = Folder::new();
    // More rows than are read at once, so that rows could be skipped between two pages of rows.
    let (whole, _) = closed(&folder, 2_200);
    let of_table = leaves(&folder.path("a.db"), "contact");
    assert!(of_table.len() > 100, "{}", of_table.len());
    let path = folder.path("damaged.db");
    for (place, pair) in of_table.windows(2).enumerate().step_by(7) {
        let other = of_table[(place * 31 + 5) % of_table.len()];
        for (a, b) in [(pair[0], pair[1]), (pair[0], other)].into_iter().filter(|(a, b)| a != b) {
            fs::write(&path, swapped(&whole, a, b)).expect("a file");
            for open in [opened, read] {
                let refused = within_the_limit(&path, open).expect_err("rows are out of order");
                assert!(matches!(refused, StoreError::Damaged), "{a} and {b}: {refused}");
                assert_eq!(refused.to_string(), "the database is damaged");
            }
        }
    }
}

#[test]
fn an_index_that_does_not_say_where_the_rows_are_is_noticed_before_anything_is_written() {
    let folder = Folder::new();
    let (whole, _) = closed(&folder, 1_000);
    let of_index = leaves(&folder.path("a.db"), "sqlite_autoindex_contact_1");
    let path = folder.path("damaged.db");
    for pair in of_index.windows(2) {
        fs::write(&path, swapped(&whole, pair[0], pair[1])).expect("a file");
        for open in [opened, read] {
            assert!(matches!(within_the_limit(&path, open), Err(StoreError::Damaged)));
        }
    }
}

#[test]
fn random_damage_is_refused_or_does_no_harm() {
    let folder = Folder::new();
    let (whole, state) = closed(&folder, 400);
    let pages = whole.len() / PAGE;
    let path = folder.path("damaged.db");
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut below = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).expect("31 bits") % limit
    };
    let mut refused = 0;
    for round in 0..200 {
        let mut bytes = whole.clone();
        match round % 4 {
            0 | 1 => {
                for _ in 0..=round % 3 {
                    bytes = swapped(&bytes, 1 + below(pages), 1 + below(pages));
                }
            }
            2 => bytes.truncate(below(whole.len())),
            _ => {
                let (from, to) = (below(pages), below(pages));
                let page = bytes[from * PAGE..(from + 1) * PAGE].to_vec();
                bytes[to * PAGE..(to + 1) * PAGE].copy_from_slice(&page);
            }
        }
        for open in [read, opened] {
            // A file without a byte is no database yet.
            if bytes.is_empty() {
                continue;
            }
            fs::write(&path, &bytes).expect("a file");
            match within_the_limit(&path, open) {
                Ok(content) => assert_eq!(content, state, "round {round}"),
                Err(StoreError::Damaged | StoreError::Rows(_) | StoreError::Foreign | StoreError::Failed(_)) => {
                    refused += 1;
                }
                Err(error) => panic!("round {round}: {error:?}"),
            }
            for ending in ["-wal", "-shm"] {
                let _ = fs::remove_file(folder.path(&format!("damaged.db{ending}")));
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_row_that_is_no_text_is_damage() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    drop(database(&path, 3));
    let by_hand = Connection::open(&path).expect("a database");
    let statements = "PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'contact';
        PRAGMA writable_schema = RESET; UPDATE contact SET row = x'00ff' WHERE key = '1'";
    by_hand.execute_batch(statements).expect("it is carried out");
    drop(by_hand);
    assert!(matches!(opened(&path), Err(StoreError::Damaged)));
    assert!(matches!(read(&path), Err(StoreError::Damaged)));
}

#[test]
fn the_cause_of_what_cannot_be_read_is_its_source() {
    let folder = Folder::new();
    let path = folder.path("a.db");
    let (mut store, mut workspace): (Store, Workspace<u64>) = database(&path, 1);
    let added = workspace.add(contact(7, ""), &Act::default()).expect("new");
    store.apply(&added.changes).expect("written");
    drop(store);
    Connection::open(&path).and_then(|by_hand| by_hand.execute_batch("DROP TABLE tag")).expect("it is carried out");
    let refused =
        std::error::Error::source(&Store::read::<u64>(&path).expect_err("a table is missing")).map(|source| {
            assert!(source.is::<rusqlite::Error>(), "{source:?}");
            source.to_string()
        });
    assert!(refused.is_some_and(|text| text.contains("no such table")));
    let by_hand = Connection::open(&path).expect("a database");
    by_hand.execute_batch("CREATE TABLE tag (key TEXT NOT NULL PRIMARY KEY, row TEXT NOT NULL) STRICT").expect("made");
    by_hand.execute_batch("UPDATE contact SET row = '{}' WHERE key = '7'").expect("spoilt");
    drop(by_hand);
    let refused = Store::read::<u64>(&path).expect_err("a row is none");
    assert!(std::error::Error::source(&refused).is_some_and(|source| source.is::<StateError>()), "{refused:?}");
}

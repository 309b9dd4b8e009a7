//! `onefold merge` and `onefold undo`, killed at any point: the input is as it was, and each output is absent or complete. The
//! patches are there before the merged file is, so that no merge is ever without its patch, and the same command does the
//! rest when it is run again.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::{Folder, MERGE, UNDO, with};

const PAIRS: usize = 2_000;
const KILLS: u32 = 24;

/// A table in which every two rows are one person.
fn table() -> String {
    let mut table = "id,first_name,email,phone,notes\r\n".to_owned();
    for row in 0..2 * PAIRS {
        let (pair, note) = (row / 2, "x".repeat(row % 50));
        table += &format!("{row},\"Person \"\"{row}\"\"\",p{pair}@example.com,,{note}\r\n");
    }
    table
}

/// An address book in which every two cards are one person.
fn address_book() -> String {
    let card = |card: usize| {
        let (pair, note) = (card / 2, "x".repeat(card % 50));
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{card}\r\nEMAIL:p{pair}@example.com\r\nNOTE:{note}\r\nEND:VCARD\r\n")
    };
    (0..2 * PAIRS).map(card).collect()
}

fn start(folder: &Folder, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command
        .args(arguments)
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("the command runs")
}

fn read(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).ok()
}

/// Waits until the command has written some of a file under another name, or a moment has passed, and kills it.
fn kill_after(child: &mut Child, folder: &Folder, bytes: u64, moment: Duration) {
    let started = Instant::now();
    let written = || {
        let files = fs::read_dir(folder.path("")).expect("a folder").flatten();
        let temporary = files.filter(|entry| entry.file_name().to_string_lossy().starts_with(".onefold-"));
        temporary.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum::<u64>()
    };
    while started.elapsed() < moment && written() <= bytes && child.try_wait().expect("a child").is_none() {
        thread::sleep(Duration::from_micros(100));
    }
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().expect("it ends");
}

#[test]
fn whenever_it_is_killed_tables_are_whole() {
    check(&table(), &MERGE);
}

#[test]
fn whenever_it_is_killed_address_books_are_whole() {
    check(&address_book(), &with(&MERGE, &["--input-format", "vcard"]));
}

/// Kills a merge of `input` and its undo, again and again.
fn check(input: &str, merge: &[&str]) {
    let whole = Folder::new();
    whole.file("in.csv", input);
    let started = Instant::now();
    whole.done(merge);
    let merging = started.elapsed();
    let started = Instant::now();
    whole.done(&UNDO);
    let undoing = started.elapsed();
    let of_whole = |name: &str| read(&whole.path(name)).expect("a file");
    let (merged, patches) = (of_whole("out.csv"), of_whole("patches"));
    assert!(of_whole("back.csv") == input.as_bytes() && merged.len() < input.len());

    let (mut midway, mut done) = (0, 0);
    for kill in 0..KILLS {
        let folder = Folder::new();
        folder.file("in.csv", input);
        let bytes = (merged.len() + patches.len()) as u64 * u64::from(kill) / u64::from(KILLS);
        kill_after(&mut start(&folder, merge), &folder, bytes, 4 * merging);
        assert_eq!(read(&folder.path("in.csv")).as_deref(), Some(input.as_bytes()), "kill {kill}");
        let (out, kept) = (read(&folder.path("out.csv")), read(&folder.path("patches")));
        assert!(out.as_ref().is_none_or(|out| *out == merged), "kill {kill}: half a merged file");
        assert!(kept.as_ref().is_none_or(|kept| *kept == patches), "kill {kill}: half of the patches");
        assert!(out.is_none() || kept.is_some(), "kill {kill}: merges without patches");
        midway += u32::from(out.is_none());
        if out.is_none() {
            folder.done(merge);
            assert!(read(&folder.path("out.csv")) == Some(merged.clone()), "kill {kill}: the next run");
        }

        kill_after(
            &mut start(&folder, &UNDO),
            &folder,
            input.len() as u64 * u64::from(kill) / u64::from(KILLS),
            4 * undoing,
        );
        let back = read(&folder.path("back.csv"));
        assert!(back.as_ref().is_none_or(|back| back == input.as_bytes()), "kill {kill}: half a file");
        assert!(
            read(&folder.path("out.csv")) == Some(merged.clone())
                && read(&folder.path("patches")) == Some(patches.clone())
        );
        done += u32::from(back.is_some());
    }
    assert!(midway > 0, "no kill came early enough");
    eprintln!("{midway} of {KILLS} merges and {} undos were killed midway", KILLS - done);
}

#[test]
fn what_is_replaced_is_the_old_file_or_the_new_one() {
    let whole = Folder::new();
    let input = table();
    whole.file("in.csv", &input);
    whole.done(&MERGE);
    let merged = read(&whole.path("out.csv")).expect("a file");
    for kill in 0..KILLS / 4 {
        let folder = Folder::new();
        folder.file("in.csv", &input);
        folder.file("out.csv", "what was there before\n");
        folder.file("patches", "and beside it\n");
        let bytes = merged.len() as u64 * u64::from(kill) / u64::from(KILLS / 4) * 3;
        kill_after(&mut start(&folder, &with(&MERGE, &["--force"])), &folder, bytes, Duration::from_secs(60));
        let out = read(&folder.path("out.csv")).expect("it is always there");
        assert!(out == merged || out == b"what was there before\n", "kill {kill}");
    }
}

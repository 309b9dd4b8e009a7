//! What is written where: never over what is read or written besides, with the mode it had, and nothing left behind.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::command::{CONTACTS, Folder, MERGE, UNDO, text, with};

fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder
}

fn merge<'a>(output: &'a str, patches: &'a str) -> Vec<&'a str> {
    vec!["merge", "in.csv", "--all", "--force", "--output", output, "--patches", patches]
}

fn mode(folder: &Folder, name: &str) -> u32 {
    fs::metadata(folder.path(name)).expect("a file").permissions().mode() & 0o7777
}

#[test]
fn two_names_of_one_file_cannot_hold_two_things() {
    let folder = folder();
    folder.file("there.csv", "x");
    fs::create_dir(folder.path("inner")).expect("a folder");
    symlink("there.csv", folder.path("link.csv")).expect("a link");
    symlink("later.csv", folder.path("dangling.csv")).expect("a link");
    fs::hard_link(folder.path("there.csv"), folder.path("hard.csv")).expect("a link");
    for (output, patches) in [
        ("o.csv", "./o.csv"),
        ("o.csv", "inner/../o.csv"),
        ("o.csv", "O.csv"),
        ("later.csv", "dangling.csv"),
        ("there.csv", "link.csv"),
        ("there.csv", "hard.csv"),
        ("link.csv", "hard.csv"),
    ] {
        folder.fails(&merge(output, patches), 2, "one file, which cannot hold the contacts and the patches");
    }
    assert_eq!(folder.read("there.csv"), "x");
}

#[test]
fn nothing_that_is_read_is_written() {
    let folder = folder();
    folder.file("policy.toml", "");
    fs::hard_link(folder.path("in.csv"), folder.path("hard.csv")).expect("a link");
    symlink("policy.toml", folder.path("link.toml")).expect("a link");
    let sentence = "is also the input, which is never replaced";
    for (output, patches) in [("hard.csv", "p"), ("o", "hard.csv"), ("link.toml", "p"), ("o", "policy.toml")] {
        folder.fails(&with(&merge(output, patches), &["--policy", "policy.toml"]), 2, sentence);
    }
    folder.fails(&["suggest", "in.csv", "-o", "hard.csv", "--force"], 2, sentence);
    folder.fails(&["keys", "in.csv", "-o", "./in.csv", "--force"], 2, sentence);
    folder.done(&MERGE);
    for output in ["out.csv", "patches"] {
        folder.fails(&["undo", "out.csv", "--patches", "patches", "--output", output, "--force"], 2, sentence);
    }
    folder.done(&["db", "import", "a.db", "in.csv"]);
    for output in ["a.db", "./a.db-wal", "a.db-writer"] {
        folder.fails(&["db", "export", "a.db", "-o", output, "--force"], 2, sentence);
        folder.fails(&["db", "history", "a.db", "-o", output, "--force"], 2, sentence);
        folder.fails(&["db", "suggest", "a.db", "-o", output, "--force"], 2, sentence);
    }
    folder.fails(&["db", "import", "hard.csv", "in.csv"], 2, sentence);
}

#[test]
fn what_is_replaced_keeps_its_mode_and_links_stay() {
    let folder = folder();
    folder.file("private.jsonl", "x");
    for wanted in [0o600, 0o640, 0o664] {
        fs::set_permissions(folder.path("private.jsonl"), fs::Permissions::from_mode(wanted)).expect("a file");
        folder.done(&["suggest", "in.csv", "-o", "private.jsonl", "--force"]);
        assert_eq!(mode(&folder, "private.jsonl"), wanted);
    }
    assert!(folder.read("private.jsonl").starts_with("{\"id\""));
    // A new file is as the user's files are.
    folder.done(&["suggest", "in.csv", "-o", "new.jsonl"]);
    folder.file("like.jsonl", "");
    assert_eq!(mode(&folder, "new.jsonl"), mode(&folder, "like.jsonl"));

    fs::create_dir(folder.path("inner")).expect("a folder");
    symlink("inner/target.csv", folder.path("link.csv")).expect("a link");
    folder.file("inner/target.csv", "x");
    fs::set_permissions(folder.path("inner/target.csv"), fs::Permissions::from_mode(0o600)).expect("a file");
    folder.fails(&["suggest", "in.csv", "-o", "link.csv"], 2, "link.csv exists already");
    folder.done(&merge("link.csv", "p"));
    assert!(fs::symlink_metadata(folder.path("link.csv")).expect("a link").is_symlink());
    assert!(folder.read("inner/target.csv").starts_with("id,"));
    assert_eq!(mode(&folder, "inner/target.csv"), 0o600);
    // One that leads nowhere yet.
    symlink("inner/new.csv", folder.path("dangling.csv")).expect("a link");
    folder.done(&["undo", "link.csv", "--patches", "p", "--output", "dangling.csv"]);
    assert_eq!(folder.read("inner/new.csv"), CONTACTS);
    assert!(fs::symlink_metadata(folder.path("dangling.csv")).expect("a link").is_symlink());
}

#[test]
fn pipes_and_devices_are_written_to() {
    let folder = folder();
    let output = folder.onefold(&["suggest", "in.csv", "--format", "jsonl"]);
    let wanted = text(&output.stdout);
    for arguments in
        [&["suggest", "in.csv", "-o", "/dev/stdout"][..], &["suggest", "in.csv", "-o", "/dev/stdout", "--force"]]
    {
        let output = folder.onefold(arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), wanted.clone()), "{}", text(&output.stderr));
    }
    folder.done(&["suggest", "in.csv", "-o", "/dev/null", "--force"]);
    assert!(fs::metadata("/dev/null").expect("a device").file_type().is_char_device());

    let made = Command::new("mkfifo").arg(folder.path("pipe")).status().expect("mkfifo");
    assert!(made.success());
    let path = folder.path("pipe");
    let reader = thread::spawn(move || {
        let mut read = String::new();
        fs::File::open(path).and_then(|mut pipe| pipe.read_to_string(&mut read)).expect("a pipe");
        read
    });
    folder.done(&merge("pipe", "p"));
    let merged = reader.join().expect("it ends");
    assert!(merged.starts_with("id,first_name") && !merged.contains("\n3,"), "{merged}");
    assert!(fs::metadata(folder.path("pipe")).expect("a pipe").file_type().is_fifo());
    assert!(folder.read("p").starts_with("{\"onefold_patches\""));
    folder.fails(&["merge", "pipe", "--output", "pipe", "--patches", "p2"], 2, "is also the input");
}

/// A table in which every two rows are one person, and which takes a while to merge.
fn table(pairs: usize) -> String {
    let row = |row: usize| format!("{row},Person {row},p{}@example.com,{}\r\n", row / 2, "x".repeat(row % 50));
    "id,first_name,email,notes\r\n".to_owned() + &(0..2 * pairs).map(row).collect::<String>()
}

#[test]
fn an_interruption_leaves_nothing_behind() {
    let folder = Folder::new();
    folder.file("in.csv", table(6_000));
    for (signal, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
        command.args(MERGE).current_dir(folder.path("")).stdin(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the command runs");
        let started = Instant::now();
        let temporary = || -> Vec<fs::DirEntry> {
            let files = fs::read_dir(folder.path("")).expect("a folder").flatten();
            files.filter(|entry| entry.file_name().to_string_lossy().starts_with(".onefold-")).collect()
        };
        while temporary().len() < 2 {
            assert!(started.elapsed() < Duration::from_secs(60), "it writes");
            thread::sleep(Duration::from_micros(200));
        }
        for file in temporary() {
            assert_eq!(file.metadata().expect("a file").mode() & 0o077, 0, "nobody else may read it");
        }
        let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(killed.expect("kill").success());
        let ended = child.wait().expect("it ends");
        assert_eq!(ended.code(), Some(status), "{signal}");
        assert_eq!(folder.names(), ["in.csv"], "{signal}");
    }
}

#[test]
fn a_signal_that_is_to_be_ignored_is() {
    let folder = folder();
    folder.file("in.csv", table(2_000));
    let script = "trap '' HUP; \"$0\" merge in.csv --output out.csv --patches patches & \
                  child=$!; sleep 0.05; kill -HUP $child; wait $child";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_onefold")]).current_dir(folder.path(""));
    let output = command.output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    folder.done(&UNDO);
}

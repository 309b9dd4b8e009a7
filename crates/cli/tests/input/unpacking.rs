//! Packed files that unpack to more than they may are refused, by every command and before they fill the memory.

use std::io::Write;
use std::process::{Command, Stdio};

use onefold_files::{InputError, Options, UnpackLimit, read_bytes};

use crate::command::{CONTACTS, Folder, MERGE, UNDO, text};
use crate::rows::gzip;

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all")
}

/// A table of at least so many bytes, of the same row over and over.
fn table(bytes: usize) -> Vec<u8> {
    let row = b"1,Ada,ada@example.com\n";
    [b"id,first_name,email\n".to_vec(), row.repeat(bytes / row.len() + 1)].concat()
}

/// A frame that decoders pass over.
fn skippable(bytes: u32) -> Vec<u8> {
    let length = usize::try_from(bytes).expect("small");
    [0x184d_2a50_u32.to_le_bytes().to_vec(), bytes.to_le_bytes().to_vec(), vec![7; length]].concat()
}

fn error(packed: Vec<u8>, limit: UnpackLimit) -> Option<InputError> {
    read_bytes("a.csv", packed, &Options { unpack_limit: limit, ..Options::default() }).err()
}

#[test]
fn no_archive_unpacks_to_more_than_its_limit() {
    let table = table(100_000);
    let (first, second) = table.split_at(table.len() / 2);
    let archives = [
        gzip(&table),
        [gzip(first), gzip(second)].concat(),
        [gzip(b""), gzip(first), gzip(b""), gzip(second)].concat(),
        zstd(&table),
        [zstd(first), zstd(second)].concat(),
        [zstd(b""), zstd(first), skippable(9), zstd(second), skippable(0)].concat(),
        [skippable(1000), zstd(first), zstd(second)].concat(),
    ];
    let size = u64::try_from(table.len()).expect("small");
    for (number, archive) in archives.into_iter().enumerate() {
        let packed = u64::try_from(archive.len()).expect("small");
        let error = |limit: UnpackLimit| error(archive.clone(), limit);
        assert!(error(UnpackLimit::default()).is_none(), "{number}");
        assert!(error(UnpackLimit::of_bytes(size)).is_none(), "{number}");
        let returned = error(UnpackLimit::of_bytes(size - 1));
        assert!(matches!(returned, Some(InputError::UnpackSize { .. })), "{number}: {returned:?}");
        assert!(matches!(error(UnpackLimit::of_bytes(0)), Some(InputError::UnpackSize { .. })), "{number}");
        // The ratio counts once more is out than that.
        let ratio = size / packed;
        assert!(error(UnpackLimit::default().with_ratio(ratio + 1, 0)).is_none(), "{number}");
        assert!(error(UnpackLimit::default().with_ratio(1, size)).is_none(), "{number}");
        let returned = error(UnpackLimit::default().with_ratio(ratio - 1, size - 1));
        assert!(matches!(returned, Some(InputError::UnpackRatio { .. })), "{number}: {returned:?}");
    }
    // What is not packed is as long as it is.
    assert!(error(table, UnpackLimit::of_bytes(1)).is_none());
}

#[test]
fn a_damaged_archive_is_no_way_around_the_limit() {
    let table = table(100_000);
    let mut packed = zstd(&table);
    packed.extend_from_slice(b"garbage");
    assert!(error(packed.clone(), UnpackLimit::default()).is_none());
    assert!(matches!(error(packed, UnpackLimit::of_bytes(99_000)), Some(InputError::UnpackSize { .. })));
}

#[test]
fn a_frame_that_wants_too_much_memory_is_refused() {
    // A window of 2^41 bytes: magic number, descriptor, window, and an empty last block.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 31 << 3, 0x01, 0x00, 0x00];
    let returned = error(frame.to_vec(), UnpackLimit::default());
    assert!(matches!(returned, Some(InputError::Unreadable { .. })), "{returned:?}");
}

#[test]
fn every_command_refuses_a_bomb_and_leaves_nothing_behind() {
    let folder = Folder::new();
    let bomb = table(100 << 20);
    let (zstd, gzip) = (zstd(&bomb), gzip(&bomb));
    assert!(zstd.len() < 100_000);
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    let ratio =
        "unpacks to more than 1000 times its size and more than 64 MiB, which is the limit; --max-unpacked SIZE";
    for (name, bytes) in [("bomb.csv.zst", &zstd), ("bomb", &zstd)] {
        folder.file(name, bytes);
        for arguments in [
            vec!["suggest", name],
            vec!["suggest", name, "--output", "out.jsonl"],
            vec!["suggest", name, "in.csv"],
            vec!["suggest", name, "--count"],
            vec!["keys", name],
            vec!["merge", name, "--dry-run"],
            vec!["merge", name, "--output", "merged.csv", "--patches", "p"],
            vec!["undo", name, "--patches", "patches", "--output", "back.csv"],
        ] {
            folder.fails(&arguments, 1, &format!("{name} {ratio}"));
        }
    }
    // gzip packs a thousand times at most, so that its bombs are found by size.
    folder.file("bomb.csv.gz", gzip);
    let size = "bomb.csv.gz unpacks to more than 64 MiB, which is the limit; --max-unpacked SIZE raises it";
    folder.fails(&["suggest", "bomb.csv.gz", "--max-unpacked", "64M"], 1, size);
    // The size that is asked for holds whatever the ratio is.
    folder.done(&["suggest", "bomb.csv.zst", "--count", "--max-unpacked", "128M"]);
    folder.fails(&["keys", "in.csv", "--max-unpacked", "much"], 2, "not a size; write bytes");
}

#[test]
fn a_bomb_is_not_imported() {
    let folder = Folder::new();
    folder.file("bomb.csv.zst", zstd(&table(100 << 20)));
    let output = folder.onefold(&["db", "import", "contacts.db", "bomb.csv.zst"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("which is the limit; --max-unpacked SIZE"));
}

#[test]
fn a_bomb_from_standard_input_is_refused_too() {
    let folder = Folder::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    command.args(["suggest", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.current_dir(folder.path("")).spawn().expect("the command runs");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(&zstd(&table(100 << 20))).expect("written");
    drop(input);
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), b"".as_slice()));
    assert!(text(&output.stderr).contains("standard input unpacks to more than 1000 times its size"));
}

#[test]
fn undo_of_a_packed_file_takes_the_option() {
    let folder = Folder::new();
    folder.file("in.csv", CONTACTS);
    folder.done(&MERGE);
    let merged = folder.read("out.csv");
    folder.file("out.csv", gzip(merged.as_bytes()));
    folder.fails(&[&UNDO[..], &["--max-unpacked", "10"]].concat(), 1, "unpacks to more than 10 bytes");
    folder.done(&[&UNDO[..], &["--max-unpacked", "1M"]].concat());
    assert_eq!(folder.read("back.csv"), CONTACTS);
}

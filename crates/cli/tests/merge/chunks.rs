//! `merge` writes the same files whatever the size of the chunks in which it reads.

use crate::command::{Folder, text};

const CHUNK_BYTES: [&str; 6] = ["1", "70", "400", "3000", "4194304", "0"];

/// Merges a file in chunks of several sizes, compares the results, and undoes the merges.
#[track_caller]
fn check(name: &str, content: &str, options: &[&str], merges: usize) {
    let folder = Folder::new();
    folder.file(name, content);
    let mut first: Option<(String, String, String)> = None;
    for bytes in CHUNK_BYTES {
        let (out, patches) = (format!("out-{bytes}"), format!("patches-{bytes}"));
        let mut arguments = vec!["merge", name, "--output", &out, "--patches", &patches, "--chunk-bytes", bytes];
        arguments.extend(options);
        let output = folder.onefold(&arguments);
        let said = text(&output.stderr);
        assert!(output.status.success(), "{said}");
        let said: String = said.lines().filter(|line| !line.starts_with("seconds")).collect();
        assert!(said.contains(&format!("{:<24}{merges:>12}", "merges")), "{said}");
        let result = (folder.read(&out), folder.read(&patches), said);
        match &first {
            Some(first) => assert!(result == *first, "chunks of {bytes} bytes: {}\n{}", result.2, first.2),
            None => first = Some(result),
        }
    }
    folder.done(&["undo", "out-70", "--patches", "patches-70", "--output", "back"]);
    assert_eq!(folder.read("back"), content);
}

/// Rows of every kind: with quotes, over several lines, with a stray quote, blank, unreadable and repeated.
fn rows(with_ids: bool) -> String {
    let mut rows = String::new();
    for row in 0..120 {
        let id = if with_ids { row.to_string() } else { String::new() };
        let person = row / 2;
        rows += &match row % 10 {
            0 | 1 => format!("{id},Ada {person},a{person}@example.com,x\n"),
            2 => format!("{id},\"Bea {person}\",b{person}@example.com,\"two\nlines\"\n\n"),
            3 => format!("{id},Bea {person},B{person}@example.com,\"a \"\"word\"\"\"\r\n"),
            4 => format!("{id},Cid {person},c{person}@example.com,\"open\n{id},Cid {person},d@example.com,x\"y\n"),
            5 => format!("{id},Cid {person},c{person}@example.com,\n"),
            6 => format!(",Same,same@example.com,\n,,,\n{id},Dan {person},d{person}@example.com,\n"),
            7 => format!("{id},Dan {person},d{person}@example.com,more\n0,Again,again@example.com,\n"),
            8 => format!("{id},Eva {person},,none\n"),
            _ => format!("{id},Eva {person},e{person}@example.com,,,extra\n"),
        };
    }
    rows
}

#[test]
fn tables_are_merged_alike_in_chunks_of_any_size() {
    for with_ids in [true, false] {
        for (header, options) in [
            ("id,first_name,email,notes\n", &["--all"][..]),
            ("id,first_name,email,notes\n", &[]),
            // A line that says the delimiter makes the file one chunk.
            ("sep=,\nid,first_name,email,notes\n", &["--all"]),
        ] {
            let content = format!("{header}{}", rows(with_ids));
            let folder = Folder::new();
            folder.file("in.csv", &content);
            let said = text(&folder.onefold(&[&["merge", "in.csv", "--dry-run"], options].concat()).stderr);
            let merges = said.lines().find(|line| line.starts_with("merges ")).expect("a count");
            let merges = merges.split_whitespace().last().and_then(|count| count.parse().ok()).expect("a number");
            assert!(merges > 30, "{said}");
            check("in.csv", &content, options, merges);
        }
    }
}

#[test]
fn json_lines_are_merged_alike_in_chunks_of_any_size() {
    let mut lines = String::new();
    for row in 0..100 {
        let person = row / 2;
        lines += &match row % 6 {
            0 | 1 => format!("{{\"id\":{row},\"email\":\"a{person}@example.com\"}}\n"),
            2 | 3 => format!("{{\"email\":\"b{person}@example.com\"}}\n"),
            4 => format!("nonsense\n\n{{\"id\":\"{row}\", \"emails\":[\"c{person}@example.com\"]}}\r\n"),
            _ => format!("{{\"id\":7,\"email\":\"c{person}@example.com\"}}\n{{\"email\":\"same@example.com\"}}\n"),
        };
    }
    check("in.jsonl", &lines, &["--all"], 35);
}

#[test]
fn address_books_are_merged_alike_in_chunks_of_any_size() {
    let card = |lines: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}END:VCARD\r\n");
    let mut cards = String::new();
    for number in 0..100 {
        let person = number / 2;
        cards += &match number % 6 {
            0 | 1 => card(&format!("UID:{number}\r\nEMAIL:a{person}@exam\r\n ple.com\r\n")),
            2 | 3 => {
                card(&format!("EMAIL:b{person}@example.com\r\nitem1.TEL:+1 202 555 0101\r\nitem1.X-ABLabel:Fax\r\n"))
            }
            // Several cards of one contact, and a survivor that begins in the line in which one of them ends.
            4 => {
                let survivor = card(&format!("UID:{number}\r\nEMAIL:c{person}@example.com\r\n"));
                format!("junk\r\n\r\n{}{survivor}", card("UID:same\r\nFN:x\r\n").trim_end())
            }
            _ => card(&format!("EMAIL:c{person}@example.com\r\n")),
        };
    }
    check("in.vcf", &cards, &["--all"], 50);
}

#[test]
fn other_holders_of_a_key_are_heard_in_any_chunk() {
    let rows = "id,name,phone\n1,Anna,+493012345678\n2,Anna,+493012345678\n3,Max,+493012345678 ext. 3\n4,Eva,+493012345678 ext. 4\n\
                5,Ida,+493012345670\n6,Ida,+493012345670\n7,Max,+493012345670 ext. 7\n";
    check("in.csv", rows, &["--min-strength", "exact"], 1);
}

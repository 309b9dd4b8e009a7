//! Values as files spell them: lists in one cell, words for yes and no, times in seconds.

use onefold_files::Problem;

use crate::command::{Folder, text};
use crate::rows::{emails, error, items, one, phones};

#[test]
fn lists_in_brackets_are_lists() {
    for (cell, found) in [
        (r#""[""a@example.com"",""b@example.com""]""#, vec!["a@example.com", "b@example.com"]),
        (r#""['a@example.com', 'b@example.com']""#, vec!["a@example.com", "b@example.com"]),
        (r#""{a@example.com,b@example.com}""#, vec!["a@example.com", "b@example.com"]),
        ("{a@example.com}", vec!["a@example.com"]),
        ("[]", vec![]),
        (r#""[{""value"":""a@example.com""}]""#, vec!["a@example.com"]),
        (r#""[""a@example.com""""#, vec![r#"["a@example.com""#]),
    ] {
        let row = one(items("a.csv", format!("id,emails\n1,{cell}\n")));
        assert_eq!(emails(&row.contact), found, "{cell}");
    }
    let row = one(items(
        "a.csv",
        "id,tags,phone\n1,\"{vip,\"\"a, b\"\"}\",\"[\"\"+44 20 7946 0101\"\",\"\"+44 20 7946 0102, ext 1\"\"]\"\n",
    ));
    assert_eq!(row.contact.tags().collect::<Vec<_>>(), ["vip", "a, b"]);
    assert_eq!(phones(&row.contact), ["+44 20 7946 0101", "+44 20 7946 0102, ext 1"]);
}

#[test]
fn two_numbers_with_a_plus_need_no_blank_between_them() {
    let row = one(items("a.csv", "id,phone\n1,\"+44 7400 123456,+44 20 7946 0123\"\n"));
    assert_eq!(phones(&row.contact), ["+44 7400 123456", "+44 20 7946 0123"]);
}

#[test]
fn numbers_in_whatsapp_columns_begin_with_their_country() {
    for (header, cell, number) in [
        ("whatsapp", "12025550199", "+12025550199"),
        ("WhatsApp", "5511987654321@s.whatsapp.net", "+5511987654321"),
        ("wa_id", "5511987654321", "+5511987654321"),
        ("WhatsApp Phone Number", "+1 202 555 0199", "+1 202 555 0199"),
        ("WhatsApp", "(11) 98765-4321", "(11) 98765-4321"),
        ("phone", "12025550199", "12025550199"),
    ] {
        let row = one(items("a.csv", format!("id,{header}\n1,{cell}\n")));
        assert_eq!(phones(&row.contact), [number], "{header} {cell}");
        let row = one(items("a.jsonl", format!("{{\"id\":1,\"{header}\":\"{cell}\"}}")));
        assert_eq!(phones(&row.contact), [number], "{header} {cell}");
    }
}

#[test]
fn words_for_no_block_nobody() {
    for (word, blocked, reported) in [
        ("nein", false, false),
        ("-", false, false),
        ("0.0", false, false),
        ("нет", false, false),
        ("ja", true, false),
        ("?", true, true),
    ] {
        let row = one(items("a.csv", format!("id,email,blocked\n1,a@example.com,{word}\n")));
        let problems: &[Problem] = if reported { &[Problem::UnclearBlocked] } else { &[] };
        assert_eq!((row.contact.blocked, row.problems.as_slice()), (blocked, problems), "{word}");
        let row = one(items("a.jsonl", format!("{{\"id\":1,\"blocked\":\"{word}\"}}")));
        assert_eq!((row.contact.blocked, row.problems.len()), (blocked, usize::from(reported)), "{word}");
    }
}

#[test]
fn times_in_seconds_are_compared_as_such_and_written_as_they_were() {
    let folder = Folder::new();
    folder.file("policy.toml", "survivor = \"oldest\"\n");
    let jsonl = "{\"id\":1,\"email\":\"ada@example.com\",\"created_at\":1700000000}\n{\"id\":2,\"email\":\"ada@example.com\",\"created_at\":\"2020-01-01T00:00:00Z\"}\n";
    let csv = "id,email,created_at\n1,ada@example.com,1700000000\n2,ada@example.com,2020-01-01T00:00:00Z\n";
    for (name, content) in [("a.jsonl", jsonl), ("a.csv", csv)] {
        folder.file(name, content);
        let output = folder.onefold(&[
            "merge",
            name,
            "--policy",
            "policy.toml",
            "--output",
            "out",
            "--force",
            "--patches",
            &format!("{name}.p"),
        ]);
        let merged = folder.read("out");
        assert!(merged.contains("2020-01-01") && !merged.contains("1700000000"), "{merged} {}", text(&output.stderr));
    }
    // The time that only the retired row has moves as it is written.
    let jsonl = "{\"id\":1,\"email\":\"ada@example.com\"}\n{\"id\":2,\"email\":\"ada@example.com\",\"created_at\":1700000000}\n";
    let csv = "id,email,created_at\n1,ada@example.com,\n2,ada@example.com,1700000000\n";
    folder.file("policy.toml", "survivor = \"smallest_id\"\n");
    for (name, content) in [("b.jsonl", jsonl), ("b.csv", csv)] {
        folder.file(name, content);
        let output =
            folder.onefold(&["merge", name, "--all", "--output", "out", "--force", "--patches", &format!("{name}.p")]);
        let merged = folder.read("out");
        assert!(
            merged.contains("1700000000") && !merged.contains("1700000000000"),
            "{merged} {}",
            text(&output.stderr)
        );
    }
}

#[test]
fn what_a_first_line_says_of_cells_is_read_in_every_spelling() {
    for first in ["sep=;", "SEP=;", "\"sep=;\"", "Sep=;\r", "\"sep=;\";;", "sep=;;;"] {
        let row = one(items("a.csv", format!("{first}\nid;Name;E-mail\n1;Zo\u{eb};ada@example.com\n")));
        assert_eq!((row.contact.id.as_str(), emails(&row.contact)), ("1", vec!["ada@example.com"]), "{first}");
    }
}

#[test]
fn formats_that_are_not_read_are_refused_by_name() {
    let none = onefold_files::Options::default();
    for (name, content, said) in [
        ("a.xls", "<html><table><tr><th>E-mail</th></tr></table></html>", "HTML"),
        ("a.csv", "\n<!DOCTYPE html>\n<html>", "HTML"),
        ("a.ldif", "dn: cn=Ada,mail=ada@example.com\nmail: ada@example.com\n", "LDIF"),
        ("a.txt", "version: 1\n\ndn: cn=Ada\n", "LDIF"),
        ("a.xml", "<?xml version=\"1.0\"?><people/>", "XML"),
        ("a.ics", "BEGIN:VCALENDAR\n", "iCalendar"),
        ("a.rtf", "{\\rtf1 x}", "RTF"),
    ] {
        assert!(error(name, content, &none).contains(said), "{name}");
    }
}

#[test]
fn two_files_are_two_sources() {
    let folder = Folder::new();
    folder.file("a.csv", "id,name,email\n1,Ada,ada@example.com\n2,Max,max@example.com\n");
    folder.file("b.csv", "id,name,email\n1,Eve,eve@example.com\n2,A.,ADA@example.com\n,M,max@example.com\n");
    let output = folder.onefold(&["suggest", "a.csv", "b.csv", "--source", "crm=a.csv", "--format", "jsonl"]);
    let found = text(&output.stdout);
    assert!(found.contains(r#""members":["b.csv:2","crm:1"]"#), "{found}");
    assert!(found.contains(r#""members":["b.csv:line-4","crm:2"]"#), "{found}");
    assert!(!text(&output.stderr).contains("same id"), "{}", text(&output.stderr));
    let output = folder.onefold(&["keys", "a.csv", "--source", "crm=a.csv", "--format", "jsonl"]);
    assert!(text(&output.stdout).contains(r#""contact":"crm:1""#));
    let output = folder.onefold(&["suggest", "a.csv", "--source", "crm=a.csv", "--count"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(folder.onefold(&["suggest", "a.csv", "--source", "crm"]).status.code(), Some(2));
    // A name that another file has, or that could make the same ids, would mix two sources.
    for name in ["b.csv=a.csv", "b.csv:1=a.csv"] {
        folder.fails(&["suggest", "a.csv", "b.csv", "--source", name], 2, "could be the same; give both another name");
    }
    // Two files of one system have one name.
    folder.done(&["suggest", "a.csv", "b.csv", "--source", "crm=a.csv", "--source", "crm=b.csv"]);
    // What one file has, another need not.
    folder.file("c.csv", "id,email,customer\n1,a@example.com,c7\n");
    let said = folder.done(&["suggest", "c.csv", "b.csv", "--identifier", "customer"]);
    assert!(said.contains("b.csv: nothing in the file has the identifier \"customer\""), "{said}");
    folder.fails(&["suggest", "c.csv", "b.csv", "--identifier", "shoe"], 2, "names no column, member or property");
}

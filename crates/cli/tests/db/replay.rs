//! `onefold replay` answers as the protocol does that it is made of, line for line.

use std::io::Write;
use std::process::{Command, Stdio};

use onefold_workspace::Protocol;

use crate::model::sequences::sequence;

const DOCUMENT: &str = include_str!("../../../../docs/protocol.md");

/// What the command answers to some lines on its standard input.
fn answers(arguments: &[&str], lines: &[String]) -> Vec<String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onefold"));
    let mut child =
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the command runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = lines.join("\n") + "\n";
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the writer ends").expect("the command reads all");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}

fn check(lines: &[String]) {
    for (mut protocol, arguments) in
        [(Protocol::new(), &["replay", "-"][..]), (Protocol::new().with_state(), &["replay", "--each"])]
    {
        let wanted: Vec<String> = lines.iter().filter_map(|line| protocol.answer(line)).collect();
        assert_eq!(answers(arguments, lines), wanted);
    }
}

#[test]
fn the_document_of_the_protocol_is_answered_alike() {
    let lines: Vec<String> = DOCUMENT.lines().map(str::to_owned).collect();
    check(&lines);
}

#[test]
fn sequences_are_answered_alike() {
    (0..100).for_each(|seed| check(&sequence(seed)));
}

#[test]
fn an_answer_comes_before_the_next_line_is_sent() {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(env!("CARGO_BIN_EXE_onefold"))
        .arg("replay")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let (mut stdin, stdout) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
    let mut lines = BufReader::new(stdout).lines();
    for (line, answer) in [
        (r#"{"op":"add","id":"a","contact":{"phones":["+1 202 555 0101"]}}"#, r#"{"i":0,"ok":true,"op":"add"}"#),
        ("# between\r", ""),
        (r#"{"op":"add","id":"b","contact":{"phones":["(202) 555-0101"]}}"#, r#"{"i":1,"ok":true,"op":"add"}"#),
        ("nope", r#"{"error":"BadRequest","i":2,"op":null,"why":"the line is no JSON object"}"#),
        (r#"{"op":"resolve","id":"a"}"#, r#"{"i":3,"ok":true,"op":"resolve","resolved":{"live":"a"}}"#),
    ] {
        writeln!(stdin, "{line}").expect("the command reads");
        stdin.flush().expect("the command reads");
        if !answer.is_empty() {
            assert_eq!(lines.next().expect("an answer").expect("UTF-8"), answer);
        }
    }
    drop(stdin);
    assert!(child.wait().expect("the command ends").success());
}

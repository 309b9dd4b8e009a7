//! The protocol answers as a slow and obviously right model does, line for line, for any sequence of operations.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use onefold_workspace::Protocol;
use serde_json::Value;

use crate::model::Model;
use crate::model::sequences::sequence;

const FIXED: u64 = 2_000;
const FRESH: u64 = 200;

fn read(answer: &str) -> Value {
    Model::comparable(serde_json::from_str(answer).expect("JSON"))
}

fn answers(lines: &[String]) -> Vec<Value> {
    let mut protocol = Protocol::new().with_state();
    lines.iter().filter_map(|line| protocol.answer(line)).map(|answer| read(&answer)).collect()
}

#[track_caller]
fn assert_alike(got: &[Value], wanted: &[Value], lines: &[String], seed: u64) {
    let said: Vec<&String> =
        lines.iter().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')).collect();
    assert_eq!(got.len(), wanted.len(), "seed {seed}: as many answers as lines");
    for (place, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        let line = said[place];
        for name in wanted.as_object().expect("an object").keys().chain(got.as_object().expect("an object").keys()) {
            assert_eq!(got.get(name), wanted.get(name), "seed {seed}, line {place}, {name}, after {line}");
        }
    }
}

fn compare(seeds: impl Iterator<Item = u64>) -> usize {
    let mut operations = 0;
    for seed in seeds {
        let lines = sequence(seed);
        let wanted: Vec<Value> = Model::run(&lines).into_iter().map(Model::comparable).collect();
        assert_alike(&answers(&lines), &wanted, &lines, seed);
        operations += wanted.len();
    }
    operations
}

#[test]
fn every_answer_is_that_of_the_model() {
    let half = FIXED / 2;
    let other = std::thread::spawn(move || compare(half..FIXED));
    let operations = compare(0..half) + other.join().expect("alike");
    assert!(operations > 60_000, "{operations}");
}

#[test]
#[ignore = "draws its seeds from the clock: for the nightly run"]
fn nightly_every_answer_to_fresh_sequences_is_that_of_the_model() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
    let first = u64::try_from(now % (1 << 60)).expect("60 bits");
    eprintln!("first seed {first}");
    compare((0..FRESH).map(|place| first + place));
}

/// The same line without who and when, which that model passes over, malformed or not.
fn without_actor(line: &str) -> String {
    match serde_json::from_str(line) {
        Ok(Value::Object(mut members)) if members.contains_key("now") || members.contains_key("actor") => {
            for name in ["now", "actor"] {
                members.remove(name);
            }
            Value::Object(members).to_string()
        }
        _ => line.to_owned(),
    }
}

/// The model in Python has the last word.
#[test]
#[ignore = "needs python3 and the model in Python: ONEFOLD_MODEL names its file"]
fn the_model_in_python_answers_alike() {
    let path = PathBuf::from(std::env::var_os("ONEFOLD_MODEL").expect("ONEFOLD_MODEL names the model in Python"));
    for seed in 0..200 {
        let lines: Vec<String> = sequence(seed).iter().map(|line| without_actor(line)).collect();
        let mut python = Command::new("python3");
        python.env("PYTHONIOENCODING", "utf-8").arg(&path).arg("--each");
        let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the model runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = lines.join("\n") + "\n";
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().expect("the model ends");
        writer.join().expect("the writer ends").expect("the model reads all");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let wanted: Vec<Value> = text.lines().map(read).collect();
        assert_alike(&answers(&lines), &wanted, &lines, seed);
    }
}

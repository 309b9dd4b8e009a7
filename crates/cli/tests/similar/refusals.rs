//! Input that cannot be compared or learnt from: a sentence, the usual status, and nothing written.

use crate::command::{Folder, text};
use crate::similar::suggestions::{SIMILAR, folder, lines};

const LEARN: [&str; 6] = ["learn", "in.csv", "--decisions", "pairs.csv", "--output", "model.json"];

#[test]
fn a_score_is_from_0_to_1() {
    let folder = folder();
    for score in ["1.5", "-1", "NaN", "80%", ""] {
        let option = format!("--at-least={score}");
        folder.fails(&[&SIMILAR[..], &[&option]].concat(), 2, "it is no score from 0 to 1");
    }
}

#[test]
fn options_of_similarity_need_it() {
    let folder = folder();
    for option in [["--at-least", "0.5"], ["--model", "m"], ["--distinct", "p"]] {
        folder.fails(&[&["suggest", "in.csv"][..], &option].concat(), 2, "--similar");
    }
    folder.fails(&["learn", "in.csv"], 2, "--output");
    folder.fails(&["learn", "in.csv", "--output", "m"], 2, "--decisions");
    folder.fails(&["learn", "in.csv", "--ask", "0"], 2, "--ask");
}

#[test]
fn a_damaged_model_and_one_of_another_version_are_refused() {
    let folder = folder();
    folder.file("pairs.csv", "a,b,decision\n1,5,same\n2,3,distinct\n");
    folder.done(&LEARN);
    let model = folder.read("model.json");
    let using = [&SIMILAR[..], &["--model", "m"]].concat();
    for (name, damaged, sentence) in [
        ("cut", model[..model.len() / 2].to_owned(), "cannot use m: the model is damaged: "),
        ("empty", String::new(), "cannot use m: the model is damaged: "),
        ("contacts", crate::similar::suggestions::PEOPLE.to_owned(), "cannot use m: the model is damaged: "),
        ("level", model.replacen("nickname", "nick", 1), "cannot use m: the model is damaged: "),
        ("number", model.replacen("0.", "7.", 1), "cannot use m: the model is damaged: "),
        (
            "version",
            model.replacen("\"version\": 1", "\"version\": 999", 1),
            "cannot use m: the model has version 999, and this release reads ",
        ),
    ] {
        assert_ne!(damaged, model, "{name}");
        folder.file("m", damaged);
        folder.fails(&using, 1, sentence);
        folder.fails(&["learn", "in.csv", "--ask", "3", "--model", "m"], 1, sentence);
    }
    folder.fails(&[&SIMILAR[..], &["--model", "none"]].concat(), 1, "cannot use none: ");
}

#[test]
fn decisions_that_cannot_be_read_are_named_with_their_line() {
    let folder = folder();
    for (pairs, sentence) in [
        ("a,b,decision\n1,5,same\n2,3,perhaps\n", "pairs.csv:3: \"perhaps\" is no decision; write same or distinct"),
        ("a,b\n1,5\n", "pairs.csv has no column decision; it needs a, b and decision"),
        ("", "pairs.csv has no column a; it needs a, b and decision"),
        ("a,b,decision\n1,,same\n", "pairs.csv:2: a decision needs two contacts, a and b"),
        ("a,b,decision\n7,7,same\n", "pairs.csv:2: contact 7 is decided with itself"),
        ("{\"a\":\"1\",\"decision\":\"same\"}\n", "pairs.csv:1: it is no object with a, b and decision"),
        ("a,b,decision\n1,5,\n", "pairs.csv has no decision: write same or distinct for a pair"),
        ("a,b,decision\nx,y,same\n", "pairs.csv has no decision about two contacts of the input"),
    ] {
        folder.file("pairs.csv", pairs);
        folder.fails(&LEARN, 1, sentence);
    }
    folder.file("pairs.csv", b"a,b,decision\n\xff,5,same\n");
    folder.fails(&LEARN, 1, "cannot use pairs.csv: ");
    folder.fails(&["learn", "in.csv", "--decisions", "none", "--ask", "3"], 1, "cannot use none: ");
}

#[test]
fn decisions_that_contradict_each_other_are_named() {
    let folder = folder();
    for (pairs, sentence) in [
        (
            "a,b,decision\n1,5,same\n2,3,distinct\n5,1,distinct\n",
            "pairs.csv:4: contacts 5 and 1 are distinct here and same in line 2",
        ),
        (
            "a,b,decision\n1,5,same\n5,9,same\n1,9,distinct\n",
            "pairs.csv: contacts 1 and 9 are distinct, but 1, 5, 9 are the same, each as the next",
        ),
    ] {
        folder.file("pairs.csv", pairs);
        folder.fails(&LEARN, 1, sentence);
        folder.fails(&[&SIMILAR[..], &["--distinct", "pairs.csv"]].concat(), 1, sentence);
    }
    // Said twice is no contradiction.
    folder.file("pairs.csv", "a,b,decision\n1,5,same\n5,1,same\n2,3,distinct\n");
    folder.done(&LEARN);
}

#[test]
fn files_are_not_written_over() {
    let folder = folder();
    folder.file("pairs.csv", "a,b,decision\n1,5,same\n2,3,distinct\n");
    folder.file("model.json", "kept");
    folder.fails(&LEARN, 2, "model.json exists already; --force replaces it");
    folder.done(&[&LEARN[..], &["--force"]].concat());
    assert_ne!(folder.read("model.json"), "kept");
    let over = ["learn", "in.csv", "--decisions", "pairs.csv", "--force", "--output", "pairs.csv"];
    folder.fails(&over, 2, "pairs.csv is also the input, which is never replaced");
    let over = [&SIMILAR[..], &["--model", "model.json", "--force", "--output", "model.json"]].concat();
    folder.fails(&over, 2, "model.json is also the input, which is never replaced");
}

#[test]
fn few_contacts_and_contacts_of_one_name_have_plain_answers() {
    let folder = Folder::new();
    let header = "id,first_name,last_name,email\n";
    for (rows, suggested) in [("", 0), ("1,Ada,Sample,ada@example.com\n", 0), ("1,,,\n2,,,\n3,,,\n", 0)] {
        folder.file("in.csv", format!("{header}{rows}"));
        assert_eq!(lines(&folder.onefold(&["suggest", "in.csv", "--similar"])).len(), suggested, "{rows}");
        let asked = folder.onefold(&["learn", "in.csv", "--ask", "5"]);
        assert_eq!((asked.status.code(), text(&asked.stdout).lines().count()), (Some(0), 0), "{rows}");
    }
    let equal: String = (0..500).map(|id| format!("{id},Ada,Sample,\n")).collect();
    folder.file("in.csv", format!("{header}{equal}"));
    folder.done(&["suggest", "in.csv", "--similar", "--output", "out.jsonl"]);
    folder.done(&["learn", "in.csv", "--ask", "5"]);
}

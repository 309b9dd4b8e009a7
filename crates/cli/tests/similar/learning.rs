//! `onefold learn`: decisions as data, the model that they give, and the pairs to ask for.

use serde_json::{Value, json};

use crate::command::{Folder, assert_says, text};
use crate::similar::suggestions::{PEOPLE, SIMILAR, folder, has, lines, of};

const DECISIONS: &str = "a,b,decision\n1,5,same\n2,3,distinct\n4,6,distinct\n7,8,same\n";
const LEARN: [&str; 8] = ["learn", "in.csv", "--region", "GB", "--decisions", "pairs.csv", "--output", "model.json"];

fn model(folder: &Folder) -> Value {
    serde_json::from_str(&folder.read("model.json")).expect("JSON")
}

#[test]
fn decisions_become_a_model_without_values_of_contacts() {
    let folder = folder();
    folder.file("pairs.csv", DECISIONS);
    let said = folder.done(&LEARN);
    assert_says(
        &said,
        &["decisions                          4", "  same                             2", "no probability"],
    );
    assert_eq!(model(&folder)["decisions"], json!(4));
    let words = |text: &str| {
        let text = text.to_lowercase();
        let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.collect::<Vec<&str>>().join(" "))
    };
    let model = words(&folder.read("model.json"));
    for cell in PEOPLE.lines().skip(1).flat_map(|row| row.split(',').skip(1)).filter(|cell| !cell.is_empty()) {
        assert!(!model.contains(&words(cell)), "{cell}");
    }
}

#[test]
fn a_model_changes_the_scores() {
    let folder = folder();
    folder.file("pairs.csv", DECISIONS);
    folder.done(&LEARN);
    let score = |more: &[&str]| {
        let found = lines(&folder.onefold(&[&SIMILAR[..], &["--at-least", "0.001"], more].concat()));
        of(&found, &["7", "8"])["bits"].as_f64().expect("a number")
    };
    let (before, after) = (score(&[]), score(&["--model", "model.json"]));
    assert!((before - after).abs() > 0.1, "{before} {after}");
}

#[test]
fn a_hundred_decisions_make_a_score_a_probability() {
    let folder = Folder::new();
    let copies = PEOPLE.lines().skip(1).map(|row| format!("c{}\n", row.replacen("example.com", "example.org", 1)));
    folder.file("in.csv", PEOPLE.to_owned() + &copies.collect::<String>());
    let same = (9..70).map(|id| format!("{id},c{id},same\n"));
    let distinct = (9..70).map(|id| format!("{id},c{},distinct\n", id + 10));
    folder.file("pairs.csv", format!("a,b,decision\n{}", same.chain(distinct).collect::<String>()));
    assert_says(&folder.done(&LEARN), &["a score under this model is a probability"]);
    assert!(model(&folder)["calibration"].is_object());
}

#[test]
fn decisions_of_one_kind_teach_nothing_and_it_is_said() {
    let folder = folder();
    folder.file("pairs.csv", "a,b,decision\n1,5,same\n7,8,same\n");
    assert_says(&folder.done(&LEARN), &["nothing was learnt: it takes decisions of both kinds, same and distinct"]);
}

#[test]
fn unknown_and_blocked_contacts_are_reported_and_left_out() {
    let folder = Folder::new();
    let header = PEOPLE.lines().next().expect("a header");
    let rows = PEOPLE.lines().skip(1).map(|row| format!("{row},{}\n", if row.starts_with("8,") { "yes" } else { "" }));
    folder.file("in.csv", format!("{header},blocked\n{}", rows.collect::<String>()));
    folder.file("pairs.csv", DECISIONS.to_owned() + "1,900,same\n901,2,distinct\n");
    let said = folder.done(&LEARN);
    assert_says(
        &said,
        &[
            "pairs.csv:6: there is no contact 900; the decision is left out (2 times, in lines 6, 7)",
            "decisions about blocked contacts, which are left out: 1",
            "decisions                          3",
        ],
    );
}

#[test]
fn a_distinct_pair_is_never_suggested() {
    let folder = folder();
    folder.file(
        "pairs.jsonl",
        "{\"a\":5,\"b\":\"1\",\"decision\":\"distinct\"}\n{\"a\":7,\"b\":8,\"decision\":\"same\"}\n",
    );
    let found = lines(&folder.onefold(&[&SIMILAR[..], &["--distinct", "pairs.jsonl"]].concat()));
    assert!(!has(&found, &["1", "5"]) && has(&found, &["7", "8"]), "{found:#?}");
}

#[test]
fn pairs_are_asked_for_in_the_form_of_decisions() {
    let folder = folder();
    let ask = ["learn", "in.csv", "--region", "GB", "--ask", "3"];
    let asked = lines(&folder.onefold(&ask));
    assert_eq!(asked.len(), 3);
    for pair in &asked {
        assert_eq!(pair["decision"], json!(null));
        assert!(pair["a"].is_string() && pair["b"].is_string() && pair["fields"].is_array(), "{pair:#}");
    }
    let csv = text(&folder.onefold(&[&ask[..], &["--format", "csv"]].concat()).stdout);
    assert_eq!(csv.lines().next(), Some("workspace,a,b,decision,score,band,name_a,name_b,similar"));
    let table = text(&folder.onefold(&[&ask[..], &["--format", "table"]].concat()).stdout);
    assert_says(&table, &["score", "exact +"]);
    // Filled in, it is a file of decisions; what was decided is not asked again.
    let cell = |row: &csv::StringRecord, decision: &str| format!(",{},{},{decision},\n", &row[1], &row[2]);
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(csv.as_bytes()).records().map(|row| row.expect("a row")).collect();
    let answers = [cell(&rows[0], "same"), cell(&rows[1], "distinct"), cell(&rows[2], "")].concat();
    folder.file("pairs.csv", format!("workspace,a,b,decision,score\n{answers}"));
    let output = folder.onefold(&[&LEARN[..], &["--ask", "3"]].concat());
    let again = lines(&output);
    assert_says(
        &text(&output.stderr),
        &["decisions                          2", "pairs without decision             1"],
    );
    let is_decided = |pair: &Value| rows[..2].iter().any(|row| pair["a"] == row[1] && pair["b"] == row[2]);
    assert!(!again.is_empty() && !again.iter().any(is_decided), "{again:#?}");
}

#[test]
fn decisions_name_the_workspace() {
    let folder = Folder::new();
    let header = PEOPLE.lines().next().expect("a header");
    let rows = PEOPLE.lines().skip(1).flat_map(|row| [format!("{row},x\n"), format!("{row},y\n")]);
    folder.file("in.csv", format!("{header},account\n{}", rows.collect::<String>()));
    folder.file("pairs.csv", "workspace,a,b,decision\nx,1,5,distinct\ny,1,5,same\n");
    let apart = ["--workspace-column", "account", "--distinct", "pairs.csv"];
    let found = lines(&folder.onefold(&[&SIMILAR[..], &apart].concat()));
    let workspaces: Vec<&Value> = found
        .iter()
        .filter(|suggestion| suggestion["members"] == json!(["1", "5"]))
        .map(|one| &one["workspace"])
        .collect();
    assert_eq!(workspaces, [&json!("y")]);
    let asked = lines(&folder.onefold(&["learn", "in.csv", "--workspace-column", "account", "--ask", "2"]));
    assert!(asked.iter().all(|pair| pair["workspace"].is_string()), "{asked:#?}");
}

/// A spreadsheet would run `=1`, so it is written with an apostrophe, and found again.
#[test]
fn a_spreadsheet_may_fill_in_the_decisions() {
    let folder = folder();
    folder.file("in.csv", PEOPLE.replace("\n1,Ana,", "\n=1,Ana,"));
    let csv = text(&folder.onefold(&["learn", "in.csv", "--region", "GB", "--ask", "50", "--format", "csv"]).stdout);
    let of_ana = csv.lines().find(|row| row.starts_with(",5,'=1,") || row.starts_with(",'=1,5,")).expect("the pair");
    folder.file(
        "pairs.csv",
        format!("workspace;a;b;decision\n{}\n", of_ana.replacen(",,", ",same,", 1).replace(',', ";")),
    );
    assert_says(&folder.done(&LEARN), &["decisions                          1"]);
}

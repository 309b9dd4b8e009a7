//! `onefold suggest --similar`: who is suggested, in every format, and what it does not depend on.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::command::{Folder, assert_says, text};

/// Invented people. 1 and 5 are one person, and so are 7 and 8; 2 and 3 share a phone and are two.
pub const PEOPLE: &str = include_str!("../../examples/crm.csv");

pub const SIMILAR: [&str; 5] = ["suggest", "in.csv", "--similar", "--region", "GB"];

/// A folder with the people in `in.csv`.
pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.file("in.csv", PEOPLE);
    folder
}

#[track_caller]
pub fn lines(output: &Output) -> Vec<Value> {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

/// The suggestion with these members.
#[track_caller]
pub fn of<'a>(suggestions: &'a [Value], members: &[&str]) -> &'a Value {
    let found = suggestions.iter().find(|suggestion| suggestion["members"] == json!(members));
    found.unwrap_or_else(|| panic!("{members:?} are not together in {suggestions:#?}"))
}

pub fn has(suggestions: &[Value], members: &[&str]) -> bool {
    let is_member =
        |suggestion: &Value, id: &&str| suggestion["members"].as_array().expect("members").contains(&json!(id));
    suggestions.iter().any(|suggestion| members.iter().all(|id| is_member(suggestion, id)))
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// The people in another form: each line with a `change`, and the header with its own.
fn changed(header: &str, change: impl Fn(&str) -> String) -> String {
    let rows: String = PEOPLE.lines().skip(1).map(|row| change(row) + "\n").collect();
    format!("{header}\n{rows}")
}

#[test]
fn people_without_a_shared_key_are_found_with_the_sum_of_their_bits() {
    let folder = folder();
    let found = lines(&folder.onefold(&SIMILAR));
    let ana = of(&found, &["1", "5"]);
    assert_eq!((&ana["band"], &ana["confidence"], &ana["oversized"]), (&json!("likely"), &json!("low"), &json!(false)));
    assert_eq!((&ana["distinct"], &ana["bridges"], &ana["against"]), (&json!([]), &json!([]), &json!([])));
    assert_eq!(ana["id"].as_str().map(str::len), Some(32));
    let [evidence] = &ana["evidence"].as_array().expect("a list")[..] else { panic!("{ana:#}") };
    assert_eq!((&evidence["kind"], &evidence["pair"]), (&json!("similar"), &json!(["1", "5"])));
    let fields = evidence["fields"].as_array().expect("a list");
    let family = fields.iter().find(|field| field["field"] == "family").expect("a family name");
    assert_eq!((&family["level"], &family["values"]), (&json!("near"), &json!(["souza", "sousa"])));
    let sum: f64 = number(&evidence["prior"]) + fields.iter().map(|field| number(&field["bits"])).sum::<f64>();
    assert!((sum - number(&evidence["bits"])).abs() < 0.02, "{evidence:#}");
    let score = number(&evidence["score"]);
    assert!((score - 1.0 / (1.0 + (-number(&evidence["bits"])).exp2())).abs() < 1e-3, "{evidence:#}");
    assert!(has(&found, &["7", "8"]) && !has(&found, &["2", "3"]));
}

#[test]
fn without_the_option_nothing_of_it_is_written() {
    let folder = folder();
    let found = lines(&folder.onefold(&["suggest", "in.csv", "--region", "GB"]));
    assert!(has(&found, &["2", "3"]) && !has(&found, &["1", "5"]), "{found:#?}");
    for suggestion in &found {
        for name in ["score", "bits", "band", "against"] {
            assert!(suggestion.get(name).is_none(), "{suggestion:#}");
        }
    }
}

/// Keys stay evidence, and a suggestion with the same members as one by keys has its id.
#[test]
fn shared_keys_are_evidence_too() {
    let folder = folder();
    let copy = "\n81,Ana,Souza,ANA.SOUZA@example.com,,1984-05-17,Rua das Flores 12,Campinas\n";
    folder.file("in.csv", PEOPLE.trim_end().to_owned() + copy);
    let with_copy = lines(&folder.onefold(&SIMILAR));
    let ana = of(&with_copy, &["1", "5", "81"]);
    let kinds: Vec<&str> =
        ana["evidence"].as_array().expect("a list").iter().filter_map(|evidence| evidence["kind"].as_str()).collect();
    assert_eq!(kinds, ["email", "similar", "similar"]);
    assert_eq!(
        ana["evidence"][0],
        json!({"kind": "email", "value": "ana.souza@example.com", "strength": "exact", "holders": [
            {"contact": "1", "field": "emails", "value": "ana.souza@example.com", "derivation": "direct"},
            {"contact": "81", "field": "emails", "value": "ANA.SOUZA@example.com", "derivation": "direct"}]})
    );
    folder.file(
        "in.csv",
        PEOPLE.replace("\n5,", "\n82,").replace("07700 900123,1984", "07700 900123,,1984") + &copy[1..],
    );
    let by_keys = lines(&folder.onefold(&["suggest", "in.csv", "--region", "GB"]));
    let similar = lines(&folder.onefold(&SIMILAR));
    let (by_keys, similar) = (of(&by_keys, &["1", "81"]), of(&similar, &["1", "81"]));
    assert_eq!((&similar["id"], &similar["confidence"]), (&by_keys["id"], &json!("high")));
    assert_eq!(similar["evidence"][0], by_keys["evidence"][0]);
}

#[test]
fn a_key_of_several_people_speaks_against_and_says_why() {
    let folder = folder();
    let copy = "81,Helena,Brandt,helena@example.com,020 7946 0958,1979-02-03,Mill Lane 4,Leeds\n";
    folder.file("in.csv", PEOPLE.to_owned() + copy);
    let output = folder.onefold(&SIMILAR);
    let found = lines(&output);
    let [against] = &of(&found, &["2", "81"])["against"].as_array().expect("a list")[..] else { panic!("{found:#?}") };
    assert_eq!(
        (&against["kind"], &against["shared_by"], &against["members"], &against["others"]),
        (&json!("phone"), &json!("household"), &json!(["2", "81"]), &json!(["3"]))
    );
    assert_says(&text(&output.stderr), &["shared by several people", "  household"]);
}

#[test]
fn tables_and_csv_show_the_reasons() {
    let folder = folder();
    let csv = text(&folder.onefold(&[&SIMILAR[..], &["--format", "csv"]].concat()).stdout);
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(
        rows.headers().expect("a header").iter().collect::<Vec<_>>().join(","),
        "suggestion,contact,workspace,confidence,band,score,oversized,keys,values,similar,against"
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    let five = rows.iter().find(|row| &row[1] == "5").expect("contact 5");
    assert_eq!((&five[3], &five[4], &five[6], &five[7]), ("low", "likely", "false", ""));
    assert!(five[9].starts_with("like 1: ") && five[9].contains("family near +"), "{five:?}");
    let table = text(&folder.onefold(&[&SIMILAR[..], &["--format", "table"]].concat()).stdout);
    assert_says(&table, &["likely", "Ana de Sousa", "like 1: ", "birth date exact +"]);
}

#[test]
fn counting_writes_no_suggestion() {
    let folder = folder();
    let found = lines(&folder.onefold(&SIMILAR));
    let counts = lines(&folder.onefold(&[&SIMILAR[..], &["--count"]].concat()));
    let members: usize = found.iter().map(|suggestion| suggestion["members"].as_array().expect("a list").len()).sum();
    assert_eq!((&counts[0]["suggestions"], &counts[0]["members"]), (&json!(found.len()), &json!(members)));
    assert_eq!(counts[0]["contacts"], json!(80));
}

#[test]
fn the_order_of_rows_chunks_and_threads_change_nothing() {
    let folder = folder();
    let expected = text(&folder.onefold(&SIMILAR).stdout);
    for chunk in ["0", "1", "700"] {
        assert_eq!(text(&folder.onefold(&[&SIMILAR[..], &["--chunk-bytes", chunk]].concat()).stdout), expected);
    }
    let one = Command::new(env!("CARGO_BIN_EXE_onefold"))
        .args(SIMILAR)
        .current_dir(folder.path(""))
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    assert_eq!(text(&one.stdout), expected);
    let (header, rows) = PEOPLE.split_once('\n').expect("a header");
    let reversed: Vec<&str> = rows.lines().rev().collect();
    folder.file("in.csv", format!("{header}\n{}\n", reversed.join("\n")));
    assert_eq!(text(&folder.onefold(&SIMILAR).stdout), expected);
}

#[test]
fn the_same_contacts_in_json_lines_have_the_same_suggestions() {
    let folder = folder();
    let mut rows = csv::Reader::from_reader(PEOPLE.as_bytes());
    let header = rows.headers().expect("a header").clone();
    let objects = rows.records().map(|row| {
        let row = row.expect("a row");
        let members = header.iter().zip(&row).filter(|(_, value)| !value.is_empty());
        let object: serde_json::Map<String, Value> =
            members.map(|(name, value)| (name.to_owned(), value.into())).collect();
        Value::Object(object).to_string() + "\n"
    });
    folder.file("in.jsonl", objects.collect::<String>());
    let of_lines = text(&folder.onefold(&["suggest", "in.jsonl", "--similar", "--region", "GB"]).stdout);
    assert_eq!(of_lines, text(&folder.onefold(&SIMILAR).stdout));
}

#[test]
fn a_threshold_shows_more_or_less() {
    let folder = folder();
    let found = |more: &[&str]| lines(&folder.onefold(&[&SIMILAR[..], more].concat()));
    let mut scores: Vec<f64> = found(&[]).iter().map(|suggestion| number(&suggestion["score"])).collect();
    scores.sort_by(f64::total_cmp);
    let (least, most) = (scores[0], scores[scores.len() - 1]);
    let between = (least + most) / 2.0;
    let above = scores.iter().filter(|score| **score >= between).count();
    assert!(least >= 0.8 && above < scores.len(), "{scores:?}");
    assert_eq!(found(&["--at-least", &between.to_string()]).len(), above);
    assert_eq!(found(&["--at-least", "1"]).len(), 0);
    assert!(found(&["--at-least", "0"]).len() >= scores.len());
}

#[test]
fn workspaces_are_kept_apart() {
    let folder = Folder::new();
    let workspace = |row: &str| if row.starts_with("5,") { "b" } else { "a" };
    let header = PEOPLE.lines().next().expect("a header").to_owned() + ",account";
    folder.file("in.csv", changed(&header, |row| format!("{row},{}", workspace(row))));
    let found = lines(&folder.onefold(&[&SIMILAR[..], &["--workspace-column", "account"]].concat()));
    assert!(!has(&found, &["1", "5"]) && has(&found, &["7", "8"]), "{found:#?}");
    assert!(found.iter().all(|suggestion| suggestion["workspace"] == "a"), "{found:#?}");
    // The same ids in two workspaces are different contacts.
    let twice = PEOPLE.lines().skip(1).flat_map(|row| [format!("{row},a\n"), format!("{row},b\n")]);
    folder.file("in.csv", format!("{header}\n{}", twice.collect::<String>()));
    let found = lines(&folder.onefold(&[&SIMILAR[..], &["--workspace-column", "account"]].concat()));
    let of_ana: Vec<&Value> = found.iter().filter(|suggestion| suggestion["members"] == json!(["1", "5"])).collect();
    assert_eq!(
        of_ana.iter().map(|suggestion| &suggestion["workspace"]).collect::<Vec<_>>(),
        [&json!("a"), &json!("b")]
    );
    assert_ne!(of_ana[0]["id"], of_ana[1]["id"]);
}

#[test]
fn blocked_contacts_and_repeated_ids_are_not_there() {
    let folder = Folder::new();
    let header = PEOPLE.lines().next().expect("a header").to_owned() + ",blocked";
    folder.file("in.csv", changed(&header, |row| format!("{row},{}", if row.starts_with("5,") { "yes" } else { "" })));
    let found = lines(&folder.onefold(&SIMILAR));
    assert!(!has(&found, &["5"]) && has(&found, &["7", "8"]), "{found:#?}");
    // The first row with an id counts, as without similarity.
    let copy = "8,Ana,Souza,ana.souza@example.com,,1984-05-17,Rua das Flores 12,Campinas\n";
    folder.file("in.csv", PEOPLE.to_owned() + copy);
    let output = folder.onefold(&SIMILAR);
    let found = lines(&output);
    assert!(has(&found, &["7", "8"]) && !has(&found, &["1", "8"]), "{found:#?}");
    assert_says(&text(&output.stderr), &["in.csv:82: ", "rows left out"]);
}

#[test]
fn another_identifier_contradicts() {
    let folder = Folder::new();
    let header = PEOPLE.lines().next().expect("a header").to_owned() + ",passport";
    let identifier = |row: &str| match row.split(',').next() {
        Some("1") => "AA-1000017".to_owned(),
        Some(id) => format!("AA-20000{id}"),
        None => String::new(),
    };
    folder.file("in.csv", changed(&header, |row| format!("{row},{}", identifier(row))));
    let bits = |more: &[&str]| {
        let found = lines(&folder.onefold(&[&SIMILAR[..], &["--at-least", "0.001"], more].concat()));
        number(&of(&found, &["1", "5"])["bits"])
    };
    let ignored = bits(&[]);
    for option in ["--identifier", "--identifier-column"] {
        assert!(bits(&[option, "passport"]) < ignored - 1.0, "{option}");
    }
}

#[test]
fn texts_from_outside_are_escaped_on_their_way_to_people() {
    let folder = folder();
    folder.file("in.csv", PEOPLE.replace("\n1,Ana,", "\n1\u{202e}x,Ana\u{1b}[2J,"));
    for arguments in [
        &[&SIMILAR[..], &["--format", "table"]].concat()[..],
        &["keys", "in.csv", "--similar", "--format", "table"],
        &["learn", "in.csv", "--ask", "50", "--format", "table"],
    ] {
        let output = folder.onefold(arguments);
        let (shown, said) = (text(&output.stdout), text(&output.stderr));
        assert!(!(shown.clone() + &said).contains(['\u{202e}', '\u{1b}']), "{arguments:?}: {shown}");
        assert!(shown.contains("1\\u{202e}x"), "{arguments:?}: {shown}");
    }
    folder.file("pairs.csv", "a,b,decision\n1\u{202e}x,\u{1b}[2J,same\n1\u{202e}x,5,perhaps\u{202e}\n");
    folder.fails(&["learn", "in.csv", "--ask", "1", "--decisions", "pairs.csv"], 1, "perhaps\\u{202e}");
}

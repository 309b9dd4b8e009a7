//! No personal value shows in `Debug`, in `Display`, in an error, or in an event that has no reason to tell it.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use onefold::contact::{CustomType, Number, Provenance, Source, WrittenTime};
use onefold::{
    Bulk, Channel, ChannelKind, Contact, Edits, Field, FieldRule, Index, MergePolicy, MergeRequest, Normalizer, Patch,
    Rules, Strength, Time, Value,
};
use onefold_workspace::{Act, Filter, Later, Protocol, Selection, Sender, Settings, UndoRequest, Workspace};

const CANARY: &str = "canary";
const PHONE: &str = "+1 202 555 0147";

/// Everything that may hold a personal value, and how it might show.
fn gives_away(shown: &str) -> bool {
    let shown = shown.to_lowercase();
    [CANARY, "2025550147", "555 0147", "1234567890123", "1987-06-05", "549849600000"]
        .iter()
        .any(|part| shown.contains(part))
}

#[track_caller]
fn assert_silent(what: &str, shown: &str) {
    assert!(!gives_away(shown), "{what} shows a value: {shown}");
}

/// A contact with a canary in every field, in every kind of value.
fn contact(id: u32) -> Contact<u32> {
    let text = |field: &str| format!("canary {field} {id}");
    let mut channel = Channel::new(ChannelKind::WhatsApp, "canary-account", "12025550147@s.whatsapp.net");
    channel.url = Some("https://example.com/canary".to_owned());
    channel.other.insert("label".into(), "\"canary\"".into());
    let checked =
        Provenance { source: Source::Manual, changed_at: Some(onefold::Time::from_millis(1)), verified: true };
    let mut contact = Contact::new(id)
        .with_email("canary@example.com")
        .with_email(format!("Canary <{id}>"))
        .with_phone(PHONE)
        .with_phone("1-800-CANARY")
        .with_channel(channel)
        .with(Field::Tags, vec![text("tag")])
        .with(Field::Custom("visits".into()), Value::Number(Number::parse("1234567890123").expect("a number")))
        .with(Field::Custom("born".into()), "1987-06-05")
        .with(Field::Custom("agrees".into()), true)
        .with(Field::Other("notes".into()), Value::Json("{\"canary\":[\"canary\"]}".into()))
        .with(Field::CreatedAt, WrittenTime::parse("1987-06-05T04:00:00Z").expect("RFC 3339"));
    for field in [
        Field::FirstName,
        Field::LastName,
        Field::DisplayName,
        Field::Avatar,
        Field::Country,
        Field::Language,
        Field::Assignee,
        Field::ConversationStatus,
    ] {
        contact.provenance.insert(field.clone(), checked.clone());
        contact = contact.with(field.clone(), text(field.name()));
    }
    contact
}

#[test]
fn of_values_keys_and_suggestions() {
    let contacts = [contact(1), contact(2)];
    assert_silent("a contact", &format!("{:?} {:#?}", contacts[0], contacts));
    for (field, value) in &contacts[0].fields {
        assert_silent("a value", &format!("{field} {field:?} {value:?} {:?}", Some(vec![value])));
    }
    assert_silent("a channel", &format!("{:?}", contacts[0].channels()));
    let normalizer =
        Normalizer::builder().ignore(["canary@example.org", "+12025550147;ext=1"]).identifier("born").build();
    let found = normalizer.contact(&contacts[0]);
    assert!(found.keys.len() > 2 && found.rejections.len() > 1);
    let distinct = found.clone().distinct();
    assert_silent("keys", &format!("{normalizer:?} {found:?} {distinct:?}"));
    for rejection in &found.rejections {
        assert_silent("a rejection", &format!("{rejection:?} {}", rejection.reason));
    }

    let onefold::index::Built { mut index, extended, .. } = Index::build(normalizer.clone(), &contacts);
    let inserted = index.update(&contacts[1]).expect("there");
    let suggestions = index.suggestions();
    assert!(suggestions[0].evidence.len() > 2);
    let page = index.suggestions_page(None, 1);
    let why = index.why(&1, &2).expect("a chain");
    let alike = index.contacts_like(&contact(3));
    assert!(!alike.is_empty());
    let refused = index.insert(&contacts[0]).expect_err("there already");
    index.set_rules(Rules::new().with_max_holders(1).with_min_strength(Strength::Weak));
    let common = index.common_keys();
    assert!(common.len() > 2);
    let shown = format!(
        "{index:?} {extended:?} {inserted:?} {suggestions:?} {page:?} {why:?} {alike:?} {refused:?} {refused} {common:?}"
    );
    assert_silent("an index and its answers", &shown);
    index.block(&1).expect("there");
    assert_silent("matches", &format!("{:?} {:?}", index.matches_blocked(&contact(3)), index.keys_of(&1)));
    let damaged = serde_json::to_string(&index).expect("JSON").replace("\"position\":0", "\"position\":\"canary\"");
    let refused = serde_json::from_str::<Index<u32>>(&damaged).expect_err("damaged");
    assert!(format!("{refused}").contains("canary"), "serde shows what it met: said in SECURITY.md");

    let mut bulk = Bulk::new(normalizer, Rules::new().with_max_holders(1));
    let rejections: Vec<_> = contacts.iter().flat_map(|contact| bulk.add(None, contact)).collect();
    let groups = bulk.groups();
    let common = groups.common_key(None, &distinct[0].key);
    assert_silent("bulk", &format!("{rejections:?} {:?} {common:?}", groups.common_keys()));
}

#[test]
fn of_merges_patches_and_undos() {
    let (mut a, b) = (contact(1), contact(2));
    let policy = MergePolicy::new();
    let request = MergeRequest::new("m").set(Field::LastName, "canary given").take(Field::FirstName, 2);
    let merge = policy.merge(&[a.clone(), b.clone()], &request, &Normalizer::new()).expect("a merge");
    assert!(merge.lost.len() > 5);
    let mut shown = format!("{request:?} {merge:?} {:?} {:?}", merge.lost, merge.choices);
    merge.choices.iter().for_each(|choice| write!(shown, " {choice}").expect("a text"));
    merge.patch.changes().for_each(|change| write!(shown, " {change:?}").expect("a text"));
    let patch = &merge.patch;
    write!(shown, " {patch:?} {:?} {}", patch.clone().inverse(), patch.digest()).expect("a text");
    assert_silent("a merge", &shown);

    let agree = MergePolicy::builder().field(Field::Country, FieldRule::MustAgree).build().expect("a rule");
    let disagree = agree.merge(&[a.clone(), b.clone()], &request, &Normalizer::new()).expect_err("they differ");
    assert_silent("a refusal", &format!("{disagree:?} {disagree}"));
    let set = request.set(Field::CreatedAt, "canary");
    let refused = policy.merge(&[a.clone(), b.clone()], &set, &Normalizer::new()).expect_err("no time");
    assert_silent("a refusal", &format!("{refused:?} {refused}"));
    a.fields.insert(
        Field::Other("notes".into()),
        Value::Json(format!("{}\"canary\"{}", "[".repeat(200), "]".repeat(200)).into()),
    );
    let deep = policy.merge(&[a, b], &MergeRequest::new("m"), &Normalizer::new()).expect_err("too deep");
    assert_silent("a refusal", &format!("{deep:?} {deep}"));

    let edited = merge.survivor().clone().with(Field::LastName, "canary since").with(Field::Tags, Vec::<String>::new());
    let undo = patch.undo(&edited, Edits::Keep).expect("conflicts are listed");
    assert!(!undo.conflicts.is_empty());
    let refused = patch.undo(&edited, Edits::Refuse).expect_err("edited");
    let mut shown = format!("{undo:?} {refused:?} {refused}");
    undo.conflicts.iter().for_each(|conflict| write!(shown, " {conflict:?} {conflict}").expect("a text"));
    let mut store = BTreeMap::from([(1, edited), (2, contact(2))]);
    let refused = patch.apply(&mut store).expect_err("edited");
    write!(shown, " {refused:?} {refused}").expect("a text");
    assert_silent("an undo", &shown);

    let (json, bytes) = (patch.to_json(), patch.to_bytes());
    let mut errors = Vec::new();
    for end in (0..json.len()).step_by(7).filter(|end| json.is_char_boundary(*end)) {
        errors.extend(Patch::<u32>::from_json(&json[..end]).err());
        errors.extend(Patch::<u32>::from_json(&json.replacen('1', "\"canary\"", end)).err());
        errors.extend(Patch::<u32>::from_bytes(&bytes[..end.min(bytes.len())]).err());
    }
    errors.extend(Patch::<String>::from_json(&json).err());
    assert!(errors.len() > 100);
    errors.iter().for_each(|error| assert_silent("an error of a patch", &format!("{error:?} {error}")));
}

#[test]
fn of_a_contact_that_cannot_be_read() {
    for json in [
        "\"canary\"",
        "{\"id\":{\"canary\":1}}",
        "{\"id\":1,\"custom\":\"canary\"}",
        "{\"id\":1,\"provenance\":\"canary\"}",
        "{\"id\":1,\"provenance\":{\"first_name\":\"canary\"}}",
        "{\"id\":1,\"first_name\":\"canary",
        "{\"id\":\"canary\"}",
        "{\"id\":1,\"first_name\":canary}",
        "{\"id\":1,\"first_name\":\"\\ucanary\"}",
    ] {
        if let Err(error) = Contact::<u32>::from_json(json) {
            assert_silent(json, &format!("{error:?} {error}"));
        }
    }
}

fn workspace() -> Workspace<u32> {
    let policy = MergePolicy::new();
    let mut workspace = Workspace::new(Settings::new().with_policy(policy));
    let act = Act::new(Time::from_millis(1), "somebody");
    for id in 1..4 {
        let _ = workspace.add(contact(id), &act).expect("new");
    }
    workspace
}

#[test]
fn of_a_workspace_and_its_refusals() {
    let (mut workspace, act) = (workspace(), Act::new(Time::from_millis(2), "somebody"));
    let mut shown = String::new();
    macro_rules! note {
        ($($result:expr),+ $(,)?) => {
            $(match $result {
                Ok(done) => writeln!(shown, "{done:?}").expect("a text"),
                Err(error) => writeln!(shown, "{error:?} {error}").expect("a text"),
            })+
        };
    }
    note!(
        workspace.add(contact(1), &act),
        workspace.edit(contact(1).with(Field::LastName, "canary again"), &act),
        workspace.set_field(&1, &Field::FirstName, "canary by hand".into(), &act),
        workspace.set_field(&1, &Field::Email, Value::from(vec!["canary at example".to_owned()]), &act),
        workspace.set_field(&1, &Field::Phone, Value::from(vec!["2025550147".to_owned()]), &act),
        workspace.set_field(&1, &Field::Country, "canary".into(), &act),
        workspace.set_field(&1, &Field::Avatar, "canary".into(), &act),
        workspace.set_field(&1, &Field::Custom("plan".into()), "canary".into(), &act),
        workspace.define_field("visits", CustomType::Number, &act),
        workspace.set_field(&1, &Field::Custom("visits".into()), "canary".into(), &act),
        workspace.set_account("wa", ChannelKind::WhatsApp, "An account", &act),
        workspace.receive(&2, Some(&Sender::new("wa", "12025550147")), &act),
        workspace.send(&3, "wa", &act),
        workspace.block(&3, &act),
        workspace.mark_distinct(&1, &2, &act),
        workspace.merge(&MergeRequest::new("m"), &1, &[2], &act),
        workspace.merge(&MergeRequest::new("m").allow_distinct().set(Field::LastName, "canary"), &1, &[2], &act),
        workspace.edit(contact(1).with(Field::LastName, "canary since"), &act),
        workspace.undo("m", &UndoRequest::new().with_edits(Edits::Refuse), &act),
        workspace.undo("m", &UndoRequest::new().with_later(Later::Undo), &act),
        workspace.import([contact(1), contact(9)], onefold_workspace::Existing::Update, &act),
        workspace.save_segment("segment", Filter::Equals { field: Field::LastName, value: "canary".into() }, &act),
        workspace.begin_deletion(
            &Selection::Filter(Filter::Equals { field: Field::LastName, value: "canary".into() }),
            7,
            &act
        ),
        workspace.delete(&2, &act),
    );
    writeln!(shown, "{workspace:?} {:?}", workspace.settings()).expect("a text");
    writeln!(shown, "{:?}", workspace.history().collect::<Vec<_>>()).expect("a text");
    writeln!(shown, "{:?}", workspace.blocked().collect::<Vec<_>>()).expect("a text");
    writeln!(shown, "{:?}", workspace.segments().collect::<Vec<_>>()).expect("a text");
    // Tags are the workspace's own words, and of a change only they are shown: by the name, never in `Debug`.
    writeln!(shown, "{:?}", workspace.events().collect::<Vec<_>>()).expect("a text");
    for line in shown.lines() {
        assert_silent("a workspace", line);
    }
    for event in workspace.events() {
        let marked = serde_json::to_string(event).expect("JSON");
        let (before, _) = marked.split_once("\"tags_added\"").unwrap_or((&marked, ""));
        assert_silent("an event", before);
    }

    let state = workspace.to_state();
    assert!(gives_away(&state));
    let mut errors = Vec::new();
    for (place, _) in state.match_indices("canary").step_by(5) {
        errors.extend(Workspace::<u32>::from_state(&state[..place]).err());
        let spoilt = format!("{}\u{1}{}", &state[..place], &state[place..]);
        errors.extend(Workspace::<u32>::from_state(&spoilt).err());
        errors.extend(Workspace::<u32>::from_state(&state.replacen("canary", "\"canary", place)).err());
    }
    assert!(errors.len() > 10);
    errors.iter().for_each(|error| assert_silent("an error of a state", &format!("{error:?} {error}")));
}

#[test]
fn of_the_answers_of_the_protocol_to_what_it_refuses() {
    let mut protocol = Protocol::new();
    let mut refused = 0;
    for line in [
        r#"{"op":"add","id":"a","contact":{"emails":["canary@example.com"],"first_name":"canary"}}"#,
        r#"{"op":"add","id":"a","contact":{"emails":["canary@example.com"]}}"#,
        r#"{"op":"add","id":"b","contact":{"emails":"canary@example.com"}}"#,
        r#"{"op":"add","id":"b","contact":{"emails":[["canary"]]}}"#,
        r#"{"op":"add","id":"b","contact":"canary"}"#,
        r#"{"op":"add","id":"b","contact":{"created_at":"canary"}}"#,
        r#"{"op":"edit","id":"a","set":{"phones":"canary"}}"#,
        r#"{"op":"edit","id":"zz","set":{"phones":["canary"]}}"#,
        r#"{"op":"set_field","id":"a","field":"emails","value":["canary"]}"#,
        r#"{"op":"set_field","id":"a","field":"country","value":"canary"}"#,
        r#"{"op":"set_field","id":"a","field":"custom.plan","value":"canary"}"#,
        r#"{"op":"config","ignore":["canary"],"normalize":"canary"}"#,
        r#"{"op":"block","id":"a","canary":1}"#,
        r#"{"op":"merge","merge":"m","into":"a","retire":"canary"}"#,
        r#"{"op":"undo","merge":"m","later":"canary"}"#,
        r#"{"op":"settings","policy":{"survivor":"canary"}}"#,
        r#"{"op":"settings","policy":{"fields":{"first_name":"canary"},"canary":1}}"#,
        r#"{"op":"select","filter":{"tag":["canary"]}}"#,
        r#"{"op":"counts","actor":{"name":"canary","role":"canary"}}"#,
        r#"{"op":"block","id":"a""canary"}"#,
        r#"canary"#,
    ] {
        let answer = protocol.answer(line).expect("an answer");
        refused += usize::from(answer.contains("\"error\""));
        assert_silent(line, &answer);
    }
    assert!(refused > 10, "{refused}");
    assert_silent("a protocol", &format!("{protocol:?}"));
}

/// The texts that public types show in `Debug`: names that the host or the workspace gave, words for what is wrong, and what
/// somebody wrote on the command line. None is what a contact said of itself.
#[rustfmt::skip]
const TEXTS: [&str; 59] = [
    "AccountPortfolio.portfolio", "AccountPortfolio.portfolio_group", "Act.by", "Affected.segments",
    "Assigned.created", "Block.by", "BlockedContact.by", "ChannelAccount.title", "ChannelKind.Other",
    "ContactChannel.account", "ContactChannel.title", "ContactRow.head", "CustomType.List", "Deletion.by",
    "DistinctMark.carrier", "DistinctMarks.by", "DistinctMarks.merge", "Event.by", "EventKind.account",
    "EventKind.merge", "EventKind.tag", "EventKind.to", "FieldRule.Join", "InputError.field", "InputError.header",
    "InputError.headers", "InputError.known", "InputError.lists", "InputError.member", "InputError.name",
    "InputError.text", "Mapping.field", "Mapping.header", "MergeError.name", "MergeUndo.by", "ModelError.reason", "Options.identifiers",
    "Options.workspace_column", "Permission.Consent", "Permission.Objection", "PolicyError.allowed",
    "PolicyError.field", "PolicyError.name", "Problem.field", "Problem.header", "Replayed.merge", "Row.workspace",
    "ScopedContact.workspace",
    "Selection.Segment", "StateError.id", "Tag.created_by", "TagCount.tag", "ToDelete.head", "UndoneMerge.merge",
    "WorkspaceError.account", "WorkspaceError.by", "WorkspaceError.merge", "WorkspaceError.segment",
    "WorkspaceError.tag",
];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The fields of a public type, or its variants, that hold a text.
fn texts_of(body: &[&str]) -> Vec<String> {
    // What is static was written here, and an id is the host's.
    let has_text = |line: &str| {
        let line = line.replace("Contact<String>", "");
        ["str>", "String", "&'a str"].iter().any(|text| line.contains(text))
    };
    let fields = body.iter().map(|line| line.trim()).filter(|line| !line.starts_with("//") && has_text(line));
    fields.map(|line| line.trim_start_matches("pub ").split([':', '(']).next().unwrap_or_default().to_owned()).collect()
}

/// Whoever adds a type with a text in it must say here that it may show.
#[test]
fn every_type_that_shows_a_text_is_known() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "crates/files/src", "crates/sqlite/src", "crates/workspace/src"] {
        sources(&root.join(folder), &mut files);
    }
    let mut found = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a source file");
        let mut shows = false;
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            let start = line.trim_start();
            if start.starts_with("#[") || start.starts_with("///") {
                shows |= start.starts_with("#[derive(") && start.contains("Debug");
                continue;
            }
            let name = start.strip_prefix("pub struct ").or_else(|| start.strip_prefix("pub enum "));
            if let Some(name) = name.filter(|_| shows) {
                let name = name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
                let body: Vec<&str> = if line.ends_with(';') {
                    vec![line]
                } else {
                    lines.by_ref().take_while(|line| *line != "}").collect()
                };
                found.extend(texts_of(&body).into_iter().map(|field| format!("{name}.{field}")));
            }
            shows = false;
        }
    }
    found.sort();
    found.dedup();
    assert_eq!(found, TEXTS);
}

//! Merges by the default policy, and undos after edits, equal those of a slow program that works on JSON
//! values and shares nothing with the library.
#![cfg(feature = "serde")]

use std::collections::{BTreeMap, BTreeSet};

use onefold::{Contact, Edits, MergePolicy, MergeRequest, Normalizer, UndoError};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

type Record = Map<String, Value>;

const FOLDED: [&str; 2] = ["created_at", "updated_at"];

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null) || *value == json!("") || *value == json!([]) || *value == json!({})
}

/// The survivor first, then the newest, then the smallest id; the first value that is not empty wins, lists
/// unite, maps go key by key. With it what got lost: contact, field, value.
fn combine(records: &[(String, Record)]) -> (Record, BTreeSet<(String, String, String)>) {
    let updated = |record: &Record| record.get("updated_at").and_then(Value::as_i64).unwrap_or(0);
    let mut order: Vec<&(String, Record)> = records.iter().collect();
    order[1..].sort_by_key(|(id, record)| (-updated(record), id.clone()));
    let names: BTreeSet<&String> = order.iter().flat_map(|(_, record)| record.keys()).collect();
    let (mut out, mut lost) = (Record::new(), BTreeSet::new());
    for name in names {
        let have: Vec<(&String, &Value)> =
            order.iter().filter_map(|(id, record)| Some((id, record.get(name)?))).collect();
        let said: Vec<&Value> = have.iter().map(|(_, value)| *value).filter(|value| !value.is_null()).collect();
        let value = match said.first() {
            Some(_) if name == "created_at" => json!(said.iter().filter_map(|value| value.as_i64()).min()),
            Some(_) if name == "updated_at" => json!(said.iter().filter_map(|value| value.as_i64()).max()),
            Some(Value::Array(_)) => {
                let mut united: Vec<Value> = Vec::new();
                for item in have.iter().flat_map(|(_, value)| value.as_array().into_iter().flatten()) {
                    if !united.contains(item) {
                        united.push(item.clone());
                    }
                }
                Value::Array(united)
            }
            Some(Value::Object(_)) => {
                let mut map = Record::new();
                for (id, of) in &have {
                    for (key, value) in of.as_object().into_iter().flatten() {
                        if map.get(key).is_none_or(is_empty) {
                            map.insert(key.clone(), value.clone());
                        } else if !is_empty(value) && map.get(key) != Some(value) {
                            lost.insert(((*id).clone(), format!("{name}.{key}"), value.to_string()));
                        }
                    }
                }
                Value::Object(map)
            }
            _ => {
                let first = have.iter().map(|(_, value)| *value).find(|value| !is_empty(value));
                let kept = first.unwrap_or(have[0].1).clone();
                for (id, value) in &have {
                    if !is_empty(value) && **value != kept {
                        lost.insert(((*id).clone(), name.clone(), value.to_string()));
                    }
                }
                kept
            }
        };
        out.insert(name.clone(), value);
    }
    (out, lost)
}

/// A field and what became of it.
type Notes = BTreeSet<(String, &'static str)>;

fn pick(
    after: Option<&Value>,
    before: Option<&Value>,
    now: Option<&Value>,
    name: &str,
    notes: &mut Notes,
) -> Option<Value> {
    if now == after {
        return before.cloned();
    }
    if now != before && after != before && !FOLDED.contains(&name) {
        notes.insert((name.to_owned(), "edited since"));
    }
    now.cloned()
}

fn three_way(after: &Record, before: &Record, now: &Record) -> (Record, Notes) {
    let (mut out, mut notes) = (Record::new(), Notes::new());
    let names: BTreeSet<&String> = [after, before, now].into_iter().flat_map(Map::keys).collect();
    for name in names {
        let (a, b, c) = (after.get(name), before.get(name), now.get(name));
        let kind = [c, a, b].into_iter().flatten().find(|value| !value.is_null());
        let value = if c == a {
            b.cloned()
        } else {
            match kind {
                Some(Value::Array(_)) => {
                    let items = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
                    let (a, b, c) = (items(a), items(b), items(c));
                    let kept = c.iter().filter(|item| b.contains(item) || !a.contains(item));
                    let back = b.iter().filter(|item| !a.contains(item) && !c.contains(item));
                    for item in a.iter().filter(|item| !c.contains(item) && !b.contains(item)) {
                        notes.insert((format!("{name}={item}"), "removed since"));
                    }
                    Some(Value::Array(kept.chain(back).cloned().collect()))
                }
                Some(Value::Object(_)) => {
                    let map = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
                    let (a, b, c) = (map(a), map(b), map(c));
                    let keys: BTreeSet<&String> = [&a, &b, &c].into_iter().flat_map(Map::keys).collect();
                    let merged = keys.into_iter().filter_map(|key| {
                        let name = format!("{name}.{key}");
                        Some((key.clone(), pick(a.get(key), b.get(key), c.get(key), &name, &mut notes)?))
                    });
                    Some(Value::Object(merged.collect()))
                }
                _ => pick(a, b, c, name, &mut notes),
            }
        };
        let is_bare = |value: Option<&Value>| value.is_some_and(|value| *value == json!([]) || *value == json!({}));
        if let Some(value) = value
            && !(is_bare(Some(&value)) && b.is_none() && !is_bare(c))
        {
            out.insert(name.clone(), value);
        }
    }
    (out, notes)
}

fn list(of: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        6 => (0..=of.len().min(3)).prop_flat_map(move |count| subsequence(of, count)).prop_shuffle().prop_map(|items| json!(items)),
    ]
}

/// A field and a value of it.
fn entry() -> impl Strategy<Value = (&'static str, Value)> {
    let name = || select(vec![json!(""), json!("N1"), json!("N2"), Value::Null, json!(7), json!(true)]);
    let custom = vec((select(vec!["j", "k", "l"]), select(vec![json!(""), json!("1"), json!(2), Value::Null])), 0..3)
        .prop_map(|entries| json!(entries.into_iter().collect::<BTreeMap<_, _>>()));
    prop_oneof![
        2 => (Just("first_name"), name()),
        1 => (Just("last_name"), name()),
        2 => (Just("emails"), list(&["e1", "e2", "e3"])),
        2 => (Just("phones"), list(&["p1", "p2"])),
        2 => (Just("tags"), list(&["x", "y", "z"])),
        2 => (Just("custom"), prop_oneof![6 => custom, 1 => Just(Value::Null)]),
        1 => (Just("created_at"), prop_oneof![5 => (0..9).prop_map(|at| json!(at)), 1 => Just(Value::Null)]),
        2 => (Just("updated_at"), prop_oneof![5 => (0..9).prop_map(|at| json!(at)), 1 => Just(Value::Null)]),
    ]
}

fn record() -> impl Strategy<Value = Record> {
    vec(entry(), 0..8).prop_map(|entries| entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn records() -> impl Strategy<Value = Vec<(String, Record)>> {
    (vec(record(), 2..5), Just(vec!["a", "b", "c", "d"]).prop_shuffle())
        .prop_map(|(records, ids)| ids.into_iter().map(str::to_owned).zip(records).collect())
}

fn contact(id: &str, record: &Record) -> Contact<String> {
    let mut whole = record.clone();
    whole.insert("id".to_owned(), json!(id));
    Contact::from_json(&Value::Object(whole).to_string()).expect("a contact")
}

fn record_of(contact: &Contact<String>) -> Record {
    let Value::Object(mut record) = serde_json::to_value(contact).expect("JSON") else { panic!("an object") };
    record.remove("id");
    record
}

/// An edit: fields that are set, and fields that are taken away.
fn edits() -> impl Strategy<Value = (Record, Vec<&'static str>)> {
    let names = vec!["first_name", "emails", "phones", "tags", "custom", "updated_at"];
    (record(), (0..3_usize).prop_flat_map(move |count| subsequence(names.clone(), count)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn merges_and_undos_are_those_of_the_naive_program(records in records(), (set, unset) in edits()) {
        let contacts: Vec<_> = records.iter().map(|(id, record)| contact(id, record)).collect();
        let normalizer = Normalizer::builder().as_written().build();
        let merge = MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &normalizer).expect("a merge");
        let (after, lost) = combine(&records);
        prop_assert_eq!(&record_of(merge.survivor()), &after);
        let listed = merge.lost.iter().map(|lost| {
            let value = serde_json::to_string(&lost.value).expect("JSON");
            (lost.contact.clone(), lost.field.to_string(), value)
        });
        prop_assert_eq!(listed.collect::<BTreeSet<_>>(), lost);

        let mut now = after.clone();
        now.extend(set);
        unset.iter().for_each(|name| drop(now.remove(*name)));
        let survivor = contact(&records[0].0, &now);
        let (expected, notes) = three_way(&after, &records[0].1, &now);
        let undo = merge.patch.undo(&survivor, Edits::Keep).expect("an undo");
        prop_assert_eq!(record_of(&undo.survivor), expected);
        let marked = undo.conflicts.iter().map(|conflict| match conflict.kind {
            onefold::patch::ConflictKind::Removed => {
                let value = serde_json::to_string(&conflict.after).expect("JSON");
                (format!("{}={value}", conflict.field), conflict.kind.name())
            }
            kind => (conflict.field.to_string(), kind.name()),
        });
        prop_assert_eq!(marked.collect::<Notes>(), notes);
        let back: BTreeMap<_, _> = undo.retired.iter().map(|contact| (&contact.id, record_of(contact))).collect();
        prop_assert!(records[1..].iter().all(|(id, record)| back.get(id) == Some(record)));

        let refused = merge.patch.undo(&survivor, Edits::Refuse);
        if undo.conflicts.is_empty() { prop_assert_eq!(refused, Ok(undo)) } else { prop_assert_eq!(refused, Err(UndoError::EditedSince {
                survivor: survivor.id.clone(),
                conflicts: undo.conflicts,
            })) }
        let overwritten = merge.patch.undo(&survivor, Edits::Overwrite).expect("an undo");
        prop_assert_eq!(record_of(&overwritten.survivor), records[0].1.clone());
        let edited: BTreeSet<&String> = after.keys().chain(now.keys())
            .filter(|name| !FOLDED.contains(&name.as_str()) && after.get(*name) != now.get(*name)).collect();
        let marked: BTreeSet<String> = overwritten.conflicts.iter()
            .map(|conflict| conflict.field.to_string().split('.').next().unwrap_or_default().to_owned()).collect();
        // A map that was cleared or made and holds nothing is no field of its own.
        prop_assert!(marked.iter().all(|name| edited.contains(name)));
        prop_assert!(edited.iter().all(|name| marked.contains(*name) || *name == "custom"));
    }
}

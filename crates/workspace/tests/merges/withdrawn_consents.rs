//! A consent that was withdrawn since a merge, or an objection made, holds for everybody whom an undo brings back.

use std::collections::BTreeSet;

use onefold::patch::Deviation;
use onefold::{Contact, Edits, Field, Merge, MergePolicy, MergeRequest, Normalizer, Patch, Time, Value};
use onefold_workspace::{Act, Later, Role, Settings, UndoRequest, Workspace};
use proptest::prelude::*;
use serde_json::json;

fn contact(record: serde_json::Value) -> Contact<u64> {
    Contact::from_json(&record.to_string()).expect("a contact")
}

fn merge(policy: &MergePolicy, a: serde_json::Value, b: serde_json::Value) -> Merge<u64> {
    policy.merge(&[contact(a), contact(b)], &MergeRequest::new("m"), &Normalizer::new()).expect("a merge")
}

fn custom(name: &str) -> Field {
    Field::Custom(name.into())
}

#[test]
fn what_was_withdrawn_holds_for_all_and_is_listed() {
    let granted = || json!({"newsletter": true, "unsubscribed": false, "plan": "pro"});
    let merge = merge(
        &MergePolicy::new(),
        json!({"id": 1, "custom": granted()}),
        json!({"id": 2, "custom": {"Newsletter": "yes", "do_not_call": false}, "unsubscribed": "no"}),
    );
    let edited = merge.survivor().clone();
    let edited = edited.with(custom("newsletter"), false).with(custom("unsubscribed"), true);
    let edited = edited.with(custom("do-not-call"), true).with(custom("plan"), "free");
    for edits in [Edits::Keep, Edits::Overwrite] {
        let undo = merge.patch.undo(&edited, edits).expect("an undo");
        let (survivor, retired) = (&undo.survivor, &undo.retired[0]);
        for (contact, newsletter) in [(survivor, "newsletter"), (retired, "Newsletter")] {
            assert_eq!(contact.get(&custom(newsletter)), Some(&Value::Bool(false)), "{edits:?}");
        }
        assert_eq!(survivor.get(&custom("unsubscribed")), Some(&Value::Bool(true)));
        assert_eq!(retired.get(&Field::Other("unsubscribed".into())), Some(&Value::Bool(true)));
        assert_eq!(retired.get(&custom("do_not_call")), Some(&Value::Bool(true)));
        assert_eq!(survivor.get(&custom("do-not-call")), Some(&Value::Bool(true)), "it has none, and gets it");
        assert_eq!(retired.get(&custom("plan")), None, "no other field spreads");
        let of_retired: Vec<&Deviation<u64>> = undo.deviations.iter().filter(|one| *one.contact() == 2).collect();
        assert_eq!(of_retired.len(), 3, "{:?}", undo.deviations);
        assert!(of_retired.contains(&&Deviation::Withdrawn {
            contact: 2,
            field: custom("Newsletter"),
            before: Some("yes".into()),
            now: Some(Value::Bool(false)),
        }));
        assert!(!format!("{:?}", undo.deviations).contains("yes"));
        let overwritten: Vec<&Field> = undo.conflicts.iter().map(|conflict| &conflict.field).collect();
        assert!(!overwritten.contains(&&custom("newsletter")) || edits == Edits::Keep, "what holds is not overwritten");
    }
}

#[test]
fn columns_of_exporters_are_consents_and_objections() {
    for (name, permits, protects) in [
        ("HasOptedOutOfEmail", "false", "true"),
        ("DoNotCall", "0", "1"),
        ("Unsubscribed from all email", "No", "Yes"),
        ("Opted out of email: Marketing Information", "false", "true"),
        ("EMAIL_BLACKLISTED", "false", "true"),
        ("Do not allow Emails", "Allow", "Do Not Allow"),
        ("GDPR", "yes", "no"),
        ("Accepts Marketing", "yes", "no"),
        ("Email Marketing Consent", "SUBSCRIBED", "NEVER_SUBSCRIBED"),
    ] {
        let record = |id, value: &str| json!({"id": id, name: value});
        for (first, second) in [(permits, protects), (protects, permits)] {
            let merged = merge(&MergePolicy::new(), record(1, first), record(2, second));
            assert_eq!(merged.survivor().get(&Field::Other(name.into())), Some(&protects.into()), "{name}");
        }
    }
    // One objection under two names.
    let merged = merge(
        &MergePolicy::new(),
        json!({"id": 1, "Email Opt Out": "no"}),
        json!({"id": 2, "HasOptedOutOfEmail": "yes"}),
    );
    assert_eq!(merged.survivor().get(&Field::Other("Email Opt Out".into())), Some(&"yes".into()));
    // Why and where is no consent.
    let merged = merge(
        &MergePolicy::new(),
        json!({"id": 1, "Unsubscribe link": ""}),
        json!({"id": 2, "Unsubscribe link": "https://shop.example.com/u/2"}),
    );
    let undo = merged.patch.undo(merged.survivor(), Edits::Keep).expect("an undo");
    assert!(undo.deviations.is_empty());
}

#[test]
fn a_grant_never_spreads_and_undoing_at_once_gives_all_back() {
    let (a, b) =
        (json!({"id": 1, "custom": {"opt_in": false}}), json!({"id": 2, "custom": {"opt_in": true, "dnc": true}}));
    let merge = merge(&MergePolicy::new(), a.clone(), b.clone());
    let undo = merge.patch.undo(merge.survivor(), Edits::Keep).expect("an undo");
    assert_eq!((undo.survivor, undo.retired, undo.deviations), (contact(a), vec![contact(b.clone())], vec![]));
    // Somebody has permitted all of it since, and another field was edited.
    let edited = merge.survivor().clone().with(custom("opt_in"), true).with(custom("dnc"), false);
    let undo = merge.patch.undo(&edited, Edits::Keep).expect("an undo");
    assert_eq!((&undo.retired, undo.deviations.len()), (&vec![contact(b)], 0));
}

#[test]
fn what_says_that_it_was_withdrawn_again_holds_too() {
    let by = |at: u64| json!({"custom.opt_in": {"source": "manual", "changed_at": at, "verified": false}});
    let a = json!({"id": 1, "custom": {"opt_in": true}});
    let b = json!({"id": 2, "custom": {"opt_in": false}, "provenance": by(5)});
    let merge = merge(&MergePolicy::new(), a, b);
    let mut edited = serde_json::to_value(merge.survivor()).expect("JSON");
    edited["provenance"] = by(9);
    let undo = merge.patch.undo(&contact(edited), Edits::Keep).expect("an undo");
    assert_eq!(undo.survivor.get(&custom("opt_in")), Some(&Value::Bool(false)));
}

#[test]
fn a_consent_that_is_emptied_is_withdrawn_from_those_who_gave_it() {
    let of = |id: u64, opt_in: bool| json!({"id": id, "custom": {"opt_in": opt_in}});
    let merge = merge(&MergePolicy::new(), of(1, true), of(2, true));
    for (now, expected) in [(Some(Value::Null), Some(Value::Null)), (None, None)] {
        let mut edited = merge.survivor().clone();
        match now {
            Some(now) => drop(edited.fields.insert(custom("opt_in"), now)),
            None => drop(edited.fields.remove(&custom("opt_in"))),
        }
        let undo = merge.patch.undo(&edited, Edits::Keep).expect("an undo");
        assert_eq!(undo.retired[0].get(&custom("opt_in")), expected.as_ref());
    }
}

#[test]
fn without_flags_they_are_fields_as_any_others_and_the_patch_says_so() {
    let policy = MergePolicy::builder().without_flags().build().expect("a legal policy");
    let merge = merge(&policy, json!({"id": 1}), json!({"id": 2, "custom": {"opt_in": true}}));
    let edited = merge.survivor().clone().with(custom("opt_in"), false);
    let json = merge.patch.to_json();
    assert!(json.starts_with(r#"{"onefold_patch":2,"#) && json.contains(r#""flags":false"#));
    for patch in [
        merge.patch.clone(),
        Patch::from_json(&json).expect("what was written"),
        Patch::from_bytes(&merge.patch.to_bytes()).expect("what was written"),
    ] {
        assert_eq!(patch, merge.patch);
        let undo = patch.undo(&edited, Edits::Keep).expect("an undo");
        assert_eq!((undo.retired[0].get(&custom("opt_in")), undo.deviations), (Some(&Value::Bool(true)), vec![]));
    }
    // One version cannot be taken for the other.
    for forged in [json.replace("\"onefold_patch\":2", "\"onefold_patch\":1"), json.replace("\"flags\":false,", "")] {
        assert!(Patch::<u64>::from_json(&forged).is_err());
    }
}

#[test]
fn a_workspace_knows_what_was_withdrawn_in_between() {
    let mut workspace = Workspace::new(Settings::new());
    let act = Act::default();
    for record in [json!({"id": 1, "custom": {"opt_in": true}}), json!({"id": 2, "custom": {"opt_in": false}})] {
        workspace.add(contact(record), &act).expect("a new contact");
    }
    workspace.merge(&MergeRequest::new("m"), &1, &[2], &act).expect("a merge");
    // Given and withdrawn again: the survivor is as the merge has left it.
    for opt_in in [true, false] {
        let edited = workspace.get(&1).expect("live").clone().with(custom("opt_in"), opt_in);
        workspace.edit(edited, &act).expect("an edit");
    }
    let mut workspace = Workspace::<u64>::from_state(&workspace.to_state()).expect("what was written");
    let undone = workspace.undo("m", &UndoRequest::new(), &act).expect("an undo").outcome;
    assert_eq!(workspace.get(&1).expect("back").get(&custom("opt_in")), Some(&Value::Bool(false)));
    assert_eq!(undone.merges[0].deviations.len(), 1);
}

#[test]
fn a_user_who_withdraws_what_is_withdrawn_says_so_once_more() {
    let mut workspace = Workspace::new(Settings::new());
    let host = Act::default();
    workspace.define_field("unsubscribed", onefold::contact::CustomType::Checkbox, &host).expect("defined");
    for record in [
        json!({"id": 1}),
        json!({"id": 2, "custom": {"unsubscribed": true}}),
        json!({"id": 3, "custom": {"unsubscribed": true}}),
    ] {
        workspace.add(contact(record), &host).expect("a new contact");
    }
    workspace.merge(&MergeRequest::new("m"), &1, &[2, 3], &host).expect("a merge");
    let act = Act::new(Time::from_millis(9), "ada").of_user(Role::Agent);
    workspace.set_field(&1, &custom("unsubscribed"), true.into(), &act).expect("a value");
    workspace.undo("m", &UndoRequest::new(), &host).expect("an undo");
    assert_eq!(workspace.get(&1).expect("live").get(&custom("unsubscribed")), Some(&Value::Bool(true)));
}

#[test]
fn the_protocol_lists_what_holds() {
    let mut protocol = onefold_workspace::Protocol::new();
    let mut answer = |line: serde_json::Value| -> serde_json::Value {
        let answer = protocol.answer(&line.to_string()).expect("an answer");
        serde_json::from_str(&answer).expect("JSON")
    };
    for id in ["a", "b"] {
        answer(json!({"op": "add", "id": id, "contact": {"custom": {"marketing_consent": true}}}));
    }
    answer(json!({"op": "merge", "merge": "m", "into": "a", "retire": ["b"]}));
    answer(json!({"op": "edit", "id": "a", "set": {"custom": {"marketing_consent": false}, "unsubscribed": true}}));
    let undone = answer(json!({"op": "undo", "merge": "m"}));
    assert_eq!(
        undone["deviations"],
        json!([
            {"deviation": "withdrawn", "contact": "b", "field": "custom.marketing_consent", "before": true, "now": false},
            {"deviation": "withdrawn", "contact": "b", "field": "unsubscribed", "before": null, "now": true},
        ])
    );
    let contact = answer(json!({"op": "get", "id": "b"}));
    assert_eq!(contact["contact"]["custom"]["marketing_consent"], json!(false));
}

/// A consent and an objection.
const NAMES: [&str; 2] = ["opt_in", "dnc"];

#[derive(Clone, Debug)]
enum Op {
    Say(u64, usize, Option<bool>),
    Merge(u64, u64),
    Undo(usize, Edits, Later),
    Restart,
}

fn operations() -> impl Strategy<Value = Vec<Op>> {
    let edits = prop::sample::select(vec![Edits::Keep, Edits::Refuse, Edits::Overwrite]);
    let later = prop::sample::select(vec![Later::Refuse, Later::Undo, Later::Replay]);
    let op = prop_oneof![
        6 => (0..5_u64, 0..2_usize, any::<Option<bool>>()).prop_map(|(id, name, value)| Op::Say(id, name, value)),
        4 => (0..5_u64, 0..5_u64).prop_map(|(into, retire)| Op::Merge(into, retire)),
        4 => (0..9_usize, edits, later).prop_map(|(merge, edits, later)| Op::Undo(merge, edits, later)),
        1 => Just(Op::Restart),
    ];
    prop::collection::vec(op, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is forbidden to a contact is forbidden for all that it is made of then, and none of them permits it before
    /// somebody has said so.
    #[test]
    fn nobody_permits_what_was_withdrawn(ops in operations()) {
        let act = Act::default();
        let mut workspace = Workspace::new(Settings::new());
        for id in 0..5 {
            workspace.add(Contact::new(id), &act).expect("a new contact");
        }
        let mut withdrawn: BTreeSet<(u64, usize)> = BTreeSet::new();
        for (number, op) in ops.iter().enumerate() {
            match op {
                Op::Say(id, name, value) => {
                    let Some(before) = workspace.get(id).cloned() else { continue };
                    let made_of = workspace.made_of(id).expect("live");
                    let edited = before.clone().with(custom(NAMES[*name]), value.map_or(Value::Null, Value::Bool));
                    if edited == before {
                        // Nobody can see that something was said.
                        continue;
                    }
                    workspace.edit(edited, &act).expect("an edit");
                    for part in made_of {
                        match (name, value) {
                            (0, Some(false)) | (1, Some(true)) => drop(withdrawn.insert((part, *name))),
                            _ => drop(withdrawn.remove(&(part, *name))),
                        }
                    }
                }
                Op::Merge(into, retire) => {
                    let _ = workspace.merge(&MergeRequest::new(format!("m{number}")), into, &[*retire], &act);
                }
                Op::Undo(merge, edits, later) => {
                    let name = workspace.history().nth(*merge).map_or_else(String::new, |record| record.merge.to_string());
                    let _ = workspace.undo(&name, &UndoRequest::new().with_edits(*edits).with_later(*later), &act);
                }
                Op::Restart => workspace = Workspace::from_state(&workspace.to_state()).expect("what was written"),
            }
            for contact in workspace.contacts() {
                for (name, permits) in [(0, Value::Bool(true)), (1, Value::Bool(false))] {
                    let is_permitted = contact.get(&custom(NAMES[name])) == Some(&permits);
                    let is_withdrawn = withdrawn.contains(&(contact.id, name));
                    prop_assert!(!(is_permitted && is_withdrawn), "{} of {} after {:?}", NAMES[name], contact.id, op);
                }
            }
        }
    }
}

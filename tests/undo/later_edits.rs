//! What an undo does with what happened since the merge: to channels, to provenance, to blocks.
#![cfg(feature = "serde")]

use onefold::patch::ConflictKind;
use onefold::{Contact, Edits, Merge, MergePolicy, MergeRequest, Normalizer};
use serde_json::{Value, json};

fn contact(record: Value) -> Contact<u64> {
    Contact::from_json(&record.to_string()).expect("a contact")
}

fn merge(a: Value, b: Value) -> Merge<u64> {
    let request = MergeRequest::new("m").allow_blocked();
    MergePolicy::new().merge(&[contact(a), contact(b)], &request, &Normalizer::new()).expect("a merge")
}

/// Edits the JSON form of the survivor and takes the merge back: the survivor, the retired, and the conflicts.
fn undo(merge: &Merge<u64>, edit: impl FnOnce(&mut Value)) -> (Value, Value, Vec<(String, ConflictKind)>) {
    let mut now = serde_json::to_value(merge.survivor()).expect("JSON");
    edit(&mut now);
    let undo = merge.patch.undo(&contact(now), Edits::Keep).expect("an undo");
    let json = |contact: &Contact<u64>| serde_json::to_value(contact).expect("JSON");
    let conflicts = undo.conflicts.iter().map(|conflict| (conflict.field.to_string(), conflict.kind)).collect();
    (json(&undo.survivor), json(&undo.retired[0]), conflicts)
}

fn channel(identity: &str, at: u64) -> Value {
    json!({"kind": "web", "account": "main", "identity": identity, "connected_at": at})
}

#[test]
fn channels_are_undone_one_by_one() {
    let (a, b) = (
        json!({"id": 1, "channels": [channel("x", 9), channel("y", 1)]}),
        json!({"id": 2, "channels": [channel("x", 5), channel("z", 2)]}),
    );
    let merge = merge(a.clone(), b.clone());
    // The earlier connection came with the other contact, and goes with it.
    let (survivor, retired, conflicts) = undo(&merge, |now| now["tags"] = json!(["new"]));
    assert_eq!((&survivor["channels"], &retired, conflicts.len()), (&a["channels"], &b, 0));
    assert_eq!(survivor["tags"], json!(["new"]));
    // One is added, one is edited, one that came with the other contact is removed.
    let (survivor, retired, conflicts) = undo(&merge, |now| {
        now["channels"] = json!([channel("w", 7), channel("x", 4), channel("y", 1)]);
    });
    assert_eq!(
        (survivor["channels"].clone(), retired),
        (json!([channel("w", 7), channel("x", 4), channel("y", 1)]), b)
    );
    let expected = [("channels".to_owned(), ConflictKind::Edited), ("channels".to_owned(), ConflictKind::Removed)];
    assert_eq!(conflicts, expected);
    // What the merge took over from the survivor is there once, also if somebody put it back as it was.
    let (survivor, _, conflicts) =
        undo(&merge, |now| now["channels"] = json!([channel("y", 1), channel("x", 9), channel("z", 2)]));
    assert_eq!((survivor["channels"].clone(), conflicts.len()), (json!([channel("y", 1), channel("x", 9)]), 0));
    // One that was the survivor's own is removed and stays so.
    let (survivor, _, conflicts) = undo(&merge, |now| now["channels"] = json!([channel("x", 5), channel("z", 2)]));
    assert_eq!((survivor["channels"].clone(), conflicts.len()), (json!([channel("x", 9)]), 0));
    // All are cleared, which is the same as each removed: none of its own comes back.
    let (survivor, retired, conflicts) = undo(&merge, |now| now["channels"] = json!(null));
    assert_eq!((&survivor["channels"], &retired["id"]), (&json!([]), &json!(2)));
    assert_eq!(conflicts, [("channels".to_owned(), ConflictKind::Removed)]);
}

#[test]
fn provenance_is_that_of_the_value_that_stays() {
    let origin = |source: &str, verified: bool| json!({"source": source, "verified": verified});
    let a = json!({"id": 1, "last_name": "A", "provenance": {"last_name": origin("manual", false)}});
    let b = json!({"id": 2, "first_name": "B", "provenance": {"first_name": origin("import", false)}});
    let merge = merge(a.clone(), b.clone());
    let (survivor, retired, _) = undo(&merge, |now| now["tags"] = json!(["new"]));
    assert_eq!((&survivor["provenance"], &retired), (&a["provenance"], &b));
    // The value is edited, and its provenance with it.
    let (survivor, ..) = undo(&merge, |now| {
        now["first_name"] = json!("C");
        now["provenance"]["first_name"] = origin("browser", true);
    });
    assert_eq!(survivor["first_name"], json!("C"));
    assert_eq!(
        survivor["provenance"],
        json!({"first_name": origin("browser", true), "last_name": origin("manual", false)})
    );
    // Only where it came from is edited: of a value that leaves it leaves too, of one that stays it stays.
    let (survivor, ..) = undo(&merge, |now| {
        now["provenance"] = json!({"first_name": origin("browser", true), "last_name": origin("browser", true)});
    });
    assert_eq!(survivor["provenance"], json!({"last_name": origin("browser", true)}));
}

/// The object around custom fields comes with the first one and goes with the last.
#[test]
fn custom_fields_that_came_with_the_other_go_whole() {
    let (a, b) = (json!({"id": 1}), json!({"id": 2, "custom": {"plan": "pro"}}));
    let merge = merge(a, b.clone());
    let (survivor, retired, conflicts) = undo(&merge, |now| now["tags"] = json!(["new"]));
    assert_eq!((survivor, retired, conflicts.len()), (json!({"id": 1, "tags": ["new"]}), b, 0));
    let (survivor, ..) = undo(&merge, |now| now["custom"] = json!({"plan": "pro", "own": 1}));
    assert_eq!(survivor, json!({"id": 1, "custom": {"own": 1}}));
}

#[test]
fn provenance_that_only_the_merge_changed_goes_back() {
    let of = |id: u64, at: u64| {
        json!({"id": id, "country": "US", "phones": ["+1 202 555 0101"], "provenance": {
            "country": {"source": "derived", "changed_at": at, "verified": false}}})
    };
    let (a, b) = (of(1, 5), of(2, 6));
    let (survivor, retired, _) = undo(&merge(a.clone(), b.clone()), |now| now["tags"] = json!(["new"]));
    assert_eq!((&survivor["provenance"], retired), (&a["provenance"], b));
}

#[test]
fn whoever_was_blocked_is_again_unless_somebody_decided_since() {
    let blocked = |a: bool, b: bool, since: Option<bool>| {
        let merge = merge(json!({"id": 1, "blocked": a}), json!({"id": 2, "blocked": b}));
        assert_eq!(merge.survivor().blocked, a || b);
        let (survivor, retired, _) = undo(&merge, |now| {
            now["tags"] = json!(["new"]);
            now["blocked"] = json!(since.unwrap_or(a || b));
        });
        (survivor["blocked"] == true, retired["blocked"] == true)
    };
    for (a, b) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(blocked(a, b, None), (a, b));
        let decided = !(a || b);
        assert_eq!(blocked(a, b, Some(decided)), (decided, decided));
    }
}

#[test]
fn overwriting_says_what_it_overwrote() {
    let merge = merge(json!({"id": 1, "last_name": "A", "updated_at": 1}), json!({"id": 2, "first_name": "B"}));
    let mut now = serde_json::to_value(merge.survivor()).expect("JSON");
    now["first_name"] = json!("C");
    now["tags"] = json!(["new"]);
    now["updated_at"] = json!(9);
    let undo = merge.patch.undo(&contact(now), Edits::Overwrite).expect("an undo");
    assert_eq!(undo.survivor, *merge.patch.survivor_unmerged());
    let marked: Vec<_> = undo.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(marked, ["first_name: overwritten", "tags: overwritten"]);
    let name = &undo.conflicts[0];
    assert_eq!(
        (name.before.as_ref(), name.after.as_ref(), name.now.as_ref()),
        (None, Some(&"B".into()), Some(&"C".into()))
    );
}

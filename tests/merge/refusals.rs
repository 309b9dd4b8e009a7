//! What a merge, an undo and an index refuse, in words, and that nothing changes then.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use onefold::contact::ContactPair;
use onefold::patch::{ApplyError, MAX_MERGE_BYTES, MAX_NESTING};
use onefold::{Contact, Edits, Field, FieldRule, Index, MergePolicy, MergeRequest, Normalizer, Patch, Time, Value};

fn contact(id: u32) -> Contact<u32> {
    Contact::new(id).with(Field::FirstName, format!("canary{id}"))
}

fn nested(depth: usize) -> Contact<u32> {
    Contact::from_json(&format!(r#"{{"id":9,"deep":{}{}}}"#, "[".repeat(depth), "]".repeat(depth))).expect("a contact")
}

#[track_caller]
fn refused(policy: &MergePolicy, contacts: &[Contact<u32>], request: &MergeRequest<u32>, text: &str) {
    let error = policy.merge(contacts, request, &Normalizer::new()).expect_err("refused");
    assert_eq!(error.to_string(), text);
    assert!(!format!("{error} {error:?}").contains("canary"));
}

#[test]
fn a_merge_that_must_not_be_is_refused_in_words() {
    let (policy, request) = (MergePolicy::new(), MergeRequest::new("m"));
    let two = [contact(1), contact(2)];
    refused(&policy, &[], &request, "a merge needs at least two contacts, not 0");
    refused(&policy, &two[..1], &request, "a merge needs at least two contacts, not 1");
    refused(&policy, &[contact(1), contact(2), contact(1)], &request, "contact 1 was given twice");
    let small = MergePolicy::builder().max_contacts(2).build().expect("a limit");
    assert!(small.merge(&two, &request, &Normalizer::new()).is_ok());
    refused(
        &small,
        &[contact(1), contact(2), contact(3)],
        &request,
        "3 contacts are more than the 2 that the policy merges at once",
    );
    refused(&policy, &[contact(3), contact(2).blocked(), contact(1).blocked()], &request, "contact 1 is blocked");
    let distinct = request.clone().marked_distinct([(7, 8), (2, 1), (1, 1)].map(|(a, b)| ContactPair::new(a, b)));
    refused(&policy, &two, &distinct, "contacts 1 and 2 are marked distinct");
    assert!(policy.merge(&two, &distinct.clone().allow_distinct(), &Normalizer::new()).is_ok());
    assert!(policy.merge(&[contact(1), contact(3)], &distinct, &Normalizer::new()).is_ok());
    let agree = MergePolicy::builder().field(Field::FirstName, FieldRule::MustAgree).build().expect("a rule");
    refused(&agree, &two, &request, "first_name must agree, and contacts 1, 2 differ");
    refused(
        &policy,
        &two,
        &request.clone().take(Field::FirstName, 3),
        "first_name cannot be taken from contact 3, which is not one of those merged",
    );
    refused(
        &policy,
        &two,
        &request.clone().set(Field::UpdatedAt, "canary"),
        "the request cannot set updated_at to that kind of value",
    );
    refused(
        &policy,
        &two,
        &request.clone().set(Field::Other("id".into()), "canary"),
        "the request cannot set id to that kind of value",
    );
    refused(
        &policy,
        &two,
        &request.clone().set(Field::Tags, Value::Json("{".into())),
        "the request cannot set tags to that kind of value",
    );
    refused(&policy, &two, &MergeRequest::new(""), "the name of a merge must have 1 to 256 bytes");
    refused(&policy, &two, &MergeRequest::new("m".repeat(257)), "the name of a merge must have 1 to 256 bytes");
    assert!(policy.merge(&two, &MergeRequest::new("m".repeat(256)), &Normalizer::new()).is_ok());
    refused(
        &policy,
        &[contact(1), nested(MAX_NESTING + 2)],
        &request,
        "deep of contact 9 is nested deeper than 100 levels",
    );
    let of_channel = |depth: usize| {
        let (opens, closes) = ("[".repeat(depth), "]".repeat(depth));
        let channel = format!(r#"{{"kind":"web","account":"site","identity":"v","deep":{opens}{closes}}}"#);
        Contact::from_json(&format!(r#"{{"id":9,"channels":[{channel}]}}"#)).expect("a contact")
    };
    for contact_at_the_limit in [of_channel(MAX_NESTING), nested(MAX_NESTING + 1)] {
        let merge = policy.merge(&[contact(1), contact_at_the_limit], &request, &Normalizer::new());
        let patch = merge.expect("a list itself holds values of 100 levels").patch;
        assert_eq!(Patch::from_json(&patch.to_json()).as_ref(), Ok(&patch));
        assert_eq!(Patch::from_bytes(&patch.to_bytes()).as_ref(), Ok(&patch));
    }
    refused(
        &policy,
        &[contact(1), of_channel(MAX_NESTING + 1)],
        &request,
        "channels of contact 9 is nested deeper than 100 levels",
    );
    let hidden = contact(2).with(Field::Other("emails".into()), "canary");
    refused(
        &policy,
        &[contact(1), hidden],
        &request,
        "contact 2 has a field of its own by the name \"emails\", which means something else",
    );
    assert!(policy.merge(&two, &request.set(Field::UpdatedAt, Time::from_millis(5)), &Normalizer::new()).is_ok());
}

#[test]
fn contacts_that_no_patch_could_hold_are_refused() {
    let of = |bytes: usize| [contact(1), contact(2).with(Field::Other("notes".into()), "x".repeat(bytes))];
    let (policy, request, normalizer) = (MergePolicy::new(), MergeRequest::new("m"), Normalizer::new());
    let error = policy.merge(&of(MAX_MERGE_BYTES), &request, &normalizer).expect_err("too large").to_string();
    assert!(
        error.starts_with("the contacts hold 1677") && error.ends_with("bytes together, more than 16777216"),
        "{error}"
    );
    let limit = policy.merge(&of(MAX_MERGE_BYTES - 1_000), &request, &normalizer).expect("it fits");
    let bytes = limit.patch.to_bytes();
    assert_eq!(onefold::Patch::from_bytes(&bytes).as_ref(), Ok(&limit.patch));
    assert_eq!(onefold::Patch::from_json(&limit.patch.to_json()).as_ref(), Ok(&limit.patch));
    let given = request.set(Field::LastName, "x".repeat(MAX_MERGE_BYTES));
    assert!(policy.merge(&[contact(1), contact(2)], &given, &normalizer).is_err());
}

#[test]
fn contacts_of_two_workspaces_are_never_merged() {
    let of = |id: u32, account: &str| contact(id).with(Field::Other("account_id".into()), account);
    let policy: MergePolicy = toml::from_str("workspace_field = 'account_id'").expect("a policy");
    let request = MergeRequest::new("m");
    let text = "contact 2 belongs to another workspace";
    refused(&policy, &[of(1, "a"), of(2, "b"), of(3, "a")], &request, text);
    refused(&policy, &[of(1, "a"), contact(2)], &request, text);
    refused(&policy, &[of(2, "a"), of(3, "a")], &request.clone().in_workspace("b"), text);
    let merge = policy.merge(&[of(1, "a"), of(2, "a")], &request, &Normalizer::new()).expect("one workspace");
    assert_eq!(merge.patch.workspace(), Some("a"));
    let merge = MergePolicy::new().merge(&[of(1, "a"), of(2, "b")], &request.in_workspace("c"), &Normalizer::new());
    assert_eq!(merge.expect("nobody asked").patch.workspace(), Some("c"));
}

#[test]
fn an_undo_that_cannot_be_is_refused_in_words() {
    let merge = MergePolicy::new()
        .merge(&[contact(1), contact(2).with(Field::LastName, "canary")], &MergeRequest::new("m"), &Normalizer::new())
        .expect("a merge");
    let error = merge.patch.undo(&contact(2), Edits::Keep).expect_err("another contact");
    assert_eq!(error.to_string(), "the merge was into contact 1, not into contact 2");
    let edited = merge.survivor().clone().with(Field::LastName, "canary2");
    let error = merge.patch.undo(&edited, Edits::Refuse).expect_err("edited");
    assert_eq!(error.to_string(), "1 values of contact 1 were edited since the merge");
    assert!(!format!("{error:?}").contains("canary"));
    let error = merge.patch.clone().inverse().undo(&edited, Edits::Keep).expect_err("an inverse");
    assert_eq!(error.to_string(), "the patch is itself the inverse of a merge");
    assert!(!format!("{merge:?} {:?}", merge.patch.undo(&edited, Edits::Keep)).contains("canary"));
}

#[test]
fn a_patch_is_applied_whole_or_not_at_all() {
    let contacts = [contact(1), contact(2), contact(3)];
    let patch =
        MergePolicy::new().merge(&contacts, &MergeRequest::new("m"), &Normalizer::new()).expect("a merge").patch;
    let store = |contacts: &[Contact<u32>]| -> BTreeMap<u32, Contact<u32>> {
        contacts.iter().map(|contact| (contact.id, contact.clone())).collect()
    };
    let edited = [contact(1), contact(2), contact(3).with(Field::LastName, "")];
    for (contacts, error, text) in [
        (&contacts[..2], ApplyError::Missing { id: 3 }, "contact 3 is not there"),
        (&edited[..], ApplyError::Changed { id: 3 }, "contact 3 was changed since"),
    ] {
        let mut now = store(contacts);
        let refused = patch.apply(&mut now).expect_err("refused");
        assert_eq!((refused.to_string().as_str(), now), (text, store(contacts)));
        assert_eq!(refused, error);
    }
    let mut now = store(&[patch.survivor_merged().clone(), contact(3)]);
    let refused = patch.inverse().apply(&mut now).expect_err("refused");
    assert_eq!((refused.to_string().as_str(), now.len()), ("contact 3 is there already", 2));
}

#[test]
fn an_index_says_who_was_marked_distinct() {
    let mut index = Index::new(Normalizer::new());
    for id in 1..=4_u32 {
        index.insert(&contact(id).with_email("ada@example.com")).expect("a new contact");
    }
    index.mark_distinct(&3, &1).expect("two contacts");
    index.mark_distinct(&2, &3).expect("two contacts");
    assert_eq!(index.distinct_among(&[4, 3, 2, 1, 9]), [ContactPair::new(1, 3), ContactPair::new(2, 3)]);
    assert_eq!((index.distinct_among(&[1, 2]), index.distinct_among(&[])), (vec![], vec![]));
    assert_eq!(
        (index.distinct_from(&3), index.distinct_from(&4), index.distinct_from(&9)),
        (vec![1, 2], vec![], vec![])
    );
    // Something new that both share opens the question again.
    for id in [1, 3] {
        index.update(&contact(id).with_email("ada@example.com").with_phone("+1 202 555 0101")).expect("a contact");
    }
    assert_eq!((index.distinct_among(&[1, 2, 3]), index.distinct_from(&3)), (vec![ContactPair::new(2, 3)], vec![1, 2]));
}

//! What holds of every merge, whatever the contacts and the policy: nothing is lost, the survivor is found
//! by every key, the order of the contacts does not matter, and undoing gives everything back.
#![cfg(feature = "serde")]

use crate::generated;

use std::collections::{BTreeMap, BTreeSet};

use generated::json;
use onefold::merge::Why;
use onefold::{
    Contact, Edits, Field, Key, KeyKind, Merge, MergePolicy, MergeRequest, Normalizer, Patch, SurvivorRule, Value,
};
use proptest::prelude::*;
use proptest::sample::select;

fn normalizer() -> impl Strategy<Value = Normalizer> {
    let region = |code: &str| code.parse().expect("a region");
    select(vec![
        Normalizer::new(),
        Normalizer::builder().region(region("US")).build(),
        Normalizer::builder().region(region("BR")).region_from_country().build(),
        Normalizer::builder().region_from_country().gmail_dots().plus_tags().build(),
        Normalizer::builder().as_written().build(),
    ])
}

fn request() -> MergeRequest<u32> {
    MergeRequest::new("m1").in_workspace("acme").allow_blocked()
}

fn merge(policy: &MergePolicy, contacts: &[Contact<u32>], normalizer: &Normalizer) -> Merge<u32> {
    policy.merge(contacts, &request(), normalizer).expect("nothing is refused")
}

/// The values of a field, one by one.
fn parts(value: &Value) -> Vec<Value> {
    let parts = match value {
        Value::List(items) => items.clone(),
        Value::Channels(channels) => channels.iter().map(|channel| Value::Channels(vec![channel.clone()])).collect(),
        one => vec![one.clone()],
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Whether `value` stands in the survivor: as it is, in a list, or in a joined text; of a channel what it
/// says, whenever it was connected.
fn is_in(survivor: Option<&Value>, value: &Value) -> bool {
    match (survivor, value) {
        (Some(Value::Channels(kept)), Value::Channels(own)) => own.iter().all(|channel| {
            kept.iter().any(|kept| {
                let is_same =
                    (&kept.kind, &kept.account, &kept.identity) == (&channel.kind, &channel.account, &channel.identity);
                is_same
                    && (channel.url.is_none() || channel.url == kept.url)
                    && channel.other.iter().all(|(name, json)| kept.other.get(name) == Some(json))
            })
        }),
        (Some(joined @ (Value::Text(_) | Value::Number(_))), Value::Text(_) | Value::Number(_)) => {
            let (joined, own) = (joined.as_written().unwrap_or_default(), value.as_written().unwrap_or_default());
            own.split("; ").all(|part| joined.split("; ").any(|kept| kept == part))
        }
        (Some(kept), value) => kept == value || parts(kept).contains(value),
        (None, _) => false,
    }
}

fn keys(normalizer: &Normalizer, contact: &Contact<u32>) -> BTreeSet<Key> {
    normalizer.contact(contact).keys.into_iter().map(|key| key.key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undoing_a_merge_gives_everything_back(
        contacts in generated::contacts(), policy in generated::policy(), normalizer in normalizer(),
    ) {
        let merge = merge(&policy, &contacts, &normalizer);
        for edits in [Edits::Keep, Edits::Refuse, Edits::Overwrite] {
            let undo = merge.patch.undo(merge.survivor(), edits).expect("nothing was edited");
            prop_assert!(undo.conflicts.is_empty());
            let back: BTreeMap<u32, String> =
                undo.retired.iter().chain([&undo.survivor]).map(|contact| (contact.id, json(contact))).collect();
            let given: BTreeMap<u32, String> = contacts.iter().map(|contact| (contact.id, json(contact))).collect();
            prop_assert_eq!(back, given);
            let back: BTreeMap<_, _> =
                undo.retired.into_iter().chain([undo.survivor]).map(|contact| (contact.id, contact)).collect();
            prop_assert!(contacts.iter().all(|contact| back.get(&contact.id) == Some(contact)));
        }
    }

    #[test]
    fn a_merge_that_was_stored_is_undone_as_well(contacts in generated::contacts(), policy in generated::policy()) {
        let merge = merge(&policy, &contacts, &Normalizer::new());
        let stored: Contact<u32> = Contact::from_json(&json(merge.survivor())).expect("a contact");
        prop_assert_eq!(&stored, merge.survivor());
        for patch in [
            Patch::<u32>::from_json(&merge.patch.to_json()).expect("a patch"),
            Patch::<u32>::from_bytes(&merge.patch.to_bytes()).expect("a patch"),
        ] {
            prop_assert_eq!(&patch, &merge.patch);
            prop_assert_eq!(patch.digest(), merge.patch.digest());
            let undo = patch.undo(&stored, Edits::Refuse).expect("nothing was edited");
            prop_assert_eq!(undo, merge.patch.undo(merge.survivor(), Edits::Keep).expect("nothing was edited"));
        }
    }

    #[test]
    fn no_value_is_lost(
        contacts in generated::contacts(), policy in generated::policy(), normalizer in normalizer(),
    ) {
        let merge = merge(&policy, &contacts, &normalizer);
        for contact in &contacts {
            for (field, value) in &contact.fields {
                let folds = matches!((field, value), (Field::CreatedAt | Field::UpdatedAt, Value::Time(_)));
                for part in parts(value).into_iter().filter(|_| !folds) {
                    let is_listed = merge.lost.iter().any(|lost| {
                        lost.contact == contact.id && lost.field == *field
                            && (lost.value == part || parts(&lost.value).contains(&part))
                    });
                    let is_kept = is_in(merge.survivor().get(field), &part);
                    prop_assert!(is_kept || is_listed, "{:?} of {} is nowhere", field, contact.id);
                    // And what is listed as lost is lost.
                    prop_assert!(!is_listed || !merge.survivor().get(field).is_some_and(|kept| *kept == part));
                }
            }
        }
        prop_assert!(merge.survivor().blocked == contacts.iter().any(|contact| contact.blocked));
    }

    #[test]
    fn the_survivor_is_found_by_every_key(contacts in generated::contacts(), normalizer in normalizer()) {
        let merge = merge(&MergePolicy::new(), &contacts, &normalizer);
        let found = keys(&normalizer, merge.survivor());
        for contact in &contacts {
            // A text that is no number where it was written, and one in the survivor's country, changes its name.
            let is_no_number = |key: &Key| key.kind() == KeyKind::ChannelId && key.value().starts_with('(');
            for key in keys(&normalizer, contact).into_iter().filter(|key| !is_no_number(key)) {
                prop_assert!(found.contains(&key), "{:?} of {} finds nobody", key.value(), contact.id);
            }
        }
    }

    #[test]
    fn the_order_of_the_contacts_does_not_matter(
        contacts in generated::contacts(), policy in generated::policy(), seed in any::<usize>(),
    ) {
        let one = merge(&policy, &contacts, &Normalizer::new());
        let mut others = contacts.clone();
        let keep_first = usize::from(policy.survivor() == SurvivorRule::FirstGiven);
        let count = others.len() - keep_first;
        others[keep_first..].rotate_left(seed % count);
        others[keep_first..].reverse();
        prop_assert_eq!(one, merge(&policy, &others, &Normalizer::new()));
    }

    #[test]
    fn merging_again_gives_the_same(contacts in generated::contacts(), policy in generated::policy()) {
        let once = merge(&policy, &contacts, &Normalizer::new());
        let undo = once.patch.undo(once.survivor(), Edits::Keep).expect("nothing was edited");
        let mut back: BTreeMap<u32, Contact<u32>> =
            undo.retired.into_iter().chain([undo.survivor]).map(|contact| (contact.id, contact)).collect();
        let back: Vec<_> = contacts.iter().map(|contact| back.remove(&contact.id).expect("it came back")).collect();
        prop_assert_eq!(once, merge(&policy, &back, &Normalizer::new()));
    }

    #[test]
    fn the_inverse_takes_a_patch_back_and_the_inverse_of_that_is_the_patch(contacts in generated::contacts()) {
        let patch = merge(&MergePolicy::new(), &contacts, &Normalizer::new()).patch;
        let before: BTreeMap<u32, Contact<u32>> =
            contacts.iter().map(|contact| (contact.id, contact.clone())).collect();
        let mut now = before.clone();
        patch.apply(&mut now).expect("nothing was edited");
        prop_assert_eq!(now.keys().collect::<Vec<_>>(), vec![patch.survivor_id()]);
        prop_assert!(patch.apply(&mut now.clone()).is_err(), "it was applied twice");
        let inverse = patch.clone().inverse();
        prop_assert!(inverse.undo(patch.survivor_merged(), Edits::Keep).is_err());
        inverse.apply(&mut now).expect("nothing was edited");
        prop_assert_eq!(now, before);
        prop_assert_eq!(Patch::<u32>::from_bytes(&inverse.to_bytes()), Ok(inverse.clone()));
        prop_assert_eq!(inverse.inverse(), patch);
    }

    #[test]
    fn every_field_has_a_choice_that_names_who_holds_the_value(
        contacts in generated::contacts(), policy in generated::policy(),
    ) {
        let merge = merge(&policy, &contacts, &Normalizer::new());
        let fields: BTreeSet<&Field> = contacts.iter().flat_map(|contact| contact.fields.keys()).collect();
        prop_assert!(merge.choices.iter().map(|choice| &choice.field).eq(fields));
        for choice in &merge.choices {
            let of = |id: &u32| contacts.iter().find(|contact| contact.id == *id).and_then(|contact| contact.get(&choice.field));
            let value = merge.survivor().get(&choice.field);
            prop_assert!(choice.same.iter().all(|id| of(id) == value && !choice.from.contains(id)));
            if choice.why != Why::Derived && let [one] = choice.from.as_slice() && !matches!(value, Some(Value::List(_) | Value::Channels(_))) {
                prop_assert_eq!(of(one), value);
                prop_assert!(choice.to_string().contains(&format!(" {one}")), "{}", choice);
            }
        }
    }
}

//! What nobody verified must not decide by itself who is one person, where the policy says so.
#![cfg(feature = "serde")]

use onefold::contact::{Provenance, Source};
use onefold::{
    Channel, ChannelKind, Contact, Field, Index, Merge, MergeError, MergePolicy, MergeRequest, Normalizer, Rules,
    Strength,
};

fn verified(contact: Contact<u32>, field: Field) -> Contact<u32> {
    with(contact, field, true)
}

fn with(mut contact: Contact<u32>, field: Field, verified: bool) -> Contact<u32> {
    contact.provenance.insert(field, Provenance { source: Source::Manual, changed_at: None, verified });
    contact
}

fn merge(contacts: &[Contact<u32>]) -> Result<Merge<u32>, MergeError<u32>> {
    let policy = MergePolicy::builder().require_verified().build().expect("a legal policy");
    policy.merge(contacts, &MergeRequest::new("m"), &Normalizer::new())
}

fn suggested_and_verified(contacts: &[Contact<u32>]) -> bool {
    let rules = Rules::new().with_min_strength(Strength::Weak);
    let index = Index::build(Normalizer::new(), contacts).index.with_rules(rules);
    let suggestion = index.suggestion_for(&contacts[0].id).expect("a suggestion");
    let stored = postcard::to_allocvec(&index).expect("an index has a form");
    let restored: Index<u32> = postcard::from_bytes(&stored).expect("an index that was stored");
    assert_eq!(restored.with_rules(rules).suggestion_for(&contacts[0].id).as_ref(), Some(&suggestion));
    let holders = suggestion.evidence.iter().flat_map(|evidence| &evidence.holders);
    for holder in holders {
        let contact = contacts.iter().find(|contact| contact.id == holder.contact).expect("a member");
        assert_eq!(holder.verified, holder.place.is_verified_in(contact));
    }
    suggestion.is_verified()
}

#[test]
fn both_must_hold_the_shared_value_verified() {
    let (a, b) = (Contact::new(1).with_email("ada@example.com"), Contact::new(2).with_email("Ada@example.com"));
    for (left, right) in [(false, false), (true, false), (false, true), (true, true)] {
        let contacts = [with(a.clone(), Field::Email, left), with(b.clone(), Field::Email, right)];
        assert_eq!(suggested_and_verified(&contacts), left && right);
        match merge(&contacts) {
            Ok(_) => assert!(left && right),
            Err(error) => {
                assert!(!(left && right));
                assert_eq!(error, MergeError::NotVerified { id: 2 });
                assert_eq!(error.to_string(), "no verified value connects contact 2 with the others");
            }
        }
    }
    // The default takes the values at their word, and somebody who looked may.
    assert!(MergePolicy::new().merge(&[a.clone(), b.clone()], &MergeRequest::new("m"), &Normalizer::new()).is_ok());
    let looked = MergeRequest::new("m").allow_unverified();
    assert!(
        MergePolicy::builder()
            .require_verified()
            .build()
            .expect("a legal policy")
            .merge(&[a, b], &looked, &Normalizer::new())
            .is_ok()
    );
}

#[test]
fn another_verified_value_does_not_help() {
    let both = |id| Contact::new(id).with_email("ada@example.com");
    let contacts = [
        verified(both(1).with_phone("+1 202 555 0101"), Field::Phone),
        verified(both(2).with_phone("+1 202 555 0102"), Field::Phone),
    ];
    assert!(merge(&contacts).is_err() && !suggested_and_verified(&contacts));
    // The same number through a channel is as good as the number.
    let by_phone = verified(Contact::new(1).with_phone("+1 202 555 0101"), Field::Phone);
    let channel = Channel::new(ChannelKind::WhatsApp, "wa", "12025550101@s.whatsapp.net");
    let by_channel = verified(Contact::new(2).with_channel(channel), Field::Channels);
    let contacts = [by_phone, by_channel];
    assert!(merge(&contacts).is_ok() && suggested_and_verified(&contacts));
}

#[test]
fn all_must_hang_together_in_any_order() {
    let a = verified(Contact::new(1).with_email("a@example.com"), Field::Email);
    let b = verified(Contact::new(2).with_email("a@example.com").with_email("b@example.com"), Field::Email);
    let c = verified(Contact::new(3).with_email("b@example.com"), Field::Email);
    let d = Contact::new(4).with_email("b@example.com");
    let mut contacts = [a, b, c, d];
    assert!(merge(&contacts[..3]).is_ok() && suggested_and_verified(&contacts[..3]));
    for _ in 0..4 {
        contacts.rotate_left(1);
        assert_eq!(merge(&contacts).expect_err("one is not verified"), MergeError::NotVerified { id: 4 });
        assert!(!suggested_and_verified(&contacts));
    }
    // Whoever holds the pair together must be verified, not only the ends.
    contacts.sort_by_key(|contact| contact.id);
    contacts[1].provenance.clear();
    assert_eq!(merge(&contacts[..3]).expect_err("the one between is not"), MergeError::NotVerified { id: 2 });
}

#[test]
fn weak_links_verify_nothing_and_variants_do() {
    let pair = |a: &str, b: &str| {
        [(1, a), (2, b)].map(|(id, phone)| verified(Contact::new(id).with_phone(phone), Field::Phone))
    };
    let variants = pair("+55 11 98765-4321", "+55 11 8765-4321");
    assert!(merge(&variants).is_ok() && suggested_and_verified(&variants));
    for weak in [pair("+54 9 11 2345-6789", "+54 11 2345-6789"), pair("+1 202 555 0101 ext. 7", "+1 202 555 0101")] {
        assert!(merge(&weak).is_err() && !suggested_and_verified(&weak));
    }
    let role = [1, 2].map(|id| verified(Contact::new(id).with_email("info@example.com"), Field::Email));
    assert!(merge(&role).is_err() && !suggested_and_verified(&role));
}

#[test]
fn a_merged_contact_is_verified_only_if_all_of_it_was() {
    let a = verified(Contact::new(1).with_email("a@example.com"), Field::Email);
    let b = Contact::new(2).with_email("a@example.com").with_email("b@example.com");
    let merged = MergePolicy::new().merge(&[a, b], &MergeRequest::new("m"), &Normalizer::new()).expect("a merge");
    assert!(merged.survivor().provenance.get(&Field::Email).is_none_or(|provenance| !provenance.verified));
}

#[test]
fn the_policy_says_so_in_every_form_and_the_default_looks_as_ever() {
    let policy: MergePolicy = toml::from_str("require_verified = true").expect("a policy");
    assert!(policy.requires_verified() && !MergePolicy::new().requires_verified());
    assert_eq!(policy, MergePolicy::builder().require_verified().build().expect("a legal policy"));
    assert!(serde_json::to_string(&policy).expect("JSON").ends_with("\"other_fields\":{},\"require_verified\":true}"));
    assert!(!serde_json::to_string(&MergePolicy::new()).expect("JSON").contains("verified"));
    for policy in [policy, MergePolicy::new()] {
        let json = serde_json::to_string(&policy).expect("JSON");
        assert_eq!(serde_json::from_str::<MergePolicy>(&json).expect("a policy"), policy);
    }
    assert!(serde_json::from_str::<MergePolicy>("{\"require_verified\":\"yes\"}").is_err());
}

//! A relay forwards the messages of one sender: the address of a mailbox comes before it when contacts are merged.

use onefold::{Contact, Field, Index, MergePolicy, MergeRequest, Normalizer, Value};

const RELAY: &str = "dpdcnf87nu@privaterelay.appleid.com";

fn emails(contacts: &[Contact<u32>], request: &MergeRequest<u32>, normalizer: &Normalizer) -> Vec<String> {
    let merge = MergePolicy::new().merge(contacts, request, normalizer).expect("a merge");
    merge.survivor().emails().map(str::to_owned).collect()
}

#[test]
fn a_mailbox_is_the_primary_address() {
    let contacts = [
        Contact::new(1).with_email(RELAY).with_email("shop@ada.anonaddy.com"),
        Contact::new(2).with_email("ada@example.com").with_email("ada@acme.example"),
    ];
    let request = MergeRequest::new("m");
    let expected = ["ada@example.com", "ada@acme.example", RELAY, "shop@ada.anonaddy.com"];
    assert_eq!(emails(&contacts, &request, &Normalizer::new()), expected);
    // Nobody else has one: the survivor's own order stays.
    let relays = [contacts[0].clone(), Contact::new(3).with_email("x@duck.com")];
    assert_eq!(emails(&relays, &request, &Normalizer::new()), [RELAY, "shop@ada.anonaddy.com", "x@duck.com"]);
    // A user's choice stands, and so do values that are keys as they are written.
    let chosen = MergeRequest::new("m").set(Field::Email, Value::List(vec![RELAY.into(), "ada@example.com".into()]));
    assert_eq!(emails(&contacts, &chosen, &Normalizer::new()), [RELAY, "ada@example.com"]);
    assert_eq!(emails(&contacts, &request, &Normalizer::builder().as_written().build())[0], RELAY);
}

#[test]
fn a_relay_address_is_an_exact_key_and_no_other() {
    let normalizer = Normalizer::builder().plus_tags().build();
    let contacts = ["shop@duck.com", "Shop@duck.com", "shop+a@duck.com", "shop+b@duck.com"];
    let contacts: Vec<Contact<u32>> =
        (0..).zip(contacts).map(|(id, email)| Contact::new(id).with_email(email)).collect();
    let suggestions = Index::build(normalizer, &contacts).index.suggestions();
    assert_eq!(suggestions.into_iter().map(|suggestion| suggestion.members).collect::<Vec<_>>(), [[0, 1]]);
}

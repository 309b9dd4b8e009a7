//! What has a name in JSON has the same one in code and in messages.
#![cfg(feature = "serde")]

use onefold::key::Derivation;
use onefold::{Confidence, Contact, Index, KeyKind, Normalizer, Reason, Rules, Strength};
use serde::Serialize;

fn json(value: impl Serialize) -> String {
    serde_json::to_value(value).expect("JSON").as_str().expect("a name").to_owned()
}

#[test]
fn derivations_kinds_and_strengths() {
    for derivation in Derivation::ALL {
        assert_eq!(json(derivation), derivation.name());
        assert_eq!(json(derivation.strength()), derivation.strength().name());
    }
    for kind in [KeyKind::Email, KeyKind::Phone, KeyKind::ChannelId, KeyKind::Custom] {
        assert_eq!(json(kind), kind.name());
    }
    assert_eq!([Strength::Weak, Strength::Variant, Strength::Exact].map(Strength::name), ["weak", "variant", "exact"]);
}

#[test]
fn reasons_have_names_and_say_more_than_their_names() {
    let normalizer = Normalizer::builder().region("US".parse().expect("a region")).build();
    let phones = ["", "x", "12", "n/a", "1 800 FLOWERS", "2024-01-31", "4.4E+11", "+1 202 555 0101 / +1 202 555 0102"];
    let emails =
        ["ada", "a@b@c", "ada@localhost", "\"a\"@example.com", "a\u{0}@example.com", "ada@example.com, b@example.com"];
    let reasons = phones.map(|raw| normalizer.phone(raw, None).expect_err("no key"));
    let reasons: Vec<Reason> =
        reasons.into_iter().chain(emails.map(|raw| normalizer.email(raw).expect_err("no key"))).collect();
    for reason in &reasons {
        assert_eq!(json(reason), reason.name());
        assert!(reason.to_string().len() > reason.name().len(), "{reason}");
    }
    let different: std::collections::BTreeSet<&Reason> = reasons.iter().collect();
    assert!(different.len() >= 8, "{different:?}");
}

#[test]
fn how_sure_a_suggestion_is() {
    let confidence = |emails: [&[&str]; 3]| {
        let contact = |(id, emails): (u32, &&[&str])| {
            emails.iter().fold(Contact::new(id), |contact, email| contact.with_email(*email))
        };
        let contacts: Vec<Contact<u32>> = (1..).zip(&emails).map(contact).collect();
        let index = Index::build(Normalizer::builder().plus_tags().build(), &contacts).index.with_rules(Rules::new());
        index.suggestions()[0].confidence
    };
    let high = confidence([&["a@example.com"], &["a@example.com"], &["a@example.com"]]);
    let medium = confidence([&["a@example.com"], &["a@example.com", "b@example.com"], &["b@example.com"]]);
    let low = confidence([&["a@example.com"], &["a+x@example.com"], &["a@example.com"]]);
    assert_eq!([high, medium, low], [Confidence::High, Confidence::Medium, Confidence::Low]);
    assert_eq!([high, medium, low].map(Confidence::name), ["high", "medium", "low"]);
    assert_eq!([high, medium, low].map(json), ["high", "medium", "low"].map(str::to_owned));
}

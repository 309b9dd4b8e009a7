//! A real patch with some bytes altered is refused; under a digest that agrees with the bytes it is another patch with one
//! spelling or refused, and whatever it is applied to is changed as a whole or not at all.
//!
//! An input is a choice of the patch and then, for each alteration, a kind, a place in two bytes, and a byte.

use std::collections::BTreeMap;

use onefold::{Contact, Edits, MergePolicy, MergeRequest, Normalizer, Patch};
use sha2::{Digest, Sha256};

use super::choices::Choices;

const CONTACTS: [[&str; 3]; 2] = [
    [
        r#"{"id":"7","assignee":null,"channels":[{"kind":"whatsapp","account":"wa-1","identity":"12025550101","connected_at":5},{"kind":"line","label":[1]}],"country":"US","created_at":1700000000000,"emails":["ada@example.com",null,1],"phones":"+1 202 555 0101","updated_at":"2024-01-01T00:00:00+02:00","a.b":{"deep":[1,{"x":1e400}]},"notes":[],"custom":{"big":12345678901234567890123,"ok":true},"provenance":{"emails":{"source":"channel:email","changed_at":-9,"verified":true}}}"#,
        r#"{"id":"42","emails":["ada@example.org"],"first_name":"Ad\u0000a \ud83d\ude00","tags":["vip"],"custom":{"plan":"pro","ok":false},"blocked":true}"#,
        r#"{"id":"8","custom":null,"status":"open","language":"pt-BR"}"#,
    ],
    [r#"{"id":"a","phones":["+1 202 555 0102"]}"#, r#"{"id":"b","custom":{}}"#, r#"{"id":"c","tags":["x","y"]}"#],
];

pub fn holds(input: &[u8]) {
    let mut choices = Choices::new(input);
    let contacts = choices.pick(&CONTACTS).map(|json| Contact::<String>::from_json(json).expect("a contact"));
    let request = MergeRequest::new("merge-1").in_workspace("acme").allow_blocked();
    let patch = MergePolicy::new().merge(&contacts, &request, &Normalizer::new()).expect("a merge").patch;
    let (binary, text) = (patch.to_bytes(), patch.to_json());
    let mut body = binary[4..binary.len() - 16].to_vec();
    let mut said = text.rsplit_once(",\"digest\"").expect("a digest").0.as_bytes().to_vec();
    for bytes in [&mut body, &mut said] {
        let mut choices = Choices::new(input.get(1..).unwrap_or_default());
        while !choices.is_over() && !bytes.is_empty() {
            let kind = choices.below(5);
            let place = (usize::from(choices.byte()) << 8 | usize::from(choices.byte())) % bytes.len();
            let byte = choices.byte();
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                2 => drop(bytes.remove(place)),
                3 => bytes.truncate(place + 1),
                // A part of it once more.
                _ if bytes.len() < 1 << 14 => {
                    let end = bytes.len().min(place + usize::from(byte));
                    bytes.extend_from_within(place..end);
                }
                _ => {}
            }
        }
    }

    let altered = [&binary[..4], &body, &binary[binary.len() - 16..]].concat();
    assert!(altered == binary || Patch::<String>::from_bytes(&altered).is_err());
    let mut forged = [&binary[..4], &body].concat();
    forged.extend(&Sha256::digest(&forged)[..16]);
    if let Ok(other) = Patch::<String>::from_bytes(&forged) {
        assert!(other.to_bytes() == forged);
        is_whole_or_nothing(&other, &contacts);
    }
    let Ok(said) = String::from_utf8(said) else { return };
    let digest: String = Sha256::digest(format!("{said}}}")).iter().map(|byte| format!("{byte:02x}")).collect();
    if let Ok(other) = Patch::<String>::from_json(&format!("{said},\"digest\":\"{digest}\"}}")) {
        assert!(Patch::from_json(&other.to_json()).as_ref() == Ok(&other));
        is_whole_or_nothing(&other, &contacts);
    }
}

fn is_whole_or_nothing(patch: &Patch<String>, contacts: &[Contact<String>]) {
    let before: BTreeMap<String, Contact<String>> =
        contacts.iter().map(|contact| (contact.id.clone(), contact.clone())).collect();
    let mut now = before.clone();
    match patch.apply(&mut now) {
        Err(_) => assert!(now == before, "refused and yet changed"),
        Ok(_) => {
            patch.clone().inverse().apply(&mut now).expect("what was applied can be taken back");
            assert!(now == before);
        }
    }
    for edits in [Edits::Keep, Edits::Refuse, Edits::Overwrite] {
        for contact in contacts.iter().chain([patch.survivor_merged()]) {
            let _ = patch.undo(contact, edits);
        }
    }
}

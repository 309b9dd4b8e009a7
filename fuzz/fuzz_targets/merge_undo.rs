//! Whatever two contacts hold: undoing their merge gives both back, and every key still finds the survivor.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::{Contact, Edits, MergePolicy, MergeRequest, Normalizer, Patch};

fuzz_target!(|texts: (&str, &str)| {
    let (Ok(a), Ok(b)) = (Contact::<String>::from_json(texts.0), Contact::<String>::from_json(texts.1)) else { return };
    let contacts = [a, b];
    let normalizer = Normalizer::new().region_from_country();
    let request = MergeRequest::new("m").allow_blocked();
    let Ok(merge) = MergePolicy::new().merge(&contacts, &request, &normalizer) else { return };
    let patch = Patch::<String>::from_json(&merge.patch.to_json()).expect("what was written can be read");
    assert!(patch.to_bytes() == merge.patch.to_bytes());
    let stored = Contact::from_json(&serde_json::to_string(merge.survivor()).expect("JSON")).expect("a contact");
    let undo = patch.undo(&stored, Edits::Refuse).expect("nothing was edited");
    assert!(undo.survivor == contacts[0] && undo.retired == contacts[1..]);
    let found = normalizer.contact(merge.survivor());
    for key in contacts.iter().flat_map(|contact| normalizer.contact(contact).keys) {
        assert!(found.keys.iter().any(|kept| kept.key == key.key), "{:?}", key.place);
    }
});

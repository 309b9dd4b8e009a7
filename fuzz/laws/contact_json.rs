//! A contact that was read is written and read again without a difference, and holds the same keys.

use onefold::{Contact, Normalizer};

pub fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(contact) = Contact::<String>::from_json(text) else { return };
    let written = serde_json::to_string(&contact).expect("a contact can be written");
    let again = Contact::from_json(&written).expect("what was written can be read");
    assert!(again == contact);
    assert!(serde_json::to_string(&again).expect("a contact can be written") == written);
    let normalizer = Normalizer::builder().region_from_country().plus_tags().build();
    assert!(normalizer.contact(&again) == normalizer.contact(&contact));
}

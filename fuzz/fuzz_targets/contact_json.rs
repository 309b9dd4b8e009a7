//! A contact that was read is written and read again without a difference.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::Contact;

fuzz_target!(|text: &str| {
    if let Ok(contact) = Contact::<String>::from_json(text) {
        let written = serde_json::to_string(&contact).expect("a contact can be written");
        assert!(Contact::from_json(&written).expect("what was written can be read") == contact);
    }
});

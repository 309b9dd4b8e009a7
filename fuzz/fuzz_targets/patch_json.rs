//! A text is a patch, which is written and read again without a difference, or a typed error.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::Patch;

fuzz_target!(|text: &str| {
    if let Ok(patch) = Patch::<String>::from_json(text) {
        let written = patch.to_json();
        assert!(Patch::<String>::from_json(&written).expect("what was written can be read").to_json() == written);
    }
});

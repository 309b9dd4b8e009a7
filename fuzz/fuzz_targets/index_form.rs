//! A serialised index that is accepted answers, and is written again as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::Index;

fuzz_target!(|text: &str| {
    if let Ok(index) = serde_json::from_str::<Index<u32>>(text) {
        let written = serde_json::to_string(&index).expect("an index can be written");
        let again: Index<u32> = serde_json::from_str(&written).expect("what was written can be read");
        assert_eq!(again.suggestions(), index.suggestions());
        assert_eq!(serde_json::to_string(&again).expect("an index can be written"), written);
    }
});

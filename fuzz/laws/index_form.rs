//! A serialised index that is accepted answers, and is written again as it was read.

use onefold::Index;

pub fn holds(input: &[u8]) {
    let Ok(index) = serde_json::from_slice::<Index<u32>>(input) else { return };
    let written = serde_json::to_string(&index).expect("an index can be written");
    let again: Index<u32> = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(again.suggestions(), index.suggestions());
    assert!(serde_json::to_string(&again).expect("an index can be written") == written);
}

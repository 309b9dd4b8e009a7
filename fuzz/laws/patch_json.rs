//! A text is a patch, which is written and read again without a difference, or a typed error.

use onefold::Patch;

pub fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(patch) = Patch::<String>::from_json(text) {
        let written = patch.to_json();
        assert!(Patch::<String>::from_json(&written).expect("what was written can be read").to_json() == written);
    }
}

//! The tables of numbering plans and the phone library alone give the same keys. Inputs are those of `phone`.

use onefold::Normalizer;

use super::phone::read;

pub fn holds(input: &[u8]) {
    let (region, raw) = read(input);
    let normalizer = Normalizer::new();
    assert_eq!(normalizer.phone(&raw, region), normalizer.phone_by_library(&raw, region));
}

//! The tables of numbering plans and the phone library alone give the same keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::{Normalizer, Region};

fuzz_target!(|input: (u8, u8, &str)| {
    let letter = |byte: u8| char::from(b'A' + byte % 26);
    let region = String::from_iter([letter(input.0), letter(input.1)]).parse::<Region>().ok();
    let normalizer = Normalizer::new();
    assert_eq!(normalizer.phone(input.2, region), normalizer.phone_by_library(input.2, region));
});

//! Normalising the text of a phone key gives the key again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::{Normalizer, Region};

fuzz_target!(|input: (u8, &str)| {
    let regions = ["BR", "US", "DE", "MX", "AR", "IT", "RU", "CI"];
    let region = regions.get(usize::from(input.0)).and_then(|code| code.parse::<Region>().ok());
    let normalizer = Normalizer::new();
    for key in normalizer.phone(input.1, region).into_iter().flatten() {
        let again = normalizer.phone(key.key.value(), None).expect("a key is readable");
        assert_eq!(again[0].key, key.key);
    }
});

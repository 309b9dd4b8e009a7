//! Normalising the text of an email key gives the key again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::Normalizer;

fuzz_target!(|raw: &str| {
    let normalizer = Normalizer::new().plus_tags().gmail_dots();
    for key in normalizer.email(raw).into_iter().flatten() {
        let again = normalizer.email(key.key.value()).expect("a key is readable");
        assert_eq!(again[0].key, key.key);
    }
});

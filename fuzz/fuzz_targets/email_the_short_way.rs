//! The short way for plain addresses and the full one give the same keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onefold::Normalizer;

fuzz_target!(|raw: &str| {
    let normalizer = Normalizer::new().plus_tags().gmail_dots();
    assert_eq!(normalizer.email(raw), normalizer.email_in_full(raw));
});

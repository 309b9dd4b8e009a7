//! Do phones in many spellings give the keys that they always gave?
//!
//! The cases are libphonenumber's answers (`phonenumbers` 9.0.42, the metadata of `rlibphonenumber` 2.2.15), made
//! by `golden/make_phone_keys.py`. A changed line is a breaking change, since hosts store keys.

use std::collections::BTreeMap;

use onefold::{Normalizer, Region};

const CASES: &str = include_str!("../golden/phone_keys.tsv");

#[test]
fn golden_phones_give_their_keys() {
    assert!(CASES.starts_with("# phonenumbers 9.0.42;"), "made with another version");
    let normalizer = Normalizer::new();
    let mut forms: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let [form, raw, region, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let raw: String = serde_json::from_str(raw).expect("a JSON string");
        let region = (!region.is_empty()).then(|| region.parse::<Region>().expect("a region"));
        let keys = normalizer.phone(&raw, region);
        let found = keys.as_ref().map_or("-", |keys| keys[0].key.value());
        let count = forms.entry(form).or_default();
        *count = (count.0 + 1, count.1 + usize::from(found != "-"));
        if found != expected {
            wrong.push(format!("{form}: {raw:?} {region:?} gave {found} {:?}, not {expected}", keys.as_ref().err()));
        }
    }
    eprintln!("(cases, keys) by form: {forms:?}");
    assert!(forms.len() > 35 && forms.values().map(|count| count.0).sum::<usize>() > 9000);
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

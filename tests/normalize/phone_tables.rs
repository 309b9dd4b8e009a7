//! Do the tables of numbering plans and the phone library alone give the same keys?
//!
//! A million numbers from a fixed seed, of all regions and types, in many spellings, right and wrong, go both ways.
//! `ONEFOLD_PHONES=50000000 cargo test --release --test phones_by_tables -- --nocapture` sends more.

use std::collections::BTreeMap;

use onefold::{Normalizer, Region};
use rayon::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, get_national_significant_number_owned};

use crate::spellings;

use spellings::{Random, SPELLINGS, spell};

/// A number in use: its region (none for a country code of no region), country code and national number.
#[derive(Clone)]
struct Example {
    region: Option<Region>,
    code: i32,
    national: String,
    formatted: String,
}

fn examples() -> Vec<Example> {
    let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(|region| format!("{region:?}"));
    let example = |region: Option<Region>, number: &PhoneNumber| Example {
        region,
        code: number.country_code,
        national: get_national_significant_number_owned(number),
        formatted: PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::National).into_owned(),
    };
    let mut examples = Vec::new();
    for plan in regions {
        let region = format!("{plan:?}").parse().ok();
        let mut types: Vec<_> = PHONE_NUMBER_UTIL.get_supported_types_for_region(plan).into_iter().flatten().collect();
        types.sort_by_key(|of_type| format!("{of_type:?}"));
        let of_types = types
            .into_iter()
            .filter_map(|of_type| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(plan, of_type).ok());
        examples.extend(of_types.map(|number| example(region, &number)));
    }
    let mut codes: Vec<i32> = PHONE_NUMBER_UTIL.get_supported_global_network_calling_codes().collect();
    codes.sort_unstable();
    let of_codes = codes.iter().filter_map(|code| PHONE_NUMBER_UTIL.get_example_number_for_non_geo_entity(*code).ok());
    examples.extend(of_codes.map(|number| example(None, &number)));
    examples
}

#[test]
fn tables_and_library_give_the_same_keys() {
    let count: u64 = std::env::var("ONEFOLD_PHONES").map_or(1_000_000, |count| count.parse().expect("a number"));
    let examples = examples();
    assert!(examples.len() > 1000, "{} examples", examples.len());
    let regions: Vec<Region> = examples.iter().filter_map(|example| example.region).collect();
    let normalizer = Normalizer::new();
    let one = |seed: u64| {
        let mut random = Random::new(seed);
        let example = &examples[random.below(examples.len() as u64) as usize];
        let (spelling, raw) = spell(&mut random, example.code, &example.national, &example.formatted);
        let region = match random.below(8) {
            0 => None,
            1 => Some(regions[random.below(regions.len() as u64) as usize]),
            _ => example.region,
        };
        let (ours, theirs) = (normalizer.phone(&raw, region), normalizer.phone_by_library(&raw, region));
        let key = ours.as_ref().ok().and_then(|keys| keys.first()).filter(|_| random.below(8) == 0);
        let has_country = |key: &onefold::normalize::DerivedKey| {
            let number = PHONE_NUMBER_UTIL.parse(key.key.value(), None).expect("a key is a number");
            let country = PHONE_NUMBER_UTIL.get_region_for_number(&number).map(|country| format!("{country:?}"));
            normalizer.country_of(&raw, region).map(|country| country.code().to_owned())
                == country.filter(|code| code.len() == 2)
        };
        let is_of_country = key.is_none_or(has_country);
        let fault = (ours != theirs || !is_of_country).then(|| {
            let texts = |keys: Result<Vec<onefold::normalize::DerivedKey>, _>| {
                keys.map(|keys| keys.iter().map(|key| key.key.value().to_owned()).collect::<Vec<_>>())
            };
            let ours = texts(ours.clone());
            format!("{raw:?} {region:?}: tables {ours:?}, library {:?}, country {is_of_country}", texts(theirs))
        });
        (spelling, ours.is_ok(), normalizer.is_phone_by_tables(&raw, region), fault)
    };
    let seeds: Vec<u64> = (0..64).collect();
    let parts = seeds.into_par_iter().map(|part| {
        let mut counts: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
        let mut faults = Vec::new();
        for number in 0..count.div_ceil(64) {
            let (spelling, has_key, is_by_tables, fault) = one(part << 40 | number);
            let count = counts.entry(spelling).or_default();
            count[0] += 1;
            count[1] += u64::from(has_key);
            count[2] += u64::from(is_by_tables);
            faults.extend(fault.filter(|_| faults.len() < 20));
        }
        (counts, faults)
    });
    let mut counts: BTreeMap<&str, [u64; 3]> = BTreeMap::new();
    let mut faults = Vec::new();
    for (of_part, of_faults) in parts.collect::<Vec<_>>() {
        for (spelling, [all, keys, by_tables]) in of_part {
            let count = counts.entry(spelling).or_default();
            *count = [count[0] + all, count[1] + keys, count[2] + by_tables];
        }
        faults.extend(of_faults);
    }
    for (spelling, [all, keys, by_tables]) in &counts {
        let percent = |part: u64| part as f64 * 100.0 / *all as f64;
        eprintln!(
            "{spelling:32} {all:9} numbers, {:5.1}% keys, {:5.1}% by tables",
            percent(*keys),
            percent(*by_tables)
        );
    }
    let total = counts.values().fold([0; 3], |sum, count| [sum[0] + count[0], sum[1] + count[1], sum[2] + count[2]]);
    eprintln!("{:32} {:9} numbers, {} keys, {} by tables", "all", total[0], total[1], total[2]);
    assert!(faults.is_empty(), "{} differ: {:#?}", faults.len(), faults.iter().take(40).collect::<Vec<_>>());
    assert!(total[0] >= count && counts.len() == SPELLINGS, "{} spellings", counts.len());
    // The tables must answer most of it, or nothing was shown.
    assert!(total[1] * 3 > total[0] && total[2] * 4 > total[0] * 3);
}

#[test]
fn texts_at_the_limits_are_read_alike_in_every_region() {
    let regions = PHONE_NUMBER_UTIL.get_supported_regions().map(|plan| format!("{plan:?}").parse::<Region>().ok());
    let regions: Vec<Option<Region>> = regions.chain([None]).collect();
    let mut texts: Vec<String> = [
        "",
        "+",
        "0",
        "+0",
        "00",
        "+1",
        "12",
        "123",
        "+12",
        "+123",
        "+1234",
        "1234",
        "+999123456",
        "+00442079460958",
        "0000",
        "00000000",
        "+800 1234 5678",
        "+882 16 1234 5678",
        "+979 123 456 789",
        "+870 773 111 632",
        "011",
        "0011",
        "112",
        "911",
        "0 0",
        "()",
        "(0)",
        "+()4420",
        "+44(0)(20)79460958",
        "++442079460958",
        "+ 44 20 7946 0958",
        "4 4 2 0",
        "+44 20 7946 0958 x",
        "+44 20 7946 0958 x1",
        "+44 20 7946 0958 x123456789",
        "+44 20 7946 0958 x1234567890",
        "+44 20 7946 0958;ext=",
        "+44 20 7946 0958 ext 1 x2",
        "x1234",
        "#1234567",
        "e1234567",
        "1234567e",
        "12345 (e)",
        "2079460958 (a (b))",
        "2079460958 (a) b",
        "2079460958 (ramal)",
        "ramal 2079460958",
        "send? 2079460958",
        "Tel 1.2.3.4567",
        "12345.6",
        "12345.678",
        "12345.6789",
        "1234.56",
        "1234567.0",
        "1234567.00",
        "01.01.2000",
        "1.1.1900",
        "1900 1 1",
        "2000-12-31-1",
        "31 12 2000 123",
        "1.2.3.4",
        "10.20.30.40",
        "10.20.30.400",
        "/2079460958",
        "2079460958/",
        "207/9460958",
        "02079460958/02079460959",
        "+442079460958/59",
        "1234567890",
        "555-555-5555",
        "+1 234 567 8900",
        "11111111",
        "+5511961234567",
        "+551196123456",
        "1196123456",
        "+5215512345678",
        "15512345678",
        "+5491123456789",
        "01115 2345 6789",
        "011 15-2345-6789",
        "+54 11 15 2345 6789",
        "+378 812345",
        "812345",
        "0549 812345",
        "264 497 2000",
        "4972000",
        "+00 44 20 7946 0958",
        "+011 44 20 7946 0958",
        "+00 999 20 7946 0958",
        "+999 00 44 20 7946 0958",
        "+000",
        "+0044",
        "++55 (11)",
        "1",
        "1 2",
        "(12)",
        "12.",
        "12\u{30fc}",
        "5 \u{660}",
        "\u{ff0b}\u{ff14}\u{ff14} 20\u{ff0d}7946\u{ff0f}0958",
        "\u{660}\u{661}\u{660}\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}",
        "\u{9e6}\u{9e7}2079460958",
        "\u{1d7d8}2079460958",
        "\u{b2}2079460958",
        "814.30.71.43",
        "192.168.1.1000",
        "-2079460958",
        "1951-45-21",
        "12345.00 9",
        "+44 20 7946 0958,",
        "+44 20 7946 0958;",
        "020 7946 0958,",
        "020 7946 0958;1",
        "020 7946 0958,1",
        "020 7946 0958 ,, 1",
        "020 7946 0958 - 1#",
        "020 7946 0958#",
        "020 7946 0958~1",
        "020 7946 0958 int 1",
        "020 7946 0958 \u{434}\u{43e}\u{431}. 1",
        "020 7946 0958 extensi\u{f3}n 1",
        "020 7946 0958 EXTENSI\u{d3}N 1",
        "020 7946 0958 extensio\u{301}n 1",
        "020 7946 0958 \u{ff58}1",
        "020 7946 0958 x42",
        "020 7946 0958 #42",
        "01 2345 678 x42",
        "01 2345 678 # 42",
        "x42 01 2345 678 x",
        "020 7946 0958 / 020 7946 0959",
        "020 7946 0958 x1/x2",
        "020 7946 0958 / x2",
        "+44 20 7946 0958 / +44 20 7946 0959",
        "020 7946 0958,1/2",
        "020 7946 0958 | 2",
        "02079460958\\2",
        "+/2",
        "12/345",
        "020 & 7946 0958",
        "020:7946:0958",
        "020 7946 0958?",
        "020 7946 0958 +",
        "0703 -10+",
        "020 7946 + 0958",
        "12 rue de Rivoli 75001",
        "30 maio 1990",
        "12 \u{e9}t\u{e9} 34",
        "12 \u{24b6} 3456789",
        "2079460958 \u{24b6}",
        "020 7946 0958 Ada",
        "020 7946 0958 Ada Lovelace",
        "020 7946 0958 Jo",
        "020 7946 0958 Jos\u{e9}",
        "020 7946 0958 \u{17f}ue",
        "020 7946 0958 Sue \u{24b6}",
        "020 7946 0958 (Sue) \u{30fc}",
        "020 7946 0958 & Co",
        "020 7946 0958 x Sue",
        "020 7946 0958 / Sue",
        "020 7946 0958 / x Sue",
        "+1 800 (FLOWERS)",
        "1-800 FLOWERS",
        "800 555 - TEST",
        "\u{ff18}00 555 01 TEST",
        "+44 20 7946 0958 Ada #",
        "2079460958 ;isub=1",
        "2079460958 ;isub=a (b)",
    ]
    .map(str::to_owned)
    .into();
    texts.extend(
        (1..=20).flat_map(|count| ["+", "", "0", "00", "011"].map(|start| format!("{start}{}", "2".repeat(count)))),
    );
    let starts = ["+", "+44", "+550", "", "0", "00", "0044", "011", "44", "55015", "5401115"];
    texts.extend((14..=34).flat_map(|count| starts.map(|start| format!("{start}{}", "23".repeat(count / 2)))));
    texts.extend((10..=20).flat_map(|count| starts.map(|start| format!("{start}{} Ada Max", "23".repeat(count / 2)))));
    texts.extend([98, 99, 100, 101, 250, 251].map(|length| format!("{:length$}", "+442079460958")));
    texts.extend([98, 99, 100, 101, 250, 251].map(|length| format!("+44{}2079460958", "-".repeat(length - 13))));
    let normalizers = [
        Normalizer::new(),
        Normalizer::builder().without_variants().build(),
        Normalizer::builder().ignore(["+442079460958"]).build(),
    ];
    let mut count = 0;
    for (normalizer, text) in normalizers.iter().flat_map(|normalizer| texts.iter().map(move |text| (normalizer, text)))
    {
        for region in &regions {
            assert_eq!(
                normalizer.phone(text, *region),
                normalizer.phone_by_library(text, *region),
                "{text:?} {region:?}"
            );
            count += 1;
        }
    }
    assert!(count > 100_000, "{count}");
}

/// Numbers that are nearly those of a rule on variants.
#[test]
fn a_variant_needs_the_right_number_of_digits() {
    let normalizer = Normalizer::new();
    for (raw, keys) in [
        ("+52 1 55 1234 5678", 2),
        ("+52 1 55 1234 567", 1),
        ("+54 9 11 2345 6789", 2),
        ("+54 9 11 2345 678", 1),
        ("+55 11 8765 4321", 2),
        ("+55 11 5765 4321", 1),
        ("+55 11 98765 4321", 1),
    ] {
        let found = normalizer.phone(raw, None);
        assert_eq!(found, normalizer.phone_by_library(raw, None), "{raw}");
        assert_eq!(found.map(|keys| keys.len()).unwrap_or(1), keys, "{raw}");
    }
    assert!(normalizer.is_phone_by_tables("+52 1 55 1234 5678", None));
    assert!(
        !normalizer.is_phone_by_tables("tel:202-555-0101;phone-context=+1", None),
        "only the library reads a context"
    );
}

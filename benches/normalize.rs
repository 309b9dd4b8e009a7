//! Phones and emails to keys, compared to careful use of a phone library on the same values.
//!
//! All measurements use the same mix of values, so their ratios are meaningful. `phonenumber` is slow and reads only a
//! part of the mix: compare the time per value.

mod generator;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use email_address::EmailAddress;
use generator::{Random, email};
use onefold::{Normalizer, Region};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, get_national_significant_number_owned};

const COUNT: usize = 10_000;
const COUNT_OF_SLOW: usize = 200;

/// The regions of the mix with the first digits of numbers in use and the number of further digits. A bar separates the
/// country code.
const REGIONS: [(&str, &str, usize); 16] = [
    ("US", "1|202", 7),
    ("US", "1|415", 7),
    ("BR", "55|119", 8),
    ("BR", "55|213", 7),
    ("GB", "44|20794", 5),
    ("GB", "44|7912", 6),
    ("DE", "49|30", 7),
    ("DE", "49|1512", 7),
    ("FR", "33|14", 7),
    ("IN", "91|98", 8),
    ("MX", "52|55", 8),
    ("ES", "34|61", 7),
    ("AR", "54|911", 8),
    ("IT", "39|06", 8),
    ("CO", "57|310", 7),
    ("AU", "61|4121", 5),
];

struct Phone {
    raw: String,
    region: Option<Region>,
}

/// Returns the mix of phones. Of twenty values, eight are in E.164, five national, five international with punctuation,
/// one has an extension or a label, and one is no phone.
fn phones() -> Vec<Phone> {
    let mut random = Random::new(42);
    (0..COUNT).map(|place| phone(&mut random, place % 20)).collect()
}

fn phone(random: &mut Random, kind: usize) -> Phone {
    let (code, beginning, free) = REGIONS[random.below(REGIONS.len() as u64) as usize];
    let region: Region = code.parse().expect("a region");
    let digits: String = (0..free).map(|_| char::from(b'0' + random.below(10) as u8)).collect();
    let e164 = format!("+{}{digits}", beginning.replace('|', ""));
    let number = PHONE_NUMBER_UTIL.parse(&e164, None).expect("a number of the mix");
    let format = |format| PHONE_NUMBER_UTIL.format(&number, format).into_owned();
    let raw = match (kind, random.below(4)) {
        (0..=7, _) => e164,
        (8..=12, 0) => get_national_significant_number_owned(&number),
        (8..=12, 1) => format(PhoneNumberFormat::National).replace([' ', '-', '(', ')'], ""),
        (8..=12, _) => format(PhoneNumberFormat::National),
        (13..=17, 0) => format(PhoneNumberFormat::International).replace([' ', '-'], "."),
        (13..=17, _) => format(PhoneNumberFormat::International),
        (18, 0) => format!("{} ext. {}", format(PhoneNumberFormat::International), random.below(1000)),
        (18, 1) => format!("{} x{}", format(PhoneNumberFormat::National), random.below(1000)),
        (18, 2) => format!("{e164} (WhatsApp)"),
        (18, _) => format!("Tel: {}", format(PhoneNumberFormat::National)),
        (_, 0) => "n/a".to_owned(),
        (_, 1) => format!("12-{}", random.below(1000)),
        (_, 2) => "call the office first".to_owned(),
        (_, _) => "0000000000".to_owned(),
    };
    Phone { raw, region: Some(region) }
}

fn phone_to_key(criterion: &mut Criterion) {
    let phones = phones();
    let normalizer = Normalizer::new();
    let by_tables = phones.iter().filter(|phone| normalizer.is_phone_by_tables(&phone.raw, phone.region)).count();
    eprintln!("{by_tables} of {COUNT} phones are read by the tables");
    let mut group = criterion.benchmark_group("phone to key");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("onefold", |bencher| {
        bencher.iter(|| {
            phones.iter().filter(|phone| normalizer.phone(black_box(&phone.raw), phone.region).is_ok()).count()
        })
    });
    group.bench_function("onefold by the library alone", |bencher| {
        let is_read = |phone: &&Phone| normalizer.phone_by_library(black_box(&phone.raw), phone.region).is_ok();
        bencher.iter(|| phones.iter().filter(is_read).count())
    });
    group.bench_function("rlibphonenumber, parse and validity", |bencher| {
        bencher.iter(|| phones.iter().filter_map(|phone| rival(black_box(&phone.raw), phone.region, true)).count())
    });
    group.bench_function("rlibphonenumber, parse alone", |bencher| {
        bencher.iter(|| phones.iter().filter_map(|phone| rival(black_box(&phone.raw), phone.region, false)).count())
    });
    let few = &phones[..COUNT_OF_SLOW];
    group.throughput(Throughput::Elements(COUNT_OF_SLOW as u64)).sample_size(10);
    group.bench_function("phonenumber, parse and validity", |bencher| {
        bencher.iter(|| few.iter().filter_map(|phone| slow_rival(black_box(&phone.raw), phone.region)).count())
    });
    group.finish();
}

fn rival(raw: &str, region: Option<Region>, is_careful: bool) -> Option<String> {
    let plan = region.and_then(|region| region.code().parse().ok());
    let number = PHONE_NUMBER_UTIL.parse(raw, plan).ok()?;
    let is_kept = !is_careful || PHONE_NUMBER_UTIL.is_valid_number(&number);
    is_kept.then(|| PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())
}

fn slow_rival(raw: &str, region: Option<Region>) -> Option<String> {
    let plan = region.and_then(|region| region.code().parse().ok());
    let number = phonenumber::parse(plan, raw).ok().filter(phonenumber::PhoneNumber::is_valid)?;
    Some(number.format().mode(phonenumber::Mode::E164).to_string())
}

/// Measures each part of the mix alone.
fn phone_spellings(criterion: &mut Criterion) {
    let normalizer = Normalizer::new();
    let mut group = criterion.benchmark_group("phone spelling");
    group.throughput(Throughput::Elements(1000));
    for (name, kind) in
        [("E.164", 0), ("national", 8), ("international, grouped", 13), ("extension or label", 18), ("no phone", 19)]
    {
        let mut random = Random::new(7);
        let phones: Vec<Phone> = (0..1000).map(|_| phone(&mut random, kind)).collect();
        group.bench_function(format!("{name}/onefold"), |bencher| {
            bencher.iter(|| {
                phones.iter().filter(|phone| normalizer.phone(black_box(&phone.raw), phone.region).is_ok()).count()
            })
        });
        group.bench_function(format!("{name}/rlibphonenumber"), |bencher| {
            bencher.iter(|| phones.iter().filter_map(|phone| rival(black_box(&phone.raw), phone.region, true)).count())
        });
    }
    group.finish();
}

fn email_to_key(criterion: &mut Criterion) {
    let mut random = Random::new(1);
    let domains = ["example.com", "acme.example", "gmail.com", "mail.acme-corp.example", "Example.COM"];
    let emails: Vec<String> = (0..COUNT as u64)
        .map(|person| match random.below(4) {
            0 => email(&mut random, person),
            1 => format!("ada.lovelace{person}@{}", domains[random.below(5) as usize]),
            2 => format!("info{}@{}", person % 7, domains[random.below(5) as usize]),
            _ => format!("a{}.m+{person}@{}", person % 1000, domains[random.below(5) as usize]),
        })
        .collect();
    let normalizer = Normalizer::new();
    let mut group = criterion.benchmark_group("email to key");
    group.throughput(Throughput::Elements(COUNT as u64));
    group.bench_function("onefold", |bencher| {
        bencher.iter(|| emails.iter().filter(|raw| normalizer.email(black_box(raw)).is_ok()).count())
    });
    group.bench_function("email_address, validity and lower case", |bencher| {
        let read = |raw: &String| EmailAddress::is_valid(black_box(raw)).then(|| raw.to_lowercase());
        bencher.iter(|| emails.iter().filter_map(read).count())
    });
    group.finish();
}

criterion_group!(benches, phone_to_key, phone_spellings, email_to_key);
criterion_main!(benches);

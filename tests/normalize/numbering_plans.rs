//! Are the tables of numbering plans those of the phone library in use?
//!
//! `src/numbering_plan/plans.bin` is made from the metadata inside the crate `rlibphonenumber` by this test, which makes
//! it again each time and compares. `ONEFOLD_WRITE_PLANS=1 cargo test --test all numbering_plans` writes it. The file is, in
//! numbers of 16 bits, the lower byte first:
//!
//! | part | what stands there |
//! |---|---|
//! | title | 64 bytes of text: what the tables are and were made from |
//! | counts | of plans, of replacements, of tails and of states |
//! | country codes | for each three first digits of an international number the plan that reads it, 0 for none |
//! | regions | for each two letters the plan of the region, 0 for none |
//! | plans | country code; lengths that are possible, and those possible without area code, a bit each (32 bits); the first states that read a number, its national prefix and its international prefix; the plan that reads international numbers of the code, 0 for this one; the two letters of the region, 0 for none |
//! | replacements | digits that come in, behind a 1; from where to where digits are kept, and from where on |
//! | tails | what is said if no digit is left, one, and so on |
//! | states | what is said of a text that ends here, where each digit leads to (from 32768 on to a tail), nought |
//!
//! The plans are numbered from 1. Of a number is said whether it has the general form (1) and whether it is in use (2),
//! and by the first plan of a code that several regions share, from 4 on, which of them the number is of, counted from 1;
//! of a prefix how many digits it has, or 32 and more for a replacement.

mod automaton;
mod pattern;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use automaton::{Found, Matches, Pool, add_search};
use pattern::{Step, compile};
use prost::Message;
use rlibphonenumber::{PhoneMetadata, PhoneMetadataCollection, PhoneNumberDesc};

const VERSION: &str = "2.2.15";
const TITLE: &str = "onefold numbering plans 2, from rlibphonenumber 2.2.15 (9.0.42)\n";
const HAS_GENERAL_FORM: u16 = 1;
const IS_IN_USE: u16 = 2;
/// The unit in which the region of a number is counted.
const REGION: u16 = 4;
const FIRST_REPLACEMENT: u16 = 32;

/// A form of numbers: a pattern, and the lengths it is for (all where there are none).
#[derive(Default)]
struct Form {
    pattern: Option<String>,
    lengths: Vec<i32>,
}

/// The part of the metadata of a region, or of a country code without one, that decides how a number is read.
struct Plan {
    code: i32,
    region: String,
    general: Form,
    types: Vec<Form>,
    local_lengths: Vec<i32>,
    leading_digits: Option<String>,
    national_prefix: Option<String>,
    transform_rule: String,
    international_prefix: Option<String>,
}

/// The metadata inside the crate, which it does not show: its file is read where cargo has put the crate.
fn metadata() -> Vec<PhoneMetadata> {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("cargo answers in UTF-8")
    };
    // Packages of other platforms need not be here.
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names the platform");
    let answer = cargo(&["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("cargo answers in JSON");
    let packages = answer["packages"].as_array().expect("a list of packages");
    let package = packages.iter().find(|package| package["name"] == "rlibphonenumber").expect("a dependency");
    assert_eq!(package["version"], VERSION, "the phone library has another version: see `KEY_RULES`");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let bytes = fs::read(manifest.with_file_name("src").join("generated/metadata/metadata.bin")).expect("metadata");
    PhoneMetadataCollection::decode(bytes.as_slice()).expect("metadata in its own form").metadata
}

/// The plans of all country codes, in each the one that reads international numbers first.
fn plans() -> BTreeMap<i32, Vec<Plan>> {
    let mut plans: BTreeMap<i32, Vec<Plan>> = BTreeMap::new();
    for metadata in metadata() {
        let of_code = plans.entry(metadata.country_code()).or_default();
        let place = if metadata.main_country_for_code() { 0 } else { of_code.len() };
        of_code.insert(place, plan(metadata));
    }
    plans
}

// The library empties these fields in metadata that it keeps; here they are as they were stored.
#[allow(deprecated)]
fn plan(metadata: PhoneMetadata) -> Plan {
    let form = |description: &Option<PhoneNumberDesc>| {
        let description = description.clone().unwrap_or_default();
        let pattern = pattern(description.national_number_pattern.as_deref());
        Form { pattern, lengths: description.possible_length }
    };
    let types = [
        &metadata.fixed_line,
        &metadata.mobile,
        &metadata.toll_free,
        &metadata.premium_rate,
        &metadata.shared_cost,
        &metadata.personal_number,
        &metadata.voip,
        &metadata.pager,
        &metadata.uan,
        &metadata.voicemail,
    ];
    Plan {
        code: metadata.country_code(),
        region: metadata.id.clone(),
        general: form(&metadata.general_desc),
        types: types.into_iter().map(form).collect(),
        local_lengths: metadata.general_desc.clone().unwrap_or_default().possible_length_local_only,
        leading_digits: pattern(metadata.leading_digits.as_deref()),
        national_prefix: pattern(metadata.national_prefix_for_parsing.as_deref()),
        transform_rule: metadata.national_prefix_transform_rule().to_owned(),
        international_prefix: pattern(metadata.international_prefix.as_deref()),
    }
}

/// A pattern without the anchors that the library wraps it in.
fn pattern(wrapped: Option<&str>) -> Option<String> {
    let inner = wrapped?.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$"));
    Some(inner.expect("the library wraps each pattern").to_owned())
}

/// What the patterns of a country code are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    General(usize),
    Type(usize, usize),
    LeadingDigits(usize),
}

/// The automata of all numbers of a country code, one for each of its plans.
fn add_numbers(pool: &mut Pool, plans: &[Plan]) -> Vec<u16> {
    let mut program = Vec::new();
    let mut about = Vec::new();
    let mut starts = Vec::new();
    let mut add = |pattern: Option<&str>, what: About| {
        if let Some(pattern) = pattern {
            starts.push(compile(&mut program, pattern, about.len()));
            about.push(what);
        }
    };
    for (place, plan) in plans.iter().enumerate() {
        add(plan.general.pattern.as_deref(), About::General(place));
        for (kind, form) in plan.types.iter().enumerate() {
            add(form.pattern.as_deref(), About::Type(place, kind));
        }
        let leading =
            plan.leading_digits.as_ref().map(|pattern| format!("(?:{pattern})\\d{{0,{}}}", automaton::MAX_DIGITS));
        add(leading.as_deref(), About::LeadingDigits(place));
    }
    let matches = Matches::new(&program, &starts);
    let has_length = |form: &Form, length: usize| form.lengths.is_empty() || form.lengths.contains(&(length as i32));
    let is_of_a_type = |matched: &[usize], length: usize, place: usize| {
        let is_general = matched.iter().any(|id| about[*id] == About::General(place));
        is_general
            && has_length(&plans[place].general, length)
            && matched.iter().any(|id| {
                matches!(about[*id], About::Type(of, kind) if of == place && has_length(&plans[place].types[kind], length))
            })
    };
    // Where several regions share a code, the first one that knows the number decides.
    let of_region = |matched: &[usize], length: usize| {
        (0..plans.len()).find(|place| {
            let has_digits = matched.iter().any(|id| about[*id] == About::LeadingDigits(*place));
            has_digits || is_of_a_type(matched, length, *place)
        })
    };
    let is_in_use = |matched: &[usize], length: usize| match plans.len() {
        1 => is_of_a_type(matched, length, 0),
        _ => of_region(matched, length).is_some_and(|place| is_of_a_type(matched, length, place)),
    };
    let of_plan = |place: usize| {
        matches.add_to(pool, |matched, length| {
            let is_general = matched.iter().any(|id| about[*id] == About::General(place));
            let region = of_region(matched, length).filter(|_| place == 0 && plans.len() > 1);
            u16::from(is_general) * HAS_GENERAL_FORM
                + u16::from(is_in_use(matched, length)) * IS_IN_USE
                + region.map_or(0, |region| (region as u16 + 1) * REGION)
        })
    };
    (0..plans.len()).map(of_plan).collect()
}

/// What takes the place of a prefix: new digits, then those between two places, then those from a third place on.
type Replacement = [u16; 4];

/// How many digits a prefix has, or by which replacement others take its place.
fn prefix_label(found: Option<Found>, rule: &str, replacements: &mut Vec<Replacement>) -> u16 {
    let Some(found) = found else { return 0 };
    let group = |first: usize| Some((found.slots[first]?, found.slots[first + 1]?)).filter(|(start, end)| start < end);
    let has_second = found.slots[2].is_some();
    let is_replaced = !rule.is_empty() && (group(2).is_some() || (group(0).is_some() && !has_second));
    if !is_replaced {
        return found.end as u16;
    }
    let (new, kept) = rule.split_once('$').expect("a rule that keeps a group");
    let (start, end) = match kept {
        "1" => group(0),
        "2" => group(2),
        _ => panic!("a rule that is not known: {rule}"),
    }
    .expect("a group that the rule keeps");
    // Where nothing comes in and the group ends the prefix, what stands before the group is the prefix.
    if new.is_empty() && end == found.end {
        return start as u16;
    }
    let new = format!("1{new}").parse().expect("at most four digits come in");
    let replacement = [new, start as u16, end as u16, found.end as u16];
    let known = replacements.iter().position(|other| *other == replacement).unwrap_or(replacements.len());
    if known == replacements.len() {
        replacements.push(replacement);
    }
    FIRST_REPLACEMENT + known as u16
}

fn add_prefix(pool: &mut Pool, pattern: Option<&str>, rule: &str, replacements: &mut Vec<Replacement>) -> u16 {
    let Some(pattern) = pattern else { return 0 };
    let mut program: Vec<Step> = Vec::new();
    let start = compile(&mut program, pattern, 0);
    add_search(pool, &program, start, &mut |found| prefix_label(found, rule, replacements))
}

fn mask(lengths: &[i32]) -> u32 {
    lengths.iter().filter(|length| **length > 0).fold(0, |mask, length| mask | 1 << length)
}

/// The bytes of the tables.
fn tables() -> Vec<u8> {
    let mut pool = Pool::new();
    let mut codes = vec![0u16; 1000];
    let mut regions = vec![0u16; 26 * 26];
    let mut rows: Vec<u16> = Vec::new();
    let mut replacements = Vec::new();
    let mut count = 0;
    for (code, plans) in plans() {
        let numbers = add_numbers(&mut pool, &plans);
        for (place, plan) in plans.iter().enumerate() {
            count += 1;
            if place == 0 {
                let width = 10usize.pow(3 - code.to_string().len() as u32);
                codes[code as usize * width..][..width].fill(count);
            }
            let mut letters = 0;
            if let &[first @ b'A'..=b'Z', second @ b'A'..=b'Z'] = plan.region.as_bytes() {
                regions[usize::from(first - b'A') * 26 + usize::from(second - b'A')] = count;
                letters = u16::from_le_bytes([first, second]);
            }
            let (possible, local) = (mask(&plan.general.lengths), mask(&plan.local_lengths));
            let (prefix, rule) = (plan.national_prefix.as_deref(), &plan.transform_rule);
            let national = add_prefix(&mut pool, prefix, rule, &mut replacements);
            let international = add_prefix(&mut pool, plan.international_prefix.as_deref(), "", &mut replacements);
            let (low, high) = (|mask: u32| mask as u16, |mask: u32| (mask >> 16) as u16);
            rows.extend([plan.code as u16, low(possible), high(possible), low(local), high(local)]);
            let main = if place == 0 { 0 } else { count - place as u16 };
            rows.extend([numbers[place], national, international, main, letters]);
        }
    }
    assert_eq!(TITLE.len(), 64);
    let (states, tails, renumbered) = pool.split();
    for row in rows.chunks_exact_mut(10) {
        row[5..8].iter_mut().for_each(|first| *first = renumbered[usize::from(*first)]);
    }
    let counts = [count, replacements.len() as u16, tails.len() as u16, states.len() as u16];
    let states = states.into_iter().flat_map(|state| std::iter::once(state.label).chain(state.next).chain([0; 5]));
    let replacements = replacements.into_iter().flatten();
    let numbers = counts
        .into_iter()
        .chain(codes)
        .chain(regions)
        .chain(rows)
        .chain(replacements)
        .chain(tails.into_iter().flatten())
        .chain(states);
    TITLE.bytes().chain(numbers.flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn the_tables_are_made_from_the_phone_library_in_use() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/numbering_plan/plans.bin");
    let made = tables();
    if std::env::var_os("ONEFOLD_WRITE_PLANS").is_some() {
        fs::write(&path, &made).expect("the tables can be written");
    }
    let kept = fs::read(&path).expect("src/numbering_plan/plans.bin");
    let count = |place: usize| u16::from_le_bytes([made[64 + 2 * place], made[65 + 2 * place]]);
    eprintln!(
        "{} bytes, {} plans, {} replacements, {} tails, {} states",
        made.len(),
        count(0),
        count(1),
        count(2),
        count(3)
    );
    assert!(
        made == kept,
        "the tables are stale; ONEFOLD_WRITE_PLANS=1 cargo test --test all numbering_plans writes them"
    );
}

//! Contact tables of any size, and a program written by hand that finds their groups.

use std::collections::HashMap;
use std::io::{self, Read, Write};

use petgraph::unionfind::UnionFind;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// The generator SplitMix64 (S. Vigna, 2015).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % n
    }
}

const FIRST_NAMES: [&str; 8] = ["Ada", "Bruno", "Carla", "Denis", "Eva", "Farid", "Grace", "Hugo"];
const LAST_NAMES: [&str; 8] = ["Lovelace", "Silva", "Meyer", "Okafor", "Rossi", "Tanaka", "Novak", "Garcia"];
const COMPANIES: [&str; 4] = ["", "Analytical Engines", "\"Rossi, Meyer and Partners\"", "Blue Bakery"];
const COUNTRIES: [(&str, &str, &str); 4] =
    [("US", "+1", "202"), ("DE", "+49", "151"), ("GB", "+44", "74"), ("IT", "+39", "34")];

/// Writes a table of `rows` contacts from a fixed seed. Of 100 contacts, 15 share a phone, an email or both with an
/// earlier one. Phone numbers have a country code, so that a simple rule reads them as the phone library does.
///
/// # Errors
/// - An [`io::Error`] if `to` cannot be written.
pub fn generate(rows: u64, to: impl Write) -> io::Result<()> {
    let mut to = io::BufWriter::with_capacity(1 << 20, to);
    let mut random = Random(42);
    writeln!(to, "id,first_name,last_name,email,phone,country,company,city,created_at,notes")?;
    for row in 0..rows {
        let earlier = random.below(row.max(1));
        let (phone_of, email_of) = match random.below(100) {
            0..5 => (earlier, row),
            5..10 => (row, earlier),
            10..15 => (earlier, earlier),
            _ => (row, row),
        };
        let (first, last) = (FIRST_NAMES[random.below(8) as usize], LAST_NAMES[random.below(8) as usize]);
        let (country, phone) = phone(&mut random, phone_of);
        let email = match random.below(4) {
            0 => format!("{}.{}{email_of}@EXAMPLE.com", first_of(email_of), last_of(email_of).to_uppercase()),
            1 => format!(" {}.{}{email_of}@example.com", first_of(email_of), last_of(email_of).to_lowercase()),
            _ => format!("{}.{}{email_of}@example.com", first_of(email_of), last_of(email_of)).to_lowercase(),
        };
        let company = COMPANIES[random.below(4) as usize];
        let (month, day) = (random.below(12) + 1, random.below(28) + 1);
        let note = if random.below(5) == 0 { "\"met at the fair, said \"\"call in May\"\"\"" } else { "" };
        writeln!(
            to,
            "c{row},{first},{last},{email},{phone},{country},{company},Springfield,2024-{month:02}-{day:02}T09:30:00Z,{note}"
        )?;
    }
    to.flush()
}

fn first_of(person: u64) -> &'static str {
    FIRST_NAMES[(person % 8) as usize]
}

fn last_of(person: u64) -> &'static str {
    LAST_NAMES[(person / 8 % 8) as usize]
}

/// Returns the country and a phone number of a person, in one of several spellings.
fn phone(random: &mut Random, person: u64) -> (&'static str, String) {
    let (country, code, area) = COUNTRIES[(person % 4) as usize];
    let number = person / 4;
    let digits = match country {
        "US" => format!("{}{:07}", 201 + number / 8_000_000 % 700, 2_000_000 + number % 8_000_000),
        _ => format!("{area}{:08}", number % 100_000_000),
    };
    let (head, tail) = digits.split_at(3);
    let (middle, end) = tail.split_at(tail.len() / 2);
    let spelled = match random.below(4) {
        0 => format!("{code} {head} {middle} {end}"),
        1 => format!("{code} ({head}) {middle}-{end}"),
        2 => format!("{code}-{head}-{tail}"),
        _ => format!("{code}{digits}"),
    };
    (country, spelled)
}

/// Returns the number of groups and the number of contacts in them, as a program written by hand finds them.
///
/// # Errors
/// - A [`csv::Error`] if the table cannot be read.
pub fn groups_by_hand(table: impl Read) -> csv::Result<(usize, usize)> {
    let mut reader = csv::Reader::from_reader(table);
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap_or(usize::MAX);
    let (email, phone) = (column("email"), column("phone"));
    let mut holders: HashMap<String, Vec<u32>> = HashMap::new();
    let mut rows = 0;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let address = record.get(email).unwrap_or_default().trim().to_lowercase();
        if !address.is_empty() {
            holders.entry(address).or_default().push(rows);
        }
        if let Ok(number) = PHONE_NUMBER_UTIL.parse(record.get(phone).unwrap_or_default(), None)
            && PHONE_NUMBER_UTIL.is_possible_number(&number)
        {
            let text = PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned();
            holders.entry(text).or_default().push(rows);
        }
        rows += 1;
    }
    let mut sets = UnionFind::<u32>::new(rows as usize);
    for pair in holders.values().flat_map(|holders| holders.windows(2)) {
        sets.union(pair[0], pair[1]);
    }
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    sets.into_labeling().into_iter().for_each(|first| *sizes.entry(first).or_default() += 1);
    let groups = sizes.values().filter(|size| **size > 1);
    Ok((groups.clone().count(), groups.sum()))
}

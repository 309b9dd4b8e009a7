//! The cost of single operations on a large index, including normalisation: the median and the 99th percentile of
//! 100,000 calls each, and the memory of a contact. `cargo bench --bench index -- 1000000 10000000` sets the numbers of
//! contacts.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use onefold::{Index, Normalizer};

mod generator;

use generator::Random;

const OPERATIONS: usize = 100_000;

/// Returns the phone and the email of a contact. Of 100 contacts, 15 share one of them with another contact.
fn values(id: u64, contacts: u64) -> (String, String) {
    let mut random = Random::new(id);
    let other = random.below(contacts);
    let (phone, email) = match random.below(100) {
        0..8 => (other, id),
        8..15 => (id, other),
        _ => (id, id),
    };
    (format!("+49 15{} {:09}", phone % 10, phone), format!("p{email:08}@example.com"))
}

/// Returns the median and the 99th percentile of the time of a call, in nanoseconds.
fn percentiles(mut call: impl FnMut(usize)) -> (u128, u128) {
    let mut nanoseconds: Vec<u128> = (0..OPERATIONS)
        .map(|number| {
            let start = Instant::now();
            call(number);
            start.elapsed().as_nanos()
        })
        .collect();
    nanoseconds.sort_unstable();
    (nanoseconds[OPERATIONS / 2], nanoseconds[OPERATIONS * 99 / 100])
}

fn measure(contacts: u64) {
    let normalizer = Normalizer::new();
    let mut index = Index::new(normalizer);
    let start = Instant::now();
    for id in 0..contacts {
        let (phone, email) = values(id, contacts);
        let _ = index.insert_values(id, &[&phone], &[&email], None).expect("a new id");
    }
    let built = start.elapsed().as_secs_f64();
    println!(
        "{contacts} contacts: built one by one in {built:.1} s, {} bytes a contact",
        index.memory() as u64 / contacts
    );

    let mut random = Random::new(5);
    let ids: Vec<u64> = (0..OPERATIONS).map(|_| random.below(contacts)).collect();
    let texts: Vec<(String, String)> = (0..OPERATIONS as u64).map(|id| values(contacts + id, contacts)).collect();
    let nothing = percentiles(|number| {
        black_box(ids[number]);
    });
    let suggestion = percentiles(|number| drop(black_box(index.suggestion_for(&ids[number]))));
    let insert = percentiles(|number| {
        let (phone, email) = &texts[number];
        let inserted = index.insert_values(contacts + number as u64, &[phone], &[email], None);
        black_box(inserted.expect("a new id"));
    });
    let own: Vec<(String, String)> = ids.iter().map(|id| values(*id, contacts)).collect();
    let update = percentiles(|number| {
        let (phone, email) = (&own[number].0, &texts[OPERATIONS - 1 - number].1);
        black_box(index.update_values(&ids[number], &[phone], &[email], None).expect("known"));
    });
    let replace = percentiles(|number| {
        let (phone, email) = &texts[number];
        black_box(index.update_values(&ids[number], &[phone], &[email], None).expect("known"));
    });
    let remove = percentiles(|number| index.remove(&(contacts + number as u64)).expect("known"));
    for (name, (median, late)) in [
        ("(the clock alone)", nothing),
        ("suggestion of one contact", suggestion),
        ("insert", insert),
        ("update of the email", update),
        ("update of both", replace),
        ("remove", remove),
    ] {
        println!("  {name:<28} median {median:>7} ns   99th percentile {late:>7} ns");
    }
}

fn main() {
    let asked: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if asked.is_empty() { vec![100_000, 1_000_000] } else { asked };
    sizes.into_iter().for_each(measure);
}

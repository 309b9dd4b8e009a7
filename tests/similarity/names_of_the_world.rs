//! Names of many languages against what a careful person says of them (`tests/golden/name_pairs.tsv`).

use std::collections::BTreeMap;

use onefold::similarity::{ComparedField, Model, Similarity};
use onefold::{Contact, Field};

const PAIRS: &str = include_str!("../golden/name_pairs.tsv");

/// The shares of pairs that are judged as a person judges them, at least: bits above 0 for names that are the same or close,
/// below 2 for different ones. Many different names share a rare family name, and the bits of names alone do not tell them
/// apart: what tells them is the prior and the other fields.
const LEAST: [(&str, f64); 3] = [("same", 0.9), ("close", 0.95), ("different", 0.1)];

/// Returns the bits that the names of two contacts give.
fn name_bits(similarity: &Similarity<u32>, a: u32, b: u32) -> f64 {
    use ComparedField::{Family, Gender, Given, Middle, NameOrder, Suffix};
    let why = similarity.why(&a, &b).expect("both are compared");
    let of_name = |field: ComparedField| matches!(field, Given | Family | Middle | NameOrder | Suffix | Gender);
    why.fields.iter().filter(|evidence| of_name(evidence.field)).map(|evidence| evidence.bits).sum()
}

#[test]
fn names_are_judged_as_a_careful_person_does() {
    let pairs: Vec<Vec<&str>> = PAIRS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect())
        .collect();
    let named = |id: u32, name: &str| Contact::new(id).with(Field::DisplayName, name);
    let contacts: Vec<Contact<u32>> =
        (0..).zip(&pairs).flat_map(|(at, pair)| [named(2 * at, pair[0]), named(2 * at + 1, pair[1])]).collect();
    let similarity = Similarity::fit(&contacts, &Model::shipped());
    let mut right: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (at, pair) in (0..).zip(&pairs) {
        let bits = name_bits(&similarity, 2 * at, 2 * at + 1);
        let is_right = match pair[2] {
            "same" | "close" => bits > 0.0,
            "different" => bits < 2.0,
            _ => continue,
        };
        let (all, good) = right.entry(pair[2]).or_default();
        *all += 1;
        *good += u32::from(is_right);
        if !is_right {
            wrong.push(format!("{bits:.1}\t{}\t{}\t{}", pair[0], pair[1], pair[2]));
        }
    }
    let is_enough = |(verdict, least): &(&str, f64)| {
        let (all, good) = right[verdict];
        f64::from(good) >= least * f64::from(all)
    };
    assert!(LEAST.iter().all(is_enough), "{right:?}\n{}", wrong.join("\n"));
}

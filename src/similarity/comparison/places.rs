//! The comparison of companies and of the parts of addresses.

use crate::similarity::comparable::{ComparableRow, Texts, is_given};
use crate::similarity::comparison::outcome::Outcome;
use crate::similarity::field::ComparedField as Field;
use crate::similarity::text_distance::{edits, is_close, jaro_winkler};

pub(crate) fn compare_companies(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if !is_given(a.company) || !is_given(b.company) {
        return;
    }
    if a.company == b.company {
        outcome.set_value(Field::Company, 0, a.company);
        return;
    }
    let (a_text, b_text) = (texts.companies.text(a.company), texts.companies.text(b.company));
    let (short, long) = if a_text.len() <= b_text.len() { (a_text, b_text) } else { (b_text, a_text) };
    let similarity = jaro_winkler(short, long);
    let words = short.split(' ').count();
    let shared = short.split(' ').filter(|word| long.split(' ').any(|other| other == *word)).count();
    let level = match () {
        () if similarity >= 0.92 || shared == words => 1,
        () if (similarity >= 0.84 && shared > 0) || (similarity >= 0.7 && is_close(short, long)) => 2,
        () if shared > 0 => 3,
        () => 4,
    };
    let value = if texts.frequencies.company(a.company) >= texts.frequencies.company(b.company) { a } else { b };
    outcome.set_value(Field::Company, level, value.company);
}

pub(crate) fn compare_streets(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if !is_given(a.street) || !is_given(b.street) {
        return;
    }
    let has_numbers = is_given(a.house_number) && is_given(b.house_number);
    let is_same_number = has_numbers && a.house_number == b.house_number;
    if a.street == b.street {
        let level = match () {
            () if is_same_number || !is_given(a.house_number) && !is_given(b.house_number) => 0,
            () if !has_numbers => 2,
            () => 3,
        };
        outcome.set_value(Field::Street, level, a.street);
        return;
    }
    let (a_text, b_text) = (texts.streets.text(a.street), texts.streets.text(b.street));
    let mut similarity = jaro_winkler(a_text, b_text);
    if similarity < 0.88 && similarity > 0.7 && is_close(a_text, b_text) {
        similarity = 0.88;
    }
    let level = match () {
        () if similarity >= 0.88 && is_same_number => 1,
        () if similarity >= 0.88 && !has_numbers => 2,
        () if similarity >= 0.92 => 3,
        () if is_same_number => 4,
        () if similarity >= 0.7 => 5,
        () => 6,
    };
    let value =
        if texts.frequencies.street(a.street) >= texts.frequencies.street(b.street) { a.street } else { b.street };
    outcome.set_value(Field::Street, level, value);
}

pub(crate) fn compare_places(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if is_given(a.city) && is_given(b.city) {
        let level = if a.city == b.city {
            0
        } else {
            let (a_text, b_text) = (texts.places.text(a.city), texts.places.text(b.city));
            let similarity = jaro_winkler(a_text, b_text);
            let is_part = |long: &str, short: &str| long.split(' ').any(|word| word == short);
            match () {
                () if similarity >= 0.92 || edits(a_text.as_bytes(), b_text.as_bytes()) == 1 => 1,
                () if similarity >= 0.84
                    || is_part(a_text, b_text)
                    || is_part(b_text, a_text)
                    || is_close(a_text, b_text) =>
                {
                    2
                }
                () => 3,
            }
        };
        outcome.set_value(Field::City, level, commoner(texts, a.city, b.city));
    }
    if is_given(a.postcode) && is_given(b.postcode) {
        let level = if a.postcode == b.postcode {
            0
        } else {
            let (a, b) = (texts.places.text(a.postcode).as_bytes(), texts.places.text(b.postcode).as_bytes());
            let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            match () {
                () if edits(a, b) == 1 => 1,
                () if shared >= 3 || (shared >= 2 && a.len().min(b.len()) <= 4) => 2,
                () => 3,
            }
        };
        outcome.set_value(Field::Postcode, level, commoner(texts, a.postcode, b.postcode));
    }
    if is_given(a.state) && is_given(b.state) {
        outcome.set_value(Field::State, u8::from(a.state != b.state), a.state);
    }
    if a.country[0] != 0 && b.country[0] != 0 {
        let code = u32::from(a.country[0]) << 8 | u32::from(a.country[1]);
        outcome.set_value(Field::Country, u8::from(a.country != b.country), code);
    }
}

fn commoner(texts: &Texts, a: u32, b: u32) -> u32 {
    if texts.frequencies.place(a) >= texts.frequencies.place(b) { a } else { b }
}

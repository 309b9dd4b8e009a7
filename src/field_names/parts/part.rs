//! From the name of a field to the address or the date that it is a part of.

use crate::contact::field_words;
use crate::field_names::parts::words::{MAX_ASCII_BYTES, WordKinds};

/// Which address or date a field is a part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whole {
    /// The address with these words beside: `business`, `2`.
    Address(String),
    BirthDate,
    /// Another date, with these words beside.
    Date(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FieldPart {
    Street,
    City,
    DoubtfulPlace,
    OtherPlace,
    /// A latitude or a longitude.
    Coordinate,
    DoubtfulOther,
    HouseNumber,
    Country,
    Year,
    Month,
    Day,
    Date,
}

/// What a field of this name is a part of.
pub(crate) fn part_of(name: &str) -> Option<(Whole, FieldPart)> {
    // Most names say nothing of the kind, and this is asked of every field of every merge.
    if name.is_ascii() && !may_be_part(name) {
        return None;
    }
    let words = field_words(name);
    let words: Vec<PartWord<'_>> = words.iter().map(|word| PartWord::of(word)).collect();
    let any = |kinds: WordKinds| words.iter().any(|word| word.kinds.is(kinds));
    if any(PLACES) {
        let of = |kinds: WordKinds| words.iter().map(|word| word.kinds).filter(move |word| word.is(kinds));
        let (mut places, mut others) = (of(STREETS_AND_CITIES), of(WordKinds::OTHER_PLACE));
        if any(WordKinds::TECHNICAL)
            && any(STREETS_AND_CITIES)
            && places.clone().all(|word| word.is(WordKinds::AMBIGUOUS))
        {
            return None;
        }
        let is_house_number = any(WordKinds::HOUSE_NUMBER);
        let part = match () {
            () if any(STREETS_AND_CITIES) && !is_country_of_address(&words) => match () {
                () if places.clone().all(|word| word.is(WordKinds::DOUBTFUL_PLACE)) => FieldPart::DoubtfulPlace,
                () if places.any(|word| word.is(WordKinds::STREET)) => FieldPart::Street,
                () => FieldPart::City,
            },
            () if any(WordKinds::COUNTRY) => FieldPart::Country,
            () if any(WordKinds::COORDINATE) => FieldPart::Coordinate,
            () if is_house_number && any(WordKinds::NUMBERED) => return None,
            () if is_house_number && of(WordKinds::OTHER_PLACE).count() == 1 => FieldPart::HouseNumber,
            () if others.all(|word| word.is(WordKinds::DOUBTFUL_OTHER)) => FieldPart::DoubtfulOther,
            () => FieldPart::OtherPlace,
        };
        return Some((Whole::Address(beside_place(&words)), part));
    }
    let part = match () {
        () if any(WordKinds::YEAR) => FieldPart::Year,
        () if any(WordKinds::MONTH) => FieldPart::Month,
        () if any(WordKinds::DAY) => FieldPart::Day,
        () if any(WordKinds::DATE) && any(WordKinds::BIRTH) => FieldPart::Date,
        () => return None,
    };
    if any(WordKinds::BIRTH) {
        return Some((Whole::BirthDate, part));
    }
    let beside = words.iter().filter(|word| !word.kinds.is(PARTS_OF_DATES.or(WordKinds::BESIDE_DATE)));
    let beside: Vec<String> = beside.map(|word| format!("{}{}", word.letters, word.number)).collect();
    Some((Whole::Date(beside.join(" ")), part))
}

/// What a field says of a birth date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BirthPart {
    /// The year.
    Year,
    /// The month.
    Month,
    /// The date, or its day: `Birthday` is either.
    DateOrDay,
}

/// The part of a birth date that a field of this name is, if all its words are about that: `Birth Year`, `Date de naissance`, and
/// no `Birth City`. O(n).
pub(crate) fn birth_part(name: &str) -> Option<BirthPart> {
    if name.is_ascii() && !may_be_part(name) {
        return None;
    }
    let kinds: Vec<WordKinds> = field_words(name).iter().map(|word| PartWord::of(word).kinds).collect();
    let any = |kind: WordKinds| kinds.iter().any(|word| word.is(kind));
    let about = PARTS_OF_DATES.or(WordKinds::BIRTH).or(WordKinds::BESIDE_DATE);
    if !any(WordKinds::BIRTH) || !kinds.iter().all(|word| word.is(about)) {
        return None;
    }
    Some(match () {
        () if any(WordKinds::YEAR) => BirthPart::Year,
        () if any(WordKinds::MONTH) => BirthPart::Month,
        () => BirthPart::DateOrDay,
    })
}

/// Streets, cities and postcodes, which make an address of whatever else there is.
const STREETS_AND_CITIES: WordKinds = WordKinds::STREET.or(WordKinds::CITY);

/// Parts of addresses.
const PLACES: WordKinds =
    STREETS_AND_CITIES.or(WordKinds::OTHER_PLACE).or(WordKinds::COUNTRY).or(WordKinds::COORDINATE);

/// Parts of dates.
const PARTS_OF_DATES: WordKinds = WordKinds::YEAR.or(WordKinds::MONTH).or(WordKinds::DAY).or(WordKinds::DATE);

/// A word in the name of a field.
struct PartWord<'a> {
    letters: &'a str,
    /// The digits at its end.
    number: &'a str,
    kinds: WordKinds,
}

impl<'a> PartWord<'a> {
    fn of(word: &'a str) -> Self {
        let (letters, number) = split_number(word);
        Self { letters, number, kinds: WordKinds::of(letters) }
    }
}

/// Returns true if `Address 1 - Country` is meant, where `address` is no part.
fn is_country_of_address(words: &[PartWord<'_>]) -> bool {
    let mut parts = words.iter().filter(|word| word.kinds.is(STREETS_AND_CITIES));
    words.iter().any(|word| word.kinds.is(WordKinds::COUNTRY)) && parts.all(|word| word.kinds.is(WordKinds::LINE))
}

/// The words that say which address it is.
fn beside_place(words: &[PartWord<'_>]) -> String {
    let has_address = words.iter().any(|word| word.kinds.is(WordKinds::LINE));
    let has_coordinate = words.iter().any(|word| word.kinds.is(WordKinds::COORDINATE));
    let mut beside: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let is_line = word.kinds.is(WordKinds::LINE);
        let is_last = at + 1 == words.len();
        let is_number_of_line = word.letters.is_empty()
            && is_last
            && at.checked_sub(1).is_some_and(|before| words[before].kinds.is(WordKinds::LINE));
        let is_part = word.kinds.is(PLACES.or(WordKinds::BESIDE_PLACE))
            || (has_address && word.kinds.is(WordKinds::BESIDE_ADDRESS))
            || (has_coordinate && word.kinds.is(WordKinds::BESIDE_COORDINATE));
        match () {
            () if is_number_of_line => {}
            // `address1` and `street2` are lines, `city2` is of a second address.
            () if is_part && is_line && is_last => {}
            () if is_part => beside.extend((!word.number.is_empty()).then(|| word.number.to_owned())),
            () => beside.push(format!("{}{}", word.letters, word.number)),
        }
    }
    beside.join(" ")
}

/// The letters of a word and the digits at its end.
fn split_number(word: &str) -> (&str, &str) {
    let letters = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    word.split_at(letters.len())
}

/// Returns true if a name of ASCII letters has a word of the lists, without copying it.
fn may_be_part(name: &str) -> bool {
    let bytes = name.as_bytes();
    let mut start = 0;
    for at in 0..=bytes.len() {
        let byte = bytes.get(at).copied().unwrap_or(b' ');
        let is_end = !byte.is_ascii_alphabetic();
        let begins = byte.is_ascii_uppercase() && at > start && bytes[at - 1].is_ascii_lowercase();
        if is_end || begins {
            if is_part_word(&bytes[start..at]) {
                return true;
            }
            start = if is_end { at + 1 } else { at };
        }
    }
    false
}

fn is_part_word(word: &[u8]) -> bool {
    let mut lower = [0_u8; MAX_ASCII_BYTES];
    let Some(lower) = lower.get_mut(..word.len()).filter(|lower| lower.len() > 1) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let kinds = std::str::from_utf8(lower).map(WordKinds::of).unwrap_or_default();
    kinds.is(PLACES.or(PARTS_OF_DATES).or(WordKinds::BIRTH))
}

//! The keys by which contacts are grouped into blocks: two contacts are compared only if they share one.

use crate::similarity::comparable::{ComparableRow, Texts, is_given};
use crate::similarity::stable_hash::StableHash;

/// The kinds of keys, so that the hashes of different kinds do not meet.
#[derive(Clone, Copy)]
enum BlockKind {
    Phone,
    PhoneEnd,
    PhoneHeadAndWord,
    PhoneEndAndWord,
    Email,
    Mailbox,
    MailboxHead,
    MailboxEnd,
    DomainAndWord,
    WholeName,
    TwoWords,
    TwoBeginnings,
    InitialAndWord,
    TwoSkeletons,
    WordWithoutLetter,
    BirthDate,
    WordAndYear,
    WordAndDay,
    InitialAndBirthDate,
    YearAndPostcode,
    WordAndPostcode,
    WordAndCity,
    WordAndNumber,
    WordAndStreet,
    WholeStreet,
    Company,
    CompanyAndWord,
    CompanyAndCity,
    Identifier,
    InitialsAndDay,
    InitialsAndYear,
    BeginningAndCity,
    BeginningAndCompany,
    NumberAndPostcode,
    StreetAndCity,
}

/// The most words of a name that are combined with other values.
const MAX_COMBINED: usize = 4;

/// Collects the block keys of a contact.
struct KeyList<'a> {
    workspace: u64,
    keys: &'a mut Vec<u64>,
}

impl KeyList<'_> {
    fn push(&mut self, kind: BlockKind, parts: &[u64]) {
        let hash = StableHash::of(1_000 + kind as u64).number(self.workspace);
        self.keys.push(parts.iter().fold(hash, |hash, part| hash.number(*part)).value());
    }
}

fn text_hash(text: &str) -> u64 {
    StableHash::of(2).bytes(text.as_bytes()).value()
}

/// Writes the block keys of a contact to `keys`, each once, in order. Cost: O(w^2 + l) for w words of the name, of l
/// letters.
pub(crate) fn block_keys(texts: &Texts, row: &ComparableRow, keys: &mut Vec<u64>) {
    keys.clear();
    let mut list = KeyList { workspace: row.workspace, keys };
    let words: Vec<u32> =
        row.name().iter().copied().filter(|name| texts.names.text(*name).len() > 1).take(MAX_COMBINED).collect();
    let hashes: Vec<u64> = words.iter().map(|name| texts.names.hash(*name)).collect();
    add_phones(texts, row, &hashes, &mut list);
    add_emails(texts, row, &hashes, &mut list);
    add_names(texts, row, &words, &hashes, &mut list);
    add_dates(texts, row, &hashes, &mut list);
    add_places(texts, row, &hashes, &mut list);
    for identifier in row.identifiers().iter().chain(row.channels()) {
        list.push(BlockKind::Identifier, &[texts.identifiers.hash(*identifier)]);
    }
    keys.sort_unstable();
    keys.dedup();
}

fn add_phones(texts: &Texts, row: &ComparableRow, words: &[u64], list: &mut KeyList<'_>) {
    for phone in row.phones() {
        let text = texts.phones.text(*phone);
        let number = text.split(';').next().unwrap_or(text);
        let end = |length: usize| text_hash(&number[number.len().saturating_sub(length)..]);
        list.push(BlockKind::Phone, &[text_hash(number)]);
        list.push(BlockKind::PhoneEnd, &[end(7)]);
        let head = text_hash(&number[..number.len().saturating_sub(4)]);
        for word in words.iter().take(2) {
            list.push(BlockKind::PhoneHeadAndWord, &[head, *word]);
            list.push(BlockKind::PhoneEndAndWord, &[end(4), *word]);
        }
    }
}

fn add_emails(texts: &Texts, row: &ComparableRow, words: &[u64], list: &mut KeyList<'_>) {
    for email in row.emails() {
        let text = texts.emails.text(*email);
        list.push(BlockKind::Email, &[text_hash(text)]);
        if texts.is_relay(*email) {
            continue;
        }
        let (local, domain) = text.rsplit_once('@').unwrap_or((text, ""));
        list.push(BlockKind::Mailbox, &[text_hash(local)]);
        if local.len() > 6 && local.is_ascii() {
            list.push(BlockKind::MailboxHead, &[text_hash(&local[..6])]);
            list.push(BlockKind::MailboxEnd, &[text_hash(&local[local.len() - 6..])]);
        }
        for word in words.iter().take(2) {
            list.push(BlockKind::DomainAndWord, &[text_hash(domain), *word]);
        }
    }
}

fn add_names(texts: &Texts, row: &ComparableRow, words: &[u32], hashes: &[u64], list: &mut KeyList<'_>) {
    if row.name().is_empty() {
        return;
    }
    list.push(BlockKind::WholeName, &[texts.whole_name(row)]);
    let initials: Vec<u64> =
        row.name().iter().map(|name| texts.names.text(*name).bytes().next().unwrap_or_default().into()).collect();
    let beginning = |name: u32| text_hash(&texts.names.text(name)[..texts.names.text(name).len().min(3)]);
    for (at, name) in words.iter().enumerate() {
        for other in at + 1..words.len() {
            list.push(BlockKind::TwoWords, &sorted(hashes[at], hashes[other]));
        }
        // An initial stands for any of the words, so that it is the first of the name or of the family name.
        for initial in initials.first().into_iter().chain(initials.last()) {
            list.push(BlockKind::InitialAndWord, &[*initial, texts.names.hash(*name)]);
        }
    }
    if let ([first, .., last], true) = (words, words.len() > 1) {
        list.push(BlockKind::TwoBeginnings, &sorted(beginning(*first), beginning(*last)));
        list.push(BlockKind::TwoSkeletons, &sorted(texts.skeleton(*first), texts.skeleton(*last)));
    }
    if let (Some(last), Some(initial)) = (words.last(), initials.first()) {
        let word = texts.names.text(*last).as_bytes();
        let mut without = Vec::with_capacity(word.len());
        for skipped in 0..=word.len().min(10) {
            without.clear();
            without.extend(
                word.iter()
                    .enumerate()
                    .filter(|(at, _)| *at != skipped || skipped == word.len())
                    .map(|(_, byte)| *byte),
            );
            if word.len() > 4 {
                list.push(BlockKind::WordWithoutLetter, &[*initial, StableHash::of(2).bytes(&without).value()]);
            }
        }
    }
}

fn add_dates(texts: &Texts, row: &ComparableRow, words: &[u64], list: &mut KeyList<'_>) {
    for date in row.birth_dates.into_iter().filter(|date| *date > 0) {
        let (year, day) = (u64::from(date / 10_000), u64::from(date % 10_000));
        list.push(BlockKind::BirthDate, &[date.into()]);
        for word in words {
            list.push(BlockKind::WordAndYear, &[*word, year]);
            list.push(BlockKind::WordAndDay, &[*word, day]);
        }
        for name in row.given().first().into_iter().chain(row.family().first()) {
            let initial = texts.names.text(*name).bytes().next().unwrap_or_default();
            list.push(BlockKind::InitialAndBirthDate, &[initial.into(), date.into()]);
        }
        let initial =
            |name: Option<&u32>| name.map_or(0, |name| texts.names.text(*name).bytes().next().unwrap_or_default());
        let initials = sorted(initial(row.name().first()).into(), initial(row.name().last()).into());
        list.push(BlockKind::InitialsAndDay, &[initials[0], initials[1], day]);
        list.push(BlockKind::InitialsAndYear, &[initials[0], initials[1], year]);
        if is_given(row.postcode) {
            list.push(BlockKind::YearAndPostcode, &[year, texts.places.hash(row.postcode)]);
        }
    }
}

fn add_places(texts: &Texts, row: &ComparableRow, words: &[u64], list: &mut KeyList<'_>) {
    let place = |number: u32| texts.places.hash(number);
    let street_words = || texts.streets.text(row.street).split(' ').filter(|word| word.len() > 3);
    for word in words {
        for (kind, number) in [
            (BlockKind::WordAndPostcode, row.postcode),
            (BlockKind::WordAndCity, row.city),
            (BlockKind::WordAndNumber, row.house_number),
        ] {
            if is_given(number) {
                list.push(kind, &[*word, place(number)]);
            }
        }
        for street_word in street_words().take(1) {
            list.push(BlockKind::WordAndStreet, &[*word, text_hash(street_word)]);
        }
    }
    let beginning = |text: &str, length: usize| text_hash(text.get(..length).unwrap_or(text));
    for name in row.name().first().into_iter().chain(row.name().last()) {
        let name = beginning(texts.names.text(*name), 3);
        for (kind, text) in [
            (BlockKind::BeginningAndCity, texts.places.text(row.city)),
            (BlockKind::BeginningAndCompany, texts.companies.text(row.company)),
        ] {
            if !text.is_empty() {
                list.push(kind, &[name, beginning(text, 4)]);
            }
        }
    }
    if is_given(row.house_number) && is_given(row.postcode) {
        list.push(BlockKind::NumberAndPostcode, &[place(row.house_number), place(row.postcode)]);
    }
    if is_given(row.street) && is_given(row.city) {
        list.push(
            BlockKind::StreetAndCity,
            &[beginning(texts.streets.text(row.street), 5), beginning(texts.places.text(row.city), 5)],
        );
    }
    if is_given(row.street) {
        list.push(BlockKind::WholeStreet, &[texts.streets.hash(row.street), place(row.house_number)]);
    }
    if is_given(row.company) {
        list.push(BlockKind::Company, &[texts.companies.hash(row.company)]);
        let first = texts.companies.text(row.company).split(' ').next().unwrap_or_default();
        for word in words {
            list.push(BlockKind::CompanyAndWord, &[text_hash(first), *word]);
        }
        if is_given(row.city) {
            list.push(BlockKind::CompanyAndCity, &[text_hash(first), place(row.city)]);
        }
    }
}

fn sorted(a: u64, b: u64) -> [u64; 2] {
    [a.min(b), a.max(b)]
}

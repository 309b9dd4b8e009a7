//! The comparison of two names.

use crate::similarity::comparable::{ComparableRow, Texts};
use crate::similarity::comparison::outcome::Outcome;
use crate::similarity::field::ComparedField as Field;
use crate::similarity::text_distance::{edits, is_close, jaro_winkler};

/// The levels of [`Field::Given`].
pub(crate) mod given {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const NICKNAME: u8 = 1;
    pub(crate) const NEAR: u8 = 2;
    pub(crate) const INITIAL: u8 = 3;
    pub(crate) const PARTLY: u8 = 4;
    pub(crate) const CLOSE: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
    pub(crate) const SEVERAL: u8 = 7;
}

/// The levels of [`Field::Family`].
pub(crate) mod family {
    pub(crate) const EXACT: u8 = 0;
    pub(crate) const PARTLY: u8 = 1;
    pub(crate) const NEAR: u8 = 2;
    pub(crate) const INITIAL: u8 = 3;
    pub(crate) const CLOSE: u8 = 4;
    pub(crate) const MIXED: u8 = 5;
    pub(crate) const DIFFERENT: u8 = 6;
}

mod middle {
    pub(super) const SAME: u8 = 0;
    pub(super) const CLOSE: u8 = 1;
    pub(super) const DIFFERENT: u8 = 2;
    pub(super) const ONE_SIDED: u8 = 3;
}

const STRAIGHT: u8 = 0;
const SWAPPED: u8 = 1;

/// How alike two words of names are, from the most to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WordLevel {
    Exact,
    Nickname,
    Near,
    Initial,
    Close,
    Different,
}

/// A level with the name whose frequency counts.
#[derive(Clone, Copy, Debug)]
struct PartLevel {
    level: u8,
    name: u32,
}

/// The comparison of given and family names in one order.
struct NameLevels {
    given: Option<PartLevel>,
    middle: Option<u8>,
    family: Option<PartLevel>,
}

/// A name that is divided into given and family names.
#[derive(Clone, Copy)]
struct DividedName<'a> {
    given: &'a [u32],
    family: &'a [u32],
}

/// Compares two names. Cost: O(w^2) for w words, at most eight.
pub(crate) fn compare(texts: &Texts, a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    if a.name().is_empty() || b.name().is_empty() {
        return;
    }
    // A name without a family name has no place for a suffix.
    if a.name().len() > 1 && b.name().len() > 1 {
        compare_suffixes(a, b, outcome);
    }
    if is_same_set(a.name(), b.name()) {
        let (given, family) = divided(if a.is_one_field() { b } else { a }, None);
        let levels = NameLevels {
            given: given.first().map(|name| PartLevel { level: given::EXACT, name: *name }),
            middle: (given.len() > 1).then_some(middle::SAME),
            family: family.first().map(|_| PartLevel { level: family::EXACT, name: rarest(texts, family) }),
        };
        let order = if a.name()[0] == b.name()[0] { STRAIGHT } else { SWAPPED };
        set(levels, order, outcome);
        outcome.is_same_name = true;
        return;
    }
    if a.is_several() != b.is_several() {
        outcome.set(Field::Given, given::SEVERAL);
        return;
    }
    let (a, b) = divided_both(a, b);
    let straight = levels(texts, a, b);
    let is_unlike = straight.given.is_some_and(|part| part.level >= given::CLOSE)
        || straight.family.is_some_and(|part| part.level >= family::CLOSE);
    if is_unlike {
        let turned = DividedName { given: b.family, family: b.given };
        let swapped = levels(texts, a, turned);
        let is_alike = |given: Option<PartLevel>, family: Option<PartLevel>| {
            given.is_none_or(|part| part.level < given::CLOSE)
                && family.is_none_or(|part| part.level < family::CLOSE)
                && (given.is_some() || family.is_some())
        };
        if is_alike(swapped.given, swapped.family) {
            set(swapped, SWAPPED, outcome);
            return;
        }
    }
    set(straight, STRAIGHT, outcome);
}

fn set(levels: NameLevels, order: u8, outcome: &mut Outcome) {
    if let Some(part) = levels.given {
        outcome.set_value(Field::Given, part.level, part.name);
    }
    if let Some(part) = levels.family {
        outcome.set_value(Field::Family, part.level, part.name);
    }
    if let Some(level) = levels.middle {
        outcome.set(Field::Middle, level);
    }
    if order == SWAPPED {
        outcome.set(Field::NameOrder, order);
    }
}

fn compare_suffixes(a: &ComparableRow, b: &ComparableRow, outcome: &mut Outcome) {
    match (a.suffix, b.suffix) {
        (0, 0) => {}
        (0, _) | (_, 0) => outcome.set(Field::Suffix, 1),
        (a, b) if a == b => outcome.set(Field::Suffix, 0),
        _ => outcome.set(Field::Suffix, 2),
    }
}

/// Divides a name. One in a single field has as many family names as `families`, if it has so many words.
fn divided(row: &ComparableRow, families: Option<usize>) -> (&[u32], &[u32]) {
    match families {
        Some(families) if row.is_one_field() && families > 0 => {
            let words = row.name();
            words.split_at(words.len().saturating_sub(families).max(1).min(words.len()))
        }
        _ => (row.given(), row.family()),
    }
}

fn divided_both<'a>(a: &'a ComparableRow, b: &'a ComparableRow) -> (DividedName<'a>, DividedName<'a>) {
    let name = |row: &'a ComparableRow, other: &ComparableRow| {
        let families = (!other.is_one_field()).then_some(other.family().len());
        let (given, family) = divided(row, families);
        DividedName { given, family }
    };
    (name(a, b), name(b, a))
}

fn levels(texts: &Texts, a: DividedName<'_>, b: DividedName<'_>) -> NameLevels {
    let mut levels = NameLevels { given: None, middle: None, family: None };
    if let ([a_first, a_rest @ ..], [b_first, b_rest @ ..]) = (a.given, b.given) {
        let level = given_level(texts, a.given, b.given);
        let is_of_first = a_first == b_first || !matches!(level.level, given::EXACT | given::PARTLY);
        if is_of_first && level.level < given::CLOSE {
            levels.middle = middle_level(texts, a_rest, b_rest);
        }
        levels.given = Some(level);
    }
    if !a.family.is_empty() && !b.family.is_empty() {
        levels.family = Some(family_level(texts, a.family, b.family));
    }
    levels
}

fn given_level(texts: &Texts, a: &[u32], b: &[u32]) -> PartLevel {
    let (first, other) = (a[0], b[0]);
    let name = commoner(texts, first, other, Texts::given_count);
    let level = |level: u8| PartLevel { level, name };
    match word_level(texts, first, other) {
        WordLevel::Exact => return level(given::EXACT),
        WordLevel::Nickname => return level(given::NICKNAME),
        // Paul and Paula, Maria and Mario are near, and mostly two people.
        WordLevel::Near if differ_at_the_end(texts, first, other) => return level(given::CLOSE),
        WordLevel::Near => return level(given::NEAR),
        WordLevel::Initial => return level(given::INITIAL),
        WordLevel::Close | WordLevel::Different => {}
    }
    if a.len() > 1 || b.len() > 1 {
        if a[1..].contains(&other) {
            return PartLevel { level: given::PARTLY, name: other };
        }
        if b[1..].contains(&first) {
            return PartLevel { level: given::PARTLY, name: first };
        }
        let (a, b) = (joined(texts, a), joined(texts, b));
        if a == b {
            return level(given::EXACT);
        }
        if is_near(&a, &b) {
            return level(given::NEAR);
        }
    }
    level(if word_level(texts, first, other) == WordLevel::Close { given::CLOSE } else { given::DIFFERENT })
}

fn middle_level(texts: &Texts, a: &[u32], b: &[u32]) -> Option<u8> {
    if a.is_empty() && b.is_empty() {
        return None;
    }
    if a.is_empty() || b.is_empty() {
        return Some(middle::ONE_SIDED);
    }
    let best = a.iter().flat_map(|a| b.iter().map(move |b| word_level(texts, *a, *b))).min();
    Some(match best {
        Some(WordLevel::Exact) => middle::SAME,
        Some(WordLevel::Nickname | WordLevel::Near | WordLevel::Initial) => middle::CLOSE,
        _ => middle::DIFFERENT,
    })
}

fn family_level(texts: &Texts, a: &[u32], b: &[u32]) -> PartLevel {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let shared: Vec<u32> = short.iter().copied().filter(|name| long.contains(name)).collect();
    if shared.len() == short.len() {
        let level = if short.len() == long.len() { family::EXACT } else { family::PARTLY };
        return PartLevel { level, name: rarest(texts, &shared) };
    }
    let name = commoner(texts, short[0], long[0], Texts::family_count);
    if short.len() == 1 && long.len() == 1 {
        let level = match word_level(texts, short[0], long[0]) {
            WordLevel::Exact => family::EXACT,
            WordLevel::Nickname | WordLevel::Near => family::NEAR,
            WordLevel::Initial => family::INITIAL,
            WordLevel::Close => family::CLOSE,
            WordLevel::Different => family::DIFFERENT,
        };
        return PartLevel { level, name };
    }
    let (short_text, long_text) = (joined(texts, short), joined(texts, long));
    if short_text == long_text {
        return PartLevel { level: family::EXACT, name };
    }
    let best =
        |name: &u32| long.iter().map(|other| word_level(texts, *name, *other)).min().unwrap_or(WordLevel::Different);
    let (mut worst, mut near) = (WordLevel::Exact, name);
    for word in short {
        let level = best(word);
        worst = worst.max(level);
        if level <= WordLevel::Near {
            near = *word;
        }
    }
    let level = match worst {
        WordLevel::Exact | WordLevel::Nickname | WordLevel::Near => family::NEAR,
        _ if !shared.is_empty() => return PartLevel { level: family::MIXED, name: rarest(texts, &shared) },
        _ if is_near(&short_text, &long_text) => family::NEAR,
        WordLevel::Initial => family::INITIAL,
        WordLevel::Close => family::CLOSE,
        WordLevel::Different => family::DIFFERENT,
    };
    PartLevel { level, name: near }
}

/// Returns true if both names can be those of one person: no part of them is unlike the other's.
pub(crate) fn are_alike(texts: &Texts, a: &ComparableRow, b: &ComparableRow) -> bool {
    let mut outcome = Outcome::default();
    compare(texts, a, b, &mut outcome);
    outcome.level(Field::Given).is_none_or(|level| level < given::CLOSE)
        && outcome.level(Field::Family).is_none_or(|level| level < family::CLOSE)
        && outcome.level(Field::Suffix).is_none_or(|level| level == 0)
}

fn word_level(texts: &Texts, a: u32, b: u32) -> WordLevel {
    if a == b {
        return WordLevel::Exact;
    }
    let (a_text, b_text) = (texts.names.text(a), texts.names.text(b));
    if a_text.len() == 1 || b_text.len() == 1 {
        return if a_text.as_bytes()[0] == b_text.as_bytes()[0] { WordLevel::Initial } else { WordLevel::Different };
    }
    if texts.are_nicknames(a, b) {
        return WordLevel::Nickname;
    }
    let shortest = a_text.len().min(b_text.len());
    let is_beginning = || shortest > 2 && (a_text.starts_with(b_text) || b_text.starts_with(a_text));
    if !texts.may_be_alike(a, b) {
        return if is_beginning() { WordLevel::Close } else { WordLevel::Different };
    }
    let similarity = jaro_winkler(a_text, b_text);
    match () {
        () if similarity >= 0.92 && shortest > 2 => WordLevel::Near,
        () if shortest > 3 && similarity > 0.6 && edits(a_text.as_bytes(), b_text.as_bytes()) == 1 => WordLevel::Near,
        () if similarity >= 0.84 || is_close(a_text, b_text) => WordLevel::Close,
        () if is_beginning() => WordLevel::Close,
        () => WordLevel::Different,
    }
}

/// Returns true if two names differ in their last letter or in an ending of one.
fn differ_at_the_end(texts: &Texts, a: u32, b: u32) -> bool {
    let (a, b) = (texts.names.text(a).as_bytes(), texts.names.text(b).as_bytes());
    let shared = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    shared + 1 >= a.len().min(b.len())
}

fn is_near(a: &str, b: &str) -> bool {
    jaro_winkler(a, b) >= 0.92 || (a.len().min(b.len()) > 3 && edits(a.as_bytes(), b.as_bytes()) == 1)
}

fn joined(texts: &Texts, names: &[u32]) -> String {
    names.iter().map(|name| texts.names.text(*name)).collect()
}

fn is_same_set(a: &[u32], b: &[u32]) -> bool {
    a.len() == b.len() && a.iter().all(|name| b.contains(name)) && b.iter().all(|name| a.contains(name))
}

fn commoner(texts: &Texts, a: u32, b: u32, count: fn(&Texts, u32) -> u32) -> u32 {
    if count(texts, a) >= count(texts, b) { a } else { b }
}

fn rarest(texts: &Texts, names: &[u32]) -> u32 {
    names.iter().copied().min_by_key(|name| (texts.family_count(*name), texts.names.hash(*name))).unwrap_or_default()
}

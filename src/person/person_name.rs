//! A contact's name in a form that can be compared.

use std::ops::RangeInclusive;

use crate::contact::fold;
use crate::contact::{Contact, Field, Value, field_words};
use crate::person::name_words::{self, Gender, Suffix};

/// The limit of words in the name of one person.
const MAX_WORDS: usize = 12;

/// The names of fields that hold a suffix, written as one word.
const SUFFIX_FIELDS: [&str; 7] =
    ["namesuffix", "suffix", "generationalsuffix", "sufixo", "sufijo", "suffisso", "namenszusatz"];

/// The names of fields that hold a middle name, written as one word.
const MIDDLE_FIELDS: [&str; 9] = [
    "middlename",
    "middlenames",
    "middleinitial",
    "additionalname",
    "additionalnames",
    "zweitername",
    "nomedomeio",
    "segundonome",
    "segundonombre",
];

/// The names of fields that hold a title, written as one word.
const TITLE_FIELDS: [&str; 8] =
    ["nameprefix", "prefix", "salutation", "title", "anrede", "civilite", "tratamento", "tratamiento"];

/// Returns true if a field with this name holds a title, a middle name or a suffix.
pub(crate) fn is_part_of_name(label: &str) -> bool {
    let label = field_words(label).concat();
    let label = label.as_str();
    SUFFIX_FIELDS.contains(&label) || MIDDLE_FIELDS.contains(&label) || TITLE_FIELDS.contains(&label)
}

/// A contact's name in a form that can be compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PersonName {
    pub(crate) people: People,
    /// The words of a middle name in a separate field.
    pub(crate) middle: Vec<String>,
    pub(crate) suffix: Option<Suffix>,
    pub(crate) gender: Option<Gender>,
    /// The field of the first word.
    pub(crate) field: Field,
    /// The display name, if only one of the first and the last name is given.
    pub(crate) displayed: Option<Box<Self>>,
}

/// The people that a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum People {
    /// The contact has no name.
    Unnamed,
    /// One person. The first words are the given name, the others the family name. `given` is the possible number of
    /// given names; it is certain only if the name stands in two fields.
    ///
    /// With a comma, as in `Muster, Anna`, the name may also be that of two people, so a single word does not agree
    /// with it.
    One { words: Vec<String>, given: RangeInclusive<usize>, has_comma: bool },
    /// Two people, a household, a relative of a named person, or an unknown form. Such a name agrees only with the same
    /// words.
    Several { words: Vec<String> },
}

/// The words of one name field.
#[derive(Default)]
struct NamePart {
    words: Vec<String>,
    suffix: Option<Suffix>,
    gender: Option<Gender>,
    names_several: bool,
}

/// The role of a text in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NameRole {
    Given,
    Family,
    Whole,
}

impl PersonName {
    /// Reads the name of a contact from its first and last name, or from its display name if both are missing. If only
    /// one of them is missing, the display name is kept beside the other. Cost: O(n) in the length of the fields.
    pub(crate) fn of<Id>(contact: &Contact<Id>) -> Self {
        let text = |field: &Field| contact.get(field).and_then(Value::as_written).unwrap_or_default();
        let (given, family) = (text(&Field::FirstName), text(&Field::LastName));
        let mut name = match (says_a_name(given), says_a_name(family)) {
            (true, true) => {
                Self::in_two(NamePart::read(given, NameRole::Given), NamePart::read(family, NameRole::Family))
            }
            (true, false) => Self::in_one(NamePart::read(given, NameRole::Given), Field::FirstName),
            (false, true) => Self::in_one(NamePart::read(family, NameRole::Family), Field::LastName),
            (false, false) => Self::displayed(text(&Field::DisplayName)),
        };
        for (field, value) in &contact.fields {
            let (Field::Custom(label) | Field::Other(label)) = field else { continue };
            let Some(text) = value.as_written() else { continue };
            let label = field_words(label).concat();
            if name.suffix.is_none() && SUFFIX_FIELDS.contains(&label.as_str()) {
                name.suffix = suffix_of(text);
            }
            if name.middle.is_empty() && MIDDLE_FIELDS.contains(&label.as_str()) {
                name.middle = NamePart::read(text, NameRole::Given).words;
            }
            if TITLE_FIELDS.contains(&label.as_str()) {
                name.add_title(text);
            }
        }
        if says_a_name(given) != says_a_name(family) {
            name.put_beside(Self::displayed(text(&Field::DisplayName)));
        }
        name
    }

    /// Returns the most complete name: the display name if only one of the first and the last name is given.
    pub(crate) fn fullest(&self) -> &Self {
        self.displayed.as_deref().unwrap_or(self)
    }

    /// Adds the display name to a first or a last name. Each takes the suffix and gender that it lacks from the other.
    fn put_beside(&mut self, mut displayed: Self) {
        if displayed.is_unnamed() {
            return;
        }
        self.suffix = self.suffix.take().or(displayed.suffix.take());
        self.gender = self.gender.or(displayed.gender);
        displayed.suffix.clone_from(&self.suffix);
        displayed.gender = self.gender;
        displayed.middle.clone_from(&self.middle);
        self.displayed = Some(Box::new(displayed));
    }

    /// Adds the title in a field for titles. `Herr und Frau` stands for two people.
    fn add_title(&mut self, text: &str) {
        let words: Vec<String> = raw_words(text).iter().map(|word| bare(word)).collect();
        let genders: Vec<Gender> = words.iter().filter_map(|word| name_words::title(word).flatten()).collect();
        let names_several = genders.iter().any(|gender| Some(gender) != genders.first())
            || words.iter().any(|word| name_words::is_household(word));
        if let (true, People::One { words, .. }) = (names_several, &mut self.people) {
            self.people = People::Several { words: std::mem::take(words) };
        } else if !names_several {
            self.gender = self.gender.or(genders.first().copied());
        }
    }

    pub(crate) fn is_unnamed(&self) -> bool {
        self.people == People::Unnamed
    }

    fn in_two(given: NamePart, family: NamePart) -> Self {
        let split = given.words.len();
        Self::new([given, family], Field::FirstName, split..=split)
    }

    fn in_one(part: NamePart, field: Field) -> Self {
        let count = part.words.len();
        // One of the two fields often holds the full name.
        let given = if field == Field::FirstName { 1..=count } else { 0..=count.saturating_sub(1) };
        Self::new([part, NamePart::default()], field, given)
    }

    fn displayed(text: &str) -> Self {
        if !says_a_name(text) {
            return Self::new([NamePart::default(), NamePart::default()], Field::DisplayName, 0..=0);
        }
        // `Muster, Anna` and `Muster, Anna, Dr.`
        if let Some((family, given)) = text.split_once(',').filter(|(family, _)| says_a_name(family)) {
            let is_name = |word: &String| name_words::suffix(word).is_none() && !is_degree(word);
            let names = raw_words(given).iter().map(|word| bare(word)).any(|word| is_name(&word));
            let (family, given) = (NamePart::read(family, NameRole::Family), NamePart::read(given, NameRole::Given));
            if names && !given.words.is_empty() {
                let split = given.words.len();
                let mut name = Self::new([given, family], Field::DisplayName, split..=split);
                if let People::One { has_comma, .. } = &mut name.people {
                    *has_comma = true;
                }
                return name;
            }
        }
        let part = NamePart::read(text, NameRole::Whole);
        let given = match part.words.len() {
            0 | 1 => 0..=part.words.len(),
            count => 1..=count - 1,
        };
        Self::new([part, NamePart::default()], Field::DisplayName, given)
    }

    fn new([given, family]: [NamePart; 2], field: Field, range: RangeInclusive<usize>) -> Self {
        let names_several = given.names_several || family.names_several;
        let words = [given.words, family.words].concat();
        let people = match words.len() {
            0 => People::Unnamed,
            count if names_several || count > MAX_WORDS => People::Several { words },
            _ => People::One { words, given: range, has_comma: false },
        };
        let (suffix, gender) = (family.suffix.or(given.suffix), given.gender.or(family.gender));
        Self { people, middle: Vec::new(), suffix, gender, field, displayed: None }
    }
}

impl NamePart {
    fn read(text: &str, role: NameRole) -> Self {
        let mut part = Self::default();
        let mut raw = raw_words(text);
        let is_between = |at: usize| at > 0 && at + 1 < raw.len();
        let has_upper = text.chars().any(char::is_uppercase);
        let is_lower = |at: usize| has_upper && raw.get(at).is_some_and(|word| !word.chars().any(char::is_uppercase));
        let connects = |at: usize, word: &str| {
            let in_lower_case =
                || name_words::is_conjunction_in_lower_case(word) && is_lower(at) && !name_words::is_particle(word);
            is_between(at)
                && match role {
                    NameRole::Family => {
                        (name_words::is_conjunction(word) && !name_words::is_in_family_names(word)) || in_lower_case()
                    }
                    // `Anna E. Muster` has a middle initial. Only the German `u.` is a conjunction with a dot.
                    _ => {
                        let is_initial = raw.get(at).is_some_and(|raw| raw.ends_with('.')) && word != "u";
                        (name_words::is_conjunction(word) || in_lower_case()) && !is_initial
                    }
                }
        };
        let bare_words: Vec<String> = raw.iter().map(|word| bare(word)).collect();
        // An import splits `Anna und Max Muster` at the first space. A single letter alone is an initial.
        let is_cut = |at: usize, word: &str| {
            role == NameRole::Family && at == 0 && raw.len() > 1 && name_words::is_conjunction(word)
        };
        let mut words = bare_words.iter().enumerate();
        part.names_several = words
            .any(|(at, word)| connects(at, word) || is_cut(at, word) || name_words::is_household(word))
            || is_of_somebody(&raw, &bare_words);
        if part.names_several {
            part.words = bare_words;
            return part;
        }
        while let Some(gender) = raw.first().and_then(|first| name_words::title(&bare(first))) {
            // Some titles are also names, but `Frau` alone is not.
            let is_only_word = raw.len() == 1 && (gender.is_none() || role == NameRole::Family);
            if is_only_word
                || (raw.first().is_some_and(|first| name_words::is_name_too(&bare(first)) && !first.contains('.')))
            {
                break;
            }
            part.gender = part.gender.or(gender);
            raw.remove(0);
        }
        while let Some(last) = raw.last().map(|last| bare(last)) {
            match name_words::suffix(&last) {
                // A given name of one word is a name: Junior is a given name, too.
                Some(suffix) if raw.len() > 1 || role == NameRole::Family => part.suffix = part.suffix.or(Some(suffix)),
                None if raw.len() > 1 && (last == "," || ends_in_degree(&raw, role)) => {}
                _ => break,
            }
            raw.pop();
        }
        // Words after a comma can have any meaning.
        part.names_several = raw.iter().any(|word| *word == ",");
        let parts = raw.iter().flat_map(|word| word.split(['.', '-', '\u{2010}', '\u{2011}']));
        let mut words: Vec<String> = parts.map(bare).filter(|word| !word.is_empty()).collect();
        let is_particle = |word: &String| match role {
            NameRole::Given => false,
            NameRole::Whole => name_words::is_particle(word),
            NameRole::Family => name_words::is_particle(word) || name_words::is_in_family_names(word),
        };
        // A particle is between two names. Before a family name the first of them is in another field.
        let first = usize::from(role != NameRole::Family);
        let last = words.len().saturating_sub(1);
        if !words.iter().all(is_particle) {
            let mut places = 0..;
            words.retain(|word| {
                let is_between = places.next().is_some_and(|at| at >= first && at < last);
                !is_between || !is_particle(word)
            });
        }
        part.words = words;
        part
    }
}

/// Returns true if a text can be a name, so not an address, a number or a dash.
fn says_a_name(text: &str) -> bool {
    !text.contains('@') && text.chars().any(char::is_alphabetic)
}

/// Returns the words of a text. Commas and signs that connect two names are words of their own.
fn raw_words(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() + 4);
    for letter in text.chars() {
        match letter {
            ',' | ';' | '&' | '+' | '/' | '|' | '\\' | '\n' | '\u{ff06}' | '\u{ff0b}' | '\u{ff0f}' | '\u{3001}'
            | '\u{ff0c}' => {
                // Other separators count as commas.
                let sign = if matches!(letter, '&' | '+' | '/') { letter } else { ',' };
                spaced.extend([' ', sign, ' ']);
            }
            letter => spaced.push(letter),
        }
    }
    let is_word = |word: &str| word.chars().any(char::is_alphanumeric) || !bare(word).is_empty();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let first = words.iter().position(|word| is_word(word)).unwrap_or_default();
    let last = words.iter().rposition(|word| is_word(word)).unwrap_or_default();
    // A dash or a heart between two names counts as a comma, but not after the last name.
    let joins = |at: usize, word: &str| at > first && at < last && word.chars().all(is_joining_sign);
    let words = words.iter().enumerate().filter_map(|(at, word)| match () {
        () if is_word(word) => Some((*word).to_owned()),
        () if joins(at, word) => Some(",".to_owned()),
        () => None,
    });
    words.collect()
}

/// Returns true if a sign connects two names, such as a dash or a heart. Punctuation inside one name does not.
fn is_joining_sign(letter: char) -> bool {
    matches!(letter, '-' | '~' | '=' | '<' | '>' | '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{b7}' | '\u{fe0f}')
        || (letter >= '\u{2190}' && !letter.is_alphanumeric())
}

/// Returns true if a text names a person's relative or device: `Mother of Anna`, `Anna's husband`, `Anna (mum)`.
fn is_of_somebody(raw: &[String], words: &[String]) -> bool {
    if raw.len() < 2 {
        return false;
    }
    let is_owner = |word: &String| {
        let lower = word.to_lowercase();
        ["'s", "\u{2019}s", "s'", "s\u{2019}"].iter().any(|end| lower.ends_with(end))
    };
    let (_, before) = raw.split_last().unwrap_or((&raw[0], &[]));
    let has_of = words.windows(2).any(|two| name_words::is_relation_of(&two[0]) && name_words::is_of(&two[1]));
    let in_brackets = |(raw, word): (&String, &String)| raw.starts_with(['(', '[']) && name_words::is_relation_of(word);
    words.iter().any(|word| name_words::is_relation(word))
        || before.iter().any(is_owner)
        || has_of
        || raw.iter().zip(words).any(in_brackets)
}

/// Returns the folded letters and digits of a word, or the sign itself if the word is one that connects or separates.
fn bare(word: &str) -> String {
    let folded = fold(word);
    if matches!(folded.as_str(), "," | "&" | "+" | "/") {
        return folded;
    }
    folded.chars().filter(|letter| !is_mark(*letter)).collect()
}

/// Returns true for punctuation, emoji and other signs that are no letters, digits or marks of a script.
fn is_mark(letter: char) -> bool {
    !letter.is_alphanumeric() && (letter.is_ascii() || !('\u{300}'..'\u{2000}').contains(&letter))
}

/// Returns true if a word after a name is a degree or a title.
fn is_degree(word: &str) -> bool {
    name_words::is_credential(word) || name_words::title(word) == Some(None)
}

/// Returns true if the last word is a degree or a title. A degree that is also a name counts only with a dot, after a
/// comma, or in capitals after a name that is not all in capitals.
fn ends_in_degree(raw: &[String], role: NameRole) -> bool {
    let Some((last, before)) = raw.split_last() else { return false };
    let word = bare(last);
    let is_in_capitals = || {
        let is_behind_name = before.len() > usize::from(role != NameRole::Family);
        let is_lowercase = |word: &String| word.chars().any(char::is_lowercase);
        name_words::is_in_capitals(&word) && is_behind_name && !is_lowercase(last) && before.iter().any(is_lowercase)
    };
    let is_no_name = || last.contains('.') || before.last().is_some_and(|word| word == ",") || is_in_capitals();
    is_degree(&word) && (!name_words::is_name_too(&word) || is_no_name())
}

/// Returns the suffix in the text of a field for suffixes.
fn suffix_of(text: &str) -> Option<Suffix> {
    let words: Vec<String> = raw_words(text).iter().map(|word| bare(word)).collect();
    let known = words.iter().find_map(|word| name_words::suffix(word));
    let others: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| *word != "," && !name_words::is_credential(word)).collect();
    known.or_else(|| (!others.is_empty()).then(|| Suffix::Written(others.join(" "))))
}

//! The birth date in a contact's fields.

use crate::contact::{Contact, Field, Value};
use crate::field_names::parts::part::{BirthPart, birth_part};

const MONTH_NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date whose parts may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct PartialDate {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

/// The birth dates in the fields of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct BirthDate {
    // Each field with its text and its readings: `5/6/1980` has two, and a text that is no date has none.
    said: Vec<(Field, String, Vec<PartialDate>)>,
}

impl BirthDate {
    /// Reads the birth dates of a contact. Cost: O(f) for f fields.
    pub(crate) fn of<Id>(contact: &Contact<Id>) -> Self {
        let mut birth = Self::default();
        // Day, month and year in separate fields make one date.
        let mut parts = PartialDate::default();
        let mut parts_field = None;
        for (field, value) in &contact.fields {
            let (Field::Custom(label) | Field::Other(label)) = field else { continue };
            let Some(part) = birth_part(label) else { continue };
            let Some(text) = text_of(value) else { continue };
            let number = text.parse::<u16>().ok();
            let small = number.and_then(|number| u8::try_from(number).ok());
            match part {
                BirthPart::Year => parts.year = number.filter(|year| *year > 0),
                BirthPart::Month => parts.month = small.filter(|month| *month > 0).or_else(|| month_named(&text)),
                // A field named `Birth Day` holds the day of a month if it is a number, and else a whole date.
                BirthPart::DateOrDay if small.is_some() => parts.day = small.filter(|day| *day > 0),
                BirthPart::DateOrDay => {
                    let readings = readings(&text);
                    if readings != [PartialDate::default()] {
                        birth.said.push((field.clone(), text, readings));
                    }
                    continue;
                }
            }
            parts_field.get_or_insert_with(|| field.clone());
        }
        if let Some(field) = parts_field.filter(|_| parts != PartialDate::default()) {
            birth.said.push((field, String::new(), vec![parts]));
        }
        birth
    }

    /// Returns the readings of the first date that has a year, a month and a day, each as the number `yyyymmdd`.
    #[cfg(feature = "serde")]
    pub(crate) fn dates(&self) -> impl Iterator<Item = u32> {
        let said = self.said.iter().map(|(_, text, readings)| {
            let mut numbers: Vec<u32> = readings.iter().filter_map(|date| date.number()).collect();
            let is_digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            // Eight digits that are no date are most often a date with a wrong digit.
            if numbers.is_empty() && readings.is_empty() && is_digits {
                numbers.extend(text.parse::<u32>().ok());
            }
            numbers.dedup();
            numbers
        });
        said.into_iter().find(|numbers| !numbers.is_empty()).into_iter().flatten()
    }

    /// Returns the first field that contradicts the other contact's dates, if there is one. Two dates contradict each
    /// other if a part that both have differs in every reading. Cost: O(d e) for d and e dates.
    pub(crate) fn contradiction(&self, other: &Self) -> Option<&Field> {
        let agree = |a: &(Field, String, Vec<PartialDate>), b: &(Field, String, Vec<PartialDate>)| {
            (a.1 == b.1 && a.2 == b.2) || a.2.iter().any(|a| b.2.iter().any(|b| a.agrees(*b)))
        };
        let unlike = |a: &&(Field, String, Vec<PartialDate>)| other.said.iter().any(|b| !agree(a, b));
        self.said.iter().find(unlike).map(|(field, ..)| field)
    }
}

impl PartialDate {
    #[cfg(feature = "serde")]
    fn number(self) -> Option<u32> {
        let (year, month, day) = (self.year?, self.month?, self.day?);
        // Two digits are a year of this or the last century.
        let year = match u32::from(year) {
            year @ 0..30 => year + 2000,
            year @ 30..100 => year + 1900,
            year => year,
        };
        Some(year * 10_000 + u32::from(month) * 100 + u32::from(day))
    }

    fn agrees(self, other: Self) -> bool {
        let year = |a: u16, b: u16| a == b || ((a < 100 || b < 100) && a % 100 == b % 100);
        both(self.year, other.year, year)
            && both(self.month, other.month, |a, b| a == b)
            && both(self.day, other.day, |a, b| a == b)
    }
}

fn both<T>(a: Option<T>, b: Option<T>, agree: impl Fn(T, T) -> bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => agree(a, b),
        _ => true,
    }
}

fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Time(time) => time.text().map_or_else(|| time.time().millis().to_string(), str::to_owned),
        value => value.as_written()?.to_owned(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_lowercase())
}

/// Returns the readings of a text. A text without information, such as `0000-00-00`, is read as an empty date.
fn readings(text: &str) -> Vec<PartialDate> {
    // Databases append a time of day to a date.
    let date = match text.split_once(['t', ' ']) {
        Some((date, _)) if date.len() >= 8 && date.starts_with(|first: char| first.is_ascii_digit()) => date,
        _ => text,
    };
    let is_separator = |letter: char| !letter.is_alphanumeric();
    let words: Vec<&str> = date.split(is_separator).filter(|word| !word.is_empty()).collect();
    let numbers: Vec<Option<u16>> = words.iter().map(|word| word.parse().ok()).collect();
    let date = |year: u16, month: u16, day: u16| {
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let nothing = |part: u8| (part > 0).then_some(part);
        (month <= 12 && day <= 31).then_some(PartialDate {
            year: (year > 0).then_some(year),
            month: nothing(month),
            day: nothing(day),
        })
    };
    let found: Vec<Option<PartialDate>> = match numbers.as_slice() {
        [Some(compact)] if words[0].len() == 4 => vec![date(*compact, 0, 0)],
        [None] if words[0].len() == 8 && words[0].bytes().all(|byte| byte.is_ascii_digit()) => {
            let part = |range: std::ops::Range<usize>| words[0].get(range).and_then(|part| part.parse().ok());
            vec![part(0..4).zip(part(4..6)).zip(part(6..8)).and_then(|((year, month), day)| date(year, month, day))]
        }
        // `--05-17` is a date without a year.
        [Some(month), Some(day)] if text.starts_with("--") => vec![date(0, *month, *day)],
        [Some(year), Some(month)] if words[0].len() == 4 => vec![date(*year, *month, 0)],
        [Some(year), Some(month), Some(day)] if words[0].len() == 4 => vec![date(*year, *month, *day)],
        // With dots the day comes first. Otherwise both orders are possible.
        [Some(day), Some(month), Some(year)] if text.contains('.') => vec![date(*year, *month, *day)],
        [Some(a), Some(b), Some(year)] => vec![date(*year, *b, *a), date(*year, *a, *b)],
        [Some(day), None, Some(year)] => vec![month_named(words[1]).and_then(|month| date(*year, month.into(), *day))],
        [None, Some(day), Some(year)] => vec![month_named(words[0]).and_then(|month| date(*year, month.into(), *day))],
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}

fn month_named(word: &str) -> Option<u8> {
    let place = MONTH_NAMES.iter().position(|name| word.trim().to_lowercase().starts_with(name))?;
    u8::try_from(place + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(fields: &[(&str, &str)]) -> BirthDate {
        let contact = fields
            .iter()
            .fold(Contact::new(1), |contact, (name, text)| contact.with(Field::Other((*name).into()), *text));
        BirthDate::of(&contact)
    }

    #[test]
    fn dates_are_compared_however_they_are_written() {
        let date = |text: &str| born(&[("Birthday", text)]);
        for same in [
            "1980-05-17",
            "17.05.1980",
            "17/5/1980",
            "5/17/1980",
            "19800517",
            "1980",
            "--05-17",
            "17 May 1980",
            "May 17, 1980",
            "17.5.80",
            "1980-05-17T00:00:00Z",
            "1980-05-17 00:00:00",
        ] {
            assert_eq!(date("1980-05-17").contradiction(&date(same)), None, "{same}");
        }
        for other in ["1980-05-18", "1979", "--05-18", "17 June 1980", "18/05/1980", "n/a", "17.5.81"] {
            assert_eq!(
                date("1980-05-17").contradiction(&date(other)),
                Some(&Field::Other("Birthday".into())),
                "{other}"
            );
        }
        // Read as the fifth of June and as the sixth of May.
        assert_eq!(date("5/6/1980").contradiction(&date("1980-06-05")), None);
        assert_eq!(date("5/6/1980").contradiction(&date("1980-05-06")), None);
        assert!(date("5/6/1980").contradiction(&date("1980-07-05")).is_some());
        for nothing in ["", " ", "0000-00-00"] {
            assert_eq!(date(nothing), BirthDate::default(), "{nothing}");
        }
    }

    #[test]
    fn fields_of_birth_are_known_by_their_words() {
        for name in [
            "dob",
            "Date of birth",
            "dateofbirth",
            "Data de nascimento",
            "Geburtsdatum",
            "Дата рождения",
            "Data urodzenia",
        ] {
            assert_ne!(born(&[(name, "1980-05-17")]), BirthDate::default(), "{name}");
        }
        for name in ["Birth City", "Birth name", "birthday_card_sent", "Geburtsort", "date", "Anniversary"] {
            assert_eq!(born(&[(name, "1980-05-17")]), BirthDate::default(), "{name}");
        }
    }

    #[test]
    fn a_date_in_parts_is_one_date() {
        let parts = born(&[("Birth Year", "1980"), ("Birth Month", "5"), ("Birth Day", "17")]);
        assert_eq!(parts.contradiction(&born(&[("date_of_birth", "1980-05-17")])), None);
        assert!(parts.contradiction(&born(&[("date_of_birth", "1980-05-18")])).is_some());
        assert_eq!(parts.contradiction(&born(&[("Birth Year", "1980")])), None);
        assert!(parts.contradiction(&born(&[("Birth Year", "1979"), ("Birth Month", "May")])).is_some());
        assert!(parts.contradiction(&born(&[("Birth Month", "june")])).is_some());
    }
}

//! The comparable form of a contact: what of it is compared, in plain letters.

use std::fmt;

use crate::contact::{Contact, Field, Value};
use crate::key::{Derivation, KeyKind, Reason};
use crate::normalize::{ContactKeys, Normalizer, is_relay_address};
use crate::person::birth_date::BirthDate;
use crate::person::person_name::{People, PersonName};
use crate::person::{Gender, Suffix};
use crate::similarity::comparable::field_role::{FieldRole, FieldRoles};
use crate::similarity::comparable::plain_text::{plain, plain_word};
use crate::similarity::comparable::words::{company_words, street_address};
use crate::similarity::field::ComparedField;

/// The most words of a given and of a family name that are compared, and the most phones, emails and identifiers.
pub(crate) const MAX_WORDS: usize = 4;
pub(crate) const MAX_VALUES: usize = 8;

/// The longest word or text that is compared, in bytes.
const MAX_BYTES: usize = 64;

/// The shortest number that is compared without its country code.
const MIN_NATIONAL_DIGITS: usize = 7;

/// What of a contact is compared, in plain letters. `Debug` shows no value.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComparableForm {
    /// The words of the given names, middle names last.
    pub given: Vec<String>,
    /// The words of the family names.
    pub family: Vec<String>,
    /// True if the whole name stands in one field, so that the border between given and family names is not known.
    pub is_one_field: bool,
    /// True if the name stands for several people.
    pub is_several: bool,
    /// The suffix of the name.
    pub suffix: String,
    /// `m`, `f`, or another first letter of the gender as written; empty if unknown.
    pub gender: String,
    /// The birth date as `yyyymmdd`. A second one is another reading of the first.
    pub birth_dates: Vec<String>,
    /// The addresses, without tags.
    pub emails: Vec<String>,
    /// The numbers in E.164, with `;ext=` where there is an extension. A number without a country code has no plus.
    pub phones: Vec<String>,
    /// The company without its legal form.
    pub company: String,
    /// The street without the number of the house.
    pub street: String,
    /// The number of the house.
    pub house_number: String,
    /// The city.
    pub city: String,
    /// The postcode, in one word.
    pub postcode: String,
    /// The state or province.
    pub state: String,
    /// The country's code.
    pub country: String,
    /// The host's identifiers: the name of the field, a tab, and the value.
    pub identifiers: Vec<String>,
    /// The identities on channels: the account, a tab, and the identity.
    pub channels: Vec<String>,
}

impl ComparableForm {
    /// Returns the comparable form of a contact. Cost: O(n) in the length of its values.
    pub fn of<Id>(contact: &Contact<Id>, normalizer: &Normalizer) -> Self {
        Self::with_roles(contact, normalizer, &mut FieldRoles::default())
    }

    /// Like [`ComparableForm::of`], for many contacts with the same fields.
    pub(crate) fn with_roles<Id>(contact: &Contact<Id>, normalizer: &Normalizer, roles: &mut FieldRoles) -> Self {
        let mut form = Self::default();
        form.read_name(&PersonName::of(contact));
        form.birth_dates = BirthDate::of(contact).dates().map(|date| format!("{date:08}")).take(2).collect();
        form.read_keys(&normalizer.contact(contact));
        let region = contact.country().and_then(|country| country.trim().parse::<crate::normalize::Region>().ok());
        form.country = region.map(|region| region.code().to_owned()).unwrap_or_default();
        // Custom and unknown fields come after all others.
        for (field, value) in contact.fields.range(Field::Custom("".into())..) {
            if let Some(role) = roles.of(field) {
                form.read_field(role, value);
            }
        }
        form
    }

    /// Returns the values that are compared in a field, as one text.
    pub fn text_of(&self, field: ComparedField) -> String {
        match field {
            ComparedField::Given => self.given.first().cloned().unwrap_or_default(),
            ComparedField::Middle => self.given.get(1..).unwrap_or_default().join(" "),
            ComparedField::Family => self.family.join(" "),
            ComparedField::NameOrder => [self.given.join(" "), self.family.join(" ")].join(" "),
            ComparedField::Suffix => self.suffix.clone(),
            ComparedField::BirthDate => self.birth_dates.join(", "),
            ComparedField::Email => self.emails.join(", "),
            ComparedField::Phone => self.phones.join(", "),
            ComparedField::Company => self.company.clone(),
            ComparedField::Street => [self.street.as_str(), self.house_number.as_str()].join(" ").trim().to_owned(),
            ComparedField::City => self.city.clone(),
            ComparedField::Postcode => self.postcode.clone(),
            ComparedField::State => self.state.clone(),
            ComparedField::Country => self.country.clone(),
            ComparedField::Identifier => {
                [&self.identifiers[..], &self.channels[..]].concat().join(", ").replace('\t', "=")
            }
            ComparedField::Gender => self.gender.clone(),
        }
    }

    fn read_name(&mut self, name: &PersonName) {
        let name = name.fullest();
        self.gender = match name.gender {
            Some(Gender::Man) => "m".to_owned(),
            Some(Gender::Woman) => "f".to_owned(),
            None => String::new(),
        };
        self.suffix = match &name.suffix {
            Some(Suffix::Known(suffix)) => (*suffix).to_owned(),
            Some(Suffix::Written(suffix)) => shortened(plain_word(suffix)),
            None => String::new(),
        };
        match &name.people {
            People::Unnamed => {}
            People::One { words, given, .. } => {
                let words: Vec<&String> = words.iter().filter(|word| !is_no_name(word)).collect();
                let is_certain = given.start() == given.end();
                self.is_one_field = !is_certain && words.len() > 1;
                let split = match words.len() {
                    count if is_certain => (*given.start()).min(count),
                    0 => 0,
                    1 => usize::from(*given.end() > 0),
                    count => count - 1,
                };
                let (given, family) = words.split_at(split);
                self.given = plain_words(given);
                self.family = plain_words(family);
            }
            People::Several { words } => {
                self.is_several = true;
                let words: Vec<&String> = words.iter().filter(|word| word.chars().count() > 1).collect();
                let (given, family) = words.split_at(words.len().saturating_sub(1));
                self.given = plain_words(given);
                self.family = plain_words(family);
            }
        }
        let room = MAX_WORDS.saturating_sub(self.given.len());
        self.given.extend(name.middle.iter().flat_map(|word| plain_words(&[word])).take(room));
    }

    fn read_keys(&mut self, keys: &ContactKeys) {
        let mut last_phone: Option<(&str, usize)> = None;
        for key in &keys.keys {
            let value = key.key.value();
            match key.key.kind() {
                KeyKind::Phone if key.derivation != Derivation::WithoutExtension => {
                    // A value gives the variants of one number, which have one spelling.
                    let place = (key.place.field.name(), key.place.position);
                    if last_phone != Some(place) {
                        self.phones.push(one_spelling(value));
                    }
                    last_phone = Some(place);
                }
                KeyKind::Email if key.derivation != Derivation::PlusTag && key.derivation != Derivation::GmailDots => {
                    self.emails.push(mailbox(value));
                }
                KeyKind::ChannelId => self.channels.push(format!("{}\t{value}", key.key.scope())),
                KeyKind::Custom => self.identifiers.push(format!("{}\t{value}", key.key.scope())),
                _ => {}
            }
        }
        for rejection in &keys.rejections {
            let is_number = matches!(
                rejection.reason,
                Reason::NoCountryCode | Reason::NotValid | Reason::NotPossible | Reason::OtherCountry
            );
            if rejection.place.field == Field::Phone && is_number {
                let digits: String = rejection.value.chars().filter(char::is_ascii_digit).collect();
                let digits = digits.trim_start_matches('0');
                let is_filler = digits.bytes().all(|digit| Some(digit) == digits.bytes().next());
                if (MIN_NATIONAL_DIGITS..=15).contains(&digits.len()) && !is_filler {
                    self.phones.push(digits.to_owned());
                }
            }
        }
        for values in [&mut self.phones, &mut self.emails, &mut self.channels, &mut self.identifiers] {
            let mut seen: Vec<String> = Vec::with_capacity(values.len().min(MAX_VALUES));
            for value in values.drain(..) {
                if seen.len() < MAX_VALUES && !seen.contains(&value) {
                    seen.push(value);
                }
            }
            *values = seen;
        }
    }

    fn read_field(&mut self, role: FieldRole, value: &Value) {
        let Some(text) = value.as_written().filter(|text| !Normalizer::is_placeholder(text)) else { return };
        let target = match role {
            FieldRole::Gender => &mut self.gender,
            FieldRole::Company => &mut self.company,
            FieldRole::Street => &mut self.street,
            FieldRole::HouseNumber => &mut self.house_number,
            FieldRole::City => &mut self.city,
            FieldRole::Postcode => &mut self.postcode,
            FieldRole::State => &mut self.state,
        };
        if !target.is_empty() {
            return;
        }
        match role {
            FieldRole::Gender => {
                let letter = plain(text).chars().next();
                // Words for women in the languages of the names: female, woman, frau, weiblich, mujer is `m` in none.
                *target = letter.map(|letter| if matches!(letter, 'w') { 'f' } else { letter }).into_iter().collect();
            }
            FieldRole::Company => *target = shortened(company_words(&plain(text))),
            FieldRole::Street => {
                let address = street_address(&plain(text));
                *target = shortened(address.street);
                if self.house_number.is_empty() {
                    self.house_number = shortened(address.number);
                }
            }
            FieldRole::Postcode | FieldRole::HouseNumber => *target = shortened(plain_word(text)),
            FieldRole::City | FieldRole::State => *target = shortened(plain(text)),
        }
    }
}

impl fmt::Debug for ComparableForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComparableForm")
            .field("phones", &self.phones.len())
            .field("emails", &self.emails.len())
            .finish_non_exhaustive()
    }
}

fn shortened(mut text: String) -> String {
    text.truncate(MAX_BYTES);
    text
}

fn plain_words(words: &[&String]) -> Vec<String> {
    let mut plain_words = Vec::with_capacity(words.len());
    for word in words {
        let word = plain(word);
        plain_words.extend(word.split(' ').filter(|word| !word.is_empty()).map(|word| shortened(word.to_owned())));
    }
    plain_words.truncate(MAX_WORDS);
    plain_words
}

/// Returns true for the words that programs write in place of a name.
fn is_no_name(word: &str) -> bool {
    matches!(word, "null" | "undefined" | "unknown" | "nan" | "none" | "anonymous")
}

/// Returns a number without the digit that mobile phones of Brazil, Mexico and Argentina have in some spellings only.
fn one_spelling(number: &str) -> String {
    let digits = number.split(';').next().unwrap_or(number).len();
    match number.as_bytes() {
        [b'+', b'5', b'5', _, _, b'9', ..] if digits == 14 => [&number[..5], &number[6..]].concat(),
        [b'+', b'5', b'2', b'1', ..] if digits == 14 => [&number[..3], &number[4..]].concat(),
        [b'+', b'5', b'4', b'9', ..] if digits == 14 => [&number[..3], &number[4..]].concat(),
        _ => number.to_owned(),
    }
}

/// Returns the mailbox that an address belongs to: without a tag behind `+`, and at Gmail without dots. Relay addresses
/// stay as they are.
fn mailbox(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    if is_relay_address(address) {
        return address.to_owned();
    }
    let local = match local.split_once('+') {
        Some((mailbox, _)) if !mailbox.is_empty() => mailbox,
        _ => local,
    };
    let is_gmail = matches!(domain, "gmail.com" | "googlemail.com");
    if is_gmail { format!("{}@gmail.com", local.replace('.', "")) } else { format!("{local}@{domain}") }
}

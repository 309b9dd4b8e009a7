//! Fields that are decided together: the parts of an address, the parts of a date.
//!
//! A street of one contact and a city of another are an address where nobody lives. Which fields are parts of one, their
//! names say: `Business Street` and `Business City` are parts of the business address, `Birth Year` and `Birth Month` of
//! the birth date. `docs/policy.md` lists the words.

use std::collections::BTreeMap;

use crate::contact::{Field, field_words};
use crate::policy::part_words::{
    AMBIGUOUS, BESIDE_ADDRESS, BESIDE_DATES, BESIDE_PLACES, BIRTHS, COUNTRIES, DATES, DAYS, DOUBTFUL_OTHERS,
    DOUBTFUL_PLACES, LINES, MONTHS, NUMBERED, OTHER_PLACES, STREETS, STREETS_AND_CITIES, TECHNICAL, YEARS,
};

/// Fields that get their values from one contact.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FieldGroup<'a> {
    /// The fields, in order.
    pub(crate) fields: Vec<&'a Field>,
    /// Those of them with a street or a city, without which there is no address; none in a date.
    pub(crate) places: Vec<&'a Field>,
    /// Those of them that mean something else where a contact has no other part: `estado`.
    pub(crate) doubtful: Vec<&'a Field>,
    /// Whether the contact's country is that of the address.
    pub(crate) with_country: bool,
}

/// Which address or date a field is a part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whole {
    /// The address with these words beside: `business`, `2`.
    Address(String),
    BirthDate,
    /// Another date, with these words beside.
    Date(String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Street,
    City,
    DoubtfulPlace,
    OtherPlace,
    DoubtfulOther,
    HouseNumber,
    Country,
    Year,
    Month,
    Day,
    Date,
}

/// The groups among `fields`, which are in order, and each of which is in one at most. O(n) for the length of their names.
pub(crate) fn groups<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<FieldGroup<'a>> {
    let mut found: BTreeMap<Whole, Vec<(&Field, Part)>> = BTreeMap::new();
    let mut has_country = false;
    for field in fields {
        has_country |= *field == Field::Country;
        let (Field::Custom(name) | Field::Other(name)) = field else { continue };
        if let Some((whole, part)) = part_of(name) {
            found.entry(whole).or_default().push((field, part));
        }
    }
    let is_group = |whole: &Whole, parts: &[(&Field, Part)]| {
        let has = |wanted: Part| parts.iter().any(|(_, part)| *part == wanted);
        match whole {
            Whole::Address(_) => has(Part::Street) || has(Part::City),
            Whole::BirthDate => true,
            // A month and a year alone may count something.
            Whole::Date(_) => has(Part::Year) && has(Part::Month) && has(Part::Day),
        }
    };
    for parts in found.values_mut() {
        let has_street = parts.iter().any(|(_, part)| matches!(part, Part::Street | Part::DoubtfulPlace));
        parts.retain(|(_, part)| has_street || *part != Part::HouseNumber);
    }
    found.retain(|whole, parts| is_group(whole, parts));
    let is_address = |whole: &Whole| matches!(whole, Whole::Address(_));
    // Of several addresses nobody knows which one the country is of.
    let is_only_address = found.keys().filter(|whole| is_address(whole)).count() == 1;
    let groups = found.into_iter().map(|(whole, parts)| {
        let says_country = parts.iter().any(|(_, part)| *part == Part::Country);
        let of = |is_wanted: fn(Part) -> bool| -> Vec<&Field> {
            parts.iter().filter(|(_, part)| is_wanted(*part)).map(|(field, _)| *field).collect()
        };
        FieldGroup {
            fields: of(|_| true),
            places: of(|part| matches!(part, Part::Street | Part::City | Part::DoubtfulPlace)),
            doubtful: of(|part| matches!(part, Part::DoubtfulOther | Part::HouseNumber)),
            with_country: has_country && is_only_address && !says_country && may_have_country(&whole, &parts),
        }
    });
    groups.filter(|group| group.fields.len() > 1 || group.with_country).collect()
}

/// Whether the contact's country can be that of an address: one where somebody lives, of two fields or a plain `city`.
fn may_have_country(whole: &Whole, parts: &[(&Field, Part)]) -> bool {
    let Whole::Address(beside) = whole else { return false };
    let is_elsewhere = beside.split(' ').any(|word| BIRTHS.contains(&word) || TECHNICAL.contains(&word));
    let is_city = || beside.is_empty() && parts.iter().any(|(_, part)| *part == Part::City);
    !is_elsewhere && (parts.len() > 1 || is_city())
}

/// What a field of this name is a part of.
fn part_of(name: &str) -> Option<(Whole, Part)> {
    // Most names say nothing of the kind, and this is asked of every field of every merge.
    if name.is_ascii() && !may_be_part(name) {
        return None;
    }
    let words = field_words(name);
    let words: Vec<(&str, &str)> = words.iter().map(|word| split_number(word)).collect();
    let any = |list: &[&str]| words.iter().any(|(word, _)| list.contains(word));
    if any(&STREETS_AND_CITIES) || any(&OTHER_PLACES) || any(&COUNTRIES) {
        let mut places = words.iter().map(|(word, _)| *word).filter(|word| STREETS_AND_CITIES.contains(word));
        let mut others = words.iter().map(|(word, _)| *word).filter(|word| OTHER_PLACES.contains(word));
        if any(&TECHNICAL) && any(&STREETS_AND_CITIES) && places.clone().all(|word| AMBIGUOUS.contains(&word)) {
            return None;
        }
        let part = match () {
            () if any(&STREETS_AND_CITIES) && !is_country_of_address(&words) => match () {
                () if places.clone().all(|word| DOUBTFUL_PLACES.contains(&word)) => Part::DoubtfulPlace,
                () if places.any(|word| STREETS.contains(&word)) => Part::Street,
                () => Part::City,
            },
            () if any(&COUNTRIES) => Part::Country,
            () if any(&["numero"]) && any(&NUMBERED) => return None,
            () if any(&["numero"]) => Part::HouseNumber,
            () if others.all(|word| DOUBTFUL_OTHERS.contains(&word)) => Part::DoubtfulOther,
            () => Part::OtherPlace,
        };
        return Some((Whole::Address(beside_place(&words)), part));
    }
    let part = match () {
        () if any(&YEARS) => Part::Year,
        () if any(&MONTHS) => Part::Month,
        () if any(&DAYS) => Part::Day,
        () if any(&DATES) && any(&BIRTHS) => Part::Date,
        () => return None,
    };
    if any(&BIRTHS) {
        return Some((Whole::BirthDate, part));
    }
    let is_beside =
        |word: &str| ![&YEARS[..], &MONTHS, &DAYS, &DATES, &BESIDE_DATES].iter().any(|list| list.contains(&word));
    let beside: Vec<String> =
        words.iter().filter(|(word, _)| is_beside(word)).map(|(word, number)| format!("{word}{number}")).collect();
    Some((Whole::Date(beside.join(" ")), part))
}

/// Whether `Address 1 - Country` is meant, where `address` is no part.
fn is_country_of_address(words: &[(&str, &str)]) -> bool {
    let is_address = |word: &&str| LINES.contains(word);
    let parts = words.iter().map(|(word, _)| word).filter(|word| STREETS_AND_CITIES.contains(word));
    words.iter().any(|(word, _)| COUNTRIES.contains(word)) && parts.clone().all(is_address)
}

/// The words that say which address it is.
fn beside_place(words: &[(&str, &str)]) -> String {
    let has_address = words.iter().any(|(word, _)| LINES.contains(word));
    let mut beside: Vec<String> = Vec::new();
    for (at, (word, number)) in words.iter().enumerate() {
        let is_line = LINES.contains(word);
        let is_last = at + 1 == words.len();
        let is_number_of_line =
            word.is_empty() && is_last && at.checked_sub(1).is_some_and(|before| LINES.contains(&words[before].0));
        let is_part =
            [&STREETS_AND_CITIES[..], &OTHER_PLACES, &COUNTRIES, &BESIDE_PLACES].iter().any(|list| list.contains(word))
                || (has_address && BESIDE_ADDRESS.contains(word));
        match () {
            () if is_number_of_line => {}
            // `address1` and `street2` are lines, `city2` is of a second address.
            () if is_part && is_line && is_last => {}
            () if is_part => beside.extend((!number.is_empty()).then(|| (*number).to_owned())),
            () => beside.push(format!("{word}{number}")),
        }
    }
    beside.join(" ")
}

/// The letters of a word and the digits at its end.
fn split_number(word: &str) -> (&str, &str) {
    let letters = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    word.split_at(letters.len())
}

/// Whether a name of ASCII letters has a word of the lists, without copying it.
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
    let lists: [&[&str]; 8] = [&STREETS_AND_CITIES, &OTHER_PLACES, &COUNTRIES, &YEARS, &MONTHS, &DAYS, &DATES, &BIRTHS];
    (2..=14).contains(&word.len())
        && lists.iter().any(|list| list.iter().any(|listed| word.eq_ignore_ascii_case(listed.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(names: &[&str]) -> Vec<Vec<String>> {
        let mut fields: Vec<Field> = names.iter().map(|name| Field::from_name(name)).collect();
        fields.sort();
        groups(&fields)
            .into_iter()
            .map(|group| group.fields.iter().map(|field| field.name().to_owned()).collect())
            .collect()
    }

    #[test]
    fn the_parts_of_an_address_are_one_group() {
        for names in [
            ["City", "Postal Code", "State/Region", "Street Address"],
            ["Business City", "Business Postal Code", "Business Street", "Business Street 2"],
            ["Address 1 - City", "Address 1 - Country", "Address 1 - Label", "Address 1 - Street"],
            ["MailingCity", "MailingPostalCode", "MailingState", "MailingStreet"],
            ["billing_address_1", "billing_address_2", "billing_city", "billing_postcode"],
            ["address1", "address2", "city", "zip"],
            [
                "Ort gesch\u{e4}ftlich",
                "Postleitzahl gesch\u{e4}ftlich",
                "Region gesch\u{e4}ftlich",
                "Stra\u{df}e gesch\u{e4}ftlich",
            ],
            [
                "CEP do endere\u{e7}o comercial",
                "Cidade do endere\u{e7}o comercial",
                "Estado do endere\u{e7}o comercial",
                "Rua do endere\u{e7}o comercial",
            ],
            ["Calle del trabajo", "Ciudad del trabajo", "C\u{f3}digo postal del trabajo", "Provincia del trabajo"],
            ["Code postal (bureau)", "Pays (bureau)", "Rue (bureau)", "Ville (bureau)"],
            ["custom.city", "custom.house_number", "custom.postcode", "custom.street"],
        ] {
            let groups = grouped(&names);
            assert_eq!(groups.len(), 1, "{names:?} {groups:?}");
            assert_eq!(groups[0].len(), 4, "{names:?}");
        }
    }

    #[test]
    fn each_address_is_a_group_of_its_own() {
        assert_eq!(
            grouped(&["Home City", "Home Street", "Work City", "Work Street"]),
            [["Home City", "Home Street"], ["Work City", "Work Street"]]
        );
        assert_eq!(
            grouped(&["Address 1 - City", "Address 1 - Street", "Address 2 - City", "Address 2 - Street"]),
            [["Address 1 - City", "Address 1 - Street"], ["Address 2 - City", "Address 2 - Street"]]
        );
    }

    #[test]
    fn the_parts_of_a_date_are_one_group() {
        assert_eq!(grouped(&["Birth Day", "Birth Month", "Birth Year"]), [["Birth Day", "Birth Month", "Birth Year"]]);
        assert_eq!(grouped(&["Geburtsjahr", "Geburtsmonat"]), [["Geburtsjahr", "Geburtsmonat"]]);
        assert_eq!(grouped(&["Renewal Day", "Renewal Month", "Renewal Year"]).len(), 1);
        assert_eq!(grouped(&["Visits this Month", "Visits this Year"]).len(), 0);
    }

    #[test]
    fn the_country_belongs_to_the_only_address() {
        let with_country = |names: &[&str]| {
            let mut fields: Vec<Field> = names.iter().map(|name| Field::from_name(name)).collect();
            fields.sort();
            groups(&fields).iter().any(|group| group.with_country)
        };
        assert!(with_country(&["country", "City"]));
        assert!(with_country(&["country", "Mailing City", "Mailing Street"]));
        assert!(!with_country(&["country", "Home City", "Work City"]));
        assert!(!with_country(&["country", "Home City", "Home Country"]));
        assert!(!with_country(&["country", "State"]));
    }

    #[test]
    fn what_is_no_address_takes_no_country() {
        for name in [
            "custom.ip_address",
            "custom.email_address",
            "custom.wallet_address",
            "custom.web_address",
            "custom.referred_via",
            "custom.market_cap",
            "custom.zip_file",
            "custom.delivery_address",
            "custom.birth_city",
        ] {
            assert!(grouped(&["country", name]).is_empty(), "{name}");
        }
        for names in
            [["ip_address", "ip_zip"], ["referred_via", "referred_cap"], ["Ciudad cliente", "N\u{fa}mero cliente"]]
        {
            assert!(grouped(&["country", names[0], names[1]]).is_empty(), "{names:?}");
        }
        assert!(grouped(&["estado", "numero"]).is_empty());
        for place in ["ip", "birth"] {
            let fields = ["country".to_owned(), format!("{place}_city"), format!("{place}_region")];
            let fields: Vec<Field> = fields.iter().map(|name| Field::from_name(name)).collect();
            assert!(groups(&fields).iter().all(|group| !group.with_country), "{place}");
        }
        assert_eq!(grouped(&["cap", "comune", "numero", "via"]).len(), 1);
        assert_eq!(grouped(&["ciudad", "estado", "numero"]), [["ciudad", "estado"]]);
    }

    #[test]
    fn other_fields_are_in_no_group() {
        assert!(grouped(&["State", "Region", "notes", "plan", "Company", "first_name", "emails"]).is_empty());
        assert!(grouped(&["City"]).is_empty());
    }
}

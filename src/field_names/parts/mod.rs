//! Fields that are decided together: the parts of an address, the parts of a date.
//!
//! A street of one contact and a city of another are an address where nobody lives. Which fields are parts of one, their
//! names say: `Business Street` and `Business City` are parts of the business address, `Birth Year` and `Birth Month` of
//! the birth date. `docs/policy.md` lists the words.

pub(crate) mod part;
mod words;

use std::collections::BTreeMap;

use crate::contact::Field;
use crate::field_names::parts::part::{FieldPart, Whole, part_of};
use crate::field_names::parts::words::WordKinds;

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

/// The groups among `fields`, which are in order, and each of which is in one at most. O(n) for the length of their names.
pub(crate) fn groups<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<FieldGroup<'a>> {
    let mut found: BTreeMap<Whole, Vec<(&Field, FieldPart)>> = BTreeMap::new();
    let mut has_country = false;
    for field in fields {
        has_country |= *field == Field::Country;
        let (Field::Custom(name) | Field::Other(name)) = field else { continue };
        if let Some((whole, part)) = part_of(name) {
            found.entry(whole).or_default().push((field, part));
        }
    }
    let is_group = |whole: &Whole, parts: &[(&Field, FieldPart)]| {
        let has = |wanted: FieldPart| parts.iter().any(|(_, part)| *part == wanted);
        match whole {
            Whole::Address(_) => {
                has(FieldPart::Street) || has(FieldPart::City) || parts.len() > 1 && are_coordinates(parts)
            }
            Whole::BirthDate => true,
            // A month and a year alone may count something.
            Whole::Date(_) => has(FieldPart::Year) && has(FieldPart::Month) && has(FieldPart::Day),
        }
    };
    for parts in found.values_mut() {
        let has_street = parts.iter().any(|(_, part)| matches!(part, FieldPart::Street | FieldPart::DoubtfulPlace));
        parts.retain(|(_, part)| has_street || *part != FieldPart::HouseNumber);
        // Where there is no address the two are a place, and a state is something else.
        let has_place = parts.iter().any(|(_, part)| matches!(part, FieldPart::Street | FieldPart::City));
        if !has_place && parts.iter().filter(|(_, part)| *part == FieldPart::Coordinate).count() > 1 {
            parts.retain(|(_, part)| *part == FieldPart::Coordinate);
        }
    }
    found.retain(|whole, parts| is_group(whole, parts));
    let is_address = |whole: &Whole| matches!(whole, Whole::Address(_));
    // Of several addresses nobody knows which one the country is of.
    let is_only_address = found.keys().filter(|whole| is_address(whole)).count() == 1;
    let groups = found.into_iter().map(|(whole, parts)| {
        let says_country = parts.iter().any(|(_, part)| *part == FieldPart::Country);
        let of = |is_wanted: fn(FieldPart) -> bool| -> Vec<&Field> {
            parts.iter().filter(|(_, part)| is_wanted(*part)).map(|(field, _)| *field).collect()
        };
        FieldGroup {
            fields: of(|_| true),
            places: of(|part| matches!(part, FieldPart::Street | FieldPart::City | FieldPart::DoubtfulPlace)),
            doubtful: of(|part| matches!(part, FieldPart::DoubtfulOther | FieldPart::HouseNumber)),
            with_country: has_country && is_only_address && !says_country && may_have_country(&whole, &parts),
        }
    });
    groups.filter(|group| group.fields.len() > 1 || group.with_country).collect()
}

/// Returns true if the contact's country can be that of an address: one where somebody lives, of two fields or a plain
/// `city`.
fn may_have_country(whole: &Whole, parts: &[(&Field, FieldPart)]) -> bool {
    let Whole::Address(beside) = whole else { return false };
    let is_elsewhere = beside.split(' ').any(|word| WordKinds::of(word).is(WordKinds::BIRTH.or(WordKinds::TECHNICAL)));
    let is_city = || beside.is_empty() && parts.iter().any(|(_, part)| *part == FieldPart::City);
    !is_elsewhere && !are_coordinates(parts) && (parts.len() > 1 || is_city())
}

fn are_coordinates(parts: &[(&Field, FieldPart)]) -> bool {
    parts.iter().all(|(_, part)| *part == FieldPart::Coordinate)
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
    fn parts_of_an_address_are_known_in_many_languages() {
        for names in [
            ["Stra\u{df}e", "Hausnr.", "PLZ", "Ort"],
            ["Stra\u{df}e", "Haus-Nr.", "Postleitzahl", "Stadt"],
            ["Calle", "Colonia", "CP", "Municipio"],
            ["ulica", "miasto", "kod pocztowy", "nr domu"],
            ["Ulica", "Miejscowo\u{15b}\u{107}", "Wojew\u{f3}dztwo", "nr mieszkania"],
            ["улица", "город", "индекс", "дом"],
            ["Улица", "Город", "Почтовый индекс", "Область"],
            ["Sokak", "\u{15e}ehir", "Posta kodu", "\u{130}l\u{e7}e"],
            ["Ulice", "M\u{11b}sto", "PS\u{10c}", "Kraj"],
            ["Straat", "Huisnummer", "Postcode", "Woonplaats"],
            ["Rua", "Bairro", "CEP", "Cidade"],
            ["street", "city", "Latitude", "Longitude"],
            ["street", "city", "geo_lat", "geo_lng"],
            ["Gatuadress", "Postnr", "Postort", "L\u{e4}n"],
            ["utca", "v\u{e1}ros", "ir\u{e1}ny\u{ed}t\u{f3}sz\u{e1}m", "h\u{e1}zsz\u{e1}m"],
            ["住所", "郵便番号", "都道府県", "市区町村"],
        ] {
            let groups = grouped(&names);
            assert_eq!(groups.iter().map(Vec::len).collect::<Vec<_>>(), [4], "{names:?} {groups:?}");
        }
        // Coordinates are a place of their own, and what is no part of it stays alone.
        assert_eq!(grouped(&["lat", "lng", "state", "country"]), [["lat", "lng"]]);
        assert!(grouped(&["lat", "state", "unit", "floor"]).is_empty());
        assert_eq!(grouped(&["Год рождения", "Месяц рождения"]).len(), 1);
        assert_eq!(grouped(&["Data urodzenia", "Rok urodzenia"]).len(), 1);
        for names in [["E-posta adresi", "Posta kodu"], ["Адрес электронной почты", "индекс"]]
        {
            assert!(grouped(&names).is_empty(), "{names:?}");
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
